"""Ops of the go dialect on slices, strings, maps and interfaces, and print."""

from __future__ import annotations

from goir.dialects.go_base import ANY, GoDialectOp, MayPanic, Method, T
from goir.dialects.go_types import INT, INT32, MAP_ITER
from xdsl.dialects.builtin import StringAttr, UnitAttr, i1
from xdsl.ir import Operation
from xdsl.irdl import (
    irdl_op_definition,
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


@irdl_op_definition
class LenOp(GoDialectOp):
    """`len(x)` of a string, slice, map or channel"""

    name = "go.len"

    value = operand_def(ANY)
    result = result_def(INT)

    traits = traits_def(MemoryReadEffect())

    assembly_format = "$value attr-dict `:` type($value)"


@irdl_op_definition
class CapOp(GoDialectOp):
    """`cap(x)` of a slice or channel"""

    name = "go.cap"

    value = operand_def(ANY)
    result = result_def(INT)

    traits = traits_def(MemoryReadEffect())

    assembly_format = "$value attr-dict `:` type($value)"


@irdl_op_definition
class MakeSliceOp(GoDialectOp):
    """`make([]T, len, cap)`"""

    name = "go.make_slice"

    length = operand_def(ANY)
    capacity = operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(MayPanic())

    assembly_format = (
        "$length `,` $capacity attr-dict `:` type($length) `,` type($capacity) `->` type($result)"
    )


@irdl_op_definition
class AppendOp(GoDialectOp):
    """`append(s, t...)`"""

    name = "go.append"

    slice = operand_def(T)
    tail = operand_def(ANY)
    result = result_def(T)

    assembly_format = "$slice `,` $tail attr-dict `:` type($result) `,` type($tail)"


@irdl_op_definition
class AppendElemsOp(GoDialectOp):
    """`append(s, a, b, …)`"""

    name = "go.append_elems"

    slice = operand_def(T)
    values = var_operand_def(ANY)
    result = result_def(T)

    assembly_format = "$slice `(` $values `)` attr-dict `:` type($result) `,` `(` type($values) `)`"


@irdl_op_definition
class CopyOp(GoDialectOp):
    """`copy(dst, src)`"""

    name = "go.copy"

    destination = operand_def(ANY)
    source = operand_def(ANY)
    result = result_def(INT)

    assembly_format = "$destination `,` $source attr-dict `:` type($destination) `,` type($source)"


@irdl_op_definition
class ClearOp(GoDialectOp):
    """`clear(x)` of a map or slice"""

    name = "go.clear"

    container = operand_def(ANY)

    assembly_format = "$container attr-dict `:` type($container)"


@irdl_op_definition
class MakeMapOp(GoDialectOp):
    """`make(map[K]V, hint)`"""

    name = "go.make_map"

    hint = opt_operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(MemoryAllocEffect())

    assembly_format = "(`hint` $hint^ `:` type($hint))? attr-dict `:` type($result)"


@irdl_op_definition
class MapGetOp(GoDialectOp):
    """`m[k]`, with a second result `v, ok := m[k]`"""

    name = "go.map_get"

    map = operand_def(ANY)
    key = operand_def(ANY)
    value = result_def(ANY)
    ok = opt_result_def(i1)

    traits = traits_def(MayPanic())

    assembly_format = "$map `[` $key `]` attr-dict `:` type($map) `,` type($key) `->` type(results)"


@irdl_op_definition
class MapSetOp(GoDialectOp):
    """`m[k] = v`"""

    name = "go.map_set"

    map = operand_def(ANY)
    key = operand_def(ANY)
    value = operand_def(ANY)

    traits = traits_def(MayPanic())

    assembly_format = "$map `[` $key `]` `,` $value attr-dict `:` type($map) `,` type($key) `,` type($value)"


@irdl_op_definition
class MapDeleteOp(GoDialectOp):
    """`delete(m, k)`"""

    name = "go.map_delete"

    map = operand_def(ANY)
    key = operand_def(ANY)

    traits = traits_def(MayPanic())

    assembly_format = "$map `[` $key `]` attr-dict `:` type($map) `,` type($key)"


@irdl_op_definition
class MapIterOp(GoDialectOp):
    """Begins an iteration over a map."""

    name = "go.map_iter"

    map = operand_def(ANY)
    result = result_def(MAP_ITER)

    assembly_format = "$map attr-dict `:` type($map)"


@irdl_op_definition
class MapNextOp(GoDialectOp):
    """The next entry of an iteration, if there is one."""

    name = "go.map_next"

    iter = operand_def(MAP_ITER)
    ok = result_def(i1)
    key = result_def(ANY)
    value = result_def(ANY)

    assembly_format = "$iter attr-dict `:` type($key) `,` type($value)"


@irdl_op_definition
class StringNextOp(GoDialectOp):
    """The rune that begins at byte `index`, and where the next one begins."""

    name = "go.string_next"

    string = operand_def(ANY)
    index = operand_def(INT)
    rune = result_def(INT32)
    next = result_def(INT)

    traits = traits_def(Pure())

    assembly_format = "$string `,` $index attr-dict `:` type($string)"


@irdl_op_definition
class MakeInterfaceOp(GoDialectOp):
    """A concrete value as an interface."""

    name = "go.make_interface"

    value = operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "$value attr-dict `:` type($value) `->` type($result)"


@irdl_op_definition
class ConvertInterfaceOp(GoDialectOp):
    """An interface as a wider interface; nil stays nil."""

    name = "go.convert_interface"

    value = operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(Pure())

    assembly_format = "$value attr-dict `:` type($value) `->` type($result)"


@irdl_op_definition
class TypeAssertOp(GoDialectOp):
    """`x.(T)`, with a second result `v, ok := x.(T)`"""

    name = "go.type_assert"

    value = operand_def(ANY)
    result = result_def(ANY)
    ok = opt_result_def(i1)

    traits = traits_def(MayPanic())

    assembly_format = "$value attr-dict `:` type($value) `->` type(results)"


@irdl_op_definition
class BoundMethodOp(GoDialectOp):
    """The method value `x.M` of an interface."""

    name = "go.bound_method"

    value = operand_def(ANY)
    method = prop_def(StringAttr)
    pkg = prop_def(StringAttr, default_value=StringAttr(""))
    result = result_def(ANY)

    traits = traits_def(MayPanic())
    custom_directives = (Method,)

    assembly_format = (
        "$value custom<Method>($method, $pkg) attr-dict `:` type($value) `->` type($result)"
    )


@irdl_op_definition
class PrintOp(GoDialectOp):
    """The builtins print and println (`newline`)."""

    name = "go.print"

    args = var_operand_def(ANY)
    newline = opt_prop_def(UnitAttr)

    assembly_format = "(`newline` $newline^)? ($args^ `:` type($args))? attr-dict"


OPS: list[type[Operation]] = [
    LenOp, CapOp, MakeSliceOp, AppendOp, AppendElemsOp, CopyOp, ClearOp, MakeMapOp, MapGetOp, MapSetOp, MapDeleteOp,
    MapIterOp, MapNextOp, StringNextOp, MakeInterfaceOp, ConvertInterfaceOp, TypeAssertOp, BoundMethodOp, PrintOp,
]  # fmt: skip
