"""Module-level ops of the go dialect: functions, variables, types, method sets; and `TypeTable`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    FloatAttr,
    IntAttr,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    SymbolNameConstraint,
    UnitAttr,
)
from xdsl.ir import Attribute, Block, Operation, ParametrizedAttribute, Region
from xdsl.irdl import (
    ParsePropInAttrDict,
    opt_prop_def,
    prop_def,
    region_def,
    traits_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import IsolatedFromAbove, SymbolOpInterface

from goir.dialects.go_base import GoDialectOp
from goir.dialects.go_static import DataAttr
from goir.dialects.go_types import FuncType, MethodAttr, NamedType, SliceType, elements
from goir.dialects.lazy_format import lazy_op_definition


class TypeTable:
    """The named types of a module, resolved once."""

    def __init__(self, module: ModuleOp) -> None:
        self.types: dict[str, TypeOp] = {}
        for block in module.body.blocks:
            for op in block.ops:
                if isinstance(op, TypeOp):
                    name = op.properties.get("sym_name")
                    if isinstance(name, StringAttr) and "underlying" in op.properties:
                        self.types.setdefault(name.data, op)
        self._resolved: dict[str, Attribute] = {}

    def underlying(self, t: Attribute) -> Attribute:
        """The underlying type of `t`; a named type without a `go.type` op (or named after itself) stays as it is."""
        if not isinstance(t, NamedType):
            return t
        name = t.sym.data
        found = self._resolved.get(name)
        if found is None:
            found = t
            seen: set[str] = set()
            while isinstance(found, NamedType) and found.sym.data not in seen:
                seen.add(found.sym.data)
                definition = self.types.get(found.sym.data)
                if definition is None:
                    break
                found = definition.underlying
            if isinstance(found, NamedType):
                found = t
            self._resolved[name] = found
        return found


# The syntax of functions, shared by go.func and coro.func ------------------------------------------------------------

_SIGNATURE = ("sym_name", "function_type", "captures", "sym_visibility")


def print_function(op: Operation, printer: Printer) -> None:
    """` private @f(%a : T, %b : ...U) captures(%c : V) -> (R) attributes {…} {body}`; without body only types."""
    properties = op.properties
    name = properties["sym_name"]
    function_type = properties["function_type"]
    captures = elements(properties.get("captures"))
    visibility = properties.get("sym_visibility")
    assert isinstance(name, StringAttr)
    if isinstance(visibility, StringAttr):
        printer.print_string(" " + visibility.data)
    if not isinstance(function_type, FuncType):
        printer.print_string(" llvm")
        function_type = _from_llvm(function_type)
    printer.print_string(" ")
    printer.print_symbol_name(name.data)
    body = op.regions[0]
    entry = body.blocks.first
    params = function_type.params.data
    count = len(params)

    def argument(index: int, t: Attribute, variadic: bool = False) -> None:
        if entry is not None:
            printer.print_ssa_value(entry.args[index])
            printer.print_string(" : ")
        if variadic:
            assert isinstance(t, SliceType)
            printer.print_string("...")
            t = t.elem
        printer.print_attribute(t)
        if entry is not None and printer.print_debuginfo:
            printer.print_string(" ")
            printer.print_attribute(entry.args[index].location)

    with printer.in_parens():
        printer.print_list(
            list(enumerate(params)), lambda p: argument(*p, function_type.is_variadic and p[0] == count - 1)
        )
    if captures:
        printer.print_string(" captures(")
        printer.print_list(list(enumerate(captures, count)), lambda p: argument(*p))
        printer.print_string(")")
    if function_type.results.data:
        printer.print_string(" -> ")
        with printer.in_parens():
            printer.print_list(function_type.results.data, printer.print_attribute)
    extra = {k: v for k, v in properties.items() if k not in _SIGNATURE} | op.attributes
    printer.print_op_attributes(extra, print_keyword=True)
    if entry is not None:
        printer.print_string(" ")
        printer.print_region(body, print_entry_block_args=False, print_empty_block=False)


def _from_llvm(t: Attribute) -> FuncType:
    """The same signature as a Go one, for printing only (hence not verified)."""
    inputs, output = (p for p in cast(ParametrizedAttribute, t).parameters[:2])
    signature = FuncType.__new__(FuncType)
    results: ArrayAttr[Attribute] = ArrayAttr([] if output.name == "llvm.void" else [output])
    fields: tuple[tuple[str, Attribute], ...] = (("params", inputs), ("results", results), ("variadic", IntAttr(0)))
    for field, value in fields:
        object.__setattr__(signature, field, value)
    return signature


def _to_llvm(params: Sequence[Attribute], results: Sequence[Attribute]) -> Attribute:
    from xdsl.dialects.llvm import LLVMFunctionType, LLVMVoidType

    return LLVMFunctionType(list(params), results[0] if results else LLVMVoidType())


def parse_function(
    parser: Parser, property_names: Sequence[str]
) -> tuple[dict[str, Attribute], dict[str, Attribute], Region]:
    """Properties, attributes and body of what `print_function` prints."""
    properties: dict[str, Attribute] = {}
    if (visibility := parser.parse_optional_visibility_keyword()) is not None:
        properties["sym_visibility"] = visibility
    llvm = parser.parse_optional_keyword("llvm") is not None
    properties["sym_name"] = parser.parse_symbol_name()
    arguments: list[Parser.Argument] = []
    named: list[bool] = []
    variadic = False

    def argument(in_params: bool) -> Attribute:
        nonlocal variadic
        if variadic and in_params:
            parser.raise_error("only the last parameter can be variadic")
        unresolved = parser.parse_optional_argument(expect_type=False)
        if named and named[0] != (unresolved is not None):
            parser.raise_error("either all parameters have names or none has")
        named.append(unresolved is not None)
        if unresolved is not None:
            parser.parse_punctuation(":", " after parameter name")
        if in_params and parser.parse_optional_punctuation("...") is not None:
            variadic = True
            t: Attribute = SliceType(parser.parse_type())
        else:
            t = parser.parse_type()
        if unresolved is not None:
            resolved = unresolved.resolve(t)
            resolved.location = parser.parse_optional_location()
            arguments.append(resolved)
        return t

    position = parser.pos
    params = parser.parse_comma_separated_list(parser.Delimiter.PAREN, lambda: argument(True))
    if parser.parse_optional_keyword("captures") is not None:
        captures = parser.parse_comma_separated_list(parser.Delimiter.PAREN, lambda: argument(False))
        properties["captures"] = ArrayAttr(captures)
    results: Sequence[Attribute] = ()
    if parser.parse_optional_punctuation("->") is not None:
        results = parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_type)
    if llvm and (len(results) > 1 or variadic):
        parser.raise_error("an llvm function has at most one result and is not variadic")
    properties["function_type"] = _to_llvm(params, results) if llvm else FuncType(params, results, variadic)
    attributes: dict[str, Attribute] = {}
    if (extra := parser.parse_optional_attr_dict_with_keyword(_SIGNATURE)) is not None:
        for key, value in extra.data.items():
            (properties if key in property_names else attributes)[key] = value
    body = parser.parse_optional_region(arguments)
    if body is None:
        body = Region()
        if arguments:
            parser.raise_error("a function with named parameters needs a body", position)
    elif named and not named[0]:
        parser.raise_error("the parameters of a function with a body need names", position)
    return properties, attributes, body


class FunctionLike(GoDialectOp):
    """What `go.func` and `coro.func` have in common."""

    @property
    def symbol(self) -> str:
        name = self.properties["sym_name"]
        assert isinstance(name, StringAttr)
        return name.data

    @property
    def signature(self) -> FuncType:
        t = self.properties["function_type"]
        assert isinstance(t, FuncType)
        return t

    @property
    def capture_types(self) -> tuple[Attribute, ...]:
        return elements(self.properties.get("captures"))

    @property
    def is_declaration(self) -> bool:
        return self.regions[0].blocks.first is None

    @property
    def entry(self) -> Block:
        """The entry block of a function with a body."""
        block = self.regions[0].blocks.first
        assert block is not None
        return block

    def print(self, printer: Printer) -> None:
        print_function(self, printer)


@lazy_op_definition
class FuncOp(FunctionLike):
    """A function. The entry block's arguments are the parameters, then the captured values."""

    name = "go.func"

    sym_name = prop_def(SymbolNameConstraint())
    function_type = prop_def(FuncType)
    captures = opt_prop_def(ArrayAttr)
    wrapper = opt_prop_def(UnitAttr)
    extern = opt_prop_def(StringAttr)
    centry = opt_prop_def(StringAttr)
    intrinsic = opt_prop_def(StringAttr)
    nosuspend = opt_prop_def(UnitAttr)
    parks = opt_prop_def(UnitAttr)
    available = opt_prop_def(UnitAttr)
    method = opt_prop_def(UnitAttr)
    noinline = opt_prop_def(UnitAttr)
    once = opt_prop_def(UnitAttr)
    noescape = opt_prop_def(UnitAttr | DenseArrayBase)
    returned = opt_prop_def(DenseArrayBase)
    features = opt_prop_def(StringAttr)
    recovers = opt_prop_def(UnitAttr)
    may_panic = opt_prop_def(UnitAttr)
    colour = opt_prop_def(UnitAttr)
    sym_visibility = opt_prop_def(StringAttr)
    display = opt_prop_def(StringAttr)
    body = region_def()

    traits = traits_def(IsolatedFromAbove(), SymbolOpInterface())

    @property
    def is_declaration(self) -> bool:
        """Whether another module defines the function. One that is `available` has a body all the same."""
        return super().is_declaration or "available" in self.properties

    @classmethod
    def parse(cls, parser: Parser) -> FuncOp:
        properties, attributes, body = parse_function(parser, tuple(cls.get_irdl_definition().properties))
        return cls.create(properties=properties, attributes=attributes, regions=[body])


