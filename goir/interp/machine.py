"""Runs modules of the go and coro dialects: calls, coroutines, goroutines, panics.

A function's activation is a Python generator, so that it can stop anywhere. It yields `SUSPEND` when its coroutine
suspends, which whoever started or resumed the coroutine receives, and `PARK` when its thread has to wait, which goes
through to the scheduler. Goroutines take turns, first come first served: one of the orders that the dialects allow.

What has no meaning (docs/coro.md: a destroyed coroutine is used, a handle awaited twice, a result is read that nobody
left) raises Undefined.
"""

from __future__ import annotations

import random
import sys
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias, cast

from xdsl.dialects import cf
from xdsl.dialects.builtin import FloatAttr, IntegerAttr, ModuleOp, StringAttr, SymbolRefAttr
from xdsl.interpreter import Interpreter, OpImplResult, Successor
from xdsl.interpreters.cf import CfFunctions
from xdsl.ir import Attribute, Block, Operation, SSAValue

from goir.dialects import coro, go
from goir.dialects.go_module import FunctionLike
from goir.dialects.go_rules import is_pointer_shaped
from goir.interp.ops import POISON, GoFunctions
from goir.interp.values import (
    Cell,
    Closure,
    Deadlock,
    FatalPanic,
    Goroutine,
    Handle,
    Interface,
    OutOfFuel,
    Panic,
    Panicked,
    Pointer,
    Slot,
    ThreadWaiter,
    Trace,
    Undefined,
    Value,
    wrap,
    zero,
)

SUSPEND: Final = "suspend"
PARK: Final = "park"
Stop: TypeAlias = Literal["suspend", "park"]
Values: TypeAlias = tuple[Value, ...]
START: Final = "goir.start"
SUFFIX: Final = "$coro"
MAX_DEPTH: Final = 500
"""Activations at a time: each is some of Python's own."""
RECURSION: Final = 10 * MAX_DEPTH


class Jump(NamedTuple):
    """Control goes on at a block."""

    block: Block
    args: Values


class Leave(NamedTuple):
    """The function ends: with results, or None: by a panic."""

    results: Values | None


Outcome: TypeAlias = Values | Jump | Leave
Control: TypeAlias = "Generator[Stop, None, Outcome]"
Body: TypeAlias = "Generator[Stop, None, Values | None]"


@dataclass(eq=False)
class Frame:
    """An activation of a function."""

    values: dict[SSAValue, Value] = field(default_factory=dict[SSAValue, Value])
    unwind: Block | None = None
    coroutine: Coroutine | None = None
    slots: list[Slot] = field(default_factory=list[Slot])


@dataclass(eq=False)
class Coroutine:
    """A started coroutine; it is its own handle."""

    name: str
    slot: Slot
    body: Body | None = None
    state: Literal["running", "suspended", "finished", "gone"] = "running"
    ramp: bool = True
    """It has not suspended yet: its end frees it."""
    waiter: Handle | None = None
    detached: bool = False
    """A goroutine's root: its end frees it."""
    destroying: bool = False
    destroyable: bool = False
    """It is suspended where it has a way to be destroyed."""


class _Interpreter(Interpreter):
    """xDSL's interpreter with one environment an activation."""

    frame: Frame

    def get_values(self, values: object) -> Values:
        at = self.frame.values
        return tuple([at[v] for v in cast("tuple[SSAValue, ...]", values)])

    def step(self, op: Operation, args: Values) -> OpImplResult:
        """Runs an op that neither calls nor waits."""
        return self._run_op(op, args)


