"""Assignments and initialisations."""

from __future__ import annotations

from typing import Any

from goir.syntax import ast
from goir.types import operand as op
from goir.types import types as T
from goir.types.checker import Checker
from goir.types.conversions import (
    OVERFLOWS,
    TRUNCATED,
    assignable_to,
    implicit_type_and_value,
    update_expr_type,
)
from goir.types.objects import Const, Var
from goir.types.operand import Operand
from goir.types.predicates import is_non_type_param_interface, is_numeric, is_untyped, is_valid
from goir.types.types import Basic, Signature, Slice, Tuple, Type, default_type
from goir.types.typestring import expr_string
from goir.types.universe import TYP_INVALID, TYP_UNTYPED_NIL


def assignment(check: Checker, x: Operand, t: Type | None, context: str) -> None:
    """Checks that x can be assigned to a variable of type t; None: to one of x's own (default) type."""
    mode = x.mode
    if mode == op.VALUE and x.type.__class__ is Tuple:
        from goir.types.expr import single_value

        single_value(check, x)
        mode = x.mode
    if mode == op.INVALID:
        return
    if mode < op.CONSTANT:
        check.error(x, f"cannot assign {check.os(x)} to {check.ts(t)} in {context}")
        x.mode = op.INVALID
        return
    if is_untyped(x.type):
        target = t
        if mode == op.NILVALUE:
            if t is None:
                check.error(x, f"use of untyped nil in {context}")
                x.mode = op.INVALID
                return
        elif t is None or is_non_type_param_interface(t):
            target = default_type(x.type)
        assert target is not None
        new, val, why = implicit_type_and_value(x, target)
        if why:
            text = f"cannot use {check.os(x)} as {check.ts(target)} value in {context}"
            if why == TRUNCATED:
                text += " (truncated)"
            elif why == OVERFLOWS:
                text += " (overflows)"
            check.error(x, text)
            x.mode = op.INVALID
            return
        if val is not None:
            x.val = val
            info = check.untyped.get(x.expr)
            if info is not None:
                info.val = val
        if new is not None and new is not x.type:
            x.type = new
            update_expr_type(check, x.expr, new, False)
    if x.type.__class__ is Signature and x.type.type_params:  # pyright: ignore
        from goir.types.decl import new_target
        from goir.types.expr import non_generic

        non_generic(check, new_target(check, t, context), x)
        if x.mode == op.INVALID:
            return
    if t is None or x.type is t:
        return
    cause = [""]
    if not assignable_to(check, x, t, cause):
        why = f": {cause[0]}" if cause[0] else ""
        check.error(x, f"cannot use {check.os(x)} as {check.ts(t)} value in {context}{why}")
        x.mode = op.INVALID


def init_const(check: Checker, lhs: Const, x: Operand) -> None:
    """Gives a constant its value."""
    if x.mode == op.INVALID or not is_valid(x.type) or (lhs.type is not None and not is_valid(lhs.type)):
        if lhs.type is None:
            lhs.type = TYP_INVALID
        return
    if x.mode != op.CONSTANT:
        check.error(x, f"{check.os(x)} is not constant")
        if lhs.type is None:
            lhs.type = TYP_INVALID
        return
    if lhs.type is None:
        lhs.type = x.type
    assignment(check, x, lhs.type, "constant declaration")
    if x.mode != op.INVALID:
        lhs.value = x.val


def init_var(check: Checker, lhs: Var, x: Operand, context: str) -> None:
    """Gives a variable its type (if it has none) and checks its initial value."""
    if x.mode == op.INVALID or not is_valid(x.type) or (lhs.type is not None and not is_valid(lhs.type)):
        if lhs.type is None:
            lhs.type = TYP_INVALID
        x.mode = op.INVALID
        return
    if lhs.type is None:
        t = x.type
        if is_untyped(t):
            if t is TYP_UNTYPED_NIL:
                check.error(x, f"use of untyped nil in {context}")
                lhs.type = TYP_INVALID
                x.mode = op.INVALID
                return
            t = default_type(t)
        lhs.type = t
    assignment(check, x, lhs.type, context)


