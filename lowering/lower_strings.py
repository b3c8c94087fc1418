"""go-to-llvm: strings, slices as values (append, copy, make), and the conversions between strings and slices.

%r = go.append %s, %t      →   new length > capacity ? runtime.growslice : the memory as it is; then memmove
"""

from __future__ import annotations

from typing import Final, cast

from xdsl.dialects.builtin import i8, i32, i64
from xdsl.dialects.llvm import LLVMArrayType
from xdsl.ir import Attribute, Block, Operation, SSAValue

from goir.dialects import go
from goir.dialects import llvm_ext as llvm
from goir.dialects.go_types import ArrayType, PtrType
from goir.lowering import map_functions
from goir.lowering.escape_analysis import STORAGE
from goir.lowering.function_lowering import MAX_FRAME, FunctionLowering, is_zero, lowers, slice_elem
from goir.lowering.ir import constant_int
from goir.lowering.layout import PTR, SLICE, STRING, TypeLayout
from goir.lowering.lower_arith import convert_number
from goir.lowering.string_views import is_view

MAX_ALLOC: Final = 1 << 48
"""The largest allocation gc would try."""
SMALL_TEXT: Final = 32
"""What fits into the buffer of a string or bytes in the frame: the runtime's smallText, and as many runes."""


# Strings -------------------------------------------------------------------------------------------------------------


@lowers(go.ConcatOp)
def lower_concat(f: FunctionLowering, op: go.ConcatOp) -> None:
    parts = f.operands(op)
    array = f.temporary(LLVMArrayType(16 * len(parts), i8))
    for index, part in enumerate(parts):
        f.store(part, f.offset(array, 16 * index))
    f.set(op, f.runtime("runtime.concatstrings", _buffer(f, op, SMALL_TEXT), array, f.int(len(parts)))[0])
    f.release(array)


def _buffer(f: FunctionLowering, op: Operation, size: int) -> SSAValue:
    """Where the runtime puts what an op makes, if it is short and stays in the frame. Nil: on the heap."""
    return f.alloca_bytes(size) if STORAGE in op.attributes else f.null


@lowers(go.StringNextOp)
def lower_string_next(f: FunctionLowering, op: go.StringNextOp) -> None:
    string, index = f.operands(op)
    byte = f.load(i8, f.element(f.extract(string, 0), i8, index))
    decode, done = Block(), Block(arg_types=(i32, i64))
    rune = f.value(llvm.ZExtOp, (byte,), i32)
    following = f.add_int(index, f.int(1))
    f.cond_br(f.icmp("sge", byte, f.int(0, 8)), done, decode, (rune, following))
    f.start(decode)
    f.br(done, *f.runtime("runtime.decoderune", string, index))
    f.start(done)
    f.set(op, *done.args)


# Lengths -------------------------------------------------------------------------------------------------------------


@lowers(go.LenOp)
def lower_len(f: FunctionLowering, op: go.LenOp) -> None:
    value = f.values[op.value]
    kind = f.layout(op.value).kind
    if kind == "map":
        # The first word of a map, if there is one.
        is_nil = f.icmp("eq", value, f.null)
        f.set(op, f.load(i64, f.select(is_nil, f.address(f.module.zeros(8)), value)))
    elif kind == "chan":
        f.set(op, f.runtime("runtime.chanlen", value)[0])
    else:
        f.set(op, f.extract(value, 1))


@lowers(go.CapOp)
def lower_cap(f: FunctionLowering, op: go.CapOp) -> None:
    value = f.values[op.value]
    if f.layout(op.value).kind == "chan":
        f.set(op, f.runtime("runtime.chancap", value)[0])
    else:
        f.set(op, f.extract(value, 2))


# Slices --------------------------------------------------------------------------------------------------------------


