"""Lowering of one function's body to the llvm dialect: what the op lowerings in `lower_*.py` build on.

A `go.func` becomes an `llvm.func`; a `coro.func` stays one, with llvm types. Ops are rebuilt into fresh blocks:
`values` maps old values to new ones, `block_map` old blocks to the new block they begin with. Checks branch to cold
blocks at the function's end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar, cast

from xdsl.dialects.builtin import StringAttr, SymbolRefAttr
from xdsl.dialects.llvm import FramePointerKind, FramePointerKindAttr
from xdsl.ir import Attribute, Block, Operation, OpResult, Region, SSAValue

from goir.dialects import coro, go
from goir.dialects import llvm_ext as llvm
from goir.dialects.go_types import FuncType, SliceType
from goir.lowering.cfg import reverse_postorder
from goir.lowering.emitter import COLD, Emitter
from goir.lowering.ir import LoweringError, dominates
from goir.lowering.layout import PTR, STRING, TypeLayout
from goir.lowering.module_lowering import ModuleLowering
from goir.lowering.panicking import checks_trap
from goir.lowering.signatures import Signature, call_properties

_ATTRIBUTES: Final = ("nounwind", ("probe-stack", "inline-asm"))
_ATTRS: Final = llvm.passthrough(*_ATTRIBUTES)
_TRACED_ATTRS: Final = llvm.passthrough(*_ATTRIBUTES, llvm.NO_TAIL_CALLS)
SMALL_COPY: Final = 64
"""Values up to this many bytes are zeroed by a store, not by memset."""

MAX_STACK: Final = 64 << 10
"""Larger variables live on the heap: so fast a stack must not grow."""
MAX_FRAME: Final = 16 << 10
"""The same in coroutines."""
MANY_OPS: Final = 2000
"""Code that runs once and is longer takes LLVM longer to optimise (minutes, for big tables) than it takes to run."""


class FunctionLowering(Emitter):
    """State of the function that is being lowered."""

    def __init__(self, module: ModuleLowering, op: go.FuncOp | coro.FuncOp) -> None:
        super().__init__()
        self.module = module
        self.layouts = module.layouts
        self.op = op
        self.name = op.symbol
        self.in_runtime = checks_trap(self.name)
        self.is_coroutine = isinstance(op, coro.FuncOp)
        self.location = op.location
        self.values: dict[SSAValue, SSAValue] = {}
        self.block_map: dict[Block, Block] = {}
        self.unwind: Block | None = None
        self.impossible: Block | None = None
        self.map_places: dict[Operation, SSAValue] = {}
        """Where the elements of assignments to maps are that were looked up before."""
        self.signature: Signature = module.signatures.of_type(op.signature, op.properties.get("may_panic") is not None)
        self.slot_type = module.signatures.slot_type(op.signature.results.data)
        self.nil_checked: set[SSAValue] = set()
        self.ctx: SSAValue
        self.result_pointers: Sequence[SSAValue] = ()
        self.current: Operation = op
        self.self_calls: list[Operation] = []

    # The function as a whole -----------------------------------------------------------------------------------------

    def run(self, lowerings: dict[type[Operation], Lowering]) -> Region:
        """Lowers the body; answers the new region."""
        old_blocks = reverse_postorder(self.op.entry)
        self._enter(old_blocks[0])
        of = self.layouts.of
        for block in old_blocks[1:]:
            fresh = Block(arg_types=[self.convert_type(a.type) for a in block.args])
            self.block_map[block] = fresh
            for old, new in zip(block.args, fresh.args, strict=True):
                if isinstance(old.type, go.GoType) and of(old.type).indirect and not _is_opaque(old.type):
                    raise LoweringError(block.first_op, f"values of type {old.type} cannot be block arguments")
                self.values[old] = new
        for block in old_blocks:
            if block in self.block_map:
                self.start(self.block_map[block])
            self.nil_checked.clear()
            for op in block.ops:
                lower = lowerings.get(op.__class__)
                if lower is None:
                    raise LoweringError(op, f"{op.name} is not supported by go-to-llvm")
                self.location = op.location
                self.current = op
                lower(self, op)
        entry = self.blocks[0]
        if entry.first_op is not None:
            entry.insert_ops_before(self.prelude, entry.first_op)
        else:
            entry.add_ops(self.prelude)
        return Region([*self.blocks, *self.cold])

    def _enter(self, old_entry: Block) -> None:
        """Arguments: parameters, result pointers (a coroutine: slot), ctx; then loads of the captured values."""
        signature = self.signature
        extra = 1 if self.is_coroutine else len(signature.indirect)
        entry = Block(arg_types=[*signature.params, *(PTR for _ in range(extra)), PTR])
        self.blocks = [entry]
        self.block = entry
        count = len(signature.params)
        self.result_pointers = entry.args[count:-1]
        self.ctx = entry.args[-1]
        for old, new in zip(old_entry.args, entry.args[:count], strict=False):
            self.values[old] = new
        captures = self.op.capture_types
        if captures:
            record = self.layouts.record(captures)
            for old, layout, offset in zip(old_entry.args[count:], record.fields, record.offsets, strict=True):
                place = self.offset(self.ctx, offset)
                # Nobody writes to a closure's record once it is made.
                self.values[old] = place if layout.indirect else self.load(layout.value, place)

    def finish(self, region: Region) -> Operation:
        """The new function op."""
        return self._coroutine(region) if self.is_coroutine else self._function(region)

    def _function(self, region: Region) -> Operation:
        op = self.op
        private = op.properties.get("sym_visibility") == StringAttr("private")
        properties: dict[str, Attribute] = {
            "sym_name": op.properties["sym_name"],
            "function_type": self.signature.llvm,
            "CConv": llvm.CCONV["swiftcc"],
            "arg_attrs": llvm.nest_last(len(self.signature.llvm.inputs.data)),
            "passthrough": self._passthrough(),
            "frame_pointer": _FRAME_POINTER,
        }
        if private:
            properties["linkage"] = llvm.LINKAGE["internal"]
        if op.properties.get("noinline") is not None:
            properties["no_inline"] = llvm.UNIT
        if op.properties.get("once") is not None and sum(1 for _ in region.walk()) > MANY_OPS:
            properties["no_inline"] = properties["optimize_none"] = llvm.UNIT
        new = llvm.FuncOp.create(
            properties=properties, attributes=trace_attributes(op), regions=(region,), location=op.location
        )
        return new

    def _passthrough(self) -> Attribute:
        features = self.op.properties.get("features")
        if isinstance(features, StringAttr):
            return llvm.passthrough(*_ATTRIBUTES, llvm.NO_TAIL_CALLS, ("target-features", features.data))
        return _ATTRS if self.in_runtime or "wrapper" in self.op.properties or self._may_loop() else _TRACED_ATTRS

    def _may_loop(self) -> bool:
        """Whether LLVM may make loops of calls of the function by itself. Like any tail call that hides frames from
        traces, and recursion without end would never overflow the stack: so only where such calls come after others that
        stay calls."""
        if len(self.self_calls) < 2:
            return False
        return all(
            any(other is not call and (dominates(call, other) or dominates(other, call)) for other in self.self_calls)
            for call in self.self_calls
        )

    def _coroutine(self, region: Region) -> Operation:
        op = self.op
        properties = {k: v for k, v in op.properties.items() if k != "captures"}
        properties["function_type"] = self.module.signatures.coroutine(op.signature)
        properties["slot_type"] = self.slot_type
        return coro.FuncOp.create(
            properties=properties, attributes=op.attributes, regions=(region,), location=op.location
        )

    # Values and types ------------------------------------------------------------------------------------------------

    def convert_type(self, type: Attribute) -> Attribute:
        """The llvm type of values of a go or coro type."""
        if isinstance(type, go.GoType) and not _is_opaque(type):
            return self.layouts.of(type).value
        return PTR if isinstance(type, go.GoType) else type

    def layout(self, value: SSAValue) -> TypeLayout:
        """The layout of an old value's type."""
        return self.layouts.of(value.type)

    def get(self, value: SSAValue) -> SSAValue:
        """The new value for an old one."""
        return self.values[value]

    def operands(self, op: Operation) -> list[SSAValue]:
        """The new values of all operands."""
        values = self.values
        return [values[v] for v in op.operands]

    def set(self, op: Operation, *results: SSAValue) -> None:
        """Says what the results of an old op are."""
        for old, new in zip(op.results, results, strict=True):
            self.values[old] = new

    def error(self, message: str) -> LoweringError:
        """An error about the op that is being lowered."""
        return LoweringError(self.current, message)

    # Memory in Go's terms --------------------------------------------------------------------------------------------

    def fits_frame(self, layout: TypeLayout) -> bool:
        """Whether a variable may be in the frame."""
        return self.in_runtime or layout.size <= (MAX_FRAME if self.is_coroutine else MAX_STACK)

    def alloca_for(self, layout: TypeLayout) -> SSAValue:
        """Memory for a variable of a type in the frame."""
        return self.alloca(layout.memory, max(layout.align, 1))

    def load_value(self, pointer: SSAValue, layout: TypeLayout) -> SSAValue:
        """The value of a variable; one of an indirect type is copied, because the variable may change."""
        if layout.indirect:
            temporary = self.alloca_for(layout)
            self.copy_fresh(temporary, pointer, layout.size)
            return temporary
        if not layout.size:
            return self.poison(layout.value)
        return self.load(layout.value, pointer)

    def view_value(self, pointer: SSAValue, layout: TypeLayout) -> SSAValue:
        """The value in memory that nobody writes to."""
        return pointer if layout.indirect else self.load_value(pointer, layout)

    def store_value(self, value: SSAValue, pointer: SSAValue, layout: TypeLayout) -> None:
        """Assigns to a variable."""
        if layout.has_pointers:
            self.store_pointer(value, pointer, layout)
        elif layout.indirect:
            self.copy(pointer, value, layout.size)
        elif layout.size:
            self.store(value, pointer)

    def store_pointer(self, value: SSAValue, pointer: SSAValue, layout: TypeLayout) -> None:
        """Assigns a value that holds pointers: the one place where a write barrier would go."""
        if layout.indirect:
            self.copy(pointer, value, layout.size)
        else:
            self.store(value, pointer)

    def zero_value(self, layout: TypeLayout) -> SSAValue:
        """The zero value of a type."""
        if layout.indirect:
            return self.address(self.module.zeros(layout.size))
        return self.zero(layout.value)

    def clear_variable(self, pointer: SSAValue, layout: TypeLayout) -> None:
        """Sets a variable to its zero value."""
        if layout.indirect or layout.size > SMALL_COPY:
            self.clear(pointer, layout.size)
        elif layout.size:
            self.store(self.zero(layout.memory), pointer)

    def new_object(self, layout: TypeLayout) -> SSAValue:
        """A zeroed variable on the heap."""
        return self.runtime("runtime.newobject", self.address(self.module.descriptors.of(layout.type)))[0]

    def string_parts(self, value: SSAValue) -> tuple[SSAValue, SSAValue]:
        """Pointer and length of a string or slice."""
        return self.extract(value, 0), self.extract(value, 1)

    def string_constant(self, data: bytes) -> SSAValue:
        """A string constant."""
        if not data:
            return self.zero(STRING)
        return self.aggregate(STRING, (self.address(self.module.pool.bytes(data)), self.int(len(data))))

    def to_int(self, value: SSAValue) -> SSAValue:
        """An old value of integer type as a 64-bit number."""
        layout = self.layout(value)
        return self.resize(self.values[value], 64, layout.signed)

    # Panics ----------------------------------------------------------------------------------------------------------

    def unwind_target(self) -> Block:
        """Where panics go."""
        if self.unwind is None:
            # Without a go.protect panics go to the caller.
            if not self.is_coroutine and not self.signature.flag:
                name = self.current.name
                raise self.error(f"{name} may panic, but @{self.name} has no go.protect and is not may_panic")
            block, location = self.block, self.location
            self.unwind = Block()
            self.start_cold(self.unwind)
            self.unwind_return()
            self.block, self.location = block, location
        return self.unwind

    def unwind_return(self) -> None:
        """Ends the block by passing the panic to the caller."""
        if self.is_coroutine:
            self.add(coro.UnwindOp.create())
        elif self.signature.flag:
            self.return_values(None)
        else:
            self.trap()

    def return_values(self, values: Sequence[SSAValue] | None) -> None:
        """Ends the block with a return; None: by a panic."""
        signature = self.signature
        returned = signature.returned
        parts: list[SSAValue]
        if values is None:
            parts = [self.poison(t) for t in returned[:-1]]
        else:
            for (index, layout), pointer in zip(signature.indirect, self.result_pointers, strict=True):
                self.store_value(values[index], pointer, layout)
            parts = [values[i] for i in signature.direct]
        if signature.flag:
            parts.append(self.bool(values is None))
        if not parts:
            self.add(llvm.ReturnOp.create())
        elif len(parts) == 1:
            self.add(llvm.ReturnOp.create(operands=parts))
        else:
            self.add(llvm.ReturnOp.create(operands=(self.aggregate(signature.llvm.output, parts),)))

    def trap(self) -> None:
        """Ends the block: this cannot happen."""
        self.effect(llvm.TrapOp, ())
        self.add(llvm.UnreachableOp.create())

    def trap_block(self) -> Block:
        """A block for what cannot happen."""
        if self.impossible is None:
            block, location = self.block, self.location
            self.impossible = Block()
            self.start_cold(self.impossible)
            self.trap()
            self.block, self.location = block, location
        return self.impossible

    def check(self, failed: SSAValue, recorder: str, *args: SSAValue) -> None:
        """Goes to the unwind target if `failed`, after `recorder(args)` has recorded the panic. Runtime code traps."""
        cold = Block()
        fine = Block()
        self.cond_br(failed, cold, fine, weights=COLD)
        self.start_cold(cold)
        if self.in_runtime:
            self.trap()
        else:
            self.runtime(recorder, *args)
            self.br(self.unwind_target())
        self.start(fine)

    def check_flag(self, flag: SSAValue) -> None:
        """Goes to the unwind target if a callee has panicked."""
        fine = Block()
        self.cond_br(flag, self.unwind_target(), fine, weights=COLD)
        self.start(fine)

    def check_nil(self, pointer: SSAValue) -> None:
        """Panics if a pointer is nil."""
        self.check(self.icmp("eq", pointer, self.null), "runtime.panicnil")

    # Calls -----------------------------------------------------------------------------------------------------------

    def call_go(
        self,
        callee: str | SSAValue,
        signature: Signature,
        args: Sequence[SSAValue],
        ctx: SSAValue | None = None,
        *,
        ignore_flag: bool = False,
        impossible: bool = False,
    ) -> list[SSAValue]:
        """Calls a Go function, tests the panic flag, answers the results. `impossible`: it cannot panic, unless other
        goroutines race; then the program ends."""
        results: list[SSAValue | None] = [None] * len(signature.results)
        operands = list(args)
        for index, layout in signature.indirect:
            pointer = results[index] = self.alloca_for(layout)
            operands.append(pointer)
        operands.append(self.poison(PTR) if ctx is None else ctx)
        returned = self.call(callee, operands, signature.llvm, call_properties(len(operands)))
        parts: list[SSAValue] = []
        if returned is not None:
            count = len(signature.direct) + signature.flag
            parts = [returned] if count == 1 else [self.extract(returned, i) for i in range(count)]
        if signature.flag:
            flag = parts.pop()
            if impossible:
                fine = Block()
                self.cond_br(flag, self.trap_block(), fine, weights=COLD)
                self.start(fine)
            elif not ignore_flag:
                self.check_flag(flag)
        for index, part in zip(signature.direct, parts, strict=True):
            results[index] = part
        for index, layout in signature.indirect:
            pointer = results[index]
            if not layout.indirect and pointer is not None:
                results[index] = self.load(layout.value, pointer)
        return cast("list[SSAValue]", results)

    def runtime(
        self, name: str, *args: SSAValue, ignore_flag: bool = False, impossible: bool = False
    ) -> list[SSAValue]:
        """Calls a function of `runtime_calls.py`."""
        signature = self.module.runtime_function(name)
        return self.call_go(name, signature, args, ignore_flag=ignore_flag, impossible=impossible)

    def descriptor(self, type: Attribute) -> SSAValue:
        """The address of a type descriptor."""
        return self.address(self.module.descriptors.of(type))

    def method_type(self, type: FuncType) -> Signature:
        """The signature of an interface method's entry: the data word is its first parameter."""
        return self.module.signatures.of_type(FuncType([go.UNSAFE_POINTER, *type.params.data], type.results.data))


