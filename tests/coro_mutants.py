"""Damages random modules: each is either refused by the verifier, with its place, or compiles, and means what it says.

python tests/coro_mutants.py [--seeds 500] [--first 0] [--pack 20]
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from coro_modules import coro_module, program
from coro_oracle import FUEL, difference, in_order, llvm_text, run
from go_modules import go_module
from xdsl.dialects.builtin import (
    DenseArrayBase,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    SymbolRefAttr,
    UnitAttr,
    i32,
)
from xdsl.ir import Attribute, Block, Operation, OpResult, SSAValue

from goir.build.errors import InternalCompilerError
from goir.build.ir_io import parse_text, print_module
from goir.dialects import coro, go
from goir.dialects.verify import ModuleError, verify_module
from goir.interp.machine import Machine
from goir.interp.values import Signal
from goir.lowering.ir import LoweringError

Mutation = Callable[["Mutator"], "str | None"]
SCHEDULES = 4
"""How many other orders of goroutines the interpreter tries with a mutant."""

KINDS = {"coro": coro_module, "go": go_module}


class Mutator:
    """Changes one thing in the functions of a module whose names begin with `prefix`."""

    def __init__(self, module: ModuleOp, prefix: str, rng: random.Random) -> None:
        self.module = module
        self.rng = rng
        self.functions = [
            op
            for op in module.body.block.ops
            if isinstance(op, go.FuncOp | coro.FuncOp) and op.symbol.startswith(prefix)
        ]
        self.function: Operation = rng.choice(self.functions)
        self.blocks: list[Block] = list(self.function.regions[0].blocks)
        self.ops: list[Operation] = [op for block in self.blocks for op in block.ops]

    def op(self, *names: str) -> Operation | None:
        """An op of the function; of one of the kinds, if it has such."""
        found = [op for op in self.ops if op.name in names] if names else self.ops
        return self.rng.choice(found) if found else None

    def values(self) -> list[SSAValue]:
        found: list[SSAValue] = [a for block in self.blocks for a in block.args]
        return found + [r for op in self.ops for r in op.results]

    def value(self, type: Attribute) -> SSAValue | None:
        """A value of the type, wherever it is defined; sometimes one of another."""
        values = self.values()
        fitting = [v for v in values if v.type == type] if self.rng.random() < 0.8 else values
        return self.rng.choice(fitting) if fitting else None


def swap_successors(m: Mutator) -> str | None:
    op = m.op("cf.cond_br", "coro.suspend", "go.protect")
    if op is None or len(op.successors) < 2:
        return None
    op.successors = list(reversed(op.successors))
    return op.name


def change_successor(m: Mutator) -> str | None:
    op = m.op("cf.br", "cf.cond_br", "coro.suspend", "go.protect")
    if op is None:
        return None
    successors = list(op.successors)
    successors[m.rng.randrange(len(successors))] = m.rng.choice(m.blocks)
    op.successors = successors
    return op.name


def drop_destroy(m: Mutator) -> str | None:
    op = m.op("coro.suspend")
    if not isinstance(op, coro.SuspendOp):
        return None
    if len(op.successors) > 1:
        op.successors = list(op.successors[:1])
        if m.rng.random() < 0.7:
            count, resume = len(op.args), len(op.resume_args)
            op.operands = list(op.operands[: count + resume])
            op.properties["operandSegmentSizes"] = DenseArrayBase.from_list(i32, [count, resume, 0])
    else:
        op.successors = [*op.successors, m.rng.choice(m.blocks[1:] or m.blocks)]
    return op.name


def drop(m: Mutator) -> str | None:
    op = m.op()
    if op is None:
        return None
    for result in op.results:
        others = [v for v in m.values() if v.type == result.type and v is not result]
        if others:
            result.replace_all_uses_with(m.rng.choice(others))
        elif any(True for _ in result.uses):
            return None
    op.detach()
    op.erase()
    return op.name


def duplicate(m: Mutator) -> str | None:
    op = m.op()
    if op is None:
        return None
    assert op.parent is not None
    op.parent.insert_op_after(op.clone(), op)
    return op.name


def move(m: Mutator) -> str | None:
    op, target = m.op(), m.op()
    if op is None or target is None or op is target:
        return None
    op.detach()
    assert target.parent is not None
    target.parent.insert_op_before(op, target)
    return op.name


def change_operand(m: Mutator) -> str | None:
    found = [op for op in m.ops if op.operands]
    if not found:
        return None
    op = m.rng.choice(found)
    index = m.rng.randrange(len(op.operands))
    value = m.value(op.operands[index].type)
    if value is None:
        return None
    op.operands[index] = value
    return op.name


def drop_operand(m: Mutator) -> str | None:
    found = [op for op in m.ops if op.operands]
    if not found:
        return None
    op = m.rng.choice(found)
    operands = list(op.operands)
    del operands[m.rng.randrange(len(operands))]
    op.operands = operands
    return op.name


def change_type(m: Mutator) -> str | None:
    values = m.values()
    if not values:
        return None
    value = m.rng.choice(values)
    types = [v.type for v in values] + [go.INT, go.STRING, coro.HANDLE]
    value._type = m.rng.choice(types)  # pyright: ignore[reportAttributeAccessIssue, reportPrivateUsage]
    return value.op.name if isinstance(value, OpResult) else "a block argument"


def use_handle_again(m: Mutator) -> str | None:
    """Awaits, destroys, resumes or asks a handle once more, somewhere."""
    handles = [v for v in m.values() if v.type == coro.HANDLE]
    if not handles:
        return None
    handle = m.rng.choice(handles)
    uses = [use.operation for use in handle.uses if not isinstance(use.operation, coro.SuspendOp)]
    places = [op for op in m.ops if op.parent is not None and not isinstance(op, coro.SlotOp)]
    at = m.rng.choice(uses if uses and m.rng.random() < 0.5 else places)
    new: Operation
    match m.rng.randrange(5):
        case 0:
            new = coro.DestroyOp.create(operands=[handle])
        case 1:
            new = coro.ResumeOp.create(operands=[handle])
        case 2:
            new = coro.PendingOp.create(operands=[handle], result_types=[go.BOOL])
        case 3:
            new = coro.DoneOp.create(operands=[handle], result_types=[go.BOOL])
        case _:
            hook = SymbolRefAttr("runtime.awaitHook")
            new = coro.ParkOp.create(operands=[handle], properties={"hook": hook})
    assert at.parent is not None
    if at.next_op is not None and m.rng.random() < 0.5:
        at.parent.insert_op_after(new, at)
    else:
        at.parent.insert_op_before(new, at)
    return new.name


def await_again(m: Mutator) -> str | None:
    """A second wait for a coroutine, before the suspension of the first one's block."""
    found = [
        op for op in m.ops if isinstance(op, coro.SuspendOp) and op.hook.root_reference.data == "runtime.awaitHook"
    ]
    if not found:
        return None
    op = m.rng.choice(found)
    assert op.parent is not None
    target = op.successors[0]
    region = op.parent.parent
    assert region is not None
    between = Block()
    region.insert_block_after(between, op.parent)
    again = op.clone()
    between.add_op(again)
    again.successors = [target]
    op.successors = [between]
    return op.name


