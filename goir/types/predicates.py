"""Questions about types: properties, comparability, identity."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from goir.types import types as T
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
    Union,
)
from goir.types.universe import TYP_INVALID

if TYPE_CHECKING:
    from goir.types.objects import TypeName
    from goir.types.types import Term


class GenericAlias(Type):
    """What the name of a generic alias denotes until it is instantiated; never the type of a value."""

    __slots__ = ("name", "obj", "rhs", "type_params")

    def __init__(self, obj: TypeName, type_params: list[TypeParam]) -> None:
        self.obj = obj
        self.name = obj.name
        self.type_params = type_params
        self.rhs: Type | None = None

    @property
    def underlying(self) -> Type:
        return self.rhs.underlying if self.rhs is not None else TYP_INVALID


class AliasPlaceholder(Type):
    """Stands for an alias whose declaration is being worked on, where a cycle reaches it; replaced when it is done."""

    __slots__ = ("actual", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.actual: Type | None = None

    @property
    def underlying(self) -> Type:
        return self.actual.underlying if self.actual is not None else TYP_INVALID


def is_valid(t: Type | None) -> bool:
    """Whether t is not the type of erroneous expressions."""
    return t is not TYP_INVALID


def is_basic(t: Type, info: int) -> bool:
    """Whether the underlying type is a basic type with one of these properties (false for type parameters)."""
    u = t.underlying
    return u.__class__ is Basic and u.info & info != 0  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]


def is_boolean(t: Type) -> bool:
    """Boolean type."""
    return is_basic(t, T.IS_BOOLEAN)


def is_integer(t: Type) -> bool:
    """Integer type."""
    return is_basic(t, T.IS_INTEGER)


def is_unsigned(t: Type) -> bool:
    """Unsigned integer type."""
    return is_basic(t, T.IS_UNSIGNED)


def is_float(t: Type) -> bool:
    """Floating-point type."""
    return is_basic(t, T.IS_FLOAT)


def is_complex(t: Type) -> bool:
    """Complex type."""
    return is_basic(t, T.IS_COMPLEX)


def is_numeric(t: Type) -> bool:
    """Numeric type."""
    return is_basic(t, T.IS_NUMERIC)


def is_string(t: Type) -> bool:
    """String type."""
    return is_basic(t, T.IS_STRING)


def is_const_type(t: Type) -> bool:
    """Whether constants can have this type."""
    return is_basic(t, T.IS_CONST_TYPE)


def all_basic(t: Type, info: int) -> bool:
    """Like is_basic; for a type parameter it must hold for all types of its type set."""
    if t.__class__ is TypeParam:
        return type_param_is(t, lambda term: term is not None and is_basic(term_type(term), info))  # pyright: ignore[reportArgumentType]
    u = t.underlying
    return u.__class__ is Basic and u.info & info != 0  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]


def all_boolean(t: Type) -> bool:
    """Only booleans."""
    return all_basic(t, T.IS_BOOLEAN)


def all_integer(t: Type) -> bool:
    """Only integers."""
    return all_basic(t, T.IS_INTEGER)


def all_unsigned(t: Type) -> bool:
    """Only unsigned integers."""
    return all_basic(t, T.IS_UNSIGNED)


def all_numeric(t: Type) -> bool:
    """Only numbers."""
    return all_basic(t, T.IS_NUMERIC)


def all_string(t: Type) -> bool:
    """Only strings."""
    return all_basic(t, T.IS_STRING)


def all_ordered(t: Type) -> bool:
    """Only types with <."""
    return all_basic(t, T.IS_ORDERED)


def all_numeric_or_string(t: Type) -> bool:
    """Only types with +."""
    return all_basic(t, T.IS_NUMERIC | T.IS_STRING)


def term_type(term: Term) -> Type:
    """The type of a term that is not the universe."""
    t = term.type
    assert t is not None
    return t


def type_param_is(p: TypeParam, f: Callable[[Term | None], bool]) -> bool:
    """Whether f holds for every term of p's type set; f(None) if it has no specific types."""
    return p.iface().type_set().is_(f)


def all_types(t: Type, f: Callable[[Any, Any], bool]) -> bool:
    """Calls f(t, under(t)); for a type parameter once for each type of its type set, f(None, None) if it has none."""
    if t.__class__ is TypeParam:
        return t.iface().type_set().all(f)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]
    return f(t, t.underlying)


def type_set_of(t: Type) -> list[tuple[Any, Any]]:
    """The pairs (type, underlying type) that all_types visits."""
    out: list[tuple[Any, Any]] = []

    def visit(a: Any, b: Any) -> bool:
        out.append((a, b))
        return True

    all_types(t, visit)
    return out


def under_is(t: Type, f: Callable[[Any], bool]) -> bool:
    """Whether f holds for the underlying type (all of them for a type parameter)."""
    return all_types(t, lambda _, u: f(u))