_FRAME_POINTER: Final = FramePointerKindAttr(FramePointerKind.ALL)


def _is_opaque(type: Attribute) -> bool:
    return isinstance(type, go.OpaqueType)


def trace_attributes(op: Operation) -> dict[str, Attribute]:
    """What traces want to know of a function, as attributes of its llvm.func."""
    attributes: dict[str, Attribute] = dict(op.attributes)
    if op.properties.get("wrapper") is not None:
        attributes["goir.wrapper"] = llvm.UNIT
    display = op.properties.get("display")
    if display is not None:
        attributes["goir.name"] = display
    return attributes


_O = TypeVar("_O", bound=Operation)
_LoweringOf = Callable[[FunctionLowering, _O], None]
Lowering = Callable[[FunctionLowering, Operation], None]
LOWERINGS: Final[dict[type[Operation], Lowering]] = {}
"""How each op is lowered."""


def lowers(*ops: type[Operation]) -> Callable[[_LoweringOf[_O]], _LoweringOf[_O]]:
    """Declares a function to be the lowering of some ops."""

    def register(function: _LoweringOf[_O]) -> _LoweringOf[_O]:
        for op in ops:
            LOWERINGS[op] = cast(Lowering, function)
        return function

    return register


def slice_elem(f: FunctionLowering, layout: TypeLayout) -> TypeLayout:
    """The layout of a slice type's elements."""
    return f.layouts.of(cast(SliceType, layout.underlying).elem)


def is_zero(value: SSAValue) -> bool:
    """Whether an old value is a `go.zero`."""
    return isinstance(value, OpResult) and isinstance(value.op, go.ZeroOp)


def symbol_of(attr: Attribute) -> str:
    """The name in a symbol reference."""
    assert isinstance(attr, SymbolRefAttr)
    return attr.root_reference.data
