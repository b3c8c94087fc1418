"""Decides where variables live: every `go.alloc auto` becomes `stack` or `heap`.

A variable may live in the frame if its address is not found anywhere when the function returns, and, if it is made
in a loop, not used after the next round has made it anew. The address is followed through the ops that derive
pointers from it, through block arguments, into variables that stay in the frame, into closures, and into functions
of the module (one summary per parameter, solved over the whole module at once). Whatever is not known to be harmless
lets it escape. Variables above 64 KiB go to the heap.

Closures with captures that do not outlive the frame get the attribute `storage = "stack"`: their record lives there
too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, Final, TypeAlias

from xdsl.context import Context
from xdsl.dialects import cf
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.ir import Block, BlockArgument, Operation, SSAValue, Use
from xdsl.passes import ModulePass

from goir.dialects import go
from goir.lowering.ir import referenced, symbol_name
from goir.lowering.layout import Layouts

MAX_STACK_VARIABLE: Final = 64 << 10
STORAGE: Final = "storage"
"""Attribute of a `go.closure` whose record lives in the frame."""

_AUTO, _STACK, _HEAP = StringAttr("auto"), StringAttr("stack"), StringAttr("heap")

Node: TypeAlias = "tuple[str, int] | Operation"
"""A parameter (or captured value) of a function by index, or an op that makes something."""


def escape_analysis(module: ModuleOp) -> None:
    """Decides every `go.alloc auto` of the module."""
    analysis = _Analysis(module)
    made: list[Operation] = []
    for function in module.body.block.ops:
        if function.regions and function.regions[0].blocks.first is not None:
            made += analysis.function(function)
    escaping = analysis.solve()
    for op in made:
        if isinstance(op, go.AllocOp):
            op.properties["storage"] = _HEAP if op in escaping else _STACK
        elif op not in escaping:
            op.attributes[STORAGE] = _STACK


class _Analysis:
    def __init__(self, module: ModuleOp) -> None:
        types = go.TypeTable(module)
        self.layouts = Layouts(types)
        self.escaping: set[Node] = set()
        self.depends: dict[Node, list[Node]] = {}
        """node → what escapes if it does"""
        self.functions: dict[str, Operation] = {}
        self.looping: set[Block] = set()
        for op in module.body.block.ops:
            if isinstance(op, go.FuncOp):
                self.functions[symbol_name(op)] = op

    def solve(self) -> set[Node]:
        """What escapes, once all functions have been looked at."""
        work = list(self.escaping)
        while work:
            for node in self.depends.get(work.pop(), ()):
                if node not in self.escaping:
                    self.escaping.add(node)
                    work.append(node)
        return self.escaping

    def function(self, function: Operation) -> list[Operation]:
        """Looks at one function; answers the ops whose storage is to be decided."""
        made: list[Operation] = []
        for block in function.regions[0].blocks:
            for op in block.ops:
                cls = op.__class__
                if cls is go.AllocOp:
                    if op.properties["storage"] == _AUTO:
                        made.append(op)
                elif cls is go.ClosureOp and op.operands and STORAGE not in op.attributes:
                    made.append(op)
        entry = function.regions[0].blocks.first
        assert entry is not None
        if made:
            self.looping = blocks_in_loops(function.regions[0].blocks)
        if isinstance(function, go.FuncOp):
            name = symbol_name(function)
            for index, arg in enumerate(entry.args):
                if self.may_point(arg):
                    self.flow((name, index), arg, in_loop=False)
        for op in made:
            if isinstance(op, go.AllocOp):
                pointer = op.results[0].type
                assert isinstance(pointer, go.PtrType)
                if self.layouts.of(pointer.elem).size > MAX_STACK_VARIABLE:
                    self.escaping.add(op)
                    continue
            block = op.parent
            self.flow(op, op.results[0], in_loop=block in self.looping)
        return made

    def may_point(self, value: SSAValue) -> bool:
        """Whether values of this type hold pointers at all."""
        return not isinstance(value.type, go.OpaqueType) and self.layouts.of(value.type).has_pointers

    def flow(self, node: Node, value: SSAValue, *, in_loop: bool) -> None:
        """Follows all uses of `value`, which holds the address `node` stands for."""
        seen: set[SSAValue] = {value}
        work: list[SSAValue] = [value]
        escape = _Escape(self, node, in_loop, seen, work)
        while work and not escape.done:
            current = work.pop()
            number = current.type == go.UINTPTR
            for use in current.uses:
                handler = _USES.get(use.operation.__class__)
                if number:
                    _number(escape, use)
                elif handler is None:
                    escape.now()
                else:
                    handler(escape, use)
                if escape.done:
                    break


class _Escape:
    """Where one address goes: what the handlers of `_USES` tell."""

    __slots__ = ("analysis", "done", "in_loop", "node", "seen", "work")

    def __init__(
        self, analysis: _Analysis, node: Node, in_loop: bool, seen: set[SSAValue], work: list[SSAValue]
    ) -> None:
        self.analysis = analysis
        self.node = node
        self.in_loop = in_loop
        self.seen = seen
        self.work = work
        self.done = False

    def now(self) -> None:
        """The address escapes."""
        self.analysis.escaping.add(self.node)
        self.done = True

    def to(self, value: SSAValue) -> None:
        """`value` holds the address too (if it can)."""
        if value not in self.seen and (value.type == go.UINTPTR or self.analysis.may_point(value)):
            self.seen.add(value)
            self.work.append(value)

    def with_(self, other: Node) -> None:
        """The address escapes if `other` does."""
        if other in self.analysis.escaping:
            self.now()
        else:
            self.analysis.depends.setdefault(other, []).append(self.node)


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
    # What is loaded is another value, except from a variable that holds the address (see `_store`).
    pass


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
    root = _root(use.operation.operands[1])
    # A variable outlives a round of the loop that the address was made in.
    if isinstance(root.owner, go.AllocOp) and not escape.in_loop:
        if not _loads(escape, root) or root.owner.properties["storage"] == _HEAP:
            escape.now()
        else:
            escape.with_(root.owner)
    else:
        escape.now()


def _loads(escape: _Escape, variable: SSAValue) -> bool:
    """All that is loaded from `variable` may be the address. False if that cannot be followed."""
    work = [variable]
    seen = {variable}
    while work:
        for use in work.pop().uses:
            match use.operation:
                case go.LoadOp():
                    escape.to(use.operation.results[0])
                case go.FieldAddrOp() | go.NilCheckOp() | go.IndexAddrOp():
                    result = use.operation.results[0]
                    if result not in seen:
                        seen.add(result)
                        work.append(result)
                case go.StoreOp() if use.index == 1:
                    pass
                case go.CmpOp():
                    pass
                case _:
                    # Passed on: whoever gets the variable's address can read the address in it.
                    return False
    return True


def _convert(escape: _Escape, use: Use) -> None:
    result = use.operation.results[0]
    source = escape.analysis.layouts.of(use.operation.operands[0].type)
    target = escape.analysis.layouts.of(result.type)
    if source.kind != target.kind and "string" in (source.kind, target.kind):
        return  # copies
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
    op = use.operation
    if escape.in_loop:
        # The next round may see the address under another name.
        escape.now()
        return
    assert isinstance(op, cf.BranchOp)
    escape.to(op.successors[0].args[use.index])


def _cond_branch(escape: _Escape, use: Use) -> None:
    op = use.operation
    if escape.in_loop:
        escape.now()
        return
    assert isinstance(op, cf.ConditionalBranchOp)
    index = use.index - 1
    count = len(op.then_arguments)
    target: BlockArgument = op.successors[0].args[index] if index < count else op.successors[1].args[index - count]
    escape.to(target)


def _call(escape: _Escape, use: Use) -> None:
    op = use.operation
    callee = escape.analysis.functions.get(referenced(op, "callee"))
    if callee is None:
        escape.now()
    elif callee.regions[0].blocks.first is not None:
        escape.with_((symbol_name(callee), use.index))
    elif "extern" not in callee.properties and "noescape" not in callee.properties:
        # C functions do not keep the pointers they get; of others we know nothing, unless their declarations say so.
        escape.now()


def _capture(escape: _Escape, use: Use) -> None:
    op = use.operation
    callee = escape.analysis.functions.get(referenced(op, "callee"))
    if callee is None or callee.regions[0].blocks.first is None or not isinstance(callee, go.FuncOp):
        escape.now()
        return
    escape.with_(op)
    escape.with_((symbol_name(callee), len(callee.signature.params.data) + use.index))


def _call_closure(escape: _Escape, use: Use) -> None:
    if use.index:
        escape.now()
    # Calling a function value does not keep it: what its body does with captured values is in `_capture`.


def _defer(escape: _Escape, use: Use) -> None:
    # The list is run before the frame ends, and nothing else sees what is in it.
    op = use.operation
    if escape.in_loop or "once" not in op.properties or not isinstance(op.operands[1].owner, go.ClosureOp):
        escape.now()


def _value_operand(harmless_indices: Iterable[int]) -> _Handler:
    harmless = frozenset(harmless_indices)

    def handle(escape: _Escape, use: Use) -> None:
        if use.index not in harmless:
            escape.now()

    return handle


def _append(escape: _Escape, use: Use) -> None:
    # The result may be the same array. (What the elements hold is no concern here: see `_store`, whose variables are
    # not sliced.)
    if use.index == 0:
        escape.to(use.operation.results[0])
    elif isinstance(use.operation, go.AppendElemsOp):
        escape.now()


_PURE_INTRINSICS: Final = frozenset({
    "atomicload8", "atomicload32", "atomicload64", "atomicloadptr", "memmove", "memclr", "memequal", "typeof", "trap",
})  # fmt: skip
_FIRST_IS_ADDRESS: Final = frozenset(
    f"{what}{width}"
    for what in ("atomicstore", "atomicstorerel", "xchg", "cas", "xadd", "and", "or")
    for width in ("8", "32", "64", "ptr")
)


def _intrinsic(escape: _Escape, use: Use) -> None:
    name = use.operation.properties["intrinsic"]
    assert isinstance(name, StringAttr)
    if name.data in _PURE_INTRINSICS or (name.data in _FIRST_IS_ADDRESS and use.index == 0):
        return
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
    go.CopyOp: _harmless,
    go.AppendOp: _append,
    go.AppendElemsOp: _append,
    go.MapGetOp: _value_operand([0, 1]),
    go.MapDeleteOp: _harmless,
    go.ParkOp: _harmless,
    go.CallOp: _call,
    go.CallClosureOp: _call_closure,
    go.ClosureOp: _capture,
    go.DeferOp: _defer,
    go.IntrinsicOp: _intrinsic,
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
