"""Channel operations become calls of the runtime and `go.park`.

    %v, %ok = go.recv %c : !go.chan<!go.int> -> !go.int, i1
        →
    %buf = go.alloc stack : !go.int;  %w = go.alloc stack : waiter      (in the entry block, shared, not zeroed)
    %s = go.call @runtime.chanrecv(%c, %buf, %w);  cf.cond_br %s == 0, ^wait, ^got(%s)
    ^wait:     go.park @runtime.chanpark(%w);  %s1 = go.call @runtime.chanrecvwoken(%w);  cf.br ^got(%s1)
    ^got(%t):  %v = go.load %buf;  %ok = go.cmp eq %t, 1

What has pointers does not stay in `%buf`, which the collector goes on to see as long as the function runs: it is zeroed.
`go.send`, `go.select` and `go.yield` likewise (docs/coro.md). Each `go.park` says in its attribute `why` what waits,
for the reports of may-suspend.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from xdsl.context import Context
from xdsl.dialects.builtin import ArrayAttr, IntAttr, IntegerAttr, ModuleOp, StringAttr, SymbolRefAttr, i1, i64
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.passes import ModulePass

from goir.dialects import go
from goir.dialects.go_module import TypeTable
from goir.dialects.go_types import INT, UINTPTR, UNSAFE_POINTER, ArrayType, FieldAttr, PtrType, StructType
from goir.lowering.ir import UNIT, Builder, Functions, LoweringError, branch, cond_branch, new_block_after, split_after
from goir.lowering.layout import Layouts

# Memory the runtime keeps its record of a waiting operation in: `waiter` and `scase` have 64 bytes
# (docs/runtime-calls.md).
RECORD: Final = ArrayType(IntAttr(8), UINTPTR)
WAITER: Final = -1
UNINITIALISED: Final = "uninit"
"""Attribute of a `go.alloc` whose memory need not be zeroed."""
_STACK: Final = StringAttr("stack")


def lower_channels(module: ModuleOp) -> None:
    """Rewrites every `go.send`, `go.recv`, `go.select` and `go.yield` of the module."""
    functions: Functions | None = None
    lowering: _Lowering | None = None
    for function in list(module.body.block.ops):
        if not function.regions:
            continue
        if lowering is not None:
            lowering.shared.clear()
        for block in list(function.regions[0].blocks):
            # Backwards: what follows an op moves to a new block, and moves only once.
            op = block.last_op
            while op is not None:
                previous = op.prev_op
                rewrite = _REWRITES.get(op.__class__)
                if rewrite is not None:
                    if lowering is None:
                        functions = Functions(module)
                        lowering = _Lowering(functions, TypeTable(module))
                    rewrite(lowering, op)
                op = previous


class _Lowering:
    def __init__(self, functions: Functions, types: TypeTable) -> None:
        self.functions = functions
        self.types = types
        self.layouts = Layouts(types)
        self.shared: dict[tuple[Attribute, int], tuple[SSAValue, SSAValue]] = {}
        """Memory that all operations of one function use, one after the other."""

    def alloc(self, b: Builder, type: Attribute) -> SSAValue:
        """A zeroed variable."""
        return b.value(go.AllocOp.create(result_types=[PtrType(type)], properties={"storage": _STACK}))

    def memory(self, b: Builder, type: Attribute, number: int = 0) -> tuple[SSAValue, SSAValue]:
        """Memory for one operation, typed and as unsafe.Pointer; what it holds before is never read. Operations of one
        function share it (those that need several at once number them): frames stay small."""
        found = self.shared.get((type, number))
        if found is None:
            region = b.block.parent
            assert region is not None and region.blocks.first is not None
            first = region.blocks.first.first_op
            assert first is not None
            entry = Builder(self.functions, first)
            pointer = entry.value(
                go.AllocOp.create(
                    result_types=[PtrType(type)], properties={"storage": _STACK}, attributes={UNINITIALISED: UNIT}
                )
            )
            found = self.shared[type, number] = pointer, entry.convert(pointer, UNSAFE_POINTER)
        return found

    def park(self, b: Builder, hook: str, args: list[SSAValue], why: str) -> None:
        self.functions.runtime(hook)
        b.insert(
            go.ParkOp.create(
                operands=args, properties={"hook": SymbolRefAttr(hook)}, attributes={"why": StringAttr(why)}
            )
        )

    def equal(self, b: Builder, value: SSAValue, to: int) -> SSAValue:
        constant = b.int(to, value.type)
        return b.value(
            go.CmpOp.create(operands=[value, constant], result_types=[i1], properties={"predicate": StringAttr("eq")})
        )

    def forget(self, b: Builder, buffer: SSAValue) -> None:
        """The operation is over: its memory keeps no object alive."""
        assert isinstance(buffer.type, PtrType)
        elem = buffer.type.elem
        if self.layouts.of(elem).has_pointers:
            zero = b.value(go.ZeroOp.create(result_types=[elem]))
            b.insert(go.StoreOp.create(operands=[zero, buffer]))

    def pointer(self, b: Builder, value: SSAValue) -> SSAValue:
        return b.convert(value, UNSAFE_POINTER)

    def wait_if(
        self, b: Builder, op: Operation, state: SSAValue, sentinel: int, results: list[Attribute]
    ) -> tuple[Builder, Builder]:
        """Ends the block before `op` with a branch on state == sentinel; answers builders for the waiting block (to
        be ended by the caller's `join`) and for what follows, whose block has an argument for each of `results`."""
        must_wait = self.equal(b, state, sentinel)
        previous = op.prev_op
        assert previous is not None
        rest = split_after(previous, results)
        block = previous.parent
        assert block is not None
        waiting = new_block_after(block)
        block.add_op(cond_branch(must_wait, waiting, rest, else_args=[state] if results else [], location=op.location))
        jump = branch(rest, location=op.location)
        waiting.add_op(jump)
        return Builder(self.functions, jump), Builder(self.functions, op)


_Rewrite = Callable[[_Lowering, Operation], None]


def _recv(self: _Lowering, op: Operation) -> None:
    b = Builder(self.functions, op)
    channel = self.types.underlying(op.operands[0].type)
    if not isinstance(channel, go.ChanType):
        raise LoweringError(op, f"cannot receive from a value of type {channel}")
    buffer, address = self.memory(b, channel.elem)
    _, record = self.memory(b, RECORD, WAITER)
    args = [self.pointer(b, op.operands[0]), address, record]
    state = b.call_runtime("runtime.chanrecv", args).results[0]
    waiting, after = self.wait_if(b, op, state, 0, [INT])
    self.park(waiting, "runtime.chanpark", [record], "receives")
    woken = waiting.call_runtime("runtime.chanrecvwoken", [record]).results[0]
    waiting.anchor.operands = [woken]
    if op.results[0].first_use is not None:
        value = after.value(go.LoadOp.create(operands=[buffer], result_types=[op.results[0].type]))
        op.results[0].replace_all_uses_with(value)
    self.forget(after, buffer)
    if len(op.results) > 1:
        op.results[1].replace_all_uses_with(self.equal(after, after.block.args[0], 1))
    op.detach()
    op.erase()


def _send(self: _Lowering, op: Operation) -> None:
    b = Builder(self.functions, op)
    channel, value = op.operands
    buffer, address = self.memory(b, value.type)
    b.insert(go.StoreOp.create(operands=[value, buffer]))
    _, record = self.memory(b, RECORD, WAITER)
    args = [self.pointer(b, channel), address, record]
    state = b.call_runtime("runtime.chansend", args).results[0]
    waiting, after = self.wait_if(b, op, state, 0, [])
    self.park(waiting, "runtime.chanpark", [record], "sends")
    waiting.call_runtime("runtime.chansendwoken", [record])
    self.forget(after, buffer)
    op.detach()
    op.erase()


def _select(self: _Lowering, op: Operation) -> None:
    assert isinstance(op, go.SelectOp)
    b = Builder(self.functions, op)
    directions = op.directions
    count = len(directions)
    block = "has_default" not in op.properties
    if count:
        fields = [FieldAttr(StringAttr(f"c{i}"), RECORD, False, "", "") for i in range(count)]
        cases, first = self.memory(b, StructType(ArrayAttr(fields)))
    else:
        cases = first = b.value(go.ZeroOp.create(result_types=[UNSAFE_POINTER]))
    values = iter(op.values)
    buffers: list[SSAValue] = []
    sent: list[SSAValue] = []
    for index, (direction, channel) in enumerate(zip(directions, op.channels, strict=True)):
        if direction == "send":
            value = next(values)
            buffer, buffer_address = self.memory(b, value.type, index)
            b.insert(go.StoreOp.create(operands=[value, buffer]))
            sent.append(buffer)
        else:
            under = self.types.underlying(channel.type)
            assert isinstance(under, go.ChanType)
            # Its results are zero where another case was chosen.
            buffer = self.alloc(b, under.elem)
            buffer_address = self.pointer(b, buffer)
            buffers.append(buffer)
        address = b.value(
            go.FieldAddrOp.create(
                operands=[cases], result_types=[PtrType(RECORD)], properties={"index": IntegerAttr(index, i64)}
            )
        )
        args = [
            self.pointer(b, address),
            b.int(1 if direction == "send" else 0),
            self.pointer(b, channel),
            buffer_address,
        ]
        b.call_runtime("runtime.selectadd", args)
    number = b.int(count)
    chosen = b.call_runtime("runtime.selectgo", [first, number, b.int(int(block), i1)]).results[0]
    if block:
        waiting, after = self.wait_if(b, op, chosen, -2, [INT])
        self.park(waiting, "runtime.selectpark", [first, number], "selects")
        woken = waiting.call_runtime("runtime.selectwoken", [first, number]).results[0]
        waiting.anchor.operands = [woken]
        chosen = after.block.args[0]
    else:
        after = b
    op.results[0].replace_all_uses_with(chosen)
    if op.results[1].first_use is not None:
        ok = after.call_runtime("runtime.selectok", [first, chosen]).results[0]
        op.results[1].replace_all_uses_with(ok)
    for result, buffer in zip(op.results[2:], buffers, strict=True):
        if result.first_use is not None:
            result.replace_all_uses_with(after.value(go.LoadOp.create(operands=[buffer], result_types=[result.type])))
    for buffer in (*buffers, *sent):
        self.forget(after, buffer)
    op.detach()
    op.erase()


def _yield(self: _Lowering, op: Operation) -> None:
    b = Builder(self.functions, op)
    self.park(b, "runtime.yieldhook", [], "yields")
    op.detach()
    op.erase()


_REWRITES: Final[dict[type[Operation], _Rewrite]] = {
    go.RecvOp: _recv,
    go.SendOp: _send,
    go.SelectOp: _select,
    go.YieldOp: _yield,
}


@dataclass(frozen=True)
class LowerChannelsPass(ModulePass):
    """Rewrites channel operations to runtime calls and `go.park` (see the module)."""

    name: ClassVar[str] = "lower-channels"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        lower_channels(op)
