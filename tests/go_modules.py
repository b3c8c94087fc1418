"""Random valid modules on the level that irgen makes: functions that wait, goroutines, deferred calls, panics."""

from __future__ import annotations

import random

import coro_pairs
from coro_functions import Callee, Function, signature

GOROUTINE = """
go.func @{p}.finish() captures(%gid : !go.int) attributes {{recovers}} {{
  %token = go.recover_token @{p}.finish
  %value = go.recover %token
  %number, %ok = go.type_assert %value : !go.interface<> -> !go.int, i1
  go.print newline(%gid, %number, %ok : !go.int, !go.int, i1)
  %done = go.global_addr @d.done : !go.ptr<!go.int>
  %one = go.constant 1 : !go.int
  %n = go.intrinsic "xadd64"(%done, %one) : (!go.ptr<!go.int>, !go.int) -> !go.int
  go.return
}}
"""


def go_module(seed: int, prefix: str = "m") -> str:
    """The ops of a module on the level that irgen makes; `@<prefix>.main` runs it."""
    rng = random.Random(seed)
    callees: dict[str, list[Callee]] = {"plain": [], "coro": [], "mute": [], "go": [], "deferred": []}
    text: list[str] = [GOROUTINE.format(p=prefix)]
    for kind, count in (("plain", 2), ("deferred", 2), ("go", 4)):
        for i in range(rng.randrange(1, count + 1)):
            callee = signature(rng, f"{prefix}.{kind}{i}", 1 if kind == "deferred" else 4)
            callee.params.insert(0, "!go.int")
            callee.tagged = True
            text.append(Function(rng, prefix, callee, kind, callees).text())
            callees[kind] = [*callees[kind], callee]
    texts, paired = coro_pairs.functions("go", seed, prefix)
    text += texts
    entries: list[str] = []
    for i in range(rng.randrange(1, 4)):
        entries.append(f"{prefix}.entry{i}")
        text.append(_entry(rng, prefix, entries[-1], callees, entries[:-1]))
    alone: list[str] = []
    for callee in paired:
        alone.append(f"{callee.name}.entry")
        text.append(_entry(rng, prefix, alone[-1], {**callees, "go": [callee]}, []))
    text.append(_main(rng, prefix, callees, entries, alone))
    return "\n".join(text)


def _entry(rng: random.Random, prefix: str, name: str, callees: dict[str, list[Callee]], others: list[str]) -> str:
    """A goroutine: it calls functions that wait, survives their panics, and says when it is done."""
    f = Function(rng, prefix, Callee(name, ["!go.int"], [], True), "go", callees)
    f.scope.add("!go.int", "%gid")
    f.deferring = True
    f.entry_of_deferring()
    f.emit(f"%finish = go.closure @{prefix}.finish captures(%gid : !go.int) : !go.func<() -> ()>")
    f.emit("go.defer %defers, %finish")
    if others and rng.random() < 0.5:
        # One more goroutine, whose number nobody else has.
        f.emit("%eight = go.constant 8 : !go.int")
        f.emit("%child = go.add %gid, %eight : !go.int")
        f.emit(f"%new = go.closure @{rng.choice(others)} captures(%child : !go.int) : !go.func<() -> ()>")
        f.emit("%running = go.global_addr @d.running : !go.ptr<!go.int>")
        f.emit("%one = go.constant 1 : !go.int")
        f.emit('%n = go.intrinsic "xadd64"(%running, %one) : (!go.ptr<!go.int>, !go.int) -> !go.int')
        f.emit("go.go %new")
    for _ in range(rng.randrange(1, 3)):
        f.call_waiting()
    f.return_()
    return "\n".join([f"go.func @{name}() captures(%gid : !go.int) {{", *f.lines, *f.tail, "}"])


def _main(
    rng: random.Random, prefix: str, callees: dict[str, list[Callee]], entries: list[str], alone: list[str]
) -> str:
    """Starts goroutines, does the same itself, and waits for them. Of `alone` each runs in a goroutine of its own."""
    f = Function(rng, prefix, Callee(f"{prefix}.main", [], []), "go", callees)
    count = rng.randrange(1, 7)
    for name, type, value in (
        ("budgets", "!go.array<64 x !go.int>", "go.zero"),
        ("running", "!go.int", f"go.constant {count + len(alone)}"),
        ("done", "!go.int", "go.constant 0"),
    ):
        f.emit(f"%new{name} = {value} : {type}")
        f.emit(f"%{name} = go.global_addr @d.{name} : !go.ptr<{type}>")
        f.emit(f"go.store %new{name}, %{name} : {type}")
    chosen = [(i, rng.choice(entries)) for i in range(count)] + [(40 + i, name) for i, name in enumerate(alone)]
    for i, function in chosen:
        number, entry = f.name(), f.name()
        f.emit(f"{number} = go.constant {i} : !go.int")
        f.emit(f"{entry} = go.closure @{function} captures({number} : !go.int) : !go.func<() -> ()>")
        if i:
            f.emit(f"go.go {entry}")
        else:
            f.emit(f"go.call_closure {entry}() : !go.func<() -> ()>")
        if rng.random() < 0.3:
            f.yield_()
    lines = """  cf.br ^wait
^wait:
  go.yield
  %have = go.load %done : !go.int
  %want = go.load %running : !go.int
  %over = go.cmp ge %have, %want : !go.int
  cf.cond_br %over, ^end, ^wait
^end:
  go.return""".splitlines()
    return "\n".join([f"go.func @{prefix}.main() {{", *f.lines, *lines, "}"])
