"""Instantiation of generic functions and types."""

from __future__ import annotations

from typing import Any

from goir.syntax import ast
from goir.syntax.gcpos import node_pos
from goir.types import operand as op
from goir.types import typexpr
from goir.types.checker import Checker, Target
from goir.types.conversions import implements
from goir.types.instantiate import instance
from goir.types.objects import Var
from goir.types.operand import Operand
from goir.types.predicates import GenericAlias, is_valid
from goir.types.subst import make_subst_map, subst
from goir.types.types import (
    Array,
    Chan,
    Interface,
    Map,
    Named,
    Pointer,
    Signature,
    Slice,
    Struct,
    Tuple,
    Type,
    TypeParam,
    Union,
)
from goir.types.typestring import expr_string
from goir.types.universe import TYP_INVALID


def _indices(e: Any) -> list[Any]:
    return [e.index] if e.__class__ is ast.IndexExpr else e.indices


def is_parameterized(params: list[TypeParam], t: Type | None, seen: set[int] | None = None) -> bool:
    """Whether t mentions one of the type parameters."""
    if seen is None:
        seen = set()
    if t is None or id(t) in seen:
        return False
    if isinstance(t, TypeParam):
        return any(t is p for p in params)
    seen.add(id(t))
    if isinstance(t, (Pointer, Slice, Array, Chan)):
        return is_parameterized(params, t.elem, seen)
    if isinstance(t, Map):
        return is_parameterized(params, t.key, seen) or is_parameterized(params, t.elem, seen)
    if isinstance(t, Struct):
        return any(is_parameterized(params, f.type, seen) for f in t.fields)
    if isinstance(t, Tuple):
        return any(is_parameterized(params, v.type, seen) for v in t.vars)
    if isinstance(t, Signature):
        return is_parameterized(params, t.params, seen) or is_parameterized(params, t.results, seen)
    if isinstance(t, Interface):
        return any(is_parameterized(params, m.type, seen) for m in t.methods) or any(
            is_parameterized(params, e, seen) for e in t.embeddeds
        )
    if isinstance(t, Union):
        return any(is_parameterized(params, x.type, seen) for x in t.terms)
    if isinstance(t, Named):
        return any(is_parameterized(params, a, seen) for a in t.type_args)
    return False


# ---- Types -----------------------------------------------------------------------------------------------


def instantiated_type(check: Checker, x: Any, xlist: list[Any]) -> Type:
    """The type x[xlist]."""
    cause: list[str] = []
    gtype = typexpr.generic_type(check, x, cause)
    if cause:
        args = "[" + ", ".join(expr_string(e) for e in xlist) + "]"
        check.error(x, f"invalid operation: {expr_string(x)}{args} ({cause[0]})")
    targs = typexpr.type_list(check, xlist) if is_valid(gtype) else None
    if not is_valid(gtype) or targs is None:
        return TYP_INVALID
    assert isinstance(gtype, (Named, GenericAlias))
    name = gtype.obj.name if isinstance(gtype, Named) else gtype.name
    tparams = gtype.type_params
    if len(targs) != len(tparams):
        return _count_mismatch(check, x, name, gtype, targs, xlist)
    inst = instance(gtype, targs, node_pos(x))
    check.later(lambda: _verify_type(check, x, xlist, gtype, targs, inst))
    return inst


def _count_mismatch(
    check: Checker, x: Any, name: str, gtype: Named | GenericAlias, targs: list[Type], xlist: list[Any]
) -> Type:
    want, got = len(gtype.type_params), len(targs)
    qualifier = "not enough" if got < want else "too many"
    check.error(node_pos(x), f"{qualifier} type arguments for type {name}: have {got}, want {want}")
    # The type stays distinct from others, but nothing is known of it.
    return instance(gtype, targs, node_pos(x))


def _verify_type(
    check: Checker, x: Any, xlist: list[Any], gtype: Named | GenericAlias, targs: list[Type], inst: Type
) -> None:
    check.record_instance(x, targs, inst)
    if check.lazy:
        return
    verify(check, node_pos(x), gtype.type_params, targs, xlist)


