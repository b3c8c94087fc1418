"""The llvm dialect's operations that xDSL lacks, or has in a form that loses something.

Names, properties and custom syntax are upstream MLIR 22's, so that `mlir-opt` and `mlir-translate` read our llvm-level modules.
Every property that has a default upstream is optional here: ops built by `Op.create` carry only what differs from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from xdsl.dialects.builtin import (
    AnyFloat,
    ArrayAttr,
    BytesAttr,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    DictionaryAttr,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    StringAttr,
    SymbolNameConstraint,
    SymbolRefAttr,
    UnitAttr,
    VectorType,
    i1,
    i32,
    i64,
)
from xdsl.dialects.llvm import (
    CallingConventionAttr,
    FastMathAttr,
    FramePointerKindAttr,
    LinkageAttr,
    LLVMArrayType,
    LLVMFunctionType,
    LLVMPointerType,
    LLVMStructType,
    LLVMVoidType,
    TailCallKind,
    TailCallKindAttr,
)
from xdsl.ir import Attribute, Block, Operation, ParametrizedAttribute, Region, SSAValue, TypeAttribute
from xdsl.irdl import (
    AnyAttr,
    AttrSizedOperandSegments,
    IRDLOperation,
    ParsePropInAttrDict,
    VarConstraint,
    base,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    opt_result_def,
    prop_def,
    region_def,
    result_def,
    successor_def,
    traits_def,
    var_operand_def,
    var_successor_def,
)
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.printer import Printer
from xdsl.traits import IsolatedFromAbove, IsTerminator, Pure, SymbolOpInterface, SymbolTable
from xdsl.utils.exceptions import VerifyException

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
PTR = LLVMPointerType()
VOID = LLVMVoidType()
GEP_DYNAMIC = -2147483648
"""Stands in `rawConstantIndices` where the index is the next of the op's index operands."""


@irdl_attr_definition
class LLVMTokenType(ParametrizedAttribute, TypeAttribute):
    """`!llvm.token`: what ties coroutine intrinsics together."""

    name = "llvm.token"


TOKEN = LLVMTokenType()


# ---------------------------------------------------------------------------------------------------------------------------
# Shared pieces of syntax


def _parse_ordering(parser: Parser) -> IntegerAttr[Any]:
    pos = parser.pos
    word = parser.parse_identifier(" for an atomic ordering")
    if word not in ORDERING:
        parser.raise_error(f"unknown atomic ordering '{word}'", pos)
    return ORDERING[word]


def _parse_syncscope(parser: Parser, props: dict[str, Attribute]) -> None:
    if parser.parse_optional_keyword("syncscope") is not None:
        with parser.in_parens():
            props["syncscope"] = StringAttr(parser.parse_str_literal())


def _print_syncscope(printer: Printer, op: Operation) -> None:
    if isinstance(scope := op.properties.get("syncscope"), StringAttr):
        printer.print_string(" syncscope(")
        printer.print_string_literal(scope.data)
        printer.print_string(")")


def _ordering_name(op: Operation, prop: str) -> str:
    value = op.properties.get(prop)
    return ATOMIC_ORDERING_NAMES[value.value.data] if isinstance(value, IntegerAttr) else "not_atomic"


def _move(attrs: dict[str, Attribute], props: dict[str, Attribute], names: Sequence[str]) -> None:
    """Upstream prints remaining properties in the attribute dictionary: take them back."""
    for name in names:
        if (attr := attrs.pop(name, None)) is not None:
            props[name] = attr


def _print_dict(printer: Printer, op: Operation, names: Sequence[str]) -> None:
    shown: dict[str, Attribute] = {n: op.properties[n] for n in names if n in op.properties}
    shown.update(op.attributes)
    printer.print_op_attributes(shown)


def _print_typed_list(printer: Printer, types: Sequence[Attribute], attrs: Attribute | None) -> None:
    """`(i64, !llvm.ptr {llvm.nest})`."""
    dicts = attrs.data if isinstance(attrs, ArrayAttr) else ()
    with printer.in_parens():
        for i, type in enumerate(types):
            if i:
                printer.print_string(", ")
            printer.print_attribute(type)
            if i < len(dicts) and isinstance(d := dicts[i], DictionaryAttr) and d.data:
                printer.print_string(" ")
                printer.print_attribute(d)


def _parse_type_with_attrs(parser: Parser) -> tuple[Attribute, DictionaryAttr]:
    type = parser.parse_type()
    return type, DictionaryAttr(parser.parse_optional_dictionary_attr_dict())


def _attrs_or_none(dicts: Sequence[DictionaryAttr]) -> ArrayAttr[Any] | None:
    return ArrayAttr(dicts) if any(d.data for d in dicts) else None


# ---------------------------------------------------------------------------------------------------------------------------
# Functions, globals


_FUNC_HEAD = ("sym_name", "function_type", "CConv", "linkage", "visibility_", "unnamed_addr", "arg_attrs", "res_attrs", "comdat")
_FUNC_PROPS = (
    "sym_visibility", "dso_local", "passthrough", "section", "alignment", "frame_pointer", "no_inline", "always_inline",
    "no_unwind", "will_return", "optimize_none", "optimize_size", "uwtable_kind", "garbageCollector", "personality", "target_cpu",
    "tune_cpu", "memory_effects", "convergent",
)  # fmt: skip


