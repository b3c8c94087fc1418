"""The ops that only compute: go's on xDSL's interpreter framework. What calls, waits or unwinds is in machine.py."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from xdsl.dialects import arith
from xdsl.dialects.builtin import FloatAttr, IntegerAttr
from xdsl.interpreter import Interpreter, InterpreterFunctions, PythonValues, impl, register_impls
from xdsl.ir import Attribute, Operation

from goir.dialects import coro, go
from goir.interp.values import (
    COMPARE,
    Cell,
    Closure,
    Interface,
    Panic,
    Panicked,
    Pointer,
    Slot,
    Undefined,
    Value,
    divided,
    printed,
    wrap,
    zero,
)

if TYPE_CHECKING:
    from goir.interp.machine import Machine


def _number(op: Operation, value: Value, under: Callable[[Attribute], Attribute]) -> PythonValues:
    type = under(op.results[0].type)
    return (wrap(value, type) if isinstance(value, int) and not isinstance(value, bool) else value,)


@register_impls
class GoFunctions(InterpreterFunctions):
    """Constants, arithmetic, memory, aggregates, slots."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.under = machine.under

    # Constants -------------------------------------------------------------------------------------------------------

    @impl(go.ConstantOp)
    def constant(self, interpreter: Interpreter, op: go.ConstantOp, args: PythonValues) -> PythonValues:
        attr = op.value
        if isinstance(attr, FloatAttr):
            return (attr.value.data,)
        value = cast("IntegerAttr[Any]", attr).value.data
        type = self.under(op.result.type)
        if type == go.BOOL:
            return (bool(value & 1),)
        if isinstance(type, go.BasicType) and type.is_float:
            return (float(value),)
        return (wrap(value, type),)

    @impl(go.StringConstOp)
    def string(self, interpreter: Interpreter, op: go.StringConstOp, args: PythonValues) -> PythonValues:
        return (op.value.data,)

    @impl(arith.ConstantOp)
    def bool_constant(self, interpreter: Interpreter, op: arith.ConstantOp, args: PythonValues) -> PythonValues:
        return (bool(cast("IntegerAttr[Any]", op.value).value.data & 1),)

    @impl(arith.SelectOp)
    def select(self, interpreter: Interpreter, op: arith.SelectOp, args: PythonValues) -> PythonValues:
        return (args[1] if args[0] else args[2],)

    @impl(go.ZeroOp)
    def zero(self, interpreter: Interpreter, op: go.ZeroOp, args: PythonValues) -> PythonValues:
        return (zero(op.result.type, self.under),)

    # Arithmetic ------------------------------------------------------------------------------------------------------

    def binary(self, op: Operation, args: PythonValues, function: Callable[[Value, Value], Value]) -> PythonValues:
        return _number(op, function(*args), self.under)

    @impl(go.AddOp)
    def add(self, interpreter: Interpreter, op: go.AddOp, args: PythonValues) -> PythonValues:
        return self.binary(op, args, operator.add)

    @impl(go.SubOp)
    def sub(self, interpreter: Interpreter, op: go.SubOp, args: PythonValues) -> PythonValues:
        return self.binary(op, args, operator.sub)

    @impl(go.MulOp)
    def mul(self, interpreter: Interpreter, op: go.MulOp, args: PythonValues) -> PythonValues:
        return self.binary(op, args, operator.mul)

    @impl(go.AndOp)
    def and_(self, interpreter: Interpreter, op: go.AndOp, args: PythonValues) -> PythonValues:
        return self.binary(op, args, lambda a, b: a & b)

    @impl(go.OrOp)
    def or_(self, interpreter: Interpreter, op: go.OrOp, args: PythonValues) -> PythonValues:
        return self.binary(op, args, lambda a, b: a | b)

    @impl(go.XorOp)
    def xor(self, interpreter: Interpreter, op: go.XorOp, args: PythonValues) -> PythonValues:
        return self.binary(op, args, lambda a, b: a ^ b)

    @impl(go.AndNotOp)
    def andnot(self, interpreter: Interpreter, op: go.AndNotOp, args: PythonValues) -> PythonValues:
        return self.binary(op, args, lambda a, b: a & ~b)

    @impl(go.MinOp)
    def min(self, interpreter: Interpreter, op: go.MinOp, args: PythonValues) -> PythonValues:
        return self.binary(op, args, min)

    @impl(go.MaxOp)
    def max(self, interpreter: Interpreter, op: go.MaxOp, args: PythonValues) -> PythonValues:
        return self.binary(op, args, max)

    def division(self, op: Operation, args: PythonValues, part: int) -> PythonValues:
        a, b = args
        if not isinstance(a, int):
            if part:
                raise Undefined(f"{op.name} of floats")
            return (a / b if b else _by_zero(a, b),)
        if b == 0:
            self.machine.panic("integer divide by zero")
            raise Panicked
        return _number(op, divided(a, b)[part], self.under)

    @impl(go.DivOp)
    def div(self, interpreter: Interpreter, op: go.DivOp, args: PythonValues) -> PythonValues:
        return self.division(op, args, 0)

    @impl(go.RemOp)
    def rem(self, interpreter: Interpreter, op: go.RemOp, args: PythonValues) -> PythonValues:
        return self.division(op, args, 1)

    def shift(self, op: Operation, args: PythonValues, left: bool) -> PythonValues:
        value, count = args
        if count < 0:
            self.machine.panic("negative shift amount")
            raise Panicked
        count = min(count, 64)
        return _number(op, value << count if left else value >> count, self.under)

    @impl(go.ShlOp)
    def shl(self, interpreter: Interpreter, op: go.ShlOp, args: PythonValues) -> PythonValues:
        return self.shift(op, args, True)

    @impl(go.ShrOp)
    def shr(self, interpreter: Interpreter, op: go.ShrOp, args: PythonValues) -> PythonValues:
        return self.shift(op, args, False)

    @impl(go.NegOp)
    def neg(self, interpreter: Interpreter, op: go.NegOp, args: PythonValues) -> PythonValues:
        return _number(op, -args[0], self.under)

    @impl(go.ComOp)
    def com(self, interpreter: Interpreter, op: go.ComOp, args: PythonValues) -> PythonValues:
        return _number(op, ~args[0], self.under)

    @impl(go.NotOp)
    def not_(self, interpreter: Interpreter, op: go.NotOp, args: PythonValues) -> PythonValues:
        return (not args[0],)

    @impl(go.CmpOp)
    def cmp(self, interpreter: Interpreter, op: go.CmpOp, args: PythonValues) -> PythonValues:
        return (COMPARE[op.predicate.data](*args),)

    @impl(go.ConcatOp)
    def concat(self, interpreter: Interpreter, op: go.ConcatOp, args: PythonValues) -> PythonValues:
        return ("".join(args),)

    @impl(go.LenOp)
    def len(self, interpreter: Interpreter, op: go.LenOp, args: PythonValues) -> PythonValues:
        if not isinstance(args[0], str):
            raise Undefined(f"go.len of {op.operands[0].type}")
        return (len(args[0]),)

    @impl(go.ConvertOp)
    def convert(self, interpreter: Interpreter, op: go.ConvertOp, args: PythonValues) -> PythonValues:
        (value,) = args
        source, target = self.under(op.operands[0].type), self.under(op.results[0].type)
        if source == target or not isinstance(value, int | float):
            return args
        if isinstance(target, go.BasicType) and target.is_float:
            return (float(value),)
        if isinstance(target, go.BasicType) and target.is_integer and isinstance(value, int):
            return (wrap(value, target),)
        raise Undefined(f"go.convert from {source} to {target}")

    # Memory ----------------------------------------------------------------------------------------------------------

    @impl(go.AllocOp)
    def alloc(self, interpreter: Interpreter, op: go.AllocOp, args: PythonValues) -> PythonValues:
        pointer = self.under(op.result.type)
        assert isinstance(pointer, go.PtrType)
        return (Pointer(Cell(zero(pointer.elem, self.under))),)

    @impl(go.GlobalAddrOp)
    def global_addr(self, interpreter: Interpreter, op: go.GlobalAddrOp, args: PythonValues) -> PythonValues:
        return (Pointer(self.machine.globals[op.symbol.root_reference.data]),)

    @impl(go.LoadOp)
    def load(self, interpreter: Interpreter, op: go.LoadOp, args: PythonValues) -> PythonValues:
        return (_pointer(args[0], op).load(),)

    @impl(go.StoreOp)
    def store(self, interpreter: Interpreter, op: go.StoreOp, args: PythonValues) -> PythonValues:
        _pointer(args[1], op).store(args[0])
        return ()

    @impl(go.NilCheckOp)
    def nil_check(self, interpreter: Interpreter, op: go.NilCheckOp, args: PythonValues) -> PythonValues:
        if args[0] is None:
            self.machine.panic("nil pointer dereference")
            raise Panicked
        return args

    @impl(go.FieldAddrOp)
    def field_addr(self, interpreter: Interpreter, op: go.FieldAddrOp, args: PythonValues) -> PythonValues:
        pointer = _pointer(args[0], op)
        return (Pointer(pointer.cell, (*pointer.path, op.index.value.data)),)

    @impl(go.IndexAddrOp)
    def index_addr(self, interpreter: Interpreter, op: go.IndexAddrOp, args: PythonValues) -> PythonValues:
        pointer, index = _pointer(args[0], op), args[1]
        if not 0 <= index < len(pointer.load()):
            if op.inbounds is not None:
                raise Undefined("an index that is not in bounds")
            self.machine.panic("index out of range")
            raise Panicked
        return (Pointer(pointer.cell, (*pointer.path, index)),)

    @impl(go.StructOp)
    def struct(self, interpreter: Interpreter, op: go.StructOp, args: PythonValues) -> PythonValues:
        return (args,)

    @impl(go.ExtractOp)
    def extract(self, interpreter: Interpreter, op: go.ExtractOp, args: PythonValues) -> PythonValues:
        return (args[0][op.index.value.data],)

    @impl(go.InsertOp)
    def insert(self, interpreter: Interpreter, op: go.InsertOp, args: PythonValues) -> PythonValues:
        value, whole = args
        index = op.index.value.data
        return ((*whole[:index], value, *whole[index + 1 :]),)

    # Function values, interfaces, output -----------------------------------------------------------------------------

    @impl(go.ClosureOp)
    def closure(self, interpreter: Interpreter, op: go.ClosureOp, args: PythonValues) -> PythonValues:
        return (Closure(op.callee.root_reference.data, args),)

    @impl(go.MakeInterfaceOp)
    def make_interface(self, interpreter: Interpreter, op: go.MakeInterfaceOp, args: PythonValues) -> PythonValues:
        source = op.operands[0].type
        return args if isinstance(self.under(source), go.InterfaceType) else (Interface(source, args[0]),)

    @impl(go.TypeAssertOp)
    def type_assert(self, interpreter: Interpreter, op: go.TypeAssertOp, args: PythonValues) -> PythonValues:
        target = op.results[0].type
        if isinstance(self.under(target), go.InterfaceType):
            raise Undefined("go.type_assert to an interface")
        value = args[0]
        fits = isinstance(value, Interface) and value.type == target
        if len(op.results) == 2:
            return (value.value if fits else zero(target, self.under), fits)
        if not fits:
            self.machine.panic("interface conversion")
            raise Panicked
        return (value.value,)

    @impl(go.PrintOp)
    def print(self, interpreter: Interpreter, op: go.PrintOp, args: PythonValues) -> PythonValues:
        texts = [printed(a, self.under(v.type)) for a, v in zip(args, op.operands, strict=True)]
        newline = "newline" in op.properties
        self.machine.trace.write((" " if newline else "").join(texts) + ("\n" if newline else ""))
        return ()

    # Deferred calls and panics ---------------------------------------------------------------------------------------

    @impl(go.DefersOp)
    def defers(self, interpreter: Interpreter, op: go.DefersOp, args: PythonValues) -> PythonValues:
        return ([],)

    @impl(go.DeferOp)
    def defer(self, interpreter: Interpreter, op: go.DeferOp, args: PythonValues) -> PythonValues:
        args[0].append(args[1])
        return ()

    @impl(go.DeferPopOp)
    def defer_pop(self, interpreter: Interpreter, op: go.DeferPopOp, args: PythonValues) -> PythonValues:
        return (True, args[0].pop()) if args[0] else (False, None)

    def newest(self, op: Operation) -> Panic:
        """The goroutine's newest panic, for an op that has a meaning while it panics only."""
        newest = self.machine.goroutine.panics
        if newest is None:
            raise Undefined(f"{op.name} without a panic")
        return newest

    @impl(go.PanicEnterOp)
    def panic_enter(self, interpreter: Interpreter, op: go.PanicEnterOp, args: PythonValues) -> PythonValues:
        newest = self.newest(op)
        at = newest.link
        while at is not None:
            at.aborted |= at.defers is args[0]
            at = at.link
        newest.defers = args[0]
        return ()

    @impl(go.PanicCallOp)
    def panic_call(self, interpreter: Interpreter, op: go.PanicCallOp, args: PythonValues) -> PythonValues:
        goroutine = self.machine.goroutine
        if args[1] is not None and goroutine.panics is not None:
            goroutine.may_recover = (args[1].function, goroutine.panics)
        return ()

    @impl(go.PanicDoneOp)
    def panic_done(self, interpreter: Interpreter, op: go.PanicDoneOp, args: PythonValues) -> PythonValues:
        goroutine = self.machine.goroutine
        goroutine.may_recover = None
        newest = self.newest(op)
        if not newest.recovered:
            return (False,)
        at = newest.link
        while at is not None and at.aborted:
            at = at.link
        goroutine.panics = at
        return (True,)

    @impl(go.RecoverTokenOp)
    def recover_token(self, interpreter: Interpreter, op: go.RecoverTokenOp, args: PythonValues) -> PythonValues:
        given = self.machine.goroutine.may_recover
        if given is None or given[0] != op.self_symbol.root_reference.data:
            return (None,)
        self.machine.goroutine.may_recover = None
        return (given[1],)

    @impl(go.RecoverOp)
    def recover(self, interpreter: Interpreter, op: go.RecoverOp, args: PythonValues) -> PythonValues:
        (panic,) = args
        if panic is None or panic.recovered:
            return (None,)
        panic.recovered = True
        return (panic.value,)

    # Coroutines ------------------------------------------------------------------------------------------------------

    @impl(coro.SlotOp)
    def slot(self, interpreter: Interpreter, op: coro.SlotOp, args: PythonValues) -> PythonValues:
        slot = Slot()
        self.machine.interpreter.frame.slots.append(slot)
        return (slot,)

    @impl(coro.PendingOp)
    def pending(self, interpreter: Interpreter, op: coro.PendingOp, args: PythonValues) -> PythonValues:
        return (args[0] is not None,)

    @impl(coro.ResultsOp)
    def results(self, interpreter: Interpreter, op: coro.ResultsOp, args: PythonValues) -> PythonValues:
        slot = args[0]
        if slot.panicked is None:
            raise Undefined("results are taken of a coroutine that has not finished")
        values = slot.values if slot.values is not None else (POISON,) * (len(op.results) - 1)
        return (*values, slot.panicked)


def _pointer(value: Value, op: Operation) -> Pointer:
    if not isinstance(value, Pointer):
        raise Undefined(f"{op.name} through nil")
    return value


def _by_zero(a: float, b: float) -> float:
    if a == 0 or a != a:
        return float("nan")
    negative = (a < 0) != (str(b)[0] == "-")
    return float("-inf") if negative else float("inf")


class _Poison:
    """A result of a coroutine that panicked."""

    def __repr__(self) -> str:
        return "poison"


POISON = _Poison()
