"""Function types: parameters, receivers, type parameters."""

from __future__ import annotations

from typing import Any

from goir.syntax import ast
from goir.syntax.gcpos import node_pos
from goir.types import operand as op
from goir.types import typexpr
from goir.types.checker import Checker
from goir.types.instantiate import instance
from goir.types.objects import TypeName, Var
from goir.types.predicates import GenericAlias, is_type_param, is_valid
from goir.types.resolver import unpack_recv
from goir.types.scope import Scope
from goir.types.subst import make_subst_map, subst
from goir.types.types import (
    Basic,
    Interface,
    Named,
    Pointer,
    Signature,
    Slice,
    Tuple,
    Type,
    TypeParam,
)
from goir.types.typestring import expr_string, type_params_string
from goir.types.universe import TYP_INVALID


def declare_type_param(check: Checker, ident: ast.Ident) -> TypeParam:
    """Declares one type parameter in the current scope; its constraint follows."""
    name = TypeName(ident.pos, check.pkg, ident.name, None)
    p = TypeParam(name, TYP_INVALID)
    p.checker = check
    name.type = p
    check.declare(check.scope, ident, name)
    if ident.name == "_":
        check.info.defs[ident] = name
    return p


def declare_type_params(check: Checker, fields: list[ast.Field]) -> list[TypeParam]:
    """Declares a list of type parameters without constraints."""
    out: list[TypeParam] = []
    for f in fields:
        for n in f.names:
            p = declare_type_param(check, n)
            p.index = len(out)
            out.append(p)
    return out


def bind_type_params(check: Checker, fields: list[ast.Field], params: list[TypeParam]) -> None:
    """Evaluates the constraints."""
    saved = check.in_tparam_list
    check.in_tparam_list = True
    i = 0
    for f in fields:
        bound = _bound(check, f.type)
        if is_type_param(bound):
            check.error(f.type, "cannot use a type parameter as constraint")
            bound = TYP_INVALID
        for _ in f.names:
            params[i].bound = bound
            i += 1
    check.in_tparam_list = saved


def _bound(check: Checker, e: Any) -> Type:
    """A constraint; ``~T`` and ``A | B`` stand for an interface."""
    if (isinstance(e, ast.UnaryExpr) and e.op == "~") or (isinstance(e, ast.BinaryExpr) and e.op == "|"):
        t = Interface([], [], implicit=True)
        t.checker = check
        t.pos = e.pos
        t.complete = False
        t.embeddeds.append(typexpr.parse_union(check, e))
        t.embed_pos.append(e.pos)
        t.complete = True
        check.later_verify(lambda: t.type_set() and None)
        return t
    return typexpr.typ(check, e)


def func_type(check: Checker, sig: Signature, recv: Any, tparams: Any, ftype: ast.FuncType) -> Scope:
    """Fills in sig; answers the function's scope with the parameters in it."""
    check.open_scope("function")
    scope: Scope = check.scope
    scope.is_func = True
    saved_locals = check.local_vars
    check.local_vars = []  # parameters need not be used
    rvar: Var | None = None
    rparams: list[TypeParam] = []
    if recv is not None and recv.list:
        rvar, rparams = _collect_recv(check, recv.list[0])
    if tparams is not None and tparams.list:
        params = declare_type_params(check, tparams.list)
        sig.type_params = params
        bind_type_params(check, tparams.list, params)
    pnames, pvars, variadic = _collect_params(check, ftype.params, True)
    rnames, rvars, _ = _collect_params(check, ftype.results, False)
    if rvar is not None and rvar.name:
        ident = recv.list[0].names[0]  # pyright: ignore[reportOptionalMemberAccess]
        check.declare(scope, ident, rvar)
        if rvar.name == "_":
            check.info.defs[ident] = rvar
    for names, variables in ((pnames, pvars), (rnames, rvars)):
        for n, v in zip(names, variables, strict=True):
            if n is not None:
                check.declare(scope, n, v)
    if rvar is not None:
        rvar.kind = "receiver"
    for v in rvars:
        v.kind = "result variable"
    sig.recv = rvar
    sig.recv_type_params = rparams
    sig.params = Tuple(pvars)
    sig.results = Tuple(rvars)
    sig.variadic = variadic
    check.local_vars = saved_locals
    check.close_scope()
    return scope


