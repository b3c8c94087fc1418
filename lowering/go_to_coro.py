"""Functions that may suspend become coroutines; every function gets the entries its callers need.

    go.func @f(%a) attributes {colour}  →  coro.func @"f$coro"(%a)     its body: go.return → coro.return, calls that
                                                                       may suspend → coro.await…, go.park → coro.suspend
                                           go.func @f(%a) {wrapper}    awaits f$coro: where @f is referred to
    go.func @g, address taken           →  coro.adapter @"g$coro" of @g
    go.go %f                            →  coro.spawn %f
    go.park in a plain function         →  coro.park

A coloured function of a library module keeps its body as the plain function, which `parks` its thread: most of the library
is plain, and what it calls there costs what it would if nothing could suspend.

The passes before it have said which functions and dynamic calls may suspend (`colour`, `suspends`) and given
functions that panic an unwind block.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from xdsl.context import Context
from xdsl.dialects.builtin import DenseArrayBase, ModuleOp, StringAttr, SymbolRefAttr, i32
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass

from goir.dialects import coro, go
from goir.lowering.ir import UNIT, is_library, referenced, split_after, symbol_name
from goir.lowering.materialize_unwind import protect_entry
from goir.lowering.may_panic import address_taken
from goir.lowering.may_suspend import SUSPENDS

SUFFIX: Final = "$coro"
_CTX: Final = StringAttr("ctx")

# Properties of a go.func that its coroutine keeps.
_KEPT: Final = ("function_type", "captures", "wrapper", "noinline", "recovers", "may_panic", "sym_visibility")


def go_to_coro(module: ModuleOp) -> None:
    """Turns coloured functions into coroutines and adds plain stubs and adapters."""
    _GoToCoro(module).run()


class _GoToCoro:
    def __init__(self, module: ModuleOp) -> None:
        self.module = module
        self.library = is_library(module)
        self.functions: dict[str, go.FuncOp] = {}
        self.symbols: set[str] = set()
        for op in module.body.block.ops:
            if isinstance(op, go.FuncOp):
                self.functions[symbol_name(op)] = op
            if "sym_name" in op.properties and not isinstance(op, go.TypeOp):
                self.symbols.add(symbol_name(op))
        self.coloured: set[str] = {n for n, op in self.functions.items() if "colour" in op.properties}
        self.plain_uses: set[str] = set()
        """Coloured functions whose plain symbol is referred to."""
        self.awaited: dict[str, None] = {}

    def run(self) -> None:
        module_block = self.module.body.block
        bodies: dict[go.FuncOp, Region] = {}
        taken = dict.fromkeys(address_taken(self.module))
        self.plain_uses.update(name for name in taken if name in self.coloured)
        coroutines: list[tuple[go.FuncOp, coro.FuncOp]] = []
        for op in list(module_block.ops):
            if isinstance(op, go.FuncOp):
                if symbol_name(op) in self.coloured and op.body.blocks.first is not None:
                    if self.library:
                        bodies[op] = self.plain_body(op)
                    coroutines.append((op, self.coroutine(op)))
                else:
                    self.rewrite(op, _PLAIN)
            elif isinstance(op, coro.FuncOp):
                self.rewrite(op, _COROUTINE)
        for function, coroutine in coroutines:
            name = symbol_name(function)
            visibility = function.properties.get("sym_visibility")
            private = isinstance(visibility, StringAttr) and visibility.data == "private"
            module_block.insert_op_after(coroutine, function)
            if not private or name in self.plain_uses or "centry" in function.properties:
                if function in bodies:
                    function.detach_region(0)
                    function.add_region(bodies[function])
                    function.properties.pop("colour")
                    function.properties["parks"] = UNIT
                else:
                    self.stub(function)
            else:
                function.detach()
                function.erase()
        for name in taken:
            function = self.functions.get(name)
            if function is not None and name not in self.coloured and name + SUFFIX not in self.symbols:
                self.adapter(function)
        for name in {**self.awaited, **taken}:
            function = self.functions.get(name)
            if function is not None and name in self.coloured and name + SUFFIX not in self.symbols:
                self.declare(function)

    def plain_body(self, function: go.FuncOp) -> Region:
        """A copy of the function's body that blocks its thread when it waits."""
        copy = function.clone()
        self.rewrite(copy, _PLAIN)
        return copy.detach_region(0)

    def coroutine(self, function: go.FuncOp) -> coro.FuncOp:
        """`coro.func @f$coro` with the body of `function`, which is left without one."""
        name = symbol_name(function)
        body = function.detach_region(0)
        function.add_region(Region())
        op = coro.FuncOp.create(
            properties=self.properties(function), attributes=dict(function.attributes), regions=[body]
        )
        op.location = function.location
        self.symbols.add(name + SUFFIX)
        self.rewrite(op, _COROUTINE)
        return op

    def properties(self, function: go.FuncOp) -> dict[str, Attribute]:
        name = symbol_name(function)
        properties = {key: function.properties[key] for key in _KEPT if key in function.properties}
        properties["sym_name"] = StringAttr(name + SUFFIX)
        properties["display"] = function.properties.get("display", function.properties["sym_name"])
        return properties

    def rewrite(self, function: Operation, table: dict[type[Operation], _Rewrite]) -> None:
        """Rewrites the ops of one function; notes which plain symbols of coloured functions it still refers to."""
        for block in list(function.regions[0].blocks):
            # Backwards: what follows a suspension moves to a new block, and moves only once.
            op = block.last_op
            while op is not None:
                previous = op.prev_op
                handler = table.get(op.__class__)
                if handler is not None:
                    handler(self, op)
                op = previous

    def stub(self, function: go.FuncOp) -> None:
        """Gives `function` a body that awaits its coroutine."""
        signature = function.signature
        entry = Block(arg_types=[*signature.params.data, *function.capture_types])
        args = entry.args[: len(signature.params.data)]
        wait: Operation
        if function.capture_types:
            # The coroutine takes the same closure record, so it is started through that.
            ctx = go.IntrinsicOp.create(result_types=[signature], properties={"intrinsic": _CTX})
            entry.add_op(ctx)
            wait = coro.AwaitClosureOp.create(operands=[ctx.results[0], *args], result_types=signature.results.data)
        else:
            callee = SymbolRefAttr(symbol_name(function) + SUFFIX)
            wait = coro.AwaitOp.create(
                operands=args, result_types=signature.results.data, properties={"callee": callee}
            )
        leave = go.ReturnOp.create(operands=wait.results)
        entry.add_ops([wait, leave])
        for op in entry.ops:
            op.location = function.location
        function.body.add_block(entry)
        if "may_panic" in function.properties:
            protect_entry(entry, go.UnwindOp.create())
        for key in ("colour", "recovers", "noinline"):
            function.properties.pop(key, None)
        function.properties["wrapper"] = UNIT

    def adapter(self, function: go.FuncOp) -> None:
        properties: dict[str, Attribute] = {
            "sym_name": StringAttr(symbol_name(function) + SUFFIX),
            "callee": SymbolRefAttr(symbol_name(function)),
            "function_type": function.function_type,
        }
        if function.is_declaration or function.properties.get("sym_visibility") is not None:
            # Every module makes its own for a function of another one; type descriptors refer to the runtime's.
            properties["sym_visibility"] = StringAttr("private")
        captures = function.properties.get("captures")
        if captures is not None:
            properties["captures"] = captures
        op = coro.AdapterOp.create(properties=properties)
        op.location = function.location
        self.symbols.add(symbol_name(function) + SUFFIX)
        self.module.body.block.add_op(op)

    def declare(self, function: go.FuncOp) -> None:
        """Declares the coroutine entry of a function of another module."""
        op = coro.FuncOp.create(properties=self.properties(function), regions=[Region()])
        op.location = function.location
        self.symbols.add(symbol_name(function) + SUFFIX)
        self.module.body.block.add_op(op)


