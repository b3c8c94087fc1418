"""Exact constant values: bool, bytes (strings), int, Fraction (floats; Huge where they are very large or small), Complex.

The Python class of a value is its kind.  None stands for a value that is not known (after an error or an overflow).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from goir.types import types as T
from goir.types.huge import MAX_FRACTION_BITS, PRECISION, Huge, mantissa, power, scaled


class Complex(NamedTuple):
    """A complex constant."""

    re: Fraction | Huge
    im: Fraction | Huge


Float = Fraction | Huge
Value = bool | bytes | int | Float | Complex

ZERO = Fraction(0)

# Fractions whose parts have more bits than this are rounded to PRECISION bits, as gc does.
_MAX_EXACT_BITS = 4096
# Exponents of literals up to which fractions are used; for larger ones, that would take long.
_MAX_EXPONENT = 100_000
# int(str) and str(int) refuse more digits than this.
_CHUNK = 4000


def kind_rank(v: Value) -> int:
    """The order in which numeric kinds absorb each other: int < Fraction < Complex."""
    c = v.__class__
    return 1 if c is int else 2 if c is Fraction or c is Huge else 3 if c is Complex else 0


# ---- Literals --------------------------------------------------------------------------------------------


def _decimal(digits: str) -> int:
    if len(digits) <= _CHUNK:
        return int(digits) if digits else 0
    n = 0
    for i in range(0, len(digits), _CHUNK):
        part = digits[i : i + _CHUNK]
        n = n * 10 ** len(part) + int(part)
    return n


def parse_int(text: str) -> int | None:
    """The value of an integer literal."""
    s = text.replace("_", "")
    try:
        prefix = s[:2].lower()
        if prefix == "0x":
            return int(s[2:], 16)
        if prefix == "0b":
            return int(s[2:], 2)
        if prefix == "0o":
            return int(s[2:], 8)
        if len(s) > 1 and s[0] == "0":
            return int(s, 8)
        return _decimal(s)
    except ValueError:
        return None


def parse_float(text: str) -> Float | None:
    """The value of a floating-point (or decimal integer) literal."""
    s = text.replace("_", "").lower()
    try:
        if s.startswith("0x"):
            mantissa, _, exp = s[2:].partition("p")
            whole, _, frac = mantissa.partition(".")
            n = int((whole + frac) or "0", 16)
            e = int(exp or "0") - 4 * len(frac)
            if abs(e) > _MAX_EXPONENT:
                return scaled(n, e)
            v = Fraction(n << e) if e >= 0 else Fraction(n, 1 << -e)
        else:
            mantissa, _, exp = s.partition("e")
            whole, _, frac = mantissa.partition(".")
            n = _decimal(whole + frac)
            e = int(exp or "0")
            if e > 646456992:
                return None  # beyond what gc's own numbers can be
            e -= len(frac)
            if abs(e) > _MAX_EXPONENT:
                return n * power(10, e)
            v = Fraction(n * 10**e) if e >= 0 else Fraction(n, 10**-e)
    except (OverflowError, ValueError):
        return None
    return _limit(v)


_SIMPLE_ESCAPES = {
    "a": 7,
    "b": 8,
    "f": 12,
    "n": 10,
    "r": 13,
    "t": 9,
    "v": 11,
    "\\": 92,
    "'": 39,
    '"': 34,
}


def _encode(s: str) -> bytes:
    return s.encode("utf-8", "surrogateescape")


def _unescape(body: str) -> list[int | str] | None:
    """Splits the inside of an interpreted literal: text runs as str, byte escapes as int < 256, code points as str."""
    parts: list[int | str] = []
    i = 0
    n = len(body)
    while i < n:
        j = body.find("\\", i)
        if j < 0:
            parts.append(body[i:])
            break
        if j > i:
            parts.append(body[i:j])
        if j + 1 >= n:
            return None
        c = body[j + 1]
        try:
            if c in _SIMPLE_ESCAPES:
                parts.append(chr(_SIMPLE_ESCAPES[c]))
                i = j + 2
            elif c == "x":
                parts.append(int(body[j + 2 : j + 4], 16))
                i = j + 4
            elif c == "u":
                parts.append(chr(int(body[j + 2 : j + 6], 16)))
                i = j + 6
            elif c == "U":
                parts.append(chr(int(body[j + 2 : j + 10], 16)))
                i = j + 10
            elif c in "01234567":
                parts.append(int(body[j + 1 : j + 4], 8))
                i = j + 4
            else:
                return None
        except (ValueError, OverflowError):
            return None
    return parts


def unquote(text: str) -> bytes | None:
    """The value of a string literal, None if it is malformed."""
    if text[:1] == "`":
        return _encode(text[1:-1].replace("\r", ""))
    body = text[1:-1]
    if "\\" not in body:
        return _encode(body)
    parts = _unescape(body)
    if parts is None:
        return None
    return b"".join(bytes((p & 255,)) if isinstance(p, int) else _encode(p) for p in parts)


def parse_char(text: str) -> int | None:
    """The code point (or byte) of a rune literal."""
    body = text[1:-1]
    if not body.startswith("\\"):
        return ord(body) if len(body) == 1 else None
    parts = _unescape(body)
    if parts is None or len(parts) != 1:
        return None
    p = parts[0]
    return p if isinstance(p, int) else ord(p) if len(p) == 1 else None


def from_literal(kind: str, text: str) -> Value | None:
    """The value of a BasicLit."""
    if kind == "INT":
        return parse_int(text)
    if kind == "FLOAT":
        return parse_float(text)
    if kind == "STRING":
        return unquote(text)
    if kind == "CHAR":
        return parse_char(text)
    if kind == "IMAG":
        body = text[:-1]
        # For compatibility, a leading 0 does not make an imaginary literal octal.
        if body[:2].lower() in ("0b", "0o") or (
            body[:2].lower() == "0x" and "p" not in body.lower() and "." not in body
        ):
            n = parse_int(body)
            im = None if n is None else Fraction(n)
        else:
            im = parse_float(body)
        return None if im is None else Complex(ZERO, im)
    return None


# ---- Conversions between kinds ---------------------------------------------------------------------------


def _limit(v: Float) -> Float:
    """Rounds a fraction that has become too large to be kept exactly."""
    if isinstance(v, Huge):
        return v
    n, d = v.numerator, v.denominator
    if n.bit_length() <= _MAX_EXACT_BITS and d.bit_length() <= _MAX_EXACT_BITS:
        return v
    if abs(n.bit_length() - d.bit_length()) > MAX_FRACTION_BITS:
        q, shift = mantissa(abs(n), d, PRECISION)
        return scaled(-q if n < 0 else q, shift)
    return _round_bits(n, d, PRECISION)


def _round_bits(n: int, d: int, bits: int) -> Fraction:
    """n/d rounded to a mantissa of the given number of bits, ties to even."""
    q, shift = mantissa(abs(n), d, bits)
    if n < 0:
        q = -q
    return Fraction(q << shift) if shift >= 0 else Fraction(q, 1 << -shift)


def to_int(v: Value | None) -> int | None:
    """The value as an integer if it is one."""
    x: Any = v
    c = x.__class__
    if c is int:
        return x
    if c is Fraction:
        return x.numerator if x.denominator == 1 else None
    if c is Complex:
        return to_int(x.re) if x.im == 0 else None
    return None


def to_float(v: Value | None) -> Float | None:
    """The value as a fraction if it is a real number."""
    x: Any = v
    c = x.__class__
    if c is Fraction or c is Huge:
        return x
    if c is int:
        return Fraction(x)
    if c is Complex:
        return x.re if x.im == 0 else None
    return None


def to_complex(v: Value | None) -> Complex | None:
    """The value as a complex number if it is a number."""
    if isinstance(v, Complex):
        return v
    f = to_float(v)
    return None if f is None else Complex(f, ZERO)


def real(v: Value) -> Value:
    """Real part."""
    return v.re if isinstance(v, Complex) else v


def imag(v: Value) -> Value:
    """Imaginary part."""
    return v.im if isinstance(v, Complex) else 0


def sign(v: Value | None) -> int:
    """-1, 0 or 1; for complex numbers 0 only for zero."""
    if isinstance(v, Complex):
        return 1 if v.re != 0 or v.im != 0 else 0
    if isinstance(v, (int, Fraction, Huge)):
        return -1 if v < 0 else 1 if v > 0 else 0
    return 1


def _round_ieee(v: Float, bits: int, min_exp: int, max_exp: int) -> Fraction | None:
    """v rounded to a binary floating-point format; None if it overflows."""
    if isinstance(v, Huge):
        return None if v.e > 0 else ZERO
    if v == 0:
        return v
    n, d = v.numerator, v.denominator
    # exponent e with 2**e <= |v| < 2**(e+1)
    e = abs(n).bit_length() - d.bit_length()
    if (abs(n) < d << e) if e >= 0 else (abs(n) << -e < d):
        e -= 1
    if e < min_exp:
        # subnormal: a fixed grid of 2**(min_exp - bits + 1)
        grid = bits - 1 - min_exp
        q, r = divmod(abs(n) << grid, d)
        if 2 * r > d or (2 * r == d and q & 1):
            q += 1
        return Fraction(q if n > 0 else -q, 1 << grid)
    if e > max_exp:
        return None
    r = _round_bits(n, d, bits)
    if abs(r.numerator) >= r.denominator << (max_exp + 1):
        return None
    return r


def round_float32(v: Float) -> Fraction | None:
    """v rounded to float32, None on overflow."""
    return _round_ieee(v, 24, -126, 127)


def round_float64(v: Float) -> Fraction | None:
    """v rounded to float64, None on overflow."""
    if isinstance(v, Huge):
        return _round_ieee(v, 53, -1022, 1023)
    d = v.denominator
    if d == 1 and -(1 << 53) <= v.numerator <= 1 << 53:
        return v
    try:
        f = v.numerator / d
    except OverflowError:
        return None
    if f in (float("inf"), float("-inf")):
        return None
    return Fraction(f)


_INT_RANGES: dict[int, tuple[int, int]] = {
    T.INT: (-(1 << 63), (1 << 63) - 1),
    T.INT8: (-128, 127),
    T.INT16: (-(1 << 15), (1 << 15) - 1),
    T.INT32: (-(1 << 31), (1 << 31) - 1),
    T.INT64: (-(1 << 63), (1 << 63) - 1),
    T.UINT: (0, (1 << 64) - 1),
    T.UINTPTR: (0, (1 << 64) - 1),
    T.UINT8: (0, 255),
    T.UINT16: (0, 65535),
    T.UINT32: (0, (1 << 32) - 1),
    T.UINT64: (0, (1 << 64) - 1),
}


def representable(v: Value, t: T.Basic) -> tuple[bool, Value]:
    """Whether v fits type t, and v as a value of that type (rounded for floats)."""
    info = t.info
    if info & T.IS_INTEGER:
        n = to_int(v)
        if n is None:
            return False, v
        r = _INT_RANGES.get(t.kind)
        if r is None:  # untyped
            return True, n
        return r[0] <= n <= r[1], n
    if info & T.IS_FLOAT:
        f = to_float(v)
        if f is None:
            return False, v
        if t.kind == T.UNTYPED_FLOAT:
            return True, f
        g = round_float32(f) if t.kind == T.FLOAT32 else round_float64(f)
        return (False, v) if g is None else (True, g)
    if info & T.IS_COMPLEX:
        c = to_complex(v)
        if c is None:
            return False, v
        if t.kind == T.UNTYPED_COMPLEX:
            return True, c
        rnd = round_float32 if t.kind == T.COMPLEX64 else round_float64
        re, im = rnd(c.re), rnd(c.im)
        return (False, v) if re is None or im is None else (True, Complex(re, im))
    if info & T.IS_STRING:
        return v.__class__ is bytes, v
    if info & T.IS_BOOLEAN:
        return v.__class__ is bool, v
    return False, v


# ---- Operations ------------------------------------------------------------------------------------------


def _match(x: Value, y: Value) -> tuple[Any, Any]:
    a, b = kind_rank(x), kind_rank(y)
    if a == b:
        return x, y
    r = max(a, b)
    if r == 2:
        return to_float(x), to_float(y)
    return to_complex(x), to_complex(y)


def _quo(a: int, b: int) -> int:
    q = abs(a) // abs(b)
    return q if (a < 0) == (b < 0) else -q


_INT_OPS: dict[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _quo,
    "%": lambda a, b: a - b * _quo(a, b),
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "&^": lambda a, b: a & ~b,
}


def binary_op(x: Value, op: str, y: Value, int_div: bool) -> Value | None:
    """x op y; ``int_div`` asks for truncated division.  The divisor is not zero."""
    c = x.__class__
    if c is bool:
        return (x and y) if op == "&&" else (x or y)
    if c is bytes:
        p: Any = x
        return p + y
    a, b = _match(x, y)
    c = a.__class__
    if c is int:
        if op == "/" and not int_div:
            return _limit(Fraction(a, b))
        return _INT_OPS[op](a, b)
    try:
        return _float_op(a, op, b)
    except OverflowError:
        return None


def _float_op(a: Any, op: str, b: Any) -> Value:
    if a.__class__ is not Complex:
        if op == "+":
            r = a + b
        elif op == "-":
            r = a - b
        elif op == "*":
            r = a * b
        else:
            r = a / b
        return _limit(r)
    if op == "+":
        return Complex(_limit(a.re + b.re), _limit(a.im + b.im))
    if op == "-":
        return Complex(_limit(a.re - b.re), _limit(a.im - b.im))
    if op == "*":
        return Complex(_limit(a.re * b.re - a.im * b.im), _limit(a.re * b.im + a.im * b.re))
    s = b.re * b.re + b.im * b.im
    return Complex(_limit((a.re * b.re + a.im * b.im) / s), _limit((a.im * b.re - a.re * b.im) / s))


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compare(x: Value, op: str, y: Value) -> bool:
    """x op y for comparison operators."""
    if x.__class__ not in (bool, bytes):
        x, y = _match(x, y)
    return _COMPARE[op](x, y)


def unary_op(op: str, x: Value, unsigned_bits: int) -> Value:
    """op x; ``^`` of an unsigned type is limited to its width."""
    if op == "!":
        return not x
    if op == "+":
        return x
    if op == "-":
        if isinstance(x, Complex):
            return Complex(-x.re, -x.im)
        return -x  # pyright: ignore[reportOperatorIssue, reportUnknownVariableType]
    n = to_int(x)
    assert n is not None
    n = ~n
    return n & ((1 << unsigned_bits) - 1) if unsigned_bits else n


def shift(x: int, op: str, n: int) -> int:
    """x << n or x >> n."""
    return x << n if op == "<<" else x >> n


# ---- Text ------------------------------------------------------------------------------------------------

_ESCAPES = {7: "\\a", 8: "\\b", 12: "\\f", 10: "\\n", 13: "\\r", 9: "\\t", 11: "\\v", 92: "\\\\", 34: '\\"'}


def quote(b: bytes) -> str:
    """A Go string literal of these bytes, as strconv.Quote writes it."""
    out: list[str] = ['"']
    for c in b.decode("utf-8", "surrogateescape"):
        n = ord(c)
        if n in _ESCAPES:
            out.append(_ESCAPES[n])
        elif 0xDC80 <= n <= 0xDCFF:
            out.append(f"\\x{n - 0xDC00:02x}")
        elif c == " " or (c.isprintable() and not c.isspace()):
            out.append(c)
        elif n < 0x80:
            out.append(f"\\x{n:02x}")
        elif n < 0x10000:
            out.append(f"\\u{n:04x}")
        else:
            out.append(f"\\U{n:08x}")
    out.append('"')
    return "".join(out)


def _int_text(n: int) -> str:
    try:
        return str(n)
    except ValueError:  # more digits than Python likes to convert at once
        digits: list[str] = []
        m, base = abs(n), 10**_CHUNK
        while m:
            m, r = divmod(m, base)
            digits.append(str(r).zfill(_CHUNK))
        return ("-" if n < 0 else "") + "".join(reversed(digits)).lstrip("0")


def _float_text(v: Float) -> str:
    if isinstance(v, Huge):
        return str(v)
    try:
        f = v.numerator / v.denominator
    except OverflowError:
        f = float("inf")
    if f not in (float("inf"), float("-inf")) and (f != 0 or v == 0):
        s = f"{f:.6g}"
        if v.denominator != 1 and "." not in s:
            # The number is not an integer, but looks like one: show it all.
            m, _, e = repr(f).partition("e")
            exp = int(e or 0)
            s = m.removesuffix(".0") if not e else f"{m.removesuffix('.0')}e{'-' if exp < 0 else '+'}{abs(exp):02d}"
        return s
    n, d = abs(v.numerator), v.denominator
    # Outside of float64: estimate the decimal exponent, then take six digits.
    exp = int((n.bit_length() - d.bit_length()) * 0.30103)
    scaled = Fraction(n, d * 10**exp) if exp >= 0 else Fraction(n * 10**-exp, d)
    m = float(scaled)
    while m >= 10:
        m /= 10
        exp += 1
    while m < 1:
        m *= 10
        exp -= 1
    return f"{'-' if v < 0 else ''}{m:.6g}e{exp:+d}"


def value_string(v: Value | None) -> str:
    """The value as messages show it (strings are cut)."""
    c = v.__class__
    if v is None:
        return "unknown"
    if c is bool:
        return "true" if v else "false"
    if isinstance(v, bytes):
        s = quote(v)
        if len(s) > 72:
            return s[:69] + "..."
        return s
    if isinstance(v, (Fraction, Huge)):
        return _float_text(v)
    if isinstance(v, Complex):
        return f"({_float_text(v.re)} + {_float_text(v.im)}i)"
    return _int_text(v)
