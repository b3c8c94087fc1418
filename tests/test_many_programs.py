"""The folders of many small programs (many_programs.py): each program once, with changing numbers of workers and seeds.

`python tests/many_programs.py` runs them more often, and says how a failure is seen again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from many_programs import Folder, Run, build_with_goir, failures

TESTS = Path(__file__).resolve().parent


def one_run_each(folder: Folder) -> list[Run]:
    """Every program once, the next one with the next number of workers or with a seed."""
    choices = [folder.runs([name], [1, 2, 4], 1) for name in folder.names()]
    return [runs[i % len(runs)] for i, runs in enumerate(choices)]


def test_concurrency_programs(tmp_path: Path):
    folder = build_with_goir(TESTS / "concurrency", tmp_path / "concurrency")
    assert len(folder.names()) >= 200
    assert list(failures(folder, one_run_each(folder))) == []


def test_fault_programs(tmp_path: Path):
    folder = build_with_goir(TESTS / "faults", tmp_path / "faults")
    assert list(failures(folder, folder.runs(folder.names(), [2], 0))) == []


DAY = """package main

import (
	"fmt"
	"sync"
	"time"
)

func main() {
	start := time.Now()
	var wg sync.WaitGroup
	var mu sync.Mutex
	fired := 0
	for i := range 200 {
		wg.Go(func() {
			for time.Since(start) < 24*time.Hour {
				time.Sleep(time.Duration(i+1) * 7 * time.Minute)
				mu.Lock()
				fired++
				mu.Unlock()
			}
		})
	}
	tick := time.NewTicker(time.Hour)
	hours := 0
	end := time.After(24*time.Hour + time.Minute)
loop:
	for {
		select {
		case <-tick.C:
			hours++
		case <-end:
			break loop
		}
	}
	wg.Wait()
	fmt.Println(hours, fired, time.Since(start) >= 24*time.Hour)
}
"""


def test_day_of_timers(tmp_path: Path):
    """The stress scheduler's clock: a day of timers passes at once, and the same seed gives the same schedule."""
    source = tmp_path / "day.go"
    source.write_text(DAY)
    program = tmp_path / "day"
    subprocess.run([sys.executable, "-m", "goir.tools.goir", "build", "-o", program, source], check=True)
    fired = sum(-(-24 * 60 // (7 * (i + 1))) for i in range(200))
    for seed in "1", "2":
        out = subprocess.run(
            [program], env={**os.environ, "GOIR_SCHEDSEED": seed}, stdout=subprocess.PIPE, text=True, timeout=100
        ).stdout
        assert out == f"24 {fired} true\n"


@pytest.mark.parametrize("folder", ["concurrency", "faults"])
def test_expected_outputs_are_of_programs(folder: str):
    """Every .out file belongs to a file of programs' topic."""
    sources = "".join(path.read_text() for path in (TESTS / folder).glob("*.go"))
    for path in (TESTS / folder).glob("*.out"):
        assert f'topic("{path.stem}"' in sources
