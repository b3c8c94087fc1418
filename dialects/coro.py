"""The coro dialect (docs/coro.md): coroutines as ops, suspension as a terminator without a suspend edge."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import ArrayAttr, StringAttr, SymbolNameConstraint, SymbolRefAttr, UnitAttr, i1
from xdsl.ir import Attribute, Dialect, Operation
from xdsl.irdl import (
    AttrSizedOperandSegments,
    IRDLOperation,
    ParsePropInAttrDict,
    operand_def,
    opt_prop_def,
    opt_successor_def,
    prop_def,
    region_def,
    result_def,
    successor_def,
    traits_def,
    var_operand_def,
    var_result_def,
)
from xdsl.irdl.attributes import param_def
from xdsl.irdl.declarative_assembly_format import (
    CustomDirective,
    ParsingState,
    PrintingState,
    TypeDirective,
    irdl_custom_directive,
)
from xdsl.parser import AttrParser, Parser
from xdsl.printer import Printer
from xdsl.traits import IsolatedFromAbove, IsTerminator, SymbolOpInterface
from xdsl.utils.exceptions import VerifyException

from goir.dialects import go_rules as rules
from goir.dialects.go_base import ANY, Callee, GoDialectOp, MayPanic, MaySuspend, Method, Under
from goir.dialects.go_module import FunctionLike, parse_function
from goir.dialects.go_types import NULLARY_FUNC, FuncType, OpaqueType, check_type, go_attribute, to_array
from goir.dialects.lazy_format import lazy_op_definition


@go_attribute
class HandleType(OpaqueType):
    """`!coro.handle`: a suspended execution that can be resumed (a coroutine's, or a parked thread's)."""

    name = "coro.handle"


@go_attribute
class SlotType(OpaqueType):
    """`!coro.slot<(R…)>`: where an awaited coroutine leaves its results and whether it panicked."""

    name = "coro.slot"
    types: ArrayAttr[Attribute] = param_def(converter=to_array)

    def verify(self) -> None:
        for t in self.types.data:
            check_type(t, "a result type of a slot")

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            return (ArrayAttr(parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_type)),)

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets(), printer.in_parens():
            printer.print_list(self.types.data, printer.print_attribute)


HANDLE = HandleType()


def is_llvm(t: Attribute) -> bool:
    """An llvm type, or an integer or float that is one: what values have after `go-to-llvm`."""
    return t.name.startswith("llvm.") or t.name in ("integer_type", "f32", "f64")


def is_pointer(t: Attribute) -> bool:
    """`!llvm.ptr`, which handles and slots become in `go-to-llvm`."""
    return t.name == "llvm.ptr"


def _handle(t: Attribute) -> None:
    if t != HANDLE and not is_pointer(t):
        raise VerifyException(f"a handle must be a !coro.handle (after go-to-llvm a !llvm.ptr), but is {t}")


def _slot(t: Attribute) -> SlotType | None:
    """`t` must be a slot's type (after go-to-llvm that is a pointer)."""
    if isinstance(t, SlotType):
        return t
    if not is_pointer(t):
        raise VerifyException(f"a slot must be a !coro.slot<…> (after go-to-llvm a !llvm.ptr), but is {t}")
    return None


@irdl_custom_directive
class Handle(CustomDirective):
    """The type of a handle, where it is not `!coro.handle`: ` : !llvm.ptr`."""

    handle: TypeDirective

    def parse(self, parser: Parser, state: ParsingState) -> None:
        written = parser.parse_optional_punctuation(":") is not None
        self.handle.set(state, (parser.parse_type() if written else HANDLE,))

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        (t,) = self.handle.get(op)
        if t != HANDLE:
            printer.print_string(" : ")
            printer.print_attribute(t)


@irdl_custom_directive
class Started(CustomDirective):
    """The type of a started coroutine's handle, where it is not `!coro.handle`: ` -> !llvm.ptr`."""

    handle: TypeDirective

    def parse(self, parser: Parser, state: ParsingState) -> None:
        written = parser.parse_optional_punctuation("->") is not None
        self.handle.set(state, (parser.parse_type() if written else HANDLE,))

    def print(self, printer: Printer, state: PrintingState, op: IRDLOperation) -> None:
        (t,) = self.handle.get(op)
        if t != HANDLE:
            printer.print_string(" -> ")
            printer.print_attribute(t)


