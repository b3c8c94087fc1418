"""Ops of the go dialect that call, wait, defer, panic and end blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from xdsl.dialects.builtin import ArrayAttr, DenseArrayBase, IntegerType, StringAttr, SymbolRefAttr, UnitAttr, i1, i64
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.irdl import (
    operand_def,
    opt_operand_def,
    opt_prop_def,
    opt_result_def,
    prop_def,
    result_def,
    successor_def,
    traits_def,
    var_operand_def,
    var_result_def,
    var_successor_def,
)
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.printer import Printer
from xdsl.traits import IsTerminator, MemoryAllocEffect
from xdsl.utils.exceptions import VerifyException

from goir.dialects import go_rules as rules
from goir.dialects.go_base import ANY, Callee, GoDialectOp, MayPanic, MaySuspend, Method, Under
from goir.dialects.go_intrinsics import check_signature
from goir.dialects.go_types import DEFERS, EMPTY_INTERFACE, INT, NULLARY_FUNC, TOKEN, BasicType
from goir.dialects.lazy_format import lazy_op_definition

# Functions and calls -------------------------------------------------------------------------------------------------


@lazy_op_definition
class ClosureOp(GoDialectOp):
    """A function value: a function with the values it captures."""

    name = "go.closure"

    callee = prop_def(SymbolRefAttr)
    captures = var_operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(MemoryAllocEffect())

    assembly_format = "$callee (`captures` `(` $captures^ `:` type($captures) `)`)? attr-dict `:` type($result)"

    def check(self, under: Under) -> None:
        rules.func(under, self.result.type, "the result of go.closure")


@lazy_op_definition
class CallOp(GoDialectOp):
    """A call of a known function."""

    name = "go.call"

    callee = prop_def(SymbolRefAttr)
    args = var_operand_def(ANY)
    outs = var_result_def(ANY)

    traits = traits_def(MayPanic())

    assembly_format = "$callee `(` $args `)` attr-dict `:` functional-type($args, $outs)"


@lazy_op_definition
class CallClosureOp(GoDialectOp):
    """A call of a function value; a nil one panics."""

    name = "go.call_closure"

    function = operand_def(ANY)
    args = var_operand_def(ANY)
    outs = var_result_def(ANY)

    traits = traits_def(MayPanic())
    custom_directives = (Callee,)

    assembly_format = "$function `(` $args `)` attr-dict `:` custom<Callee>(type($function), type($args), type($outs))"

    def check(self, under: Under) -> None:
        t = rules.func(under, self.function.type, "what go.call_closure calls")
        if t is not None:
            rules.arguments(self.args.types, t.params.data, "the function value")
            rules.results(self.outs.types, t.results.data, "the function value")


@lazy_op_definition
class CallInterfaceOp(GoDialectOp):
    """A call of an interface's method; a nil interface panics."""

    name = "go.call_interface"

    receiver = operand_def(ANY)
    args = var_operand_def(ANY)
    method = prop_def(StringAttr)
    pkg = prop_def(StringAttr, default_value=StringAttr(""))
    outs = var_result_def(ANY)

    traits = traits_def(MayPanic())
    custom_directives = (Method,)

    assembly_format = (
        "$receiver custom<Method>($method, $pkg) `(` $args `)` attr-dict `:` type($receiver) `,` "
        "functional-type($args, $outs)"
    )

    def check(self, under: Under) -> None:
        m = rules.method(under, self.receiver.type, self.method.data, self.pkg.data)
        if m is not None:
            name = f"method {self.method.data}"
            rules.arguments(self.args.types, m.type.params.data, name)
            rules.results(self.outs.types, m.type.results.data, name)


@lazy_op_definition
class IntrinsicOp(GoDialectOp):
    """What runtime code calls by `//goir:intrinsic` (docs/abi.md)."""

    name = "go.intrinsic"

    intrinsic = prop_def(StringAttr)
    args = var_operand_def(ANY)
    outs = var_result_def(ANY)

    assembly_format = "$intrinsic `(` $args `)` attr-dict `:` functional-type($args, $outs)"

    def check(self, under: Under) -> None:
        check_signature(under, self.intrinsic.data, self.args.types, self.outs.types)