@irdl_op_definition
class FuncOp(IRDLOperation):
    """`llvm.func`. Linkage `external` and calling convention `ccc` unless said. LLVM attributes that have no property of their own
    go into `passthrough`: `["presplitcoroutine", "cold", ["probe-stack", "inline-asm"]]`."""

    name = "llvm.func"

    body = region_def()
    sym_name = prop_def(SymbolNameConstraint())
    function_type = prop_def(LLVMFunctionType)
    CConv = opt_prop_def(CallingConventionAttr)
    linkage = opt_prop_def(LinkageAttr)
    sym_visibility = opt_prop_def(StringAttr)
    visibility_ = opt_prop_def(IntegerAttr)
    unnamed_addr = opt_prop_def(IntegerAttr)
    dso_local = opt_prop_def(UnitAttr)
    comdat = opt_prop_def(SymbolRefAttr)
    section = opt_prop_def(StringAttr)
    alignment = opt_prop_def(IntegerAttr)
    arg_attrs = opt_prop_def(ArrayAttr[DictionaryAttr])
    res_attrs = opt_prop_def(ArrayAttr[DictionaryAttr])
    passthrough = opt_prop_def(ArrayAttr)
    frame_pointer = opt_prop_def(FramePointerKindAttr)
    no_inline = opt_prop_def(UnitAttr)
    always_inline = opt_prop_def(UnitAttr)
    no_unwind = opt_prop_def(UnitAttr)
    will_return = opt_prop_def(UnitAttr)
    optimize_none = opt_prop_def(UnitAttr)
    optimize_size = opt_prop_def(UnitAttr)
    convergent = opt_prop_def(UnitAttr)
    uwtable_kind = opt_prop_def()
    memory_effects = opt_prop_def()
    garbageCollector = opt_prop_def(StringAttr)
    personality = opt_prop_def(SymbolRefAttr)
    target_cpu = opt_prop_def(StringAttr)
    tune_cpu = opt_prop_def(StringAttr)

    traits = traits_def(SymbolOpInterface(), IsolatedFromAbove())

    def verify_(self) -> None:
        inputs = self.function_type.inputs.data
        block = self.body.first_block
        if block is not None and tuple(block.arg_types) != tuple(inputs):
            raise VerifyException(f"@{self.sym_name.data}: the entry block's arguments differ from the function type's inputs")
        if self.arg_attrs is not None and len(self.arg_attrs) != len(inputs):
            raise VerifyException(f"@{self.sym_name.data}: {len(self.arg_attrs)} arg_attrs for {len(inputs)} parameters")
        if block is None and self.linkage is not None and self.linkage.linkage.data not in ("external", "extern_weak"):
            raise VerifyException(f"@{self.sym_name.data}: a declaration must have linkage external or extern_weak")

    def print(self, printer: Printer) -> None:
        if self.linkage is not None and self.linkage.linkage.data != "external":
            printer.print_string(" " + self.linkage.linkage.data)
        if self.visibility_ is not None and self.visibility_.value.data:
            printer.print_string(" " + VISIBILITIES[self.visibility_.value.data])
        if self.unnamed_addr is not None and self.unnamed_addr.value.data:
            printer.print_string(" " + UNNAMED_ADDRS[self.unnamed_addr.value.data])
        if self.CConv is not None and self.CConv.convention.data != "ccc":
            printer.print_string(" " + self.CConv.convention.data)
        printer.print_string(" ")
        printer.print_symbol_name(self.sym_name.data)
        type = self.function_type
        dicts = self.arg_attrs.data if self.arg_attrs is not None else ()
        block = self.body.first_block
        # The arguments' names belong to the region: the printer's scope is opened by IsolatedFromAbove.
        printer.print_string("(")
        for i, input in enumerate(type.inputs.data):
            if i:
                printer.print_string(", ")
            if block is not None:
                printer.print_block_argument(block.args[i])
            else:
                printer.print_attribute(input)
            if i < len(dicts) and dicts[i].data:
                printer.print_string(" ")
                printer.print_attribute(dicts[i])
        if type.is_variadic:
            printer.print_string(", ..." if type.inputs.data else "...")
        printer.print_string(")")
        if not isinstance(type.output, LLVMVoidType):
            printer.print_string(" -> ")
            if self.res_attrs is not None and self.res_attrs.data and self.res_attrs.data[0].data:
                _print_typed_list(printer, [type.output], self.res_attrs)
            else:
                printer.print_attribute(type.output)
        if self.comdat is not None:
            printer.print_string(" comdat(")
            printer.print_attribute(self.comdat)
            printer.print_string(")")
        printer.print_op_attributes(
            {**self.attributes, **self.properties}, reserved_attr_names=_FUNC_HEAD, print_keyword=True
        )
        if block is not None:
            printer.print_string(" ")
            printer.print_region(self.body, print_entry_block_args=False, print_empty_block=False)

    @classmethod
    def parse(cls, parser: Parser) -> FuncOp:
        props: dict[str, Attribute] = {}
        if (word := parser.parse_optional_keyword_in(LINKAGES)) is not None:
            props["linkage"] = LINKAGE[word]
        if (word := parser.parse_optional_keyword_in(VISIBILITIES[1:])) is not None:
            props["visibility_"] = IntegerAttr(VISIBILITIES.index(word), i64)
        if (word := parser.parse_optional_keyword_in(UNNAMED_ADDRS[1:])) is not None:
            props["unnamed_addr"] = IntegerAttr(UNNAMED_ADDRS.index(word), i64)
        if (word := parser.parse_optional_keyword_in(CALLING_CONVENTIONS)) is not None:
            props["CConv"] = CCONV[word]
        props["sym_name"] = parser.parse_symbol_name()
        entry: list[Parser.Argument] = []
        inputs: list[Attribute] = []
        dicts: list[DictionaryAttr] = []
        variadic = False

        def parameter() -> None:
            nonlocal variadic
            if parser.parse_optional_characters("...") is not None:
                variadic = True
                return
            argument = parser.parse_optional_argument()
            if argument is not None:
                entry.append(argument)
                inputs.append(argument.type)
            else:
                inputs.append(parser.parse_type())
            dicts.append(DictionaryAttr(parser.parse_optional_dictionary_attr_dict()))

        parser.parse_comma_separated_list(parser.Delimiter.PAREN, parameter, " in the parameters of llvm.func")
        output: Attribute = VOID
        if parser.parse_optional_punctuation("->") is not None:
            if parser.parse_optional_punctuation("(") is not None:
                output, results = _parse_type_with_attrs(parser)
                parser.parse_punctuation(")")
                if results.data:
                    props["res_attrs"] = ArrayAttr([results])
            else:
                output = parser.parse_type()
        props["function_type"] = LLVMFunctionType(inputs, output, variadic)
        if (arg_attrs := _attrs_or_none(dicts)) is not None:
            props["arg_attrs"] = arg_attrs
        if parser.parse_optional_keyword("comdat") is not None:
            with parser.in_parens():
                comdat = parser.parse_attribute()
            props["comdat"] = comdat
        extra = parser.parse_optional_attr_dict_with_keyword(_FUNC_HEAD)
        attributes = dict(extra.data) if extra is not None else {}
        _move(attributes, props, _FUNC_PROPS)
        region = parser.parse_optional_region(entry if entry or not inputs else None)
        return cls.create(properties=props, attributes=attributes, regions=[region if region is not None else Region()])


@irdl_op_definition
class ReturnOp(IRDLOperation):
    """`llvm.return %x : i64`, `llvm.return`; terminator, of functions and of the initializers of globals."""

    name = "llvm.return"

    arg = var_operand_def()

    traits = traits_def(IsTerminator())
    assembly_format = "($arg^ `:` type($arg))? attr-dict"

    def verify_(self) -> None:
        if len(self.operands) > 1:
            raise VerifyException("llvm.return takes at most one value")
        parent = self.parent_op()
        if isinstance(parent, FuncOp):
            wanted: Attribute = parent.function_type.output
        elif isinstance(parent, GlobalOp):
            wanted = parent.global_type
        else:
            return
        have = self.operands[0].type if self.operands else VOID
        if have != wanted:
            raise VerifyException(f"llvm.return of {have} where @{parent.sym_name.data} has {wanted}")


_GLOBAL_HEAD = ("global_type", "sym_name", "linkage", "constant", "thread_local_", "unnamed_addr", "value", "comdat", "visibility_")
_GLOBAL_PROPS = ("addr_space", "alignment", "section", "dso_local", "externally_initialized")


