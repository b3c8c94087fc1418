"""Marks the branches that are the program's own with the attribute `source`, before lowering makes others.

`edge-profile` tells the two apart by it: the counts of a program's own branches do not depend on how it is lowered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from goir.lowering.ir import UNIT

SOURCE: Final = "source"


def mark_source_edges(module: ModuleOp) -> None:
    """Marks every terminator that has successors."""
    for function in module.body.block.ops:
        for region in function.regions:
            for block in region.blocks:
                last = block.last_op
                if last is not None and last.successors:
                    last.attributes[SOURCE] = UNIT


@dataclass(frozen=True)
class MarkSourceEdgesPass(ModulePass):
    """Marks the program's own branches (see the module)."""

    name: ClassVar[str] = "mark-source-edges"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        mark_source_edges(op)
