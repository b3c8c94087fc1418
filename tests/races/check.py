"""Runs Go programs under ThreadSanitizer: the runtime, the library and the program, all of it instrumented.

    python tests/races/check.py [-O LEVEL] [--procs 4] [--times 5] PROGRAM [ARGUMENT...]
    python tests/races/check.py --each tests/concurrency     every program of such a folder (many_programs.py), but NOT_RUN

Needs Debian's clang-22 and libclang-rt-22-dev. Objects are made by clang from what LLVM's passes made of goir's modules,
with every function marked `sanitize_thread`. The collector is off: it stops the world by signals, which ThreadSanitizer
delays, and reads stacks that others write. Reports go to standard error; the status is 66 if there were any.

What only looks like a race is listed, with the reason, in suppressions.txt beside this file.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from goir.build.cache import digest_of
from goir.build.codegen import compile_as
from goir.build.driver import Build, Options
from goir.build.fastpath import fingerprint
from goir.build.pctab import add_table

HERE = Path(__file__).resolve().parent
CLANG = "clang-22"
FLAGS = (
    "-fsanitize=thread", "-O1", "-fno-pie", "-mcmodel=small", "-fno-omit-frame-pointer",
    "-mllvm", "-profile-guided-section-prefix=false", "-Wno-override-module",
)  # fmt: skip
NOT_RUN = {
    "rt_deep_stacks": "calls 160,000 functions deep; ThreadSanitizer hangs beyond 65,536",
    "signal_channel": "all threads wait in the runtime's own system calls; ThreadSanitizer keeps signals until libc is called",
}
binding: Any = import_module("llvmlite.binding")


def marked(text: str) -> str:
    """LLVM IR text with every function it defines marked for instrumentation."""
    module = binding.parse_assembly(text, binding.create_context())
    for function in module.functions:
        if not function.is_declaration:
            function.add_function_attribute("sanitize_thread")
    return str(module)


def instrumented(text: str, opt_level: int) -> bytes:
    """The instrumented object of a module, its pc table included."""
    source = marked(compile_as(text, opt_level, "ll").decode())
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "m.ll").write_text(source)
        subprocess.run([CLANG, *FLAGS, "-c", "-o", f"{folder}/m.o", f"{folder}/m.ll"], check=True)
        return add_table((Path(folder) / "m.o").read_bytes())


class InstrumentedBuild(Build):
    """A build all of whose objects are instrumented."""

    def _compile(self, text: str, opt_level: int) -> Path:
        key = digest_of([*FLAGS, str(opt_level), text])
        return self.cache.get(key, ".o") or self.cache.put(key, ".o", instrumented(text, opt_level))


def build(inputs: list[str], opt_level: int) -> Path:
    """An instrumented executable."""
    os.environ["CC"] = f"{CLANG} -fsanitize=thread"
    made = InstrumentedBuild(Options(opt_level=opt_level), fingerprint=fingerprint() + "races").executable(inputs)
    assert made is not None
    return made


def run(program: Path, arguments: Sequence[str], procs: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """Runs an instrumented program."""
    settings = {
        "GOGC": "off",
        "GOMAXPROCS": procs,
        "TSAN_OPTIONS": f"suppressions={HERE / 'suppressions.txt'} report_signal_unsafe=0",
    }
    return subprocess.run([program, *arguments], env={**os.environ, **settings}, text=True, **how)


def reported(program: Path, procs: str) -> Iterator[str]:
    """The programs of a folder's executable with reports, and what those say."""
    listed = run(program, ["-list"], procs, stdout=subprocess.PIPE).stdout
    for line in sorted(listed.splitlines()):
        name = line.split()[1]
        if name in NOT_RUN:
            continue
        try:
            out = run(program, [name], procs, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=120).stderr
        except subprocess.TimeoutExpired:
            yield f"{name}: no end within 120 s"
            continue
        if lines := [line for line in out.splitlines() if line.startswith(("SUMMARY", "FATAL"))]:
            yield "\n  ".join([name, *sorted(set(lines))])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-O", dest="level", type=int, default=1)
    parser.add_argument("--procs", default="4")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--each", action="store_true")
    parser.add_argument("program")
    parser.add_argument("arguments", nargs="*")
    options = parser.parse_args()
    program = build([options.program], options.level)
    if options.each:
        found = 0
        for text in reported(program, options.procs):
            found = 66
            print(text, flush=True)
        return found
    statuses = [run(program, options.arguments, options.procs).returncode for _ in range(options.times)]
    return max(status if status >= 0 else 128 - status for status in statuses)


if __name__ == "__main__":
    sys.exit(main())
