"""The rules on types that the ops' verifiers are made of: each raises VerifyException in the words of Go's types.

All of them see types through `under`; a named type that `under` leaves as it is (an op looked at without its module) is
not judged, and the functions that answer a part of a type answer None for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xdsl.ir import Attribute
from xdsl.utils.exceptions import VerifyException

from goir.dialects.go_base import Under
from goir.dialects.go_types import (
    BOOL,
    ArrayType,
    BasicType,
    ChanType,
    FieldAttr,
    FuncType,
    InterfaceType,
    MapType,
    MethodSigAttr,
    NamedType,
    OpaqueType,
    PtrType,
    SliceType,
    StructType,
    UnsafePointerType,
    is_go_type,
)


def go_type(t: Attribute, what: str) -> None:
    """`t` must be the type of a Go value."""
    if not is_go_type(t):
        raise VerifyException(f"{what} must have a Go type, but has {t}")


def _basic(under: Under, t: Attribute, what: str, kind: str) -> BasicType | None:
    u = under(t)
    if isinstance(u, NamedType):
        return None
    if not isinstance(u, BasicType):
        raise VerifyException(f"{what} must be {kind}, but is {t}")
    return u


def integer(under: Under, t: Attribute, what: str) -> None:
    """`t` must be an integer type."""
    u = _basic(under, t, what, "an integer")
    if not (u is None or u.is_integer):
        raise VerifyException(f"{what} must be an integer, but is {t}")


def number(under: Under, t: Attribute, what: str) -> None:
    """`t` must be an integer, float or complex type."""
    u = _basic(under, t, what, "a number")
    if not (u is None or u.is_numeric):
        raise VerifyException(f"{what} must be a number, but is {t}")


def string(under: Under, t: Attribute, what: str) -> None:
    """`t` must be a string type."""
    u = _basic(under, t, what, "a string")
    if not (u is None or u.is_string):
        raise VerifyException(f"{what} must be a string, but is {t}")


def boolean(under: Under, t: Attribute, what: str) -> None:
    """`t` must be a bool type."""
    u = under(t)
    if not (isinstance(u, NamedType) or u == BOOL):
        raise VerifyException(f"{what} must be a bool (i1), but is {t}")


def ordered(under: Under, t: Attribute, what: str) -> None:
    """`t` must have an order: integers, floats, strings."""
    u = _basic(under, t, what, "an integer, a float or a string")
    if not (u is None or u.is_integer or u.is_float or u.is_string):
        raise VerifyException(f"{what} must be an integer, a float or a string, but is {t}")


def is_comparable(under: Under, t: Attribute) -> bool:
    """Whether == is defined on type `t` (unresolved names count as comparable)."""
    u = under(t)
    if isinstance(u, SliceType | MapType | FuncType | OpaqueType):
        return False
    if isinstance(u, ArrayType):
        return is_comparable(under, u.elem)
    if isinstance(u, StructType):
        return all(is_comparable(under, f.type) for f in u.fields.data)
    return True


def pointee(under: Under, t: Attribute, what: str) -> Attribute | None:
    """The element type of pointer type `t`."""
    u = under(t)
    if isinstance(u, PtrType):
        return u.elem
    if not isinstance(u, NamedType):
        raise VerifyException(f"{what} must be a pointer, but is {t}")
    return None


def struct(under: Under, t: Attribute, what: str) -> StructType | None:
    """`t` must be a struct type."""
    u = under(t)
    if isinstance(u, StructType):
        return u
    if not isinstance(u, NamedType):
        raise VerifyException(f"{what} must be a struct, but is {t}")
    return None


def slice_elem(under: Under, t: Attribute, what: str) -> Attribute | None:
    """The element type of slice type `t`."""
    u = under(t)
    if isinstance(u, SliceType):
        return u.elem
    if not isinstance(u, NamedType):
        raise VerifyException(f"{what} must be a slice, but is {t}")
    return None


def map_type(under: Under, t: Attribute, what: str) -> MapType | None:
    """`t` must be a map type."""
    u = under(t)
    if isinstance(u, MapType):
        return u
    if not isinstance(u, NamedType):
        raise VerifyException(f"{what} must be a map, but is {t}")
    return None


def chan(under: Under, t: Attribute, what: str, use: str = "") -> ChanType | None:
    """`t` must be a channel type that allows `use` ("send", "recv", or "" for both)."""
    u = under(t)
    if not isinstance(u, ChanType):
        if not isinstance(u, NamedType):
            raise VerifyException(f"{what} must be a channel, but is {t}")
        return None
    if use and u.dir.data not in ("both", use):
        raise VerifyException(f"{what} must allow {'sending' if use == 'send' else 'receiving'}, but is a {t}")
    return u


def func(under: Under, t: Attribute, what: str) -> FuncType | None:
    """`t` must be a function type."""
    u = under(t)
    if isinstance(u, FuncType):
        return u
    if not isinstance(u, NamedType):
        raise VerifyException(f"{what} must be a function value, but is {t}")
    return None


def interface(under: Under, t: Attribute, what: str) -> InterfaceType | None:
    """`t` must be an interface type."""
    u = under(t)
    if isinstance(u, InterfaceType):
        return u
    if not isinstance(u, NamedType):
        raise VerifyException(f"{what} must be an interface, but is {t}")
    return None


def method(under: Under, t: Attribute, name: str, pkg: str) -> MethodSigAttr | None:
    """The method `name` of interface type `t`."""
    u = interface(under, t, "the receiver")
    if u is None:
        return None
    for m in u.methods.data:
        if m.method_name.data == name and m.pkg.data == pkg:
            return m
    where = f" of package {pkg}" if pkg else ""
    raise VerifyException(f"interface {t} has no method {name}{where}")


def same(actual: Attribute, wanted: Attribute | None, what: str) -> None:
    """`what` must have exactly the type `wanted` (None: not known)."""
    if wanted is not None and actual is not wanted and actual != wanted:
        raise VerifyException(f"{what} must have type {wanted}, but has {actual}")


def points_to(actual: Attribute, elem: Attribute | None, what: str) -> None:
    """`what` must have the type pointer to `elem` (None: not known)."""
    if elem is not None and not (isinstance(actual, PtrType) and actual.elem == elem):
        raise VerifyException(f"{what} must have type !go.ptr<{elem}>, but has {actual}")


def same_underlying(under: Under, actual: Attribute, wanted: Attribute | None, what: str) -> None:
    """`what` must have type `wanted` or one with the same underlying type."""
    if wanted is None or actual == wanted:
        return
    a, b = under(actual), under(wanted)
    if not isinstance(a, NamedType) and not isinstance(b, NamedType) and a != b:
        raise VerifyException(f"{what} must have type {wanted}, but has {actual}")


def arguments(actual: Sequence[Attribute], wanted: Sequence[Attribute], callee: str) -> None:
    """The types of a call's arguments."""
    if len(actual) != len(wanted):
        raise VerifyException(f"{callee} takes {_count(len(wanted), 'argument')}, but {len(actual)} are given")
    for i, (a, w) in enumerate(zip(actual, wanted, strict=True)):
        if a is not w and a != w:
            raise VerifyException(f"argument {i} of {callee} must have type {w}, but has {a}")


