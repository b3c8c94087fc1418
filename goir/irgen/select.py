"""Select statements."""

from __future__ import annotations

from typing import NamedTuple

from xdsl.dialects.builtin import ArrayAttr, i1
from xdsl.ir import Attribute, SSAValue

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.irgen import assign, expr
from goir.irgen.context import UNIT
from goir.irgen.errors import Unsupported
from goir.irgen.func import FuncGen, Target
from goir.syntax import ast
from goir.types import types as T
from goir.types.objects import Var
from goir.types.universe import TYP_BOOL


class _Case(NamedTuple):
    clause: ast.CommClause
    chan: SSAValue
    elem: T.Type
    value: SSAValue | None  # what is sent
    recv: ast.Stmt | None


def _receive(comm: ast.Stmt) -> ast.UnaryExpr:
    e = comm.x if isinstance(comm, ast.ExprStmt) else comm.rhs[0] if isinstance(comm, ast.AssignStmt) else None
    e = ast.unparen(e) if e is not None else None
    if not isinstance(e, ast.UnaryExpr) or e.op != "<-":
        raise Unsupported(comm.pos, "this select case")
    return e


def select_stmt(g: FuncGen, s: ast.Stmt, label: str | None) -> None:
    """`select { case … }`: channels and values are evaluated once, in order; then one case is chosen."""
    from goir.irgen import stmt

    assert isinstance(s, ast.SelectStmt)
    cases: list[_Case] = []
    default: ast.CommClause | None = None
    for clause in s.body.list:
        assert isinstance(clause, ast.CommClause)
        comm = clause.comm
        if comm is None:
            default = clause
        elif isinstance(comm, ast.SendStmt):
            u = g.type_of(comm.chan).underlying
            assert isinstance(u, T.Chan)
            chan = expr.expr(g, comm.chan)
            cases.append(_Case(clause, chan, u.elem, expr.expr_as(g, comm.value, u.elem), None))
        else:
            e = _receive(comm)
            u = g.type_of(e.x).underlying
            assert isinstance(u, T.Chan)
            cases.append(_Case(clause, expr.expr(g, e.x), u.elem, None, comm))
    values = [c.value for c in cases if c.value is not None]
    received: list[Attribute] = [g.t(c.elem) for c in cases if c.value is None]
    properties: dict[str, Attribute] = {
        "dirs": ArrayAttr([g.mod.string("recv" if c.value is None else "send") for c in cases])
    }
    if default is not None:
        properties["has_default"] = UNIT
    op = g.op(go.SelectOp, [*(c.chan for c in cases), *values], (gt.INT, i1, *received), s.pos, properties)
    chosen, ok = op.results[0], op.results[1]
    if not cases and default is None:
        g.end(go.UnreachableOp.create(location=g.mod.loc(s.pos)))
        return
    # Large values go through memory.
    results: list[tuple[SSAValue, bool]] = []
    for value, case in zip(op.results[2:], (c for c in cases if c.value is None), strict=True):
        large = g.t.is_large(case.elem)
        if large:
            ptr = g.alloc(value.type, s.pos)
            g.store(value, ptr, s.pos)
            results.append((ptr, True))
        else:
            results.append((value, False))
    done = g.new_block()
    bodies = [g.new_block() for _ in cases]
    last = len(cases) - 1
    for i, body in enumerate(bodies):
        if i == last and default is None:
            g.jump(body, s.pos)
            break
        following = g.new_block()
        g.branch(g.cmp("eq", chosen, g.int_const(i, s.pos), s.pos), body, following, s.pos)
        g.start(following)
    g.targets.append(Target(s, label, done, None))
    if default is not None:
        stmt.block(g, default.body)
        g.jump(done, default.pos)
    n = 0
    for case, body in zip(cases, bodies, strict=True):
        g.start(body)
        if case.recv is not None:
            value, large = results[n]
            n += 1
            if isinstance(case.recv, ast.AssignStmt):
                if large:
                    value = g.load(value, g.t(case.elem), case.recv.pos)
                _assign(g, case.recv, value, case.elem, ok)
        stmt.block(g, case.clause.body)
        g.jump(done, case.clause.pos)
    g.targets.pop()
    g.start(done)


def _assign(g: FuncGen, s: ast.AssignStmt, value: SSAValue, t: T.Type, ok: SSAValue) -> None:
    """`v, ok = <-c` of the case that was chosen."""
    pairs = list(zip(s.lhs, ((value, t), (ok, TYP_BOOL)), strict=False))
    if s.tok == ":=":
        for e, (v, source) in pairs:
            var = g.info.defs.get(e) if isinstance(e, ast.Ident) else None
            if isinstance(var, Var) and var.name != "_":
                g.declare(var, g.convert(v, source, var.type, e.pos), e.pos)
        return
    targets = [assign.target(g, e) for e, _ in pairs]
    for to, (_, (v, source)) in zip(targets, pairs, strict=True):
        if to.type is not None:
            to.store(g, g.convert(v, source, to.type, to.pos))
