"""Types of attributes that only the cache or a module of IR mentions."""

from __future__ import annotations

import pytest

from goir.build.packages import Loader
from goir.dialects import go_types as gt
from goir.irgen.context import ModuleGen
from goir.irgen.sources import Sources
from goir.irgen.type_finder import TypeFinder, parse_type
from goir.types import types as T

EMPTY = "!go.interface<>"
TABLE = "internal/sync.HashTrieMap[interface {},interface {}]"
POINTER = "sync/atomic.Pointer[internal/sync.HashTrieMap[interface {},interface {}]]"
LOCAL = "os.init.T·1"
INSTANCES = {
    TABLE: [EMPTY, EMPTY],
    POINTER: [f'!go.named<"{TABLE}">'],
    "a.F[unknown]": ['!go.named<"a.unknown">'],
    f"sync/atomic.Pointer[{LOCAL}]": [str(gt.NamedType(LOCAL))],
}


@pytest.fixture(scope="module")
def sources() -> Sources:
    return Sources([], Loader().library)


def finder(sources: Sources) -> TypeFinder:
    return TypeFinder(sources, lambda symbol: None, INSTANCES.get)


@pytest.mark.parametrize(
    "text",
    [
        "i1",
        "!go.int",
        "!go.unsafe_pointer",
        '!go.named<"error">',
        '!go.ptr<!go.named<"os.File">>',
        f'!go.slice<!go.named<"{TABLE}">>',
        f'!go.map<!go.string, !go.array<3 x !go.named<"{POINTER}">>>',
        '!go.chan<recv !go.named<"io/fs.FileMode">>',
        '!go.func<(!go.int, ...!go.string) -> (!go.named<"error">)>',
        '!go.struct<a : !go.int in "os" tag "json:\\"a\\"", embed File : !go.ptr<!go.named<"os.File">>>',
        '!go.interface<Close : !go.func<() -> (!go.named<"error">)>, own : !go.func<() -> ()> in "os">',
    ],
)
def test_the_type_of_an_attribute(sources: Sources, text: str) -> None:
    attr = parse_type(text)
    found = finder(sources).type(attr)
    assert found is not None
    assert ModuleGen(Loader().fset, [], sources).types(found) == attr


def test_an_instance_has_the_underlying_type_of_its_arguments(sources: Sources) -> None:
    found = finder(sources).named(POINTER)
    assert found is not None and found.orig.obj.name == "Pointer"
    assert isinstance(found.underlying, T.Struct)
    assert [str(m.name) for m in found.methods] == ["Load", "Store", "Swap", "CompareAndSwap"]


@pytest.mark.parametrize(
    "symbol",
    ["os.Missing", "missing.T", "os.Getpid", "a.F[unknown]", "a.F[int]", LOCAL, f"sync/atomic.Pointer[{LOCAL}]"],
)
def test_what_is_not_found(sources: Sources, symbol: str) -> None:
    assert finder(sources).named(symbol) is None
    assert finder(sources).type(gt.PtrType(gt.NamedType(symbol))) is None
