"""`new_op` and `append` leave what `Operation.create` and `Block.add_op` leave."""

from __future__ import annotations

from xdsl.dialects.builtin import FileLineColLoc, IntAttr, StringAttr, i1, i64
from xdsl.ir import Block, Operation

from goir.dialects import llvm_ext as llvm
from goir.dialects.fast_ops import append, new_op

HERE = FileLineColLoc(StringAttr("x.go"), IntAttr(1), IntAttr(2))


def test_same_fields() -> None:
    slow, fast = Block(arg_types=[i64, i64]), Block(arg_types=[i64, i64])
    for block, make in ((slow, False), (fast, True)):
        a, b = block.args
        ops: list[tuple[type[Operation], list[object]]] = []
        for cls, operands, types, properties in [
            (llvm.AddOp, (a, b), (i64,), {}),
            (llvm.AddOp, (a, a), (i64,), {}),
            (llvm.ICmpOp, (a, b), (i1,), {"predicate": llvm.ICMP["eq"]}),
            (llvm.PoisonOp, (), (llvm.PTR,), {}),
            (llvm.TrapOp, (), (), {}),
        ]:
            if make:
                op = new_op(cls, operands, types, properties, HERE)
                append(block, op)
            else:
                op = cls.create(operands=operands, result_types=types, properties=properties, location=HERE)
                block.add_op(op)
            ops.append((cls, list(operands)))
    assert [op.name for op in fast.ops] == [op.name for op in slow.ops]
    for one, other in zip(fast.ops, slow.ops, strict=True):
        one.verify()
        assert one.properties == other.properties and one.attributes == other.attributes
        assert one.location == other.location and one.parent is fast
        assert [r.type for r in one.results] == [r.type for r in other.results]
        assert (one.prev_op is None) == (other.prev_op is None) and (one.next_op is None) == (other.next_op is None)
        assert tuple(one.successors) == () and tuple(one.regions) == ()
    for one, other in zip(fast.args, slow.args, strict=True):
        have = [(use.operation.name, use.index) for use in one.uses]
        assert have == [(use.operation.name, use.index) for use in other.uses]
    first = fast.first_op
    assert first is not None
    # The lists of uses and ops can be changed as usual.
    last = fast.last_op
    assert last is not None
    last.detach()
    last.erase()
    fast.args[0].replace_all_uses_with(fast.args[1])
    assert fast.args[0].first_use is None
    assert sum(1 for _ in fast.args[1].uses) == 6
