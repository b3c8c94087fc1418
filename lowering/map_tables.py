"""What the tables of maps look like: groups of eight slots, as internal/runtime/maps lays them out."""

from __future__ import annotations

from typing import Final, NamedTuple

from goir.dialects import go
from goir.dialects.go_types import UINT64, ArrayType, FieldAttr, MapType, PtrType, StructType
from goir.lowering.ir import constant_int
from goir.lowering.layout import Layouts, TypeLayout

SLOTS: Final = 8
"""abi.MapGroupSlots; a map of so many entries has one group and no table."""
MAX_INLINE: Final = 128
"""Larger keys and elements are in memory of their own."""
HEADER_SIZE: Final = 48
"""Of a maps.Map."""
DIRECTORY: Final = 16
"""Where in it the address of the directory is, or of the only group."""
EMPTY: Final = 0x8080808080808080
"""The control word of a group without entries."""


class Group(NamedTuple):
    """Layouts of a map's groups: `struct { ctrl uint64; slots [8]struct { key K; elem E } }`."""

    whole: TypeLayout
    slot: TypeLayout


def group(layouts: Layouts, type: MapType) -> Group:
    """How a map's groups are laid out."""
    stored = [PtrType(t) if layouts.of(t).size > MAX_INLINE else t for t in (type.key, type.elem)]
    slot = StructType([FieldAttr(name, type, 0, "", "") for name, type in zip(("key", "elem"), stored, strict=True)])
    fields = (("ctrl", UINT64), ("slots", ArrayType(SLOTS, slot)))
    whole = StructType([FieldAttr(name, type, 0, "", "") for name, type in fields])
    return Group(layouts.of(whole), layouts.of(slot))


def is_small(op: go.MakeMapOp) -> bool:
    """Whether a map is made without a table: with room for what one group holds."""
    known = 0 if op.hint is None else constant_int(op.hint)
    return known is not None and known <= SLOTS