# Channels and goroutines ---------------------------------------------------------------------------------------------


@lazy_op_definition
class MakeChanOp(GoDialectOp):
    """`make(chan T, size)`"""

    name = "go.make_chan"

    size = opt_operand_def(ANY)
    result = result_def(ANY)

    traits = traits_def(MayPanic())

    assembly_format = "(`size` $size^ `:` type($size))? attr-dict `:` type($result)"

    def check(self, under: Under) -> None:
        rules.chan(under, self.result.type, "the result of go.make_chan")
        if self.size is not None:
            rules.integer(under, self.size.type, "the size of go.make_chan")


@lazy_op_definition
class SendOp(GoDialectOp):
    """`c <- v`"""

    name = "go.send"

    chan = operand_def(ANY)
    value = operand_def(ANY)

    traits = traits_def(MayPanic(), MaySuspend())

    assembly_format = "$chan `,` $value attr-dict `:` type($chan) `,` type($value)"

    def check(self, under: Under) -> None:
        c = rules.chan(under, self.chan.type, "what go.send sends to", "send")
        rules.same(self.value.type, c and c.elem, "the sent value")


@lazy_op_definition
class RecvOp(GoDialectOp):
    """`<-c`, with a second result `v, ok := <-c`"""

    name = "go.recv"

    chan = operand_def(ANY)
    value = result_def(ANY)
    ok = opt_result_def(i1)

    traits = traits_def(MaySuspend())

    assembly_format = "$chan attr-dict `:` type($chan) `->` type(results)"

    def check(self, under: Under) -> None:
        c = rules.chan(under, self.chan.type, "what go.recv receives from", "recv")
        rules.same(self.value.type, c and c.elem, "the received value")


@lazy_op_definition
class CloseOp(GoDialectOp):
    """`close(c)`"""

    name = "go.close"

    chan = operand_def(ANY)

    traits = traits_def(MayPanic())

    assembly_format = "$chan attr-dict `:` type($chan)"

    def check(self, under: Under) -> None:
        rules.chan(under, self.chan.type, "what go.close closes", "send")