@irdl_op_definition
class GlobalOp(IRDLOperation):
    """`llvm.mlir.global`: initial value in `value` (integer, float, string, array of such), or computed by the region (constants,
    addressof, insertvalue, ptrtoint …, ended by llvm.return: see `initializer` in llvm_ext_build), or none: external."""

    name = "llvm.mlir.global"

    global_type = prop_def()
    sym_name = prop_def(SymbolNameConstraint())
    linkage = opt_prop_def(LinkageAttr)
    constant = opt_prop_def(UnitAttr)
    dso_local = opt_prop_def(UnitAttr)
    thread_local_ = opt_prop_def(UnitAttr)
    externally_initialized = opt_prop_def(UnitAttr)
    visibility_ = opt_prop_def(IntegerAttr)
    value = opt_prop_def()
    alignment = opt_prop_def(IntegerAttr)
    addr_space = opt_prop_def(IntegerAttr)
    unnamed_addr = opt_prop_def(IntegerAttr)
    section = opt_prop_def(StringAttr)
    comdat = opt_prop_def(SymbolRefAttr)
    initializer = region_def()

    traits = traits_def(SymbolOpInterface(), IsolatedFromAbove())

    def verify_(self) -> None:
        if self.thread_local_ is not None:
            raise VerifyException(f"@{self.sym_name.data}: thread_local is not supported: it links but does not work everywhere")
        block = self.initializer.first_block
        if block is not None and self.value is not None:
            raise VerifyException(f"@{self.sym_name.data}: both a value and an initializer region")
        if block is not None and block is not self.initializer.last_block:
            raise VerifyException(f"@{self.sym_name.data}: an initializer is one block")
        if block is None and self.value is None and (
            self.linkage is not None and self.linkage.linkage.data not in ("external", "extern_weak")
        ):
            raise VerifyException(f"@{self.sym_name.data}: without a value only external and extern_weak globals")

    def print(self, printer: Printer) -> None:
        printer.print_string(" " + (self.linkage.linkage.data if self.linkage is not None else "external"))
        if self.visibility_ is not None and self.visibility_.value.data:
            printer.print_string(" " + VISIBILITIES[self.visibility_.value.data])
        if self.thread_local_ is not None:
            printer.print_string(" thread_local")
        if self.unnamed_addr is not None and self.unnamed_addr.value.data:
            printer.print_string(" " + UNNAMED_ADDRS[self.unnamed_addr.value.data])
        if self.constant is not None:
            printer.print_string(" constant")
        printer.print_string(" ")
        printer.print_symbol_name(self.sym_name.data)
        printer.print_string("(")
        if self.value is not None:
            printer.print_attribute(self.value)
        printer.print_string(")")
        if self.comdat is not None:
            printer.print_string(" comdat(")
            printer.print_attribute(self.comdat)
            printer.print_string(")")
        printer.print_op_attributes({**self.properties, **self.attributes}, reserved_attr_names=_GLOBAL_HEAD)
        printer.print_string(" : ")
        printer.print_attribute(self.global_type)
        if self.initializer.blocks:
            printer.print_string(" ")
            printer.print_region(self.initializer)

    @classmethod
    def parse(cls, parser: Parser) -> GlobalOp:
        props: dict[str, Attribute] = {"linkage": LINKAGE[parser.parse_optional_keyword_in(LINKAGES) or "external"]}
        if (word := parser.parse_optional_keyword_in(VISIBILITIES[1:])) is not None:
            props["visibility_"] = IntegerAttr(VISIBILITIES.index(word), i64)
        if parser.parse_optional_keyword("thread_local") is not None:
            props["thread_local_"] = UNIT
        if (word := parser.parse_optional_keyword_in(UNNAMED_ADDRS[1:])) is not None:
            props["unnamed_addr"] = IntegerAttr(UNNAMED_ADDRS.index(word), i64)
        if parser.parse_optional_keyword("constant") is not None:
            props["constant"] = UNIT
        props["sym_name"] = parser.parse_symbol_name()
        parser.parse_punctuation("(")
        value: Attribute | None = None
        if parser.parse_optional_punctuation(")") is None:
            value = props["value"] = _bytes(parser.parse_attribute())
            parser.parse_punctuation(")")
        if parser.parse_optional_keyword("comdat") is not None:
            with parser.in_parens():
                props["comdat"] = parser.parse_attribute()
        attributes = parser.parse_optional_attr_dict()
        _move(attributes, props, _GLOBAL_PROPS)
        if parser.parse_optional_punctuation(":") is not None:
            props["global_type"] = parser.parse_type()
        elif isinstance(value, BytesAttr):
            props["global_type"] = LLVMArrayType(len(value.data), IntegerType(8))
        elif isinstance(value, IntegerAttr | FloatAttr):
            props["global_type"] = value.type
        else:
            parser.raise_error("expected `:` and the global's type")
        region = parser.parse_optional_region()
        return cls.create(properties=props, attributes=attributes, regions=[region if region is not None else Region()])


def _bytes(value: Attribute) -> Attribute:
    """String constants are bytes; the parser says StringAttr where they happen to be UTF-8."""
    return BytesAttr(value.data.encode("utf-8")) if isinstance(value, StringAttr) else value


@irdl_op_definition
class ComdatOp(IRDLOperation):
    """`llvm.comdat @__llvm_comdat { llvm.comdat_selector @f any }`."""

    name = "llvm.comdat"

    sym_name = prop_def(SymbolNameConstraint())
    body = region_def("single_block")

    traits = traits_def(SymbolOpInterface(), SymbolTable())
    assembly_format = "$sym_name $body attr-dict"


@irdl_op_definition
class ComdatSelectorOp(IRDLOperation):
    """One comdat group; `comdat`: 0 any, 1 exactmatch, 2 largest, 3 nodeduplicate, 4 samesize."""

    name = "llvm.comdat_selector"

    KINDS: ClassVar = ("any", "exactmatch", "largest", "nodeduplicate", "samesize")

    sym_name = prop_def(SymbolNameConstraint())
    comdat = prop_def(IntegerAttr)

    traits = traits_def(SymbolOpInterface())

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(self.sym_name.data)
        printer.print_string(" " + self.KINDS[self.comdat.value.data])

    @classmethod
    def parse(cls, parser: Parser) -> ComdatSelectorOp:
        name = parser.parse_symbol_name()
        kind = parser.parse_keyword_in(cls.KINDS)
        return cls.create(properties={"sym_name": name, "comdat": IntegerAttr(cls.KINDS.index(kind), i64)})


@irdl_op_definition
class AddressOfOp(IRDLOperation):
    """`llvm.mlir.addressof @x : !llvm.ptr`: the address of a global or function; constant."""

    name = "llvm.mlir.addressof"

    global_name = prop_def(SymbolRefAttr)
    res = result_def(LLVMPointerType)

    traits = traits_def(Pure())
    assembly_format = "$global_name attr-dict `:` type($res)"


@irdl_op_definition
class ConstantOp(IRDLOperation):
    """`llvm.mlir.constant(42 : i32) : i32`: IntegerAttr, FloatAttr, BytesAttr (array of i8), ArrayAttr of such (structs, arrays)."""

    name = "llvm.mlir.constant"

    value = prop_def()
    result = result_def()

    traits = traits_def(Pure())

    def verify_(self) -> None:
        value, type = self.value, self.result.type
        if isinstance(value, IntegerAttr):
            ok = (isinstance(type, IntegerType) and value.type == type) or isinstance(type, AnyFloat)
        elif isinstance(value, FloatAttr):
            ok = value.type == type
        elif isinstance(value, BytesAttr):
            ok = isinstance(type, LLVMArrayType) and type.size.data == len(value.data)
        else:
            ok = isinstance(value, ArrayAttr | DenseIntOrFPElementsAttr)
        if not ok:
            raise VerifyException(f"llvm.mlir.constant of type {type} cannot be {value}")

    def print(self, printer: Printer) -> None:
        with printer.in_parens():
            printer.print_attribute(self.value)
        printer.print_op_attributes(self.attributes)
        printer.print_string(" : ")
        printer.print_attribute(self.result.type)

    @classmethod
    def parse(cls, parser: Parser) -> ConstantOp:
        with parser.in_parens():
            value = _bytes(parser.parse_attribute())
        attributes = parser.parse_optional_attr_dict()
        parser.parse_punctuation(":")
        type = parser.parse_type()
        return cls.create(properties={"value": value}, attributes=attributes, result_types=[type])


class _Nullary(IRDLOperation):
    res = result_def()
    traits = traits_def(Pure())
    assembly_format = "attr-dict `:` type($res)"


@irdl_op_definition
class UndefOp(_Nullary):
    """`llvm.mlir.undef : T`."""

    name = "llvm.mlir.undef"


