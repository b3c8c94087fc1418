"""Invalid recursive types: types that would contain themselves."""

from __future__ import annotations

from typing import Any

from goir.types.checker import Checker
from goir.types.predicates import AliasPlaceholder, identical
from goir.types.types import Array, Interface, Named, Struct, Type, TypeParam, Union
from goir.types.universe import TYP_INVALID


def valid_type(check: Checker, t: Named) -> None:
    """Reports t if it contains itself."""
    _valid(check, t, [], [])


def _valid(check: Checker, t: Type | None, nest: list[Named], path: list[Named]) -> bool:
    if isinstance(t, AliasPlaceholder):
        t = t.actual
    c = t.__class__
    if c is Array:
        return _valid(check, t.elem, nest, path)  # pyright: ignore
    if isinstance(t, Struct):
        return all(_valid(check, f.type, nest, path) for f in t.fields)
    if isinstance(t, Union):
        return all(_valid(check, x.type, nest, path) for x in t.terms)
    if isinstance(t, Interface):
        return all(_valid(check, e, nest, path) for e in t.embeddeds)
    if isinstance(t, Named):
        return _valid_named(check, t, nest, path)
    if isinstance(t, TypeParam) and nest:
        inst = nest[-1]
        for p, a in zip(inst.orig.type_params, inst.type_args, strict=False):
            if p is t:
                # The argument stands where the instance was mentioned: outside of it.
                return _valid(check, a, nest[:-1], path)
    return True


def _valid_named(check: Checker, t: Named, nest: list[Named], path: list[Named]) -> bool:
    orig = t.orig
    if orig in _done(check) and not t.type_args:
        return True
    for e in nest:
        if identical(e, t):
            orig.from_rhs = TYP_INVALID
            orig._underlying = TYP_INVALID  # pyright: ignore[reportPrivateUsage]
            start = next(i for i, p in enumerate(path) if identical(p, t))
            from goir.types.decl import cycle_error

            cycle: list[Any] = list(path[start:])
            cycle_error(check, cycle, 0)
            return False
    if orig.obj.pkg is not check.pkg and not t.type_args:
        return True
    rhs = orig.from_rhs
    if rhs is None and orig.underlying is not TYP_INVALID:  # a library's type, that nobody looked into yet
        rhs = orig.from_rhs
    if rhs is None:
        rhs = orig._underlying  # pyright: ignore[reportPrivateUsage]
    if not _valid(check, rhs, [*nest, t], [*path, t]):
        return False
    if not t.type_args and not orig.type_params:
        _done(check).add(orig)
    return True


def _done(check: Checker) -> set[Named]:
    """Types that are known not to contain themselves."""
    done: set[Named] | None = check.__dict__.get("_valid_types")
    if done is None:
        done = set()
        check.__dict__["_valid_types"] = done
    return done
