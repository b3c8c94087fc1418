"""Runs Go programs many times and compares every output with real Go's.

    python tests/programs/repeat.py [--times 20] [--procs 1,2,4] [--levels 0,2] tests/programs/coro_*.go

A program is built once for each level.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from programs_support import How, normalized_trace, run_how, without_trace

TIMEOUT_SECONDS = 600


def normal(output: str, status: int, how: How) -> str:
    """What of an output is compared."""
    if how.trace:
        return normalized_trace(output)
    return without_trace(output) if status else output


def failures(program: Path, executable: Path, procs: str, times: int) -> int:
    """How many of the runs do something else; the first one is shown."""
    base = program.parent / program.stem
    exit_file = base.with_suffix(".exit")
    status = int(exit_file.read_text()) if exit_file.exists() else 0
    how = run_how(program)
    want = normal(base.with_suffix(".out").read_text(encoding="utf-8", errors="surrogateescape"), status, how)
    failed = 0
    for number in range(times):
        try:
            done = subprocess.run(
                [str(executable), *how.args],
                env={**how.env, "GOMAXPROCS": procs},
                input=how.stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="surrogateescape",
                timeout=TIMEOUT_SECONDS,
            )
            got, ended = done.stdout, str(done.returncode)
        except subprocess.TimeoutExpired as error:
            got, ended = str(error.stdout), "timeout"
        if ended != str(status) or normal(got, status, how) != want:
            failed += 1
            if failed == 1:
                print(f"run {number}, exit {ended}:\n{normal(got, 1, how)[-2000:]}")
    return failed


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("programs", nargs="+", type=Path)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--procs", default="1,2,4")
    parser.add_argument("--levels", default="0,2")
    options = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for program in options.programs:
            for level in options.levels.split(","):
                executable = Path(folder) / f"{program.stem}{level}"
                command = [sys.executable, "-m", "goir.tools.goir", "build", f"-O{level}", "-o", executable, program]
                subprocess.run(command, check=True)
                for procs in options.procs.split(","):
                    wrong = failures(program.resolve(), executable, procs, options.times)
                    failed += wrong
                    print(f"{program.stem} -O{level} GOMAXPROCS={procs}: {wrong} of {options.times} wrong", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
