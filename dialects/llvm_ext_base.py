"""What the classes of the llvm dialect share: names and numbers of enumerations, interned attributes, pieces of
syntax."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xdsl.dialects.builtin import (
    ArrayAttr,
    BytesAttr,
    DictionaryAttr,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    StringAttr,
    UnitAttr,
    i32,
    i64,
)
from xdsl.dialects.llvm import (
    CallingConventionAttr,
    LinkageAttr,
    LLVMPointerType,
    LLVMVoidType,
)
from xdsl.ir import Attribute, Operation, ParametrizedAttribute, TypeAttribute
from xdsl.irdl import (
    irdl_attr_definition,
)
from xdsl.parser import Parser
from xdsl.printer import Printer

LINKAGES = (
    "private", "internal", "available_externally", "linkonce", "weak", "common", "appending", "extern_weak",
    "linkonce_odr", "weak_odr", "external",
)  # fmt: skip
CALLING_CONVENTIONS = (
    "ccc", "fastcc", "coldcc", "anyregcc", "preserve_mostcc", "preserve_allcc", "tailcc", "swiftcc", "swifttailcc",
)  # fmt: skip
ATOMIC_ORDERINGS = {
    "not_atomic": 0, "unordered": 1, "monotonic": 2, "acquire": 4, "release": 5, "acq_rel": 6, "seq_cst": 7,
}  # fmt: skip
ATOMIC_ORDERING_NAMES = {v: k for k, v in ATOMIC_ORDERINGS.items()}
ATOMIC_BIN_OPS = (
    "xchg", "add", "sub", "_and", "nand", "_or", "_xor", "max", "min", "umax", "umin", "fadd", "fsub", "fmax", "fmin",
)  # fmt: skip
ICMP_PREDICATES = ("eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge")
FCMP_PREDICATES = (
    "_false", "oeq", "ogt", "oge", "olt", "ole", "one", "ord", "ueq", "ugt", "uge", "ult", "ule", "une", "uno", "_true",
)  # fmt: skip
VISIBILITIES = ("default", "hidden", "protected")
UNNAMED_ADDRS = ("none", "local_unnamed_addr", "unnamed_addr")

# Interned attributes for `properties=`: building one costs as much as an op.
ORDERING: dict[str, IntegerAttr[Any]] = {k: IntegerAttr(v, i64) for k, v in ATOMIC_ORDERINGS.items()}
BIN_OP: dict[str, IntegerAttr[Any]] = {k: IntegerAttr(i, i64) for i, k in enumerate(ATOMIC_BIN_OPS)}
ICMP: dict[str, IntegerAttr[Any]] = {k: IntegerAttr(i, i64) for i, k in enumerate(ICMP_PREDICATES)}
FCMP: dict[str, IntegerAttr[Any]] = {k: IntegerAttr(i, i64) for i, k in enumerate(FCMP_PREDICATES)}
LINKAGE: dict[str, LinkageAttr] = {k: LinkageAttr(k) for k in LINKAGES}
CCONV: dict[str, CallingConventionAttr] = {k: CallingConventionAttr(k) for k in CALLING_CONVENTIONS}
ALIGN: dict[int, IntegerAttr[Any]] = {k: IntegerAttr(k, i64) for k in (1, 2, 4, 8, 16, 32, 64)}
INBOUNDS: IntegerAttr[Any] = IntegerAttr(3, i32)
"""Value of `noWrapFlags` of `llvm.getelementptr inbounds`."""
UNIT = UnitAttr()
ELIDE_SAFE = "coro_elide_safe"
"""Attribute of an llvm.call of a coroutine whose frame may be part of the caller's; upstream's tools drop it."""
PTR = LLVMPointerType()
VOID = LLVMVoidType()
GEP_DYNAMIC = -2147483648
"""Stands in `rawConstantIndices` where the index is the next of the op's index operands."""


@irdl_attr_definition
class LLVMTokenType(ParametrizedAttribute, TypeAttribute):
    """`!llvm.token`: what ties coroutine intrinsics together."""

    name = "llvm.token"


