"""Calls and selectors."""

from __future__ import annotations

from typing import Any

from goir.syntax import ast
from goir.syntax.gcpos import node_pos, start_pos
from goir.types import operand as op
from goir.types.checker import Checker
from goir.types.lookup import interface_ptr_error, lookup
from goir.types.objects import Builtin, Const, Func, PkgName, TypeName, Var, is_exported
from goir.types.operand import Operand
from goir.types.predicates import is_interface_ptr, is_type_param, is_valid
from goir.types.types import Interface, Pointer, Signature, Slice, Tuple, Type
from goir.types.typestring import expr_string
from goir.types.universe import TYP_INVALID

# ---- Calls -----------------------------------------------------------------------------------------------


def call_expr(check: Checker, x: Operand, e: ast.CallExpr) -> int:
    """Checks a call or conversion."""
    from goir.types import builtins, generics
    from goir.types.expr import CONVERSION, STATEMENT, expr_or_type, non_generic
    from goir.types.index import index_expr

    inst: Any = None
    fun = e.fun
    if fun.__class__ is ast.IndexExpr or fun.__class__ is ast.IndexListExpr:
        if index_expr(check, x, fun):
            inst = fun
        x.expr = fun
        check.record(x)
    else:
        expr_or_type(check, x, fun, True)
    mode = x.mode
    if mode == op.INVALID:
        use(check, *e.args)
        x.expr = e
        return STATEMENT
    if mode == op.TYPEXPR:
        non_generic(check, None, x)
        if x.mode != op.INVALID:
            _conversion(check, x, e)
        x.expr = e
        return CONVERSION
    if mode == op.BUILTIN:
        name = x.id
        if not builtins.builtin(check, x, e, name):
            x.mode = op.INVALID
        x.expr = e
        if x.mode != op.INVALID and x.mode != op.CONSTANT:
            check.has_call_or_recv = True
        return builtins.KINDS[name]
    sig: Any = x.type
    if sig.__class__ is not Signature:

        def cond(t: Any, u: Any) -> str | None:
            if u is not None and not isinstance(u, Signature):
                return f"{check.ts(t)} is not a function"
            return None

        sig, cause = check.common_under(x.type, cond)
        if not isinstance(sig, Signature):
            check.error(x, f"invalid operation: cannot call {check.os(x)}: {cause}")
            use(check, *e.args)
            x.mode = op.INVALID
            x.expr = e
            return STATEMENT
    generic = bool(sig.type_params)
    targs: list[Type] = []
    xlist: list[Any] = []
    if inst is not None:
        r = generics.explicit_type_args(check, x, inst, sig, e)
        if r is None:
            return STATEMENT
        sig, targs, xlist = r
    args, atargs = generics.generic_expr_list(check, e.args)
    sig = arguments(check, e, sig, targs, xlist, args, atargs)
    if generic and not sig.type_params:
        check.record_type(e.fun, op.VALUE, sig)
    results = sig.results.vars
    if not results:
        x.mode = op.NOVALUE
    elif len(results) == 1:
        t = results[0].type
        if not check.is_complete(t):
            x.mode = op.INVALID
            x.expr = e
            return STATEMENT
        x.mode = op.VALUE
        x.type = t
    else:
        x.mode = op.VALUE
        x.type = sig.results
    x.expr = e
    check.has_call_or_recv = True
    if sig.type_params and x.mode == op.VALUE and generics.is_parameterized(sig.type_params, x.type):
        # Type inference failed: the result's type is not known.
        x.mode = op.INVALID
    return STATEMENT


def _conversion(check: Checker, x: Operand, e: ast.CallExpr) -> None:
    from goir.types.conversions import conversion
    from goir.types.decl import new_target
    from goir.types.expr import expr

    t = x.type
    x.mode = op.INVALID
    if not check.is_complete(t):
        return
    n = len(e.args)
    if n == 0:
        check.error(e, f"missing argument in conversion to {check.ts(t)}")
    elif n > 1:
        use(check, *e.args)
        check.error(e.args[-1], f"too many arguments in conversion to {check.ts(t)}")
    else:
        expr(check, new_target(check, t, "conversion"), x, e.args[0])
        if x.mode == op.INVALID:
            return
        u = t.underlying
        if isinstance(u, Interface) and not is_type_param(t) and not u.is_method_set():
            check.error(
                e,
                f"cannot use interface {check.ts(t)} in conversion "
                "(contains specific type constraints or is comparable)",
            )
            x.mode = op.INVALID
            return
        if e.ellipsis:
            check.error(e.args[0], f"invalid use of ... in conversion to {check.ts(t)}")
            x.mode = op.INVALID
            return
        conversion(check, x, t)


def expr_list(check: Checker, exprs: list[Any]) -> list[Operand]:
    """Checks values; a single call may give several."""
    from goir.types.expr import expr, multi_expr

    if len(exprs) == 1:
        return multi_expr(check, exprs[0], False)[0]
    out: list[Operand] = []
    for e in exprs:
        x = Operand()
        expr(check, None, x, e)
        out.append(x)
    return out


