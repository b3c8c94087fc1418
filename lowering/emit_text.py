"""LLVM IR's spelling of the llvm dialect's types, names, constants and attributes."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from xdsl.dialects.builtin import (
    ArrayAttr,
    BytesAttr,
    DenseIntOrFPElementsAttr,
    DictionaryAttr,
    FileLineColLoc,
    Float16Type,
    Float32Type,
    Float64Type,
    FloatAttr,
    IntAttr,
    IntegerAttr,
    IntegerType,
    StringAttr,
    SymbolRefAttr,
    VectorType,
)
from xdsl.ir import Attribute, Operation

from goir.dialects import llvm_ext as llvm

TRIPLE = "x86_64-unknown-linux-gnu"
DATA_LAYOUT = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"


class EmitError(Exception):
    """The module is not in the form the emitter takes: a mistake of an earlier pass. The text has a location where
    one is known."""

    def __init__(self, message: str, op: Operation | None = None) -> None:
        location = op.location if op is not None else None
        if isinstance(location, FileLineColLoc):
            message = f"{location.filename.data}:{location.line.data}:{location.column.data}: {message}"
        super().__init__(message)


_TYPES: dict[int, tuple[Attribute, str]] = {}
"""id → (attribute, kept alive so that the id stays its own; its text)."""


def type_text(type: Attribute) -> str:
    """LLVM's spelling of a type."""
    entry = _TYPES.get(id(type))
    if entry is None:
        entry = _TYPES[id(type)] = (type, _type_text(type))
        if len(_TYPES) > 200_000:
            _TYPES.clear()
    return entry[1]


def _type_text(type: Attribute) -> str:
    match type:
        case IntegerType():
            return f"i{llvm.width_of(type)}"
        case llvm.LLVMPointerType():
            space = type.addr_space
            return f"ptr addrspace({space.data})" if isinstance(space, IntAttr) and space.data else "ptr"
        case llvm.LLVMStructType():
            return "{ " + ", ".join(map(type_text, type.types.data)) + " }" if type.types.data else "{}"
        case llvm.LLVMArrayType():
            return f"[{type.size.data} x {type_text(type.type)}]"
        case llvm.LLVMVoidType():
            return "void"
        case Float64Type():
            return "double"
        case Float32Type():
            return "float"
        case Float16Type():
            return "half"
        case llvm.LLVMTokenType():
            return "token"
        case llvm.LLVMFunctionType():
            parts = [type_text(t) for t in type.inputs.data] + (["..."] if type.is_variadic else [])
            return f"{type_text(type.output)} ({', '.join(parts)})"
        case VectorType():
            return f"<{type.get_shape()[0]} x {type_text(type.element_type)}>"
        case _:
            raise EmitError(f"{type} is no type of the llvm dialect")


def mangled(type: Attribute) -> str:
    """A type in the name of an overloaded intrinsic."""
    match type:
        case IntegerType():
            return f"i{llvm.width_of(type)}"
        case llvm.LLVMPointerType():
            return "p0"
        case Float64Type():
            return "f64"
        case Float32Type():
            return "f32"
        case _:
            raise EmitError(f"no intrinsic is overloaded on {type}")


_SYMBOLS: dict[str, str] = {}


def symbol_text(name: str) -> str:
    """`@"main.(*T).M"`."""
    text = _SYMBOLS.get(name)
    if text is None:
        text = _SYMBOLS[name] = "@" + quoted(name.encode("utf-8"))
        if len(_SYMBOLS) > 200_000:
            _SYMBOLS.clear()
    return text


_ESCAPES = [chr(b) if 0x20 <= b < 0x7F and b not in (0x22, 0x5C) else f"\\{b:02X}" for b in range(256)]


def quoted(data: bytes) -> str:
    return '"' + "".join([_ESCAPES[b] for b in data]) + '"'


def metadata_string(text: str) -> str:
    return quoted(text.encode("utf-8"))


def _float_text(value: float, type: Attribute) -> str:
    if isinstance(type, Float32Type):
        # LLVM writes a float as the double of the same value; narrowing here keeps NaNs and rounds as Go does.
        value = struct.unpack("<f", struct.pack("<f", value))[0]
    elif isinstance(type, Float16Type):
        return f"0xH{int.from_bytes(struct.pack('<e', value), 'little'):04X}"
    return f"0x{int.from_bytes(struct.pack('<d', value), 'little'):016X}"


