"""Splits critical edges: those from a block with several successors to one with several predecessors.

    ^a: cf.cond_br %c, ^b(%x), ^c        ^a: cf.cond_br %c, ^new(%x), ^c
                                    →    ^new(%y): cf.br ^b(%y)

A generic pass: it knows blocks and successors, no op but the branch it makes. The new block takes what the successor
takes, so it need not know either which operands a terminator passes where. In a coroutine it finds edges to resume and
destroy blocks like any others, and no edge for suspending: there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Operation, Region
from xdsl.passes import ModulePass

from goir.lowering.ir import branch


def split_critical_edges(module: ModuleOp) -> None:
    """Splits the critical edges of every function of a module."""
    for function in module.body.block.ops:
        for region in function.regions:
            incoming = count_incoming(region)
            for block in list(region.blocks):
                last = block.last_op
                if last is not None and len(last.successors) > 1:
                    for index, target in enumerate(last.successors):
                        if incoming[target] > 1:
                            split_edge(last, index)


def count_incoming(region: Region) -> dict[Block, int]:
    """How many edges lead to each block; one terminator may have several to the same."""
    incoming = dict.fromkeys(region.blocks, 0)
    for block in region.blocks:
        last = block.last_op
        if last is not None:
            for target in last.successors:
                incoming[target] = incoming.get(target, 0) + 1
    return incoming


def split_edge(terminator: Operation, index: int) -> Block:
    """Puts a new block, which it answers, on one edge."""
    block = terminator.parent
    assert block is not None and block.parent is not None
    target = terminator.successors[index]
    fresh = Block(arg_types=target.arg_types)
    block.parent.insert_block_after(fresh, block)
    fresh.add_op(branch(target, fresh.args, terminator.location))
    successors = list(terminator.successors)
    successors[index] = fresh
    terminator.successors = successors
    return fresh


@dataclass(frozen=True)
class SplitCriticalEdgesPass(ModulePass):
    """Splits critical edges (see the module)."""

    name: ClassVar[str] = "split-critical-edges"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        split_critical_edges(op)