def common_under(
    t: Type, cond: Callable[[Any, Any], str | None] | None, type_text: Callable[[Type], str]
) -> tuple[Any, str | None]:
    """The underlying type common to all types of t's type set, or None and the reason why there is none.

    ``cond`` may refuse a type with a reason of its own."""
    if t.__class__ is not TypeParam:
        u = t.underlying
        if cond is not None:
            err = cond(t, u)
            if err is not None:
                return None, err
        return u, None
    ct: Any = None
    cu: Any = None
    for t1, u in type_set_of(t):
        if cond is not None:
            err = cond(t1, u)
            if err is not None:
                return None, err
        if u is None:
            return None, "no specific type"
        if cu is None:
            ct, cu = t1, u
            continue
        if isinstance(cu, Chan) and isinstance(u, Chan):
            if not identical(cu.elem, u.elem):
                return None, f"channels {type_text(ct)} and {type_text(t1)} have different element types"
            if cu.dir == u.dir:
                pass
            elif cu.dir == "both":
                ct, cu = t1, u
            elif u.dir != "both":
                return None, f"channels {type_text(ct)} and {type_text(t1)} have conflicting directions"
            continue
        if not identical(cu, u):
            return None, f"{type_text(ct)} and {type_text(t1)} have different underlying types"
    return cu, None


def has_name(t: Type) -> bool:
    """Whether the type is predeclared, declared, or a type parameter."""
    c = t.__class__
    return c is Basic or c is Named or c is TypeParam


def is_typed(t: Type) -> bool:
    """Whether t is not an untyped kind."""
    return not (t.__class__ is Basic and t.info & T.IS_UNTYPED)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]


def is_untyped(t: Type) -> bool:
    """Whether t is an untyped kind."""
    return t.__class__ is Basic and t.info & T.IS_UNTYPED != 0  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]


def is_untyped_numeric(t: Type) -> bool:
    """Untyped number."""
    return isinstance(t, Basic) and t.info & T.IS_UNTYPED != 0 and t.info & T.IS_NUMERIC != 0


def is_interface(t: Type) -> bool:
    """Interface type or type parameter."""
    return t.underlying.__class__ is Interface


def is_type_param(t: Type | None) -> bool:
    """Type parameter."""
    return t.__class__ is TypeParam


def is_non_type_param_interface(t: Type) -> bool:
    """Interface type, but no type parameter."""
    return t.__class__ is not TypeParam and t.underlying.__class__ is Interface


def is_generic(t: Type | None) -> bool:
    """Whether t is a generic type that was not instantiated."""
    x: Any = t
    c = x.__class__
    if c is Named:
        return x.orig is x and len(x.type_params) > 0
    return c is GenericAlias


def is_pointer(t: Type) -> bool:
    """Pointer type."""
    return t.underlying.__class__ is Pointer


def is_unsafe_pointer(t: Type) -> bool:
    """unsafe.Pointer or a type declared as it."""
    u = t.underlying
    return isinstance(u, Basic) and u.kind == T.UNSAFE_POINTER


def is_uintptr(t: Type) -> bool:
    """uintptr or a type declared as it."""
    u = t.underlying
    return isinstance(u, Basic) and u.kind == T.UINTPTR


def is_bytes_or_runes(t: Type) -> bool:
    """[]byte, []rune and types declared as such."""
    u = t.underlying
    if not isinstance(u, Slice):
        return False
    e = u.elem.underlying
    return isinstance(e, Basic) and e.kind in (T.UINT8, T.INT32)


def is_interface_ptr(t: Type) -> bool:
    """Pointer to an interface (or type parameter)."""
    u = t.underlying
    return isinstance(u, Pointer) and is_interface(u.elem)


def has_nil(t: Type) -> bool:
    """Whether nil is a value of t."""
    u = t.underlying
    c = u.__class__
    if c is Basic:
        return u.kind == T.UNSAFE_POINTER  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]
    if c is Interface:
        return t.__class__ is not TypeParam or under_is(t, lambda u: u is not None and has_nil(u))
    return c is Slice or c is Pointer or c is Signature or c is Map or c is Chan


def comparable_cause(t: Type, dynamic: bool, seen: set[int] | None, type_text: Callable[[Type], str]) -> str | None:
    """None if values of t can be compared with ==, else the reason (possibly empty).

    ``dynamic``: interfaces count as comparable, although comparing may panic."""
    u = t.underlying
    c = u.__class__
    if c is Basic:
        return "" if u.kind == T.UNTYPED_NIL else None  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    if c is Pointer or c is Chan:
        return None
    if seen is None:
        seen = set()
    if id(t) in seen:
        return None
    seen.add(id(t))
    if isinstance(u, Struct):
        for f in u.fields:
            if comparable_cause(f.type, dynamic, seen, type_text) is not None:
                return f"struct containing {type_text(f.type)} cannot be compared"
        return None
    if isinstance(u, Array):
        if comparable_cause(u.elem, dynamic, seen, type_text) is not None:
            return f"{type_text(t)} cannot be compared"
        return None
    if isinstance(u, Interface):
        ts = u.type_set()
        if (dynamic and t.__class__ is not TypeParam) or ts.is_comparable(seen):
            return None
        return "empty type set" if ts.is_empty() else "incomparable types in type set"
    return ""


