"""The runtime has no data races that ThreadSanitizer finds (tests/races/check.py)."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RACES = Path(__file__).resolve().parent / "races"

RACY = """package main

import "runtime"

var n int

func main() {
	done := make(chan bool)
	for range 4 {
		go func() {
			for range 20000 {
				n++
				runtime.Gosched()
			}
			done <- true
		}()
	}
	for range 4 {
		<-done
	}
}
"""

needs_clang = pytest.mark.skipif(
    shutil.which("clang-22") is None, reason="needs Debian's clang-22 and libclang-rt-22-dev"
)


def check(program: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, RACES / "check.py", "--times", "3", program], capture_output=True, text=True, timeout=900
    )


@needs_clang
def test_workers() -> None:
    done = check(RACES / "workers.go")
    assert (done.returncode, done.stderr.count("end true")) == (0, 3), done.stderr


@needs_clang
def test_a_race_is_found(tmp_path: Path) -> None:
    """The checker sees what it is there for, with Go's lines."""
    source = tmp_path / "racy.go"
    source.write_text(RACY)
    done = check(source)
    assert done.returncode == 66
    assert "data race" in done.stderr and "racy.go:12" in done.stderr
