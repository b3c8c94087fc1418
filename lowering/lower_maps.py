"""go-to-llvm: maps and channels. Maps are the library's: map_functions.py says which of its functions are called.

%v = go.map_get %m[%k]      →   %p = runtime.mapaccess1_faststr(type, m, k);  load %p
"""

from __future__ import annotations

from typing import Final, cast

from xdsl.ir import SSAValue

from goir.dialects import go
from goir.dialects import llvm_ext as llvm
from goir.dialects.go_types import ChanType, MapType
from goir.lowering import map_functions, map_tables
from goir.lowering.escape_analysis import STORAGE
from goir.lowering.function_lowering import FunctionLowering, lowers
from goir.lowering.ir import constant_int
from goir.lowering.layout import PTR, TypeLayout
from goir.lowering.lower_compare import has_interface
from goir.lowering.lower_strings import MAX_ALLOC

ITER_SIZE = 96
"""Bytes of a maps.Iter."""
MAX_GROUP: Final = 512
"""Bytes of a map's only group that is in the frame."""


def _elem(f: FunctionLowering, map: SSAValue) -> TypeLayout:
    return f.layouts.of(cast(MapType, f.layout(map).underlying).elem)


def _kind(f: FunctionLowering, op: go.MapGetOp | go.MapSetOp | go.MapDeleteOp) -> str:
    """Which functions a map has (`map_functions.key_kind`)."""
    if _elem(f, op.map).size > map_functions.MAX_ELEM:
        return ""
    return map_functions.key_kind(f.layout(op.key).underlying)


def _map_in_frame(f: FunctionLowering, type: MapType) -> SSAValue:
    """A map that does not outlive the frame. Its first entries are there as well, if they are small."""
    header = f.alloca_bytes(map_tables.HEADER_SIZE)
    f.clear(header, map_tables.HEADER_SIZE)
    size = map_tables.group(f.layouts, type).whole.size
    if size <= MAX_GROUP:
        group = f.alloca_bytes(size)
        f.clear(group, size)
        f.store(f.int(map_tables.EMPTY), group)
        f.store(group, f.offset(header, map_tables.DIRECTORY))
    return header


@lowers(go.MakeMapOp)
def lower_make_map(f: FunctionLowering, op: go.MakeMapOp) -> None:
    if map_tables.is_small(op):
        if STORAGE not in op.attributes:
            f.set(op, f.runtime(map_functions.MAKE_EMPTY)[0])
            return
        map = _map_in_frame(f, cast(MapType, f.layouts.underlying(op.result.type)))
        f.runtime(map_functions.MAKE, f.descriptor(op.result.type), f.int(0), map, f.int(MAX_ALLOC), impossible=True)
        f.set(op, map)
        return
    assert op.hint is not None
    hint = f.binary(llvm.SMaxOp, f.to_int(op.hint), f.int(0))
    type = f.descriptor(op.result.type)
    f.set(op, f.runtime(map_functions.MAKE, type, hint, f.null, f.int(MAX_ALLOC), impossible=True)[0])


def _call_with_key(
    f: FunctionLowering, name: str, op: go.MapGetOp | go.MapSetOp | go.MapDeleteOp, kind: str, *, may_panic: bool = True
) -> list[SSAValue]:
    """Calls a map function with the key: itself, or a pointer to it."""
    key = f.values[op.key]
    type, map = f.descriptor(op.map.type), f.values[op.map]
    if kind:
        if kind == "_fast64ptr" and not name.endswith("ptr"):
            key = f.value(llvm.PtrToIntOp, (key,), llvm.int_attr(0, 64).type)
        return f.runtime(name, type, map, key, impossible=not may_panic)
    layout = f.layout(op.key)
    spilled = not layout.indirect and layout.size > 0
    if spilled:
        place = f.temporary(layout.memory, layout.align)
        f.store(key, place)
    else:
        place = key if layout.indirect else f.address(f.module.zeros(16))
    args = (map, type, place) if name == map_functions.DELETE else (type, map, place)
    results = f.runtime(name, *args, impossible=not may_panic)
    if spilled:
        f.release(place)
    return results


_BETWEEN: Final = frozenset({
    go.ConstantOp, go.StringConstOp, go.ZeroOp, go.AddOp, go.SubOp, go.MulOp, go.AndOp, go.OrOp, go.XorOp, go.AndNotOp,
    go.NegOp, go.ComOp, go.NotOp, go.MinOp, go.MaxOp, go.ConcatOp, go.AppendElemsOp, go.ExtractOp, go.InsertOp,
    go.StructOp,
})  # fmt: skip
"""Ops that compute the new element of `m[k] op= v` from the old one. None of them panics, waits or sees a map."""


