"""Reachability over units, as gc's linker does it (cmd/link, deadcode).

A unit is a function or a variable. From the roots everything is reached that is referred to. A method that only dynamic
calls can reach is reached when a value of its type is put into an interface and an interface method of its name and
signature is called somewhere, or, for exported methods, when the program looks methods up by reflection."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from goir.irgen.facts import Facts, Method, TypeFacts

REFLECTION = frozenset((
    "reflect.Value.Method", "reflect.Value.MethodByName", "reflect.(*rtype).Method", "reflect.(*rtype).MethodByName",
))  # fmt: skip
"""Functions that find methods at run time: with one of them reached every exported method may be called."""


class Reach:
    """Walks facts. `unit` answers the facts of a symbol, or None for what other modules define; `type` those of a type.
    `on_method` is told of each method that interface tables must hold."""

    def __init__(
        self,
        unit: Callable[[str], Facts | None],
        type: Callable[[str], TypeFacts],
        on_method: Callable[[Method, bool], None],
    ) -> None:
        self._unit = unit
        self._type = type
        self._on_method = on_method
        self.symbols: dict[str, None] = {}
        """What is reached, in order."""
        self.types: dict[str, None] = {}
        self.calls: set[str] = set()
        self.reflects = False
        self._waiting: dict[str, list[Method]] = {}
        self._work: list[str] = []
        self._type_work: list[str] = []

    def add(self, symbols: Iterable[str] = (), types: Iterable[str] = (), calls: Iterable[str] = ()) -> None:
        """Makes these part of the program, and everything that follows from them."""
        for symbol in symbols:
            self._symbol(symbol)
        for type in types:
            self._add_type(type)
        for call in calls:
            self._call(call)
        while self._work or self._type_work:
            if self._work:
                facts = self._unit(self._work.pop())
                if facts is not None:
                    for symbol in facts.symbols:
                        self._symbol(symbol)
                    for type in facts.types:
                        self._add_type(type)
                    for call in facts.calls:
                        self._call(call)
            else:
                found = self._type(self._type_work.pop())
                for child in found.children:
                    self._add_type(child)
                for method in found.methods:
                    if method.key in self.calls or (self.reflects and method.exported):
                        self._method(method)
                    else:
                        self._waiting.setdefault(method.key, []).append(method)

    def _symbol(self, symbol: str) -> None:
        if symbol not in self.symbols:
            self.symbols[symbol] = None
            self._work.append(symbol)
            if symbol in REFLECTION and not self.reflects:
                self.reflects = True
                for key, methods in list(self._waiting.items()):
                    if methods[0].exported:
                        for method in self._waiting.pop(key):
                            self._method(method)

    def _add_type(self, type: str) -> None:
        if type not in self.types:
            self.types[type] = None
            self._type_work.append(type)

    def _call(self, key: str) -> None:
        if key not in self.calls:
            self.calls.add(key)
            for method in self._waiting.pop(key, ()):
                self._method(method)

    def _method(self, method: Method) -> None:
        self._on_method(method, self.reflects)
        self._symbol(method.ifn)
        if self.reflects:
            self._symbol(method.tfn)
