"""Keeping the code of functions that dataclasses and named tuples generate as text when their module is imported.

Importing xDSL and goir's dialects compiles some 800 such texts: a quarter of the time that it takes. `dataclasses` and
`collections` find `exec` and `eval` by name, so a global of theirs can stand in: it compiles a text only if its code is
not known from an earlier process. The text is the key, so nothing else changes.
"""

from __future__ import annotations

import collections
import dataclasses
import hashlib
import marshal
import os
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import CodeType
from typing import Any

from goir.build.fastpath import cache_dir

_DIGEST_SIZE = 32
_Codes = dict[tuple[str, str], CodeType]


@contextmanager
def kept_code(name: str = "") -> Generator[None]:
    """Within it, modules are imported faster. What is kept under a name is what was used of it last."""
    path = cache_dir() / "generated" / hashlib.sha256(f"{sys.version} {name}".encode()).hexdigest()
    known = _read(path)
    used: _Codes = {}

    def code(text: str, mode: str) -> CodeType:
        found = used[mode, text] = known.get((mode, text)) or compile(text, "<string>", mode)
        return found

    def execute(text: str, names: dict[str, Any] | None = None, local: Mapping[str, object] | None = None) -> None:
        exec(code(text, "exec"), names, local)

    def evaluate(text: str, names: dict[str, Any] | None = None, local: Mapping[str, object] | None = None) -> Any:
        return eval(code(text, "eval"), names, local)

    stand_ins = ((dataclasses, "exec", execute), (collections, "eval", evaluate))
    for module, name, function in stand_ins:
        setattr(module, name, function)
    try:
        yield
    finally:
        for module, name, _ in stand_ins:
            delattr(module, name)
    if not used.keys() <= known.keys():
        _write(path, used)


def _read(path: Path) -> _Codes:
    try:
        data = path.read_bytes()
        os.utime(path)  # the cache drops what was not used for long
    except OSError:
        return {}
    if hashlib.sha256(data[_DIGEST_SIZE:]).digest() != data[:_DIGEST_SIZE]:
        return {}
    return marshal.loads(data[_DIGEST_SIZE:])


def _write(path: Path, codes: _Codes) -> None:
    from goir.build.cache import write_atomically

    data = marshal.dumps(codes)
    with suppress(OSError):  # whoever needs the cache says what is wrong with it
        write_atomically(path, hashlib.sha256(data).digest() + data)
