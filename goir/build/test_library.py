"""The cache of library units for the tests of a library package.

Test files of a package that belong to it make another package of it: more variables, more initialisers, more methods.
So what is compiled of the package, and of those that import it, is kept apart for its tests, under a digest of the test
files. Everything else is shared with other programs, in both directions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from goir.build.cache import Cache, digest_of
from goir.build.library import Compiled, LibraryCache, part_of
from goir.lowering.emit_copies import Copy

_T = TypeVar("_T")


class TestLibraryCache(LibraryCache):
    """The cache of `key` without what it has of `package`, and with what is kept for its tests.

    `digest` is that of the test files; `imports` says whether a package imports the one under test, be it through
    others."""

    __test__ = False  # for pytest

    def __init__(self, cache: Cache, key: str, package: str, digest: str, imports: Callable[[str], bool]) -> None:
        super().__init__(cache, digest_of([key, package, digest]))
        self._shared = LibraryCache(cache, key)
        self._package = package
        self._imports = imports
        self._mentions = re.compile(rf"(?<![\w./]){re.escape(package)}\.(?!\w*/)").search

    def load(self) -> Compiled:
        """What is kept for the tests, and of what is shared all but the package itself."""
        found = self._split(self._shared.load(), self._of_package)[1]
        own = super().load()
        found.units.update(own.units)
        found.types.update(own.types)
        found.instances.update(own.instances)
        found.flags.update(own.flags)
        found.packages.update(own.packages)
        found.objects[:0] = own.objects
        return found

    def add(self, batch: Compiled) -> None:
        """Keeps a batch, in two parts."""
        apart, shared = self._split(batch, lambda s: self._of_package(s) or any(map(self._imports, _packages(s))), True)
        super().add(apart)
        self._shared.add(shared)

    def load_copies(self) -> dict[str, Copy]:
        """Copies of compiled functions; the package's own are those that its tests were compiled with."""
        shared = self._shared.load_copies()
        return {s: c for s, c in shared.items() if not self._of_package(s)} | super().load_copies()

    def _of_package(self, symbol: str) -> bool:
        return part_of(symbol) == self._package or self._mentions(symbol) is not None

    def _split(
        self, batch: Compiled, is_apart: Callable[[str], bool], users: bool = False
    ) -> tuple[Compiled, Compiled]:
        """A batch in two: the objects that define something apart with all that is in them, and the rest. With `users` those
        that need something of theirs are apart too: the rest is linked without them."""
        apart, rest = Compiled(), Compiled(objects=list(batch.objects))
        symbols: set[str] = set()
        moved = [each for each in rest.objects if any(map(is_apart, each.defines))]
        while moved:
            apart.objects += moved
            symbols.update(symbol for each in moved for symbol in each.defines)
            rest.objects = [each for each in rest.objects if each not in moved]
            moved = [each for each in rest.objects if users and not symbols.isdisjoint(each.needs)]

        def both(items: Mapping[str, _T], first: dict[str, _T], second: dict[str, _T]) -> None:
            for symbol, item in items.items():
                (first if symbol in symbols or is_apart(symbol) else second)[symbol] = item

        apart.instances = rest.instances = batch.instances  # what a name stands for is the same for all
        both(batch.units, apart.units, rest.units)
        both(batch.types, apart.types, rest.types)
        both(batch.flags, apart.flags, rest.flags)
        both(batch.copies, apart.copies, rest.copies)
        for path, units in batch.packages.items():
            (apart if path == self._package else rest).packages[path] = units
        return apart, rest


_QUOTED = re.compile(r'"([^"]+)"')


def _packages(symbol: str) -> list[str]:
    """The package of a symbol, or those that the text of a type mentions."""
    return [part_of(name) for name in _QUOTED.findall(symbol) or [symbol]]
