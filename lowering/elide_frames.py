"""Frames of awaited coroutines may be part of the awaiter's: marks the `coro.start`s where LLVM may do so.

    %h = coro.start @"main.g$coro"(%a) into %s    →    %h = coro.start elide @"main.g$coro"(%a) into %s

An await whose callee finishes at once then costs about what a call does: there is no frame to allocate and free, and
what is not needed of it is optimised away. It is right where the frame is dead whenever its function's is: the
handle is asked about, waited for and destroyed here, and a wait goes on to the destruction. A goroutine's coroutine is
nobody's to elide: it is started by the runtime.

LLVM (CoroAnnotationElide) takes it up at -O1 and above where the callee was split before, so not in recursions, and where
the await is likely reached, so not in the unlikely rest of a long function: frames do not grow for what seldom runs. A
callee with large variables is left alone: they would stay as long as the awaiter does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.ir import Operation
from xdsl.passes import ModulePass

from goir.dialects import coro, go
from goir.dialects.go_types import FuncType, PtrType
from goir.lowering.ir import UNIT, referenced, symbol_name
from goir.lowering.layout import Layouts

MAX_VARIABLES: Final = 512
"""Bytes of variables of a callee whose frame may be part of others."""

_STACK: Final = StringAttr("stack")


def elide_frames(module: ModuleOp) -> None:
    """Marks the starts of the module's coroutines in each other."""
    small: dict[str, bool] = {}
    layouts = Layouts(go.TypeTable(module))
    coroutines = [op for op in module.body.block.ops if isinstance(op, coro.FuncOp)]
    for op in coroutines:
        plain = isinstance(op.properties["function_type"], FuncType)
        small[symbol_name(op)] = (
            plain and not op.is_declaration and "noinline" not in op.properties and _is_small(op, layouts)
        )
    for function in coroutines:
        for block in function.body.blocks:
            for op in block.ops:
                if isinstance(op, coro.StartOp) and "elide" not in op.properties:
                    callee = referenced(op, "callee")
                    if small.get(callee) and callee != symbol_name(function) and _is_contained(op):
                        op.properties["elide"] = UNIT


def _is_small(function: coro.FuncOp, layouts: Layouts) -> bool:
    size = 0
    for block in function.body.blocks:
        for op in block.ops:
            if isinstance(op, go.AllocOp) and op.properties.get("storage") == _STACK:
                type = op.results[0].type
                assert isinstance(type, PtrType)
                size += layouts.of(type.elem).size
    return size <= MAX_VARIABLES


def _is_contained(start: Operation) -> bool:
    """Whether the coroutine is certainly gone when its frame's owner goes on to anything else: as lower-await makes it."""
    waits = 0
    for use in start.results[0].uses:
        user = use.operation
        if isinstance(user, coro.SuspendOp):
            waits += 1
            after = user.successors[0].first_op
            if len(user.successors) != 1 or not _destroys(after, start):
                return False
        elif not isinstance(user, coro.PendingOp | coro.DestroyOp):
            return False
    return waits == 1


def _destroys(op: Operation | None, start: Operation) -> bool:
    """Whether the block that begins with `op` destroys the handle before it ends."""
    while op is not None:
        if isinstance(op, coro.DestroyOp) and op.operands[0] is start.results[0]:
            return True
        op = op.next_op
    return False


@dataclass(frozen=True)
class ElideFramesPass(ModulePass):
    """Marks the starts of coroutines whose frames may be part of their awaiter's (see the module)."""

    name: ClassVar[str] = "elide-frames"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        elide_frames(op)
