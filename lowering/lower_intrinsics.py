"""go-to-llvm: `go.intrinsic`, what runtime code gets from the compiler (docs/abi.md, "Directives in runtime code")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from xdsl.dialects.builtin import IntegerType, i1, i32, i64
from xdsl.dialects.llvm import LLVMFunctionType, LLVMStructType
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.utils.hints import isa

from goir.dialects import go
from goir.dialects import llvm_ext as llvm
from goir.lowering.function_lowering import FunctionLowering, lowers
from goir.lowering.layout import F32, F64, PTR
from goir.lowering.lower_compare import MEMCMP
from goir.lowering.lower_interfaces import type_word
from goir.lowering.module_lowering import BSS_SECTION, DATA_SECTION

Intrinsic = Callable[[FunctionLowering, go.IntrinsicOp, list[SSAValue]], "tuple[SSAValue, ...]"]
_TABLE: Final[dict[str, Intrinsic]] = {}
_SEQ_CST: Final = llvm.ORDERING["seq_cst"]
_START: Final = LLVMFunctionType([PTR, PTR], PTR)


def _intrinsic(*names: str) -> Callable[[Intrinsic], Intrinsic]:
    def register(function: Intrinsic) -> Intrinsic:
        for name in names:
            _TABLE[name] = function
        return function

    return register


@lowers(go.IntrinsicOp)
def lower_intrinsic(f: FunctionLowering, op: go.IntrinsicOp) -> None:
    function = _TABLE.get(op.intrinsic.data)
    if function is None:
        raise f.error(f"unknown intrinsic {op.intrinsic.data}")
    f.set(op, *function(f, op, f.operands(op)))


# Atomics -----------------------------------------------------------------------------------------------------------


def _result_type(f: FunctionLowering, op: go.IntrinsicOp) -> Attribute:
    return f.convert_type(op.results[0].type)


def _align(type: Attribute) -> Attribute:
    return llvm.ALIGN[type.width.data // 8 if isa(type, IntegerType) else 8]


@_intrinsic("atomicload8", "atomicload32", "atomicload64", "atomicloadptr")
def _load(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    type = _result_type(f, op)
    return (f.value(llvm.LoadOp, args, type, {"ordering": _SEQ_CST, "alignment": _align(type)}),)


@_intrinsic("atomicstore8", "atomicstore32", "atomicstore64", "atomicstoreptr")
def _store(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    pointer, value = args
    f.effect(llvm.StoreOp, (value, pointer), {"ordering": _SEQ_CST, "alignment": _align(value.type)})
    return ()


def _modify(f: FunctionLowering, operation: str, args: list[SSAValue]) -> SSAValue:
    properties = {"bin_op": llvm.BIN_OP[operation], "ordering": _SEQ_CST}
    return f.value(llvm.AtomicRMWOp, args, args[1].type, properties)


@_intrinsic("xchg8", "xchg32", "xchg64", "xchgptr")
def _exchange(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (_modify(f, "xchg", args),)


@_intrinsic("xadd32", "xadd64")
def _add(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (f.add_int(_modify(f, "add", args), args[1]),)


@_intrinsic("and8", "and32", "and64")
def _and(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (_modify(f, "_and", args),)[: len(op.results)]


@_intrinsic("or8", "or32", "or64")
def _or(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (_modify(f, "_or", args),)[: len(op.results)]


@_intrinsic("cas32", "cas64", "casptr")
def _compare_and_swap(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    pair = LLVMStructType.from_type_list([args[1].type, i1])
    properties = {"success_ordering": _SEQ_CST, "failure_ordering": _SEQ_CST}
    return (f.extract(f.value(llvm.AtomicCmpXchgOp, args, pair, properties), 1),)


@_intrinsic("fence")
def _fence(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.effect(llvm.FenceOp, (), {"ordering": _SEQ_CST})
    return ()


@_intrinsic("pause")
def _pause(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.intrinsic("llvm.x86.sse2.pause", ())
    return ()


# Bits and numbers ----------------------------------------------------------------------------------------------------

_FALSE: Final = llvm.int_attr(0, 1)


@_intrinsic("ctz64", "ctz32")
def _ctz(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    count = f.value(llvm.CountTrailingZerosOp, args, args[0].type, {"is_zero_poison": _FALSE})
    return (f.resize(count, 64, False),)


@_intrinsic("clz64", "clz32")
def _clz(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    count = f.value(llvm.CountLeadingZerosOp, args, args[0].type, {"is_zero_poison": _FALSE})
    return (f.resize(count, 64, False),)


@_intrinsic("popcount64", "popcount32")
def _popcount(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (f.resize(f.value(llvm.CtPopOp, args, args[0].type), 64, False),)


@_intrinsic("mul64")
def _mul64(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    wide = IntegerType(128)
    product = f.binary(llvm.MulOp, *(f.value(llvm.ZExtOp, (a,), wide) for a in args))
    high = f.binary(llvm.LShrOp, product, f.int(64, 128))
    return f.value(llvm.TruncOp, (high,), i64), f.value(llvm.TruncOp, (product,), i64)


_SAME_TYPE: Final[dict[str, type[Operation]]] = {
    "bswap64": llvm.ByteSwapOp, "bswap32": llvm.ByteSwapOp, "sqrt": llvm.SqrtOp, "floor": llvm.FFloorOp,
    "ceil": llvm.FCeilOp, "trunc": llvm.FTruncOp, "fabs": llvm.FAbsOp, "copysign": llvm.CopySignOp, "fma": llvm.FMAOp,
}  # fmt: skip


@_intrinsic(*_SAME_TYPE)
def _same_type(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (f.value(_SAME_TYPE[op.intrinsic.data], args, args[0].type),)


_BITCAST: Final[dict[str, Attribute]] = {
    "floatbits64": i64, "floatbits32": i32, "frombits64": F64, "frombits32": F32,
}  # fmt: skip


@_intrinsic(*_BITCAST)
def _bitcast(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (f.value(llvm.BitcastOp, args, _BITCAST[op.intrinsic.data]),)


# Memory ------------------------------------------------------------------------------------------------------------


@_intrinsic("memmove")
def _memmove(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.copy(*args)
    return ()


@_intrinsic("memclr")
def _memclr(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.clear(*args)
    return ()


@_intrinsic("memequal")
def _memequal(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.module.declare_c("memcmp", MEMCMP)
    order = f.call_c("memcmp", args, MEMCMP)
    return (f.icmp("eq", cast(SSAValue, order), f.int(0, 32)),)


# The machine ---------------------------------------------------------------------------------------------------------


def _address_word(f: FunctionLowering, op: go.IntrinsicOp, pointer: SSAValue) -> tuple[SSAValue, ...]:
    """A pointer as what the op answers: a pointer or a uintptr."""
    type = _result_type(f, op)
    return (pointer if type == PTR else f.value(llvm.PtrToIntOp, (pointer,), type),)


@_intrinsic("getsp")
def _getsp(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return _address_word(f, op, cast(SSAValue, f.intrinsic("llvm.stacksave.p0", (), PTR)))


@_intrinsic("frameaddress")
def _frameaddress(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return _address_word(f, op, cast(SSAValue, f.intrinsic("llvm.frameaddress.p0", (f.int(0, 32),), PTR)))


@_intrinsic("returnaddress")
def _returnaddress(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return _address_word(f, op, cast(SSAValue, f.intrinsic("llvm.returnaddress", (f.int(0, 32),), PTR)))


@_intrinsic("spillregs")
def _spillregs(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.intrinsic("llvm.eh.unwind.init", ())
    return ()


@_intrinsic("trap")
def _trap(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.effect(llvm.TrapOp, ())
    return ()


@_intrinsic("ctx")
def _ctx(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (f.ctx,)


@_intrinsic("record")
def _record(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (args[0],)


@_intrinsic("typeof")
def _typeof(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (type_word(f, args[0], f.layout(op.args[0])),)


_SECTIONS: Final = {
    "datastart": "__start_" + DATA_SECTION, "dataend": "__stop_" + DATA_SECTION,
    "bssstart": "__start_" + BSS_SECTION, "bssend": "__stop_" + BSS_SECTION,
    "pctabstart": "__start_goir_pctab", "pctabend": "__stop_goir_pctab",
}  # fmt: skip


@_intrinsic(*_SECTIONS)
def _section(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    symbol = _SECTIONS[op.intrinsic.data]
    f.module.declare_section_symbol(symbol)
    return _address_word(f, op, f.address(symbol))


# Coroutines ----------------------------------------------------------------------------------------------------------


@_intrinsic("coroResume")
def _resume(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.effect(llvm.CoroResumeOp, args)
    return ()


@_intrinsic("coroDestroy")
def _destroy(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.intrinsic("llvm.coro.destroy", args)
    return ()


@_intrinsic("coroStart")
def _start(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    record, slot = args
    entry = f.load(PTR, f.offset(record, 8))
    handle = f.call(entry, (slot, record), _START, {"arg_attrs": llvm.nest_last(2)})
    return (cast(SSAValue, handle),)