@lazy_op_definition
class GlobalOp(GoDialectOp):
    """A package-level variable."""

    name = "go.global"

    sym_name = prop_def(SymbolNameConstraint())
    type = prop_def(Attribute)
    init = opt_prop_def(IntegerAttr | FloatAttr | StringAttr | DataAttr)
    external = opt_prop_def(UnitAttr)
    sym_visibility = opt_prop_def(StringAttr)

    traits = traits_def(SymbolOpInterface())

    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "(`external` $external^)? $sym_name `:` $type (`=` $init^)? attr-dict"


@lazy_op_definition
class TypeOp(GoDialectOp):
    """A defined type. Type symbols are a name space of their own.

    `external`: another module holds the descriptors of the type and of pointers to it."""

    name = "go.type"

    sym_name = prop_def(StringAttr)
    underlying = prop_def(Attribute)
    display = prop_def(StringAttr)
    pkg = prop_def(StringAttr)
    external = opt_prop_def(UnitAttr)

    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "(`external` $external^)? $sym_name `=` $underlying `display` $display `in` $pkg attr-dict"


@lazy_op_definition
class MethodSetOp(GoDialectOp):
    """The methods of a type, for interface tables and type descriptors."""

    name = "go.method_set"

    type = prop_def(Attribute)
    methods = prop_def(ArrayAttr[MethodAttr])

    assembly_format = "$type $methods attr-dict"


OPS: list[type[Operation]] = [FuncOp, GlobalOp, TypeOp, MethodSetOp]
