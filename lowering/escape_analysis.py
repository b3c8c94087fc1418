"""Decides where variables live: every `go.alloc auto` becomes `stack` or `heap`.

A variable may live in the frame if its address is not found anywhere when the function returns, and, if it is made
in a loop, not used after the next round has made it anew. The address is followed through the ops that derive
pointers from it, through block arguments, into variables that stay in the frame, into closures, and into functions
of the module (summaries per parameter, solved over the whole module at once). Whatever is not known to be harmless
lets it escape. Variables above 64 KiB go to the heap.

A value that is followed has a depth. At DIRECT the address is among its words. At INSIDE it can be reached by loading, once
or more often, from what the value points to: that is what becomes of a variable in which the address is stored.

Closures with captures, small maps, copies of values in interfaces, and strings, bytes and runes made by conversions and
concatenations that do not outlive the frame get the attribute `storage = "stack"`: their memory is there too (if they turn
out to be short).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from typing import ClassVar, Final, TypeAlias

from xdsl.context import Context
from xdsl.dialects import cf
from xdsl.dialects.builtin import DenseArrayBase, ModuleOp, StringAttr, UnitAttr, i64
from xdsl.ir import Attribute, Block, BlockArgument, Operation, Region, SSAValue, Use
from xdsl.passes import ModulePass

from goir.dialects import go
from goir.lowering.cfg import Graph
from goir.lowering.ir import HOLDS_TYPES, referenced, symbol_name
from goir.lowering.layout import Layouts
from goir.lowering.map_tables import is_small

MAX_STACK_VARIABLE: Final = 64 << 10
STORAGE: Final = "storage"
"""Attribute of what makes a value, other than a `go.alloc`, whose memory is in the frame."""
NOESCAPE: Final = "noescape"
"""Property of a `go.func`: it keeps nothing that it is passed, whatever its body looks like. As a list: of which parameters
that is so, at which depths, as twice the index and the depth; of other modules' functions it is what their analysis found."""
RETURNED: Final = "returned"
"""Property of a `go.func`: the parameters that come back in results and go nowhere else, as pairs of twice the index of a
parameter and the depth, twice the index of a result and the depth there."""
DIRECT: Final = 0
INSIDE: Final = 1

_AUTO, _STACK, _HEAP = StringAttr("auto"), StringAttr("stack"), StringAttr("heap")

Node: TypeAlias = "tuple[str, int, int] | Operation"
"""A parameter (or captured value) of a function by index with a depth, or an op that makes something."""


def escape_analysis(module: ModuleOp) -> None:
    """Decides every `go.alloc auto` of the module."""
    analysis = EscapeAnalysis(module)
    made: list[Operation] = []
    for function in module.body.block.ops:
        if function.regions and function.regions[0].blocks.first is not None:
            made += analysis.function(function)
    escaping = analysis.solve()
    for op in made:
        stays = op not in escaping and not analysis.results[op]
        if isinstance(op, go.AllocOp):
            op.properties["storage"] = _STACK if stays else _HEAP
        elif stays:
            op.attributes[STORAGE] = _STACK
    if HOLDS_TYPES not in module.attributes:  # the runtime keeps addresses as numbers
        for name, function in analysis.functions.items():
            if "sym_visibility" not in function.properties:
                harmless, returned = analysis.summary(name, function)
                if harmless:
                    function.properties[NOESCAPE] = DenseArrayBase.from_list(i64, harmless)
                if returned:
                    function.properties[RETURNED] = DenseArrayBase.from_list(i64, returned)


