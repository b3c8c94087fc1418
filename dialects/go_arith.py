"""Ops of the go dialect on numbers, bools and strings as values: constants, arithmetic, comparison, conversion."""

from __future__ import annotations

import math

from xdsl.dialects.builtin import FloatAttr, IntegerAttr, StringAttr, f64, i1, i64
from xdsl.ir import Attribute, Operation
from xdsl.irdl import operand_def, prop_def, result_def, traits_def, var_operand_def
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import ConstantLike, Pure
from xdsl.utils.exceptions import VerifyException

from goir.dialects import go_rules as rules
from goir.dialects.go_base import ANY, GoDialectOp, MayPanic, PureUnlessItPanics, T, Under, Word
from goir.dialects.go_static import DataAttr, check_data
from goir.dialects.go_types import (
    BOOL,
    ArrayType,
    BasicType,
    FuncType,
    InterfaceType,
    MapType,
    NamedType,
    SliceType,
    StructType,
)
from goir.dialects.lazy_format import lazy_op_definition


def _complex(under: Under, whole: Attribute, part: Attribute, op: str) -> None:
    w, p = under(whole), under(part)
    if isinstance(w, NamedType) or isinstance(p, NamedType):
        return
    if not (isinstance(w, BasicType) and w.is_complex):
        raise VerifyException(f"{op} is about complex numbers, not {whole}")
    assert isinstance(w, BasicType)
    ok = isinstance(p, BasicType) and p.is_float and p.bits * 2 == w.bits
    if not ok:
        raise VerifyException(f"the parts of a {whole} have type !go.float{w.bits // 2}, not {part}")


PREDICATES = ("eq", "ne", "lt", "le", "gt", "ge")


@lazy_op_definition
class ConstantOp(GoDialectOp):
    """A number or a bool: `go.constant 5 : !go.int`, `go.constant 1.5 : !go.float64`, `go.constant true : i1`."""

    name = "go.constant"

    value = prop_def(IntegerAttr | FloatAttr)
    result = result_def(ANY)

    traits = traits_def(Pure(), ConstantLike())

    @classmethod
    def parse(cls, parser: Parser) -> ConstantOp:
        value: Attribute
        if parser.parse_optional_punctuation("<") is not None:
            # any other attribute than the usual ones is written out
            value = parser.parse_attribute()
            parser.parse_punctuation(">")
        elif (truth := parser.parse_optional_boolean()) is not None:
            value = IntegerAttr(int(truth), i1)
        elif (word := parser.parse_optional_keyword_in(("inf", "nan", "neg_inf"))) is not None:
            value = FloatAttr({"inf": math.inf, "nan": math.nan, "neg_inf": -math.inf}[word], f64)
        else:
            number = parser.parse_number(context_msg=" as the value of a constant")
            value = IntegerAttr(number, i64) if isinstance(number, int) else FloatAttr(number, f64)
        attributes = parser.parse_optional_attr_dict()
        parser.parse_punctuation(":")
        t = parser.parse_type()
        return cls.create(result_types=[t], properties={"value": value}, attributes=attributes)

    def print(self, printer: Printer) -> None:
        value = self.properties["value"]
        printer.print_string(" ")
        if isinstance(value, IntegerAttr) and value.get_type() == i64:
            number, t = value.value.data, self.results[0].type
            if number < 0 and isinstance(t, BasicType) and t.is_integer and not t.signed:
                number += 1 << 64  # IntegerAttr keeps 64 bits as a signed number
            printer.print_string(str(number))
        elif isinstance(value, IntegerAttr) and value.get_type() == i1:
            printer.print_string("true" if value.value.data else "false")
        elif isinstance(value, FloatAttr) and value.get_type() == f64:
            printer.print_string(float_text(value.value.data))
        else:
            with printer.in_angle_brackets():
                printer.print_attribute(self.properties["value"])
        printer.print_op_attributes(self.attributes)
        printer.print_string(" : ")
        printer.print_attribute(self.results[0].type)

    def check(self, under: Under) -> None:
        value, t = self.properties["value"], self.results[0].type
        u = under(t)
        if isinstance(u, NamedType):
            return
        if u == BOOL:
            ok = isinstance(value, IntegerAttr) and value.value.data in (0, 1, -1)
            if not ok:
                raise VerifyException(f"a constant of type {t} is true or false, not {value}")
        elif not isinstance(u, BasicType):
            raise VerifyException(f"a constant must be a number or a bool, but is {t}")
        elif u.is_integer:
            if not isinstance(value, IntegerAttr):
                raise VerifyException(f"a constant of type {t} must be an integer, not {value}")
            assert isinstance(value, IntegerAttr)
            low = -(1 << (u.bits - 1)) if u.signed or u.bits == 64 else 0
            high = 1 << (u.bits - 1 if u.signed and u.bits < 64 else u.bits)
            if not (low <= value.value.data < high):
                raise VerifyException(f"constant {value.value.data} overflows {t}")
        elif u.is_float:
            if not isinstance(value, FloatAttr):
                raise VerifyException(f"a constant of type {t} must be a float, not {value} (a float has a point)")
        else:
            hint = "go.string_const" if u.is_string else "go.complex" if u.is_complex else "go.zero or go.convert"
            raise VerifyException(f"a constant must be a number or a bool, but is {t} (use {hint})")


