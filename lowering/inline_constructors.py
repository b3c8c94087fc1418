"""Small functions that make something and return it are copied to where they are called, if what they make can then be in
the caller's frame.

go.func @main.newPoint(%x : !go.int) -> (!go.ptr<!main.Point>) {     go.func @main.f() {
  %p = go.alloc auto                                                   %p = go.call @main.newPoint(%one)
  …                                                                    … uses of %p that do not keep it …
  go.return %p                                                         go.return
}                                                                    }
    →
go.func @main.f() {
  %p = go.alloc auto            loc(callsite("main.newPoint"("p.go":7:9) at "p.go":11:15))
  …
  go.return
}

Other calls are left to LLVM, which inlines better, but when it is decided already what is on the heap. A function's result
is followed in its callers as the address of a variable is (escape_analysis.py): the variable may escape by being returned
and in no other way. What is inlined may itself call such functions, which come along.

Ops keep the line they stand on, and say which function they are of and where it was called: traces show the function.

Functions with the property `available` are those of other modules: their bodies serve to be copied, and are dropped here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from xdsl.context import Context
from xdsl.dialects.builtin import CallSiteLoc, FileLineColLoc, LocationAttr, ModuleOp, NameLoc, StringAttr
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.passes import ModulePass

from goir.dialects import go
from goir.lowering.cfg import reverse_postorder
from goir.lowering.escape_analysis import EscapeAnalysis
from goir.lowering.ir import HOLDS_TYPES, branch, ops_of, referenced, split_after

AVAILABLE: Final = "available"
"""Property of a `go.func` of another module whose body is here to be inlined."""
MAX_OPS: Final = 80
"""Functions of up to so many ops are inlined."""

_STAY: Final = frozenset((
    go.SendOp, go.RecvOp, go.SelectOp, go.YieldOp, go.ParkOp, go.DefersOp, go.RecoverTokenOp, go.RecoverForwardOp,
    go.RaiseOp, go.ProtectOp, go.CheckUnwindOp,
))  # fmt: skip
"""Ops that speak of the function they stand in, or of where it waits."""
_OF_FRAMES: Final = frozenset(
    map(StringAttr, ("getsp", "spillregs", "returnaddress", "frameaddress", "callersp", "stackmem", "ctx", "trap"))
)
_STAYING_PROPERTIES: Final = ("noinline", "nosuspend", "features", "once", "captures", "wrapper", "recovers", "extern")
_DECLARED: Final = ("sym_name", "function_type", "noescape", "returned", "may_panic", "colour")
"""Properties of the declaration that an available function becomes."""


def inline_constructors(module: ModuleOp) -> None:
    """Inlines calls of the module's functions that make something and return it, and drops what is only available."""
    if HOLDS_TYPES in module.attributes:
        return  # the runtime keeps addresses as numbers, and its functions are what they are for a reason
    functions = [op for op in module.body.block.ops if isinstance(op, go.FuncOp) and op.body.blocks]
    constructors = _Constructors(module)
    found = [
        call
        for function in functions
        if AVAILABLE not in function.properties
        for call in ops_of(function)
        if isinstance(call, go.CallOp) and constructors.look_at(call)
    ]
    constructors.analysis.solve()
    for call in found:
        if constructors.is_worth(call) and not constructors.analysis.results[call]:
            _Copier(constructors).inline(call, call.location)
    for function in functions:
        if AVAILABLE in function.properties:
            _declare(function)


class _Constructors:
    """What the functions of a module make and return."""

    def __init__(self, module: ModuleOp) -> None:
        self.analysis = EscapeAnalysis(module)
        self._made: dict[str, list[Operation]] = {}

    def look_at(self, call: go.CallOp) -> bool:
        """Follows what a call brings along, if it calls a constructor."""
        analysis = self.analysis
        if call not in analysis.results:
            returned = {pair for op in self.made_by(call) for pair in analysis.results[op]}
            if not returned:
                return False
            analysis.follow(call, [(call.results[result], depth) for result, depth in returned])
        return True

    def made_by(self, call: go.CallOp) -> list[Operation]:
        """What the function that is called makes, and the calls that make something for it."""
        name = referenced(call, "callee")
        if name not in self._made:
            self._made[name] = []  # nothing, should it call itself
            function = self.analysis.functions.get(name)
            if isinstance(function, go.FuncOp) and self._may_be_inlined(function):
                self._made[name] = [op for op in ops_of(function) if self._makes(op)]
        return self._made[name]

    def _makes(self, op: Operation) -> bool:
        """Looks at an op of a function that may be inlined; answers whether it makes something."""
        if self.analysis.is_undecided(op):
            self.analysis.look_at(op)
            return True
        return isinstance(op, go.CallOp) and self.look_at(op)

    def _may_be_inlined(self, function: go.FuncOp) -> bool:
        """Whether a function is small, and nothing in it has to stay there."""
        if not function.body.blocks or any(name in function.properties for name in _STAYING_PROPERTIES):
            return False
        returns = 0
        for count, op in enumerate(ops_of(function)):
            if count == MAX_OPS or op.__class__ in _STAY:
                return False
            if isinstance(op, go.IntrinsicOp) and op.properties["intrinsic"] in _OF_FRAMES:
                return False
            returns += isinstance(op, go.ReturnOp)
        of = self.analysis.layouts.of
        # Several returns become arguments of a block, which large values cannot be.
        return returns < 2 or not any(of(t).indirect for t in function.signature.results.data)

    def is_worth(self, call: Operation) -> bool:
        """Whether inlining a call keeps something in the frame. It is known when the analysis has been solved."""
        if not isinstance(call, go.CallOp) or call not in self.analysis.results or call in self.analysis.escaping:
            return False
        return any(
            op not in self.analysis.escaping
            and self.analysis.results[op]
            and (not isinstance(op, go.CallOp) or self.is_worth(op))
            for op in self.made_by(call)
        )