@lazy_op_definition
class SelectOp(GoDialectOp):
    """`select`. Operands: the channels of all cases, then the values of the send cases; results: index, ok, and the
    received value of every recv case.

        %i, %ok, %v = go.select (send %c, %x : !go.chan<!go.int>, !go.int) (recv %d : !go.chan<i1> -> i1) default
    """

    name = "go.select"

    args = var_operand_def(ANY)
    dirs = prop_def(ArrayAttr[StringAttr])
    has_default = opt_prop_def(UnitAttr)
    index = result_def(INT)
    ok = result_def(i1)
    received = var_result_def(ANY)

    traits = traits_def(MayPanic(), MaySuspend())

    @property
    def directions(self) -> tuple[str, ...]:
        """ "send" or "recv" for each case"""
        return tuple(d.data for d in self.dirs.data)

    @property
    def channels(self) -> Sequence[SSAValue]:
        """One for each case."""
        return self.operands[: len(self.dirs.data)]

    @property
    def values(self) -> Sequence[SSAValue]:
        """One for each send case, in order."""
        return self.operands[len(self.dirs.data) :]

    @classmethod
    def parse(cls, parser: Parser) -> SelectOp:
        directions: list[str] = []
        channels: list[tuple[UnresolvedOperand, Attribute]] = []
        values: list[tuple[UnresolvedOperand, Attribute]] = []
        received: list[Attribute] = []
        while parser.parse_optional_punctuation("(") is not None:
            direction = parser.parse_keyword_in(("send", "recv"))
            directions.append(direction)
            channel = parser.parse_unresolved_operand()
            if direction == "send":
                parser.parse_punctuation(",")
                value = parser.parse_unresolved_operand()
                parser.parse_punctuation(":")
                channels.append((channel, parser.parse_type()))
                parser.parse_punctuation(",")
                values.append((value, parser.parse_type()))
            else:
                parser.parse_punctuation(":")
                channels.append((channel, parser.parse_type()))
                parser.parse_punctuation("->")
                received.append(parser.parse_type())
            parser.parse_punctuation(")")
        properties: dict[str, Attribute] = {"dirs": ArrayAttr([StringAttr(d) for d in directions])}
        if parser.parse_optional_keyword("default") is not None:
            properties["has_default"] = UnitAttr()
        attributes = parser.parse_optional_attr_dict()
        operands = [parser.resolve_operand(operand, t) for operand, t in channels + values]
        return cls.create(
            operands=operands, result_types=[INT, i1, *received], properties=properties, attributes=attributes
        )

    def print(self, printer: Printer) -> None:
        values = iter(self.values)
        received = iter(self.results[2:])
        for direction, channel in zip(self.directions, self.channels, strict=False):
            printer.print_string(f" ({direction} ")
            printer.print_ssa_value(channel)
            if direction == "send":
                value = next(values, channel)  # one that does not verify can be printed too
                printer.print_string(", ")
                printer.print_ssa_value(value)
                printer.print_string(" : ")
                printer.print_attribute(channel.type)
                printer.print_string(", ")
                printer.print_attribute(value.type)
            else:
                printer.print_string(" : ")
                printer.print_attribute(channel.type)
                printer.print_string(" -> ")
                printer.print_attribute(next(received, channel).type)
            printer.print_string(")")
        if self.has_default is not None:
            printer.print_string(" default")
        printer.print_op_attributes(self.attributes)

    def check(self, under: Under) -> None:
        directions = self.directions
        bad = [d for d in directions if d not in ("send", "recv")]
        if bad:
            raise VerifyException(f'a case of go.select is "send" or "recv", not "{bad[0] if bad else ""}"')
        sends = directions.count("send")
        operands = len(directions) + sends
        if len(self.operands) != operands:
            raise VerifyException(
                f"go.select with these cases has {operands} operands (a channel each, then the sent values), "
                f"but {len(self.operands)} are given"
            )
        received = self.results[2:]
        if len(received) != len(directions) - sends:
            raise VerifyException(f"go.select has {len(directions) - sends} recv cases, but {len(received)} results")
        sent, got = iter(self.values), iter(received)
        for direction, channel in zip(directions, self.channels, strict=True):
            c = rules.chan(under, channel.type, f"what go.select {direction}s on", direction)
            value = next(sent) if direction == "send" else next(got)
            rules.same(value.type, c and c.elem, "the sent value" if direction == "send" else "the received value")


@lazy_op_definition
class GoOp(GoDialectOp):
    """`go f()`: starts a goroutine."""

    name = "go.go"

    function = operand_def(NULLARY_FUNC)

    assembly_format = "$function attr-dict"


@lazy_op_definition
class YieldOp(GoDialectOp):
    """runtime.Gosched"""

    name = "go.yield"

    traits = traits_def(MaySuspend())

    assembly_format = "attr-dict"


@lazy_op_definition
class ParkOp(GoDialectOp):
    """Waits: calls `hook(args…, handle)`, which publishes the handle, and sleeps until resumed if that answers true."""

    name = "go.park"

    args = var_operand_def(ANY)
    hook = prop_def(SymbolRefAttr)

    traits = traits_def(MaySuspend())

    assembly_format = "$hook `(` ($args^ `:` type($args))? `)` attr-dict"


# Deferred calls, panics, recover -------------------------------------------------------------------------------------


@lazy_op_definition
class DefersOp(GoDialectOp):
    """This function's list of deferred calls, empty; in the entry block."""

    name = "go.defers"

    result = result_def(DEFERS)

    assembly_format = "attr-dict"


