"""coro-to-llvm's output runs: coroutines as go-to-llvm leaves them, lowered, compiled at -O0 and -O2 and driven.

The runtime's part (frames, hooks, a driver) is the one of tests/ll/coro_form.ll, and so are the expected results.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from test_coro_form import EXPECTED, RUNNER
from xdsl.context import Context
from xdsl.dialects.builtin import Builtin, ModuleOp
from xdsl.dialects.cf import Cf
from xdsl.parser import Parser

from goir.dialects.coro import Coro
from goir.dialects.go import Go
from goir.dialects.llvm_ext import LLVM
from goir.lowering.coro_to_llvm import coro_to_llvm
from goir.lowering.emit_llvm import emit
from goir.lowering.verify_llvm_coro import verify_llvm_coro

HEAD = """
llvm.func swiftcc @test.hook(i64, !llvm.ptr, !llvm.ptr, !llvm.ptr {llvm.nest}) -> i1
llvm.mlir.global external @seen() : i64
"""

# f(n, arg): n == 0: suspends by test.hook(arg, &seen), answers what its closure record holds; else f(n-1, arg) + 1
RECURSION = (
    HEAD
    + """
"coro.func"() <{sym_name = "f$coro", slot_type = !llvm.struct<(i8, i64)>,
    function_type = !llvm.func<!llvm.ptr (i64, i64, !llvm.ptr, !llvm.ptr)>}> ({
^bb0(%n: i64, %arg: i64, %slot: !llvm.ptr, %ctx: !llvm.ptr):
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  %seen = llvm.mlir.addressof @seen : !llvm.ptr
  %z = llvm.icmp "eq" %n, %zero : i64
  llvm.cond_br %z, ^leaf, ^rec
^leaf:
  "coro.suspend"(%arg, %seen) [^r1] <{hook = @test.hook, operandSegmentSizes = array<i32: 2, 0, 0>}>
      : (i64, !llvm.ptr) -> ()
^r1:
  %capp = llvm.getelementptr %ctx[16] : (!llvm.ptr) -> !llvm.ptr, i8
  %cap = llvm.load %capp : !llvm.ptr -> i64
  "coro.return"(%cap) : (i64) -> ()
^rec:
  %n1 = llvm.sub %n, %one : i64
  %cs = "coro.slot"() <{slot_type = !llvm.struct<(i8, i64)>}> : () -> !llvm.ptr
  %entry = llvm.mlir.addressof @f$coro : !llvm.ptr
  %h = "coro.start_indirect"(%cs, %entry, %ctx, %n1, %arg) : (!llvm.ptr, !llvm.ptr, !llvm.ptr, i64, i64) -> !llvm.ptr
  %p = "coro.pending"(%h) : (!llvm.ptr) -> i1
  llvm.cond_br %p, ^wait, ^got
^wait:
  "coro.suspend"(%h) [^over] <{hook = @runtime.awaitHook, operandSegmentSizes = array<i32: 1, 0, 0>}> 
      : (!llvm.ptr) -> ()
^over:
  "coro.destroy"(%h) : (!llvm.ptr) -> ()
  llvm.br ^got
^got:
  %v, %pk = "coro.results"(%cs) <{slot_type = !llvm.struct<(i8, i64)>}> : (!llvm.ptr) -> (i64, i1)
  %v1 = llvm.add %v, %one : i64
  llvm.cond_br %pk, ^unw, ^ret
^unw:
  "coro.unwind"() : () -> ()
^ret:
  "coro.return"(%v1) : (i64) -> ()
}) : () -> ()
"""
)

# The same answer by a loop that awaits g(n) … g(0), of which only the last suspends; g has a large result.
BIG_RESULT = (
    HEAD
    + """
"coro.func"() <{sym_name = "g$coro", sym_visibility = "private",
    slot_type = !llvm.struct<(i8, !llvm.array<9 x i64>, i64)>,
    function_type = !llvm.func<!llvm.ptr (i64, i64, !llvm.ptr, !llvm.ptr)>}> ({
^bb0(%n: i64, %arg: i64, %slot: !llvm.ptr, %ctx: !llvm.ptr):
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  %big = llvm.alloca %one x !llvm.array<9 x i64> {alignment = 8 : i64} : (i64) -> !llvm.ptr
  %seen = llvm.mlir.addressof @seen : !llvm.ptr
  %last = llvm.getelementptr %big[64] : (!llvm.ptr) -> !llvm.ptr, i8
  llvm.store %n, %last : i64, !llvm.ptr
  %z = llvm.icmp "eq" %n, %zero : i64
  llvm.cond_br %z, ^wait, ^out
^wait:
  "coro.suspend"(%arg, %seen) [^out] <{hook = @test.hook, operandSegmentSizes = array<i32: 2, 0, 0>}>
      : (i64, !llvm.ptr) -> ()
^out:
  "coro.return"(%big, %n) : (!llvm.ptr, i64) -> ()
}) : () -> ()
"coro.func"() <{sym_name = "f$coro", slot_type = !llvm.struct<(i8, i64)>,
    function_type = !llvm.func<!llvm.ptr (i64, i64, !llvm.ptr, !llvm.ptr)>}> ({
^bb0(%n: i64, %arg: i64, %slot: !llvm.ptr, %ctx: !llvm.ptr):
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  %capp = llvm.getelementptr %ctx[16] : (!llvm.ptr) -> !llvm.ptr, i8
  %cap = llvm.load %capp : !llvm.ptr -> i64
  llvm.br ^loop(%n, %cap : i64, i64)
^loop(%i: i64, %sum: i64):
  %cs = "coro.slot"() <{slot_type = !llvm.struct<(i8, !llvm.array<9 x i64>, i64)>}> : () -> !llvm.ptr
  %h = "coro.start"(%cs, %i, %arg) <{callee = @g$coro}> : (!llvm.ptr, i64, i64) -> !llvm.ptr
  %p = "coro.pending"(%h) : (!llvm.ptr) -> i1
  llvm.cond_br %p, ^wait, ^got
^wait:
  "coro.suspend"(%h) [^over] <{hook = @runtime.awaitHook, operandSegmentSizes = array<i32: 1, 0, 0>}> 
      : (!llvm.ptr) -> ()
^over:
  "coro.destroy"(%h) : (!llvm.ptr) -> ()
  llvm.br ^got
^got:
  %big, %v, %pk = "coro.results"(%cs) <{slot_type = !llvm.struct<(i8, !llvm.array<9 x i64>, i64)>}>
      : (!llvm.ptr) -> (!llvm.ptr, i64, i1)
  %last = llvm.getelementptr %big[64] : (!llvm.ptr) -> !llvm.ptr, i8
  %w = llvm.load %last : !llvm.ptr -> i64
  %same = llvm.sub %v, %w : i64
  %s1 = llvm.add %sum, %same : i64
  %z = llvm.icmp "eq" %i, %zero : i64
  %more = llvm.sub %i, %one : i64
  %s2 = llvm.add %s1, %one : i64
  llvm.cond_br %z, ^ret, ^loop(%more, %s2 : i64, i64)
^ret:
  "coro.return"(%s1) : (i64) -> ()
}) : () -> ()
"""
)

# The same with what a leaf answers in a variable aligned to 64 across the suspension; addresses that are not would show.
OVER_ALIGNED = RECURSION.replace(
    """^leaf:
