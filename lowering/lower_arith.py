"""go-to-llvm: constants, arithmetic, comparison and conversion of numbers and bools.

%q = go.div %a, %b : !go.int      →   b == 0: cold block → runtime.panicdivide, unwind
                                      b == -1: -a, else sdiv (LLVM leaves MinInt / -1 undefined; Go wraps)
"""

from __future__ import annotations

from typing import Final

from xdsl.dialects.builtin import FloatAttr, IntegerAttr, IntegerType
from xdsl.ir import Attribute, Operation, SSAValue

from goir.dialects import go
from goir.dialects import llvm_ext as llvm
from goir.lowering.function_lowering import FunctionLowering, lowers
from goir.lowering.ir import constant_int
from goir.lowering.layout import COMPLEX64, COMPLEX128, F32, F64, TypeLayout

_FLOATS: Final = ("float32", "float64")
_COMPLEX: Final = ("complex64", "complex128")


def float_type(layout: TypeLayout) -> Attribute:
    """The LLVM type of a float, or of a complex number's parts."""
    return F32 if layout.float_width == 32 else F64


# Constants -----------------------------------------------------------------------------------------------------------


@lowers(go.ConstantOp)
def lower_constant(f: FunctionLowering, op: go.ConstantOp) -> None:
    layout = f.layouts.of(op.result.type)
    f.values[op.result] = constant(f, op.value, layout)


def constant(f: FunctionLowering, attr: Attribute, layout: TypeLayout) -> SSAValue:
    """The value of a constant attribute in the form of a type."""
    if isinstance(attr, FloatAttr):
        number: float = attr.value.data
    elif isinstance(attr, IntegerAttr):
        if layout.int_width:
            return f.int(attr.value.data, layout.int_width)
        if layout.kind == "bool":
            return f.bool(bool(attr.value.data & 1))
        number = float(attr.value.data)
    else:
        raise f.error(f"{attr} cannot be a constant")
    if layout.kind in _FLOATS:
        return f.float(number, layout.value)
    if layout.kind in _COMPLEX:
        part = float_type(layout)
        return f.aggregate(layout.value, (f.float(number, part), f.float(0.0, part)))
    raise f.error(f"a constant cannot have type {layout.type}")


@lowers(go.DataConstOp)
def lower_data_const(f: FunctionLowering, op: go.DataConstOp) -> None:
    layout = f.layouts.of(op.result.type)
    f.set(op, f.view_value(f.address(f.module.values.constant(op, layout, op.value.data)), layout))


@lowers(go.StringConstOp)
def lower_string_const(f: FunctionLowering, op: go.StringConstOp) -> None:
    f.values[op.result] = f.string_constant(op.value.data.encode("latin-1"))


@lowers(go.ZeroOp)
def lower_zero(f: FunctionLowering, op: go.ZeroOp) -> None:
    f.values[op.result] = f.zero_value(f.layouts.of(op.result.type))


# Arithmetic ----------------------------------------------------------------------------------------------------------

_BINARY: Final[dict[type[Operation], tuple[type[Operation], type[Operation] | None]]] = {
    go.AddOp: (llvm.AddOp, llvm.FAddOp),
    go.SubOp: (llvm.SubOp, llvm.FSubOp),
    go.MulOp: (llvm.MulOp, llvm.FMulOp),
    go.AndOp: (llvm.AndOp, None),
    go.OrOp: (llvm.OrOp, None),
    go.XorOp: (llvm.XOrOp, None),
}


@lowers(go.AddOp, go.SubOp, go.MulOp, go.AndOp, go.OrOp, go.XorOp)
def lower_binary(f: FunctionLowering, op: go.BinaryOp) -> None:
    layout = f.layouts.of(op.results[0].type)
    a, b = f.values[op.operands[0]], f.values[op.operands[1]]
    on_ints, on_floats = _BINARY[op.__class__]
    if layout.int_width or layout.kind == "bool":
        result = f.value(on_ints, (a, b), layout.value)
    elif layout.kind in _FLOATS and on_floats is not None:
        result = f.value(on_floats, (a, b), layout.value)
    elif layout.kind in _COMPLEX and on_floats is not None:
        if isinstance(op, go.MulOp):
            result = complex_multiply(f, a, b, layout)
        else:
            parts = [f.binary(on_floats, f.extract(a, i), f.extract(b, i)) for i in range(2)]
            result = f.aggregate(layout.value, parts)
    else:
        raise f.error(f"{op.name} is not defined on {layout.type}")
    f.values[op.results[0]] = result


def _widen(f: FunctionLowering, value: SSAValue, layout: TypeLayout) -> list[SSAValue]:
    """The parts of a complex number as float64: gc multiplies and divides complex64 in double precision."""
    parts = [f.extract(value, 0), f.extract(value, 1)]
    return [f.value(llvm.FPExtOp, (p,), F64) for p in parts] if layout.float_width == 32 else parts


