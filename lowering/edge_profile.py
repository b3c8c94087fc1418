"""Counts how often every edge of the control flow is taken: the profile of `goir build --edge-profile`.

    ^a: cf.cond_br %c, ^b, ^c      →      ^b: %p = &goir.edges[7];  xadd64(%p, 1)   …

A generic pass in the manner of LLVM's PGO instrumentation: it knows blocks, successors and one op that surely does
nothing but branch (`cf.br`). A counter stands at the start of the edge's target where no other edge leads there, else
before the source's `cf.br`, else in a block of its own. It works on functions of the go and of the coro level alike, and
on coroutines without knowing them: the edges of a suspension lead to where it goes on, so what counts them runs when
it goes on, on whichever thread; nothing can stand between the publication of a handle and the suspension
(docs/coro.md, "What the LLVM thread asked").

Counters are one array, incremented atomically. The program hands it, with a line of text for each counter, to the runtime
when it starts, which writes both to a file when it ends (runtime/edgeprofile.go).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from xdsl.context import Context
from xdsl.dialects import cf
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, StringAttr, SymbolRefAttr, i64
from xdsl.ir import Block, Operation, Region
from xdsl.passes import ModulePass

from goir.dialects import coro, go
from goir.dialects.go_base import location_of
from goir.dialects.go_types import INT, STRING, UINT64, UNSAFE_POINTER, ArrayType, PtrType
from goir.lowering.ir import START, UNIT, Functions, LoweringError, symbol_name
from goir.lowering.mark_source_edges import SOURCE
from goir.lowering.split_critical_edges import count_incoming, split_edge

COUNTERS: Final = "goir.edges"
_PRIVATE: Final = StringAttr("private")
_XADD: Final = StringAttr("xadd64")


def edge_profile(module: ModuleOp) -> None:
    """Adds counters to every function of `module` that has a body, and what makes them known to the runtime."""
    if any(isinstance(op, go.GlobalOp) and symbol_name(op) == COUNTERS for op in module.body.block.ops):
        return
    _Profile(module).run()


class _Profile:
    def __init__(self, module: ModuleOp) -> None:
        self.module = module
        self.names: list[str] = []
        self.places: list[tuple[Operation, int]] = []
        """Counters: the op before which it stands, and its number."""
        self.marked = any(
            block.last_op is not None and SOURCE in block.last_op.attributes
            for function in module.body.block.ops
            for region in function.regions
            for block in region.blocks
        )
        """Whether `mark-source-edges` has told the program's own branches from those that lowering makes."""

    def run(self) -> None:
        start: Operation | None = None
        for op in self.module.body.block.ops:
            if isinstance(op, go.FuncOp | coro.FuncOp):
                if symbol_name(op).removesuffix("$coro") == START and op.body.blocks.first is not None:
                    if start is None or isinstance(op, coro.FuncOp):
                        start = op
                elif op.body.blocks.first is not None and "wrapper" not in op.properties:
                    self.function(op, op.body)
        self.counters = ArrayType(len(self.names), UINT64)
        for anchor, number in self.places:
            self.count(anchor, number)
        block = self.module.body.block
        variable = go.GlobalOp.create(
            properties={"sym_name": StringAttr(COUNTERS), "type": self.counters, "sym_visibility": _PRIVATE}
        )
        first = block.first_op
        if first is None:
            block.add_op(variable)
        else:
            block.insert_op_before(variable, first)
        if start is not None:
            self.register(start)

    def function(self, op: Operation, region: Region) -> None:
        """Finds the edges of a function and places for their counters."""
        display = op.properties.get("display")
        name = display.data if isinstance(display, StringAttr) else symbol_name(op).removesuffix("$coro")
        entry = region.blocks.first
        assert entry is not None and entry.first_op is not None
        made = " made" if self.marked else ""
        self.place(entry.first_op, f"{name}\t{_position(op)}\tentry")
        incoming = count_incoming(region)
        for block in list(region.blocks):
            last = block.last_op
            if last is None:
                continue
            kind = "" if SOURCE in last.attributes else made
            for index, target in enumerate(last.successors):
                text = f"{name}\t{_position(last)} -> {_block_position(target)}\t{last.name} {index}{kind}"
                if incoming[target] == 1:
                    anchor = target.first_op
                    assert anchor is not None
                elif isinstance(last, cf.BranchOp):
                    anchor = last
                else:
                    anchor = split_edge(last, index).first_op
                    assert anchor is not None
                self.place(anchor, text)

    def place(self, anchor: Operation, text: str) -> None:
        self.places.append((anchor, len(self.names)))
        self.names.append(text)

    def count(self, anchor: Operation, number: int) -> None:
        """Adds one to a counter."""
        address = go.GlobalAddrOp.create(
            result_types=[PtrType(self.counters)], properties={"name": SymbolRefAttr(COUNTERS)}
        )
        index = _integer(number, INT)
        one = _integer(1, UINT64)
        counter = go.IndexAddrOp.create(
            operands=[address.results[0], index.results[0]],
            result_types=[PtrType(UINT64)],
            properties={"inbounds": UNIT},
        )
        add = go.IntrinsicOp.create(
            operands=[counter.results[0], one.results[0]], result_types=[UINT64], properties={"intrinsic": _XADD}
        )
        _insert(anchor, [address, index, counter, one, add])

    def register(self, start: Operation) -> None:
        """Tells the runtime about the counters when the program starts."""
        entry = start.regions[0].blocks.first
        assert entry is not None and entry.first_op is not None
        text = StringAttr("".join(name + "\n" for name in self.names))
        Functions(self.module).runtime("runtime.edgeprofile")
        address = go.GlobalAddrOp.create(
            result_types=[PtrType(self.counters)], properties={"name": SymbolRefAttr(COUNTERS)}
        )
        pointer = go.ConvertOp.create(operands=address.results, result_types=[UNSAFE_POINTER])
        number = _integer(len(self.names), INT)
        names = go.StringConstOp.create(result_types=[STRING], properties={"value": text})
        call = go.CallOp.create(
            operands=[pointer.results[0], number.results[0], names.results[0]],
            properties={"callee": SymbolRefAttr("runtime.edgeprofile")},
        )
        _insert(entry.first_op, [address, pointer, number, names, call])


def _integer(value: int, type: go.BasicType) -> Operation:
    return go.ConstantOp.create(result_types=[type], properties={"value": IntegerAttr(value, i64)})


def _insert(anchor: Operation, ops: list[Operation]) -> None:
    block = anchor.parent
    if block is None:
        raise LoweringError(anchor, "a block without ops has no edges")
    for op in ops:
        op.location = anchor.location
        block.insert_op_before(op, anchor)


def _position(op: Operation) -> str:
    where = location_of(op)
    return "?" if where is None else f"{where[0]}:{where[1]}:{where[2]}"


def _block_position(block: Block) -> str:
    """The position of the first op of a block that has one."""
    for op in block.ops:
        where = _position(op)
        if where != "?":
            return where
    return "?"


@dataclass(frozen=True)
class EdgeProfilePass(ModulePass):
    """Adds edge counters (see the module)."""

    name: ClassVar[str] = "edge-profile"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        edge_profile(op)
