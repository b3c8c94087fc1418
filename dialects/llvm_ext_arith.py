"""llvm dialect: comparisons, conversions, floating point."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from xdsl.dialects.builtin import (
    AnyFloat,
    IntegerAttr,
    IntegerType,
    i1,
)
from xdsl.dialects.llvm import (
    FastMathAttr,
    LLVMPointerType,
)
from xdsl.ir import Attribute
from xdsl.irdl import (
    AnyAttr,
    IRDLOperation,
    ParsePropInAttrDict,
    VarConstraint,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from goir.dialects.lazy_format import lazy_op_definition
from goir.dialects.llvm_ext_base import (
    FCMP,
    FCMP_PREDICATES,
    ICMP,
    ICMP_PREDICATES,
    move,
    print_dict,
)


class _Compare(IRDLOperation):
    """`llvm.icmp "eq" %a, %b : i64`."""

    PREDICATES: ClassVar[Sequence[str]] = ()
    INTERNED: ClassVar[Mapping[str, IntegerAttr[Any]]] = {}
    T: ClassVar = VarConstraint("T", AnyAttr())

    lhs = operand_def(T)
    rhs = operand_def(T)
    res = result_def(i1)
    predicate = prop_def(IntegerAttr)
    fastmathFlags = opt_prop_def(FastMathAttr)

    traits = traits_def(Pure())

    def print(self, printer: Printer) -> None:
        printer.print_string(f' "{self.PREDICATES[self.predicate.value.data]}" ')
        printer.print_list(self.operands, printer.print_ssa_value)
        print_dict(printer, self, ("fastmathFlags",))
        printer.print_string(" : ")
        printer.print_attribute(self.lhs.type)

    @classmethod
    def parse(cls, parser: Parser) -> Any:
        pos = parser.pos
        word = parser.parse_str_literal()
        if word not in cls.INTERNED:
            parser.raise_error(f"unknown predicate '{word}'", pos)
        a = parser.parse_unresolved_operand()
        parser.parse_punctuation(",")
        b = parser.parse_unresolved_operand()
        props: dict[str, Attribute] = {"predicate": cls.INTERNED[word]}
        attributes = parser.parse_optional_attr_dict()
        move(attributes, props, ("fastmathFlags",))
        parser.parse_punctuation(":")
        type = parser.parse_type()
        return cls.create(
            operands=parser.resolve_operands([a, b], [type, type], pos),
            properties=props,
            attributes=attributes,
            result_types=[i1],
        )


@lazy_op_definition
class ICmpOp(_Compare):
    """Integers and pointers; `predicate` one of ICMP."""

    name = "llvm.icmp"
    PREDICATES: ClassVar[Sequence[str]] = ICMP_PREDICATES
    INTERNED: ClassVar[Mapping[str, IntegerAttr[Any]]] = ICMP

    def verify_(self) -> None:
        if not isinstance(self.lhs.type, IntegerType | LLVMPointerType):
            raise VerifyException(f"llvm.icmp compares integers or pointers, not {self.lhs.type}")


@lazy_op_definition
class FCmpOp(_Compare):
    """Floating point; `predicate` one of FCMP."""

    name = "llvm.fcmp"
    PREDICATES: ClassVar[Sequence[str]] = FCMP_PREDICATES
    INTERNED: ClassVar[Mapping[str, IntegerAttr[Any]]] = FCMP

    def verify_(self) -> None:
        if not isinstance(self.lhs.type, AnyFloat):
            raise VerifyException(f"llvm.fcmp compares floating-point numbers, not {self.lhs.type}")


class _Binary(IRDLOperation):
    T: ClassVar = VarConstraint("T", AnyAttr())
    lhs = operand_def(T)
    rhs = operand_def(T)
    res = result_def(T)
    fastmathFlags = opt_prop_def(FastMathAttr)
    traits = traits_def(Pure())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "$lhs `,` $rhs attr-dict `:` type($res)"

    def verify_(self) -> None:
        if not isinstance(self.res.type, AnyFloat):
            raise VerifyException(f"{self.name} takes floating-point numbers, not {self.res.type}")


@lazy_op_definition
class FAddOp(_Binary):
    name = "llvm.fadd"


@lazy_op_definition
class FSubOp(_Binary):
    name = "llvm.fsub"


@lazy_op_definition
class FMulOp(_Binary):
    name = "llvm.fmul"


@lazy_op_definition
class FDivOp(_Binary):
    name = "llvm.fdiv"


@lazy_op_definition
class FRemOp(_Binary):
    name = "llvm.frem"


@lazy_op_definition
class FNegOp(IRDLOperation):
    name = "llvm.fneg"
    T: ClassVar = VarConstraint("T", AnyAttr())
    operand = operand_def(T)
    res = result_def(T)
    fastmathFlags = opt_prop_def(FastMathAttr)
    traits = traits_def(Pure())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "$operand attr-dict `:` type($res)"


@lazy_op_definition
class FreezeOp(IRDLOperation):
    name = "llvm.freeze"
    T: ClassVar = VarConstraint("T", AnyAttr())
    val = operand_def(T)
    res = result_def(T)
    traits = traits_def(Pure())
    assembly_format = "$val attr-dict `:` type($val)"


@lazy_op_definition
class SelectOp(IRDLOperation):
    """`llvm.select %c, %a, %b : i1, i64`."""

    name = "llvm.select"
    T: ClassVar = VarConstraint("T", AnyAttr())
    condition = operand_def(i1)
    trueValue = operand_def(T)
    falseValue = operand_def(T)
    res = result_def(T)
    fastmathFlags = opt_prop_def(FastMathAttr)
    traits = traits_def(Pure())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "$condition `,` $trueValue `,` $falseValue attr-dict `:` type($condition) `,` type($res)"


class _Cast(IRDLOperation):
    arg = operand_def()
    res = result_def()
    traits = traits_def(Pure())
    assembly_format = "$arg attr-dict `:` type($arg) `to` type($res)"

    def verify_(self) -> None:
        rule = _CAST_RULES.get(self.name)
        if rule is not None and not rule(self.arg.type, self.res.type):
            raise VerifyException(f"{self.name} cannot convert {self.arg.type} to {self.res.type}")


def _float(t: Attribute) -> bool:
    return isinstance(t, AnyFloat)


def _int(t: Attribute) -> bool:
    return isinstance(t, IntegerType)


def _ptr(t: Attribute) -> bool:
    return isinstance(t, LLVMPointerType)


def _width(t: Attribute) -> int:
    return t.bitwidth if isinstance(t, AnyFloat | IntegerType) else 0


@lazy_op_definition
class FPToSIOp(_Cast):
    name = "llvm.fptosi"


@lazy_op_definition
class FPToUIOp(_Cast):
    name = "llvm.fptoui"


@lazy_op_definition
class SIToFPOp(_Cast):
    name = "llvm.sitofp"


@lazy_op_definition
class UIToFPOp(_Cast):
    name = "llvm.uitofp"


@lazy_op_definition
class FPExtOp(_Cast):
    name = "llvm.fpext"


@lazy_op_definition
class FPTruncOp(_Cast):
    name = "llvm.fptrunc"


@lazy_op_definition
class BitcastOp(_Cast):
    name = "llvm.bitcast"


@lazy_op_definition
class IntToPtrOp(_Cast):
    name = "llvm.inttoptr"


@lazy_op_definition
class PtrToIntOp(_Cast):
    name = "llvm.ptrtoint"


_CAST_RULES: dict[str, Callable[[Attribute, Attribute], bool]] = {
    "llvm.fptosi": lambda a, b: _float(a) and _int(b),
    "llvm.fptoui": lambda a, b: _float(a) and _int(b),
    "llvm.sitofp": lambda a, b: _int(a) and _float(b),
    "llvm.uitofp": lambda a, b: _int(a) and _float(b),
    "llvm.fpext": lambda a, b: _float(a) and _float(b) and _width(a) < _width(b),
    "llvm.fptrunc": lambda a, b: _float(a) and _float(b) and _width(a) > _width(b),
    "llvm.inttoptr": lambda a, b: _int(a) and _ptr(b),
    "llvm.ptrtoint": lambda a, b: _ptr(a) and _int(b),
}
