"""Range loops over functions: the body becomes a function that the iterator calls.

    for x := range seq { body }      ⇒      state = ready; seq(func(x T) bool { …; return true }); what the body wants

The body function answers false to leave the loop. Where control goes then is in a variable `next` of the enclosing
function: 0 on behind the loop, -1 return (the results are stored), else one of the jumps out of the loop. `state` finds
iterators that call the body when they must not (gc's RF_… states). What the body defers goes to the list of the enclosing
function, which it captures."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.ir import Attribute, SSAValue

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.irgen import assign, expr, wrappers
from goir.irgen.context import PRIVATE
from goir.irgen.func import FuncGen, ResultSlot, Target
from goir.irgen.ssa import BB
from goir.syntax import ast
from goir.types import types as T
from goir.types.objects import Var

DONE, READY, PANIC, EXHAUSTED, MISSING_PANIC = range(5)
RETURN = -1


class Body:
    """What the function of a loop's body knows of the loop."""

    def __init__(self, parent: FuncGen, stmt: ast.RangeStmt, state: SSAValue, next_: SSAValue) -> None:
        self.parent = parent
        self.stmt = stmt
        self.state = state
        self.next = next_
        #: Blocks around the loop that jumps in it lead to: their numbers.
        self.exits: dict[BB, int] = {}
        #: Those of them that are in the function around it.
        self.lands: set[BB] = set()
        self.returns = False


def range_func(g: FuncGen, s: ast.RangeStmt, label: str | None, u: T.Signature) -> None:
    """`for k, v := range f { … }` for a function f."""
    pos = s.pos
    f = expr.expr(g, s.x)
    yield_type = u.params.vars[0].type
    signature = yield_type.underlying
    assert isinstance(signature, T.Signature)
    state = g.alloc(gt.INT, pos)
    _set(g, state, READY, pos)
    next_ = g.body.next if g.body is not None else g.alloc(gt.INT, pos)
    fn = g.facts.functions[s]
    g.range_bodies += 1
    symbol = g.mod.unique(f"{g.symbol}-range{g.range_bodies}")
    inner = FuncGen(g.mod, symbol, g.info, g.pkg, g.facts, fn)
    inner.is_lit = True
    captured = list(fn.captures)
    values: list[SSAValue] = []
    for var in captured:
        ptr = g.box(var, pos) if g.is_boxed(var) else None
        values.append(ptr if ptr is not None else g.read(var, pos))
    slots = [slot.ptr for slot in g.results]
    values += [state, next_, *(ptr for ptr in slots if ptr is not None)]
    if fn.has_defer:
        assert g.defers is not None
        values.append(g.defers)
        if fn.defers_recover:
            assert g.recover_flag is not None
            values.append(g.recover_flag)
    types: list[Attribute] = [v.type for v in values]
    function_type = g.t.signature(signature)
    args = inner.add_params([*function_type.params.data, *types], pos)
    own = args[len(function_type.params.data) :]
    for var, arg in zip(captured, own, strict=False):
        (inner.boxes if g.is_boxed(var) else inner.values)[var] = arg
    body = inner.body = Body(g, s, own[len(captured)], own[len(captured) + 1])
    rest = iter(own[len(captured) + 2 :])
    for slot in g.results:
        copy = ResultSlot(slot.type, slot.var)
        copy.ptr = next(rest)
        inner.results.append(copy)
    if fn.has_defer:
        inner.defers = next(rest)
    if fn.defers_recover:
        inner.recover_flag = next(rest)
    _generate_body(inner, s, label, signature, args)
    inner.finish(function_type, types, pos, {"sym_visibility": PRIVATE})
    closure = g.closure(symbol, function_type, pos, values)
    g.op(go.CallClosureOp, (f, g.convert(closure, signature, yield_type, pos)), (), pos)
    _after(g, body, state, next_, pos)


