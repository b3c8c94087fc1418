"""Sizes, alignments and offsets as gc has them on amd64."""

from __future__ import annotations

from goir.types import types as T
from goir.types.objects import Var
from goir.types.types import Array, Basic, Interface, Named, Slice, Struct, Type

WORD = 8

_BASIC_SIZES = {
    T.BOOL: 1,
    T.INT: 8,
    T.INT8: 1,
    T.INT16: 2,
    T.INT32: 4,
    T.INT64: 8,
    T.UINT: 8,
    T.UINT8: 1,
    T.UINT16: 2,
    T.UINT32: 4,
    T.UINT64: 8,
    T.UINTPTR: 8,
    T.FLOAT32: 4,
    T.FLOAT64: 8,
    T.COMPLEX64: 8,
    T.COMPLEX128: 16,
    T.STRING: 16,
    T.UNSAFE_POINTER: 8,
}


def _align(n: int, a: int) -> int:
    return (n + a - 1) // a * a


def alignof(t: Type) -> int:
    """Alignment of variables of type t."""
    u = t.underlying
    if isinstance(u, Array):
        return alignof(u.elem)
    if isinstance(u, Struct):
        if not u.fields and isinstance(t, Named) and t.obj.name == "align64":
            # A marker that gc knows by name.
            pkg = t.obj.pkg
            if pkg is not None and pkg.path in ("sync/atomic", "internal/runtime/atomic"):
                return 8
        most = 1
        for f in u.fields:
            most = max(most, alignof(f.type))
        return most
    if isinstance(u, Basic):
        if u.info & T.IS_STRING:
            return WORD
        n = _BASIC_SIZES.get(u.kind, WORD)
        if u.info & T.IS_COMPLEX:
            n //= 2
        return max(1, min(n, WORD))
    return WORD


def offsetsof(fields: list[Var]) -> list[int]:
    """The offsets of struct fields."""
    out: list[int] = []
    n = 0
    for f in fields:
        n = _align(n, alignof(f.type))
        out.append(n)
        n += sizeof(f.type)
    return out


def sizeof(t: Type) -> int:
    """Size of variables of type t."""
    u = t.underlying
    if isinstance(u, Basic):
        return _BASIC_SIZES.get(u.kind, WORD)
    if isinstance(u, Array):
        return max(u.length, 0) * sizeof(u.elem)
    if isinstance(u, Slice):
        return 3 * WORD
    if isinstance(u, Interface):
        return 2 * WORD
    if isinstance(u, Struct):
        if not u.fields:
            return 0
        offset = offsetsof(u.fields)[-1]
        size = sizeof(u.fields[-1].type)
        if offset > 0 and size == 0:
            # A trailing field of size zero must not have the address of what follows the struct.
            size = 1
        return _align(offset + size, alignof(t))
    return WORD


def offsetof(t: Type, index: list[int]) -> int:
    """The offset of the field reached by an index path without pointers."""
    n = 0
    for i in index:
        u = t.underlying
        assert isinstance(u, Struct)
        n += offsetsof(u.fields)[i]
        t = u.fields[i].type
    return n
