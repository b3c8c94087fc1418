"""Control flow of a function's region: orders of blocks, dominators, natural loops. It knows no ops."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.traits import IsTerminator, is_side_effect_free

from goir.dialects.dominance import dominators


@dataclass(eq=False)
class Loop:
    """A natural loop: the blocks from which the header is reached again without leaving it."""

    header: Block
    blocks: set[Block] = field(default_factory=set[Block])

    def holds(self, value: SSAValue) -> bool:
        """Whether the value is defined in the loop."""
        owner = value.owner
        return (owner if isinstance(owner, Block) else owner.parent) in self.blocks


class Graph:
    """The blocks that are reached, their dominators and loops."""

    def __init__(self, region: Region) -> None:
        self.blocks = list(region.blocks)
        number = {block: i for i, block in enumerate(self.blocks)}
        successors = [
            [number[s] for s in block.last_op.successors] if block.last_op is not None else [] for block in self.blocks
        ]
        order, children = dominators(successors)
        self.order = [self.blocks[i] for i in order]
        """Blocks that are reached, in reverse postorder."""
        self.children = {self.blocks[i]: [self.blocks[c] for c in children[i]] for i in order}
        """The dominator tree."""
        self.idom: dict[Block, Block] = {}
        for parent, below in self.children.items():
            for child in below:
                self.idom[child] = parent
        self.predecessors: dict[Block, list[Block]] = {block: [] for block in self.order}
        for i in order:
            for s in successors[i]:
                self.predecessors[self.blocks[s]].append(self.blocks[i])

    def dominates(self, above: Block, below: Block) -> bool:
        """Whether every path to `below` leads through `above`."""
        at: Block | None = below
        while at is not None and at is not above:
            at = self.idom.get(at)
        return at is above

    def loops(self) -> list[Loop]:
        """The natural loops, inner ones before those around them; loops with one header are one."""
        found: list[Loop] = []
        for header in reversed(self.order):
            latches = [p for p in self.predecessors[header] if self.dominates(header, p)]
            if not latches:
                continue
            loop = Loop(header, {header})
            work = latches
            while work:
                block = work.pop()
                if block not in loop.blocks:
                    loop.blocks.add(block)
                    work += self.predecessors[block]
            found.append(loop)
        return found


def successors_of(block: Block) -> Sequence[Block]:
    """Where a block's terminator may go to."""
    last = block.last_op
    return last.successors if last is not None else ()


def reachable(roots: Iterable[Block], successors: Callable[[Block], Sequence[Block]] = successors_of) -> set[Block]:
    """The blocks that are reached from `roots`, themselves included."""
    seen = set(roots)
    work = list(seen)
    while work:
        for block in successors(work.pop()):
            if block not in seen:
                seen.add(block)
                work.append(block)
    return seen


def reverse_postorder(entry: Block, enters: Callable[[Block], bool] | None = None) -> list[Block]:
    """The blocks that are reached from `entry`; every block after those that dominate it, in the order of the source
    elsewhere. `enters` is asked once about each of the others whether the way leads into it."""
    order: list[Block] = []
    seen = {entry}
    stack = [(entry, list(successors_of(entry)))]
    while stack:
        block, pending = stack[-1]
        if not pending:
            order.append(block)
            stack.pop()
            continue
        # The last successor is visited first and so ends up last.
        target = pending.pop()
        if target not in seen:
            seen.add(target)
            if enters is None or enters(target):
                stack.append((target, list(successors_of(target))))
    order.reverse()
    return order


def only_computes(op: Operation) -> bool:
    """Whether an op may be moved, merged and dropped: it reads no memory, does nothing, and cannot panic."""
    return not op.regions and not op.has_trait(IsTerminator) and is_side_effect_free(op) and bool(op.results)
