"""Ops of the go dialect on variables, pointers and the parts of composite values."""

from __future__ import annotations

from goir.dialects.go_base import ANY, GoDialectOp, MayPanic, Pointee, T, Word
from goir.dialects.go_types import UINT8
from xdsl.dialects.builtin import IntegerAttr, StringAttr, SymbolRefAttr, i64
from xdsl.ir import Operation
from xdsl.irdl import (
    AttrSizedOperandSegments,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import MemoryAllocEffect, MemoryReadEffect, MemoryWriteEffect, Pure


@irdl_op_definition
class AllocOp(GoDialectOp):
    """A zeroed variable. Where it lives ("auto" until escape analysis has decided) is the property `storage`."""

    name = "go.alloc"

    storage = prop_def(StringAttr)
    var = opt_prop_def(StringAttr)
    result = result_def(ANY)

    traits = traits_def(MemoryAllocEffect())
    custom_directives = (Word,)

    assembly_format = "custom<Word>($storage) (`var` $var^)? attr-dict `:` type($result)"


@irdl_op_definition
class GlobalAddrOp(GoDialectOp):
    """The address of a `go.global`."""

    name = "go.global_addr"

    symbol = prop_def(SymbolRefAttr, prop_name="name")
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "$name attr-dict `:` type($result)"


@irdl_op_definition
class LoadOp(GoDialectOp):
    """The value of a variable; the pointer is known not to be nil."""

    name = "go.load"

    pointer = operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(MemoryReadEffect())
    custom_directives = (Pointee,)

    assembly_format = "$pointer attr-dict `:` custom<Pointee>(type($pointer), type($result))"


@irdl_op_definition
class StoreOp(GoDialectOp):
    """Assigns to a variable; the pointer is known not to be nil."""

    name = "go.store"

    value = operand_def(ANY)
    pointer = operand_def(ANY)

    traits = traits_def(MemoryWriteEffect())
    custom_directives = (Pointee,)

    assembly_format = "$value `,` $pointer attr-dict `:` custom<Pointee>(type($pointer), type($value))"


@irdl_op_definition
class NilCheckOp(GoDialectOp):
    """The same pointer, after a check that panics if it is nil."""

    name = "go.nil_check"

    pointer = operand_def(T)
    result = result_def(T)

    traits = traits_def(MayPanic())

    assembly_format = "$pointer attr-dict `:` type($result)"


@irdl_op_definition
class FieldAddrOp(GoDialectOp):
    """`&p.f`"""

    name = "go.field_addr"

    pointer = operand_def(ANY)
    index = prop_def(IntegerAttr.constr(i64))
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "$pointer `[` $index `]` attr-dict `:` type($pointer) `->` type($result)"


@irdl_op_definition
class IndexAddrOp(GoDialectOp):
    """`&x[i]` of a slice, or through a pointer to an array."""

    name = "go.index_addr"

    container = operand_def(ANY)
    index = operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(MayPanic())

    assembly_format = (
        "$container `[` $index `]` attr-dict `:` type($container) `,` type($index) `->` type($result)"
    )


@irdl_op_definition
class IndexOp(GoDialectOp):
    """`s[i]` of a string"""

    name = "go.index"

    string = operand_def(ANY)
    index = operand_def(ANY)
    result = result_def(UINT8)

    traits = traits_def(MayPanic())

    assembly_format = "$string `[` $index `]` attr-dict `:` type($string) `,` type($index)"


@irdl_op_definition
class SliceOp(GoDialectOp):
    """`x[low:high:max]` of a string, a slice, or through a pointer to an array."""

    name = "go.slice"

    source = operand_def(ANY)
    low = opt_operand_def(ANY)
    high = opt_operand_def(ANY)
    max = opt_operand_def(ANY)
    result = result_def(ANY)

    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    traits = traits_def(MayPanic())

    assembly_format = (
        "$source (`low` $low^ `:` type($low))? (`high` $high^ `:` type($high))? (`max` $max^ `:` type($max))? "
        "attr-dict `:` type($source) `->` type($result)"
    )


@irdl_op_definition
class StructOp(GoDialectOp):
    """A struct value of all its fields."""

    name = "go.struct"

    fields = var_operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "`(` $fields `)` attr-dict `:` functional-type($fields, $result)"


@irdl_op_definition
class ExtractOp(GoDialectOp):
    """A field of a struct value."""

    name = "go.extract"

    value = operand_def(ANY)
    index = prop_def(IntegerAttr.constr(i64))
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "$value `[` $index `]` attr-dict `:` type($value) `->` type($result)"


@irdl_op_definition
class InsertOp(GoDialectOp):
    """A struct value with one field replaced."""

    name = "go.insert"

    value = operand_def(ANY)
    struct = operand_def(T)
    index = prop_def(IntegerAttr.constr(i64))
    result = result_def(T)

    traits = traits_def(Pure())

    assembly_format = "$value `,` $struct `[` $index `]` attr-dict `:` type($value) `,` type($result)"


OPS: list[type[Operation]] = [
    AllocOp, GlobalAddrOp, LoadOp, StoreOp, NilCheckOp, FieldAddrOp, IndexAddrOp, IndexOp, SliceOp, StructOp, ExtractOp,
    InsertOp,
]  # fmt: skip
