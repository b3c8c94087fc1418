"""Values of the interpreter and what ends an interpretation.

Integers, floats, bools are Python's; strings are latin-1 decoded bytes; structs and arrays are tuples; nil is None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from xdsl.ir import Attribute

from goir.dialects.go_base import Under
from goir.dialects.go_types import BOOL, ArrayType, BasicType, StructType

if TYPE_CHECKING:
    from goir.interp.machine import Coroutine

Value: TypeAlias = Any
"""What an SSA value is during interpretation."""


class Signal(BaseException):
    """Ends an interpretation or an op; no Exception, for xDSL's interpreter reports those as errors of the op."""


class Undefined(Signal):
    """The module does what has no meaning: a destroyed coroutine is used, a handle awaited twice."""


class OutOfFuel(Signal):
    """The module ran for longer than it may."""


class Deadlock(Signal):
    """Everybody waits, and nobody is left to wake them."""


class Panicked(Signal):
    """A panic is on its way to the unwind target of the function."""


class FatalPanic(Signal):
    """A panic reached the end of its goroutine."""


@dataclass(eq=False)
class Cell:
    """A variable."""

    value: Value


@dataclass(frozen=True)
class Pointer:
    """The address of a variable or of a part of one."""

    cell: Cell
    path: tuple[int, ...] = ()

    def load(self) -> Value:
        value = self.cell.value
        for index in self.path:
            value = value[index]
        return value

    def store(self, value: Value) -> None:
        self.cell.value = _replaced(self.cell.value, self.path, value)


def _replaced(whole: Value, path: tuple[int, ...], value: Value) -> Value:
    if not path:
        return value
    index, *rest = path
    return (*whole[:index], _replaced(whole[index], tuple(rest), value), *whole[index + 1 :])


@dataclass(eq=False)
class Closure:
    """A function value."""

    function: str
    captures: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Interface:
    """A value with its type."""

    type: Attribute
    value: Value


@dataclass(eq=False)
class Slot:
    """Where an awaited coroutine leaves its results."""

    values: tuple[Value, ...] | None = None
    panicked: bool | None = None
    gone: bool = False
    """The function whose frame it is in has ended."""


@dataclass(eq=False)
class Panic:
    """A panic from when it is raised until it is recovered."""

    value: Value
    link: Panic | None
    defers: list[Closure | None] | None = None
    recovered: bool = False
    aborted: bool = False


@dataclass(eq=False)
class Goroutine:
    """What the code of one goroutine shares."""

    number: int
    panics: Panic | None = None
    ended: bool = False
    may_recover: tuple[str, Panic] | None = None
    """The function that may recover which panic: set between `go.panic_call` and its entry."""


@dataclass(eq=False)
class ThreadWaiter:
    """The handle of a parked thread."""

    goroutine: Goroutine
    resumed: bool = False


Handle: TypeAlias = "Coroutine | ThreadWaiter"


@dataclass
class Trace:
    """What the module prints."""

    lines: list[str] = field(default_factory=list[str])
    rest: str = ""

    def write(self, text: str) -> None:
        *lines, self.rest = (self.rest + text).split("\n")
        self.lines += lines


def wrap(value: int, type: Attribute) -> int:
    """`value` as the integer type holds it."""
    if not isinstance(type, BasicType):
        return value
    value &= (1 << type.bits) - 1
    return value - (1 << type.bits) if type.signed and value >> (type.bits - 1) else value


def zero(type: Attribute, under: Under) -> Value:
    """The zero value of a type."""
    type = under(type)
    if type == BOOL:
        return False
    match type:
        case BasicType() if type.is_integer:
            return 0
        case BasicType() if type.is_float:
            return 0.0
        case BasicType() if type.is_string:
            return ""
        case StructType():
            return tuple(zero(f.type, under) for f in type.fields.data)
        case ArrayType():
            return (zero(type.elem, under),) * type.length.data
        case _:
            return None


def divided(a: int, b: int) -> tuple[int, int]:
    """Quotient and remainder, truncated toward zero."""
    quotient = abs(a) // abs(b)
    if (a < 0) != (b < 0):
        quotient = -quotient
    return quotient, a - quotient * b


def printed(value: Value, type: Attribute) -> str:
    """What println makes of a value."""
    if type == BOOL:
        return "true" if value else "false"
    if isinstance(type, BasicType) and type.is_float:
        return float_text(value)
    if isinstance(value, int | str):
        return str(value)
    if value is None:
        return "nil"
    return "?"


def float_text(value: float) -> str:
    """The shortest decimal that reads back as the number, as strconv's 'g' writes it."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "+Inf" if value > 0 else "-Inf"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(exponent, int)
    text, point = "".join(map(str, digits)), len(digits) + exponent
    minus = "-" if sign else ""
    if text == "0":
        return minus + "0"
    if not -4 < point <= 6:
        mantissa = text[0] + ("." + text[1:] if len(text) > 1 else "")
        return f"{minus}{mantissa}e{point - 1:+03d}"
    if point <= 0:
        return f"{minus}0.{'0' * -point}{text}"
    return minus + (f"{text[:point]}.{text[point:]}" if point < len(text) else text + "0" * (point - len(text)))


COMPARE: Final[dict[str, Callable[[Value, Value], bool]]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}