def _update(op: go.MapGetOp) -> go.MapSetOp | None:
    """The assignment of `m[k] = … m[k] …`: the key is looked up once, by the assignment."""
    following = op.next_op
    while following is not None and following.__class__ in _BETWEEN:
        following = following.next_op
    if isinstance(following, go.MapSetOp) and following.map is op.map and following.key is op.key:
        return following
    return None


@lowers(go.MapGetOp)
def lower_map_get(f: FunctionLowering, op: go.MapGetOp) -> None:
    # Only a key with an interface in it can turn out not to be hashable.
    may_panic = has_interface(f.layout(op.key))
    elem = _elem(f, op.map)
    kind = _kind(f, op)
    if op.ok is None and (update := _update(op)) is not None:
        place = f.map_places[update] = _call_with_key(f, map_functions.assign(kind), op, kind)[0]
        f.set(op, f.load_value(place, elem))
        return
    if op.ok is None and elem.size <= map_functions.MAX_ZERO:
        place = _call_with_key(f, map_functions.access(kind, False), op, kind, may_panic=may_panic)[0]
        f.set(op, f.load_value(place, elem))
        return
    place, found = _call_with_key(f, map_functions.access(kind, True), op, kind, may_panic=may_panic)
    if elem.size > map_functions.MAX_ZERO:
        place = f.select(found, place, f.address(f.module.zeros(elem.size)))
    value = f.load_value(place, elem)
    f.set(op, *((value,) if op.ok is None else (value, found)))


@lowers(go.MapSetOp)
def lower_map_set(f: FunctionLowering, op: go.MapSetOp) -> None:
    kind = _kind(f, op)
    place = f.map_places.get(op)
    if place is None:
        place = _call_with_key(f, map_functions.assign(kind), op, kind)[0]
    f.store_value(f.values[op.value], place, _elem(f, op.map))


@lowers(go.MapDeleteOp)
def lower_map_delete(f: FunctionLowering, op: go.MapDeleteOp) -> None:
    kind = _kind(f, op)
    _call_with_key(f, map_functions.delete(kind), op, kind, may_panic=has_interface(f.layout(op.key)))


@lowers(go.MapIterOp)
def lower_map_iter(f: FunctionLowering, op: go.MapIterOp) -> None:
    iterator = f.alloca_bytes(ITER_SIZE)
    f.clear(iterator, ITER_SIZE)
    f.runtime(map_functions.ITER_INIT, iterator, f.descriptor(op.map.type), f.values[op.map], impossible=True)
    f.set(op, iterator)


@lowers(go.MapNextOp)
def lower_map_next(f: FunctionLowering, op: go.MapNextOp) -> None:
    iterator = f.values[op.iter]
    f.runtime(map_functions.ITER_NEXT, iterator, impossible=True)
    key = f.load(PTR, iterator)
    ok = f.icmp("ne", key, f.null)
    results = [ok]
    for old in (op.key, op.value):
        layout = f.layouts.of(old.type)
        if old.first_use is None:
            results.append(f.poison(layout.value))
            continue
        place = key if old is op.key else f.load(PTR, f.offset(iterator, 8))
        place = f.select(ok, place, f.address(f.module.zeros(layout.size)))
        results.append(f.load_value(place, layout))
    f.set(op, *results)


# Channels: the rest is done by lower-channels -----------------------------------------------------------------------


@lowers(go.MakeChanOp)
def lower_make_chan(f: FunctionLowering, op: go.MakeChanOp) -> None:
    size = f.int(0)
    if op.size is not None:
        size = f.to_int(op.size)
        elem = f.layouts.of(cast(ChanType, f.layouts.underlying(op.result.type)).elem)
        largest = MAX_ALLOC // elem.size if elem.size else (1 << 63) - 1
        known = constant_int(op.size)
        if known is None or not 0 <= known <= largest:
            f.check(f.icmp("ugt", size, f.int(largest)), "runtime.panicmakechan")
    f.set(op, f.runtime("runtime.makechan", f.descriptor(op.result.type), size)[0])


@lowers(go.CloseOp)
def lower_close(f: FunctionLowering, op: go.CloseOp) -> None:
    f.runtime("runtime.closechan", f.values[op.chan])


@lowers(go.GoOp)
def lower_go(f: FunctionLowering, op: go.GoOp) -> None:
    f.runtime("runtime.newproc", f.values[op.function])