def arguments(
    check: Checker,
    e: ast.CallExpr,
    sig: Signature,
    targs: list[Type],
    xlist: list[Any],
    args: list[Operand],
    atargs: list[list[Type]],
) -> Signature:
    """Checks the arguments of a call; answers the signature, instantiated if it was generic."""
    from goir.types.assignments import assignment, types_summary

    params = sig.params.vars
    nargs = len(args)
    npars = len(params)
    dots = bool(e.ellipsis)
    adjusted = False
    if sig.variadic:
        if dots:
            if len(e.args) == 1 and nargs > 1:
                check.error(e, f"cannot use ... with {nargs}-valued {expr_string(e.args[0])}")
                return sig
        elif nargs >= npars - 1:
            # f(a, b…) with one parameter for each of the variadic arguments
            last = params[-1]
            t = last.type
            elem = t.elem if isinstance(t, Slice) else t
            params = params[:-1] + [
                Var(last.pos, last.pkg, last.name, elem, is_param=True) for _ in range(nargs - npars + 1)
            ]
            adjusted = True
            npars = nargs
        else:
            npars -= 1
    elif dots:
        check.error(e, f"cannot use ... in call to non-variadic {expr_string(e.fun)}")
        return sig
    if nargs != npars:
        if nargs > npars:
            at = args[npars].pos
            qualifier = "too many"
        else:
            qualifier = "not enough"
            at = args[-1].pos if nargs else start_pos(e)
        check.report(
            at,
            f"{qualifier} arguments in call to {expr_string(e.fun)}",
            [
                (0, f"have {types_summary(check, [a.type for a in args], False, dots)}"),
                (0, f"want {types_summary(check, [v.type for v in sig.params.vars], sig.variadic, False)}"),
            ],
        )
        return sig
    rsig = sig
    if sig.type_params or any(a.type.__class__ is Signature and a.type.type_params for a in args):  # pyright: ignore
        from goir.types import generics

        r = generics.infer_call(check, e, sig, params, adjusted, targs, xlist, args, atargs)
        if r is None:
            return sig
        rsig, params = r
    if args:
        context = f"argument to {expr_string(e.fun)}"
        for a, p in zip(args, params, strict=True):
            assignment(check, a, p.type, context)
    return rsig


# ---- Selectors -------------------------------------------------------------------------------------------


def lookup_error(check: Checker, t: Type, sel: str, obj: Any, struct_lit: bool) -> str:
    """What is wrong with a selector that was not found; obj is what was found when case was ignored."""
    kind = "missing"
    alt = ""
    if obj is not None:
        alt = obj.name
        if obj.pkg is check.pkg:
            kind = "misspelled"
        elif is_exported(sel):
            if is_exported(alt):
                kind = "misspelled"
            elif sel[1:] == alt[1:]:
                kind = "unexported"
        elif is_exported(alt):
            if sel[1:] == alt[1:]:
                kind = "misspelled"
        elif sel == alt:
            kind = "inaccessible"
    ts = check.ts(t)
    if struct_lit:
        if kind == "inaccessible":
            return f"cannot refer to unexported field {alt} in struct literal of type {ts}"
        text = f"unknown field {sel} in struct literal of type {ts}"
        if kind == "misspelled":
            return f"{text}, but does have {alt}"
        if kind == "unexported":
            return f"{text}, but does have unexported {alt}"
        return text
    what = "field" if isinstance(obj, Var) else "method" if isinstance(obj, Func) else "object"
    if kind == "inaccessible":
        return f"cannot refer to unexported {what} {alt}"
    text = f"type {ts} has no field or method {sel}"
    if kind == "misspelled":
        return f"{text}, but does have {what} {alt}"
    if kind == "unexported":
        return f"{text}, but does have unexported {what} {alt}"
    return text


def selector(check: Checker, x: Operand, e: ast.SelectorExpr, want_type: bool) -> None:
    """Checks x.sel."""
    _selector(check, x, e, want_type)
    x.expr = e
    if x.mode == op.INVALID:
        x.type = TYP_INVALID


def _qualified(check: Checker, x: Operand, e: ast.SelectorExpr, pname: PkgName) -> None:
    """Checks pkg.name."""
    x.mode = op.INVALID
    pname.used = True
    pkg = pname.imported
    sel = e.sel.name
    exp = pkg.scope.lookup(sel)
    if exp is None:
        if not pkg.fake and sel != "_":
            alt = next(
                (n for n in pkg.scope.names() if is_exported(n) and n.casefold() == sel.casefold()),
                None,
            )
            but = f" (but have {alt})" if alt is not None else ""
            check.error(e.sel, f"undefined: {expr_string(e)}{but}")
        return
    if not exp.exported():
        check.error(e.sel, f"name {sel} not exported by package {pkg.name}")
    check.info.uses[e.sel] = exp
    x.type = exp.type
    if isinstance(exp, Const):
        x.mode = op.CONSTANT
        x.val = exp.value
    elif isinstance(exp, TypeName):
        x.mode = op.TYPEXPR
    elif isinstance(exp, Var):
        x.mode = op.VARIABLE
    elif isinstance(exp, Func):
        x.mode = op.VALUE
    elif isinstance(exp, Builtin):
        x.mode = op.BUILTIN
        x.id = "unsafe." + exp.name
    if not is_valid(x.type) and x.mode != op.BUILTIN:
        x.mode = op.INVALID


