"""Compares what compiled random modules print with what the interpreter says (tests/coro_modules.py).

    python tests/coro_oracle.py [--seeds 2000] [--first 0] [--pack 20] [--levels 0,2] [--jobs 1]

prints every difference with its seed, and which pairs of adjacent ops should have run and did not: `ROUND` seeds in a row
have them all (tests/coro_pairs.py).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path

from coro_modules import coro_module, program
from coro_pairs import dealt
from go_modules import go_module
from xdsl.dialects.builtin import ModuleOp

from goir.build.codegen import compile_object
from goir.build.driver import Build, Options
from goir.build.ir_io import parse_text
from goir.build.link import link
from goir.dialects.verify import check_module
from goir.interp.machine import Machine
from goir.lowering.emit_llvm import emit
from goir.lowering.pipeline import lower_to_llvm

FUEL = 300_000
Make = Callable[[int, str], str]
KINDS: dict[str, Make] = {"coro": coro_module, "go": go_module}


class Failure(Exception):
    """A module does not do what it means."""


def interpreted(module: ModuleOp, seen: set[tuple[str, str]] | None = None) -> list[str]:
    """What a program prints."""
    machine = Machine(module, FUEL)
    lines = machine.run()
    if seen is not None:
        seen |= machine.seen
    return lines


def llvm_text(module: ModuleOp, verify: bool = False) -> str:
    """A module, which is lowered in place, as LLVM IR."""
    lower_to_llvm(module, verify=verify)
    return emit(module)


def run(text: str, level: int) -> tuple[int, list[str]]:
    """Exit status and output of compiled LLVM IR. What has ended is poisoned: its use shows, whatever comes after it."""
    with tempfile.TemporaryDirectory() as folder:
        code, out = Path(folder) / "random.o", Path(folder) / "random"
        code.write_bytes(compile_object(text, level))
        link([code, runtime_object()], out)
        env = {**os.environ, "GOIR_POISON": "1"}
        ran = subprocess.run([str(out)], env=env, capture_output=True, text=True, errors="replace", timeout=60)
    return ran.returncode, ran.stderr.splitlines()


@cache
def runtime_object() -> Path:
    """The compiled runtime."""
    return Build(Options())._runtime_object()  # pyright: ignore[reportPrivateUsage]


def check(
    modules: dict[str, str],
    levels: Sequence[int] = (0, 2),
    seen: set[tuple[str, str]] | None = None,
    verify: bool = False,
) -> None:
    """Raises Failure for the first difference; `verify`: the module is verified after each pass."""
    module = parse_text(program(modules), "random.goir")
    check_module(module)
    wanted = interpreted(module, seen)
    text = llvm_text(module, verify)
    with ThreadPoolExecutor(len(levels)) as pool:
        runs = pool.map(partial(run, text), levels)
        for level, (status, lines) in zip(levels, runs, strict=True):
            if status != 0 or in_order(lines) != in_order(wanted):
                what = difference(in_order(lines), in_order(wanted))
                raise Failure(f"-O{level}, exit status {status}, {what}")


def in_order(lines: list[str]) -> list[str]:
    """The output with the lines of every goroutine together, in modules of the go level: their names begin with g."""
    result: list[str] = []
    goroutines: dict[str, list[str]] = {}
    apart = False
    for line in [*lines, "module"]:
        if line.startswith("module"):
            for number in sorted(goroutines):
                result += goroutines[number]
            goroutines = {}
            apart = line.startswith("module g")
            result.append(line)
        elif apart:
            goroutines.setdefault(line.partition(" ")[0], []).append(line)
        else:
            result.append(line)
    return result


def difference(lines: list[str], wanted: list[str]) -> str:
    """Where two outputs part."""
    pairs = zip(lines, wanted, strict=False)
    at = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(lines), len(wanted)))
    module = next((line for line in reversed(wanted[: at + 1]) if line.startswith("module ")), "")
    return f"{module}, line {at}: got {lines[at : at + 3]}, want {wanted[at : at + 3]}"


def packs(kind: str, seeds: Iterable[int], size: int) -> Iterable[dict[str, str]]:
    """Programs of `size` modules."""
    pack: dict[str, str] = {}
    for seed in seeds:
        pack[f"{kind[0]}{seed}"] = KINDS[kind](seed, f"{kind[0]}{seed}")
        if len(pack) == size:
            yield pack
            pack = {}
    if pack:
        yield pack


def one_by_one(pack: dict[str, str], levels: Sequence[int], error: BaseException) -> list[str]:
    """Which modules of a pack fail, and how."""
    found: list[str] = []
    for prefix, text in pack.items():
        try:
            check({prefix: text}, levels)
        except BaseException as each:  # whatever it is, it has a seed
            found.append(f"{prefix}: {type(each).__name__}: {str(each)[:400]}")
    return found or [f"only together: {', '.join(pack)}: {type(error).__name__}: {error}"]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kind", default=",".join(KINDS))
    parser.add_argument("--seeds", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--pack", type=int, default=20)
    parser.add_argument("--levels", default="0,2")
    parser.add_argument("--verify", action="store_true", help="verify after each pass (slow)")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    levels = [int(level) for level in options.levels.split(",")]
    seen: set[tuple[str, str]] = set()
    failures: list[str] = []
    started = time.time()
    done = 0

    def work(pack: dict[str, str]) -> list[str]:
        try:
            check(pack, levels, seen, options.verify)
        except BaseException as error:  # whatever it is, it has a seed
            return one_by_one(pack, levels, error)
        return []

    with ThreadPoolExecutor(options.jobs) as pool:
        for kind in options.kind.split(","):
            each = list(packs(kind, range(options.first, options.first + options.seeds), options.pack))
            for pack, found in zip(each, pool.map(work, each), strict=True):
                done += len(pack)
                failures += found
                for line in found:
                    print(line, flush=True)
    missing = sorted(
        {
            pair
            for kind in options.kind.split(",")
            for seed in range(options.seeds)
            for pair in dealt(kind, options.first + seed)
        }
        - seen
    )
    for pair in missing:
        print(f"did not run: {' '.join(pair)}")
    print(f"{done} modules, {len(failures)} failures, {time.time() - started:.0f} s")
    kinds = {op for pair in seen for op in pair}
    print(f"{len(kinds)} kinds of ops; {len(seen)} pairs of adjacent ops ran, {len(missing)} that had to did not")
    return 1 if failures or missing else 0


if __name__ == "__main__":
    sys.exit(main())
