"""go-to-llvm: `go.intrinsic`, what runtime code gets from the compiler (docs/abi.md, "Directives in runtime code")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from xdsl.dialects.builtin import IntegerType, VectorType, i1, i64
from xdsl.dialects.llvm import LLVMFunctionType, LLVMStructType
from xdsl.ir import Attribute, SSAValue
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from goir.dialects import go
from goir.dialects import llvm_ext as llvm
from goir.lowering.function_lowering import FunctionLowering, lowers
from goir.lowering.layout import PTR
from goir.lowering.lower_compare import MEMCMP
from goir.lowering.lower_interfaces import type_word
from goir.lowering.module_lowering import BSS_SECTION, DATA_SECTION
from goir.lowering.static_data import TYPES_SECTION

Intrinsic = Callable[[FunctionLowering, go.IntrinsicOp, list[SSAValue]], "tuple[SSAValue, ...]"]
LOWERINGS: Final[dict[str, Intrinsic]] = {}
_SEQ_CST: Final = llvm.ORDERING["seq_cst"]
_RELEASE: Final = llvm.ORDERING["release"]
_START: Final = LLVMFunctionType([PTR, PTR], PTR)


def intrinsic(*names: str) -> Callable[[Intrinsic], Intrinsic]:
    """Declares a function to be the lowering of some intrinsics."""

    def register(function: Intrinsic) -> Intrinsic:
        for name in names:
            LOWERINGS[name] = function
        return function

    return register


@lowers(go.IntrinsicOp)
def lower_intrinsic(f: FunctionLowering, op: go.IntrinsicOp) -> None:
    try:
        op.check(f.layouts.underlying)
    except VerifyException as wrong:
        raise f.error(str(wrong)) from wrong  # runtime code that is wrong: its modules are not verified in a build
    f.set(op, *LOWERINGS[op.intrinsic.data](f, op, f.operands(op)))


# Atomics -----------------------------------------------------------------------------------------------------------


def _result_type(f: FunctionLowering, op: go.IntrinsicOp) -> Attribute:
    return f.convert_type(op.results[0].type)


def _align(type: Attribute) -> Attribute:
    return llvm.ALIGN[type.width.data // 8 if isa(type, IntegerType) else 8]


@intrinsic("atomicload8", "atomicload32", "atomicload64", "atomicloadptr")
def _load(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    type = _result_type(f, op)
    return (f.value(llvm.LoadOp, args, type, {"ordering": _SEQ_CST, "alignment": _align(type)}),)


@intrinsic("atomicstore8", "atomicstore32", "atomicstore64", "atomicstoreptr")
def _store(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    pointer, value = args
    f.effect(llvm.StoreOp, (value, pointer), {"ordering": _SEQ_CST, "alignment": _align(value.type)})
    return ()


@intrinsic("atomicstorerel32", "atomicstorerel64", "atomicstorerelptr")
def _store_release(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    pointer, value = args
    f.effect(llvm.StoreOp, (value, pointer), {"ordering": _RELEASE, "alignment": _align(value.type)})
    return ()


def _modify(f: FunctionLowering, operation: str, args: list[SSAValue]) -> SSAValue:
    properties = {"bin_op": llvm.BIN_OP[operation], "ordering": _SEQ_CST}
    return f.value(llvm.AtomicRMWOp, args, args[1].type, properties)


@intrinsic("xchg8", "xchg32", "xchg64", "xchgptr")
def _exchange(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (_modify(f, "xchg", args),)


@intrinsic("xadd32", "xadd64")
def _add(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (f.add_int(_modify(f, "add", args), args[1]),)


@intrinsic("and8", "and32", "and64")
def _and(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (_modify(f, "_and", args),)[: len(op.results)]


@intrinsic("or8", "or32", "or64")
def _or(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (_modify(f, "_or", args),)[: len(op.results)]


@intrinsic("cas32", "cas64", "casptr")
def _compare_and_swap(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    pair = LLVMStructType.from_type_list([args[1].type, i1])
    properties = {"success_ordering": _SEQ_CST, "failure_ordering": _SEQ_CST}
    return (f.extract(f.value(llvm.AtomicCmpXchgOp, args, pair, properties), 1),)


@intrinsic("fence")
def _fence(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.effect(llvm.FenceOp, (), {"ordering": _SEQ_CST})
    return ()


@intrinsic("pause")
def _pause(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.intrinsic("llvm.x86.sse2.pause", ())
    return ()


@intrinsic("prefetch")
def _prefetch(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    pointer = f.value(llvm.IntToPtrOp, args, PTR)
    f.intrinsic("llvm.prefetch.p0", (pointer, f.int(0, 32), f.int(3, 32), f.int(1, 32)))
    return ()


# Memory ------------------------------------------------------------------------------------------------------------


@intrinsic("memmove")
def _memmove(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.copy(*args)
    return ()


@intrinsic("memclr")
def _memclr(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.clear(*args)
    return ()


@intrinsic("memequal")
def _memequal(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.module.declare_c("memcmp", MEMCMP)
    order = f.call_c("memcmp", args, MEMCMP)
    return (f.icmp("eq", cast(SSAValue, order), f.int(0, 32)),)


_WORDS: Final = VectorType(i64, [2])
_UNALIGNED: Final = {"alignment": llvm.ALIGN[1]}


@intrinsic("foldproducts")
def _fold_products(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    acc, k, total = (f.value(llvm.LoadOp, (pointer,), _WORDS, _UNALIGNED) for pointer in args)
    for both_words in (0x00, 0x11):
        product = f.intrinsic("llvm.x86.pclmulqdq", (acc, k, f.int(both_words, 8)), _WORDS)
        total = f.value(llvm.XOrOp, (total, cast(SSAValue, product)), _WORDS)
    f.effect(llvm.StoreOp, (total, args[0]), _UNALIGNED)
    return ()


# The machine ---------------------------------------------------------------------------------------------------------


def _address_word(f: FunctionLowering, op: go.IntrinsicOp, pointer: SSAValue) -> tuple[SSAValue, ...]:
    """A pointer as what the op answers: a pointer or a uintptr."""
    type = _result_type(f, op)
    return (pointer if type == PTR else f.value(llvm.PtrToIntOp, (pointer,), type),)


@intrinsic("getsp")
def _getsp(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return _address_word(f, op, cast(SSAValue, f.intrinsic("llvm.stacksave.p0", (), PTR)))


@intrinsic("frameaddress")
def _frameaddress(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return _address_word(f, op, cast(SSAValue, f.intrinsic("llvm.frameaddress.p0", (f.int(0, 32),), PTR)))


@intrinsic("returnaddress")
def _returnaddress(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return _address_word(f, op, cast(SSAValue, f.intrinsic("llvm.returnaddress", (f.int(0, 32),), PTR)))


@intrinsic("callersp")
def _callersp(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    """The caller's stack pointer just before the call: above the return address."""
    place = cast(SSAValue, f.intrinsic("llvm.addressofreturnaddress.p0", (), PTR))
    return _address_word(f, op, f.offset(place, 8))


