"""Layout of Go types for amd64: sizes, offsets and pointer maps as gc has them, and the LLVM form of docs/abi.md.

`Layouts.of(type)` answers a `TypeLayout` for any go-dialect type attribute (and for `i1`, which is Go's bool). Layouts
are memoised by attribute; named types are resolved through the module's `go.type` ops.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from xdsl.dialects.builtin import Float32Type, Float64Type, IntAttr, IntegerType, i1, i8, i16, i32, i64
from xdsl.dialects.llvm import LLVMArrayType, LLVMPointerType, LLVMStructType
from xdsl.ir import Attribute

from goir.dialects.go_types import (
    ArrayType,
    InterfaceType,
    NamedType,
    StructType,
)

PTR: Final = LLVMPointerType()
F32: Final = Float32Type()
F64: Final = Float64Type()
EMPTY: Final = LLVMStructType.from_type_list([])

STRING: Final = LLVMStructType.from_type_list([PTR, i64])
SLICE: Final = LLVMStructType.from_type_list([PTR, i64, i64])
INTERFACE: Final = LLVMStructType.from_type_list([PTR, PTR])
COMPLEX64: Final = LLVMStructType.from_type_list([F32, F32])
COMPLEX128: Final = LLVMStructType.from_type_list([F64, F64])

MAX_DIRECT_SCALARS: Final = 8
MAX_DIRECT_ARRAY: Final = 4
MAX_SIZE: Final = 1 << 50
"""Types larger than this are rejected, as gc does."""


def size_and_align(type: Attribute) -> tuple[int, int]:
    """Size and alignment of an LLVM type as LLVM lays it out on x86-64."""
    match type:
        case LLVMPointerType() | Float64Type():
            return 8, 8
        case Float32Type():
            return 4, 4
        case IntegerType():
            size = max(1, type.width.data // 8)
            return size, size
        case LLVMArrayType():
            size, align = size_and_align(type.type)
            return size * type.size.data, align
        case LLVMStructType():
            at, most = 0, 1
            for field in type.types.data:
                size, align = size_and_align(field)
                at = -(-at // align) * align + size
                most = max(most, align)
            return -(-at // most) * most, most
        case _:
            raise ValueError(f"{type} has no size")


def holds_pointers(type: Attribute) -> bool:
    """Whether there are pointers in a value of an LLVM type."""
    match type:
        case LLVMArrayType():
            return type.size.data > 0 and holds_pointers(type.type)
        case LLVMStructType():
            return any(map(holds_pointers, type.types.data))
        case _:
            return isinstance(type, LLVMPointerType)


class Underlying(Protocol):
    """What layouts need of the dialect's `TypeTable`."""

    def underlying(self, attr: Attribute, /) -> Attribute: ...


