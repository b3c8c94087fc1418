"""Go programs with real Go's output.

`NAME.out` beside `NAME.go` is what the program prints (both streams together); `NAME.exit` its exit status, 0 if there is
no such file. The output of a program that ends by a panic or a fatal error is compared up to the list of goroutines,
unless it says `//test:trace`. tests/programs/expect.py makes these files with real Go.

The programs of tests/programs run at -O0 and -O2. Those of tests/programs/std, which use the standard library, and the
modules of several packages in tests/programs/modules run once, as `goir run` does by default.
"""

import subprocess
from pathlib import Path

import pytest
from forked import run
from programs_support import How, normalized_trace, run_how, without_trace

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "programs"
PROGRAMS = sorted([*(ROOT / "examples").glob("*.go"), *FOLDER.glob("*.go")])
LIBRARY_PROGRAMS = sorted([*(FOLDER / "std").glob("*.go"), *(m for m in (FOLDER / "modules").iterdir() if m.is_dir())])
TIMEOUT_SECONDS = 300

NOT_YET = dict(
    line.split(maxsplit=1) for line in (FOLDER / "not_yet.txt").read_text().splitlines() if not line.startswith("#")
)
"""Programs of the second kind that do not work yet, and why."""


def goir(*arguments: str, how: How | None = None) -> subprocess.CompletedProcess[str]:
    return run(
        "goir.tools.goir",
        *arguments,
        timeout=TIMEOUT_SECONDS,
        cwd=ROOT,
        env=how.env if how else None,
        input=how.stdin if how else "",
    )


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


@pytest.mark.parametrize("program", LIBRARY_PROGRAMS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_library_program(program: Path, request: pytest.FixtureRequest):
    reason = NOT_YET.get(f"{program.parent.name}/{program.stem}")
    if reason is not None:
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    base = program.parent / program.stem
    want = base.with_suffix(".out").read_text(encoding="utf-8", errors="surrogateescape")
    exit_file = base.with_suffix(".exit")
    status = int(exit_file.read_text()) if exit_file.exists() else 0
    how = run_how(program)
    done = goir("run", str(program), *how.args, how=how)
    if how.trace:
        assert normalized_trace(done.stdout) == normalized_trace(want)
    elif status:
        assert without_trace(done.stdout) == without_trace(want)
    else:
        assert done.stdout == want
    assert done.returncode == status