def results(actual: Sequence[Attribute], wanted: Sequence[Attribute], callee: str) -> None:
    """The types of a call's results."""
    if len(actual) != len(wanted):
        raise VerifyException(f"{callee} has {_count(len(wanted), 'result')}, but {len(actual)} are taken")
    for i, (a, w) in enumerate(zip(actual, wanted, strict=True)):
        if a is not w and a != w:
            raise VerifyException(f"result {i} of {callee} has type {w}, not {a}")


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def is_pointer_shaped(under: Under, t: Attribute) -> bool:
    """Whether values of `t` are one pointer (docs/abi.md); unresolved names count as pointers."""
    return isinstance(under(t), PtrType | MapType | ChanType | FuncType | UnsafePointerType | NamedType)


def without_tags(t: Attribute) -> Attribute:
    """A struct type without its fields' tags, which conversions ignore."""
    if isinstance(t, StructType) and any(f.tag.data for f in t.fields.data):
        return StructType([FieldAttr(f.field_name, f.type, f.embedded, "", f.pkg) for f in t.fields.data])
    return t


def is_bytes_or_runes(under: Under, t: SliceType) -> bool:
    """Whether `t` is []byte or []rune, up to names."""
    u = under(t.elem)
    return isinstance(u, NamedType) or (isinstance(u, BasicType) and u.kind in ("uint8", "int32"))


def is_convertible(under: Under, source: Attribute, target: Attribute) -> bool:
    """Whether `go.convert` knows how to make a `target` of a `source` (neither is an interface)."""
    s, t = under(source), under(target)
    if isinstance(s, NamedType) or isinstance(t, NamedType) or s == t or without_tags(s) == without_tags(t):
        return True
    if isinstance(s, BasicType) and isinstance(t, BasicType):
        if s.is_complex or t.is_complex:
            return s.is_complex and t.is_complex
        if s.is_numeric and t.is_numeric:
            return True
        if t.is_string:
            return s.is_integer
        return {s.kind, t.kind} == {"uintptr", "unsafe.Pointer"}
    if isinstance(s, BasicType) and s.is_string:
        return isinstance(t, SliceType) and is_bytes_or_runes(under, t)
    if isinstance(t, BasicType) and t.is_string:
        return isinstance(s, SliceType) and is_bytes_or_runes(under, s)
    if isinstance(s, UnsafePointerType) or isinstance(t, UnsafePointerType):
        return is_pointer_shaped(under, s) and is_pointer_shaped(under, t)
    if isinstance(s, SliceType):
        if isinstance(t, PtrType):
            t = under(t.elem)
        return isinstance(t, NamedType) or (isinstance(t, ArrayType) and t.elem == s.elem)
    if isinstance(s, PtrType) and isinstance(t, PtrType):
        a, b = without_tags(under(s.elem)), without_tags(under(t.elem))
        return a == b or isinstance(a, NamedType) or isinstance(b, NamedType)
    if isinstance(s, ChanType) and isinstance(t, ChanType):
        return s.elem == t.elem and s.dir.data == "both"
    return False


def missing_method(have: Iterable[MethodSigAttr], want: Iterable[MethodSigAttr]) -> MethodSigAttr | None:
    """The first method of `want` that `have` has not."""
    known = set(have)
    for m in want:
        if m not in known:
            return m
    return None