class _Copier:
    """Puts the body of a function where it is called, with the calls in it that are worth it."""

    def __init__(self, constructors: _Constructors) -> None:
        self._constructors = constructors
        self._inside: list[str] = []

    def inline(self, call: Operation, place: LocationAttr) -> None:
        """Replaces `call`, which stands at `place`."""
        name = referenced(call, "callee")
        function = self._constructors.analysis.functions[name]
        assert isinstance(function, go.FuncOp)
        self._inside.append(name)
        display = function.properties.get("display")
        locations = _Locations(display if isinstance(display, StringAttr) else StringAttr(name), place)
        order = reverse_postorder(function.entry)
        start = call.parent
        assert start is not None and start.parent is not None
        returns = sum(isinstance(block.last_op, go.ReturnOp) for block in order)
        if returns > 1:
            rest = split_after(call, [result.type for result in call.results])
            for result, value in zip(call.results, rest.args, strict=True):
                value.name_hint = result.name_hint
                result.replace_all_uses_with(value)
        else:
            rest = split_after(call) if len(order) > 1 else start
        blocks = {block: Block(arg_types=[a.type for a in block.args]) for block in order[1:]}
        values: dict[SSAValue, SSAValue] = dict(zip(function.entry.args, call.operands, strict=True))
        for block, copy in blocks.items():
            values.update(zip(block.args, copy.args, strict=True))
            start.parent.insert_block_before(copy, rest)
        nested: list[Operation] = []
        for block in order:
            copies: list[Operation] = []
            for op in block.ops:
                if not isinstance(op, go.ReturnOp):
                    copies.append(op.clone_without_regions(values, blocks))
                    if self._constructors.is_worth(op) and referenced(op, "callee") not in self._inside:
                        nested.append(copies[-1])
                elif returns > 1:
                    copies.append(branch(rest, [values.get(v, v) for v in op.operands]))
                else:
                    for result, value in zip(call.results, op.operands, strict=True):
                        result.replace_all_uses_with(values.get(value, value))
                    if rest is not start:
                        copies.append(branch(rest))
            for op, copy in zip(block.ops, copies, strict=False):
                copy.location = locations.inlined(op.location)
            if block is function.entry:
                start.insert_ops_before(copies, call)
            else:
                blocks[block].add_ops(copies)
        call.detach()
        call.erase()
        for each in nested:
            self.inline(each, each.location)
        self._inside.pop()


class _Locations:
    """Locations of ops of a function that is inlined at a place."""

    def __init__(self, name: StringAttr, place: LocationAttr) -> None:
        self._name = name
        self._place = place
        self._made: dict[LocationAttr, LocationAttr] = {}

    def inlined(self, location: LocationAttr) -> LocationAttr:
        """The location of a copy of an op."""
        found = self._made.get(location)
        if found is None:
            found = self._place
            if isinstance(location, CallSiteLoc):
                caller = location.caller
                assert isinstance(caller, CallSiteLoc | FileLineColLoc)
                found = CallSiteLoc(location.callee, self.inlined(caller))
            elif isinstance(location, FileLineColLoc):
                found = CallSiteLoc(NameLoc(self._name, location), self._place)
            self._made[location] = found
        return found


def _declare(function: go.FuncOp) -> None:
    """What was available is only declared from now on."""
    function.properties = {k: v for k, v in function.properties.items() if k in _DECLARED}
    function.detach_region(function.body).erase()
    function.add_region(Region())


@dataclass(frozen=True)
class InlineConstructorsPass(ModulePass):
    """Inlines functions whose results can then be in the caller's frame (see the module)."""

    name: ClassVar[str] = "inline-constructors"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        inline_constructors(op)
