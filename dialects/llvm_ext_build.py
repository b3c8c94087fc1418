"""Helpers that build what is tedious in the llvm dialect: branches with segments, arg_attrs, initializers of
globals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias

from xdsl.dialects.builtin import (
    ArrayAttr,
    BytesAttr,
    DenseArrayBase,
    DictionaryAttr,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    StringAttr,
    SymbolRefAttr,
    UnitAttr,
    UnknownLoc,
    i8,
    i32,
    i64,
)
from xdsl.dialects.llvm import InsertValueOp as _InsertValueOp
from xdsl.dialects.llvm import LLVMArrayType, LLVMFunctionType, LLVMPointerType, LLVMStructType, TruncOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue

from goir.dialects.fast_ops import append, new_op
from goir.dialects.llvm_ext_ops import (
    ALIGN,
    CCONV,
    LINKAGE,
    PTR,
    UNIT,
    AddressOfOp,
    BrOp,
    CondBrOp,
    ConstantOp,
    FuncOp,
    GEPOp,
    GlobalOp,
    PtrToIntOp,
    ReturnOp,
    SwitchOp,
    UndefOp,
    ZeroOp,
    switch_properties,
    width_of,
)


@cache
def i32s(*values: int) -> DenseArrayBase[Any]:
    """`array<i32: …>`, interned (operandSegmentSizes, rawConstantIndices, branch_weights)."""
    return DenseArrayBase.from_list(i32, values)


@cache
def i64s(*values: int) -> DenseArrayBase[Any]:
    """`array<i64: …>`, interned (position of extractvalue and insertvalue)."""
    return DenseArrayBase.from_list(i64, values)


@cache
def int_attr(value: int, width: int = 64) -> IntegerAttr[Any]:
    """An interned IntegerAttr; values of any size are wrapped to the width."""
    half = 1 << (width - 1)
    if width > 1 and not -half <= value < 2 * half:
        value = (value + half) % (2 * half) - half
    return IntegerAttr(value, IntegerType(width), truncate_bits=True)


_NO_NAMES: ArrayAttr[StringAttr] = ArrayAttr(())


@cache
def symbol(name: str) -> SymbolRefAttr:
    """An interned `@name`."""
    return SymbolRefAttr.new((StringAttr(name), _NO_NAMES))


_EMPTY = DictionaryAttr({})
_NEST = DictionaryAttr({"llvm.nest": UnitAttr()})


@cache
def nest_last(count: int) -> ArrayAttr[Any]:
    """arg_attrs of a function or call with `count` parameters of which the last is `nest`."""
    return ArrayAttr([_EMPTY] * (count - 1) + [_NEST])


NO_TAIL_CALLS: Final = ("disable-tail-calls", "true")
"""Item of `passthrough`: traces show every call that the function makes, so none becomes a jump, nor are two merged."""


@cache
def passthrough(*items: str | tuple[str, str]) -> ArrayAttr[Any]:
    """`passthrough` of llvm.func: names, or (name, value)."""
    return ArrayAttr(
        [StringAttr(x) if isinstance(x, str) else ArrayAttr([StringAttr(x[0]), StringAttr(x[1])]) for x in items]
    )


def br(block: Block, *args: SSAValue) -> BrOp:
    """`llvm.br ^block(args)`."""
    return BrOp.create(operands=args, successors=(block,))


def cond_br(
    cond: SSAValue,
    then: Block,
    other: Block,
    then_args: Sequence[SSAValue] = (),
    else_args: Sequence[SSAValue] = (),
    weights: tuple[int, int] | None = None,
) -> CondBrOp:
    """`llvm.cond_br %cond, ^then(…), ^other(…)`."""
    props: dict[str, Attribute] = {"operandSegmentSizes": i32s(1, len(then_args), len(else_args))}
    if weights is not None:
        props["branch_weights"] = i32s(*weights)
    return CondBrOp.create(operands=(cond, *then_args, *else_args), properties=props, successors=(then, other))


def switch(
    value: SSAValue,
    default: Block,
    cases: Sequence[tuple[int, Block, Sequence[SSAValue]]],
    default_args: Sequence[SSAValue] = (),
    weights: Sequence[int] | None = None,
) -> SwitchOp:
    """`llvm.switch`; weights: default first."""
    props = switch_properties(value.type, len(default_args), [(v, len(a)) for v, _, a in cases])
    if weights is not None:
        props["branch_weights"] = i32s(*weights)
    return SwitchOp.create(
        operands=[value, *default_args, *(x for _, _, a in cases for x in a)],
        properties=props,
        successors=[default, *(b for _, b, _ in cases)],
    )


def func(
    name: str,
    type: LLVMFunctionType,
    *,
    linkage: str = "external",
    cconv: str = "ccc",
    nest: bool = False,
    attrs: Sequence[str | tuple[str, str]] = (),
    region: Region | None = None,
    properties: Mapping[str, Attribute] = {},
) -> FuncOp:
    """An `llvm.func`; nest: its last parameter is the closure record; attrs: LLVM function attributes."""
    props: dict[str, Attribute] = {"sym_name": StringAttr(name), "function_type": type, **properties}
    if linkage != "external":
        props["linkage"] = LINKAGE[linkage]
    if cconv != "ccc":
        props["CConv"] = CCONV[cconv]
    if nest:
        props["arg_attrs"] = nest_last(len(type.inputs.data))
    if attrs:
        props["passthrough"] = passthrough(*attrs)
    return FuncOp.create(properties=props, regions=(region if region is not None else Region(),))


# --------------------------------------------------------------------------------------------------------------------
# Initial values of globals


class Address(NamedTuple):
    """The address of a symbol, plus a number of bytes."""

    name: str
    offset: int = 0


class Offset32(NamedTuple):
    """The low 32 bits of a symbol's address: name, type and text offsets of type descriptors."""

    name: str
    offset: int = 0