class EscapeAnalysis:
    """Where addresses go in a module. Of each node that was looked at, `results` holds the results that it is returned in,
    with their depths, unless it escapes."""

    def __init__(self, module: ModuleOp) -> None:
        types = go.TypeTable(module)
        self.layouts = Layouts(types)
        self.escaping: set[Node] = set()
        """What escapes in other ways than by being returned."""
        self.depends: dict[Node, list[Node]] = {}
        """node → what escapes if it does"""
        self.functions: dict[str, Operation] = {}
        self.results: dict[Node, Set[tuple[int, int]]] = {}
        self._loops: dict[Region, set[Block]] = {}
        self._graphs: dict[Region, Graph] = {}
        self._passes: dict[tuple[Block, Block | None], bool] = {}
        self._pending: list[Operation] = []
        for op in module.body.block.ops:
            if isinstance(op, go.FuncOp):
                self.functions[symbol_name(op)] = op

    def solve(self) -> set[Node]:
        """What escapes of all that was looked at."""
        while self._pending:
            self.look_at(self._pending.pop())
        work = list(self.escaping)
        while work:
            for node in self.depends.get(work.pop(), ()):
                if node not in self.escaping:
                    self.escaping.add(node)
                    work.append(node)
        return self.escaping

    def function(self, function: Operation) -> list[Operation]:
        """Looks at one function; answers the ops whose storage is to be decided."""
        made = [op for block in function.regions[0].blocks for op in block.ops if self.is_undecided(op)]
        if isinstance(function, go.FuncOp):
            self.parameters(function)
        for op in made:
            self.look_at(op)
        return made

    def is_undecided(self, op: Operation) -> bool:
        """Whether an op makes something that may be in the frame or on the heap."""
        cls = op.__class__
        if cls is go.AllocOp:
            return op.properties["storage"] == _AUTO
        if STORAGE in op.attributes:
            return False
        if cls is go.ClosureOp:
            return bool(op.operands)
        return (
            cls is go.ConcatOp
            or (isinstance(op, go.MakeMapOp) and is_small(op))
            or (cls is go.MakeInterfaceOp and self.copies(op.operands[0]))
            or (cls is go.ConvertOp and self.makes_text(op))
        )

    def look_at(self, op: Operation) -> None:
        """Follows what an undecided op makes."""
        if op not in self.results:
            if self.size(op) > MAX_STACK_VARIABLE:
                self.results[op] = frozenset()
                self.escaping.add(op)
            else:
                self.follow(op, [(op.results[0], DIRECT)])

    def wanted(self, op: Operation) -> None:
        """Something depends on an undecided op."""
        if op not in self.results:
            self._pending.append(op)

    def follow(self, op: Operation, starts: Iterable[tuple[SSAValue, int]]) -> None:
        """Follows values that have an address which `op` made, at their depths."""
        escape = _Escape(self, op, op.parent if op.parent in self._blocks_in_loops(op) else None)
        for value, depth in starts:
            escape.follow(value, depth)
        self.results[op] = escape.results

    def _blocks_in_loops(self, op: Operation) -> set[Block]:
        region = op.parent_region()
        assert region is not None
        looping = self._loops.get(region)
        if looping is None:
            looping = self._loops[region] = blocks_in_loops(region.blocks)
        return looping

    def dominates(self, above: Block, below: Block) -> bool:
        """Whether every path to `below` leads through `above`."""
        region = below.parent
        assert region is not None
        graph = self._graphs.get(region)
        if graph is None:
            graph = self._graphs[region] = Graph(region)
        return graph.dominates(above, below)

    def passes(self, home: Block, through: Block | None) -> bool:
        """Whether every path from `home` back to it leads through another block."""
        if home is through:
            return True
        key = home, through
        found = self._passes.get(key)
        if found is None:
            assert home.parent is not None
            seen = {through}
            work: list[Block | None] = [home]
            while work and home not in seen:
                block = work.pop()
                last = block.last_op if block is not None else None
                for successor in last.successors if last is not None else ():
                    if successor not in seen and successor in self._loops[home.parent]:
                        seen.add(successor)
                        work.append(successor)
            found = self._passes[key] = home not in seen
        return found

    def summary(self, name: str, function: Operation) -> tuple[list[int], list[int]]:
        """What other modules may know of the parameters that a function does not keep: NOESCAPE and RETURNED."""
        harmless: list[int] = []
        returned: list[int] = []
        entry = function.regions[0].blocks.first
        for index, arg in enumerate(entry.args if entry is not None else ()):
            for depth in (DIRECT, INSIDE):
                if self.may_point(arg) and (name, index, depth) not in self.escaping:
                    results = sorted(self.results[name, index, depth])
                    if not results:
                        harmless.append(2 * index + depth)
                    for result, at in results:
                        returned += (2 * index + depth, 2 * result + at)
        return harmless, returned

    def size(self, op: Operation) -> int:
        """The size of what an op makes, if it may be big."""
        if isinstance(op, go.MakeInterfaceOp):
            return self.layouts.of(op.operands[0].type).size
        pointer = op.results[0].type
        return self.layouts.of(pointer.elem).size if isinstance(pointer, go.PtrType) else 0

    def copies(self, value: SSAValue) -> bool:
        """Whether an interface holds a value by a pointer to a copy."""
        layout = self.layouts.of(value.type)
        return not layout.pointer_shaped and layout.size > 0

    def makes_text(self, op: Operation) -> bool:
        """Whether a conversion makes a string, or a string's bytes or runes."""
        kinds = self.layouts.of(op.operands[0].type).kind, self.layouts.of(op.results[0].type).kind
        return "string" in kinds and kinds[0] != kinds[1]

    def parameters(self, function: go.FuncOp) -> None:
        """Finds out where the parameters of a function go."""
        name = symbol_name(function)
        entry = function.body.blocks.first
        assert entry is not None
        for index, arg in enumerate(entry.args):
            if self.may_point(arg):
                for depth in (DIRECT, INSIDE):
                    self.returned((name, index, depth))

    def returned(self, parameter: tuple[str, int, int]) -> Set[tuple[int, int]]:
        """The results that a parameter of a function with a body comes back in, with their depths."""
        found = self.results.get(parameter)
        if found is None:
            name, index, depth = parameter
            function = self.functions[name]
            entry = function.regions[0].blocks.first
            assert entry is not None and isinstance(function, go.FuncOp)
            # Should the function call itself: all results that can be.
            types = enumerate(function.signature.results.data)
            self.results[parameter] = {(i, d) for i, t in types if self.holds_pointers(t) for d in (DIRECT, INSIDE)}
            escape = _Escape(self, parameter, None)
            escape.follow(entry.args[index], depth)
            found = self.results[parameter] = escape.results
        return found

    def may_point(self, value: SSAValue) -> bool:
        """Whether values of this type hold pointers at all."""
        return self.holds_pointers(value.type)

    def holds_pointers(self, type: Attribute) -> bool:
        """Whether values of a type hold pointers at all."""
        return not isinstance(type, go.OpaqueType) and self.layouts.of(type).has_pointers


