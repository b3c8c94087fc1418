"""The cached path of `goir run`: what it accepts, and that it stays light."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from goir.build import fastpath
from goir.build.cache import Cache, digest_of


def test_split_run_arguments():
    split = fastpath.split_run_arguments
    assert split(["x.go", "a", "b"]) == ([], ["x.go"], ["a", "b"])
    assert split(["-O2", "x.go", "y.go", "-v"]) == (["-O2"], ["x.go", "y.go"], ["-v"])
    assert split(["./dir", "x.go"]) == ([], ["./dir"], ["x.go"])
    assert split(["x.goir", "1"]) == ([], ["x.goir"], ["1"])
    assert split(["--goroot", "/x", "-O2", "x.go", "-v"]) == (["--goroot", "/x", "-O2"], ["x.go"], ["-v"])
    assert split(["--goroot=/x", "x.go"]) == (["--goroot=/x"], ["x.go"], [])
    assert split(["--goroot", "x.go"]) is None
    assert split(["--timings", "x.go"]) is None
    assert split(["-O2"]) is None
    assert split([]) is None


def test_record_holds_until_an_input_changes(tmp_path: Path):
    cache = Cache(tmp_path / "cache")
    source, program = tmp_path / "x.go", tmp_path / "x"
    source.write_text("package main")
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    record = tmp_path / "record"
    cache.record(record, program, {str(source): fastpath.file_digest(str(source))})
    assert fastpath.lookup(record) == str(program)
    source.write_text("package main\n")
    assert fastpath.lookup(record) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"executable": 1}', b"\xff\xfe"])
def test_damaged_record_is_a_miss(tmp_path: Path, content: bytes):
    record = tmp_path / "record"
    record.write_bytes(content)
    assert fastpath.lookup(record) is None


def test_cache_is_bounded(tmp_path: Path):
    cache = Cache(tmp_path)
    for i in range(10):
        path = cache.put(digest_of([str(i)]), ".o", bytes(1000))
        os.utime(path, (i, i))
    (tmp_path / "work-dead").mkdir()
    os.utime(tmp_path / "work-dead", (1, 1))
    assert cache.prune(limit=3000) == 7000
    assert not (tmp_path / "work-dead").exists()
    assert cache.get(digest_of(["9"]), ".o") and not cache.get(digest_of(["0"]), ".o")


def test_builds_go_on_while_one_prunes(tmp_path: Path):
    cache, pruned = Cache(tmp_path), Event()

    def build() -> None:
        while not pruned.is_set():
            with cache.scratch() as work:
                (Path(work) / "x.o").write_bytes(bytes(10))

    with ThreadPoolExecutor(2) as builds:
        done = [builds.submit(build) for _ in range(2)]
        try:
            for _ in range(100):
                cache.prune()
        finally:
            pruned.set()
    assert not any(each.exception() for each in done)


def test_nothing_heavy_is_imported():
    script = (
        "import sys; from goir.build.fastpath import try_run; try_run(['no-such-file.go']);"
        "heavy = {'xdsl', 'llvmlite', 'typer', 'rich'} & sys.modules.keys(); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_bug_is_one_line(tmp_path: Path):
    script = (
        "import sys, goir.build.driver as driver; driver.run = lambda *a: 1 / 0; sys.argv = ['goir', 'run', 'x.go'];"
        "from goir.tools.cli import app; app()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("goir: internal compiler error: ZeroDivisionError")
    assert "Traceback" not in done.stderr
