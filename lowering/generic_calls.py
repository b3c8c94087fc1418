"""go-to-llvm: calls of functions, and functions to call, whose signature is known only at run time (reflection).

How arguments and results travel is regular: a value is flattened into scalars; of these each takes the next of six integer
or eight vector registers, else the next word of the stack; results take the next of four and four, or memory that the
caller provides where these do not suffice (docs/abi.md, "Calls by reflection"). So one call that fills every register
serves all signatures, and one function that saves every register implements them all:

    go.intrinsic callregs(%code, %ctx, %frame, 32)  →
        %r = llvm.call swiftcc %code(six i64, eight f64, the 32 words behind %frame {byval}, %ctx {nest}) : … -> {4 i64, 4 f64}

The frame in memory, in words: 0 integer arguments, 6 vector arguments, 14 integer results, 18 vector results, 22 words
for the stack. In a frame that a stub made, 22 is the address of the words on the stack, 23 says which stub made it, and 24
is the address to which the record's fourth word is added to store the panic flag.
"""

from __future__ import annotations

from typing import Any, Final

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, LocationAttr, StringAttr, UnitAttr, i1, i8, i64
from xdsl.dialects.llvm import (
    FramePointerKind,
    FramePointerKindAttr,
    LLVMArrayType,
    LLVMFunctionType,
    LLVMStructType,
)
from xdsl.ir import Attribute, Block, Region, SSAValue

from goir.dialects import go
from goir.dialects import llvm_ext as llvm
from goir.lowering.emitter import Emitter
from goir.lowering.function_lowering import FunctionLowering
from goir.lowering.layout import F64, PTR
from goir.lowering.lower_intrinsics import intrinsic
from goir.lowering.module_lowering import ModuleLowering
from goir.lowering.signatures import VOID, call_properties
from goir.lowering.static_data import Address

INTS: Final = 6
FLOATS: Final = 8
RESULTS: Final = 14
STACK: Final = 22
MODE: Final = 23
BASE: Final = 24
FRAME_WORDS: Final = 25

HANDLER: Final = 16
"""Where a stub finds, in its closure record, the function value to call …"""
FLAG_OFFSET: Final = 24
"""… and the place of the panic flag."""

_PLAIN, _INDIRECT, _COROUTINE = 0, 1, 2
_REGISTERS: Final = (i64,) * INTS + (F64,) * FLOATS
_RESULT: Final = LLVMStructType.from_type_list([i64] * 4 + [F64] * 4)
_SWIFT: Final = llvm.CCONV["swiftcc"]
_NO_ATTRS: Final = DictionaryAttr({})
_NEST: Final = DictionaryAttr({"llvm.nest": UnitAttr()})
_MEMORY: Final = DictionaryAttr({"llvm.sret": LLVMArrayType(8, i8), "llvm.align": llvm.int_attr(8, 64)})
_HANDLER: Final = LLVMFunctionType([PTR, PTR, PTR], i1)
_TABLE: Final = "go:callstubs"
_ATTRS: Final = llvm.passthrough("nounwind", "noinline", ("probe-stack", "inline-asm"))


def _constant(f: FunctionLowering, value: SSAValue) -> int:
    """The constant operand of an intrinsic."""
    op = value.owner
    if not isinstance(op, go.ConstantOp):
        raise f.error("this operand of the intrinsic must be a constant")
    return int(op.value.value.data)


