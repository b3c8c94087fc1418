"""Type inference for calls and assignments of generic functions."""

from __future__ import annotations

from typing import Any

from goir.types import operand as op
from goir.types.checker import Checker
from goir.types.lookup import has_invalid_embedded_fields, missing_method
from goir.types.objects import TypeName, Var
from goir.types.operand import Operand
from goir.types.predicates import is_type_param, is_typed, max_type, type_param_is
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
    Term,
    Tuple,
    Type,
    TypeParam,
    Union,
    default_type,
)
from goir.types.unify import ASSIGN, EXACT, Unifier


def rename_type_params(params: list[TypeParam], types: list[Type]) -> tuple[list[TypeParam], list[Type]]:
    """Fresh copies of the type parameters, and the types in terms of them: a recursive call of a generic function
    must not mix up its own type parameters and those of the call."""
    fresh: list[TypeParam] = []
    for p in params:
        name = TypeName(p.obj.pos, p.obj.pkg, p.obj.name, None)
        q = TypeParam(name, None)
        name.type = q
        q.index = p.index
        q.checker = p.checker
        fresh.append(q)
    smap = make_subst_map(params, list(fresh))
    for p, q in zip(params, fresh, strict=True):
        p.iface()
        q.bound = subst(p.bound, smap) if p.bound is not None else None
    return fresh, [subst(t, smap) for t in types]


def _names(params: list[TypeParam]) -> str:
    names = [p.obj.name for p in params]
    if len(names) <= 2:
        return " and ".join(names)
    return ", ".join(names[:-1]) + ", and " + names[-1]


def _core_term(p: TypeParam, check: Checker) -> tuple[Term | None, bool]:
    """The core type of p's constraint (with tilde if a term has one), and whether there is just one term."""
    terms: list[Term] = []

    def visit(t: Term | None) -> bool:
        if t is None:
            return False
        terms.append(t)
        return True

    type_param_is(p, visit)
    if len(terms) == 1:
        return terms[0], True
    u = check.common_under(p)[0]
    if u is not None:
        return Term(any(t.tilde for t in terms), u), False
    return None, False