# Coroutines ----------------------------------------------------------------------------------------------------------


@lazy_op_definition
class FuncOp(FunctionLike):
    """A coroutine. Starting it runs it at once, up to its first suspension; its end is a property of this op.

    After go-to-llvm (`coro.func llvm @f…`) the function type is an llvm one, `slot_type` the memory of its results."""

    name = "coro.func"

    sym_name = prop_def(SymbolNameConstraint())
    function_type = prop_def(ANY)
    slot_type = opt_prop_def(ANY)
    captures = opt_prop_def(ArrayAttr)
    wrapper = opt_prop_def(UnitAttr)
    intrinsic = opt_prop_def(StringAttr)
    nosuspend = opt_prop_def(UnitAttr)
    noinline = opt_prop_def(UnitAttr)
    recovers = opt_prop_def(UnitAttr)
    may_panic = opt_prop_def(UnitAttr)
    colour = opt_prop_def(UnitAttr)
    sym_visibility = opt_prop_def(StringAttr)
    display = opt_prop_def(StringAttr)
    body = region_def()

    traits = traits_def(IsolatedFromAbove(), SymbolOpInterface())

    @classmethod
    def parse(cls, parser: Parser) -> FuncOp:
        properties, attributes, body = parse_function(parser, tuple(cls.get_irdl_definition().properties))
        return cls.create(properties=properties, attributes=attributes, regions=[body])


@lazy_op_definition
class AdapterOp(GoDialectOp):
    """The coroutine entry of a plain function: calls it, stores the results in the slot, answers "finished"."""

    name = "coro.adapter"

    sym_name = prop_def(SymbolNameConstraint())
    callee = prop_def(SymbolRefAttr)
    function_type = prop_def(FuncType)
    captures = opt_prop_def(ArrayAttr)
    sym_visibility = opt_prop_def(StringAttr)

    traits = traits_def(SymbolOpInterface())

    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "$sym_name `of` $callee `:` qualified($function_type) (`captures` $captures^)? attr-dict"


@lazy_op_definition
class SlotOp(GoDialectOp):
    """A slot for the results of an awaited coroutine, in this frame."""

    name = "coro.slot"

    slot_type = opt_prop_def(ANY)
    result = result_def(ANY)

    assembly_format = "(`as` $slot_type^)? attr-dict `:` type($result)"

    def check(self, under: Under) -> None:
        _slot(self.result.type)


@lazy_op_definition
class StartOp(GoDialectOp):
    """Runs a coroutine up to its first suspension; a null handle: it has finished. `elide`: this function destroys it on
    every path, so its frame may be part of this one's."""

    name = "coro.start"

    slot = operand_def(ANY)
    args = var_operand_def(ANY)
    callee = prop_def(SymbolRefAttr)
    elide = opt_prop_def(UnitAttr)
    handle = result_def(ANY)

    custom_directives = (Started,)

    assembly_format = (
        "(`elide` $elide^)? $callee `(` $args `)` `into` $slot attr-dict `:` `(` type($args) `)` `into` type($slot) "
        "custom<Started>(type($handle))"
    )

    def check(self, under: Under) -> None:
        _slot(self.slot.type)
        _handle(self.handle.type)


@lazy_op_definition
class StartClosureOp(GoDialectOp):
    """The same through the coroutine entry of a function value; a nil one panics."""

    name = "coro.start_closure"

    slot = operand_def(ANY)
    function = operand_def(ANY)
    args = var_operand_def(ANY)
    handle = result_def(ANY)

    traits = traits_def(MayPanic())
    custom_directives = (Started,)

    assembly_format = (
        "$function `(` $args `)` `into` $slot attr-dict `:` type($function) `,` `(` type($args) `)` `into` type($slot) "
        "custom<Started>(type($handle))"
    )

    def check(self, under: Under) -> None:
        slot = _slot(self.slot.type)
        _handle(self.handle.type)
        t = rules.func(under, self.function.type, "what coro.start_closure starts")
        if t is not None and slot is not None:
            rules.arguments(self.args.types, t.params.data, "the function value")
            rules.results(slot.types.data, t.results.data, "the function value")


