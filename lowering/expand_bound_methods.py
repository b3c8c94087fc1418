"""Method values of interfaces become closures over a wrapper, so that later passes see ordinary functions and calls.

%f = go.bound_method %x M : !go.named<"main.I"> -> !go.func<(!go.int) -> ()>
    →
%y = go.nil_check %x;  %f = go.closure @"main.I.M-fm" captures(%y : …)

go.func private @"main.I.M-fm"(%a : !go.int) captures(%x : !go.named<"main.I">) attributes {wrapper} {
  go.recover_forward …;  go.call_interface %x M(%a);  go.return
}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xdsl.context import Context
from xdsl.dialects.builtin import ArrayAttr, ModuleOp, StringAttr, SymbolRefAttr
from xdsl.ir import Attribute, Block, Operation, Region
from xdsl.passes import ModulePass

from goir.dialects import go
from goir.lowering.ir import UNIT


def expand_bound_methods(module: ModuleOp) -> None:
    """Rewrites every `go.bound_method` of the module."""
    found = [
        op
        for function in module.body.block.ops
        for region in function.regions
        for block in region.blocks
        for op in block.ops
        if op.__class__ is go.BoundMethodOp
    ]
    if not found:
        return
    table = go.TypeTable(module)
    names: dict[tuple[Attribute, str, str], str] = {}
    for op in found:
        assert isinstance(op, go.BoundMethodOp)
        key = (op.value.type, op.method.data, op.pkg.data)
        name = names.get(key)
        if name is None:
            name = names[key] = _name(op, len(names))
            module.body.block.add_op(_wrapper(op, name, table))
        block = op.parent
        assert block is not None
        check = go.NilCheckOp.create(operands=[op.value], result_types=[op.value.type])
        closure = go.ClosureOp.create(
            operands=check.results, result_types=[op.result.type], properties={"callee": SymbolRefAttr(name)}
        )
        closure.results[0].name_hint = op.result.name_hint
        for new in (check, closure):
            new.location = op.location
            block.insert_op_before(new, op)
        op.result.replace_all_uses_with(closure.results[0])
        op.detach()
        op.erase()


def _name(op: go.BoundMethodOp, number: int) -> str:
    type = op.value.type
    if isinstance(type, go.NamedType):
        return f"{type.sym.data}.{op.method.data}-fm"
    return f"interface·{number}.{op.method.data}-fm"


def _wrapper(op: go.BoundMethodOp, name: str, table: go.TypeTable) -> Operation:
    signature = table.underlying(op.result.type)
    assert isinstance(signature, go.FuncType)
    entry = Block(arg_types=[*signature.params.data, op.value.type])
    *args, receiver = entry.args
    forward = go.RecoverForwardOp.create(
        operands=[receiver], properties={"self": SymbolRefAttr(name), "method": op.method}
    )
    call = go.CallInterfaceOp.create(
        operands=[receiver, *args],
        result_types=signature.results.data,
        properties={"method": op.method, "pkg": op.pkg},
    )
    leave = go.ReturnOp.create(operands=call.results)
    entry.add_ops([forward, call, leave])
    for each in (forward, call, leave):
        each.location = op.location
    function = go.FuncOp.create(
        properties={
            "sym_name": StringAttr(name),
            "function_type": signature,
            "captures": ArrayAttr([op.value.type]),
            "sym_visibility": StringAttr("private"),
            "wrapper": UNIT,
        },
        regions=[Region([entry])],
    )
    function.location = op.location
    return function


@dataclass(frozen=True)
class ExpandBoundMethodsPass(ModulePass):
    """Turns method values of interfaces into closures (see the module)."""

    name: ClassVar[str] = "expand-bound-methods"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        expand_bound_methods(op)
