"""Which ops of the go dialect may panic or wait. One answer for the analyses and for the lowering: an op that
`op_may_panic` clears is lowered without a branch to the unwind target."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Attribute, Operation, OpResult, SSAValue

from goir.dialects.go_arith import CmpOp, ConstantOp, ConvertOp, DivOp, RemOp, ShlOp, ShrOp, ZeroOp
from goir.dialects.go_base import MayPanic, MaySuspend, Under, as_written
from goir.dialects.go_control import SelectOp
from goir.dialects.go_data import MapDeleteOp, MapGetOp, TypeAssertOp
from goir.dialects.go_memory import IndexAddrOp, SliceOp
from goir.dialects.go_types import (
    ArrayType,
    BasicType,
    InterfaceType,
    NamedType,
    PtrType,
    SliceType,
    StructType,
)


def constant_value(value: SSAValue) -> int | None:
    """The integer a value is, if it comes from a `go.constant`."""
    if isinstance(value, OpResult) and isinstance(value.op, ConstantOp):
        attr = value.op.properties["value"]
        if isinstance(attr, IntegerAttr):
            return attr.value.data
    return None


def comparison_may_panic(t: Attribute, under: Under = as_written) -> bool:
    """Whether == on two values of this type may find something that is not comparable: an interface in it."""
    t = under(t)
    if isinstance(t, InterfaceType):
        return True
    if isinstance(t, NamedType):
        return True  # nobody has told what it is
    if isinstance(t, ArrayType):
        return comparison_may_panic(t.elem, under)
    if isinstance(t, StructType):
        return any(comparison_may_panic(f.type, under) for f in t.fields.data)
    return False


def _division(op: Operation, under: Under) -> bool:
    t = under(op.operands[0].type)
    if isinstance(t, BasicType) and not t.is_integer:
        return False
    divisor = constant_value(op.operands[1])
    return divisor is None or divisor == 0


def _shift(op: Operation, under: Under) -> bool:
    t = under(op.operands[1].type)
    if isinstance(t, BasicType) and t.is_integer and not t.signed:
        return False
    count = constant_value(op.operands[1])
    return count is None or count < 0


def _comparison(op: Operation, under: Under) -> bool:
    # x == nil looks at the type word only
    if any(isinstance(v, OpResult) and isinstance(v.op, ZeroOp) for v in op.operands):
        return isinstance(under(op.operands[0].type), ArrayType | StructType) and comparison_may_panic(
            op.operands[0].type, under
        )
    return comparison_may_panic(op.operands[0].type, under)


def _conversion(op: Operation, under: Under) -> bool:
    source, target = under(op.operands[0].type), under(op.results[0].type)
    return isinstance(source, SliceType | NamedType) and isinstance(target, ArrayType | PtrType | NamedType)


def _index_addr(op: Operation, under: Under) -> bool:
    if "inbounds" in op.properties:
        return False
    t = under(op.operands[0].type)
    if not isinstance(t, PtrType):
        return True
    array = under(t.elem)
    index = constant_value(op.operands[1])
    return not (isinstance(array, ArrayType) and index is not None and 0 <= index < array.length.data)


def _slice(op: Operation, under: Under) -> bool:
    # x[:] can only fail through a nil pointer, which a nil_check before it has ruled out
    return len(op.operands) > 1


def _map_key(op: Operation, under: Under) -> bool:
    return comparison_may_panic(op.operands[1].type, under)


def _type_assert(op: Operation, under: Under) -> bool:
    return len(op.results) == 1


_CONDITIONS: dict[type[Operation], Callable[[Operation, Under], bool]] = {
    DivOp: _division,
    RemOp: _division,
    ShlOp: _shift,
    ShrOp: _shift,
    CmpOp: _comparison,
    ConvertOp: _conversion,
    IndexAddrOp: _index_addr,
    SliceOp: _slice,
    MapGetOp: _map_key,
    MapDeleteOp: _map_key,
    TypeAssertOp: _type_assert,
}

_TRAIT: dict[type[Operation], bool] = {}


def op_may_panic(op: Operation, under: Under = as_written) -> bool:
    """Whether this op may go to the unwind target. With `under` (TypeTable.underlying) the answer is exact for named
    types; without it they are taken to panic. For `go.call` it is yes: what the callee does is another question."""
    cls = type(op)
    known = _TRAIT.get(cls)
    if known is None:
        known = _TRAIT[cls] = op.has_trait(MayPanic)
    if not known:
        return False
    condition = _CONDITIONS.get(cls)
    return condition is None or condition(op, under)


def op_is_pure(op: Operation) -> bool:
    """Whether an op that might panic is sure not to, and does nothing but compute (a new slice is more than a value)."""
    if isinstance(op, ConvertOp) and not isinstance(op.results[0].type, BasicType):
        return False
    return not op_may_panic(op)


def op_may_suspend(op: Operation) -> bool:
    """Whether this op itself may wait (calls: see their callee)."""
    if isinstance(op, SelectOp):
        return op.has_default is None
    return op.has_trait(MaySuspend)