def change_symbol(m: Mutator) -> str | None:
    found = [op for op in m.ops if any(isinstance(v, SymbolRefAttr) for v in op.properties.values())]
    if not found:
        return None
    op = m.rng.choice(found)
    keys = [k for k, v in op.properties.items() if isinstance(v, SymbolRefAttr)]
    names = [n.data for each in m.module.body.block.ops if isinstance(n := each.properties.get("sym_name"), StringAttr)]
    op.properties[m.rng.choice(keys)] = SymbolRefAttr(m.rng.choice([*names, "nobody"]))
    return op.name


def change_property(m: Mutator) -> str | None:
    found = [op for op in m.ops if op.properties]
    if not found:
        return None
    op = m.rng.choice(found)
    key = m.rng.choice(list(op.properties))
    value = op.properties[key]
    if m.rng.random() < 0.3:
        del op.properties[key]
    elif isinstance(value, IntegerAttr):
        number = m.rng.choice([0, 1, 2, 5, -1, 1 << 40])
        op.properties[key] = IntegerAttr(number if value.type != go.BOOL else number & 1, value.type)  # pyright: ignore
    elif isinstance(value, DenseArrayBase):
        sizes = [int(v) for v in value.get_values()]  # pyright: ignore
        sizes[m.rng.randrange(len(sizes))] += m.rng.choice([-1, 1, 5])
        op.properties[key] = DenseArrayBase.from_list(i32, sizes)
    elif isinstance(value, StringAttr):
        op.properties[key] = StringAttr(
            m.rng.choice(["", "auto", "stack", "heap", "eq", "lt", "coroDestroy", "nonsense"])
        )
    else:
        op.properties[key] = m.rng.choice([UnitAttr(), StringAttr("x"), IntegerAttr(1, i32)])
    return op.name


