"""The initial values of variables (`#go.data`) as bytes and addresses, laid out for the target.

    go.global @main.t : !go.slice<!go.int> = #go.data<[1, 2]>
        →
    llvm.mlir.global internal @"main.t·1"("\\01\\00…\\02\\00…") : !llvm.array<16 x i8>
    llvm.mlir.global external @main.t() {section = "goir_data"} : !llvm.struct<(ptr, array<16 x i8>)> {…}

A global's LLVM type is one of bytes and pointers, whatever its Go type is: all uses are by address.
"""

from __future__ import annotations

import ctypes
import struct
from typing import TYPE_CHECKING, Final, cast

from xdsl.dialects.builtin import i8
from xdsl.dialects.llvm import LLVMArrayType, LLVMStructType
from xdsl.ir import Attribute, Operation

from goir.dialects import go
from goir.dialects import llvm_ext as llvm
from goir.lowering.ir import LoweringError
from goir.lowering.layout import PTR, TypeLayout
from goir.lowering.static_data import Address, Bytes, Item

if TYPE_CHECKING:
    from goir.lowering.module_lowering import ModuleLowering

DATA_SECTION: Final = "goir_data"
BSS_SECTION: Final = "goir_bss"

POINTEE: Final = "·1"
"""What is added to a variable's symbol for that of the variable without a name that it is initialised to point to."""

_CODES: Final = {
    "bool": "?", "int": "q", "int8": "b", "int16": "h", "int32": "i", "int64": "q", "uint": "Q", "uint8": "B",
    "uint16": "H", "uint32": "I", "uint64": "Q", "uintptr": "Q", "float32": "f", "float64": "d",
}  # fmt: skip
"""How `struct` packs the values of basic types."""


class Image:
    """The memory of one variable: bytes, and addresses at offsets in them (in rising order)."""

    __slots__ = ("addresses", "data")

    def __init__(self, size: int) -> None:
        self.data = bytearray(size)
        self.addresses: list[tuple[int, Address]] = []

    @property
    def is_zero(self) -> bool:
        """Whether it is the zero value."""
        return not self.addresses and not any(self.data)

    def items(self) -> list[Item]:
        """The image as static data."""
        found: list[Item] = []
        at = 0
        for offset, address in self.addresses:
            if at < offset:
                found.append(Bytes(bytes(self.data[at:offset])))
            found.append(address)
            at = offset + 8
        if at < len(self.data):
            found.append(Bytes(bytes(self.data[at:])))
        return found


