"""`llvm.intr.*`: intrinsics that have an op of their own in upstream MLIR 22, coroutine intrinsics among them.

Everything else is an `llvm.call_intrinsic`. `INTRINSICS` tells the emitter each op's LLVM name and how it is
overloaded.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from xdsl.dialects.builtin import IntegerAttr, IntegerType, i1, i8, i32
from xdsl.dialects.llvm import FastMathAttr, LLVMPointerType, LLVMVoidType
from xdsl.ir import Operation
from xdsl.irdl import (
    AnyAttr,
    IRDLOperation,
    ParsePropInAttrDict,
    VarConstraint,
    operand_def,
    opt_prop_def,
    opt_result_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from goir.dialects.lazy_format import lazy_op_definition
from goir.dialects.llvm_ext_ops import LLVMTokenType


class Intrinsic(NamedTuple):
    """How an op becomes a call of an intrinsic."""

    llvm_name: str
    overload: str
    """Types in the name: "r" the result's, "0", "1"… an operand's, in order."""
    flags: tuple[str, ...] = ()
    """Properties that follow the operands as i1 immediates."""


INTRINSICS: dict[type[Operation], Intrinsic] = {}
_ARITY: dict[str, int] = {}


class _Same(IRDLOperation):
    """Operands and result of one type: `llvm.intr.smax(%a, %b) : (i64, i64) -> i64`."""

    T: ClassVar = VarConstraint("T", AnyAttr())
    args = var_operand_def(T)
    res = result_def(T)
    fastmathFlags = opt_prop_def(FastMathAttr)
    traits = traits_def(Pure())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "`(` $args `)` attr-dict `:` functional-type($args, results)"

    def verify_(self) -> None:
        if len(self.operands) != _ARITY[self.name]:
            raise VerifyException(f"{self.name} takes {_ARITY[self.name]} operands, not {len(self.operands)}")


def _same(mlir: str, arity: int) -> type[_Same]:
    cls = type(
        "".join(p.capitalize() for p in mlir.split(".")) + "Op",
        (_Same,),
        {"name": f"llvm.intr.{mlir}", "__doc__": f"`llvm.intr.{mlir}`, {arity} operands.", "__module__": __name__},
    )
    op = lazy_op_definition(cls)
    _ARITY[op.name] = arity
    INTRINSICS[op] = Intrinsic("llvm." + mlir, "r")
    return op


CtPopOp = _same("ctpop", 1)
ByteSwapOp = _same("bswap", 1)
BitReverseOp = _same("bitreverse", 1)
SMaxOp = _same("smax", 2)
SMinOp = _same("smin", 2)
UMaxOp = _same("umax", 2)
UMinOp = _same("umin", 2)
SqrtOp = _same("sqrt", 1)
FAbsOp = _same("fabs", 1)
FFloorOp = _same("floor", 1)
FCeilOp = _same("ceil", 1)
FTruncOp = _same("trunc", 1)
RintOp = _same("rint", 1)
RoundOp = _same("round", 1)
RoundEvenOp = _same("roundeven", 1)
CopySignOp = _same("copysign", 2)
FMAOp = _same("fma", 3)
MaxNumOp = _same("maxnum", 2)
MinNumOp = _same("minnum", 2)
MaximumOp = _same("maximum", 2)
MinimumOp = _same("minimum", 2)
FshlOp = _same("fshl", 3)
FshrOp = _same("fshr", 3)
SAddSatOp = _same("sadd.sat", 2)
UAddSatOp = _same("uadd.sat", 2)
SSubSatOp = _same("ssub.sat", 2)
USubSatOp = _same("usub.sat", 2)


class _Flagged(IRDLOperation):
    in_ = operand_def(IntegerType)
    res = result_def(IntegerType)
    traits = traits_def(Pure())

    def verify_(self) -> None:
        if self.in_.type != self.res.type:
            raise VerifyException(f"{self.name} of {self.in_.type} answers {self.res.type}")


@lazy_op_definition
class CountLeadingZerosOp(_Flagged):
    """`"llvm.intr.ctlz"(%x) <{is_zero_poison = false}> : (i64) -> i64`."""

    name = "llvm.intr.ctlz"
    is_zero_poison = prop_def(IntegerAttr)


@lazy_op_definition
class CountTrailingZerosOp(_Flagged):
    """`"llvm.intr.cttz"(%x) <{is_zero_poison = false}> : (i64) -> i64`."""

    name = "llvm.intr.cttz"
    is_zero_poison = prop_def(IntegerAttr)


@lazy_op_definition
class AbsOp(_Flagged):
    """`"llvm.intr.abs"(%x) <{is_int_min_poison = false}> : (i64) -> i64`."""

    name = "llvm.intr.abs"
    is_int_min_poison = prop_def(IntegerAttr)


INTRINSICS[CountLeadingZerosOp] = Intrinsic("llvm.ctlz", "r", ("is_zero_poison",))
INTRINSICS[CountTrailingZerosOp] = Intrinsic("llvm.cttz", "r", ("is_zero_poison",))
INTRINSICS[AbsOp] = Intrinsic("llvm.abs", "r", ("is_int_min_poison",))


class _Overflow(IRDLOperation):
    """`"llvm.intr.sadd.with.overflow"(%a, %b) : (i64, i64) -> !llvm.struct<(i64, i1)>`."""

    lhs = operand_def(IntegerType)
    rhs = operand_def(IntegerType)
    res = result_def()
    traits = traits_def(Pure())


def _overflow(mlir: str) -> type[_Overflow]:
    cls = type(
        "".join(p.capitalize() for p in mlir.split(".")) + "Op",
        (_Overflow,),
        {"name": f"llvm.intr.{mlir}", "__doc__": _Overflow.__doc__, "__module__": __name__},
    )
    op = lazy_op_definition(cls)
    INTRINSICS[op] = Intrinsic("llvm." + mlir, "0")
    return op


SAddWithOverflowOp = _overflow("sadd.with.overflow")
UAddWithOverflowOp = _overflow("uadd.with.overflow")
SSubWithOverflowOp = _overflow("ssub.with.overflow")
USubWithOverflowOp = _overflow("usub.with.overflow")
SMulWithOverflowOp = _overflow("smul.with.overflow")
UMulWithOverflowOp = _overflow("umul.with.overflow")


class _MemTransfer(IRDLOperation):
    dst = operand_def(LLVMPointerType)
    src = operand_def(LLVMPointerType)
    len = operand_def(IntegerType)
    isVolatile = prop_def(IntegerAttr)


@lazy_op_definition
class MemcpyOp(_MemTransfer):
    """`"llvm.intr.memcpy"(%dst, %src, %n) <{isVolatile = false}> : (!llvm.ptr, !llvm.ptr, i64) -> ()`."""

    name = "llvm.intr.memcpy"


@lazy_op_definition
class MemmoveOp(_MemTransfer):
    """`"llvm.intr.memmove"(%dst, %src, %n) <{isVolatile = false}> : (!llvm.ptr, !llvm.ptr, i64) -> ()`."""

    name = "llvm.intr.memmove"


@lazy_op_definition
class MemsetOp(IRDLOperation):
    """`"llvm.intr.memset"(%dst, %byte, %n) <{isVolatile = false}> : (!llvm.ptr, i8, i64) -> ()`."""

    name = "llvm.intr.memset"
    dst = operand_def(LLVMPointerType)
    val = operand_def(i8)
    len = operand_def(IntegerType)
    isVolatile = prop_def(IntegerAttr)


INTRINSICS[MemcpyOp] = Intrinsic("llvm.memcpy", "012", ("isVolatile",))
INTRINSICS[MemmoveOp] = Intrinsic("llvm.memmove", "012", ("isVolatile",))
INTRINSICS[MemsetOp] = Intrinsic("llvm.memset", "02", ("isVolatile",))


@lazy_op_definition
class TrapOp(IRDLOperation):
    """`"llvm.intr.trap"() : () -> ()`."""

    name = "llvm.intr.trap"


@lazy_op_definition
class AssumeOp(IRDLOperation):
    """`llvm.intr.assume %c : i1`."""

    name = "llvm.intr.assume"
    cond = operand_def(i1)
    assembly_format = "$cond attr-dict `:` type($cond)"


@lazy_op_definition
class ExpectOp(IRDLOperation):
    """`llvm.intr.expect %v, %expected : i1`."""

    name = "llvm.intr.expect"
    T: ClassVar = VarConstraint("T", AnyAttr())
    val = operand_def(T)
    expected = operand_def(T)
    res = result_def(T)
    traits = traits_def(Pure())
    assembly_format = "$val `,` $expected attr-dict `:` type($val)"


class _Lifetime(IRDLOperation):
    ptr = operand_def(LLVMPointerType)
    assembly_format = "$ptr attr-dict `:` type($ptr)"


@lazy_op_definition
class LifetimeStartOp(_Lifetime):
    """`llvm.intr.lifetime.start %alloca : !llvm.ptr`."""

    name = "llvm.intr.lifetime.start"


@lazy_op_definition
class LifetimeEndOp(_Lifetime):
    """`llvm.intr.lifetime.end %alloca : !llvm.ptr`."""

    name = "llvm.intr.lifetime.end"


INTRINSICS[TrapOp] = Intrinsic("llvm.trap", "")
INTRINSICS[AssumeOp] = Intrinsic("llvm.assume", "")
INTRINSICS[ExpectOp] = Intrinsic("llvm.expect", "r")
INTRINSICS[LifetimeStartOp] = Intrinsic("llvm.lifetime.start", "0")
INTRINSICS[LifetimeEndOp] = Intrinsic("llvm.lifetime.end", "0")


# --------------------------------------------------------------------------------------------------------------------
# Coroutines


@lazy_op_definition
class CoroIdOp(IRDLOperation):
    """`llvm.intr.coro.id %align, %promise, %null, %null : (i32, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> !llvm.token`."""

    name = "llvm.intr.coro.id"
    align = operand_def(i32)
    promise = operand_def(LLVMPointerType)
    coroaddr = operand_def(LLVMPointerType)
    fnaddrs = operand_def(LLVMPointerType)
    res = result_def(LLVMTokenType)
    assembly_format = "$align `,` $promise `,` $coroaddr `,` $fnaddrs attr-dict `:` functional-type(operands, results)"


@lazy_op_definition
class CoroBeginOp(IRDLOperation):
    """`llvm.intr.coro.begin %id, %mem : (!llvm.token, !llvm.ptr) -> !llvm.ptr`."""

    name = "llvm.intr.coro.begin"
    token = operand_def(LLVMTokenType)
    mem = operand_def(LLVMPointerType)
    res = result_def(LLVMPointerType)
    assembly_format = "$token `,` $mem attr-dict `:` functional-type(operands, results)"


class _CoroNumber(IRDLOperation):
    res = result_def(IntegerType)
    assembly_format = "attr-dict `:` type($res)"


@lazy_op_definition
class CoroSizeOp(_CoroNumber):
    """`llvm.intr.coro.size : i64`."""

    name = "llvm.intr.coro.size"


@lazy_op_definition
class CoroAlignOp(_CoroNumber):
    """`llvm.intr.coro.align : i64`."""

    name = "llvm.intr.coro.align"


@lazy_op_definition
class CoroSaveOp(IRDLOperation):
    """`llvm.intr.coro.save %hdl : (!llvm.ptr) -> !llvm.token`."""

    name = "llvm.intr.coro.save"
    handle = operand_def(LLVMPointerType)
    res = result_def(LLVMTokenType)
    assembly_format = "$handle attr-dict `:` functional-type(operands, results)"


@lazy_op_definition
class CoroSuspendOp(IRDLOperation):
    """`llvm.intr.coro.suspend %save, %final : i8`."""

    name = "llvm.intr.coro.suspend"
    save = operand_def(LLVMTokenType())
    final = operand_def(i1)
    res = result_def(i8)
    assembly_format = "$save `,` $final attr-dict `:` type($res)"


@lazy_op_definition
class CoroEndOp(IRDLOperation):
    """`llvm.intr.coro.end %hdl, %false, %none : (!llvm.ptr, i1, !llvm.token) -> !llvm.void` (upstream's own result
    type)."""

    name = "llvm.intr.coro.end"
    handle = operand_def(LLVMPointerType)
    unwind = operand_def(i1)
    retvals = operand_def(LLVMTokenType)
    res = opt_result_def(LLVMVoidType)
    assembly_format = "$handle `,` $unwind `,` $retvals attr-dict `:` functional-type(operands, results)"


@lazy_op_definition
class CoroFreeOp(IRDLOperation):
    """`llvm.intr.coro.free %id, %hdl : (!llvm.token, !llvm.ptr) -> !llvm.ptr`."""

    name = "llvm.intr.coro.free"
    id = operand_def(LLVMTokenType)
    handle = operand_def(LLVMPointerType)
    res = result_def(LLVMPointerType)
    assembly_format = "$id `,` $handle attr-dict `:` functional-type(operands, results)"


@lazy_op_definition
class CoroResumeOp(IRDLOperation):
    """`llvm.intr.coro.resume %hdl : !llvm.ptr`."""

    name = "llvm.intr.coro.resume"
    handle = operand_def(LLVMPointerType)
    assembly_format = "$handle attr-dict `:` type($handle)"


@lazy_op_definition
class CoroPromiseOp(IRDLOperation):
    """`llvm.intr.coro.promise %hdl, %align, %from : (!llvm.ptr, i32, i1) -> !llvm.ptr`."""

    name = "llvm.intr.coro.promise"
    handle = operand_def(LLVMPointerType)
    align = operand_def(i32)
    from_ = operand_def(i1)
    res = result_def(LLVMPointerType)
    assembly_format = "$handle `,` $align `,` $from_ attr-dict `:` functional-type(operands, results)"


INTRINSICS[CoroIdOp] = Intrinsic("llvm.coro.id", "")
INTRINSICS[CoroBeginOp] = Intrinsic("llvm.coro.begin", "")
INTRINSICS[CoroSizeOp] = Intrinsic("llvm.coro.size", "r")
INTRINSICS[CoroAlignOp] = Intrinsic("llvm.coro.align", "r")
INTRINSICS[CoroSaveOp] = Intrinsic("llvm.coro.save", "")
INTRINSICS[CoroSuspendOp] = Intrinsic("llvm.coro.suspend", "")
INTRINSICS[CoroEndOp] = Intrinsic("llvm.coro.end", "")
INTRINSICS[CoroFreeOp] = Intrinsic("llvm.coro.free", "")
INTRINSICS[CoroResumeOp] = Intrinsic("llvm.coro.resume", "")
INTRINSICS[CoroPromiseOp] = Intrinsic("llvm.coro.promise", "")
