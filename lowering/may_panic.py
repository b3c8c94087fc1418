"""Which functions may panic: `go.func @f …` gets `may_panic`, which puts the panic flag into its signature.

A function or coroutine may panic if one of its ops may, if it calls a function that may, or if its address is taken (dynamic
calls always have the flag: docs/abi.md) and no other module calls it. In the runtime's own functions checks that fail
trap; there only raising, calls and what is lowered to calls count. External declarations keep what they say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation
from xdsl.passes import ModulePass

from goir.dialects import coro, go
from goir.lowering.ir import START, UNIT, LoweringError, is_library, referenced, symbol_name
from goir.lowering.panicking import checks_trap, is_runtime_symbol, panics_here
from goir.lowering.runtime_calls import LIBRARY_FUNCTIONS

_CALLS: Final = frozenset({go.CallOp, coro.AwaitOp})
_HOOKS: Final = frozenset({go.ParkOp, coro.ParkOp, coro.SuspendOp})


def address_taken(module: ModuleOp) -> Iterator[str]:
    """The functions that dynamic calls may reach: callees of closures, function values in static data, methods in method
    sets, `goir.start`.

    A library's method that another module defines is referred to weakly, and nothing has to be made of it here."""
    declared: set[str] = set()
    functions: set[str] = set()
    data: dict[str, None] = {}
    for op in module.body.block.ops:
        if isinstance(op, go.GlobalOp) and isinstance(op.init, go.DataAttr):
            data.update(dict.fromkeys(op.init.references.symbols))
        if isinstance(op, go.FuncOp):
            name = symbol_name(op)
            functions.add(name)
            if op.is_declaration and not is_runtime_symbol(name):
                declared.add(name)
            elif name == START or op.method is not None:
                yield name
        for block in op.regions[0].blocks if op.regions else ():
            for each in block.ops:
                if isinstance(each, go.ClosureOp):
                    yield referenced(each, "callee")
    yield from (name for name in data if name in functions)
    for op in module.body.block.ops:
        if isinstance(op, go.MethodSetOp):
            for method in op.methods.data:
                for name in (method.ifn.root_reference.data, method.tfn.root_reference.data):
                    if name not in declared:
                        yield name


def may_panic(module: ModuleOp) -> None:
    """Marks the functions of `module` that may panic."""
    under = go.TypeTable(module).underlying
    functions: dict[str, go.FuncOp] = {}
    bodies: list[tuple[str, go.FuncOp | coro.FuncOp]] = []
    for op in module.body.block.ops:
        if isinstance(op, go.FuncOp):
            functions[symbol_name(op)] = op
            bodies.append((symbol_name(op), op))
        elif isinstance(op, coro.FuncOp):
            bodies.append((symbol_name(op).removesuffix("$coro"), op))
    library = is_library(module)
    callers: dict[str, list[str]] = {}
    panicking: dict[str, None] = {}
    hooks: dict[str, Operation] = {}
    for name, function in bodies:
        forced = LIBRARY_FUNCTIONS.get(name)
        if "may_panic" in function.properties or (forced is not None and forced.may_panic):
            panicking[name] = None
        if "captures" in function.properties and not library:
            # Closures alone call it, be there some or none.
            panicking[name] = None
        in_runtime = checks_trap(name)
        for block in function.body.blocks:
            for op in block.ops:
                cls = op.__class__
                if cls in _CALLS:
                    callers.setdefault(referenced(op, "callee").removesuffix("$coro"), []).append(name)
                elif cls in _HOOKS:
                    hooks.setdefault(referenced(op, "hook"), op)
                elif name not in panicking and (cls is coro.UnwindOp or panics_here(op, under, in_runtime)):
                    panicking[name] = None
    for name in address_taken(module):
        function = functions.get(name)
        # What other modules rely on is decided by the function alone: the records of those that cannot panic hold an
        # adapter (flag_adapter.py).
        if function is None or not (
            function.is_declaration or (library and "sym_visibility" not in function.properties)
        ):
            panicking[name] = None
    work = list(panicking)
    while work:
        for caller in callers.get(work.pop(), ()):
            if caller not in panicking:
                panicking[caller] = None
                work.append(caller)
    for name, function in bodies:
        if name in panicking and "extern" not in function.properties:
            function.properties["may_panic"] = UNIT
    for hook, op in hooks.items():
        if hook in panicking:
            raise LoweringError(op, f"{hook} runs while its caller waits, so it must not panic, but it may")


@dataclass(frozen=True)
class MayPanicPass(ModulePass):
    """Marks the functions that may panic (see the module)."""

    name: ClassVar[str] = "may-panic"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        may_panic(op)
