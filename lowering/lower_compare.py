"""go-to-llvm: `go.cmp` on every comparable type.

Scalars compare in place; strings by length and memcmp; interfaces by type word, then `runtime.efaceeq`; structs and
arrays field by field in order, stopping at the first difference; large ones through `runtime.typedequal` or memcmp.
"""

from __future__ import annotations

from typing import Final, cast

from xdsl.dialects.builtin import i1, i32, i64
from xdsl.dialects.llvm import LLVMFunctionType
from xdsl.ir import Block, SSAValue

from goir.dialects import go
from goir.dialects import llvm_ext as llvm
from goir.dialects.go_types import StructType
from goir.lowering.function_lowering import FunctionLowering, is_zero, lowers
from goir.lowering.layout import PTR, TypeLayout
from goir.lowering.lower_interfaces import type_word

_SIGNED: Final = {"lt": "slt", "le": "sle", "gt": "sgt", "ge": "sge", "eq": "eq", "ne": "ne"}
_UNSIGNED: Final = {"lt": "ult", "le": "ule", "gt": "ugt", "ge": "uge", "eq": "eq", "ne": "ne"}
_FLOAT: Final = {"lt": "olt", "le": "ole", "gt": "ogt", "ge": "oge", "eq": "oeq", "ne": "une"}
MEMCMP: Final = LLVMFunctionType([PTR, PTR, i64], i32)


@lowers(go.CmpOp)
def lower_cmp(f: FunctionLowering, op: go.CmpOp) -> None:
    layout = f.layout(op.lhs)
    predicate = op.predicate.data
    a, b = f.values[op.lhs], f.values[op.rhs]
    kind = layout.kind
    if layout.int_width or kind == "bool":
        table = _SIGNED if layout.signed else _UNSIGNED
        f.set(op, f.icmp(table[predicate], a, b))
        return
    if layout.float_width and kind.startswith("float"):
        f.set(op, f.fcmp(_FLOAT[predicate], a, b))
        return
    if kind == "string" and predicate not in ("eq", "ne"):
        order = f.runtime("runtime.cmpstring", a, b)[0]
        f.set(op, f.icmp(_SIGNED[predicate], order, f.int(0)))
        return
    if predicate not in ("eq", "ne"):
        raise f.error(f"values of type {layout.type} are not ordered")
    if is_zero(op.rhs) or is_zero(op.lhs):
        other = a if is_zero(op.rhs) else b
        if kind in ("interface", "slice"):
            f.set(op, f.icmp(predicate, f.extract(other, 0), f.null))
            return
        if kind == "string":
            f.set(op, f.icmp(predicate, f.extract(other, 1), f.int(0)))
            return
    result = equal(f, a, b, layout)
    f.set(op, result if predicate == "eq" else f.binary(llvm.XOrOp, result, f.bool(True)))


def equal(f: FunctionLowering, a: SSAValue, b: SSAValue, layout: TypeLayout) -> SSAValue:
    """Whether two values are equal, as i1."""
    if layout.pointer_shaped:
        return f.icmp("eq", a, b)
    if not layout.indirect:
        return _Chain(f).compare(a, b, layout)
    if f.module.descriptors.is_regular(layout.type):
        return _memory_equal(f, a, b, f.int(layout.size))
    may_panic = has_interface(layout)
    return f.runtime("runtime.typedequal", f.descriptor(layout.type), a, b, ignore_flag=not may_panic)[0]


def has_interface(layout: TypeLayout) -> bool:
    """Whether comparing or hashing values of a type may come to an interface."""
    if layout.kind == "array":
        assert layout.elem is not None
        return layout.length > 0 and has_interface(layout.elem)
    return layout.kind == "interface" or any(has_interface(x) for x in layout.fields)


def _memory_equal(f: FunctionLowering, a: SSAValue, b: SSAValue, size: SSAValue) -> SSAValue:
    f.module.declare_c("memcmp", MEMCMP)
    order = f.call_c("memcmp", (a, b, size), MEMCMP)
    return f.icmp("eq", cast(SSAValue, order), f.int(0, 32))


class _Chain:
    """Comparisons joined by "and": cheap ones without branches; before an expensive one, a branch out if they fail."""

    def __init__(self, f: FunctionLowering) -> None:
        self.f = f
        self.so_far: SSAValue | None = None
        self.end: Block | None = None

    def compare(self, a: SSAValue, b: SSAValue, layout: TypeLayout) -> SSAValue:
        """The whole comparison."""
        f = self.f
        self._visit(a, b, layout)
        result = self.so_far if self.so_far is not None else f.bool(True)
        if self.end is None:
            return result
        f.br(self.end, result)
        f.start(self.end)
        return self.end.args[0]

    def _and(self, condition: SSAValue) -> None:
        self.so_far = condition if self.so_far is None else self.f.binary(llvm.AndOp, self.so_far, condition)

    def _branch(self) -> None:
        """Leaves with "false" if something differed."""
        f = self.f
        if self.so_far is None:
            return
        if self.end is None:
            self.end = Block(arg_types=(i1,))
        following = Block()
        f.cond_br(self.so_far, following, self.end, (), (f.bool(False),))
        f.start(following)
        self.so_far = None

    def _visit(self, a: SSAValue, b: SSAValue, layout: TypeLayout) -> None:
        f = self.f
        if not layout.size:
            return
        kind = layout.kind
        if layout.int_width or kind == "bool" or layout.pointer_shaped:
            self._and(f.icmp("eq", a, b))
        elif kind in ("float32", "float64"):
            self._and(f.fcmp("oeq", a, b))
        elif kind in ("complex64", "complex128"):
            for i in range(2):
                self._and(f.fcmp("oeq", f.extract(a, i), f.extract(b, i)))
        elif kind == "string":
            length = f.extract(a, 1)
            self._and(f.icmp("eq", length, f.extract(b, 1)))
            self._branch()
            self._and(_memory_equal(f, f.extract(a, 0), f.extract(b, 0), length))
        elif kind == "interface":
            self._interface(a, b, layout)
        elif kind == "struct":
            fields = cast(StructType, layout.underlying).fields.data
            for i, (field, attr) in enumerate(zip(layout.fields, fields, strict=True)):
                if attr.field_name.data == "_":
                    continue
                if layout.positions is None:
                    if i == layout.sole:
                        self._visit(a, b, field)
                elif field.size:
                    at = layout.positions[i]
                    self._visit(f.extract(a, at), f.extract(b, at), field)
        elif kind == "array":
            assert layout.elem is not None
            if layout.length == 1:
                self._visit(a, b, layout.elem)
            else:
                for i in range(layout.length):
                    self._visit(f.extract(a, i), f.extract(b, i), layout.elem)
        else:
            raise f.error(f"values of type {layout.type} cannot be compared")

    def _interface(self, a: SSAValue, b: SSAValue, layout: TypeLayout) -> None:
        f = self.f
        type = type_word(f, a, layout)
        self._and(f.icmp("eq", type, type_word(f, b, layout)))
        self._branch()
        # Equal types: nil equals nil; else the data is compared.
        compare = Block()
        joined = Block(arg_types=(i1,))
        f.cond_br(f.icmp("eq", type, f.null), joined, compare, (f.bool(True),))
        f.start(compare)
        result = f.runtime("runtime.efaceeq", type, f.extract(a, 1), f.extract(b, 1))[0]
        f.br(joined, result)
        f.start(joined)
        self._and(joined.args[0])