def verify(check: Checker, pos: int, tparams: list[TypeParam], targs: list[Type], xlist: list[Any]) -> bool:
    """Reports the first type argument that does not satisfy its constraint."""
    smap = make_subst_map(tparams, targs)
    for i, p in enumerate(tparams):
        p.iface()
        bound = p.bound
        if bound is None:
            continue
        cause = [""]
        if not implements(check, targs[i], subst(bound, smap), True, cause):
            check.error(xlist[i] if i < len(xlist) else pos, cause[0])
            return False
    check.mono.record_instance(check.pkg, pos, tparams, targs, xlist)
    return True


# ---- Functions -------------------------------------------------------------------------------------------


def instantiate_signature(
    check: Checker, pos: int, e: Any, sig: Signature, targs: list[Type], xlist: list[Any]
) -> Signature:
    """The signature with type arguments put in; constraints are verified later."""
    smap = make_subst_map(sig.type_params, targs)
    params, results = subst(sig.params, smap), subst(sig.results, smap)
    assert isinstance(params, Tuple) and isinstance(results, Tuple)
    inst = Signature(sig.recv, params, results, sig.variadic)
    check.record_instance(e, targs, inst)
    check.later_verify(lambda: _verify_call(check, pos, sig, targs, xlist))
    return inst


def _verify_call(check: Checker, pos: int, sig: Signature, targs: list[Type], xlist: list[Any]) -> None:
    verify(check, pos, sig.type_params, targs, xlist)


def func_inst(check: Checker, target: Target | None, pos: int, x: Operand, inst: Any, infer: bool) -> list[Type] | None:
    """Instantiates the generic function x: with the explicit arguments of ``inst``, the rest inferred from the target.

    Without ``infer``, partial type arguments are handed back."""
    from goir.types.infer import infer_types, rename_type_params

    sig = x.type
    assert isinstance(sig, Signature)
    targs: list[Type] = []
    xlist: list[Any] = []
    if inst is not None:
        pos = inst.lbrack
    generic = check.requires(pos, 18, "function instantiation")
    if inst is not None:
        x.expr = inst
        xlist = _indices(inst)
        r = typexpr.type_list(check, xlist)
        if r is None:
            x.mode = op.INVALID
            return None
        targs = r
    got, want = len(targs), len(sig.type_params)
    if got > want:
        check.error(xlist[got - 1].pos, f"got {got} type arguments but want {want}")
        x.mode = op.INVALID
        return None
    if got < want:
        if not infer:
            return targs
        args: list[Operand] = []
        params: list[Var] = []
        if target is not None and sig.type_params:
            if generic:
                how = "implicitly" if inst is None else "partially"
                check.requires(pos, 21, f"{how} instantiated function in assignment")
            # The function's signature without type parameters is matched with the target's.
            gsig = Signature(None, sig.params, sig.results, sig.variadic)
            params = [Var(x.pos, check.pkg, "", gsig, is_param=True)]
            args = [Operand(op.VALUE, x.expr, target.sig, None, target.desc)]
        tparams, ptypes = rename_type_params(sig.type_params, [p.type for p in params])
        params = [Var(p.pos, p.pkg, p.name, t, is_param=True) for p, t in zip(params, ptypes, strict=True)]
        errors: list[tuple[int, str]] = []
        r = infer_types(check, pos, tparams, targs, params, args, bool(args), errors)
        if r is None:
            if errors:
                check.report(errors[0][0], errors[0][1], errors[1:])
            x.mode = op.INVALID
            return None
        targs = r
    x.type = instantiate_signature(check, node_pos(x.expr), x.expr, sig, targs, xlist)
    x.mode = op.VALUE
    return None


def explicit_type_args(
    check: Checker, x: Operand, inst: Any, sig: Signature, e: ast.CallExpr
) -> tuple[Signature, list[Type], list[Any]] | None:
    """The explicit type arguments of a call; if they are complete, the instantiated signature and no arguments."""
    from goir.types.call import use

    xlist = _indices(inst)
    targs = typexpr.type_list(check, xlist)
    want = len(sig.type_params)
    if targs is not None and len(targs) > want:
        check.error(xlist[want], f"got {len(targs)} type arguments but want {want}")
        targs = None
    if targs is None:
        use(check, *e.args)
        x.mode = op.INVALID
        x.expr = e
        return None
    if len(targs) == want and want > 0:
        check.requires(inst, 18, "function instantiation")
        return instantiate_signature(check, inst.lbrack, inst, sig, targs, xlist), [], []
    return sig, targs, xlist