class StaticValues:
    """Makes the images of one module's data, and the variables without a name that they point to."""

    def __init__(self, module: ModuleLowering) -> None:
        self._module = module
        self._formats: dict[TypeLayout, str | None] = {}
        self._boxes: dict[tuple[bytes, tuple[tuple[int, Address], ...]], str] = {}
        self._owner = ""
        self._shared = ""
        self._linkage = "internal"
        self._unnamed = 0
        self._op: Operation

    def variable(self, op: go.GlobalOp, value: go.StaticValue, linkage: str) -> Operation:
        """The `llvm.mlir.global` of a variable with this initial value."""
        name = op.sym_name.data
        layout = self._module.layouts.of(op.type)
        self._linkage = linkage
        image = self.image(op, name, layout, value)
        return emit_variable(name, layout, image, linkage)

    def constant(self, op: Operation, layout: TypeLayout, value: go.StaticValue) -> str:
        """The symbol of memory that holds a constant, for good."""
        self._op = op
        return self._box(layout, value)

    def image(self, op: Operation, owner: str, layout: TypeLayout, value: go.StaticValue) -> Image:
        """The memory of a variable that holds `value`. Variables that it points to are called after `owner`."""
        self._op = op
        self._owner = owner
        self._unnamed = 0
        pointer = value.value if value.__class__ is go.Typed else value
        self._shared = owner + POINTEE if pointer.__class__ is go.New else ""
        image = Image(layout.size)
        self._value(image, layout, value, 0)
        return image

    # Values ----------------------------------------------------------------------------------------------------------

    def _value(self, image: Image, layout: TypeLayout, value: go.StaticValue, at: int) -> None:
        if value is None:
            return
        kind = layout.kind
        code = _CODES.get(kind)
        if code is not None:
            self._number(image, layout, value, at, code)
        elif kind == "struct":
            for field, offset, each in zip(layout.fields, layout.offsets, value, strict=False):
                self._value(image, field, each, at + offset)
        elif kind == "array":
            assert layout.elem is not None
            self._elements(image, layout.elem, value, at)
        elif kind == "string":
            if value:
                image.addresses.append((at, Address(self._module.pool.bytes(value))))
                struct.pack_into("<q", image.data, at + 8, len(value))
        elif value.__class__ is go.Slice:
            image.addresses.append((at, self._reference(value.address)))
            struct.pack_into("<qq", image.data, at + 8, value.length, value.capacity)
        elif kind == "slice":
            elem = cast(go.SliceType, layout.underlying).elem
            image.addresses.append((at, self._backing(self._module.layouts.of(elem), value)))
            struct.pack_into("<qq", image.data, at + 8, len(value), len(value))
        elif kind == "interface":
            self._interface(image, layout, value, at)
        elif kind == "func":
            image.addresses.append((at, Address(self._module.record(value.symbol))))
        elif kind in ("complex64", "complex128"):
            re, im = value
            if kind == "complex64":
                struct.pack_into("<ff", image.data, at, _to_float32(re), _to_float32(im))
            else:
                struct.pack_into("<dd", image.data, at, re, im)
        elif value.__class__ is go.New:
            elem = cast(go.PtrType, layout.underlying).elem
            image.addresses.append((at, self._new(self._module.layouts.of(elem), value.value)))
        elif value.__class__ is go.Pointee:
            image.addresses.append((at, self._pointee(value)))
        elif value.__class__ is go.Ref:
            image.addresses.append((at, self._reference(value)))
        else:
            raise LoweringError(self._op, f"a variable of type {layout.type} cannot hold {value!r}")

    def _number(self, image: Image, layout: TypeLayout, value: float, at: int, code: str) -> None:
        if layout.int_width:
            number = int(value) & (1 << layout.int_width) - 1
            image.data[at : at + layout.size] = number.to_bytes(layout.size, "little")
        elif layout.float_width == 32:
            struct.pack_into("<f", image.data, at, _to_float32(value))
        else:
            struct.pack_into("<" + code, image.data, at, value)

    def _elements(self, image: Image, elem: TypeLayout, values: go.StaticValue, at: int) -> None:
        if values.__class__ is bytes:
            image.data[at : at + len(values)] = values
            return
        # Tables of numbers and of structs of numbers are packed at once.
        format = self._format(elem)
        if format is not None:
            try:
                if len(format) == 1:
                    struct.pack_into(f"<{len(values)}{format}", image.data, at, *values)
                else:
                    pack = struct.Struct("<" + format).pack
                    image.data[at : at + elem.size * len(values)] = b"".join([pack(*v) for v in values])
                return
            except (struct.error, TypeError, OverflowError):
                pass  # values that are not given, or numbers that are to wrap
        for value in values:
            self._value(image, elem, value, at)
            at += elem.size

    def _format(self, layout: TypeLayout) -> str | None:
        """`struct`'s format of a number, or of a struct of numbers."""
        if layout not in self._formats:
            format: str | None = _CODES.get(layout.kind)
            if layout.kind == "struct" and len(layout.fields) > 1:
                format, at = "", 0
                for field, offset in zip(layout.fields, layout.offsets, strict=True):
                    code = _CODES.get(field.kind)
                    if code is None:
                        format = None
                        break
                    format += "x" * (offset - at) + code
                    at = offset + field.size
                else:
                    format += "x" * (layout.size - at)
            self._formats[layout] = format
        return self._formats[layout]

    # What values refer to --------------------------------------------------------------------------------------------

    def _interface(self, image: Image, layout: TypeLayout, value: go.Typed, at: int) -> None:
        module = self._module
        concrete = module.layouts.of(value.type)
        if cast(go.InterfaceType, layout.underlying).methods.data:
            word = module.itabs.table(concrete.type, layout.type, self._op)
        else:
            word = module.descriptors.of(concrete.type)
        image.addresses.append((at, Address(word)))
        if concrete.pointer_shaped:
            self._value(image, concrete, value.value, at + 8)
        else:
            image.addresses.append((at + 8, Address(self._box(concrete, value.value))))

    def _box(self, layout: TypeLayout, value: go.StaticValue) -> str:
        """Constant memory that holds a value."""
        image = Image(layout.size)
        self._value(image, layout, value, 0)
        if image.is_zero:
            return self._module.zeros(layout.size)
        key = (bytes(image.data), tuple(image.addresses))
        symbol = self._boxes.get(key)
        if symbol is None:
            symbol = self._boxes[key] = f"go:value.{len(self._boxes)}"
            self._module.pool.add(symbol, image.items(), "private", 8)
        return symbol

    def _backing(self, elem: TypeLayout, values: go.StaticValue) -> Address:
        """A variable for the elements of a slice."""
        size = elem.size * len(values)
        if not size:
            return Address(self._module.zeros(0))
        image = Image(size)
        self._elements(image, elem, values, 0)
        return self._unnamed_variable(self._name(), elem, image)

    def _new(self, layout: TypeLayout, value: go.StaticValue) -> Address:
        # The first one may be what the variable points to itself: others then refer to it as its pointee.
        symbol = self._name()
        if not layout.size and symbol != self._shared:
            return Address(self._module.zeros(0))
        image = Image(layout.size)
        self._value(image, layout, value, 0)
        return self._unnamed_variable(symbol, layout, image)

    def _name(self) -> str:
        self._unnamed += 1
        return f"{self._owner}·{self._unnamed}"

    def _unnamed_variable(self, symbol: str, layout: TypeLayout, image: Image) -> Address:
        linkage = self._linkage if symbol == self._shared else "internal"
        self._module.out.append(emit_variable(symbol, layout, image, linkage))
        return Address(symbol)

    def _pointee(self, value: go.Pointee) -> Address:
        symbol = value.symbol + POINTEE
        op = self._module.globals.get(value.symbol)
        if op is not None and op.external is not None:
            self._module.declare_pointee(symbol)
        return Address(symbol)

    def _reference(self, ref: go.Ref) -> Address:
        op = self._module.globals.get(ref.symbol)
        if op is None:
            raise LoweringError(self._op, f"address of unknown variable @{ref.symbol}")
        layout = self._module.layouts.of(op.type)
        offset = 0
        for index in ref.path:
            if layout.kind == "struct":
                offset += layout.offsets[index]
                layout = layout.fields[index]
            else:
                assert layout.elem is not None
                offset += index * layout.elem.size
                layout = layout.elem
        return Address(ref.symbol, offset)


