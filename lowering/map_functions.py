"""Maps are the library's (package internal/runtime/maps): which of its functions lowered code calls, as gc's does.

Keys that are plain words of 4 or 8 bytes, and strings, have functions of their own where elements lie in the table (up
to 128 bytes). Signatures are in `runtime_calls.py`, LIBRARY_FUNCTIONS.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from xdsl.ir import Attribute, Operation

from goir.dialects import go
from goir.dialects.go_types import ArrayType, BasicType, ChanType, MapType, NamedType, PtrType, StructType

MAX_ELEM: Final = 128
"""abi.MapMaxElemBytes: larger elements are allocated on their own; only the general functions find them."""
MAX_ZERO: Final = 1024
"""Bytes of zeros that a lookup answers for a missing key: abi.ZeroValSize."""

MAKE: Final = "internal/runtime/maps.NewMap"
MAKE_EMPTY: Final = "internal/runtime/maps.NewEmptyMap"
DELETE: Final = "internal/runtime/maps.(*Map).Delete"
CLEAR: Final = "internal/runtime/maps.(*Map).Clear"
ITER_INIT: Final = "internal/runtime/maps.(*Iter).Init"
ITER_NEXT: Final = "internal/runtime/maps.(*Iter).Next"

Under = Callable[[Attribute], Attribute]


def key_kind(key: Attribute) -> str:
    """The suffix of the functions for keys of an underlying type, "" if there are none."""
    if isinstance(key, PtrType | ChanType) or key == go.UNSAFE_POINTER:
        return "_fast64ptr"
    if isinstance(key, BasicType):
        if key.is_string:
            return "_faststr"
        if key.is_integer and key.bits in (32, 64):
            return f"_fast{key.bits}"
    return ""


def access(kind: str, with_ok: bool) -> str:
    """The function that looks a key up."""
    return f"runtime.mapaccess{2 if with_ok else 1}{kind.removesuffix('ptr')}"


def assign(kind: str) -> str:
    """The function that answers the place of a key's element."""
    return f"runtime.mapassign{kind}"


def delete(kind: str) -> str:
    """The function that deletes a key."""
    return f"runtime.mapdelete{kind.removesuffix('ptr')}" if kind else DELETE


def _kinds(map: Attribute, under: Under) -> tuple[str, ...]:
    """The functions' suffixes for a map type; both, where only its layout will tell."""
    m = under(map)
    if not isinstance(m, MapType):
        return ("",)
    kind = key_kind(under(m.key))
    elem = under(m.elem)
    return (kind, "") if kind and isinstance(elem, StructType | ArrayType | NamedType) else (kind,)


def _of_make(op: Operation, under: Under) -> tuple[str, ...]:
    # Either may be called, for maps without hints too: those in a frame are filled in.
    return (MAKE_EMPTY, MAKE)


def _of_get(op: Operation, under: Under) -> tuple[str, ...]:
    kinds = _kinds(op.operands[0].type, under)
    with_ok = len(op.results) == 2
    # A missing element may be larger than the zeros that the short form answers.
    return tuple(access(kind, ok) for kind in kinds for ok in ((True,) if with_ok else (False, not kind)))


def _of_set(op: Operation, under: Under) -> tuple[str, ...]:
    return tuple(assign(kind) for kind in _kinds(op.operands[0].type, under))


def _of_delete(op: Operation, under: Under) -> tuple[str, ...]:
    return tuple(delete(kind) for kind in _kinds(op.operands[0].type, under))


def _of_clear(op: Operation, under: Under) -> tuple[str, ...]:
    return (CLEAR,) if isinstance(under(op.operands[0].type), MapType) else ()


_BY_OP: Final[dict[type[Operation], Callable[[Operation, Under], tuple[str, ...]]]] = {
    go.MakeMapOp: _of_make,
    go.MapGetOp: _of_get,
    go.MapSetOp: _of_set,
    go.MapDeleteOp: _of_delete,
    go.ClearOp: _of_clear,
    go.MapIterOp: lambda op, under: (ITER_INIT,),
    go.MapNextOp: lambda op, under: (ITER_NEXT,),
}
CALLING: Final = frozenset(_BY_OP)
"""The ops for which `library_functions_of` answers something."""


def library_functions_of(op: Operation, under: Under) -> tuple[str, ...]:
    """The functions of library packages that lowered code calls for an op; `under` resolves named types."""
    of = _BY_OP.get(op.__class__)
    return of(op, under) if of is not None else ()
