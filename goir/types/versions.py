"""Versions of the language: go.mod's, and those that ``//go:build`` lines give files of their own."""

from __future__ import annotations

import re

from goir.syntax import ast
from goir.syntax.buildlines import file_version

LATEST = 1 << 30
"""Everything is allowed."""

_CURRENT = 27
_DOWNGRADE = 21  # go 1.21 is the first whose files may ask for a version older than their package's
_VERSION = re.compile(r"1\.(\d+)")
_REQUIRES = re.compile(r"requires go1\.\d+ or later")


def version_error(minor: int, feature: str) -> str:
    """What is said of a feature that older versions than Go 1.minor do not have."""
    return f"{feature} requires go1.{minor} or later"


class Versions:
    """The version of a package, ``package``, and those of its files. Versions are the N of go1.N."""

    def __init__(self, go_version: str = "") -> None:
        found = _VERSION.match(go_version)
        self.package = int(found[1]) if found else LATEST
        #: Of files that ask for a version: first and last position, what they ask for, what they get.
        self._files: list[tuple[int, int, int, int]] = []

    def add_file(self, file: ast.File) -> int:
        """The version that holds in a file."""
        asked = file_version(file)
        if asked < 0:
            return self.package
        got = max(asked, _DOWNGRADE)
        self._files.append((file.pos, file.eof, asked, got))
        return got

    def at(self, pos: int) -> int:
        """The version that holds at a position in a file of the package."""
        return self._at(pos)[1]

    def _at(self, pos: int) -> tuple[int, int]:
        for first, last, asked, got in self._files:
            if first <= pos <= last:
                return asked, got
        return -1, self.package

    def reason(self, pos: int, message: str) -> str:
        """The end of an error about a version: who has set it."""
        if not _REQUIRES.search(message):
            return ""
        asked, got = self._at(pos)
        if asked == got:
            return f" (file declares //go:build go1.{got})"
        language = _CURRENT if self.package == LATEST else self.package
        return f" (-lang was set to go1.{language}; check go.mod)"


UNRESTRICTED = Versions()
