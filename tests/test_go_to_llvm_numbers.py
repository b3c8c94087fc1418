"""Arithmetic as compiled: every integer and float op, over edge values, run in-process and compared with Go's rules."""

from __future__ import annotations

import ctypes
import math
import struct
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest

from goir.build.ir_io import parse_text
from goir.lowering.emit_llvm import emit
from goir.lowering.go_to_llvm import go_to_llvm

binding: Any = import_module("llvmlite.binding")
INTS = {f"{u}int{w}": (w, not u) for w in (8, 16, 32, 64) for u in ("", "u")}
C_TYPES: dict[str, Any] = {
    "int8": ctypes.c_int8, "int16": ctypes.c_int16, "int32": ctypes.c_int32, "int64": ctypes.c_int64,
    "uint8": ctypes.c_uint8, "uint16": ctypes.c_uint16, "uint32": ctypes.c_uint32, "uint64": ctypes.c_uint64,
    "float32": ctypes.c_float, "float64": ctypes.c_double,
}  # fmt: skip

# Stands in for the runtime: recorders count.
RUNTIME = """
  go.global @main.panics : !go.int64
  go.func @runtime.panicdivide() {
    %p = go.global_addr @main.panics : !go.ptr<!go.int64>
    %n = go.load %p : !go.int64
    %one = go.constant 1 : !go.int64
    %m = go.add %n, %one : !go.int64
    go.store %m, %p : !go.int64
    go.return
  }
  go.func @runtime.panicshift() {
    go.call @runtime.panicdivide() : () -> ()
    go.return
  }
  go.func @main.count() -> (!go.int64) attributes {centry = "count"} {
    %p = go.global_addr @main.panics : !go.ptr<!go.int64>
    %n = go.load %p : !go.int64
    go.return %n : !go.int64
  }
"""


def wrap(value: int, width: int, signed: bool) -> int:
    value &= (1 << width) - 1
    return value - (1 << width) if signed and value >> (width - 1) else value


def edges(name: str) -> list[int]:
    width, signed = INTS[name]
    top = 1 << (width - 1)
    values = {0, 1, 2, 3, 7, -1, -2, -7, 100, top, top - 1, 2 * top - 1, width, width - 1}
    return sorted({wrap(v, width, signed) for v in values})


def division(a: int, b: int) -> int:
    q = abs(a) // abs(b)
    return -q if (a < 0) != (b < 0) else q


def shift_left(a: int, n: int, width: int) -> int:
    return 0 if n >= width else a << n


BINARY: dict[str, Callable[[int, int, int], int | None]] = {
    "add": lambda a, b, w: a + b,
    "sub": lambda a, b, w: a - b,
    "mul": lambda a, b, w: a * b,
    "div": lambda a, b, w: division(a, b) if b else None,
    "rem": lambda a, b, w: a - b * division(a, b) if b else None,
    "and": lambda a, b, w: a & b,
    "or": lambda a, b, w: a | b,
    "xor": lambda a, b, w: a ^ b,
    "andnot": lambda a, b, w: a & ~b,
    "shl": lambda a, b, w: shift_left(a, b, w) if b >= 0 else None,
    "shr": lambda a, b, w: a >> b if b >= 0 else None,
    "min": lambda a, b, w: min(a, b),
    "max": lambda a, b, w: max(a, b),
}
UNARY: dict[str, Callable[[int], int]] = {"neg": lambda a: -a, "com": lambda a: ~a}
PREDICATES: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b, "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
}  # fmt: skip


def function(name: str, params: list[str], result: str, body: list[str]) -> str:
    args = ", ".join(f"%a{i} : {t}" for i, t in enumerate(params))
    lines = "\n".join("    " + line for line in body)
    return (
        f'  go.func @main.{name}({args}) -> ({result}) attributes {{may_panic, centry = "{name}"}} {{\n'
        f"{lines}\n    go.return %r : {result}\n  }}\n"
    )


