"""On-the-fly construction of SSA form (Braun et al., "Simple and Efficient Construction of SSA Form", CC 2013).

Blocks under construction are `BB`s. Terminators with block arguments are only described while the function is being
built; `SSABuilder.finish` drops unreachable blocks, removes trivial phis and then creates the real terminators.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from xdsl.dialects import cf
from xdsl.dialects.builtin import DenseArrayBase, LocationAttr, UnknownLoc, i32, i64
from xdsl.ir import Attribute, Block, BlockArgument, Operation, Region, SSAValue

from goir.dialects import go

_UNKNOWN = UnknownLoc()
_SEGMENTS: dict[tuple[int, ...], DenseArrayBase] = {}


def segments(*sizes: int) -> DenseArrayBase:
    """The `operandSegmentSizes` property, interned."""
    attr = _SEGMENTS.get(sizes)
    if attr is None:
        attr = _SEGMENTS[sizes] = DenseArrayBase.from_list(i32, sizes)
    return attr


class Phi:
    """A block argument under construction: one operand for each predecessor edge of its block."""

    __slots__ = ("arg", "bb", "key", "operands")

    def __init__(self, key: Hashable, bb: BB, arg: BlockArgument) -> None:
        self.key = key
        self.bb = bb
        self.arg = arg
        self.operands: list[SSAValue] = []


class BB:
    """A basic block under construction.

    `succs` holds (target, index of this edge in the target's `preds`); `cond` is the condition when there are two, or what
    is compared with `cases`: then the first of `succs` is where none of them leads.
    `sealed`: all predecessors are known. `checked` maps pointers to their `go.nil_check` in this block."""

    __slots__ = (
        "block",
        "cases",
        "checked",
        "cond",
        "defs",
        "incomplete",
        "loc",
        "phis",
        "preds",
        "sealed",
        "succs",
        "terminated",
    )

    def __init__(self) -> None:
        self.block = Block()
        self.preds: list[BB] = []
        self.succs: list[tuple[BB, int]] = []
        self.cond: SSAValue | None = None
        self.cases: Sequence[int] = ()
        self.loc: LocationAttr = _UNKNOWN
        self.defs: dict[Hashable, SSAValue] = {}
        self.phis: list[Phi] = []
        self.incomplete: list[Phi] = []
        self.sealed = False
        self.terminated = False
        self.checked: dict[SSAValue, SSAValue] = {}


class SSABuilder:
    """The blocks of one function and the current values of its SSA variables.

    `types` gives the dialect type of each variable key; `undefined(bb, type)` makes a value for a variable that is read
    where no definition reaches (unreachable code only)."""

    def __init__(self, undefined: Callable[[BB, Attribute], SSAValue]) -> None:
        self.types: dict[Hashable, Attribute] = {}
        #: All blocks, and those that code was put into in the order of the source.
        self.blocks: list[BB] = []
        self.started: list[BB] = []
        self._undefined = undefined
        self._pending: list[Phi] = []

    # Edges ------------------------------------------------------------------------------------------------------------

    def _edge(self, source: BB, target: BB) -> None:
        source.succs.append((target, len(target.preds)))
        target.preds.append(source)

    def branch(self, bb: BB, target: BB, loc: LocationAttr) -> None:
        """Ends `bb` with a jump."""
        bb.terminated = True
        bb.loc = loc
        self._edge(bb, target)

    def cond_branch(self, bb: BB, cond: SSAValue, then: BB, else_: BB, loc: LocationAttr) -> None:
        """Ends `bb` with a conditional jump."""
        bb.terminated = True
        bb.loc = loc
        bb.cond = cond
        self._edge(bb, then)
        self._edge(bb, else_)

    def switch(self, bb: BB, value: SSAValue, cases: Sequence[tuple[int, BB]], default: BB, loc: LocationAttr) -> None:
        """Ends `bb` with a jump to where an integer leads."""
        bb.terminated = True
        bb.loc = loc
        bb.cond = value
        bb.cases = [case for case, _ in cases]
        self._edge(bb, default)
        for _, target in cases:
            self._edge(bb, target)

    def protect_edges(self, bb: BB, body: BB, unwind: BB) -> None:
        """Records the successors of a `go.protect` that is already in `bb` (its targets take no arguments)."""
        bb.terminated = True
        self._edge(bb, body)
        self._edge(bb, unwind)

    def seal(self, bb: BB) -> None:
        """Declares that all predecessors of `bb` are known."""
        if bb.sealed:
            return
        bb.sealed = True
        if bb.incomplete:
            self._pending.extend(bb.incomplete)
            bb.incomplete = []
            self._drain()

    # Variables --------------------------------------------------------------------------------------------------------

    def write(self, key: Hashable, bb: BB, value: SSAValue) -> None:
        """Assigns to a variable at the end of `bb`."""
        bb.defs[key] = value

    def read(self, key: Hashable, bb: BB) -> SSAValue:
        """The value of a variable at the end of `bb`."""
        value = bb.defs.get(key)
        if value is None:
            value = self._find(key, bb)
            self._drain()
        return value

    def _find(self, key: Hashable, bb: BB) -> SSAValue:
        path: list[BB] = []
        while True:
            value = bb.defs.get(key)
            if value is not None:
                break
            path.append(bb)
            if not bb.sealed:
                phi = self._phi(key, bb)
                bb.incomplete.append(phi)
                value = phi.arg
                break
            if len(bb.preds) == 1:
                bb = bb.preds[0]
                continue
            if not bb.preds:
                value = self._undefined(bb, self.types[key])
                break
            phi = self._phi(key, bb)
            self._pending.append(phi)
            value = phi.arg
            break
        for b in path:
            b.defs[key] = value
        return value

    def _phi(self, key: Hashable, bb: BB) -> Phi:
        # The argument joins the block in finish(), if it is not trivial by then.
        arg = BlockArgument(self.types[key], bb.block, len(bb.phis), _UNKNOWN)
        phi = Phi(key, bb, arg)
        bb.phis.append(phi)
        return phi

    def _drain(self) -> None:
        pending = self._pending
        while pending:
            phi = pending.pop()
            key = phi.key
            for pred in phi.bb.preds:
                value = pred.defs.get(key)
                phi.operands.append(value if value is not None else self._find(key, pred))

    # The end ----------------------------------------------------------------------------------------------------------

    def finish(self, entry: BB, region: Region) -> None:
        """Completes the function: its reachable blocks, in the order they were started, go to `region`."""
        for bb in self.blocks:
            self.seal(bb)
        reachable = {entry}
        work = [entry]
        while work:
            for target, _ in work.pop().succs:
                if target not in reachable:
                    reachable.add(target)
                    work.append(target)
        for bb in self.blocks:
            if bb not in reachable:
                bb.block.drop_all_references()
                for op in bb.block.ops:
                    op.drop_all_references()
        live = [bb for bb in dict.fromkeys([entry, *self.started, *self.blocks]) if bb in reachable]
        forward = self._simplify(live, reachable)
        for bb in live:
            phis = [p for p in bb.phis if p.arg not in forward]
            if phis:
                for i, phi in enumerate(phis):
                    phi.arg.index = i
                bb.block._args = tuple(p.arg for p in phis)  # pyright: ignore[reportPrivateUsage] # insert_arg is quadratic
                bb.phis = phis
            else:
                bb.phis = []
        for bb in live:
            region.add_block(bb.block)
            if bb.cases:
                _switch(bb, forward, region)
            elif bb.cond is not None or len(bb.succs) == 1:
                bb.block.add_op(_terminator(bb, forward))

    def _simplify(self, live: list[BB], reachable: set[BB]) -> dict[SSAValue, SSAValue]:
        """Finds the phis that merge one value with themselves; they are replaced by it. Answers what they became."""
        forward: dict[SSAValue, SSAValue] = {}
        users: dict[SSAValue, list[Phi]] = {}
        work: list[Phi] = []
        for bb in live:
            for phi in bb.phis:
                work.append(phi)
                for value in phi.operands:
                    users.setdefault(value, []).append(phi)
        if not work:
            return forward
        while work:
            phi = work.pop()
            arg = phi.arg
            if arg in forward:
                continue
            same: SSAValue | None = None
            for value, pred in zip(phi.operands, phi.bb.preds, strict=True):
                if pred not in reachable:
                    continue
                while value in forward:
                    value = forward[value]
                if value is arg or value is same:
                    continue
                if same is not None:
                    break
                same = value
            else:
                assert same is not None, "a phi without operands in reachable code"
                forward[arg] = same
                using = users.get(arg)
                if using:
                    work.extend(using)
                    users.setdefault(same, []).extend(using)
        for arg, value in forward.items():
            while value in forward:
                value = forward[value]
            forward[arg] = value
            if arg.first_use is not None:
                arg.replace_all_uses_with(value)
        return forward


def _terminator(bb: BB, forward: dict[SSAValue, SSAValue]) -> Operation:
    """`cf.br` or `cf.cond_br` with what the phis of the targets take from this edge."""
    if bb.cond is None:
        target, edge = bb.succs[0]
        operands = _arguments(target, edge, forward)
        return cf.BranchOp.create(operands=operands, successors=[target.block], location=bb.loc)
    (then, then_edge), (else_, else_edge) = bb.succs
    then_args = _arguments(then, then_edge, forward)
    else_args = _arguments(else_, else_edge, forward)
    return cf.ConditionalBranchOp.create(
        operands=[forward.get(bb.cond, bb.cond), *then_args, *else_args],
        successors=[then.block, else_.block],
        properties={"operandSegmentSizes": segments(1, len(then_args), len(else_args))},
        location=bb.loc,
    )


def _arguments(target: BB, edge: int, forward: dict[SSAValue, SSAValue]) -> list[SSAValue]:
    """What the phis of a block take from an edge."""
    return [forward.get(v, v) for v in (p.operands[edge] for p in target.phis)]


def _switch(bb: BB, forward: dict[SSAValue, SSAValue], region: Region) -> None:
    """Adds `go.switch` to the block. It passes nothing: a target that takes something is reached through a block."""
    assert bb.cond is not None
    blocks: dict[BB, Block] = {}
    for target, edge in bb.succs:
        if target in blocks:
            continue  # every edge of this block to it passes the same
        blocks[target] = target.block
        if target.phis:
            blocks[target] = Block()
            arguments = _arguments(target, edge, forward)
            blocks[target].add_op(cf.BranchOp.create(operands=arguments, successors=[target.block], location=bb.loc))
            region.add_block(blocks[target])
    bb.block.add_op(
        go.SwitchOp.create(
            operands=[forward.get(bb.cond, bb.cond)],
            properties={"values": DenseArrayBase.from_list(i64, bb.cases)},
            successors=[blocks[target] for target, _ in bb.succs],
            location=bb.loc,
        )
    )
