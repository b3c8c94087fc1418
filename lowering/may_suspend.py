"""Which functions may suspend: they get the property `colour`, dynamic calls that may the attribute `suspends`.

A function may suspend if it waits (`go.park`, a channel operation that is not lowered yet) or calls a function that
may. Calls of function values are resolved to what they certainly are where that shows (a closure called where it is
made, the deferred calls of this function), else to all functions of that signature whose address is taken; interface
calls to the methods of that name and signature in the module's `go.method_set`s. `go.go` does not colour the
function it is in.

A function that `parks` is never coloured: it blocks its thread (most library packages are like that: a coroutine costs
six times the text). In a library module every dynamic call of a function that does not counts as one that may suspend,
for what it reaches differs from program to program.

Colour is an optimisation: what it misses blocks a thread, nothing breaks (docs/architecture.md).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple, TypeAlias

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.passes import ModulePass

from goir.dialects import go
from goir.dialects.go_module import TypeTable
from goir.dialects.go_types import FuncType, MethodAttr
from goir.lowering.ir import UNIT, LoweringError, is_library, position_text, referenced, symbol_name

SUSPENDS: Final = "suspends"
"""Attribute of a dynamic call that may suspend."""


class Signature(NamedTuple):
    """Stands for all functions of a type whose address is taken."""

    type: Attribute


class Method(NamedTuple):
    """Stands for all methods that an interface call may reach."""

    name: str
    pkg: str
    type: Attribute


Node: TypeAlias = str | Signature | Method
"""A function by its symbol, or a set of functions a dynamic call may reach."""


class Reason(NamedTuple):
    """Why a node may suspend: at `op` it does `verb` itself, or it calls `callee`."""

    op: Operation | None
    callee: Node | None
    verb: str


@dataclass
class Colours:
    """The result: why each coloured node is coloured."""

    reasons: dict[Node, Reason]

    def functions(self) -> list[str]:
        """The coloured functions, sorted."""
        return sorted(node for node in self.reasons if isinstance(node, str))

    def explain(self, name: str) -> str:
        """`main.f suspends because it calls main.g, which receives at x.go:12`"""
        return f"{name} suspends because it {self.chain(name)}"

    def chain(self, name: str) -> str:
        """The reason of `name` without its subject."""
        parts: list[str] = []
        node: Node | None = name
        while node is not None:
            reason = self.reasons[node]
            following = reason.callee
            if following is None:
                parts.append(reason.verb + (position_text(reason.op) if reason.op is not None else ""))
            elif isinstance(node, str):
                parts.append(reason.verb + " " + _describe(following, self))
            node = following
        return ", which ".join(parts)


def _describe(node: Node, colours: Colours) -> str:
    if isinstance(node, str):
        return node
    target = colours.reasons[node].callee
    what = "a function value" if isinstance(node, Signature) else f"method {node.name} of an interface"
    return f"{what} that may be {target}"


def may_suspend(module: ModuleOp) -> Colours:
    """Marks functions and dynamic calls of `module`; raises LoweringError where a `nosuspend` function may suspend."""
    analysis = _Analysis(module)
    colours = analysis.solve()
    for name, function in analysis.functions.items():
        if name not in colours.reasons:
            continue
        if "nosuspend" in function.properties:
            raise LoweringError(function, f"{name} is marked nosuspend, but it {colours.chain(name)}")
        function.properties["colour"] = UNIT
    for op, targets in analysis.dynamic:
        if any(target in colours.reasons for target in targets):
            op.attributes[SUSPENDS] = UNIT
    return colours


class _Analysis:
    def __init__(self, module: ModuleOp) -> None:
        self.types = TypeTable(module)
        self.library = is_library(module)
        self.functions: dict[str, go.FuncOp] = {}
        self.callers: dict[Node, list[tuple[Node, Operation | None, str]]] = {}
        """node → who suspends if it does"""
        self.seeds: list[tuple[str, Reason]] = []
        self.dynamic: list[tuple[Operation, list[Node]]] = []
        self.taken: set[str] = set()
        functions: list[go.FuncOp] = []
        method_sets: list[go.MethodSetOp] = []
        data: list[str] = []
        for op in module.body.block.ops:
            if isinstance(op, go.FuncOp):
                self.functions[symbol_name(op)] = op
                functions.append(op)
            elif isinstance(op, go.MethodSetOp):
                method_sets.append(op)
            elif isinstance(op, go.GlobalOp) and isinstance(op.init, go.DataAttr):
                data += op.init.references.symbols
        for name in data:
            if name in self.functions:
                self.take_address(name, self.functions[name].function_type)
        for op in method_sets:
            for method in op.methods.data:
                self._method(method)
        for function in functions:
            name = symbol_name(function)
            if function.body.blocks.first is None:
                if "colour" in function.properties:
                    self.seeds.append((name, Reason(None, None, "may suspend, as its declaration says")))
                continue
            handlers = _PARKING if "parks" in function.properties else _HANDLERS
            for block in function.body.blocks:
                for op in block.ops:
                    handler = handlers.get(op.__class__)
                    if handler is not None:
                        handler(self, name, op)

    def _method(self, method: MethodAttr) -> None:
        ifn = method.ifn.root_reference.data
        node = Method(method.method_name.data, method.pkg.data, method.type)
        self.edge(node, ifn, None)
        # Method values and reflection reach it as a function too, but through wrappers, which call it directly.

    def edge(self, caller: Node, callee: Node, op: Operation | None, verb: str = "calls") -> None:
        """Records that `caller` suspends if `callee` does."""
        self.callers.setdefault(callee, []).append((caller, op, verb))

    def take_address(self, name: str, type: Attribute) -> None:
        """Calls of function values of `type` may reach function `name`."""
        if name not in self.taken:
            self.taken.add(name)
            function = self.functions.get(name)
            signature = function.function_type if function is not None else self.types.underlying(type)
            self.edge(Signature(signature), name, None)

    def targets(self, function: SSAValue) -> list[Node]:
        """What a call of the function value may reach."""
        owner = function.owner
        if isinstance(owner, go.ClosureOp):
            return [referenced(owner, "callee")]
        if isinstance(owner, go.DeferPopOp):
            found: list[Node] = []
            for use in owner.operands[0].uses:
                if isinstance(use.operation, go.DeferOp):
                    found += self.targets(use.operation.operands[1])
                elif isinstance(use.operation, go.ClosureOp):
                    found.append(Signature(go.NULLARY_FUNC))  # the body of a range loop may defer any function
            return list(dict.fromkeys(found))
        return [Signature(self.types.underlying(function.type))]

    def method_type(self, interface: Attribute, name: str, pkg: str, op: Operation) -> FuncType:
        """The type of a method of an interface type."""
        under = self.types.underlying(interface)
        if isinstance(under, go.InterfaceType):
            for method in under.methods.data:
                if method.method_name.data == name and method.pkg.data == pkg:
                    return method.type
        raise LoweringError(op, f"{interface} has no method {name}")

    def solve(self) -> Colours:
        reasons: dict[Node, Reason] = {}
        work: deque[Node] = deque()
        for name, reason in self.seeds:
            if name not in reasons:
                reasons[name] = reason
                work.append(name)
        while work:
            node = work.popleft()
            for caller, op, verb in self.callers.get(node, ()):
                if caller not in reasons:
                    reasons[caller] = Reason(op, node, verb)
                    work.append(caller)
        return Colours(reasons)


def _waits(verb: str) -> Callable[[_Analysis, str, Operation], None]:
    def handle(self: _Analysis, name: str, op: Operation) -> None:
        self.seeds.append((name, Reason(op, None, verb)))

    return handle


def _park(self: _Analysis, name: str, op: Operation) -> None:
    why = op.attributes.get("why")
    verb = why.data if isinstance(why, StringAttr) else f"waits for {referenced(op, 'hook')}"
    self.seeds.append((name, Reason(op, None, verb)))


def _select(self: _Analysis, name: str, op: Operation) -> None:
    if "has_default" not in op.properties:
        self.seeds.append((name, Reason(op, None, "selects")))


def _call(self: _Analysis, name: str, op: Operation) -> None:
    self.edge(name, referenced(op, "callee"), op)


def _call_closure(self: _Analysis, name: str, op: Operation) -> None:
    function = op.operands[0]
    targets = self.targets(function)
    if self.library and isinstance(targets[0] if targets else None, Signature):
        self.seeds.append((name, Reason(op, None, "calls a function value")))
        op.attributes[SUSPENDS] = UNIT
        return
    verb = "defers" if isinstance(function.owner, go.DeferPopOp) else "calls"
    for target in targets:
        self.edge(name, target, op, verb)
    self.dynamic.append((op, targets))


def _call_interface(self: _Analysis, name: str, op: Operation) -> None:
    method, pkg = op.properties["method"], op.properties.get("pkg")
    assert isinstance(method, StringAttr)
    package = pkg.data if isinstance(pkg, StringAttr) else ""
    if self.library:
        self.seeds.append((name, Reason(op, None, f"calls method {method.data} of an interface")))
        op.attributes[SUSPENDS] = UNIT
        return
    target = Method(method.data, package, self.method_type(op.operands[0].type, method.data, package, op))
    self.edge(name, target, op)
    self.dynamic.append((op, [target]))


def _closure(self: _Analysis, name: str, op: Operation) -> None:
    for use in op.results[0].uses:
        user = use.operation
        if isinstance(user, go.GoOp | go.PanicCallOp):
            continue
        if isinstance(user, go.DeferOp) and isinstance(user.defers.owner, go.DefersOp):
            continue
        if isinstance(user, go.CallClosureOp) and use.index == 0:
            continue
        self.take_address(referenced(op, "callee"), op.results[0].type)
        return


_HANDLERS: Final[dict[type[Operation], Callable[[_Analysis, str, Operation], None]]] = {
    go.ParkOp: _park,
    go.RecvOp: _waits("receives"),
    go.SendOp: _waits("sends"),
    go.YieldOp: _waits("yields"),
    go.SelectOp: _select,
    go.CallOp: _call,
    go.CallClosureOp: _call_closure,
    go.CallInterfaceOp: _call_interface,
    go.ClosureOp: _closure,
}
_PARKING: Final[dict[type[Operation], Callable[[_Analysis, str, Operation], None]]] = {go.ClosureOp: _closure}
"""In functions that park: what they call does not colour them, but what they pass on may be called elsewhere."""


@dataclass(frozen=True)
class MaySuspendPass(ModulePass):
    """Marks functions and dynamic calls that may suspend; `reasons` prints why, as comments."""

    name: ClassVar[str] = "may-suspend"

    reasons: bool = False

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        colours = may_suspend(op)
        if self.reasons:
            for function in colours.functions():
                print(f"// {colours.explain(function)}")