def _collect_params(
    check: Checker, fields: ast.FieldList | None, variadic_ok: bool
) -> tuple[list[ast.Ident | None], list[Var], bool]:
    names: list[ast.Ident | None] = []
    variables: list[Var] = []
    variadic = False
    if fields is None:
        return names, variables, False
    last = len(fields.list) - 1
    for i, f in enumerate(fields.list):
        ftype: Any = f.type
        if isinstance(ftype, ast.Ellipsis):
            if variadic_ok and i == last and len(f.names) <= 1:
                variadic = True
            else:
                check.error(ftype, "invalid use of ...")
            t = typexpr.var_type(check, ftype.elt) if ftype.elt is not None else TYP_INVALID
        else:
            t = typexpr.var_type(check, ftype)
        if f.names:
            for n in f.names:
                names.append(n)
                variables.append(Var(n.pos, check.pkg, n.name, t, is_param=True))
        else:
            v = Var(f.pos, check.pkg, "", t, is_param=True)
            check.info.implicits[f] = v
            names.append(None)
            variables.append(v)
    if variadic:
        v = variables[-1]
        v.type = Slice(v.type)
        check.record_type(fields.list[-1].type, op.TYPEXPR, v.type)
    return names, variables, variadic


def _collect_recv(check: Checker, field: ast.Field) -> tuple[Var, list[TypeParam]]:
    ptr, base, tparams = unpack_recv(field.type)
    rtype: Type = TYP_INVALID
    params: list[TypeParam] = []
    if not tparams:
        rtype = typexpr.var_type(check, field.type)
        t = rtype
        while isinstance(t, Pointer):
            t = t.elem
        if isinstance(t, Named) and t.type_args:
            # The receiver's type is an alias.
            check.error(base, f"cannot define new methods on instantiated type {check.ts(t)}")
            rtype = TYP_INVALID
    else:
        cause: list[str] = []
        t = typexpr.generic_type(check, base, cause)
        named: Named | None = None
        if isinstance(t, Named):
            named = t
        elif isinstance(t, GenericAlias):
            check.error(
                base,
                f"cannot define new methods on generic alias type {t.name}"
                f"{type_params_string(t.type_params, check.qualifier)}",
            )
        elif cause:
            check.error(base, cause[0])
        for e in tparams:
            if isinstance(e, ast.Ident):
                p = declare_type_param(check, e)
                check.info.uses[e] = p.obj
                check.record_type(e, op.TYPEXPR, p)
            else:
                check.error(e, f"receiver type parameter {expr_string(e)} must be an identifier")
                p = TypeParam(TypeName(e.pos, check.pkg, "_", None), TYP_INVALID)
                p.obj.type = p
            p.index = len(params)
            params.append(p)
        if named is not None:
            check.requires(base, 18, "type instantiation")
            bparams = named.type_params
            if len(bparams) == len(params):
                smap = make_subst_map(bparams, list(params))
                for p, b in zip(params, bparams, strict=True):
                    p.bound = subst(b.bound, smap) if b.bound is not None else TYP_INVALID
                    check.mono.record_canon(p, b)
                rtype = instance(named, list(params), node_pos(field.type))
                check.record_instance(base, list(params), rtype)
            else:
                got = f"{len(params)} type parameter" + ("" if len(params) == 1 else "s")
                check.error(base, f"receiver declares {got}, but receiver base type declares {len(bparams)}")
            if ptr and is_valid(rtype):
                rtype = Pointer(rtype)
            _record_recv_types(check, field.type, rtype)
    if field.names:
        recv = Var(field.names[0].pos, check.pkg, field.names[0].name, rtype, is_param=True)
    else:
        recv = Var(field.pos, check.pkg, "", rtype, is_param=True)
        check.info.implicits[field] = recv
    check.later_verify(lambda: _valid_recv(check, base, recv))
    return recv, params


def _record_recv_types(check: Checker, e: Any, t: Type) -> None:
    while True:
        check.record_type(e, op.TYPEXPR, t)
        if isinstance(e, ast.ParenExpr):
            e = e.x
        elif isinstance(e, ast.StarExpr) and isinstance(t, Pointer):
            e = e.x
            t = t.elem
        else:
            return


def _valid_recv(check: Checker, base: Any, recv: Var) -> None:
    t = recv.type.elem if isinstance(recv.type, Pointer) else recv.type
    if not is_valid(t):
        return
    if isinstance(t, Named):
        if t.obj.pkg is not check.pkg:
            check.error(base, f"cannot define new methods on non-local type {check.ts(t)}")
            return
        u = t.underlying
        cause = ""
        if isinstance(u, Basic):
            if u.name == "Pointer":
                cause = "unsafe.Pointer"
        elif isinstance(u, (Pointer, Interface)):
            cause = "pointer or interface type"
        if cause:
            check.error(base, f"invalid receiver type {check.ts(t)} ({cause})")
    elif isinstance(t, Basic):
        check.error(base, f"cannot define new methods on non-local type {check.ts(t)}")
    else:
        check.error(base, f"invalid receiver type {check.ts(recv.type)}")
