"""Edge counters of coroutines: the counts are those of the same program run on threads, without a single coroutine.

`tests/edges/*.go` have suspensions in loops, chains of awaits, goroutines that wait for ever and are never destroyed. Beside
it, LLVM's own PGO instrumentation on the form whose suspensions have an edge, where it is installed: it is wrong there
(FACTS 2), and right on what coro-to-llvm makes.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from xdsl.dialects.builtin import ModuleOp, UnitAttr

from goir.build.driver import Build, Options
from goir.build.ir_io import load_module, print_module
from goir.dialects import coro, go
from goir.lowering.coro_to_llvm import coro_to_llvm
from goir.lowering.edge_profile import edge_profile
from goir.lowering.emit_llvm import emit
from goir.lowering.go_to_llvm import go_to_llvm
from goir.lowering.pipeline import lower_to_coro

HERE = Path(__file__).parent
PROGRAMS = sorted((HERE / "edges").glob("*.go"))


def run(program: Path, folder: Path, level: str) -> tuple[list[str], str]:
    """The profile of a run, and what it prints first."""
    profile = folder / f"{program.name}{level}.edges"
    done = subprocess.run(
        [sys.executable, "-m", "goir.tools.goir", "run", level, "--edge-profile", str(program)],
        env={**os.environ, "GOIR_EDGE_PROFILE": str(profile)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "all goroutines are asleep" in done.stderr, done.stderr
    return profile.read_text().splitlines(), done.stderr.partition("\n")[0]


def source_edges(profile: list[str]) -> list[str]:
    """The lines of the edges that are the program's own."""
    return [line for line in profile if not line.endswith(" made")]


def on_threads(program: Path) -> ModuleOp:
    """The program with all its functions made to block their thread."""
    text = Build(Options(debuginfo=True)).text([str(program)], "go")
    kept = program.with_suffix(".goir")
    assert not kept.exists()
    try:
        kept.write_text(text)
        module = load_module(kept)
    finally:
        kept.unlink()
    for op in module.body.block.ops:
        if isinstance(op, go.FuncOp) and not op.is_declaration:
            op.properties["parks"] = UnitAttr()
    return module


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.stem)
def test_counts_are_those_of_threads(program: Path, tmp_path: Path) -> None:
    module = on_threads(program)
    threads = tmp_path / f"{program.stem}.goir"
    threads.write_text(print_module(module, debuginfo=True))
    lower_to_coro(module)
    assert not any(isinstance(op, coro.FuncOp) and not op.is_declaration for op in module.body.block.ops)

    profile, printed = run(threads, tmp_path, "-O1")
    want = source_edges(profile)
    assert len(want) > 50
    assert sum(not line.startswith("0\t") for line in want) > 40
    for level in ("-O0", "-O2"):
        profile, also_printed = run(program, tmp_path, level)
        assert any("coro.suspend" in line for line in profile)
        assert source_edges(profile) == want
        assert also_printed == printed


# Two suspensions in a loop whose hook resumes at once, as another worker may; what frees the frame poisons it. Three rounds.
LOOP = """
go.func @hook(!go.unsafe_pointer) -> (i1)
coro.func @"f$coro"(%n : !go.int) {
  %zero = go.constant 0 : !go.int
  %one = go.constant 1 : !go.int
  cf.br ^loop(%zero : !go.int)
^loop(%i : !go.int):
  coro.suspend @hook() resume ^next
^next:
  coro.suspend @hook() resume ^last
^last:
  %more = go.add %i, %one : !go.int
  %c = go.cmp lt %more, %n : !go.int
  cf.cond_br %c, ^loop(%more : !go.int), ^end
^end:
  coro.return
}
"""

