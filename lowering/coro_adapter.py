"""Coroutine entries of plain functions, for go-to-llvm.

coro.adapter @"g$coro" of @g    →    llvm.func @"g$coro"(args…, %slot, %ctx {nest}) -> !llvm.ptr
                                       %r = llvm.call swiftcc @g(args…, %ctx)
                                       results and flag → %slot;  return null
"""

from __future__ import annotations

from typing import Final

from xdsl.dialects.builtin import StringAttr, i8
from xdsl.dialects.llvm import FramePointerKind, FramePointerKindAttr, LLVMStructType
from xdsl.ir import Attribute, Block, Region, SSAValue

from goir.dialects import coro
from goir.dialects import llvm_ext as llvm
from goir.lowering.emitter import Emitter
from goir.lowering.layout import PTR
from goir.lowering.signatures import Signature, Signatures, call_properties

_ATTRS: Final = llvm.passthrough("nounwind", ("probe-stack", "inline-asm"))
_FRAME_POINTER: Final = FramePointerKindAttr(FramePointerKind.ALL)


def adapter_function(op: coro.AdapterOp, callee: Signature, signatures: Signatures) -> llvm.FuncOp:
    """The function `ptr (args…, ptr slot, ptr nest ctx)` that calls the plain function of signature `callee`, leaves
    its results and flag in the slot, and answers null: it has finished."""
    entry = signatures.coroutine(op.function_type)
    slot_type = signatures.slot_type(op.function_type.results.data)
    e = Emitter()
    e.location = op.location
    e.block = Block(arg_types=entry.inputs.data)
    *args, slot, ctx = e.block.args
    values: list[SSAValue] = list(args)
    values += [_field(e, slot, slot_type, 1 + index) for index, _ in callee.indirect]
    answer = e.call(op.callee.root_reference.data, [*values, ctx], callee.llvm, call_properties(len(values) + 1))
    parts = len(callee.returned)
    for position, index in enumerate(callee.direct):
        assert answer is not None
        value = answer if parts == 1 else e.extract(answer, position)
        e.store(value, _field(e, slot, slot_type, 1 + index))
    if callee.flag:
        assert answer is not None
        flag = answer if parts == 1 else e.extract(answer, parts - 1)
        e.store(e.value(llvm.ZExtOp, (flag,), i8), slot)
    else:
        e.store(e.int(0, 8), slot)
    e.add(llvm.ReturnOp.create(operands=[e.null]))
    first = e.block.first_op
    assert first is not None
    e.block.insert_ops_before(e.prelude, first)
    properties: dict[str, Attribute] = {
        "sym_name": op.sym_name,
        "function_type": entry,
        "arg_attrs": llvm.nest_last(len(entry.inputs.data)),
        "passthrough": _ATTRS,
        "frame_pointer": _FRAME_POINTER,
    }
    if op.properties.get("sym_visibility") == StringAttr("private"):
        properties["linkage"] = llvm.LINKAGE["internal"]
    return llvm.FuncOp.create(
        properties=properties,
        attributes={"goir.wrapper": llvm.UNIT},
        regions=[Region([e.block])],
        location=op.location,
    )


def _field(e: Emitter, pointer: SSAValue, type: LLVMStructType, index: int) -> SSAValue:
    properties: dict[str, Attribute] = {
        "elem_type": type,
        "rawConstantIndices": llvm.i32s(0, index),
        "noWrapFlags": llvm.INBOUNDS,
    }
    return e.value(llvm.GEPOp, (pointer,), PTR, properties)
