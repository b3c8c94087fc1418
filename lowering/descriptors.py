"""Type descriptors: Go types as `internal/abi.Type` data (docs/abi.md, "Type descriptors").

A descriptor is emitted when it is asked for, and so are, transitively, those it refers to. They are `linkonce_odr`:
every module has what it uses, the linker keeps one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, cast
from unicodedata import category

from xdsl.ir import Attribute
from xdsl.utils.exceptions import DiagnosticException

from goir.dialects.go_types import (
    ArrayType,
    ChanType,
    FieldAttr,
    FuncType,
    InterfaceType,
    MapType,
    MethodAttr,
    MethodSigAttr,
    NamedType,
    PtrType,
    SliceType,
    StructType,
    UnsafePointerType,
)
from goir.lowering import map_tables
from goir.lowering.layout import Layouts, TypeLayout, struct_offsets
from goir.lowering.static_data import NULL, TYPES_SECTION, Address, Address32, Int, Item, StaticPool, Zeros, encode

KINDS: Final = {
    "bool": 1, "int": 2, "int8": 3, "int16": 4, "int32": 5, "int64": 6, "uint": 7, "uint8": 8, "uint16": 9,
    "uint32": 10, "uint64": 11, "uintptr": 12, "float32": 13, "float64": 14, "complex64": 15, "complex128": 16,
    "array": 17, "chan": 18, "func": 19,
    "interface": 20, "map": 21, "ptr": 22, "slice": 23, "string": 24, "struct": 25, "unsafe_pointer": 26,
}  # fmt: skip

_UNCOMMON, _NAMED, _REGULAR, _DIRECT = 1, 4, 8, 32
"""abi.TFlag bits."""
_NEED_KEY_UPDATE, _HASH_MIGHT_PANIC, _INDIRECT_KEY, _INDIRECT_ELEM = 1, 2, 4, 8
"""abi.MapType.Flags bits."""

# Kinds whose values are equal when their bytes are.
_PLAIN: Final = frozenset({
    "bool", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr",
    "ptr", "chan", "unsafe_pointer",
})  # fmt: skip
_EQUAL: Final = {
    "float32": "f32equal", "float64": "f64equal", "complex64": "c64equal", "complex128": "c128equal",
    "string": "strequal",
}  # fmt: skip
_HASH: Final = {
    "float32": "f32hash", "float64": "f64hash", "complex64": "c64hash", "complex128": "c128hash", "string": "strhash",
}  # fmt: skip
_MEMORY_SIZES: Final = (1, 2, 4, 8, 16)


class TypeInfo(NamedTuple):
    """What a `go.type` op says about a named type; the descriptor of an `external` one is another module's."""

    display: str
    pkg: str
    external: bool = False


class TypeStrings(NamedTuple):
    """A type's text: `display` as reflect prints it, `full` with whole package paths (unique)."""

    display: str
    full: str


def is_exported(name: str) -> bool:
    """Whether a Go identifier is exported."""
    return name[:1].isupper() and (name.isascii() or category(name[0]) == "Lu")


def method_order(name: str, pkg: str) -> tuple[bool, str, str]:
    """Sort key of methods in descriptors and interface tables: gc's order."""
    return (not is_exported(name), name, pkg)


def fnv1(text: bytes) -> int:
    """FNV-1, 32 bits: a descriptor's Hash."""
    value = 0x811C9DC5
    for byte in text:
        value = (value * 0x01000193 & 0xFFFFFFFF) ^ byte
    return value


