"""Source positions: plain ints, resolved to file, line and column by a FileSet.

A position is the file's base plus a byte offset, so that all files of a FileSet share one int range and a node needs
one int. 0 means "no position".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple


class Position(NamedTuple):
    """A resolved position; ``line`` and ``column`` (in bytes) count from 1, a column of 0 means it is not known."""

    filename: str
    line: int
    column: int

    def __str__(self) -> str:
        if not self.line:
            return self.filename or "-"
        if not self.column:
            return f"{self.filename}:{self.line}"
        return f"{self.filename}:{self.line}:{self.column}"


class SyntaxError_(NamedTuple):
    """An error of the scanner or parser, in gc's words."""

    pos: int
    message: str


class _LineDirective(NamedTuple):
    """``//line filename:line:column``: holds for everything from ``offset`` on; ``column`` 0 hides columns."""

    offset: int
    filename: str
    line: int
    column: int


class SourceFile:
    """One file of a FileSet: ``base`` is the position of its first byte."""

    __slots__ = ("_line_starts", "base", "filename", "line_directives", "size", "source")

    def __init__(self, filename: str, base: int, source: bytes) -> None:
        self.filename = filename
        self.base = base
        self.source = source
        self.size = len(source)
        self.line_directives: list[_LineDirective] = []
        self._line_starts: list[int] | None = None

    def add_line_directive(self, offset: int, filename: str, line: int, column: int) -> None:
        """Renames positions from byte ``offset`` on; offsets must not decrease."""
        self.line_directives.append(_LineDirective(offset, filename, line, column))

    @property
    def line_starts(self) -> list[int]:
        """The byte offset of the start of each line."""
        starts = self._line_starts
        if starts is None:
            starts = [0]
            offset = 0
            for line in self.source.split(b"\n")[:-1]:
                offset += len(line) + 1
                starts.append(offset)
            self._line_starts = starts
        return starts

    def line(self, pos: int) -> int:
        """The physical line of ``pos``, without ``//line`` directives."""
        return bisect_right(self.line_starts, pos - self.base)

    def position(self, pos: int, *, adjusted: bool = True) -> Position:
        """Resolves ``pos``, which must lie in this file; ``adjusted`` applies ``//line`` directives."""
        starts = self.line_starts
        offset = pos - self.base
        line = bisect_right(starts, offset)
        column = offset - starts[line - 1] + 1
        if adjusted and self.line_directives:
            index = bisect_right(self.line_directives, offset, key=lambda d: d.offset) - 1
            if index >= 0:
                directive = self.line_directives[index]
                directive_line = bisect_right(starts, directive.offset)
                if not directive.column:
                    column = 0
                elif line == directive_line:
                    column = directive.column + offset - directive.offset
                return Position(directive.filename, directive.line + line - directive_line, column)
        return Position(self.filename, line, column)


class FileSet:
    """The files of a build and the positions in them."""

    __slots__ = ("_bases", "_last", "files", "shown_name")

    def __init__(self) -> None:
        self.files: list[SourceFile] = []
        #: How a file's name is shown in the text of a message.
        self.shown_name: Callable[[str], str] = str
        self._bases: list[int] = []
        self._last: SourceFile | None = None

    def add_file(self, filename: str, source: bytes) -> SourceFile:
        """Adds a file; the position one past its last byte (end of file) is valid too."""
        base = 1
        if self.files:
            last = self.files[-1]
            base = last.base + last.size + 1
        file = SourceFile(filename, base, source)
        self.files.append(file)
        self._bases.append(base)
        return file

    def file(self, pos: int) -> SourceFile | None:
        """The file that ``pos`` lies in."""
        last = self._last
        if last is not None and last.base <= pos <= last.base + last.size:
            return last
        index = bisect_right(self._bases, pos) - 1
        if index < 0:
            return None
        file = self.files[index]
        if pos > file.base + file.size:
            return None
        self._last = file
        return file

    def position(self, pos: int) -> Position:
        """Resolves ``pos`` with ``//line`` directives applied; Position("", 0, 0) when it is not valid."""
        file = self.file(pos) if pos > 0 else None
        return file.position(pos) if file is not None else Position("", 0, 0)

    def place(self, pos: int) -> str:
        """A position as it is shown in the text of a message."""
        position = self.position(pos)
        return str(position._replace(filename=self.shown_name(position.filename)))
