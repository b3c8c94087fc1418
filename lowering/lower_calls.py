"""go-to-llvm: calls, closures, returns, branches, and the coro ops inside functions.

%r = go.call_closure %f(%x)      →   nil check; %code = load %f; call swiftcc %code(%x, ptr nest %f);
                                     flag set: unwind
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from xdsl.dialects import cf
from xdsl.dialects.builtin import StringAttr, i1, i8, i16, i32
from xdsl.dialects.llvm import LLVMFunctionType
from xdsl.ir import Attribute, Operation, SSAValue

from goir.dialects import coro, go
from goir.dialects import llvm_ext as llvm
from goir.dialects.go_types import FuncType
from goir.lowering.function_lowering import FunctionLowering, lowers, symbol_of
from goir.lowering.itabs import FUN_OFFSET
from goir.lowering.layout import PTR, TypeLayout
from goir.lowering.signatures import VOID, Signature

# Calls ---------------------------------------------------------------------------------------------------------------


_COLLECT: Final = "runtime.GC"
_PRESERVED: Final = ("rbx", "r12", "r13", "r14", "r15")
"""The registers that functions leave as they found them, but for the frame pointer."""
_CLEAR: Final[dict[str, Attribute]] = {
    "asm_string": StringAttr("; ".join(f"xorq %{r}, %{r}" for r in _PRESERVED)),
    "constraints": StringAttr(",".join([*(f"~{{{r}}}" for r in _PRESERVED), "~{dirflag}", "~{fpsr}", "~{flags}"])),
    "has_side_effects": llvm.UNIT,
}
"""Before a call of runtime.GC: what the function has in registers and does not need any more shall keep no object."""


@lowers(go.CallOp)
def lower_call(f: FunctionLowering, op: go.CallOp) -> None:
    name = symbol_of(op.callee)
    args = f.operands(op)
    if name == f.name:
        f.self_calls.append(op)
    callee = f.module.functions.get(name)
    if callee is not None and callee.extern is not None:
        f.set(op, *_call_extern(f, callee.extern.data, callee.function_type, args))
        return
    if name == _COLLECT:
        f.effect(llvm.InlineAsmOp, (), _CLEAR)
    f.set(op, *f.call_go(name, f.module.signature_of(name, op), args))


def _call_extern(f: FunctionLowering, name: str, type: FuncType, args: Sequence[SSAValue]) -> list[SSAValue]:
    layouts = [f.layouts.of(t) for t in type.params.data]
    widened = [_widen(f, a, layout) for a, layout in zip(args, layouts, strict=True)]
    signature = extern_signature(f.layouts.of, type)
    f.module.declare_c(name, signature)
    result = f.call_c(name, widened, signature)
    if result is None:
        return []
    return [result]


def extern_signature(of: Callable[[Attribute], TypeLayout], type: FuncType) -> LLVMFunctionType:
    """The C form of a function type: integers, pointers, floats; small integers as int, as C callers extend them."""
    params = [_c_type(of(t)) for t in type.params.data]
    results = [of(t) for t in type.results.data]
    if len(results) > 1:
        raise ValueError("a C function has at most one result")
    return LLVMFunctionType(params, results[0].value if results else VOID)


def _c_type(layout: TypeLayout) -> Attribute:
    return i32 if layout.value in (i1, i8, i16) else layout.value


def _widen(f: FunctionLowering, value: SSAValue, layout: TypeLayout) -> SSAValue:
    if layout.value in (i1, i8, i16):
        return f.resize(value, 32, layout.signed)
    return value


@lowers(go.CallClosureOp)
def lower_call_closure(f: FunctionLowering, op: go.CallClosureOp) -> None:
    record = f.values[op.function]
    _check_record(f, op.function, record)
    signature = f.module.signatures.of_type(function_type(f, op.function))
    code = f.load(PTR, record)
    f.set(op, *f.call_go(code, signature, f.operands(op)[1:], record))


def _check_record(f: FunctionLowering, old: SSAValue, record: SSAValue) -> None:
    """Panics if a function value is nil."""
    if isinstance(old.owner, go.ClosureOp) or f.in_runtime or record in f.nil_checked:
        return
    f.nil_checked.add(record)
    f.check_nil(record)


def function_type(f: FunctionLowering, function: SSAValue) -> FuncType:
    """The function type of an old function value."""
    underlying = f.layouts.underlying(function.type)
    assert isinstance(underlying, FuncType)
    return underlying


def interface_entry(
    f: FunctionLowering, old: SSAValue, method: str, pkg: str, op: Operation
) -> tuple[SSAValue, SSAValue, Signature, FuncType]:
    """The record of an interface's method, the data word, the signature of its entries, the method's type."""
    value = f.values[old]
    table = f.extract(value, 0)
    if not f.in_runtime and table not in f.nil_checked:
        f.nil_checked.add(table)
        f.check_nil(table)
    index, found = f.module.itabs.method(old.type, method, pkg, op)
    record = f.load(PTR, f.offset(table, FUN_OFFSET + 8 * index))
    return record, f.extract(value, 1), f.method_type(found.type), found.type


@lowers(go.CallInterfaceOp)
def lower_call_interface(f: FunctionLowering, op: go.CallInterfaceOp) -> None:
    record, data, signature, _ = interface_entry(f, op.receiver, op.method.data, op.pkg.data, op)
    code = f.load(PTR, record)
    f.set(op, *f.call_go(code, signature, [data, *f.operands(op)[1:]], record))


@lowers(go.ClosureOp)
def lower_closure(f: FunctionLowering, op: go.ClosureOp) -> None:
    name = symbol_of(op.callee)
    if not op.captures:
        f.set(op, f.address(f.module.record(name)))
        return
    types = [v.type for v in op.captures]
    layout = f.layouts.record(types)
    storage = op.properties.get("storage") or op.attributes.get("storage")
    if storage is not None and getattr(storage, "data", "") == "stack":
        record = f.alloca_bytes(layout.size)
    else:
        record = f.runtime("runtime.newobject", f.address(f.module.descriptors.of_memory(layout)))[0]
    f.store(f.address(name), record)
    f.store(f.address(f.module.coroutine_entry(name)), f.offset(record, 8))
    for old, field, offset in zip(op.captures, layout.fields, layout.offsets, strict=True):
        f.store_value(f.values[old], f.offset(record, offset), field)
    f.set(op, record)


# Ends of blocks ------------------------------------------------------------------------------------------------------


@lowers(go.ReturnOp)
def lower_return(f: FunctionLowering, op: go.ReturnOp) -> None:
    f.return_values(f.operands(op))


@lowers(cf.BranchOp)
def lower_br(f: FunctionLowering, op: cf.BranchOp) -> None:
    f.br(f.block_map[op.successor], *f.operands(op))


@lowers(cf.ConditionalBranchOp)
def lower_cond_br(f: FunctionLowering, op: cf.ConditionalBranchOp) -> None:
    get = f.values
    f.cond_br(
        get[op.cond],
        f.block_map[op.then_block],
        f.block_map[op.else_block],
        [get[v] for v in op.then_arguments],
        [get[v] for v in op.else_arguments],
    )


@lowers(go.SwitchOp)
def lower_switch(f: FunctionLowering, op: go.SwitchOp) -> None:
    cases = [(value, f.block_map[block], ()) for value, block in op.cases()]
    f.add(llvm.switch(f.values[op.value], f.block_map[op.default], cases))


@lowers(go.ProtectOp)
def lower_protect(f: FunctionLowering, op: go.ProtectOp) -> None:
    if f.unwind is not None:
        raise f.error("an op before go.protect may panic")
    f.unwind = f.block_map[op.unwind]
    f.br(f.block_map[op.body])


@lowers(go.UnwindOp)
def lower_unwind(f: FunctionLowering, op: go.UnwindOp) -> None:
    f.unwind_return()


@lowers(go.UnreachableOp)
def lower_unreachable(f: FunctionLowering, op: go.UnreachableOp) -> None:
    f.trap()


# Coroutine ops keep their structure and get llvm types ---------------------------------------------------------------


@lowers(coro.SlotOp)
def lower_slot(f: FunctionLowering, op: coro.SlotOp) -> None:
    type = op.result.type
    assert isinstance(type, coro.SlotType)
    slot = f.module.signatures.slot_type(type.types.data)
    f.set(op, f.value(coro.SlotOp, (), PTR, {"slot_type": slot}))


@lowers(coro.StartOp)
def lower_start(f: FunctionLowering, op: coro.StartOp) -> None:
    name = symbol_of(op.callee)
    if name not in f.module.coroutines:
        raise f.error(f"start of unknown coroutine @{name}")
    f.set(op, f.value(coro.StartOp, f.operands(op), PTR, op.properties))


@lowers(coro.StartClosureOp)
def lower_start_closure(f: FunctionLowering, op: coro.StartClosureOp) -> None:
    slot, record, *args = f.operands(op)
    _check_record(f, op.function, record)
    entry = f.load(PTR, f.offset(record, 8))
    f.set(op, f.value(coro.StartIndirectOp, (slot, entry, record, *args), PTR))


@lowers(coro.StartInterfaceOp)
def lower_start_interface(f: FunctionLowering, op: coro.StartInterfaceOp) -> None:
    slot, _, *args = f.operands(op)
    record, data, _, _ = interface_entry(f, op.receiver, op.method.data, op.pkg.data, op)
    entry = f.load(PTR, f.offset(record, 8))
    f.set(op, f.value(coro.StartIndirectOp, (slot, entry, record, data, *args), PTR))


@lowers(coro.ResultsOp)
def lower_results(f: FunctionLowering, op: coro.ResultsOp) -> None:
    type = op.slot.type
    assert isinstance(type, coro.SlotType)
    slot = f.module.signatures.slot_type(type.types.data)
    new = coro.ResultsOp.create(
        operands=f.operands(op),
        result_types=[f.convert_type(r.type) for r in op.results],
        properties={"slot_type": slot},
    )
    f.add(new)
    f.set(op, *new.results)


@lowers(coro.PendingOp, coro.DestroyOp, coro.ResumeOp, coro.DoneOp, coro.ParkOp, coro.SpawnOp)
def lower_coro_op(f: FunctionLowering, op: Operation) -> None:
    new = op.__class__.create(
        operands=f.operands(op),
        result_types=[f.convert_type(r.type) for r in op.results],
        properties=op.properties,
        attributes=op.attributes,
    )
    f.add(new)
    f.set(op, *new.results)


@lowers(coro.SuspendOp, coro.ReturnOp, coro.UnwindOp)
def lower_coro_terminator(f: FunctionLowering, op: Operation) -> None:
    new = op.__class__.create(
        operands=f.operands(op),
        successors=[f.block_map[b] for b in op.successors],
        properties=op.properties,
        attributes=op.attributes,
    )
    f.add(new)