class Descriptors:
    """The type descriptors of one module.

    `record` answers the symbol of a function's static record, `method_record` that of a method, which may be in another
    module or nowhere; `declare` announces a symbol of another module, weak if it may be missing. `types` and
    `method_sets` are the module's `go.type` and `go.method_set` ops.

    The methods of a library type are weak references: which of them a program has is known only to the linker. A module
    that `shares` its named types' descriptors defines them for others.
    """

    def __init__(
        self,
        layouts: Layouts,
        pool: StaticPool,
        record: Callable[[str], str],
        method_record: Callable[[str], str],
        declare: Callable[[str, bool], None],
        types: Mapping[str, TypeInfo],
        method_sets: Mapping[Attribute, Sequence[MethodAttr]],
        library: bool,
        shares: bool,
    ) -> None:
        self._layouts = layouts
        self._pool = pool
        self._record = record
        self._method_record = method_record
        self._declare = declare
        self._library = library
        self._shares = shares
        self._types = types
        self._method_sets = method_sets
        self._symbols: dict[Attribute, str] = {}
        self._shared: set[Attribute] = set()
        self._queue: list[Attribute] = []
        self._strings: dict[Attribute, TypeStrings] = {}
        self._comparable: dict[Attribute, bool] = {}
        self._regular: dict[Attribute, bool] = {}

    # What others ask for ---------------------------------------------------------------------------------------------

    def of(self, type: Attribute) -> str:
        """The symbol of the descriptor of `type`."""
        symbol = self._symbols.get(type)
        if symbol is None:
            symbol = self._symbols[type] = "type:" + self.strings(type).full
            if self.is_external(type):
                self._declare(symbol, False)
            else:
                self._queue.append(type)
        return symbol

    def is_external(self, type: Attribute) -> bool:
        """Whether another module holds the descriptor of `type`."""
        if isinstance(type, PtrType):
            type = type.elem
        info = self._types.get(type.sym.data) if isinstance(type, NamedType) else None
        return info is not None and info.external

    def _method_type(self, type: Attribute) -> str:
        """The symbol of the descriptor of a method's type: in a library, only where something else needs it too."""
        if not self._library:
            return self.of(type)
        symbol = "type:" + self.strings(type).full
        self._declare(symbol, True)
        return symbol

    def share(self, type: Attribute) -> str:
        """The symbol of the descriptor of `type`, which this module defines for others."""
        self._shared.add(type)
        return self.of(type)

    def of_memory(self, layout: TypeLayout) -> str:
        """The symbol of a descriptor that says only how much memory to allocate and where pointers are."""
        bits = layout.pointer_bits
        symbol = f"type:.memory.{layout.size}.{layout.align}.{bits:x}"
        if symbol not in self._pool.data:
            items = [
                Int(layout.size, 64), Int(layout.ptr_bytes, 64), Int(0, 32), Int(0, 8), Int(layout.align, 8),
                Int(layout.align, 8), Int(KINDS["struct"], 8), NULL, self._gc_data(layout), Int(0, 32), Int(0, 32),
                NULL, NULL, NULL, NULL,
            ]  # fmt: skip
            self._pool.add(symbol, items)
        return symbol

    def finish(self) -> None:
        """Emits every descriptor that was asked for, and what they need."""
        queue = self._queue
        while queue:
            self._emit(queue.pop())

    def methods(self, type: Attribute) -> Sequence[MethodAttr]:
        """The concrete methods of `type`, in the order of tables."""
        return sorted(self._method_sets.get(type, ()), key=lambda m: method_order(m.method_name.data, m.pkg.data))

    def hash(self, type: Attribute) -> int:
        """abi.Type's Hash."""
        return fnv1(encode(self.strings(type).full))

    def is_comparable(self, type: Attribute) -> bool:
        """Whether values of `type` can be compared (interfaces: perhaps at run time)."""
        found = self._comparable.get(type)
        if found is None:
            layout = self._layouts.of(type)
            if layout.kind in ("slice", "map", "func"):
                found = False
            elif layout.kind == "array":
                assert layout.elem is not None
                found = self.is_comparable(layout.elem.type)
            else:
                found = all(self.is_comparable(f.type) for f in layout.fields)
            self._comparable[type] = found
        return found

    def is_regular(self, type: Attribute) -> bool:
        """Whether two values of `type` are equal if and only if their bytes are."""
        found = self._regular.get(type)
        if found is None:
            found = self._regular[type] = self._compute_regular(self._layouts.of(type))
        return found

    def _compute_regular(self, layout: TypeLayout) -> bool:
        if layout.kind == "array":
            assert layout.elem is not None
            return layout.length == 0 or self.is_regular(layout.elem.type)
        if layout.kind != "struct":
            return layout.kind in _PLAIN
        end = 0
        fields = cast(StructType, layout.underlying).fields.data
        for field, offset, attr in zip(layout.fields, layout.offsets, fields, strict=True):
            if offset != end or attr.field_name.data == "_" or not self.is_regular(field.type):
                return False
            end += field.size
        return end == layout.size

    # Text ------------------------------------------------------------------------------------------------------------

    def strings(self, type: Attribute) -> TypeStrings:
        """The text of `type`."""
        found = self._strings.get(type)
        if found is None:
            found = self._strings[type] = self._text(type)
        return found

    def _text(self, type: Attribute) -> TypeStrings:
        if isinstance(type, NamedType):
            info = self._types.get(type.sym.data)
            return TypeStrings(info.display if info else type.sym.data, type.sym.data)
        display, full = self._spell(type, 0), self._spell(type, 1)
        return TypeStrings(display, full)

    def _spell(self, type: Attribute, which: int) -> str:
        def of(t: Attribute) -> str:
            return self.strings(t)[which]

        match type:
            case PtrType():
                return "*" + of(type.elem)
            case SliceType():
                return "[]" + of(type.elem)
            case ArrayType():
                return f"[{type.length.data}]{of(type.elem)}"
            case MapType():
                return f"map[{of(type.key)}]{of(type.elem)}"
            case ChanType():
                elem = of(type.elem)
                if type.dir.data == "recv":
                    return "<-chan " + elem
                if type.dir.data == "send":
                    return "chan<- " + elem
                return f"chan ({elem})" if elem.startswith("<-") else "chan " + elem
            case FuncType():
                return "func" + self._spell_signature(type, which)
            case StructType():
                if not type.fields.data:
                    return "struct {}"
                return "struct { " + "; ".join(self._spell_field(f, which) for f in type.fields.data) + " }"
            case InterfaceType():
                if not type.methods.data:
                    return "interface {}"
                parts: list[str] = []
                for method in type.methods.data:
                    name = self._qualify(method.method_name.data, method.pkg.data, which)
                    parts.append(name + self._spell_signature(method.type, which))
                return "interface { " + "; ".join(parts) + " }"
            case _:
                kind = self._layouts.of(type).kind
                return "unsafe.Pointer" if kind == "unsafe_pointer" else kind

    def _spell_signature(self, type: FuncType, which: int) -> str:
        params = [self.strings(t)[which] for t in type.params.data]
        if type.variadic.data:
            last = type.params.data[-1]
            params[-1] = "..." + self.strings(cast(SliceType, last).elem)[which]
        results = [self.strings(t)[which] for t in type.results.data]
        text = f"({', '.join(params)})"
        if len(results) == 1:
            text += " " + results[0]
        elif results:
            text += f" ({', '.join(results)})"
        return text

    def _spell_field(self, field: FieldAttr, which: int) -> str:
        text = self.strings(field.type)[which]
        if not field.is_embedded:
            text = f"{self._qualify(field.field_name.data, field.pkg.data, which, plain=not which)} {text}"
        elif which:
            text = f"embed {self._qualify(field.field_name.data, field.pkg.data, which)} {text}"
        if field.tag.data:
            text += " " + quote(field.tag.data)
        return text

    def _qualify(self, name: str, pkg: str, which: int, *, plain: bool = False) -> str:
        """An unexported name with its package: path in full texts, its last element in displayed ones."""
        if not pkg or plain:
            return name
        return f"{pkg if which else pkg.rpartition('/')[2]}.{name}"

    # Emission --------------------------------------------------------------------------------------------------------

    def _gc_data(self, layout: TypeLayout) -> Item:
        return Address(self._pool.bytes(layout.gc_data())) if layout.ptr_bytes else NULL

    def _has_exported_name(self, type: Attribute) -> bool:
        """Whether a type's name is exported, or that of what it points to."""
        named = type.elem if isinstance(type, PtrType) else type
        if not isinstance(named, NamedType):
            return False
        generic = self.strings(named).display.partition("[")[0]
        return is_exported(generic.rpartition(".")[2])

    def _emit(self, type: Attribute) -> None:
        layout = self._layouts.of(type)
        strings = self.strings(type)
        named = isinstance(type, NamedType) or (layout.type == layout.underlying and layout.kind in _NAMED_KINDS)
        methods = () if layout.kind == "interface" else self.methods(type)
        uncommon = named or bool(methods)
        flags = (
            (_UNCOMMON if uncommon else 0)
            | (_NAMED if named else 0)
            | (_REGULAR if self.is_regular(type) else 0)
            | (_DIRECT if layout.pointer_shaped else 0)
        )
        equal = self.equal_function(type)
        items: list[Item] = [
            Int(layout.size, 64),
            Int(layout.ptr_bytes, 64),
            Int(self.hash(type), 32),
            Int(flags, 8),
            Int(layout.align, 8),
            Int(layout.align, 8),
            Int(KINDS[layout.kind], 8),
            Address(equal) if equal else NULL,
            self._gc_data(layout),
            self._pool.name(strings.display, exported=self._has_exported_name(type)),
            self._pointer_to_this(type),
        ]
        symbol = self._symbols[type]
        tail: list[Item] = []
        size = 48 + self._kind_part(layout, items, tail, symbol, uncommon)
        if uncommon:
            self._uncommon(type, methods, items, _items_size(tail))
            assert _items_size(items) == size + 16
        items += tail
        pkg = self._package(type)
        for method in methods:
            items += [
                self._method_name(method, pkg),
                Address32(self._method_type(method.type)),
                Address32(self._method_record(method.ifn.string_value())),
                Address32(self._method_record(method.tfn.string_value())),
            ]
        base = type.elem if isinstance(type, PtrType) else type
        shared = type in self._shared or (self._shares and isinstance(base, NamedType) and base.sym.data in self._types)
        listed = TYPES_SECTION if not named and layout.kind != "interface" else ""
        self._pool.add(symbol, items, "external" if shared else "linkonce_odr", listed=listed)

    def _pointer_to_this(self, type: Attribute) -> Item:
        """PtrToThis: the pointer type must be there if it has methods, for reflection cannot make those. Others it finds
        among all types, or makes."""
        pointer = PtrType(type)
        return Address32(self.of(pointer)) if pointer in self._method_sets else Int(0, 32)

    def _package(self, type: Attribute) -> str:
        """The package that unexported methods of a type are in where their names do not say."""
        if isinstance(type, PtrType | SliceType | ArrayType | ChanType):
            type = type.elem
        info = self._types.get(type.sym.data) if isinstance(type, NamedType) else None
        if info is not None:
            return info.pkg
        return "unsafe" if isinstance(type, UnsafePointerType) else ""

    def _method_name(self, method: MethodAttr | MethodSigAttr, pkg: str) -> Item:
        """The name of a method of a type, or of an interface type, of package `pkg`."""
        name, own = method.method_name.data, method.pkg.data
        exported = is_exported(name)
        return self._pool.name(name, exported=exported, pkg="" if exported or own == pkg else own)

    def _uncommon(self, type: Attribute, methods: Sequence[MethodAttr], items: list[Item], tail_size: int) -> None:
        pkg = self._package(type)
        exported = sum(is_exported(m.method_name.data) for m in methods)
        items += [
            self._pool.name(pkg) if pkg else Int(0, 32),
            Int(len(methods), 16),
            Int(exported, 16),
            Int(16 + tail_size, 32),
            Int(0, 32),
        ]

    def _kind_part(self, layout: TypeLayout, items: list[Item], tail: list[Item], symbol: str, uncommon: bool) -> int:
        """Appends what follows abi.Type for the kind; `tail` comes after UncommonType. Answers the part's size."""
        type = layout.underlying

        def pointer(t: Attribute) -> Item:
            return Address(self.of(t))

        match type:
            case PtrType() | SliceType():
                items.append(pointer(type.elem))
                return 8
            case ArrayType():
                items += [pointer(type.elem), pointer(SliceType(type.elem)), Int(type.length.data, 64)]
                return 24
            case ChanType():
                items += [pointer(type.elem), Int({"recv": 1, "send": 2, "both": 3}[type.dir.data], 64)]
                return 16
            case FuncType():
                outs = len(type.results.data) | (0x8000 if type.variadic.data else 0)
                items += [Int(len(type.params.data), 16), Int(outs, 16), Zeros(4)]
                tail += [pointer(t) for t in (*type.params.data, *type.results.data)]
                return 8
            case InterfaceType():
                methods = sorted_interface_methods(type)
                pkg = self._package(layout.type)
                items.append(Address(*self._pool.name(pkg)) if pkg else NULL)
                self._slice(items, symbol, 80 + (16 if uncommon else 0), len(methods))
                for method in methods:
                    tail += [self._method_name(method, pkg), Address32(self.of(method.type))]
                return 32
            case StructType():
                fields = type.fields.data
                pkg = next((f.pkg.data for f in fields if f.pkg.data), "")
                items.append(Address(*self._pool.name(pkg)) if pkg else NULL)
                self._slice(items, symbol, 80 + (16 if uncommon else 0), len(fields))
                for field, offset in zip(fields, layout.offsets, strict=True):
                    name = field.field_name.data
                    encoded = self._pool.name(
                        name, tag=field.tag.data, exported=is_exported(name), embedded=field.is_embedded
                    )
                    tail += [Address(*encoded), pointer(field.type), Int(offset, 64)]
                return 32
            case MapType():
                return self._map_part(type, items)
            case _:
                return 0

    @staticmethod
    def _slice(items: list[Item], symbol: str, offset: int, count: int) -> None:
        items += [Address(symbol, offset) if count else NULL, Int(count, 64), Int(count, 64)]

    def _map_part(self, type: MapType, items: list[Item]) -> int:
        key, elem = self._layouts.of(type.key), self._layouts.of(type.elem)
        flags = 0
        if self._needs_key_update(key):
            flags |= _NEED_KEY_UPDATE
        if self._hash_might_panic(key):
            flags |= _HASH_MIGHT_PANIC
        if key.size > map_tables.MAX_INLINE:
            flags |= _INDIRECT_KEY
        if elem.size > map_tables.MAX_INLINE:
            flags |= _INDIRECT_ELEM
        group, slot = map_tables.group(self._layouts, type)
        slots_at = group.offsets[1]
        items += [
            Address(self.of(type.key)),
            Address(self.of(type.elem)),
            Address(self.of_memory(group)),
            Address(self.hash_function(type.key)),
            Int(group.size, 64),
            Int(slots_at, 64),
            Int(slot.size, 64),
            Int(slots_at + slot.offsets[1], 64),
            Int(slot.size, 64),
            Int(slot.offsets[1], 64),
            Int(flags, 32),
            Zeros(4),
        ]
        return 88

    def _needs_key_update(self, layout: TypeLayout) -> bool:
        """Whether equal keys may differ (±0, strings that keep other memory alive)."""
        if layout.kind in ("float32", "float64", "complex64", "complex128", "string", "interface"):
            return True
        if layout.kind == "array":
            assert layout.elem is not None
            return self._needs_key_update(layout.elem)
        return any(self._needs_key_update(f) for f in layout.fields)

    def _hash_might_panic(self, layout: TypeLayout) -> bool:
        if layout.kind == "array":
            assert layout.elem is not None
            return self._hash_might_panic(layout.elem)
        return layout.kind == "interface" or any(self._hash_might_panic(f) for f in layout.fields)

    # Equal and Hasher ------------------------------------------------------------------------------------------------

    def equal_function(self, type: Attribute) -> str | None:
        """The record of the function that compares two values of `type`; None if they cannot be compared."""
        if not self.is_comparable(type):
            return None
        layout = self._layouts.of(type)
        if self.is_regular(type) and layout.size in _MEMORY_SIZES:
            return self._record(f"runtime.memequal{layout.size * 8}_eq")
        if layout.kind == "interface":
            empty = not cast(InterfaceType, layout.underlying).methods.data
            return self._record("runtime.nilinterequal" if empty else "runtime.interequal")
        named = _EQUAL.get(layout.kind)
        if named is not None:
            return self._record("runtime." + named)
        return self._algorithm("eq", "runtime.typeequal", type)

    def hash_function(self, type: Attribute) -> str:
        """The record of the function that hashes a value of `type`."""
        layout = self._layouts.of(type)
        if not self.is_comparable(type):
            raise DiagnosticException(f"{self.strings(type).display} cannot be a map key")
        if self.is_regular(type) and layout.size in (4, 8):
            return self._record(f"runtime.memhash{layout.size * 8}")
        if layout.kind == "interface":
            empty = not cast(InterfaceType, layout.underlying).methods.data
            return self._record("runtime.nilinterhash" if empty else "runtime.interhash")
        named = _HASH.get(layout.kind)
        if named is not None:
            return self._record("runtime." + named)
        return self._algorithm("hash", "runtime.typehash", type)

    def _algorithm(self, prefix: str, function: str, type: Attribute) -> str:
        """A static closure `{function, its coroutine entry, type}`: the function finds the type in its record."""
        symbol = f"go:{prefix}.{self.strings(type).full}"
        if symbol not in self._pool.data:
            self._pool.add(symbol, [*self._code(function), Address(self.of(type))])
        return symbol

    def _code(self, function: str) -> tuple[Item, Item]:
        self._record(function)  # declares both entries
        return Address(function), Address(function + "$coro")


