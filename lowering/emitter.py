"""Emits llvm-dialect ops into fresh blocks of one function.

Constants, addresses of globals and allocas are shared by the whole function: they go to the start of its entry block.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from xdsl.dialects.builtin import FloatAttr, IntegerType, LocationAttr, StringAttr, i1, i8
from xdsl.dialects.llvm import LLVMArrayType, LLVMFunctionType, LLVMStructType
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.utils.hints import isa

from goir.dialects import llvm_ext as llvm
from goir.dialects.fast_ops import append, new_op
from goir.lowering.layout import PTR

COLD: Final = (1, 100000)
"""Branch weights: the first successor is almost never taken."""
_FALSE: Final = llvm.int_attr(0, 1)
_NONE: Final[dict[str, Attribute]] = {}
_NOT_VOLATILE: Final[dict[str, Attribute]] = {"isVolatile": _FALSE}


class Emitter:
    """A position (block, source location) and the ops that can be placed there."""

    def __init__(self) -> None:
        self.block = Block()
        self.blocks: list[Block] = [self.block]
        self.cold: list[Block] = []
        self.location: LocationAttr
        self.prelude: list[Operation] = []
        self._ints: dict[tuple[int, int], SSAValue] = {}
        self._shared: dict[object, SSAValue] = {}

    # Placing ops -----------------------------------------------------------------------------------------------------

    def add(self, op: Operation) -> Operation:
        """Places an op at the end of the current block."""
        op.location = self.location
        self.block.add_op(op)
        return op

    def value(
        self,
        cls: type[Operation],
        operands: Sequence[SSAValue],
        type: Attribute,
        properties: Mapping[str, Attribute] = _NONE,
    ) -> SSAValue:
        """Places an op with one result and answers it."""
        op = new_op(cls, operands, (type,), properties, self.location)
        append(self.block, op)
        return op.results[0]

    def effect(
        self, cls: type[Operation], operands: Sequence[SSAValue], properties: Mapping[str, Attribute] = _NONE
    ) -> None:
        """Places an op without results."""
        append(self.block, new_op(cls, operands, (), properties, self.location))

    def _share(
        self, key: object, cls: type[Operation], type: Attribute, properties: Mapping[str, Attribute]
    ) -> SSAValue:
        found = self._shared.get(key)
        if found is None:
            op = new_op(cls, (), (type,), properties, self.location)
            self.prelude.append(op)
            found = self._shared[key] = op.results[0]
        return found

    # Blocks ----------------------------------------------------------------------------------------------------------

    def new_block(self, arg_types: Sequence[Attribute] = ()) -> Block:
        """A block for `start`."""
        return Block(arg_types=arg_types)

    def start(self, block: Block) -> None:
        """Goes on in `block`, which comes next in the function."""
        self.blocks.append(block)
        self.block = block

    def start_cold(self, block: Block) -> None:
        """Goes on in `block`, which comes at the end of the function."""
        self.cold.append(block)
        self.block = block

    def br(self, block: Block, *args: SSAValue) -> None:
        """Ends the block with a branch."""
        self.add(llvm.br(block, *args))

    def cond_br(
        self,
        condition: SSAValue,
        then: Block,
        other: Block,
        then_args: Sequence[SSAValue] = (),
        else_args: Sequence[SSAValue] = (),
        weights: tuple[int, int] | None = None,
    ) -> None:
        """Ends the block with a conditional branch."""
        self.add(llvm.cond_br(condition, then, other, then_args, else_args, weights))

    # Constants -------------------------------------------------------------------------------------------------------

    def int(self, value: int, width: int = 64) -> SSAValue:
        """An integer constant, wrapped to its width."""
        key = (value, width)
        found = self._ints.get(key)
        if found is None:
            attr = llvm.int_attr(value, width)
            op = new_op(llvm.ConstantOp, (), (attr.type,), {"value": attr}, self.location)
            self.prelude.append(op)
            found = self._ints[key] = op.results[0]
        return found

    def bool(self, value: bool) -> SSAValue:
        """true or false."""
        return self.int(int(value), 1)

    def float(self, value: float, type: Attribute) -> SSAValue:
        """A floating-point constant."""
        key = (value.hex(), type)
        found = self._shared.get(key)
        if found is None:
            attr = FloatAttr(value, type)  # pyright: ignore[reportArgumentType, reportCallIssue]
            found = self._share(key, llvm.ConstantOp, type, {"value": attr})
        return found

    def zero(self, type: Attribute) -> SSAValue:
        """The zero of any type; null."""
        return self._share(("zero", type), llvm.ZeroOp, type, _NONE)

    @property
    def null(self) -> SSAValue:
        """The null pointer."""
        return self.zero(PTR)

    def poison(self, type: Attribute) -> SSAValue:
        """poison of any type."""
        return self._share(("poison", type), llvm.PoisonOp, type, _NONE)

    def address(self, symbol: str) -> SSAValue:
        """The address of a global or function."""
        return self._share(symbol, llvm.AddressOfOp, PTR, {"global_name": llvm.symbol(symbol)})

    # Memory ----------------------------------------------------------------------------------------------------------

    def alloca(self, type: Attribute, align: int = 8) -> SSAValue:
        """A variable in the frame; not initialised."""
        properties = {"elem_type": type, "alignment": llvm.ALIGN[align]}
        op = new_op(llvm.AllocaOp, (self.int(1),), (PTR,), properties, self.location)
        self.prelude.append(op)
        return op.results[0]

    def alloca_bytes(self, size: int, align: int = 8) -> SSAValue:
        """Memory in the frame; not initialised."""
        return self.alloca(LLVMArrayType(size, i8), align)

    def temporary(self, type: Attribute, align: int = 8) -> SSAValue:
        """Memory in the frame until `release`: temporaries share it, and a coroutine's frame need not have it."""
        pointer = self.alloca(type, align)
        self.effect(llvm.LifetimeStartOp, (pointer,))
        return pointer

    def release(self, pointer: SSAValue) -> None:
        """Ends the life of a `temporary`."""
        self.effect(llvm.LifetimeEndOp, (pointer,))

    def load(self, type: Attribute, pointer: SSAValue) -> SSAValue:
        """`*pointer`"""
        return self.value(llvm.LoadOp, (pointer,), type)

    def store(self, value: SSAValue, pointer: SSAValue) -> None:
        """`*pointer = value`"""
        self.effect(llvm.StoreOp, (value, pointer))

    def offset(self, pointer: SSAValue, offset: int) -> SSAValue:
        """`pointer` plus a constant number of bytes."""
        if not offset:
            return pointer
        if offset > _MAX_GEP_CONSTANT:
            return self.element(pointer, i8, self.int(offset, 64))
        return self.value(
            llvm.GEPOp,
            (pointer,),
            PTR,
            {"elem_type": i8, "rawConstantIndices": llvm.i32s(offset), "noWrapFlags": llvm.INBOUNDS},
        )

    def element(self, pointer: SSAValue, type: Attribute, index: SSAValue) -> SSAValue:
        """`&pointer[index]`, elements of LLVM type `type`."""
        return self.value(llvm.GEPOp, (pointer, index), PTR, _element_properties(type))

    def copy(self, target: SSAValue, source: SSAValue, size: int | SSAValue) -> None:
        """memmove"""
        count = self.int(size) if isinstance(size, int) else size
        self.effect(llvm.MemmoveOp, (target, source, count), _NOT_VOLATILE)

    def copy_fresh(self, target: SSAValue, source: SSAValue, size: int) -> None:
        """memcpy: the two do not overlap."""
        self.effect(llvm.MemcpyOp, (target, source, self.int(size)), _NOT_VOLATILE)

    def clear(self, target: SSAValue, size: int | SSAValue) -> None:
        """Sets memory to zero."""
        count = self.int(size) if isinstance(size, int) else size
        self.effect(llvm.MemsetOp, (target, self.int(0, 8), count), _NOT_VOLATILE)

    # Values ----------------------------------------------------------------------------------------------------------

    def extract(self, value: SSAValue, *position: int) -> SSAValue:
        """Part of an aggregate."""
        op = value.owner
        # What was just put together need not be taken apart again.
        while len(position) == 1 and isinstance(op, llvm.InsertValueOp):
            at = llvm.ints(op.properties["position"])
            if at == position:
                return op.operands[1]
            if len(at) != 1:
                break
            op = op.operands[0].owner
        type = value.type
        for index in position:
            if isinstance(type, LLVMStructType):
                type = type.types.data[index]
            else:
                assert isinstance(type, LLVMArrayType)
                type = type.type
        return self.value(llvm.ExtractValueOp, (value,), type, {"position": llvm.i64s(*position)})

    def insert(self, aggregate: SSAValue, part: SSAValue, *position: int) -> SSAValue:
        """An aggregate with one part replaced."""
        return self.value(llvm.InsertValueOp, (aggregate, part), aggregate.type, {"position": llvm.i64s(*position)})

    def aggregate(self, type: Attribute, parts: Sequence[SSAValue]) -> SSAValue:
        """A struct of its parts."""
        result = self.poison(type)
        for index, part in enumerate(parts):
            result = self.insert(result, part, index)
        return result

    def icmp(self, predicate: str, a: SSAValue, b: SSAValue) -> SSAValue:
        """Compares integers or pointers."""
        return self.value(llvm.ICmpOp, (a, b), i1, _ICMP[predicate])

    def fcmp(self, predicate: str, a: SSAValue, b: SSAValue) -> SSAValue:
        """Compares floating-point numbers."""
        return self.value(llvm.FCmpOp, (a, b), i1, _FCMP[predicate])

    def select(self, condition: SSAValue, a: SSAValue, b: SSAValue) -> SSAValue:
        """`condition ? a : b`"""
        return self.value(llvm.SelectOp, (condition, a, b), a.type)

    def binary(self, cls: type[Operation], a: SSAValue, b: SSAValue) -> SSAValue:
        """An op of two operands whose result has their type."""
        return self.value(cls, (a, b), a.type)

    def add_int(self, a: SSAValue, b: SSAValue) -> SSAValue:
        """`a + b`, wrapping."""
        return self.value(llvm.AddOp, (a, b), a.type)

    def sub_int(self, a: SSAValue, b: SSAValue) -> SSAValue:
        """`a - b`, wrapping."""
        return self.value(llvm.SubOp, (a, b), a.type)

    def mul_int(self, a: SSAValue, b: SSAValue) -> SSAValue:
        """`a * b`, wrapping."""
        return self.value(llvm.MulOp, (a, b), a.type)

    def resize(self, value: SSAValue, width: int, signed: bool) -> SSAValue:
        """An integer as one of another width."""
        type = value.type
        assert isa(type, IntegerType)
        have = type.width.data
        if have == width:
            return value
        cls = llvm.TruncOp if have > width else llvm.SExtOp if signed else llvm.ZExtOp
        return self.value(cls, (value,), llvm.int_attr(0, width).type)

    # Calls -----------------------------------------------------------------------------------------------------------

    def call(
        self,
        callee: str | SSAValue,
        args: Sequence[SSAValue],
        type: LLVMFunctionType,
        properties: Mapping[str, Attribute],
    ) -> SSAValue | None:
        """Calls a function by name or pointer."""
        output = type.output
        results = () if isinstance(output, llvm.LLVMVoidType) else (output,)
        if isinstance(callee, str):
            properties = {"callee": llvm.symbol(callee), **properties}
        else:
            args = (callee, *args)
        op = new_op(llvm.CallOp, args, results, properties, self.location)
        append(self.block, op)
        return op.results[0] if results else None

    def call_c(self, callee: str, args: Sequence[SSAValue], type: LLVMFunctionType) -> SSAValue | None:
        """Calls a C function."""
        return self.call(callee, args, type, _NONE)

    def intrinsic(self, name: str, args: Sequence[SSAValue], result: Attribute | None = None) -> SSAValue | None:
        """Calls an LLVM intrinsic that has no op."""
        op = llvm.CallIntrinsicOp.create(
            operands=args, result_types=() if result is None else (result,), properties={"intrin": StringAttr(name)}
        )
        self.add(op)
        return op.results[0] if result is not None else None


_ICMP: Final[dict[str, dict[str, Attribute]]] = {k: {"predicate": v} for k, v in llvm.ICMP.items()}
_FCMP: Final[dict[str, dict[str, Attribute]]] = {k: {"predicate": v} for k, v in llvm.FCMP.items()}
_ELEMENT: Final[dict[Attribute, dict[str, Attribute]]] = {}
_MAX_GEP_CONSTANT: Final = (1 << 31) - 1
"""The largest constant index that `llvm.getelementptr` takes (negative ones mark operands)."""


def _element_properties(type: Attribute) -> dict[str, Attribute]:
    found = _ELEMENT.get(type)
    if found is None:
        found = _ELEMENT[type] = {
            "elem_type": type,
            "rawConstantIndices": llvm.i32s(llvm.GEP_DYNAMIC),
            "noWrapFlags": llvm.INBOUNDS,
        }
    return found
