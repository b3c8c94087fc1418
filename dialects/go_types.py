"""Go's types as attributes of the go dialect (docs/dialect-go.md, "Types").

Attributes are values: two equal types compare equal. Their hash and their text are computed once per object, because
passes look types up in dicts and the printer prints the same few types all over a module.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import StringIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar, cast

from typing_extensions import dataclass_transform
from xdsl.dialects.builtin import ArrayAttr, IntAttr, IntegerType, StringAttr, SymbolRefAttr, i1
from xdsl.ir import Attribute, ParametrizedAttribute, TypeAttribute
from xdsl.irdl import irdl_attr_definition, param_def
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.mlir_lexer import MLIRLexer

_A = TypeVar("_A", bound=ParametrizedAttribute)
_E = TypeVar("_E", bound=Attribute)

_set = object.__setattr__


def _cached_hash(self: ParametrizedAttribute) -> int:
    try:
        return self._hash  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]
    except AttributeError:
        value = hash((self.name, self.parameters))
        _set(self, "_hash", value)
        return value


def _quick_eq(self: ParametrizedAttribute, other: object) -> bool:
    if self is other:
        return True
    if self.__class__ is not other.__class__:
        return False
    return hash(self) == hash(other) and self.parameters == cast(ParametrizedAttribute, other).parameters


@dataclass_transform(frozen_default=True, field_specifiers=(param_def,))
def go_attribute(cls: type[_A]) -> type[_A]:
    """`irdl_attr_definition` with a cached hash and an identity test first in comparisons."""
    cls = irdl_attr_definition(cls)
    cls.__hash__ = _cached_hash  # pyright: ignore[reportAttributeAccessIssue]
    cls.__eq__ = _quick_eq  # pyright: ignore[reportAttributeAccessIssue]
    return cls


def elements(attr: Attribute | None) -> tuple[Attribute, ...]:
    """The elements of an array attribute; none where it is absent."""
    return cast("ArrayAttr[Attribute]", attr).data if isinstance(attr, ArrayAttr) else ()


def _to_string(value: StringAttr | str) -> StringAttr:
    return StringAttr(value) if isinstance(value, str) else value


def _to_int(value: IntAttr | int) -> IntAttr:
    return IntAttr(int(value)) if isinstance(value, int) else value


def to_array(value: ArrayAttr[_E] | Sequence[_E]) -> ArrayAttr[_E]:
    return value if isinstance(value, ArrayAttr) else ArrayAttr(value)


def _to_symbol(value: SymbolRefAttr | str) -> SymbolRefAttr:
    return SymbolRefAttr(value) if isinstance(value, str) else value


class _TextCached(ParametrizedAttribute):
    """Base of attributes whose text is made once."""

    def print_body(self, printer: Printer) -> None:
        """Prints what follows the attribute's name."""
        raise NotImplementedError

    def print_parameters(self, printer: Printer) -> None:
        try:
            text = cast(str, self._text)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        except AttributeError:
            out = StringIO()
            self.print_body(Printer(stream=out))
            text = out.getvalue()
            _set(self, "_text", text)
        printer.print_string(text)


class GoType(_TextCached, TypeAttribute):
    """Base class of all Go types except bool, which is the builtin `i1`."""


# Basic types ---------------------------------------------------------------------------------------------------------


class BasicType(GoType):
    """Base class of the basic types. What tells them apart is in class attributes (set by `_basic`, since IRDL takes
    every annotated attribute for a parameter)."""

    if TYPE_CHECKING:
        kind: ClassVar[str]
        """Go's name: "int", "float64", "string", …"""
        bits: ClassVar[int]
        """Width of a number (of both parts together for complex); 0 for strings."""
        signed: ClassVar[bool]
        is_integer: ClassVar[bool]
        is_float: ClassVar[bool]
        is_complex: ClassVar[bool]
        is_string: ClassVar[bool]

    @classmethod
    def new(cls, params: Sequence[Attribute] = ()) -> Any:
        """The one instance of this type."""
        instance = cls.__dict__.get("instance")
        if instance is None:
            instance = super().new(params)
            type.__setattr__(cls, "instance", instance)
        return instance

    def print_parameters(self, printer: Printer) -> None:
        pass

    @property
    def is_numeric(self) -> bool:
        return self.is_integer or self.is_float or self.is_complex


_B = TypeVar("_B", bound=BasicType)


