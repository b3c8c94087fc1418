"""How long goir's front end takes (parse, check, irgen) and how much memory, from 1,000 to 20,000 lines.

    python bench/front_end.py [LINES...]

The programs are random ones (tests/differential), each a package of one module; `goir build --emit go` is measured in
seconds of processor time. Time per line must not grow.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from differential.program import program  # noqa: E402
from differential.run import write_batch  # noqa: E402


def measure(lines: int) -> tuple[int, float, float]:
    """Lines, processor seconds and MiB for a program of about as many lines."""
    seeds, written = 0, 0
    while written < lines:
        written += program(seeds, "p").count("\n")
        seeds += 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "batch"
        write_batch(folder, range(seeds))
        command = [sys.executable, "-m", "goir.tools.goir", "build", "--emit", "go", "-o", "out.goir", "."]
        child = subprocess.Popen(command, cwd=folder)
        _, status, usage = os.wait4(child.pid, 0)
        if status:
            raise SystemExit(f"{lines} lines: goir fails")
    return written, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    wanted = [int(n) for n in sys.argv[1:]] or [1000, 2000, 5000, 10_000, 20_000]
    measure(200)  # what is kept of the standard library's heads
    for lines in wanted:
        written, seconds, memory = measure(lines)
        print(
            f"{written:6} lines {seconds:7.2f} s {seconds / written * 1e6:7.0f} µs per line {memory:7.0f} MiB",
            flush=True,
        )


if __name__ == "__main__":
    main()
