"""Static values as `#go.data` attributes: with the symbols, in a module, of what they refer to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from goir.dialects import go
from goir.irgen import staticinit, wrappers
from goir.irgen.context import ModuleGen
from goir.syntax import ast

_PLAIN: Final = frozenset((int, bytes, float, bool, type(None)))


def resolve(mod: ModuleGen, value: Any, literals: Mapping[ast.FuncLit, str]) -> go.StaticValue:
    """A value of `staticinit` as data. `literals` has the symbols of its function literals."""
    match value:
        case staticinit.VarRef(var, path):
            return go.Ref(mod.global_symbol(var).string_value(), path)
        case staticinit.PointeeRef(var):
            return go.Pointee(mod.global_symbol(var).string_value())
        case staticinit.SliceRef(address, length, capacity):
            return go.Slice(cast(go.Ref, resolve(mod, address, literals)), length, capacity)
        case staticinit.FuncRef(func, arguments):
            return go.Ref(mod.meta(func, arguments).symbol)
        case staticinit.MethodRef(selection, arguments):
            return go.Ref(wrappers.method_function(mod, selection.recv, selection.obj, selection.index, arguments))
        case staticinit.Literal(lit):
            return go.Ref(literals[lit])
        case staticinit.Dynamic(type, part):
            return go.Typed(mod.types(type), resolve(mod, part, literals))
        case go.New(part):
            return go.New(resolve(mod, part, literals))
        case tuple():
            parts = cast("tuple[Any, ...]", value)
            return tuple([v if v.__class__ in _PLAIN else resolve(mod, v, literals) for v in parts])
        case _:
            return value
