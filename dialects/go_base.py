"""What the op definitions of the go and coro dialects share: traits, the base class, pieces of syntax."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

from xdsl.dialects.builtin import CallSiteLoc, FileLineColLoc, FusedLoc, NameLoc, StringAttr
from xdsl.ir import Attribute, Operation
from xdsl.irdl import AnyAttr, IRDLOperation, VarConstraint, VerificationContext
from xdsl.irdl.declarative_assembly_format import (
    AttributeVariable,
    CustomDirective,
    ParsingState,
    PrintingState,
    TypeDirective,
    irdl_custom_directive,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import EffectInstance, MemoryEffect, OpTrait
from xdsl.utils.exceptions import VerifyException

from goir.dialects.go_types import FuncType, NamedType, PtrType, elements, print_name

Under: TypeAlias = Callable[[Attribute], Attribute]
"""Finds a type's underlying type. Without a module's table a named type stays what it is (`as_written`)."""


def as_written(t: Attribute) -> Attribute:
    """The `Under` of an op on its own: names stay unresolved, and rules on them are left to the module verifier."""
    return t


class MayPanic(OpTrait):
    """The op may start a panic: control may go to its function's unwind target instead of the next op."""


class PureUnlessItPanics(MemoryEffect):
    """Without effects where `op_may_panic` says so: generic passes may remove or merge such ops."""

    @classmethod
    def get_effects(cls, op: Operation) -> AbstractSet[EffectInstance] | None:
        from goir.dialects.go_effects import op_is_pure

        return frozenset() if op_is_pure(op) else None


class MaySuspend(OpTrait):
    """The op may wait for something. (Calls may too: that depends on the callee.)"""


class GoDialectOp(IRDLOperation):
    """Base class: `check` states the rules on types, so that they can be checked with and without resolved names."""

    def check(self, under: Under) -> None:
        """Raises VerifyException if the op's types do not fit. Types that `under` leaves named are not judged."""

    def verify_(self) -> None:
        self.check(as_written)


def is_open(t: Attribute) -> bool:
    """A named type nobody has resolved."""
    return isinstance(t, NamedType)


@dataclass(frozen=True)
class SameType(VarConstraint[Attribute]):
    """All operands and results with this constraint have one type; the others follow from the first in the text."""

    def verify(self, attr: Attribute, constraint_context: VerificationContext) -> None:
        known = constraint_context.get_variable(self.name)
        if known is None:
            constraint_context.set_attr_variable(self.name, attr)
        elif known != attr:
            raise VerifyException(f"expected type {known}, as before it in this op, but got {attr}")


ANY = AnyAttr()
T = SameType("T", ANY)


# Pieces of assembly formats ------------------------------------------------------------------------------------------


@irdl_custom_directive
class Word(CustomDirective):
    """A string property written as a bare word: `custom<Word>($predicate)`."""

    word: AttributeVariable

    def parse(self, parser: Parser, state: ParsingState) -> None:
        self.word.set(state, StringAttr(parser.parse_identifier_or_str_literal()))

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        value = self.word.get(op)
        assert isinstance(value, StringAttr)
        state.print_whitespace(printer)
        print_name(printer, value.data)


@irdl_custom_directive
class Method(CustomDirective):
    """A method's name, with its package where it is not exported: `String`, `read in "main"`."""

    method: AttributeVariable
    pkg: AttributeVariable

    def parse(self, parser: Parser, state: ParsingState) -> None:
        self.method.set(state, StringAttr(parser.parse_identifier_or_str_literal()))
        has_pkg = parser.parse_optional_keyword("in") is not None
        self.pkg.set(state, StringAttr(parser.parse_str_literal() if has_pkg else ""))

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        method = self.method.get(op)
        pkg = self.pkg.get(op)
        assert isinstance(method, StringAttr)
        state.print_whitespace(printer)
        print_name(printer, method.data)
        if isinstance(pkg, StringAttr) and pkg.data:
            printer.print_string(" in ")
            printer.print_string_literal(pkg.data)


@irdl_custom_directive
class Pointee(CustomDirective):
    """The type a pointer points to: `T`, or `T through P` where the pointer's type P is a named one."""

    pointer: TypeDirective
    value: TypeDirective

    def parse(self, parser: Parser, state: ParsingState) -> None:
        value = parser.parse_type()
        if parser.parse_optional_keyword("through") is not None:
            pointer: Attribute = parser.parse_type()
        else:
            pointer = PtrType(value)
        self.value.set(state, (value,))
        self.pointer.set(state, (pointer,))

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        (pointer,) = self.pointer.get(op)
        (value,) = self.value.get(op)
        state.print_whitespace(printer)
        printer.print_attribute(value)
        if not (isinstance(pointer, PtrType) and pointer.elem == value):
            printer.print_string(" through ")
            printer.print_attribute(pointer)


@irdl_custom_directive
class Callee(CustomDirective):
    """The type of a called function value: `!go.func<(T) -> (R)>`; where it is named `F : (T) -> (R)`."""

    function: TypeDirective
    args: TypeDirective
    outs: TypeDirective

    def parse(self, parser: Parser, state: ParsingState) -> None:
        position = parser.pos
        function = parser.parse_type()
        if parser.parse_optional_punctuation(":") is not None:
            params, results, _ = FuncType.parse_signature(parser)
        elif isinstance(function, FuncType):
            params, results = list(function.params.data), list(function.results.data)
        else:
            parser.raise_error("expected a !go.func type, or `: (T) -> (R)` after a named one", position, parser.pos)
        self.function.set(state, (function,))
        self.args.set(state, params)
        self.outs.set(state, results)

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        (function,) = self.function.get(op)
        args = tuple(self.args.get(op))
        outs = tuple(self.outs.get(op))
        state.print_whitespace(printer)
        printer.print_attribute(function)
        if not (isinstance(function, FuncType) and function.params.data == args and function.results.data == outs):
            printer.print_string(" : ")
            print_signature(printer, args, outs)


def print_signature(printer: Printer, args: Sequence[Attribute], outs: Sequence[Attribute]) -> None:
    """`(T, U) -> (R)`"""
    with printer.in_parens():
        printer.print_list(args, printer.print_attribute)
    printer.print_string(" -> ")
    with printer.in_parens():
        printer.print_list(outs, printer.print_attribute)


FileLineColumn: TypeAlias = tuple[str, int, int]


def location_of(op: Operation) -> FileLineColumn | None:
    """File, line and column an op comes from, if it says so."""
    return place_of(op.location)


def caller_location(location: Attribute) -> Attribute:
    """Where an op stands in the function that holds it: of what was inlined, the call."""
    while isinstance(location, CallSiteLoc):
        location = location.caller
    return location


def place_of(location: Attribute | None) -> FileLineColumn | None:
    """File, line and column of a location, if it has them."""
    pending: list[Attribute] = [location] if location is not None else []
    while pending:
        loc = pending.pop()
        if isinstance(loc, FileLineColLoc):
            return loc.filename.data, loc.line.data, loc.column.data
        if isinstance(loc, NameLoc):
            pending.append(loc.location)
        elif isinstance(loc, CallSiteLoc):
            pending.append(loc.callee)
        elif isinstance(loc, FusedLoc):
            pending.extend(reversed(elements(loc.locations)))
    return None
