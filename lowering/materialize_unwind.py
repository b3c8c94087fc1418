"""Every function in which a panic may start or pass gets a `go.protect` and a block where panics leave it.

    go.func @f(%p) {              go.func @f(%p) {
      …                             go.protect ^body unwind ^unwind
                      →           ^body:    …
                                  ^unwind:  go.unwind

Functions that have one already (they have deferred calls) keep it. Then lowering never asks where a panic goes:
without a `go.protect` none can happen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Operation
from xdsl.passes import ModulePass

from goir.dialects import coro, go
from goir.dialects.go_base import Under
from goir.lowering.ir import Functions, referenced, symbol_name
from goir.lowering.panicking import checks_trap, panics_here


def materialize_unwind(module: ModuleOp) -> None:
    """Adds the unwind blocks to the functions of `module` (after may-panic)."""
    functions = Functions(module)
    under = go.TypeTable(module).underlying
    for op in module.body.block.ops:
        if isinstance(op, go.FuncOp | coro.FuncOp) and "may_panic" in op.properties:
            entry = op.body.blocks.first
            if entry is None or isinstance(entry.last_op, go.ProtectOp) or not _has_panic(op, functions, under):
                continue
            leave: Operation = go.UnwindOp.create() if isinstance(op, go.FuncOp) else coro.UnwindOp.create()
            protect_entry(entry, leave)


def protect_entry(entry: Block, leave: Operation) -> None:
    """Moves the ops of the entry block behind a `go.protect` whose unwind block holds `leave`; recover tokens stay."""
    region, first = entry.parent, entry.first_op
    assert region is not None and first is not None
    body = Block()
    region.insert_block_after(body, entry)
    moved = [op for op in entry.ops if op.__class__ is not go.RecoverTokenOp]
    for op in moved:
        op.detach()
    body.add_ops(moved)
    unwind = Block()
    region.add_block(unwind)
    leave.location = first.location
    unwind.add_op(leave)
    protect = go.ProtectOp.create(successors=[body, unwind])
    protect.location = first.location
    entry.add_op(protect)


def _has_panic(function: Operation, functions: Functions, under: Under) -> bool:
    in_runtime = checks_trap(symbol_name(function))
    for block in function.regions[0].blocks:
        for op in block.ops:
            if isinstance(op, go.CallOp | coro.AwaitOp):
                callee = functions.by_name.get(referenced(op, "callee").removesuffix("$coro"))
                if callee is None or "may_panic" in callee.properties:
                    return True
            elif panics_here(op, under, in_runtime):
                return True
    return False


@dataclass(frozen=True)
class MaterializeUnwindPass(ModulePass):
    """Adds `go.protect` and an unwind block to functions through which panics pass (see the module)."""

    name: ClassVar[str] = "materialize-unwind"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        materialize_unwind(op)