def functions() -> Iterator[str]:
    for t in INTS:
        go = f"!go.{t}"
        for op in BINARY:
            types = f"{go}, {go}" if op in ("shl", "shr") else go
            yield function(f"{op}_{t}", [go, go], go, [f"%r = go.{op} %a0, %a1 : {types}"])
        for op in ("neg", "com"):
            yield function(f"{op}_{t}", [go], go, [f"%r = go.{op} %a0 : {go}"])
        for p in PREDICATES:
            compare = [f"%c = go.cmp {p} %a0, %a1 : {go}", "cf.cond_br %c, ^a, ^b", "^a:"]
            compare += [f"%t = go.constant 1 : {go}", f"cf.br ^c(%t : {go})", "^b:", f"%f = go.constant 0 : {go}"]
            compare += [f"cf.br ^c(%f : {go})", f"^c(%r : {go}):"]
            yield function(f"{p}_{t}", [go, go], go, compare)
        for u in INTS:
            yield function(f"convert_{t}_{u}", [go], f"!go.{u}", [f"%r = go.convert %a0 : {go} -> !go.{u}"])
        for constant in (1, 3, 16, -1):
            if constant > 0 or INTS[t][1]:
                name = f"{t}_{constant}".replace("-", "m")
                for op in ("div", "rem"):
                    body = [f"%k = go.constant {constant} : {go}", f"%r = go.{op} %a0, %k : {go}"]
                    yield function(f"{op}k_{name}", [go], go, body)
        for constant in (0, 1, 7, 8, 63, 64, 100):
            for op in ("shl", "shr"):
                body = [f"%k = go.constant {constant} : !go.uint", f"%r = go.{op} %a0, %k : {go}, !go.uint"]
                yield function(f"{op}k_{t}_{constant}", [go], go, body)
        for f in ("float32", "float64"):
            yield function(f"convert_{t}_{f}", [go], f"!go.{f}", [f"%r = go.convert %a0 : {go} -> !go.{f}"])
            yield function(f"convert_{f}_{t}", [f"!go.{f}"], go, [f"%r = go.convert %a0 : !go.{f} -> {go}"])
    for t in ("float32", "float64"):
        go = f"!go.{t}"
        for op in ("add", "sub", "mul", "div", "min", "max"):
            yield function(f"{op}_{t}", [go, go], go, [f"%r = go.{op} %a0, %a1 : {go}"])
        yield function(f"neg_{t}", [go], go, [f"%r = go.neg %a0 : {go}"])
        for part in ("real", "imag"):
            C = "!go.complex64" if t == "float32" else "!go.complex128"
            body = [f"%x = go.complex %a0, %a1 : {go} -> {C}", f"%y = go.complex %a2, %a3 : {go} -> {C}"]
            body += [f"%m = go.mul %x, %y : {C}", f"%r = go.{part} %m : {C} -> {go}"]
            yield function(f"cmul_{part}_{t}", [go] * 4, go, body)
        for p in PREDICATES:
            compare = [f"%c = go.cmp {p} %a0, %a1 : {go}", "cf.cond_br %c, ^a, ^b", "^a:"]
            compare += ["%t = go.constant 1 : !go.int64", "cf.br ^c(%t : !go.int64)", "^b:"]
            compare += ["%f = go.constant 0 : !go.int64", "cf.br ^c(%f : !go.int64)", "^c(%r : !go.int64):"]
            yield function(f"{p}_{t}", [go, go], "!go.int64", compare)


class Compiled:
    """The functions, callable."""

    def __init__(self) -> None:
        text = "builtin.module {\n" + RUNTIME + "".join(functions()) + "}\n"
        module = parse_text(text, "numbers.goir")
        module.verify()
        go_to_llvm(module)
        module.verify()
        binding.initialize_native_target()
        binding.initialize_native_asmprinter()
        machine = binding.Target.from_default_triple().create_target_machine(opt=1, jit=True)
        self.engine = binding.create_mcjit_compiler(binding.parse_assembly(emit(module)), machine)
        self.engine.finalize_object()
        self.count = self.function("count", [], "int64")

    def function(self, name: str, params: list[str], result: str) -> Any:
        address = self.engine.get_function_address(name)
        assert address, name
        return ctypes.CFUNCTYPE(C_TYPES[result], *(C_TYPES[p] for p in params))(address)

    def call(self, function: Any, *args: Any) -> Any:
        """The result, or None if it panicked."""
        before = self.count()
        result = function(*args)
        return result if self.count() == before else None


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return Compiled()