class _Escape:
    """Where one address goes: what the handlers of `_USES` tell. `home` is the block that it is made in, if that is in a
    loop; `depth` is that of the value whose uses are looked at; `results` collects where a parameter is returned."""

    __slots__ = ("analysis", "depth", "done", "home", "node", "results", "seen", "work")

    def __init__(self, analysis: EscapeAnalysis, node: Node, home: Block | None) -> None:
        self.analysis = analysis
        self.node = node
        self.home = home
        self.depth = DIRECT
        self.seen: set[tuple[SSAValue, int]] = set()
        self.work: list[tuple[SSAValue, int]] = []
        self.results: set[tuple[int, int]] = set()
        self.done = False

    def follow(self, value: SSAValue, depth: int) -> None:
        """Follows all uses of `value`, which has the address."""
        self.seen.add((value, depth))
        self.work.append((value, depth))
        while self.work and not self.done:
            current, self.depth = self.work.pop()
            number = current.type == go.UINTPTR
            for use in current.uses:
                handler = _USES.get(use.operation.__class__)
                if number:
                    _number(self, use)
                elif handler is None:
                    self.now()
                else:
                    handler(self, use)
                if self.done:
                    break

    def now(self) -> None:
        """The address escapes."""
        self.analysis.escaping.add(self.node)
        self.done = True

    def to(self, value: SSAValue, depth: int | None = None) -> None:
        """`value` has the address too (if it can): as deep as the value at hand, if nothing else is said."""
        entry = (value, self.depth if depth is None else depth)
        if entry not in self.seen and (value.type == go.UINTPTR or self.analysis.may_point(value)):
            self.seen.add(entry)
            self.work.append(entry)

    def loaded(self, value: SSAValue) -> None:
        """`value` is what was found where the value at hand points to."""
        if self.depth == INSIDE:
            self.to(value, DIRECT)
            self.to(value, INSIDE)

    def with_(self, other: Node) -> None:
        """The address escapes if `other` does."""
        if other in self.analysis.escaping:
            self.now()
        else:
            self.analysis.depends.setdefault(other, []).append(self.node)
            if isinstance(other, Operation) and self.analysis.is_undecided(other):
                self.analysis.wanted(other)


