"""`#go.data<…>`: the initial value of a variable, as one attribute however large it is.

The value is plain Python data, typed by what holds it (DESIGN 10: a table of thousands of elements must not be thousands
of attributes). Layout is decided in lowering.

| Go value | data | text |
|---|---|---|
| the zero value of any type | `None` | `zero` |
| number, bool | `int`, `float`, `bool` | `12`, `1.5`, `true` |
| complex number | `(re, im)` | `[1.0, 2.0]` |
| string | `bytes` | `"abc"` |
| array, struct; what is missing at the end is zero | `tuple`, arrays of uint8 also `bytes` | `[1, [2, 3], "x"]` |
| slice of all of a variable of its own | `tuple`, of uint8 also `bytes` | `[1, 2]` |
| slice of (a part of) a global | `Slice(address, length, capacity)` | `slice @main.x[3], 2, 5` |
| pointer to a variable of its own | `New(value)` | `new [1, 2]` |
| address of a global, of an element or field of one | `Ref(symbol, path)` | `@main.x`, `@main.x[3, 1]` |
| the pointer that a global is initialised with | `Pointee(symbol)` | `pointee @main.p` |
| function | `Ref(symbol)` | `@main.f` |
| interface | `Typed(type, value)` | `("abc" : !go.string)` |
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final, NamedTuple, TypeAlias, cast

from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Attribute, Data, Operation
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from goir.dialects.go_base import Under
from goir.dialects.go_types import (
    BOOL,
    ArrayType,
    BasicType,
    FuncType,
    InterfaceType,
    NamedType,
    PtrType,
    SliceType,
    StructType,
    Uint8Type,
    UnsafePointerType,
)


class Ref(NamedTuple):
    """The address of a global, or of a part of it: `path` holds indices of elements and fields. Or a function."""

    symbol: str
    path: tuple[int, ...] = ()


class New(NamedTuple):
    """The address of a variable that has no name; its type follows from the pointer's."""

    value: Any


class Pointee(NamedTuple):
    """The pointer that another global is initialised with: its value is a `New`, or a `Typed` with one."""

    symbol: str


class Slice(NamedTuple):
    """A slice of a global array, or of a part of it: the address of its first element."""

    address: Ref
    length: int
    capacity: int


class Typed(NamedTuple):
    """An interface value: dynamic type and value."""

    type: Attribute
    value: Any


StaticValue: TypeAlias = Any
"""None, bool, int, float, bytes, Ref, New, Pointee, Slice, Typed, or a tuple of such."""

_LEAVES: Final = frozenset({int, bytes, float, bool, type(None)})
_set = object.__setattr__


class References(NamedTuple):
    """What data mentions: symbols of functions and globals, types of values in interfaces."""

    symbols: tuple[str, ...]
    types: tuple[Attribute, ...]


