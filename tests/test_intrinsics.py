"""Intrinsics that compute, run in-process over edge values and compared with what docs/abi.md says of them."""

from __future__ import annotations

import ctypes
import math
import platform
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import pytest

from goir.build.ir_io import parse_text
from goir.dialects.go_intrinsics import SIGNATURES
from goir.lowering.emit_llvm import emit
from goir.lowering.go_to_llvm import go_to_llvm
from goir.lowering.lower_intrinsics import LOWERINGS

binding: Any = import_module("llvmlite.binding")
C_TYPES: dict[str, Any] = {
    "int": ctypes.c_int64, "uint8": ctypes.c_uint8, "uint16": ctypes.c_uint16, "uint32": ctypes.c_uint32,
    "uint64": ctypes.c_uint64, "float64": ctypes.c_double,
}  # fmt: skip
WIDTHS = (8, 16, 32, 64)
Args = Sequence[Any]


class Case(NamedTuple):
    """An intrinsic: types of parameters and results, what it answers for arguments, given the width of words."""

    name: str
    params: Sequence[str]
    results: Sequence[str]
    expected: Callable[[int, Args], Any]
    arguments: Sequence[tuple[Any, ...]]
    width: int = 64


def edges(width: int) -> list[int]:
    top = 1 << (width - 1)
    return [0, 1, 2, 3, 7, 0x5A % (2 * top), top - 1, top, top + 1, 2 * top - 1, 0x123456789ABCDEF1 % (2 * top)]


def rotate(width: int, a: Args) -> int:
    x, count = a
    count %= width
    return (x << count | x >> (width - count)) % (1 << width)


def trailing_zeros(width: int, a: Args) -> int:
    return (a[0] & -a[0]).bit_length() - 1 if a[0] else width


