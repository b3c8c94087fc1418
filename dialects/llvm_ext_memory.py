"""llvm dialect: memory and atomics."""

from __future__ import annotations

from xdsl.dialects.builtin import (
    DenseArrayBase,
    IntegerAttr,
    IntegerType,
    StringAttr,
    UnitAttr,
    i1,
    i32,
)
from xdsl.dialects.llvm import (
    LLVMArrayType,
    LLVMPointerType,
    LLVMStructType,
)
from xdsl.ir import Attribute
from xdsl.irdl import (
    IRDLOperation,
    base,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from goir.dialects.lazy_format import lazy_op_definition
from goir.dialects.llvm_ext_base import (
    ATOMIC_BIN_OPS,
    BIN_OP,
    GEP_DYNAMIC,
    UNIT,
    ints,
    move,
    ordering_name,
    parse_ordering,
    parse_syncscope,
    print_dict,
    print_syncscope,
)


@lazy_op_definition
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
        print_dict(printer, self, ("alignment",))
        printer.print_string(" : ")
        printer.print_function_type([self.array_size.type], [self.res.type])

    @classmethod
    def parse(cls, parser: Parser) -> AllocaOp:
        size = parser.parse_unresolved_operand()
        parser.parse_keyword("x")
        props: dict[str, Attribute] = {"elem_type": parser.parse_type()}
        attributes = parser.parse_optional_attr_dict()
        move(attributes, props, ("alignment",))
        parser.parse_punctuation(":")
        type = parser.parse_function_type()
        return cls.create(
            operands=[parser.resolve_operand(size, type.inputs.data[0])],
            properties=props,
            attributes=attributes,
            result_types=type.outputs.data,
        )


@lazy_op_definition
class GEPOp(IRDLOperation):
    """`llvm.getelementptr inbounds %p[%i, 0, 1] : (!llvm.ptr, i64) -> !llvm.ptr, !llvm.struct<…>`. Operands:
    pointer, then the
    indices that are not constant; `rawConstantIndices` has `GEP_DYNAMIC` in their places. `noWrapFlags`: `INBOUNDS`
    or absent."""

    name = "llvm.getelementptr"

    ptr = operand_def(LLVMPointerType)
    dynamicIndices = var_operand_def(IntegerType)
    rawConstantIndices = prop_def(base(DenseArrayBase))
    elem_type = prop_def()
    noWrapFlags = opt_prop_def(IntegerAttr)
    res = result_def(LLVMPointerType)

    traits = traits_def(Pure())

    def verify_(self) -> None:
        indices = list(ints(self.rawConstantIndices))
        dynamic = indices.count(GEP_DYNAMIC)
        if dynamic != len(self.operands) - 1:
            raise VerifyException(
                f"llvm.getelementptr has {dynamic} dynamic indices and {len(self.operands) - 1} operands for them"
            )
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
            for i, index in enumerate(ints(self.rawConstantIndices)):
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


_LOAD_PROPS = (
    "alignment",
    "nontemporal",
    "invariant",
    "invariantGroup",
    "access_groups",
    "alias_scopes",
    "noalias_scopes",
    "tbaa",
)


@lazy_op_definition
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
        order = ordering_name(self, "ordering")
        if order in ("release", "acq_rel"):
            raise VerifyException(f"a load cannot have ordering {order}")
        if order != "not_atomic" and self.alignment is None:
            raise VerifyException("an atomic load needs an alignment")

    def print(self, printer: Printer) -> None:
        printer.print_string(" volatile " if self.volatile_ is not None else " ")
        printer.print_ssa_value(self.addr)
        if (order := ordering_name(self, "ordering")) != "not_atomic":
            printer.print_string(" atomic")
            print_syncscope(printer, self)
            printer.print_string(" " + order)
        print_dict(printer, self, _LOAD_PROPS)
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
            parse_syncscope(parser, props)
            props["ordering"] = parse_ordering(parser)
        attributes = parser.parse_optional_attr_dict()
        move(attributes, props, _LOAD_PROPS)
        parser.parse_punctuation(":")
        addr = parser.resolve_operand(name, parser.parse_type())
        parser.parse_punctuation("->")
        return cls.create(operands=[addr], properties=props, attributes=attributes, result_types=[parser.parse_type()])


_STORE_PROPS = ("alignment", "nontemporal", "invariantGroup", "access_groups", "alias_scopes", "noalias_scopes", "tbaa")


@lazy_op_definition
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
        order = ordering_name(self, "ordering")
        if order in ("acquire", "acq_rel"):
            raise VerifyException(f"a store cannot have ordering {order}")
        if order != "not_atomic" and self.alignment is None:
            raise VerifyException("an atomic store needs an alignment")

    def print(self, printer: Printer) -> None:
        printer.print_string(" volatile " if self.volatile_ is not None else " ")
        printer.print_ssa_value(self.value)
        printer.print_string(", ")
        printer.print_ssa_value(self.addr)
        if (order := ordering_name(self, "ordering")) != "not_atomic":
            printer.print_string(" atomic")
            print_syncscope(printer, self)
            printer.print_string(" " + order)
        print_dict(printer, self, _STORE_PROPS)
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
            parse_syncscope(parser, props)
            props["ordering"] = parse_ordering(parser)
        attributes = parser.parse_optional_attr_dict()
        move(attributes, props, _STORE_PROPS)
        parser.parse_punctuation(":")
        value_type = parser.parse_type()
        parser.parse_punctuation(",")
        addr_type = parser.parse_type()
        return cls.create(
            operands=[parser.resolve_operand(value, value_type), parser.resolve_operand(addr, addr_type)],
            properties=props,
            attributes=attributes,
        )


@lazy_op_definition
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
        if ordering_name(self, "ordering") in ("not_atomic", "unordered"):
            raise VerifyException("llvm.atomicrmw needs at least ordering monotonic")
        if self.res.type != self.val.type:
            raise VerifyException(f"llvm.atomicrmw of {self.val.type} answers {self.res.type}")

    def print(self, printer: Printer) -> None:
        printer.print_string(" volatile " if self.volatile_ is not None else " ")
        printer.print_string(ATOMIC_BIN_OPS[self.bin_op.value.data] + " ")
        printer.print_list(self.operands, printer.print_ssa_value)
        print_syncscope(printer, self)
        printer.print_string(" " + ordering_name(self, "ordering"))
        print_dict(printer, self, ("alignment",))
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
        parse_syncscope(parser, props)
        props["ordering"] = parse_ordering(parser)
        attributes = parser.parse_optional_attr_dict()
        move(attributes, props, ("alignment",))
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


@lazy_op_definition
class AtomicCmpXchgOp(IRDLOperation):
    """`llvm.cmpxchg weak %p, %old, %new acq_rel monotonic : !llvm.ptr, i64`: answers `!llvm.struct<(i64, i1)>`, the
    value found
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
        if ordering_name(self, "failure_ordering") in ("release", "acq_rel", "not_atomic", "unordered"):
            raise VerifyException("llvm.cmpxchg: the failure ordering is one of monotonic, acquire, seq_cst")

    def print(self, printer: Printer) -> None:
        printer.print_string(" weak" if self.weak is not None else "")
        printer.print_string(" volatile " if self.volatile_ is not None else " ")
        printer.print_list(self.operands, printer.print_ssa_value)
        print_syncscope(printer, self)
        printer.print_string(f" {ordering_name(self, 'success_ordering')} {ordering_name(self, 'failure_ordering')}")
        print_dict(printer, self, ("alignment",))
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
        parse_syncscope(parser, props)
        props["success_ordering"] = parse_ordering(parser)
        props["failure_ordering"] = parse_ordering(parser)
        attributes = parser.parse_optional_attr_dict()
        move(attributes, props, ("alignment",))
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


@lazy_op_definition
class FenceOp(IRDLOperation):
    """`llvm.fence seq_cst`."""

    name = "llvm.fence"

    ordering = prop_def(IntegerAttr)
    syncscope = opt_prop_def(StringAttr)

    def verify_(self) -> None:
        if ordering_name(self, "ordering") in ("not_atomic", "unordered", "monotonic"):
            raise VerifyException("llvm.fence needs ordering acquire, release, acq_rel or seq_cst")

    def print(self, printer: Printer) -> None:
        print_syncscope(printer, self)
        printer.print_string(" " + ordering_name(self, "ordering"))
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> FenceOp:
        props: dict[str, Attribute] = {}
        parse_syncscope(parser, props)
        props["ordering"] = parse_ordering(parser)
        return cls.create(properties=props, attributes=parser.parse_optional_attr_dict())