@intrinsic("stackmem")
def _stackmem(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    """Memory in the calling function's frame, for all of the call; not initialised."""
    return (f.alloca_bytes(_constant(f, op.args[0]), 16),)


@intrinsic("callregs", "callregsmem")
def _callregs(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    """`callregs(code, ctx, frame, words)`, `callregsmem(code, ctx, frame, words, results)`."""
    code, ctx, frame = args[:3]
    words = _constant(f, op.args[3])
    operands = [f.load(type, f.offset(frame, 8 * i)) for i, type in enumerate(_REGISTERS)]
    attrs = [_NO_ATTRS] * len(operands)
    indirect = len(args) == 5
    if indirect:
        operands.insert(0, args[4])
        attrs.insert(0, _MEMORY)
    if words:
        operands.append(f.offset(frame, 8 * STACK))
        attrs.append(DictionaryAttr({"llvm.byval": LLVMArrayType(words, i64), "llvm.align": llvm.int_attr(8, 64)}))
    operands.append(ctx)
    attrs.append(_NEST)
    type = LLVMFunctionType([o.type for o in operands], VOID if indirect else _RESULT)
    answer = f.call(code, operands, type, {"CConv": _SWIFT, "arg_attrs": ArrayAttr[Any](attrs)})
    if answer is not None:
        for i in range(8):
            f.store(f.extract(answer, i), f.offset(frame, 8 * (RESULTS + i)))
    return ()


@intrinsic("callstubs")
def _callstubs(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    """The address of the table of stubs: for results in registers, for results in memory, the coroutine entry."""
    module = f.module
    if _TABLE not in module.pool.data:
        names = ["goir.callstub", "goir.callstub.memory", "goir.callstub$coro"]
        for mode, name in enumerate(names):
            module.out.append(_stub(module, name, mode, f.location))
        module.pool.add(_TABLE, [Address(name) for name in names], "private")
    return (f.address(_TABLE),)


def _stub(module: ModuleLowering, name: str, mode: int, location: LocationAttr) -> llvm.FuncOp:
    """A function of any signature: saves its registers and calls `ctx[2]` with the record and the frame."""
    inputs: list[Attribute] = [*_REGISTERS, PTR]
    attrs = [*[_NO_ATTRS] * len(_REGISTERS), _NEST]
    if mode == _INDIRECT:
        inputs.insert(0, PTR)
        attrs.insert(0, _MEMORY)
    output: Attribute = {_PLAIN: _RESULT, _INDIRECT: VOID, _COROUTINE: PTR}[mode]
    e = Emitter()
    e.location = location
    e.block = Block(arg_types=inputs)
    args = list(e.block.args)
    ctx = args.pop()
    frame = e.alloca(LLVMArrayType(FRAME_WORDS, i64))
    base = args.pop(0) if mode == _INDIRECT else e.offset(frame, 8 * RESULTS)
    for i, arg in enumerate(args):
        e.store(arg, e.offset(frame, 8 * i))
    return_address = e.intrinsic("llvm.addressofreturnaddress.p0", (), PTR)
    assert return_address is not None
    e.store(e.offset(return_address, 8), e.offset(frame, 8 * STACK))
    e.store(e.int(mode), e.offset(frame, 8 * MODE))
    e.store(base, e.offset(frame, 8 * BASE))
    handler = e.load(PTR, e.offset(ctx, HANDLER))
    flag = e.call(e.load(PTR, handler), [ctx, frame, handler], _HANDLER, call_properties(3))
    assert flag is not None
    # The handler may have said otherwise: a coroutine entry's flag is in the slot it was passed.
    place = e.load(PTR, e.offset(frame, 8 * BASE))
    if mode != _COROUTINE:
        place = e.element(place, i8, e.load(i64, e.offset(ctx, FLAG_OFFSET)))
    e.store(e.value(llvm.ZExtOp, (flag,), i8), place)
    if mode == _PLAIN:
        parts = [e.load(type, e.offset(frame, 8 * (RESULTS + i))) for i, type in enumerate(_RESULT.types.data)]
        e.add(llvm.ReturnOp.create(operands=[e.aggregate(_RESULT, parts)]))
    else:
        e.add(llvm.ReturnOp.create(operands=[e.null] if mode == _COROUTINE else []))
    first = e.block.first_op
    assert first is not None
    e.block.insert_ops_before(e.prelude, first)
    properties: dict[str, Attribute] = {
        "sym_name": StringAttr(name),
        "function_type": LLVMFunctionType(inputs, output),
        "arg_attrs": ArrayAttr[Any](attrs),
        "passthrough": _ATTRS,
        "frame_pointer": FramePointerKindAttr(FramePointerKind.ALL),
        "linkage": llvm.LINKAGE["internal"],
    }
    if mode != _COROUTINE:
        properties["CConv"] = _SWIFT
    return llvm.FuncOp.create(
        properties=properties,
        attributes={"goir.wrapper": llvm.UNIT},
        regions=[Region([e.block])],
        location=location,
    )
