"""Functions without a body in library packages: each is the compiler's, C's, the runtime's or another package's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from goir.build.errors import BuildError
from goir.build.goroot import RUNTIME_FOLDER, Goroot, find_goroot
from goir.build.overlay import merge, receiver_base
from goir.lowering.runtime_calls import LIBRARY_FUNCTIONS
from goir.syntax import ast
from goir.syntax.parser import parse_file
from goir.syntax.positions import FileSet

try:
    GOROOT = Goroot(find_goroot())
except BuildError:
    pytest.skip("there is no Go source tree", allow_module_level=True)

PACKAGES = (
    "bufio bytes cmp encoding/binary errors hash/crc32 hash/maphash internal/abi internal/asan internal/bytealg "
    "internal/byteorder internal/chacha8rand internal/cpu internal/goarch internal/goexperiment internal/goos "
    "internal/msan internal/profilerecord internal/race internal/runtime/maps internal/runtime/math internal/runtime/sys "
    "internal/strconv internal/stringslite internal/unsafeheader io maps math math/bits math/cmplx slices sort strconv "
    "strings unicode unicode/utf16 unicode/utf8"
).split()
# What gc's compiler knows and nothing calls that goir compiles.
NEVER_CALLED = {"internal/abi.FuncPCABI0", "internal/abi.FuncPCABIInternal"}
MAPS = "internal/runtime/maps"


def parsed(names: list[str]) -> list[ast.File]:
    files: list[ast.File] = []
    for name in names:
        with open(name, "rb") as source:
            file, errors = parse_file(FileSet(), name, source.read())
        assert not errors, errors
        files.append(file)
    return files


@cache
def files_of(path: str) -> list[ast.File]:
    found = GOROOT.package(path)
    assert found.files or found.overlay, path
    return merge(parsed(found.files), parsed(found.overlay))


def linknames(files: list[ast.File]) -> dict[str, str]:
    lines = [d.text.split() for file in files for d in file.directives]
    return {words[1]: words[2] for words in lines if words[0].startswith("//go:linkname") and len(words) == 3}


def functions(files: list[ast.File]) -> Iterator[ast.FuncDecl]:
    for file in files:
        for decl in file.decls:
            if isinstance(decl, ast.FuncDecl) and decl.recv is None:
                yield decl


def defined(path: str, files: list[ast.File]) -> set[str]:
    """The symbols of the functions with bodies."""
    names = linknames(files)
    return {names.get(f.name.name, f"{path}.{f.name.name}") for f in functions(files) if f.body is not None}


@cache
def runtime_symbols() -> set[str]:
    return defined("runtime", parsed([str(p) for p in sorted(RUNTIME_FOLDER.glob("*.go"))]))


@pytest.mark.parametrize("path", PACKAGES)
def test_bodies(path: str) -> None:
    files = files_of(path)
    names = linknames(files)
    known = runtime_symbols() | defined(MAPS, files_of(MAPS)) | defined(path, files) | NEVER_CALLED
    missing: list[str] = []
    for function in functions(files):
        if function.body is None:
            kinds = {text.split()[0] for text in function.directives}
            symbol = names.get(function.name.name, f"{path}.{function.name.name}")
            if not kinds & {"//goir:extern", "//goir:intrinsic"} and symbol not in known:
                missing.append(symbol)
    assert not missing


def test_what_lowered_code_calls() -> None:
    """The functions of the library that lowering calls exist."""
    maps = files_of(MAPS)
    methods = {
        f"{MAPS}.(*{receiver_base(decl.recv)}).{decl.name.name}"
        for file in maps
        for decl in file.decls
        if isinstance(decl, ast.FuncDecl) and decl.recv is not None
    }
    assert set(LIBRARY_FUNCTIONS) <= methods | defined(MAPS, maps)