_NAMED_KINDS: Final = frozenset(KINDS) - {"array", "chan", "func", "interface", "map", "ptr", "slice", "struct"}


def sorted_interface_methods(type: InterfaceType) -> Sequence[MethodSigAttr]:
    """The methods of an interface type in the order of its tables."""
    methods = type.methods.data
    if len(methods) < 2:
        return methods
    return sorted(methods, key=lambda m: method_order(m.method_name.data, m.pkg.data))


def _items_size(items: Sequence[Item]) -> int:
    sizes_aligns: list[tuple[int, int]] = []
    for item in items:
        match item:
            case Int():
                sizes_aligns.append((item.bits // 8, item.bits // 8))
            case Address():
                sizes_aligns.append((8, 8))
            case Address32():
                sizes_aligns.append((4, 4))
            case Zeros():
                sizes_aligns.append((item.size, 1))
            case _:
                sizes_aligns.append((len(item.data), 1))
    if not sizes_aligns:
        return 0
    offsets, _, _ = struct_offsets(sizes_aligns)
    return offsets[-1] + sizes_aligns[-1][0]


_ESCAPES: Final = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}


def quote(text: str) -> str:
    """A Go string literal in double quotes, as strconv.Quote writes tags."""
    out = ['"']
    for char in text:
        if char in '"\\':
            out.append("\\" + char)
        elif char in _ESCAPES:
            out.append(_ESCAPES[char])
        elif "\udc80" <= char <= "\udcff":
            out.append(f"\\x{ord(char) - 0xDC00:02x}")
        elif char < " " or char == "\x7f":
            out.append(f"\\x{ord(char):02x}")
        elif char.isprintable():
            out.append(char)
        else:
            out.append(f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}")
    out.append('"')
    return "".join(out)