class TypeLayout:
    """What lowering knows about one Go type.

    `memory` is the LLVM type of a variable; `value` that of an SSA value: the same, or a pointer where the type is
    `indirect`. `underlying` is the Go type with names resolved, `kind` its spelling without `go.` ("int8", "slice").
    For structs, `offsets` are the fields' byte offsets, and `positions` their indices in the LLVM struct (None: the
    struct *is* its field `sole`, the only one, or the only one that is not of size 0).
    """

    __slots__ = (
        "align",
        "bits",
        "elem",
        "fields",
        "float_width",
        "indirect",
        "int_width",
        "kind",
        "length",
        "llvm_align",
        "memory",
        "offsets",
        "pointer_shaped",
        "positions",
        "ptr_bytes",
        "scalars",
        "signed",
        "size",
        "sole",
        "type",
        "underlying",
        "value",
    )

    def __init__(
        self,
        type: Attribute,
        underlying: Attribute,
        kind: str,
        memory: Attribute,
        size: int,
        align: int,
        *,
        bits: int = 0,
        scalars: int = 1,
        pointer_shaped: bool = False,
        int_width: int = 0,
        signed: bool = False,
        float_width: int = 0,
    ) -> None:
        self.type = type
        self.underlying = underlying
        self.kind = kind
        self.memory = memory
        self.size = size
        self.align = align
        self.llvm_align = align
        self.bits: int | None = bits
        """Pointer bitmap, bit i for word i; None for arrays, whose map is made on demand (`pointer_bits`)."""
        self.ptr_bytes = bits.bit_length() * 8
        self.scalars = scalars
        self.indirect = scalars > MAX_DIRECT_SCALARS
        self.value: Attribute = PTR if self.indirect else memory
        self.pointer_shaped = pointer_shaped
        self.int_width = int_width
        self.signed = signed
        self.float_width = float_width
        self.elem: TypeLayout | None = None
        self.length = 0
        self.fields: tuple[TypeLayout, ...] = ()
        self.offsets: tuple[int, ...] = ()
        self.positions: tuple[int, ...] | None = ()
        self.sole = 0

    @property
    def has_pointers(self) -> bool:
        """Whether a variable of the type holds pointers the collector must see."""
        return self.ptr_bytes != 0

    @property
    def pointer_bits(self) -> int:
        """The pointer bitmap: bit i is set if word i is a pointer."""
        if self.bits is None:
            assert self.elem is not None
            self.bits = _repeat(self.elem.pointer_bits, self.elem.size // 8, self.length)
        return self.bits

    def gc_data(self) -> bytes:
        """abi.Type's GCData: the bitmap for `ptr_bytes` bytes, least significant bit first."""
        return self.pointer_bits.to_bytes((self.ptr_bytes // 8 + 7) // 8, "little")


def _repeat(bits: int, words: int, count: int) -> int:
    """`bits` (a map of `words` words) repeated `count` times, by doubling."""
    result, done = 0, 0
    chunk, chunk_count = bits, 1
    while count:
        if count & 1:
            result |= chunk << (done * words)
            done += chunk_count
        chunk |= chunk << (chunk_count * words)
        chunk_count *= 2
        count >>= 1
    return result


def _align_up(n: int, align: int) -> int:
    return -(-n // align) * align


def padding_type(n: int) -> LLVMArrayType:
    """`[n x i8]`."""
    return LLVMArrayType(IntAttr(n), i8)


# kind → (LLVM type, size, align, pointer bits, scalars, integer width, signed, float width)
_BASIC: Final[dict[str, tuple[Attribute, int, int, int, int, int, bool, int]]] = {
    "int": (i64, 8, 8, 0, 1, 64, True, 0),
    "int8": (i8, 1, 1, 0, 1, 8, True, 0),
    "int16": (i16, 2, 2, 0, 1, 16, True, 0),
    "int32": (i32, 4, 4, 0, 1, 32, True, 0),
    "int64": (i64, 8, 8, 0, 1, 64, True, 0),
    "uint": (i64, 8, 8, 0, 1, 64, False, 0),
    "uint8": (i8, 1, 1, 0, 1, 8, False, 0),
    "uint16": (i16, 2, 2, 0, 1, 16, False, 0),
    "uint32": (i32, 4, 4, 0, 1, 32, False, 0),
    "uint64": (i64, 8, 8, 0, 1, 64, False, 0),
    "uintptr": (i64, 8, 8, 0, 1, 64, False, 0),
    "float32": (F32, 4, 4, 0, 1, 0, True, 32),
    "float64": (F64, 8, 8, 0, 1, 0, True, 64),
    "complex64": (COMPLEX64, 8, 4, 0, 2, 0, True, 32),
    "complex128": (COMPLEX128, 16, 8, 0, 2, 0, True, 64),
    "string": (STRING, 16, 8, 0b1, 2, 0, False, 0),
    "slice": (SLICE, 24, 8, 0b1, 3, 0, False, 0),
    # As in gc the first word (table or type, never in the collected heap) does not count as a pointer.
    "interface": (INTERFACE, 16, 8, 0b10, 2, 0, False, 0),
    "defers": (PTR, 8, 8, 0b1, 1, 0, False, 0),
    "token": (PTR, 8, 8, 0b1, 1, 0, False, 0),
    "map_iter": (PTR, 8, 8, 0b1, 1, 0, False, 0),
}
_POINTERS: Final = frozenset({"ptr", "map", "chan", "func", "unsafe_pointer"})


class Layouts:
    """Layouts of the types of one module."""

    def __init__(self, table: Underlying) -> None:
        self._table = table
        # Hashing a nested attribute is linear in its size, so look up by identity first; `_kept` keeps the ids valid.
        self._by_id: dict[int, TypeLayout] = {}
        self._by_attr: dict[Attribute, TypeLayout] = {}
        self._kept: list[Attribute] = []

    def of(self, type: Attribute) -> TypeLayout:
        """The layout of `type`."""
        found = self._by_id.get(id(type))
        if found is None:
            found = self._by_attr.get(type)
            if found is None:
                found = self._compute(type)
                self._by_attr[type] = found
            self._by_id[id(type)] = found
            self._kept.append(type)
        return found

    def underlying(self, type: Attribute) -> Attribute:
        """`type` with names resolved."""
        return self._table.underlying(type) if isinstance(type, NamedType) else type

    def _compute(self, type: Attribute) -> TypeLayout:
        underlying = self.underlying(type)
        if underlying == i1:
            return TypeLayout(type, underlying, "bool", i1, 1, 1)
        kind = underlying.name.removeprefix("go.")
        if kind in _POINTERS:
            return TypeLayout(type, underlying, kind, PTR, 8, 8, bits=1, pointer_shaped=True)
        basic = _BASIC.get(kind)
        if basic is not None:
            memory, size, align, bits, scalars, width, signed, floats = basic
            return TypeLayout(
                type, underlying, kind, memory, size, align, bits=bits, scalars=scalars,
                int_width=width, signed=signed, float_width=floats,
            )  # fmt: skip
        if isinstance(underlying, StructType):
            return self._struct(type, underlying)
        if isinstance(underlying, ArrayType):
            return self._array(type, underlying)
        raise ValueError(f"{type} has no layout")

    def _array(self, type: Attribute, underlying: ArrayType) -> TypeLayout:
        elem = self.of(underlying.elem)
        length = underlying.length.data
        size = elem.size * length
        if size > MAX_SIZE:
            raise ValueError(f"type {type} larger than address space")
        if size == 0:
            memory: Attribute = EMPTY
        elif length == 1:
            memory = elem.memory
        else:
            memory = LLVMArrayType(IntAttr(length), elem.memory)
        scalars = min(elem.scalars * length, MAX_DIRECT_SCALARS + 1)
        if length > MAX_DIRECT_ARRAY and size:
            scalars = MAX_DIRECT_SCALARS + 1
        layout = TypeLayout(
            type, underlying, "array", memory, size, elem.align, scalars=scalars if size else 0,
            pointer_shaped=length == 1 and elem.pointer_shaped,
        )  # fmt: skip
        layout.llvm_align = elem.llvm_align if size else 1
        layout.elem, layout.length = elem, length
        if elem.ptr_bytes and length:
            layout.bits = None
            layout.ptr_bytes = elem.size * (length - 1) + elem.ptr_bytes
        return layout

    def _struct(self, type: Attribute, underlying: StructType) -> TypeLayout:
        fields = tuple(self.of(field.type) for field in underlying.fields.data)
        offsets, size, align = struct_offsets([(f.size, f.align) for f in fields])
        if size > MAX_SIZE:
            raise ValueError(f"type {type} larger than address space")
        positions: tuple[int, ...] | None
        sole = _sole_field(fields, size)
        if sole is not None:
            memory, llvm_align, positions = fields[sole].memory, fields[sole].llvm_align, None
        elif size == 0:
            memory, llvm_align, positions = EMPTY, 1, (0,) * len(fields)
        else:
            memory, llvm_align, positions = _llvm_struct(fields, offsets, size)
        bits = 0
        for field, offset in zip(fields, offsets, strict=True):
            if field.ptr_bytes:
                bits |= field.pointer_bits << (offset // 8)
        layout = TypeLayout(
            type, underlying, "struct", memory, size, align, bits=bits,
            scalars=min(sum(f.scalars for f in fields), MAX_DIRECT_SCALARS + 1),
            pointer_shaped=sole is not None and fields[sole].pointer_shaped,
        )  # fmt: skip
        layout.llvm_align = llvm_align
        layout.sole = sole or 0
        layout.fields, layout.offsets, layout.positions = fields, offsets, positions
        return layout

    def record(self, types: Sequence[Attribute]) -> TypeLayout:
        """The layout of a closure record: two code words, then the captured values."""
        fields = tuple(self.of(t) for t in types)
        offsets, size, align = struct_offsets([(8, 8), (8, 8), *((f.size, f.align) for f in fields)])
        bits = 0
        for field, offset in zip(fields, offsets[2:], strict=True):
            if field.ptr_bytes:
                bits |= field.pointer_bits << (offset // 8)
        layout = TypeLayout(EMPTY, EMPTY, "record", EMPTY, size, align, bits=bits)
        layout.fields, layout.offsets = fields, offsets[2:]
        return layout

    def is_interface(self, type: Attribute) -> bool:
        """Whether `type` is an interface type."""
        return isinstance(self.underlying(type), InterfaceType)


def _sole_field(fields: Sequence[TypeLayout], size: int) -> int | None:
    """The index of the field that takes up a struct of this size, which has no other field of any size."""
    if len(fields) == 1:
        return 0
    sized = [i for i, field in enumerate(fields) if field.size]
    return sized[0] if len(sized) == 1 and fields[sized[0]].size == size else None


def struct_offsets(fields: Sequence[tuple[int, int]]) -> tuple[tuple[int, ...], int, int]:
    """Offsets, size and alignment of a struct of (size, align) fields, as gc lays it out."""
    at, align = 0, 1
    offsets: list[int] = []
    for size, field_align in fields:
        at = _align_up(at, field_align)
        offsets.append(at)
        at += size
        align = max(align, field_align)
    # The address of a zero-size field at the end must stay inside the object.
    if at and fields[-1][0] == 0:
        at += 1
    return tuple(offsets), _align_up(at, align), align


def _llvm_struct(
    fields: tuple[TypeLayout, ...], offsets: tuple[int, ...], size: int
) -> tuple[LLVMStructType, int, tuple[int, ...]]:
    """An LLVM struct with the fields at `offsets`; explicit padding where LLVM's own would be too small."""
    elements: list[Attribute] = []
    positions: list[int] = []
    at, align = 0, 1
    for field, offset in zip(fields, offsets, strict=True):
        if _align_up(at, field.llvm_align) != offset:
            elements.append(padding_type(offset - at))
            at = offset
        positions.append(len(elements))
        elements.append(field.memory)
        at = offset + field.size
        align = max(align, field.llvm_align)
    if _align_up(at, align) != size:
        elements.append(padding_type(size - at))
    return LLVMStructType.from_type_list(elements), align, tuple(positions)