@lazy_op_definition
class DeferOp(GoDialectOp):
    """`defer f()`; `once`: not in a loop, the record may live in the frame"""

    name = "go.defer"

    defers = operand_def(DEFERS)
    function = operand_def(NULLARY_FUNC)
    once = opt_prop_def(UnitAttr)

    assembly_format = "(`once` $once^)? $defers `,` $function attr-dict"


@lazy_op_definition
class DeferPopOp(GoDialectOp):
    """Takes the newest deferred call off the list, if there is one."""

    name = "go.defer_pop"

    defers = operand_def(DEFERS)
    ok = result_def(i1)
    function = result_def(NULLARY_FUNC)

    assembly_format = "$defers attr-dict"


@lazy_op_definition
class PanicOp(GoDialectOp):
    """`panic(v)`"""

    name = "go.panic"

    value = operand_def(EMPTY_INTERFACE)

    traits = traits_def(MayPanic(), IsTerminator())

    assembly_format = "$value attr-dict"


@lazy_op_definition
class RaiseOp(GoDialectOp):
    """Goes to the unwind target with the panic that was recorded."""

    name = "go.raise"

    traits = traits_def(MayPanic(), IsTerminator())

    assembly_format = "attr-dict"


@lazy_op_definition
class CheckUnwindOp(GoDialectOp):
    """Goes to the unwind target if the flag is set."""

    name = "go.check_unwind"

    flag = operand_def(i1)

    traits = traits_def(MayPanic())

    assembly_format = "$flag attr-dict"


@lazy_op_definition
class PanicEnterOp(GoDialectOp):
    """First in the unwind block of a function with defers."""

    name = "go.panic_enter"

    defers = operand_def(DEFERS)

    assembly_format = "$defers attr-dict"


@lazy_op_definition
class PanicCallOp(GoDialectOp):
    """Before a deferred call during panicking: makes the function the one that may recover."""

    name = "go.panic_call"

    defers = operand_def(DEFERS)
    function = operand_def(NULLARY_FUNC)

    assembly_format = "$defers `,` $function attr-dict"


@lazy_op_definition
class PanicDoneOp(GoDialectOp):
    """After a deferred call during panicking: whether it recovered."""

    name = "go.panic_done"

    defers = operand_def(DEFERS)
    recovered = result_def(i1)

    assembly_format = "$defers attr-dict"


@lazy_op_definition
class RecoverTokenOp(GoDialectOp):
    """What this function may recover, taken at its entry."""

    name = "go.recover_token"

    self_symbol = prop_def(SymbolRefAttr, prop_name="self")
    result = result_def(TOKEN)

    assembly_format = "$self attr-dict"


@lazy_op_definition
class RecoverOp(GoDialectOp):
    """`recover()`"""

    name = "go.recover"

    token = operand_def(TOKEN)
    result = result_def(EMPTY_INTERFACE)

    assembly_format = "$token attr-dict"


@lazy_op_definition
class RecoverForwardOp(GoDialectOp):
    """In wrappers: if this function was made able to recover, its target is instead."""

    name = "go.recover_forward"

    target = opt_operand_def(ANY)
    self_symbol = prop_def(SymbolRefAttr, prop_name="self")
    callee = opt_prop_def(SymbolRefAttr)
    method = opt_prop_def(StringAttr)

    assembly_format = "$self (`to` $callee^)? (`value` $target^ `:` type($target))? (`method` $method^)? attr-dict"

    def check(self, under: Under) -> None:
        if self.method is not None and self.target is None:
            raise VerifyException("go.recover_forward to a method needs the interface")
        if (self.callee is None) == (self.target is None):
            raise VerifyException("go.recover_forward goes to a callee, a function value or an interface's method")


# Ends of blocks ------------------------------------------------------------------------------------------------------


@lazy_op_definition
class ReturnOp(GoDialectOp):
    """`return`"""

    name = "go.return"

    args = var_operand_def(ANY)

    traits = traits_def(IsTerminator())

    assembly_format = "($args^ `:` type($args))? attr-dict"


