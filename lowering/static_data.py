"""Constant data that lowering emits: descriptors, interface tables, function records, strings.

Data is described by a flat list of items with natural alignment; `globals.py` in this folder turns it into
`llvm.mlir.global` ops. Items are cheap on purpose: a program has thousands of them.
"""

from __future__ import annotations

from typing import Final, NamedTuple

LISTED: Final = "goir.listed"
"""Attribute of a global whose address is also in a section: tables of what is linked, found by the section's bounds."""
TYPES_SECTION: Final = "goir_types"
"""Addresses of the descriptors of types without a name, for reflection; the same one may be there many times."""


class Int(NamedTuple):
    """An integer of `bits` bits."""

    value: int
    bits: int


class Address(NamedTuple):
    """The 64-bit address of a symbol, plus an offset in bytes."""

    symbol: str
    offset: int = 0


class Address32(NamedTuple):
    """The low 32 bits of a symbol's address (name, type and text offsets: docs/abi.md, "Type descriptors")."""

    symbol: str
    offset: int = 0


class Bytes(NamedTuple):
    """Bytes as they are."""

    data: bytes


class Zeros(NamedTuple):
    """`size` zero bytes."""

    size: int


Item = Int | Address | Address32 | Bytes | Zeros
NULL = Int(0, 64)


class StaticData(NamedTuple):
    """A constant global; its address is also in the section `listed`, if that is one."""

    symbol: str
    items: tuple[Item, ...]
    linkage: str
    align: int = 8
    listed: str = ""


class StaticPool:
    """The constant globals of one module, by symbol; names and strings are shared by content."""

    def __init__(self) -> None:
        self.data: dict[str, StaticData] = {}
        self._bytes: dict[bytes, str] = {}
        self._names: dict[bytes | tuple[bytes, bytes], Address32] = {}

    def add(
        self, symbol: str, items: list[Item], linkage: str = "linkonce_odr", align: int = 8, listed: str = ""
    ) -> str:
        """Adds a global; answers its symbol."""
        self.data[symbol] = StaticData(symbol, tuple(items), linkage, align, listed)
        return symbol

    def bytes(self, value: bytes) -> str:
        """The symbol of a private constant with these bytes."""
        symbol = self._bytes.get(value)
        if symbol is None:
            symbol = f"go:string.{len(self._bytes)}"
            self._bytes[value] = symbol
            self.data[symbol] = StaticData(symbol, (Bytes(value),), "private", 1)
        return symbol

    def name(
        self, name: str, *, tag: str = "", exported: bool = False, embedded: bool = False, pkg: str = ""
    ) -> Address32:
        """Where an abi.Name is: flags, varint length, bytes, then the tag in the same way, then the place of the name
        of an unexported method's package where that is not its type's."""
        text, tag_text = encode(name), encode(tag)
        flags = exported | bool(tag_text) << 1 | bool(pkg) << 2 | embedded << 3
        value = bytes([flags]) + _varint(len(text)) + text
        if tag_text:
            value += _varint(len(tag_text)) + tag_text
        key = (value, encode(pkg)) if pkg else value
        found = self._names.get(key)
        if found is None:
            items: tuple[Item, ...] = (Bytes(value),)
            padding = 0
            if pkg:
                # The address behind the text is aligned for the linker; readers do not need that.
                padding = -len(value) % 4
                items = (Zeros(padding), Bytes(value), self.name(pkg))
            symbol = f"go:name.{len(self._names)}"
            found = self._names[key] = Address32(symbol, padding)
            self.data[symbol] = StaticData(symbol, items, "private", 4 if pkg else 1)
        return found


def encode(text: str) -> bytes:
    """The bytes of a Go name or tag (str in UTF-8; lone surrogates stand for bytes that were not)."""
    return text.encode("utf-8", "surrogateescape")


def _varint(n: int) -> bytes:
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)