@irdl_attr_definition
class DataAttr(Data[StaticValue]):
    """The initial value of a variable."""

    name = "go.data"

    @property
    def references(self) -> References:
        """What the data mentions; found once."""
        try:
            return self._references  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
        except AttributeError:
            found = _references(self.data)
            _set(self, "_references", found)
            return found

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> StaticValue:
        with parser.in_angle_brackets():
            return _parse(parser)

    def print_parameter(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            _print(printer, self.data)


def _references(value: StaticValue) -> References:
    symbols: dict[str, None] = {}
    types: dict[Attribute, None] = {}
    work: list[StaticValue] = [value]
    while work:
        value = work.pop()
        cls = value.__class__
        if cls is tuple:
            work += [v for v in value if v.__class__ not in _LEAVES]
        elif cls is Ref or cls is Pointee:
            symbols[value.symbol] = None
        elif cls is Slice:
            symbols[value.address.symbol] = None
        elif cls is New:
            work.append(value.value)
        elif cls is Typed:
            types[value.type] = None
            work.append(value.value)
    return References(tuple(symbols), tuple(types))


# Text ----------------------------------------------------------------------------------------------------------------


def _parse(parser: AttrParser) -> StaticValue:
    if parser.parse_optional_keyword("zero") is not None:
        return None
    if parser.parse_optional_keyword("new") is not None:
        return New(_parse(parser))
    if (truth := parser.parse_optional_boolean()) is not None:
        return truth
    elements = parser.parse_optional_comma_separated_list(parser.Delimiter.SQUARE, lambda: _parse(parser))
    if elements is not None:
        return tuple(elements)
    if parser.parse_optional_keyword("pointee") is not None:
        return Pointee(parser.parse_symbol_name().data)
    if parser.parse_optional_keyword("slice") is not None:
        address = _parse_reference(parser, parser.parse_symbol_name())
        parser.parse_punctuation(",", " before the length of a slice")
        length = parser.parse_integer(allow_boolean=False, allow_negative=False)
        parser.parse_punctuation(",", " before the capacity of a slice")
        return Slice(address, length, parser.parse_integer(allow_boolean=False, allow_negative=False))
    if (symbol := parser.parse_optional_symbol_name()) is not None:
        return _parse_reference(parser, symbol)
    if parser.parse_optional_punctuation("(") is not None:
        value = _parse(parser)
        parser.parse_punctuation(":", " between value and type of an interface value")
        type = parser.parse_type()
        parser.parse_punctuation(")")
        return Typed(type, value)
    if (text := parser.parse_optional_str_literal()) is not None:
        return text.encode("utf-8")
    if (raw := parser.parse_optional_bytes_literal()) is not None:
        return raw
    number = parser.parse_optional_number()
    if number is None:
        parser.raise_error("expected the value of a variable: a number, a string, `zero`, `new`, `[`, `(` or a symbol")
    return number


def _parse_reference(parser: AttrParser, symbol: StringAttr) -> Ref:
    path = parser.parse_optional_comma_separated_list(
        parser.Delimiter.SQUARE, lambda: parser.parse_integer(allow_boolean=False, allow_negative=False)
    )
    return Ref(symbol.data, tuple(path or ()))


def _print(printer: Printer, value: StaticValue) -> None:
    if value is None:
        printer.print_string("zero")
    elif value is True or value is False:
        printer.print_string("true" if value else "false")
    elif isinstance(value, float):
        from goir.dialects.go_arith import float_text

        printer.print_string(float_text(value))
    elif isinstance(value, bytes):
        printer.print_bytes_literal(value)
    elif isinstance(value, Ref):
        printer.print_symbol_name(value.symbol)
        if value.path:
            printer.print_string(str(list(value.path)))
    elif isinstance(value, Pointee):
        printer.print_string("pointee ")
        printer.print_symbol_name(value.symbol)
    elif isinstance(value, Slice):
        printer.print_string("slice ")
        _print(printer, value.address)
        printer.print_string(f", {value.length}, {value.capacity}")
    elif isinstance(value, New):
        printer.print_string("new ")
        _print(printer, value.value)
    elif isinstance(value, Typed):
        printer.print_string("(")
        _print(printer, value.value)
        printer.print_string(" : ")
        printer.print_attribute(value.type)
        printer.print_string(")")
    elif isinstance(value, tuple):
        with printer.in_square_brackets():
            printer.print_list(cast("tuple[StaticValue, ...]", value), partial(_print, printer))
    else:
        printer.print_string(str(value))


# Rules ---------------------------------------------------------------------------------------------------------------

Symbols: TypeAlias = Callable[[str], "Operation | None"]


def check_data(under: Under, symbols: Symbols | None, type: Attribute, value: StaticValue) -> None:
    """Raises VerifyException if `value` is no value of `type`. `symbols` finds the ops that symbols name; without it the
    value must be a constant: it refers to nothing, and has no variables of its own."""
    if value is None:
        return
    u = under(type)
    if symbols is None and isinstance(u, SliceType | PtrType | FuncType | InterfaceType | UnsafePointerType):
        raise VerifyException(f"in a constant, a value of type {type} must be zero, not {text(value)}")
    cls = value.__class__
    match u:
        case NamedType():
            return  # not defined, which is an error of its own
        case BasicType():
            if u.is_complex:
                fits = cls is tuple and len(value) == 2 and all(isinstance(v, float) for v in value)
            elif u.is_string:
                fits = cls is bytes
            elif u.is_float:
                fits = cls is float
            elif isinstance(u, UnsafePointerType):
                fits = cls is Ref
            else:
                fits = cls is int
                low = -(1 << u.bits - 1) if u.signed else 0
                if fits and not low <= value < low + (1 << u.bits):
                    raise VerifyException(f"{value} does not fit into {type}")
        case ArrayType() | SliceType():
            fits = cls is tuple or (cls is bytes and isinstance(under(u.elem), Uint8Type))
            if cls is Slice and isinstance(u, SliceType) and symbols is not None:
                _check_slice(under, symbols, u, value)
                return
            if fits and isinstance(u, ArrayType) and len(value) > u.length.data:
                raise VerifyException(f"{len(value)} initial values for {type}")
            if cls is tuple:
                for each in value:
                    check_data(under, symbols, u.elem, each)
        case StructType():
            fits = cls is tuple
            fields = u.fields.data
            if fits and len(value) > len(fields):
                raise VerifyException(f"{len(value)} initial values for the {len(fields)} fields of {type}")
            if fits:
                for field, each in zip(fields, value, strict=False):
                    check_data(under, symbols, field.type, each)
        case PtrType():
            fits = cls in (Ref, New, Pointee)
            if cls is Pointee and symbols is not None:
                _check_pointee(symbols, value)
            if cls is New:
                check_data(under, symbols, u.elem, value.value)
        case FuncType():
            fits = cls is Ref
        case InterfaceType():
            fits = cls is Typed
            if fits:
                if isinstance(under(value.type), InterfaceType):
                    raise VerifyException(f"the dynamic type of an interface value cannot be {value.type}")
                check_data(under, symbols, value.type, value.value)
        case _:
            fits = cls is bool and u == BOOL
    if not fits:
        raise VerifyException(f"the initial value of a variable of type {type} cannot be {text(value)}")
    if cls is Ref and symbols is not None:
        _check_reference(under, symbols, u, value)


def _check_reference(under: Under, symbols: Symbols, type: Attribute, ref: Ref) -> None:
    op = symbols(ref.symbol)
    if op is None:
        raise VerifyException(f"@{ref.symbol} is not defined or declared")
    wanted = "go.func" if isinstance(type, FuncType) else "go.global"
    if op.name != wanted:
        raise VerifyException(f"@{ref.symbol} is not a {wanted}")
    if op.name == "go.func":
        have = op.properties.get("function_type")
        if have != type:
            raise VerifyException(f"@{ref.symbol} has type {have}, not {type}")
        return
    part = part_type(under, symbols, ref)
    if isinstance(type, PtrType) and under(type.elem) != under(part):
        raise VerifyException(f"@{ref.symbol}{list(ref.path) or ''} has type {part}, not {type.elem}")


def part_type(under: Under, symbols: Symbols, ref: Ref) -> Attribute:
    """The type of what a reference to (a part of) a global means."""
    op = symbols(ref.symbol)
    if op is None:
        raise VerifyException(f"@{ref.symbol} is not defined or declared")
    if op.name != "go.global":
        raise VerifyException(f"@{ref.symbol} is not a go.global")
    part = op.properties["type"]
    for index in ref.path:
        u = under(part)
        if isinstance(u, ArrayType) and index < u.length.data:
            part = u.elem
        elif isinstance(u, StructType) and index < len(u.fields.data):
            part = u.fields.data[index].type
        else:
            raise VerifyException(f"there is no part {index} in {part}")
    return part


def _check_pointee(symbols: Symbols, value: Pointee) -> None:
    op = symbols(value.symbol)
    if op is None:
        raise VerifyException(f"@{value.symbol} is not defined or declared")
    if op.name != "go.global":
        raise VerifyException(f"@{value.symbol} is not a go.global")
    init = op.properties.get("init")
    data = init.data if isinstance(init, DataAttr) else None
    if isinstance(data, Typed):
        data = data.value
    if "external" not in op.properties and not isinstance(data, New):
        raise VerifyException(f"@{value.symbol} is not initialised with a pointer to a variable of its own")


def _check_slice(under: Under, symbols: Symbols, type: SliceType, value: Slice) -> None:
    if not value.length <= value.capacity:
        raise VerifyException(f"a slice of length {value.length} cannot have the capacity {value.capacity}")
    symbol, path = value.address
    if not path:
        raise VerifyException(f"the slice of @{symbol} must begin at an element")
    array = part_type(under, symbols, Ref(symbol, path[:-1]))
    u = under(array)
    if not isinstance(u, ArrayType) or under(u.elem) != under(type.elem):
        raise VerifyException(f"{text(Ref(symbol, path[:-1]))} has type {array}, which has no slices of type {type}")
    if path[-1] + value.capacity > u.length.data:
        raise VerifyException(f"{text(value)} does not lie in {array}")


def text(value: StaticValue) -> str:
    """A value as its attribute spells it, shortened."""
    found = str(DataAttr(value)).removeprefix("#go.data<").removesuffix(">")
    return found if len(found) < 60 else found[:57] + "…"