Value: TypeAlias = "int | float | bytes | str | Address | Offset32 | Sequence[Value] | None"
"""What `initializer` takes: an integer or float; bytes (an array of i8); a symbol's name or Address (pointer);
Offset32 (i32);
None (zero of any type); a sequence (struct or array)."""


_NOTHING: Mapping[str, Attribute] = {}
_NOWHERE = UnknownLoc()


class _Builder:
    def __init__(self) -> None:
        self.block = Block()

    def add(
        self,
        cls: type[Operation],
        operands: Sequence[SSAValue],
        type: Attribute,
        properties: Mapping[str, Attribute] = _NOTHING,
    ) -> SSAValue:
        op = new_op(cls, operands, (type,), properties, _NOWHERE)
        append(self.block, op)
        return op.results[0]

    def address(self, name: str, offset: int) -> SSAValue:
        base = self.add(AddressOfOp, (), PTR, {"global_name": symbol(name)})
        if not offset:
            return base
        return self.add(GEPOp, (base,), PTR, {"rawConstantIndices": i32s(offset), "elem_type": i8})

    def value(self, value: Value, type: Attribute) -> SSAValue:
        if value is None:
            return self.add(ZeroOp, (), type)
        constant = constant_attr(value, type)
        if constant is not None:
            return self.add(ConstantOp, (), type, {"value": constant})
        if isinstance(value, str):
            return self.address(value, 0)
        if isinstance(value, Address):
            return self.address(value.name, value.offset)
        if isinstance(value, Offset32):
            wide = self.add(PtrToIntOp, (self.address(value.name, value.offset),), i64)
            return self.add(TruncOp, (wide,), i32)
        assert isinstance(value, Sequence), f"{value!r} cannot be the initial value of {type}"
        elements = element_types(type)
        assert len(elements) == len(value), f"{len(value)} values for {type}"
        aggregate = self.add(UndefOp, (), type)
        for i, (element, element_type) in enumerate(zip(value, elements, strict=True)):
            part = self.value(element, element_type)  # type: ignore[arg-type]
            aggregate = self.add(_InsertValueOp, (aggregate, part), type, {"position": i64s(i)})
        return aggregate


def element_types(type: Attribute) -> Sequence[Attribute]:
    """The types of the elements of a struct or array type."""
    if isinstance(type, LLVMStructType):
        return type.types.data
    assert isinstance(type, LLVMArrayType), f"{type} is no aggregate"
    return (type.type,) * type.size.data


def constant_attr(value: Value, type: Attribute) -> Attribute | None:
    """The attribute of a constant without addresses, or None."""
    if isinstance(value, bytes):
        return BytesAttr(value)
    if isinstance(value, int):
        if width := width_of(type):
            return int_attr(value, width)
        return None if isinstance(type, LLVMPointerType) else FloatAttr(float(value), type)  # type: ignore[arg-type]
    if isinstance(value, float):
        return FloatAttr(value, type)  # type: ignore[arg-type]
    if isinstance(value, list | tuple) and not isinstance(value, Address | Offset32):
        parts: list[Attribute] = []
        for element, element_type in zip(value, element_types(type), strict=True):
            # Strings are no elements of array attributes upstream.
            if element is None or isinstance(element, bytes):
                return None
            part = constant_attr(element, element_type)
            if part is None:
                return None
            parts.append(part)
        return ArrayAttr(parts)
    return None


def initializer(value: Value, type: Attribute) -> Region:
    """The initializer region of a global of that type."""
    builder = _Builder()
    result = builder.value(value, type)
    append(builder.block, ReturnOp.create(operands=(result,)))
    return Region(builder.block)


def global_(
    name: str,
    type: Attribute,
    value: Value = None,
    *,
    linkage: str = "internal",
    constant: bool = False,
    external: bool = False,
    align: int | None = None,
    section: str | None = None,
    unnamed_addr: bool = False,
) -> GlobalOp:
    """An `llvm.mlir.global`; external: declared only."""
    props: dict[str, Attribute] = {"sym_name": StringAttr(name), "global_type": type}
    if external:
        region = Region()
    else:
        props["linkage"] = LINKAGE[linkage]
        attr = constant_attr(value, type)
        if attr is not None and not isinstance(attr, ArrayAttr):
            props["value"] = attr
            region = Region()
        else:
            region = initializer(value, type)
    if constant:
        props["constant"] = UNIT
    if align is not None:
        props["alignment"] = ALIGN[align]
    if section is not None:
        props["section"] = StringAttr(section)
    if unnamed_addr:
        props["unnamed_addr"] = int_attr(2)
    return GlobalOp.create(properties=props, regions=(region,))
