"""Ops of the go dialect on slices, strings, maps and interfaces, and print."""

from __future__ import annotations

from xdsl.dialects.builtin import StringAttr, UnitAttr, i1
from xdsl.ir import Attribute, Operation
from xdsl.irdl import (
    operand_def,
    opt_operand_def,
    opt_prop_def,
    opt_result_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import MemoryAllocEffect, MemoryReadEffect, Pure
from xdsl.utils.exceptions import VerifyException

from goir.dialects import go_rules as rules
from goir.dialects.go_base import ANY, GoDialectOp, MayPanic, Method, T, Under
from goir.dialects.go_types import (
    INT,
    INT32,
    MAP_ITER,
    ArrayType,
    BasicType,
    ChanType,
    InterfaceType,
    MapType,
    NamedType,
    SliceType,
    StructType,
)
from goir.dialects.lazy_format import lazy_op_definition


def _tail(under: Under, elem: Attribute | None, t: Attribute, what: str) -> None:
    """`t` must be a slice of the same elements, or a string for bytes."""
    u = under(t)
    if elem is None or isinstance(u, NamedType):
        return
    if isinstance(u, BasicType) and u.is_string:
        e = under(elem)
        ok = isinstance(e, NamedType) or (isinstance(e, BasicType) and e.kind == "uint8")
        if not ok:
            raise VerifyException(f"{what} can be a string only with bytes, not with {elem}")
    else:
        rules.same(rules.slice_elem(under, t, what) or elem, elem, f"an element of {what}")


@lazy_op_definition
class LenOp(GoDialectOp):
    """`len(x)` of a string, slice, map or channel"""

    name = "go.len"

    value = operand_def(ANY)
    result = result_def(INT)

    traits = traits_def(MemoryReadEffect())

    assembly_format = "$value attr-dict `:` type($value)"

    def check(self, under: Under) -> None:
        t = self.value.type
        u = under(t)
        ok = isinstance(u, SliceType | MapType | ChanType | NamedType) or (isinstance(u, BasicType) and u.is_string)
        if not ok:
            raise VerifyException(f"go.len works on strings, slices, maps and channels, not on {t}")


@lazy_op_definition
class CapOp(GoDialectOp):
    """`cap(x)` of a slice or channel"""

    name = "go.cap"

    value = operand_def(ANY)
    result = result_def(INT)

    traits = traits_def(MemoryReadEffect())

    assembly_format = "$value attr-dict `:` type($value)"

    def check(self, under: Under) -> None:
        t = self.value.type
        if not isinstance(under(t), SliceType | ChanType | NamedType):
            raise VerifyException(f"go.cap works on slices and channels, not on {t}")


@lazy_op_definition
class MakeSliceOp(GoDialectOp):
    """`make([]T, len, cap)`"""

    name = "go.make_slice"

    length = operand_def(ANY)
    capacity = operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(MayPanic())

    assembly_format = "$length `,` $capacity attr-dict `:` type($length) `,` type($capacity) `->` type($result)"

    def check(self, under: Under) -> None:
        rules.integer(under, self.length.type, "the length of go.make_slice")
        rules.integer(under, self.capacity.type, "the capacity of go.make_slice")
        rules.slice_elem(under, self.result.type, "the result of go.make_slice")


@lazy_op_definition
class AppendOp(GoDialectOp):
    """`append(s, t...)`"""

    name = "go.append"

    slice = operand_def(T)
    tail = operand_def(ANY)
    result = result_def(T)

    assembly_format = "$slice `,` $tail attr-dict `:` type($result) `,` type($tail)"

    def check(self, under: Under) -> None:
        elem = rules.slice_elem(under, self.slice.type, "what go.append appends to")
        _tail(under, elem, self.tail.type, "what go.append appends")


@lazy_op_definition
class AppendElemsOp(GoDialectOp):
    """`append(s, a, b, …)`"""

    name = "go.append_elems"

    slice = operand_def(T)
    values = var_operand_def(ANY)
    result = result_def(T)

    assembly_format = "$slice `(` $values `)` attr-dict `:` type($result) `,` `(` type($values) `)`"

    def check(self, under: Under) -> None:
        elem = rules.slice_elem(under, self.slice.type, "what go.append_elems appends to")
        for value in self.values:
            rules.same(value.type, elem, "an appended value")


@lazy_op_definition
class CopyOp(GoDialectOp):
    """`copy(dst, src)`"""

    name = "go.copy"

    destination = operand_def(ANY)
    source = operand_def(ANY)
    result = result_def(INT)

    assembly_format = "$destination `,` $source attr-dict `:` type($destination) `,` type($source)"

    def check(self, under: Under) -> None:
        elem = rules.slice_elem(under, self.destination.type, "the destination of go.copy")
        _tail(under, elem, self.source.type, "the source of go.copy")


@lazy_op_definition
class ClearOp(GoDialectOp):
    """`clear(x)` of a map or slice"""

    name = "go.clear"

    container = operand_def(ANY)

    assembly_format = "$container attr-dict `:` type($container)"

    def check(self, under: Under) -> None:
        t = self.container.type
        if not isinstance(under(t), SliceType | MapType | NamedType):
            raise VerifyException(f"go.clear works on maps and slices, not on {t}")


@lazy_op_definition
class MakeMapOp(GoDialectOp):
    """`make(map[K]V, hint)`"""

    name = "go.make_map"

    hint = opt_operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(MemoryAllocEffect())

    assembly_format = "(`hint` $hint^ `:` type($hint))? attr-dict `:` type($result)"

    def check(self, under: Under) -> None:
        rules.map_type(under, self.result.type, "the result of go.make_map")
        if self.hint is not None:
            rules.integer(under, self.hint.type, "the size hint of go.make_map")


@lazy_op_definition
class MapGetOp(GoDialectOp):
    """`m[k]`, with a second result `v, ok := m[k]`"""

    name = "go.map_get"

    map = operand_def(ANY)
    key = operand_def(ANY)
    value = result_def(ANY)
    ok = opt_result_def(i1)

    traits = traits_def(MayPanic())

    assembly_format = "$map `[` $key `]` attr-dict `:` type($map) `,` type($key) `->` type(results)"

    def check(self, under: Under) -> None:
        m = rules.map_type(under, self.map.type, "what go.map_get looks in")
        if m is not None:
            rules.same(self.key.type, m.key, "the key")
            rules.same(self.value.type, m.elem, "the element")


@lazy_op_definition
class MapSetOp(GoDialectOp):
    """`m[k] = v`"""

    name = "go.map_set"

    map = operand_def(ANY)
    key = operand_def(ANY)
    value = operand_def(ANY)

    traits = traits_def(MayPanic())

    assembly_format = "$map `[` $key `]` `,` $value attr-dict `:` type($map) `,` type($key) `,` type($value)"

    def check(self, under: Under) -> None:
        m = rules.map_type(under, self.map.type, "what go.map_set changes")
        if m is not None:
            rules.same(self.key.type, m.key, "the key")
            rules.same(self.value.type, m.elem, "the element")


@lazy_op_definition
class MapDeleteOp(GoDialectOp):
    """`delete(m, k)`"""

    name = "go.map_delete"

    map = operand_def(ANY)
    key = operand_def(ANY)

    traits = traits_def(MayPanic())

    assembly_format = "$map `[` $key `]` attr-dict `:` type($map) `,` type($key)"

    def check(self, under: Under) -> None:
        m = rules.map_type(under, self.map.type, "what go.map_delete changes")
        if m is not None:
            rules.same(self.key.type, m.key, "the key")


@lazy_op_definition
class MapIterOp(GoDialectOp):
    """Begins an iteration over a map."""

    name = "go.map_iter"

    map = operand_def(ANY)
    result = result_def(MAP_ITER)

    assembly_format = "$map attr-dict `:` type($map)"

    def check(self, under: Under) -> None:
        rules.map_type(under, self.map.type, "what go.map_iter iterates over")


@lazy_op_definition
class MapNextOp(GoDialectOp):
    """The next entry of an iteration, if there is one."""

    name = "go.map_next"

    iter = operand_def(MAP_ITER)
    ok = result_def(i1)
    key = result_def(ANY)
    value = result_def(ANY)

    assembly_format = "$iter attr-dict `:` type($key) `,` type($value)"

    def check(self, under: Under) -> None:
        rules.go_type(self.key.type, "a key")
        rules.go_type(self.value.type, "an element")
        begin = self.iter.owner
        if isinstance(begin, MapIterOp) and (m := rules.map_type(under, begin.map.type, "a map")) is not None:
            rules.same(self.key.type, m.key, "the key")
            rules.same(self.value.type, m.elem, "the element")


@lazy_op_definition
class StringNextOp(GoDialectOp):
    """The rune that begins at byte `index`, and where the next one begins."""

    name = "go.string_next"

    string = operand_def(ANY)
    index = operand_def(INT)
    rune = result_def(INT32)
    next = result_def(INT)

    traits = traits_def(Pure())

    assembly_format = "$string `,` $index attr-dict `:` type($string)"

    def check(self, under: Under) -> None:
        rules.string(under, self.string.type, "what go.string_next decodes")


@lazy_op_definition
class MakeInterfaceOp(GoDialectOp):
    """A concrete value as an interface."""

    name = "go.make_interface"

    value = operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "$value attr-dict `:` type($value) `->` type($result)"

    def check(self, under: Under) -> None:
        t = self.value.type
        rules.go_type(t, "the operand of go.make_interface")
        if isinstance(under(t), InterfaceType):
            raise VerifyException(f"{t} is an interface already: use go.convert_interface")
        rules.interface(under, self.result.type, "the result of go.make_interface")


@lazy_op_definition
class ConvertInterfaceOp(GoDialectOp):
    """An interface as a wider interface; nil stays nil."""

    name = "go.convert_interface"

    value = operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "$value attr-dict `:` type($value) `->` type($result)"

    def check(self, under: Under) -> None:
        source = rules.interface(under, self.value.type, "the operand of go.convert_interface")
        target = rules.interface(under, self.result.type, "the result of go.convert_interface")
        if source is not None and target is not None:
            m = rules.missing_method(source.methods.data, target.methods.data)
            if m is not None:
                raise VerifyException(f"{self.value.type} has no method {m and m.method_name.data}: use go.type_assert")


@lazy_op_definition
class TypeAssertOp(GoDialectOp):
    """`x.(T)`, with a second result `v, ok := x.(T)`"""

    name = "go.type_assert"

    value = operand_def(ANY)
    result = result_def(ANY)
    ok = opt_result_def(i1)

    traits = traits_def(MayPanic())

    assembly_format = "$value attr-dict `:` type($value) `->` type(results)"

    def check(self, under: Under) -> None:
        rules.interface(under, self.value.type, "the operand of go.type_assert")
        rules.go_type(self.result.type, "the result of go.type_assert")


@lazy_op_definition
class BoundMethodOp(GoDialectOp):
    """The method value `x.M` of an interface."""

    name = "go.bound_method"

    value = operand_def(ANY)
    method = prop_def(StringAttr)
    pkg = prop_def(StringAttr, default_value=StringAttr(""))
    result = result_def(ANY)

    traits = traits_def(MayPanic())
    custom_directives = (Method,)

    assembly_format = "$value custom<Method>($method, $pkg) attr-dict `:` type($value) `->` type($result)"

    def check(self, under: Under) -> None:
        m = rules.method(under, self.value.type, self.method.data, self.pkg.data)
        if m is not None:
            rules.same_underlying(under, self.result.type, m.type, f"the method value of {self.method.data}")


@lazy_op_definition
class PrintOp(GoDialectOp):
    """The builtins print and println (`newline`)."""

    name = "go.print"

    args = var_operand_def(ANY)
    newline = opt_prop_def(UnitAttr)

    assembly_format = "(`newline` $newline^)? `(` ($args^ `:` type($args))? `)` attr-dict"

    def check(self, under: Under) -> None:
        for value in self.args:
            rules.go_type(value.type, "what go.print prints")
            if isinstance(under(value.type), ArrayType | StructType):
                raise VerifyException(f"values of type {value.type} cannot be printed")


OPS: list[type[Operation]] = [
    LenOp, CapOp, MakeSliceOp, AppendOp, AppendElemsOp, CopyOp, ClearOp, MakeMapOp, MapGetOp, MapSetOp, MapDeleteOp,
    MapIterOp, MapNextOp, StringNextOp, MakeInterfaceOp, ConvertInterfaceOp, TypeAssertOp, BoundMethodOp, PrintOp,
]  # fmt: skip
