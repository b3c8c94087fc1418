"""The programs of tests/programs again, at -O2, while collections run all the time: at every allocation, or at every so
many, with what was freed poisoned, on four workers (docs/runtime.md, "Stress")."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from forked import run
from programs_support import without_trace
from test_programs import PROGRAMS, ROOT, TIMEOUT_SECONDS

EVERY = {
    "coro_deep": 20000,
    "rt_frames": 100,
    "rt_gc_parallel": 100,
    "rt_gc_shapes": 5000,
    "rt_gc_stopped": 10000,
    "rt_maps": 10,
    "rt_memory": 100000,
    "rt_parallel": 10,
    "static_data": 10,
}
"""Programs that would take long with a collection at every allocation."""


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.stem)
def test_collecting(program: Path):
    want = program.with_suffix(".out").read_text(encoding="utf-8", errors="surrogateescape")
    exit_file = program.with_suffix(".exit")
    settings = {"GOIR_GCSTRESS": str(EVERY.get(program.stem, 1)), "GOIR_POISON": "1", "GOMAXPROCS": "4"}
    done = run(
        "goir.tools.goir",
        "run",
        "-O2",
        program,
        timeout=TIMEOUT_SECONDS,
        cwd=ROOT,
        env={**os.environ, **settings},
    )
    assert without_trace(done.stdout) == without_trace(want)
    assert done.returncode == (int(exit_file.read_text()) if exit_file.exists() else 0)


def test_no_room_for_a_thread(tmp_path: Path):
    """A program that cannot even begin says so."""
    program = tmp_path / "nqueens"
    subprocess.run(
        [sys.executable, "-m", "goir.tools.goir", "build", "-o", program, ROOT / "examples" / "nqueens.go"], check=True
    )
    room = 1 << 30, 1 << 30
    done = subprocess.run(
        [program], capture_output=True, text=True, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, room)
    )
    assert (done.returncode, done.stderr) == (2, "fatal error: cannot allocate a thread's stack\n")
