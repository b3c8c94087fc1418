"""go-to-llvm: the ops of xDSL's arith dialect that its canonicalisation of branches makes."""

from __future__ import annotations

from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr

from goir.dialects import go
from goir.lowering.function_lowering import FunctionLowering, lowers


@lowers(arith.ConstantOp)
def lower_bool_constant(f: FunctionLowering, op: arith.ConstantOp) -> None:
    """A condition that is known."""
    if op.result.type != go.BOOL or not isinstance(op.value, IntegerAttr):
        raise f.error(f"arith.constant of type {op.result.type}: use go.constant")
    f.set(op, f.bool(bool(op.value.value.data & 1)))


@lowers(arith.SelectOp)
def lower_select(f: FunctionLowering, op: arith.SelectOp) -> None:
    """Branches to one block with different arguments."""
    f.set(op, f.select(f.values[op.cond], f.values[op.lhs], f.values[op.rhs]))
