"""Compiled library units in the cache, and how a build finds or makes those that its program needs.

Batches are written once and never changed: a JSON file with the facts of the units that one build compiled, beside the
object files in the cache's data. Builds read all batches of their goir and GOROOT; two that run at once may compile the same
unit, then the linker keeps one (`weak_odr`). A batch's file appears after its objects, so a killed build leaves nothing
half done.

    <cache>/library/<digest of goir, GOROOT and options>/<digest of the content>.json
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from goir.build.cache import Cache, digest_of, write_atomically
from goir.irgen.facts import Facts, Method, TypeFacts
from goir.irgen.library import Initialisation, Known
from goir.lowering.emit_copies import Copy


class Object(NamedTuple):
    """An object file of library units: the symbols it defines for others and those it needs."""

    key: str
    defines: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass
class Compiled:
    """What the cache holds, or what one build adds to it."""

    units: dict[str, Facts] = field(default_factory=dict[str, Facts])
    types: dict[str, TypeFacts] = field(default_factory=dict[str, TypeFacts])
    instances: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """The texts of the type arguments of generic types' and functions' instances."""
    flags: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Of functions: which of `may_panic` and `colour` they have."""
    packages: dict[str, list[Initialisation]] = field(default_factory=dict[str, list[Initialisation]])
    objects: list[Object] = field(default_factory=list[Object])
    copies: dict[str, Copy] = field(default_factory=dict[str, Copy])
    """Of small functions, for modules that call them. They are in files of their own."""

    def known(self) -> Known:
        """The part that reachability needs."""
        return Known(self.units, self.types, self.instances)

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "units": {s: [sorted(f.symbols), sorted(f.types), sorted(f.calls)] for s, f in sorted(self.units.items())},
            "types": self.types,
            "instances": self.instances,
            "flags": self.flags,
            "packages": self.packages,
            "objects": self.objects,
        }

    def add_json(self, data: Mapping[str, Any]) -> None:
        """Adds what `to_json` gave."""
        for symbol, (symbols, types, calls) in data["units"].items():
            self.units[symbol] = Facts(frozenset(symbols), frozenset(types), frozenset(calls))
        for text, (children, methods) in data["types"].items():
            self.types[text] = TypeFacts(tuple(children), tuple(Method(*m) for m in methods))
        self.instances.update(data["instances"])
        self.flags.update(data["flags"])
        for path, units in data["packages"].items():
            self.packages[path] = [Initialisation(s, tuple(v), p) for s, v, p in units]
        self.objects += [Object(k, tuple(d), tuple(n)) for k, d, n in data["objects"]]


class LibraryCache:
    """The compiled library units of one goir, GOROOT and set of options."""

    def __init__(self, cache: Cache, key: str) -> None:
        self._cache = cache
        self._folder = cache.root / "library" / key

    def load(self) -> Compiled:
        """Everything that was compiled before and whose objects are still there."""
        found = Compiled()
        names = sorted(self._folder.glob("*.json")) if self._folder.is_dir() else []
        for name in names:
            data = json.loads(name.read_bytes())
            if all(self._cache.get(key, ".o") is not None for key, _, _ in data["objects"]):
                found.add_json(data)
        return found

    def add(self, batch: Compiled) -> None:
        """Keeps a batch whose objects are in the cache."""
        if not (batch.objects or batch.packages):
            return
        data = json.dumps(batch.to_json(), separators=(",", ":")).encode()
        name = digest_of([data])
        copies = json.dumps(batch.copies, separators=(",", ":")).encode()
        write_atomically(self._folder / f"{name}.copies", copies)
        write_atomically(self._folder / f"{name}.json", data)

    def load_copies(self) -> dict[str, Copy]:
        """The copies of all compiled functions."""
        found: dict[str, Copy] = {}
        for name in sorted(self._folder.glob("*.copies")) if self._folder.is_dir() else []:
            found.update((symbol, Copy(*each)) for symbol, each in json.loads(name.read_bytes()).items())
        return found

    def path(self, unit: Object) -> Path:
        """The object's file."""
        return self._cache.path(unit.key, ".o")

    def find(self, key: str) -> Path | None:
        """The file of the object of that key, if it is still there."""
        return self._cache.get(key, ".o")

    def plan(self, key: str) -> Any:
        """What an earlier build of a program with the same needs came to, or None."""
        try:
            return json.loads((self._folder / "plans" / key).read_bytes())
        except (OSError, ValueError):
            return None

    def add_plan(self, key: str, plan: object) -> None:
        """Keeps what a build came to."""
        write_atomically(self._folder / "plans" / key, json.dumps(plan, separators=(",", ":")).encode())


def closure(objects: Sequence[Object], symbols: Iterable[str]) -> list[Object]:
    """The objects that define the symbols, and those that these need."""
    definer: dict[str, Object] = {}
    for each in objects:
        for symbol in each.defines:
            definer.setdefault(symbol, each)
    chosen: dict[str, Object] = {}
    work = list(symbols)
    while work:
        found = definer.get(work.pop())
        if found is not None and found.key not in chosen:
            chosen[found.key] = found
            work += found.needs
    return list(chosen.values())


_OF_PACKAGE = re.compile(r"(?:type:\**)?((?:[^\s/.(\[*:]+/|[^\s/(\[*:]+/)*[^\s/.(\[*:]+)\.")


def part_of(symbol: str) -> str:
    """The library package whose object a symbol belongs to; "go" for types without a name and their methods."""
    match = _OF_PACKAGE.match(symbol)
    return match[1] if match is not None else "go"