@lowers(go.MakeSliceOp)
def lower_make_slice(f: FunctionLowering, op: go.MakeSliceOp) -> None:
    elem = slice_elem(f, f.layouts.of(op.result.type))
    largest = MAX_ALLOC // elem.size if elem.size else (1 << 63) - 1
    length = f.to_int(op.length)
    known = constant_int(op.length)
    if known is None or not 0 <= known <= largest:
        f.check(f.icmp("ugt", length, f.int(largest)), "runtime.panicmakeslicelen")
    if op.capacity is op.length:
        capacity = length
    else:
        capacity = f.to_int(op.capacity)
        known_capacity = constant_int(op.capacity)
        if known is None or known_capacity is None or not 0 <= known <= known_capacity <= largest:
            wrong = f.binary(llvm.OrOp, f.icmp("ugt", capacity, f.int(largest)), f.icmp("ult", capacity, length))
            f.check(wrong, "runtime.panicmakeslicecap")
    make = "runtime.makeslice"
    data = f.null if _is_extension(op) else f.runtime(make, f.descriptor(elem.type), length, capacity)[0]
    f.set(op, f.aggregate(SLICE, (data, length, capacity)))


def _is_extension(value: SSAValue | Operation) -> bool:
    """`append(s, make([]T, n)...)`: the zeros that are appended are written where they belong, and nowhere else."""
    op = value.owner if isinstance(value, SSAValue) else value
    if not isinstance(op, go.MakeSliceOp) or op.capacity is not op.length:
        return False
    use = op.result.get_user_of_unique_use()
    return isinstance(use, go.AppendOp) and use.tail is op.result and use.slice is not op.result


def _grow(
    f: FunctionLowering, slice: SSAValue, elem: TypeLayout, count: SSAValue
) -> tuple[SSAValue, SSAValue, SSAValue, SSAValue]:
    """Makes room for `count` more elements. Answers data, old length, new length, capacity."""
    data, length, capacity = (f.extract(slice, i) for i in range(3))
    new_length = f.add_int(length, count)
    grow, done = Block(), Block(arg_types=(PTR, i64))
    f.cond_br(f.icmp("ugt", new_length, capacity), grow, done, (), (data, capacity), (1, 20))
    f.start(grow)
    grown = f.runtime("runtime.growslice", f.descriptor(elem.type), data, new_length, capacity, count)
    f.br(done, grown[0], grown[2])
    f.start(done)
    return done.args[0], length, new_length, done.args[1]


@lowers(go.AppendOp)
def lower_append(f: FunctionLowering, op: go.AppendOp) -> None:
    if is_zero(op.tail):
        f.set(op, f.values[op.slice])
        return
    elem = slice_elem(f, f.layouts.of(op.result.type))
    source, count = f.string_parts(f.values[op.tail])
    data, length, new_length, capacity = _grow(f, f.values[op.slice], elem, count)
    if elem.size:
        place, size = f.element(data, elem.memory, length), f.mul_int(count, f.int(elem.size))
        if _is_extension(op.tail):
            f.clear(place, size)
        else:
            f.copy(place, source, size)
    f.set(op, f.aggregate(SLICE, (data, new_length, capacity)))


@lowers(go.AppendElemsOp)
def lower_append_elems(f: FunctionLowering, op: go.AppendElemsOp) -> None:
    values = [f.values[v] for v in op.values]
    if not values:
        f.set(op, f.values[op.slice])
        return
    elem = slice_elem(f, f.layouts.of(op.result.type))
    data, length, new_length, capacity = _grow(f, f.values[op.slice], elem, f.int(len(values)))
    place = f.element(data, elem.memory, length)
    for index, value in enumerate(values):
        f.store_value(value, f.offset(place, index * elem.size), elem)
    f.set(op, f.aggregate(SLICE, (data, new_length, capacity)))


@lowers(go.CopyOp)
def lower_copy(f: FunctionLowering, op: go.CopyOp) -> None:
    elem = slice_elem(f, f.layout(op.destination))
    target, room = f.string_parts(f.values[op.destination])
    source, have = f.string_parts(f.values[op.source])
    count = f.binary(llvm.SMinOp, room, have)
    if elem.size:
        f.copy(target, source, count if elem.size == 1 else f.mul_int(count, f.int(elem.size)))
    f.set(op, count)