@lazy_op_definition
class StartIndirectOp(GoDialectOp):
    """The same through a coroutine entry that was loaded from a closure record (`ctx`); only after go-to-llvm."""

    name = "coro.start_indirect"

    slot = operand_def(ANY)
    entry = operand_def(ANY)
    ctx = operand_def(ANY)
    args = var_operand_def(ANY)
    handle = result_def(ANY)

    custom_directives = (Started,)

    assembly_format = (
        "$entry `(` $args `)` `ctx` $ctx `into` $slot attr-dict `:` type($entry) `,` `(` type($args) `)` "
        "`ctx` type($ctx) `into` type($slot) custom<Started>(type($handle))"
    )

    def check(self, under: Under) -> None:
        for value, what in ((self.slot, "slot"), (self.entry, "entry"), (self.ctx, "context"), (self.handle, "handle")):
            if not is_pointer(value.type):
                raise VerifyException(f"the {what} of coro.start_indirect must be a !llvm.ptr, but is {value.type}")


@lazy_op_definition
class StartInterfaceOp(GoDialectOp):
    """The same through an interface table; a nil interface panics."""

    name = "coro.start_interface"

    slot = operand_def(ANY)
    receiver = operand_def(ANY)
    args = var_operand_def(ANY)
    method = prop_def(StringAttr)
    pkg = prop_def(StringAttr, default_value=StringAttr(""))
    handle = result_def(ANY)

    traits = traits_def(MayPanic())
    custom_directives = (Method, Started)

    assembly_format = (
        "$receiver custom<Method>($method, $pkg) `(` $args `)` `into` $slot attr-dict `:` type($receiver) `,` "
        "`(` type($args) `)` `into` type($slot) custom<Started>(type($handle))"
    )

    def check(self, under: Under) -> None:
        slot = _slot(self.slot.type)
        _handle(self.handle.type)
        m = rules.method(under, self.receiver.type, self.method.data, self.pkg.data)
        if m is not None and slot is not None:
            name = f"method {self.method.data}"
            rules.arguments(self.args.types, m.type.params.data, name)
            rules.results(slot.types.data, m.type.results.data, name)


@lazy_op_definition
class PendingOp(GoDialectOp):
    """Whether a started coroutine had not finished at once."""

    name = "coro.pending"

    handle = operand_def(ANY)
    result = result_def(i1)

    custom_directives = (Handle,)

    assembly_format = "$handle attr-dict custom<Handle>(type($handle))"

    def check(self, under: Under) -> None:
        _handle(self.handle.type)


@lazy_op_definition
class SuspendOp(GoDialectOp):
    """Suspends: the hook `hook(args…, handle) -> i1` runs when the coroutine counts as suspended, and publishes the
    handle. False: goes on at `resume` without suspending. Without a destroy successor it is never destroyed while
    suspended here."""

    name = "coro.suspend"

    args = var_operand_def(ANY)
    resume_args = var_operand_def(ANY)
    destroy_args = var_operand_def(ANY)
    hook = prop_def(SymbolRefAttr)
    resume = successor_def()
    destroy = opt_successor_def()

    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    traits = traits_def(IsTerminator())

    assembly_format = (
        "$hook `(` ($args^ `:` type($args))? `)` `resume` $resume (`(` $resume_args^ `:` type($resume_args) `)`)? "
        "(`destroy` $destroy^ (`(` $destroy_args^ `:` type($destroy_args) `)`)?)? attr-dict"
    )


@lazy_op_definition
class ParkOp(GoDialectOp):
    """The same in a plain function: parks the thread."""

    name = "coro.park"

    args = var_operand_def(ANY)
    hook = prop_def(SymbolRefAttr)

    assembly_format = "$hook `(` ($args^ `:` type($args))? `)` attr-dict"


@lazy_op_definition
class DestroyOp(GoDialectOp):
    """Frees a finished coroutine. One that is suspended where it can be destroyed goes on there and ends first."""

    name = "coro.destroy"

    handle = operand_def(ANY)

    custom_directives = (Handle,)

    assembly_format = "$handle attr-dict custom<Handle>(type($handle))"

    def check(self, under: Under) -> None:
        _handle(self.handle.type)


@lazy_op_definition
class ResumeOp(GoDialectOp):
    """Resumes a suspended coroutine on this thread, until it suspends again or finishes."""

    name = "coro.resume"

    handle = operand_def(ANY)

    custom_directives = (Handle,)

    assembly_format = "$handle attr-dict custom<Handle>(type($handle))"

    def check(self, under: Under) -> None:
        _handle(self.handle.type)


