"""Expressions: one value each. Chains of binary operators are walked without recursion on their left side."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.dialects.builtin import i1
from xdsl.ir import Operation, SSAValue

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.irgen import const, order
from goir.irgen.errors import Unsupported
from goir.irgen.func import FuncGen
from goir.irgen.ssa import BB, segments
from goir.irgen.types import is_interface
from goir.syntax import ast
from goir.types import types as T
from goir.types.objects import Func, Var

ARITHMETIC: dict[str, type[Operation]] = {
    "+": go.AddOp,
    "-": go.SubOp,
    "*": go.MulOp,
    "/": go.DivOp,
    "%": go.RemOp,
    "&": go.AndOp,
    "|": go.OrOp,
    "^": go.XorOp,
    "&^": go.AndNotOp,
    "<<": go.ShlOp,
    ">>": go.ShrOp,
}
COMPARISON = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}


def expr(g: FuncGen, e: ast.Expr) -> SSAValue:
    """Evaluates an expression with exactly one value."""
    tv = g.info.types.get(e)
    if tv is not None and tv.value is not None:
        return const.constant(g, tv.value, tv.type, e.pos)
    if g.made and e in g.made:
        return g.made.pop(e)[0]
    handler = _HANDLERS.get(e.__class__)
    if handler is None:
        raise Unsupported(e.pos, "this expression")
    return handler(g, e)


def expr_as(g: FuncGen, e: ast.Expr, t: T.Type) -> SSAValue:
    """Evaluates an expression and converts it as assignment to a variable of type `t` does."""
    tv = g.info.types.get(e)
    if tv is not None and tv.value is not None:
        if not is_interface(t):
            return const.constant(g, tv.value, t, e.pos)
    elif g.is_nil(e):
        return g.zero(g.t(t), e.pos)
    value = (_constant_literal(g, e) if is_interface(t) else None) or expr(g, e)
    if value.type == g.t(t):
        return value
    return g.convert(value, g.type_of(e), t, e.pos)


def _constant_literal(g: FuncGen, e: ast.Expr) -> SSAValue | None:
    """A literal of a struct or an array as a constant, if it is one: an interface holds it without a copy."""
    from goir.irgen import composite

    inner = ast.unparen(e)
    return composite.constant(g, inner) if isinstance(inner, ast.CompositeLit) else None


def bool_value(g: FuncGen, e: ast.Expr) -> SSAValue:
    """A condition as i1 (its type may be a named bool)."""
    value = expr(g, e)
    return value if value.type == i1 else g.value(go.ConvertOp, (value,), i1, e.pos)


def index_value(g: FuncGen, e: ast.Expr) -> SSAValue:
    """An index: any integer type, constants as int."""
    tv = g.info.types.get(e)
    if tv is not None and tv.value is not None:
        return g.int_const(const.to_int(tv.value), e.pos)
    return expr(g, e)


def shift_count(g: FuncGen, e: ast.Expr) -> SSAValue:
    """The right operand of a shift; constants as uint, which needs no check."""
    tv = g.info.types.get(e)
    if tv is not None and tv.value is not None:
        return g.int_const(min(const.to_int(tv.value), 1 << 32), e.pos, gt.UINT)
    return expr(g, e)


def from_bool(g: FuncGen, value: SSAValue, e: ast.Expr) -> SSAValue:
    """An i1 as a value of the (bool) type of `e`."""
    t = g.t(g.type_of(e))
    return value if t == i1 else g.value(go.ConvertOp, (value,), t, e.pos)


# Conditions ----------------------------------------------------------------------------------------------------------


def condition(g: FuncGen, e: ast.Expr, then: BB, else_: BB) -> None:
    """Ends the current block by going to `then` or `else_`."""
    e = ast.unparen(e)
    tv = g.info.types.get(e)
    if tv is not None and tv.value is not None:
        g.jump(then if tv.value else else_, e.pos)
        return
    if isinstance(e, ast.BinaryExpr) and e.op in ("&&", "||") and e not in g.made:
        op = e.op
        terms = [e.y]
        x = ast.unparen(e.x)
        while isinstance(x, ast.BinaryExpr) and x.op == op and not _is_const(g, x):
            terms.append(x.y)
            x = ast.unparen(x.x)
        terms.append(x)
        terms.reverse()
        for term in terms[:-1]:
            following = g.new_block()
            if op == "&&":
                condition(g, term, following, else_)
            else:
                condition(g, term, then, following)
            g.start(following)
            if g.dead:
                return
        condition(g, terms[-1], then, else_)
        return
    if isinstance(e, ast.UnaryExpr) and e.op == "!":
        condition(g, e.x, else_, then)
        return
    g.branch(bool_value(g, e), then, else_, e.pos)


def _is_const(g: FuncGen, e: ast.Expr) -> bool:
    tv = g.info.types.get(e)
    return tv is not None and tv.value is not None


def _logical(g: FuncGen, e: ast.BinaryExpr) -> SSAValue:
    then, else_, done = g.new_block(), g.new_block(), g.new_block()
    condition(g, e, then, else_)
    key = object()
    g.ssa.types[key] = i1
    for block, truth in ((then, True), (else_, False)):
        g.start(block)
        if not g.dead:
            g.bb.defs[key] = g.bool_const(truth, e.op_pos)
            g.jump(done, e.op_pos)
    g.start(done)
    return from_bool(g, g.ssa.read(key, g.bb), e)


# Operators -----------------------------------------------------------------------------------------------------------


def _binary(g: FuncGen, e: ast.Expr) -> SSAValue:
    assert isinstance(e, ast.BinaryExpr)
    op = e.op
    if op in ("&&", "||"):
        return _logical(g, e)
    if op in COMPARISON:
        return from_bool(g, compare(g, e), e)
    chain: list[ast.BinaryExpr] = []
    x: ast.Expr = e
    while isinstance(x, ast.BinaryExpr) and x.op in ARITHMETIC and not _is_const(g, x):
        chain.append(x)
        x = ast.unparen(x.x)
    t = g.type_of(e)
    u = t.underlying
    order.calls_first(g, [x, *(node.y for node in reversed(chain))])
    if isinstance(u, T.Basic) and u.info & T.IS_STRING:
        return _concat(g, chain, x, t)
    value = expr_as(g, x, g.type_of(chain[-1]))
    for node in reversed(chain):
        t = g.type_of(node)
        y = shift_count(g, node.y) if node.op in ("<<", ">>") else expr_as(g, node.y, t)
        value = arithmetic(g, node.op, value, y, node.op_pos)
    return value


def arithmetic(g: FuncGen, op: str, x: SSAValue, y: SSAValue, pos: int) -> SSAValue:
    """A binary arithmetic operation; + on numbers only."""
    return g.value(ARITHMETIC[op], (x, y), x.type, pos)


def _concat(g: FuncGen, chain: list[ast.BinaryExpr], first: ast.Expr, t: T.Type) -> SSAValue:
    operands = [first, *(node.y for node in reversed(chain))]
    attr = g.t(t)
    parts: list[SSAValue] = []
    run = b""
    run_pos = 0
    for operand in operands:
        tv = g.info.types.get(operand)
        if tv is not None and isinstance(tv.value, bytes):
            if not run:
                run_pos = operand.pos
            run += tv.value
            continue
        if run:
            parts.append(const.string_constant(g, run, attr, run_pos))
            run = b""
        parts.append(expr_as(g, operand, t))
    if run:
        parts.append(const.string_constant(g, run, attr, run_pos))
    if len(parts) == 1:
        return parts[0]
    return g.value(go.ConcatOp, parts, attr, chain[0].op_pos)


def compare(g: FuncGen, e: ast.BinaryExpr) -> SSAValue:
    """A comparison as i1."""
    predicate = COMPARISON[e.op]
    if g.is_nil(e.y):
        x = expr(g, e.x)
        return g.cmp(predicate, x, g.zero(x.type, e.y.pos), e.op_pos)
    if g.is_nil(e.x):
        y = expr(g, e.y)
        return g.cmp(predicate, g.zero(y.type, e.x.pos), y, e.op_pos)
    t = comparison_type(g, g.type_of(e.x), g.type_of(e.y), _is_const(g, e.x))
    order.calls_first(g, (e.x, e.y))
    x = expr_as(g, e.x, t)
    y = expr_as(g, e.y, t)
    return g.cmp(predicate, x, y, e.op_pos)


def comparison_type(g: FuncGen, x: T.Type, y: T.Type, x_const: bool = False) -> T.Type:
    """The type in which operands of types x and y are compared: the one the other is assignable to."""
    if x is y or g.t(x) == g.t(y):
        return x
    x_iface, y_iface = is_interface(x), is_interface(y)
    if x_iface != y_iface:
        return x if x_iface else y
    if x_iface:
        # The narrower interface converts to the one with fewer methods.
        xu, yu = x.underlying, y.underlying
        assert isinstance(xu, T.Interface) and isinstance(yu, T.Interface)
        return x if len(xu.all_methods()) <= len(yu.all_methods()) else y
    if x_const:
        return y
    # Channels: the bidirectional one is assignable to the other.
    xu = x.underlying
    if isinstance(xu, T.Chan) and xu.dir == "both":
        return y
    return x


def _unary(g: FuncGen, e: ast.Expr) -> SSAValue:
    from goir.irgen import composite, place

    assert isinstance(e, ast.UnaryExpr)
    op = e.op
    if op == "&":
        x = ast.unparen(e.x)
        t = g.type_of(e)
        ptr = composite.pointer_to(g, x, g.type_of(x)) if isinstance(x, ast.CompositeLit) else place.address_of(g, x)
        return ptr if ptr.type == g.t(t) else g.value(go.ConvertOp, (ptr,), g.t(t), e.pos)
    if op == "<-":
        chan = expr(g, e.x)
        return g.op(go.RecvOp, (chan,), (_chan_elem(g, e.x),), e.pos).results[0]
    t = g.type_of(e)
    if op == "!":
        return from_bool(g, _not(g, e.x), e)
    x = expr_as(g, e.x, t)
    if op == "+":
        return x
    cls = {"-": go.NegOp, "^": go.ComOp}.get(op)
    if cls is None:
        raise Unsupported(e.pos, f"operator {op}")
    return g.value(cls, (x,), x.type, e.pos)


def _not(g: FuncGen, e: ast.Expr) -> SSAValue:
    value = bool_value(g, e)
    return g.value(go.NotOp, (value,), i1, e.pos)


def _chan_elem(g: FuncGen, e: ast.Expr):
    u = g.type_of(e).underlying
    if not isinstance(u, T.Chan):
        raise Unsupported(e.pos, "receiving from this")
    return g.t(u.elem)


# The other expressions -----------------------------------------------------------------------------------------------


def _ident(g: FuncGen, e: ast.Expr) -> SSAValue:
    obj = g.object_of(e)
    if isinstance(obj, Var):
        return g.read(obj, e.pos)
    if isinstance(obj, Func):
        return function_value(g, obj, e)
    if g.is_nil(e):
        return g.zero(g.t(g.type_of(e)), e.pos)
    raise Unsupported(e.pos, "this identifier")


def function_value(g: FuncGen, func: Func, e: ast.Expr) -> SSAValue:
    """A declared function as a value."""
    name = e.sel if isinstance(e, ast.SelectorExpr) else e
    instance = g.info.instances.get(name) if isinstance(name, ast.Ident) else None
    meta = g.mod.meta(func, instance[0] if instance is not None else ())
    if "intrinsic" in meta.directives:
        if g.mod.owns(func.pkg) and not g.mod.on_demand:
            raise Unsupported(e.pos, "intrinsics as values")
        g.mod.declare(meta.symbol, g.t.signature(meta.func.signature))
    return g.closure(meta.symbol, g.t.signature(meta.func.signature), e.pos)


def _paren(g: FuncGen, e: ast.Expr) -> SSAValue:
    assert isinstance(e, ast.ParenExpr)
    return expr(g, e.x)


def _selector(g: FuncGen, e: ast.Expr) -> SSAValue:
    from goir.irgen import closure, place

    assert isinstance(e, ast.SelectorExpr)
    selection = g.info.selections.get(e)
    if selection is None:
        obj = g.info.uses.get(e.sel)
        if isinstance(obj, Var):
            return g.read(obj, e.pos)
        if isinstance(obj, Func):
            return function_value(g, obj, e)
        raise Unsupported(e.pos, "this selector")
    if selection.kind == "field":
        return place.place_of(g, e).load(g, e.sel.pos)
    if selection.kind == "method_val":
        return closure.method_value(g, e, selection)
    return closure.method_expression(g, e, selection)


def _instance(g: FuncGen, e: ast.Expr) -> SSAValue:
    assert isinstance(e, ast.IndexListExpr)
    return expr(g, e.x)


def _index(g: FuncGen, e: ast.Expr) -> SSAValue:
    from goir.irgen import call, place

    assert isinstance(e, ast.IndexExpr)
    if call.is_generic_function(g, e.x):
        return expr(g, e.x)
    u = g.type_of(e.x).underlying
    if isinstance(u, T.Map):
        return _map_get(g, e, u, False)[0]
    if isinstance(u, T.Basic):
        string = expr(g, e.x)
        index = index_value(g, e.index)
        return g.convert(g.value(go.IndexOp, (string, index), gt.UINT8, e.lbrack), g.type_of(e), g.type_of(e), e.pos)
    return place.place_of(g, e).load(g, e.pos)


def _map_get(g: FuncGen, e: ast.IndexExpr, u: T.Map, comma_ok: bool) -> list[SSAValue]:
    order.calls_first(g, (e.x, e.index))
    m = expr(g, e.x)
    key = expr_as(g, e.index, u.key)
    types = (g.t(u.elem), i1) if comma_ok else (g.t(u.elem),)
    return list(g.op(go.MapGetOp, (m, key), types, e.pos).results)


def _slice(g: FuncGen, e: ast.Expr) -> SSAValue:
    from goir.irgen import place

    assert isinstance(e, ast.SliceExpr)
    u = g.type_of(e.x).underlying
    order.calls_first(g, [x for x in (e.x, e.low, e.high, e.max) if x is not None])
    source = place.address_of(g, e.x) if isinstance(u, T.Array) else expr(g, e.x)
    bounds = [(index_value(g, b) if b is not None else None) for b in (e.low, e.high, e.max)]
    if isinstance(u, T.Pointer):
        source = g.nil_check(source, e.lbrack)
    sizes = [1, *(0 if b is None else 1 for b in bounds)]
    operands = [source, *(b for b in bounds if b is not None)]
    return g.value(go.SliceOp, operands, g.t(g.type_of(e)), e.lbrack, {"operandSegmentSizes": segments(*sizes)})


def _type_assert(g: FuncGen, e: ast.Expr) -> SSAValue:
    assert isinstance(e, ast.TypeAssertExpr)
    return g.value(go.TypeAssertOp, (expr(g, e.x),), g.t(g.type_of(e)), e.pos)


def _star(g: FuncGen, e: ast.Expr) -> SSAValue:
    from goir.irgen import place

    return place.place_of(g, e).load(g, e.pos)


def _func_lit(g: FuncGen, e: ast.Expr) -> SSAValue:
    from goir.irgen import closure

    assert isinstance(e, ast.FuncLit)
    return closure.func_lit(g, e)


def _composite(g: FuncGen, e: ast.Expr) -> SSAValue:
    from goir.irgen import composite

    assert isinstance(e, ast.CompositeLit)
    return composite.composite(g, e)


def _call(g: FuncGen, e: ast.Expr) -> SSAValue:
    from goir.irgen import call

    assert isinstance(e, ast.CallExpr)
    results = call.call(g, e)
    if len(results) != 1:
        raise Unsupported(e.pos, "a call without value here")
    return results[0]


def comma_ok(g: FuncGen, e: ast.Expr) -> tuple[SSAValue, SSAValue, T.Type] | None:
    """`v, ok` of a map index, type assertion or receive, with the type of v; None if `e` is none of them."""
    e = ast.unparen(e)
    if isinstance(e, ast.IndexExpr):
        u = g.type_of(e.x).underlying
        if isinstance(u, T.Map):
            value, ok = _map_get(g, e, u, True)
            return value, ok, u.elem
    elif isinstance(e, ast.TypeAssertExpr):
        assert e.type is not None
        t = g.type_of(e.type)
        op = g.op(go.TypeAssertOp, (expr(g, e.x),), (g.t(t), i1), e.pos)
        return op.results[0], op.results[1], t
    elif isinstance(e, ast.UnaryExpr) and e.op == "<-":
        chan = expr(g, e.x)
        u = g.type_of(e.x).underlying
        assert isinstance(u, T.Chan)
        op = g.op(go.RecvOp, (chan,), (g.t(u.elem), i1), e.pos)
        return op.results[0], op.results[1], u.elem
    return None


def multi(g: FuncGen, e: ast.Expr) -> tuple[list[SSAValue], list[T.Type]]:
    """The values of a call with several results."""
    from goir.irgen import call

    x = ast.unparen(e)
    if not isinstance(x, ast.CallExpr):
        raise Unsupported(e.pos, "this expression as several values")
    t = g.info.types[x].type
    values = call.call(g, x)
    if isinstance(t, T.Tuple):
        return values, [v.type for v in t.vars]
    return values, [t] * len(values)


_HANDLERS: dict[type[ast.Expr], Callable[[FuncGen, ast.Expr], SSAValue]] = {
    ast.Ident: _ident,
    ast.ParenExpr: _paren,
    ast.FuncLit: _func_lit,
    ast.CompositeLit: _composite,
    ast.SelectorExpr: _selector,
    ast.IndexExpr: _index,
    ast.IndexListExpr: _instance,
    ast.SliceExpr: _slice,
    ast.TypeAssertExpr: _type_assert,
    ast.CallExpr: _call,
    ast.StarExpr: _star,
    ast.UnaryExpr: _unary,
    ast.BinaryExpr: _binary,
}