_Handler = Callable[[_Escape, Use], None]


def _harmless(_: _Escape, _use: Use) -> None:
    pass


def _derives(escape: _Escape, use: Use) -> None:
    escape.to(use.operation.results[0])


def _derives_from_first(escape: _Escape, use: Use) -> None:
    if use.index == 0:
        escape.to(use.operation.results[0])
    # Another operand is a number.


def _load(escape: _Escape, use: Use) -> None:
    escape.loaded(use.operation.results[0])


def _root(address: SSAValue) -> SSAValue:
    """The variable an address is in, or the address itself."""
    while isinstance(owner := address.owner, go.FieldAddrOp | go.NilCheckOp):
        address = owner.operands[0]
    if isinstance(owner, go.IndexAddrOp) and isinstance(owner.operands[0].type, go.PtrType):
        return _root(owner.operands[0])
    return address


def _store(escape: _Escape, use: Use) -> None:
    if use.index == 1:
        return
    variable = _root(use.operation.operands[1])
    root = variable.owner
    if (
        isinstance(root, go.AllocOp)
        and root.properties["storage"] != _HEAP
        # A variable outlives a round of the loop that the address was made in, unless it is made anew in each.
        and (escape.home is None or escape.analysis.passes(escape.home, root.parent))
    ):
        escape.with_(root)
        escape.to(variable, INSIDE)
    else:
        escape.now()


def _convert(escape: _Escape, use: Use) -> None:
    result = use.operation.results[0]
    if escape.analysis.makes_text(use.operation):
        return  # copies
    source = escape.analysis.layouts.of(use.operation.operands[0].type)
    target = escape.analysis.layouts.of(result.type)
    if source.kind == "slice" and target.kind == "array":
        escape.loaded(result)
    escape.to(result)


def _number(escape: _Escape, use: Use) -> None:
    """Uses of an address as a number: it is followed through the arithmetic that unsafe code does on addresses, back
    to a pointer. Not through xor: that is how Go's own library hides addresses that it knows to stay where they
    are."""
    match use.operation:
        case go.AddOp() | go.SubOp() | go.AndOp() | go.AndNotOp() | go.OrOp():
            escape.to(use.operation.results[0])
        case go.ConvertOp():
            if escape.analysis.layouts.of(use.operation.results[0].type).pointer_shaped:
                escape.to(use.operation.results[0])
        case cf.BranchOp():
            _branch(escape, use)
        case cf.ConditionalBranchOp():
            _cond_branch(escape, use)
        case _:
            pass


def _branch(escape: _Escape, use: Use) -> None:
    target = use.operation.successors[0]
    _go_on(escape, target, target.args[use.index])


def _cond_branch(escape: _Escape, use: Use) -> None:
    op = use.operation
    assert isinstance(op, cf.ConditionalBranchOp)
    index = use.index - 1
    count = len(op.then_arguments)
    target = op.successors[0] if index < count else op.successors[1]
    _go_on(escape, target, target.args[index if index < count else index - count])


def _go_on(escape: _Escape, target: Block, arg: BlockArgument) -> None:
    """The address goes on as a block's argument. If each way to where it is made anew leads through that block, the next
    round sees the old one under this name. If one does not, none leads from there to uses of the argument, or that way
    would lead to them without its block."""
    if escape.home is not None and escape.analysis.dominates(target, escape.home):
        escape.now()
    else:
        escape.to(arg)


def _call(escape: _Escape, use: Use) -> None:
    _pass(escape, use.operation, escape.analysis.functions.get(referenced(use.operation, "callee")), use.index)


