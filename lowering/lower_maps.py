"""go-to-llvm: maps and channels: calls of the runtime with keys and values in memory.

%v = go.map_get %m[%k]      →   %p = runtime.mapaccess(type, m, &k);  *(p or zeroed memory)
"""

from __future__ import annotations

from typing import cast

from xdsl.ir import SSAValue

from goir.dialects import go
from goir.dialects.go_types import ChanType, MapType
from goir.lowering.function_lowering import FunctionLowering, constant_int, lowers
from goir.lowering.layout import PTR, TypeLayout
from goir.lowering.lower_compare import has_interface
from goir.lowering.lower_strings import MAX_ALLOC

ITER_SIZE = 128
"""Bytes of a map iterator (docs/runtime-calls.md)."""


def _elem(f: FunctionLowering, layout: TypeLayout) -> TypeLayout:
    return f.layouts.of(cast(MapType, layout.underlying).elem)


@lowers(go.MakeMapOp)
def lower_make_map(f: FunctionLowering, op: go.MakeMapOp) -> None:
    hint = f.to_int(op.hint) if op.hint is not None else f.int(0)
    f.set(op, f.runtime("runtime.makemap", f.descriptor(op.result.type), hint)[0])


def _call_with_key(
    f: FunctionLowering, name: str, map: SSAValue, key: SSAValue, *, may_panic: bool = True
) -> list[SSAValue]:
    """Calls a map function with a pointer to the key. Only a key with an interface in it can turn out not to be
    hashable."""
    layout = f.layout(key)
    value = f.values[key]
    spilled = not layout.indirect and layout.size > 0
    if spilled:
        place = f.temporary(layout.memory, layout.align)
        f.store(value, place)
    else:
        place = value if layout.indirect else f.address(f.module.zeros(16))
    results = f.runtime(name, f.descriptor(map.type), f.values[map], place, ignore_flag=not may_panic)
    if spilled:
        f.release(place)
    return results


@lowers(go.MapGetOp)
def lower_map_get(f: FunctionLowering, op: go.MapGetOp) -> None:
    layout = f.layout(op.map)
    may_panic = has_interface(f.layout(op.key))
    place = _call_with_key(f, "runtime.mapaccess", op.map, op.key, may_panic=may_panic)[0]
    elem = _elem(f, layout)
    found = f.icmp("ne", place, f.null)
    place = f.select(found, place, f.address(f.module.zeros(elem.size)))
    value = f.load_value(place, elem)
    f.set(op, *((value,) if op.ok is None else (value, found)))


@lowers(go.MapSetOp)
def lower_map_set(f: FunctionLowering, op: go.MapSetOp) -> None:
    layout = f.layout(op.map)
    place = _call_with_key(f, "runtime.mapassign", op.map, op.key)[0]
    f.store_value(f.values[op.value], place, _elem(f, layout))


@lowers(go.MapDeleteOp)
def lower_map_delete(f: FunctionLowering, op: go.MapDeleteOp) -> None:
    _call_with_key(f, "runtime.mapdelete", op.map, op.key, may_panic=has_interface(f.layout(op.key)))


@lowers(go.MapIterOp)
def lower_map_iter(f: FunctionLowering, op: go.MapIterOp) -> None:
    iterator = f.alloca_bytes(ITER_SIZE)
    f.runtime("runtime.mapiterinit", f.descriptor(op.map.type), f.values[op.map], iterator)
    f.set(op, iterator)


@lowers(go.MapNextOp)
def lower_map_next(f: FunctionLowering, op: go.MapNextOp) -> None:
    iterator = f.values[op.iter]
    ok = f.runtime("runtime.mapiternext", iterator)[0]
    results = [ok]
    for offset, old in ((0, op.key), (8, op.value)):
        layout = f.layouts.of(old.type)
        if old.first_use is None:
            results.append(f.poison(layout.value))
            continue
        place = f.load(PTR, f.offset(iterator, offset))
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