""",
    """^leaf:
  %over = llvm.alloca %one x !llvm.array<9 x i64> {alignment = 64 : i64} : (i64) -> !llvm.ptr
  %more = llvm.alloca %one x i8 {alignment = 32 : i64} : (i64) -> !llvm.ptr
  %place = llvm.getelementptr %over[64] : (!llvm.ptr) -> !llvm.ptr, i8
  %incap = llvm.getelementptr %ctx[16] : (!llvm.ptr) -> !llvm.ptr, i8
  %held = llvm.load %incap : !llvm.ptr -> i64
  llvm.store %held, %place : i64, !llvm.ptr
""",
).replace(
    """  %capp = llvm.getelementptr %ctx[16] : (!llvm.ptr) -> !llvm.ptr, i8
  %cap = llvm.load %capp : !llvm.ptr -> i64
""",
    """  %kept = llvm.load %place : !llvm.ptr -> i64
  %address = llvm.ptrtoint %over : !llvm.ptr to i64
  %address2 = llvm.ptrtoint %more : !llvm.ptr to i64
  %sixtythree = llvm.mlir.constant(63 : i64) : i64
  %thirtyone = llvm.mlir.constant(31 : i64) : i64
  %low = llvm.and %address, %sixtythree : i64
  %low2 = llvm.and %address2, %thirtyone : i64
  %sum = llvm.add %kept, %low : i64
  %cap = llvm.add %sum, %low2 : i64
""",
)


def parse(text: str) -> ModuleOp:
    ctx = Context()
    for dialect in (Builtin, Cf, Go, Coro, LLVM):
        ctx.load_dialect(dialect)
    return Parser(ctx, f"builtin.module {{{text}}}").parse_module()


def lower(text: str) -> str:
    module = parse(text)
    coro_to_llvm(module)
    module.verify()
    verify_llvm_coro(module)
    return emit(module)


@pytest.mark.parametrize("level", [0, 2])
@pytest.mark.parametrize(
    "program", [RECURSION, BIG_RESULT, OVER_ALIGNED], ids=["recursion", "big-result", "over-aligned"]
)
def test_runs(program: str, level: int, tmp_path: Path) -> None:
    form = (Path(__file__).parent / "ll" / "coro_form.ll").read_text()
    start, end = form.index('define ptr @"f$coro"'), form.index("; starts f(n, arg)")
    harness = tmp_path / "harness.ll"
    harness.write_text(form[:start] + 'declare ptr @"f$coro"(i64, i64, ptr, ptr nest)\n' + form[end:])
    lowered = tmp_path / "lowered.ll"
    lowered.write_text(lower(program))
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, str(level), "8", str(harness), str(lowered)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout == EXPECTED, done.stderr
    assert done.returncode == 0


OPTIMISE = """
import sys
import llvmlite.binding as llvm
llvm.initialize_native_target()
llvm.initialize_native_asmprinter()
level = int(sys.argv[1])
module = llvm.parse_assembly(open(sys.argv[2]).read())
machine = llvm.Target.from_default_triple().create_target_machine(opt=level)
builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=level))
builder.getModulePassManager().run(module, builder)
for function in module.functions:
    blocks = {block.name: [str(i).strip() for i in block.instructions] for block in function.blocks}
    for name, code in blocks.items():
        for at, text in enumerate(code):
            hook = "@goir.hook." in text and "goir.hook.final" not in text
            if (hook or "@test.hook(" in text or "@runtime.awaitHook(" in text) and "call" in text:
                if "goir.hook" in function.name:
                    continue
                print(function.name, "|", " ; ".join(code[at + 1 :]))
"""


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_nothing_is_stored_after_publication(level: int, tmp_path: Path) -> None:
    """From the hook's call on another thread may run the coroutine: its frame must not be written any more."""
    lowered = tmp_path / "lowered.ll"
    lowered.write_text(lower(RECURSION))
    done = subprocess.run(
        [sys.executable, "-c", OPTIMISE, str(level), str(lowered)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) >= 2
    for line in lines:
        assert "store" not in line, line