def constant_text(value: Attribute, type: Attribute) -> str:
    """A constant attribute as an operand, without its type."""
    match value:
        case IntegerAttr():
            number = value.value.data
            width = llvm.width_of(type)
            if width == 1:
                return "true" if number & 1 else "false"
            if width:
                return str(number)
            return _float_text(float(number), type)
        case FloatAttr():
            return _float_text(value.value.data, type)
        case BytesAttr():
            return "c" + quoted(value.data) if value.data else "zeroinitializer"
        case StringAttr():
            return "c" + quoted(value.data.encode("utf-8"))
        case ArrayAttr():
            parts = [
                f"{type_text(t)} {constant_text(v, t)}"
                for v, t in zip(value.data, llvm.element_types(type), strict=True)
            ]
            return aggregate_text(parts, type)
        case DenseIntOrFPElementsAttr():
            element = llvm.element_types(type)[0]
            return aggregate_text(
                [f"{type_text(element)} {constant_text(v, element)}" for v in value.iter_attrs()], type
            )
        case SymbolRefAttr():
            return symbol_text(value.root_reference.data)
        case _:
            raise EmitError(f"{value} is no constant of the llvm dialect")


def aggregate_text(parts: Sequence[str], type: Attribute) -> str:
    if isinstance(type, llvm.LLVMArrayType):
        return "[" + ", ".join(parts) + "]" if parts else "zeroinitializer"
    return "{ " + ", ".join(parts) + " }" if parts else "{}"


def zero_text(type: Attribute) -> str:
    if width := llvm.width_of(type):
        return "0" if width != 1 else "false"
    if isinstance(type, llvm.LLVMPointerType):
        return "null"
    if isinstance(type, Float64Type | Float32Type | Float16Type):
        return "0.0"
    return "zeroinitializer"


_PARAM_TYPED = ("sret", "byval", "byref", "elementtype", "inalloca", "preallocated")
_PARAM_INT = ("dereferenceable", "dereferenceable_or_null", "alignstack")
_PARAM_CACHE: dict[int, tuple[Attribute, str]] = {}


def param_attrs(attrs: Attribute) -> str:
    """`" nest"` of `{llvm.nest}`."""
    entry = _PARAM_CACHE.get(id(attrs))
    if entry is None:
        words: list[str] = []
        if isinstance(attrs, DictionaryAttr):
            for name, value in attrs.data.items():
                if not name.startswith("llvm."):
                    continue
                name = name[5:]
                if name in _PARAM_TYPED:
                    words.append(f"{name}({type_text(value)})")
                elif name == "align" and isinstance(value, IntegerAttr):
                    words.append(f"align {value.value.data}")
                elif name in _PARAM_INT and isinstance(value, IntegerAttr):
                    words.append(f"{name}({value.value.data})")
                else:
                    words.append(name)
        entry = _PARAM_CACHE[id(attrs)] = (attrs, "".join(" " + w for w in words))
    return entry[1]


FLAG_PROPS = {
    "no_inline": "noinline",
    "always_inline": "alwaysinline",
    "optimize_none": "optnone",
    "optimize_size": "optsize",
    "will_return": "willreturn",
    "convergent": "convergent",
}


def cconv_text(op: Operation) -> str:
    cconv = op.properties.get("CConv")
    if isinstance(cconv, llvm.CallingConventionAttr):
        name = cconv.convention.data
        return "" if name == "ccc" else name + " "
    return ""


def int_prop(op: Operation, name: str) -> int | None:
    value = op.properties.get(name)
    return value.value.data if isinstance(value, IntegerAttr) else None


def str_prop(op: Operation, name: str) -> str | None:
    value = op.properties.get(name)
    return value.data if isinstance(value, StringAttr) else None


LOCAL_LINKAGES = ("internal", "private")


def linkage_of(op: Operation) -> str:
    linkage = op.properties.get("linkage")
    return linkage.linkage.data if isinstance(linkage, llvm.LinkageAttr) else "external"