def lhs_var(check: Checker, lhs: Any) -> Type | None:
    """The type of the left side of an assignment; None for the blank identifier."""
    from goir.types.expr import expr

    ident = ast.unparen(lhs)
    v: Var | None = None
    used = False
    if isinstance(ident, ast.Ident):
        if ident.name == "_":
            check.info.defs[ident] = None
            return None
        obj = check.lookup(ident.name)
        if isinstance(obj, Var) and obj.pkg is check.pkg:
            # Assigning to a variable does not use it.
            v = obj
            used = obj.used
    x = Operand()
    expr(check, None, x, lhs)
    if v is not None:
        v.used = used
    if x.mode == op.INVALID or not is_valid(x.type):
        return TYP_INVALID
    if x.mode not in (op.VARIABLE, op.MAPINDEX):
        if isinstance(x.expr, ast.SelectorExpr):
            y = Operand()
            expr(check, None, y, x.expr.x)
            if y.mode == op.MAPINDEX:
                check.error(x, f"cannot assign to struct field {expr_string(x.expr)} in map")
                return TYP_INVALID
        check.error(x, f"cannot assign to {expr_string(x.expr)} (neither addressable nor a map index expression)")
        return TYP_INVALID
    return x.type


def assign_var(check: Checker, lhs: Any, rhs: Any, x: Operand | None, context: str) -> None:
    """Checks lhs = rhs, or lhs = x if the right side was checked already."""
    t = lhs_var(check, lhs)
    if t is TYP_INVALID:
        if x is not None:
            x.mode = op.INVALID
        else:
            from goir.types.call import use

            use(check, rhs)
        return
    if x is None:
        from goir.types.decl import new_target
        from goir.types.expr import expr

        target = None
        if t is not None and isinstance(t.underlying, Signature):
            target = new_target(check, t, expr_string(lhs))
        x = Operand()
        expr(check, target, x, rhs)
    if t is None and context == "assignment":
        context = "assignment to _ identifier"
    assignment(check, x, t, context)


def types_summary(check: Checker, types: list[Type], variadic: bool, dots: bool) -> str:
    """A list of types for messages about their number."""
    out: list[str] = []
    for i, t in enumerate(types):
        if not is_valid(t):
            s = "unknown type"
        elif is_untyped(t):
            s = "number" if is_numeric(t) else t.name.replace("untyped ", "") if isinstance(t, Basic) else ""
        else:
            s = check.ts(t)
        if i == len(types) - 1:
            if variadic:
                s = "..." + (check.ts(t.elem) if isinstance(t, Slice) else s)
            elif dots:
                s += "..."
        out.append(s)
    return "(" + ", ".join(out) + ")"


def measure(n: int, unit: str) -> str:
    """``1 value``, ``2 values``."""
    return f"{n} {unit}" if n == 1 else f"{n} {unit}s"


def assign_error(check: Checker, rhs: list[Any], n: int, r: int) -> None:
    """Reports a different number of variables and values."""
    left, right = measure(n, "variable"), measure(r, "value")
    if len(rhs) == 1:
        call = ast.unparen(rhs[0])
        if isinstance(call, ast.CallExpr):
            check.error(rhs[0], f"assignment mismatch: {left} but {expr_string(call.fun)} returns {right}")
            return
    check.error(rhs[0], f"assignment mismatch: {left} but {right}")


def return_error(check: Checker, at: int, lhs: list[Var], rhs: list[Operand]) -> None:
    """Reports a different number of results and returned values."""
    qualifier = "not enough"
    if len(rhs) > len(lhs):
        at = rhs[len(lhs)].pos
        qualifier = "too many"
    elif rhs:
        at = rhs[-1].pos
    check.report(
        at,
        f"{qualifier} return values",
        [
            (0, f"have {types_summary(check, [x.type for x in rhs], False, False)}"),
            (0, f"want {types_summary(check, [v.type for v in lhs], False, False)}"),
        ],
    )


def _is_call(e: Any) -> bool:
    return ast.unparen(e).__class__ is ast.CallExpr