@intrinsic("spillregs")
def _spillregs(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.intrinsic("llvm.eh.unwind.init", ())
    return ()


@intrinsic("trap")
def _trap(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.effect(llvm.TrapOp, ())
    return ()


@intrinsic("ctx")
def _ctx(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return _address_word(f, op, f.ctx)


@intrinsic("record")
def _record(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (args[0],)


@intrinsic("typeof")
def _typeof(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (type_word(f, args[0], f.layout(op.args[0])),)


_SECTIONS: Final = {
    "datastart": "__start_" + DATA_SECTION, "dataend": "__stop_" + DATA_SECTION,
    "bssstart": "__start_" + BSS_SECTION, "bssend": "__stop_" + BSS_SECTION,
    "pctabstart": "__start_goir_pctab", "pctabend": "__stop_goir_pctab",
    "typesstart": "__start_" + TYPES_SECTION, "typesend": "__stop_" + TYPES_SECTION,
}  # fmt: skip


@intrinsic(*_SECTIONS)
def _section(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    symbol = _SECTIONS[op.intrinsic.data]
    f.module.declare_section_symbol(symbol)
    return _address_word(f, op, f.address(symbol))


# Coroutines ----------------------------------------------------------------------------------------------------------


@intrinsic("coroResume")
def _resume(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.effect(llvm.CoroResumeOp, args)
    return ()


@intrinsic("coroDestroy")
def _destroy(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    f.intrinsic("llvm.coro.destroy", args)
    return ()


@intrinsic("coroStart")
def _start(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    record, slot = args
    entry = f.load(PTR, f.offset(record, 8))
    handle = f.call(entry, (slot, record), _START, {"arg_attrs": llvm.nest_last(2)})
    return (cast(SSAValue, handle),)
