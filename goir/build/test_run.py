"""Running test programs, one after another, with `go test`'s output."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from goir.build.patterns import Target

_GRACE_SECONDS = 60
"""How long a program may go on that should have ended itself."""


@dataclass(frozen=True)
class RunOptions:
    """How test programs are run: their arguments, and what is shown."""

    arguments: Sequence[str]
    timeout_seconds: float
    """0: none."""
    show: bool
    """Whether the output of tests that pass is shown."""
    direct: bool
    """Whether no packages were named: then the program writes to our standard output itself."""
    goroot: Path


class TestRunner:
    """Runs test programs; `failed` says whether something went wrong, with these or with others that were not built."""

    __test__ = False

    def __init__(self, options: RunOptions) -> None:
        self._options = options
        self.failed = False

    def not_built(self, target: Target, problem: str, why: str) -> None:
        """Says that a package has no test program: `why` is go's word for it."""
        print(problem, file=sys.stderr, flush=True)
        print(f"FAIL\t{target.path} [{why}]", flush=True)
        self.failed = True

    def no_tests(self, target: Target) -> None:
        """Says that a package has no tests."""
        print(f"?   \t{target.path}\t[no test files]", flush=True)

    def run(self, target: Target, program: Path) -> None:
        """Runs the tests of a package in its folder."""
        options = self._options
        sys.stdout.flush()
        start = time.monotonic()
        folder = str(target.folder)
        process = subprocess.Popen(
            [str(program), *options.arguments],
            cwd=folder,
            env={**os.environ, "PWD": folder, "GOROOT": str(options.goroot)},
            stdin=subprocess.DEVNULL,
            stdout=None if options.direct else subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        output, killed = self._wait(process)
        taken = f"{time.monotonic() - start:.3f}s"
        if process.returncode == 0:
            if options.direct or not re.search(rb"^testing: warning: no tests to run$", output, re.M):
                print(f"ok  \t{target.path}\t{taken}", flush=True)
            else:
                print(f"ok  \t{target.path}\t{taken} [no tests to run]", flush=True)
            return
        self.failed = True
        if not options.show and not options.direct:
            sys.stdout.buffer.write(output)
            if output and not output.endswith(b"\n"):
                sys.stdout.buffer.write(b"\n")
        if killed:
            print(f"*** Test killed with quit: ran too long ({options.timeout_seconds + _GRACE_SECONDS:.0f}s).")
        if not output or process.returncode < 0:
            print(_status(process.returncode))
        print(f"FAIL\t{target.path}\t{taken}", flush=True)

    def _wait(self, process: subprocess.Popen[bytes]) -> tuple[bytes, bool]:
        """What a program wrote, shown meanwhile if that is wanted, and whether it had to be killed."""
        limit = self._options.timeout_seconds
        killed = False
        if self._options.direct or not self._options.show:
            try:
                output, _ = process.communicate(timeout=limit + _GRACE_SECONDS if limit else None)
            except subprocess.TimeoutExpired:
                killed = True
                process.send_signal(signal.SIGQUIT)
                try:
                    output, _ = process.communicate(timeout=5)
                except subprocess.TimeoutExpired:
                    process.kill()
                    output, _ = process.communicate()
            return output or b"", killed
        assert process.stdout is not None
        written = bytearray()
        while chunk := os.read(process.stdout.fileno(), 1 << 16):
            written += chunk
            sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
        process.wait()
        return bytes(written), killed

    def finish(self) -> int:
        """Says FAIL if something failed; answers the exit status."""
        if self.failed and not self._options.direct:
            print("FAIL", flush=True)
        return 1 if self.failed else 0


def _status(code: int) -> str:
    if code >= 0:
        return f"exit status {code}"
    names = {
        signal.SIGSEGV: "segmentation fault",
        signal.SIGABRT: "aborted",
        signal.SIGKILL: "killed",
        signal.SIGQUIT: "quit",
        signal.SIGBUS: "bus error",
        signal.SIGILL: "illegal instruction",
        signal.SIGTRAP: "trace/breakpoint trap",
    }
    try:
        return f"signal: {names.get(signal.Signals(-code), signal.Signals(-code).name)}"
    except ValueError:
        return f"signal: {-code}"


_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def duration_seconds(text: str) -> float | None:
    """The seconds of a duration as Go writes it (1h30m, 1.5s, 0); None if it is none."""
    if text == "0":
        return 0.0
    parts = re.findall(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", text)
    if not parts or "".join(n + u for n, u in parts) != text:
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in parts)
