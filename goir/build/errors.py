"""What ends a build with a message instead of a traceback."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

MAX_ERRORS = 10


class BuildError(Exception):
    """A build that failed for a reason the user can act on; `str()` is what they read."""


class InternalCompilerError(BuildError):
    """goir's own mistake (LLVM aborted, invalid IR was produced): one line, never a traceback."""

    def __str__(self) -> str:
        return f"goir: internal compiler error: {super().__str__()}"


@dataclass(frozen=True)
class SourceError:
    """An error at a place in a source file; line and column count from 1, the column in bytes."""

    filename: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        column = f":{self.column}" if self.column else ""  # unknown after some //line directives
        return f"{shown_path(self.filename)}:{self.line}{column}: {self.message}"


class SourceErrors(BuildError):
    """Errors in Go source, in the order they were found. They are printed as `go build` prints them: sorted; it gives up at
    the tenth."""

    def __init__(self, package: str, errors: Sequence[SourceError], every: bool = False) -> None:
        super().__init__(package, errors)
        self.package, self.every = package, every
        self.errors = list(dict.fromkeys(errors))

    def __str__(self) -> str:
        shown = self.errors if self.every else self.errors[:MAX_ERRORS]
        lines = [f"# {self.package}"]
        lines += map(str, sorted(shown, key=lambda e: (e.filename, e.line, e.column)))
        if not self.every and len(shown) == MAX_ERRORS:
            last = shown[-1]
            lines.append(f"{shown_path(last.filename)}:{last.line}:{last.column}: too many errors")
        return "\n".join(lines)


def shown_path(path: str) -> str:
    """A path as `go build` shows it: relative to the working folder where that is shorter, `./` before a mere name."""
    relative = os.path.relpath(path)
    if os.sep not in relative:
        relative = "./" + relative
    return relative if len(relative) < len(path) or not os.path.isabs(path) else path
