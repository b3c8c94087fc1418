"""go-to-llvm: variables, loads and stores, addresses, slices of memory, struct values.

%p = go.index_addr %s[%i] : …     →   i >= len (unsigned): cold block → runtime.panicindex, unwind
                                      llvm.getelementptr inbounds %data[%i], T
"""

from __future__ import annotations

from typing import Final, cast

from xdsl.ir import Operation, OpResult, SSAValue

from goir.dialects import go
from goir.dialects import llvm_ext as llvm
from goir.dialects.go_types import PtrType
from goir.lowering.function_lowering import FunctionLowering, is_zero, lowers, slice_elem, symbol_of
from goir.lowering.ir import constant_int
from goir.lowering.layout import TypeLayout

# Variables -----------------------------------------------------------------------------------------------------------


@lowers(go.AllocOp)
def lower_alloc(f: FunctionLowering, op: go.AllocOp) -> None:
    layout = pointee(f, op.result)
    if op.storage.data == "stack" and f.fits_frame(layout):
        pointer = f.alloca_for(layout)
        if "uninit" not in op.attributes and not _initialised_next(op):
            f.clear_variable(pointer, layout)
    else:
        pointer = f.new_object(layout)
    f.set(op, pointer)


def _initialised_next(op: go.AllocOp) -> bool:
    """Whether the next op assigns to the whole variable."""
    following = op.next_op
    while isinstance(following, go.DataConstOp):
        following = following.next_op
    return isinstance(following, go.StoreOp) and following.pointer is op.result and following.value is not op.result


def pointee(f: FunctionLowering, pointer: SSAValue) -> TypeLayout:
    """The layout of what an old value of pointer type points to."""
    return f.layouts.of(cast(PtrType, f.layouts.underlying(pointer.type)).elem)


@lowers(go.GlobalAddrOp)
def lower_global_addr(f: FunctionLowering, op: go.GlobalAddrOp) -> None:
    f.set(op, f.address(symbol_of(op.symbol)))


@lowers(go.LoadOp)
def lower_load(f: FunctionLowering, op: go.LoadOp) -> None:
    layout = f.layouts.of(op.result.type)
    pointer = f.values[op.pointer]
    f.set(op, pointer if layout.indirect and read_at_once(f, op.result) else f.load_value(pointer, layout))


_READERS: Final[frozenset[type[Operation]]] = frozenset({go.StoreOp, go.ExtractOp, go.MakeInterfaceOp, go.CmpOp})
_HARMLESS: Final[frozenset[type[Operation]]] = frozenset({
    go.LoadOp, go.FieldAddrOp, go.GlobalAddrOp, go.ConstantOp, go.ZeroOp, go.StringConstOp, go.DataConstOp,
    go.ExtractOp, go.NilCheckOp,
})  # fmt: skip


def read_at_once(f: FunctionLowering, value: SSAValue) -> bool:
    """Whether a large value has one use, which reads it before anything can change the memory it is in."""
    assert isinstance(value, OpResult)
    use = value.get_user_of_unique_use()
    if use is None or use.__class__ not in _READERS:
        return False
    if isinstance(use, go.ExtractOp) and f.layouts.of(use.result.type).indirect:
        return False
    following = value.op.next_op
    for _ in range(8):
        if following is use:
            return True
        if following is None or following.__class__ not in _HARMLESS:
            return False
        following = following.next_op
    return False


@lowers(go.StoreOp)
def lower_store(f: FunctionLowering, op: go.StoreOp) -> None:
    layout = f.layout(op.value)
    pointer = f.values[op.pointer]
    if layout.indirect and is_zero(op.value):
        f.clear(pointer, layout.size)
    else:
        f.store_value(f.values[op.value], pointer, layout)


_NOT_NIL: Final[frozenset[type[Operation]]] = frozenset(
    {go.AllocOp, go.GlobalAddrOp, go.FieldAddrOp, go.IndexAddrOp, go.NilCheckOp}
)


