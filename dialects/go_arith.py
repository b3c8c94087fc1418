"""Ops of the go dialect on numbers, bools and strings as values: constants, arithmetic, comparison, conversion."""

from __future__ import annotations

import math

from goir.dialects.go_base import ANY, GoDialectOp, MayPanic, T, Word
from xdsl.dialects.builtin import FloatAttr, IntegerAttr, StringAttr, f64, i1, i64
from xdsl.ir import Attribute, Operation
from xdsl.irdl import irdl_op_definition, operand_def, prop_def, result_def, traits_def, var_operand_def
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import ConstantLike, Pure


@irdl_op_definition
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
        if isinstance(value, IntegerAttr) and value.type == i64:
            printer.print_string(str(value.value.data))
        elif isinstance(value, IntegerAttr) and value.type == i1:
            printer.print_string("true" if value.value.data else "false")
        elif isinstance(value, FloatAttr) and value.type == f64:
            printer.print_string(float_text(value.value.data))
        else:
            with printer.in_angle_brackets():
                printer.print_attribute(value)
        printer.print_op_attributes(self.attributes)
        printer.print_string(" : ")
        printer.print_attribute(self.results[0].type)


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


@irdl_op_definition
class StringConstOp(GoDialectOp):
    """A string constant; the attribute holds its bytes decoded as latin-1."""

    name = "go.string_const"

    value = prop_def(StringAttr)
    result = result_def(ANY)

    traits = traits_def(Pure(), ConstantLike())

    assembly_format = "$value attr-dict `:` type($result)"


@irdl_op_definition
class ZeroOp(GoDialectOp):
    """The zero value of a type: 0, "", nil, …"""

    name = "go.zero"

    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "attr-dict `:` type($result)"


class BinaryOp(GoDialectOp):
    """Base class of the ops `T, T → T`."""

    assembly_format = "$lhs `,` $rhs attr-dict `:` type($result)"


@irdl_op_definition
class AddOp(BinaryOp):
    """`a + b` of numbers."""

    name = "go.add"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())


@irdl_op_definition
class SubOp(BinaryOp):
    """`a - b`"""

    name = "go.sub"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())


@irdl_op_definition
class MulOp(BinaryOp):
    """`a * b`"""

    name = "go.mul"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())


@irdl_op_definition
class DivOp(BinaryOp):
    """`a / b`; integer division by zero panics."""

    name = "go.div"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(MayPanic())


@irdl_op_definition
class RemOp(BinaryOp):
    """`a % b` of integers."""

    name = "go.rem"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(MayPanic())


@irdl_op_definition
class AndOp(BinaryOp):
    """`a & b`"""

    name = "go.and"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())


@irdl_op_definition
class OrOp(BinaryOp):
    """`a | b`"""

    name = "go.or"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())


@irdl_op_definition
class XorOp(BinaryOp):
    """`a ^ b`"""

    name = "go.xor"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())


@irdl_op_definition
class AndNotOp(BinaryOp):
    """`a &^ b`"""

    name = "go.andnot"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())


@irdl_op_definition
class MinOp(BinaryOp):
    """`min(a, b)` with Go's rules for NaN and -0."""

    name = "go.min"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())


@irdl_op_definition
class MaxOp(BinaryOp):
    """`max(a, b)`"""

    name = "go.max"
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())


class ShiftOp(GoDialectOp):
    """Base class of the shifts: the count is of any integer type, and a negative one panics."""

    assembly_format = "$value `,` $count attr-dict `:` type($result) `,` type($count)"


@irdl_op_definition
class ShlOp(ShiftOp):
    """`x << n`"""

    name = "go.shl"
    value = operand_def(T)
    count = operand_def(ANY)
    result = result_def(T)
    traits = traits_def(MayPanic())


@irdl_op_definition
class ShrOp(ShiftOp):
    """`x >> n`, arithmetic for signed x"""

    name = "go.shr"
    value = operand_def(T)
    count = operand_def(ANY)
    result = result_def(T)
    traits = traits_def(MayPanic())


class UnaryOp(GoDialectOp):
    """Base class of the ops `T → T`."""

    assembly_format = "$value attr-dict `:` type($result)"


@irdl_op_definition
class NegOp(UnaryOp):
    """`-x`"""

    name = "go.neg"
    value = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())


@irdl_op_definition
class ComOp(UnaryOp):
    """`^x`"""

    name = "go.com"
    value = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())


@irdl_op_definition
class NotOp(UnaryOp):
    """`!x`"""

    name = "go.not"
    value = operand_def(T)
    result = result_def(T)
    traits = traits_def(Pure())


@irdl_op_definition
class CmpOp(GoDialectOp):
    """Comparison: `go.cmp lt %a, %b : !go.int`. Predicates eq ne lt le gt ge."""

    name = "go.cmp"

    predicate = prop_def(StringAttr)
    lhs = operand_def(T)
    rhs = operand_def(T)
    result = result_def(i1)

    traits = traits_def(MayPanic())
    custom_directives = (Word,)

    assembly_format = "custom<Word>($predicate) $lhs `,` $rhs attr-dict `:` type($lhs)"


@irdl_op_definition
class ConcatOp(GoDialectOp):
    """`a + b + …` of strings"""

    name = "go.concat"

    parts = var_operand_def(T)
    result = result_def(T)

    traits = traits_def(Pure())

    assembly_format = "$parts attr-dict `:` type($result)"


@irdl_op_definition
class ComplexOp(GoDialectOp):
    """`complex(re, im)`"""

    name = "go.complex"

    real = operand_def(T)
    imag = operand_def(T)
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "$real `,` $imag attr-dict `:` type($real) `->` type($result)"


@irdl_op_definition
class RealOp(GoDialectOp):
    """`real(x)`"""

    name = "go.real"

    value = operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "$value attr-dict `:` type($value) `->` type($result)"


@irdl_op_definition
class ImagOp(GoDialectOp):
    """`imag(x)`"""

    name = "go.imag"

    value = operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "$value attr-dict `:` type($value) `->` type($result)"


@irdl_op_definition
class ConvertOp(GoDialectOp):
    """Every conversion between types that are not interfaces. Only slice to array (pointer) panics."""

    name = "go.convert"

    value = operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(MayPanic())

    assembly_format = "$value attr-dict `:` type($value) `->` type($result)"


OPS: list[type[Operation]] = [
    ConstantOp, StringConstOp, ZeroOp, AddOp, SubOp, MulOp, DivOp, RemOp, AndOp, OrOp, XorOp, AndNotOp, MinOp, MaxOp,
    ShlOp, ShrOp, NegOp, ComOp, NotOp, CmpOp, ConcatOp, ComplexOp, RealOp, ImagOp, ConvertOp,
]  # fmt: skip