def _pass(escape: _Escape, call: Operation, callee: Operation | None, index: int) -> None:
    """The value is passed to a function as an argument."""
    if callee is None:
        escape.now()
    elif isinstance(callee.properties.get(NOESCAPE), UnitAttr):
        pass
    elif callee.regions[0].blocks.first is not None:
        parameter = (symbol_name(callee), index, escape.depth)
        escape.with_(parameter)
        for result, depth in escape.analysis.returned(parameter):
            escape.to(call.results[result], depth)
    elif "extern" not in callee.properties:
        # C functions do not keep the pointers they get; of others we know what their declarations say.
        _pass_out(escape, call, callee, 2 * index + escape.depth)


def _pass_out(escape: _Escape, call: Operation, callee: Operation, parameter: int) -> None:
    """The value is passed to a function of another module, as a parameter of NOESCAPE's numbers."""
    harmless = callee.properties.get(NOESCAPE)
    if isinstance(harmless, DenseArrayBase) and parameter in harmless.get_values():
        return
    returned = callee.properties.get(RETURNED)
    pairs = returned.get_values() if isinstance(returned, DenseArrayBase) else ()
    results = [int(to) for of, to in zip(pairs[::2], pairs[1::2], strict=True) if of == parameter]
    for result in results:
        escape.to(call.results[result >> 1], result & 1)
    if not results:
        escape.now()


def _return(escape: _Escape, use: Use) -> None:
    escape.results.add((use.index, escape.depth))


def _capture(escape: _Escape, use: Use) -> None:
    op = use.operation
    callee = escape.analysis.functions.get(referenced(op, "callee"))
    if callee is None or callee.regions[0].blocks.first is None or not isinstance(callee, go.FuncOp):
        escape.now()
        return
    parameter = (symbol_name(callee), len(callee.signature.params.data) + use.index, escape.depth)
    escape.with_(op)
    escape.to(op.results[0], INSIDE)
    escape.with_(parameter)
    if escape.analysis.returned(parameter):
        escape.now()  # who calls the closure is not known here


def _make_interface(escape: _Escape, use: Use) -> None:
    copied = escape.analysis.copies(use.operation.operands[0])
    escape.to(use.operation.results[0], INSIDE if copied else None)


def _type_assert(escape: _Escape, use: Use) -> None:
    result = use.operation.results[0]
    layout = escape.analysis.layouts.of(result.type)
    if layout.pointer_shaped or layout.kind == "interface":
        escape.to(result)
    else:
        escape.loaded(result)  # it is copied


def _call_closure(escape: _Escape, use: Use) -> None:
    # Calling a function value does not keep it: what its body does with captured values is in `_capture`.
    if use.index:
        closure = use.operation.operands[0].owner
        known = isinstance(closure, go.ClosureOp)
        callee = escape.analysis.functions.get(referenced(closure, "callee")) if known else None
        _pass(escape, use.operation, callee, use.index - 1)


def _defer(escape: _Escape, use: Use) -> None:
    # The list is run before the frame ends, and nothing else sees what is in it.
    op = use.operation
    if escape.home is not None or "once" not in op.properties or not isinstance(op.operands[1].owner, go.ClosureOp):
        escape.now()


def _append(escape: _Escape, use: Use) -> None:
    # The result may be the same array. Of another slice only the elements are taken.
    if use.index == 0:
        escape.to(use.operation.results[0])
    elif isinstance(use.operation, go.AppendElemsOp) or escape.depth == INSIDE:
        escape.now()


def _park(escape: _Escape, use: Use) -> None:
    if escape.depth == INSIDE:
        escape.now()


def _copy(escape: _Escape, use: Use) -> None:
    if use.index == 1 and escape.depth == INSIDE:
        escape.now()


def _map_get(escape: _Escape, use: Use) -> None:
    if use.index == 0:
        escape.loaded(use.operation.results[0])


def _map_set(escape: _Escape, use: Use) -> None:
    if use.index:
        escape.now()  # the map keeps its keys and elements


def _map_iter(escape: _Escape, use: Use) -> None:
    if escape.depth == INSIDE:
        escape.now()  # iterators are not followed: what is in the map can come out of them


