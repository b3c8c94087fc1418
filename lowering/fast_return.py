"""The part of a coroutine that may return before there is a frame (used by coro-to-llvm).

    entry:  br ^fast                                     entry:  …
    ^fast:  a copy of the blocks that lead to a return      ^fast:  %free = …
            without waiting for anything; every way out             cond_br %free, ^taken, ^start
            of them goes to ^start                          ^taken: results into the slot; return null
    ^start: coro.id, coro.begin; the body, from its         ^start: coro.id …
            beginning

`sync.Mutex.Lock` of a free lock and `bufio.Reader.ReadByte` of a full buffer then cost what a plain call does, wherever
they are compiled. As the body begins again after a way out, the copy has no effect up to there but such as are the same
when they happen twice: constants that are stored, by an address that depends on parameters only, where nothing was
loaded before. A compare and swap that failed had none, nor has a call of a function that only reads and did not panic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from xdsl.dialects.builtin import DenseArrayBase, SymbolRefAttr
from xdsl.dialects.llvm import LLVMStructType
from xdsl.ir import Block, BlockArgument, Operation, SSAValue

from goir.dialects import coro
from goir.dialects import llvm_ext as llvm
from goir.lowering.cfg import reverse_postorder
from goir.lowering.layout import size_and_align

MAX_OPS: Final = 150
"""Ops of the blocks that are looked at; fewer are copied."""

MAX_CALLED: Final = 60
"""Ops of functions that are looked at because they are called."""
_PANICS: Final = "runtime.panic"

_WITHOUT_EFFECT: Final = frozenset({
    llvm.AddOp, llvm.AndOp, llvm.AShrOp, llvm.ExtractValueOp, llvm.InsertValueOp, llvm.LShrOp, llvm.MulOp, llvm.OrOp,
    llvm.SDivOp, llvm.SExtOp, llvm.ShlOp, llvm.SRemOp, llvm.SubOp, llvm.TruncOp, llvm.UDivOp, llvm.URemOp, llvm.XOrOp,
    llvm.ZExtOp, llvm.ICmpOp, llvm.FCmpOp, llvm.FAddOp, llvm.FSubOp, llvm.FMulOp, llvm.FDivOp, llvm.FRemOp, llvm.FNegOp,
    llvm.FreezeOp, llvm.SelectOp, llvm.FPToSIOp, llvm.FPToUIOp, llvm.SIToFPOp, llvm.UIToFPOp, llvm.FPExtOp, llvm.FPTruncOp,
    llvm.BitcastOp, llvm.IntToPtrOp, llvm.PtrToIntOp, llvm.CountLeadingZerosOp, llvm.CountTrailingZerosOp, llvm.AbsOp,
    llvm.GEPOp, llvm.LoadOp, llvm.AddressOfOp, llvm.ConstantOp, llvm.UndefOp, llvm.PoisonOp, llvm.ZeroOp,
    llvm.BrOp, llvm.CondBrOp,
})  # fmt: skip
_ENDS: Final = (coro.ReturnOp, coro.UnwindOp, llvm.UnreachableOp, llvm.BrOp, llvm.CondBrOp)
"""Terminators of blocks that can be copied."""

FastBlocks = dict[Block, tuple[bool, ...]]
"""The blocks to copy, in an order in which values come before their uses; for each of their successors, whether the copy
goes on to a copy."""


@dataclass
class _State:
    """What has happened on the ways to a place: `dirty` if something that must not happen twice."""

    dirty: bool = False
    loads: set[tuple[SSAValue | None, int, int]] = field(default_factory=set[tuple[SSAValue | None, int, int]])
    """Base, offset and size of what was read; None as base: anywhere."""

    def add(self, other: _State) -> None:
        self.dirty |= other.dirty
        self.loads |= other.loads


@dataclass
class _Edge:
    """A way out of a block. `clean`: nothing has happened there that must not happen twice."""

    target: Block
    clean: bool
    unlikely: bool


class Readers:
    """Which of the functions of a module have no effect but to panic."""

    def __init__(self, functions: Mapping[str, llvm.FuncOp]) -> None:
        self._functions = functions
        self._known: dict[str, bool] = {}

    def reads(self, call: Operation) -> bool:
        """Whether a call is of such a function."""
        callee = call.properties.get("callee")
        if not isinstance(callee, SymbolRefAttr):
            return False
        name = callee.string_value()
        if name not in self._known:
            function = self._functions.get(name)
            self._known[name] = function is not None and _only_reads(function)
        return self._known[name]


def _only_reads(function: llvm.FuncOp) -> bool:
    budget = MAX_CALLED if function.body.blocks.first is not None else 0
    for block in function.body.blocks:
        for op in block.ops:
            budget -= 1
            callee = op.properties.get("callee")
            if isinstance(callee, SymbolRefAttr) and callee.string_value().startswith(_PANICS):
                continue
            if op.__class__ not in _WITHOUT_EFFECT and not isinstance(op, llvm.ReturnOp | llvm.UnreachableOp):
                return False
    return budget > 0


def fast_blocks(entry: Block, readers: Readers) -> FastBlocks:
    """The blocks from `entry` on that may return without waiting; none if no way does. Variables are in the frame, so
    blocks that have to do with them are not among these."""
    order = _without_frame(entry)
    position = {block: index for index, block in enumerate(order)}
    edges = _edges(order, position, readers)
    fast: set[Block] = set()
    for block in reversed(order):
        if all(edge.clean or _forward(edge, block, position, fast) for edge in edges[block]):
            fast.add(block)
    found: FastBlocks = {}
    returns = False
    reached = {entry}
    for block in order:
        if block not in reached or block not in fast:
            continue
        follows = tuple(
            _forward(edge, block, position, fast) and not (edge.clean and edge.unlikely) for edge in edges[block]
        )
        reached.update(edge.target for edge, follow in zip(edges[block], follows, strict=True) if follow)
        returns |= isinstance(block.last_op, coro.ReturnOp)
        found[block] = follows
    return found if returns else {}


def _forward(edge: _Edge, block: Block, position: dict[Block, int], fast: set[Block]) -> bool:
    return edge.target in fast and position[edge.target] > position[block]


def _without_frame(entry: Block) -> list[Block]:
    """The blocks that are reached from `entry` through blocks that need no frame, in reverse postorder."""
    budget = MAX_OPS

    def enters(block: Block) -> bool:
        nonlocal budget
        if budget <= 0 or _needs_frame(block):
            return False
        budget -= len(block.ops)
        return True

    return [] if _needs_frame(entry) else reverse_postorder(entry, enters)


def _needs_frame(block: Block) -> bool:
    if not isinstance(block.last_op, _ENDS):
        return True
    return any(isinstance(operand.owner, llvm.AllocaOp) for op in block.ops for operand in op.operands)


def _edges(order: list[Block], position: dict[Block, int], readers: Readers) -> dict[Block, list[_Edge]]:
    """The ways out of every block, with what has happened there."""
    states: dict[Block, _State] = {block: _State() for block in order}
    found: dict[Block, list[_Edge]] = {}
    for index, block in enumerate(order):
        state = states[block]
        attempt = _run(block, state, readers)
        last = block.last_op
        assert last is not None
        edges = found[block] = []
        for number, target in enumerate(last.successors):
            after = _State(state.dirty or (attempt and number == 0), state.loads)
            edges.append(_Edge(target, not after.dirty, _weight(last, number) == 1))
            if position.get(target, 0) > index:
                states[target].add(after)
    return found


def _weight(branch: Operation, number: int) -> int | None:
    weights = branch.properties.get("branch_weights")
    return weights.get_values()[number] if isinstance(weights, DenseArrayBase) else None


def _run(block: Block, state: _State, readers: Readers) -> bool:
    """Adds what a block does to `state`, but for what it attempts: a compare and swap, or a call that may panic, and has had
    an effect where the block's end takes its first branch. Answers whether there is such an attempt."""
    attempt = False
    for op in block.ops:
        match op:
            case llvm.LoadOp():
                state.loads.add(_place(op.operands[0], op.results[0]))
            case llvm.StoreOp():
                state.dirty |= attempt or not _is_repeatable(op, state)
            case llvm.AtomicCmpXchgOp():
                state.dirty |= attempt or not _decides(op, block.last_op)
                attempt = True
            case llvm.CallOp() if readers.reads(op):
                state.loads.add((None, 0, 0))
                state.dirty |= attempt or not _decides(op, block.last_op)
                attempt = True
            case _:
                state.dirty |= not (op.__class__ in _WITHOUT_EFFECT or isinstance(op, _ENDS))
    return attempt