def init_vars(check: Checker, lhs: list[Var], rhs: list[Any], ret: ast.ReturnStmt | None) -> None:
    """Checks the initialisation of variables, or the results of a return statement."""
    from goir.types.call import expr_list, use
    from goir.types.decl import new_target
    from goir.types.expr import expr, multi_expr

    context = "assignment"
    if ret is not None:
        context = "return statement"
    elif len(lhs) > 1:
        context = "multiple assignment"
    n, r = len(lhs), len(rhs)
    if n == r and not (r == 1 and _is_call(rhs[0])):
        for v, e in zip(lhs, rhs, strict=True):
            desc = v.name or ("result variable" if ret is not None else "")
            x = Operand()
            t = v.type
            target = new_target(check, t, desc) if t is not None and t.__class__ is not Basic else None
            expr(check, target, x, e)
            init_var(check, v, x, context)
        return
    if r != 1:
        if use(check, *rhs):
            if ret is not None:
                return_error(check, ret.pos, lhs, expr_list(check, rhs))
            else:
                assign_error(check, rhs, n, r)
        for v in lhs:
            if v.type is None:
                v.type = TYP_INVALID
        return
    xs, comma_ok = multi_expr(check, rhs[0], n == 2 and ret is None)
    if n == len(xs):
        for v, x in zip(lhs, xs, strict=True):
            init_var(check, v, x, context)
        if comma_ok and xs[0].mode != op.INVALID and xs[1].mode != op.INVALID:
            check.record_comma_ok(rhs[0], xs)
        return
    if xs and xs[0].mode != op.INVALID:
        if ret is not None:
            return_error(check, ret.pos, lhs, xs)
        else:
            assign_error(check, rhs, n, len(xs))
    for v in lhs:
        if v.type is None:
            v.type = TYP_INVALID


def assign_vars(check: Checker, lhs: list[Any], rhs: list[Any]) -> None:
    """Checks an assignment statement."""
    from goir.types.call import use, use_lhs
    from goir.types.expr import multi_expr

    context = "multiple assignment" if len(lhs) > 1 else "assignment"
    n, r = len(lhs), len(rhs)
    if n == r and not (r == 1 and _is_call(rhs[0])):
        for a, b in zip(lhs, rhs, strict=True):
            assign_var(check, a, b, None, context)
        return
    if r != 1:
        ok_lhs = use_lhs(check, *lhs)
        ok_rhs = use(check, *rhs)
        if ok_lhs and ok_rhs:
            assign_error(check, rhs, n, r)
        return
    xs, comma_ok = multi_expr(check, rhs[0], n == 2)
    if n == len(xs):
        for a, x in zip(lhs, xs, strict=True):
            assign_var(check, a, None, x, context)
        if comma_ok and xs[0].mode != op.INVALID and xs[1].mode != op.INVALID:
            check.record_comma_ok(rhs[0], xs)
        return
    if xs and xs[0].mode != op.INVALID:
        assign_error(check, rhs, n, len(xs))
    use_lhs(check, *lhs)


def short_var_decl(check: Checker, pos: int, lhs: list[Any], rhs: list[Any]) -> None:
    """Checks ``lhs := rhs``."""
    from goir.types.call import use_lhs

    top = len(check.delayed)
    scope = check.scope
    seen: set[str] = set()
    lhs_vars: list[Var] = []
    new: list[Var] = []
    bad = False
    for e in lhs:
        v: Var | None = None
        if not isinstance(e, ast.Ident):
            use_lhs(check, e)
            check.error(e, f"non-name {expr_string(e)} on left side of :=")
            bad = True
        elif e.name != "_" and e.name in seen:
            check.error(e, f"{e.name} repeated on left side of :=")
            bad = True
        else:
            seen.add(e.name)
            alt = scope.elems.get(e.name)
            if alt is not None:
                check.info.uses[e] = alt
                if isinstance(alt, Var):
                    v = alt
                else:
                    check.error(e, f"cannot assign to {e.name}")
                    bad = True
            else:
                v = Var(e.pos, check.pkg, e.name, None)
                if e.name != "_":
                    new.append(v)
                check.info.defs[e] = v
        lhs_vars.append(v if v is not None else Var(e.pos, check.pkg, "_", None))
    init_vars(check, lhs_vars, rhs, None)
    check.process_delayed(top)
    if not new and not bad:
        check.error(pos, "no new variables on left side of :=")
        return
    for v in new:
        check.declare(scope, None, v)


__all__ = ["TYP_UNTYPED_NIL", "T", "assignment", "init_var", "init_vars"]