@irdl_op_definition
class PoisonOp(_Nullary):
    """`llvm.mlir.poison : T`."""

    name = "llvm.mlir.poison"


@irdl_op_definition
class ZeroOp(_Nullary):
    """`llvm.mlir.zero : T`: zeroinitializer, null."""

    name = "llvm.mlir.zero"


@irdl_op_definition
class NoneTokenOp(_Nullary):
    """`llvm.mlir.none : !llvm.token`."""

    name = "llvm.mlir.none"


# ---------------------------------------------------------------------------------------------------------------------------
# Calls


_CALL_PROPS = ("no_unwind", "will_return", "no_inline", "always_inline", "inline_hint", "memory_effects", "branch_weights")


@irdl_op_definition
class CallOp(IRDLOperation):
    """`llvm.call swiftcc @f(%x, %c) : (i64, !llvm.ptr {llvm.nest}) -> i64`; indirect: no `callee`, the first operand is the
    function pointer. Types and symbols are not looked up here: the module verifier does it with one table."""

    name = "llvm.call"

    args = var_operand_def()
    returned = opt_result_def()
    callee = opt_prop_def(SymbolRefAttr)
    var_callee_type = opt_prop_def(LLVMFunctionType)
    CConv = opt_prop_def(CallingConventionAttr)
    TailCallKind = opt_prop_def(TailCallKindAttr)
    fastmathFlags = opt_prop_def(FastMathAttr)
    arg_attrs = opt_prop_def(ArrayAttr[DictionaryAttr])
    res_attrs = opt_prop_def(ArrayAttr[DictionaryAttr])
    branch_weights = opt_prop_def(base(DenseArrayBase))
    no_unwind = opt_prop_def(UnitAttr)
    will_return = opt_prop_def(UnitAttr)
    no_inline = opt_prop_def(UnitAttr)
    always_inline = opt_prop_def(UnitAttr)
    inline_hint = opt_prop_def(UnitAttr)
    memory_effects = opt_prop_def()
    operandSegmentSizes = opt_prop_def(base(DenseArrayBase))
    op_bundle_sizes = opt_prop_def(base(DenseArrayBase))

    def verify_(self) -> None:
        if self.callee is None and (not self.args or not isinstance(self.args[0].type, LLVMPointerType)):
            raise VerifyException("llvm.call without a callee needs a pointer to the function as its first operand")
        count = len(self.args) - (self.callee is None)
        if self.arg_attrs is not None and len(self.arg_attrs) != count:
            raise VerifyException(f"llvm.call has {len(self.arg_attrs)} arg_attrs for {count} arguments")

    def print(self, printer: Printer) -> None:
        if self.CConv is not None and self.CConv.convention.data != "ccc":
            printer.print_string(" " + self.CConv.convention.data)
        if self.TailCallKind is not None and self.TailCallKind.data != TailCallKind.NONE:
            printer.print_string(" " + self.TailCallKind.data.value)
        printer.print_string(" ")
        args = list(self.args)
        if self.callee is not None:
            printer.print_attribute(self.callee)
        else:
            printer.print_ssa_value(args.pop(0))
        with printer.in_parens():
            printer.print_list(args, printer.print_ssa_value)
        if self.var_callee_type is not None:
            printer.print_string(" vararg(")
            printer.print_attribute(self.var_callee_type)
            printer.print_string(")")
        _print_dict(printer, self, ("fastmathFlags", *_CALL_PROPS))
        printer.print_string(" : ")
        if self.callee is None:
            printer.print_attribute(self.args[0].type)
            printer.print_string(", ")
        _print_typed_list(printer, [a.type for a in args], self.arg_attrs)
        printer.print_string(" -> ")
        if self.returned is None:
            printer.print_string("()")
        elif self.res_attrs is not None and self.res_attrs.data[0].data:
            _print_typed_list(printer, [self.returned.type], self.res_attrs)
        else:
            printer.print_attribute(self.returned.type)

    @classmethod
    def parse(cls, parser: Parser) -> CallOp:
        props: dict[str, Attribute] = {}
        if (word := parser.parse_optional_keyword_in(CALLING_CONVENTIONS)) is not None:
            props["CConv"] = CCONV[word]
        if (word := parser.parse_optional_keyword_in(("tail", "musttail", "notail"))) is not None:
            props["TailCallKind"] = TailCallKindAttr(TailCallKind(word))
        pointer: UnresolvedOperand | None = None
        if (symbol := parser.parse_optional_symbol_name()) is not None:
            props["callee"] = SymbolRefAttr(symbol)
        else:
            pointer = parser.parse_unresolved_operand()
        unresolved = parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_unresolved_operand)
        if parser.parse_optional_keyword("vararg") is not None:
            with parser.in_parens():
                props["var_callee_type"] = parser.parse_type()
        attributes = parser.parse_optional_attr_dict()
        _move(attributes, props, ("fastmathFlags", *_CALL_PROPS))
        parser.parse_punctuation(":")
        operands: list[SSAValue] = []
        if pointer is not None:
            operands.append(parser.resolve_operand(pointer, parser.parse_type()))
            parser.parse_punctuation(",")
        pos = parser.pos
        pairs = parser.parse_comma_separated_list(parser.Delimiter.PAREN, lambda: _parse_type_with_attrs(parser))
        if len(pairs) != len(unresolved):
            parser.raise_error(f"{len(unresolved)} arguments but {len(pairs)} types", pos)
        for operand, (type, _) in zip(unresolved, pairs, strict=True):
            operands.append(parser.resolve_operand(operand, type))
        if (arg_attrs := _attrs_or_none([d for _, d in pairs])) is not None:
            props["arg_attrs"] = arg_attrs
        parser.parse_punctuation("->")
        results: list[Attribute]
        if parser.parse_optional_punctuation("(") is not None:
            results = []
            if parser.parse_optional_punctuation(")") is None:
                type, dict_ = _parse_type_with_attrs(parser)
                parser.parse_punctuation(")")
                results = [type]
                if dict_.data:
                    props["res_attrs"] = ArrayAttr([dict_])
        else:
            results = [parser.parse_type()]
        return cls.create(operands=operands, properties=props, attributes=attributes, result_types=results)


@irdl_op_definition
class CallIntrinsicOp(IRDLOperation):
    """`llvm.call_intrinsic "llvm.coro.done"(%h) : (!llvm.ptr) -> i1`: an intrinsic that has no op. `intrin` is the full name,
    overload suffix included."""

    name = "llvm.call_intrinsic"

    intrin = prop_def(StringAttr)
    args = var_operand_def()
    results_ = opt_result_def()
    fastmathFlags = opt_prop_def(FastMathAttr)
    arg_attrs = opt_prop_def(ArrayAttr[DictionaryAttr])
    res_attrs = opt_prop_def(ArrayAttr[DictionaryAttr])
    operandSegmentSizes = opt_prop_def(base(DenseArrayBase))
    op_bundle_sizes = opt_prop_def(base(DenseArrayBase))

    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "$intrin `(` $args `)` attr-dict `:` functional-type($args, results)"

    def verify_(self) -> None:
        if not self.intrin.data.startswith("llvm."):
            raise VerifyException(f'the name of an intrinsic starts with "llvm.", not {self.intrin.data!r}')


