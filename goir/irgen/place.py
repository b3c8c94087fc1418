"""Where a value is: in memory at an address, or in SSA form.

Selectors and index expressions walk from place to place, so that reading a field of a variable in memory loads that
field and not the whole variable."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import SSAValue

from goir.irgen.errors import Unsupported
from goir.irgen.func import FuncGen
from goir.syntax import ast
from goir.types import types as T
from goir.types.objects import Var


class Place:
    """A value of Go type `type`: at the (not nil) address `ptr`, or `value` itself."""

    __slots__ = ("ptr", "type", "value")

    def __init__(self, type: T.Type, ptr: SSAValue | None, value: SSAValue | None) -> None:
        self.type = type
        self.ptr = ptr
        self.value = value

    def load(self, g: FuncGen, pos: int) -> SSAValue:
        """The value."""
        if self.value is not None:
            return self.value
        assert self.ptr is not None
        return g.load(self.ptr, g.t(self.type), pos)

    def address(self, g: FuncGen, pos: int) -> SSAValue:
        """The address; a value that has none is put into a new variable."""
        if self.ptr is None:
            assert self.value is not None
            self.ptr = g.alloc(self.value.type, pos)
            g.store(self.value, self.ptr, pos)
        return self.ptr


def deref(g: FuncGen, pointer: SSAValue, t: T.Type, pos: int) -> Place:
    """What a pointer of type `t` points to."""
    u = t.underlying
    if not isinstance(u, T.Pointer):
        raise Unsupported(pos, f"indirection of {t}")
    return Place(u.elem, g.nil_check(pointer, pos), None)


def field(g: FuncGen, place: Place, index: int, pos: int) -> Place:
    """A field of a struct, or through a pointer to one."""
    u = place.type.underlying
    if isinstance(u, T.Pointer):
        place = deref(g, place.load(g, pos), place.type, pos)
        u = place.type.underlying
    if not isinstance(u, T.Struct):
        raise Unsupported(pos, f"fields of {place.type}")
    t = u.fields[index].type
    if place.ptr is not None:
        return Place(t, g.field_addr(place.ptr, index, g.t(t), pos), None)
    assert place.value is not None
    return Place(t, None, g.extract(place.value, index, g.t(t), pos))


def fields(g: FuncGen, place: Place, path: Sequence[int], pos: int) -> Place:
    """Follows a path of fields."""
    for index in path:
        place = field(g, place, index, pos)
    return place


def place_of(g: FuncGen, e: ast.Expr) -> Place:
    """Evaluates an expression to a place."""
    from goir.irgen import composite, expr, order

    while isinstance(e, ast.ParenExpr):
        e = e.x
    if isinstance(e, ast.Ident):
        obj = g.object_of(e)
        if isinstance(obj, Var):
            ptr = g.box(obj, e.pos)
            if ptr is not None:
                return Place(obj.type, ptr, None)
            return Place(obj.type, None, g.read(obj, e.pos))
    elif isinstance(e, ast.SelectorExpr):
        selection = g.info.selections.get(e)
        if selection is None:
            obj = g.info.uses.get(e.sel)
            if isinstance(obj, Var):
                return Place(obj.type, g.box(obj, e.pos), None)
        elif selection.kind == "field":
            return fields(g, place_of(g, e.x), selection.index, e.sel.pos)
    elif isinstance(e, ast.IndexExpr):
        t = g.type_of(e.x)
        u = t.underlying
        order.calls_first(g, (e.x, e.index))
        if isinstance(u, T.Slice):
            container = expr.expr(g, e.x)
            index = expr.index_value(g, e.index)
            return Place(u.elem, g.index_addr(container, index, g.t(u.elem), e.lbrack), None)
        if isinstance(u, T.Pointer):
            pointer = expr.expr(g, e.x)
            index = expr.index_value(g, e.index)
            array = u.elem.underlying
            if isinstance(array, T.Array):
                pointer = g.nil_check(pointer, e.lbrack)
                return Place(array.elem, g.index_addr(pointer, index, g.t(array.elem), e.lbrack), None)
        elif isinstance(u, T.Array):
            pointer = place_of(g, e.x).address(g, e.lbrack)
            index = expr.index_value(g, e.index)
            return Place(u.elem, g.index_addr(pointer, index, g.t(u.elem), e.lbrack), None)
    elif isinstance(e, ast.StarExpr):
        return deref(g, expr.expr(g, e.x), g.type_of(e.x), e.pos)
    elif isinstance(e, ast.CompositeLit):
        t = g.type_of(e)
        if g.t.is_large(t):
            ptr = g.alloc(g.t(t), e.pos)
            composite.build(g, e, t, ptr)
            return Place(t, ptr, None)
    return Place(g.type_of(e), None, expr.expr(g, e))


def address_of(g: FuncGen, e: ast.Expr) -> SSAValue:
    """`&e` for an addressable expression."""
    place = place_of(g, e)
    if place.ptr is None:
        raise Unsupported(e.pos, "the address of this expression")
    return place.ptr
