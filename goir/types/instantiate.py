"""Instances of generic types."""

from __future__ import annotations

from typing import Any

from goir.types.objects import Func, TypeName, Var
from goir.types.predicates import GenericAlias, identical
from goir.types.subst import make_subst_map, subst, subst_var
from goir.types.types import Alias, Array, Basic, Interface, Named, Pointer, Signature, Slice, Type, TypeParam, alias_of
from goir.types.universe import TYP_INVALID

# Instances by generic type and shape of the arguments, so that equal instances are the same object.
_INSTANCES: dict[tuple[Any, ...], tuple[Any, list[tuple[list[Any], Any]]]] = {}


def _shape(t: Type) -> Any:
    """A hashable value that is equal for identical types."""
    if isinstance(t, Basic):
        return t.kind
    if isinstance(t, Named):
        return t.shape if t.type_args else id(t.orig.obj)
    if isinstance(t, TypeParam):
        return id(t)
    if isinstance(t, (Pointer, Slice, Array)):
        return (t.__class__, _shape(t.elem))
    return t.__class__


def instance(orig: Named | GenericAlias, args: list[Type], pos: int = 0) -> Type:
    """The instance orig[args]; the same object for identical arguments."""
    key = (id(orig), *[_shape(a) for a in args])
    entry = _INSTANCES.get(key)
    if entry is None:
        entry = (orig, list[tuple[list[Any], Any]]())
        _INSTANCES[key] = entry
    for known, inst in entry[1]:
        if len(known) == len(args) and all(identical(a, b) for a, b in zip(known, args, strict=True)):
            return inst
    if isinstance(orig, GenericAlias):
        if orig.rhs is None or len(args) != len(orig.type_params):
            return TYP_INVALID
        inst = subst(orig.rhs, make_subst_map(orig.type_params, args))
        made = inst is not orig.rhs and inst.__class__ is orig.rhs.__class__
        if made and hasattr(inst.__class__, "alias") and alias_of(inst) is None:
            inst.alias = Alias(orig.obj, list(args))  # pyright: ignore[reportAttributeAccessIssue]
    else:
        inst = Named(orig.obj)
        inst.orig = orig
        inst.inst_pos = pos
        inst.type_args = list(args)
        inst.shape = hash(key)
        inst._expander = _expand  # pyright: ignore[reportPrivateUsage]
    entry[1].append((list(args), inst))
    return inst


def _expand(t: Named) -> Type:
    """Makes the underlying type of an instance from that of the generic type."""
    orig = t.orig
    u = orig.underlying
    if u is TYP_INVALID or len(orig.type_params) != len(t.type_args):
        return TYP_INVALID
    smap = make_subst_map(orig.type_params, t.type_args)
    r = subst(u, smap)
    if isinstance(r, Interface):
        # The receivers of an interface's methods are of the interface type itself.
        if r is u:
            r = Interface(list(r.methods), r.embeddeds, r.embed_pos, r.implicit)
            r.complete = u.complete if isinstance(u, Interface) else True
        for i, m in enumerate(r.methods):
            sig = m.type
            if isinstance(sig, Signature) and sig.recv is not None and sig.recv.type is orig:
                s = Signature(subst_var(sig.recv, t), sig.params, sig.results, sig.variadic)
                f = Func(m.pos, m.pkg, m.name, s)
                f.origin = m.origin
                r.methods[i] = f
    t._underlying = r  # pyright: ignore[reportPrivateUsage]
    return r


def expand_method(t: Named, i: int) -> Func:
    """Method i of an instance."""
    cache = t._method_cache  # pyright: ignore[reportPrivateUsage]
    if cache is None:
        cache = {}
        t._method_cache = cache  # pyright: ignore[reportPrivateUsage]
    m = cache.get(i)
    if m is not None:
        return m
    om = t.orig._methods[i]  # pyright: ignore[reportPrivateUsage]
    if om.type is None:
        from goir.types.checker import declare_method

        declare_method(om)
    osig = om.signature
    sig = osig
    recv = osig.recv
    if recv is not None and len(osig.recv_type_params) == len(t.type_args):
        smap = make_subst_map(osig.recv_type_params, t.type_args)
        params = subst(osig.params, smap)
        results = subst(osig.results, smap)
        tparams: list[TypeParam] = osig.type_params
        if tparams:
            # A generic method: the constraints of its own type parameters may mention the receiver's.
            tparams = []
            for p in osig.type_params:
                name = TypeName(p.obj.pos, p.obj.pkg, p.obj.name, None)
                q = TypeParam(name, None)
                name.type = q
                q.index = p.index
                q.checker = p.checker
                tparams.append(q)
            smap.update(make_subst_map(osig.type_params, list(tparams)))
            for p, q in zip(osig.type_params, tparams, strict=True):
                p.iface()
                q.bound = subst(p.bound, smap) if p.bound is not None else None
            params = subst(osig.params, smap)
            results = subst(osig.results, smap)
        rtype: Type = t
        if isinstance(recv.type, Pointer):
            rtype = Pointer(t)
        sig = Signature(
            Var(recv.pos, recv.pkg, recv.name, rtype, is_param=True),
            params,  # pyright: ignore[reportArgumentType]
            results,  # pyright: ignore[reportArgumentType]
            osig.variadic,
            tparams,
        )
    m = Func(om.pos, om.pkg, om.name, sig)
    m.has_ptr_recv = om.has_ptr_recv
    m.origin = om
    cache[i] = m
    return m
