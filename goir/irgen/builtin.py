"""Calls of builtin functions, package unsafe's included."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from xdsl.ir import Attribute, SSAValue

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.irgen import expr, order, place
from goir.irgen.const import to_int
from goir.irgen.errors import Unsupported
from goir.irgen.func import FuncGen
from goir.irgen.ssa import segments
from goir.irgen.types import is_interface
from goir.syntax import ast
from goir.types import sizes
from goir.types import types as T

if TYPE_CHECKING:
    from goir.irgen.call import Prepared


class Args:
    """The arguments of a builtin: expressions, or the results of one call with several."""

    def __init__(self, g: FuncGen, e: ast.CallExpr) -> None:
        self.g = g
        self.exprs = e.args
        self.values: list[SSAValue] | None = None
        if len(e.args) > 1:
            order.calls_first(g, e.args)
        self.types: list[T.Type] = []
        if len(e.args) == 1:
            inner = ast.unparen(e.args[0])
            if isinstance(inner, ast.CallExpr) and isinstance(getattr(g.info.types.get(inner), "type", None), T.Tuple):
                self.values, self.types = expr.multi(g, inner)

    def __len__(self) -> int:
        return len(self.values) if self.values is not None else len(self.exprs)

    def type(self, i: int) -> T.Type:
        """The type of argument i."""
        return self.types[i] if self.values is not None else self.g.type_of(self.exprs[i])

    def value(self, i: int, t: T.Type | None = None) -> SSAValue:
        """Argument i, converted to type `t`."""
        if self.values is not None:
            value = self.values[i]
            return value if t is None else self.g.convert(value, self.types[i], t, self.exprs[0].pos)
        return expr.expr(self.g, self.exprs[i]) if t is None else expr.expr_as(self.g, self.exprs[i], t)

    def is_nil(self, i: int) -> bool:
        """Whether argument i is nil."""
        return self.values is None and self.g.is_nil(self.exprs[i])


_Result = tuple[list[SSAValue], Callable[[FuncGen, list[SSAValue]], list[SSAValue]]]


def prepare(g: FuncGen, e: ast.CallExpr, name: str) -> Prepared:
    """Evaluates the arguments of a builtin call."""
    from goir.irgen.call import Prepared

    handler = _HANDLERS.get(name)
    if handler is None:
        raise Unsupported(e.pos, f"builtin {name}")
    operands, run = handler(g, e)
    p = Prepared("builtin", name, operands, [], e.pos)
    p.run = run
    p.uses_token = name == "recover"
    return p


def _done(value: SSAValue) -> _Result:
    return [value], lambda _, operands: operands


def _append(g: FuncGen, e: ast.CallExpr) -> _Result:
    t = g.type_of(e)
    u = t.underlying
    if not isinstance(u, T.Slice):
        raise Unsupported(e.pos, f"append to {t}")
    attr = g.t(t)
    args = Args(g, e)
    s = args.value(0, t)
    if e.ellipsis:
        tail = args.value(1, t) if args.is_nil(1) else args.value(1)
        return [s, tail], lambda g, ops: [g.value(go.AppendOp, ops, attr, e.pos)]
    if len(args) == 1:
        return _done(s)
    operands = [s, *(args.value(i, u.elem) for i in range(1, len(args)))]
    return operands, lambda g, ops: [g.value(go.AppendElemsOp, ops, attr, e.pos)]


def _copy(g: FuncGen, e: ast.CallExpr) -> _Result:
    args = Args(g, e)
    operands = [args.value(0), args.value(1)]
    return operands, lambda g, ops: [g.value(go.CopyOp, ops, gt.INT, e.pos)]


def _delete(g: FuncGen, e: ast.CallExpr) -> _Result:
    args = Args(g, e)
    u = args.type(0).underlying
    assert isinstance(u, T.Map)
    return [args.value(0), args.value(1, u.key)], _effect(go.MapDeleteOp, e.pos)


def _effect(cls: type[go.ClearOp] | type[go.MapDeleteOp] | type[go.CloseOp], pos: int):
    def run(g: FuncGen, ops: list[SSAValue]) -> list[SSAValue]:
        g.op(cls, ops, (), pos)
        return []

    return run


def _clear(g: FuncGen, e: ast.CallExpr) -> _Result:
    return [Args(g, e).value(0)], _effect(go.ClearOp, e.pos)


def _close(g: FuncGen, e: ast.CallExpr) -> _Result:
    return [Args(g, e).value(0)], _effect(go.CloseOp, e.pos)


def _length(cls: type[go.LenOp] | type[go.CapOp]) -> Callable[[FuncGen, ast.CallExpr], _Result]:
    def handle(g: FuncGen, e: ast.CallExpr) -> _Result:
        x = e.args[0]
        u = g.type_of(x).underlying
        if isinstance(u, T.Pointer):
            expr.expr(g, x)
            u = u.elem.underlying
            assert isinstance(u, T.Array)
            return _done(g.int_const(u.length, e.pos))
        if isinstance(u, T.Array):
            place.place_of(g, x)
            return _done(g.int_const(u.length, e.pos))
        return [expr.expr(g, x)], lambda g, ops: [g.value(cls, ops, gt.INT, e.pos)]

    return handle


def _make(g: FuncGen, e: ast.CallExpr) -> _Result:
    t = g.type_of(e)
    u = t.underlying
    attr = g.t(t)
    if isinstance(u, T.Slice) and (known := _constant_sizes(g, e)) is not None:
        length, capacity = known
        array = g.alloc(g.t(T.Array(capacity, u.elem)), e.pos)
        operands = (array,) if length == capacity else (array, g.int_const(length, e.pos))
        place = {"operandSegmentSizes": segments(1, 0, len(operands) - 1, 0)}
        return _done(g.value(go.SliceOp, operands, attr, e.pos, place))
    sizes = [expr.index_value(g, a) for a in e.args[1:]]
    if isinstance(u, T.Slice):
        if len(sizes) == 1:
            sizes.append(sizes[0])
        return sizes, lambda g, ops: [g.value(go.MakeSliceOp, ops, attr, e.pos)]
    if isinstance(u, T.Map):
        return sizes, lambda g, ops: [g.value(go.MakeMapOp, ops, attr, e.pos)]
    if isinstance(u, T.Chan):
        return sizes, lambda g, ops: [g.value(go.MakeChanOp, ops, attr, e.pos)]
    raise Unsupported(e.pos, f"make of {t}")


MAX_ARRAY: Final = 4096
"""Slices of at most so many elements are made of an array, which may be found not to escape."""


def _constant_sizes(g: FuncGen, e: ast.CallExpr) -> tuple[int, int] | None:
    """Length and capacity of a slice that is made, if they are constant and not too large."""
    values = [tv.value if (tv := g.info.types.get(a)) is not None else None for a in e.args[1:]]
    sizes = [to_int(v) for v in values if v is not None]
    if len(sizes) < len(values) or not 0 < sizes[-1] <= MAX_ARRAY:
        return None
    return sizes[0], sizes[-1]


def _new(g: FuncGen, e: ast.CallExpr) -> _Result:
    t = g.type_of(e).underlying
    assert isinstance(t, T.Pointer)
    x = e.args[0]
    tv = g.info.types.get(x)
    if tv is not None and tv.mode == "type":
        return _done(g.alloc(g.t(t.elem), e.pos))
    value = expr.expr_as(g, x, t.elem)
    ptr = g.alloc(g.t(t.elem), e.pos)
    g.store(value, ptr, e.pos)
    return _done(ptr)


def _panic(g: FuncGen, e: ast.CallExpr) -> _Result:
    args = Args(g, e)
    if args.is_nil(0):
        value = g.zero(gt.EMPTY_INTERFACE, e.pos)
    else:
        value = args.value(0)
        if value.type != gt.EMPTY_INTERFACE:
            cls = go.ConvertInterfaceOp if is_interface(args.type(0)) else go.MakeInterfaceOp
            value = g.value(cls, (value,), gt.EMPTY_INTERFACE, e.pos)

    def run(g: FuncGen, ops: list[SSAValue]) -> list[SSAValue]:
        g.end(go.PanicOp.create(operands=ops, location=g.mod.loc(e.pos)))
        return []

    return [value], run


def _print(newline: bool) -> Callable[[FuncGen, ast.CallExpr], _Result]:
    def handle(g: FuncGen, e: ast.CallExpr) -> _Result:
        args = Args(g, e)
        operands = [g.zero(gt.EMPTY_INTERFACE, e.pos) if args.is_nil(i) else args.value(i) for i in range(len(args))]

        def run(g: FuncGen, ops: list[SSAValue]) -> list[SSAValue]:
            from goir.irgen.context import UNIT

            g.op(go.PrintOp, ops, (), e.pos, {"newline": UNIT} if newline else {})
            return []

        return operands, run

    return handle


def _recover(g: FuncGen, e: ast.CallExpr) -> _Result:
    def run(g: FuncGen, ops: list[SSAValue]) -> list[SSAValue]:
        if g.token is None:
            # In the body of a range loop over a function: as in gc, the iterator calls it, so there is nothing to
            # recover.
            return [g.zero(gt.EMPTY_INTERFACE, e.pos)]
        return [g.value(go.RecoverOp, (g.token,), gt.EMPTY_INTERFACE, e.pos)]

    return [], run


def _complex(g: FuncGen, e: ast.CallExpr) -> _Result:
    t = g.type_of(e)
    args = Args(g, e)
    u = t.underlying
    assert isinstance(u, T.Basic)
    if args.values is None:
        # An untyped constant takes the type of the other part.
        part = args.type(0)
        tv = g.info.types.get(e.args[0])
        if tv is not None and tv.value is not None:
            part = args.type(1)
    else:
        part = args.type(0)
    operands = [args.value(0, part), args.value(1, part)]
    return operands, lambda g, ops: [g.value(go.ComplexOp, ops, g.t(t), e.pos)]


def _part(cls: type[go.RealOp] | type[go.ImagOp]) -> Callable[[FuncGen, ast.CallExpr], _Result]:
    def handle(g: FuncGen, e: ast.CallExpr) -> _Result:
        t = g.t(g.type_of(e))
        return [expr.expr(g, e.args[0])], lambda g, ops: [g.value(cls, ops, t, e.pos)]

    return handle


def _extreme(cls: type[go.MinOp] | type[go.MaxOp]) -> Callable[[FuncGen, ast.CallExpr], _Result]:
    def handle(g: FuncGen, e: ast.CallExpr) -> _Result:
        t = g.type_of(e)
        args = Args(g, e)
        operands = [args.value(i, t) for i in range(len(args))]

        def run(g: FuncGen, ops: list[SSAValue]) -> list[SSAValue]:
            value = ops[0]
            for other in ops[1:]:
                value = g.value(cls, (value, other), value.type, e.pos)
            return [value]

        return operands, run

    return handle


# unsafe --------------------------------------------------------------------------------------------------------------

_PTR_FIELD = gt.UNSAFE_POINTER


def _header(words: int) -> gt.StructType:
    names = ("data", "len", "cap")[:words]
    return gt.StructType([gt.FieldAttr(n, _PTR_FIELD if n == "data" else gt.INT, 0, "", "") for n in names])  # pyright: ignore[reportArgumentType]


def _reinterpret(g: FuncGen, value: SSAValue, t: Attribute, pos: int) -> SSAValue:
    """A value as one of another type with the same memory."""
    memory = g.alloc(value.type, pos)
    g.store(value, memory, pos)
    raw = g.value(go.ConvertOp, (memory,), gt.UNSAFE_POINTER, pos)
    return g.load(g.value(go.ConvertOp, (raw,), g.t.pointer(t), pos), t, pos)


def _to(g: FuncGen, value: SSAValue, t: Attribute, pos: int) -> SSAValue:
    return value if value.type == t else g.value(go.ConvertOp, (value,), t, pos)


def _unsafe_add(g: FuncGen, e: ast.CallExpr) -> _Result:
    pointer = expr.expr(g, e.args[0])
    offset = expr.index_value(g, e.args[1])
    t = g.t(g.type_of(e))
    address = _to(g, pointer, gt.UINTPTR, e.pos)
    total = g.value(go.AddOp, (address, _to(g, offset, gt.UINTPTR, e.pos)), gt.UINTPTR, e.pos)
    return _done(_to(g, total, t, e.pos))


def _are_of_one(e: ast.CallExpr) -> bool:
    """Whether a call is like `unsafe.String(unsafe.SliceData(x), len(x))`: x has that memory."""
    data, length = (ast.unparen(a) for a in e.args)
    if not (isinstance(data, ast.CallExpr) and isinstance(length, ast.CallExpr) and len(length.args) == 1):
        return False
    of, measure = ast.unparen(data.fun), ast.unparen(length.fun)
    if not (isinstance(of, ast.SelectorExpr) and of.sel.name in ("SliceData", "StringData")):
        return False
    if not (isinstance(measure, ast.Ident) and measure.name == "len"):
        return False
    names = [_path(a.args[0]) for a in (data, length)]
    return names[0] is not None and names[0] == names[1]


def _path(e: ast.Expr) -> str | None:
    """`x` or `x.f.g` as text."""
    e = ast.unparen(e)
    if isinstance(e, ast.SelectorExpr):
        x = _path(e.x)
        return None if x is None else f"{x}.{e.sel.name}"
    return e.name if isinstance(e, ast.Ident) else None


def _check_memory(g: FuncGen, e: ast.CallExpr, name: str, pointer: SSAValue, length: SSAValue, size: int) -> None:
    """Panics if `length` elements of `size` bytes at `pointer` are not memory: fewer than none, at nil, or beyond all
    addresses."""
    if g.symbol.startswith("runtime.") or _are_of_one(e):
        return
    pos = e.pos
    bad, fits, good = g.new_block(), g.new_block(), g.new_block()
    count = _to(g, length, gt.UINTPTR, pos)
    most = g.int_const(((1 << 63) - 1) // max(size, 1), pos, gt.UINTPTR)
    g.branch(g.cmp("gt", count, most, pos), bad, fits, pos)
    g.start(fits)
    # Elements of no size are anywhere but at nil: as if they had one.
    total = g.value(go.MulOp, (count, g.int_const(max(size, 1), pos, gt.UINTPTR)), gt.UINTPTR, pos)
    room = g.value(go.SubOp, (g.int_const(0, pos, gt.UINTPTR), _to(g, pointer, gt.UINTPTR, pos)), gt.UINTPTR, pos)
    over = g.cmp("gt", total, room, pos)
    if size == 0:
        nil = g.cmp("eq", pointer, g.zero(pointer.type, pos), pos)
        g.branch(nil, checked := g.new_block(), good, pos)
        g.start(checked)
    g.branch(over, bad, good, pos)
    g.start(bad)
    text = g.value(go.StringConstOp, (), gt.STRING, pos, {"value": g.mod.string("unsafe." + name)})
    from goir.irgen import wrappers

    wrappers.call_recorder(g, "panicunsafe", [text, pointer, length], pos)
    g.start(good)


def _unsafe_slice(g: FuncGen, e: ast.CallExpr) -> _Result:
    pointer = _to(g, expr.expr(g, e.args[0]), gt.UNSAFE_POINTER, e.pos)
    length = _to(g, expr.index_value(g, e.args[1]), gt.INT, e.pos)
    t = g.type_of(e).underlying
    assert isinstance(t, T.Slice)
    _check_memory(g, e, "Slice", pointer, length, sizes.sizeof(t.elem))
    header = g.value(go.StructOp, (pointer, length, length), _header(3), e.pos)
    return _done(_reinterpret(g, header, g.t(g.type_of(e)), e.pos))


def _unsafe_string(g: FuncGen, e: ast.CallExpr) -> _Result:
    pointer = _to(g, expr.expr(g, e.args[0]), gt.UNSAFE_POINTER, e.pos)
    length = _to(g, expr.index_value(g, e.args[1]), gt.INT, e.pos)
    _check_memory(g, e, "String", pointer, length, 1)
    header = g.value(go.StructOp, (pointer, length), _header(2), e.pos)
    return _done(_reinterpret(g, header, g.t(g.type_of(e)), e.pos))


def _unsafe_data(words: int) -> Callable[[FuncGen, ast.CallExpr], _Result]:
    def handle(g: FuncGen, e: ast.CallExpr) -> _Result:
        header = _reinterpret(g, expr.expr(g, e.args[0]), _header(words), e.pos)
        return _done(_to(g, g.extract(header, 0, gt.UNSAFE_POINTER, e.pos), g.t(g.type_of(e)), e.pos))

    return handle


def _unsafe_size(measure: Callable[[T.Type], int]) -> Callable[[FuncGen, ast.CallExpr], _Result]:
    """Sizes that are not constant, because they depend on type parameters."""
    return lambda g, e: _done(g.int_const(measure(g.type_of(e.args[0])), e.pos, gt.UINTPTR))


def _unsafe_offset(g: FuncGen, e: ast.CallExpr) -> _Result:
    x = ast.unparen(e.args[0])
    assert isinstance(x, ast.SelectorExpr)
    selection = g.info.selections[x]
    t = selection.recv
    offset = 0
    for index in selection.index:
        u = t.underlying
        if isinstance(u, T.Pointer):
            u = u.elem.underlying
        assert isinstance(u, T.Struct)
        offset += sizes.offsetsof(u.fields)[index]
        t = u.fields[index].type
    return _done(g.int_const(offset, e.pos, gt.UINTPTR))


_HANDLERS: dict[str, Callable[[FuncGen, ast.CallExpr], _Result]] = {
    "append": _append,
    "cap": _length(go.CapOp),
    "clear": _clear,
    "close": _close,
    "complex": _complex,
    "copy": _copy,
    "delete": _delete,
    "imag": _part(go.ImagOp),
    "len": _length(go.LenOp),
    "make": _make,
    "max": _extreme(go.MaxOp),
    "min": _extreme(go.MinOp),
    "new": _new,
    "panic": _panic,
    "print": _print(False),
    "println": _print(True),
    "real": _part(go.RealOp),
    "recover": _recover,
    "Add": _unsafe_add,
    "Alignof": _unsafe_size(sizes.alignof),
    "Offsetof": _unsafe_offset,
    "Sizeof": _unsafe_size(sizes.sizeof),
    "Slice": _unsafe_slice,
    "SliceData": _unsafe_data(3),
    "String": _unsafe_string,
    "StringData": _unsafe_data(2),
}
