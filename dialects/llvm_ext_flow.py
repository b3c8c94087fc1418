"""llvm dialect: calls, branches."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import (
    ArrayAttr,
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    DictionaryAttr,
    IntegerType,
    StringAttr,
    SymbolRefAttr,
    UnitAttr,
    VectorType,
    i1,
    i32,
)
from xdsl.dialects.llvm import (
    CallingConventionAttr,
    FastMathAttr,
    LLVMFunctionType,
    LLVMPointerType,
    TailCallKind,
    TailCallKindAttr,
)
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
    IRDLOperation,
    ParsePropInAttrDict,
    base,
    operand_def,
    opt_prop_def,
    opt_result_def,
    prop_def,
    successor_def,
    traits_def,
    var_operand_def,
    var_successor_def,
)
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.printer import Printer
from xdsl.traits import IsTerminator
from xdsl.utils.exceptions import VerifyException

from goir.dialects.lazy_format import lazy_op_definition
from goir.dialects.llvm_ext_base import (
    CALLING_CONVENTIONS,
    CCONV,
    attrs_or_none,
    ints,
    move,
    parse_type_with_attrs,
    print_dict,
    print_typed_list,
    width_of,
)

_CALL_PROPS = (
    "no_unwind",
    "will_return",
    "no_inline",
    "always_inline",
    "inline_hint",
    "memory_effects",
    "branch_weights",
)


@lazy_op_definition
class CallOp(IRDLOperation):
    """`llvm.call swiftcc @f(%x, %c) : (i64, !llvm.ptr {llvm.nest}) -> i64`; indirect: no `callee`, the first operand
    is the
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
        print_dict(printer, self, ("fastmathFlags", *_CALL_PROPS))
        printer.print_string(" : ")
        if self.callee is None:
            printer.print_attribute(self.args[0].type)
            printer.print_string(", ")
        print_typed_list(printer, [a.type for a in args], self.arg_attrs)
        printer.print_string(" -> ")
        if self.returned is None:
            printer.print_string("()")
        elif self.res_attrs is not None and self.res_attrs.data[0].data:
            print_typed_list(printer, [self.returned.type], self.res_attrs)
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
        move(attributes, props, ("fastmathFlags", *_CALL_PROPS))
        parser.parse_punctuation(":")
        operands: list[SSAValue] = []
        if pointer is not None:
            operands.append(parser.resolve_operand(pointer, parser.parse_type()))
            parser.parse_punctuation(",")
        pos = parser.pos
        pairs = parser.parse_comma_separated_list(parser.Delimiter.PAREN, lambda: parse_type_with_attrs(parser))
        if len(pairs) != len(unresolved):
            parser.raise_error(f"{len(unresolved)} arguments but {len(pairs)} types", pos)
        for operand, (type, _) in zip(unresolved, pairs, strict=True):
            operands.append(parser.resolve_operand(operand, type))
        if (arg_attrs := attrs_or_none([d for _, d in pairs])) is not None:
            props["arg_attrs"] = arg_attrs
        parser.parse_punctuation("->")
        results: list[Attribute]
        if parser.parse_optional_punctuation("(") is not None:
            results = []
            if parser.parse_optional_punctuation(")") is None:
                type, dict_ = parse_type_with_attrs(parser)
                parser.parse_punctuation(")")
                results = [type]
                if dict_.data:
                    props["res_attrs"] = ArrayAttr([dict_])
        else:
            results = [parser.parse_type()]
        return cls.create(operands=operands, properties=props, attributes=attributes, result_types=results)


@lazy_op_definition
class CallIntrinsicOp(IRDLOperation):
    """`llvm.call_intrinsic "llvm.coro.done"(%h) : (!llvm.ptr) -> i1`: an intrinsic that has no op. `intrin` is the
    full name,
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


@lazy_op_definition
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
        "(`has_side_effects` $has_side_effects^)? (`is_align_stack` $is_align_stack^)?"
        " $asm_string `,` $constraints $args attr-dict `:` functional-type($args, results)"
    )


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


@lazy_op_definition
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


@lazy_op_definition
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
            printer.print_list(ints(self.branch_weights), lambda v: printer.print_string(str(v)))
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


@lazy_op_definition
class SwitchOp(IRDLOperation):
    """`llvm.switch %v : i8, ^default(%x : i64) [0: ^a, 1: ^b(%y : i64)]`. Successors: default, then the cases';
    properties
    `case_values` (dense), `case_operand_segments` (arguments of each case), `operandSegmentSizes` `[1, #default,
    #cases']`:
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
        values = [int(str(v)) for v in self.case_values.iter_values()] if self.case_values is not None else []
        segments = ints(self.case_operand_segments) if self.case_operand_segments is not None else ()
        out: list[tuple[int, Block, tuple[SSAValue, ...]]] = []
        args = tuple(self.case_operands)
        at = 0
        for i, block in enumerate(self.successors[1:]):
            count = segments[i] if i < len(segments) else 0
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
        print_dict(printer, self, ("branch_weights",))

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
        move(attributes, props, ("branch_weights",))
        return cls.create(
            operands=[value, *default_args, *(x for _, _, a in cases for x in a)],
            properties=props,
            attributes=attributes,
            successors=[default, *(b for _, b, _ in cases)],
        )


def switch_properties(type: Attribute, default_count: int, cases: Sequence[tuple[int, int]]) -> dict[str, Attribute]:
    """Properties of an `llvm.switch` on `type` with (value, number of block arguments) for each case."""
    props: dict[str, Attribute] = {
        "operandSegmentSizes": DenseArrayBase.from_list(i32, [1, default_count, sum(n for _, n in cases)]),
        "case_operand_segments": DenseArrayBase.from_list(i32, [n for _, n in cases]),
    }
    width = width_of(type)
    if cases:
        half = 1 << (width - 1)
        values: list[int] = [(v + half) % (2 * half) - half if width > 1 else v & 1 for v, _ in cases]
        props["case_values"] = DenseIntOrFPElementsAttr.from_list(VectorType(IntegerType(width), [len(cases)]), values)
    return props


@lazy_op_definition
class UnreachableOp(IRDLOperation):
    """`llvm.unreachable`."""

    name = "llvm.unreachable"

    traits = traits_def(IsTerminator())
    assembly_format = "attr-dict"