@irdl_op_definition
class InlineAsmOp(IRDLOperation):
    """`llvm.inline_asm has_side_effects "pause", "" : () -> ()`."""

    name = "llvm.inline_asm"

    args = var_operand_def()
    res = opt_result_def()
    asm_string = prop_def(StringAttr)
    constraints = prop_def(StringAttr)
    has_side_effects = opt_prop_def(UnitAttr)
    is_align_stack = opt_prop_def(UnitAttr)

    assembly_format = (
        "(`has_side_effects` $has_side_effects^)? (`is_align_stack` $is_align_stack^)? $asm_string `,` $constraints $args"
        " attr-dict `:` functional-type($args, results)"
    )


# ---------------------------------------------------------------------------------------------------------------------------
# Control flow


def _print_dest(printer: Printer, block: Block, args: Sequence[SSAValue]) -> None:
    printer.print_block_name(block)
    if args:
        with printer.in_parens():
            printer.print_list(args, printer.print_ssa_value)
            printer.print_string(" : ")
            printer.print_list(args, lambda a: printer.print_attribute(a.type))


def _parse_dest(parser: Parser) -> tuple[Block, list[SSAValue]]:
    block = parser.parse_successor()
    if parser.parse_optional_punctuation("(") is None:
        return block, []
    names = parser.parse_comma_separated_list(parser.Delimiter.NONE, parser.parse_unresolved_operand)
    parser.parse_punctuation(":")
    types = parser.parse_comma_separated_list(parser.Delimiter.NONE, parser.parse_type)
    parser.parse_punctuation(")")
    return block, list(parser.resolve_operands(names, types, parser.pos))


def _check_dest(op: Operation, block: Block, args: Sequence[SSAValue]) -> None:
    if len(args) != len(block.args) or any(a.type != b.type for a, b in zip(args, block.args, strict=True)):
        raise VerifyException(
            f"{op.name} passes ({', '.join(str(a.type) for a in args)}) to a block of"
            f" ({', '.join(str(a.type) for a in block.args)})"
        )


@irdl_op_definition
class BrOp(IRDLOperation):
    """`llvm.br ^b(%x : i64)`."""

    name = "llvm.br"

    arguments = var_operand_def()
    successor = successor_def()

    traits = traits_def(IsTerminator())

    def verify_(self) -> None:
        _check_dest(self, self.successor, self.operands)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        _print_dest(printer, self.successor, self.operands)
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> BrOp:
        block, args = _parse_dest(parser)
        return cls.create(operands=args, successors=[block], attributes=parser.parse_optional_attr_dict())


def _parse_weights(parser: Parser) -> Attribute:
    values = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_integer)
    return DenseArrayBase.from_list(i32, values)


@irdl_op_definition
class CondBrOp(IRDLOperation):
    """`llvm.cond_br %c weights([1, 100000]), ^then(%x : i64), ^else`. Operands: condition, then's, else's; property
    `operandSegmentSizes` `array<i32: 1, #then, #else>` is required (see `cond_br` in llvm_ext_build)."""

    name = "llvm.cond_br"

    cond = operand_def(i1)
    then_arguments = var_operand_def()
    else_arguments = var_operand_def()
    branch_weights = opt_prop_def(base(DenseArrayBase))
    then_block = successor_def()
    else_block = successor_def()

    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    traits = traits_def(IsTerminator())

    def verify_(self) -> None:
        _check_dest(self, self.then_block, self.then_arguments)
        _check_dest(self, self.else_block, self.else_arguments)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_ssa_value(self.cond)
        if self.branch_weights is not None:
            printer.print_string(" weights([")
            printer.print_list(self.branch_weights.iter_values(), lambda v: printer.print_string(str(v)))
            printer.print_string("])")
        printer.print_string(", ")
        _print_dest(printer, self.then_block, self.then_arguments)
        printer.print_string(", ")
        _print_dest(printer, self.else_block, self.else_arguments)
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> CondBrOp:
        cond = parser.resolve_operand(parser.parse_unresolved_operand(), i1)
        props: dict[str, Attribute] = {}
        if parser.parse_optional_keyword("weights") is not None:
            with parser.in_parens():
                props["branch_weights"] = _parse_weights(parser)
        parser.parse_punctuation(",")
        then, then_args = _parse_dest(parser)
        parser.parse_punctuation(",")
        other, other_args = _parse_dest(parser)
        props["operandSegmentSizes"] = DenseArrayBase.from_list(i32, [1, len(then_args), len(other_args)])
        return cls.create(
            operands=[cond, *then_args, *other_args],
            properties=props,
            successors=[then, other],
            attributes=parser.parse_optional_attr_dict(),
        )


@irdl_op_definition
class SwitchOp(IRDLOperation):
    """`llvm.switch %v : i8, ^default(%x : i64) [0: ^a, 1: ^b(%y : i64)]`. Successors: default, then the cases'; properties
    `case_values` (dense), `case_operand_segments` (arguments of each case), `operandSegmentSizes` `[1, #default, #cases']`:
    use `switch` in llvm_ext_build."""

    name = "llvm.switch"

    value = operand_def(IntegerType)
    default_operands = var_operand_def()
    case_operands = var_operand_def()
    case_values = opt_prop_def(DenseIntOrFPElementsAttr)
    case_operand_segments = opt_prop_def(base(DenseArrayBase))
    branch_weights = opt_prop_def(base(DenseArrayBase))
    default_destination = successor_def()
    case_destinations = var_successor_def()

    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    traits = traits_def(IsTerminator())

    def cases(self) -> list[tuple[int, Block, tuple[SSAValue, ...]]]:
        """(value, destination, arguments) of each case."""
        values = [int(v) for v in self.case_values.iter_values()] if self.case_values is not None else []
        segments = list(self.case_operand_segments.iter_values()) if self.case_operand_segments is not None else []
        out: list[tuple[int, Block, tuple[SSAValue, ...]]] = []
        args = tuple(self.case_operands)
        at = 0
        for i, block in enumerate(self.successors[1:]):
            count = int(segments[i]) if i < len(segments) else 0
            out.append((values[i], block, args[at : at + count]))
            at += count
        return out

    def verify_(self) -> None:
        count = len(self.successors) - 1
        values = len(self.case_values) if self.case_values is not None else 0
        if values != count:
            raise VerifyException(f"llvm.switch has {values} case values for {count} destinations")
        cases = self.cases()
        if len({v for v, _, _ in cases}) != len(cases):
            raise VerifyException("llvm.switch has the same case value twice")
        if sum(len(args) for _, _, args in cases) != len(self.case_operands):
            raise VerifyException("llvm.switch: case_operand_segments does not cover the case operands")
        _check_dest(self, self.default_destination, self.default_operands)
        for _, block, args in cases:
            _check_dest(self, block, args)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_ssa_value(self.value)
        printer.print_string(" : ")
        printer.print_attribute(self.value.type)
        printer.print_string(", ")
        _print_dest(printer, self.default_destination, self.default_operands)
        printer.print_string(" [")
        for i, (value, block, args) in enumerate(self.cases()):
            printer.print_string(f"{', ' if i else ''}{value}: ")
            _print_dest(printer, block, args)
        printer.print_string("]")
        _print_dict(printer, self, ("branch_weights",))

    @classmethod
    def parse(cls, parser: Parser) -> SwitchOp:
        name = parser.parse_unresolved_operand()
        parser.parse_punctuation(":")
        type = parser.parse_type()
        value = parser.resolve_operand(name, type)
        parser.parse_punctuation(",")
        default, default_args = _parse_dest(parser)

        def case() -> tuple[int, Block, list[SSAValue]]:
            number = parser.parse_integer(allow_boolean=False)
            parser.parse_punctuation(":")
            return number, *_parse_dest(parser)

        cases = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, case)
        attributes = parser.parse_optional_attr_dict()
        props = switch_properties(type, len(default_args), [(v, len(a)) for v, _, a in cases])
        _move(attributes, props, ("branch_weights",))
        return cls.create(
            operands=[value, *default_args, *(x for _, _, a in cases for x in a)],
            properties=props,
            attributes=attributes,
            successors=[default, *(b for _, b, _ in cases)],
        )