def change_class(m: Mutator) -> str | None:
    """Another op with the same operands and results."""
    op = m.op()
    if op is None:
        return None
    classes: list[type[Operation]] = [
        coro.ReturnOp, coro.UnwindOp, go.ReturnOp, go.UnwindOp, go.UnreachableOp, go.RaiseOp, go.PanicOp, coro.DestroyOp,
        coro.ResumeOp, coro.DoneOp, coro.PendingOp, coro.ParkOp, go.ParkOp, go.YieldOp, coro.SlotOp, coro.ResultsOp,
        go.CheckUnwindOp, go.DefersOp, go.ProtectOp, coro.AwaitOp, go.CallOp, coro.SpawnOp, go.GoOp,
    ]  # fmt: skip
    cls = m.rng.choice(classes)
    keep = m.rng.random() < 0.5
    new = cls.create(
        operands=list(op.operands) if keep else [],
        result_types=[r.type for r in op.results],
        properties=dict(op.properties) if keep or "hook" in op.properties else {},
        successors=list(op.successors) if keep else [],
    )
    new.location = op.location
    assert op.parent is not None
    op.parent.insert_op_before(new, op)
    for old, result in zip(op.results, new.results, strict=True):
        old.replace_all_uses_with(result)
    op.detach()
    op.erase()
    return f"{op.name} to {cls.name}"


def change_function(m: Mutator) -> str | None:
    properties = m.function.properties
    key = m.rng.choice(
        ["nosuspend", "may_panic", "wrapper", "noinline", "recovers", "colour", "sym_visibility", "captures"]
    )
    if key in properties:
        del properties[key]
    else:
        properties[key] = UnitAttr() if key not in ("sym_visibility", "captures") else StringAttr("private")
    return key


def drop_block(m: Mutator) -> str | None:
    block = m.rng.choice(m.blocks)
    for op in reversed(list(block.ops)):
        if any(True for r in op.results for _ in r.uses):
            return "part of a block"
        op.detach()
        op.erase()
    return "a block"


def swap_functions(m: Mutator) -> str | None:
    """Another function's body."""
    other = m.rng.choice(m.functions)
    if other is m.function:
        return None
    mine, theirs = m.function.detach_region(0), other.detach_region(0)
    m.function.add_region(theirs)
    other.add_region(mine)
    return "the bodies of two functions"


MUTATIONS: list[Mutation] = [
    swap_successors, change_successor, drop_destroy, drop, duplicate, move, change_operand, drop_operand, change_type,
    use_handle_again, use_handle_again, await_again, change_symbol, change_property, change_class, change_function,
    drop_block, swap_functions,
]  # fmt: skip


@dataclass
class Mutant:
    """A damaged module that the verifier takes."""

    name: str
    what: str
    text: str
    outcome: str
    """"" if it runs to its end, else what stops it."""


def printed(module: ModuleOp, prefix: str) -> str:
    """The functions and variables of a module whose names begin with `prefix`, as text."""
    part = ModuleOp([])
    for op in list(module.body.block.ops):
        name = op.properties.get("sym_name")
        if isinstance(name, StringAttr) and name.data.startswith(prefix):
            op.detach()
            part.body.block.add_op(op)
    text = print_module(part)
    return text[text.index("{") + 1 : text.rindex("}")]


class Problem(Exception):
    """A mutant is neither refused properly nor compiled."""


def depends_on_schedule(module: ModuleOp) -> bool:
    """Whether goroutines do something that shows after main has ended, or other schedules give other lines, or goroutines
    with the same name."""
    machine = Machine(module, FUEL)
    wanted = in_order(machine.run())
    try:
        if in_order(machine.drain()) != wanted:
            return True
    except Signal:
        return True
    return any(in_order(Machine(module, FUEL, random.Random(seed)).run()) != wanted for seed in range(SCHEDULES))


