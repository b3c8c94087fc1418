"""The pc → function, file, line table of an object file (docs/abi.md, "pc → line table").

`add_table` reads the line table and the inlining records that LLVM wrote as DWARF and puts what the runtime needs
into a section
`goir_pctab` of the same object, addressed relative to the code section's own symbol. So it works for local
functions, with every
linker, and stays with the object in the cache. The readers here understand the DWARF 4 that LLVM writes for us, not
all of DWARF; they
are written for speed (a library would take longer than LLVM).
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

SECTION = "goir_pctab"
NO_PARENT = 0xFFFFFFFF
WRAPPER, NO_SOURCE, HIDDEN = 1, 2, 4

_COROUTINE_PARTS = (".resume", ".destroy", ".cleanup")
_FLAG_ADAPTER = "·flag"
_OWN = re.compile(r"goir\.(start$|callstub($|\.memory$)|hook\.)")
"""Functions that goir makes; other names that begin like them may be a program's, of a module goir.dev/x."""


def shown_name(symbol: str) -> str:
    """The Go function's name of a symbol that has no debug information."""
    for part in _COROUTINE_PARTS:
        symbol = symbol.removesuffix(part)
    return symbol.removesuffix("$coro").removesuffix(_FLAG_ADAPTER)


def hidden(name: str) -> bool:
    """Whether traces leave a function out as the runtime's own business, as gc does."""
    return (name.startswith("runtime.") and not name[8:9].isupper()) or _OWN.match(name) is not None


# --------------------------------------------------------------------------------------------------------------------
# ELF

_SHDR = struct.Struct("<IIQQQQIIQQ")
_SYM = struct.Struct("<IBBHQQ")
_RELA = struct.Struct("<QQq")
_SHT_SYMTAB, _SHT_RELA = 2, 4
_SHF_ALLOC, _SHF_EXEC, _SHF_INFO_LINK, _SHF_GROUP = 2, 4, 0x40, 0x200
_R_64, _R_32, _R_32S = 1, 10, 11


@dataclass
class _Section:
    name: str
    header: list[int]
    data: bytes
    # offset → (section of the symbol, symbol's value + addend)
    relocations: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])

    @property
    def flags(self) -> int:
        return self.header[2]


_Symbol = tuple[int, int, int, int, int, int]
"""Name, info, other, section, value, size."""


class _Object:
    """A relocatable x86-64 ELF file as LLVM writes it."""

    def __init__(self, data: bytes) -> None:
        if data[:6] != b"\x7fELF\x02\x01":
            raise ValueError("not a 64-bit little-endian ELF object")
        self.data = data
        (self.shoff,) = struct.unpack_from("<Q", data, 40)
        self.shnum, self.shstrndx = struct.unpack_from("<HH", data, 60)
        if self.shnum == 0:
            self.shnum = struct.unpack_from("<Q", data, self.shoff + 32)[0]
        headers = [list(_SHDR.unpack_from(data, self.shoff + 64 * i)) for i in range(self.shnum)]
        _, _, _, _, names_at, names_size, *_ = headers[self.shstrndx]
        names = data[names_at : names_at + names_size]
        self.sections: list[_Section] = [
            _Section(_c_string(names, h[0]), h, b"" if h[1] == 8 else data[h[4] : h[4] + h[5]]) for h in headers
        ]
        self.by_name: dict[str, _Section] = {s.name: s for s in self.sections}
        self.symtab = next((i for i, h in enumerate(headers) if h[1] == _SHT_SYMTAB), 0)
        self.symbols: list[_Symbol] = []
        self.symbol_names: bytes = b""
        if self.symtab:
            self.symbols = list(_SYM.iter_unpack(self.sections[self.symtab].data))
            self.symbol_names = self.sections[int(headers[self.symtab][6])].data

    def relocated(self, name: str) -> _Section | None:
        """A debug section with its relocations applied, as if every section began at 0."""
        section = self.by_name.get(name)
        relocations = self.by_name.get(".rela" + name)
        if section is None or relocations is None:
            return section
        data = bytearray(section.data)
        for offset, info, addend in _RELA.iter_unpack(relocations.data):
            _, _, _, shndx, value, _ = self.symbols[int(info) >> 32]
            value += addend
            kind = info & 0xFFFFFFFF
            if kind == _R_64:
                struct.pack_into("<Q", data, offset, value)
                section.relocations[offset] = (shndx, value)
            elif kind in (_R_32, _R_32S):
                struct.pack_into("<I", data, offset, value & 0xFFFFFFFF)
        section.data = bytes(data)
        return section

    def with_section(self, name: str, data: bytes, relocations: list[tuple[int, int, int]]) -> bytes:
        """This file with one more read-only section and its relocations (offset, symbol, addend), all R_X86_64_64."""
        strings = self.sections[self.shstrndx]
        table = strings.data + name.encode() + b"\0.rela" + name.encode() + b"\0"
        name_at = len(strings.data)
        rela_at = name_at + len(name) + 1
        out = bytearray(self.data)

        def place(blob: bytes, align: int) -> int:
            out.extend(b"\0" * (-len(out) % align))
            at = len(out)
            out.extend(blob)
            return at

        data_at = place(data, 8)
        rela = b"".join(_RELA.pack(offset, symbol << 32 | _R_64, addend) for offset, symbol, addend in relocations)
        relocations_at = place(rela, 8)
        headers = [list(s.header) for s in self.sections]
        headers[self.shstrndx][4:6] = [place(table, 1), len(table)]
        headers.append([name_at, 1, _SHF_ALLOC, 0, data_at, len(data), 0, 0, 8, 0])
        headers.append(
            [rela_at, _SHT_RELA, _SHF_INFO_LINK, 0, relocations_at, len(rela), self.symtab, len(headers) - 1, 8, 24]
        )
        if self.shstrndx == self.sections[self.symtab].header[6]:
            # Symbol names and section names share a table: the header that was changed is the same one.
            pass
        shoff = place(b"".join(_SHDR.pack(*h) for h in headers), 8)
        struct.pack_into("<Q", out, 40, shoff)
        if len(headers) < 0xFF00:
            struct.pack_into("<H", out, 60, len(headers))
        else:
            struct.pack_into("<Q", out, shoff + 32, len(headers))
        return bytes(out)