def _basic(kind: str, bits: int = 0, group: str = "", *, signed: bool = False) -> Callable[[type[_B]], type[_B]]:
    def define(cls: type[_B]) -> type[_B]:
        cls = go_attribute(cls)
        cls.kind = kind
        cls.bits = bits
        cls.signed = signed
        cls.is_integer = group == "integer"
        cls.is_float = group == "float"
        cls.is_complex = group == "complex"
        cls.is_string = group == "string"
        return cls

    return define


@_basic("int", 64, "integer", signed=True)
class IntType(BasicType):
    name = "go.int"


@_basic("int8", 8, "integer", signed=True)
class Int8Type(BasicType):
    name = "go.int8"


@_basic("int16", 16, "integer", signed=True)
class Int16Type(BasicType):
    name = "go.int16"


@_basic("int32", 32, "integer", signed=True)
class Int32Type(BasicType):
    name = "go.int32"


@_basic("int64", 64, "integer", signed=True)
class Int64Type(BasicType):
    name = "go.int64"


@_basic("uint", 64, "integer")
class UintType(BasicType):
    name = "go.uint"


@_basic("uint8", 8, "integer")
class Uint8Type(BasicType):
    name = "go.uint8"


@_basic("uint16", 16, "integer")
class Uint16Type(BasicType):
    name = "go.uint16"


@_basic("uint32", 32, "integer")
class Uint32Type(BasicType):
    name = "go.uint32"


@_basic("uint64", 64, "integer")
class Uint64Type(BasicType):
    name = "go.uint64"


@_basic("uintptr", 64, "integer")
class UintptrType(BasicType):
    name = "go.uintptr"


@_basic("float32", 32, "float")
class Float32Type(BasicType):
    name = "go.float32"


@_basic("float64", 64, "float")
class Float64Type(BasicType):
    name = "go.float64"


@_basic("complex64", 64, "complex")
class Complex64Type(BasicType):
    name = "go.complex64"


@_basic("complex128", 128, "complex")
class Complex128Type(BasicType):
    name = "go.complex128"


@_basic("string", 0, "string")
class StringType(BasicType):
    name = "go.string"


@_basic("unsafe.Pointer", 64)
class UnsafePointerType(BasicType):
    name = "go.unsafe_pointer"


BOOL: IntegerType = i1
INT = IntType.new()
INT8 = Int8Type.new()
INT16 = Int16Type.new()
INT32 = Int32Type.new()
INT64 = Int64Type.new()
UINT = UintType.new()
UINT8 = Uint8Type.new()
UINT16 = Uint16Type.new()
UINT32 = Uint32Type.new()
UINT64 = Uint64Type.new()
UINTPTR = UintptrType.new()
FLOAT32 = Float32Type.new()
FLOAT64 = Float64Type.new()
COMPLEX64 = Complex64Type.new()
COMPLEX128 = Complex128Type.new()
STRING = StringType.new()
UNSAFE_POINTER = UnsafePointerType.new()

BASIC_TYPES: dict[str, BasicType] = {
    t.kind: t
    for t in (
        INT, INT8, INT16, INT32, INT64, UINT, UINT8, UINT16, UINT32, UINT64, UINTPTR,
        FLOAT32, FLOAT64, COMPLEX64, COMPLEX128, STRING, UNSAFE_POINTER,
    )
}  # fmt: skip
"""Basic types by Go's name ("bool" is not one of them: it is `BOOL`, the builtin i1)."""


# Parsing and printing helpers ----------------------------------------------------------------------------------------


def print_name(printer: Printer, name: str, reserved: str = "") -> None:
    """An identifier, or a string literal where it is none (or reads as the keyword `reserved`)."""
    if name != reserved and MLIRLexer.bare_identifier_regex.fullmatch(name) is not None:
        printer.print_string(name)
    else:
        printer.print_string_literal(name)


def _print_suffix(printer: Printer, pkg: str, tag: str = "") -> None:
    if pkg:
        printer.print_string(" in ")
        printer.print_string_literal(pkg)
    if tag:
        printer.print_string(" tag ")
        printer.print_string_literal(tag)


def _parse_suffix(parser: AttrParser, keyword: str) -> str:
    if parser.parse_optional_keyword(keyword) is None:
        return ""
    return parser.parse_str_literal()


def check_type(t: Attribute, what: str) -> None:
    """Raises unless `t` may be the type of a Go value."""
    if not is_go_type(t):
        raise VerifyException(f"{what} must be a Go type, but is {t}")


def is_go_type(t: Attribute) -> bool:
    """Whether `t` is one of Go's types (i1 is bool)."""
    return (isinstance(t, GoType) and not isinstance(t, OpaqueType)) or t == i1


# Composite types -----------------------------------------------------------------------------------------------------


