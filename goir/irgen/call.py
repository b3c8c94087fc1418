"""Calls: operands are evaluated first (`prepare`), then the call is made (`perform`): here, or in a thunk."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from xdsl.ir import Attribute, SSAValue

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.irgen import builtin, const, expr, order, place
from goir.irgen.errors import Unsupported
from goir.irgen.func import FuncGen
from goir.irgen.ssa import segments
from goir.irgen.types import is_interface
from goir.syntax import ast
from goir.types import types as T
from goir.types.info import Selection
from goir.types.objects import Builtin, Func

_ATOMIC = re.compile(r"(atomicload|atomicstore|atomicstorerel|xchg|cas|xadd|and|or)(8|32|64|ptr)$")
"""Intrinsics whose first operand is an address that may be nil."""


class Prepared:
    """A call whose operands are evaluated.

    `kind`: "static" (`symbol`), "closure" and "interface" (the first operand is the function or the interface value),
    "intrinsic" and "park" (`symbol`), "yield", "builtin" (`run` emits it).
    `recovers`: whether the callee may be able to call recover on behalf of who defers this call."""

    __slots__ = (
        "kind",
        "operands",
        "pkg",
        "pos",
        "recovers",
        "result_types",
        "run",
        "signature",
        "symbol",
        "uses_token",
    )

    def __init__(
        self, kind: str, symbol: str, operands: list[SSAValue], result_types: list[Attribute], pos: int
    ) -> None:
        self.kind = kind
        self.symbol = symbol
        self.pkg = ""
        self.operands = operands
        self.result_types = result_types
        self.pos = pos
        self.recovers = False
        self.run: Callable[[FuncGen, list[SSAValue]], list[SSAValue]] | None = None
        self.uses_token = False
        #: Of a static method.
        self.signature: T.Signature | None = None


def call(g: FuncGen, e: ast.CallExpr) -> list[SSAValue]:
    """Evaluates a call (or conversion); answers its results."""
    fun_type = g.info.types.get(e.fun)
    if fun_type is not None and fun_type.mode == "type":
        return [conversion(g, e, fun_type.type)]
    if g.made and e in g.made:
        return g.made.pop(e)
    p = prepare(g, e)
    return perform(g, p, p.operands)


def perform(g: FuncGen, p: Prepared, operands: list[SSAValue]) -> list[SSAValue]:
    """Makes a prepared call with the given operands."""
    kind = p.kind
    if kind == "static":
        op = g.op(go.CallOp, operands, p.result_types, p.pos, {"callee": g.mod.symbol(p.symbol)})
    elif kind == "closure":
        op = g.op(go.CallClosureOp, operands, p.result_types, p.pos)
    elif kind == "interface":
        properties = {"method": g.mod.string(p.symbol), "pkg": g.mod.string(p.pkg)}
        op = g.op(go.CallInterfaceOp, operands, p.result_types, p.pos, properties)
    elif kind == "builtin":
        assert p.run is not None
        return p.run(g, operands)
    elif kind == "yield":
        op = g.op(go.YieldOp, (), (), p.pos)
    elif kind == "park":
        op = g.op(go.ParkOp, operands, (), p.pos, {"hook": g.mod.symbol(p.symbol)})
    elif p.symbol == "raise":
        g.end(go.RaiseOp.create(location=g.mod.loc(p.pos)))
        return []
    else:
        if _ATOMIC.match(p.symbol) and isinstance(operands[0].type, gt.PtrType):
            operands = [g.nil_check(operands[0], p.pos), *operands[1:]]
        op = g.op(go.IntrinsicOp, operands, p.result_types, p.pos, {"intrinsic": g.mod.string(p.symbol)})
    return list(op.results)


def prepare(g: FuncGen, e: ast.CallExpr) -> Prepared:
    """Evaluates function and arguments of a call that is no conversion."""
    fun = ast.unparen(e.fun)
    name = fun.sel if isinstance(fun, ast.SelectorExpr) else fun
    obj = g.object_of(name)
    if isinstance(obj, Builtin):
        return builtin.prepare(g, e, obj.name)
    t = g.type_of(fun)
    if isinstance(fun, (ast.IndexExpr, ast.IndexListExpr)) and is_generic_function(g, fun.x):
        fun = ast.unparen(fun.x)
        name = fun.sel if isinstance(fun, ast.SelectorExpr) else fun
        obj = g.object_of(name)
    arguments_of: list[T.Type] = []
    instance = g.info.instances.get(name) if isinstance(name, ast.Ident) and isinstance(obj, Func) else None
    if instance is not None:
        arguments_of, t = instance
    sig = t.underlying
    if not isinstance(sig, T.Signature):
        raise Unsupported(e.pos, "this call")
    results = [g.t(v.type) for v in sig.results.vars]
    if e.args:
        order.calls_first(g, [fun.x if isinstance(fun, ast.SelectorExpr) else fun, *e.args])
    if isinstance(fun, ast.SelectorExpr):
        selection = g.info.selections.get(fun)
        if selection is not None and selection.kind == "method_val":
            p = method_callee(g, fun, selection, arguments_of)
            p.operands.extend(arguments(g, e, sig))
            p.result_types = results
            p.pos = e.lparen
            return p
        if selection is not None and selection.kind == "method_expr" and not is_interface(selection.recv):
            from goir.irgen import wrappers

            symbol = wrappers.method_function(g.mod, selection.recv, selection.obj, selection.index, arguments_of)
            p = Prepared("static", symbol, arguments(g, e, sig), results, e.lparen)
            p.recovers = isinstance(selection.obj, Func) and g.mod.meta(selection.obj, arguments_of).recovers
            return p
    if isinstance(obj, Func) and (not isinstance(fun, ast.SelectorExpr) or fun not in g.info.selections):
        return _function(g, e, obj, sig, results, arguments_of)
    f = expr.expr(g, fun)
    p = Prepared("closure", "", [f], results, e.lparen)
    p.operands.extend(arguments(g, e, sig))
    p.recovers = True
    return p


def is_generic_function(g: FuncGen, x: ast.Expr) -> bool:
    """Whether `x[…]` is an instance of a generic function and no element."""
    x = ast.unparen(x)
    obj = g.object_of(x.sel if isinstance(x, ast.SelectorExpr) else x)
    return isinstance(obj, Func)


def _function(
    g: FuncGen,
    e: ast.CallExpr,
    func: Func,
    sig: T.Signature,
    results: list[Attribute],
    type_arguments: list[T.Type],
) -> Prepared:
    meta = g.mod.meta(func, type_arguments)
    intrinsic = meta.directives.get("intrinsic")
    if intrinsic in ("park1", "park"):
        hook = ast.unparen(e.args[0])
        hook_func = g.object_of(hook.sel if isinstance(hook, ast.SelectorExpr) else hook)
        if not isinstance(hook_func, Func):
            raise Unsupported(e.pos, "a hook that is not the name of a function")
        operands = [expr.expr_as(g, a, v.type) for a, v in zip(e.args[1:], sig.params.vars[1:], strict=True)]
        return Prepared("park", g.mod.meta(hook_func).symbol, operands, [], e.lparen)
    operands = arguments(g, e, sig)
    if intrinsic is not None:
        return Prepared("intrinsic", intrinsic, operands, results, e.lparen)
    if func.name == "Gosched" and func.pkg is not None and func.pkg.path == "runtime" and func.pkg is not g.pkg:
        return Prepared("yield", "", [], [], e.lparen)
    p = Prepared("static", meta.symbol, operands, results, e.lparen)
    p.recovers = meta.recovers
    return p


def method_callee(g: FuncGen, e: ast.SelectorExpr, selection: Selection, arguments: Sequence[T.Type] = ()) -> Prepared:
    """Evaluates x of `x.m`: the callee with the receiver as first operand. `arguments`: type arguments of m."""
    start = place.place_of(g, e.x)
    return callee_at(g, start, selection.index[:-1], selection.obj, e.sel.pos, arguments)


def callee_at(
    g: FuncGen, start: place.Place, path: list[int], method: object, pos: int, arguments: Sequence[T.Type] = ()
) -> Prepared:
    """A method of what is at `start`, through embedded fields: the callee with the receiver as first operand."""
    assert isinstance(method, Func)
    at = place.fields(g, start, path, pos)
    t = at.type
    if is_interface(t):
        pkg = "" if method.exported() or method.pkg is None else method.pkg.path
        p = Prepared("interface", method.name, [at.load(g, pos)], [], pos)
        p.pkg = pkg
        p.recovers = method.name in g.mod.recovering_methods
        return p
    recv = method.signature.recv
    assert recv is not None
    if isinstance(recv.type, T.Pointer):
        if isinstance(t.underlying, T.Pointer):
            receiver = at.load(g, pos)
        elif at.ptr is not None:
            receiver = at.ptr
        else:
            raise Unsupported(pos, "the address of this receiver")
    else:
        if isinstance(t.underlying, T.Pointer) and not isinstance(t, T.Named):
            at = place.deref(g, at.load(g, pos), t, pos)
        receiver = at.load(g, pos)
    meta = g.mod.meta(method, arguments)
    intrinsic = meta.directives.get("intrinsic")
    p = Prepared("static" if intrinsic is None else "intrinsic", intrinsic or meta.symbol, [receiver], [], pos)
    p.signature = meta.func.signature
    p.recovers = meta.recovers
    return p


def arguments(g: FuncGen, e: ast.CallExpr, sig: T.Signature) -> list[SSAValue]:
    """The arguments of a call as the parameters take them."""
    params = sig.params.vars
    args = e.args
    if len(args) == 1 and isinstance(getattr(g.info.types.get(args[0]), "type", None), T.Tuple):
        inner = ast.unparen(args[0])
        if isinstance(inner, ast.CallExpr):
            values, types = expr.multi(g, inner)
            fixed = len(params) - 1 if sig.variadic else len(params)
            result = [g.convert(v, t, p.type, e.pos) for v, t, p in zip(values[:fixed], types, params, strict=False)]
            if sig.variadic:
                last = params[-1].type.underlying
                assert isinstance(last, T.Slice)
                rest = [g.convert(v, t, last.elem, e.pos) for v, t in zip(values[fixed:], types[fixed:], strict=True)]
                result.append(pack(g, rest, params[-1].type, last.elem, e.pos))
            return result
    if not sig.variadic:
        return [expr.expr_as(g, a, p.type) for a, p in zip(args, params, strict=True)]
    fixed = len(params) - 1
    result = [expr.expr_as(g, a, p.type) for a, p in zip(args[:fixed], params[:fixed], strict=True)]
    t = params[-1].type
    if e.ellipsis:
        result.append(expr.expr_as(g, args[fixed], t))
        return result
    last = t.underlying
    assert isinstance(last, T.Slice)
    rest = [expr.expr_as(g, a, last.elem) for a in args[fixed:]]
    result.append(pack(g, rest, t, last.elem, e.pos))
    return result


def pack(g: FuncGen, values: list[SSAValue], t: T.Type, elem: T.Type, pos: int) -> SSAValue:
    """The slice of variadic arguments; nil if there are none."""
    attr = g.t(t)
    if not values:
        return g.zero(attr, pos)
    ptr = g.alloc(g.t(T.Array(len(values), elem)), pos)
    elem_type = g.t(elem)
    for i, value in enumerate(values):
        g.store(value, g.index_addr(ptr, g.int_const(i, pos), elem_type, pos), pos)
    return g.value(go.SliceOp, (ptr,), attr, pos, {"operandSegmentSizes": segments(1, 0, 0, 0)})


def conversion(g: FuncGen, e: ast.CallExpr, t: T.Type) -> SSAValue:
    """`T(x)`"""
    x = e.args[0]
    if g.is_nil(x):
        return g.zero(g.t(t), e.pos)
    u = t.underlying
    tv = g.info.types.get(x)
    if isinstance(u, T.Basic) and u.info & T.IS_NUMERIC and tv is not None and isinstance(tv.value, (int, Fraction)):
        # Only a conversion to a type parameter is not constant here; the constant may not fit its default type.
        return const.constant(g, tv.value, t, e.pos)
    value = expr.expr(g, x)
    return g.convert(value, g.type_of(x), t, e.pos)
