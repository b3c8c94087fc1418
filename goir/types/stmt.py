"""Statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from goir.syntax import ast
from goir.syntax.gcpos import node_pos, start_pos
from goir.types import operand as op
from goir.types import typexpr
from goir.types.assignments import assign_var, assign_vars, assignment, init_vars, short_var_decl
from goir.types.call import use
from goir.types.checker import Checker, DeclInfo
from goir.types.conversions import convert_untyped
from goir.types.expr import (
    CONVERSION,
    EXPRESSION,
    STATEMENT,
    binary,
    chan_elem,
    comparison,
    expr,
    generic_expr,
    raw_expr,
    type_assertion,
)
from goir.types.literals import key_value
from goir.types.objects import Nil, Var
from goir.types.operand import Operand
from goir.types.predicates import (
    all_boolean,
    all_numeric,
    comparable,
    has_nil,
    identical,
    is_interface,
    is_type_param,
    is_valid,
)
from goir.types.returns import is_terminating
from goir.types.scope import Scope
from goir.types.types import Signature, Type
from goir.types.typestring import expr_string
from goir.types.universe import TYP_BOOL, TYP_INVALID


def func_body(
    check: Checker, decl: DeclInfo | None, sig: Signature, scope: Scope, body: ast.BlockStmt, iota: int | None
) -> None:
    """Checks a function's body."""
    env = check.save_env()
    check.decl = decl
    check.scope = scope
    check.iota = iota
    check.errpos = 0
    check.sig = sig
    check.is_panic = set()
    check.has_call_or_recv = False
    check.local_vars = []
    stmt_list(check, body.list)
    if sig.results.vars and not is_terminating(check.is_panic, body, ""):
        check.error(body.rbrace, "missing return")
    for v in check.local_vars:
        if not v.used:
            check.error(v, f"declared and not used: {v.name}")
    check.restore_env(env)


def stmt_list(check: Checker, stmts: list[Any]) -> None:
    """Checks statements in order."""
    for s in stmts:
        stmt(check, s)


def stmt(check: Checker, s: Any) -> None:
    """Checks one statement, and the function literals in it while its scope is as it was there."""
    f = _STMTS.get(s.__class__)
    if f is None:
        return  # a syntax error was reported
    top = len(check.delayed)
    check.current_pos = s.pos
    f(check, s)
    if len(check.delayed) > top:
        check.process_delayed(top)


def _expr_stmt(check: Checker, s: ast.ExprStmt) -> None:
    x = Operand()
    kind = raw_expr(check, None, x, s.x, None, False)
    if x.mode == op.BUILTIN:
        why = "must be called"
    elif x.mode == op.TYPEXPR:
        why = "is not an expression"
    elif kind == STATEMENT or x.mode == op.INVALID:
        return
    else:
        why = "is not used"
    check.error(x, f"{check.os(x)} {why}")


def _send(check: Checker, s: ast.SendStmt) -> None:
    ch, val = Operand(), Operand()
    expr(check, None, ch, s.chan)
    generic_expr(check, val, s.value, None)
    if ch.mode == op.INVALID or val.mode == op.INVALID:
        return
    elem = chan_elem(check, s.pos, ch, False)
    if elem is not None:
        assignment(check, val, elem, "send")


def _inc_dec(check: Checker, s: ast.IncDecStmt) -> None:
    x = Operand()
    expr(check, None, x, s.x)
    if x.mode == op.INVALID:
        return
    if not all_numeric(x.type):
        check.error(
            s.x,
            f"invalid operation: {expr_string(s.x)}{s.tok} (non-numeric type {check.ts(x.type)})",
        )
        return
    assign_var(check, s.x, None, x, "assignment")


def _assign(check: Checker, s: ast.AssignStmt) -> None:
    tok = s.tok
    if tok == "=":
        assign_vars(check, s.lhs, s.rhs)
    elif tok == ":=":
        short_var_decl(check, s.tok_pos, s.lhs, s.rhs)
    else:
        o = tok[:-1]
        if len(s.lhs) != 1 or len(s.rhs) != 1:
            check.error(s, f"assignment operation {o} requires single-valued expressions")
            return
        x, y = Operand(), Operand()
        expr(check, None, x, s.lhs[0])
        expr(check, None, y, s.rhs[0])
        binary(check, x, y, None, s.lhs[0], s.rhs[0], o)
        assign_var(check, s.lhs[0], None, x, "assignment")


def _go_defer(check: Checker, keyword: str, call: Any) -> None:
    if not isinstance(ast.unparen(call), ast.CallExpr):
        check.error(call, f"expression in {keyword} must be function call")
        use(check, call)
        return
    x = Operand()
    kind = raw_expr(check, None, x, call, None, False)
    if kind == STATEMENT or (x.mode == op.INVALID and kind != CONVERSION):
        return
    why = "requires function call, not conversion" if kind == CONVERSION else "discards result of"
    assert kind in (CONVERSION, EXPRESSION)
    check.error(x, f"{keyword} {why} {check.os(x)}")