@lowers(go.NilCheckOp)
def lower_nil_check(f: FunctionLowering, op: go.NilCheckOp) -> None:
    old = op.pointer
    pointer = f.values[old]
    f.set(op, pointer)
    if pointer in f.nil_checked or f.in_runtime or (isinstance(old, OpResult) and old.op.__class__ in _NOT_NIL):
        return
    f.nil_checked.add(pointer)
    layout = f.layout(old)
    # Interfaces are checked for the bound methods made of them.
    word = f.extract(pointer, 0) if layout.kind == "interface" else pointer
    f.check_nil(word)


# Addresses -----------------------------------------------------------------------------------------------------------


@lowers(go.FieldAddrOp)
def lower_field_addr(f: FunctionLowering, op: go.FieldAddrOp) -> None:
    struct = pointee(f, op.pointer)
    f.set(op, f.offset(f.values[op.pointer], struct.offsets[op.index.value.data]))


@lowers(go.IndexAddrOp)
def lower_index_addr(f: FunctionLowering, op: go.IndexAddrOp) -> None:
    container = f.layout(op.container)
    if container.kind == "slice":
        elem = slice_elem(f, container)
        data, length = f.string_parts(f.values[op.container])
        index = f.to_int(op.index) if op.inbounds is not None else check_index(f, op.index, length)
    else:
        array = pointee(f, op.container)
        assert array.elem is not None
        elem, data = array.elem, f.values[op.container]
        known = constant_int(op.index)
        if known is not None and 0 <= known < array.length:
            f.set(op, f.offset(data, known * elem.size))
            return
        index = f.to_int(op.index) if op.inbounds is not None else check_index(f, op.index, f.int(array.length))
    f.set(op, f.element(data, elem.memory, index))


def check_index(f: FunctionLowering, index: SSAValue, length: SSAValue) -> SSAValue:
    """The index as a 64-bit number; panics unless it is less than `length`."""
    layout = f.layout(index)
    number = f.to_int(index)
    unsigned = not layout.signed and layout.int_width == 64
    recorder = "runtime.panicindexu" if unsigned else "runtime.panicindex"
    f.check(f.icmp("uge", number, length), recorder, number, length)
    return number


@lowers(go.IndexOp)
def lower_index(f: FunctionLowering, op: go.IndexOp) -> None:
    data, length = f.string_parts(f.values[op.string])
    index = check_index(f, op.index, length)
    byte = llvm.int_attr(0, 8).type
    f.set(op, f.load(byte, f.element(data, byte, index)))


# x[low:high:max] -----------------------------------------------------------------------------------------------------

_LENGTH, _CAPACITY, _ORDER, _LENGTH3, _CAPACITY3, _HIGH3, _ORDER3 = range(7)
"""Kinds of `runtime.panicslice` (docs/runtime-calls.md)."""
_UNSIGNED = 8
"""Added to a kind: the bound is unsigned."""


