"""go-to-llvm: defer, panic and recover: the runtime keeps the lists, control goes through the unwind target."""

from __future__ import annotations

from xdsl.ir import SSAValue

from goir.dialects import go
from goir.lowering.function_lowering import FunctionLowering, lowers, symbol_of
from goir.lowering.itabs import FUN_OFFSET
from goir.lowering.layout import PTR

_DEFERS_SIZE = 16
_RECORD_SIZE = 16
"""Sizes of a function's list head and of a deferred call (docs/runtime-calls.md)."""


@lowers(go.DefersOp)
def lower_defers(f: FunctionLowering, op: go.DefersOp) -> None:
    head = f.alloca_bytes(_DEFERS_SIZE)
    f.clear(head, _DEFERS_SIZE)
    f.set(op, head)


@lowers(go.DeferOp)
def lower_defer(f: FunctionLowering, op: go.DeferOp) -> None:
    head, function = f.operands(op)
    if op.once is not None:
        f.runtime("runtime.deferpush", head, f.alloca_bytes(_RECORD_SIZE), function)
    else:
        f.runtime("runtime.deferpushheap", head, function)


@lowers(go.DeferPopOp)
def lower_defer_pop(f: FunctionLowering, op: go.DeferPopOp) -> None:
    function = f.runtime("runtime.deferpop", f.values[op.defers])[0]
    f.set(op, f.icmp("ne", function, f.null), function)


@lowers(go.PanicOp)
def lower_panic(f: FunctionLowering, op: go.PanicOp) -> None:
    f.runtime("runtime.gopanic", f.values[op.value])
    f.br(f.unwind_target())


@lowers(go.RaiseOp)
def lower_raise(f: FunctionLowering, op: go.RaiseOp) -> None:
    f.br(f.unwind_target())


@lowers(go.CheckUnwindOp)
def lower_check_unwind(f: FunctionLowering, op: go.CheckUnwindOp) -> None:
    f.check_flag(f.values[op.flag])


@lowers(go.PanicEnterOp)
def lower_panic_enter(f: FunctionLowering, op: go.PanicEnterOp) -> None:
    f.runtime("runtime.panicenter", f.values[op.defers])


@lowers(go.PanicCallOp)
def lower_panic_call(f: FunctionLowering, op: go.PanicCallOp) -> None:
    f.runtime("runtime.paniccall", *f.operands(op))


@lowers(go.PanicDoneOp)
def lower_panic_done(f: FunctionLowering, op: go.PanicDoneOp) -> None:
    f.set(op, *f.runtime("runtime.panicdone", f.values[op.defers]))


def _code(f: FunctionLowering, name: str) -> SSAValue:
    """The plain code address that identifies a function to the runtime; null if nothing can refer to it."""
    symbol = f.module.code_symbol(name)
    return f.null if symbol is None else f.address(symbol)


@lowers(go.RecoverTokenOp)
def lower_recover_token(f: FunctionLowering, op: go.RecoverTokenOp) -> None:
    f.set(op, *f.runtime("runtime.recovertoken", _code(f, symbol_of(op.self_symbol))))


@lowers(go.RecoverOp)
def lower_recover(f: FunctionLowering, op: go.RecoverOp) -> None:
    f.set(op, *f.runtime("runtime.gorecover", f.values[op.token]))


@lowers(go.RecoverForwardOp)
def lower_recover_forward(f: FunctionLowering, op: go.RecoverForwardOp) -> None:
    own = _code(f, symbol_of(op.self_symbol))
    if op.callee is not None:
        target = _code(f, symbol_of(op.callee))
    else:
        assert op.target is not None
        target = _dynamic_code(f, op, op.target)
    f.runtime("runtime.recoverforward", own, target)


def _dynamic_code(f: FunctionLowering, op: go.RecoverForwardOp, old: SSAValue) -> SSAValue:
    """The code address of a function value or an interface's method; null for nil."""
    value = f.values[old]
    if op.method is None:
        zeros = f.address(f.module.zeros(8))
        record = value
    else:
        methods = f.module.itabs.interface(old.type).methods.data
        pkg = next((m.pkg.data for m in methods if m.method_name.data == op.method.data), "")
        index, _ = f.module.itabs.method(old.type, op.method.data, pkg, op)
        zeros = f.address(f.module.zeros(FUN_OFFSET + 8 * (index + 1)))
        table = f.extract(value, 0)
        table = f.select(f.icmp("eq", table, f.null), zeros, table)
        record = f.load(PTR, f.offset(table, FUN_OFFSET + 8 * index))
    return f.load(PTR, f.select(f.icmp("eq", record, f.null), zeros, record))
