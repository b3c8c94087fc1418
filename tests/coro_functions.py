"""Random functions of the go and coro dialects, which print what they do (for coro_modules.py and go_modules.py).

A function is an arbitrary graph of blocks that pass a vector of values on; `tick` bounds how many of them run. In a
block stand single ops chosen at random on what is in scope, so that any op may follow any other.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

INTS = ["!go.int", "!go.int32", "!go.uint8", "!go.int16", "!go.uint64", "!go.int64", "!go.uint32", "!go.int8"]
FLOAT = "!go.float64"
STRING = "!go.string"
BOOL = "i1"
SCALARS = [*INTS, FLOAT, STRING, BOOL]
STRUCT = "!go.struct<a : !go.int32, b : !go.uint8, c : !go.string, d : !go.int>"
FIELDS = ["!go.int32", "!go.uint8", "!go.string", "!go.int"]
BITS = {"!go.int": 64, "!go.int32": 32, "!go.uint8": 8, "!go.int16": 16, "!go.uint64": 64, "!go.int64": 64,
        "!go.uint32": 32, "!go.int8": 8}  # fmt: skip
HANDLE = "!coro.handle"
RAW = "!go.unsafe_pointer"
HOOKS: dict[str, list[str]] = {
    "hook": ["!go.int"], "hook0": [], "hook2": ["!go.int32", STRING], "hookp": ["!go.ptr<!go.int>"],
}  # fmt: skip


@dataclass
class Callee:
    """A function that others may call."""

    name: str
    params: list[str]
    results: list[str]
    tagged: bool = False
    """The first parameter is the number of the goroutine, with which every printed line begins: goroutines are not in any
    order, but each does what it does."""


@dataclass
class Open:
    """A coroutine that has been started, and is still to be awaited."""

    handle: str
    slot: str
    results: list[str]


@dataclass
class Scope:
    """The values that may be used."""

    values: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def copy(self) -> Scope:
        return Scope({t: list(names) for t, names in self.values.items()})

    def add(self, type: str, name: str) -> str:
        self.values.setdefault(type, []).append(name)
        return name


class Function:
    """Writes one function. `kind`: "plain"; "coro"; "mute": a coroutine that its starter resumes and destroys; "root": one
    that the driver does; "go": a function of the go level that waits."""

    def __init__(self, rng: random.Random, prefix: str, callee: Callee, kind: str, callees: dict[str, list[Callee]]):
        self.rng = rng
        self.prefix = prefix
        self.callee = callee
        self.kind = kind
        self.callees = callees
        self.lines: list[str] = []
        self.tail: list[str] = []
        """Blocks that come after the others."""
        self.names = 0
        self.scope: Scope = Scope()
        self.open: list[Open] = []
        self.at = ""
        self.waits = kind in ("go", "deferred")
        self.may_raise = self.waits or rng.random() < 0.3

    # Text ------------------------------------------------------------------------------------------------------------

    def name(self) -> str:
        self.names += 1
        return f"%v{self.names}"

    def label(self) -> str:
        self.names += 1
        return f"^b{self.names}"

    def emit(self, text: str) -> None:
        self.lines.append("  " + text)

    def begin(self, label: str, args: list[tuple[str, str]] | None = None) -> None:
        passed = f"({', '.join(f'{n} : {t}' for n, t in args)})" if args else ""
        self.lines.append(f"{label}{passed}:")

    def new(self, type: str, text: str) -> str:
        name = self.name()
        self.emit(f"{name} = {text}")
        return self.scope.add(type, name)

    # Values ----------------------------------------------------------------------------------------------------------

    def constant(self, type: str) -> str:
        rng = self.rng
        if type == STRING:
            return self.new(type, f'go.string_const "{rng.choice(["", "a", "long" * 5, "xyz"])}" : {type}')
        if type == BOOL:
            return self.new(type, f"go.constant {rng.choice(['true', 'false'])} : {type}")
        if type == FLOAT:
            return self.new(type, f"go.constant {rng.choice([0.0, 1.5, -3.25, 1e10, 0.1])} : {type}")
        if type == STRUCT:
            fields = [self.value(t) for t in FIELDS]
            return self.new(type, f"go.struct({', '.join(fields)}) : ({', '.join(FIELDS)}) -> {STRUCT}")
        if type in BITS:
            bits = BITS[type]
            value = rng.choice([0, 1, 2, 3, 7, rng.getrandbits(bits), -1])
            if not type.startswith("!go.uint"):
                value = (value + (1 << (bits - 1))) % (1 << bits) - (1 << (bits - 1))
            return self.new(type, f"go.constant {value % (1 << bits) if 'uint' in type else value} : {type}")
        return self.new(type, f"go.zero : {type}")

    def value(self, type: str) -> str:
        """A value of a type: one in scope, or a constant."""
        known = self.scope.values.get(type)
        if known and self.rng.random() < 0.9:
            return self.rng.choice(known[-12:]) if self.rng.random() < 0.7 else self.rng.choice(known)
        return self.constant(type)

    def known(self, *types: str) -> tuple[str, str] | None:
        """A value in scope of one of the types."""
        present = [t for t in types if self.scope.values.get(t)]
        if not present:
            return None
        type = self.rng.choice(present)
        return self.rng.choice(self.scope.values[type]), type

    def list(self, types: list[str]) -> tuple[str, str]:
        """Values of the types, and the types, both as text."""
        return ", ".join([self.value(t) for t in types]), ", ".join(types)

    def arguments(self, callee: Callee) -> tuple[str, str]:
        """The same for the parameters of a function."""
        values = [self.value(t) for t in callee.params]
        if callee.tagged:
            values[0] = "%gid"
        return ", ".join(values), ", ".join(callee.params)

    # Single ops ------------------------------------------------------------------------------------------------------

    def arithmetic(self) -> None:
        type = self.rng.choice(INTS)
        op = self.rng.choice(["add", "sub", "mul", "and", "or", "xor", "andnot", "min", "max"])
        self.new(type, f"go.{op} {self.value(type)}, {self.value(type)} : {type}")

    def floats(self) -> None:
        op = self.rng.choice(["add", "sub", "mul", "div"])
        self.new(FLOAT, f"go.{op} {self.value(FLOAT)}, {self.value(FLOAT)} : {FLOAT}")

    def unary(self) -> None:
        type = self.rng.choice(INTS)
        self.new(type, f"go.{self.rng.choice(['neg', 'com'])} {self.value(type)} : {type}")

    def not_(self) -> None:
        self.new(BOOL, f"go.not {self.value(BOOL)} : i1")

    def shift(self) -> None:
        type, count = self.rng.choice(INTS), self.rng.choice(["!go.uint8", "!go.uint64"])
        op = self.rng.choice(["shl", "shr"])
        self.new(type, f"go.{op} {self.value(type)}, {self.value(count)} : {type}, {count}")

    def compare(self) -> None:
        type = self.rng.choice([*INTS, FLOAT, STRING])
        predicate = self.rng.choice(["eq", "ne", "lt", "le", "gt", "ge"])
        self.new(BOOL, f"go.cmp {predicate} {self.value(type)}, {self.value(type)} : {type}")

    def divide(self) -> None:
        type = self.rng.choice(INTS)
        if self.may_raise and not self.open and self.rng.random() < 0.4:
            divisor = self.value(type)
        else:
            divisor = self.new(type, f"go.constant {self.rng.choice([1, 2, 3, 10, 100])} : {type}")
        self.new(type, f"go.{self.rng.choice(['div', 'rem'])} {self.value(type)}, {divisor} : {type}")

    def convert(self) -> None:
        source, target = self.rng.choice(INTS), self.rng.choice([*INTS, FLOAT])
        if source != target:
            self.new(target, f"go.convert {self.value(source)} : {source} -> {target}")

    def any_constant(self) -> None:
        self.constant(self.rng.choice([*SCALARS, STRUCT]))

    def zero(self) -> None:
        type = self.rng.choice([*SCALARS, STRUCT])
        self.new(type, f"go.zero : {type}")

    def length(self) -> None:
        self.new("!go.int", f"go.len {self.value(STRING)} : {STRING}")

    def struct(self) -> None:
        texts, types = self.list(FIELDS)
        self.new(STRUCT, f"go.struct({texts}) : ({types}) -> {STRUCT}")

    def extract(self) -> None:
        index = self.rng.randrange(4)
        self.new(FIELDS[index], f"go.extract {self.value(STRUCT)}[{index}] : {STRUCT} -> {FIELDS[index]}")

    def insert(self) -> None:
        index = self.rng.randrange(4)
        value = self.value(FIELDS[index])
        self.new(STRUCT, f"go.insert {value}, {self.value(STRUCT)}[{index}] : {FIELDS[index]}, {STRUCT}")

    def alloc(self) -> None:
        elem = self.rng.choice(
            ["!go.int", "!go.int", STRING, STRUCT, "!go.array<9 x !go.int>", "!go.array<100 x !go.int>"]
        )
        self.new(f"!go.ptr<{elem}>", f"go.alloc auto : !go.ptr<{elem}>")

    def load(self) -> None:
        found = self.known("!go.ptr<!go.int>", f"!go.ptr<{STRING}>", f"!go.ptr<{STRUCT}>", "!go.ptr<!go.int32>")
        if found is not None:
            elem = found[1].removeprefix("!go.ptr<")[:-1]
            self.new(elem, f"go.load {found[0]} : {elem}")

    def store(self) -> None:
        found = self.known("!go.ptr<!go.int>", f"!go.ptr<{STRING}>", f"!go.ptr<{STRUCT}>", "!go.ptr<!go.int32>")
        if found is not None:
            elem = found[1].removeprefix("!go.ptr<")[:-1]
            self.emit(f"go.store {self.value(elem)}, {found[0]} : {elem}")

    def index_addr(self) -> None:
        found = self.known("!go.ptr<!go.array<9 x !go.int>>", "!go.ptr<!go.array<100 x !go.int>>")
        if found is not None:
            if self.may_raise and not self.open and self.rng.random() < 0.2:
                index, how = self.value("!go.int"), ""
            else:
                index, how = self.new("!go.int", f"go.constant {self.rng.randrange(9)} : !go.int"), "inbounds "
            self.new(
                "!go.ptr<!go.int>", f"go.index_addr {how}{found[0]}[{index}] : {found[1]}, !go.int -> !go.ptr<!go.int>"
            )

    def field_addr(self) -> None:
        found = self.known(f"!go.ptr<{STRUCT}>")
        if found is not None:
            index = self.rng.choice([0, 3])
            self.new(
                f"!go.ptr<{FIELDS[index]}>",
                f"go.field_addr {found[0]}[{index}] : {found[1]} -> !go.ptr<{FIELDS[index]}>",
            )

    def nil_check(self) -> None:
        found = self.known("!go.ptr<!go.int>", f"!go.ptr<{STRUCT}>")
        if found is not None:
            self.new(found[1], f"go.nil_check {found[0]} : {found[1]}")

    def global_addr(self) -> None:
        self.new("!go.ptr<!go.int>", "go.global_addr @d.shared : !go.ptr<!go.int>")

    def print(self) -> None:
        types = [self.rng.choice(SCALARS) for _ in range(self.rng.randrange(1, 4))]
        texts, names = self.list(types)
        self.say(texts, names)

    def say(self, texts: str, types: str) -> None:
        """Prints values."""
        if self.callee.tagged:
            texts, types = f"%gid, {texts}", f"!go.int, {types}"
        self.emit(f"go.print newline({texts} : {types})")

    def show(self, values: list[str], types: list[str]) -> None:
        """Prints values of any type, a struct as its fields."""
        for value, type in zip(values, types, strict=True):
            if type == STRUCT:
                parts = [self.name() for _ in FIELDS]
                for i, (part, field_type) in enumerate(zip(parts, FIELDS, strict=True)):
                    self.emit(f"{part} = go.extract {value}[{i}] : {STRUCT} -> {field_type}")
                self.say(", ".join(parts), ", ".join(FIELDS))
            else:
                self.say(value, type)

    def call(self) -> None:
        if self.callees["plain"]:
            self.call_to(self.rng.choice(self.callees["plain"]), "go.call @{}")

    def call_to(self, callee: Callee, how: str) -> None:
        texts, types = self.arguments(callee)
        outs = [self.name() for _ in callee.results]
        left = f"{', '.join(outs)} = " if outs else ""
        results = callee.results[0] if len(callee.results) == 1 else f"({', '.join(callee.results)})"
        self.emit(f"{left}{how.format(callee.name)}({texts}) : ({types}) -> {results}")
        for out, type in zip(outs, callee.results, strict=True):
            self.scope.add(type, out)

    def closure(self) -> None:
        if self.callees["plain"]:
            callee = self.rng.choice(self.callees["plain"])
            self.closure_of(callee)

    def closure_of(self, callee: Callee) -> None:
        type = f"!go.func<({', '.join(callee.params)}) -> ({', '.join(callee.results)})>"
        f = self.new(type, f"go.closure @{callee.name} : {type}")
        self.filler()
        texts, _ = self.arguments(callee)
        outs = [self.name() for _ in callee.results]
        left = f"{', '.join(outs)} = " if outs else ""
        self.emit(f"{left}go.call_closure {f}({texts}) : {type}")
        for out, t in zip(outs, callee.results, strict=True):
            self.scope.add(t, out)

    def interface(self) -> None:
        source, target = self.rng.choice(SCALARS), self.rng.choice(SCALARS)
        boxed = self.new("!go.interface<>", f"go.make_interface {self.value(source)} : {source} -> !go.interface<>")
        self.filler()
        out, ok = self.name(), self.name()
        self.emit(f"{out}, {ok} = go.type_assert {boxed} : !go.interface<> -> {target}, i1")
        self.scope.add(target, out)
        self.scope.add(BOOL, ok)

    # Ops that wait, of coroutines --------------------------------------------------------------------------------------

    def suspend_to(self, resume: str) -> str:
        """The text of a suspension, and its destroy block."""
        if self.kind == "coro":
            hook = self.rng.choice(list(HOOKS))
            types = HOOKS[hook]
        else:
            hook, types = ("mute" if self.kind == "mute" else "dhook"), ["!go.int"]
        if hook == "hookp":
            found = self.known("!go.ptr<!go.int>")
            values = [
                found[0] if found is not None else self.new("!go.ptr<!go.int>", "go.alloc auto : !go.ptr<!go.int>")
            ]
        elif hook == "dhook":
            values = ["%index"]
        else:
            values = [self.value(t) for t in types]
        given = f"{', '.join(values)} : {', '.join(types)}" if values else ""
        destroy = ""
        if self.kind in ("mute", "root") or self.rng.random() < 0.2:
            label = self.label()
            args = [self.rng.choice(SCALARS) for _ in range(self.rng.randrange(3))]
            passed = [self.value(t) for t in args]
            destroy = f" destroy {label}" + (f"({', '.join(passed)} : {', '.join(args)})" if args else "")
            self.destroy_block(label, args)
        return f"coro.suspend @d.{hook}({given}) resume {resume}{destroy}"

    def destroy_block(self, label: str, types: list[str]) -> None:
        """A block that ends the coroutine; what it does shows."""
        lines, scope, rng = self.lines, self.scope.copy(), self.rng
        outer, self.scope, self.lines = self.scope, scope, []
        args = [(self.name(), t) for t in types]
        self.begin(label, args)
        for name, type in args:
            self.scope.add(type, name)
        raises, self.may_raise = self.may_raise, False
        for _ in range(rng.randrange(3)):
            rng.choice([self.arithmetic, self.print, self.load, self.store, self.call])()
        self.print()
        if rng.random() < 0.3:
            self.emit("coro.unwind")
        else:
            self.emit(self.leave())
        self.may_raise = raises
        self.tail += self.lines
        self.scope, self.lines = outer, lines

    def suspend(self) -> None:
        resume = self.label()
        types = [self.rng.choice(SCALARS) for _ in range(self.rng.randrange(3))]
        passed = [self.value(t) for t in types]
        text = self.suspend_to(resume + (f"({', '.join(passed)} : {', '.join(types)})" if types else ""))
        self.emit(text)
        args = [(self.name(), t) for t in types]
        self.begin(resume, args)
        for name, type in args:
            self.scope.add(type, name)

    def await_(self) -> None:
        if self.callees["coro"]:
            self.call_to(self.rng.choice(self.callees["coro"]), "coro.await @{}$coro")

    def slot_and_start(self, callee: Callee) -> Open:
        slot, handle = self.name(), self.name()
        type = f"!coro.slot<({', '.join(callee.results)})>"
        self.emit(f"{slot} = coro.slot : {type}")
        self.filler()
        texts, types = self.list(callee.params)
        self.emit(f"{handle} = coro.start @{callee.name}$coro({texts}) into {slot} : ({types}) into {type}")
        return Open(handle, slot, callee.results)

    def start(self) -> None:
        if self.callees["coro"] and len(self.open) < 3:
            self.open.append(self.slot_and_start(self.rng.choice(self.callees["coro"])))

    def wait(self) -> None:
        if self.open:
            self.finish(self.open.pop(self.rng.randrange(len(self.open))))

    def finish(self, opened: Open) -> None:
        """Waits for a started coroutine and takes its results."""
        wait, over, got = self.label(), self.label(), self.label()
        pending = self.name()
        self.emit(f"{pending} = coro.pending {opened.handle}")
        self.filler()
        self.emit(f"cf.cond_br {pending}, {wait}, {got}")
        self.begin(wait)
        self.filler()
        self.emit(f"coro.suspend @runtime.awaitHook({opened.handle} : {HANDLE}) resume {over}")
        self.begin(over)
        self.filler()
        self.emit(f"coro.destroy {opened.handle}")
        self.filler()
        self.emit(f"cf.br {got}")
        self.begin(got)
        self.filler()
        self.results(opened)

    def results(self, opened: Open, check: bool | None = None) -> None:
        outs, panicked = [self.name() for _ in opened.results], self.name()
        types = ", ".join([*opened.results, BOOL])
        slot = f"!coro.slot<({', '.join(opened.results)})>"
        self.emit(f"{', '.join([*outs, panicked])} = coro.results {opened.slot} : {slot} -> {types}")
        self.filler()
        if check if check is not None else not self.open and self.rng.random() < 0.7:
            self.emit(f"go.check_unwind {panicked}")
            for out, type in zip(outs, opened.results, strict=True):
                self.scope.add(type, out)
        else:
            fine, join = self.label(), self.label()
            self.emit(f"cf.cond_br {panicked}, {join}, {fine}")
            self.begin(fine)
            self.show(outs, opened.results)
            self.emit(f"cf.br {join}")
            self.begin(join)
            self.scope.add(BOOL, panicked)

    def generator(self) -> None:
        """Starts a coroutine, resumes it some times, and destroys it."""
        if not self.callees["mute"]:
            return
        opened = self.slot_and_start(self.rng.choice(self.callees["mute"]))
        handle, gone = opened.handle, self.label()
        self.guard(f"coro.pending {handle}", gone)
        for _ in range(self.rng.randrange(3)):
            done, more, after = self.name(), self.label(), self.label()
            self.emit(f"{done} = coro.done {handle}")
            self.filler()
            self.emit(f"cf.cond_br {done}, {after}, {more}")
            self.begin(more)
            self.filler()
            self.emit(f"coro.resume {handle}")
            self.filler()
            self.emit(f"cf.br {after}")
            self.begin(after)
            self.filler()
            if self.rng.random() < 0.4 and self.kind == "coro":
                scope, self.scope = self.scope, self.scope.copy()
                self.suspend()
                self.scope = scope
        self.emit(f"coro.destroy {handle}")
        self.filler()
        self.emit(f"cf.br {gone}")
        self.begin(gone)
        self.results(opened)

    def guard(self, test: str, otherwise: str) -> None:
        flag, then = self.name(), self.label()
        self.emit(f"{flag} = {test}")
        self.emit(f"cf.cond_br {flag}, {then}, {otherwise}")
        self.begin(then)

    # Ops that wait, of the go level ------------------------------------------------------------------------------------

    def yield_(self) -> None:
        self.emit("go.yield")

    def park(self) -> None:
        self.emit(f"go.park @d.yields({self.value('!go.int')} : !go.int)")

    def call_waiting(self) -> None:
        if self.callees["go"]:
            callee = self.rng.choice(self.callees["go"])
            if self.rng.random() < 0.6:
                self.call_to(callee, "go.call @{}")
            else:
                self.closure_of(callee)

    def panic(self) -> None:
        """Panics, sometimes."""
        bad, fine = self.label(), self.label()
        self.emit(f"cf.cond_br {self.value(BOOL)}, {bad}, {fine}")
        self.begin(bad)
        scope, self.scope = self.scope, self.scope.copy()
        boxed = self.new("!go.interface<>", f"go.make_interface {self.value('!go.int')} : !go.int -> !go.interface<>")
        self.emit(f"go.panic {boxed}")
        self.scope = scope
        self.begin(fine)

    def defer(self) -> None:
        if self.kind == "go" and self.deferring and self.callees["deferred"]:
            callee = self.rng.choice(self.callees["deferred"])
            texts, types = self.arguments(callee)
            f = self.name()
            self.emit(f"{f} = go.closure @{callee.name} captures({texts} : {types}) : !go.func<() -> ()>")
            self.emit(f"go.defer %defers, {f}")

    def recover(self) -> None:
        value, number, ok = self.name(), self.name(), self.name()
        self.emit(f"{value} = go.recover %token")
        self.emit(f"{number}, {ok} = go.type_assert {value} : !go.interface<> -> !go.int, i1")
        self.say(f"{number}, {ok}", "!go.int, i1")
        self.scope.add(BOOL, ok)

    deferring = False

    # Functions ---------------------------------------------------------------------------------------------------------

    def leave(self) -> str:
        """A return, with values in scope."""
        texts, types = self.list(self.callee.results)
        op = "go.return" if self.kind == "plain" or self.waits else "coro.return"
        return f"{op} {texts} : {types}" if texts else op

    def statements(self) -> list[tuple[int, Callable[[], None]]]:
        found: list[tuple[int, Callable[[], None]]] = [
            (3, self.arithmetic), (1, self.floats), (1, self.unary), (1, self.not_), (1, self.shift), (2, self.compare),
            (1, self.divide), (1, self.convert), (2, self.any_constant), (1, self.zero), (1, self.length),
            (1, self.struct), (1, self.extract), (1, self.insert), (1, self.alloc), (1, self.load), (1, self.store),
            (1, self.index_addr), (1, self.field_addr), (1, self.nil_check), (1, self.global_addr), (3, self.print),
            (2, self.call), (1, self.closure), (1, self.interface),
        ]  # fmt: skip
        if self.kind in ("coro", "mute", "root"):
            found += [(5, self.suspend), (1, self.generator)]
        if self.kind == "coro":
            found += [(4, self.await_), (3, self.start), (3, self.wait)]
        if self.callee.tagged:
            found.remove((1, self.global_addr))
        if self.waits:
            found += [(3, self.yield_), (3, self.park), (5, self.call_waiting), (1, self.panic), (2, self.defer)]
        return found

    def block(self, count: int) -> None:
        """Ops one after the other."""
        found = self.statements()
        # A panic must not leave a coroutine behind that finishes later: its slot would be gone.
        raising = (self.call, self.closure, self.await_, self.generator)
        safe = [(w, s) for w, s in found if s not in raising]
        for _ in range(count):
            chosen = safe if self.open else found
            self.rng.choices([s for _, s in chosen], [w for w, _ in chosen])[0]()

    def filler(self) -> None:
        """Something between ops that otherwise always follow one another."""
        if self.rng.random() < 0.15:
            scope, self.scope = self.scope, self.scope.copy()
            raises, self.may_raise = self.may_raise, False
            self.rng.choice([s for _, s in self.statements() if s in self.fillers()])()
            self.scope, self.may_raise = scope, raises

    def fillers(self) -> list[Callable[[], None]]:
        return [
            self.arithmetic, self.floats, self.unary, self.not_, self.shift, self.compare, self.divide, self.convert,
            self.any_constant, self.zero, self.length, self.struct, self.extract, self.insert, self.alloc, self.load,
            self.store, self.index_addr, self.field_addr, self.nil_check, self.global_addr, self.print,
        ]  # fmt: skip

    def go_to(self, label: str, types: list[str]) -> str:
        values = [self.value(t) for t in types]
        return label + (f"({', '.join(values)} : {', '.join(types)})" if types else "")

    def text(self) -> str:
        rng = self.rng
        params = [(f"%a{i}", t) for i, t in enumerate(self.callee.params)]
        if self.kind == "root":
            params[0] = ("%index", "!go.int")
        if self.callee.tagged:
            params[0] = ("%gid", "!go.int")
        recovers = self.kind == "deferred" and rng.random() < 0.5
        if recovers:
            self.emit(f"%token = go.recover_token @{self.callee.name}")
        for name, type in params:
            self.scope.add(type, name)
        state = [rng.choice(SCALARS) for _ in range(rng.randrange(1, 5))]
        labels = [self.label() for _ in range(rng.randrange(1, 6))]
        exit = self.label()
        self.deferring = self.kind == "go" and rng.random() < 0.4
        if self.deferring:
            self.entry_of_deferring()
        self.scope.values.setdefault("!go.int", [])
        for _ in range(rng.randrange(3)):
            self.alloc()
        self.block(rng.randrange(4))
        if recovers:
            self.recover()
        self.close()
        self.emit(f"cf.br {self.go_to(labels[0], state)}")
        entry = self.scope
        for label in labels:
            self.scope = entry.copy()
            args = [(self.name(), t) for t in state]
            self.begin(label, args)
            for name, type in args:
                self.scope.add(type, name)
            out, body = self.name(), self.label()
            if self.callee.tagged:
                self.emit(f"{out} = go.call @d.tick_of(%gid) : (!go.int) -> i1")
            else:
                self.emit(f"{out} = go.call @d.tick() : () -> i1")
            self.emit(f"cf.cond_br {out}, {exit}({', '.join(n for n, _ in args)} : {', '.join(state)}), {body}")
            self.begin(body)
            self.block(rng.randrange(1, 9))
            self.close()
            self.end(labels, exit, state)
        for _ in range(rng.choice([0, 0, 1, 2])):
            # Nothing branches here, but the passes see it.
            self.scope = entry.copy()
            self.begin(self.label())
            self.block(rng.randrange(4))
            self.close()
            self.end(labels, exit, state)
        self.scope = entry.copy()
        args = [(self.name(), t) for t in state]
        self.begin(exit, args)
        self.say(", ".join(n for n, _ in args), ", ".join(state))
        for name, type in args:
            self.scope.add(type, name)
        self.return_()
        head = ", ".join(f"{n} : {t}" for n, t in params)
        results = f" -> ({', '.join(self.callee.results)})" if self.callee.results else ""
        keyword, suffix = ("go.func", "") if self.kind == "plain" or self.waits else ("coro.func", "$coro")
        takes = f"() captures({head})" if self.kind == "deferred" else f"({head})"
        attributes = " attributes {recovers}" if recovers else ""
        if self.kind == "go" and rng.random() < 0.15:
            attributes = " attributes {parks}"
        text = [f"{keyword} @{self.callee.name}{suffix}{takes}{results}{attributes} {{", *self.lines, *self.tail, "}"]
        return "\n".join(text)

    def close(self) -> None:
        """Nobody may be left waiting at the end of a block."""
        while self.open:
            self.finish(self.open.pop())

    def return_(self) -> None:
        if not self.deferring:
            self.emit(self.leave())
            return
        for i, type in enumerate(self.callee.results):
            self.emit(f"go.store {self.value(type)}, %result{i} : {type}")
        self.emit("cf.br ^exit")

    def end(self, labels: list[str], exit: str, state: list[str]) -> None:
        """A terminator at random."""
        rng = self.rng
        match rng.randrange(10):
            case 0:
                self.return_()
            case 1 if self.kind in ("coro", "mute", "root") and self.may_raise:
                self.emit("coro.unwind")
            case 2 | 3 if self.kind in ("coro", "mute", "root"):
                self.emit(self.suspend_to(self.go_to(rng.choice([*labels, exit]), state)))
            case 4 | 5:
                self.emit(f"cf.br {self.go_to(rng.choice([*labels, exit]), state)}")
            case _:
                then, other = rng.choice([*labels, exit]), rng.choice(labels)
                condition = self.value(BOOL)
                self.emit(f"cf.cond_br {condition}, {self.go_to(then, state)}, {self.go_to(other, state)}")

    def entry_of_deferring(self) -> None:
        """What a function with deferred calls begins and ends with (docs/dialect-go.md)."""
        self.emit("%defers = go.defers")
        for i, type in enumerate(self.callee.results):
            self.emit(f"%result{i} = go.alloc auto : !go.ptr<{type}>")
        self.emit("go.protect ^body unwind ^panicking")
        self.begin("^body")
        loads = [f"  %loaded{i} = go.load %result{i} : {t}" for i, t in enumerate(self.callee.results)]
        names = ", ".join(f"%loaded{i}" for i in range(len(loads)))
        leave = f"  go.return {names} : {', '.join(self.callee.results)}" if loads else "  go.return"
        self.tail += f"""^exit:
  %ok, %f = go.defer_pop %defers
  cf.cond_br %ok, ^call, ^done
^call:
  go.call_closure %f() : !go.func<() -> ()>
  cf.br ^exit
^done:
{chr(10).join(loads)}
{leave}
^panicking:
  go.panic_enter %defers
  cf.br ^next
^next:
  %ok2, %f2 = go.defer_pop %defers
  cf.cond_br %ok2, ^run, ^leave
^run:
  go.panic_call %defers, %f2
  go.call_closure %f2() : !go.func<() -> ()>
  %recovered = go.panic_done %defers
  cf.cond_br %recovered, ^exit, ^next
^leave:
  go.unwind""".splitlines()


def signature(rng: random.Random, name: str, results: int = 4) -> Callee:
    params = [rng.choice(SCALARS) for _ in range(rng.randrange(4))]
    return Callee(name, params, [rng.choice([*SCALARS, STRUCT]) for _ in range(rng.randrange(results))])
