"""The `goir` command: build and run Go programs."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point. A cached `goir run` never gets past the second line."""
    if len(sys.argv) > 2 and sys.argv[1] == "run":
        from goir.build.fastpath import try_run

        try_run(sys.argv[2:])
    from goir.tools.cli import app

    app()


if __name__ == "__main__":
    main()
