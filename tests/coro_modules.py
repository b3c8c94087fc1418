"""Random valid modules of the go and coro dialects, which print what they do.

`coro_module(seed)` is on the level of coroutines: they are started, awaited, resumed and destroyed by hand, their hooks
put handles into a ring, from which the module's driver takes them. `go_module(seed)` (go_modules.py) is on the level that
irgen makes: plain functions that wait (`go.park`, `go.yield`), goroutines, deferred calls, panics, which the passes
turn into coroutines. Every module has some of all pairs of adjacent ops, too (coro_pairs.py).
"""

from __future__ import annotations

import random
from pathlib import Path

import coro_pairs
from coro_functions import Callee, Function, Open, Scope, signature

HELPERS = (Path(__file__).parent / "coro_helpers.goir").read_text()


def coro_module(seed: int, prefix: str = "m") -> str:
    """The ops of a module on the level of coroutines; `@<prefix>.main` runs it."""
    rng = random.Random(seed)
    callees: dict[str, list[Callee]] = {"plain": [], "coro": [], "mute": [], "go": []}
    text: list[str] = []
    for kind, count in (("plain", 2), ("mute", 2), ("coro", 4)):
        for i in range(rng.randrange(1, count + 1)):
            callee = signature(rng, f"{prefix}.{kind}{i}")
            text.append(Function(rng, prefix, callee, kind, callees).text())
            callees[kind] = [*callees[kind], callee]
    roots: list[Callee] = []
    for i in range(rng.randrange(3)):
        callee = signature(rng, f"{prefix}.root{i}")
        callee.params.insert(0, "!go.int")
        text.append(Function(rng, prefix, callee, "root", callees).text())
        roots.append(callee)
    coroutines, waiting = coro_pairs.functions("coro", seed, prefix)
    plain, called = coro_pairs.functions("plain", seed, prefix)
    text += [*coroutines, *plain, _driver(rng, prefix, callees, roots, waiting, called)]
    return "\n".join(text)


def _reset(f: Function, rng: random.Random) -> None:
    """Begins a module's main."""
    for name, type, value in (
        ("budget", "!go.int", f"go.constant {rng.choice([10, 30, 60])}"),
        ("shared", "!go.int", "go.constant 5"),
        ("gone", "!go.array<16 x i1>", "go.zero"),
    ):
        new, at = f.name(), f.name()
        f.emit(f"{new} = {value} : {type}")
        f.emit(f"{at} = go.global_addr @d.{name} : !go.ptr<{type}>")
        f.emit(f"go.store {new}, {at} : {type}")


def _driver(
    rng: random.Random,
    prefix: str,
    callees: dict[str, list[Callee]],
    roots: list[Callee],
    waiting: list[Callee],
    called: list[Callee],
) -> str:
    """Starts coroutines, resumes and destroys until nobody is left, and shows the results. All of `waiting` are started,
    all of `called` are called."""
    f = Function(rng, prefix, Callee(f"{prefix}.main", [], []), "plain", callees)
    _reset(f, rng)
    started: list[tuple[int, Open]] = []
    chosen = [(-1, c) for c in rng.choices(callees["coro"], k=rng.randrange(1, 4))] + list(enumerate(roots))
    chosen += [(-1, c) for c in waiting]
    rng.shuffle(chosen)
    for index, callee in chosen:
        scope, f.scope = f.scope, f.scope.copy()
        if index >= 0:
            f.scope = Scope()
            number = f.new("!go.int", f"go.constant {index} : !go.int")
            rest, callee = callee.params[1:], callee
            texts = ", ".join([number, *(f.value(t) for t in rest)])
            slot, handle = f.name(), f.name()
            type = f"!coro.slot<({', '.join(callee.results)})>"
            f.emit(f"{slot} = coro.slot : {type}")
            types = ", ".join(callee.params)
            f.emit(f"{handle} = coro.start @{callee.name}$coro({texts}) into {slot} : ({types}) into {type}")
            started.append((index, Open(handle, slot, callee.results)))
        else:
            started.append((index, f.slot_and_start(callee)))
        f.scope = scope
        if rng.random() < 0.3:
            f.emit("go.call @d.drive() : () -> ()")
    f.emit("go.call @d.drive() : () -> ()")
    for callee in called:
        f.emit(f"go.call @{callee.name}() : () -> ()")
    for index, opened in started:
        after = f.label()
        f.guard(f"coro.pending {opened.handle}", after)
        if index >= 0:
            gone = f.name()
            f.emit(f"{gone} = go.constant {index} : !go.int")
            array, at, flag = f.name(), f.name(), f.name()
            f.emit(f"{array} = go.global_addr @d.gone : !go.ptr<!go.array<16 x i1>>")
            f.emit(
                f"{at} = go.index_addr inbounds {array}[{gone}] : !go.ptr<!go.array<16 x i1>>, !go.int -> !go.ptr<i1>"
            )
            f.emit(f"{flag} = go.load {at} : i1")
            still = f.label()
            f.emit(f"cf.cond_br {flag}, {after}, {still}")
            f.begin(still)
        f.emit(f"coro.destroy {opened.handle}")
        f.emit(f"cf.br {after}")
        f.begin(after)
        f.results(opened, check=False)
    f.emit("go.return")
    return "\n".join([f"go.func @{prefix}.main() {{", *f.lines, "}"])


def program(modules: dict[str, str]) -> str:
    """A program that runs modules (by prefix) one after the other."""
    calls: list[str] = []
    for prefix in modules:
        calls.append(f'  %{prefix} = go.string_const "module {prefix}" : !go.string')
        calls.append(f"  go.print newline(%{prefix} : !go.string)")
        calls.append(f"  go.call @{prefix}.main() : () -> ()")
    start = "\n".join(["go.func @goir.start() {", *calls, "  go.return", "}"])
    return "\n".join([HELPERS, *modules.values(), start]) + "\n"