_Rewrite = Callable[[_GoToCoro, Operation], None]


def replace(op: Operation, new: Operation) -> None:
    """Puts `new`, which has the same results, in the place of `op`."""
    block = op.parent
    assert block is not None
    new.location = op.location
    block.insert_op_before(new, op)
    for old_result, new_result in zip(op.results, new.results, strict=True):
        new_result.name_hint = old_result.name_hint
        old_result.replace_all_uses_with(new_result)
    op.detach()
    op.erase()


def _return(_: _GoToCoro, op: Operation) -> None:
    replace(op, coro.ReturnOp.create(operands=op.operands))


def _unwind(_: _GoToCoro, op: Operation) -> None:
    replace(op, coro.UnwindOp.create())


def _call(self: _GoToCoro, op: Operation) -> None:
    callee = referenced(op, "callee")
    if callee in self.coloured:
        self.awaited[callee] = None
        properties: dict[str, Attribute] = {"callee": SymbolRefAttr(callee + SUFFIX)}
        replace(op, coro.AwaitOp.create(operands=op.operands, result_types=_types(op), properties=properties))


def _call_closure(_: _GoToCoro, op: Operation) -> None:
    if SUSPENDS in op.attributes:
        replace(op, coro.AwaitClosureOp.create(operands=op.operands, result_types=_types(op)))