@lowers(go.SliceOp)
def lower_slice(f: FunctionLowering, op: go.SliceOp) -> None:
    source = f.layout(op.source)
    is_array = source.kind == "ptr"
    known_length = -1
    if is_array:
        array = pointee(f, op.source)
        assert array.elem is not None
        elem = array.elem
        data = f.values[op.source]
        known_length = array.length
        length = capacity = f.int(known_length)
    else:
        value = f.values[op.source]
        data, length = f.string_parts(value)
        if source.kind == "string":
            elem, capacity = None, length
        else:
            elem = slice_elem(f, source)
            capacity = f.extract(value, 2)
    by_length = is_array or source.kind == "string"

    def check(a: SSAValue, b: SSAValue, kind: int, bound: SSAValue) -> None:
        layout = f.layout(bound)
        if not layout.signed and layout.int_width == 64:
            kind += _UNSIGNED
        f.check(f.icmp("ugt", a, b), "runtime.panicslice", f.int(kind), a, b)

    low = f.to_int(op.low) if op.low is not None else None
    if op.max is not None:
        assert op.high is not None
        limit, high = f.to_int(op.max), f.to_int(op.high)
        check(limit, capacity, _LENGTH3 if is_array else _CAPACITY3, op.max)
        check(high, limit, _HIGH3, op.high)
        if low is not None:
            assert op.low is not None
            check(low, high, _ORDER3, op.low)
        capacity = limit
    elif op.high is not None:
        high = f.to_int(op.high)
        known = constant_int(op.high)
        if known is None or not 0 <= known <= known_length:
            check(high, capacity, _LENGTH if by_length else _CAPACITY, op.high)
        if low is not None:
            assert op.low is not None
            check(low, high, _ORDER, op.low)
    else:
        high = length
        known = constant_int(op.low) if op.low is not None else None
        if low is not None and known != 0 and (known is None or not 0 <= known <= known_length):
            assert op.low is not None
            check(low, high, _ORDER, op.low)
    type = f.layouts.of(op.result.type).value
    if low is None:
        parts = [data, high] if elem is None else [data, high, capacity]
        f.set(op, f.aggregate(type, parts))
        return
    new_length = f.sub_int(high, low)
    # An empty rest must not point past the end, at another object.
    if elem is None:
        start = f.select(f.icmp("eq", new_length, f.int(0)), f.int(0), low)
        f.set(op, f.aggregate(type, (f.element(data, llvm.int_attr(0, 8).type, start), new_length)))
        return
    new_capacity = f.sub_int(capacity, low)
    start = f.select(f.icmp("eq", new_capacity, f.int(0)), f.int(0), low)
    f.set(op, f.aggregate(type, (f.element(data, elem.memory, start), new_length, new_capacity)))


# Struct values -------------------------------------------------------------------------------------------------------


@lowers(go.StructOp)
def lower_struct(f: FunctionLowering, op: go.StructOp) -> None:
    layout = f.layouts.of(op.result.type)
    values = f.operands(op)
    if layout.indirect:
        memory = f.alloca_for(layout)
        for value, field, offset in zip(values, layout.fields, layout.offsets, strict=True):
            f.store_value(value, f.offset(memory, offset), field)
        f.set(op, memory)
    elif layout.positions is None:
        f.set(op, values[layout.sole])
    else:
        result = f.poison(layout.value)
        for value, field, position in zip(values, layout.fields, layout.positions, strict=True):
            if field.size:
                result = f.insert(result, value, position)
        f.set(op, result)


@lowers(go.ExtractOp)
def lower_extract(f: FunctionLowering, op: go.ExtractOp) -> None:
    struct = f.layout(op.value)
    index = op.index.value.data
    f.set(op, field_value(f, f.values[op.value], struct, index))


def field_value(f: FunctionLowering, value: SSAValue, struct: TypeLayout, index: int) -> SSAValue:
    """A field of a struct value."""
    field = struct.fields[index]
    if struct.indirect:
        return f.view_value(f.offset(value, struct.offsets[index]), field)
    if struct.positions is None and index == struct.sole:
        return value
    if struct.positions is None or not field.size:
        return f.poison(field.value)
    return f.extract(value, struct.positions[index])


@lowers(go.InsertOp)
def lower_insert(f: FunctionLowering, op: go.InsertOp) -> None:
    layout = f.layouts.of(op.result.type)
    index = op.index.value.data
    field = layout.fields[index]
    value, struct = f.values[op.value], f.values[op.struct]
    if layout.indirect:
        memory = f.alloca_for(layout)
        f.copy_fresh(memory, struct, layout.size)
        f.store_value(value, f.offset(memory, layout.offsets[index]), field)
        f.set(op, memory)
    elif layout.positions is None:
        f.set(op, value if index == layout.sole else struct)
    elif not field.size:
        f.set(op, struct)
    else:
        f.set(op, f.insert(struct, value, layout.positions[index]))
