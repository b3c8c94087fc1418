"""Small building blocks of the passes on go and coro IR: errors with a position, constructors, block surgery."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from xdsl.dialects import cf
from xdsl.dialects.builtin import DenseArrayBase, IntegerAttr, ModuleOp, StringAttr, SymbolRefAttr, UnitAttr, i32, i64
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue

from goir.dialects import go
from goir.dialects.go_base import location_of
from goir.dialects.go_types import (
    BOOL,
    COMPLEX64,
    COMPLEX128,
    EMPTY_INTERFACE,
    FLOAT32,
    FLOAT64,
    INT,
    INT32,
    INT64,
    STRING,
    UINT,
    UINT8,
    UINT64,
    UINTPTR,
    UNSAFE_POINTER,
    FuncType,
    SliceType,
)
from goir.lowering.runtime_calls import RUNTIME_FUNCTIONS


class LoweringError(Exception):
    """The program (or the IR given as input) cannot be lowered; says where it went wrong in the user's terms."""

    def __init__(self, op: Operation | None, message: str) -> None:
        self.position = location_of(op) if op is not None else None
        self.message = message
        where = "{}:{}:{}: ".format(*self.position) if self.position is not None else ""
        super().__init__(where + message)


START: Final = "goir.start"
"""The function that initialises a program's packages and calls main.main; the runtime calls it through its record."""
LIBRARY: Final = "goir.library"
"""Attribute of a module whose functions other programs use too: what callers rely on depends on them alone."""


HOLDS_TYPES: Final = "goir.holds_types"
"""Attribute of a module that holds the descriptors of its exported types for other modules: the runtime."""


def is_library(module: ModuleOp) -> bool:
    """Whether a module holds library functions that are compiled once for all programs."""
    return LIBRARY in module.attributes


def symbol_name(op: Operation) -> str:
    """`sym_name` of a symbol op."""
    name = op.properties["sym_name"]
    assert isinstance(name, StringAttr)
    return name.data


def referenced(op: Operation, key: str) -> str:
    """The name a symbol property of `op` refers to."""
    ref = op.properties[key]
    assert isinstance(ref, SymbolRefAttr)
    return ref.root_reference.data


def position_text(op: Operation) -> str:
    """` at x.go:12`, or nothing where the op has no position."""
    where = location_of(op)
    return f" at {where[0]}:{where[1]}" if where is not None else ""


def ops_of(op: Operation) -> Iterator[Operation]:
    """The ops of a function's body, in order of blocks. The op yielded last may be changed or erased."""
    for block in op.regions[0].blocks:
        yield from block.ops


# Functions ---------------------------------------------------------------------------------------------------------

_RUNTIME_TYPES: Final[dict[str, Attribute]] = {
    "ptr": UNSAFE_POINTER, "typ": UNSAFE_POINTER, "bool": BOOL, "int": INT, "uint": UINT, "int64": INT64,
    "uint64": UINT64, "uintptr": UINTPTR, "int32": INT32, "float64": FLOAT64, "float32": FLOAT32, "string": STRING,
    "any": EMPTY_INTERFACE, "[]byte": SliceType(UINT8), "[]int32": SliceType(INT32), "complex128": COMPLEX128,
    "complex64": COMPLEX64,
}  # fmt: skip
UNIT: Final = UnitAttr()


class Functions:
    """The `go.func`s of a module by name; declares runtime functions on demand."""

    def __init__(self, module: ModuleOp) -> None:
        self.module = module
        self.by_name: dict[str, go.FuncOp] = {
            symbol_name(op): op for op in module.body.block.ops if isinstance(op, go.FuncOp)
        }

    def add(self, op: go.FuncOp) -> None:
        """Appends a new function to the module."""
        self.by_name[symbol_name(op)] = op
        self.module.body.block.add_op(op)

    def runtime(self, name: str) -> go.FuncOp:
        """The runtime function `name` ("runtime.chanrecv"); declared from the table if the module does not know it."""
        op = self.by_name.get(name)
        if op is None:
            function = RUNTIME_FUNCTIONS[name]
            properties: dict[str, Attribute] = {
                "sym_name": StringAttr(name),
                "function_type": FuncType(
                    [_RUNTIME_TYPES[p] for p in function.params], [_RUNTIME_TYPES[r] for r in function.results]
                ),
            }
            if function.may_panic:
                properties["may_panic"] = UNIT
            op = go.FuncOp.create(properties=properties, regions=[Region()])
            self.add(op)
        return op


