"""Sinking: what is computed before a branch and used on one side only moves there.

    %x = go.add %a, %b                       cf.cond_br %c, ^use, ^other
    cf.cond_br %c, ^use, ^other       →      ^use: %x = go.add %a, %b
    ^use: …%x…                                     …%x…

A generic pass. Past a suspension it moves into the block where the coroutine goes on: what is then alive across it, and in
its frame, are the operands. There is no place between the hook and the suspension that it could choose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Operation, Region
from xdsl.passes import ModulePass

from goir.lowering.cfg import Graph, Loop, only_computes


def sink_code(module: ModuleOp) -> None:
    """Sinks what can be in every function of a module."""
    for function in module.body.block.ops:
        for region in function.regions:
            if region.blocks.first is not None:
                _region(region)


def _region(region: Region) -> None:
    graph = Graph(region)
    loops = graph.loops()
    for block in reversed(graph.order):
        op = block.last_op
        while op is not None:
            previous = op.prev_op
            if only_computes(op):
                target = _target(graph, loops, block, op)
                if target is not None:
                    op.detach()
                    first = target.first_op
                    assert first is not None
                    target.insert_op_before(op, first)
            op = previous


def _target(graph: Graph, loops: list[Loop], block: Block, op: Operation) -> Block | None:
    """The successor of the op's block where it might as well stand."""
    last = block.last_op
    users = {use.operation.parent for result in op.results for use in result.uses}
    if last is None or block in users or not users:
        return None
    for target in last.successors:
        if target not in graph.idom or len(graph.predecessors[target]) != 1:
            continue
        if any(target in loop.blocks and block not in loop.blocks for loop in loops):
            continue  # it would be computed more often
        if all(user is not None and user in graph.idom and graph.dominates(target, user) for user in users):
            return target
    return None


@dataclass(frozen=True)
class SinkCodePass(ModulePass):
    """Moves computations to where they are used (see the module)."""

    name: ClassVar[str] = "sink-code"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        sink_code(op)
