"""What ends a build with a message and an exit status, instead of a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from goir.tools.imports import load_compiler


def failure(message: str, status: int = 1) -> int:
    """Says why, on standard error; answers the exit status."""
    print(message, file=sys.stderr)
    return status


def guarded(action: Callable[[], None]) -> int:
    """Run a build step and answer the exit status; whatever the user can act on becomes a message and status 1."""
    from goir.build.errors import BuildError

    try:
        action()
    except BuildError as problem:
        return failure(str(problem))
    except KeyboardInterrupt:
        return failure("goir: interrupted", 130)
    except BrokenPipeError:
        return 1
    except (RecursionError, MemoryError):
        if os.environ.get("GOIR_TRACEBACK"):
            raise
        return failure("goir: the program is nested too deeply, or too large, for this machine")
    except OSError as problem:
        return failure(f"goir: {problem.filename or ''}: {problem.strerror or problem}".replace(": :", ":"))
    except Exception as bug:
        if os.environ.get("GOIR_TRACEBACK"):
            raise
        text = f"goir: internal compiler error: {type(bug).__name__}: {bug} (GOIR_TRACEBACK=1 shows where)"
        return failure(text, 2)
    return 0


def run_plainly(flags: Sequence[str], inputs: Sequence[str], rest: Sequence[str]) -> int:
    """`goir run` with what `fastpath.split_run_arguments` found; answers the exit status if it fails.

    The general parser of command lines would take a third of the time until the first source file is read."""
    goroot: str | None = None
    level, every, tags = 1, False, ""
    given = iter(flags)
    for flag in given:
        name, equals, value = flag.partition("=")
        if name == "--goroot":
            goroot = value if equals else next(given)
        elif name.endswith("-tags"):
            tags = value if equals else next(given)
        elif flag == "-e":
            every = True
        else:
            level = int(flag[2:])

    def action() -> None:
        load_compiler()
        from goir.build import driver

        driver.run(inputs, rest, flags, driver.Options(level, every, goroot=goroot, tags=driver.split_tags(tags)))

    return guarded(action)
