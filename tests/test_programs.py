"""Go programs with real Go's output, at -O0 and -O2.

`NAME.out` beside `NAME.go` is what the program prints (both streams together); `NAME.exit` its exit status, 0 if there is
no such file. The output of a program that ends by a panic or a fatal error is compared up to the list of goroutines.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = sorted([*(ROOT / "examples").glob("*.go"), *(ROOT / "tests" / "programs").glob("*.go")])
TIMEOUT_SECONDS = 300


def goir(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "goir.tools.goir", *arguments]
    return subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIMEOUT_SECONDS,
        cwd=ROOT,
        encoding="utf-8",
        errors="surrogateescape",
    )


def without_trace(output: str) -> str:
    output = output.partition("\n\nruntime stack:")[0].partition("\n\ngoroutine ")[0]
    # Addresses of a nil dereference's instruction, of a stack.
    return re.sub(r"\b(addr=|pc=|sp=|stack=\[)0x[0-9a-f]+(, 0x[0-9a-f]+)?", r"\1", output)


@pytest.mark.parametrize("level", ["-O0", "-O2"])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.stem)
def test_program(program: Path, level: str):
    want = program.with_suffix(".out").read_text(encoding="utf-8", errors="surrogateescape")
    exit_file = program.with_suffix(".exit")
    status = int(exit_file.read_text()) if exit_file.exists() else 0
    done = goir("run", level, str(program))
    if status:
        assert without_trace(done.stdout) == without_trace(want)
    else:
        assert done.stdout == want
    assert done.returncode == status