def switch_properties(type: Attribute, default_count: int, cases: Sequence[tuple[int, int]]) -> dict[str, Attribute]:
    """Properties of an `llvm.switch` on `type` with (value, number of block arguments) for each case."""
    assert isinstance(type, IntegerType)
    props: dict[str, Attribute] = {
        "operandSegmentSizes": DenseArrayBase.from_list(i32, [1, default_count, sum(n for _, n in cases)]),
        "case_operand_segments": DenseArrayBase.from_list(i32, [n for _, n in cases]),
    }
    if cases:
        half = 1 << (type.width.data - 1)
        values = [(v + half) % (2 * half) - half if type.width.data > 1 else v & 1 for v, _ in cases]
        props["case_values"] = DenseIntOrFPElementsAttr.from_list(VectorType(type, [len(cases)]), values)
    return props


@irdl_op_definition
class UnreachableOp(IRDLOperation):
    """`llvm.unreachable`."""

    name = "llvm.unreachable"

    traits = traits_def(IsTerminator())
    assembly_format = "attr-dict"


# ---------------------------------------------------------------------------------------------------------------------------
# Memory


@irdl_op_definition
class AllocaOp(IRDLOperation):
    """`llvm.alloca %n x i64 {alignment = 8 : i64} : (i64) -> !llvm.ptr`."""

    name = "llvm.alloca"

    array_size = operand_def(IntegerType)
    elem_type = prop_def()
    alignment = opt_prop_def(IntegerAttr)
    res = result_def(LLVMPointerType)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_ssa_value(self.array_size)
        printer.print_string(" x ")
        printer.print_attribute(self.elem_type)
        _print_dict(printer, self, ("alignment",))
        printer.print_string(" : ")
        printer.print_function_type([self.array_size.type], [self.res.type])

    @classmethod
    def parse(cls, parser: Parser) -> AllocaOp:
        size = parser.parse_unresolved_operand()
        parser.parse_keyword("x")
        props: dict[str, Attribute] = {"elem_type": parser.parse_type()}
        attributes = parser.parse_optional_attr_dict()
        _move(attributes, props, ("alignment",))
        parser.parse_punctuation(":")
        type = parser.parse_function_type()
        return cls.create(
            operands=[parser.resolve_operand(size, type.inputs.data[0])],
            properties=props,
            attributes=attributes,
            result_types=type.outputs.data,
        )


@irdl_op_definition
class GEPOp(IRDLOperation):
    """`llvm.getelementptr inbounds %p[%i, 0, 1] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.struct<…>`. Operands: pointer, then the
    indices that are not constant; `rawConstantIndices` has `GEP_DYNAMIC` in their places. `noWrapFlags`: `INBOUNDS` or absent."""

    name = "llvm.getelementptr"

    ptr = operand_def(LLVMPointerType)
    dynamicIndices = var_operand_def(IntegerType)
    rawConstantIndices = prop_def(base(DenseArrayBase))
    elem_type = prop_def()
    noWrapFlags = opt_prop_def(IntegerAttr)
    res = result_def(LLVMPointerType)

    traits = traits_def(Pure())

    def verify_(self) -> None:
        indices = [int(i) for i in self.rawConstantIndices.iter_values()]
        dynamic = indices.count(GEP_DYNAMIC)
        if dynamic != len(self.operands) - 1:
            raise VerifyException(f"llvm.getelementptr has {dynamic} dynamic indices and {len(self.operands) - 1} operands for them")
        current: Attribute = self.elem_type
        for index in indices[1:]:
            if isinstance(current, LLVMArrayType):
                current = current.type
            elif isinstance(current, LLVMStructType) and 0 <= index < len(current.types):
                current = current.types.data[index]
            else:
                raise VerifyException(f"llvm.getelementptr: index {index} does not fit {current}")

    def print(self, printer: Printer) -> None:
        flags = self.noWrapFlags.value.data if self.noWrapFlags is not None else 0
        if flags & 1:
            printer.print_string(" inbounds")
        elif flags & 2:
            printer.print_string(" nusw")
        if flags & 4:
            printer.print_string(" nuw")
        printer.print_string(" ")
        printer.print_ssa_value(self.ptr)
        dynamic = iter(self.operands[1:])
        with printer.in_square_brackets():
            for i, index in enumerate(self.rawConstantIndices.iter_values()):
                if i:
                    printer.print_string(", ")
                if index == GEP_DYNAMIC:
                    printer.print_ssa_value(next(dynamic))
                else:
                    printer.print_string(str(index))
        printer.print_op_attributes(self.attributes)
        printer.print_string(" : ")
        printer.print_function_type([v.type for v in self.operands], [self.res.type])
        printer.print_string(", ")
        printer.print_attribute(self.elem_type)

    @classmethod
    def parse(cls, parser: Parser) -> GEPOp:
        flags = 0
        while (word := parser.parse_optional_keyword_in(("inbounds", "nusw", "nuw"))) is not None:
            flags |= {"inbounds": 3, "nusw": 2, "nuw": 4}[word]
        names = [parser.parse_unresolved_operand()]

        def index() -> int:
            if (operand := parser.parse_optional_unresolved_operand()) is not None:
                names.append(operand)
                return GEP_DYNAMIC
            return parser.parse_integer(allow_boolean=False)

        indices = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, index)
        attributes = parser.parse_optional_attr_dict()
        parser.parse_punctuation(":")
        pos = parser.pos
        type = parser.parse_function_type()
        parser.parse_punctuation(",")
        props: dict[str, Attribute] = {
            "elem_type": parser.parse_type(),
            "rawConstantIndices": DenseArrayBase.from_list(i32, indices),
        }
        if flags:
            props["noWrapFlags"] = IntegerAttr(flags, i32)
        return cls.create(
            operands=parser.resolve_operands(names, type.inputs.data, pos),
            properties=props,
            attributes=attributes,
            result_types=type.outputs.data,
        )


_LOAD_PROPS = ("alignment", "nontemporal", "invariant", "invariantGroup", "access_groups", "alias_scopes", "noalias_scopes", "tbaa")