def _narrow(f: FunctionLowering, parts: list[SSAValue], layout: TypeLayout) -> SSAValue:
    if layout.float_width == 32:
        parts = [f.value(llvm.FPTruncOp, (p,), F32) for p in parts]
    return f.aggregate(layout.value, parts)


def complex_multiply(f: FunctionLowering, a: SSAValue, b: SSAValue, layout: TypeLayout) -> SSAValue:
    """(a₀b₀ - a₁b₁) + (a₀b₁ + a₁b₀)i"""
    a0, a1 = _widen(f, a, layout)
    b0, b1 = _widen(f, b, layout)
    mul = llvm.FMulOp
    real = f.binary(llvm.FSubOp, f.binary(mul, a0, b0), f.binary(mul, a1, b1))
    imaginary = f.binary(llvm.FAddOp, f.binary(mul, a0, b1), f.binary(mul, a1, b0))
    return _narrow(f, [real, imaginary], layout)


@lowers(go.AndNotOp)
def lower_and_not(f: FunctionLowering, op: go.AndNotOp) -> None:
    a, b = f.operands(op)
    layout = f.layouts.of(op.result.type)
    f.set(op, f.binary(llvm.AndOp, a, f.binary(llvm.XOrOp, b, f.int(-1, layout.int_width))))


@lowers(go.DivOp, go.RemOp)
def lower_division(f: FunctionLowering, op: go.DivOp | go.RemOp) -> None:
    layout = f.layouts.of(op.result.type)
    a, b = f.operands(op)
    if layout.kind in _FLOATS:
        f.set(op, f.binary(llvm.FDivOp, a, b))
        return
    if layout.kind in _COMPLEX:
        quotient = f.runtime(
            "runtime.complex128div",
            *(f.aggregate(COMPLEX128, _widen(f, x, layout)) for x in (a, b)),
        )[0]
        f.set(op, _narrow(f, [f.extract(quotient, 0), f.extract(quotient, 1)], layout))
        return
    divisor = constant_int(op.rhs)
    width = layout.int_width
    if divisor is not None:
        divisor &= (1 << width) - 1
    if not divisor:
        f.check(f.icmp("eq", b, f.int(0, width)), "runtime.panicdivide")
    is_division = isinstance(op, go.DivOp)
    if not layout.signed:
        f.set(op, f.binary(llvm.UDivOp if is_division else llvm.URemOp, a, b))
        return
    minus_one = (1 << width) - 1
    if divisor is not None and divisor != minus_one:
        f.set(op, f.binary(llvm.SDivOp if is_division else llvm.SRemOp, a, b))
        return
    by_minus_one = f.icmp("eq", b, f.int(-1, width))
    safe = f.select(by_minus_one, f.int(1, width), b)
    if is_division:
        negated = f.sub_int(f.int(0, width), a)
        f.set(op, f.select(by_minus_one, negated, f.binary(llvm.SDivOp, a, safe)))
    else:
        f.set(op, f.binary(llvm.SRemOp, a, safe))


@lowers(go.ShlOp, go.ShrOp)
def lower_shift(f: FunctionLowering, op: go.ShlOp | go.ShrOp) -> None:
    layout, count_layout = f.layouts.of(op.result.type), f.layouts.of(op.count.type)
    value, count = f.operands(op)
    width = layout.int_width
    left = isinstance(op, go.ShlOp)
    known = constant_int(op.count)
    if known is not None and known >= 0:
        if not layout.signed or left:
            cls = llvm.ShlOp if left else llvm.LShrOp
            f.set(op, f.binary(cls, value, f.int(known, width)) if known < width else f.int(0, width))
        else:
            f.set(op, f.binary(llvm.AShrOp, value, f.int(min(known, width - 1), width)))
        return
    count_width = count_layout.int_width
    if count_layout.signed:
        f.check(f.icmp("slt", count, f.int(0, count_width)), "runtime.panicshift")
    too_big = f.icmp("uge", count, f.int(width, count_width))
    count = f.resize(count, width, False)
    if layout.signed and not left:
        f.set(op, f.binary(llvm.AShrOp, value, f.select(too_big, f.int(width - 1, width), count)))
    else:
        shifted = f.binary(llvm.ShlOp if left else llvm.LShrOp, value, count)
        f.set(op, f.select(too_big, f.int(0, width), shifted))


@lowers(go.NegOp)
def lower_neg(f: FunctionLowering, op: go.NegOp) -> None:
    layout = f.layouts.of(op.result.type)
    (value,) = f.operands(op)
    if layout.int_width:
        f.set(op, f.sub_int(f.int(0, layout.int_width), value))
    elif layout.kind in _COMPLEX:
        part = float_type(layout)
        parts = [f.value(llvm.FNegOp, (f.extract(value, i),), part) for i in range(2)]
        f.set(op, f.aggregate(layout.value, parts))
    else:
        f.set(op, f.value(llvm.FNegOp, (value,), layout.value))