TOKEN = LLVMTokenType()


_INTS: dict[int, tuple[Attribute, tuple[int, ...]]] = {}


def ints(attr: Attribute) -> tuple[int, ...]:
    """The values of an `array<i32: …>`; decoded once for each attribute object."""
    entry = _INTS.get(id(attr))
    if entry is None:
        values: Any = attr
        if len(_INTS) > 200_000:
            _INTS.clear()
        # The attribute is kept alive, so that its id stays its own.
        entry = _INTS[id(attr)] = (attr, tuple(int(v) for v in values.iter_values()))
    return entry[1]


def items(attr: Attribute | None) -> Sequence[Attribute]:
    """The elements of an array attribute; none of what is none."""
    values: Any = attr
    return values.data if isinstance(attr, ArrayAttr) else ()


def attr_type(attr: Attribute) -> Attribute | None:
    """The type of a number; None of what is none."""
    number: Any = attr
    return number.type if isinstance(attr, IntegerAttr | FloatAttr) else None


def width_of(type: Attribute) -> int:
    """Bits of an integer type; 0 of other types."""
    width: Any = type
    return width.width.data if isinstance(type, IntegerType) else 0


def parse_ordering(parser: Parser) -> IntegerAttr[Any]:
    pos = parser.pos
    word = parser.parse_identifier(" for an atomic ordering")
    if word not in ORDERING:
        parser.raise_error(f"unknown atomic ordering '{word}'", pos)
    return ORDERING[word]


def parse_syncscope(parser: Parser, props: dict[str, Attribute]) -> None:
    if parser.parse_optional_keyword("syncscope") is not None:
        with parser.in_parens():
            props["syncscope"] = StringAttr(parser.parse_str_literal())


def print_syncscope(printer: Printer, op: Operation) -> None:
    if isinstance(scope := op.properties.get("syncscope"), StringAttr):
        printer.print_string(" syncscope(")
        printer.print_string_literal(scope.data)
        printer.print_string(")")


def ordering_name(op: Operation, prop: str) -> str:
    value = op.properties.get(prop)
    return ATOMIC_ORDERING_NAMES[value.value.data] if isinstance(value, IntegerAttr) else "not_atomic"


def move(attrs: dict[str, Attribute], props: dict[str, Attribute], names: Sequence[str]) -> None:
    """Upstream prints remaining properties in the attribute dictionary: take them back."""
    for name in names:
        if (attr := attrs.pop(name, None)) is not None:
            props[name] = attr


def print_dict(printer: Printer, op: Operation, names: Sequence[str]) -> None:
    shown: dict[str, Attribute] = {n: op.properties[n] for n in names if n in op.properties}
    shown.update(op.attributes)
    printer.print_op_attributes(shown)


def print_typed_list(printer: Printer, types: Sequence[Attribute], attrs: Attribute | None) -> None:
    """`(i64, !llvm.ptr {llvm.nest})`."""
    dicts = items(attrs)
    with printer.in_parens():
        for i, type in enumerate(types):
            if i:
                printer.print_string(", ")
            printer.print_attribute(type)
            if i < len(dicts) and isinstance(d := dicts[i], DictionaryAttr) and d.data:
                printer.print_string(" ")
                printer.print_attribute(d)


def parse_type_with_attrs(parser: Parser) -> tuple[Attribute, DictionaryAttr]:
    type = parser.parse_type()
    return type, DictionaryAttr(parser.parse_optional_dictionary_attr_dict())


def attrs_or_none(dicts: Sequence[DictionaryAttr]) -> ArrayAttr[Any] | None:
    return ArrayAttr(dicts) if any(d.data for d in dicts) else None


def bytes_attr(value: Attribute) -> Attribute:
    """String constants are bytes; the parser says StringAttr where they happen to be UTF-8."""
    return BytesAttr(value.data.encode("utf-8")) if isinstance(value, StringAttr) else value