def _call_interface(_: _GoToCoro, op: Operation) -> None:
    if SUSPENDS in op.attributes:
        properties = dict(op.properties)
        await_ = coro.AwaitInterfaceOp.create(operands=op.operands, result_types=_types(op), properties=properties)
        replace(op, await_)


def _plain_call(_: _GoToCoro, op: Operation) -> None:
    op.attributes.pop(SUSPENDS, None)


def _types(op: Operation) -> list[Attribute]:
    return [result.type for result in op.results]


def suspend(op: Operation, hook: SymbolRefAttr, args: list[SSAValue]) -> Block:
    """Ends the block after `op` with a suspension that publishes the handle through `hook(args…, handle)`; what
    follows moves to a new block, the answer."""
    resume = split_after(op)
    block = op.parent
    assert block is not None
    terminator = coro.SuspendOp.create(
        operands=args,
        properties={"hook": hook, "operandSegmentSizes": DenseArrayBase.from_list(i32, [len(args), 0, 0])},
        successors=[resume],
    )
    terminator.location = op.location
    block.add_op(terminator)
    return resume


def _suspend(self: _GoToCoro, op: Operation) -> None:
    hook = op.properties["hook"]
    assert isinstance(hook, SymbolRefAttr)
    suspend(op, hook, list(op.operands))
    op.detach()
    op.erase()


def _park(self: _GoToCoro, op: Operation) -> None:
    replace(op, coro.ParkOp.create(operands=op.operands, properties=dict(op.properties)))


def _spawn(_: _GoToCoro, op: Operation) -> None:
    replace(op, coro.SpawnOp.create(operands=op.operands))


def _plain_use(key: str) -> _Rewrite:
    def note(self: _GoToCoro, op: Operation) -> None:
        if key in op.properties:
            name = referenced(op, key)
            if name in self.coloured:
                self.plain_uses.add(name)

    return note


def _forward(self: _GoToCoro, op: Operation) -> None:
    _plain_use("self")(self, op)
    _plain_use("callee")(self, op)


_PLAIN: Final[dict[type[Operation], _Rewrite]] = {
    go.CallOp: _plain_use("callee"),
    go.CallClosureOp: _plain_call,
    go.CallInterfaceOp: _plain_call,
    go.ParkOp: _park,
    go.GoOp: _spawn,
    go.RecoverTokenOp: _plain_use("self"),
    go.RecoverForwardOp: _forward,
}
_COROUTINE: Final[dict[type[Operation], _Rewrite]] = {
    go.ReturnOp: _return,
    go.UnwindOp: _unwind,
    go.CallOp: _call,
    go.CallClosureOp: _call_closure,
    go.CallInterfaceOp: _call_interface,
    go.ParkOp: _suspend,
    go.GoOp: _spawn,
    go.RecoverTokenOp: _plain_use("self"),
    go.RecoverForwardOp: _forward,
}


@dataclass(frozen=True)
class GoToCoroPass(ModulePass):
    """Turns functions that may suspend into coroutines (see the module)."""

    name: ClassVar[str] = "go-to-coro"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        go_to_coro(op)
