"""llvm dialect: functions, globals, comdats, constants."""

from __future__ import annotations

from typing import ClassVar

from xdsl.dialects.builtin import (
    AnyFloat,
    ArrayAttr,
    BytesAttr,
    DenseIntOrFPElementsAttr,
    DictionaryAttr,
    IntegerAttr,
    IntegerType,
    StringAttr,
    SymbolNameConstraint,
    SymbolRefAttr,
    UnitAttr,
    i64,
)
from xdsl.dialects.llvm import (
    CallingConventionAttr,
    FramePointerKindAttr,
    LinkageAttr,
    LLVMArrayType,
    LLVMFunctionType,
    LLVMPointerType,
    LLVMVoidType,
)
from xdsl.ir import Attribute, Region
from xdsl.irdl import (
    IRDLOperation,
    opt_prop_def,
    prop_def,
    region_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import IsolatedFromAbove, IsTerminator, NoTerminator, Pure, SymbolOpInterface, SymbolTable
from xdsl.utils.exceptions import VerifyException

from goir.dialects.lazy_format import lazy_op_definition
from goir.dialects.llvm_ext_base import (
    CALLING_CONVENTIONS,
    CCONV,
    LINKAGE,
    LINKAGES,
    UNIT,
    UNNAMED_ADDRS,
    VISIBILITIES,
    VOID,
    attr_type,
    attrs_or_none,
    bytes_attr,
    move,
    parse_type_with_attrs,
    print_typed_list,
)

_FUNC_HEAD = (
    "sym_name",
    "function_type",
    "CConv",
    "linkage",
    "visibility_",
    "unnamed_addr",
    "arg_attrs",
    "res_attrs",
    "comdat",
)
_FUNC_PROPS = (
    "sym_visibility", "dso_local", "passthrough", "section", "alignment", "frame_pointer", "no_inline", "always_inline",
    "no_unwind", "will_return", "optimize_none", "optimize_size", "uwtable_kind", "garbageCollector", "personality",
    "target_cpu", "tune_cpu", "memory_effects", "convergent",
)  # fmt: skip


@lazy_op_definition
class FuncOp(IRDLOperation):
    """`llvm.func`. Linkage `external` and calling convention `ccc` unless said. LLVM attributes that have no
    property of their own
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
            raise VerifyException(
                f"@{self.sym_name.data}: the entry block's arguments differ from the function type's inputs"
            )
        if self.arg_attrs is not None and len(self.arg_attrs) != len(inputs):
            raise VerifyException(
                f"@{self.sym_name.data}: {len(self.arg_attrs)} arg_attrs for {len(inputs)} parameters"
            )
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
                printer.print_ssa_value(block.args[i])
                printer.print_string(": ")
            printer.print_attribute(input)
            if i < len(dicts) and dicts[i].data:
                printer.print_string(" ")
                printer.print_attribute(dicts[i])
            if block is not None and printer.print_debuginfo:
                printer.print_string(" ")
                printer.print_attribute(block.args[i].location)
        if type.is_variadic:
            printer.print_string(", ..." if type.inputs.data else "...")
        printer.print_string(")")
        if not isinstance(type.output, LLVMVoidType):
            printer.print_string(" -> ")
            if self.res_attrs is not None and self.res_attrs.data and self.res_attrs.data[0].data:
                print_typed_list(printer, [type.output], self.res_attrs)
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
            location = parser.parse_optional_location()
            if argument is not None:
                argument.location = location

        parser.parse_comma_separated_list(parser.Delimiter.PAREN, parameter, " in the parameters of llvm.func")
        output: Attribute = VOID
        if parser.parse_optional_punctuation("->") is not None:
            if parser.parse_optional_punctuation("(") is not None:
                output, results = parse_type_with_attrs(parser)
                parser.parse_punctuation(")")
                if results.data:
                    props["res_attrs"] = ArrayAttr([results])
            else:
                output = parser.parse_type()
        props["function_type"] = LLVMFunctionType(inputs, output, variadic)
        if (arg_attrs := attrs_or_none(dicts)) is not None:
            props["arg_attrs"] = arg_attrs
        if parser.parse_optional_keyword("comdat") is not None:
            with parser.in_parens():
                comdat = parser.parse_attribute()
            props["comdat"] = comdat
        extra = parser.parse_optional_attr_dict_with_keyword(_FUNC_HEAD)
        attributes = dict(extra.data) if extra is not None else {}
        move(attributes, props, _FUNC_PROPS)
        region = parser.parse_optional_region(entry if entry or not inputs else None)
        return cls.create(properties=props, attributes=attributes, regions=[region if region is not None else Region()])


@lazy_op_definition
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


_GLOBAL_HEAD = (
    "global_type",
    "sym_name",
    "linkage",
    "constant",
    "thread_local_",
    "unnamed_addr",
    "value",
    "comdat",
    "visibility_",
)
_GLOBAL_PROPS = ("addr_space", "alignment", "section", "dso_local", "externally_initialized")


@lazy_op_definition
class GlobalOp(IRDLOperation):
    """`llvm.mlir.global`: initial value in `value` (integer, float, string, array of such), or computed by the
    region (constants,
    addressof, insertvalue, ptrtoint …, ended by llvm.return: see `initializer` in llvm_ext_build), or none:
    external."""

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
            raise VerifyException(
                f"@{self.sym_name.data}: thread_local is not supported: it links but does not work everywhere"
            )
        block = self.initializer.first_block
        if block is not None and self.value is not None:
            raise VerifyException(f"@{self.sym_name.data}: both a value and an initializer region")
        if block is not None and block is not self.initializer.last_block:
            raise VerifyException(f"@{self.sym_name.data}: an initializer is one block")
        if (
            block is None
            and self.value is None
            and (self.linkage is not None and self.linkage.linkage.data not in ("external", "extern_weak"))
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
            value = props["value"] = bytes_attr(parser.parse_attribute())
            parser.parse_punctuation(")")
        if parser.parse_optional_keyword("comdat") is not None:
            with parser.in_parens():
                props["comdat"] = parser.parse_attribute()
        attributes = parser.parse_optional_attr_dict()
        move(attributes, props, _GLOBAL_PROPS)
        if parser.parse_optional_punctuation(":") is not None:
            props["global_type"] = parser.parse_type()
        elif isinstance(value, BytesAttr):
            props["global_type"] = LLVMArrayType(len(value.data), IntegerType(8))
        elif value is not None and (type := attr_type(value)) is not None:
            props["global_type"] = type
        else:
            parser.raise_error("expected `:` and the global's type")
        region = parser.parse_optional_region()
        return cls.create(properties=props, attributes=attributes, regions=[region if region is not None else Region()])


@lazy_op_definition
class ComdatOp(IRDLOperation):
    """`llvm.comdat @__llvm_comdat { llvm.comdat_selector @f any }`."""

    name = "llvm.comdat"

    sym_name = prop_def(SymbolNameConstraint())
    body = region_def("single_block")

    traits = traits_def(SymbolOpInterface(), SymbolTable(), NoTerminator())
    assembly_format = "$sym_name $body attr-dict"


@lazy_op_definition
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


@lazy_op_definition
class AddressOfOp(IRDLOperation):
    """`llvm.mlir.addressof @x : !llvm.ptr`: the address of a global or function; constant."""

    name = "llvm.mlir.addressof"

    global_name = prop_def(SymbolRefAttr)
    res = result_def(LLVMPointerType)

    traits = traits_def(Pure())
    assembly_format = "$global_name attr-dict `:` type($res)"


@lazy_op_definition
class ConstantOp(IRDLOperation):
    """`llvm.mlir.constant(42 : i32) : i32`: IntegerAttr, FloatAttr, BytesAttr (array of i8), ArrayAttr of such
    (structs, arrays)."""

    name = "llvm.mlir.constant"

    value = prop_def()
    result = result_def()

    traits = traits_def(Pure())

    def verify_(self) -> None:
        value = self.value
        type = self.result.type
        if (number := attr_type(value)) is not None:
            ok = number == type or (isinstance(value, IntegerAttr) and isinstance(type, AnyFloat))
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
            value = bytes_attr(parser.parse_attribute())
        attributes = parser.parse_optional_attr_dict()
        parser.parse_punctuation(":")
        type = parser.parse_type()
        return cls.create(properties={"value": value}, attributes=attributes, result_types=[type])


class _Nullary(IRDLOperation):
    res = result_def()
    traits = traits_def(Pure())
    assembly_format = "attr-dict `:` type($res)"


@lazy_op_definition
class UndefOp(_Nullary):
    """`llvm.mlir.undef : T`."""

    name = "llvm.mlir.undef"


@lazy_op_definition
class PoisonOp(_Nullary):
    """`llvm.mlir.poison : T`."""

    name = "llvm.mlir.poison"


@lazy_op_definition
class ZeroOp(_Nullary):
    """`llvm.mlir.zero : T`: zeroinitializer, null."""

    name = "llvm.mlir.zero"


@lazy_op_definition
class NoneTokenOp(_Nullary):
    """`llvm.mlir.none : !llvm.token`."""

    name = "llvm.mlir.none"
