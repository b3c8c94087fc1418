"""Constants: the values that the checker computed, as ops."""

from __future__ import annotations

import struct
from fractions import Fraction

from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Attribute, SSAValue

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.irgen.errors import Unsupported
from goir.irgen.func import FuncGen
from goir.types import types as T
from goir.types.constants import Complex, Value


def to_float(value: Value) -> float:
    """A numeric constant as the nearest float64."""
    if isinstance(value, Complex):
        value = value.re
    if isinstance(value, (int, Fraction)):
        try:
            return float(value)
        except OverflowError:
            return float("inf") if value > 0 else float("-inf")
    raise TypeError(value)


def round_float32(value: Value) -> float:
    """A numeric constant rounded once, to float32."""
    if isinstance(value, Complex):
        value = value.re
    assert isinstance(value, (int, Fraction))
    exact = Fraction(value)
    near = to_float(exact)
    try:
        single: float = struct.unpack("f", struct.pack("f", near))[0]
    except OverflowError:
        return near
    # Rounding to float64 first can only matter half-way between two float32 values.
    error = exact - Fraction(single)
    if error:
        (bits,) = struct.unpack("I", struct.pack("f", single))
        step = 1 if (error > 0) == (single >= 0) else -1
        if 0 <= bits + step < 1 << 32 and not (bits == 0 and step < 0):
            other: float = struct.unpack("f", struct.pack("I", bits + step))[0]
            if other - other == 0 and abs(exact - Fraction(other)) < abs(error):
                return other
    return single


def to_int(value: Value) -> int:
    """A numeric constant that is an integer, as an int."""
    if isinstance(value, Complex):
        value = value.re
    if isinstance(value, (int, Fraction)):
        return int(value)
    raise TypeError(value)


def constant(g: FuncGen, value: Value, t: T.Type, pos: int) -> SSAValue:
    """A constant of (basic, or named basic) type `t`."""
    u = t.underlying
    attr = g.t(t)
    if not isinstance(u, T.Basic):
        raise Unsupported(pos, f"constants of type {t}")
    info = u.info
    if info & T.IS_BOOLEAN:
        return g.value(go.ConstantOp, (), attr, pos, {"value": g.mod.bool(bool(value))})
    if info & T.IS_STRING:
        assert isinstance(value, bytes)
        return string_constant(g, value, attr, pos)
    if info & T.IS_INTEGER or u.kind == T.UNSAFE_POINTER:
        return g.int_const(to_int(value), pos, attr)
    if info & T.IS_FLOAT:
        number = round_float32(value) if u.kind == T.FLOAT32 else to_float(value)
        return g.value(go.ConstantOp, (), attr, pos, {"value": g.mod.float(number)})
    if info & T.IS_COMPLEX:
        re, im = (value.re, value.im) if isinstance(value, Complex) else (value, 0)
        single = u.kind == T.COMPLEX64
        part: Attribute = gt.FLOAT32 if single else gt.FLOAT64
        parts = [
            g.value(
                go.ConstantOp,
                (),
                part,
                pos,
                {"value": g.mod.float(round_float32(p) if single else to_float(p))},  # pyright: ignore[reportArgumentType]
            )
            for p in (re, im)
        ]
        return g.value(go.ComplexOp, parts, attr, pos)
    raise Unsupported(pos, f"constants of type {t}")


def string_constant(g: FuncGen, value: bytes, t: Attribute, pos: int) -> SSAValue:
    """A string constant."""
    return g.value(go.StringConstOp, (), t, pos, {"value": StringAttr(value.decode("latin-1"))})