def _c_string(data: bytes, at: int) -> str:
    return data[at : data.index(b"\0", at)].decode("utf-8", "replace")


# --------------------------------------------------------------------------------------------------------------------
# DWARF


def _uleb(data: bytes, at: int) -> tuple[int, int]:
    byte = data[at]
    at += 1
    if byte < 0x80:
        return byte, at
    value, shift = byte & 0x7F, 7
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _sleb(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value - (1 << shift) if byte & 0x40 else value, at


Row = tuple[int, int, int]
"""pc, file number, line; line -1 ends a sequence."""


@dataclass
class _Lines:
    """One unit's line table: file names by number (from 1), rows by code section."""

    files: list[str]
    rows: dict[int, list[Row]]


def _read_lines(section: _Section, at: int, comp_dir: str) -> _Lines:
    data = section.data
    length, version = struct.unpack_from("<IH", data, at)
    if version != 4:
        raise ValueError(f"line table of DWARF version {version}")
    end = at + 4 + length
    (header_length,) = struct.unpack_from("<I", data, at + 6)
    program = at + 10 + header_length
    _, _, _, line_base, line_range, opcode_base = struct.unpack_from("<BBBbBB", data, at + 10)
    at += 16
    operands = data[at : at + opcode_base - 1]
    at += opcode_base - 1
    folders = [comp_dir]
    while data[at]:
        stop = data.index(b"\0", at)
        folders.append(data[at:stop].decode("utf-8", "replace"))
        at = stop + 1
    at += 1
    files = [""]
    while data[at]:
        stop = data.index(b"\0", at)
        name = data[at:stop].decode("utf-8", "replace")
        folder, at = _uleb(data, stop + 1)
        _, at = _uleb(data, at)
        _, at = _uleb(data, at)
        files.append(_path(folders[folder], name))

    rows: dict[int, list[Row]] = {}
    at = program
    address, file, line, code = 0, 1, 1, 0
    current: list[Row] = []
    while at < end:
        opcode = data[at]
        at += 1
        if opcode >= opcode_base:
            opcode -= opcode_base
            address += opcode // line_range
            line += line_base + opcode % line_range
            current.append((address, file, line))
        elif opcode == 0:
            size, at = _uleb(data, at)
            extended = data[at]
            if extended == 1:
                current.append((address, file, -1))
                rows.setdefault(code, []).extend(current)
                current = []
                address, file, line, code = 0, 1, 1, 0
            elif extended == 2:
                code, address = section.relocations.get(at + 1, (0, 0))
            at += size
        elif opcode == 1:
            current.append((address, file, line))
        elif opcode == 2:
            advance, at = _uleb(data, at)
            address += advance
        elif opcode == 3:
            advance, at = _sleb(data, at)
            line += advance
        elif opcode == 4:
            file, at = _uleb(data, at)
        elif opcode == 8:
            address += (255 - opcode_base) // line_range
        elif opcode == 9:
            address += struct.unpack_from("<H", data, at)[0]
            at += 2
        else:
            for _ in range(operands[opcode - 1]):
                _, at = _uleb(data, at)
    return _Lines(files, rows)


def _path(folder: str, name: str) -> str:
    if name.startswith("/") or folder in ("", "."):
        return name
    return folder + name if folder.endswith("/") else f"{folder}/{name}"


_FIXED = {0x01: 8, 0x05: 2, 0x06: 4, 0x07: 8, 0x0B: 1, 0x0C: 1, 0x11: 1, 0x12: 2, 0x13: 4, 0x17: 4, 0x20: 8}
_SUBPROGRAM, _INLINED, _UNIT = 0x2E, 0x1D, 0x11
_NAME, _STMT_LIST, _LOW, _HIGH, _COMP_DIR, _ORIGIN, _ARTIFICIAL, _DECL_FILE, _DECL_LINE = (
    0x03, 0x10, 0x11, 0x12, 0x1B, 0x31, 0x34, 0x3A, 0x3B,
)  # fmt: skip
_SPECIFICATION, _RANGES, _CALL_FILE, _CALL_LINE = 0x47, 0x55, 0x58, 0x59

_Die = dict[int, Any]
_Abbrev = tuple[int, bool, list[tuple[int, int]]]


def _read_abbrevs(data: bytes, at: int) -> dict[int, _Abbrev]:
    table: dict[int, _Abbrev] = {}
    while True:
        code, at = _uleb(data, at)
        if not code:
            return table
        tag, at = _uleb(data, at)
        children = bool(data[at])
        at += 1
        attributes: list[tuple[int, int]] = []
        while True:
            name, at = _uleb(data, at)
            form, at = _uleb(data, at)
            if not name:
                break
            attributes.append((name, form))
        table[code] = (tag, children, attributes)


@dataclass
class _Inlined:
    """An inlined call: where it lies, whose body it is, where it was called; `inner` are the calls inlined into it."""

    ranges: list[tuple[int, int]]
    origin: int
    call_file: int
    call_line: int
    inner: list[_Inlined]


@dataclass
class _Function:
    """A compiled function: its code section and extent, its DIE, the calls inlined into it."""

    code: int
    low: int
    die: int
    inner: list[_Inlined]


class _Info:
    """The subprograms and inlined calls of one unit of .debug_info."""

    def __init__(self, object: _Object, section: _Section, at: int) -> None:
        self.section = section
        self.strings = object.by_name[".debug_str"].data if ".debug_str" in object.by_name else b""
        self.ranges = object.relocated(".debug_ranges")
        self.start = at
        data = section.data
        length, version, abbrevs = struct.unpack_from("<IHI", data, at)
        if version != 4:
            raise ValueError(f"debug information of DWARF version {version}")
        self.end = at + 4 + length
        self.abbrevs = _read_abbrevs(object.by_name[".debug_abbrev"].data, abbrevs)
        self.functions: list[_Function] = []
        self.dies: dict[int, _Die] = {}
        self.unit: _Die = {}
        self.walk(at + 11)

    def walk(self, at: int) -> None:
        data = self.section.data
        stack: list[list[_Inlined] | None] = []
        while at < self.end:
            here = at - self.start
            code, at = _uleb(data, at)
            if not code:
                stack.pop()
                if not stack:
                    break
                continue
            tag, children, attributes = self.abbrevs[code]
            die, at = self.attributes(at, attributes, tag in (_SUBPROGRAM, _INLINED, _UNIT))
            inner = stack[-1] if stack else None
            if tag == _SUBPROGRAM:
                self.dies[here] = die
                inner = None
                if _LOW in die:
                    calls: list[_Inlined] = []
                    code_section, low = die[_LOW]
                    self.functions.append(_Function(code_section, low, here, calls))
                    inner = calls
            elif tag == _INLINED and inner is not None:
                call = _Inlined(
                    self.extent(die), die.get(_ORIGIN, 0), die.get(_CALL_FILE, 0), die.get(_CALL_LINE, 0), []
                )
                inner.append(call)
                inner = call.inner
            elif tag == _UNIT:
                self.unit = die
            if children:
                stack.append(inner)
            elif not stack:
                break

    def attributes(self, at: int, attributes: list[tuple[int, int]], wanted: bool) -> tuple[_Die, int]:
        data = self.section.data
        die: _Die = {}
        for name, form in attributes:
            value: Any
            size = _FIXED.get(form)
            if size is not None:
                if not wanted:
                    at += size
                    continue
                value = int.from_bytes(data[at : at + size], "little")
                if form == 0x01:
                    value = self.section.relocations.get(at, (0, value))
                at += size
            elif form == 0x0E:
                value = int.from_bytes(data[at : at + 4], "little")
                at += 4
                if wanted:
                    value = _c_string(self.strings, value)
            elif form == 0x08:
                stop = data.index(b"\0", at)
                value = data[at:stop].decode("utf-8", "replace")
                at = stop + 1
            elif form == 0x19:
                value = True
            elif form == 0x0D:
                value, at = _sleb(data, at)
            elif form in (0x0F, 0x15):
                value, at = _uleb(data, at)
            elif form in (0x18, 0x09):
                size, at = _uleb(data, at)
                value, at = None, at + size
            elif form == 0x0A:
                value, at = None, at + 1 + data[at]
            else:
                raise ValueError(f"DWARF form {form:#x}")
            die[name] = value
        return die, at

    def extent(self, die: _Die) -> list[tuple[int, int]]:
        if _RANGES in die:
            out: list[tuple[int, int]] = []
            if self.ranges is None:
                return out
            base = self.unit.get(_LOW, (0, 0))[1]
            for low, high in struct.iter_unpack("<QQ", self.ranges.data[die[_RANGES] :]):
                if low == 0xFFFFFFFFFFFFFFFF:
                    base = high
                elif not low and not high:
                    break
                else:
                    out.append((base + low, base + high))
            return out
        if _LOW in die:
            low = die[_LOW][1]
            return [(low, low + die.get(_HIGH, 0))]
        return []

    def look(self, here: int, attribute: int) -> Any:
        """An attribute of a subprogram, or of what it is an instance of."""
        for _ in range(4):
            die = self.dies.get(here)
            if die is None:
                return None
            if attribute in die:
                return die[attribute]
            here = die.get(_ORIGIN, die.get(_SPECIFICATION, -1))
        return None


# --------------------------------------------------------------------------------------------------------------------
# The table


class _Table:
    """The table of one code section."""

    def __init__(self) -> None:
        self.funcs: list[tuple[int, int, int, int, int, int]] = []
        self.rows: list[tuple[int, int, int]] = []
        self.ctxs: dict[tuple[int, int, int, int, int], int] = {}
        self.strings: dict[str, int] = {}

    def string(self, text: str) -> int:
        return self.strings.setdefault(text, len(self.strings))

    def ctx(self, name: int, file: int, parent: int, call_line: int, flags: int) -> int:
        return self.ctxs.setdefault((name, file, parent, call_line, flags), len(self.ctxs))

    def encode(self) -> bytes:
        """The entry; its first 16 bytes (text, size) are the caller's."""
        funcs = b"".join(struct.pack("<7I", *f, 56 + 28 * i) for i, f in enumerate(self.funcs))
        rows = b"".join(struct.pack("<3I", *r) for r in self.rows)
        ctxs = b"".join(struct.pack("<5I", *c) for c in self.ctxs)
        at = 56
        offsets: list[int] = []
        for part in (funcs, rows, ctxs):
            offsets.append(at)
            at += len(part)
        strs_at = at
        blob_at = at + 8 * len(self.strings)
        index = bytearray()
        blob = bytearray()
        for text in self.strings:
            data = text.encode("utf-8")
            index += struct.pack("<II", blob_at + len(blob), len(data))
            blob += data
        total = blob_at + len(blob)
        total += -total % 8
        head = struct.pack(
            "<10I", total, len(self.funcs), offsets[0], len(self.rows), offsets[1], len(self.ctxs), offsets[2],
            len(self.strings), strs_at, 0,
        )  # fmt: skip
        out = bytes(16) + head + funcs + rows + ctxs + bytes(index) + bytes(blob)
        return out + bytes(total - len(out))


def add_table(obj: bytes) -> bytes:
    """The object file with its pc table in section `goir_pctab`."""
    object = _Object(obj)
    symbols: dict[int, dict[int, tuple[int, str, int]]] = {}
    anchors: dict[int, tuple[int, int]] = {}
    for i, (name, info, _, shndx, value, size) in enumerate(object.symbols):
        if not 0 < shndx < len(object.sections) or not object.sections[shndx].flags & _SHF_EXEC:
            continue
        kind, binding = info & 15, info >> 4
        if kind == 3 or (binding == 0 and shndx not in anchors) or shndx not in anchors:
            anchors[shndx] = (i, -value)
        if kind == 2:
            text = _c_string(object.symbol_names, name)
            symbols.setdefault(shndx, {}).setdefault(value, (size, text, i))

    infos, lines = _read_debug(object)
    functions: dict[tuple[int, int], tuple[_Info, _Function, _Lines]] = {}
    for info, line in zip(infos, lines, strict=True):
        for function in info.functions:
            functions[function.code, function.low] = (info, function, line)
    entries = bytearray()
    relocations: list[tuple[int, int, int]] = []
    for shndx, by_start in symbols.items():
        # A section that the linker may drop as a duplicate cannot be pointed at from outside its group.
        if object.sections[shndx].flags & _SHF_GROUP:
            continue
        table = _Table()
        rows: list[tuple[int, str, int]] = []
        for line in lines:
            rows += [
                (pc, line.files[file] if file < len(line.files) else "", n) for pc, file, n in line.rows.get(shndx, ())
            ]
        rows.sort(key=_first)
        starts = [r[0] for r in rows]
        for start in sorted(by_start):
            size, symbol, _ = by_start[start]
            low, high = bisect_left(starts, start), bisect_left(starts, start + size)
            _add_function(table, start, start + size, symbol, rows[low:high], functions.get((shndx, start)))
        data = bytearray(table.encode())
        struct.pack_into("<Q", data, 8, object.sections[shndx].header[5])
        symbol_index, addend = anchors[shndx]
        relocations.append((len(entries), symbol_index, addend))
        entries += data
    if not entries:
        return obj
    return object.with_section(SECTION, bytes(entries), relocations)


def _first(row: tuple[int, str, int]) -> int:
    return row[0]


def _read_debug(object: _Object) -> tuple[list[_Info], list[_Lines]]:
    info_section = object.relocated(".debug_info")
    line_section = object.relocated(".debug_line")
    infos: list[_Info] = []
    lines: list[_Lines] = []
    if info_section is None or line_section is None:
        return infos, lines
    at = 0
    while at < len(info_section.data):
        info = _Info(object, info_section, at)
        at = info.end
        if _STMT_LIST in info.unit:
            infos.append(info)
            lines.append(_read_lines(line_section, info.unit[_STMT_LIST], info.unit.get(_COMP_DIR, "")))
    return infos, lines


def _add_function(
    table: _Table,
    start: int,
    end: int,
    symbol: str,
    rows: list[tuple[int, str, int]],
    debug: tuple[_Info, _Function, _Lines] | None,
) -> None:
    if debug is None:
        shown = shown_name(symbol)
        flags = NO_SOURCE | HIDDEN if hidden(shown) else NO_SOURCE
        if symbol.endswith(_FLAG_ADAPTER):
            flags |= WRAPPER
        name = table.string(shown)
        table.funcs.append((start, end, name, 0, table.string(""), flags))
        table.rows.append((start, 0, table.ctx(name, table.string(""), NO_PARENT, 0, flags)))
        return
    info, function, lines = debug

    def file_name(number: int | None) -> int:
        return table.string(lines.files[number] if number and number < len(lines.files) else "")

    def describe(die: int) -> tuple[int, int]:
        text = info.look(die, _NAME) or shown_name(symbol)
        flags = WRAPPER if info.look(die, _ARTIFICIAL) else 0
        return table.string(text), flags | HIDDEN if hidden(text) else flags

    name, flags = describe(function.die)
    declared = info.look(function.die, _DECL_LINE) or 0
    table.funcs.append((start, end, name, declared, file_name(info.look(function.die, _DECL_FILE)), flags))

    # Line 0 is code that belongs to no line: it stays with the line before.
    kept: list[tuple[int, str, int]] = []
    for pc, file, line in rows:
        if line <= 0:
            continue
        if kept and kept[-1][0] == pc:
            kept[-1] = (pc, file, line)
        else:
            kept.append((pc, file, line))
    if not kept or kept[0][0] > start:
        declared_file = info.look(function.die, _DECL_FILE) or 1
        kept.insert(0, (start, lines.files[declared_file] if declared_file < len(lines.files) else "", declared))
    if function.inner:
        bounds = {pc for low, high in _bounds(function.inner) for pc in (low, high) if start < pc < end}
        pcs = [k[0] for k in kept]
        for pc in sorted(bounds.difference(pcs)):
            i = bisect_right(pcs, pc)
            pcs.insert(i, pc)
            kept.insert(i, (pc, kept[i - 1][1], kept[i - 1][2]))
        # Which function's body a row is in, and the frame it was inlined into.
        scope: list[tuple[int, int, int, int]] = [(name, flags, NO_PARENT, 0)] * len(kept)

        def paint(calls: list[_Inlined], own: tuple[int, int, int, int]) -> None:
            for call in calls:
                caller = table.ctx(own[0], file_name(call.call_file), own[2], own[3], own[1])
                inner_name, inner_flags = describe(call.origin)
                inside = (inner_name, inner_flags, caller, call.call_line)
                for low, high in call.ranges:
                    for i in range(bisect_left(pcs, low), bisect_left(pcs, high)):
                        scope[i] = inside
                paint(call.inner, inside)

        paint(function.inner, (name, flags, NO_PARENT, 0))
    else:
        scope = [(name, flags, NO_PARENT, 0)] * len(kept)
    last: tuple[int, int] | None = None
    for (pc, file, line), (inner_name, inner_flags, parent, call_line) in zip(kept, scope, strict=True):
        ctx = table.ctx(inner_name, table.string(file), parent, call_line, inner_flags)
        if (line, ctx) != last:
            table.rows.append((pc, line, ctx))
            last = (line, ctx)


def _bounds(calls: list[_Inlined]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for call in calls:
        out += call.ranges
        out += _bounds(call.inner)
    return out


# --------------------------------------------------------------------------------------------------------------------
# Reading it back (tests, tools)


@dataclass(frozen=True)
class Frame:
    """One frame of a pc, innermost first."""

    name: str
    file: str
    line: int
    flags: int


def read_entries(section: bytes, resolve: Callable[[int], int] = lambda at: 0) -> list[tuple[int, bytes]]:
    """(address of the code, entry) of each entry in a linked `goir_pctab`; `resolve` answers the text word at an
    offset where the
    bytes themselves do not have it."""
    out: list[tuple[int, bytes]] = []
    at = 0
    while at + 56 <= len(section):
        text, _, size = struct.unpack_from("<QQI", section, at)
        if not size:
            at += 8
            continue
        out.append((text or resolve(at), section[at : at + size]))
        at += size
    return out


def lookup(entry: bytes, offset: int) -> list[Frame]:
    """The frames at an offset from the entry's text."""
    nfuncs, funcs, nrows, rows, _, ctxs, _, strs = struct.unpack_from("<8I", entry, 20)

    def string(i: int) -> str:
        at, size = struct.unpack_from("<II", entry, strs + 8 * i)
        return entry[at : at + size].decode()

    starts = [struct.unpack_from("<I", entry, funcs + 28 * i)[0] for i in range(nfuncs)]
    f = bisect_right(starts, offset) - 1
    if f < 0 or offset >= struct.unpack_from("<I", entry, funcs + 28 * f + 4)[0]:
        return []
    pcs = [struct.unpack_from("<I", entry, rows + 12 * i)[0] for i in range(nrows)]
    _, line, ctx = struct.unpack_from("<III", entry, rows + 12 * (bisect_right(pcs, offset) - 1))
    frames: list[Frame] = []
    while True:
        name, file, parent, call_line, flags = struct.unpack_from("<5I", entry, ctxs + 20 * ctx)
        frames.append(Frame(string(name), string(file), line, flags))
        if parent == NO_PARENT:
            return frames
        ctx, line = parent, call_line