def float_text(value: float) -> str:
    """The shortest literal that reads back as the same float (the lexer wants a point in it)."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "neg_inf"
    text = repr(value)
    mantissa, e, exponent = text.partition("e")
    if "." not in mantissa:
        mantissa += ".0"
    return mantissa + e + exponent


@lazy_op_definition
class StringConstOp(GoDialectOp):
    """A string constant; the attribute holds its bytes decoded as latin-1."""

    name = "go.string_const"

    value = prop_def(StringAttr)
    result = result_def(ANY)

    traits = traits_def(Pure(), ConstantLike())

    assembly_format = "$value attr-dict `:` type($result)"

    def check(self, under: Under) -> None:
        rules.string(under, self.result.type, "the result of go.string_const")
        if not all(ord(c) < 256 for c in self.value.data):
            raise VerifyException("a string constant holds a character up to U+00FF for each byte of the string")


@lazy_op_definition
class DataConstOp(GoDialectOp):
    """A constant struct or array: what a large literal holds that is known beforehand."""

    name = "go.data_const"

    value = prop_def(DataAttr)
    result = result_def(ANY)

    traits = traits_def(Pure(), ConstantLike())

    assembly_format = "$value attr-dict `:` type($result)"

    def check(self, under: Under) -> None:
        t = self.result.type
        u = under(t)
        if isinstance(u, NamedType):
            return
        if not isinstance(u, StructType | ArrayType):
            raise VerifyException(f"the result of go.data_const must be a struct or an array, but is {t}")
        check_data(under, None, t, self.value.data)


@lazy_op_definition
class ZeroOp(GoDialectOp):
    """The zero value of a type: 0, "", nil, …"""

    name = "go.zero"

    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "attr-dict `:` type($result)"

    def check(self, under: Under) -> None:
        rules.go_type(self.result.type, "a zero value")


class BinaryOp(GoDialectOp):
    """Base class of the ops `T, T → T`."""

    assembly_format = "$lhs `,` $rhs attr-dict `:` type($result)"


@lazy_op_definition
class AddOp(BinaryOp):
    """`a + b` of numbers."""

    name = "go.add"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())

    def check(self, under: Under) -> None:
        rules.number(under, self.result.type, f"an operand of {self.name}")


@lazy_op_definition
class SubOp(BinaryOp):
    """`a - b`"""

    name = "go.sub"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())

    def check(self, under: Under) -> None:
        rules.number(under, self.result.type, f"an operand of {self.name}")


@lazy_op_definition
class MulOp(BinaryOp):
    """`a * b`"""

    name = "go.mul"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())

    def check(self, under: Under) -> None:
        rules.number(under, self.result.type, f"an operand of {self.name}")


@lazy_op_definition
class DivOp(BinaryOp):
    """`a / b`; integer division by zero panics."""

    name = "go.div"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(MayPanic(), PureUnlessItPanics())

    def check(self, under: Under) -> None:
        rules.number(under, self.result.type, f"an operand of {self.name}")


@lazy_op_definition
class RemOp(BinaryOp):
    """`a % b` of integers."""

    name = "go.rem"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(MayPanic(), PureUnlessItPanics())

    def check(self, under: Under) -> None:
        rules.integer(under, self.result.type, f"an operand of {self.name}")


@lazy_op_definition
class AndOp(BinaryOp):
    """`a & b`"""

    name = "go.and"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())

    def check(self, under: Under) -> None:
        rules.integer(under, self.result.type, f"an operand of {self.name}")


@lazy_op_definition
class OrOp(BinaryOp):
    """`a | b`"""

    name = "go.or"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())

    def check(self, under: Under) -> None:
        rules.integer(under, self.result.type, f"an operand of {self.name}")


@lazy_op_definition
class XorOp(BinaryOp):
    """`a ^ b`"""

    name = "go.xor"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())

    def check(self, under: Under) -> None:
        rules.integer(under, self.result.type, f"an operand of {self.name}")


@lazy_op_definition
class AndNotOp(BinaryOp):
    """`a &^ b`"""

    name = "go.andnot"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())

    def check(self, under: Under) -> None:
        rules.integer(under, self.result.type, f"an operand of {self.name}")


@lazy_op_definition
class MinOp(BinaryOp):
    """`min(a, b)` with Go's rules for NaN and -0."""

    name = "go.min"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())

    def check(self, under: Under) -> None:
        rules.ordered(under, self.result.type, f"an operand of {self.name}")