@lowers(go.ComOp)
def lower_com(f: FunctionLowering, op: go.ComOp) -> None:
    (value,) = f.operands(op)
    f.set(op, f.binary(llvm.XOrOp, value, f.int(-1, f.layouts.of(op.result.type).int_width)))


@lowers(go.NotOp)
def lower_not(f: FunctionLowering, op: go.NotOp) -> None:
    (value,) = f.operands(op)
    f.set(op, f.binary(llvm.XOrOp, value, f.bool(True)))


@lowers(go.MinOp, go.MaxOp)
def lower_min_max(f: FunctionLowering, op: go.MinOp | go.MaxOp) -> None:
    layout = f.layouts.of(op.result.type)
    a, b = f.operands(op)
    smallest = isinstance(op, go.MinOp)
    if layout.int_width:
        least, most = (llvm.SMinOp, llvm.SMaxOp) if layout.signed else (llvm.UMinOp, llvm.UMaxOp)
        f.set(op, f.binary(least if smallest else most, a, b))
    elif layout.kind in _FLOATS:
        f.set(op, f.binary(llvm.MinimumOp if smallest else llvm.MaximumOp, a, b))
    else:
        order = f.runtime("runtime.cmpstring", b, a)[0]
        second = f.icmp("slt" if smallest else "sgt", order, f.int(0))
        f.set(op, f.select(second, b, a))


# Complex -------------------------------------------------------------------------------------------------------------


@lowers(go.ComplexOp)
def lower_complex(f: FunctionLowering, op: go.ComplexOp) -> None:
    f.set(op, f.aggregate(f.layouts.of(op.result.type).value, f.operands(op)))


@lowers(go.RealOp)
def lower_real(f: FunctionLowering, op: go.RealOp) -> None:
    f.set(op, f.extract(f.values[op.value], 0))


@lowers(go.ImagOp)
def lower_imag(f: FunctionLowering, op: go.ImagOp) -> None:
    f.set(op, f.extract(f.values[op.value], 1))


# Numeric conversions -------------------------------------------------------------------------------------------------


def convert_number(f: FunctionLowering, value: SSAValue, source: TypeLayout, target: TypeLayout) -> SSAValue:
    """Conversion between numeric types, with gc's results on amd64 where the language leaves them open."""
    if source.int_width:
        if target.int_width:
            return f.resize(value, target.int_width, source.signed)
        return f.value(llvm.SIToFPOp if source.signed else llvm.UIToFPOp, (value,), target.value)
    if source.kind in _COMPLEX:
        parts = [convert_float(f, f.extract(value, i), source.float_width, target.float_width) for i in range(2)]
        return f.aggregate(COMPLEX64 if target.float_width == 32 else COMPLEX128, parts)
    if target.int_width:
        return float_to_int(f, value, target)
    return convert_float(f, value, source.float_width, target.float_width)


def convert_float(f: FunctionLowering, value: SSAValue, have: int, want: int) -> SSAValue:
    """Between float32 and float64."""
    if have == want:
        return value
    return f.value(llvm.FPTruncOp, (value,), F32) if want == 32 else f.value(llvm.FPExtOp, (value,), F64)


def float_to_int(f: FunctionLowering, value: SSAValue, target: TypeLayout) -> SSAValue:
    """What gc's CVTTSD2SQ and CVTTSD2SL answer: the smallest integer of their width where the value does not fit."""
    type = value.type
    if not target.signed and target.int_width == 64:
        # What does not fit into 63 bits converts to the minimum; then x - 2⁶³ has the other bits.
        low = _cvtt(f, value, 64)
        high = _cvtt(f, f.binary(llvm.FSubOp, value, f.float(9223372036854775808.0, type)), 64)
        mask = f.binary(llvm.AShrOp, low, f.int(63))
        return f.binary(llvm.OrOp, low, f.binary(llvm.AndOp, high, mask))
    # uint32 goes through 64 bits, everything smaller through 32.
    through = 64 if target.int_width == 64 or (target.int_width == 32 and not target.signed) else 32
    return f.resize(_cvtt(f, value, through), target.int_width, True)


def _cvtt(f: FunctionLowering, value: SSAValue, width: int) -> SSAValue:
    """Truncation towards zero; the minimum for NaN and what does not fit."""
    type = value.type
    bound = float(1 << (width - 1))
    fits = f.binary(
        llvm.AndOp,
        # float64 has values between -2³¹-1 and -2³¹, which truncate to -2³¹.
        f.fcmp("ogt", value, f.float(-bound - 1.0, type)) if width == 32 and type == F64
        else f.fcmp("oge", value, f.float(-bound, type)),
        f.fcmp("olt", value, f.float(bound, type)),
    )  # fmt: skip
    integer: IntegerType = llvm.int_attr(0, width).type
    converted = f.value(llvm.FPToSIOp, (value,), integer)
    return f.select(fits, converted, f.int(-(1 << (width - 1)), width))