@lazy_op_definition
class DoneOp(GoDialectOp):
    """Whether a coroutine that is not running has finished; only for who alone resumes it."""

    name = "coro.done"

    handle = operand_def(ANY)
    result = result_def(i1)

    custom_directives = (Handle,)

    assembly_format = "$handle attr-dict custom<Handle>(type($handle))"

    def check(self, under: Under) -> None:
        _handle(self.handle.type)


@lazy_op_definition
class ResultsOp(GoDialectOp):
    """What a finished coroutine left in its slot: the results, and whether it panicked."""

    name = "coro.results"

    slot = operand_def(ANY)
    slot_type = opt_prop_def(ANY)
    outs = var_result_def(ANY)
    panicked = result_def(i1)

    assembly_format = "$slot (`as` $slot_type^)? attr-dict `:` type($slot) `->` type(results)"

    def check(self, under: Under) -> None:
        slot = _slot(self.slot.type)
        if slot is not None:
            rules.results(self.outs.types, slot.types.data, "the slot")


@lazy_op_definition
class ReturnOp(GoDialectOp):
    """Completion with results."""

    name = "coro.return"

    args = var_operand_def(ANY)

    traits = traits_def(IsTerminator())

    assembly_format = "($args^ `:` type($args))? attr-dict"


@lazy_op_definition
class UnwindOp(GoDialectOp):
    """Completion by panic."""

    name = "coro.unwind"

    traits = traits_def(IsTerminator())

    assembly_format = "attr-dict"


@lazy_op_definition
class SpawnOp(GoDialectOp):
    """A goroutine."""

    name = "coro.spawn"

    function = operand_def(ANY)

    assembly_format = "$function attr-dict `:` type($function)"

    def check(self, under: Under) -> None:
        t = self.function.type
        if t != NULLARY_FUNC and not is_pointer(t):
            raise VerifyException(f"a goroutine runs a function value of type {NULLARY_FUNC}, not {t}")


@lazy_op_definition
class AwaitOp(GoDialectOp):
    """Starts a coroutine, waits for it, takes its results. In a plain function it blocks the thread."""

    name = "coro.await"

    args = var_operand_def(ANY)
    callee = prop_def(SymbolRefAttr)
    outs = var_result_def(ANY)

    traits = traits_def(MayPanic(), MaySuspend())

    assembly_format = "$callee `(` $args `)` attr-dict `:` functional-type($args, $outs)"


@lazy_op_definition
class AwaitClosureOp(GoDialectOp):
    """The same through a function value."""

    name = "coro.await_closure"

    function = operand_def(ANY)
    args = var_operand_def(ANY)
    outs = var_result_def(ANY)

    traits = traits_def(MayPanic(), MaySuspend())
    custom_directives = (Callee,)

    assembly_format = "$function `(` $args `)` attr-dict `:` custom<Callee>(type($function), type($args), type($outs))"

    def check(self, under: Under) -> None:
        t = rules.func(under, self.function.type, "what coro.await_closure calls")
        if t is not None:
            rules.arguments(self.args.types, t.params.data, "the function value")
            rules.results(self.outs.types, t.results.data, "the function value")


@lazy_op_definition
class AwaitInterfaceOp(GoDialectOp):
    """The same through an interface's method."""

    name = "coro.await_interface"

    receiver = operand_def(ANY)
    args = var_operand_def(ANY)
    method = prop_def(StringAttr)
    pkg = prop_def(StringAttr, default_value=StringAttr(""))
    outs = var_result_def(ANY)

    traits = traits_def(MayPanic(), MaySuspend())
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


OPS: list[type[Operation]] = [
    FuncOp, AdapterOp, SlotOp, StartOp, StartClosureOp, StartIndirectOp, StartInterfaceOp, PendingOp, SuspendOp, ParkOp,
    DestroyOp, ResumeOp, DoneOp, ResultsOp, ReturnOp, UnwindOp, SpawnOp, AwaitOp, AwaitClosureOp, AwaitInterfaceOp,
]  # fmt: skip

Coro = Dialect("coro", OPS, [HandleType, SlotType])
