"""Statements."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.ir import SSAValue

from goir.dialects import go
from goir.irgen import assign, call, defer, expr, order, rangefunc, rangestmt, select, switchstmt
from goir.irgen.errors import Unsupported
from goir.irgen.func import FuncGen, Target
from goir.irgen.ssa import BB
from goir.syntax import ast
from goir.types import types as T
from goir.types.objects import Var


def block(g: FuncGen, statements: Sequence[ast.Stmt]) -> None:
    """A list of statements. What cannot be reached is left out (only a label makes code reachable again)."""
    for s in statements:
        if g.dead and s.__class__ is not ast.LabeledStmt:
            continue
        stmt(g, s)


def stmt(g: FuncGen, s: ast.Stmt, label: str | None = None) -> None:
    """One statement; `label` is its own label."""
    g.pos = s.pos
    handler = _HANDLERS.get(s.__class__)
    if handler is not None:
        handler(g, s)
        return
    labelled = _LABELLED.get(s.__class__)
    if labelled is None:
        raise Unsupported(s.pos, "this statement")
    labelled(g, s, label)


def _expr_stmt(g: FuncGen, s: ast.Stmt) -> None:
    assert isinstance(s, ast.ExprStmt)
    x = ast.unparen(s.x)
    if isinstance(x, ast.CallExpr):
        call.call(g, x)
    else:
        expr.expr(g, x)


def _send(g: FuncGen, s: ast.Stmt) -> None:
    assert isinstance(s, ast.SendStmt)
    u = g.type_of(s.chan).underlying
    assert isinstance(u, T.Chan)
    order.calls_first(g, (s.chan, s.value))
    chan = expr.expr(g, s.chan)
    value = expr.expr_as(g, s.value, u.elem)
    g.op(go.SendOp, (chan, value), (), s.arrow)


def _decl(g: FuncGen, s: ast.Stmt) -> None:
    assert isinstance(s, ast.DeclStmt)
    if s.decl.tok == "var":
        for spec in s.decl.specs:
            if isinstance(spec, ast.ValueSpec):
                assign.value_spec(g, spec)


def _block(g: FuncGen, s: ast.Stmt) -> None:
    assert isinstance(s, ast.BlockStmt)
    block(g, s.list)


def _assign(g: FuncGen, s: ast.Stmt) -> None:
    assert isinstance(s, ast.AssignStmt)
    assign.assign_stmt(g, s)


def _inc_dec(g: FuncGen, s: ast.Stmt) -> None:
    assert isinstance(s, ast.IncDecStmt)
    assign.inc_dec(g, s)


def _if(g: FuncGen, s: ast.Stmt) -> None:
    done: BB | None = None
    chain: ast.Stmt | None = s
    # A long else-if chain is a loop here, not a recursion.
    while isinstance(chain, ast.IfStmt):
        if chain.init is not None:
            stmt(g, chain.init)
        then, else_ = g.new_block(), g.new_block()
        expr.condition(g, chain.cond, then, else_)
        g.start(then)
        if done is None:
            done = g.new_block()
        if not g.dead:
            block(g, chain.body.list)
            g.jump(done, chain.body.rbrace)
        g.start(else_)
        chain = chain.else_
        if g.dead:
            chain = None
    if chain is not None:
        assert isinstance(chain, ast.BlockStmt)
        block(g, chain.list)
    assert done is not None
    g.jump(done, s.pos)
    g.start(done)


def return_variables(g: FuncGen, pos: int) -> None:
    """Returns what the result variables hold (nothing, in a function without results)."""
    if g.body is not None:
        rangefunc.return_from_body(g, None, pos)
        return
    if g.defers is not None:
        defer.leave(g, pos)
        return
    values: list[SSAValue] = []
    for slot in g.results:
        if slot.var is not None:
            values.append(g.read(slot.var, pos))
        else:
            values.append(g.zero(g.t(slot.type), pos))
    g.end(go.ReturnOp.create(operands=values, location=g.mod.loc(pos)))


def return_slots(g: FuncGen, pos: int) -> None:
    """Returns the results that are stored in the result slots."""
    if g.defers is not None:
        defer.leave(g, pos)
        return
    values: list[SSAValue] = []
    for slot in g.results:
        assert slot.ptr is not None
        values.append(g.load(slot.ptr, g.t(slot.type), pos))
    g.end(go.ReturnOp.create(operands=values, location=g.mod.loc(pos)))


def _return(g: FuncGen, s: ast.Stmt) -> None:
    assert isinstance(s, ast.ReturnStmt)
    if not s.results:
        return_variables(g, s.pos)
        return
    if len(s.results) == len(g.results):
        order.calls_first(g, s.results)
        values = [expr.expr_as(g, e, slot.type) for e, slot in zip(s.results, g.results, strict=True)]
    else:
        found, types = expr.multi(g, s.results[0])
        values = [g.convert(v, t, slot.type, s.pos) for v, t, slot in zip(found, types, g.results, strict=True)]
    if g.body is not None:
        rangefunc.return_from_body(g, values, s.pos)
        return
    if g.defers is None:
        g.end(go.ReturnOp.create(operands=values, location=g.mod.loc(s.pos)))
        return
    for value, slot in zip(values, g.results, strict=True):
        assert slot.ptr is not None
        g.store(value, slot.ptr, s.pos)
    defer.leave(g, s.pos)


# Jumps and loops -----------------------------------------------------------------------------------------------------


def _labeled(g: FuncGen, s: ast.Stmt) -> None:
    assert isinstance(s, ast.LabeledStmt)
    name = s.label.name
    if name in g.fn.labels:
        target = label_block(g, name)
        g.jump(target, s.pos)
        g.start(target, seal=False)
    elif g.dead:
        return
    inner = s.stmt
    if inner.__class__ in _LABELLED:
        stmt(g, inner, name)
    else:
        stmt(g, inner)


def label_block(g: FuncGen, name: str) -> BB:
    """The block of a label that gotos lead to."""
    bb = g.labels.get(name)
    if bb is None:
        bb = g.labels[name] = g.new_block()
    return bb


def _branch(g: FuncGen, s: ast.Stmt) -> None:
    assert isinstance(s, ast.BranchStmt)
    if s.tok == "goto":
        assert s.label is not None and s.target is not None
        name, pos = s.label.name, s.target.pos
        _go_to(g, s, lambda around: _label_in(around, name, pos))
        return
    if s.tok == "fallthrough":
        if g.fallthrough is None:
            raise Unsupported(s.pos, "this fallthrough")
        g.jump(g.fallthrough, s.pos)
        return
    _go_to(g, s, lambda around: _find_target(around, s))


def _go_to(g: FuncGen, s: ast.BranchStmt, find: Callable[[FuncGen], BB | None]) -> None:
    """Jumps to the block that `find` finds in this function or, if this is the body of a range loop, around it."""
    to = find(g)
    if to is not None:
        g.jump(to, s.pos)
    else:
        rangefunc.leave_body(g, find, s.pos)


def _label_in(g: FuncGen, name: str, pos: int) -> BB | None:
    """The block of a label at `pos`, if it is in this function."""
    if g.body is not None and not g.body.stmt.pos <= pos < g.body.stmt.end:
        return None
    return label_block(g, name)


def _find_target(g: FuncGen, s: ast.BranchStmt) -> BB | None:
    """Where in this function a break or continue leads to."""
    for target in reversed(g.targets):
        if s.label is not None and target.label != s.label.name:
            continue
        if s.tok == "break":
            return target.break_
        if target.continue_ is not None:
            return target.continue_
    return None


def _for(g: FuncGen, s: ast.Stmt, label: str | None) -> None:
    assert isinstance(s, ast.ForStmt)
    renewed: list[Var] = []
    if s.init is not None:
        stmt(g, s.init)
        if isinstance(s.init, ast.AssignStmt) and s.init.tok == ":=" and not g.pkg.shares_loop_variables(s.pos):
            for name in s.init.lhs:
                var = g.object_of(name)
                if (
                    isinstance(var, Var)
                    and (var in g.facts.captured or var in g.facts.address_taken)
                    and var in g.boxes
                ):
                    renewed.append(var)
    # Each iteration has its own copy of a variable that closures or pointers can keep.
    for var in renewed:
        g.renew_box_each_iteration(var)
    header, body, post, done = g.new_block(), g.new_block(), g.new_block(), g.new_block()
    g.jump(header, s.pos)
    g.start(header, seal=False)
    if s.cond is not None:
        expr.condition(g, s.cond, body, done)
    else:
        g.jump(body, s.pos)
    g.start(body)
    g.targets.append(Target(s, label, done, post))
    g.loop_depth += 1
    if not g.dead:
        block(g, s.body.list)
    g.targets.pop()
    g.jump(post, s.body.rbrace)
    g.start(post)
    if not g.dead:
        for var in renewed:
            g.copy_loop_variable(var, var.pos)
        if s.post is not None:
            stmt(g, s.post)
        g.jump(header, s.pos)
    g.loop_depth -= 1
    g.ssa.seal(header)
    g.start(done)


def _go(g: FuncGen, s: ast.Stmt) -> None:
    assert isinstance(s, ast.GoStmt)
    defer.go_stmt(g, s)


def _defer(g: FuncGen, s: ast.Stmt) -> None:
    assert isinstance(s, ast.DeferStmt)
    defer.defer_stmt(g, s)


def _empty(g: FuncGen, s: ast.Stmt) -> None:
    pass


_HANDLERS: dict[type[ast.Stmt], Callable[[FuncGen, ast.Stmt], None]] = {
    ast.AssignStmt: _assign,
    ast.BlockStmt: _block,
    ast.BranchStmt: _branch,
    ast.DeclStmt: _decl,
    ast.DeferStmt: _defer,
    ast.EmptyStmt: _empty,
    ast.ExprStmt: _expr_stmt,
    ast.GoStmt: _go,
    ast.IfStmt: _if,
    ast.IncDecStmt: _inc_dec,
    ast.LabeledStmt: _labeled,
    ast.ReturnStmt: _return,
    ast.SendStmt: _send,
}
_LABELLED: dict[type[ast.Stmt], Callable[[FuncGen, ast.Stmt, str | None], None]] = {
    ast.ForStmt: _for,
    ast.RangeStmt: rangestmt.range_stmt,
    ast.SelectStmt: select.select_stmt,
    ast.SwitchStmt: switchstmt.switch_stmt,
    ast.TypeSwitchStmt: switchstmt.type_switch_stmt,
}
