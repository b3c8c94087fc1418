"""Substitution of type parameters."""

from __future__ import annotations

from typing import Any

from goir.types.objects import Func, Var
from goir.types.predicates import AliasPlaceholder
from goir.types.types import (
    Array,
    Basic,
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
)
from goir.types.universe import TYP_INVALID

SubstMap = dict[int, Type]


def make_subst_map(params: list[TypeParam], args: list[Any]) -> SubstMap:
    """Maps each parameter to its argument."""
    return {id(p): a for p, a in zip(params, args, strict=True)}


def subst(t: Type, smap: SubstMap) -> Type:
    """t with type parameters replaced; parts that do not change are shared."""
    return _Subster(smap).type(t) if smap else t


def subst_var(v: Var, t: Type) -> Var:
    """A copy of v with another type."""
    w = Var(v.pos, v.pkg, v.name, t, is_field=v.is_field, embedded=v.embedded, is_param=v.is_param)
    w.origin = v.origin
    w.parent = v.parent
    return w


class _Subster:
    __slots__ = ("smap",)

    def __init__(self, smap: SubstMap) -> None:
        self.smap = smap

    def type(self, t: Any) -> Any:
        c = t.__class__
        if c is Basic:
            return t
        if c is TypeParam:
            return self.smap.get(id(t), t)
        if c is Named:
            return self.named(t)
        if c is Pointer:
            e = self.type(t.elem)
            return t if e is t.elem else Pointer(e)
        if c is Slice:
            e = self.type(t.elem)
            return t if e is t.elem else Slice(e)
        if c is Array:
            e = self.type(t.elem)
            return t if e is t.elem else Array(t.length, e)
        if c is Map:
            k, e = self.type(t.key), self.type(t.elem)
            return t if k is t.key and e is t.elem else Map(k, e)
        if c is Chan:
            e = self.type(t.elem)
            return t if e is t.elem else Chan(t.dir, e)
        if c is Struct:
            fields = self.vars(t.fields)
            return t if fields is t.fields else Struct(fields, t.tags)
        if c is Tuple:
            vs = self.vars(t.vars)
            return t if vs is t.vars else Tuple(vs)
        if c is Signature:
            params, results = self.type(t.params), self.type(t.results)
            if params is t.params and results is t.results:
                return t
            # The receiver is not substituted: only methods have one, and those are expanded separately.
            return Signature(t.recv, params, results, t.variadic, t.type_params, t.recv_type_params)
        if c is Union:
            terms = [Term(x.tilde, self.type(x.type)) for x in t.terms]
            return t if all(a.type is b.type for a, b in zip(terms, t.terms, strict=True)) else Union(terms)
        if c is Interface:
            return self.interface(t)
        if c is AliasPlaceholder:
            return self.type(t.actual) if t.actual is not None else t
        return t

    def vars(self, vs: list[Var]) -> list[Var]:
        out: list[Var] | None = None
        for i, v in enumerate(vs):
            u = self.type(v.type)
            if u is not v.type:
                if out is None:
                    out = list(vs)
                out[i] = subst_var(v, u)
        return vs if out is None else out

    def interface(self, t: Interface) -> Interface:
        methods: list[Func] | None = None
        for i, m in enumerate(t.methods):
            s = self.type(m.type)
            if s is not m.type:
                if methods is None:
                    methods = list(t.methods)
                f = Func(m.pos, m.pkg, m.name, s)
                f.origin = m.origin
                methods[i] = f
        embeddeds: list[Type] | None = None
        for i, e in enumerate(t.embeddeds):
            u = self.type(e)
            if u is not e:
                if embeddeds is None:
                    embeddeds = list(t.embeddeds)
                embeddeds[i] = u
        if methods is None and embeddeds is None:
            return t
        r = Interface(methods or t.methods, embeddeds or t.embeddeds, t.embed_pos, t.implicit)
        r.complete = t.complete
        r.checker = t.checker
        r.pos = t.pos
        return r

    def named(self, t: Named) -> Type:
        if not t.type_args:
            return t
        if len(t.type_args) != len(t.orig.type_params):
            return TYP_INVALID  # reported where the instance stands
        args: list[Type] | None = None
        for i, a in enumerate(t.type_args):
            b = self.type(a)
            if b is not a:
                if args is None:
                    args = list(t.type_args)
                args[i] = b
        if args is None:
            return t
        from goir.types.instantiate import instance

        return instance(t.orig, args)