class Builder:
    """Inserts ops before `anchor`, all with one location."""

    __slots__ = ("anchor", "block", "functions", "location")

    def __init__(self, functions: Functions, anchor: Operation) -> None:
        block = anchor.parent
        assert block is not None
        self.functions = functions
        self.anchor = anchor
        self.block = block
        self.location = anchor.location

    def insert(self, op: Operation) -> Operation:
        """Places `op` before the anchor."""
        op.location = self.location
        self.block.insert_op_before(op, self.anchor)
        return op

    def value(self, op: Operation) -> SSAValue:
        """Places `op` and answers its first result."""
        return self.insert(op).results[0]

    def int(self, value: int, type: Attribute = INT) -> SSAValue:
        """An integer (or bool) constant."""
        attr = IntegerAttr(value, BOOL if type == BOOL else i64)
        return self.value(go.ConstantOp.create(result_types=[type], properties={"value": attr}))

    def convert(self, value: SSAValue, type: Attribute) -> SSAValue:
        """`value` as `type`."""
        if value.type == type:
            return value
        return self.value(go.ConvertOp.create(operands=[value], result_types=[type]))

    def call_runtime(self, name: str, args: Sequence[SSAValue]) -> Operation:
        """Calls a runtime function. Pointers are converted to what its declaration wants, its results to what the
        table of runtime calls says."""
        callee = self.functions.runtime(name)
        signature = callee.function_type
        converted = [self.convert(a, t) for a, t in zip(args, signature.params.data, strict=True)]
        return self.insert(
            go.CallOp.create(
                operands=converted,
                result_types=signature.results.data,
                properties={"callee": SymbolRefAttr(name)},
            )
        )


# Blocks ------------------------------------------------------------------------------------------------------------


def branch(target: Block, args: Sequence[SSAValue] = (), location: Attribute | None = None) -> Operation:
    """`cf.br ^target(args)`"""
    op = cf.BranchOp.create(operands=args, successors=[target])
    if location is not None:
        op.location = location  # pyright: ignore[reportAttributeAccessIssue]
    return op


def cond_branch(
    condition: SSAValue,
    then: Block,
    otherwise: Block,
    then_args: Sequence[SSAValue] = (),
    else_args: Sequence[SSAValue] = (),
    location: Attribute | None = None,
) -> Operation:
    """`cf.cond_br %condition, ^then(…), ^otherwise(…)`"""
    op = cf.ConditionalBranchOp.create(
        operands=[condition, *then_args, *else_args],
        properties={"operandSegmentSizes": DenseArrayBase.from_list(i32, [1, len(then_args), len(else_args)])},
        successors=[then, otherwise],
    )
    if location is not None:
        op.location = location  # pyright: ignore[reportAttributeAccessIssue]
    return op


def split_after(op: Operation, arg_types: Sequence[Attribute] = ()) -> Block:
    """Moves the ops after `op` to a new block behind this one, and answers it. `op`'s block ends with `op`.

    Passes that split often go backwards through a block: then every op moves once.
    """
    block = op.parent
    assert block is not None and block.parent is not None
    rest = Block(arg_types=arg_types)
    block.parent.insert_block_after(rest, block)
    following = op.next_op
    if following is not None:
        moved: list[Operation] = []
        while following is not None:
            moved.append(following)
            following = following.next_op
        for each in moved:
            each.detach()
        rest.add_ops(moved)
    return rest


def new_block_after(block: Block, arg_types: Sequence[Attribute] = ()) -> Block:
    """An empty block behind `block`."""
    assert block.parent is not None
    fresh = Block(arg_types=arg_types)
    block.parent.insert_block_after(fresh, block)
    return fresh


def dominates(a: Operation, b: Operation) -> bool:
    """Whether every path to `b` from where the function begins leads through `a`."""
    block, target = a.parent, b.parent
    assert block is not None and block.parent is not None
    if block is target:
        return a.is_before_in_block(b)
    work = [block.parent.blocks[0]]
    seen = {block}
    while work:
        here = work.pop()
        if here in seen:
            continue
        if here is target:
            return False
        seen.add(here)
        for op in here.ops:
            work.extend(op.successors)
    return True


def constant_int(value: SSAValue) -> int | None:
    """The integer that a value of the go dialect is known to be."""
    match value.owner:
        case go.ConstantOp(value=IntegerAttr() as attr):
            return attr.value.data
        case go.ZeroOp():
            return 0
        case _:
            return None
