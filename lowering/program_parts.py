"""A program's module of the llvm dialect → LLVM IR texts that are compiled apart, so that an edit recompiles what it
touches, and both processors are used.

    @main.a  @main.b  @main.main  @main.V  type:main.T      →      { a, b }  { main }  { type:main.T, V }

Functions that stand together stay together: a part ends behind a function whose name says so (by its hash) once it is
large enough, so that a new function does not move the borders of all that follow. A function's literals and adapters are
in its part, and so is a coroutine whose frame may be part of its awaiter's; a small one that many await is in each of their
parts. What no other part refers to stays internal; the rest becomes external. Descriptors of types, and variables that
several parts use, form a part of their own.

Small functions are copied into the parts that call them (emit_parts.py), so that LLVM can put them where they are called.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Set
from typing import Final, NamedTuple

from xdsl.dialects.builtin import ModuleOp, SymbolRefAttr
from xdsl.ir import Operation

from goir.dialects import llvm_ext as llvm
from goir.lowering.emit_copies import Copy, is_small
from goir.lowering.emit_llvm import is_declaration
from goir.lowering.emit_parts import PartWriter, definitions
from goir.lowering.emit_text import linkage_of

SMALL: Final = 1200
"""Programs of up to so many ops are one part."""
SIZES: Final = (160, 600)
"""Ops of a part: from the first on it may end, from the second on it does."""
FEW: Final = 2
"""A coroutine that so many functions await with its frame inside of theirs, or fewer, is with them; one of more, and of up to
LARGE ops, is in every part that awaits it: else all its awaiters would be one part."""
LARGE: Final = 400

_DATA: Final = "data"
_FREE: Final = frozenset(("private", "linkonce_odr", "linkonce"))
"""Linkages of what is emitted in every part that refers to it."""
_WITHIN: Final = re.compile(r"\.func\d.*|\$coro|·flag")


class _Facts(NamedTuple):
    """What a definition mentions and calls with a frame inside of its own, and its size in ops."""

    references: dict[str, None]
    elided: list[str]
    size: int


_Index = Mapping[str, Operation]


def emit_program(module: ModuleOp, folder: str, copies: Mapping[str, Copy] | None) -> Iterator[str]:
    """The texts of the parts. Names of files are relative to `folder`. `copies` are of functions of other modules; None:
    nothing is copied, not between the parts either."""
    index = definitions(module)
    facts = {symbol: _facts(op) for symbol, op in index.items() if not is_declaration(op)}
    homes = _homes(index, facts)
    _share(index, facts, homes, copies is not None)
    parts: dict[str, list[Operation]] = {}
    for symbol, home in homes.items():
        parts.setdefault(home, []).append(index[symbol])
    writer = PartWriter(index, folder)
    for own in parts.values():
        yield writer.write(own, copies)[0]


def _facts(op: Operation) -> _Facts:
    references: dict[str, None] = {}
    elided: list[str] = []
    size = 0
    value = op.properties.get("value")
    if isinstance(value, SymbolRefAttr):
        references[value.string_value()] = None
    for region in op.regions:
        for block in region.blocks:
            each = block.first_op
            while each is not None:
                size += 1
                for value in each.properties.values():
                    if value.__class__ is SymbolRefAttr:
                        references[value.string_value()] = None  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
                if llvm.ELIDE_SAFE in each.attributes:
                    callee = each.properties.get("callee")
                    if isinstance(callee, SymbolRefAttr):
                        elided.append(callee.string_value())
                each = each.next_op
    return _Facts(references, elided, size)


def _homes(index: _Index, facts: Mapping[str, _Facts]) -> dict[str, str]:
    """The part of each definition that has one."""
    functions = {symbol: known for symbol, known in facts.items() if isinstance(index[symbol], llvm.FuncOp)}
    homes: dict[str, str] = {}
    if sum(known.size for known in functions.values()) <= SMALL:
        homes.update((symbol, _DATA) for symbol in functions)
    else:
        everywhere = _everywhere(functions, index)
        chunks = _chunks(functions, everywhere)
        homes.update((symbol, chunks[_family(symbol)]) for symbol in functions if symbol not in everywhere)
    # A variable that one part alone uses is in it: LLVM then knows all that happens to it.
    users: dict[str, str] = {}
    for user, known in facts.items():
        home = homes.get(user, _DATA)
        for symbol in known.references:
            users[symbol] = home if users.get(symbol, home) == home else _DATA
    for symbol in facts:
        op = index[symbol]
        if not isinstance(op, llvm.GlobalOp):
            continue
        if symbol.startswith("type:"):
            op.properties["linkage"] = llvm.LINKAGE["weak_odr"]
            homes[symbol] = _DATA
        elif linkage_of(op) == "internal":
            homes[symbol] = users.get(symbol, _DATA)
        elif linkage_of(op) not in _FREE:
            homes[symbol] = _DATA
    return homes


def _family(symbol: str) -> str:
    """The name that a function shares with its literals and adapters."""
    return _WITHIN.sub("", symbol) or symbol


def _everywhere(functions: Mapping[str, _Facts], index: _Index) -> set[str]:
    """The coroutines that are in every part that awaits them, with those whose frames theirs may hold."""
    awaiters: dict[str, set[str]] = {}
    for symbol, facts in functions.items():
        for callee in facts.elided:
            awaiters.setdefault(callee, set()).add(_family(symbol))
    found: set[str] = set()
    work = [callee for callee, families in awaiters.items() if len(families) > FEW]
    while work:
        symbol = work.pop()
        facts = functions.get(symbol)
        if facts and symbol not in found and facts.size <= LARGE and linkage_of(index[symbol]) == "internal":
            found.add(symbol)
            work += facts.elided
    return found


def _chunks(functions: Mapping[str, _Facts], everywhere: Set[str]) -> dict[str, str]:
    """The part of each family of functions."""
    sizes: dict[str, int] = {}
    joined: dict[str, str] = {}

    def root(family: str) -> str:
        while (above := joined.get(family)) is not None:
            family = above
        return family

    for symbol, facts in functions.items():
        family = _family(symbol)
        sizes[family] = sizes.get(family, 0) + facts.size
        for callee in facts.elided:
            if (
                callee in functions
                and callee not in everywhere
                and (first := root(_family(callee))) != (second := root(family))
            ):
                joined[first] = second
    chunks: dict[str, str] = {}
    chunk, size = "", 0
    for family in sizes:
        if family in joined:
            continue
        chunk = chunk or family
        chunks[family] = chunk
        size += sizes[family]
        if size >= SIZES[1] or (size >= SIZES[0] and zlib.crc32(family.encode()) % 4 == 0):
            chunk, size = "", 0
    return {family: chunks[root(family)] for family in sizes}


def _share(index: _Index, facts: Mapping[str, _Facts], homes: Mapping[str, str], copied: bool) -> None:
    """Makes external what a part refers to that is at home in another."""
    small: dict[str, bool] = {}
    parts: dict[str, list[str]] = {}
    for symbol, home in homes.items():
        parts.setdefault(home, []).append(symbol)
    for home, own in parts.items():
        seen = set(own)
        work = list(own)
        while work:
            for symbol in facts[work.pop()].references:
                if symbol in seen or symbol not in facts:
                    continue
                seen.add(symbol)
                other = homes.get(symbol)
                if other is None:
                    work.append(symbol)
                elif other != home:
                    if linkage_of(index[symbol]) == "internal":
                        del index[symbol].properties["linkage"]
                    if copied and symbol not in small:
                        small[symbol] = is_small(index[symbol])
                    if small.get(symbol):
                        work.append(symbol)
