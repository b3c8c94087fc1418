"""go-to-llvm: interfaces.

%i = go.make_interface %x : !go.named<"main.T"> -> !go.named<"main.I">
    →   {@"go:itab.main.T,main.I", box}     box: the value where it is pointer shaped, else a copy of it
"""

from __future__ import annotations

import ctypes
import struct
from typing import cast

from xdsl.ir import Block, OpResult, SSAValue

from goir.dialects import go
from goir.dialects import llvm_ext as llvm
from goir.dialects.go_types import InterfaceType
from goir.lowering.escape_analysis import STORAGE
from goir.lowering.function_lowering import FunctionLowering, is_zero, lowers
from goir.lowering.layout import INTERFACE, PTR, STRING, TypeLayout
from goir.lowering.static_data import Address, Int, Item


def has_methods(layout: TypeLayout) -> bool:
    """Whether the first word of an interface type's values is a table (else it is a type)."""
    return bool(cast(InterfaceType, layout.underlying).methods.data)


def type_word(f: FunctionLowering, value: SSAValue, layout: TypeLayout) -> SSAValue:
    """The dynamic type in an interface value; nil for nil."""
    word = f.extract(value, 0)
    if not has_methods(layout):
        return word
    table = f.select(f.icmp("eq", word, f.null), f.address(f.module.nil_itab()), word)
    return f.load(PTR, f.offset(table, 8))


@lowers(go.MakeInterfaceOp)
def lower_make_interface(f: FunctionLowering, op: go.MakeInterfaceOp) -> None:
    concrete, target = f.layout(op.value), f.layouts.of(op.result.type)
    if has_methods(target):
        word = f.address(f.module.itabs.table(concrete.type, target.type, op))
    else:
        word = f.descriptor(concrete.type)
    f.set(op, f.aggregate(INTERFACE, (word, _box(f, op, concrete))))


def _box(f: FunctionLowering, op: go.MakeInterfaceOp, layout: TypeLayout) -> SSAValue:
    """The data word for a value: what is constant needs no copy."""
    old = op.value
    value = f.values[old]
    if layout.pointer_shaped:
        return value
    if not layout.size or is_zero(old):
        return f.address(f.module.zeros(layout.size))
    static = _static_box(f, old, layout)
    if static is not None:
        return f.address(static)
    box = f.alloca_for(layout) if STORAGE in op.attributes and f.fits_frame(layout) else f.new_object(layout)
    f.store_value(value, box, layout)
    return box


def _static_box(f: FunctionLowering, old: SSAValue, layout: TypeLayout) -> str | None:
    """The symbol of constant memory with a constant's value."""
    if not isinstance(old, OpResult):
        return None
    pool = f.module.pool
    op = old.op
    if isinstance(op, go.DataConstOp):
        return f.module.values.constant(op, layout, op.value.data)
    if isinstance(op, go.StringConstOp):
        data = op.value.data.encode("latin-1")
        if not data:
            return f.module.zeros(16)
        text = pool.bytes(data)
        items: list[Item] = [Address(text), Int(len(data), 64)]
        symbol = f"{text}.box"
    elif isinstance(op, go.ConstantOp) and layout.size in (1, 2, 4, 8) and not layout.kind.startswith("complex"):
        number = _bits(op, layout)
        items = [Int(number, layout.size * 8)]
        symbol = f"go:box.{layout.size}.{number}"
    else:
        return None
    if symbol not in pool.data:
        pool.add(symbol, items, "private", layout.align)
    return symbol


def _bits(op: go.ConstantOp, layout: TypeLayout) -> int:
    """The bit pattern of a constant."""
    number = op.value.value.data
    if layout.float_width == 32:
        return int.from_bytes(struct.pack("<f", _to_float32(float(number))), "little")
    if layout.float_width == 64:
        return int.from_bytes(struct.pack("<d", float(number)), "little")
    if layout.kind == "bool":
        return int(bool(number))
    return int(number) & ((1 << layout.size * 8) - 1)


def _to_float32(number: float) -> float:
    """A float that `struct` can pack into 32 bits."""
    return ctypes.c_float(number).value


@lowers(go.ConvertInterfaceOp)
def lower_convert_interface(f: FunctionLowering, op: go.ConvertInterfaceOp) -> None:
    source, target = f.layout(op.value), f.layouts.of(op.result.type)
    value = f.values[op.value]
    if source.underlying == target.underlying:
        f.set(op, value)
        return
    word = type_word(f, value, source)
    if has_methods(target):
        word = f.runtime("runtime.assertitab", f.descriptor(target.type), word)[0]
    f.set(op, f.aggregate(INTERFACE, (word, f.extract(value, 1))))


@lowers(go.TypeAssertOp)
def lower_type_assert(f: FunctionLowering, op: go.TypeAssertOp) -> None:
    source, target = f.layout(op.value), f.layouts.of(op.result.type)
    value = f.values[op.value]
    word = type_word(f, value, source)
    data = f.extract(value, 1)
    if target.kind == "interface":
        word, ok = _interface_word(f, word, target)
        if op.ok is None:
            _check_assertion(f, ok, source, type_word(f, value, source), target)
            f.set(op, f.aggregate(INTERFACE, (word, data)))
        else:
            # Of a nil interface the data word is nil already; of a failed assertion it must become so.
            f.set(op, f.aggregate(INTERFACE, (word, f.select(ok, data, f.null))), ok)
        return
    ok = f.icmp("eq", word, f.descriptor(target.type))
    if op.ok is None:
        _check_assertion(f, ok, source, word, target)
        f.set(op, data if target.pointer_shaped else f.view_value(data, target))
        return
    if target.pointer_shaped:
        result = f.select(ok, data, f.null)
    elif not target.size:
        result = f.zero_value(target)
    else:
        result = f.view_value(f.select(ok, data, f.address(f.module.zeros(target.size))), target)
    f.set(op, result, ok)


def _interface_word(f: FunctionLowering, type: SSAValue, target: TypeLayout) -> tuple[SSAValue, SSAValue]:
    """The first word of an interface value for a dynamic type, and whether the type (not nil) implements it."""
    if not has_methods(target):
        return type, f.icmp("ne", type, f.null)
    find, done = Block(), Block(arg_types=(PTR,))
    f.cond_br(f.icmp("eq", type, f.null), done, find, (f.null,))
    f.start(find)
    f.br(done, f.runtime("runtime.getitab", f.descriptor(target.type), type)[0])
    f.start(done)
    return done.args[0], f.icmp("ne", done.args[0], f.null)


def _check_assertion(f: FunctionLowering, ok: SSAValue, source: TypeLayout, word: SSAValue, target: TypeLayout) -> None:
    failed = f.binary(llvm.XOrOp, ok, f.bool(True))
    # runtime.panicassert finds out itself which method an interface target misses.
    f.check(failed, "runtime.panicassert", f.descriptor(source.type), word, f.descriptor(target.type), f.zero(STRING))
