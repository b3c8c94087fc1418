"""Range clauses."""

from __future__ import annotations

from typing import Any

from goir.syntax import ast
from goir.types import operand as op
from goir.types.assignments import assign_var, assignment, init_var
from goir.types.checker import Checker
from goir.types.expr import expr
from goir.types.objects import Var
from goir.types.operand import Operand
from goir.types.predicates import identical, is_boolean, is_integer, is_string
from goir.types.types import Array, Basic, Chan, Map, Pointer, Signature, Slice, Type
from goir.types.typestring import expr_string
from goir.types.universe import TYP_BOOL, TYP_INT, TYP_INVALID, TYP_RUNE


def range_stmt(check: Checker, s: ast.RangeStmt) -> None:
    """Checks a for statement with a range clause."""
    from goir.types.stmt import stmt

    x = Operand()
    expr(check, None, x, s.x)
    key: Type | None = None
    val: Type | None = None
    if x.mode != op.INVALID:
        key, val, cause, ok = range_key_val(check, x.type)
        if not ok:
            check.error(x, f"cannot range over {check.os(x)}" + (f": {cause}" if cause else ""))
        elif key is None and s.key is not None:
            check.error(s.key, f"range over {check.os(x)} permits no iteration variables")
        elif val is None and s.value is not None:
            check.error(s.value, f"range over {check.os(x)} permits only one iteration variable")
        elif s.extra is not None:
            check.error(s.extra, "range clause permits at most two iteration variables")
    check.open_scope()
    over_int = x.mode != op.INVALID and is_integer(x.type)
    pairs: list[tuple[Any, Type | None]] = [(s.key, key), (s.value, val)]
    if s.tok == ":=":
        _define(check, s, x, over_int, pairs)
    elif s.key is not None:
        for lhs, t in pairs:
            if lhs is None or t is None or t is TYP_INVALID:
                continue
            if over_int:
                # The variable may have any integer type the limit fits in.
                assign_var(check, lhs, None, x, "range clause")
                if x.mode != op.INVALID and not is_integer(x.type):
                    check.error(lhs, f"cannot use iteration variable of type {check.ts(x.type)}")
            else:
                assign_var(check, lhs, None, Operand(op.VALUE, lhs, t), "assignment")
    elif over_int:
        assignment(check, x, None, "range clause")
    stmt(check, s.body)
    check.close_scope()


def _define(check: Checker, s: ast.RangeStmt, x: Operand, over_int: bool, pairs: list[tuple[Any, Type | None]]) -> None:
    new: list[Var] = []
    for lhs, t in pairs:
        if lhs is None:
            continue
        if isinstance(lhs, ast.Ident):
            v = Var(lhs.pos, check.pkg, lhs.name, None)
            check.info.defs[lhs] = v
            if lhs.name != "_":
                new.append(v)
        else:
            check.error(lhs, f"cannot declare {expr_string(lhs)}")
            v = Var(lhs.pos, check.pkg, "_", None)
        if t is None or t is TYP_INVALID:
            v.type = TYP_INVALID
            v.used = True
        elif over_int:
            init_var(check, v, x, "range clause")
        else:
            init_var(check, v, Operand(op.VALUE, lhs, t), "assignment")
    if new:
        for v in new:
            check.declare(check.scope, None, v)
    else:
        check.error(s, "no new variables on left side of :=")


def range_key_val(check: Checker, orig: Type) -> tuple[Type | None, Type | None, str, bool]:
    """What ranging over a value of this type gives: (key, value, reason if it cannot be done, it can be done)."""

    def bad(cause: str) -> tuple[Type | None, Type | None, str, bool]:
        return TYP_INVALID, TYP_INVALID, cause, False

    def cond(t: Any, u: Any) -> str | None:
        if isinstance(u, Chan) and u.dir == "send":
            return f"receive from send-only channel {check.ts(t)}"
        return None

    u, err = check.common_under(orig, cond)
    if u is None:
        return bad(err or "")
    if isinstance(u, Pointer):
        a = u.elem.underlying
        if isinstance(a, Array):
            u = a
    if isinstance(u, Basic):
        if is_string(u):
            return TYP_INT, TYP_RUNE, "", True
        if is_integer(u):
            if not check.allows(22):
                return bad("requires go1.22 or later")
            return orig, None, "", True
    elif isinstance(u, (Array, Slice)):
        return TYP_INT, u.elem, "", True
    elif isinstance(u, Map):
        return u.key, u.elem, "", True
    elif isinstance(u, Chan):
        return u.elem, None, "", True
    elif isinstance(u, Signature):
        return _range_func(check, u, bad) if check.allows(23) else bad("requires go1.23 or later")
    return None, None, "", False


def _range_func(check: Checker, u: Signature, bad: Any) -> tuple[Type | None, Type | None, str, bool]:
    prefix = "func must be func(yield func(...) bool): "
    if len(u.params.vars) != 1:
        return bad(prefix + "wrong argument count")
    if u.results.vars:
        return bad(prefix + "unexpected results")
    cb, err = check.common_under(u.params.vars[0].type)
    if not isinstance(cb, Signature):
        if err is not None:
            return bad(f"{prefix}in yield type, {err}")
        return bad(prefix + "argument is not func")
    params, results = cb.params.vars, cb.results.vars
    if len(params) > 2:
        return bad(prefix + "yield func has too many parameters")
    if len(results) != 1 or not identical(results[0].type, TYP_BOOL):
        if len(results) == 1 and is_boolean(results[0].type):
            return bad(prefix + "yield func returns user-defined boolean, not bool")
        return bad(prefix + "yield func does not return bool")
    if cb.variadic:
        return bad(f"yield func of type {check.ts(cb)} cannot be variadic")
    key = params[0].type if params else None
    val = params[1].type if len(params) > 1 else None
    return key, val, "", True
