"""Sizes, offsets and pointer maps of types, against what Go 1.27's own reflect and runtime say (recorded)."""

from __future__ import annotations

import pytest
from xdsl.dialects.builtin import i1
from xdsl.dialects.llvm import LLVMPointerType, LLVMStructType
from xdsl.ir import Attribute
from xdsl.parser import Parser

from goir.build.ir_io import make_context
from goir.dialects.go_types import InterfaceType, NamedType
from goir.lowering.layout import Layouts, size_and_align

BASE = [
    ("bool", "i1"), ("int8", "!go.int8"), ("uint16", "!go.uint16"), ("int32", "!go.int32"), ("int", "!go.int"),
    ("uintptr", "!go.uintptr"), ("float32", "!go.float32"), ("complex64", "!go.complex64"),
    ("complex128", "!go.complex128"), ("string", "!go.string"), ("unsafe.Pointer", "!go.unsafe_pointer"),
    ("*int", "!go.ptr<!go.int>"), ("[]byte", "!go.slice<!go.uint8>"), ("map[string]int", "!go.map<!go.string, !go.int>"),
    ("chan int", "!go.chan<!go.int>"), ("func()", "!go.func<() -> ()>"), ("any", "!go.interface<>"),
    ("error", '!go.named<"error">'), ("[0]int", "!go.array<0 x !go.int>"), ("[1]*int", "!go.array<1 x !go.ptr<!go.int>>"),
    ("[3]int8", "!go.array<3 x !go.int8>"), ("[5]string", "!go.array<5 x !go.string>"), ("[4]bool", "!go.array<4 x i1>"),
    ("[100][3]any", "!go.array<100 x !go.array<3 x !go.interface<>>>"), ("[2]struct{}", "!go.array<2 x !go.struct<>>"),
]  # fmt: skip
_NAMES = dict(BASE)


def _struct(*fields: tuple[str, str]) -> tuple[str, str]:
    go = "struct{" + "; ".join(f"F{i} {go}" for i, (go, _) in enumerate(fields)) + "}"
    return go, "!go.struct<" + ", ".join(f"F{i} : {ir}" for i, (_, ir) in enumerate(fields)) + ">"


def _of(*names: str) -> tuple[str, str]:
    return _struct(*((n, _NAMES[n]) for n in names))


STRUCTS = [
    _of(), _of("bool"), _of("*int"), _of("any"), _of("bool", "int"), _of("int", "bool"),
    _of("bool", "int8", "int32", "bool"), _of("int", "[0]int"), _of("bool", "[0]int"), _of("[0]int", "bool"),
    _of("[0]int"), _of("[2]struct{}", "[2]struct{}"), _of("string", "[2]struct{}"), _of("complex64", "bool", "complex64"),
    _of("float32", "complex128"), _of("[3]int8", "uint16"), _of("[]byte", "string", "any", "*int"),
    _of("int", "*int", "int"), _of("int", "int", "int"), _of("[5]string", "bool"), _of("bool", "[5]string"),
    _of("[4]bool", "int32"), _of("unsafe.Pointer", "uintptr"), _of("func()", "bool", "error"),
    _of("map[string]int", "int8", "chan int"), _of("int8", "uint16", "int8", "int32", "int8", "int"),
]  # fmt: skip
_A, _B, _C = STRUCTS[6], STRUCTS[7], STRUCTS[20]
_BOOL = BASE[0]
TYPES = [
    *BASE, *STRUCTS, _struct(_A, _A), _struct(_BOOL, _B), _struct(_B, _BOOL), _struct(_A, _C),
    ("[3]" + _A[0], f"!go.array<3 x {_A[1]}>"), ("[2]" + _C[0], f"!go.array<2 x {_C[1]}>"), _struct(STRUCTS[9], _BOOL),
    _struct(STRUCTS[2]), ("[1]" + STRUCTS[2][0], f"!go.array<1 x {STRUCTS[2][1]}>"),
]  # fmt: skip