def _generate_body(
    g: FuncGen, s: ast.RangeStmt, label: str | None, signature: T.Signature, args: list[SSAValue]
) -> None:
    from goir.irgen import rangestmt, stmt

    body = g.body
    assert body is not None
    pos = s.pos
    state = g.load(body.state, gt.INT, pos)
    bad, good = g.new_block(), g.new_block()
    g.branch(g.cmp("eq", state, g.int_const(READY, pos), pos), good, bad, pos)
    g.start(bad)
    wrappers.call_recorder(g, "panicrangestate", [state], pos)
    g.start(good)
    _set(g, body.state, PANIC, pos)
    params = signature.params.vars
    pairs = [(e, v, p.type) for e, v, p in zip((s.key, s.value), args, params, strict=False)]
    if s.tok == ":=":
        for e, value, t in pairs:
            var = g.info.defs.get(e) if isinstance(e, ast.Ident) and e.name != "_" else None
            if isinstance(var, Var):
                g.declare(var, g.convert(value, t, var.type, pos), pos)
    else:
        for e, value, t in pairs:
            if e is not None and not rangestmt.is_blank(e):
                to = assign.target(g, e)
                assert to.type is not None
                to.store(g, g.convert(value, t, to.type, pos))
    again, leave = g.new_block(), g.new_block()
    g.targets.append(Target(s, label, leave, again))
    stmt.block(g, s.body.list)
    g.targets.pop()
    g.jump(again, s.body.rbrace)
    g.start(again)
    if not g.dead:
        _set(g, body.state, READY, pos)
        _answer(g, True, pos)
    g.start(leave)
    if not g.dead:
        _stop(g, pos)


def _set(g: FuncGen, ptr: SSAValue, value: int, pos: int) -> None:
    g.store(g.int_const(value, pos), ptr, pos)


def _answer(g: FuncGen, more: bool, pos: int) -> None:
    g.end(go.ReturnOp.create(operands=(g.bool_const(more, pos),), location=g.mod.loc(pos)))


def _stop(g: FuncGen, pos: int) -> None:
    """In a body: leaves its loop."""
    assert g.body is not None
    _set(g, g.body.state, DONE, pos)
    _answer(g, False, pos)


def return_from_body(g: FuncGen, values: list[SSAValue] | None, pos: int) -> None:
    """A return statement in a body: the results go to the function around it (None: they are there already)."""
    body = g.body
    assert body is not None
    for value, slot in zip(values or (), g.results, strict=False):
        assert slot.ptr is not None
        g.store(value, slot.ptr, pos)
    body.returns = True
    _set(g, body.next, RETURN, pos)
    _stop(g, pos)


def leave_body(g: FuncGen, find: Callable[[FuncGen], BB | None], pos: int) -> None:
    """A jump out of the loop that this body belongs to: to the block that `find` finds in a function around it."""
    left: list[Body] = []
    to: BB | None = None
    around: FuncGen = g
    while to is None:
        assert around.body is not None
        left.append(around.body)
        around = around.body.parent
        to = find(around)
    # Numbers are unique within the outermost function.
    root = around
    while root.body is not None:
        root = root.body.parent
    number = left[-1].exits.get(to)
    if number is None:
        root.range_exits += 1
        number = root.range_exits
    for body in left:
        body.exits[to] = number
    left[-1].lands.add(to)
    _set(g, left[0].next, number, pos)
    _stop(g, pos)


def _after(g: FuncGen, body: Body, state: SSAValue, next_: SSAValue, pos: int) -> None:
    """Behind the call of the iterator: goes where the body wanted to."""
    from goir.irgen import stmt

    last = g.load(state, gt.INT, pos)
    bad, good = g.new_block(), g.new_block()
    g.branch(g.cmp("eq", last, g.int_const(PANIC, pos), pos), bad, good, pos)
    g.start(bad)
    wrappers.call_recorder(g, "panicrangestate", [g.int_const(MISSING_PANIC, pos)], pos)
    g.start(good)
    _set(g, state, EXHAUSTED, pos)
    if not body.exits and not body.returns:
        return
    wanted = g.load(next_, gt.INT, pos)

    def on(number: int, action: Callable[[], None]) -> None:
        hit, miss = g.new_block(), g.new_block()
        g.branch(g.cmp("eq", wanted, g.int_const(number, pos), pos), hit, miss, pos)
        g.start(hit)
        action()
        g.start(miss)

    def jump(to: BB) -> None:
        if to not in body.lands:
            _stop(g, pos)  # `next` stays: the loop around this one looks at it too
            return
        _set(g, next_, 0, pos)
        g.jump(to, pos)

    def leave() -> None:
        if g.body is not None:
            g.body.returns = True
            _stop(g, pos)
        else:
            stmt.return_slots(g, pos)

    if body.returns:
        on(RETURN, leave)
    for to, number in body.exits.items():
        on(number, lambda to=to: jump(to))