MAIN = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
char __llvm_profile_runtime;
void *start(long n, char *slot) __asm__("f$coro");
void *framealloc(long n) __asm__("runtime.framealloc");
void *framealloc(long n) { long *p = malloc(n + 16); *p = n; return p + 2; }
void framefree(void *q) __asm__("runtime.framefree");
void framefree(void *q) { memset(q, 0xAA, ((long *)q)[-2]); }
static void nop(void *h) {}
static void (*noop[2])(void *) = {nop, nop};
void *finalhook(void **promise, void *h) __asm__("runtime.finalhook");
void *finalhook(void **promise, void *h) { framefree(h); return noop; }
void resumes(void *h) { (*(void (**)(void *))h)(h); }
_Bool hook(void *h) { resumes(h); return 1; }
extern long counters[];
int main(void) {
  char slot[8];
  start(3, slot);
  for (int i = 0; i < COUNTERS; i++) printf("%ld ", counters[i]);
  return 0;
}
"""
# The same for the module beside it, which takes its frames from malloc.
NEVER = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
char __llvm_profile_runtime;
void *f(long);
long work(long i) { return 1; }
void *xmalloc(long n) { long *p = malloc(n + 16); *p = n; return p + 2; }
void xfree(void *q) { memset(q, 0xAA, ((long *)q)[-2]); }
void publish(void *h) { (*(void (**)(void *))h)(h); }
extern long counters[];
int main(void) { f(3); for (int i = 0; i < COUNTERS; i++) printf("%ld ", counters[i]); return 0; }
"""

PGO = ["-pgo-kind=pgo-instr-gen-pipeline", "-profile-file=x.profraw"]
needs_llvm = pytest.mark.skipif(
    not all(map(shutil.which, ("opt-22", "llc-22", "cc"))), reason="needs LLVM 22's tools and a C compiler"
)


def counts(folder: Path, text: str, main: str, flags: list[str]) -> list[int]:
    """What a program prints that is made of LLVM IR, optimised with `flags`, and a main in C."""
    (folder / "in.ll").write_text(text)
    (folder / "main.c").write_text(main)

    def tool(*command: str) -> str:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    made = tool("opt-22", "-S", "-passes=default<O2>", *flags, "in.ll")
    # LLVM's counters are private.
    made, number = re.subn(r'(@"?__profc_f[^ ]*) = \w+ global \[(\d+) x', r"@counters = global [\2 x", made)
    made = re.sub(r'([@$])"?__profc_f(\$coro")?', r"\1counters", made)
    (folder / "out.ll").write_text(made)
    assert number == bool(flags)
    size = re.search(r"@counters = .*?global \[(\d+) x", made)
    assert size
    tool("llc-22", "-O2", "--relocation-model=pic", "-filetype=obj", "out.ll", "-o", "out.o")
    tool("cc", "-w", f"-DCOUNTERS={size[1]}", "main.c", "out.o", "-o", "main")
    return [int(word) for word in tool("./main").split()]


@cache
def loop(instrumented: bool) -> str:
    from goir.build.ir_io import parse_text

    module = parse_text(LOOP, "loop.goir")
    if instrumented:
        edge_profile(module)
    go_to_llvm(module)
    coro_to_llvm(module)
    return emit(module)


@needs_llvm
def test_beside_llvm(tmp_path: Path) -> None:
    ours = loop(True).replace('@"goir.edges" = internal global', "@counters = global")
    ours = ours.replace('@"goir.edges"', "@counters")
    assert "@counters = global" in ours
    found = counts(tmp_path, ours, MAIN, [])
    # entry; into the loop; both resumptions; back; out
    assert found == [1, 1, 3, 3, 2, 1]

    never = (HERE / "ll" / "pgo_never.ll").read_text()
    never = never.replace("@malloc", "@xmalloc").replace("@free", "@xfree")
    wrong = counts(tmp_path, never, NEVER, PGO)
    print(f"\nour counters {found}; LLVM's on the suspend-edge form {wrong}, where 3 1 0 0 is right", end="")
    # Rounds, the end, and the two edges nothing takes: LLVM reads them from a dead frame. Who updates LLVM sees here
    # whether it has learned better.
    assert wrong == [2, -1, 1, 1]

    # Its instrumentation of what coro-to-llvm makes: every suspension has a switch and a trap block of its own.
    text = loop(False)
    llvms = counts(tmp_path, text, MAIN, PGO)
    print(f"; LLVM's on coro-to-llvm's form {llvms}", end="")
    assert sorted(c for c in llvms if c)[-1] <= 3 and min(llvms) >= 0 and llvms.count(3) >= 1
