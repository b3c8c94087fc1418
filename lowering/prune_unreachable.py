"""Drops what a program cannot reach: functions and variables that nothing refers to, method sets of types no interface
ever holds.

A method set makes its methods callable through interfaces, so only the method sets of types that `go.make_interface`
converts count, and of what reflection reaches from their values where a program uses library packages; the analyses that
follow would otherwise take every method for a target of dynamic calls. Reachability starts at `goir.start` and at what is
exported to C; what remains of a program becomes private. A module without `goir.start` (the runtime) keeps its
variables and all its functions but the generated wrappers.

    go.method_set !go.named<"main.T"> …             no go.make_interface of main.T:        (gone)
    go.func @"main.(*T).M"(…) attributes {wrapper}  nothing refers to it:                  (gone)
    go.func @main.f() …                             reachable:                             go.func private @main.f() …
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr, SymbolRefAttr
from xdsl.ir import Attribute
from xdsl.passes import ModulePass

from goir.dialects import go
from goir.dialects.go_types import child_types
from goir.lowering.ir import START, is_library, ops_of, symbol_name
from goir.lowering.panicking import is_runtime_symbol


def prune_unreachable(module: ModuleOp) -> None:
    """Drops unreachable functions, variables and method sets from a go-level `module`."""
    functions: dict[str, go.FuncOp] = {}
    variables: dict[str, go.GlobalOp] = {}
    unheld: dict[Attribute, go.MethodSetOp] = {}
    for op in module.body.block.ops:
        if isinstance(op, go.FuncOp):
            functions[symbol_name(op)] = op
        elif isinstance(op, go.MethodSetOp):
            unheld[op.type] = op
        elif isinstance(op, go.GlobalOp):
            variables[symbol_name(op)] = op
        elif not isinstance(op, go.TypeOp):
            return  # a module of a lower level: what is there was reachable
    whole_program = START in functions and bool(functions[START].body.blocks)
    work = list(functions if is_library(module) else _roots(functions, whole_program))
    if not whole_program:
        work += variables
    reached = set(work)
    # Library functions may use reflection.
    reflects = any(op.is_declaration and not is_runtime_symbol(name) for name, op in functions.items())
    types = go.TypeTable(module)
    seen: set[Attribute] = set()
    while work:
        at = work.pop()
        names: list[str] = []
        held: list[Attribute] = []
        if at in variables:
            init = variables[at].init
            if isinstance(init, go.DataAttr):
                names += init.references.symbols
                held += init.references.types
        else:
            for op in ops_of(functions[at]):
                names += [v.root_reference.data for v in op.properties.values() if isinstance(v, SymbolRefAttr)]
                if isinstance(op, go.MakeInterfaceOp):
                    held.append(op.operands[0].type)
        while held:
            type = held.pop()
            if reflects and type not in seen:
                seen.add(type)
                held += child_types(type, types.underlying(type))
            methods = unheld.pop(type, None)
            for method in methods.methods.data if methods is not None else ():
                names += (method.ifn.root_reference.data, method.tfn.root_reference.data)
        for name in names:
            if name not in reached and (name in functions or name in variables):
                reached.add(name)
                work.append(name)
    for name, variable in variables.items():
        if name not in reached:
            variable.detach()
            variable.erase()
        elif whole_program and variable.external is None:
            variable.properties["sym_visibility"] = StringAttr("private")
    for op in unheld.values():
        op.detach()
        op.erase()
    for name, function in functions.items():
        if name not in reached:
            function.detach()
            function.erase()
        elif whole_program and not function.is_declaration and not _exported(name, function):
            function.properties["sym_visibility"] = StringAttr("private")


def _exported(name: str, function: go.FuncOp) -> bool:
    return name == START or "centry" in function.properties


def _roots(functions: dict[str, go.FuncOp], whole_program: bool) -> Iterator[str]:
    for name, function in functions.items():
        if _exported(name, function) or (not whole_program and "wrapper" not in function.properties):
            yield name


@dataclass(frozen=True)
class PruneUnreachablePass(ModulePass):
    """Drops unreachable functions and method sets (see the module)."""

    name: ClassVar[str] = "prune-unreachable"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        prune_unreachable(op)