_PURE_INTRINSICS: Final = frozenset({
    "atomicload8", "atomicload32", "atomicload64", "atomicloadptr", "foldproducts", "memmove", "memclr", "memequal",
    "typeof", "trap",
})  # fmt: skip
_LOOK_AT_NOTHING: Final = frozenset({"memclr", "memequal", "trap"})
_FIRST_IS_ADDRESS: Final = frozenset(
    f"{what}{width}"
    for what in ("atomicstore", "atomicstorerel", "xchg", "cas", "xadd", "and", "or")
    for width in ("8", "32", "64", "ptr")
)


def _intrinsic(escape: _Escape, use: Use) -> None:
    name = use.operation.properties["intrinsic"]
    assert isinstance(name, StringAttr)
    if escape.depth == INSIDE and name.data not in _LOOK_AT_NOTHING:
        escape.now()
    elif name.data in _PURE_INTRINSICS or (name.data in _FIRST_IS_ADDRESS and use.index == 0):
        pass
    else:
        escape.now()


_USES: Final[dict[type[Operation], _Handler]] = {
    go.LoadOp: _load,
    go.StoreOp: _store,
    go.FieldAddrOp: _derives,
    go.NilCheckOp: _derives,
    go.IndexAddrOp: _derives_from_first,
    go.SliceOp: _derives_from_first,
    go.ConvertOp: _convert,
    go.StructOp: _derives,
    go.InsertOp: _derives,
    go.ExtractOp: _derives,
    go.CmpOp: _harmless,
    go.LenOp: _harmless,
    go.CapOp: _harmless,
    go.IndexOp: _harmless,
    go.StringNextOp: _harmless,
    go.ClearOp: _harmless,
    go.PrintOp: _harmless,
    go.ConcatOp: _derives,
    go.CopyOp: _copy,
    go.AppendOp: _append,
    go.AppendElemsOp: _append,
    go.MapGetOp: _map_get,
    go.MapSetOp: _map_set,
    go.MapIterOp: _map_iter,
    go.MapDeleteOp: _harmless,
    go.ParkOp: _park,
    go.CallOp: _call,
    go.CallClosureOp: _call_closure,
    go.ClosureOp: _capture,
    go.DeferOp: _defer,
    go.IntrinsicOp: _intrinsic,
    go.ReturnOp: _return,
    go.RecoverForwardOp: _harmless,
    go.MakeInterfaceOp: _make_interface,
    go.ConvertInterfaceOp: _derives,
    go.TypeAssertOp: _type_assert,
    cf.BranchOp: _branch,
    cf.ConditionalBranchOp: _cond_branch,
}


def blocks_in_loops(blocks: Iterable[Block]) -> set[Block]:
    """The blocks that can be reached from themselves (Tarjan's strongly connected components, without recursion)."""
    index: dict[Block, int] = {}
    low: dict[Block, int] = {}
    on_stack: set[Block] = set()
    stack: list[Block] = []
    result: set[Block] = set()

    def successors(block: Block) -> list[Block]:
        last = block.last_op
        return list(last.successors) if last is not None else []

    for start in blocks:
        if start in index:
            continue
        index[start] = low[start] = len(index)
        stack.append(start)
        on_stack.add(start)
        path: list[tuple[Block, list[Block]]] = [(start, successors(start))]
        while path:
            block, pending = path[-1]
            if pending:
                following = pending.pop()
                if following not in index:
                    index[following] = low[following] = len(index)
                    stack.append(following)
                    on_stack.add(following)
                    path.append((following, successors(following)))
                elif following in on_stack:
                    low[block] = min(low[block], index[following])
                    if following is block:
                        result.add(block)
                continue
            path.pop()
            if path:
                parent = path[-1][0]
                low[parent] = min(low[parent], low[block])
            if low[block] == index[block]:
                component: list[Block] = []
                while True:
                    member = stack.pop()
                    on_stack.discard(member)
                    component.append(member)
                    if member is block:
                        break
                if len(component) > 1:
                    result.update(component)
    return result


@dataclass(frozen=True)
class EscapeAnalysisPass(ModulePass):
    """Decides where every `go.alloc auto` lives (see the module)."""

    name: ClassVar[str] = "escape-analysis"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        escape_analysis(op)