@lazy_op_definition
class SwitchOp(GoDialectOp):
    """`go.switch %x : !go.int, ^default [1: ^a, 7: ^b]`: goes where the value leads. Successors: default, then the cases';
    none takes arguments. `values` are distinct, and written as `go.constant` writes them."""

    name = "go.switch"

    value = operand_def(ANY)
    values = prop_def(DenseArrayBase)
    default = successor_def()
    targets = var_successor_def()

    traits = traits_def(IsTerminator())

    def cases(self) -> list[tuple[int, Block]]:
        """The values and where they lead."""
        return list(zip(self.numbers(), self.successors[1:], strict=True))

    def numbers(self) -> tuple[int, ...]:
        """The values."""
        return cast("DenseArrayBase[IntegerType]", self.values).get_values()

    def check(self, under: Under) -> None:
        rules.integer(under, self.value.type, "the value of go.switch")
        values = self.numbers()
        count = len(self.successors) - 1
        if len(values) != count:
            raise VerifyException(f"go.switch has {len(values)} values for {count} targets")
        if len(set(values)) != count:
            raise VerifyException("go.switch has the same value twice")
        u = under(self.value.type)
        if isinstance(u, BasicType) and values and not _fits(u, min(values), max(values)):
            raise VerifyException(f"go.switch has a value that is no {u}")

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_ssa_value(self.value)
        printer.print_string(" : ")
        printer.print_attribute(self.value.type)
        printer.print_string(", ")
        printer.print_block_name(self.default)
        printer.print_string(" [")
        for i, (value, block) in enumerate(self.cases()):
            printer.print_string(f"{', ' if i else ''}{value}: ")
            printer.print_block_name(block)
        printer.print_string("]")
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> SwitchOp:
        name = parser.parse_unresolved_operand()
        parser.parse_punctuation(":")
        value = parser.resolve_operand(name, parser.parse_type())
        parser.parse_punctuation(",")
        default = parser.parse_successor()

        def case() -> tuple[int, Block]:
            number = parser.parse_integer(allow_boolean=False)
            parser.parse_punctuation(":")
            return number, parser.parse_successor()

        cases = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, case)
        return cls.create(
            operands=[value],
            properties={"values": DenseArrayBase.from_list(i64, [v for v, _ in cases])},
            attributes=parser.parse_optional_attr_dict(),
            successors=[default, *(b for _, b in cases)],
        )


def _fits(type: BasicType, low: int, high: int) -> bool:
    """Whether constants of a type lie in a range; those of 64 bits are written as signed ones."""
    if type.signed or type.bits == 64:
        return -(1 << (type.bits - 1)) <= low and high < 1 << (type.bits - 1)
    return low >= 0 and high < 1 << type.bits


@lazy_op_definition
class ProtectOp(GoDialectOp):
    """Ends the entry block: from here on every panic in this function continues at `unwind`."""

    name = "go.protect"

    body = successor_def()
    unwind = successor_def()

    traits = traits_def(IsTerminator())

    assembly_format = "$body `unwind` $unwind attr-dict"


@lazy_op_definition
class UnwindOp(GoDialectOp):
    """The panic continues in the caller."""

    name = "go.unwind"

    traits = traits_def(IsTerminator())

    assembly_format = "attr-dict"


@lazy_op_definition
class UnreachableOp(GoDialectOp):
    """Control does not get here."""

    name = "go.unreachable"

    traits = traits_def(IsTerminator())

    assembly_format = "attr-dict"


OPS: list[type[Operation]] = [
    ClosureOp, CallOp, CallClosureOp, CallInterfaceOp, IntrinsicOp, MakeChanOp, SendOp, RecvOp, CloseOp, SelectOp,
    GoOp, YieldOp, ParkOp, DefersOp, DeferOp, DeferPopOp, PanicOp, RaiseOp, CheckUnwindOp, PanicEnterOp,
    PanicCallOp, PanicDoneOp, RecoverTokenOp, RecoverOp, RecoverForwardOp, ReturnOp, SwitchOp, ProtectOp, UnwindOp,
    UnreachableOp,
]  # fmt: skip
