"""Every go op becomes llvm ops, in plain functions and in coroutines alike; types, static data and calls as docs/abi.md
says.

    go.func @main.add(%a : !go.int, %b : !go.int) -> (!go.int) {
      %c = go.add %a, %b : !go.int
      go.return %c : !go.int
    }
        →
    llvm.func swiftcc @main.add(%a: i64, %b: i64, %ctx: !llvm.ptr {llvm.nest}) -> i64 {
      %c = llvm.add %a, %b : i64
      llvm.return %c : i64
    }

`coro.func`s keep their structure and get llvm types (docs/coro.md, "Between go-to-llvm and coro-to-llvm"). The
lowerings of the ops are in `lower_*.py`, one function for each op.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, i32
from xdsl.dialects.llvm import LLVMFunctionType
from xdsl.ir import Block, Operation, Region
from xdsl.passes import ModulePass

from goir.dialects import coro, go
from goir.dialects import llvm_ext as llvm
from goir.lowering import (
    generic_calls,
    lower_arith,
    lower_calls,
    lower_compare,
    lower_interfaces,
    lower_intrinsics,
    lower_maps,
    lower_memory,
    lower_numbers,
    lower_panics,
    lower_print,
    lower_strings,
)
from goir.lowering.coro_adapter import adapter_function
from goir.lowering.emitter import Emitter
from goir.lowering.function_lowering import LOWERINGS, FunctionLowering
from goir.lowering.ir import LoweringError
from goir.lowering.lower_calls import extern_signature
from goir.lowering.module_lowering import ModuleLowering
from goir.lowering.runtime_calls import LIBRARY_FUNCTIONS
from goir.lowering.signatures import call_properties

_REGISTERED = (
    generic_calls, lower_arith, lower_calls, lower_compare, lower_interfaces, lower_intrinsics, lower_maps, lower_memory,
    lower_numbers, lower_panics, lower_print, lower_strings,
)  # fmt: skip
"""Imported for the lowerings they register."""


def go_to_llvm(module: ModuleOp) -> None:
    """Lowers a module in place."""
    if "xdsl.dialects.arith" in sys.modules:  # else no op is one of its, and importing it takes a while
        import_module("goir.lowering.lower_canonical")
    lowering = ModuleLowering(module)
    block = module.body.block
    for op in list(block.ops):
        try:
            _lower_op(lowering, op)
        except ValueError as error:
            # What has no layout or is too large says so without knowing where.
            raise LoweringError(op, str(error)) from error
    lowering.finish()
    kept = set(lowering.out)
    for op in list(block.ops):
        op.detach()
        # What was in the llvm dialect already stays as it is.
        if op not in kept:
            op.drop_all_references()
    block.add_ops(lowering.out)


def _lower_op(lowering: ModuleLowering, op: Operation) -> None:
    match op:
        case go.FuncOp():
            _lower_function(lowering, op)
        case coro.FuncOp() if isinstance(op.properties["function_type"], LLVMFunctionType):
            lowering.out.append(op)
        case coro.FuncOp():
            if op.is_declaration:
                entry = lowering.signatures.coroutine(op.signature)
                lowering.out.append(llvm.func(op.symbol, entry, nest=True, attrs=("nounwind",)))
                return
            function = FunctionLowering(lowering, op)
            lowering.out.append(function.finish(function.run(LOWERINGS)))
        case coro.AdapterOp():
            callee = lowering.signature_of(op.callee.root_reference.data, op)
            lowering.out.append(adapter_function(op, callee, lowering.signatures))
        case go.GlobalOp():
            lowering.global_(op)
        case go.TypeOp() | go.MethodSetOp():
            pass
        case _:
            lowering.out.append(op)


def _lower_function(lowering: ModuleLowering, op: go.FuncOp) -> None:
    if not op.is_declaration:
        if op.symbol in LIBRARY_FUNCTIONS:
            lowering.runtime_function(op.symbol)  # it must be as lowered code of other modules calls it
        function = FunctionLowering(lowering, op)
        lowering.out.append(function.finish(function.run(LOWERINGS)))
        if op.centry is not None:
            lowering.out.append(_c_entry(lowering, op, op.centry.data))
    elif op.intrinsic is None and op.extern is None:
        # A C function is declared where it is called.
        signature = lowering.signatures.of_function(op)
        lowering.out.append(llvm.func(op.symbol, signature.llvm, cconv="swiftcc", nest=True, attrs=("nounwind",)))


def _c_entry(lowering: ModuleLowering, op: go.FuncOp, name: str) -> Operation:
    """`name`, a function with the C calling convention that calls `op`."""
    signature = lowering.signatures.of_function(op)
    type = extern_signature(lowering.layouts.of, op.function_type)
    result = type.output if type.output not in (llvm.VOID,) else None
    if result is not None and lowering.layouts.of(op.function_type.results.data[0]).value != result:
        raise LoweringError(op, "a C entry must have a result that C has")
    f = Emitter()
    f.location = op.location
    entry = Block(arg_types=type.inputs.data)
    f.block = entry
    layouts = [lowering.layouts.of(t) for t in op.function_type.params.data]
    args = [
        f.resize(a, 1 if x.kind == "bool" else x.int_width, x.signed) if a.type == i32 and x.value != i32 else a
        for a, x in zip(entry.args, layouts, strict=True)
    ]
    args.append(f.poison(llvm.PTR))
    returned = f.call(op.symbol, args, signature.llvm, call_properties(len(args)))
    if result is None:
        f.add(llvm.ReturnOp.create())
    else:
        assert returned is not None
        f.add(llvm.ReturnOp.create(operands=(f.extract(returned, 0) if signature.flag else returned,)))
    first = entry.first_op
    assert first is not None
    entry.insert_ops_before(f.prelude, first)
    new = llvm.func(name, LLVMFunctionType(type.inputs, type.output), attrs=("nounwind",), region=Region(entry))
    new.location = op.location
    return new


@dataclass(frozen=True)
class GoToLLVM(ModulePass):
    """Lowers the go dialect to the llvm dialect (see the module)."""

    name = "go-to-llvm"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        go_to_llvm(op)