def mutant(kind: str, seed: int, counts: Counter[str]) -> Mutant | None:
    """The mutant of a seed; None: the verifier or a pass refuses it."""
    rng = random.Random(seed)
    prefix = f"{kind[0]}{seed}"
    original = program({prefix: KINDS[kind](rng.randrange(1 << 30), prefix)})
    for _ in range(100):
        module = parse_text(original, "mutant.goir")
        mutation = rng.choice(MUTATIONS)
        changed = mutation(Mutator(module, prefix + ".", rng))
        if changed is not None:
            break
    else:
        return None
    what = f"{mutation.__name__} of {changed}"
    try:
        errors = verify_module(module)
    except Exception as error:
        raise Problem(f"{prefix}: {what}: the verifier fails: {type(error).__name__}: {error}") from error
    if errors:
        counts["refused"] += 1
        for each in errors:
            if not each.line or not each.message:
                raise Problem(f"{prefix}: {what}: an error without a place: {each}")
        return None
    try:
        text = printed(module.clone(), prefix + ".")
        again = parse_text(program({prefix: text}), "mutant.goir")
    except Exception as error:
        raise Problem(f"{prefix}: {what}: is not read again: {type(error).__name__}: {str(error)[:300]}") from error
    outcome = ""
    try:
        if depends_on_schedule(again):
            outcome = "what it prints depends on the schedule"
            counts["depends on the schedule"] += 1
    except Signal as signal:
        outcome = f"{type(signal).__name__}: {signal}"
        counts[type(signal).__name__] += 1
    except Exception as error:
        raise Problem(
            f"{prefix}: {what}: the interpreter fails: {type(error).__name__}: {str(error)[-300:]}"
        ) from error
    try:
        llvm_text(again)
    except (LoweringError, ModuleError) as error:
        counts["refused by a pass"] += 1
        if (error.position if isinstance(error, LoweringError) else error.location) is not None:
            return None  # an analysis says where and why
        raise Problem(f"{prefix}: {what}: refused after the verifier: {error}") from error
    except Exception as error:
        raise Problem(f"{prefix}: {what}: a pass fails: {type(error).__name__}: {str(error)[:300]}") from error
    counts["taken"] += 1
    return Mutant(prefix, what, text, outcome)


def whole(mutants: Sequence[Mutant]) -> str:
    """A program that runs the mutants that run, and has the others where nobody calls them."""
    text = program({m.name: m.text for m in mutants})
    for m in mutants:
        if m.outcome:
            call = f"  go.call @{m.name}.main() : () -> ()"
            skip = f"  cf.cond_br %never, ^{m.name}, ^{m.name}x\n^{m.name}:\n{call}\n  cf.br ^{m.name}x\n^{m.name}x:"
            text = text.replace(call, skip)
    never = "  %np = go.global_addr @d.never : !go.ptr<i1>\n  %never = go.load %np : i1\n"
    return "go.global @d.never : i1\n" + text.replace("@goir.start() {\n", "@goir.start() {\n" + never)


def compare(mutants: Sequence[Mutant], levels: Sequence[int] = (0, 2)) -> list[str]:
    """Compiles mutants together and runs those that run; what is wrong with them."""
    module = parse_text(whole(mutants), "mutants.goir")
    wanted = Machine(module, FUEL * len(mutants)).run()
    text = llvm_text(module)
    for level in levels:
        try:
            status, lines = run(text, level)
            if status == 0 and in_order(lines) == in_order(wanted):
                continue
            what = f"-O{level}, exit status {status}, {difference(in_order(lines), in_order(wanted))}"
        except InternalCompilerError as error:
            what = f"-O{level}: {str(error)[:500]}"
        if len(mutants) > 1:
            # Together they may run in another order, which shows where two goroutines have become one another.
            return [line for m in mutants for line in compare([m], levels)]
        return [f"{mutants[0].name}: {mutants[0].what}: {what}"]
    return []


def search(seeds: Sequence[tuple[str, int]], pack: int, counts: Counter[str]) -> Iterator[str]:
    """What is wrong with the mutants of the seeds."""
    taken: list[Mutant] = []
    for i, (kind, seed) in enumerate(seeds):
        try:
            found = mutant(kind, seed, counts)
        except Problem as problem:
            counts["problems"] += 1
            yield str(problem)
            continue
        if found is not None:
            taken.append(found)
        if len(taken) == pack or (taken and i == len(seeds) - 1):
            yield from compare(taken)
            taken = []


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=500)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--pack", type=int, default=20)
    parser.add_argument("--kind", default="coro,go")
    options = parser.parse_args()
    started = time.time()
    counts: Counter[str] = Counter()
    failures = 0
    for kind in options.kind.split(","):
        seeds = [(kind, seed) for seed in range(options.first, options.first + options.seeds)]
        for line in search(seeds, options.pack, counts):
            failures += 1
            print(line, flush=True)
    print(f"{dict(counts)}, {failures} failures, {time.time() - started:.0f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
