"""goir's commands in forks of a process that has imported the compiler: each takes half a second of a processor less.

    run("goir.tools.goir", "run", "x.go")       what subprocess.run([sys.executable, "-m", "goir.tools.goir", "run", "x.go"])
                                                gives, both streams together

The process is started with the first command and ends with the one that tests. What a command does in a process of its own
(its start, its exit status for every kind of end) is tested where that matters, in test_cli.py and by lit."""

from __future__ import annotations

import atexit
import gc
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import IO, Any


def run(
    module: str,
    *arguments: str | Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    input: str = "",
    timeout: float = 300,
) -> subprocess.CompletedProcess[str]:
    """Runs a module's `main()`; raises subprocess.TimeoutExpired."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out:
        given.write(input.encode())
        given.seek(0)
        command = [module, *map(str, arguments)]
        status = _server().ask(
            {
                "command": command,
                "cwd": str(cwd or Path.cwd()),
                "env": dict(env if env is not None else os.environ),
                "stdin": f"/proc/{os.getpid()}/fd/{given.fileno()}",
                "stdout": f"/proc/{os.getpid()}/fd/{out.fileno()}",
                "timeout": timeout,
            }
        )
        out.seek(0)
        text = out.read().decode("utf-8", "surrogateescape")
    if status is None:
        raise subprocess.TimeoutExpired(command, timeout, text)
    return subprocess.CompletedProcess(command, status, text)


class _Server:
    def __init__(self) -> None:
        self._process = subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        atexit.register(self._close)

    def ask(self, request: dict[str, Any]) -> int | None:
        """The exit status of a command; None if it took too long."""
        requests, answers = self._pipes()
        requests.write(json.dumps(request).encode() + b"\n")
        requests.flush()
        return json.loads(answers.readline())

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        assert self._process.stdin is not None and self._process.stdout is not None
        return self._process.stdin, self._process.stdout

    def _close(self) -> None:
        self._pipes()[0].close()
        self._process.wait()


_servers: list[_Server] = []


def _server() -> _Server:
    if not _servers:
        _servers.append(_Server())
    return _servers[0]


# The process ------------------------------------------------------------------------------------------------------------


def _serve() -> str:
    """Answers requests; in the fork for one of them, returns the module whose `main` is to be called."""
    from goir.tools.imports import load_compiler

    load_compiler()
    for name in ("goir.tools.cli", "goir.tools.goir", "goir.tools.opt_main", "goir.tools.goir_translate"):
        import_module(name)
    gc.collect()
    gc.freeze()
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    while line := requests.readline():
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            requests.close()
            return _become(request)
        answers.write(json.dumps(_wait(child, request["timeout"])).encode() + b"\n")
        answers.flush()
    sys.exit()


def _become(request: dict[str, Any]) -> str:
    for number, name, flags in (0, "stdin", os.O_RDONLY), (1, "stdout", os.O_WRONLY | os.O_APPEND):
        opened = os.open(request[name], flags)
        os.dup2(opened, number)
        os.close(opened)
    os.dup2(1, 2)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    module, *sys.argv[1:] = request["command"]
    return module


def _wait(child: int, seconds: float) -> int | None:
    process = os.pidfd_open(child)
    try:
        in_time = select.select([process], [], [], seconds)[0]
        if not in_time:
            os.kill(child, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return status if in_time else None
    finally:
        os.close(process)


if __name__ == "__main__":
    import_module(_serve()).main()