@lazy_op_definition
class MaxOp(BinaryOp):
    """`max(a, b)`"""

    name = "go.max"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())

    def check(self, under: Under) -> None:
        rules.ordered(under, self.result.type, f"an operand of {self.name}")


class ShiftOp(GoDialectOp):
    """Base class of the shifts: the count is of any integer type, and a negative one panics."""

    assembly_format = "$value `,` $count attr-dict `:` type($result) `,` type($count)"


@lazy_op_definition
class ShlOp(ShiftOp):
    """`x << n`"""

    name = "go.shl"
    value = operand_def(T)
    count = operand_def(ANY)
    result = result_def(T)
    traits = traits_def(MayPanic(), PureUnlessItPanics())

    def check(self, under: Under) -> None:
        rules.integer(under, self.result.type, f"the operand of {self.name}")
        rules.integer(under, self.count.type, f"the count of {self.name}")


@lazy_op_definition
class ShrOp(ShiftOp):
    """`x >> n`, arithmetic for signed x"""

    name = "go.shr"
    value = operand_def(T)
    count = operand_def(ANY)
    result = result_def(T)
    traits = traits_def(MayPanic(), PureUnlessItPanics())

    def check(self, under: Under) -> None:
        rules.integer(under, self.result.type, f"the operand of {self.name}")
        rules.integer(under, self.count.type, f"the count of {self.name}")


class UnaryOp(GoDialectOp):
    """Base class of the ops `T → T`."""

    assembly_format = "$value attr-dict `:` type($result)"


@lazy_op_definition
class NegOp(UnaryOp):
    """`-x`"""

    name = "go.neg"
    value = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())

    def check(self, under: Under) -> None:
        rules.number(under, self.result.type, f"an operand of {self.name}")


@lazy_op_definition
class ComOp(UnaryOp):
    """`^x`"""

    name = "go.com"
    value = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())

    def check(self, under: Under) -> None:
        rules.integer(under, self.result.type, f"an operand of {self.name}")


@lazy_op_definition
class NotOp(UnaryOp):
    """`!x`"""

    name = "go.not"
    value = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())

    def check(self, under: Under) -> None:
        rules.boolean(under, self.result.type, "the operand of go.not")