def infer_types(
    check: Checker,
    pos: int,
    tparams: list[TypeParam],
    targs: list[Any],
    params: list[Var],
    args: list[Operand],
    reverse: bool,
    errors: list[tuple[int, str]],
) -> list[Type] | None:
    """Infers the type arguments that are missing in ``targs`` from the arguments' types; None after an error.

    ``reverse``: the argument is the target that the function is assigned to."""
    from goir.types.generics import is_parameterized

    n = len(tparams)
    if len(targs) == n and all(t is not None for t in targs):
        return targs
    if any(a.mode == op.INVALID for a in args):
        return None
    targs = list(targs) + [None] * (n - len(targs))
    known = {id(p): t for p, t in zip(tparams, targs, strict=True) if t is not None}
    ptypes: list[Type] = [subst(p.type, known) for p in params]
    u = Unifier(check, tparams, targs)

    def mismatch(tpar: Type, targ: Type, arg: Operand) -> None:
        found = u.inferred(tparams)
        text = arg.text()
        if all(t is None for t in found):
            errors.append(
                (
                    arg.pos,
                    f"type {check.ts(targ)} of {text} does not match {check.ts(tpar)} (cannot infer {_names(tparams)})",
                )
            )
            return
        now = subst(tpar, {id(p): t for p, t in zip(tparams, found, strict=True) if t is not None})
        if now is not tpar:
            if reverse:
                msg = (
                    f"inferred type {check.ts(now)} for {check.ts(tpar)} does not match type {check.ts(targ)} of {text}"
                )
            else:
                msg = (
                    f"type {check.ts(targ)} of {text} does not match inferred type {check.ts(now)} for {check.ts(tpar)}"
                )
        else:
            msg = f"type {check.ts(targ)} of {text} does not match {check.ts(tpar)}"
        errors.append((arg.pos, msg))

    untyped: list[int] = []
    for i, arg in enumerate(args):
        par = ptypes[i]
        if not (is_parameterized(tparams, par) or is_parameterized(tparams, arg.type)):
            continue
        if is_typed(arg.type):
            if not u.unify(par, arg.type, ASSIGN):
                mismatch(par, arg.type, arg)
                return None
        elif is_type_param(par) and not arg.is_nil():
            untyped.append(i)

    # Constraints add to what the arguments say, until nothing changes any more.
    while True:
        before = u.unknowns()
        for p in tparams:
            tx = u.at(p)
            core, single = _core_term(p, check)
            if core is not None:
                if tx is not None:
                    if not u.unify(tx, core.type, 0):
                        errors.append((pos, f"{p.obj.name} (type {check.ts(tx)}) does not satisfy {check.ts(p.bound)}"))
                        return None
                elif single and not core.tilde and core.type is not None:
                    u.set(p, core.type)
            if tx is not None and not is_parameterized(tparams, tx):
                m, _, cause = missing_method(check, tx, p.iface(), True, lambda a, b: u.unify(a, b, EXACT), True)
                if m is not None and not has_invalid_embedded_fields(tx):
                    errors.append(
                        (pos, f"{p.obj.name} (type {check.ts(tx)}) does not satisfy {check.ts(p.bound)} {cause}")
                    )
                    return None
        if u.unknowns() == before:
            break

    # Untyped constants decide last: the largest kind among them.
    largest: dict[int, tuple[TypeParam, Type]] = {}
    for i in untyped:
        p = ptypes[i]
        assert isinstance(p, TypeParam)
        if id(p) not in u.cells or u.at(p) is not None:
            continue
        t = args[i].type
        old = largest.get(id(p))
        if old is not None:
            m = max_type(old[1], t)
            if m is None:
                errors.append(
                    (
                        args[i].pos,
                        f"mismatched types {check.ts(old[1])} and {check.ts(t)} (cannot infer {p.obj.name})",
                    )
                )
                return None
            t = m
        largest[id(p)] = (p, t)
    for p, t in largest.values():
        u.set(p, default_type(t))

    found: list[Any] = u.inferred(tparams)
    _kill_cycles(tparams, found)
    dirty = [i for i, t in enumerate(found) if t is not None and targs[i] is None]
    while dirty:
        smap = {id(p): t for p, t in zip(tparams, found, strict=True) if t is not None}
        changed: list[int] = []
        for i in dirty:
            t = subst(found[i], smap)
            if t is not found[i]:
                if isinstance(t, Signature) and t.type_params and not is_parameterized(tparams, t):
                    t = Signature(t.recv, t.params, t.results, t.variadic)
                found[i] = t
                changed.append(i)
        dirty = changed
    for p, t in zip(tparams, found, strict=True):
        if t is None or is_parameterized(tparams, t):
            errors.append((pos, f"cannot infer {p.obj.name} (declared at {check.fset.place(p.obj.pos)})"))
            return None
    return found


def _kill_cycles(tparams: list[TypeParam], found: list[Any]) -> None:
    """Forgets what was found for type parameters that would contain themselves."""
    index = {id(p): i for i, p in enumerate(tparams)}
    active: set[int] = set()

    def visit(t: Any) -> None:
        if t is None:
            return
        if id(t) in active:
            i = index.get(id(t))
            if i is not None:
                found[i] = None
            return
        active.add(id(t))
        if isinstance(t, (Pointer, Slice, Array, Chan)):
            visit(t.elem)
        elif isinstance(t, Map):
            visit(t.key)
            visit(t.elem)
        elif isinstance(t, Struct):
            for f in t.fields:
                visit(f.type)
        elif isinstance(t, Tuple):
            for v in t.vars:
                visit(v.type)
        elif isinstance(t, Signature):
            visit(t.params)
            visit(t.results)
        elif isinstance(t, Union):
            for x in t.terms:
                visit(x.type)
        elif isinstance(t, Interface):
            for m in t.methods:
                visit(m.type)
            for e in t.embeddeds:
                visit(e)
        elif isinstance(t, Named):
            for a in t.type_args:
                visit(a)
        elif isinstance(t, TypeParam):
            i = index.get(id(t))
            if i is not None:
                visit(found[i])
        active.discard(id(t))

    for p in tparams:
        visit(p)