def _selector(check: Checker, x: Operand, e: ast.SelectorExpr, want_type: bool) -> None:
    from goir.types.expr import expr_or_type

    sel = e.sel.name
    if e.x.__class__ is ast.Ident:
        obj = check.lookup(e.x.name)  # pyright: ignore
        if obj.__class__ is PkgName:
            check.info.uses[e.x] = obj  # pyright: ignore[reportArgumentType]
            _qualified(check, x, e, obj)
            return
    expr_or_type(check, x, e.x, False)
    if x.mode == op.INVALID:
        return
    if x.mode == op.BUILTIN:
        check.error(node_pos(e), f"invalid use of {check.os(x)} in selector expression")
        x.mode = op.INVALID
        return
    t = x.type
    if not check.is_complete(t):
        x.mode = op.INVALID
        return
    if want_type:
        check.error(e.sel, f"{expr_string(e)} is not a type")
        x.mode = op.INVALID
        return
    u = t.underlying
    if isinstance(u, Pointer) and not check.is_complete(u.elem):
        x.mode = op.INVALID
        return
    obj, index, indirect = lookup(t, x.mode == op.VARIABLE, check.pkg, sel, False)
    if obj is None or index is None:
        _not_found(check, x, e, index, indirect)
        x.mode = op.INVALID
        return
    if isinstance(obj, Var):
        if x.mode == op.TYPEXPR:
            check.error(e.x, f"operand for field selector {sel} must be value of type {check.ts(t)}")
            x.mode = op.INVALID
            return
        check.record_selection(e, "field", t, obj, index, indirect, obj.type)
        x.mode = op.VARIABLE if x.mode == op.VARIABLE or indirect else op.VALUE
        x.type = obj.type
        return
    assert isinstance(obj, Func)
    if obj.type is None or obj in check.obj_path_idx:
        check.obj_decl(obj)
    check.add_decl_dep(obj.origin)
    sig = obj.signature
    if x.mode == op.TYPEXPR:
        recv = sig.recv
        if recv is None:
            check.error(e, "illegal cycle in method declaration")
            x.mode = op.INVALID
            return
        params = sig.params.vars
        name = ""
        if params and params[0].name:
            name = recv.name or "_"
        first = Var(recv.pos, recv.pkg, name, t, is_param=True)
        x.type = Signature(None, Tuple([first, *params]), sig.results, sig.variadic, sig.type_params)
        kind = "method_expr"
    else:
        x.type = Signature(None, sig.params, sig.results, sig.variadic, sig.type_params)
        kind = "method_val"
    check.record_selection(e, kind, t, obj, index, indirect, x.type)
    x.mode = op.VALUE


def _not_found(check: Checker, x: Operand, e: ast.SelectorExpr, index: list[int] | None, indirect: bool) -> None:
    t = x.type
    sel = e.sel.name
    at = e.sel.pos
    if not is_valid(t.underlying):
        return
    if index is not None:
        check.error(at, f"ambiguous selector {expr_string(e)}")
        return
    ts = check.ts(t)
    if indirect:
        if x.mode == op.TYPEXPR:
            check.error(at, f"invalid method expression {ts}.{sel} (needs pointer receiver (*{ts}).{sel})")
        else:
            check.error(at, f"cannot call pointer method {sel} on {ts}")
        return
    if is_interface_ptr(t):
        why = interface_ptr_error(t, check.qualifier)
    else:
        alt = lookup(t, x.mode == op.VARIABLE, check.pkg, sel, True)[0]
        why = lookup_error(check, t, sel, alt, False)
    check.error(at, f"{expr_string(e)} undefined ({why})")


# ---- Use -------------------------------------------------------------------------------------------------


def use(check: Checker, *exprs: Any) -> bool:
    """Checks expressions whose values are not needed (after an error), so that what they mention counts as used."""
    ok = True
    for e in exprs:
        if not _use(check, e, False):
            ok = False
    return ok


def use_lhs(check: Checker, *exprs: Any) -> bool:
    """The same for left sides of assignments, which do not count as uses."""
    ok = True
    for e in exprs:
        if not _use(check, e, True):
            ok = False
    return ok


def _use(check: Checker, e: Any, lhs: bool) -> bool:
    from goir.types.expr import expr_or_type, raw_expr

    if e is None:
        return True
    x = Operand(op.VALUE)
    n = ast.unparen(e)
    if isinstance(n, ast.Ident):
        if n.name == "_":
            return True
        v: Var | None = None
        used = False
        if lhs:
            obj = check.lookup(n.name)
            if isinstance(obj, Var) and obj.pkg is check.pkg:
                v = obj
                used = obj.used
        expr_or_type(check, x, n, True)
        if v is not None:
            v.used = used
    elif isinstance(n, ast.KeyValueExpr):
        return _use(check, n.value, lhs)
    else:
        raw_expr(check, None, x, e, None, True)
    return x.mode != op.INVALID