@irdl_op_definition
class LoadOp(IRDLOperation):
    """`llvm.load volatile %p atomic acquire {alignment = 8 : i64} : !llvm.ptr -> i64`."""

    name = "llvm.load"

    addr = operand_def(LLVMPointerType)
    res = result_def()
    alignment = opt_prop_def(IntegerAttr)
    volatile_ = opt_prop_def(UnitAttr)
    nontemporal = opt_prop_def(UnitAttr)
    invariant = opt_prop_def(UnitAttr)
    invariantGroup = opt_prop_def(UnitAttr)
    ordering = opt_prop_def(IntegerAttr)
    syncscope = opt_prop_def(StringAttr)
    access_groups = opt_prop_def()
    alias_scopes = opt_prop_def()
    noalias_scopes = opt_prop_def()
    tbaa = opt_prop_def()

    def verify_(self) -> None:
        order = _ordering_name(self, "ordering")
        if order in ("release", "acq_rel"):
            raise VerifyException(f"a load cannot have ordering {order}")
        if order != "not_atomic" and self.alignment is None:
            raise VerifyException("an atomic load needs an alignment")

    def print(self, printer: Printer) -> None:
        printer.print_string(" volatile " if self.volatile_ is not None else " ")
        printer.print_ssa_value(self.addr)
        if (order := _ordering_name(self, "ordering")) != "not_atomic":
            printer.print_string(" atomic")
            _print_syncscope(printer, self)
            printer.print_string(" " + order)
        _print_dict(printer, self, _LOAD_PROPS)
        printer.print_string(" : ")
        printer.print_attribute(self.addr.type)
        printer.print_string(" -> ")
        printer.print_attribute(self.res.type)

    @classmethod
    def parse(cls, parser: Parser) -> LoadOp:
        props: dict[str, Attribute] = {}
        if parser.parse_optional_keyword("volatile") is not None:
            props["volatile_"] = UNIT
        name = parser.parse_unresolved_operand()
        if parser.parse_optional_keyword("atomic") is not None:
            _parse_syncscope(parser, props)
            props["ordering"] = _parse_ordering(parser)
        attributes = parser.parse_optional_attr_dict()
        _move(attributes, props, _LOAD_PROPS)
        parser.parse_punctuation(":")
        addr = parser.resolve_operand(name, parser.parse_type())
        parser.parse_punctuation("->")
        return cls.create(operands=[addr], properties=props, attributes=attributes, result_types=[parser.parse_type()])


_STORE_PROPS = ("alignment", "nontemporal", "invariantGroup", "access_groups", "alias_scopes", "noalias_scopes", "tbaa")


@irdl_op_definition
class StoreOp(IRDLOperation):
    """`llvm.store volatile %v, %p atomic release {alignment = 8 : i64} : i64, !llvm.ptr`. Operands: value, address."""

    name = "llvm.store"

    value = operand_def()
    addr = operand_def(LLVMPointerType)
    alignment = opt_prop_def(IntegerAttr)
    volatile_ = opt_prop_def(UnitAttr)
    nontemporal = opt_prop_def(UnitAttr)
    invariantGroup = opt_prop_def(UnitAttr)
    ordering = opt_prop_def(IntegerAttr)
    syncscope = opt_prop_def(StringAttr)
    access_groups = opt_prop_def()
    alias_scopes = opt_prop_def()
    noalias_scopes = opt_prop_def()
    tbaa = opt_prop_def()

    def verify_(self) -> None:
        order = _ordering_name(self, "ordering")
        if order in ("acquire", "acq_rel"):
            raise VerifyException(f"a store cannot have ordering {order}")
        if order != "not_atomic" and self.alignment is None:
            raise VerifyException("an atomic store needs an alignment")

    def print(self, printer: Printer) -> None:
        printer.print_string(" volatile " if self.volatile_ is not None else " ")
        printer.print_ssa_value(self.value)
        printer.print_string(", ")
        printer.print_ssa_value(self.addr)
        if (order := _ordering_name(self, "ordering")) != "not_atomic":
            printer.print_string(" atomic")
            _print_syncscope(printer, self)
            printer.print_string(" " + order)
        _print_dict(printer, self, _STORE_PROPS)
        printer.print_string(" : ")
        printer.print_attribute(self.value.type)
        printer.print_string(", ")
        printer.print_attribute(self.addr.type)

    @classmethod
    def parse(cls, parser: Parser) -> StoreOp:
        props: dict[str, Attribute] = {}
        if parser.parse_optional_keyword("volatile") is not None:
            props["volatile_"] = UNIT
        value = parser.parse_unresolved_operand()
        parser.parse_punctuation(",")
        addr = parser.parse_unresolved_operand()
        if parser.parse_optional_keyword("atomic") is not None:
            _parse_syncscope(parser, props)
            props["ordering"] = _parse_ordering(parser)
        attributes = parser.parse_optional_attr_dict()
        _move(attributes, props, _STORE_PROPS)
        parser.parse_punctuation(":")
        value_type = parser.parse_type()
        parser.parse_punctuation(",")
        addr_type = parser.parse_type()
        return cls.create(
            operands=[parser.resolve_operand(value, value_type), parser.resolve_operand(addr, addr_type)],
            properties=props,
            attributes=attributes,
        )


@irdl_op_definition
class AtomicRMWOp(IRDLOperation):
    """`llvm.atomicrmw add %p, %v seq_cst : !llvm.ptr, i64`: `bin_op` one of BIN_OP, answers the old value."""

    name = "llvm.atomicrmw"

    ptr = operand_def(LLVMPointerType)
    val = operand_def()
    res = result_def()
    bin_op = prop_def(IntegerAttr)
    ordering = prop_def(IntegerAttr)
    syncscope = opt_prop_def(StringAttr)
    alignment = opt_prop_def(IntegerAttr)
    volatile_ = opt_prop_def(UnitAttr)

    def verify_(self) -> None:
        if _ordering_name(self, "ordering") in ("not_atomic", "unordered"):
            raise VerifyException("llvm.atomicrmw needs at least ordering monotonic")
        if self.res.type != self.val.type:
            raise VerifyException(f"llvm.atomicrmw of {self.val.type} answers {self.res.type}")

    def print(self, printer: Printer) -> None:
        printer.print_string(" volatile " if self.volatile_ is not None else " ")
        printer.print_string(ATOMIC_BIN_OPS[self.bin_op.value.data] + " ")
        printer.print_list(self.operands, printer.print_ssa_value)
        _print_syncscope(printer, self)
        printer.print_string(" " + _ordering_name(self, "ordering"))
        _print_dict(printer, self, ("alignment",))
        printer.print_string(" : ")
        printer.print_list(self.operands, lambda v: printer.print_attribute(v.type))

    @classmethod
    def parse(cls, parser: Parser) -> AtomicRMWOp:
        props: dict[str, Attribute] = {}
        if parser.parse_optional_keyword("volatile") is not None:
            props["volatile_"] = UNIT
        props["bin_op"] = BIN_OP[parser.parse_keyword_in(ATOMIC_BIN_OPS)]
        ptr = parser.parse_unresolved_operand()
        parser.parse_punctuation(",")
        val = parser.parse_unresolved_operand()
        _parse_syncscope(parser, props)
        props["ordering"] = _parse_ordering(parser)
        attributes = parser.parse_optional_attr_dict()
        _move(attributes, props, ("alignment",))
        parser.parse_punctuation(":")
        ptr_type = parser.parse_type()
        parser.parse_punctuation(",")
        type = parser.parse_type()
        return cls.create(
            operands=[parser.resolve_operand(ptr, ptr_type), parser.resolve_operand(val, type)],
            properties=props,
            attributes=attributes,
            result_types=[type],
        )