@go_attribute
class PtrType(GoType):
    """`!go.ptr<T>`"""

    name = "go.ptr"
    elem: Attribute

    def verify(self) -> None:
        check_type(self.elem, "the element of a pointer type")

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            return (parser.parse_type(),)

    def print_body(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_attribute(self.elem)


@go_attribute
class SliceType(GoType):
    """`!go.slice<T>`"""

    name = "go.slice"
    elem: Attribute

    def verify(self) -> None:
        check_type(self.elem, "the element of a slice type")

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            return (parser.parse_type(),)

    def print_body(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_attribute(self.elem)


@go_attribute
class ArrayType(GoType):
    """`!go.array<4 x T>`"""

    name = "go.array"
    length: IntAttr = param_def(converter=_to_int)
    elem: Attribute

    def verify(self) -> None:
        if self.length.data < 0:
            raise VerifyException(f"the length of an array type must not be negative, but is {self.length.data}")
        check_type(self.elem, "the element of an array type")

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            length = parser.parse_integer(allow_boolean=False, allow_negative=False)
            parser.parse_keyword("x")
            return (IntAttr(length), parser.parse_type())

    def print_body(self, printer: Printer) -> None:
        printer.print_string(f"<{self.length.data} x ")
        printer.print_attribute(self.elem)
        printer.print_string(">")


@go_attribute
class MapType(GoType):
    """`!go.map<K, V>`"""

    name = "go.map"
    key: Attribute
    elem: Attribute

    def verify(self) -> None:
        check_type(self.key, "the key of a map type")
        check_type(self.elem, "the element of a map type")

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            key = parser.parse_type()
            parser.parse_punctuation(",", " between key and element of a map type")
            return (key, parser.parse_type())

    def print_body(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_attribute(self.key)
            printer.print_string(", ")
            printer.print_attribute(self.elem)


@go_attribute
class ChanType(GoType):
    """`!go.chan<T>`, `!go.chan<recv T>`, `!go.chan<send T>`"""

    name = "go.chan"
    dir: StringAttr = param_def(converter=_to_string)
    elem: Attribute

    def verify(self) -> None:
        if self.dir.data not in ("both", "recv", "send"):
            raise VerifyException(f'the direction of a channel type is "both", "recv" or "send", not "{self.dir.data}"')
        check_type(self.elem, "the element of a channel type")

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            direction = parser.parse_optional_keyword_in(("recv", "send")) or "both"
            return (StringAttr(direction), parser.parse_type())

    def print_body(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            if self.dir.data != "both":
                printer.print_string(self.dir.data + " ")
            printer.print_attribute(self.elem)


@go_attribute
class FieldAttr(_TextCached):
    """A field of a struct type: `x : T in "main" tag "…"` inside of `!go.struct<…>`, elsewhere `#go.field<…>`."""

    name = "go.field"
    field_name: StringAttr = param_def(converter=_to_string)
    type: Attribute
    embedded: IntAttr = param_def(converter=_to_int)
    """1 for an embedded field."""
    tag: StringAttr = param_def(converter=_to_string)
    pkg: StringAttr = param_def(converter=_to_string)
    """Path of the package an unexported name belongs to, else ""."""

    @property
    def is_embedded(self) -> bool:
        return self.embedded.data != 0

    def verify(self) -> None:
        check_type(self.type, f"the type of field {self.field_name.data}")

    @classmethod
    def parse_contents(cls, parser: AttrParser) -> FieldAttr:
        embedded = False
        name = parser.parse_optional_str_literal()
        if name is None:
            name = parser.parse_identifier(" (field name)")
            if name == "embed":
                embedded = True
                name = parser.parse_identifier_or_str_literal(" (field name)")
        parser.parse_punctuation(":", " after field name")
        t = parser.parse_type()
        pkg = _parse_suffix(parser, "in")
        tag = _parse_suffix(parser, "tag")
        return cls(name, t, embedded, tag, pkg)  # pyright: ignore[reportCallIssue, reportArgumentType]

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            return cls.parse_contents(parser).parameters

    def print_contents(self, printer: Printer) -> None:
        if self.is_embedded:
            printer.print_string("embed ")
        print_name(printer, self.field_name.data, "embed")
        printer.print_string(" : ")
        printer.print_attribute(self.type)
        _print_suffix(printer, self.pkg.data, self.tag.data)

    def print_body(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            self.print_contents(printer)


@go_attribute
class StructType(GoType):
    """`!go.struct<x : T, embed U : !go.named<"main.U">>`"""

    name = "go.struct"
    fields: ArrayAttr[FieldAttr] = param_def(converter=to_array)

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        fields = parser.parse_comma_separated_list(
            parser.Delimiter.ANGLE, lambda: FieldAttr.parse_contents(parser), " in struct type"
        )
        return (ArrayAttr(fields),)

    def print_body(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_list(self.fields.data, lambda f: f.print_contents(printer))


@go_attribute
class FuncType(GoType):
    """`!go.func<(T, U) -> (R)>`; variadic: `!go.func<(T, ...U) -> ()>`, its last parameter has the slice type here."""

    name = "go.func"
    params: ArrayAttr[Attribute] = param_def(converter=to_array)
    results: ArrayAttr[Attribute] = param_def(converter=to_array)
    variadic: IntAttr = param_def(converter=_to_int)

    def __init__(
        self,
        params: Sequence[Attribute] | ArrayAttr[Attribute],
        results: Sequence[Attribute] | ArrayAttr[Attribute] = (),
        variadic: bool | int | IntAttr = False,
    ) -> None:
        super().__init__(params, results, variadic)

    @property
    def is_variadic(self) -> bool:
        return self.variadic.data != 0

    def verify(self) -> None:
        for t in self.params.data:
            check_type(t, "a parameter of a function type")
        for t in self.results.data:
            check_type(t, "a result of a function type")
        if self.variadic.data:
            last = next(reversed(self.params.data), None)
            if last is None:
                raise VerifyException("a variadic function type needs a parameter")
            # append([]byte, string...) is no function; every variadic parameter has a slice type
            if not isinstance(last, SliceType):
                raise VerifyException(f"the last parameter of a variadic function type must be a slice, but is {last}")

    @classmethod
    def parse_signature(cls, parser: AttrParser) -> tuple[list[Attribute], list[Attribute], bool]:
        """`(T, ...U) -> (R)`"""
        variadic = False

        def param() -> Attribute:
            nonlocal variadic
            if variadic:
                parser.raise_error("only the last parameter can be variadic")
            if parser.parse_optional_punctuation("...") is not None:
                variadic = True
                return SliceType(parser.parse_type())
            return parser.parse_type()

        params = parser.parse_comma_separated_list(parser.Delimiter.PAREN, param)
        parser.parse_punctuation("->", " in function type")
        results = parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_type)
        return params, list[Attribute](results), variadic

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            params, results, variadic = cls.parse_signature(parser)
        return (ArrayAttr(params), ArrayAttr(results), IntAttr(int(variadic)))

    def print_signature(self, printer: Printer) -> None:
        params = self.params.data
        with printer.in_parens():
            if self.variadic.data:
                last = params[-1]
                printer.print_list(params[:-1], printer.print_attribute)
                printer.print_string(", ..." if len(params) > 1 else "...")
                assert isinstance(last, SliceType)
                printer.print_attribute(last.elem)
            else:
                printer.print_list(params, printer.print_attribute)
        printer.print_string(" -> ")
        with printer.in_parens():
            printer.print_list(self.results.data, printer.print_attribute)

    def print_body(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            self.print_signature(printer)


@go_attribute
class MethodSigAttr(_TextCached):
    """A method of an interface type, written `String : !go.func<…> in "main"` inside of it."""

    name = "go.method_sig"
    method_name: StringAttr = param_def(converter=_to_string)
    pkg: StringAttr = param_def(converter=_to_string)
    type: FuncType

    @classmethod
    def parse_contents(cls, parser: AttrParser) -> MethodSigAttr:
        name = parser.parse_identifier_or_str_literal(" (method name)")
        parser.parse_punctuation(":", " after method name")
        position = parser.pos
        t = parser.parse_type()
        if not isinstance(t, FuncType):
            parser.raise_error("the type of a method must be a !go.func type", position, parser.pos)
        return cls(name, _parse_suffix(parser, "in"), t)  # pyright: ignore[reportArgumentType]

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            return cls.parse_contents(parser).parameters

    def print_contents(self, printer: Printer) -> None:
        print_name(printer, self.method_name.data)
        printer.print_string(" : ")
        printer.print_attribute(self.type)
        _print_suffix(printer, self.pkg.data)

    def print_body(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            self.print_contents(printer)


@go_attribute
class InterfaceType(GoType):
    """`!go.interface<String : !go.func<() -> (!go.string)>>`; the complete method set, sorted by name."""

    name = "go.interface"
    methods: ArrayAttr[MethodSigAttr] = param_def(converter=to_array)

    def verify(self) -> None:
        names = [m.method_name.data for m in self.methods.data]
        for a, b in pairwise(names):
            if a > b:
                raise VerifyException(f"the methods of an interface type must be sorted by name: {b} comes before {a}")

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        methods = parser.parse_comma_separated_list(
            parser.Delimiter.ANGLE, lambda: MethodSigAttr.parse_contents(parser), " in interface type"
        )
        return (ArrayAttr(methods),)

    def print_body(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_list(self.methods.data, lambda m: m.print_contents(printer))


@go_attribute
class NamedType(GoType):
    """`!go.named<"main.T">`: refers to the `go.type` op of that name."""

    name = "go.named"
    sym: StringAttr = param_def(converter=_to_string)

    def verify(self) -> None:
        if not self.sym.data:
            raise VerifyException("a named type needs a name")

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            return (StringAttr(parser.parse_str_literal()),)

    def print_body(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string_literal(self.sym.data)


class OpaqueType(GoType):
    """Base class of the types that no Go value has: they tie ops of one construct together."""

    def print_parameters(self, printer: Printer) -> None:
        pass


@go_attribute
class MapIterType(OpaqueType):
    """State of an iteration over a map (`go.map_iter`)."""

    name = "go.map_iter"


@go_attribute
class TokenType(OpaqueType):
    """What a function that recovers was given by who ran it (`go.recover_token`)."""

    name = "go.token"


@go_attribute
class DefersType(OpaqueType):
    """A function's list of deferred calls (`go.defers`)."""

    name = "go.defers"


MAP_ITER = MapIterType()
TOKEN = TokenType()
DEFERS = DefersType()
EMPTY_INTERFACE = InterfaceType([])  # pyright: ignore[reportArgumentType]
"""`any`"""
NULLARY_FUNC = FuncType([], [])
"""`func()`, the type of deferred calls and goroutines."""


@go_attribute
class MethodAttr(_TextCached):
    """A method in a `go.method_set`: `#go.method<String : !go.func<…>, @ifn, @tfn in "main">`."""

    name = "go.method"
    method_name: StringAttr = param_def(converter=_to_string)
    pkg: StringAttr = param_def(converter=_to_string)
    type: FuncType
    """Without receiver."""
    ifn: SymbolRefAttr = param_def(converter=_to_symbol)
    """Takes an interface's data word as its first parameter."""
    tfn: SymbolRefAttr = param_def(converter=_to_symbol)
    """Takes the receiver."""

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            return cls.parse_contents(parser).parameters

    @classmethod
    def parse_contents(cls, parser: AttrParser) -> MethodAttr:
        signature = MethodSigAttr.parse_contents(parser)
        parser.parse_punctuation(",")
        ifn = SymbolRefAttr(parser.parse_symbol_name())
        parser.parse_punctuation(",")
        tfn = SymbolRefAttr(parser.parse_symbol_name())
        return cls(signature.method_name, signature.pkg, signature.type, ifn, tfn)

    def print_contents(self, printer: Printer) -> None:
        print_name(printer, self.method_name.data)
        printer.print_string(" : ")
        printer.print_attribute(self.type)
        _print_suffix(printer, self.pkg.data)
        printer.print_string(", ")
        printer.print_symbol_name(self.ifn.string_value())
        printer.print_string(", ")
        printer.print_symbol_name(self.tfn.string_value())

    def print_body(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            self.print_contents(printer)


PointerLike: TypeAlias = "PtrType | UnsafePointerType"

TYPES: list[type[Attribute]] = [
    IntType, Int8Type, Int16Type, Int32Type, Int64Type, UintType, Uint8Type, Uint16Type, Uint32Type, Uint64Type,
    UintptrType, Float32Type, Float64Type, Complex64Type, Complex128Type, StringType, UnsafePointerType,
    PtrType, SliceType, ArrayType, MapType, ChanType, FieldAttr, StructType, FuncType, MethodSigAttr, InterfaceType,
    NamedType, MapIterType, TokenType, DefersType, MethodAttr,
]  # fmt: skip


def child_types(type: Attribute, underlying: Attribute) -> list[Attribute]:
    """The types whose values reflection reaches from a value of `type`."""
    found: list[Attribute] = []
    if isinstance(type, NamedType) or (
        isinstance(type, StructType) and any(field.is_embedded for field in type.fields.data)
    ):
        found.append(PtrType(type))
    match underlying:
        case PtrType() | SliceType() | ChanType() | ArrayType():
            found.append(underlying.elem)
        case MapType():
            found += [underlying.key, underlying.elem]
        case StructType():
            found += [f.type for f in underlying.fields.data]
        case FuncType():
            found += [*underlying.params.data, *underlying.results.data]
        case _:
            pass
    return found
