"""go-to-llvm: intrinsics that compute with bits and numbers: single instructions, or nearly (docs/abi.md).

They take their width from their operands; the names say it because the sources are easier to read that way.
"""

from __future__ import annotations

from typing import Final, cast

from xdsl.dialects.builtin import IntegerType, StringAttr, i1, i32, i64
from xdsl.dialects.llvm import LLVMStructType
from xdsl.ir import Attribute, Operation, SSAValue

from goir.dialects import go
from goir.dialects import llvm_ext as llvm
from goir.lowering.function_lowering import FunctionLowering
from goir.lowering.layout import F32, F64
from goir.lowering.lower_intrinsics import intrinsic

_FALSE: Final = llvm.int_attr(0, 1)


def _widths(name: str, *widths: int) -> tuple[str, ...]:
    return tuple(f"{name}{width}" for width in widths or (8, 16, 32, 64))


def _width(value: SSAValue) -> int:
    return cast(IntegerType, value.type).width.data


# Bits ----------------------------------------------------------------------------------------------------------------


@intrinsic(*_widths("ctz"))
def _ctz(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    count = f.value(llvm.CountTrailingZerosOp, args, args[0].type, {"is_zero_poison": _FALSE})
    return (f.resize(count, 64, False),)


def _leading_zeros(f: FunctionLowering, x: SSAValue) -> SSAValue:
    return f.resize(f.value(llvm.CountLeadingZerosOp, (x,), x.type, {"is_zero_poison": _FALSE}), 64, False)


@intrinsic(*_widths("clz"))
def _clz(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (_leading_zeros(f, args[0]),)


@intrinsic(*_widths("len"))
def _len(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (f.sub_int(f.int(_width(args[0])), _leading_zeros(f, args[0])),)


@intrinsic(*_widths("popcount"))
def _popcount(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (f.resize(f.value(llvm.CtPopOp, args, args[0].type), 64, False),)


@intrinsic(*_widths("rotl"))
def _rotate_left(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    """The count is an int; only its lowest bits matter, so negative ones rotate to the right."""
    x, count = args
    return (f.value(llvm.FshlOp, (x, x, f.resize(count, _width(x), False)), x.type),)


# Arithmetic of several words -----------------------------------------------------------------------------------------


@intrinsic("mul64", "mul32")
def _mul(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    """(high, low) word of a product."""
    width = _width(args[0])
    wide = IntegerType(2 * width)
    product = f.binary(llvm.MulOp, *(f.value(llvm.ZExtOp, (a,), wide) for a in args))
    high = f.binary(llvm.LShrOp, product, f.int(width, 2 * width))
    return f.resize(high, width, False), f.resize(product, width, False)


def _with_carry(
    f: FunctionLowering, cls: type[Operation], x: SSAValue, y: SSAValue, carry: SSAValue
) -> tuple[SSAValue, ...]:
    """LLVM makes `adc` and `sbb` of this form. Two carries never come at once."""
    pair = LLVMStructType.from_type_list([x.type, i1])
    first = f.value(cls, (x, y), pair)
    second = f.value(cls, (f.extract(first, 0), carry), pair)
    out = f.binary(llvm.OrOp, f.extract(first, 1), f.extract(second, 1))
    return f.extract(second, 0), f.resize(out, _width(x), False)


@intrinsic("addc64", "addc32")
def _add_with_carry(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    """(x + y + carry, carry out); carry is 0 or 1."""
    return _with_carry(f, llvm.UAddWithOverflowOp, *args)


@intrinsic("subb64", "subb32")
def _subtract_with_borrow(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    """(x - y - borrow, borrow out); borrow is 0 or 1."""
    return _with_carry(f, llvm.USubWithOverflowOp, *args)


def _machine_code(
    f: FunctionLowering, code: str, constraints: str, args: list[SSAValue], *results: Attribute, effects: bool = False
) -> tuple[SSAValue, ...]:
    """An instruction that LLVM has no intrinsic for."""
    properties: dict[str, Attribute] = {"asm_string": StringAttr(code), "constraints": StringAttr(constraints)}
    if effects:
        properties["has_side_effects"] = llvm.UNIT
    whole = f.value(llvm.InlineAsmOp, args, LLVMStructType.from_type_list(list(results)), properties)
    return tuple(f.extract(whole, i) for i in range(len(results)))


@intrinsic("div64")
def _div(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    """(quotient, remainder) of (high, low) by a divisor above high: the machine faults if there is none."""
    high, low, divisor = args
    constraints = "={ax},={dx},r,{ax},{dx},~{flags},~{dirflag},~{fpsr}"
    return _machine_code(f, "divq $2", constraints, [divisor, low, high], i64, i64, effects=True)


@intrinsic("cpuid")
def _cpuid(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    """(eax, ebx, ecx, edx) of the instruction for (eax, ecx)."""
    constraints = "={ax},={bx},={cx},={dx},{ax},{cx},~{dirflag},~{fpsr},~{flags}"
    return _machine_code(f, "cpuid", constraints, args, i32, i32, i32, i32, effects=True)


@intrinsic("xgetbv")
def _xgetbv(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    """(eax, edx): which registers the system saves."""
    constraints = "={ax},={dx},{cx},~{dirflag},~{fpsr},~{flags}"
    return _machine_code(f, "xgetbv", constraints, [f.int(0, 32)], i32, i32, effects=True)


# Numbers -------------------------------------------------------------------------------------------------------------

_SAME_TYPE: Final[dict[str, type[Operation]]] = {
    **dict.fromkeys(_widths("bswap", 16, 32, 64), llvm.ByteSwapOp),
    **dict.fromkeys(_widths("bitreverse"), llvm.BitReverseOp),
    "sqrt": llvm.SqrtOp, "floor": llvm.FFloorOp, "ceil": llvm.FCeilOp, "trunc": llvm.FTruncOp,
    "roundeven": llvm.RoundEvenOp, "fabs": llvm.FAbsOp, "copysign": llvm.CopySignOp, "fma": llvm.FMAOp,
}  # fmt: skip


@intrinsic(*_SAME_TYPE)
def _same_type(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (f.value(_SAME_TYPE[op.intrinsic.data], args, args[0].type),)


_BITCAST: Final[dict[str, Attribute]] = {
    "floatbits64": i64, "floatbits32": i32, "frombits64": F64, "frombits32": F32,
}  # fmt: skip


@intrinsic(*_BITCAST)
def _bitcast(f: FunctionLowering, op: go.IntrinsicOp, args: list[SSAValue]) -> tuple[SSAValue, ...]:
    return (f.value(llvm.BitcastOp, args, _BITCAST[op.intrinsic.data]),)
