"""Range loops over functions: the body becomes a function that the iterator calls.

    for x := range seq { body }      ⇒      state = ready; seq(func(x T) bool { …; return true }); what the body wants

The body function answers false to leave the loop. Where control goes then is in a variable `next` of the enclosing
function: 0 on behind the loop, -1 return (the results are stored), else one of the jumps out of the loop. `state` finds
iterators that call the body when they must not (gc's RF_… states)."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.ir import Attribute, SSAValue

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.irgen import assign, expr, wrappers
from goir.irgen.context import PRIVATE
from goir.irgen.errors import Unsupported
from goir.irgen.func import FuncGen, ResultSlot, Target
from goir.syntax import ast
from goir.types import types as T
from goir.types.objects import Var

DONE, READY, PANIC, EXHAUSTED, MISSING_PANIC = range(5)
RETURN = -1

Exit = tuple[Target, str]
"""A break or continue of a statement around the loop."""


class Body:
    """What the function of a loop's body knows of the loop."""

    def __init__(self, parent: FuncGen, stmt: ast.RangeStmt, state: SSAValue, next_: SSAValue) -> None:
        self.parent = parent
        self.stmt = stmt
        self.state = state
        self.next = next_
        self.exits: dict[Exit, int] = {}
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
    types: list[Attribute] = [v.type for v in values]
    function_type = g.t.signature(signature)
    args = inner.add_params([*function_type.params.data, *types], pos)
    own = args[len(function_type.params.data) :]
    for var, arg in zip(captured, own, strict=False):
        (inner.boxes if g.is_boxed(var) else inner.values)[var] = arg
    body = inner.body = Body(g, s, own[len(captured)], own[len(captured) + 1])
    for slot, ptr in zip(g.results, own[len(captured) + 2 :], strict=True):
        copy = ResultSlot(slot.type, slot.var)
        copy.ptr = ptr
        inner.results.append(copy)
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


def leave_body(g: FuncGen, find: Callable[[FuncGen], Target | None], tok: str, pos: int) -> None:
    """A break or continue of a statement around the loop that this body belongs to."""
    body = g.body
    around = body
    while around is not None:
        target = find(around.parent)
        if target is not None:
            assert body is not None
            number = _register(body, (target, tok))
            _set(g, body.next, number, pos)
            _stop(g, pos)
            return
        around = around.parent.body
    raise Unsupported(pos, f"this {tok}")


def _register(body: Body, exit_: Exit) -> int:
    """The number of a jump, the same in all bodies it leaves."""
    number = body.exits.get(exit_)
    if number is None:
        outer = body.parent
        if exit_[0] in outer.targets or outer.body is None:
            # Numbers are unique within the outermost function.
            root = outer
            while root.body is not None:
                root = root.body.parent
            root.range_exits += 1
            number = root.range_exits
        else:
            number = _register(outer.body, exit_)
        body.exits[exit_] = number
    return number


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

    def jump(target: Target, tok: str) -> None:
        if target not in g.targets:
            _stop(g, pos)  # `next` stays: the loop around this one looks at it too
            return
        _set(g, next_, 0, pos)
        to = target.break_ if tok == "break" else target.continue_
        assert to is not None
        g.jump(to, pos)

    def leave() -> None:
        if g.body is not None:
            g.body.returns = True
            _stop(g, pos)
        else:
            stmt.return_slots(g, pos)

    if body.returns:
        on(RETURN, leave)
    for (target, tok), number in body.exits.items():
        on(number, lambda target=target, tok=tok: jump(target, tok))
