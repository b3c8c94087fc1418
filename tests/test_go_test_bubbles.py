"""testing/synctest: the tests of tests/bubbles print what they print with real Go (bubbles.out), under any schedule, and what
is not allowed ends the program with real Go's words.

After a change: `go test -v | python ../test_go_test_bubbles.py > bubbles.out`, in tests/bubbles."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent / "bubbles"

FAULTS = {
    "receive": "receive on synctest channel from outside bubble",
    "send": "send on synctest channel from outside bubble",
    "close": "close of synctest channel from outside bubble",
    "stop": "stop of synctest timer from outside bubble",
    "reset": "reset of synctest timer from outside bubble",
    "tick": "receive on synctest channel from outside bubble",
    "signal": "semaphore wake of synctest goroutine from outside bubble",
    "broadcast": "semaphore wake of synctest goroutine from outside bubble",
    "wait group": "sync: WaitGroup.Add called from inside and outside synctest bubble",
    "select": "select on synctest channel from outside bubble",
    "try": "send on synctest channel from outside bubble",
    "reflect": "receive on synctest channel from outside bubble",
    "another bubble": "sync: WaitGroup.Add called from multiple synctest bubbles",
}


def printed(output: str) -> str:
    """What the tests print, without what package testing does."""
    return re.sub(r"^( *(===|---) |PASS$|ok ).*\n", "", output, flags=re.M)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bubbles") / "bubbles"
    goir = [sys.executable, "-m", "goir.tools.goir", "test", "-c", "-o", str(path), "."]
    subprocess.run(goir, cwd=FOLDER, check=True, timeout=900)
    return path


def run(program: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """Status and output."""
    done = subprocess.run(
        [program, *arguments],
        cwd=FOLDER,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout


def test_any_schedule(program: Path):
    expected = (0, (FOLDER / "bubbles.out").read_text())
    for setting in ({"GOMAXPROCS": n} for n in "124"):
        status, output = run(program, "-test.v", **setting)
        assert (status, printed(output)) == expected, setting
    for seed in range(10):
        status, output = run(program, "-test.v", GOIR_SCHEDSEED=str(seed))
        assert (status, printed(output)) == expected, seed
    status, output = run(program, "-test.v", GOIR_GCSTRESS="50", GOIR_POISON="1")
    assert (status, printed(output)) == expected


@pytest.mark.parametrize("fault", FAULTS)
def test_faults(program: Path, fault: str):
    status, output = run(program, "-test.run=TestFaults", BUBBLES_FAULT=fault)
    assert (status, re.findall("^fatal error: (.*)", output, re.M)) == (2, [FAULTS[fault]])


def trace(output: str) -> str:
    """The functions of a report, without arguments and numbers."""
    lines = (line for line in output.splitlines(keepends=True) if not line.startswith("\t"))
    return re.sub(r" ?\([^()*]*\)$| in goroutine \d+$|\d+(?= \[)", "", "".join(lines), flags=re.M)


def test_deadlock(program: Path):
    """The report has the goroutine that waits for the bubble, and those of the bubble."""
    status, output = run(program, "-test.run=TestFaults", BUBBLES_FAULT="deadlock")
    assert (status, trace(output)) == (2, DEADLOCK)


DEADLOCK = """\
--- FAIL: TestFaults
panic: deadlock: all goroutines in bubble are blocked [recovered, repanicked]

goroutine  [running]:
testing.tRunner.func1.2
testing.tRunner.func1
panic
internal/synctest.Run
testing/synctest.Test
ex.org/bubbles.TestFaults
testing.tRunner
created by testing.(*T).Run

goroutine  [chan receive (durable), synctest bubble 1]:
testing/synctest.testingSynctestTest
testing/synctest.Test.func1
created by testing/synctest.Test

goroutine  [chan receive (durable), synctest bubble 1]:
ex.org/bubbles.TestFaults.func13
testing.tRunner
created by testing/synctest.testingSynctestTest

goroutine  [sync.Cond.Wait (durable), synctest bubble 1]:
sync.runtime_notifyListWait
sync.(*Cond).Wait
ex.org/bubbles.TestFaults.func13.1
created by ex.org/bubbles.TestFaults.func13
"""


if __name__ == "__main__":
    print(printed(sys.stdin.read()), end="")