def _decides(attempt: Operation, last: Operation | None) -> bool:
    """Whether a block's end branches on what an op came to: the last part of its result, or all of it."""
    if not isinstance(last, llvm.CondBrOp) or not attempt.results:
        return False
    result = attempt.results[0]
    answer = last.operands[0]
    if answer is result:
        return True
    taken = answer.owner
    if not isinstance(taken, llvm.ExtractValueOp) or taken.operands[0] is not result:
        return False
    return isinstance(result.type, LLVMStructType) and llvm.ints(taken.position) == (len(result.type.types.data) - 1,)


def _is_repeatable(store: Operation, state: _State) -> bool:
    value, address = store.operands
    if not isinstance(value.owner, llvm.ConstantOp | llvm.ZeroOp) or "ordering" in store.properties:
        return False
    base, offset, size = _place(address, value)
    return base is not None and all(
        other is base and (offset + size <= at or at + length <= offset) for other, at, length in state.loads
    )


def _place(address: SSAValue, value: SSAValue) -> tuple[SSAValue | None, int, int]:
    """Base, offset and size of `value` at `address`, if that is a constant distance from a parameter."""
    size = size_and_align(value.type)[0]
    offset = 0
    owner = address.owner
    if isinstance(owner, llvm.GEPOp):
        indices = llvm.ints(owner.properties["rawConstantIndices"])
        if len(owner.operands) != 1 or len(indices) != 1:
            return None, 0, 0
        offset = indices[0] * size_and_align(owner.properties["elem_type"])[0]
        address = owner.operands[0]
    if isinstance(address, BlockArgument) and address.owner.prev_block is None:
        return address, offset, size
    return None, 0, 0
