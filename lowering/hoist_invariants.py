"""Loop-invariant code motion: what a loop computes anew each time from values of outside moves before it.

    cf.br ^loop                          %x = go.mul %a, %b
    ^loop: %x = go.mul %a, %b     →      cf.br ^loop
           coro.suspend … resume ^loop   ^loop: coro.suspend … resume ^loop

A generic pass: dominators, loops and purity are all it knows. In a coroutine, a loop is left where the program leaves it and
not at each suspension, for no edge says so; what it hoists lives in the frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Region
from xdsl.passes import ModulePass

from goir.lowering.cfg import Graph, Loop, only_computes
from goir.lowering.ir import branch


def hoist_invariants(module: ModuleOp) -> None:
    """Hoists in every loop of a module's functions."""
    for function in module.body.block.ops:
        for region in function.regions:
            if region.blocks.first is not None:
                _region(region)


def _region(region: Region) -> None:
    graph = Graph(region)
    loops = graph.loops()
    for loop in loops:
        ops = [op for block in graph.order if block in loop.blocks for op in block.ops if only_computes(op)]
        before: Block | None = None
        for op in ops:
            if any(loop.holds(operand) for operand in op.operands):
                continue
            if before is None:
                before = preheader(graph, loop)
                if before is None:
                    break
                for other in loops:
                    if other is not loop and loop.header in other.blocks:
                        other.blocks.add(before)
            op.detach()
            last = before.last_op
            assert last is not None
            before.insert_op_before(op, last)


def preheader(graph: Graph, loop: Loop) -> Block | None:
    """The block before a loop, made if there is none; None: the loop is entered from several places."""
    outside = [p for p in graph.predecessors[loop.header] if p not in loop.blocks]
    if len(outside) != 1:
        return None
    (block,) = outside
    last = block.last_op
    assert last is not None and block.parent is not None
    if len(last.successors) == 1 and last.name in ("cf.br", "llvm.br"):
        return block
    made = Block(arg_types=loop.header.arg_types)
    block.parent.insert_block_after(made, block)
    made.add_op(branch(loop.header, made.args, last.location))
    last.successors = [made if s is loop.header else s for s in last.successors]
    graph.predecessors[loop.header] = [made if p is block else p for p in graph.predecessors[loop.header]]
    graph.predecessors[made] = [block]
    graph.idom[made] = graph.idom[loop.header]
    graph.idom[loop.header] = made
    graph.order.insert(graph.order.index(loop.header), made)
    return made


@dataclass(frozen=True)
class HoistInvariantsPass(ModulePass):
    """Loop-invariant code motion (see the module)."""

    name: ClassVar[str] = "hoist-invariants"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        hoist_invariants(op)
