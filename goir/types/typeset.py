"""Type sets of interfaces: methods, the union of terms that restricts them, and comparability."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from goir.types.types import Basic, Interface, Named, Term, Type, TypeParam, Union

if TYPE_CHECKING:
    from goir.types.objects import Func, Package

MAX_TERMS = 100

# A list of terms is a union; [Term(False, None)] is the universe, [] the empty set.
TermList = list[Term]
UNIVERSE_TERMS: TermList = [Term(False, None)]


# ---- Terms -----------------------------------------------------------------------------------------------


def _disjoint(x: Term, y: Term) -> bool:
    from goir.types.predicates import identical

    assert x.type is not None and y.type is not None
    ux: Type = x.type.underlying if y.tilde else x.type
    uy: Type = y.type.underlying if x.tilde else y.type
    return not identical(ux, uy)


def terms_overlap(x: Term, y: Term) -> bool:
    """Whether some type belongs to both terms (neither is the universe)."""
    return not _disjoint(x, y)


def _term_union(x: Term, y: Term) -> tuple[Term | None, Term | None]:
    if x.type is None:
        return x, None
    if y.type is None:
        return y, None
    if _disjoint(x, y):
        return x, y
    # ~t ∪ T == ~t, the rest is equal
    if x.tilde or not y.tilde:
        return x, None
    return y, None


def _term_intersect(x: Term, y: Term) -> Term | None:
    if x.type is None:
        return y
    if y.type is None:
        return x
    if _disjoint(x, y):
        return None
    if not x.tilde or y.tilde:
        return x
    return y


def _term_subset(x: Term, y: Term) -> bool:
    if y.type is None:
        return True
    if x.type is None:
        return False
    if _disjoint(x, y):
        return False
    return not x.tilde or y.tilde


def _term_includes(x: Term, t: Type) -> bool:
    from goir.types.predicates import identical

    if x.type is None:
        return True
    return identical(x.type, t.underlying if x.tilde else t)


def is_all(terms: TermList) -> bool:
    """Whether the list contains the universe."""
    return any(x.type is None for x in terms)


def normal_form(terms: TermList) -> TermList:
    """The same set without overlapping terms."""
    if len(terms) <= 1:
        return terms
    if is_all(terms):
        return UNIVERSE_TERMS
    used = [False] * len(terms)
    out: TermList = []
    for i, xi in enumerate(terms):
        if used[i]:
            continue
        for j in range(i + 1, len(terms)):
            if used[j]:
                continue
            u1, u2 = _term_union(xi, terms[j])
            if u2 is None and u1 is not None:
                if u1.type is None:
                    return UNIVERSE_TERMS
                xi = u1
                used[j] = True
        out.append(xi)
    return out


def intersect(xs: TermList, ys: TermList) -> TermList:
    """The terms of both lists."""
    if xs is UNIVERSE_TERMS:
        return normal_form(ys)
    if ys is UNIVERSE_TERMS:
        return normal_form(xs)
    out: TermList = []
    for x in xs:
        for y in ys:
            r = _term_intersect(x, y)
            if r is not None:
                out.append(r)
    return normal_form(out)


def subset_of(xs: TermList, ys: TermList) -> bool:
    """Whether every type of xs is in ys."""
    if not ys:
        return not xs
    return all(any(_term_subset(x, y) for y in ys) for x in xs)


def includes(xs: TermList, t: Type) -> bool:
    """Whether t is in the set."""
    return any(_term_includes(x, t) for x in xs)


# ---- Type sets -------------------------------------------------------------------------------------------


class TypeSet:
    """The set of types an interface describes: those with all ``methods``, in ``terms``, and, if ``comparable`` is
    set, comparable."""

    __slots__ = ("_index", "comparable", "in_progress", "methods", "terms")

    def __init__(self, methods: list[Func], terms: TermList, comparable: bool) -> None:
        self.methods = methods
        self.terms = terms
        self.comparable = comparable
        self.in_progress = False
        self._index: dict[str, list[int]] | None = None

    def is_empty(self) -> bool:
        """No type is in it."""
        return not self.terms

    def is_method_set(self) -> bool:
        """Methods alone describe it."""
        return not self.comparable and is_all(self.terms)

    def is_all(self) -> bool:
        """Every type is in it."""
        return not self.methods and self.is_method_set()

    def has_terms(self) -> bool:
        """It is restricted to specific types."""
        return bool(self.terms) and not is_all(self.terms)

    def is_comparable(self, seen: set[int] | None = None) -> bool:
        """Every type in it is strictly comparable."""
        if is_all(self.terms):
            return self.comparable
        from goir.types.predicates import comparable_cause

        return self.is_(lambda t: t is not None and comparable_cause(_type(t), False, seen, str) is None)

    def terms_equal(self, other: TypeSet) -> bool:
        """Whether both are restricted to the same specific types."""
        if self.terms is other.terms:
            return True
        return subset_of(self.terms, other.terms) and subset_of(other.terms, self.terms)

    def is_(self, f: Callable[[Term | None], bool]) -> bool:
        """Whether f holds for every term; f(None) where there are no specific types."""
        if not self.has_terms():
            return f(None)
        return all(f(t) for t in self.terms)

    def all(self, f: Callable[[Any, Any], bool]) -> bool:
        """Whether f(type, underlying type) holds for every term; f(None, None) where there are no specific types."""
        if not self.has_terms():
            return f(None, None)
        for t in self.terms:
            u = _type(t)
            if not f(u, u if t.tilde else u.underlying):
                return False
        return True

    def lookup_method(self, pkg: Package | None, name: str, fold_case: bool = False) -> tuple[int, Func | None]:
        """The index of a method and the method; -1, None if there is none."""
        if fold_case:
            for i, m in enumerate(self.methods):
                if m.same_id(pkg, name, True):
                    return i, m
            return -1, None
        index = self._index
        if index is None:
            index = dict[str, list[int]]()
            for i, m in enumerate(self.methods):
                index.setdefault(m.name, []).append(i)
            self._index = index
        for i in index.get(name, ()):
            m = self.methods[i]
            if m.same_id(pkg, name):
                return i, m
        return -1, None


def _type(t: Term) -> Type:
    u = t.type
    assert u is not None
    return u


# Interfaces that were reached while their type set was being computed.
_cycles: list[Interface] = []

TOP = TypeSet([], UNIVERSE_TERMS, False)
INVALID_SET = TypeSet([], [], False)


def comparable_type_set() -> TypeSet:
    """The type set of the predeclared ``comparable``."""
    return TypeSet([], UNIVERSE_TERMS, True)


def method_order(m: Func) -> tuple[bool, str, str]:
    """Sort key of methods: exported ones first, then by name and package."""
    exported = m.exported()
    return (not exported, m.name, "" if exported or m.pkg is None else m.pkg.path)


def compute_interface_type_set(check: Any, pos: int, t: Interface) -> TypeSet:
    """The type set of t; with a checker, duplicate methods and impossible elements are reported."""
    from goir.types.predicates import comparable_cause, identical, is_valid

    if t._tset is not None:  # pyright: ignore[reportPrivateUsage]
        if t._tset.in_progress:  # pyright: ignore[reportPrivateUsage]
            _cycles.append(t)
        return t._tset  # pyright: ignore[reportPrivateUsage]
    if not t.complete:
        return TOP
    if not t.methods and not t.embeddeds:
        t._tset = TOP  # pyright: ignore[reportPrivateUsage]
        return TOP
    # An interface that embeds itself finds this unfinished set; the cycle is reported elsewhere.
    result = TypeSet([], UNIVERSE_TERMS, False)
    result.in_progress = True
    known_cycles = len(_cycles)
    t._tset = result  # pyright: ignore[reportPrivateUsage]
    seen: dict[str, Func] = {}
    where: dict[str, int] = {}
    methods: list[Func] = []

    def duplicate(m: Func, at: int, other_at: int) -> None:
        check.report(
            at,
            f"duplicate method {m.name}",
            [(other_at, f"other declaration of method {m.name}")],
        )

    def add(at: int, m: Func, explicit: bool) -> None:
        key = m.id()
        other = seen.get(key)
        if other is None:
            seen[key] = m
            where[key] = at
            methods.append(m)
        elif check is None:
            return
        elif explicit:
            duplicate(m, at, where[key])
        else:
            other_at = where[key]

            def compare(m: Func = m, other: Func = other) -> None:
                if not check.allows(14) or not identical(m.type, other.type):
                    duplicate(m, at, other_at)

            check.later_verify(compare)

    for m in t.methods:
        add(m.pos, m, True)
    terms = UNIVERSE_TERMS
    comparable = False
    for i, e in enumerate(t.embeddeds):
        at = t.embed_pos[i] if i < len(t.embed_pos) else 0
        u = e.underlying
        comp = False
        if isinstance(u, Interface):
            ts = compute_interface_type_set(check, at, u)
            comp = ts.comparable
            for m in ts.methods:
                add(at, m, False)
            eterms = ts.terms
        elif isinstance(u, Union):
            if check is not None and at and not check.requires(at, 18, f"embedding interface element {check.ts(u)}"):
                continue
            ts = compute_union_type_set(check, at, u)
            if ts is INVALID_SET:
                continue
            eterms = ts.terms
        else:
            if not is_valid(u):
                continue
            if check is not None and at and not check.requires(at, 18, f"embedding non-interface type {check.ts(e)}"):
                continue
            eterms = [Term(False, e)]
        terms = intersect(terms, eterms)
        comparable = comparable or comp
        if comparable and not is_all(terms):
            terms = [x for x in terms if comparable_cause(_type(x), False, None, str) is None]
            comparable = False
    methods.sort(key=method_order)
    result.methods = methods
    result.terms = terms
    result.comparable = comparable
    result._index = None  # pyright: ignore[reportPrivateUsage]
    result.in_progress = False
    if len(_cycles) > known_cycles:
        # In a cycle of interfaces only the outermost set is complete now; the others are computed again.
        outer = [c for c in _cycles[known_cycles:] if c is not t]
        _cycles[known_cycles:] = outer
        if outer:
            t._tset = None  # pyright: ignore[reportPrivateUsage]
    return result


def compute_union_type_set(check: Any, pos: int, u: Union) -> TypeSet:
    """The type set of a union element."""
    from goir.types.predicates import identical, is_valid

    all_terms: TermList = []
    for t in u.terms:
        typ = _type(t)
        under = typ.underlying
        if isinstance(under, Interface):
            terms = compute_interface_type_set(check, pos, under).terms
        elif not is_valid(under):
            continue
        elif t.tilde and not identical(typ, under):
            terms = []  # reported by the union's own check
        else:
            terms = [Term(t.tilde, typ)]
        all_terms = normal_form(all_terms + terms)
        if len(all_terms) > MAX_TERMS:
            if check is not None:
                check.error(pos, f"cannot handle more than {MAX_TERMS} union terms (implementation limitation)")
            return INVALID_SET
    return TypeSet([], all_terms, False)


def type_param_iface(p: TypeParam) -> Interface:
    """The constraint of p as an interface; a constraint that is none is wrapped."""
    from goir.types.universe import TYP_EMPTY_INTERFACE

    bound = p.bound
    if bound is None:
        return TYP_EMPTY_INTERFACE
    u = None if bound.__class__ is TypeParam else bound.underlying
    if isinstance(u, Interface):
        t = u
    elif u is None or (isinstance(u, Basic) and u.kind == 0):
        return TYP_EMPTY_INTERFACE
    else:
        t = Interface([], [bound], implicit=True)
        p.bound = t
    if t._tset is None:  # pyright: ignore[reportPrivateUsage]
        pos = bound.obj.pos if isinstance(bound, Named) else p.obj.pos
        compute_interface_type_set(p.checker, pos, t)
    return t