class Machine:
    """Runs one module once. Goroutines take turns in the order in which they became ready, or as `schedule` draws."""

    def __init__(self, module: ModuleOp, fuel: int = 1_000_000, schedule: random.Random | None = None) -> None:
        self.schedule = schedule
        self.table = go.TypeTable(module)
        self.under = self.table.underlying
        self.fuel = fuel
        self.depth = 0
        self.trace = Trace()
        self.functions: dict[str, FunctionLike | coro.AdapterOp] = {}
        self.globals: dict[str, Cell] = {}
        self.methods: dict[tuple[Attribute, str, str], str] = {}
        """What takes an interface's data word, by type, name and package."""
        for op in module.body.block.ops:
            if isinstance(op, FunctionLike | coro.AdapterOp):
                name = op.properties["sym_name"]
                assert isinstance(name, StringAttr)
                self.functions[name.data] = op
            elif isinstance(op, go.GlobalOp):
                self.globals[op.sym_name.data] = Cell(self.initial(op))
            elif isinstance(op, go.MethodSetOp):
                for m in op.methods.data:
                    self.methods[op.type, m.method_name.data, m.pkg.data] = m.ifn.string_value()
        self.interpreter = _Interpreter(module)
        self.interpreter.register_implementations(GoFunctions(self))
        self.interpreter.register_implementations(CfFunctions())
        self.goroutine = Goroutine(1)
        self.goroutines = 1
        self.queue: deque[tuple[Goroutine, Handle | Closure]] = deque()
        self.parked: dict[int, tuple[ThreadWaiter, Generator[Stop, None, object]]] = {}
        self.seen: set[tuple[str, str]] = set()
        """Pairs of ops that ran one after the other."""
        self.parking: ThreadWaiter | None = None
        """Why the thread that has yielded PARK waits."""

    def initial(self, op: go.GlobalOp) -> Value:
        """The initial value of a variable."""
        init = op.init
        if init is None:
            return zero(op.type, self.under)
        if isinstance(init, IntegerAttr):
            value = init.value.data
            return bool(value) if op.type == go.BOOL else wrap(value, self.under(op.type))
        if isinstance(init, FloatAttr | StringAttr):
            return init.value.data if isinstance(init, FloatAttr) else init.data
        raise Undefined(f"the initial value of @{op.sym_name.data}")

    def run(self, name: str = START) -> list[str]:
        """Runs the program; answers the lines it prints."""
        sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))
        main = self.goroutine
        thread: Generator[Stop, None, object] = self.root(Closure(name))
        while True:
            self.proceed(thread)
            if main.ended:
                return self.trace.lines
            thread = self.next()

    def drain(self) -> list[str]:
        """Runs what is left after main has ended, as another schedule might have before; answers all lines."""
        while self.queue:
            self.proceed(self.next())
        return self.trace.lines

    def next(self) -> Generator[Stop, None, object]:
        """What runs next."""
        if not self.queue:
            raise Deadlock
        if self.schedule is not None:
            self.queue.rotate(self.schedule.randrange(len(self.queue)))
        self.goroutine, item = self.queue.popleft()
        match item:
            case Closure():
                return self.root(item)
            case Coroutine():
                return self.resume(item)
            case ThreadWaiter():
                waiter, thread = self.parked.pop(id(item))
                assert waiter is item
                return thread

    def proceed(self, thread: Generator[Stop, None, object]) -> None:
        """Runs a thread until it waits or has nothing left to do."""
        for stop in thread:
            assert stop == PARK and self.parking is not None
            self.parked[id(self.parking)] = (self.parking, thread)
            if self.parking.resumed:
                self.ready(self.parking.goroutine, self.parking)
            return

    def ready(self, goroutine: Goroutine, item: Handle | Closure) -> None:
        """Queues a goroutine."""
        self.queue.append((goroutine, item))

    def panic(self, value: Value) -> None:
        """Records a panic."""
        self.goroutine.panics = Panic(value, self.goroutine.panics)

    # Goroutines ------------------------------------------------------------------------------------------------------

    def root(self, closure: Closure) -> Generator[Stop, None, None]:
        """Runs a goroutine from its start to its end or its first suspension."""
        slot = Slot()
        coroutine = yield from self.start(self.entry(closure.function), slot, closure.captures)
        if coroutine is None:
            self.ended(slot)
        elif coroutine.state == "finished":
            self.free(coroutine)
            self.ended(slot)
        else:
            coroutine.detached = True

    def ended(self, slot: Slot) -> None:
        """The goroutine has ended."""
        self.goroutine.ended = True
        if slot.panicked:
            raise FatalPanic(self.goroutine.panics.value if self.goroutine.panics else None)

    def free(self, coroutine: Coroutine) -> None:
        """Ends the life of a coroutine."""
        coroutine.state = "gone"
        coroutine.body = None

    # Functions -------------------------------------------------------------------------------------------------------

    def entry(self, name: str) -> str:
        """The coroutine entry of a function, or the function itself."""
        return name + SUFFIX if name + SUFFIX in self.functions else name

    def call(self, name: str, args: Values) -> Body:
        """Calls a plain function; None: it panicked."""
        function = self.functions.get(name)
        if function is None or not function.regions or not function.regions[0].blocks:
            external = _EXTERNAL.get(name)
            if external is None:
                raise Undefined(f"@{name} has no body")
            return (yield from external(self, args))
        if not isinstance(function, go.FuncOp):
            raise Undefined(f"@{name} is a coroutine")
        return (yield from self.body(function, args, Frame()))

    def start(self, name: str, slot: Slot, args: Values) -> Generator[Stop, None, Coroutine | None]:
        """Runs a coroutine up to its first suspension; None: it has finished."""
        function = self.functions.get(name)
        if isinstance(function, coro.AdapterOp):
            name = function.callee.root_reference.data
            function = self.functions.get(name)
        if not isinstance(function, coro.FuncOp) or not function.body.blocks:
            results = yield from self.call(name.removesuffix(SUFFIX), args)
            slot.values, slot.panicked = results, results is None
            return None
        slot.values = slot.panicked = None
        coroutine = Coroutine(name, slot)
        coroutine.body = self.body(function, args, Frame(coroutine=coroutine))
        yield from self.advance(coroutine)
        return None if coroutine.state == "gone" else coroutine

    def advance(self, coroutine: Coroutine) -> Generator[Stop, None, Handle | None]:
        """Runs a coroutine until it suspends or ends; answers who goes on in its place."""
        body = coroutine.body
        assert body is not None
        while True:
            try:
                stop = next(body)
            except StopIteration as end:
                results = cast("Values | None", end.value)
                break
            if stop == SUSPEND:
                return None
            yield stop
        if coroutine.slot.gone:
            raise Undefined(f"coroutine {coroutine.name} finishes, but its slot is gone")
        coroutine.slot.values, coroutine.slot.panicked = results, results is None
        if coroutine.ramp or coroutine.destroying:
            self.free(coroutine)
            return None
        coroutine.state = "finished"
        if coroutine.detached:
            self.free(coroutine)
            self.ended(coroutine.slot)
            return None
        return coroutine.waiter

    def resume(self, handle: Handle | None) -> Generator[Stop, None, None]:
        """Resumes a handle, and then those who waited for it."""
        while handle is not None:
            if isinstance(handle, ThreadWaiter):
                handle.resumed = True
                if id(handle) in self.parked:
                    self.ready(handle.goroutine, handle)
                return
            if handle.state != "suspended":
                raise Undefined(f"coroutine {handle.name} is resumed, but it is {handle.state}")
            handle.state = "running"
            handle = yield from self.advance(handle)

    def destroy(self, coroutine: Handle | None) -> Generator[Stop, None, None]:
        """Destroys a finished coroutine, or one that is suspended where it can be."""
        if not isinstance(coroutine, Coroutine):
            raise Undefined("what is destroyed is no coroutine")
        if coroutine.state == "finished":
            self.free(coroutine)
            return
        if coroutine.state != "suspended" or not coroutine.destroyable:
            raise Undefined(f"coroutine {coroutine.name} is destroyed, but it is {coroutine.state}")
        coroutine.destroying = True
        coroutine.state = "running"
        yield from self.advance(coroutine)

    def body(self, function: FunctionLike, args: Values, frame: Frame) -> Body:
        """Runs the body of a function; None: it panicked."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise OutOfFuel("calls are nested too deeply")
        try:
            return (yield from self.blocks(function, args, frame))
        finally:
            self.depth -= 1
            for slot in frame.slots:
                slot.gone = True

    def blocks(self, function: FunctionLike, args: Values, frame: Frame) -> Body:
        """Runs one block after the other."""
        interpreter, values = self.interpreter, frame.values
        block = function.regions[0].blocks.first
        assert block is not None
        while True:
            values.update(zip(block.args, args, strict=True))
            op = block.first_op
            before = ""
            outcome: Outcome = ()
            while op is not None:
                self.fuel -= 1
                if self.fuel < 0:
                    raise OutOfFuel
                if before:
                    self.seen.add((before, op.name))
                before = op.name
                inputs = tuple([values[v] for v in op.operands])
                if any(v is POISON for v in inputs) and not isinstance(op, _BRANCHES):
                    raise Undefined(f"{op.name} uses a result of a coroutine that panicked")
                control = _CONTROL.get(op.__class__)
                try:
                    if control is not None:
                        outcome = yield from control(self, frame, op, inputs)
                    else:
                        interpreter.frame = frame
                        done = interpreter.step(op, inputs)
                        to = done.terminator_value
                        outcome = Jump(to.block, to.args) if isinstance(to, Successor) else done.values
                except Panicked:
                    outcome = Jump(frame.unwind, ()) if frame.unwind is not None else Leave(None)
                if isinstance(outcome, Jump | Leave):
                    break
                values.update(zip(op.results, outcome, strict=True))
                op = op.next_op
            if isinstance(outcome, Leave):
                return outcome.results
            assert isinstance(outcome, Jump), "a block ends with a terminator"
            block, args = outcome

    # Waiting ---------------------------------------------------------------------------------------------------------

    def wait(self, frame: Frame, hook: Callable[[Handle], Body], destroyable: bool) -> Generator[Stop, None, bool]:
        """Suspends the coroutine, or parks the thread, if the hook wants it. False: it is being destroyed."""
        coroutine = frame.coroutine
        if coroutine is None:
            waiter = ThreadWaiter(self.goroutine)
            answer = yield from hook(waiter)
            if answer is None:
                raise Undefined("a hook panicked")
            if answer[0]:
                self.parking = waiter
                yield PARK
            return True
        if coroutine.destroying:
            raise Undefined("a coroutine that is being destroyed suspends")
        coroutine.state = "suspended"
        coroutine.destroyable = destroyable
        answer = yield from hook(coroutine)
        if answer is None:
            raise Undefined("a hook panicked")
        if not answer[0]:
            coroutine.state = "running"
            return True
        coroutine.ramp = False
        yield SUSPEND
        return not coroutine.destroying

    def finish(self, frame: Frame, coroutine: Coroutine | None, slot: Slot) -> Generator[Stop, None, Values]:
        """Waits for a started coroutine and takes its results."""
        if coroutine is not None:
            yield from self.wait(frame, lambda handle: _await_hook(self, (coroutine, handle)), False)
            yield from self.destroy(coroutine)
        if slot.panicked:
            raise Panicked
        assert slot.values is not None
        return slot.values


def _symbol(op: Operation, key: str) -> str:
    ref = op.properties[key]
    assert isinstance(ref, SymbolRefAttr)
    return ref.root_reference.data


def _taken(results: Values | None) -> Values:
    if results is None:
        raise Panicked
    return results


# Ops that call, wait or leave -----------------------------------------------------------------------------------------


def _call(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    return _taken((yield from self.call(_symbol(op, "callee"), args)))


def _closure(self: Machine, value: Value) -> Closure:
    if not isinstance(value, Closure):
        self.panic("nil function")
        raise Panicked
    return value


def _call_closure(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    closure = _closure(self, args[0])
    return _taken((yield from self.call(closure.function, (*args[1:], *closure.captures))))


def _method(self: Machine, op: Operation, value: Value, args: Values) -> tuple[str, Values]:
    """The function of an interface's method, and what it takes: the data word, which is the value itself or the address
    of a copy, and the arguments."""
    assert isinstance(op, go.CallInterfaceOp | coro.StartInterfaceOp | coro.AwaitInterfaceOp)
    if not isinstance(value, Interface):
        self.panic("nil interface")
        raise Panicked
    name = op.method.data
    function = self.methods.get((value.type, name, op.pkg.data))
    if function is None:
        raise Undefined(f"no method {name} of {value.type}")
    word = value.value if is_pointer_shaped(self.under, value.type) else Pointer(Cell(value.value))
    return function, (word, *args)


def _call_interface(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    function, args = _method(self, op, args[0], args[1:])
    return _taken((yield from self.call(function, args)))


def _go(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    closure = args[0]
    if not isinstance(closure, Closure):
        raise Undefined("a goroutine without a function")
    self.goroutines += 1
    self.ready(Goroutine(self.goroutines), closure)
    return ()
    yield PARK  # a generator


def _start(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    return ((yield from self.start(_symbol(op, "callee"), args[0], args[1:])),)


def _start_closure(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    closure = _closure(self, args[1])
    return ((yield from self.start(self.entry(closure.function), args[0], (*args[2:], *closure.captures))),)


def _start_interface(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    slot = args[0]
    function, args = _method(self, op, args[1], args[2:])
    return ((yield from self.start(self.entry(function), slot, args)),)


def _await(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    slot = Slot()
    coroutine = yield from self.start(_symbol(op, "callee"), slot, args)
    return (yield from self.finish(frame, coroutine, slot))


def _await_closure(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    closure = _closure(self, args[0])
    slot = Slot()
    coroutine = yield from self.start(self.entry(closure.function), slot, (*args[1:], *closure.captures))
    return (yield from self.finish(frame, coroutine, slot))


def _await_interface(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    function, args = _method(self, op, args[0], args[1:])
    slot = Slot()
    coroutine = yield from self.start(self.entry(function), slot, args)
    return (yield from self.finish(frame, coroutine, slot))


def _suspend(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    assert isinstance(op, coro.SuspendOp)
    count, resume = len(op.args), len(op.resume_args)
    hook = op.hook.root_reference.data
    goes_on = yield from self.wait(frame, lambda h: self.call(hook, (*args[:count], h)), op.destroy is not None)
    if goes_on:
        return Jump(op.resume, args[count : count + resume])
    assert op.destroy is not None
    return Jump(op.destroy, args[count + resume :])


def _park(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    hook = _symbol(op, "hook")
    yield from self.wait(frame, lambda handle: self.call(hook, (*args, handle)), False)
    return ()


def _yield(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    yield from self.wait(frame, lambda handle: _yield_hook(self, (handle,)), False)
    return ()


def _resume(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    if not isinstance(args[0], Coroutine | ThreadWaiter):
        raise Undefined("what is resumed is no coroutine")
    yield from self.resume(args[0])
    return ()


def _destroy(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    yield from self.destroy(args[0])
    return ()


def _done(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    coroutine = args[0]
    if not isinstance(coroutine, Coroutine) or coroutine.state not in ("suspended", "finished"):
        raise Undefined("coro.done of what neither is suspended nor has finished")
    return (coroutine.state == "finished",)
    yield PARK


def _intrinsic(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    assert isinstance(op, go.IntrinsicOp)
    match op.intrinsic.data:
        case "coroResume" if args:
            return (yield from _resume(self, frame, op, args))
        case "coroDestroy" if args:
            return (yield from _destroy(self, frame, op, args))
        case "xadd64" if len(args) == 2:
            pointer, change = args
            value = wrap(pointer.load() + change, self.under(op.results[0].type))
            pointer.store(value)
            return (value,)
        case name:
            raise Undefined(f"intrinsic {name}")


def _return(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    return Leave(args)
    yield PARK


def _unwind(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    return Leave(None)
    yield PARK


def _protect(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    frame.unwind = op.successors[1]
    return Jump(op.successors[0], ())
    yield PARK


def _switch(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    assert isinstance(op, go.SwitchOp)
    type = self.under(op.value.type)
    return Jump(next((block for value, block in op.cases() if wrap(value, type) == args[0]), op.default), ())
    yield PARK


def _panic(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    self.panic(args[0] if args[0] is not None else Interface(go.STRING, "nil"))
    raise Panicked
    yield PARK


def _raise(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    raise Panicked
    yield PARK


def _check_unwind(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    if args[0]:
        raise Panicked
    return ()
    yield PARK


def _unreachable(self: Machine, frame: Frame, op: Operation, args: Values) -> Control:
    raise Undefined("go.unreachable is reached")
    yield PARK


_BRANCHES: Final = (cf.BranchOp, cf.ConditionalBranchOp, coro.SuspendOp)
_CONTROL: Final[dict[type[Operation], Callable[[Machine, Frame, Operation, Values], Control]]] = {
    go.CallOp: _call,
    go.CallClosureOp: _call_closure,
    go.CallInterfaceOp: _call_interface,
    go.GoOp: _go,
    go.YieldOp: _yield,
    go.ParkOp: _park,
    go.IntrinsicOp: _intrinsic,
    go.ReturnOp: _return,
    go.UnwindOp: _unwind,
    go.SwitchOp: _switch,
    go.ProtectOp: _protect,
    go.PanicOp: _panic,
    go.RaiseOp: _raise,
    go.CheckUnwindOp: _check_unwind,
    go.UnreachableOp: _unreachable,
    coro.StartOp: _start,
    coro.StartClosureOp: _start_closure,
    coro.StartInterfaceOp: _start_interface,
    coro.AwaitOp: _await,
    coro.AwaitClosureOp: _await_closure,
    coro.AwaitInterfaceOp: _await_interface,
    coro.SuspendOp: _suspend,
    coro.ParkOp: _park,
    coro.DestroyOp: _destroy,
    coro.ResumeOp: _resume,
    coro.DoneOp: _done,
    coro.SpawnOp: _go,
    coro.ReturnOp: _return,
    coro.UnwindOp: _unwind,
}


# Functions of the runtime ---------------------------------------------------------------------------------------------


def _await_hook(self: Machine, args: Values) -> Body:
    callee, handle = args
    if not isinstance(callee, Coroutine) or callee.state == "gone":
        raise Undefined("what is awaited is no coroutine any more")
    if callee.waiter is not None or callee.detached:
        raise Undefined(f"coroutine {callee.name} is awaited twice")
    if callee.state == "finished":
        return (False,)
    callee.waiter = handle
    return (True,)
    yield PARK


def _yield_hook(self: Machine, args: Values) -> Body:
    if not self.queue:
        return (False,)
    self.ready(self.goroutine, args[0])
    return (True,)
    yield PARK


_EXTERNAL: Final[dict[str, Callable[[Machine, Values], Body]]] = {
    "runtime.awaitHook": _await_hook,
    "runtime.yieldhook": _yield_hook,
}


def interpret(module: ModuleOp, fuel: int = 1_000_000) -> Machine:
    """Runs `goir.start` of a module; the result has its trace."""
    machine = Machine(module, fuel)
    machine.run()
    return machine
