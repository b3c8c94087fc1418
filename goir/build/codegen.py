"""LLVM IR text → object file, in processes of their own (codegen_worker).

Workers are started when first needed (or early, by `prestart`), kept until this process ends, and used by one thread
each; with
`compile_objects` several modules are compiled at once. When LLVM aborts, the worker's death becomes an
InternalCompilerError that says
what LLVM said and, found by compiling parts of the module again, in which function.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any, Literal

from goir.build.errors import InternalCompilerError

Want = Literal["obj", "asm", "ll"]


class _Died(Exception):
    """The worker ended instead of answering; str() is what it printed last."""


class _Worker:
    def __init__(self) -> None:
        self.errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        # -P: nothing in the current folder is imported.
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "goir.build.codegen_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )

    def ask(self, text: str, opt_level: int, want: Want) -> tuple[bool, bytes]:
        """(it went well, what was wanted or the message)."""
        data = text.encode("utf-8")
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None and stdout is not None
        try:
            stdin.write(json.dumps({"opt": opt_level, "want": want, "size": len(data)}).encode() + b"\n")
            stdin.write(data)
            stdin.flush()
            line = stdout.readline()
        except BrokenPipeError:
            line = b""
        if not line:
            self.process.wait()
            raise _Died(self.last_words())
        answer: dict[str, Any] = json.loads(line)
        return answer["ok"], stdout.read(answer["size"])

    def last_words(self) -> str:
        self.errors.seek(0)
        lines = [s for s in self.errors.read().decode("utf-8", "replace").splitlines() if s.strip()]
        said = [s for s in lines if "LLVM ERROR" in s or "Assertion" in s] or lines[-1:]
        if said:
            text = said[0].strip()
            # "python: /build/llvm/lib/CoroFrame.cpp:123: void f(): Assertion `x' failed." without what differs
            # between machines
            if (match := re.search(r"([\w.]+:\d+): .*?(Assertion .*)", text)) is not None:
                text = f"{match[1]}: {match[2]}"
            return text
        return f"the code generator ended with status {self.process.returncode}"

    def close(self) -> None:
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.errors.close()


class _Pool:
    def __init__(self) -> None:
        self.idle: list[_Worker] = []
        self.lock = threading.Lock()
        atexit.register(self.close)

    def take(self) -> _Worker:
        with self.lock:
            if self.idle:
                return self.idle.pop()
        return _Worker()

    def give(self, worker: _Worker) -> None:
        with self.lock:
            self.idle.append(worker)

    def close(self) -> None:
        # All are told before the first is waited for.
        for worker in self.idle:
            worker.process.kill()
        while self.idle:
            self.idle.pop().close()


_pool = _Pool()


def shutdown() -> None:
    """End the idle workers: a process that replaces this one must not inherit children."""
    _pool.close()


def prestart() -> None:
    """Start a worker now: LLVM is loaded while the front end works."""
    _pool.give(_Worker())


def compile_object(llvm_text: str, opt_level: int) -> bytes:
    """The object file of a module, its pc table (pctab) included. InternalCompilerError if LLVM refuses it or
    aborts."""
    return compile_as(llvm_text, opt_level, "obj")


def compile_objects(llvm_texts: Sequence[str], opt_level: int) -> list[bytes]:
    """`compile_object` of several modules, on all cores."""
    if len(llvm_texts) == 1:
        return [compile_object(llvm_texts[0], opt_level)]
    jobs = min(len(llvm_texts), len(os.sched_getaffinity(0)))
    with ThreadPoolExecutor(jobs) as threads:
        return list(threads.map(compile_object, llvm_texts, [opt_level] * len(llvm_texts)))


def compile_as(llvm_text: str, opt_level: int, want: Want) -> bytes:
    """The object file ("obj"), assembly ("asm") or optimised LLVM IR ("ll") of a module."""
    worker = _pool.take()
    try:
        ok, data = worker.ask(llvm_text, opt_level, want)
    except _Died as death:
        worker.close()
        place = _culprit(llvm_text, lambda part: _dies(part, opt_level, want))
        where = f" in function {place}" if place else ""
        raise InternalCompilerError(f"LLVM aborted{where}: {death}") from None
    except BaseException:
        # An answer may be half read: this worker is of no more use.
        worker.process.kill()
        worker.close()
        raise
    _pool.give(worker)
    if not ok:
        message = data.decode("utf-8", "replace").replace("LLVM IR parsing error\n", "")
        raise InternalCompilerError(
            "LLVM refused the module: " + " / ".join(s.strip() for s in message.splitlines() if s.strip())
        )
    return data


def _dies(text: str, opt_level: int, want: Want) -> bool:
    worker = _Worker()
    try:
        worker.ask(text, opt_level, want)
        return False
    except _Died:
        return True
    finally:
        worker.close()


_DEFINE = re.compile(r"^define [^\n]*\{\n.*?^\}\n", re.MULTILINE | re.DOTALL)
_HEAD = re.compile(
    r"^define (?:(?:private|internal|available_externally|linkonce|weak|linkonce_odr|weak_odr"
    r"|dso_local|hidden|protected) )*(.*) \{$"
)


def _declaration(definition: str) -> str:
    match = _HEAD.match(definition.partition("\n")[0])
    if match is None:
        return definition
    head = re.sub(r' !dbg !\d+| comdat\(\$"[^"]*"\)| section "[^"]*"', "", match[1])
    # presplitcoroutine and the like need a body.
    return "declare " + re.sub(r" #\d+(?= |$)", "", head) + "\n"


def _culprit(text: str, dies: Callable[[str], bool]) -> str | None:
    """The one function without whose body the module does not make LLVM abort, if there is one."""
    definitions = [m.span() for m in _DEFINE.finditer(text)]

    def only(kept: Sequence[int]) -> str:
        out: list[str] = []
        at = 0
        for i, (start, end) in enumerate(definitions):
            out.append(text[at:start])
            body = text[start:end]
            out.append(body if i in kept else _declaration(body))
            at = end
        out.append(text[at:])
        return "".join(out)

    suspects = list(range(len(definitions)))
    while len(suspects) > 1:
        half = suspects[: len(suspects) // 2]
        other = suspects[len(suspects) // 2 :]
        if dies(only(half)):
            suspects = half
        elif dies(only(other)):
            suspects = other
        else:
            return None
    if not suspects:
        return None
    start, end = definitions[suspects[0]]
    name = re.search(r'@("(?:[^"]*)"|[\w.$]+)\(', text[start:end])
    return name[1].strip('"') if name else None