def _to_float32(number: float) -> float:
    """A float that `struct` can pack into 32 bits."""
    return ctypes.c_float(number).value


def emit_variable(name: str, layout: TypeLayout, image: Image, linkage: str) -> Operation:
    """The `llvm.mlir.global` of a variable whose type, or whose elements' type, has `layout`."""
    data = image.data
    value: llvm.Value
    section = None
    if layout.has_pointers:
        section = BSS_SECTION if image.is_zero else DATA_SECTION
    type: Attribute = LLVMArrayType(max(len(data), 1), i8)
    if image.is_zero:
        value = None
    elif not image.addresses:
        value = bytes(data)
    else:
        types: list[Attribute] = []
        values: list[llvm.Value] = []
        at = 0
        for offset, address in (*image.addresses, (len(data), None)):
            if at < offset:
                part = bytes(data[at:offset])
                types.append(LLVMArrayType(len(part), i8))
                values.append(part if any(part) else None)
            if address is not None:
                types.append(PTR)
                values.append(llvm.Address(address.symbol, address.offset))
                at = offset + 8
        type, value = LLVMStructType.from_type_list(types), values
    align = max(layout.align, 8) if layout.has_pointers else layout.align
    return llvm.global_(name, type, value, linkage=linkage, align=align, section=section)
