"""Common subexpressions of a whole function: what has been computed on every path to an op is not computed again.

    ^a: %x = go.mul %a, %b                    ^a: %x = go.mul %a, %b
        coro.suspend @hook() resume ^b   →        coro.suspend @hook() resume ^b
    ^b: %y = go.mul %a, %b;  …%y…             ^b: …%x…

A generic pass over the dominator tree (xDSL's `cse` looks at one block at a time). A value that is kept across a suspension
lives in the frame; what reads memory, and what another goroutine may change meanwhile, is not merged anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass

from goir.lowering.cfg import Graph, only_computes

_Key: TypeAlias = (
    "tuple[type[Operation], tuple[SSAValue, ...], tuple[Attribute, ...], tuple[tuple[str, Attribute], ...]]"
)


def merge_computations(module: ModuleOp) -> None:
    """Merges equal computations in every function of a module."""
    for function in module.body.block.ops:
        for region in function.regions:
            if region.blocks.first is not None:
                _region(region)


def _region(region: Region) -> None:
    graph = Graph(region)
    known: dict[_Key, Operation] = {}
    stack: list[tuple[Block, list[_Key] | None]] = [(graph.order[0], None)]
    while stack:
        block, leaving = stack.pop()
        if leaving is not None:
            for key in leaving:
                del known[key]
            continue
        added: list[_Key] = []
        for op in list(block.ops):
            if not only_computes(op):
                continue
            key = (
                type(op),
                tuple(op.operands),
                tuple(op.result_types),
                tuple(sorted({**op.attributes, **op.properties}.items(), key=_first)),
            )
            same = known.get(key)
            if same is None:
                known[key] = op
                added.append(key)
                continue
            for old, new in zip(op.results, same.results, strict=True):
                old.replace_all_uses_with(new)
            op.detach()
            op.erase()
        stack.append((block, added))
        stack.extend((child, None) for child in graph.children[block])


def _first(item: tuple[str, Attribute]) -> str:
    return item[0]


@dataclass(frozen=True)
class MergeComputationsPass(ModulePass):
    """Merges equal computations across blocks (see the module)."""

    name: ClassVar[str] = "merge-computations"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        merge_computations(op)
