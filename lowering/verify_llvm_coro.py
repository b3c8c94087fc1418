"""Checks coroutines at the llvm level before LLVM sees them: what LLVM does not diagnose aborts the process or
miscompiles.

LLVM's verifier knows only the types of the coroutine intrinsics. Two final suspends, a promise that is no alloca, a
second coro.begin abort; a missing coro.end, a variable aligned more than the frame, an instruction after a
publication are compiled to something wrong (FACTS 1-3). Every rule here is one of those.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, cast

from xdsl.context import Context
from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, IntegerAttr, ModuleOp, StringAttr, i1
from xdsl.dialects.llvm import LLVMFunctionType, LLVMPointerType
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.passes import ModulePass

from goir.dialects import llvm_ext as llvm
from goir.lowering.cfg import reachable
from goir.lowering.ir import LoweringError, symbol_name
from goir.lowering.layout import PTR

MAX_FRAME_ALIGN: Final = 16
"""What runtime.framealloc promises."""

_PRESPLIT: Final = StringAttr("presplitcoroutine")

# Intrinsics that stand for a coroutine's own structure, as opposed to what anyone may do with a handle.
_STRUCTURE: Final = frozenset({
    llvm.CoroIdOp, llvm.CoroBeginOp, llvm.CoroSaveOp, llvm.CoroSuspendOp, llvm.CoroEndOp, llvm.CoroFreeOp,
    llvm.CoroSizeOp, llvm.CoroAlignOp,
})  # fmt: skip
_STRUCTURE_NAMES: Final = ("llvm.coro.alloc", "llvm.coro.is_in_ramp", "llvm.coro.await.suspend.", "llvm.coro.suspend")
_BAD_ARGUMENTS: Final = ("llvm.sret", "llvm.byval", "llvm.swifterror", "llvm.inalloca")


def verify_llvm_coro(module: ModuleOp) -> None:
    """Raises LoweringError for the first coroutine that LLVM would abort on or get wrong."""
    functions: dict[str, llvm.FuncOp] = {}
    for op in module.body.block.ops:
        if isinstance(op, llvm.FuncOp):
            functions[symbol_name(op)] = op
    for op in functions.values():
        if op.body.blocks.first is None:
            continue
        if _is_coroutine(op):
            _Check(op, functions).run()
        else:
            for each in _ops(op):
                if _is_structure(each):
                    what = f"@{symbol_name(op)} is no coroutine (presplitcoroutine), but has {_name(each)}"
                    raise LoweringError(each, what)


def _is_coroutine(op: llvm.FuncOp) -> bool:
    attributes = op.properties.get("passthrough")
    return isinstance(attributes, ArrayAttr) and _PRESPLIT in cast("ArrayAttr[Attribute]", attributes).data


def _ops(function: llvm.FuncOp) -> list[Operation]:
    return [op for block in function.body.blocks for op in block.ops]


def _intrinsic(op: Operation) -> str:
    name = op.properties.get("intrin") if isinstance(op, llvm.CallIntrinsicOp) else None
    return name.data if isinstance(name, StringAttr) else ""


def _is_structure(op: Operation) -> bool:
    return op.__class__ in _STRUCTURE or _intrinsic(op).startswith(_STRUCTURE_NAMES)


def _name(op: Operation) -> str:
    return _intrinsic(op) or op.name


def _constant(value: SSAValue) -> int | None:
    owner = value.owner
    if isinstance(owner, llvm.ConstantOp):
        attr = owner.properties["value"]
        if isinstance(attr, IntegerAttr):
            return attr.value.data
    return None


class _Check:
    def __init__(self, function: llvm.FuncOp, functions: dict[str, llvm.FuncOp]) -> None:
        self.function = function
        self.functions = functions
        self.name = symbol_name(function)
        entry = function.body.blocks.first
        assert entry is not None
        self.entry: Block = entry

    def fail(self, op: Operation, message: str) -> LoweringError:
        return LoweringError(op, f"coroutine @{self.name}: {message}")

    def run(self) -> None:
        self.signature()
        ids: list[Operation] = []
        begins: list[Operation] = []
        ends: list[Operation] = []
        suspends: list[Operation] = []
        for op in _ops(self.function):
            match op:
                case llvm.AllocaOp():
                    self.variable(op)
                case llvm.CoroIdOp():
                    ids.append(op)
                case llvm.CoroBeginOp():
                    begins.append(op)
                case llvm.CoroEndOp():
                    ends.append(op)
                case llvm.CoroSuspendOp():
                    suspends.append(op)
                case llvm.CallIntrinsicOp() if _intrinsic(op).startswith("llvm.coro.await.suspend."):
                    self.hook(op)
                case _:
                    pass
        for what, found in (("coro.id", ids), ("coro.begin", begins), ("coro.end", ends)):
            if len(found) != 1:
                raise self.fail(found[1] if found else self.function, f"has {len(found)} {what}, must have one")
        self.identity(ids[0], begins[0])
        finals = [op for op in suspends if _constant(op.operands[1]) != 0]
        if len(finals) > 1:
            raise self.fail(finals[1], "has a second final suspend")
        if not suspends:
            raise self.fail(self.function, "has no suspend: its frame would be a local variable, and its handle dangle")
        end = ends[0]
        self.end(end)
        self.returns(begins[0], end)
        others: set[Block] = set()
        for op in suspends:
            self.suspend(op, end, others)

    def signature(self) -> None:
        function = self.function
        type = function.function_type
        assert isinstance(type, LLVMFunctionType)
        if not isinstance(type.output, LLVMPointerType):
            raise self.fail(function, f"must return its handle, but returns {type.output}")
        convention = function.properties.get("CConv")
        if convention is not None and convention != llvm.CCONV["ccc"]:
            raise self.fail(function, "must have the C calling convention")
        attributes = function.properties.get("arg_attrs")
        if isinstance(attributes, ArrayAttr):
            for each in cast("ArrayAttr[DictionaryAttr]", attributes).data:
                for bad in _BAD_ARGUMENTS:
                    if bad in each.data:
                        raise self.fail(function, f"has a parameter with {bad}, which does not outlive a suspension")

    def variable(self, op: Operation) -> None:
        if op.parent is not self.entry:
            raise self.fail(op, "has a variable outside of its entry block")
        if _constant(op.operands[0]) is None:
            raise self.fail(op, "has a variable of dynamic size")
        align = op.properties.get("alignment")
        if isinstance(align, IntegerAttr) and align.value.data > MAX_FRAME_ALIGN:
            much = align.value.data
            raise self.fail(op, f"has a variable aligned to {much}; frames are aligned to {MAX_FRAME_ALIGN}")

    def identity(self, id: Operation, begin: Operation) -> None:
        promise = id.operands[1].owner
        if isinstance(promise, llvm.AllocaOp):
            pass
        elif not isinstance(promise, llvm.ZeroOp):
            raise self.fail(id, "its promise is neither a variable of its own nor null")
        if begin.operands[0] is not id.results[0]:
            raise self.fail(begin, "coro.begin does not belong to its coro.id")

    def end(self, op: Operation) -> None:
        block = op.parent
        assert block is not None
        for each in block.ops:
            if not isinstance(each, llvm.CoroEndOp | llvm.ReturnOp | llvm.NoneTokenOp | llvm.ConstantOp):
                raise self.fail(each, f"{_name(each)} beside coro.end would run at every suspension")
        if not isinstance(op.operands[0].owner, llvm.CoroBeginOp):
            raise self.fail(op, "coro.end must have the handle of coro.begin")

    def returns(self, begin: Operation, end: Operation) -> None:
        """What returns before coro.begin answers null: there is no coroutine. After it only the block of coro.end does."""
        assert begin.parent is not None
        begun = reachable([begin.parent])
        for block in self.function.body.blocks:
            last = block.last_op
            if not isinstance(last, llvm.ReturnOp) or block is end.parent:
                continue
            if block in begun:
                raise self.fail(last, "returns after coro.begin without coro.end")
            if not last.operands or not isinstance(last.operands[0].owner, llvm.ZeroOp):
                raise self.fail(last, "must answer null where it returns before coro.begin")

    def suspend(self, op: Operation, end: Operation, others: set[Block]) -> None:
        last = op.parent.last_op if op.parent is not None else None
        if not isinstance(last, llvm.SwitchOp) or last.operands[0] is not op.results[0] or op.next_op is not last:
            raise self.fail(op, "a suspend must be followed by the switch on its result")
        if last.successors[0] is not end.parent:
            raise self.fail(op, "the default of a suspend's switch must be the block of coro.end")
        if len(last.successors) != 3 or len(set(last.successors)) != 3:
            raise self.fail(op, "a suspend's switch needs a block for resume and another one for destroy")
        destroy = last.successors[2]
        if isinstance(destroy.last_op, llvm.UnreachableOp):
            # Sharing one trap lets SimplifyCFG rebuild the switches as comparisons, past which LLVM's guards do not
            # see.
            if destroy in others:
                raise self.fail(op, "two suspends share a trap block")
            others.add(destroy)
        if not op.results[0].has_one_use():
            raise self.fail(op, "the result of a suspend may only be switched on")
        save = op.operands[0].owner
        if isinstance(save, llvm.NoneTokenOp):
            return
        if not isinstance(save, llvm.CoroSaveOp):
            raise self.fail(op, "a suspend needs the token of a coro.save")
        if not save.results[0].has_one_use():
            raise self.fail(op, "two suspends share a coro.save")
        hook = save.next_op
        while isinstance(hook, llvm.ConstantOp | llvm.AddressOfOp | llvm.ZeroOp | llvm.PoisonOp):
            hook = hook.next_op
        if hook is op:
            return
        # Between save and suspend there is the hook alone: what runs after it may find the coroutine resumed
        # elsewhere.
        if hook is None or not _intrinsic(hook).startswith("llvm.coro.await.suspend."):
            raise self.fail(hook or save, "after coro.save only the hook may run")
        following = hook.next_op
        while isinstance(following, llvm.ConstantOp | llvm.AddressOfOp | llvm.ZeroOp | llvm.PoisonOp):
            following = following.next_op
        if following is op:
            return
        if not isinstance(following, llvm.CondBrOp) or following.successors[0] is not op.parent:
            raise self.fail(following or hook, "nothing may run between a hook and its suspend")
        assert op.parent is not None
        if op.parent.first_op is not op:
            raise self.fail(op.parent.first_op or op, "nothing may run between a hook and its suspend")

    def hook(self, op: Operation) -> None:
        address = op.operands[2].owner
        if not isinstance(address, llvm.AddressOfOp):
            raise self.fail(op, f"the wrapper of {_intrinsic(op)} must be the address of a function")
        name = address.global_name.root_reference.data
        wrapper = self.functions.get(name)
        kind = _intrinsic(op).rpartition(".")[2]
        result = {"bool": i1, "handle": PTR, "void": llvm.VOID}.get(kind)
        wanted = LLVMFunctionType([PTR, PTR], result)
        if wrapper is None or wrapper.function_type != wanted:
            raise self.fail(op, f"the wrapper @{name} must be a function of type {wanted}")


@dataclass(frozen=True)
class VerifyLLVMCoroPass(ModulePass):
    """Checks the structure of coroutines in the llvm dialect (see the module)."""

    name: ClassVar[str] = "verify-llvm-coro"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        verify_llvm_coro(op)