def comparable(t: Type) -> bool:
    """Whether == is defined on t (interfaces included)."""
    c = t.__class__
    if c is Basic:
        return t.kind != T.UNTYPED_NIL  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]
    if c is Pointer:
        return True
    return comparable_cause(t, True, None, str) is None


def max_type(x: Type, y: Type) -> Type | None:
    """The larger of two untyped numeric kinds (or the one type both have)."""
    if x is y:
        return x
    if isinstance(x, Basic) and isinstance(y, Basic) and is_untyped_numeric(x) and is_untyped_numeric(y):
        return x if x.kind > y.kind else y
    return None


# ---- Identity --------------------------------------------------------------------------------------------

# Pairs of interfaces that are being compared, innermost last: cyclic interfaces are equal if nothing differs.
_Pairs = tuple[Any, ...]


def identical(x: Type | None, y: Type | None) -> bool:
    """Whether x and y are the same type."""
    return x is y or _identical(x, y, False, None)


def identical_ignore_tags(x: Type, y: Type) -> bool:
    """The same, without regard to struct tags."""
    return x is y or _identical(x, y, True, None)


def _identical(x: Any, y: Any, ignore_tags: bool, p: _Pairs | None) -> bool:
    if x is y:
        return True
    cx = x.__class__
    cy = y.__class__
    if cx is not cy:
        if cx is AliasPlaceholder and x.actual is not None:
            return _identical(x.actual, y, ignore_tags, p)
        if cy is AliasPlaceholder and y.actual is not None:
            return _identical(x, y.actual, ignore_tags, p)
        return False
    if cx is Basic:
        return x.kind == y.kind
    if cx is Named:
        if x.orig.obj is not y.orig.obj:
            return False
        xa, ya = x.type_args, y.type_args
        if len(xa) != len(ya):
            return False
        if not xa:
            return x.orig.obj is y.orig.obj
        # Plain calls, here and below: all() would use the C stack, which deep types exhaust.
        for a, b in zip(xa, ya, strict=True):  # noqa: SIM110
            if not _identical(a, b, False, None):
                return False
        return True
    if cx is Pointer or cx is Slice:
        return _identical(x.elem, y.elem, ignore_tags, p)
    if cx is Array:
        return (x.length < 0 or y.length < 0 or x.length == y.length) and _identical(x.elem, y.elem, ignore_tags, p)
    if cx is Map:
        return _identical(x.key, y.key, ignore_tags, p) and _identical(x.elem, y.elem, ignore_tags, p)
    if cx is Chan:
        return x.dir == y.dir and _identical(x.elem, y.elem, ignore_tags, p)
    if cx is Signature:
        return _identical_signatures(x, y, ignore_tags, p)
    if cx is Struct:
        xf, yf = x.fields, y.fields
        if len(xf) != len(yf):
            return False
        for i, f in enumerate(xf):
            g = yf[i]
            if (
                f.embedded != g.embedded
                or f.name != g.name
                or not f.same_id(g.pkg, g.name)
                or (not ignore_tags and x.tag(i) != y.tag(i))
                or not _identical(f.type, g.type, ignore_tags, p)
            ):
                return False
        return True
    if cx is Interface:
        xs, ys = x.type_set(), y.type_set()
        if xs.comparable != ys.comparable or len(xs.methods) != len(ys.methods) or not xs.terms_equal(ys):
            return False
        q = p
        while q is not None:
            if (q[0] is x and q[1] is y) or (q[0] is y and q[1] is x):
                return True
            q = q[2]
        here = (x, y, p)
        for f, g in zip(xs.methods, ys.methods, strict=True):
            if f is g:
                continue
            if f.id() != g.id() or not _identical(f.type, g.type, ignore_tags, here):
                return False
        return True
    if cx is Tuple:
        return _identical_tuples(x, y, ignore_tags, p)
    if cx is Union:
        from goir.types.typeset import compute_union_type_set

        return compute_union_type_set(None, 0, x).terms_equal(compute_union_type_set(None, 0, y))
    return False


def _identical_tuples(x: Tuple, y: Tuple, ignore_tags: bool, p: _Pairs | None) -> bool:
    xv, yv = x.vars, y.vars
    if len(xv) != len(yv):
        return False
    for a, b in zip(xv, yv, strict=True):  # noqa: SIM110
        if not _identical(a.type, b.type, ignore_tags, p):
            return False
    return True


def _identical_signatures(x: Signature, y: Signature, ignore_tags: bool, p: _Pairs | None) -> bool:
    if x.variadic != y.variadic or len(x.type_params) != len(y.type_params):
        return False
    yparams, yresults = y.params, y.results
    if x.type_params:
        from goir.types.subst import make_subst_map, subst

        smap = make_subst_map(y.type_params, list(x.type_params))
        for a, b in zip(x.type_params, y.type_params, strict=True):
            if b.bound is None or not _identical(a.bound, subst(b.bound, smap), ignore_tags, p):
                return False
        yparams = subst(y.params, smap)
        yresults = subst(y.results, smap)
        assert isinstance(yparams, Tuple) and isinstance(yresults, Tuple)
    return _identical_tuples(x.params, yparams, ignore_tags, p) and _identical_tuples(
        x.results, yresults, ignore_tags, p
    )
