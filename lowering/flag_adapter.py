"""Entries with the panic flag for functions without it, for go-to-llvm.

Dynamic calls always have the flag, but whether a function of another module, or of a library, has it is decided by the
function alone. So the record of one that cannot panic holds

    llvm.func internal swiftcc @"g·flag"(args…, %ctx {nest}) -> (R…, i1)
      %r = llvm.call swiftcc @g(args…, %ctx)
      return %r, false
"""

from __future__ import annotations

from typing import Final

from xdsl.dialects.builtin import StringAttr
from xdsl.dialects.llvm import FramePointerKind, FramePointerKindAttr
from xdsl.ir import Attribute, Block, Region, SSAValue

from goir.dialects import go
from goir.dialects import llvm_ext as llvm
from goir.lowering.emitter import Emitter
from goir.lowering.signatures import Signatures, call_properties

_ATTRS: Final = llvm.passthrough("nounwind", ("probe-stack", "inline-asm"))
_FRAME_POINTER: Final = FramePointerKindAttr(FramePointerKind.ALL)
SUFFIX: Final = "·flag"


def flag_adapter(op: go.FuncOp, signatures: Signatures) -> llvm.FuncOp:
    """The function that calls `op`, which cannot panic, and says so."""
    callee = signatures.of_type(op.function_type, flag=False)
    entry = signatures.of_type(op.function_type).llvm
    e = Emitter()
    e.location = op.location
    e.block = Block(arg_types=entry.inputs.data)
    args = list(e.block.args)
    answer = e.call(op.symbol, args, callee.llvm, call_properties(len(args)))
    flag: SSAValue = e.int(0, 1)
    if answer is None:
        result = flag
    else:
        parts = [answer] if len(callee.returned) == 1 else [e.extract(answer, i) for i in range(len(callee.returned))]
        result = e.aggregate(entry.output, [*parts, flag])
    e.add(llvm.ReturnOp.create(operands=[result]))
    first = e.block.first_op
    assert first is not None
    e.block.insert_ops_before(e.prelude, first)
    properties: dict[str, Attribute] = {
        "sym_name": StringAttr(op.symbol + SUFFIX),
        "function_type": entry,
        "arg_attrs": llvm.nest_last(len(entry.inputs.data)),
        "passthrough": _ATTRS,
        "frame_pointer": _FRAME_POINTER,
        "CConv": llvm.CCONV["swiftcc"],
        "linkage": llvm.LINKAGE["internal"],
    }
    return llvm.FuncOp.create(
        properties=properties,
        attributes={"goir.wrapper": llvm.UNIT, "goir.name": op.properties.get("display") or StringAttr(op.symbol)},
        regions=[Region([e.block])],
        location=op.location,
    )