@lowers(go.ClearOp)
def lower_clear(f: FunctionLowering, op: go.ClearOp) -> None:
    layout = f.layout(op.container)
    value = f.values[op.container]
    if layout.kind == "map":
        f.runtime(map_functions.CLEAR, value, f.descriptor(layout.type), impossible=True)
    else:
        elem = slice_elem(f, layout)
        data, length = f.string_parts(value)
        f.clear(data, f.mul_int(length, f.int(elem.size)))


# Conversions ---------------------------------------------------------------------------------------------------------

_NUMBERS: Final = ("float32", "float64", "complex64", "complex128")


def _is_number(layout: TypeLayout) -> bool:
    return layout.int_width != 0 or layout.kind in _NUMBERS


@lowers(go.ConvertOp)
def lower_convert(f: FunctionLowering, op: go.ConvertOp) -> None:
    source, target = f.layout(op.value), f.layouts.of(op.result.type)
    f.set(op, _convert(f, op, f.values[op.value], source, target))


def _convert(
    f: FunctionLowering, op: go.ConvertOp, value: SSAValue, source: TypeLayout, target: TypeLayout
) -> SSAValue:
    if _is_number(source) and _is_number(target):
        return convert_number(f, value, source, target)
    if target.kind == "string" and source.kind != "string":
        if source.int_width:
            return f.runtime("runtime.intstring", _buffer(f, op, 4), f.resize(value, 64, source.signed))[0]
        if slice_elem(f, source).size == 1:
            if is_view(op):
                return f.aggregate(STRING, f.string_parts(value))
            return f.runtime("runtime.bytestostring", _buffer(f, op, SMALL_TEXT), *f.string_parts(value))[0]
        return f.runtime("runtime.runestostring", _buffer(f, op, SMALL_TEXT), value)[0]
    if source.kind == "string" and target.kind == "slice":
        if slice_elem(f, target).size != 1:
            return f.runtime("runtime.stringtorunes", _buffer(f, op, 4 * SMALL_TEXT), value)[0]
        if isinstance(op.value.owner, go.StringConstOp):
            return _constant_bytes(f, op, len(op.value.owner.value.data), value)
        return f.runtime("runtime.stringtobytes", _buffer(f, op, SMALL_TEXT), value)[0]
    if source.kind == "slice" and target.kind in ("ptr", "array"):
        return _slice_to_array(f, value, target)
    if source.kind == "unsafe_pointer" and target.int_width:
        return f.value(llvm.PtrToIntOp, (value,), target.value)
    if source.int_width and target.kind == "unsafe_pointer":
        return f.value(llvm.IntToPtrOp, (value,), PTR)
    if source.value != target.value:
        raise f.error(f"cannot convert {op.value.type} to {op.result.type}")
    return value


def _constant_bytes(f: FunctionLowering, op: go.ConvertOp, size: int, string: SSAValue) -> SSAValue:
    """The bytes of a constant string, whose capacity is their number."""
    if STORAGE in op.attributes and size <= MAX_FRAME:
        data = f.alloca_bytes(size)
    else:
        data = f.runtime("runtime.makeslice", f.descriptor(go.UINT8), f.int(size), f.int(size))[0]
    f.copy_fresh(data, f.extract(string, 0), size)
    return f.aggregate(SLICE, (data, f.int(size), f.int(size)))


def _slice_to_array(f: FunctionLowering, value: SSAValue, target: TypeLayout) -> SSAValue:
    array: Attribute = target.underlying
    if isinstance(array, PtrType):
        array = f.layouts.underlying(array.elem)
    length = cast(ArrayType, array).length.data
    data, have = f.string_parts(value)
    if length:
        f.check(f.icmp("slt", have, f.int(length)), "runtime.panicsliceconvert", have, f.int(length))
    return data if target.kind == "ptr" else f.load_value(data, target)
