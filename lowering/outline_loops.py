"""Loops of a coroutine that do not suspend become functions of their own.

    coro.func @"main.f$coro"(…)                     coro.func @"main.f$coro"(…)
      ^loop(%i): …no call, no suspension…     →       %r = go.call @main.f.loop1(%zero, %a, %n) : …
                 cf.cond_br %c, ^loop(%j), ^end       cf.br ^end
                                                    go.func private @main.f.loop1(…) attributes {noinline}

After the split a value that lives across a suspension is a load from the frame, which a store through any pointer of the
loop might change, as far as LLVM knows: it loads it anew in each round, and does not vectorise. In a plain function the
same values are parameters. (Measured at -O2: `a[i] = b[i]*k + c[i]*l + d[i]*m` 3.3 times faster, `*out += a[i]` 4 times and
more; a plain function takes as long as the outlined loop.)

Only loops without calls are worth it: a call costs more than what it would save, and traces and runtime.Callers see
calls. A loop is moved if it is left to one block, and nothing in it belongs to the frame of its function (variables,
defers, panics being handled).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from xdsl.context import Context
from xdsl.dialects import cf
from xdsl.dialects.builtin import ModuleOp, StringAttr, SymbolRefAttr
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass

from goir.dialects import coro, go
from goir.dialects.go_types import ArrayType, FuncType, StructType
from goir.lowering.cfg import Graph, Loop
from goir.lowering.ir import UNIT, branch, is_library, symbol_name
from goir.lowering.materialize_unwind import protect_entry
from goir.lowering.panicking import checks_trap, panics_here

MAX_VALUES: Final = 16
"""Parameters of a function that is made; results: a quarter."""
MAX_RESULTS: Final = MAX_VALUES // 4

_MOVABLE: Final[frozenset[type[Operation]]] = frozenset({
    go.ConstantOp, go.StringConstOp, go.ZeroOp, go.AddOp, go.SubOp, go.MulOp, go.DivOp, go.RemOp, go.AndOp, go.OrOp,
    go.XorOp, go.AndNotOp, go.ShlOp, go.ShrOp, go.NegOp, go.NotOp, go.CmpOp, go.LoadOp, go.StoreOp, go.FieldAddrOp,
    go.IndexAddrOp, go.NilCheckOp, go.LenOp, go.CapOp, go.GlobalAddrOp, go.IndexOp,
    go.ComOp, go.ExtractOp, go.ConvertOp, go.SwitchOp, cf.BranchOp, cf.ConditionalBranchOp,
})  # fmt: skip
"""Ops that compute, load and store, and need nothing of the function they are in."""


def outline_loops(module: ModuleOp) -> None:
    """Outlines the loops of the module's coroutines."""
    if is_library(module):
        return  # its functions' names are the same in every program, and few of its functions are coroutines
    types = go.TypeTable(module)
    for function in list(module.body.block.ops):
        if isinstance(function, coro.FuncOp) and not function.is_declaration:
            _Outliner(module, types, function).run()