def generic_expr_list(check: Checker, exprs: list[Any]) -> tuple[list[Operand], list[list[Type]]]:
    """Checks call arguments, which may be generic functions (with partial type arguments)."""
    from goir.types.expr import exclude_non_values, generic_expr, raw_expr
    from goir.types.index import index_expr

    out: list[Operand] = []
    targs: list[list[Type]] = []
    single = len(exprs) == 1
    for e in exprs:
        x = Operand()
        partial: list[Type] = []
        if (e.__class__ is ast.IndexExpr or e.__class__ is ast.IndexListExpr) and index_expr(check, x, e):
            r = func_inst(check, None, x.pos, x, e, not check.allows(21))
            if r is not None:
                partial = r
                x.expr = e
            else:
                check.record(x)
        elif e.__class__ is ast.IndexExpr or e.__class__ is ast.IndexListExpr:
            x.expr = e
            check.record(x)
            exclude_non_values(check, x)
        elif single:
            raw_expr(check, None, x, e, None, True)
            exclude_non_values(check, x)
            t = x.type
            if x.mode != op.INVALID and isinstance(t, Tuple):
                return [Operand(op.VALUE, e, v.type) for v in t.vars], []
        else:
            generic_expr(check, x, e, None)
        out.append(x)
        targs.append(partial)
    return out, targs


def infer_call(
    check: Checker,
    e: ast.CallExpr,
    sig: Signature,
    params: list[Var],
    adjusted: bool,
    targs: list[Type],
    xlist: list[Any],
    args: list[Operand],
    atargs: list[list[Type]],
) -> tuple[Signature, list[Var]] | None:
    """Infers the type arguments of a call, and those of generic functions among its arguments."""
    from goir.types.infer import infer_types, rename_type_params

    n = len(sig.type_params)
    tparams: list[TypeParam] = []
    all_targs: list[Any] = list(targs)
    ptypes = [p.type for p in params]
    if n:
        if not check.allows(18):
            if isinstance(e.fun, (ast.IndexExpr, ast.IndexListExpr)):
                check.requires(e.fun, 18, "function instantiation")
            else:
                check.requires(e, 18, "implicit function instantiation")
        tparams, ptypes = rename_type_params(sig.type_params, ptypes)
        all_targs += [None] * (n - len(all_targs))
    renamed = [Var(p.pos, p.pkg, p.name, t, is_param=True) for p, t in zip(params, ptypes, strict=True)]
    generic_args: list[int] = []
    for i, a in enumerate(args):
        asig = a.type
        if a.mode != op.INVALID and isinstance(asig, Signature) and asig.type_params:
            atparams, r = rename_type_params(asig.type_params, [asig.params, asig.results])
            assert isinstance(r[0], Tuple) and isinstance(r[1], Tuple)
            a.type = Signature(asig.recv, r[0], r[1], asig.variadic, atparams)
            tparams = tparams + atparams
            if i < len(atargs):
                all_targs += atargs[i]
            all_targs += [None] * (len(tparams) - len(all_targs))
            generic_args.append(i)
    if generic_args:
        check.requires(args[generic_args[0]], 21, "implicitly instantiated function as argument")
    errors: list[tuple[int, str]] = []
    r = infer_types(check, e.lparen, tparams, all_targs, renamed, args, False, errors)
    if r is None:
        if errors:
            text = errors[0][1]
            for at, m in errors[1:]:
                text += f"\n\t{check.fset.place(at)}: {m}" if at else f"\n\t{m}"
            check.error(errors[0][0], f"in call to {expr_string(e.fun)}, {text}")
        return None
    rsig = sig
    if n:
        rsig = instantiate_signature(check, e.lparen, e.fun, sig, r[:n], xlist)
        if adjusted:
            smap = make_subst_map(tparams[:n], r[:n])
            renamed = [Var(p.pos, p.pkg, p.name, subst(p.type, smap), is_param=True) for p in renamed]
        else:
            renamed = rsig.params.vars
    j = n
    for i in generic_args:
        a = args[i]
        asig = a.type
        assert isinstance(asig, Signature)
        k = j + len(asig.type_params)
        a.type = instantiate_signature(check, e.lparen, a.expr, asig, r[j:k], [])
        check.record(a)
        j = k
    return rsig, renamed
