"""Function literals, method values and method expressions; thunks for go and defer."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.ir import Attribute, SSAValue

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.irgen import call, wrappers
from goir.irgen.context import PRIVATE, UNIT
from goir.irgen.func import FuncGen, generate_body
from goir.irgen.variables import Facts, Function
from goir.syntax import ast
from goir.types import types as T
from goir.types.info import Selection
from goir.types.objects import Func


def func_lit(g: FuncGen, e: ast.FuncLit) -> SSAValue:
    """A function literal: a function of its own, and a closure of it with what it captures."""
    symbol = literal_function(g, e)
    sig = g.info.types[e].type.underlying
    assert isinstance(sig, T.Signature)
    values: list[SSAValue] = []
    for var in g.facts.functions[e].captures:
        if g.is_boxed(var):
            ptr = g.box(var, e.pos)
            assert ptr is not None
            values.append(ptr)
        else:
            values.append(g.read(var, e.pos))
    return g.closure(symbol, g.t.signature(sig), e.pos, values)


def literal_function(g: FuncGen, e: ast.FuncLit) -> str:
    """Generates the function of a function literal; answers its symbol."""
    fn = g.facts.functions[e]
    g.lits += 1
    # gc's names: main.f.func1, within a literal main.f.func1.1
    symbol = g.mod.unique(f"{g.symbol}.{g.lits}" if g.is_lit else f"{g.lit_base or g.symbol}.func{g.lits}")
    sig = g.info.types[e].type.underlying
    assert isinstance(sig, T.Signature)
    inner = FuncGen(g.mod, symbol, g.info, g.pkg, g.facts, fn)
    inner.is_lit = True
    generate_body(inner, e.type, sig, None, e.body, list(fn.captures), {"sym_visibility": PRIVATE})
    return symbol


def method_value(g: FuncGen, e: ast.SelectorExpr, selection: Selection) -> SSAValue:
    """`x.m` not called: a closure that holds the receiver."""
    instance = g.info.instances.get(e.sel)
    p = call.method_callee(g, e, selection, instance[0] if instance is not None else ())
    method = selection.obj
    assert isinstance(method, Func)
    t = g.t.signature(p.signature or method.signature)
    if p.kind == "interface":
        properties = {"method": g.mod.string(p.symbol), "pkg": g.mod.string(p.pkg)}
        return g.value(go.BoundMethodOp, p.operands, t, e.pos, properties)
    symbol = p.symbol + "-fm"
    if symbol not in g.mod.wrappers:
        g.mod.wrappers.add(symbol)
        inner = FuncGen(g.mod, symbol, g.info, g.pkg, Facts(), Function(None))
        receiver = p.operands[0].type
        args = inner.add_params([*t.params.data, receiver], e.pos)
        p.pos = e.pos
        p.result_types = list(t.results.data)
        forward_recover(inner, p, [args[-1]])
        results = call.perform(inner, p, [args[-1], *args[:-1]])
        inner.end(go.ReturnOp.create(operands=results, location=g.mod.loc(e.pos)))
        inner.finish(t, [receiver], e.pos, {"sym_visibility": PRIVATE, "wrapper": UNIT})
    return g.closure(symbol, t, e.pos, p.operands)


def method_expression(g: FuncGen, e: ast.SelectorExpr, selection: Selection) -> SSAValue:
    """`T.m`: a function that takes the receiver as its first parameter."""
    method = selection.obj
    assert isinstance(method, Func)
    arguments, t = g.info.instances.get(e.sel) or ((), g.type_of(e))
    symbol = wrappers.method_function(g.mod, selection.recv, method, selection.index, arguments)
    return g.closure(symbol, g.t(t), e.pos)


def forward_recover(g: FuncGen, p: call.Prepared, operands: Sequence[SSAValue]) -> None:
    """In a function that only makes the call `p`: what it calls may recover in its place."""
    if not p.recovers:
        return
    properties: dict[str, Attribute] = {"self": g.mod.symbol(g.symbol)}
    target: Sequence[SSAValue] = ()
    if p.kind == "static":
        properties["callee"] = g.mod.symbol(p.symbol)
    else:
        target = operands[:1]
        if p.kind == "interface":
            properties["method"] = g.mod.string(p.symbol)
    g.op(go.RecoverForwardOp, target, (), p.pos, properties)


def deferred_call(g: FuncGen, e: ast.CallExpr, kind: str) -> SSAValue:
    """The call of a go or defer statement as a `func()` with its operands evaluated now.

    `kind` names the thunk: gowrap, deferwrap."""
    p = call.prepare(g, e)
    operands = p.operands
    if not p.result_types:
        if p.kind == "closure" and len(operands) == 1:
            f = operands[0]
            return f if f.type == gt.NULLARY_FUNC else g.value(go.ConvertOp, (f,), gt.NULLARY_FUNC, e.pos)
        if p.kind == "static" and not operands:
            return g.closure(p.symbol, gt.NULLARY_FUNC, e.pos)
    if p.kind == "interface" and g.nil_checks:
        _check_interface(g, operands[0], e.pos)
    if p.uses_token and g.recover_flag is not None:
        # Not the thunk recovers, but this function.
        operands = [g.recover_flag]
        p.run = _ask_to_recover
    g.thunks += 1
    symbol = g.mod.unique(f"{g.symbol}.{kind}{g.thunks}")
    inner = FuncGen(g.mod, symbol, g.info, g.pkg, Facts(), Function(None))
    types = [v.type for v in operands]
    args = inner.add_params(types, e.pos)
    properties: dict[str, Attribute] = {"sym_visibility": PRIVATE}
    if p.uses_token and g.recover_flag is None:
        inner.use_token(e.pos)
    else:
        properties["wrapper"] = UNIT
        if kind == "deferwrap" and not p.uses_token:
            forward_recover(inner, p, args)
    call.perform(inner, p, args)
    if not inner.dead:
        inner.end(go.ReturnOp.create(location=g.mod.loc(e.pos)))
    inner.finish(gt.NULLARY_FUNC, types, e.pos, properties)
    return g.closure(symbol, gt.NULLARY_FUNC, e.pos, operands)


def _ask_to_recover(g: FuncGen, operands: list[SSAValue]) -> list[SSAValue]:
    g.store(g.bool_const(True, 0), operands[0], 0)
    return []


def _check_interface(g: FuncGen, value: SSAValue, pos: int) -> None:
    """`go x.m()` and `defer x.m()` panic at once if the interface x is nil."""
    is_nil = g.cmp("eq", value, g.zero(value.type, pos), pos)
    bad, good = g.new_block(), g.new_block()
    g.branch(is_nil, bad, good, pos)
    g.start(bad)
    wrappers.call_recorder(g, "panicnil", [], pos)
    g.start(good)
