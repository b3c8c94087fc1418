"""Operands: what an expression turned out to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from goir.types.types import (
    Array,
    Basic,
    Chan,
    Interface,
    Map,
    Named,
    Pointer,
    Qualifier,
    Signature,
    Slice,
    Struct,
    Tuple,
    Type,
    TypeParam,
    Union,
    alias_of,
)
from goir.types.universe import TYP_INVALID, TYP_UNTYPED_NIL

if TYPE_CHECKING:
    from goir.syntax import ast
    from goir.types.constants import Value

# Modes.
INVALID: int = 0
NOVALUE: int = 1
BUILTIN: int = 2
TYPEXPR: int = 3
CONSTANT: int = 4
VARIABLE: int = 5
MAPINDEX: int = 6
VALUE: int = 7
NILVALUE: int = 8
COMMAOK: int = 9

#: The modes as recorded in Info.
MODE_NAMES = ("invalid", "novalue", "builtin", "type", "const", "var", "mapindex", "value", "nilvalue", "commaok")
_MODE_TEXTS = (
    "invalid operand",
    "no value",
    "built-in",
    "type",
    "constant",
    "variable",
    "map index expression",
    "value",
    "nil",
    "comma, ok expression",
)


class Operand:
    """The result of checking an expression: mode, type and, for constants, value (None: unknown).

    ``name`` replaces the expression's text in messages where there is no such expression in the source."""

    __slots__ = ("expr", "id", "mode", "name", "type", "val")

    def __init__(
        self,
        mode: int = INVALID,
        expr: ast.Expr | None = None,
        type: Type = TYP_INVALID,
        val: Value | None = None,
        name: str = "",
    ) -> None:
        self.mode = mode
        self.expr: Any = expr
        self.type = type
        self.val = val
        self.id = ""
        self.name = name

    def copy(self) -> Operand:
        """Another operand with the same contents."""
        x = Operand(self.mode, self.expr, self.type, self.val, self.name)
        x.id = self.id
        return x

    def assign(self, x: Operand) -> None:
        """Takes over the contents of x."""
        self.mode = x.mode
        self.expr = x.expr
        self.type = x.type
        self.val = x.val
        self.id = x.id
        self.name = x.name

    def is_nil(self) -> bool:
        """Whether it is the untyped nil."""
        return self.mode == NILVALUE

    @property
    def pos(self) -> int:
        """Where messages about it are placed."""
        if self.expr is None:
            return 0
        from goir.syntax.gcpos import start_pos

        return start_pos(self.expr)

    def text(self) -> str:
        """Its source text."""
        if self.name:
            return self.name
        from goir.types.typestring import expr_string

        return expr_string(self.expr)


_KINDS: dict[type[Type], str] = {
    Array: "array",
    Slice: "slice",
    Struct: "struct",
    Pointer: "pointer",
    Signature: "func",
    Interface: "interface",
    Map: "map",
    Chan: "chan",
    Tuple: "tuple",
    Union: "union",
}


def composite_kind(t: Type) -> str:
    """What kind of composite type t is; "" for basic types."""
    return _KINDS.get(t.underlying.__class__, "")


def operand_string(x: Operand, qualifier: Qualifier | None) -> str:
    """The operand as messages describe it, e.g. ``x + 1 (constant 2 of type int)``."""
    from goir.types.constants import value_string
    from goir.types.predicates import is_generic, is_untyped, is_valid
    from goir.types.typestring import type_string

    t = x.type
    if x.mode == NILVALUE:
        if t is TYP_INVALID:
            return "nil (with invalid type)"
        if t is TYP_UNTYPED_NIL:
            return "nil"
        return f"nil (of type {type_string(t, qualifier, True)})"
    expr = ""
    if x.expr is not None or x.name:
        expr = x.text()
    elif x.mode == BUILTIN:
        expr = x.id
    elif x.mode == TYPEXPR:
        expr = type_string(t, qualifier, True)
    elif x.mode == CONSTANT:
        expr = value_string(x.val)
    out: list[str] = []
    if expr:
        out.append(expr + " (")
    has_type = False
    if x.mode not in (INVALID, NOVALUE, BUILTIN, TYPEXPR):
        if is_untyped(t) and isinstance(t, Basic):
            out.append(t.name + " ")
        else:
            has_type = True
    out.append(_MODE_TEXTS[x.mode])
    if x.mode == CONSTANT:
        s = value_string(x.val)
        if s != expr:
            out.append(" " + s)
    if has_type:
        if is_valid(t):
            desc = "generic " if is_generic(t) else ""
            if isinstance(t, Named) or alias_of(t) is not None:
                what = composite_kind(t)
                if not what:
                    u = t.underlying
                    what = u.name if isinstance(u, Basic) else ""
                desc += what + " "
            out.append(" of " + desc + "type " + type_string(t, qualifier, True))
            if isinstance(t, TypeParam):
                out.append(" constrained by " + type_string(t.bound, qualifier, True))
                ts = t.bound.underlying if t.bound is not None else None
                if isinstance(ts, Interface) and ts._tset is not None and ts._tset.is_empty():  # pyright: ignore[reportPrivateUsage]
                    out.append(" with empty type set")
        else:
            out.append(" with invalid type")
    if expr:
        out.append(")")
    return "".join(out)
