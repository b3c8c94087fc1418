"""Defer and go statements, and the blocks around a function that defers (docs/dialect-go.md, "Panics and defers")."""

from __future__ import annotations

from xdsl.dialects.builtin import i1
from xdsl.ir import SSAValue

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.irgen import closure
from goir.irgen.context import UNIT
from goir.irgen.func import FuncGen
from goir.irgen.ssa import BB
from goir.syntax import ast


def open_defers(g: FuncGen, pos: int) -> None:
    """Ends the entry block: from here on panics go to the block that `close_defers` fills."""
    if g.fn.defers_recover:
        g.recover_flag = g.alloc(i1, pos)
    g.defers = g.value(go.DefersOp, (), gt.DEFERS, pos)
    g.exit = g.new_block()
    body = g.new_block()
    g.panicking = g.new_block()
    g.block.add_op(go.ProtectOp.create(successors=[body.block, g.panicking.block], location=g.mod.loc(pos)))
    g.ssa.protect_edges(g.bb, body, g.panicking)
    g.start(body)


def leave(g: FuncGen, pos: int) -> None:
    """Returns from a function with deferred calls; its results are in their variables."""
    assert g.exit is not None
    g.returns.add(pos)
    g.jump(g.exit, pos)


def close_defers(g: FuncGen, pos: int) -> None:
    """Adds the blocks that run the deferred calls, after the body is complete. In traces the function stands at its
    return statement then, as far as there is one."""
    if len(g.returns) == 1:
        (pos,) = g.returns
    defers, exit_, panicking = g.defers, g.exit, g.panicking
    assert defers is not None and exit_ is not None and panicking is not None
    loc = g.mod.loc(pos)

    following, run, leave = g.new_block(), g.new_block(), g.new_block()
    g.start(panicking)
    g.op(go.PanicEnterOp, (defers,), (), pos)
    g.jump(following, pos)
    g.start(following, seal=False)
    pop_op = g.op(go.DeferPopOp, (defers,), (i1, gt.NULLARY_FUNC), pos)
    g.branch(pop_op.results[0], run, leave, pos)
    g.start(run)
    f = pop_op.results[1]
    g.op(go.PanicCallOp, (defers, f), (), pos)
    g.op(go.CallClosureOp, (f,), (), pos)
    if g.recover_flag is not None:
        g.store(g.bool_const(False, pos), g.recover_flag, pos)
    recovered = g.value(go.PanicDoneOp, (defers,), i1, pos)
    g.branch(recovered, exit_, following, pos)
    g.start(leave)
    g.end(go.UnwindOp.create(location=loc))

    call, done = g.new_block(), g.new_block()
    g.start(exit_, seal=False)
    pop_op = g.op(go.DeferPopOp, (defers,), (i1, gt.NULLARY_FUNC), pos)
    g.branch(pop_op.results[0], call, done, pos)
    g.start(call)
    g.op(go.CallClosureOp, (pop_op.results[1],), (), pos)
    if g.recover_flag is not None:
        _recover_if_asked(g, g.recover_flag, exit_, pos)
    g.jump(exit_, pos)
    g.start(done)
    values: list[SSAValue] = []
    for slot in g.results:
        assert slot.ptr is not None
        values.append(g.load(slot.ptr, g.t(slot.type), pos))
    g.end(go.ReturnOp.create(operands=values, location=loc))


def _recover_if_asked(g: FuncGen, flag: SSAValue, exit_: BB, pos: int) -> None:
    """After a deferred call on the way out: `defer recover()` counts as a call of recover by this function."""
    assert g.token is not None
    asked = g.new_block()
    g.branch(g.load(flag, i1, pos), asked, exit_, pos)
    g.start(asked)
    g.store(g.bool_const(False, pos), flag, pos)
    g.value(go.RecoverOp, (g.token,), gt.EMPTY_INTERFACE, pos)


def defer_stmt(g: FuncGen, s: ast.DeferStmt) -> None:
    """`defer f(x)`"""
    assert g.defers is not None
    assert isinstance(s.call, ast.CallExpr)
    f = closure.deferred_call(g, s.call, "deferwrap")
    once = g.loop_depth == 0 and not g.fn.labels and g.body is None
    g.op(go.DeferOp, (g.defers, f), (), s.pos, {"once": UNIT} if once else {})


def go_stmt(g: FuncGen, s: ast.GoStmt) -> None:
    """`go f(x)`"""
    assert isinstance(s.call, ast.CallExpr)
    f = closure.deferred_call(g, s.call, "gowrap")
    g.op(go.GoOp, (f,), (), s.pos)
