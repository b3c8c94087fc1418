"""Type unification: finds the type parameters that make two types equal (or one assignable to the other)."""

from __future__ import annotations

from typing import Any

from goir.types import types as T
from goir.types.lookup import lookup_field_or_method
from goir.types.objects import Func
from goir.types.predicates import common_under, identical
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
    Tuple,
    Type,
    TypeParam,
)

# Modes: at the top level, assignability may be enough; otherwise, or with EXACT, types must be identical.
ASSIGN = 1
EXACT = 2

_DEPTH_LIMIT = 50


class _Cell:
    """What is known of a group of type parameters that are equal."""

    __slots__ = ("type",)

    def __init__(self, type: Type | None) -> None:
        self.type = type


def _interface(t: Any) -> Interface | None:
    if t.__class__ is TypeParam:
        return None
    u = t.underlying
    return u if isinstance(u, Interface) else None


class Unifier:
    """The state of one inference."""

    def __init__(self, check: Any, tparams: list[TypeParam], targs: list[Any]) -> None:
        self.check = check
        self.cells: dict[int, _Cell] = {}
        for i, p in enumerate(tparams):
            self.cells[id(p)] = _Cell(targs[i] if i < len(targs) else None)
        self.depth = 0
        self.by_methods = check is None or check.allows(21)  # interfaces unify by the methods they share

    def at(self, p: TypeParam) -> Type | None:
        """What p was found to be."""
        return self.cells[id(p)].type

    def set(self, p: TypeParam, t: Type) -> None:
        """Decides what p is."""
        self.cells[id(p)].type = t

    def unknowns(self) -> int:
        """How many type parameters are not known yet."""
        return sum(1 for c in self.cells.values() if c.type is None)

    def inferred(self, tparams: list[TypeParam]) -> list[Any]:
        """What is known, in the order of the parameters."""
        return [self.at(p) for p in tparams]

    def _bound(self, t: Any) -> TypeParam | None:
        return t if t.__class__ is TypeParam and id(t) in self.cells else None

    def _join(self, x: TypeParam, y: TypeParam) -> bool:
        cx, cy = self.cells[id(x)], self.cells[id(y)]
        if cx is cy:
            return True
        if cx.type is not None and cy.type is not None:
            return False
        keep, drop = (cx, cy) if cx.type is not None else (cy, cx)
        for k, c in self.cells.items():
            if c is drop:
                self.cells[k] = keep
        return True

    def unify(self, x: Any, y: Any, mode: int) -> bool:
        """Whether x and y can be made equal; records what that says about type parameters."""
        return self._nify(x, y, mode, None)

    def _nify(self, x: Any, y: Any, mode: int, pairs: Any) -> bool:
        if x is y:
            return True
        self.depth += 1
        try:
            return self.depth <= _DEPTH_LIMIT and self._nify1(x, y, mode, pairs)
        finally:
            self.depth -= 1

    def _nify1(self, x: Any, y: Any, mode: int, pairs: Any) -> bool:
        # A declared type goes to y, a type parameter to be inferred to x.
        if x.__class__ is Named or self._bound(y) is not None:
            x, y = y, x
        # A declared type matches a type literal by its underlying type, unless types must be identical.
        if (
            not mode & EXACT
            and y.__class__ is Named
            and x.__class__ is not Named
            and x.__class__ is not TypeParam
            and not (self.by_methods and x.underlying.__class__ is Interface)
        ):
            y = y.underlying
            if x is y:
                return True
        px, py = self._bound(x), self._bound(y)
        if px is not None and py is not None:
            if self._join(px, py):
                return True
            return self._nify(self.at(px), self.at(py), mode, pairs)
        if px is not None:
            return self._param(px, y, mode, pairs)
        if self.by_methods and not mode & EXACT:
            r = self._interfaces(x, y, pairs)
            if r is not None:
                return r
        if y.__class__ is TypeParam:
            x, y = y, x
        return self._structure(x, y, mode, pairs)

    def _param(self, px: TypeParam, y: Any, mode: int, pairs: Any) -> bool:
        x = self.at(px)
        if x is None:
            self.set(px, y)
            return True
        if not self._nify(x, y, mode, pairs):
            return False
        xi, yi = _interface(x), _interface(y)
        xn, yn = x.__class__ is Named, y.__class__ is Named
        if xi is not None and yi is not None:
            if xn and yn:
                return identical(x, y)
            if len(xi.all_methods()) != len(yi.all_methods()):
                return False
        elif xi is not None or yi is not None:
            return False
        if not mode & EXACT:
            # The more specific of the two types is the one inferred: a declared one, or a directed channel.
            if xn:
                pass
            elif yn:
                self.set(px, y)
            else:
                yc = y.underlying
                if isinstance(yc, Chan) and yc.dir != "both":
                    self.set(px, y)
        return True

    def _interfaces(self, x: Any, y: Any, pairs: Any) -> bool | None:
        """Inexact unification of interfaces by their methods; None if neither is one."""
        xi, yi = _interface(x), _interface(y)
        if xi is not None and yi is not None:
            xs, ys = xi.type_set(), yi.type_set()
            if xs.comparable != ys.comparable or not xs.terms_equal(ys):
                return False
            p = pairs
            while p is not None:
                if (p[0] is xi and p[1] is yi) or (p[0] is yi and p[1] is xi):
                    return True
                p = p[2]
            here = (xi, yi, pairs)
            xm, ym = xs.methods, ys.methods
            if len(xm) > len(ym):
                xm, ym = ym, xm
            by_id = {m.id(): m for m in ym}
            for m in xm:
                o = by_id.get(m.id())
                if o is None or not self._nify(m.type, o.type, EXACT, here):
                    return False
            return True
        if yi is not None:
            xi = yi
            y = x
        if xi is None:
            return None
        for m in xi.all_methods():
            obj = lookup_field_or_method(y, False, m.pkg, m.name)[0]
            if not isinstance(obj, Func):
                return False
            if obj.type is None and self.check is not None:
                self.check.obj_decl(obj)
            if obj.signature.type_params or not self._nify(m.type, obj.type, EXACT, pairs):
                return False
        return True

    def _structure(self, x: Any, y: Any, mode: int, pairs: Any) -> bool:
        emode = mode | EXACT if mode & ASSIGN else mode
        cx = x.__class__
        if cx is TypeParam:
            # A type parameter that is not ours: by its core type.
            core = common_under(x, None, str)[0]
            return core is not None and self._nify(core, y, ASSIGN, pairs)
        if cx is not y.__class__:
            return False
        if cx is Basic:
            return x.kind == y.kind
        if cx is Pointer or cx is Slice:
            return self._nify(x.elem, y.elem, emode, pairs)
        if cx is Array:
            return (x.length < 0 or y.length < 0 or x.length == y.length) and self._nify(x.elem, y.elem, emode, pairs)
        if cx is Map:
            return self._nify(x.key, y.key, emode, pairs) and self._nify(x.elem, y.elem, emode, pairs)
        if cx is Chan:
            return (not mode & EXACT or x.dir == y.dir) and self._nify(x.elem, y.elem, emode, pairs)
        if cx is Struct:
            if len(x.fields) != len(y.fields):
                return False
            for i, f in enumerate(x.fields):
                g = y.fields[i]
                if (
                    f.embedded != g.embedded
                    or x.tag(i) != y.tag(i)
                    or not f.same_id(g.pkg, g.name)
                    or not self._nify(f.type, g.type, emode, pairs)
                ):
                    return False
            return True
        if cx is Tuple:
            return len(x.vars) == len(y.vars) and all(
                self._nify(a.type, b.type, mode, pairs) for a, b in zip(x.vars, y.vars, strict=True)
            )
        if cx is Signature:
            return (
                x.variadic == y.variadic
                and self._nify(x.params, y.params, emode, pairs)
                and self._nify(x.results, y.results, emode, pairs)
            )
        if cx is Interface:
            xs, ys = x.type_set(), y.type_set()
            if xs.comparable != ys.comparable or not xs.terms_equal(ys) or len(xs.methods) != len(ys.methods):
                return False
            p = pairs
            while p is not None:
                if (p[0] is x and p[1] is y) or (p[0] is y and p[1] is x):
                    return True
                p = p[2]
            here = (x, y, pairs)
            return all(
                f.id() == g.id() and self._nify(f.type, g.type, EXACT, here)
                for f, g in zip(xs.methods, ys.methods, strict=True)
            )
        if cx is Named:
            if x.orig.obj is not y.orig.obj or len(x.type_args) != len(y.type_args):
                return False
            return all(self._nify(a, b, mode, pairs) for a, b in zip(x.type_args, y.type_args, strict=True))
        return False


__all__ = ["ASSIGN", "EXACT", "T", "Unifier"]