class _Outliner:
    def __init__(self, module: ModuleOp, types: go.TypeTable, function: coro.FuncOp) -> None:
        self.module = module
        self.under = types.underlying
        self.function = function
        self.made = 0

    def run(self) -> None:
        if not isinstance(self.function.properties["function_type"], FuncType):
            return
        if not any(isinstance(block.last_op, coro.SuspendOp) for block in self.function.body.blocks):
            return
        again = True
        while again:
            # Outer loops first: a new graph after each, for blocks have gone.
            graph = Graph(self.function.body)
            again = any(self.outline(graph, loop) for loop in reversed(graph.loops()))

    def outline(self, graph: Graph, loop: Loop) -> bool:
        """Moves a loop out, if it is one of those that can be."""
        blocks = [block for block in self.function.body.blocks if block in loop.blocks]
        exits: set[Block] = set()
        for block in blocks:
            for op in block.ops:
                if not self.movable(op):
                    return False
            last = block.last_op
            assert last is not None
            exits.update(s for s in last.successors if s not in loop.blocks)
        if len(exits) != 1:
            return False
        (after,) = exits
        live_in = list(
            dict.fromkeys(
                value
                for block in blocks
                for op in block.ops
                for value in op.operands
                if not loop.holds(value) and not _rematerialised(value)
            )
        )
        live_out: list[SSAValue] = list(
            dict.fromkeys(
                value
                for block in blocks
                for value in (*block.args, *(r for op in block.ops for r in op.results))
                if any(use.operation.parent not in loop.blocks for use in value.uses)
            )
        )
        params = [*loop.header.args, *live_in]
        results = [*after.args, *live_out]
        if len(params) > MAX_VALUES or len(results) > MAX_RESULTS:
            return False
        if any(self.large(v.type) for v in (*params, *results)):
            return False
        self.move(loop, blocks, after, live_in, live_out)
        return True

    def movable(self, op: Operation) -> bool:
        if op.__class__ not in _MOVABLE:
            return False
        if isinstance(op, go.ConvertOp):
            # Conversions of strings allocate.
            return all(isinstance(self.under(v.type), go.BasicType) and self.under(v.type) != go.STRING
                       for v in (*op.operands, *op.results))  # fmt: skip
        return True

    def large(self, type: Attribute) -> bool:
        return isinstance(self.under(type), ArrayType | StructType)

    def name(self) -> str:
        taken = {symbol_name(op) for op in self.module.body.block.ops if "sym_name" in op.properties}
        base = symbol_name(self.function).removesuffix("$coro")
        while True:
            self.made += 1
            name = f"{base}.loop{self.made}"
            if name not in taken:
                return name

    def move(
        self, loop: Loop, blocks: list[Block], after: Block, live_in: list[SSAValue], live_out: list[SSAValue]
    ) -> None:
        header, region = loop.header, self.function.body
        first = header.first_op
        assert first is not None
        location = first.location

        # What comes to the header from outside comes to a block that calls instead.
        call_block = Block(arg_types=header.arg_types)
        region.insert_block_before(call_block, header)
        entering: list[Operation] = []
        for block in region.blocks:
            if block not in loop.blocks and block.last_op is not None and header in block.last_op.successors:
                last = block.last_op
                last.successors = [call_block if s is header else s for s in last.successors]
                entering.append(last)
        # A round that starts with a constant does so in the function, where LLVM makes something of it.
        known: list[SSAValue | None] = [None] * len(header.args)
        if len(entering) == 1 and isinstance(entering[0], cf.BranchOp):
            known = [v if _rematerialised(v) else None for v in entering[0].operands]
        passed: list[SSAValue] = [a for a, v in zip(call_block.args, known, strict=True) if v is None]

        # The function: an entry that goes to the header, the blocks, and one that returns.
        entry = Block(arg_types=[v.type for v in (*passed, *live_in)])
        given: dict[SSAValue, SSAValue] = dict(zip(live_in, entry.args[len(passed) :], strict=True))
        parameters = iter(entry.args)
        initial = [next(parameters) if v is None else _copy(v, entry) for v in known]
        results: list[Attribute] = [*after.arg_types, *(v.type for v in live_out)]
        leave = Block(arg_types=after.arg_types)
        name = self.name()
        call: Operation = go.CallOp.create(
            operands=[*passed, *live_in], result_types=results, properties={"callee": SymbolRefAttr(name)}
        )
        for value, result in zip(live_out, call.results[len(after.args) :], strict=True):
            _replace(value, result, lambda block: block not in loop.blocks)
        for block in blocks:
            region.detach_block(block)
        body = Region([entry, *blocks, leave])
        for block in blocks:
            last = block.last_op
            assert last is not None
            last.successors = [leave if s is after else s for s in last.successors]
            for op in block.ops:
                for i, operand in enumerate(op.operands):
                    if operand in given:
                        op.operands[i] = given[operand]
        _rematerialise(entry, blocks, loop)
        entry.add_op(branch(header, initial, location))
        leave.add_op(go.ReturnOp.create(operands=[*leave.args, *live_out]))
        if leave.last_op is not None:
            leave.last_op.location = location

        function = go.FuncOp.create(
            properties={
                "sym_name": StringAttr(name),
                "function_type": FuncType([a.type for a in entry.args], results),
                "sym_visibility": StringAttr("private"),
                "display": self.function.properties.get("display", StringAttr(name)),
                "noinline": UNIT,
            },
            regions=[body],
        )
        function.location = location
        in_runtime = checks_trap(symbol_name(self.function))
        panics = any(panics_here(op, self.under, in_runtime) for block in blocks for op in block.ops)
        if panics:
            function.properties["may_panic"] = UNIT
            protect_entry(entry, go.UnwindOp.create())
        self.module.body.block.insert_op_after(function, self.function)
        call.location = location
        call_block.add_op(call)
        call_block.add_op(branch(after, call.results[: len(after.args)], location))


def _rematerialised(value: SSAValue) -> bool:
    """Constants and the like are made again where they are needed, not passed."""
    return isinstance(value.owner, go.ConstantOp | go.ZeroOp | go.GlobalAddrOp | go.StringConstOp)


def _copy(value: SSAValue, block: Block) -> SSAValue:
    op = value.owner
    assert isinstance(op, Operation)
    copy = op.clone()
    copy.location = op.location
    block.add_op(copy)
    return copy.results[0]


def _rematerialise(entry: Block, blocks: Sequence[Block], loop: Loop) -> None:
    made: dict[SSAValue, SSAValue] = {}
    for block in blocks:
        for op in block.ops:
            for i, operand in enumerate(op.operands):
                if not loop.holds(operand) and operand.owner is not entry and _rematerialised(operand):
                    if operand not in made:
                        made[operand] = _copy(operand, entry)
                    op.operands[i] = made[operand]


def _replace(old: SSAValue, new: SSAValue, where: Callable[[Block | None], bool]) -> None:
    for use in list(old.uses):
        if where(use.operation.parent):
            use.operation.operands[use.index] = new


@dataclass(frozen=True)
class OutlineLoopsPass(ModulePass):
    """Outlines loops of coroutines that do not suspend (see the module)."""

    name: ClassVar[str] = "outline-loops"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        outline_loops(op)
