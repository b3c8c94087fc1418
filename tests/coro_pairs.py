"""Pairs of adjacent ops: every op of random modules beside every other, dealt out over the modules of a run.

A pair is written by writing its second op, whose operands come first, and then the first one before it: neither needs a
value that the other makes. `deal(kind, seed)` says which pairs the module of a seed has; the modules of `ROUND` seeds in a
row have them all. They stand in functions that certainly run, so that a run of the interpreter sees them (`Machine.seen`).

What has one place in a function, by the dialects' rules, is in no pair: `go.defers`, `go.protect`, `go.recover_token` and
`go.panic_enter` begin something, `go.defer_pop`, `go.panic_call` and `go.panic_done` belong to the loops that run deferred
calls, `go.recover` needs a token; the random modules have fillers beside them.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Literal

from coro_functions import BITS, BOOL, FLOAT, INTS, SCALARS, STRING, STRUCT, Callee, Function

ROUND = 25
Kind = Literal["coro", "plain", "go"]
Pair = tuple[str, str]
INT = "!go.int"
UNARY = "!go.func<(!go.int) -> (!go.int)>"
STEPPER = '!go.named<"d.Stepper">'
QUICK = f"!coro.slot<({INT})>"

BINARY = ["add", "sub", "mul", "and", "or", "xor", "andnot", "min", "max"]
COMMON = [
    *(f"go.{name}" for name in BINARY), "go.neg", "go.com", "go.not", "go.shl", "go.shr", "go.cmp", "go.div", "go.rem",
    "go.convert", "go.constant", "go.string_const", "go.zero", "go.len", "go.struct", "go.extract", "go.insert",
    "go.alloc", "go.load", "go.store", "go.index_addr", "go.field_addr", "go.nil_check", "go.global_addr", "go.print",
    "go.call", "go.closure", "go.call_closure", "go.make_interface", "go.call_interface", "go.type_assert",
    "go.intrinsic", "go.concat",
]  # fmt: skip
HANDLES = [
    "coro.slot", "coro.start", "coro.start_closure", "coro.start_interface", "coro.pending", "coro.done", "coro.resume",
    "coro.destroy", "coro.results", "coro.await", "coro.await_closure", "coro.await_interface", "coro.spawn",
    "go.check_unwind",
]  # fmt: skip
BRANCHES = ["cf.br", "cf.cond_br"]
ENDS = ["coro.return", "coro.unwind", "go.panic"]
WAITS = ["go.yield", "go.park", "go.go", "go.defer"]
GO_ENDS = ["go.return", "go.panic"]


def _product(first: list[str], second: list[str]) -> list[Pair]:
    return [(a, b) for a in first for b in second]


PAIRS: dict[Kind, list[Pair]] = {
    "coro": _product([*COMMON, *HANDLES], [*COMMON, *HANDLES, *BRANCHES, "coro.suspend", *ENDS]),
    "plain": _product(["coro.park"], [*COMMON, *HANDLES, "coro.park", *BRANCHES, "go.return"])
    + _product([*COMMON, *HANDLES], ["coro.park"]),
    # A function with deferred calls returns where it has run them.
    "go": _product(WAITS, [*COMMON, *WAITS, *BRANCHES, "go.panic"])
    + _product([*COMMON, "go.yield", "go.park", "go.go"], ["go.return"])
    + _product(COMMON, [*WAITS, "go.panic"]),
}  # fmt: skip


def deal(kind: Kind, seed: int) -> list[Pair]:
    """The pairs that the module of a seed has."""
    pairs = list(PAIRS[kind])
    random.Random(7).shuffle(pairs)
    return pairs[seed % ROUND :: ROUND]


def dealt(level: str, seed: int) -> set[Pair]:
    """All pairs of a random module: of a coroutine and a plain function, or of one that waits."""
    kinds: list[Kind] = ["coro", "plain"] if level == "coro" else ["go"]
    return {pair for kind in kinds for pair in deal(kind, seed)}


class _Writer(Function):
    """Writes a function of pairs: `kind` is what `Function` knows, plus the coroutines it holds."""

    def __init__(self, rng: random.Random, prefix: str, callee: Callee, kind: str) -> None:
        super().__init__(rng, prefix, callee, kind, {"plain": []})
        self.may_raise = False
        self.steady: list[str] = []
        """Coroutines that are suspended, and that only this function knows."""

    # Operands ------------------------------------------------------------------------------------------------------

    def prepare(self, pairs: list[Pair]) -> None:
        """Makes what the ops of the pairs take."""
        for type in (INT, STRING, STRUCT, "!go.array<9 x !go.int>"):
            self.new(f"!go.ptr<{type}>", f"go.alloc auto : !go.ptr<{type}>")
        names = [name for pair in pairs for name in pair]
        if any(name in HANDLES for name in names):
            self.never = self.label()
            self.tail += [f"{self.never}:", "  coro.unwind" if self.kind == "coro" else "  go.return"]
            for _ in range(1 + names.count("coro.destroy")):
                self.start_steady()
            slot, handle = self.name(), self.name()
            self.emit(f"{slot} = coro.slot : {QUICK}")
            self.emit(f"{handle} = coro.start @d.quick$coro({self.value(INT)}) into {slot} : ({INT}) into {QUICK}")
            self.finished = slot
            out, panicked = self.name(), self.name()
            self.emit(f"{out}, {panicked} = coro.results {slot} : {QUICK} -> {INT}, i1")
            self.panicked = panicked

    def start_steady(self) -> None:
        slot, handle, pending, then = self.name(), self.name(), self.name(), self.label()
        self.emit(f"{slot} = coro.slot : {QUICK}")
        self.emit(f"{handle} = coro.start @d.steady$coro({self.value(INT)}) into {slot} : ({INT}) into {QUICK}")
        self.emit(f"{pending} = coro.pending {handle}")
        self.emit(f"cf.cond_br {pending}, {then}, {self.never}")
        self.begin(then)
        self.steady.append(handle)

    def closure_value(self, *functions: str) -> str:
        return self.new(UNARY, f"go.closure @{self.rng.choice(functions)} : {UNARY}")

    def stepper(self, *types: str) -> str:
        """A value of an interface that holds one of the types: "quick" finishes at once, "later" waits."""
        match self.rng.choice(types):
            case "later":
                source = '!go.ptr<!go.named<"d.Later">>'
                value = self.new("", f"go.alloc auto : {source}")
            case _:
                source = '!go.named<"d.Quick">'
                value = self.new("", f"go.convert {self.value(INT)} : {INT} -> {source}")
                if self.rng.random() < 0.5:
                    at = self.new("", f"go.alloc auto : !go.ptr<{source}>")
                    self.emit(f"go.store {value}, {at} : {source}")
                    value, source = at, f"!go.ptr<{source}>"
        return self.new("", f"go.make_interface {value} : {source} -> {STEPPER}")

    # One op each, after its operands ---------------------------------------------------------------------------------

    def op(self, name: str) -> None:
        """Writes an op; it is the last line."""
        getattr(self, "_" + name.partition(".")[2], self.named)(name)

    def named(self, name: str) -> None:
        """An op of arithmetic."""
        type = self.rng.choice(INTS)
        self.new(type, f"{name} {self.value(type)}, {self.value(type)} : {type}")

    def _neg(self, name: str) -> None:
        type = self.rng.choice(INTS)
        self.new(type, f"{name} {self.value(type)} : {type}")

    _com = _neg

    def _not(self, name: str) -> None:
        self.not_()

    def _shl(self, name: str) -> None:
        type, count = self.rng.choice(INTS), self.rng.choice(["!go.uint8", "!go.uint64"])
        self.new(type, f"{name} {self.value(type)}, {self.value(count)} : {type}, {count}")

    _shr = _shl

    def _cmp(self, name: str) -> None:
        self.compare()

    def _div(self, name: str) -> None:
        type = self.rng.choice(INTS)
        dividend = self.value(type)
        divisor = self.new(type, f"go.constant {self.rng.choice([1, 2, 3, 10, 100])} : {type}")
        self.new(type, f"{name} {dividend}, {divisor} : {type}")

    _rem = _div

    def _convert(self, name: str) -> None:
        source = self.rng.choice(INTS)
        target = self.rng.choice([t for t in [*INTS, FLOAT] if t != source])
        self.new(target, f"{name} {self.value(source)} : {source} -> {target}")

    def _constant(self, name: str) -> None:
        self.constant(self.rng.choice([*BITS, FLOAT, BOOL]))

    def _string_const(self, name: str) -> None:
        self.constant(STRING)

    def _zero(self, name: str) -> None:
        self.zero()

    def _len(self, name: str) -> None:
        self.length()

    def _struct(self, name: str) -> None:
        self.struct()

    def _extract(self, name: str) -> None:
        self.extract()

    def _insert(self, name: str) -> None:
        self.insert()

    def _alloc(self, name: str) -> None:
        self.alloc()

    def _load(self, name: str) -> None:
        self.load()

    def _store(self, name: str) -> None:
        self.store()

    def _index_addr(self, name: str) -> None:
        self.index_addr()

    def _field_addr(self, name: str) -> None:
        self.field_addr()

    def _nil_check(self, name: str) -> None:
        self.nil_check()

    def _global_addr(self, name: str) -> None:
        # Goroutines share it in no order: its value would show.
        place = "d.unused" if self.callee.tagged else "d.shared"
        self.new("!go.ptr<!go.int>" if not self.callee.tagged else "", f"go.global_addr @{place} : !go.ptr<!go.int>")

    def _print(self, name: str) -> None:
        self.print()

    def _call(self, name: str) -> None:
        self.new(INT, f"go.call @d.plus({self.value(INT)}, {self.value(INT)}) : ({INT}, {INT}) -> {INT}")

    def _closure(self, name: str) -> None:
        self.closure_value("d.next", "d.later")

    def _call_closure(self, name: str) -> None:
        f = self.closure_value("d.next")
        self.new(INT, f"go.call_closure {f}({self.value(INT)}) : {UNARY}")

    def _make_interface(self, name: str) -> None:
        type = self.rng.choice(SCALARS)
        self.new("!go.interface<>", f"go.make_interface {self.value(type)} : {type} -> !go.interface<>")

    def _call_interface(self, name: str) -> None:
        self.new(INT, f"{name} {self.stepper('quick')} Step({self.value(INT)}) : {STEPPER}, ({INT}) -> {INT}")

    def _type_assert(self, name: str) -> None:
        found = self.known("!go.interface<>")
        if found is None:
            self._make_interface(name)
            found = self.known("!go.interface<>")
        assert found is not None
        target, out, ok = self.rng.choice(SCALARS), self.name(), self.name()
        self.emit(f"{out}, {ok} = go.type_assert {found[0]} : !go.interface<> -> {target}, i1")
        self.scope.add(target, out)
        self.scope.add(BOOL, ok)

    def _intrinsic(self, name: str) -> None:
        counter = self.new("", f"go.alloc auto : !go.ptr<{INT}>")
        self.new(INT, f'go.intrinsic "xadd64"({counter}, {self.value(INT)}) : (!go.ptr<{INT}>, {INT}) -> {INT}')

    def _concat(self, name: str) -> None:
        self.new("", f"go.concat {self.value(STRING)}, {self.value(STRING)} : {STRING}")

    def _check_unwind(self, name: str) -> None:
        self.emit(f"go.check_unwind {self.panicked}")

    # Coroutines ------------------------------------------------------------------------------------------------------

    def _slot(self, name: str) -> None:
        self.new("", f"coro.slot : {QUICK}")

    def _start(self, name: str) -> None:
        slot, value = self.new("", f"coro.slot : {QUICK}"), self.value(INT)
        self.new("", f"coro.start @d.quick$coro({value}) into {slot} : ({INT}) into {QUICK}")

    def _start_closure(self, name: str) -> None:
        f, slot, value = self.closure_value("d.next"), self.new("", f"coro.slot : {QUICK}"), self.value(INT)
        self.new("", f"coro.start_closure {f}({value}) into {slot} : {UNARY}, ({INT}) into {QUICK}")

    def _start_interface(self, name: str) -> None:
        stepper, slot, value = self.stepper("quick"), self.new("", f"coro.slot : {QUICK}"), self.value(INT)
        self.new("", f"{name} {stepper} Step({value}) into {slot} : {STEPPER}, ({INT}) into {QUICK}")

    def _pending(self, name: str) -> None:
        self.new(BOOL, f"coro.pending {self.steady[0]}")

    def _done(self, name: str) -> None:
        self.new(BOOL, f"coro.done {self.steady[0]}")

    def _resume(self, name: str) -> None:
        self.emit(f"coro.resume {self.steady[0]}")

    def _destroy(self, name: str) -> None:
        self.emit(f"coro.destroy {self.steady.pop()}")

    def _results(self, name: str) -> None:
        out, panicked = self.name(), self.name()
        self.emit(f"{out}, {panicked} = coro.results {self.finished} : {QUICK} -> {INT}, i1")
        self.scope.add(INT, out)
        self.scope.add(BOOL, panicked)

    def _await(self, name: str) -> None:
        # Nobody resumes what a plain function waits for here: the driver runs on the same thread.
        callee = self.rng.choice(["quick", "later"]) if self.kind == "coro" else "quick"
        self.new(INT, f"coro.await @d.{callee}$coro({self.value(INT)}) : ({INT}) -> {INT}")

    def _await_closure(self, name: str) -> None:
        f = self.closure_value("d.next", "d.later") if self.kind == "coro" else self.closure_value("d.next")
        self.new(INT, f"coro.await_closure {f}({self.value(INT)}) : {UNARY}")

    def _await_interface(self, name: str) -> None:
        stepper = self.stepper("quick", "later") if self.kind == "coro" else self.stepper("quick")
        self.new(INT, f"{name} {stepper} Step({self.value(INT)}) : {STEPPER}, ({INT}) -> {INT}")

    def _nothing(self) -> str:
        return self.new("", "go.closure @d.nothing : !go.func<() -> ()>")

    def _spawn(self, name: str) -> None:
        self.emit(f"coro.spawn {self._nothing()} : !go.func<() -> ()>")

    def _park(self, name: str) -> None:
        if self.waits:
            self.park()
        else:
            self.emit(f"coro.park @d.declines({self.value(INT)} : {INT})")

    def _yield(self, name: str) -> None:
        self.yield_()

    def _go(self, name: str) -> None:
        self.emit(f"go.go {self._nothing()}")

    def _defer(self, name: str) -> None:
        self.emit(f"go.defer %defers, {self._nothing()}")

    # Terminators -------------------------------------------------------------------------------------------------------

    def branch(self, name: str) -> str:
        """Ends the block; the label of the next one."""
        label = self.label()
        match name:
            case "cf.br":
                self.emit(f"cf.br {label}")
            case "cf.cond_br":
                other = self.label()
                self.emit(f"cf.cond_br {self.value(BOOL)}, {label}, {other}")
                self.tail += [f"{other}:", f"  cf.br {label}"]
            case _:
                self.emit(self.suspend_to(label))
        return label

    def finish_with(self, name: str) -> None:
        match name:
            case "coro.return" | "go.return" if not self.deferring:
                self.emit(self.leave())
            case "go.return":
                self.emit("cf.br ^exit")
            case "coro.unwind":
                self.emit(name)
            case _:
                self._make_interface(name)
                value = self.scope.values["!go.interface<>"][-1]
                self.emit(f"go.panic {value}")

    # Pairs ---------------------------------------------------------------------------------------------------------------

    def written(self, write: Callable[[], object]) -> list[str]:
        """What `write` writes, taken away again."""
        lines, self.lines = self.lines, []
        write()
        lines, self.lines = self.lines, lines
        return lines

    def pair(self, first: str, second: str) -> None:
        before = self.scope.copy()
        label = ""
        if second in (*BRANCHES, "coro.suspend"):
            labels: list[str] = []
            after = self.written(lambda: labels.append(self.branch(second)))
            label = labels[0]
        elif second in (*ENDS, *GO_ENDS):
            after = self.written(lambda: self.finish_with(second))
        else:
            after = self.written(lambda: self.op(second))
        late, self.scope = self.scope, before
        self.lines += after[:-1]
        self.lines += self.written(lambda: self.op(first))
        self.lines.append(after[-1])
        for type, names in late.values.items():
            known = self.scope.values.setdefault(type, [])
            known += [name for name in names if name not in known]
        if label:
            self.begin(label)

    def function(self, pairs: list[Pair], end: Pair | None) -> str:
        """The text of the function: pairs, and how it ends."""
        self.scope.add(INT, "%gid") if self.callee.tagged else None
        self.prepare([*pairs, end] if end is not None else pairs)
        for pair in pairs:
            self.pair(*pair)
        for handle in self.steady[1:] if end is None else []:
            self.emit(f"coro.destroy {handle}")
        if end is not None:
            self.pair(*end)
        elif self.deferring:
            self.emit("cf.br ^exit")
        else:
            self.emit(self.leave())
        params = ", ".join(f"%gid : {t}" for t in self.callee.params)
        keyword, suffix = ("coro.func", "$coro") if self.kind == "coro" else ("go.func", "")
        return "\n".join([f"{keyword} @{self.callee.name}{suffix}({params}) {{", *self.lines, *self.tail, "}"])


def functions(kind: Kind, seed: int, prefix: str) -> tuple[list[str], list[Callee]]:
    """The functions that hold a seed's pairs, as text, and what calls them: each is to run once."""
    rng = random.Random(seed)
    pairs = deal(kind, seed)
    ends = [pair for pair in pairs if pair[1] in (*ENDS, *GO_ENDS)]
    others = [pair for pair in pairs if pair not in ends]
    # Not all in one block with one scope: values live long otherwise.
    groups: list[tuple[list[Pair], Pair | None]] = [(others[i : i + 8], None) for i in range(0, len(others), 8)]
    groups += [([], end) for end in ends]
    texts: list[str] = []
    callees: list[Callee] = []
    for number, (group, end) in enumerate(groups):
        callee = Callee(f"{prefix}.pairs{kind}{number}", [INT] if kind == "go" else [], [], kind == "go")
        writer = _Writer(rng, prefix, callee, kind)
        if any("go.defer" in pair for pair in [*group, *([end] if end is not None else [])]):
            writer.deferring = True
            writer.entry_of_deferring()
        texts.append(writer.function(group, end))
        callees.append(callee)
    return texts, callees
