"""Composite literals. Large values are built in place, in memory that is still zero; what is constant in them is copied
there at once from an image, if there is enough of it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

from xdsl.ir import SSAValue

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.irgen import expr, order, staticinit
from goir.irgen.const import to_int
from goir.irgen.errors import Unsupported
from goir.irgen.func import FuncGen
from goir.irgen.ssa import segments
from goir.irgen.staticdata import resolve
from goir.syntax import ast
from goir.types import types as T
from goir.types.lookup import lookup


def composite(g: FuncGen, e: ast.CompositeLit) -> SSAValue:
    """The value of a composite literal."""
    t = g.type_of(e)
    u = t.underlying
    if isinstance(u, T.Pointer):
        # An elided &T in a list of pointers.
        return g.convert(pointer_to(g, e, u.elem), T.Pointer(u.elem), t, e.pos)
    return _literal(g, e, t)


def constant(g: FuncGen, e: ast.CompositeLit) -> SSAValue | None:
    """The value of a literal of a struct or an array that consists of constants."""
    t = g.type_of(e)
    if not e.elts or not isinstance(t.underlying, (T.Struct, T.Array)):
        return None
    found = staticinit.constant_parts(g.mod.sources, g.info, e, t)
    if found is None or not all(_element(x) in found.whole for x in e.elts):
        return None
    return g.value(go.DataConstOp, (), g.t(t), e.pos, {"value": go.DataAttr(found.value)})


def _element(e: ast.Expr) -> ast.Expr:
    return e.value if isinstance(e, ast.KeyValueExpr) else e


def _literal(g: FuncGen, e: ast.CompositeLit, t: T.Type) -> SSAValue:
    u = t.underlying
    if isinstance(u, T.Slice):
        return _slice(g, e, t, u)
    if isinstance(u, T.Map):
        return _map(g, e, t, u)
    if isinstance(u, T.Struct) and not g.t.is_large(t):
        return _struct(g, e, t, u)
    ptr = g.alloc(g.t(t), e.pos)
    build(g, e, t, ptr)
    return g.load(ptr, g.t(t), e.pos)


def pointer_to(g: FuncGen, e: ast.CompositeLit, t: T.Type) -> SSAValue:
    """`&T{…}`"""
    ptr = g.alloc(g.t(t), e.pos)
    build(g, e, t, ptr)
    return ptr


MIN_CONSTANTS: Final = 4
"""So many constants are copied at once and not stored one by one."""

_NONE: Final[frozenset[ast.Expr]] = frozenset()


def build(g: FuncGen, e: ast.CompositeLit, t: T.Type, ptr: SSAValue) -> None:
    """Builds a literal of type `t` in zeroed memory at `ptr`."""
    if isinstance(t.underlying, (T.Struct, T.Array)):
        _fill(g, e, t, ptr, _image(g, e, t, ptr))
    else:
        g.store(_literal(g, e, t), ptr, e.pos)


def _image(g: FuncGen, e: ast.CompositeLit, t: T.Type, ptr: SSAValue) -> AbstractSet[ast.Expr]:
    """Copies the constant parts of a literal to `ptr`, if there are many; answers what need not be stored any more."""
    if len(e.elts) < 2:
        return _NONE
    found = staticinit.constant_parts(g.mod.sources, g.info, e, t)
    if found is None or found.constants < MIN_CONSTANTS:
        return _NONE
    value = g.value(go.DataConstOp, (), g.t(t), e.pos, {"value": go.DataAttr(found.value)})
    g.store(value, ptr, e.pos)
    return found.whole


def _fill(g: FuncGen, e: ast.CompositeLit, t: T.Type, ptr: SSAValue, done: AbstractSet[ast.Expr]) -> None:
    """Stores the parts of a literal of a struct or an array that are not `done`."""
    u = t.underlying
    if isinstance(u, T.Struct):
        for path, value in _struct_elements(g, e, u):
            if value not in done:
                address, field_type = ptr, t
                for index in path:
                    struct = field_type.underlying
                    assert isinstance(struct, T.Struct)
                    field_type = struct.fields[index].type
                    address = g.field_addr(address, index, g.t(field_type), value.pos)
                store_element(g, value, field_type, address, done)
    else:
        assert isinstance(u, T.Array)
        _elements(g, e, u.elem, ptr, done)


def store_element(g: FuncGen, e: ast.Expr, t: T.Type, ptr: SSAValue, done: AbstractSet[ast.Expr] = _NONE) -> None:
    """Stores an expression into a zeroed variable of type `t`: literals of structs and arrays are built there. Parts that
    are `done` are there already."""
    inner = ast.unparen(e)
    if isinstance(inner, ast.CompositeLit) and isinstance(t.underlying, (T.Struct, T.Array)):
        own = g.type_of(inner)
        if g.t(own) == g.t(t) and (g.t.is_large(t) or not inner.elts):
            if done:
                _fill(g, inner, t, ptr, done)
            else:
                build(g, inner, t, ptr)
            return
    g.store(expr.expr_as(g, e, t), ptr, e.pos)


def _struct_elements(g: FuncGen, e: ast.CompositeLit, u: T.Struct) -> list[tuple[list[int], ast.Expr]]:
    """The values of a struct literal with where they go: an index, or for a promoted field the path to it."""
    result: list[tuple[list[int], ast.Expr]] = []
    for i, element in enumerate(e.elts):
        if isinstance(element, ast.KeyValueExpr):
            var = g.object_of(element.key)
            index = next((n for n, f in enumerate(u.fields) if f is var), -1)
            if index < 0 and isinstance(element.key, ast.Ident):
                name = element.key.name
                index = next((n for n, f in enumerate(u.fields) if f.same_id(g.pkg, name)), -1)
            path: list[int] | None = [index]
            if index < 0 and isinstance(element.key, ast.Ident):
                path = lookup(u, False, g.pkg, element.key.name, False)[1]
            if not path:
                raise Unsupported(element.pos, "this field")
            result.append((path, element.value))
        else:
            result.append(([i], element))
    order.calls_first(g, [value for _, value in result])
    return result


def _struct(g: FuncGen, e: ast.CompositeLit, t: T.Type, u: T.Struct) -> SSAValue:
    if not e.elts:
        return g.zero(g.t(t), e.pos)
    values: list[SSAValue | None] = [None] * len(u.fields)
    elements = _struct_elements(g, e, u)
    if any(len(path) > 1 for path, _ in elements):
        ptr = g.alloc(g.t(t), e.pos)
        _fill(g, e, t, ptr, _NONE)
        return g.load(ptr, g.t(t), e.pos)
    for (index,), value in elements:
        values[index] = expr.expr_as(g, value, u.fields[index].type)
    complete = [v if v is not None else g.zero(g.t(f.type), e.pos) for v, f in zip(values, u.fields, strict=True)]
    return g.value(go.StructOp, complete, g.t(t), e.pos)


def _elements(g: FuncGen, e: ast.CompositeLit, elem: T.Type, ptr: SSAValue, done: AbstractSet[ast.Expr]) -> None:
    """Stores the elements of an array or slice literal that are not `done`."""
    index = 0
    elem_type = g.t(elem)
    if len(e.elts) > 1:
        order.calls_first(g, [_element(x) for x in e.elts])
    for element in e.elts:
        value = element
        if isinstance(element, ast.KeyValueExpr):
            key = g.info.types[element.key].value
            assert key is not None
            index = to_int(key)
            value = element.value
        if value not in done:
            address = g.index_addr(ptr, g.int_const(index, value.pos), elem_type, value.pos)
            store_element(g, value, elem, address, done)
        index += 1


def literal_length(g: FuncGen, e: ast.CompositeLit) -> int:
    """The length of a slice literal."""
    index = length = 0
    for element in e.elts:
        if isinstance(element, ast.KeyValueExpr):
            key = g.info.types[element.key].value
            assert key is not None
            index = to_int(key)
        index += 1
        length = max(length, index)
    return length


def _slice(g: FuncGen, e: ast.CompositeLit, t: T.Type, u: T.Slice) -> SSAValue:
    length = literal_length(g, e)
    array = T.Array(length, u.elem)
    ptr = g.alloc(g.t(array), e.pos)
    _elements(g, e, u.elem, ptr, _image(g, e, array, ptr))
    return g.value(go.SliceOp, (ptr,), g.t(t), e.pos, {"operandSegmentSizes": segments(1, 0, 0, 0)})


def _map(g: FuncGen, e: ast.CompositeLit, t: T.Type, u: T.Map) -> SSAValue:
    hint = (g.int_const(len(e.elts), e.pos),) if e.elts else ()
    result = g.value(go.MakeMapOp, hint, g.t(t), e.pos)
    elements = [x for x in e.elts if isinstance(x, ast.KeyValueExpr)]
    if len(elements) >= MANY_ENTRIES:
        elements = _entries(g, e, elements, u, result)
    for element in elements:
        order.calls_first(g, (element.key, element.value))
        key = expr.expr_as(g, element.key, u.key)
        value = expr.expr_as(g, element.value, u.elem)
        g.op(go.MapSetOp, (result, key, value), (), element.pos)
    return result


MANY_ENTRIES: Final = 16
"""So many constant entries of a map are not set one by one, but by a loop over tables."""


def _entries(
    g: FuncGen, e: ast.CompositeLit, elements: list[ast.KeyValueExpr], u: T.Map, result: SSAValue
) -> list[ast.KeyValueExpr]:
    """Sets the entries that are data, if there are many; answers the others."""
    if g.once is None and not (_is_immutable(u.key) and _is_immutable(u.elem)):
        return elements
    keys: list[object] = []
    values: list[object] = []
    others: list[ast.KeyValueExpr] = []
    before = g.once or staticinit.nothing_known
    for element in elements:
        key = staticinit.find(g.mod.sources, g.info, element.key, u.key, before)
        value = staticinit.find(g.mod.sources, g.info, element.value, u.elem, before) if key is not None else None
        if key is None or value is None or key.literals or value.literals:
            others.append(element)
        else:
            keys.append(resolve(g.mod, key.value, {}))
            values.append(resolve(g.mod, value.value, {}))
    if len(keys) < MANY_ENTRIES:
        return elements
    pos = e.pos
    tables = [_table(g, name, part, t, pos) for name, part, t in (("keys", keys, u.key), ("values", values, u.elem))]
    index = object()
    g.ssa.types[index] = gt.INT
    g.bb.defs[index] = g.int_const(0, pos)
    head, body, done = g.new_block(), g.new_block(), g.new_block()
    g.jump(head, pos)
    g.start(head, seal=False)
    i = g.ssa.read(index, g.bb)
    g.branch(g.cmp("lt", i, g.int_const(len(keys), pos), pos), body, done, pos)
    g.start(body)
    key, value = (
        g.load(g.index_addr(table, i, g.t(t), pos, inbounds=True), g.t(t), pos)
        for table, t in zip(tables, (u.key, u.elem), strict=True)
    )
    g.op(go.MapSetOp, (result, key, value), (), pos)
    g.bb.defs[index] = g.value(go.AddOp, (i, g.int_const(1, pos)), gt.INT, pos)
    g.jump(head, pos)
    g.ssa.seal(head)
    g.start(done)
    return others


def _table(g: FuncGen, name: str, values: list[object], t: T.Type, pos: int) -> SSAValue:
    """The address of a table of data."""
    symbol = g.mod.unique(f"{g.symbol}.{name}")
    type = g.t(T.Array(len(values), t))
    g.mod.define_data(symbol, type, go.DataAttr(tuple(values)), pos)
    return g.value(go.GlobalAddrOp, (), g.t.pointer(type), pos, {"name": g.mod.symbol(symbol)})


def _is_immutable(t: T.Type) -> bool:
    """Whether equal values need not be told apart: they do not point to variables."""
    u = t.underlying
    if isinstance(u, T.Struct):
        return all(_is_immutable(f.type) for f in u.fields)
    if isinstance(u, T.Array):
        return _is_immutable(u.elem)
    return isinstance(u, T.Signature) or (isinstance(u, T.Basic) and u.kind != T.UNSAFE_POINTER)
