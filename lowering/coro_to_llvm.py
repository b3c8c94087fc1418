"""Coroutine ops become LLVM's coroutine intrinsics (docs/coro.md, "LLVM form"): the last pass of the road.

    coro.func @"f$coro"(%a, %slot, %ctx)  →  llvm.func @"f$coro"(%a, %slot, %ctx {nest}) -> ptr  presplitcoroutine
        entry:    variables, promise, coro.id, coro.alloc; frame from runtime.framealloc; coro.begin
        suspend:  coro.save; await.suspend.bool with a wrapper of the hook; coro.suspend; switch
                  [0: resume, 1: a trap of its own], default: the one suspend block
        return:   results and flag into the slot; in the ramp: free the frame, answer null; else the final suspend,
                  whose hook hands over to the waiter
        suspend block: phi [null where the frame is gone, else the handle]; coro.end; return

The form is the one FACTS 1-3 found to survive LLVM's optimiser: every suspend keeps its switch with a trap block of
its own, the handle is published inside of `await.suspend.*` only, the block with coro.end is empty.
tests/ll/coro_form.ll is it by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, cast

from xdsl.context import Context
from xdsl.dialects.builtin import (
    IntegerAttr,
    IntegerType,
    ModuleOp,
    StringAttr,
    SymbolRefAttr,
    i1,
    i8,
    i32,
    i64,
)
from xdsl.dialects.llvm import (
    FramePointerKind,
    FramePointerKindAttr,
    LLVMFunctionType,
    LLVMStructType,
)
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass

from goir.dialects import coro, go
from goir.dialects import llvm_ext as llvm
from goir.dialects.fast_ops import new_op
from goir.dialects.go_base import caller_location, place_of
from goir.lowering.cfg import reachable, successors_of
from goir.lowering.emitter import Emitter
from goir.lowering.fast_return import FastBlocks, Readers, fast_blocks
from goir.lowering.ir import LoweringError, split_after, symbol_name
from goir.lowering.layout import PTR, Layouts, holds_pointers, size_and_align
from goir.lowering.runtime_calls import RUNTIME_FUNCTIONS
from goir.lowering.signatures import Signatures
from goir.lowering.verify_llvm_coro import MAX_FRAME_ALIGN

HOOK_PREFIX: Final = "goir.hook."
THREAD_WAITER_SIZE: Final = 64

PROMISE: Final = LLVMStructType.from_type_list([PTR, i32])
"""State of the coroutine; the source line where it waits. At handle + 16 and + 24."""

_COROUTINE: Final = llvm.passthrough("presplitcoroutine", "nounwind", ("probe-stack", "inline-asm"), llvm.NO_TAIL_CALLS)
_PLAIN: Final = llvm.passthrough("nounwind", ("probe-stack", "inline-asm"))
_FRAME_POINTER: Final = FramePointerKindAttr(FramePointerKind.ALL)
_HOOK: Final = llvm.passthrough("nounwind")


def coro_to_llvm(module: ModuleOp) -> None:
    """Lowers every coro op of the module; all other function bodies are in the llvm dialect already."""
    _Module(module).run()


class _Module:
    def __init__(self, module: ModuleOp) -> None:
        self.module = module
        self.symbols: set[str] = set()
        self.functions: dict[str, llvm.FuncOp] = {}
        for op in module.body.block.ops:
            if "sym_name" in op.properties and not isinstance(op, go.TypeOp):
                self.symbols.add(symbol_name(op))
            if isinstance(op, llvm.FuncOp):
                self.functions[symbol_name(op)] = op
        self.signatures = Signatures(Layouts(go.TypeTable(module)))
        self.readers = Readers(self.functions)

    def run(self) -> None:
        for op in list(self.module.body.block.ops):
            match op:
                case coro.FuncOp():
                    self.coroutine(op)
                case llvm.FuncOp() if op.body.blocks.first is not None:
                    _Plain(self, op).run()
                case _:
                    pass

    def add(self, op: Operation) -> None:
        """Appends a module-level op."""
        self.symbols.add(symbol_name(op))
        if isinstance(op, llvm.FuncOp):
            self.functions[symbol_name(op)] = op
        self.module.body.block.add_op(op)

    def replace(self, old: Operation, new: llvm.FuncOp) -> None:
        new.location = old.location
        self.functions[symbol_name(new)] = new
        self.module.body.block.insert_op_before(new, old)
        old.detach()
        old.erase()

    def runtime(self, name: str) -> LLVMFunctionType:
        """The type of a runtime function; declares it if need be."""
        signature = self.signatures.of_runtime(RUNTIME_FUNCTIONS[name])
        if name not in self.symbols:
            self.add(llvm.func(name, signature.llvm, cconv="swiftcc", nest=True, attrs=("nounwind",)))
        return signature.llvm

    def hook_type(self, name: str, args: Sequence[Attribute], op: Operation) -> LLVMFunctionType:
        """The type of the function `name`, which is used as a hook with `args`; checks it."""
        wanted = LLVMFunctionType([*args, PTR, PTR], i1)
        function = self.functions.get(name)
        if function is None:
            if name not in RUNTIME_FUNCTIONS:
                raise LoweringError(op, f"the hook @{name} is not declared")
            found = self.runtime(name)
        else:
            found = function.function_type
        if found != wanted:
            raise LoweringError(op, f"the hook @{name} must be a function of type {wanted}, but has type {found}")
        return wanted

    def hook_wrapper(self, name: str, args: Sequence[Attribute], op: Operation) -> tuple[str, Attribute | None]:
        """The function `i1 (ptr awaiter, ptr handle)` that calls hook `name` with the arguments it finds through
        awaiter, and the type awaiter points to: None where it is the only argument itself."""
        type = self.hook_type(name, args, op)
        direct = not args or (len(args) == 1 and args[0] == PTR)
        packed = None if direct else LLVMStructType.from_type_list(list(args))
        symbol = HOOK_PREFIX + name
        if symbol not in self.symbols:
            e = Emitter()
            e.location = op.location
            e.block.insert_arg(PTR, 0)
            e.block.insert_arg(PTR, 1)
            awaiter, handle = e.block.args
            values: list[SSAValue] = []
            if packed is not None:
                for index, field in enumerate(args):
                    values.append(e.load(field, _field(e, awaiter, packed, index)))
            elif args:
                values.append(awaiter)
            answer = e.call(name, [*values, handle, e.poison(PTR)], type, _swift(len(args) + 2))
            assert answer is not None
            e.add(llvm.ReturnOp.create(operands=[answer]))
            self.add(_wrapper(symbol, e, i1))
        return symbol, packed

    def final_wrapper(self, op: Operation) -> str:
        """The hook of the final suspend: answers the handle to go on with."""
        symbol = HOOK_PREFIX + "final"
        if symbol not in self.symbols:
            type = self.runtime("runtime.finalhook")
            e = Emitter()
            e.location = op.location
            e.block.insert_arg(PTR, 0)
            e.block.insert_arg(PTR, 1)
            answer = e.call("runtime.finalhook", [*e.block.args, e.poison(PTR)], type, _swift(3))
            assert answer is not None
            e.add(llvm.ReturnOp.create(operands=[answer]))
            self.add(_wrapper(symbol, e, PTR))
        return symbol

    def coroutine(self, op: coro.FuncOp) -> None:
        type = op.properties["function_type"]
        if not isinstance(type, LLVMFunctionType):
            raise LoweringError(op, f"@{symbol_name(op)} has not been through go-to-llvm")
        properties = function_properties(op, type)
        if op.body.blocks.first is None:
            self.replace(op, llvm.FuncOp.create(properties=properties, regions=[Region()]))
            return
        attributes: dict[str, Attribute] = dict(op.attributes)
        display = op.properties.get("display")
        if isinstance(display, StringAttr):
            attributes["goir.name"] = display
        if "wrapper" in op.properties:
            attributes["goir.wrapper"] = llvm.UNIT
        is_coroutine = _Coroutine(self, op).run()
        properties["passthrough"] = _COROUTINE if is_coroutine else _PLAIN
        properties["frame_pointer"] = _FRAME_POINTER
        body = op.detach_region(0)
        op.add_region(Region())
        self.replace(op, llvm.FuncOp.create(properties=properties, attributes=attributes, regions=[body]))


def function_properties(op: Operation, type: LLVMFunctionType) -> dict[str, Attribute]:
    """Properties of the llvm.func of a coroutine."""
    properties: dict[str, Attribute] = {
        "sym_name": op.properties["sym_name"],
        "function_type": type,
        "arg_attrs": llvm.nest_last(len(type.inputs.data)),
    }
    if op.properties.get("sym_visibility") == StringAttr("private") and op.regions[0].blocks.first is not None:
        properties["linkage"] = llvm.LINKAGE["internal"]
    if "noinline" in op.properties:
        properties["no_inline"] = llvm.UNIT
    return properties


def _int(value: Attribute | None) -> int | None:
    return value.value.data if isinstance(value, IntegerAttr) else None


def _wrapper(symbol: str, e: Emitter, result: Attribute) -> llvm.FuncOp:
    e.block.insert_ops_before(e.prelude, _first(e.block))
    op = llvm.func(
        symbol, LLVMFunctionType([PTR, PTR], result), linkage="internal", region=Region([e.block]),
        properties={"passthrough": _HOOK, "always_inline": llvm.UNIT},
    )  # fmt: skip
    op.attributes["goir.wrapper"] = llvm.UNIT
    op.location = e.location
    return op


def _first(block: Block) -> Operation:
    first = block.first_op
    assert first is not None
    return first


def _swift(count: int) -> dict[str, Attribute]:
    return {"CConv": llvm.CCONV["swiftcc"], "arg_attrs": llvm.nest_last(count)}


def _field(e: Emitter, pointer: SSAValue, type: LLVMStructType, index: int) -> SSAValue:
    """`&pointer->field`"""
    properties: dict[str, Attribute] = {
        "elem_type": type,
        "rawConstantIndices": llvm.i32s(0, index),
        "noWrapFlags": llvm.INBOUNDS,
    }
    return e.value(llvm.GEPOp, (pointer,), PTR, properties)


class _At(Emitter):
    """An emitter that places ops before `anchor`, where there is one: overrides all that places ops."""

    anchor: Operation | None = None

    def add(self, op: Operation) -> Operation:
        op.location = self.location
        if self.anchor is None:
            self.block.add_op(op)
        else:
            self.block.insert_op_before(op, self.anchor)
        return op

    def value(
        self,
        cls: type[Operation],
        operands: Sequence[SSAValue],
        type: Attribute,
        properties: Mapping[str, Attribute] = {},
    ) -> SSAValue:
        return self.add(new_op(cls, operands, (type,), properties, self.location)).results[0]

    def effect(
        self, cls: type[Operation], operands: Sequence[SSAValue], properties: Mapping[str, Attribute] = {}
    ) -> None:
        self.add(new_op(cls, operands, (), properties, self.location))

    def call(
        self,
        callee: str | SSAValue,
        args: Sequence[SSAValue],
        type: LLVMFunctionType,
        properties: Mapping[str, Attribute],
    ) -> SSAValue | None:
        results = () if isinstance(type.output, llvm.LLVMVoidType) else (type.output,)
        if isinstance(callee, str):
            properties = {"callee": llvm.symbol(callee), **properties}
        else:
            args = (callee, *args)
        op = self.add(new_op(llvm.CallOp, args, results, properties, self.location))
        return op.results[0] if results else None

    def before(self, op: Operation) -> None:
        """Goes on before `op`."""
        assert op.parent is not None
        self.anchor = op
        self.block = op.parent
        self.location = op.location

    def at_end(self, block: Block) -> None:
        """Goes on at the end of `block`."""
        self.anchor = None
        self.block = block


class _Function:
    """Lowers the ops that occur in both kinds of function."""

    def __init__(self, module: _Module, op: Operation) -> None:
        self.module = module
        self.op = op
        self.e = _At()
        self.e.location = op.location
        self.slots: dict[Attribute, SSAValue] = {}

    def rewrite(self) -> None:
        """Rewrites all ops but those that the function as a whole deals with."""
        found = [op for block in self.op.regions[0].blocks for op in block.ops if op.__class__ in _OPS]
        # Slots first, while their results can be seen; then backwards: what follows a parking moves to a new block, and
        # moves only once.
        for op in [op for op in found if op.__class__ is coro.SlotOp]:
            self.e.before(op)
            _slot(self, op)
        for op in reversed(found):
            if op.__class__ is not coro.SlotOp:
                self.e.before(op)
                _OPS[op.__class__](self, op)

    def finish(self, entry: Block) -> None:
        """Places constants and variables at the start of the entry block."""
        if self.e.prelude:
            entry.insert_ops_before(self.e.prelude, _first(entry))

    def replace(self, op: Operation, *values: SSAValue) -> None:
        for old, new in zip(op.results, values, strict=True):
            new.name_hint = old.name_hint
            old.replace_all_uses_with(new)
        op.detach()
        op.erase()

    def call_runtime(self, name: str, args: Sequence[SSAValue]) -> SSAValue | None:
        type = self.module.runtime(name)
        return self.e.call(name, [*args, self.e.poison(PTR)], type, _swift(len(args) + 1))


_Handler = Callable[[_Function, Operation], None]


def slot_type(op: Operation) -> LLVMStructType:
    """`{i8 panicked, results…}` of a coro.func, coro.slot or coro.results."""
    type = op.properties.get("slot_type")
    if not isinstance(type, LLVMStructType):
        raise LoweringError(op, f"{op.name} has not been through go-to-llvm")
    return type


def _slot(self: _Function, op: Operation) -> None:
    type = slot_type(op)
    # Slots of one type share memory where nothing else starts between a start and its results, and none stay in it.
    if not _brief(op):
        self.replace(op, self.e.alloca(type))
        return
    for use in op.results[0].uses:
        if isinstance(use.operation, coro.ResultsOp):
            values = use.operation.results[:-1]
            if any(v.type != memory for v, memory in zip(values, type.types.data[1:], strict=True)):
                self.replace(op, self.e.alloca(type))
                return
    slot = self.slots.get(type)
    if slot is None:
        slot = self.slots[type] = self.e.alloca(type)
    self.replace(op, slot)


def _brief(op: Operation) -> bool:
    """Whether a slot is used as lower-await does: one start, and its results before anything else starts."""
    users = [use.operation for use in op.results[0].uses]
    starts = [user for user in users if user.__class__ in _STARTS]
    results = [user for user in users if isinstance(user, coro.ResultsOp)]
    if len(users) != 2 or len(starts) != 1 or len(results) != 1:
        return False
    seen: set[Block] = set()
    work: list[Operation | None] = [starts[0].next_op]
    while work:
        at = work.pop()
        while at is not results[0]:
            if at is None or at.__class__ in _STARTS or len(seen) > _FEW_BLOCKS:
                return False
            for block in at.successors:
                if block not in seen:
                    seen.add(block)
                    work.append(block.first_op)
            if at.next_op is None:
                break
            at = at.next_op
    return True


def _start(self: _Function, op: Operation) -> None:
    e = self.e
    callee = op.properties["callee"]
    assert isinstance(callee, SymbolRefAttr)
    slot, *args = op.operands
    type = LLVMFunctionType([*(a.type for a in args), PTR, PTR], PTR)
    properties: dict[str, Attribute] = {"arg_attrs": llvm.nest_last(len(args) + 2)}
    handle = e.call(callee.root_reference.data, [*args, slot, e.poison(PTR)], type, properties)
    assert handle is not None
    if "elide" in op.properties and isinstance(self, _Coroutine):
        assert isinstance(handle.owner, Operation)
        handle.owner.attributes[llvm.ELIDE_SAFE] = llvm.UNIT
    self.replace(op, handle)


def _start_indirect(self: _Function, op: Operation) -> None:
    slot, entry, ctx, *args = op.operands
    type = LLVMFunctionType([*(a.type for a in args), PTR, PTR], PTR)
    handle = self.e.call(entry, [*args, slot, ctx], type, {"arg_attrs": llvm.nest_last(len(args) + 2)})
    assert handle is not None
    self.replace(op, handle)


def _pending(self: _Function, op: Operation) -> None:
    self.replace(op, self.e.icmp("ne", op.operands[0], self.e.null))


def _destroy(self: _Function, op: Operation) -> None:
    self.e.intrinsic("llvm.coro.destroy", [op.operands[0]])
    self.replace(op)


def _resume(self: _Function, op: Operation) -> None:
    self.e.intrinsic("llvm.coro.resume", [op.operands[0]])
    self.replace(op)


def _done(self: _Function, op: Operation) -> None:
    done = self.e.intrinsic("llvm.coro.done", [op.operands[0]], i1)
    assert done is not None
    self.replace(op, done)


def _results(self: _Function, op: Operation) -> None:
    e, slot, type = self.e, op.operands[0], slot_type(op)
    values: list[SSAValue] = []
    for index, result in enumerate(op.results[:-1], 1):
        place = _field(e, slot, type, index)
        memory = type.types.data[index]
        if result.type == memory:
            values.append(e.load(memory, place))
            _forget(e, memory, place)
        else:
            values.append(place)
    flag = e.icmp("ne", e.load(i8, slot), e.int(0, 8))
    self.replace(op, *values, flag)


def _forget(e: Emitter, type: Attribute, place: SSAValue) -> None:
    """Overwrites the pointers in memory that stays after its value was taken: the collector would go on to see them."""
    if type == PTR:
        e.store(e.null, place)
    elif isinstance(type, LLVMStructType):
        for index, field in enumerate(type.types.data):
            if holds_pointers(field):
                _forget(e, field, _field(e, place, type, index))
    elif holds_pointers(type):
        e.store(e.zero(type), place)


def _spawn(self: _Function, op: Operation) -> None:
    self.call_runtime("runtime.newproc", [op.operands[0]])
    self.replace(op)


def _park(self: _Function, op: Operation) -> None:
    e = self.e
    hook = op.properties["hook"]
    assert isinstance(hook, SymbolRefAttr)
    name = hook.root_reference.data
    args = list(op.operands)
    type = self.module.hook_type(name, [a.type for a in args], op)
    record = e.alloca_bytes(THREAD_WAITER_SIZE)
    self.call_runtime("runtime.parkprepare", [record])
    must_wait = e.call(name, [*args, record, e.poison(PTR)], type, _swift(len(args) + 2))
    assert must_wait is not None
    rest = split_after(op)
    block = op.parent
    assert block is not None and block.parent is not None
    wait = Block()
    block.parent.insert_block_after(wait, block)
    e.at_end(wait)
    self.call_runtime("runtime.parkwait", [record])
    e.br(rest)
    e.at_end(block)
    self.replace(op)
    e.cond_br(must_wait, wait, rest)


_STARTS: Final = frozenset({coro.StartOp, coro.StartIndirectOp})
_FEW_BLOCKS: Final = 8
"""An await has fewer."""

_OPS: Final[dict[type[Operation], _Handler]] = {
    coro.SlotOp: _slot,
    coro.StartOp: _start,
    coro.StartIndirectOp: _start_indirect,
    coro.PendingOp: _pending,
    coro.DestroyOp: _destroy,
    coro.ResumeOp: _resume,
    coro.DoneOp: _done,
    coro.ResultsOp: _results,
    coro.SpawnOp: _spawn,
    coro.ParkOp: _park,
}


class _Plain(_Function):
    """A function that is no coroutine: it may start some and wait for them."""

    def run(self) -> None:
        self.rewrite()
        entry = self.op.regions[0].blocks.first
        assert entry is not None
        self.finish(entry)


class _Coroutine(_Function):
    """A `coro.func`; `run` rewrites its region to the body of the llvm.func."""

    def run(self) -> bool:
        """Rewrites the body. False: it neither suspends nor ends, and is no coroutine."""
        region = self.op.regions[0]
        e = self.e
        body = region.blocks.first
        assert body is not None
        self.rewrite()
        suspends: list[Operation] = []
        ends: list[Operation] = []
        allocas: list[Operation] = []
        for block in region.blocks:
            last = block.last_op
            if isinstance(last, coro.SuspendOp):
                suspends.append(last)
            elif isinstance(last, coro.ReturnOp | coro.UnwindOp):
                ends.append(last)
            allocas += [op for op in block.ops if isinstance(op, llvm.AllocaOp)]
        if not suspends and not ends:
            self.finish(body)
            return False
        alive, destroyed = self.destroy_paths(suspends, body)
        shared = alive & destroyed
        self.dying = e.alloca(i1) if shared else None

        # The entry: everything that lives in the frame is a variable here, before coro.begin.
        entry = Block(arg_types=body.arg_types)
        for old, new in zip(list(body.args), entry.args, strict=True):
            new.name_hint = old.name_hint
            old.replace_all_uses_with(new)
            body.erase_arg(old)
        self.slot = entry.args[-2]
        region.insert_block_before(entry, body)
        over_aligned: list[tuple[Operation, int, SSAValue]] = []
        for op in allocas:
            count = op.operands[0].owner
            if not isinstance(count, llvm.ConstantOp):
                raise LoweringError(op, "a coroutine cannot have variables of dynamic size")
            align = _int(op.properties.get("alignment")) or 1
            if align > MAX_FRAME_ALIGN:
                size = size_and_align(op.properties["elem_type"])[0] * (_int(count.properties["value"]) or 0)
                room = e.alloca_bytes(size + align - MAX_FRAME_ALIGN, MAX_FRAME_ALIGN)
                over_aligned.append((op, align, room))
                continue
            op.detach()
            op.operands = [self.constant_like(count)]
            e.prelude.append(op)
        self.promise = promise = e.alloca(PROMISE)
        e.location = self.op.location
        e.at_end(entry)
        e.anchor = None
        fast = fast_blocks(body, self.module.readers)
        if fast:
            start = Block()
            region.insert_block_before(start, body)
            self.copy_fast(fast, body, start)
            e.at_end(start)
        identity = e.value(llvm.CoroIdOp, (e.int(0, 32), promise, e.null, e.null), llvm.TOKEN)
        needed = e.intrinsic("llvm.coro.alloc", [identity], i1)
        assert needed is not None
        allocate, begin = Block(), Block(arg_types=[PTR])
        region.insert_block_before([allocate, begin], body)
        e.cond_br(needed, allocate, begin, (), (e.null,))
        e.at_end(allocate)
        size = e.value(llvm.CoroSizeOp, (), i64)
        frame = self.call_runtime("runtime.framealloc", [size])
        assert frame is not None
        e.br(begin, frame)
        e.at_end(begin)
        handle = e.value(llvm.CoroBeginOp, (identity, begin.args[0]), PTR)
        for op, align, room in over_aligned:
            self.replace(op, self.aligned(room, align))
        e.store(e.null, promise)
        if self.dying is not None:
            e.store(e.bool(False), self.dying)
        e.br(body)

        # The end: the one block every path leaves through.
        leave = Block(arg_types=[PTR])
        cleanup = Block()
        awaiters: dict[Attribute, SSAValue] = {}
        for op in suspends:
            self.suspend(op, handle, leave, awaiters)
        if ends:
            complete, either = Block(), Block()
            for op in ends:
                self.end(op, either if op.parent in shared else cleanup if op.parent in destroyed else complete)
            if self.dying is not None:
                region.add_block(either)
                e.at_end(either)
                e.cond_br(e.load(i1, self.dying), cleanup, complete)
            self.complete(complete, cleanup, leave, promise, handle)
            e.at_end(cleanup)
            memory = e.value(llvm.CoroFreeOp, (identity, handle), PTR)
            owned = e.icmp("ne", memory, e.null)
            size = e.value(llvm.CoroSizeOp, (), i64)
            free, forget = Block(), Block()
            e.cond_br(owned, free, forget)
            region.add_block([cleanup, free, forget])
            e.at_end(free)
            self.call_runtime("runtime.framefree", [memory, size])
            e.br(leave, e.null)
            # A part of the awaiter's frame, which stays: the collector would go on to see what was in it.
            e.at_end(forget)
            e.clear(handle, size)
            e.br(leave, e.null)
        region.add_block(leave)
        e.at_end(leave)
        none = e.value(llvm.NoneTokenOp, (), llvm.TOKEN)
        e.add(llvm.CoroEndOp.create(operands=[handle, e.bool(False), none], result_types=[llvm.VOID]))
        e.add(llvm.ReturnOp.create(operands=[leave.args[0]]))
        self.finish(entry)
        return True

    def copy_fast(self, fast: FastBlocks, first: Block, start: Block) -> None:
        """Copies blocks that may return without a frame, `first` being the first of them; where they must wait they go on
        to `start`."""
        e, region = self.e, self.op.regions[0]
        leave = Block()
        copies = {block: Block(arg_types=block.arg_types) for block in fast}
        values: dict[SSAValue, SSAValue] = {}
        for block, copy in copies.items():
            values.update(zip(block.args, copy.args, strict=True))
        e.br(copies[first])
        for block, follows in fast.items():
            copy = copies[block]
            region.insert_block_before(copy, start)
            for op in block.ops:
                copy.add_op(op.clone(values))
            last = copy.last_op
            assert last is not None
            if isinstance(last, coro.ReturnOp | coro.UnwindOp):
                self.end(last, leave)
                continue
            for number, follow in enumerate(follows):
                if follow:
                    last.successors[number] = copies[last.successors[number]]
                else:
                    _redirect(last, number, start)
        region.insert_block_before(leave, start)
        e.at_end(leave)
        e.add(llvm.ReturnOp.create(operands=[e.null]))

    def aligned(self, room: SSAValue, align: int) -> SSAValue:
        """The first address in `room` that is a multiple of `align`: a frame is at one of MAX_FRAME_ALIGN, and stays."""
        e = self.e
        address = e.value(llvm.PtrToIntOp, (room,), i64)
        short = e.binary(llvm.AndOp, e.sub_int(e.int(0), address), e.int(align - 1))
        return e.element(room, i8, short)

    def constant_like(self, op: llvm.ConstantOp) -> SSAValue:
        value, type = op.properties["value"], op.results[0].type
        assert isinstance(value, IntegerAttr) and isinstance(type, IntegerType)
        value = cast("IntegerAttr[IntegerType]", value)
        return self.e.int(value.value.data, cast(IntegerType, type).width.data)

    def destroy_paths(self, suspends: list[Operation], entry: Block) -> tuple[set[Block], set[Block]]:
        """The blocks that run while the coroutine goes on, and those while it is being destroyed: their end frees the
        frame. Of blocks that do both, a variable says what they are about."""
        roots = [op.successors[1] for op in suspends if len(op.successors) > 1]
        if not roots:
            return set(), set()
        alive = reachable([entry], _going_on)
        destroyed = reachable(roots)
        for block in destroyed:
            if isinstance(block.last_op, coro.SuspendOp):
                raise LoweringError(block.last_op, "a coroutine that is being destroyed cannot suspend")
        return alive, destroyed

    dying: SSAValue | None = None
    """Variable that says whether the coroutine is being destroyed, if a block must ask."""

    def suspend(self, op: Operation, handle: SSAValue, leave: Block, awaiters: dict[Attribute, SSAValue]) -> None:
        assert isinstance(op, coro.SuspendOp)
        e = self.e
        hook = op.hook.root_reference.data
        args = list(op.args)
        wrapper, packed = self.module.hook_wrapper(hook, [a.type for a in args], op)
        e.before(op)
        if packed is not None:
            assert isinstance(packed, LLVMStructType)
            awaiter = awaiters.get(packed)
            if awaiter is None:
                awaiter = awaiters[packed] = e.alloca(packed)
            for index, value in enumerate(args):
                e.store(value, _field(e, awaiter, packed, index))
        else:
            awaiter = args[0] if args else e.null
        self.save_and_suspend(op, handle, awaiter, wrapper, leave)

    def save_and_suspend(
        self, op: coro.SuspendOp, handle: SSAValue, awaiter: SSAValue, wrapper: str, leave: Block
    ) -> None:
        e, block = self.e, op.parent
        assert block is not None and block.parent is not None
        resume_args, destroy_args = tuple(op.resume_args), tuple(op.destroy_args)
        place = place_of(caller_location(op.location))
        if place is not None:
            # For traces: nothing else says where a suspended coroutine stands.
            e.store(e.int(place[1], 32), _field(e, self.promise, PROMISE, 1))
        save = e.value(llvm.CoroSaveOp, (handle,), llvm.TOKEN)
        must = e.intrinsic("llvm.coro.await.suspend.bool", [awaiter, handle, e.address(wrapper)], i1)
        assert must is not None
        waiting = Block()
        block.parent.insert_block_after(waiting, block)
        resume = op.successors[0]
        destroy = op.successors[1] if len(op.successors) > 1 else self.trap(waiting)
        op.detach()
        if self.dying is not None and op.destroy is not None:
            dying = Block()
            block.parent.insert_block_after(dying, waiting)
            e.at_end(dying)
            e.store(e.bool(True), self.dying)
            e.br(destroy, *destroy_args)
            destroy, destroy_args = dying, ()
        e.at_end(block)
        e.cond_br(must, waiting, resume, (), resume_args)
        e.at_end(waiting)
        state = e.value(llvm.CoroSuspendOp, (save, e.bool(False)), i8)
        e.add(llvm.switch(state, leave, [(0, resume, resume_args), (1, destroy, destroy_args)], (handle,)))
        op.erase()

    def trap(self, after: Block) -> Block:
        """A block of its own for a suspend that is never destroyed: sharing it would let LLVM rebuild the switch."""
        block = Block()
        assert after.parent is not None
        after.parent.insert_block_after(block, after)
        for op in (llvm.TrapOp.create(), llvm.UnreachableOp.create()):
            op.location = self.e.location
            block.add_op(op)
        return block

    def end(self, op: Operation, target: Block) -> None:
        e = self.e
        e.before(op)
        if isinstance(op, coro.ReturnOp):
            type = slot_type(self.op)
            for index, value in enumerate(op.operands, 1):
                place = _field(e, self.slot, type, index)
                memory = type.types.data[index]
                if value.type == memory:
                    e.store(value, place)
                else:
                    e.copy_fresh(place, value, size_and_align(memory)[0])
            e.store(e.int(0, 8), self.slot)
        else:
            e.store(e.int(1, 8), self.slot)
        block = op.parent
        assert block is not None
        op.detach()
        op.erase()
        e.at_end(block)
        e.br(target)

    def complete(self, block: Block, cleanup: Block, leave: Block, promise: SSAValue, handle: SSAValue) -> None:
        """Completion: one that never suspended is gone when its ramp returns null; another wakes its waiter."""
        e = self.e
        e.location = self.op.location
        region = self.op.regions[0]
        region.add_block(block)
        final = Block()
        region.add_block(final)
        e.at_end(block)
        in_ramp = e.intrinsic("llvm.coro.is_in_ramp", [], i1)
        assert in_ramp is not None
        e.cond_br(in_ramp, cleanup, final)
        e.at_end(final)
        save = e.value(llvm.CoroSaveOp, (handle,), llvm.TOKEN)
        wrapper = e.address(self.module.final_wrapper(self.op))
        e.intrinsic("llvm.coro.await.suspend.handle", [promise, handle, wrapper])
        state = e.value(llvm.CoroSuspendOp, (save, e.bool(True)), i8)
        e.add(llvm.switch(state, leave, [(0, self.trap(final), ()), (1, cleanup, ())], (handle,)))


def _going_on(block: Block) -> Sequence[Block]:
    """Where a block may go to while the coroutine is not being destroyed."""
    successors = successors_of(block)
    return successors[:1] if isinstance(block.last_op, coro.SuspendOp) else successors


def _redirect(branch: Operation, number: int, target: Block) -> None:
    """Has a branch's edge go to `target`, which takes no arguments."""
    if isinstance(branch, llvm.CondBrOp):
        sides = [list(branch.then_arguments), list(branch.else_arguments)]
        sides[number] = []
        branch.operands = [branch.cond, *sides[0], *sides[1]]
        branch.properties["operandSegmentSizes"] = llvm.i32s(1, *map(len, sides))
    else:
        branch.operands = []
    branch.successors[number] = target


@dataclass(frozen=True)
class CoroToLLVMPass(ModulePass):
    """Lowers coroutine ops to LLVM's intrinsics (see the module)."""

    name: ClassVar[str] = "coro-to-llvm"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        coro_to_llvm(op)
