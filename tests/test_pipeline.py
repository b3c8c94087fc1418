"""The pipeline takes modules of any level, and the same code comes out: go, coro and llvm level, each through its text."""

from __future__ import annotations

import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import Builtin, ModuleOp
from xdsl.dialects.cf import Cf
from xdsl.parser import Parser

from goir.dialects.coro import Coro
from goir.dialects.go import Go
from goir.dialects.llvm_ext import LLVM
from goir.dialects.verify import verify_module
from goir.lowering.emit_llvm import emit
from goir.lowering.passes import ALL_PASSES, PIPELINES
from goir.lowering.pipeline import Stage, lower_to, lower_to_llvm, pass_function

PROGRAM = """
go.type "main.I" = !go.interface<M : !go.func<(!go.int) -> (!go.int)>> display "main.I" in "main"
go.func private @main.f(%c : !go.chan<!go.int>) -> (!go.int, i1) {
  %v, %ok = go.recv %c : !go.chan<!go.int> -> !go.int, i1
  go.return %v, %ok : !go.int, i1
}
go.func private @main.g(%c : !go.chan<!go.int>, %i : !go.named<"main.I">, %x : !go.int) -> (!go.int) {
  %d = go.defers
  %r = go.alloc auto var "r" : !go.ptr<!go.int>
  go.protect ^body unwind ^panicking
^body:
  %k = go.closure @main.g.func1 captures(%c : !go.chan<!go.int>) : !go.func<() -> ()>
  go.defer once %d, %k
  %v, %ok = go.call @main.f(%c) : (!go.chan<!go.int>) -> (!go.int, i1)
  %y = go.div %v, %x : !go.int
  go.send %c, %y : !go.chan<!go.int>, !go.int
  %which, %got, %w = go.select (send %c, %x : !go.chan<!go.int>, !go.int) (recv %c : !go.chan<!go.int> -> !go.int)
  go.yield
  %b = go.bound_method %i M : !go.named<"main.I"> -> !go.func<(!go.int) -> (!go.int)>
  %z = go.call_closure %b(%w) : !go.func<(!go.int) -> (!go.int)>
  go.store %z, %r : !go.int
  go.go %k
  cf.br ^exit
^exit:
  %more, %f = go.defer_pop %d
  cf.cond_br %more, ^call, ^done
^call:
  go.call_closure %f() : !go.func<() -> ()>
  cf.br ^exit
^done:
  %result = go.load %r : !go.int
  go.return %result : !go.int
^panicking:
  go.panic_enter %d
  cf.br ^next
^next:
  %more1, %f1 = go.defer_pop %d
  cf.cond_br %more1, ^run, ^leave
^run:
  go.panic_call %d, %f1
  go.call_closure %f1() : !go.func<() -> ()>
  %rec = go.panic_done %d
  cf.cond_br %rec, ^exit, ^next
^leave:
  go.unwind
}
go.func private @main.g.func1() captures(%c : !go.chan<!go.int>) attributes {recovers} {
  %t = go.recover_token @main.g.func1
  %e = go.recover %t
  %one = go.constant 1 : !go.int
  go.send %c, %one : !go.chan<!go.int>, !go.int
  go.return
}
go.func @main.main() {
  %zero = go.zero : !go.named<"main.I">
  %one = go.constant 1 : !go.int
  %c = go.make_chan : !go.chan<!go.int>
  %r = go.call @main.g(%c, %zero, %one) : (!go.chan<!go.int>, !go.named<"main.I">, !go.int) -> !go.int
  go.return
}
go.func @goir.start() {
  go.call @main.main() : () -> ()
  go.return
}
"""


def parse(text: str) -> ModuleOp:
    ctx = Context()
    for dialect in (Builtin, Cf, Go, Coro, LLVM):
        ctx.load_dialect(dialect)
    return Parser(ctx, text).parse_module()


@pytest.fixture(scope="module")
def straight() -> str:
    module = parse(f"builtin.module {{{PROGRAM}}}")
    lower_to_llvm(module, verify=True)
    return emit(module)


@pytest.mark.parametrize("stage", ["go", "coro", "llvm"])
def test_levels(stage: Stage, straight: str) -> None:
    module = parse(f"builtin.module {{{PROGRAM}}}")
    lower_to(module, stage)
    again = parse(str(module))
    verify_module(again)
    lower_to_llvm(again, verify=True)
    assert emit(again) == straight


@pytest.mark.parametrize("name", PIPELINES["go-to-llvm-pipeline"])
def test_passes_change_nothing_twice(name: str) -> None:
    module = parse(f"builtin.module {{{PROGRAM}}}")
    for each in PIPELINES["go-to-llvm-pipeline"]:
        pass_function(each)(module)
        if each == name:
            break
    before = str(module)
    pass_function(name)(module)
    assert str(module) == before


def test_pass_classes() -> None:
    for name, load in ALL_PASSES.items():
        assert load().name == name
