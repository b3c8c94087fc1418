"""The runtime functions that lowered code calls: name → Go signature.

They live in `runtime/*.go` (package runtime) under these names; `tests/test_runtime_calls.py` compares this table with the
sources. `P` marks functions whose lowered signature has the panic flag (docs/abi.md). A function named `panic…` records a
panic and returns; the caller goes to its unwind target. `ptr` is unsafe.Pointer, `typ` is *abi.Type.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class RuntimeFunction(NamedTuple):
    """Signature of a runtime function in the spelling of the table below."""

    name: str
    params: tuple[str, ...]
    results: tuple[str, ...]
    may_panic: bool


_TABLE = """
newobject(typ) ptr
newarray(typ, int) ptr
framealloc(uintptr) ptr
framefree(ptr, uintptr)

panicnil()
panicindex(int, int)
panicindexu(uint, int)
panicslice(int, int, int)
panicsliceconvert(int, int)
panicdivide()
panicshift()
panicmakeslicelen()
panicmakeslicecap()
panicmakechan()
panicunwrapmethod(string)
panicassert(typ, typ, typ, string)
gopanic(any)
panicenter(ptr)
paniccall(ptr, ptr)
panicdone(ptr) bool
recovertoken(ptr) ptr
recoverforward(ptr, ptr)
gorecover(ptr) any
deferpush(ptr, ptr, ptr)
deferpushheap(ptr, ptr)
deferpop(ptr) ptr

concatstrings(ptr, ptr, int) string
cmpstring(string, string) int
eqstring(string, string) bool
intstring(ptr, int64) string
bytestostring(ptr, ptr, int) string
stringtobytes(ptr, string) []byte
runestostring(ptr, []int32) string
stringtorunes(ptr, string) []int32
decoderune(string, int) (int32, int)

growslice(typ, ptr, int, int, int) (ptr, int, int)
makeslice(typ, int, int) ptr

efaceeq(typ, ptr, ptr) bool P
ifaceeq(ptr, ptr, ptr) bool P
typedequal(typ, ptr, ptr) bool P
getitab(typ, typ) ptr
assertitab(typ, typ) ptr
ifacetype(ptr) typ

makechan(typ, int) ptr
chanlen(ptr) int
chancap(ptr) int
chanrecv(ptr, ptr, ptr) int
chanrecvwoken(ptr) int
chansend(ptr, ptr, ptr) int P
chansendwoken(ptr) P
chanpark(ptr, ptr) bool
closechan(ptr) P
selectadd(ptr, int, ptr, ptr)
selectgo(ptr, int, bool) int P
selectpark(ptr, int, ptr) bool
selectwoken(ptr, int) int P
selectok(ptr, int) bool
yieldhook(ptr) bool
newproc(ptr)
awaitHook(ptr, ptr) bool
finalhook(ptr, ptr) ptr
parkprepare(ptr)
parkwait(ptr)
edgeprofile(ptr, int, string)

printlock()
printunlock()
printbool(bool)
printint(int64)
printuint(uint64)
printhex(uint64)
printfloat(float64)
printfloat32(float32)
printcomplex(complex128)
printcomplex64(complex64)
printstring(string)
printpointer(ptr)
printslice(ptr, int, int)
printeface(ptr, ptr)
printsp()
printnl()

complex128div(complex128, complex128) complex128
fmod(float64, float64) float64
float64touint64(float64) uint64
"""

_LIBRARY = """
internal/runtime/maps.NewMap(typ, uintptr, ptr, uintptr) ptr P
internal/runtime/maps.NewEmptyMap() ptr
internal/runtime/maps.(*Map).Delete(ptr, typ, ptr) P
internal/runtime/maps.(*Map).Clear(ptr, typ) P
internal/runtime/maps.(*Iter).Init(ptr, typ, ptr)
internal/runtime/maps.(*Iter).Next(ptr) P
runtime.mapaccess1(typ, ptr, ptr) ptr P
runtime.mapaccess1_fast32(typ, ptr, uint32) ptr
runtime.mapaccess1_fast64(typ, ptr, uint64) ptr
runtime.mapaccess1_faststr(typ, ptr, string) ptr
runtime.mapaccess2(typ, ptr, ptr) (ptr, bool) P
runtime.mapaccess2_fast32(typ, ptr, uint32) (ptr, bool)
runtime.mapaccess2_fast64(typ, ptr, uint64) (ptr, bool)
runtime.mapaccess2_faststr(typ, ptr, string) (ptr, bool)
runtime.mapassign(typ, ptr, ptr) ptr P
runtime.mapassign_fast32(typ, ptr, uint32) ptr P
runtime.mapassign_fast64(typ, ptr, uint64) ptr P
runtime.mapassign_fast64ptr(typ, ptr, ptr) ptr P
runtime.mapassign_faststr(typ, ptr, string) ptr P
runtime.mapdelete_fast32(typ, ptr, uint32) P
runtime.mapdelete_fast64(typ, ptr, uint64) P
runtime.mapdelete_faststr(typ, ptr, string) P
"""


def _parse(line: str) -> RuntimeFunction:
    may_panic = line.endswith(" P")
    match = re.fullmatch(r"(.*?[^.])\((.*?)\)(.*)", line.removesuffix(" P"))
    assert match is not None, line
    head, params, results = match.groups()
    split = [p.strip() for p in params.split(",") if p.strip()]
    outs = [r.strip() for r in results.strip().strip("()").split(",") if r.strip()]
    return RuntimeFunction(head, tuple(split), tuple(outs), may_panic)


RUNTIME_FUNCTIONS: dict[str, RuntimeFunction] = {
    f.name: f for f in (_parse("runtime." + line) for line in _TABLE.splitlines() if line)
}
LIBRARY_FUNCTIONS: dict[str, RuntimeFunction] = {
    f.name: f for f in (_parse(line) for line in _LIBRARY.splitlines() if line)
}
"""Functions of library packages that lowered code calls (map_functions.py). `P` makes them may-panic whatever they do."""