@pytest.mark.parametrize("t", list(INTS))
def test_integers(compiled: Compiled, t: str) -> None:
    width, signed = INTS[t]
    values = edges(t)
    for op, expected in BINARY.items():
        function = compiled.function(f"{op}_{t}", [t, t], t)
        for a in values:
            for b in values:
                want = expected(a, b, width)
                want = None if want is None else wrap(want, width, signed)
                assert compiled.call(function, a, b) == want, f"{op}({a}, {b}) of {t}"
    for op, one in UNARY.items():
        function = compiled.function(f"{op}_{t}", [t], t)
        assert [function(a) for a in values] == [wrap(one(a), width, signed) for a in values]
    for p, compare in PREDICATES.items():
        function = compiled.function(f"{p}_{t}", [t, t], t)
        assert all(function(a, b) == int(compare(a, b)) for a in values for b in values)
    for u in INTS:
        function = compiled.function(f"convert_{t}_{u}", [t], u)
        assert [function(a) for a in values] == [wrap(a, *INTS[u]) for a in values]
    for constant in (1, 3, 16, -1):
        if constant > 0 or signed:
            name = f"{t}_{constant}".replace("-", "m")
            quotient = compiled.function(f"divk_{name}", [t], t)
            rest = compiled.function(f"remk_{name}", [t], t)
            for a in values:
                assert quotient(a) == wrap(division(a, constant), width, signed)
                assert rest(a) == wrap(a - constant * division(a, constant), width, signed)
    for constant in (0, 1, 7, 8, 63, 64, 100):
        left = compiled.function(f"shlk_{t}_{constant}", [t], t)
        right = compiled.function(f"shrk_{t}_{constant}", [t], t)
        assert [left(a) for a in values] == [wrap(shift_left(a, constant, width), width, signed) for a in values]
        assert [right(a) for a in values] == [a >> constant for a in values]


def single(x: float) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", x))[0])
    except OverflowError:
        return math.copysign(math.inf, x)


def cvtt(x: float, width: int) -> int:
    """What CVTTSD2SI answers."""
    if math.isfinite(x) and -(1 << (width - 1)) <= math.trunc(x) < 1 << (width - 1):
        return math.trunc(x)
    return -(1 << (width - 1))


def gc_conversion(x: float, t: str) -> int:
    """Float to integer as gc compiles it for amd64 (checked against Go 1.27.3)."""
    width, signed = INTS[t]
    if t == "uint64":
        low, high = cvtt(x, 64), cvtt(x - 2.0**63, 64)
        return (low | high & (low >> 63)) & (2**64 - 1)
    return wrap(cvtt(x, 64 if t in ("int64", "uint32") else 32), width, signed)


FLOATS = [
    0.0, -0.0, 1.5, -1.5, 300.0, -300.0, 70000.0, -70000.0, 3e9, -3e9, 5e9, 1e19, -1e19, 1.8e19, 2e19, math.nan,
    math.inf, -math.inf, -2147483648.5, 2147483647.5, 4294967296.5, -9.3e18, 0.1, 1e-310, 1e308,
]  # fmt: skip


def same(a: float, b: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1, a) == math.copysign(1, b))


@pytest.mark.parametrize("f", ["float32", "float64"])
def test_floats(compiled: Compiled, f: str) -> None:
    rounded = single if f == "float32" else float
    values = [rounded(x) for x in FLOATS]
    for t in INTS:
        function = compiled.function(f"convert_{f}_{t}", [f], t)
        for x in values:
            assert function(x) == gc_conversion(x, t), f"{t}({x})"
        back = compiled.function(f"convert_{t}_{f}", [t], f)
        for a in edges(t):
            if f == "float64":
                assert back(a) == float(a)

    def divide(a: float, b: float) -> float:
        if b == 0:
            return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1, b)
        return a / b

    def smallest(a: float, b: float) -> float:
        if math.isnan(a) or math.isnan(b):
            return math.nan
        return min(a, b) if a != b else (a if math.copysign(1, a) < 0 else b)

    operations: dict[str, Callable[[float, float], float]] = {
        "add": lambda a, b: a + b,
        "sub": lambda a, b: a - b,
        "mul": lambda a, b: a * b,
        "div": divide,
        "min": smallest,
        "max": lambda a, b: -smallest(-a, -b),
    }
    for op, expected in operations.items():
        function = compiled.function(f"{op}_{f}", [f, f], f)
        for a in values:
            for b in values:
                assert same(function(a, b), rounded(expected(a, b))), f"{op}({a}, {b}) of {f}"
    negate = compiled.function(f"neg_{f}", [f], f)
    assert all(same(negate(a), -a) for a in values)
    for p, compare in PREDICATES.items():
        function = compiled.function(f"{p}_{f}", [f, f], "int64")
        assert all(function(a, b) == int(compare(a, b)) for a in values for b in values)


def test_complex(compiled: Compiled) -> None:
    for f, rounded in (("float64", float), ("float32", single)):
        real = compiled.function(f"cmul_real_{f}", [f] * 4, f)
        imag = compiled.function(f"cmul_imag_{f}", [f] * 4, f)
        for a, b, c, d in [(1.0, 2.0, 3.0, 4.0), (1e20, 1e20, 1e20, -1e20), (0.1, 0.2, 0.3, 0.4)]:
            a, b, c, d = map(rounded, (a, b, c, d))
            assert real(a, b, c, d) == rounded(a * c - b * d)
            assert imag(a, b, c, d) == rounded(a * d + b * c)