def _return(check: Checker, s: ast.ReturnStmt) -> None:
    assert check.sig is not None
    results = check.sig.results.vars
    if not s.results and results and results[0].name:
        for v in results:
            alt = check.lookup(v.name)
            if alt is not None and alt is not v:
                check.report(
                    s,
                    f"result parameter {v.name} not in scope at return",
                    [(alt.pos, f"inner declaration of {check.objs(v)}")],
                )
    elif results or s.results:
        init_vars(check, results, s.results, s)


def _block(check: Checker, s: ast.BlockStmt) -> None:
    check.open_scope()
    stmt_list(check, s.list)
    check.close_scope()


def _condition(check: Checker, e: Any, what: str) -> None:
    x = Operand()
    expr(check, None, x, e)
    if x.mode != op.INVALID and not all_boolean(x.type):
        check.error(e, f"non-boolean condition in {what} statement")


def _if(check: Checker, s: ast.IfStmt) -> None:
    scope = check.scope
    # else-if chains can be long: no recursion.
    cur: ast.IfStmt | None = s
    while cur is not None:
        check.open_scope()
        if cur.init is not None:
            stmt(check, cur.init)
        _condition(check, cur.cond, "if")
        # Function literals of the condition see the scope as it is here.
        stmt(check, cur.body)
        nxt = cur.else_
        if isinstance(nxt, ast.IfStmt):
            cur = nxt
        else:
            if nxt is not None:
                stmt(check, nxt)
            cur = None
    check.scope = scope


def _for(check: Checker, s: ast.ForStmt) -> None:
    check.open_scope()
    if s.init is not None:
        stmt(check, s.init)
    if s.cond is not None:
        _condition(check, s.cond, "for")
    if s.post is not None:
        stmt(check, s.post)
        if isinstance(s.post, ast.AssignStmt) and s.post.tok == ":=":
            use(check, *s.post.lhs)  # the parser has reported it
    stmt(check, s.body)
    check.close_scope()


def _range(check: Checker, s: ast.RangeStmt) -> None:
    from goir.types.rangestmt import range_stmt

    range_stmt(check, s)


# ---- Switches --------------------------------------------------------------------------------------------


def _defaults(check: Checker, clauses: list[Any]) -> None:
    first: Any = None
    for c in clauses:
        if (c.list if isinstance(c, ast.CaseClause) else c.comm) is None:
            if first is not None:
                check.error(c, f"multiple defaults (first at {check.fset.place(first.pos)})")
            else:
                first = c


def _switch(check: Checker, s: ast.SwitchStmt) -> None:
    check.open_scope()
    if s.init is not None:
        stmt(check, s.init)
    x = Operand()
    if s.tag is not None:
        expr(check, None, x, s.tag)
        # By definition, an untyped tag takes its default type.
        assignment(check, x, None, "switch expression")
        if x.mode != op.INVALID and not comparable(x.type) and not has_nil(x.type):
            check.error(x, f"cannot switch on {check.os(x)} ({check.ts(x.type)} is not comparable)")
            x.mode = op.INVALID
    else:
        x.mode = op.CONSTANT
        x.type = TYP_BOOL
        x.val = True
        pos = s.body.list[0].pos if s.body.list else s.body.rbrace
        x.expr = ast.Ident(pos, "true")
    clauses = s.body.list
    _defaults(check, clauses)
    seen: dict[Any, list[tuple[int, Type]]] = {}
    for c in clauses:
        if not isinstance(c, ast.CaseClause):
            continue
        for e in c.list or ():
            _case_value(check, x, e, seen)
        check.open_scope()
        stmt_list(check, c.body)
        check.close_scope()
    check.close_scope()


def _case_value(check: Checker, x: Operand, e: Any, seen: dict[Any, list[tuple[int, Type]]]) -> None:
    v = Operand()
    expr(check, None, v, e)
    if x.mode == op.INVALID or v.mode == op.INVALID:
        return
    convert_untyped(check, v, x.type)
    if v.mode == op.INVALID:
        return
    res = v.copy()
    comparison(check, res, x, "==", True)
    if res.mode == op.INVALID or v.mode != op.CONSTANT or v.val is None:
        return
    if v.val.__class__ is bool:
        return  # several equal boolean cases are allowed
    k = key_value(v.val)
    for pos, t in seen.get(k, ()):
        if identical(v.type, t):
            check.report(v, f"duplicate case {check.os(v)} in expression switch", [(pos, "previous case")])
            return
    seen.setdefault(k, []).append((node_pos(v.expr), v.type))


def _is_nil(check: Checker, e: Any) -> bool:
    n = ast.unparen(e)
    return isinstance(n, ast.Ident) and isinstance(check.lookup(n.name), Nil)


