"""Building ops at the cost of what must be done, for passes that make tens of thousands.

`Operation.create` checks and converts what its caller already knows: sequences, regions, default properties, the
location. `new_op` sets the same fields (tests/test_fast_ops.py compares the two) in a third of the time. Ops whose
definition has default properties go the ordinary way.
"""

# This is the one place that knows how xDSL keeps operands, results and the ops of a block.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from xdsl.dialects.builtin import LocationAttr
from xdsl.ir import Attribute, Block, Operation, OpResult, SSAValue, Use
from xdsl.ir.core import SSAValues
from xdsl.irdl import IRDLOperation, OptionalDef

_NOTHING: Final[SSAValues[SSAValue]] = SSAValues()
_HAS_DEFAULTS: Final[dict[type[Operation], bool]] = {}


def new_op(
    cls: type[Operation],
    operands: Sequence[SSAValue],
    types: Sequence[Attribute],
    properties: Mapping[str, Attribute],
    location: LocationAttr,
) -> Operation:
    """An op without regions and successors."""
    slow = _HAS_DEFAULTS.get(cls)
    if slow is None:
        slow = _HAS_DEFAULTS[cls] = _has_defaults(cls)
    if slow:
        return cls.create(operands=operands, result_types=types, properties=properties, location=location)
    op = cls.__new__(cls)
    if operands:
        uses: list[Use] = []
        for index, value in enumerate(operands):
            use = Use(op, index)
            first = value.first_use
            if first is not None:
                use._next_use = first
                first._prev_use = use
            value.first_use = use
            uses.append(use)
        op._operands = SSAValues(operands)
        op._operand_uses = tuple(uses)
    else:
        op._operands = _NOTHING
        op._operand_uses = ()
    if len(types) == 1:
        op.results = SSAValues((OpResult(types[0], op, 0),))
    elif types:
        op.results = SSAValues(OpResult(type, op, index) for index, type in enumerate(types))
    op.properties = dict(properties)
    op.attributes = {}
    op.location = location
    return op


def append(block: Block, op: Operation) -> None:
    """Places a new op at the end of a block that is not inside of it."""
    last = block._last_op
    if last is None:
        block._first_op = op
    else:
        last._next_op = op
        op._prev_op = last
    block._last_op = op
    op.parent = block


def _has_defaults(cls: type[Operation]) -> bool:
    if not issubclass(cls, IRDLOperation):
        return True
    definition = cls.get_irdl_definition()
    return any(
        not isinstance(d, OptionalDef) and d.default_value is not None
        for d in (*definition.properties.values(), *definition.attributes.values())
    )
