"""Ops of the go dialect on variables, pointers and the parts of composite values."""

from __future__ import annotations

from xdsl.dialects.builtin import IntegerAttr, StringAttr, SymbolRefAttr, UnitAttr, i64
from xdsl.ir import Attribute, Operation
from xdsl.irdl import (
    AttrSizedOperandSegments,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import MemoryAllocEffect, MemoryReadEffect, MemoryWriteEffect, Pure
from xdsl.utils.exceptions import VerifyException

from goir.dialects import go_rules as rules
from goir.dialects.go_base import ANY, GoDialectOp, MayPanic, Pointee, PureUnlessItPanics, T, Under, Word
from goir.dialects.go_types import (
    UINT8,
    ArrayType,
    BasicType,
    InterfaceType,
    NamedType,
    PtrType,
    SliceType,
    UnsafePointerType,
)
from goir.dialects.lazy_format import lazy_op_definition


def _field(under: Under, t: Attribute, index: int, what: str) -> Attribute | None:
    """The type of field `index` of struct type `t`."""
    u = rules.struct(under, t, what)
    if u is None:
        return None
    fields = u.fields.data
    if not (0 <= index < len(fields)):
        raise VerifyException(f"{t} has {len(fields)} fields, so there is no field {index}")
    return fields[index].type


@lazy_op_definition
class AllocOp(GoDialectOp):
    """A zeroed variable. Where it lives ("auto" until escape analysis has decided) is the property `storage`."""

    name = "go.alloc"

    storage = prop_def(StringAttr)
    var = opt_prop_def(StringAttr)
    result = result_def(ANY)

    traits = traits_def(MemoryAllocEffect())
    custom_directives = (Word,)

    assembly_format = "custom<Word>($storage) (`var` $var^)? attr-dict `:` type($result)"

    def check(self, under: Under) -> None:
        storage = self.storage.data
        if storage not in ("auto", "stack", "heap"):
            raise VerifyException(f'the storage is auto, stack or heap, not "{storage}"')
        rules.pointee(under, self.result.type, "the result of go.alloc")


@lazy_op_definition
class GlobalAddrOp(GoDialectOp):
    """The address of a `go.global`."""

    name = "go.global_addr"

    symbol = prop_def(SymbolRefAttr, prop_name="name")
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "$name attr-dict `:` type($result)"

    def check(self, under: Under) -> None:
        rules.pointee(under, self.result.type, "the address of a variable")


@lazy_op_definition
class LoadOp(GoDialectOp):
    """The value of a variable; the pointer is known not to be nil."""

    name = "go.load"

    pointer = operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(MemoryReadEffect())
    custom_directives = (Pointee,)

    assembly_format = "$pointer attr-dict `:` custom<Pointee>(type($pointer), type($result))"

    def check(self, under: Under) -> None:
        elem = rules.pointee(under, self.pointer.type, "what go.load loads through")
        rules.same(self.result.type, elem, "the loaded value")


@lazy_op_definition
class StoreOp(GoDialectOp):
    """Assigns to a variable; the pointer is known not to be nil."""

    name = "go.store"

    value = operand_def(ANY)
    pointer = operand_def(ANY)

    traits = traits_def(MemoryWriteEffect())
    custom_directives = (Pointee,)

    assembly_format = "$value `,` $pointer attr-dict `:` custom<Pointee>(type($pointer), type($value))"

    def check(self, under: Under) -> None:
        elem = rules.pointee(under, self.pointer.type, "what go.store stores through")
        rules.same(self.value.type, elem, "the stored value")


@lazy_op_definition
class NilCheckOp(GoDialectOp):
    """The same pointer (or interface), after a check that panics if it is nil."""

    name = "go.nil_check"

    pointer = operand_def(T)
    result = result_def(T)

    traits = traits_def(MayPanic())

    assembly_format = "$pointer attr-dict `:` type($result)"

    def check(self, under: Under) -> None:
        u = under(self.result.type)
        if not isinstance(u, UnsafePointerType | InterfaceType):
            rules.pointee(under, self.result.type, "what go.nil_check checks")


@lazy_op_definition
class FieldAddrOp(GoDialectOp):
    """`&p.f`"""

    name = "go.field_addr"

    pointer = operand_def(ANY)
    index = prop_def(IntegerAttr.constr(i64))
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "$pointer `[` $index `]` attr-dict `:` type($pointer) `->` type($result)"

    def check(self, under: Under) -> None:
        elem = rules.pointee(under, self.pointer.type, "the operand of go.field_addr")
        if elem is not None:
            t = _field(under, elem, self.index.value.data, "what go.field_addr points to")
            rules.points_to(self.result.type, t, "the address of the field")


@lazy_op_definition
class IndexAddrOp(GoDialectOp):
    """`&x[i]` of a slice, or through a pointer to an array; `inbounds`: the index is known to be valid (range loops)."""

    name = "go.index_addr"

    container = operand_def(ANY)
    index = operand_def(ANY)
    inbounds = opt_prop_def(UnitAttr)
    result = result_def(ANY)

    traits = traits_def(MayPanic(), PureUnlessItPanics())

    assembly_format = (
        "(`inbounds` $inbounds^)? $container `[` $index `]` attr-dict `:` type($container) `,` type($index) "
        "`->` type($result)"
    )

    def check(self, under: Under) -> None:
        t = self.container.type
        u = under(t)
        elem = None
        if isinstance(u, SliceType):
            elem = u.elem
        elif isinstance(u, PtrType):
            array = under(u.elem)
            if isinstance(array, ArrayType):
                elem = array.elem
            elif not isinstance(array, NamedType):
                raise VerifyException(f"go.index_addr works on a slice or a pointer to an array, not {t}")
        elif not isinstance(u, NamedType):
            raise VerifyException(f"go.index_addr works on a slice or a pointer to an array, not {t}")
        rules.integer(under, self.index.type, "an index")
        rules.points_to(self.result.type, elem, "the address of the element")


@lazy_op_definition
class IndexOp(GoDialectOp):
    """`s[i]` of a string"""

    name = "go.index"

    string = operand_def(ANY)
    index = operand_def(ANY)
    result = result_def(UINT8)

    traits = traits_def(MayPanic())

    assembly_format = "$string `[` $index `]` attr-dict `:` type($string) `,` type($index)"

    def check(self, under: Under) -> None:
        rules.string(under, self.string.type, "what go.index indexes")
        rules.integer(under, self.index.type, "an index")


@lazy_op_definition
class SliceOp(GoDialectOp):
    """`x[low:high:max]` of a string, a slice, or through a pointer to an array."""

    name = "go.slice"

    source = operand_def(ANY)
    low = opt_operand_def(ANY)
    high = opt_operand_def(ANY)
    max = opt_operand_def(ANY)
    result = result_def(ANY)

    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    traits = traits_def(MayPanic(), PureUnlessItPanics())

    assembly_format = (
        "$source (`low` $low^ `:` type($low))? (`high` $high^ `:` type($high))? (`max` $max^ `:` type($max))? "
        "attr-dict `:` type($source) `->` type($result)"
    )

    def check(self, under: Under) -> None:
        for bound in (self.low, self.high, self.max):
            if bound is not None:
                rules.integer(under, bound.type, "a bound of go.slice")
        t, result = self.source.type, self.result.type
        u = under(t)
        if isinstance(u, NamedType):
            return
        if isinstance(u, BasicType) and u.is_string:
            if self.max is not None:
                raise VerifyException("a string cannot be sliced with a maximum")
            rules.same_underlying(under, result, t, "the result of slicing a string")
        elif isinstance(u, SliceType):
            rules.same_underlying(under, result, t, "the result of slicing a slice")
        else:
            array = under(u.elem) if isinstance(u, PtrType) else None
            if isinstance(array, NamedType):
                return
            if not isinstance(array, ArrayType):
                raise VerifyException(f"go.slice works on strings, slices and pointers to arrays, not {t}")
            rules.same_underlying(under, result, SliceType(array.elem), "the result of slicing an array")


@lazy_op_definition
class StructOp(GoDialectOp):
    """A struct value of all its fields."""

    name = "go.struct"

    fields = var_operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "`(` $fields `)` attr-dict `:` functional-type($fields, $result)"

    def check(self, under: Under) -> None:
        t = self.result.type
        u = rules.struct(under, t, "the result of go.struct")
        if u is None:
            return
        fields = u.fields.data
        given = self.fields
        if len(fields) != len(given):
            raise VerifyException(f"{t} has {len(fields)} fields, but {len(given)} are given")
        for field, value in zip(fields, given, strict=True):
            rules.same(value.type, field.type, f"field {field.field_name.data}")


@lazy_op_definition
class ExtractOp(GoDialectOp):
    """A field of a struct value."""

    name = "go.extract"

    value = operand_def(ANY)
    index = prop_def(IntegerAttr.constr(i64))
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "$value `[` $index `]` attr-dict `:` type($value) `->` type($result)"

    def check(self, under: Under) -> None:
        t = _field(under, self.value.type, self.index.value.data, "the operand of go.extract")
        rules.same(self.result.type, t, "the field's value")


@lazy_op_definition
class InsertOp(GoDialectOp):
    """A struct value with one field replaced."""

    name = "go.insert"

    value = operand_def(ANY)
    struct = operand_def(T)
    index = prop_def(IntegerAttr.constr(i64))
    result = result_def(T)

    traits = traits_def(Pure())

    assembly_format = "$value `,` $struct `[` $index `]` attr-dict `:` type($value) `,` type($result)"

    def check(self, under: Under) -> None:
        t = _field(under, self.result.type, self.index.value.data, "what go.insert changes")
        rules.same(self.value.type, t, "the field's new value")


OPS: list[type[Operation]] = [
    AllocOp, GlobalAddrOp, LoadOp, StoreOp, NilCheckOp, FieldAddrOp, IndexAddrOp, IndexOp, SliceOp, StructOp, ExtractOp,
    InsertOp,
]  # fmt: skip
