"""The `goir` command: build and run Go programs."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Entry point. A cached `goir run` never gets past `try_run`."""
    if len(sys.argv) > 2 and sys.argv[1] == "run":
        from goir.build.fastpath import try_run

        plain = try_run(sys.argv[2:])
        if plain is not None:
            gc.disable()  # nothing here makes much garbage
            from goir.tools.guard import run_plainly

            sys.exit(run_plainly(*plain))
    from goir.tools.cli import app

    app()


if __name__ == "__main__":
    main()
