"""Strings made of bytes that are only looked at before the bytes can change: they need no memory of their own.

`string(b) == "x"`, `m[string(b)]`, `switch string(b) { … }`, `"x" + string(b)`: as in gc, the string is the slice's memory.
"""

from __future__ import annotations

from typing import Final

from xdsl.dialects import cf
from xdsl.ir import Block, Operation, SSAValue
from xdsl.traits import MemoryAllocEffect, MemoryReadEffect, Pure

from goir.dialects import go
from goir.dialects.go_base import PureUnlessItPanics

_READERS: Final = frozenset({go.CmpOp, go.LenOp, go.IndexOp, go.ConcatOp, go.MapGetOp, go.StringNextOp})
_HARMLESS: Final = frozenset({
    *_READERS, go.ConvertOp, go.NilCheckOp, go.MakeInterfaceOp, go.SwitchOp, cf.BranchOp,
    cf.ConditionalBranchOp,
})  # fmt: skip
_TRAITS: Final = (Pure, PureUnlessItPanics, MemoryReadEffect, MemoryAllocEffect)
_known: dict[type[Operation], bool] = {}


def is_view(op: go.ConvertOp) -> bool:
    """Whether nothing keeps the string and nothing can write to the bytes as long as it is used."""
    users = {use.operation for use in op.result.uses}
    for user in users:
        if user.__class__ not in _READERS or user.parent is None or not _only_reads(user, op.result):
            return False
    home = op.parent
    assert home is not None
    # Backwards from the uses: the definition dominates them.
    through: set[Block] = set()
    seen = {user.parent for user in users if user.parent is not None and user.parent is not home}
    work = list(seen)
    while work:
        for before in work.pop().predecessors():
            if before is not home and before not in seen:
                seen.add(before)
                work.append(before)
            through.add(before)
    for block in {home, *seen}:
        each = op.next_op if block is home else block.first_op
        left = sum(user.parent is block for user in users)
        while each is not None and (left or block in through):
            if each in users:
                left -= 1
            elif not _is_harmless(each):
                return False
            each = each.next_op
    return bool(users)


def _only_reads(user: Operation, string: SSAValue) -> bool:
    if isinstance(user, go.ConcatOp):
        # A string is its own concatenation with empty ones.
        return any(isinstance(part.owner, go.StringConstOp) and part.owner.value.data for part in user.operands)
    if isinstance(user, go.MapGetOp):
        return not any(isinstance(use.operation, go.MapSetOp) for use in string.uses)
    return True


def _is_harmless(op: Operation) -> bool:
    cls = op.__class__
    found = _known.get(cls)
    if found is None:
        found = _known[cls] = cls in _HARMLESS or any(op.has_trait(trait) for trait in _TRAITS)
    return found