@irdl_op_definition
class AtomicCmpXchgOp(IRDLOperation):
    """`llvm.cmpxchg weak %p, %old, %new acq_rel monotonic : !llvm.ptr, i64`: answers `!llvm.struct<(i64, i1)>`, the value found
    and whether it was replaced."""

    name = "llvm.cmpxchg"

    ptr = operand_def(LLVMPointerType)
    cmp = operand_def()
    val = operand_def()
    res = result_def(LLVMStructType)
    success_ordering = prop_def(IntegerAttr)
    failure_ordering = prop_def(IntegerAttr)
    syncscope = opt_prop_def(StringAttr)
    alignment = opt_prop_def(IntegerAttr)
    weak = opt_prop_def(UnitAttr)
    volatile_ = opt_prop_def(UnitAttr)

    def verify_(self) -> None:
        if self.cmp.type != self.val.type:
            raise VerifyException(f"llvm.cmpxchg compares {self.cmp.type} but stores {self.val.type}")
        if tuple(self.res.type.types.data) != (self.val.type, i1):
            raise VerifyException(f"llvm.cmpxchg of {self.val.type} answers {self.res.type}")
        if _ordering_name(self, "failure_ordering") in ("release", "acq_rel", "not_atomic", "unordered"):
            raise VerifyException("llvm.cmpxchg: the failure ordering is one of monotonic, acquire, seq_cst")

    def print(self, printer: Printer) -> None:
        printer.print_string(" weak" if self.weak is not None else "")
        printer.print_string(" volatile " if self.volatile_ is not None else " ")
        printer.print_list(self.operands, printer.print_ssa_value)
        _print_syncscope(printer, self)
        printer.print_string(f" {_ordering_name(self, 'success_ordering')} {_ordering_name(self, 'failure_ordering')}")
        _print_dict(printer, self, ("alignment",))
        printer.print_string(" : ")
        printer.print_list((self.ptr, self.val), lambda v: printer.print_attribute(v.type))

    @classmethod
    def parse(cls, parser: Parser) -> AtomicCmpXchgOp:
        props: dict[str, Attribute] = {}
        if parser.parse_optional_keyword("weak") is not None:
            props["weak"] = UNIT
        if parser.parse_optional_keyword("volatile") is not None:
            props["volatile_"] = UNIT
        names = parser.parse_comma_separated_list(parser.Delimiter.NONE, parser.parse_unresolved_operand)
        _parse_syncscope(parser, props)
        props["success_ordering"] = _parse_ordering(parser)
        props["failure_ordering"] = _parse_ordering(parser)
        attributes = parser.parse_optional_attr_dict()
        _move(attributes, props, ("alignment",))
        parser.parse_punctuation(":")
        ptr_type = parser.parse_type()
        parser.parse_punctuation(",")
        type = parser.parse_type()
        return cls.create(
            operands=parser.resolve_operands(names, [ptr_type, type, type], parser.pos),
            properties=props,
            attributes=attributes,
            result_types=[LLVMStructType.from_type_list([type, i1])],
        )


@irdl_op_definition
class FenceOp(IRDLOperation):
    """`llvm.fence seq_cst`."""

    name = "llvm.fence"

    ordering = prop_def(IntegerAttr)
    syncscope = opt_prop_def(StringAttr)

    def verify_(self) -> None:
        if _ordering_name(self, "ordering") in ("not_atomic", "unordered", "monotonic"):
            raise VerifyException("llvm.fence needs ordering acquire, release, acq_rel or seq_cst")

    def print(self, printer: Printer) -> None:
        _print_syncscope(printer, self)
        printer.print_string(" " + _ordering_name(self, "ordering"))
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> FenceOp:
        props: dict[str, Attribute] = {}
        _parse_syncscope(parser, props)
        props["ordering"] = _parse_ordering(parser)
        return cls.create(properties=props, attributes=parser.parse_optional_attr_dict())


# ---------------------------------------------------------------------------------------------------------------------------
# Comparisons, conversions, floating point


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
        _print_dict(printer, self, ("fastmathFlags",))
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
        _move(attributes, props, ("fastmathFlags",))
        parser.parse_punctuation(":")
        type = parser.parse_type()
        return cls.create(
            operands=parser.resolve_operands([a, b], [type, type], pos),
            properties=props,
            attributes=attributes,
            result_types=[i1],
        )


@irdl_op_definition
class ICmpOp(_Compare):
    """Integers and pointers; `predicate` one of ICMP."""

    name = "llvm.icmp"
    PREDICATES: ClassVar[Sequence[str]] = ICMP_PREDICATES
    INTERNED: ClassVar[Mapping[str, IntegerAttr[Any]]] = ICMP

    def verify_(self) -> None:
        if not isinstance(self.lhs.type, IntegerType | LLVMPointerType):
            raise VerifyException(f"llvm.icmp compares integers or pointers, not {self.lhs.type}")


@irdl_op_definition
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


@irdl_op_definition
class FAddOp(_Binary):
    name = "llvm.fadd"


@irdl_op_definition
class FSubOp(_Binary):
    name = "llvm.fsub"


@irdl_op_definition
class FMulOp(_Binary):
    name = "llvm.fmul"


@irdl_op_definition
class FDivOp(_Binary):
    name = "llvm.fdiv"


@irdl_op_definition
class FRemOp(_Binary):
    name = "llvm.frem"


@irdl_op_definition
class FNegOp(IRDLOperation):
    name = "llvm.fneg"
    T: ClassVar = VarConstraint("T", AnyAttr())
    operand = operand_def(T)
    res = result_def(T)
    fastmathFlags = opt_prop_def(FastMathAttr)
    traits = traits_def(Pure())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "$operand attr-dict `:` type($res)"


@irdl_op_definition
class FreezeOp(IRDLOperation):
    name = "llvm.freeze"
    T: ClassVar = VarConstraint("T", AnyAttr())
    val = operand_def(T)
    res = result_def(T)
    traits = traits_def(Pure())
    assembly_format = "$val attr-dict `:` type($val)"


@irdl_op_definition
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


def _check_cast(what: Callable[[Attribute, Attribute], bool]) -> Callable[[Any], None]:
    def verify_(self: Any) -> None:
        if not what(self.operands[0].type, self.results[0].type):
            raise VerifyException(f"{self.name} cannot convert {self.operands[0].type} to {self.results[0].type}")

    return verify_


class _Cast(IRDLOperation):
    arg = operand_def()
    res = result_def()
    traits = traits_def(Pure())
    assembly_format = "$arg attr-dict `:` type($arg) `to` type($res)"


def _float(t: Attribute) -> bool:
    return isinstance(t, AnyFloat)


def _int(t: Attribute) -> bool:
    return isinstance(t, IntegerType)


def _ptr(t: Attribute) -> bool:
    return isinstance(t, LLVMPointerType)


def _width(t: Attribute) -> int:
    return t.bitwidth if isinstance(t, AnyFloat | IntegerType) else 0


@irdl_op_definition
class FPToSIOp(_Cast):
    name = "llvm.fptosi"
    verify_ = _check_cast(lambda a, b: _float(a) and _int(b))


@irdl_op_definition
class FPToUIOp(_Cast):
    name = "llvm.fptoui"
    verify_ = _check_cast(lambda a, b: _float(a) and _int(b))


@irdl_op_definition
class SIToFPOp(_Cast):
    name = "llvm.sitofp"
    verify_ = _check_cast(lambda a, b: _int(a) and _float(b))


@irdl_op_definition
class UIToFPOp(_Cast):
    name = "llvm.uitofp"
    verify_ = _check_cast(lambda a, b: _int(a) and _float(b))


@irdl_op_definition
class FPExtOp(_Cast):
    name = "llvm.fpext"
    verify_ = _check_cast(lambda a, b: _float(a) and _float(b) and _width(a) < _width(b))


@irdl_op_definition
class FPTruncOp(_Cast):
    name = "llvm.fptrunc"
    verify_ = _check_cast(lambda a, b: _float(a) and _float(b) and _width(a) > _width(b))


@irdl_op_definition
class BitcastOp(_Cast):
    name = "llvm.bitcast"


@irdl_op_definition
class IntToPtrOp(_Cast):
    name = "llvm.inttoptr"
    verify_ = _check_cast(lambda a, b: _int(a) and _ptr(b))


@irdl_op_definition
class PtrToIntOp(_Cast):
    name = "llvm.ptrtoint"
    verify_ = _check_cast(lambda a, b: _ptr(a) and _int(b))
