"""Random modules do what the interpreter says they mean, compiled at -O0 and -O2 and after generic passes; damaged ones are
refused or mean what they say as well. `python tests/coro_oracle.py`, `tests/coro_mutants.py` do the same for many seeds;
a failure names the module, `c123` or `g123`, and so its seed.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest
from coro_modules import program
from coro_mutants import search
from coro_oracle import FUEL, KINDS, check, in_order, packs
from coro_pairs import ROUND, Pair, dealt
from xdsl.context import Context
from xdsl.transforms.canonicalize import CanonicalizePass
from xdsl.transforms.common_subexpression_elimination import CommonSubexpressionElimination
from xdsl.transforms.dead_code_elimination import DeadCodeElimination

from goir.build.ir_io import parse_text
from goir.dialects.verify import check_module
from goir.interp.machine import Machine
from goir.interp.values import Deadlock, OutOfFuel, Undefined, float_text
from goir.lowering.pipeline import lower_to_coro

PACK = 5
PARTS = 5
FEW = 5
MUTANTS = 10


def seeds_of(count: int, at: int = 0) -> range:
    """Seeds, of which the first one has the `at`th pairs of ops; the same ones in every run, so that a failure is due to
    the change at hand. GOIR_TEST_SEED takes others."""
    first = int(os.environ.get("GOIR_TEST_SEED", "10000")) * ROUND + at
    return range(first, first + count)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("kind", KINDS)
def test_compiled(kind: str, part: int) -> None:
    """The parts together have all pairs of adjacent ops."""
    seeds = seeds_of(PACK, part * PACK)
    (pack,) = packs(kind, seeds, PACK)
    seen: set[Pair] = set()
    check(pack, verify=part == 0, seen=seen)
    assert PACK * PARTS == ROUND
    assert {pair for seed in seeds for pair in dealt(kind, seed)} <= seen


@pytest.mark.parametrize("kind", KINDS)
def test_mutants(kind: str) -> None:
    counts: Counter[str] = Counter()
    assert list(search([(kind, seed) for seed in seeds_of(MUTANTS)], MUTANTS, counts)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_generic_passes(kind: str) -> None:
    """Passes that know nothing of coroutines do not change what a module does, and leave it valid."""
    (pack,) = packs(kind, seeds_of(FEW), FEW)
    wanted = in_order(Machine(parse_text(program(pack), "random.goir"), FUEL).run())
    module = parse_text(program(pack), "random.goir")
    for each in (CanonicalizePass(), CommonSubexpressionElimination(), DeadCodeElimination()):
        each.apply(Context(), module)
        check_module(module)
        assert in_order(Machine(module, FUEL).run()) == wanted, each.name


def test_awaits_are_lowered_to_what_they_mean() -> None:
    (pack,) = packs("coro", seeds_of(FEW), FEW)
    module = parse_text(program(pack), "random.goir")
    wanted = Machine(module, FUEL).run()
    lower_to_coro(module)
    assert Machine(module, FUEL).run() == wanted


# main owns a coroutine whose callee is resumed inside of main, and so ends there, with its awaiter after it.
OWNER = """
coro.func @m.callee$coro() {
  coro.suspend @d.hook0() resume ^on
^on:
  coro.return
}
coro.func @m.awaiter$coro() {
  coro.await @m.callee$coro() : () -> ()
  coro.return
}
coro.func @m.panics$coro() {
  %one = go.constant 1 : !go.int
  %value = go.make_interface %one : !go.int -> !go.interface<>
  go.panic %value
}
go.func @m.main() {
  %slot = coro.slot : !coro.slot<()>
  %h = coro.start @m.awaiter$coro() into %slot : () into !coro.slot<()>
  %pending = coro.pending %h
  cf.cond_br %pending, ^finish, ^panic
^finish:
  go.call @d.drive() : () -> ()
  coro.destroy %h
  cf.br ^panic
^panic:
  %slot2 = coro.slot : !coro.slot<()>
  %h2 = coro.start @m.panics$coro() into %slot2 : () into !coro.slot<()>
  %panicked = coro.results %slot2 : !coro.slot<()> -> i1
  go.print newline(%panicked : i1)
  go.return
}
"""


def test_trace_after_an_owner_has_resumed() -> None:
    """The trace that a panic records does not go through coroutines that have ended on main's stack."""
    check({"m": OWNER})


HEAD = """
go.func @runtime.awaitHook(!go.unsafe_pointer, !go.unsafe_pointer) -> (i1)
go.func @m.hook(%h : !go.unsafe_pointer) -> (i1) {
  %true = go.constant true : i1
  go.return %true : i1
}
coro.func @m.c$coro() -> (!go.int) {
  coro.suspend @m.hook() resume ^on
^on:
  %x = go.constant 1 : !go.int
  coro.return %x : !go.int
}
go.func @goir.start() {
  %s = coro.slot : !coro.slot<(!go.int)>
  %h = coro.start @m.c$coro() into %s : () into !coro.slot<(!go.int)>
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("coro.destroy %h", "is destroyed, but it is suspended"),
        ("coro.resume %h\n coro.resume %h", "is resumed, but it is finished"),
        ("coro.resume %h\n coro.destroy %h\n coro.destroy %h", "is destroyed, but it is gone"),
        ("coro.resume %h\n coro.destroy %h\n %d = coro.done %h", "coro.done of what neither"),
        ("%x, %p = coro.results %s : !coro.slot<(!go.int)> -> !go.int, i1", "has not finished"),
        ("go.unreachable", "go.unreachable is reached"),
    ],
)
def test_what_has_no_meaning(text: str, message: str) -> None:
    end = "" if text == "go.unreachable" else "go.return"
    with pytest.raises(Undefined, match=message):
        Machine(parse_text(f"{HEAD}{text}\n{end}\n}}", "x.goir")).run()


def test_what_does_not_end() -> None:
    with pytest.raises(Deadlock):
        Machine(parse_text(HEAD + "coro.park @runtime.awaitHook(%h : !coro.handle)\ngo.return\n}", "x.goir")).run()
    with pytest.raises(OutOfFuel):
        Machine(parse_text(HEAD + "cf.br ^loop\n^loop:\n  cf.br ^loop\n}", "x.goir"), 1000).run()


def test_floats_are_printed_as_go_does() -> None:
    numbers = [0.0, -0.0, 1.5, 1e6, 123456.789, 1234567.0, 1e-4, 1e-5, -0.1, 1.7e308, 100.0, float("-inf")]
    text = "0 -0 1.5 1e+06 123456.789 1.234567e+06 0.0001 1e-05 -0.1 1.7e+308 100 -Inf"
    assert " ".join(map(float_text, numbers)) == text