# size, alignment, PtrBytes, offsets, pointer map, stored directly in interfaces
# ruff: noqa: E501
EXPECTED = """
1 1 0 []  false
1 1 0 []  false
2 2 0 []  false
4 4 0 []  false
8 8 0 []  false
8 8 0 []  false
4 4 0 []  false
8 4 0 []  false
16 8 0 []  false
16 8 8 [] 1 false
8 8 8 [] 1 true
8 8 8 [] 1 true
24 8 8 [] 1 false
8 8 8 [] 1 true
8 8 8 [] 1 true
8 8 8 [] 1 true
16 8 16 [] 01 false
16 8 16 [] 01 false
0 8 0 []  false
8 8 8 [] 1 true
3 1 0 []  false
80 8 72 [] 101010101 false
4 1 0 []  false
4800 8 4800 [] 010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101 false
0 1 0 []  false
0 1 0 []  false
1 1 0 [0]  false
8 8 8 [0] 1 true
16 8 16 [0] 01 false
16 8 0 [0 8]  false
16 8 0 [0 8]  false
12 4 0 [0 1 4 8]  false
16 8 0 [0 8]  false
16 8 0 [0 8]  false
8 8 0 [0 0]  false
0 8 0 [0]  false
0 1 0 [0 0]  false
24 8 8 [0 16] 1 false
20 4 0 [0 8 12]  false
24 8 0 [0 8]  false
6 2 0 [0 4]  false
64 8 64 [0 24 40 56] 10010011 false
24 8 16 [0 8 16] 01 false
24 8 0 [0 8 16]  false
88 8 72 [0 80] 101010101 false
88 8 80 [0 8] 0101010101 false
8 4 0 [0 4]  false
16 8 8 [0 8] 1 false
32 8 32 [0 8 16] 1001 false
24 8 24 [0 8 16] 101 false
24 8 0 [0 2 4 8 12 16]  false
24 4 0 [0 12]  false
24 8 0 [0 8]  false
24 8 0 [0 16]  false
104 8 96 [0 16] 000101010101 false
36 4 0 []  false
176 8 168 [] 010101010100101010101 false
16 8 0 [0 8]  false
8 8 8 [0] 1 true
8 8 8 [] 1 true
"""


class _Table:
    def underlying(self, attr: Attribute, /) -> Attribute:
        return InterfaceType([]) if isinstance(attr, NamedType) else attr  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("pair", "expected"), list(zip(TYPES, EXPECTED.strip().splitlines(), strict=True)), ids=[go for go, _ in TYPES]
)
def test_layout(pair: tuple[str, str], expected: str) -> None:
    layout = Layouts(_Table()).of(Parser(make_context(), pair[1]).parse_attribute())
    bits = "".join(str(layout.pointer_bits >> i & 1) for i in range(layout.ptr_bytes // 8))
    offsets = list(layout.offsets) if layout.kind == "struct" else []
    have = f"{layout.size} {layout.align} {layout.ptr_bytes} [{' '.join(map(str, offsets))}] {bits} "
    have += str(layout.pointer_shaped).lower()
    assert have == expected
    assert size_and_align(layout.memory)[0] == layout.size
    if layout.kind == "struct" and layout.positions is not None and layout.size:
        assert isinstance(layout.memory, LLVMStructType)
        for field, offset, position in zip(layout.fields, layout.offsets, layout.positions, strict=True):
            before = LLVMStructType.from_type_list(layout.memory.types.data[:position])
            align = size_and_align(field.memory)[1]
            assert -(-sum_of(before) // align) * align == offset


def sum_of(type: LLVMStructType) -> int:
    """Where the last element of a struct type ends, without padding after it."""
    at = 0
    for element in type.types.data:
        size, align = size_and_align(element)
        at = -(-at // align) * align + size
    return at


def test_value_forms() -> None:
    def of(text: str) -> tuple[bool, int]:
        layout = Layouts(_Table()).of(Parser(make_context(), text).parse_attribute())
        assert (layout.value == LLVMPointerType()) == (layout.indirect or layout.memory == LLVMPointerType())
        return layout.indirect, layout.scalars

    words = ", ".join(f"F{i} : !go.int" for i in range(8))
    assert of(f"!go.struct<{words}>") == (False, 8)
    assert of(f"!go.struct<{words}, G : i1>") == (True, 9)
    assert of("!go.array<4 x !go.int>") == (False, 4)
    assert of("!go.array<5 x !go.int8>")[0]
    assert of("!go.struct<A : !go.array<5 x i1>>")[0]
    assert not of("!go.array<5 x !go.struct<>>")[0]
    assert of("!go.array<2 x !go.array<4 x !go.string>>")[0]


def test_large_pointer_map() -> None:
    text = "!go.array<1000000 x !go.struct<A : !go.int, B : !go.string>>"
    layout = Layouts(_Table()).of(Parser(make_context(), text).parse_attribute())
    assert layout.ptr_bytes == 24 * 999_999 + 16
    assert layout.pointer_bits.bit_count() == 1_000_000
    assert layout.gc_data()[:3] == bytes([0b10010010, 0b00100100, 0b01001001])
    assert layout.memory != i1