BITS: dict[str, Callable[[int, Args], int]] = {
    "ctz": trailing_zeros,
    "clz": lambda w, a: w - a[0].bit_length(),
    "len": lambda w, a: a[0].bit_length(),
    "popcount": lambda w, a: a[0].bit_count(),
}
SWAPS: dict[str, Callable[[int, Args], int]] = {
    "bitreverse": lambda w, a: int(f"{a[0]:0{w}b}"[::-1], 2),
    "bswap": lambda w, a: int.from_bytes(a[0].to_bytes(w // 8, "big"), "little"),
}
WORDS: dict[str, Callable[[int, Args], tuple[int, int]]] = {
    "mul": lambda w, a: (a[0] * a[1] >> w, a[0] * a[1] % (1 << w)),
    "addc": lambda w, a: (sum(a) % (1 << w), sum(a) >> w),
    "subb": lambda w, a: ((a[0] - a[1] - a[2]) % (1 << w), int(a[0] < a[1] + a[2])),
}
OTHERS: dict[str, Callable[[int, Args], Any]] = {
    "div64": lambda w, a: divmod((a[0] << 64) + a[1], a[2]),
    "copysign": lambda w, a: math.copysign(a[0], a[1]),
    "fma": lambda w, a: -(2.0**-104),
}
FLOATS: dict[str, Callable[[int, Args], float]] = {
    "sqrt": lambda w, a: math.sqrt(a[0]) if a[0] >= 0 else math.nan,
    "floor": lambda w, a: math.copysign(math.floor(a[0]), a[0]),
    "ceil": lambda w, a: math.copysign(math.ceil(a[0]), a[0]),
    "trunc": lambda w, a: math.copysign(math.trunc(a[0]), a[0]),
    "roundeven": lambda w, a: math.copysign(round(a[0]), a[0]),
    "fabs": lambda w, a: abs(a[0]),
}
NUMBERS = [0.0, -0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, 1e300, -7.25, 4503599627370495.5, 1e-310]


def cases() -> Iterator[Case]:
    for w in WIDTHS:
        u, one = f"uint{w}", [(x,) for x in edges(w)]
        for name, bits in BITS.items():
            yield Case(f"{name}{w}", [u], ["int"], bits, one, w)
        for name, swap in SWAPS.items():
            if w > 8 or name != "bswap":
                yield Case(f"{name}{w}", [u], [u], swap, one, w)
        counts = (0, 1, 5, w - 1, w, w + 3, 200, -1, -w, -300)
        yield Case(f"rotl{w}", [u, "int"], [u], rotate, [(x, k) for x in edges(w) for k in counts], w)
    for w in (32, 64):
        u, two = f"uint{w}", [(x, y) for x in edges(w) for y in edges(w)]
        for name, words in WORDS.items():
            carries = [(*pair, c) for pair in two for c in (0, 1)]
            yield Case(
                f"{name}{w}", [u] * (2 if name == "mul" else 3), [u, u], words, two if name == "mul" else carries, w
            )
    divisions = [(h, low, y) for h in edges(64) for low in edges(64) for y in edges(64) if h < y]
    yield Case("div64", ["uint64"] * 3, ["uint64"] * 2, OTHERS["div64"], divisions)
    for name, of in FLOATS.items():
        yield Case(name, ["float64"], ["float64"], of, [(x,) for x in NUMBERS])
    signs = [(x, y) for x in NUMBERS for y in (1.0, -0.0)]
    yield Case("copysign", ["float64"] * 2, ["float64"], OTHERS["copysign"], signs)
    # Rounded once: the product alone would be 1.
    once = [(1 + 2.0**-52, 1 - 2.0**-52, -1.0)]
    yield Case("fma", ["float64"] * 3, ["float64"], OTHERS["fma"], once)


CASES = list(cases())


def function(name: str, params: Sequence[str], results: Sequence[str], index: int) -> str:
    args = ", ".join(f"%a{i} : !go.{t}" for i, t in enumerate(params))
    outs = ", ".join(f"%r{i}" for i in range(len(results)))
    types = ", ".join(f"!go.{t}" for t in results)
    return (
        f'  go.func @main.{name}.{index}({args}) -> (!go.{results[index]}) attributes {{centry = "{name}_{index}"}} {{\n'
        f'    {outs} = go.intrinsic "{name}"({", ".join(f"%a{i}" for i in range(len(params)))})'
        f" : ({', '.join(f'!go.{t}' for t in params)}) -> {types if len(results) == 1 else f'({types})'}\n"
        f"    go.return %r{index} : !go.{results[index]}\n  }}\n"
    )


@pytest.fixture(scope="module")
def engine() -> Any:
    text = "".join(function(n, p, r, i) for n, p, r, *_ in CASES for i in range(len(r)))
    for i in range(4):
        text += function("cpuid", ["uint32"] * 2, ["uint32"] * 4, i)
    module = parse_text("builtin.module {\n" + text + "}\n", "intrinsics.goir")
    module.verify()
    go_to_llvm(module)
    module.verify()
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    binding.initialize_native_asmparser()
    machine = binding.Target.from_default_triple().create_target_machine(opt=1, jit=True)
    engine = binding.create_mcjit_compiler(binding.parse_assembly(emit(module)), machine)
    engine.finalize_object()
    return engine


def lookup(engine: Any, name: str, params: Sequence[str], result: str) -> Any:
    address = engine.get_function_address(name)
    assert address, name
    return ctypes.CFUNCTYPE(C_TYPES[result], *(C_TYPES[p] for p in params))(address)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_intrinsic(engine: Any, case: Case) -> None:
    functions = [lookup(engine, f"{case.name}_{i}", case.params, t) for i, t in enumerate(case.results)]
    for args in case.arguments:
        want = case.expected(case.width, args)
        got: list[Any] = [f(*args) for f in functions]
        for g, w in zip(got, [want] if len(got) == 1 else want, strict=True):
            both_nan = g != g and w != w
            assert both_nan or (g == w and math.copysign(1, g) == math.copysign(1, w)), f"{case.name}{args}"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="an instruction of x86-64")
def test_cpuid(engine: Any) -> None:
    """Leaf 0 answers who made the processor; leaf 1 that it has SSE2."""
    maker = b"".join(
        lookup(engine, f"cpuid_{i}", ["uint32"] * 2, "uint32")(0, 0).to_bytes(4, "little") for i in (1, 3, 2)
    )
    assert maker.isascii() and len(maker) == 12
    assert lookup(engine, "cpuid_3", ["uint32"] * 2, "uint32")(1, 0) >> 26 & 1


def test_each_intrinsic_has_a_signature_and_a_lowering() -> None:
    assert LOWERINGS.keys() == SIGNATURES.keys()
