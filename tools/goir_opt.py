"""The `goir-opt` command; what it does is in opt_main.py."""

from __future__ import annotations

import gc

from goir.tools.imports import quick_imports


def main() -> None:
    """Entry point."""
    gc.disable()
    with quick_imports("opt"):
        from goir.tools import opt_main
    opt_main.main()


if __name__ == "__main__":
    main()
