"""What a function, a variable or a type makes part of a program: the facts that reachability (reach.py) walks.

Facts are plain strings, so that they can be kept in the cache: symbols, and the texts of types and of method signatures
in the go dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from xdsl.dialects.builtin import StringAttr, SymbolRefAttr
from xdsl.ir import Attribute, Operation

from goir.dialects import go
from goir.dialects import go_types as gt

Needs = Callable[[Operation, Callable[[Attribute], Attribute]], Iterable[str]]
"""Answers the functions that lowered code calls for an op; its second argument resolves named types."""


class Facts(NamedTuple):
    """What a unit refers to: `symbols` of functions and variables, `types` whose values it puts into interfaces,
    `calls` of interface methods (`method_key`)."""

    symbols: frozenset[str]
    types: frozenset[str]
    calls: frozenset[str]


class Method(NamedTuple):
    """A method in a type's method set: `ifn` is what an interface table calls, `tfn` takes the receiver itself."""

    key: str
    exported: bool
    ifn: str
    tfn: str


class TypeFacts(NamedTuple):
    """The types whose values reflection gets from a value of a type, and the type's methods."""

    children: tuple[str, ...]
    methods: tuple[Method, ...]


def method_key(name: str, pkg: str, signature: Attribute) -> str:
    """What tells methods apart in method sets and interface calls."""
    return f"{name} {pkg} {signature}"


class FactFinder:
    """Finds the facts of ops. `underlying` resolves named types; `needs` says which library functions an op's lowering
    calls; `on_type` is told of every type that is put into an interface."""

    def __init__(
        self,
        underlying: Callable[[Attribute], Attribute],
        needs: Needs,
        on_type: Callable[[str, Attribute], None],
    ) -> None:
        self._underlying = underlying
        self._needs = needs
        self._on_type = on_type
        self._texts: dict[Attribute, str] = {}
        self._calls: dict[tuple[Attribute, Attribute], str] = {}

    def text(self, type: Attribute) -> str:
        """The text of a type."""
        found = self._texts.get(type)
        if found is None:
            found = self._texts[type] = str(type)
        return found

    def of(self, ops: Iterable[Operation]) -> Facts:
        """The facts of functions and variables that belong together."""
        symbols: set[str] = set()
        types: set[str] = set()
        calls: set[str] = set()
        for top in ops:
            for region in top.regions:
                for block in region.blocks:
                    for op in block.ops:
                        self._op(op, symbols, types, calls)
            init = top.properties.get("init")
            if isinstance(init, go.DataAttr):
                symbols.update(init.references.symbols)
                types.update(self.type(t) for t in init.references.types)
        return Facts(frozenset(symbols), frozenset(types), frozenset(calls))

    def _op(self, op: Operation, symbols: set[str], types: set[str], calls: set[str]) -> None:
        for value in op.properties.values():
            if value.__class__ is SymbolRefAttr:
                symbols.add(value.string_value())  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
        cls = op.__class__
        if cls is go.MakeInterfaceOp:
            types.add(self.type(op.operands[0].type))
        elif cls is go.CallInterfaceOp or cls is go.BoundMethodOp:
            calls.add(self._call(op))
        symbols.update(self._needs(op, self._underlying))

    def type(self, type: Attribute) -> str:
        """The text of a type whose values are put into interfaces."""
        text = self._texts.get(type)
        if text is None:
            text = self.text(type)
            self._on_type(text, type)
        return text

    def _call(self, op: Operation) -> str:
        method = op.properties["method"]
        interface = op.operands[0].type
        key = (interface, method)
        found = self._calls.get(key)
        if found is None:
            pkg = op.properties.get("pkg")
            assert isinstance(method, StringAttr)
            path = pkg.data if isinstance(pkg, StringAttr) else ""
            under = self._underlying(interface)
            assert isinstance(under, gt.InterfaceType)
            signature = next(
                m.type for m in under.methods.data if m.method_name.data == method.data and m.pkg.data == path
            )
            found = self._calls[key] = method_key(method.data, path, self._plain(signature))
        return found

    def _plain(self, signature: Attribute) -> Attribute:
        return signature
