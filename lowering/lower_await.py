"""Awaits become start, wait and results.

%r = coro.await @"g$coro"(%a) : (!go.int) -> (!go.int)
    →
      %s = coro.slot : !coro.slot<(!go.int)>
      %h = coro.start @"g$coro"(%a) into %s
      %p = coro.pending %h;  cf.cond_br %p, ^wait, ^got
^wait:  coro.suspend @runtime.awaitHook(%h) resume ^over        (in a plain function: coro.park)
^over:  coro.destroy %h;  cf.br ^got
^got:   %r, %panicked = coro.results %s;  go.check_unwind %panicked
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from xdsl.context import Context
from xdsl.dialects.builtin import ArrayAttr, ModuleOp, SymbolRefAttr, i1
from xdsl.ir import Operation
from xdsl.passes import ModulePass

from goir.dialects import coro, go
from goir.lowering.go_to_coro import suspend
from goir.lowering.ir import Functions, branch, cond_branch, new_block_after, referenced, split_after, symbol_name

_AWAITS: Final = frozenset({coro.AwaitOp, coro.AwaitClosureOp, coro.AwaitInterfaceOp})
_HOOK: Final = SymbolRefAttr("runtime.awaitHook")


def lower_await(module: ModuleOp) -> None:
    """Expands every `coro.await…` of the module."""
    may_panic = {
        symbol_name(op): "may_panic" in op.properties for op in module.body.block.ops if isinstance(op, coro.FuncOp)
    }
    declared = False
    for function in list(module.body.block.ops):
        if not isinstance(function, go.FuncOp | coro.FuncOp):
            continue
        in_coroutine = isinstance(function, coro.FuncOp)
        for block in list(function.body.blocks):
            # Backwards: what follows an await moves to a new block, and moves only once.
            op = block.last_op
            while op is not None:
                previous = op.prev_op
                if op.__class__ in _AWAITS:
                    if not declared:
                        Functions(module).runtime("runtime.awaitHook")
                        declared = True
                    panics = not isinstance(op, coro.AwaitOp) or may_panic.get(referenced(op, "callee"), True)
                    _expand(op, in_coroutine, panics)
                op = previous


def _expand(op: Operation, in_coroutine: bool, panics: bool) -> None:
    results = [result.type for result in op.results]
    slot = coro.SlotOp.create(result_types=[coro.SlotType(ArrayAttr(results))])
    operands = [slot.results[0], *op.operands]
    properties = dict(op.properties)
    start: Operation
    match op:
        case coro.AwaitOp():
            start = coro.StartOp.create(operands=operands, result_types=[coro.HANDLE], properties=properties)
        case coro.AwaitClosureOp():
            start = coro.StartClosureOp.create(operands=operands, result_types=[coro.HANDLE])
        case _:
            start = coro.StartInterfaceOp.create(operands=operands, result_types=[coro.HANDLE], properties=properties)
    handle = start.results[0]
    pending = coro.PendingOp.create(operands=[handle], result_types=[i1])
    block = op.parent
    assert block is not None
    _insert(op, [slot, start, pending])
    got = split_after(op)
    wait = new_block_after(block)

    destroy = coro.DestroyOp.create(operands=[handle])
    leave = branch(got, location=op.location)
    wait.add_ops([destroy, leave])
    destroy.location = op.location
    if in_coroutine:
        marker = coro.PendingOp.create(operands=[handle], result_types=[i1])
        marker.location = op.location
        wait.insert_op_before(marker, destroy)
        suspend(marker, _HOOK, [handle])
        marker.detach()
        marker.erase()
    else:
        park = coro.ParkOp.create(operands=[handle], properties={"hook": _HOOK})
        park.location = op.location
        wait.insert_op_before(park, destroy)

    take = coro.ResultsOp.create(operands=[slot.results[0]], result_types=[*results, i1])
    take.location = op.location
    taken: list[Operation] = [take]
    if panics:
        check = go.CheckUnwindOp.create(operands=[take.results[-1]])
        check.location = op.location
        taken.append(check)
    first = got.first_op
    assert first is not None
    for each in taken:
        got.insert_op_before(each, first)
    for old, new in zip(op.results, take.results[:-1], strict=True):
        new.name_hint = old.name_hint
        old.replace_all_uses_with(new)
    op.detach()
    op.erase()
    block.add_op(cond_branch(pending.results[0], wait, got, location=start.location))


def _insert(anchor: Operation, ops: list[Operation]) -> None:
    block = anchor.parent
    assert block is not None
    for op in ops:
        op.location = anchor.location
        block.insert_op_before(op, anchor)


@dataclass(frozen=True)
class LowerAwaitPass(ModulePass):
    """Expands awaits (see the module)."""

    name: ClassVar[str] = "lower-await"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        lower_await(op)
