"""What the module verifier says of a coroutine as a whole, and of the handles a function holds.

Every rule is one of three kinds: LLVM's coroutine passes would abort on what it would be lowered to, or miscompile it
(../docs/coro.md, "What the verifier rejects"); the program would use a frame that is gone; two parties would wait where one
can be woken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from xdsl.dialects.builtin import StringAttr
from xdsl.dialects.llvm import LLVMFunctionType, LLVMPointerType, LLVMStructType
from xdsl.ir import Block, Operation, OpResult, Region, SSAValue

from goir.dialects import coro, go

Report = Callable[[Operation, str], None]

_STARTS = (coro.StartOp, coro.StartClosureOp, coro.StartIndirectOp, coro.StartInterfaceOp)
_ENDS = (
    coro.ReturnOp, coro.UnwindOp, go.PanicOp, go.RaiseOp, go.UnreachableOp,
)  # fmt: skip
_PLAIN_ENDS = (go.ReturnOp, go.UnwindOp)
"""Reported where they stand."""
_BRANCHING_ENDS = frozenset({"llvm.unreachable"})


def check_coroutine(op: coro.FuncOp, report: Report) -> None:
    """A coroutine with a body: how it ends, what happens when it is destroyed, its form after go-to-llvm."""
    if len(op.regions) != 1:
        return
    if "nosuspend" in op.properties:
        report(op, "coro.func: marked nosuspend, but a coroutine suspends")
    if isinstance(op.properties["function_type"], LLVMFunctionType):
        _llvm_form(op, op.properties["function_type"], report)
    if op.is_declaration:
        return
    for block in op.body.blocks:
        last = block.last_op
        if last is None or last.successors or isinstance(last, (*_ENDS, *_PLAIN_ENDS)):
            continue
        if last.name not in _BRANCHING_ENDS:
            report(
                last, f"{last.name} ends a path of a coroutine without completing it: coro.return or coro.unwind does"
            )
    _destroy_paths(op.body, report)
    _slots(op, report)


def _llvm_form(op: coro.FuncOp, t: LLVMFunctionType, report: Report) -> None:
    inputs = t.inputs.data
    if t.is_variadic or not isinstance(t.output, LLVMPointerType):
        report(op, f"coro.func: a coroutine answers its handle, a !llvm.ptr, and takes no variadic arguments, not {t}")
    if len(inputs) < 2 or not all(isinstance(i, LLVMPointerType) for i in inputs[-2:]):
        report(
            op, f"coro.func: the last parameters of a coroutine are its slot and its context, !llvm.ptr both, not {t}"
        )
    slot = op.properties.get("slot_type")
    if not isinstance(slot, LLVMStructType):
        report(
            op, "coro.func: a coroutine of the llvm level says the type of its slot: slot_type = !llvm.struct<(i8, …)>"
        )
        return
    for block in op.body.blocks:
        last = block.last_op
        if isinstance(last, coro.ReturnOp):
            wanted = slot.types.data[1:]
            given = last.operand_types
            if len(wanted) != len(given):
                report(last, f"coro.return returns {len(given)} values, but the slot holds {len(wanted)}")
            for i, (g, w) in enumerate(zip(given, wanted, strict=False)):
                # What is passed indirectly is copied from where the pointer says.
                if g != w and not isinstance(g, LLVMPointerType):
                    report(last, f"coro.return: value {i} has type {g}, but its place in the slot {w}")


def _slots(op: coro.FuncOp, report: Report) -> None:
    """Slots of the llvm level have a type, and hold what their coroutine returns."""
    for block in op.body.blocks:
        for each in block.ops:
            if isinstance(each, coro.ResultsOp) and coro.is_pointer(each.slot.type):
                t = each.properties.get("slot_type")
                if isinstance(t, LLVMStructType) and len(t.types.data) != len(each.results):
                    report(each, f"coro.results takes {len(each.outs)} results from a slot of {len(t.types.data) - 1}")
                owner = each.slot.owner
                if isinstance(owner, coro.SlotOp) and owner.properties.get("slot_type") != t:
                    report(each, "coro.results: the slot was made for results of other types")


def _destroy_paths(body: Region, report: Report) -> None:
    """What runs while a coroutine is destroyed ends: it has nobody left to wait for it."""
    work = [
        block.last_op.successors[1]
        for block in body.blocks
        if isinstance(block.last_op, coro.SuspendOp) and len(block.last_op.successors) > 1
    ]
    seen = set(work)
    while work:
        block = work.pop()
        for op in block.ops:
            if isinstance(op, coro.SuspendOp | coro.AwaitOp | coro.AwaitClosureOp | coro.AwaitInterfaceOp):
                report(op, f"{op.name} while the coroutine is destroyed: nobody resumes it then")
        last = block.last_op
        for successor in last.successors if last is not None else ():
            if successor not in seen:
                seen.add(successor)
                work.append(successor)


def check_handles(function: Operation, report: Report) -> None:
    """The handles that a function starts: each is waited for at most once, and dead when it is destroyed."""
    for block in function.regions[0].blocks if function.regions else ():
        for op in block.ops:
            if isinstance(op, _STARTS) and isinstance(op.results[0].type, coro.HandleType):
                _handle(op, op.results[0], report)


def _handle(start: Operation, handle: OpResult, report: Report) -> None:
    uses = [use.operation for use in handle.uses]
    waits = [op for op in uses if isinstance(op, coro.SuspendOp | coro.ParkOp)]
    destroys = [op for op in uses if isinstance(op, coro.DestroyOp)]
    if not waits and not destroys:
        return
    what = f"the handle of {_callee(start)}"
    for op in destroys:
        found = _reached(op, set(uses), start)
        if found is not None:
            verb = "destroyed a second time" if isinstance(found, coro.DestroyOp) else f"used by {found.name}"
            report(found, f"{what} is {verb}, but has been destroyed on a path to here: its frame is gone")
            return
    for op in waits:
        found = _reached(op, set(waits), start)
        if found is not None:
            report(found, f"{what} is awaited a second time on a path to here: a coroutine wakes one waiter")
            return
    for op in (*waits, *destroys):
        if not _known_pending(op, handle):
            report(op, f"{op.name}: {what} is null where it has finished at once: ask coro.pending before")
            return


def _callee(start: Operation) -> str:
    if isinstance(start, coro.StartOp):
        return f"@{start.callee.root_reference.data}"
    if isinstance(start, coro.StartInterfaceOp):
        method = start.properties.get("method")
        return f"method {method.data}" if isinstance(method, StringAttr) else start.name
    return "the function value"


def _reached(op: Operation, wanted: set[Operation], start: Operation) -> Operation | None:
    """The first of `wanted` that may run after `op` without `start` running between, which makes another handle."""
    seen: set[Block] = set()
    following = op.next_op
    work: list[Operation | None] = [following]
    if following is None:
        work = [block.first_op for block in _blocks_after(op, seen)]
    while work:
        at = work.pop()
        last = at
        while at is not None:
            if at is start:
                break
            if at in wanted:
                return at
            last = at
            at = at.next_op
        else:
            if last is not None:
                work += [block.first_op for block in _blocks_after(last, seen)]
    return None


def _blocks_after(last: Operation, seen: set[Block]) -> Iterable[Block]:
    for block in last.successors:
        if block not in seen:
            seen.add(block)
            yield block


def _known_pending(op: Operation, handle: SSAValue) -> bool:
    """Whether every path to `op` asks coro.pending and goes on where it says yes."""
    block = op.parent
    answers = {use.operation.results[0] for use in handle.uses if isinstance(use.operation, coro.PendingOp)}
    if not answers:
        return False
    yes: set[Block] = set()
    for answer in answers:
        for use in answer.uses:
            branch = use.operation
            if branch.name in ("cf.cond_br", "llvm.cond_br") and use.index == 0 and len(set(branch.successors)) == 2:
                yes.add(branch.successors[0])
    # Backwards to the start of the handle: each way must come through such a block by that edge alone.
    seen: set[Block] = set()
    work = [block] if block is not None else []
    predecessors: dict[Block, list[Operation]] | None = None
    while work:
        at = work.pop()
        if at in seen:
            continue
        seen.add(at)
        if predecessors is None:
            predecessors = {}
            region = at.parent
            assert region is not None
            for each in region.blocks:
                if each.last_op is not None:
                    for successor in each.last_op.successors:
                        predecessors.setdefault(successor, []).append(each.last_op)
        if at is handle.owner or (isinstance(handle.owner, Operation) and handle.owner.parent is at):
            return False
        for last in predecessors.get(at, ()):
            if at in yes and last.name in ("cf.cond_br", "llvm.cond_br") and last.operands[0] in answers:
                continue
            assert last.parent is not None
            work.append(last.parent)
    return True