def _case_types(check: Checker, x: Operand | None, types: list[Any], seen: list[tuple[Type | None, Any]]) -> Type:
    """Checks the types of one case; answers the type of the variable in it."""
    t: Type | None = None
    for e in types:
        if e is None:
            continue
        if _is_nil(check, e):
            t = None
            expr(check, None, Operand(), e)
        else:
            t = typexpr.var_type(check, e)
            if not is_valid(t):
                continue
        for other, oe in seen:
            if (t is None and other is None) or (t is not None and other is not None and identical(t, other)):
                shown = check.ts(t) if t is not None else "nil"
                check.report(e, f"duplicate case {shown} in type switch", [(start_pos(oe), "previous case")])
                break
        else:
            seen.append((t, e))
            if x is not None and t is not None:
                type_assertion(check, e, x, t, True)
    if len(types) != 1 or t is None:
        return x.type if x is not None else TYP_INVALID
    return t


def _type_switch(check: Checker, s: ast.TypeSwitchStmt) -> None:
    check.open_scope()
    if s.init is not None:
        stmt(check, s.init)
    guard: Any = s.assign
    lhs: ast.Ident | None = None
    if isinstance(guard, ast.AssignStmt):
        first = guard.lhs[0]
        if isinstance(first, ast.Ident):
            lhs = first
        guard = guard.rhs[0]
    else:
        guard = guard.x
    guard = ast.unparen(guard)
    if lhs is not None:
        if lhs.name == "_":
            check.error(lhs, "no new variable on left side of :=")
            lhs = None
        else:
            check.info.defs[lhs] = None
    x = Operand()
    sx: Operand | None = None
    expr(check, None, x, guard.x)
    if x.mode != op.INVALID:
        if is_type_param(x.type):
            check.error(x, f"cannot use type switch on type parameter value {check.os(x)}")
        elif is_interface(x.type):
            sx = x
        else:
            check.error(x, f"{check.os(x)} is not an interface")
    _defaults(check, s.body.list)
    variables: list[Var] = []
    seen: list[tuple[Type | None, Any]] = []
    for c in s.body.list:
        if not isinstance(c, ast.CaseClause):
            continue
        t = _case_types(check, sx, c.list or [], seen)
        check.open_scope()
        if lhs is not None:
            v = Var(lhs.pos, check.pkg, lhs.name, t)
            check.declare(check.scope, None, v)
            check.info.implicits[c] = v
            variables.append(v)
        stmt_list(check, c.body)
        check.close_scope()
    if lhs is not None:
        used = False
        for v in variables:
            used = used or v.used
            v.used = True  # reported once, here
        if not used:
            check.error(lhs, f"{lhs.name} declared and not used")
    check.close_scope()


# ---- Select ----------------------------------------------------------------------------------------------


def _select(check: Checker, s: ast.SelectStmt) -> None:
    _defaults(check, s.body.list)
    for c in s.body.list:
        if not isinstance(c, ast.CommClause):
            continue
        comm: Any = c.comm
        valid = comm is None or isinstance(comm, ast.SendStmt)
        rhs: Any = None
        if isinstance(comm, ast.AssignStmt):
            if len(comm.rhs) == 1 and comm.tok in ("=", ":="):
                rhs = comm.rhs[0]
        elif isinstance(comm, ast.ExprStmt):
            rhs = comm.x
        if rhs is not None:
            r = ast.unparen(rhs)
            valid = isinstance(r, ast.UnaryExpr) and r.op == "<-"
        if comm is not None and not valid:
            check.error(comm, "select case must be send or receive (possibly with assignment)")
            continue
        check.open_scope()
        if comm is not None:
            stmt(check, comm)
        stmt_list(check, c.body)
        check.close_scope()


def _decl(check: Checker, s: ast.DeclStmt) -> None:
    from goir.types.decl import decl_stmt

    decl_stmt(check, s.decl)


def _nothing(check: Checker, s: Any) -> None:
    pass


def _labeled(check: Checker, s: ast.LabeledStmt) -> None:
    stmt(check, s.stmt)


_STMTS: dict[type, Callable[[Checker, Any], None]] = {
    ast.EmptyStmt: _nothing,
    ast.DeclStmt: _decl,
    ast.LabeledStmt: _labeled,
    ast.ExprStmt: _expr_stmt,
    ast.SendStmt: _send,
    ast.IncDecStmt: _inc_dec,
    ast.AssignStmt: _assign,
    ast.GoStmt: lambda check, s: _go_defer(check, "go", s.call),
    ast.DeferStmt: lambda check, s: _go_defer(check, "defer", s.call),
    ast.ReturnStmt: _return,
    ast.BranchStmt: _nothing,  # checked with the labels, by the parser
    ast.BlockStmt: _block,
    ast.IfStmt: _if,
    ast.SwitchStmt: _switch,
    ast.TypeSwitchStmt: _type_switch,
    ast.SelectStmt: _select,
    ast.ForStmt: _for,
    ast.RangeStmt: _range,
}
