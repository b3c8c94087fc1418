"""Folders of many small programs in one executable: tests/concurrency and tests/faults.

    python tests/many_programs.py tests/concurrency                       all, with 1, 2 and 4 workers
    python tests/many_programs.py tests/concurrency --seeds 20            and 20 schedules each (GOIR_SCHEDSEED)
    python tests/many_programs.py tests/faults --expect                   makes TOPIC.out with real Go

Such a folder is a package main whose executable lists its programs (`-list`: topic, name and what is special, a line each)
and runs the one it is told by name. Special is "text", if only what comes before the list of goroutines is compared, and
"parallel", if the program needs several workers. TOPIC.out holds what each program prints, both streams, after a line
`=== program name`, and `=== exit N` if it ends with another status than 0. Traces are compared without what depends on where
code and data lie (programs_support.py).
A failure is shown with the command that runs it again.
"""

import argparse
import difflib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from programs_support import normalized_trace, without_trace

TIMEOUT_SECONDS = 60

AS_FROM_A_TERMINAL = ("env", "--default-signal=HUP,INT,QUIT")
"""Go programs leave signals ignored that whoever started them ignores: nohup, and shells for what runs in the background."""


@dataclass(frozen=True)
class Run:
    """One run of one program."""

    name: str
    settings: tuple[tuple[str, str], ...] = ()
    """Environment variables."""

    def command(self, executable: Path) -> str:
        return " ".join([*(f"{k}={v}" for k, v in self.settings), str(executable), self.name])


@dataclass
class Folder:
    """The programs of a folder, by topic, and their executable."""

    path: Path
    executable: Path
    topics: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    special: dict[str, set[str]] = field(default_factory=dict[str, set[str]])

    def __post_init__(self):
        listed = subprocess.run([self.executable, "-list"], stdout=subprocess.PIPE, text=True, check=True).stdout
        for line in sorted(listed.splitlines()):
            topic, name, *special = line.split()
            self.topics.setdefault(topic, []).append(name)
            self.special[name] = set(special)

    def names(self) -> list[str]:
        """All programs, topic by topic."""
        return [name for names in self.topics.values() for name in names]

    def expected(self) -> dict[str, str]:
        """What each program prints with real Go."""
        found: dict[str, str] = {}
        for topic in self.topics:
            text = (self.path / f"{topic}.out").read_text(encoding="utf-8", errors="surrogateescape")
            for part in text.split("\n=== program ")[1:]:
                name, _, output = part.partition("\n")
                found[name] = output
        return found

    def compared(self, name: str, output: str) -> str:
        """What of a program's output must be the same."""
        output, mark, status = output.partition("\n=== exit ")
        output = without_trace(output) if "text" in self.special[name] else normalized_trace(output)
        return (output.rstrip("\n") + mark + status).rstrip("\n")

    def run(self, run: Run) -> str:
        """The program's output, with a line about its exit status if that is not 0."""
        try:
            done = subprocess.run(
                [*AS_FROM_A_TERMINAL, self.executable, run.name],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, **dict(run.settings)},
                timeout=TIMEOUT_SECONDS,
                encoding="utf-8",
                errors="surrogateescape",
            )
        except subprocess.TimeoutExpired as expired:
            return (expired.stdout or b"").decode(errors="replace") + "\n=== exit never\n"
        return done.stdout + (f"\n=== exit {done.returncode}\n" if done.returncode else "")

    def runs(self, names: Sequence[str], workers: Sequence[int], seeds: int) -> list[Run]:
        """Every program with each number of workers, and with each seed of the stress scheduler."""
        made: list[Run] = []
        for n in workers:
            made += [
                Run(name, (("GOMAXPROCS", str(n)),)) for name in names if n > 1 or "parallel" not in self.special[name]
            ]
        for seed in range(1, seeds + 1):
            made += [
                Run(name, (("GOIR_SCHEDSEED", str(seed)),)) for name in names if "parallel" not in self.special[name]
            ]
        return made


def build(path: Path, executable: Path, command: Sequence[str]) -> Folder:
    """Builds with `goir build …` or `go build …`; raises RuntimeError with its messages."""
    done = subprocess.run([*command, "-o", str(executable), "."], cwd=path, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return Folder(path, executable)


def build_with_goir(path: Path, executable: Path, *options: str) -> Folder:
    return build(path, executable, [sys.executable, "-m", "goir.tools.goir", "build", *options])


def failures(folder: Folder, wanted: Sequence[Run], jobs: int = 2) -> Iterator[str]:
    """Descriptions of the runs whose output is not real Go's."""
    expected = folder.expected()
    with ThreadPoolExecutor(jobs) as pool:
        for run, output in zip(wanted, pool.map(folder.run, wanted), strict=True):
            want = folder.compared(run.name, expected[run.name])
            got = folder.compared(run.name, output)
            if got != want:
                diff = difflib.unified_diff(want.splitlines(), got.splitlines(), "real Go", "goir", lineterm="")
                yield f"{run.command(folder.executable)}\n" + "\n".join([*diff][:60])


def write_expected(folder: Folder) -> int:
    """Makes the .out files; a program whose runs differ among each other is reported, and fails."""
    wrong = 0
    for topic, names in folder.topics.items():
        text = ""
        for name in names:
            outputs = [folder.run(run) for run in folder.runs([name], [1, 2, 4], 0) * 2]
            first = outputs[-1]
            if "text" in folder.special[name]:
                first = folder.compared(name, first) + "\n"
            if len({folder.compared(name, output) for output in outputs}) > 1:
                print(f"{folder.executable} {name}: differs from run to run")
                wrong += 1
            text += f"\n=== program {name}\n{first}"
        (folder.path / f"{topic}.out").write_text(text, encoding="utf-8", errors="surrogateescape")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "programs", nargs="*", help="default: all; a name, a topic, or a beginning of names followed by *"
    )
    parser.add_argument("--expect", action="store_true", help="make the .out files with real Go")
    parser.add_argument("--workers", default="1,2,4", help="values of GOMAXPROCS")
    parser.add_argument("--seeds", type=int, default=0, help="so many schedules of the stress scheduler")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="programs that run at a time")
    parser.add_argument("-O", dest="level", default="1")
    parser.add_argument("--executable", type=Path, help="already built")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        executable = (arguments.executable or Path(work) / arguments.folder.name).resolve()
        if arguments.expect:
            return write_expected(build(arguments.folder, executable, ["go", "build"]))
        if arguments.executable:
            folder = Folder(arguments.folder, executable)
        else:
            folder = build_with_goir(arguments.folder, executable, f"-O{arguments.level}")
        chosen = [
            name
            for topic, names in folder.topics.items()
            for name in names
            if not arguments.programs
            or any(p in (topic, name) or (p.endswith("*") and name.startswith(p[:-1])) for p in arguments.programs)
        ]
        workers = [int(n) for n in arguments.workers.split(",") if n]
        wanted = folder.runs(chosen, workers, arguments.seeds) * arguments.repeat
        bad = 0
        for failure in failures(folder, wanted, arguments.jobs):
            print(failure, flush=True)
            bad += 1
        print(f"{len(wanted)} runs of {len(chosen)} programs, {bad} failures")
        return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