@lazy_op_definition
class CmpOp(GoDialectOp):
    """Comparison: `go.cmp lt %a, %b : !go.int`. Predicates eq ne lt le gt ge."""

    name = "go.cmp"

    predicate = prop_def(StringAttr)
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(i1)

    traits = traits_def(MayPanic(), PureUnlessItPanics())
    custom_directives = (Word,)

    assembly_format = "custom<Word>($predicate) $lhs `,` $rhs attr-dict `:` type($lhs)"

    def check(self, under: Under) -> None:
        predicate, t = self.predicate.data, self.lhs.type
        if predicate not in PREDICATES:
            raise VerifyException(f'the predicate is eq, ne, lt, le, gt or ge, not "{predicate}"')
        rules.go_type(t, "an operand of go.cmp")
        if predicate not in ("eq", "ne"):
            rules.ordered(under, t, f"what go.cmp {predicate} compares")
        elif not rules.is_comparable(under, t):
            nil = any(isinstance(v.owner, ZeroOp) for v in self.operands)
            if not (nil and isinstance(under(t), SliceType | MapType | FuncType)):
                raise VerifyException(f"values of type {t} cannot be compared (slices, maps, functions: only to nil)")


@lazy_op_definition
class ConcatOp(GoDialectOp):
    """`a + b + …` of strings"""

    name = "go.concat"

    parts = var_operand_def(T)
    result = result_def(T)

    traits = traits_def(Pure())

    assembly_format = "$parts attr-dict `:` type($result)"

    def check(self, under: Under) -> None:
        rules.string(under, self.result.type, "what go.concat joins")


@lazy_op_definition
class ComplexOp(GoDialectOp):
    """`complex(re, im)`"""

    name = "go.complex"

    real = operand_def(T)
    imag = operand_def(T)
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "$real `,` $imag attr-dict `:` type($real) `->` type($result)"

    def check(self, under: Under) -> None:
        _complex(under, self.result.type, self.real.type, "go.complex")


@lazy_op_definition
class RealOp(GoDialectOp):
    """`real(x)`"""

    name = "go.real"

    value = operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "$value attr-dict `:` type($value) `->` type($result)"

    def check(self, under: Under) -> None:
        _complex(under, self.value.type, self.result.type, self.name)


@lazy_op_definition
class ImagOp(GoDialectOp):
    """`imag(x)`"""

    name = "go.imag"

    value = operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "$value attr-dict `:` type($value) `->` type($result)"

    def check(self, under: Under) -> None:
        _complex(under, self.value.type, self.result.type, self.name)


@lazy_op_definition
class ConvertOp(GoDialectOp):
    """Every conversion between types that are not interfaces. Only slice to array (pointer) panics."""

    name = "go.convert"

    value = operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(MayPanic(), PureUnlessItPanics())

    assembly_format = "$value attr-dict `:` type($value) `->` type($result)"

    def check(self, under: Under) -> None:
        source, target = self.value.type, self.result.type
        rules.go_type(source, "the operand of go.convert")
        rules.go_type(target, "the result of go.convert")
        if isinstance(under(source), InterfaceType) or isinstance(under(target), InterfaceType):
            if under(source) != under(target):
                raise VerifyException(
                    "go.convert is not for interfaces: see go.make_interface, go.convert_interface, go.type_assert"
                )
        elif not rules.is_convertible(under, source, target):
            raise VerifyException(f"a value of type {source} cannot be converted to {target}")


OPS: list[type[Operation]] = [
    ConstantOp, StringConstOp, DataConstOp, ZeroOp, AddOp, SubOp, MulOp, DivOp, RemOp, AndOp, OrOp, XorOp, AndNotOp,
    MinOp, MaxOp, ShlOp, ShrOp, NegOp, ComOp, NotOp, CmpOp, ConcatOp, ComplexOp, RealOp, ImagOp, ConvertOp,
]  # fmt: skip
