"""Numbers whose exponent is too large for exact fractions, such as 1e646456992.

Beyond some size constants have a mantissa of 512 bits and an exponent of 32, as gc's do. A `Huge` behaves like a number:
it mixes with ints and fractions in arithmetic and comparisons, and results that are small enough are fractions again."""

from __future__ import annotations

import math
from fractions import Fraction

PRECISION = 512
#: Fractions are used up to this magnitude, as a power of two or its inverse.
MAX_FRACTION_BITS = 400_000
_MAX_EXPONENT = (1 << 31) - 1
_LOG = math.log10(2)


def mantissa(n: int, d: int, bits: int) -> tuple[int, int]:
    """n/d (both positive) as q * 2**shift with q of the given number of bits, ties to even."""
    shift = n.bit_length() - d.bit_length() - bits
    # q in [2**bits / 2, 2 * 2**bits): at most one bit too many
    if shift >= 0:
        d <<= shift
    else:
        n <<= -shift
    q, r = divmod(n, d)
    if q.bit_length() > bits:
        r += (q & 1) * d
        d *= 2
        q >>= 1
        shift += 1
    if 2 * r > d or (2 * r == d and q & 1):
        q += 1
    return q, shift


def scaled(m: int, e: int) -> Fraction | Huge:
    """m * 2**e; OverflowError if that is too large, 0 if it is too small."""
    if m == 0:
        return Fraction(0)
    size = abs(m).bit_length()
    if size > PRECISION:
        q, shift = mantissa(abs(m), 1, PRECISION)
        m = -q if m < 0 else q
        e += shift
        size = q.bit_length()
    if abs(size + e) <= MAX_FRACTION_BITS:
        return Fraction(m << e) if e >= 0 else Fraction(m, 1 << -e)
    if size + e > _MAX_EXPONENT:
        raise OverflowError
    return Huge(m, e) if size + e >= -_MAX_EXPONENT else Fraction(0)


def power(base: int, exponent: int) -> Fraction | Huge:
    """base**exponent, rounded."""
    result: Fraction | Huge = Fraction(1)
    square: Fraction | Huge = Fraction(base) if exponent >= 0 else 1 / Fraction(base)
    n = abs(exponent)
    while n:
        if n & 1:
            result = result * square
        n >>= 1
        if n:
            m, e = _parts(square)
            square = scaled(m * m, 2 * e)
    return result


def _parts(v: Huge | Fraction | int) -> tuple[int, int]:
    if isinstance(v, Huge):
        return v.m, v.e
    n, d = v.numerator, v.denominator
    if d == 1 and n.bit_length() <= PRECISION:
        return n, 0
    m, e = mantissa(abs(n), d, PRECISION)
    return (-m if n < 0 else m), e


class Huge:
    """m * 2**e."""

    __slots__ = ("e", "m")

    def __init__(self, m: int, e: int) -> None:
        self.m = m
        self.e = e

    def __neg__(self) -> Huge:
        return Huge(-self.m, self.e)

    def __abs__(self) -> Huge:
        return Huge(abs(self.m), self.e)

    def __add__(self, other: Huge | Fraction | int) -> Fraction | Huge:
        (m, e), (n, f) = _parts(self), _parts(other)
        if n == 0:
            return self
        if e < f:
            m, e, n, f = n, f, m, e
        if e - f > 3 * PRECISION:
            return scaled(m, e)
        return scaled((m << (e - f)) + n, f)

    __radd__ = __add__

    def __sub__(self, other: Huge | Fraction | int) -> Fraction | Huge:
        return self + -other

    def __rsub__(self, other: Huge | Fraction | int) -> Fraction | Huge:
        return -self + other

    def __mul__(self, other: Huge | Fraction | int) -> Fraction | Huge:
        n, f = _parts(other)
        return scaled(self.m * n, self.e + f)

    __rmul__ = __mul__

    def __truediv__(self, other: Huge | Fraction | int) -> Fraction | Huge:
        return _quotient(self, other)

    def __rtruediv__(self, other: Huge | Fraction | int) -> Fraction | Huge:
        return _quotient(other, self)

    def __hash__(self) -> int:
        return hash((self.m, self.e))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Huge, Fraction, int)) and self._compare(other) == 0

    def __lt__(self, other: Huge | Fraction | int) -> bool:
        return self._compare(other) < 0

    def __le__(self, other: Huge | Fraction | int) -> bool:
        return self._compare(other) <= 0

    def __gt__(self, other: Huge | Fraction | int) -> bool:
        return self._compare(other) > 0

    def __ge__(self, other: Huge | Fraction | int) -> bool:
        return self._compare(other) >= 0

    def _compare(self, other: Huge | Fraction | int) -> int:
        difference = self - other
        if isinstance(difference, Huge):
            return difference.m
        return difference.numerator

    def __str__(self) -> str:
        """As gc's messages show it: six digits, computed with floats."""
        size = self.m.bit_length()
        exact = (self.e + size) * _LOG
        exponent = int(exact)
        digits = float(Fraction(self.m, 1 << size)) * 10 ** (exact - exponent)
        if abs(digits) < 1 - 0.5e-6:
            digits *= 10
            exponent -= 1
        elif abs(digits) >= 10:
            digits /= 10
            exponent += 1
        return f"{digits:.6g}e{exponent:+d}"


def _quotient(a: Huge | Fraction | int, b: Huge | Fraction | int) -> Fraction | Huge:
    (m, e), (n, f) = _parts(a), _parts(b)
    if m == 0:
        return Fraction(0)
    q, shift = mantissa(abs(m), abs(n), PRECISION)
    return scaled(-q if (m < 0) != (n < 0) else q, shift + e - f)
