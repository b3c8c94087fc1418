"""Interface tables known at compile time (docs/abi.md, "Functions"): `abi.ITab` with records of the methods.

go:itab.main.T,main.I = {type:main.I, type:main.T, hash, 0, [main.T.M·f, …]}
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from xdsl.ir import Attribute, Operation

from goir.dialects.go_types import InterfaceType, MethodSigAttr
from goir.lowering.descriptors import Descriptors, sorted_interface_methods
from goir.lowering.ir import LoweringError
from goir.lowering.layout import Layouts
from goir.lowering.static_data import Address, Int, Item, StaticPool

FUN_OFFSET = 24
"""Where abi.ITab.Fun begins."""


class InterfaceTables:
    """The static interface tables of one module."""

    def __init__(
        self, layouts: Layouts, descriptors: Descriptors, pool: StaticPool, method_record: Callable[[str], str]
    ) -> None:
        self._layouts = layouts
        self._descriptors = descriptors
        self._pool = pool
        self._method_record = method_record
        self._tables: dict[tuple[Attribute, Attribute], str] = {}
        self._indices: dict[Attribute, dict[tuple[str, str], tuple[int, MethodSigAttr]]] = {}

    def interface(self, type: Attribute) -> InterfaceType:
        """The underlying interface type of `type`."""
        return cast(InterfaceType, self._layouts.underlying(type))

    def method(self, type: Attribute, name: str, pkg: str, user: Operation) -> tuple[int, MethodSigAttr]:
        """Index of a method in the tables of an interface type, and the method."""
        index = self._indices.get(type)
        if index is None:
            methods = sorted_interface_methods(self.interface(type))
            index = {(m.method_name.data, m.pkg.data): (i, m) for i, m in enumerate(methods)}
            self._indices[type] = index
        found = index.get((name, pkg))
        if found is None:
            raise LoweringError(user, f"{self._descriptors.strings(type).display} has no method {name}")
        return found

    def table(self, concrete: Attribute, interface: Attribute, user: Operation) -> str:
        """The symbol of the table for values of `concrete` in an `interface` (which has methods)."""
        key = (concrete, interface)
        symbol = self._tables.get(key)
        if symbol is None:
            strings = self._descriptors.strings
            symbol = f"go:itab.{strings(concrete).full},{strings(interface).full}"
            methods = {(m.method_name.data, m.pkg.data): m for m in self._descriptors.methods(concrete)}
            items: list[Item] = [
                Address(self._descriptors.of(interface)),
                Address(self._descriptors.of(concrete)),
                Int(self._descriptors.hash(concrete), 32),
                Int(0, 32),
            ]
            for wanted in sorted_interface_methods(self.interface(interface)):
                method = methods.get((wanted.method_name.data, wanted.pkg.data))
                if method is None:
                    raise LoweringError(
                        user,
                        f"{strings(concrete).display} does not implement {strings(interface).display}: "
                        f"its go.method_set has no method {wanted.method_name.data}",
                    )
                items.append(Address(self._method_record(method.ifn.string_value())))
            self._pool.add(symbol, items)
            self._tables[key] = symbol
        return symbol
