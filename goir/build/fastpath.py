"""`goir run` of a program that has not changed, before anything heavy is imported.

A build leaves an *action record* in the cache: which files it read, with their digests, and which executable came out.
The record's name is a digest of what was asked for (paths and flags) and of goir itself. When every file still has its
digest the executable is run at once. Only the standard library and platformdirs are imported here.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import goir


def cache_dir() -> Path:
    """The folder of the cache: `GOIR_CACHE`, else `goir` in the user's cache folder."""
    if named := os.environ.get("GOIR_CACHE"):
        return Path(named).absolute()
    import platformdirs

    return Path(platformdirs.user_cache_dir("goir"))


def _source_folders() -> Iterable[str]:
    """The folders that hold goir's own code, in a checkout and in an installed package alike."""
    front = os.path.dirname(os.path.abspath(goir.__file__ or ""))
    yield front
    for part in ("syntax", "types", "irgen", "build"):
        yield os.path.join(front, part)
    beside = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    installed = os.path.join(front, "lowering")
    root = front if os.path.isdir(installed) else beside
    for part in ("dialects", "lowering", "runtime", "tools"):
        yield os.path.join(root, part)
    yield from overlay_folders(os.path.join(root, "runtime", "overlay"))


def overlay_folders(top: str) -> Iterable[str]:
    """The folders of the library's overlay."""
    with os.scandir(top) as entries:
        folders = sorted(entry.path for entry in entries if entry.is_dir())
    for folder in folders:
        yield folder
        yield from overlay_folders(folder)


def fingerprint() -> str:
    """A digest of goir's version, the Python that runs it and the state of every source file of goir."""
    digest = hashlib.sha256(f"{goir.__version__} {sys.version} {sys.prefix}".encode())
    site = os.path.join(sys.prefix, "lib", f"python{sys.version_info[0]}.{sys.version_info[1]}", "site-packages")
    if os.path.isdir(site):  # changes when xdsl or llvmlite is replaced
        digest.update(str(os.stat(site).st_mtime_ns).encode())
    for folder in _source_folders():
        digest.update(folder.encode())
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda e: e.name):
                if entry.name.endswith((".py", ".go")):
                    status = entry.stat()
                    digest.update(f"{entry.name} {status.st_mtime_ns} {status.st_size}\n".encode())
    return digest.hexdigest()


def file_digest(path: str) -> str:
    """The digest of a file's content, or of a folder's list of source files (with a slash at the end: of all files);
    empty if there is no such thing."""
    try:
        if os.path.isdir(path):
            names = sorted(n for n in os.listdir(path) if path.endswith("/") or n.endswith((".go", ".mod")))
            return hashlib.sha256("\n".join(names).encode()).hexdigest()
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return ""


def action_path(goir_digest: str, flags: Iterable[str], inputs: Iterable[str]) -> Path:
    """Where the record of a build lies: a name made of what was asked for."""
    variables = [os.environ.get(name, "") for name in ("CC", "GOROOT", "GOMODCACHE", "GOPATH")]
    asked = [goir_digest, os.getcwd(), *variables, *flags, "--", *(os.path.abspath(i) for i in inputs)]
    return cache_dir() / "actions" / hashlib.sha256("\0".join(asked).encode()).hexdigest()


def lookup(record: Path) -> str | None:
    """The executable that a record names, if nothing that went into it has changed."""
    try:
        action = json.loads(record.read_bytes())
        executable = str(action["executable"])
        inputs: dict[str, str] = action["inputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if all(file_digest(path) == digest for path, digest in inputs.items()) and os.access(executable, os.X_OK):
        return executable
    return None


_WITH_VALUES = ("--goroot=", "-tags=", "--tags=")


def split_run_arguments(arguments: list[str]) -> tuple[list[str], list[str], list[str]] | None:
    """Split what follows `goir run` into flags, inputs and the program's own arguments.

    Inputs are the leading `.go` files, or one folder or `.goir` file. None: no plain run, the full parser decides.
    """
    at = 0
    while at < len(arguments):
        if arguments[at] in ("--goroot", "-tags", "--tags"):
            at += 2
        elif arguments[at] in ("-O0", "-O1", "-O2", "-O3", "-e") or arguments[at].startswith(_WITH_VALUES):
            at += 1
        else:
            break
    first = at
    if at < len(arguments) and arguments[at].startswith("-"):
        return None
    while at < len(arguments) and arguments[at].endswith(".go") and not arguments[at].startswith("-"):
        at += 1
    if at == first:
        at += 1
    if first >= len(arguments):
        return None
    return arguments[:first], arguments[first:at], arguments[at:]


def replace_process(executable: str, arguments: list[str]) -> None:
    """Become the program; its name is argument zero, as `go run` has it. Returns only by raising OSError."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(executable, [executable, *arguments])


def try_run(arguments: list[str]) -> tuple[list[str], list[str], list[str]] | None:
    """Run a cached program in place of this process, or answer what there is to build: see split_run_arguments."""
    split = split_run_arguments(arguments)
    if split is None:
        return None
    flags, inputs, rest = split
    executable = lookup(action_path(fingerprint(), flags, inputs))
    if executable is not None:
        replace_process(executable, rest)
    return split
