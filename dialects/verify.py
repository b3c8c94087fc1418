"""The module verifier: what one op's verifier cannot see.

Besides every op's own rules, with named types resolved: definitions dominate uses, branches pass what blocks take,
symbols exist and fit, control structure (`go.protect`, coroutines, terminators) is as docs/dialect-go.md and docs/coro.md
say. It is one walk over each function, with the module's symbols in tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from xdsl.context import Context
from xdsl.dialects import cf
from xdsl.dialects.builtin import DenseArrayBase, LocationAttr, ModuleOp, StringAttr, SymbolRefAttr
from xdsl.ir import Attribute, Block, BlockArgument, Operation, OpResult, ParametrizedAttribute, Region, SSAValue
from xdsl.irdl import OpDef, traits_def
from xdsl.passes import ModulePass
from xdsl.traits import IsTerminator, NoTerminator
from xdsl.utils.exceptions import VerifyException

from goir.dialects import coro, go, go_rules, go_static, go_types
from goir.dialects.dominance import dominators
from goir.dialects.go_base import FileLineColumn, GoDialectOp, location_of, place_of
from goir.dialects.verify_coro import check_coroutine, check_handles

MAX_ERRORS = 20
MAX_WORDS = 4
"""Structs of more words than this never are block arguments."""


@dataclass(frozen=True)
class Diagnostic:
    """An error and its place; line 0: the place is not known."""

    filename: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        if not self.line:
            return f"{self.filename or 'module'}: error: {self.message}"
        return f"{self.filename}:{self.line}:{self.column}: error: {self.message}"


class ModuleError(VerifyException):
    """Why a module does not verify; the text is a located diagnostic."""

    def __init__(self, location: LocationAttr | None, message: str) -> None:
        self.location = location
        self.message = message
        super().__init__(str(_diagnostic(place_of(location), message)))


def _diagnostic(place: FileLineColumn | None, message: str) -> Diagnostic:
    return Diagnostic(*(place or ("", 0, 0)), message)


def verify_module(module: ModuleOp, max_errors: int = MAX_ERRORS) -> list[Diagnostic]:
    """What is wrong with a module, in order of the text; empty if nothing is."""
    verifier = _Verifier(module, max_errors)
    verifier.run()
    return [_diagnostic(_where(op), message) for op, message in verifier.errors]


def check_module(module: ModuleOp) -> None:
    """Raises the first error of a module."""
    verifier = _Verifier(module, 1)
    verifier.run()
    for op, message in verifier.errors:
        raise ModuleError(op.location, message)


@dataclass(frozen=True)
class VerifyModulePass(ModulePass):
    """Checks the module and changes nothing."""

    name: ClassVar[str] = "verify-module"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        check_module(op)


class _TooMany(Exception):
    """Enough errors have been found."""


def _where(op: Operation) -> FileLineColumn | None:
    """The place of an op, or of the nearest op around it that has one."""
    at: Operation | None = op
    while at is not None:
        place = location_of(at)
        if place is not None:
            return place
        at = at.parent_op()
    return None


_Rule: TypeAlias = "Callable[[_Verifier, Operation], None]"


@dataclass(slots=True)
class _Class:
    """What the verifier needs to know of a class of ops."""

    is_terminator: bool
    irdl: OpDef | None
    """Definition of a class with `check`, without its traits: what they would verify, the walk sees anyway."""
    remembers: bool
    """Whether `irdl` depends only on types and kinds of properties, so that one op speaks for all that look alike."""
    types_only: bool
    """Whether that is true of `check` too."""
    quick: Callable[[Operation], bool] | None
    """For other classes: whether an op is certainly well formed."""
    rule: _Rule | None


class _Verifier:
    def __init__(self, module: ModuleOp, max_errors: int) -> None:
        self.module = module
        self.max_errors = max_errors
        self.errors: list[tuple[Operation, str]] = []
        self.table = go.TypeTable(module)
        self.under = self.table.underlying
        self.symbols: dict[str, Operation] = {}
        self.known_types: set[Attribute] = set()
        self.verified: set[tuple[object, ...]] = set()
        self.bad_names: set[str] = set()
        self.classes: dict[type[Operation], _Class] = {}
        self.large: dict[Attribute, bool] = {}
        self.function: Operation = module
        self.entry: Block | None = None

    def run(self) -> None:
        try:
            if len(self.module.regions) != 1 or len(self.module.body.blocks) != 1:
                self.report(self.module, "a module has one region of one block")
                return
            self._collect()
            for op in self.module.body.block.ops:
                self.function = op
                self._op(op)
                errors = len(self.errors)
                for region in op.regions:
                    self._region(op, region)
                if len(self.errors) > errors:
                    continue
                if isinstance(op, coro.FuncOp):
                    check_coroutine(op, self.report)
                if isinstance(op, coro.FuncOp | go.FuncOp):
                    check_handles(op, self.report)
        except _TooMany:
            pass

    def report(self, op: Operation, message: str) -> None:
        self.errors.append((op, message))
        if len(self.errors) >= self.max_errors:
            raise _TooMany

    # Symbols and types -----------------------------------------------------------------------------------------------

    def _collect(self) -> None:
        types: dict[str, None] = {}
        for op in self.module.body.block.ops:
            name = op.properties.get("sym_name")
            if not isinstance(name, StringAttr):
                continue
            if isinstance(op, go.TypeOp):
                if name.data in types:
                    self.report(op, f'type "{name.data}" is defined twice')
                if "underlying" in op.properties:
                    types[name.data] = None
            elif name.data in self.symbols:
                self.report(op, f"symbol @{name.data} is defined twice")
            else:
                self.symbols[name.data] = op
        for name in types:
            self._recursion(name)

    def _recursion(self, name: str) -> None:
        """A type that contains itself would have no end; one that is defined as itself would be nothing."""
        path: set[str] = set()

        def visit(t: Attribute) -> bool:
            if isinstance(t, go.NamedType):
                if t.sym.data in path:
                    return t.sym.data == name
                definition = self.table.types.get(t.sym.data)
                if definition is None:
                    return False
                path.add(t.sym.data)
                return visit(definition.underlying)
            if isinstance(t, go.StructType):
                return any(visit(f.type) for f in t.fields.data)
            return isinstance(t, go.ArrayType) and visit(t.elem)

        op = self.table.types[name]
        path.add(name)
        if visit(op.underlying):
            self.bad_names.add(name)
            self.report(op, f'type "{name}" contains itself')

    def type(self, t: Attribute, op: Operation) -> None:
        """Every name in `t` must be defined, every map key comparable."""
        if t in self.known_types:
            return
        self.known_types.add(t)
        if isinstance(t, go.NamedType):
            if t.sym.data not in self.table.types and t.sym.data not in self.bad_names:
                self.bad_names.add(t.sym.data)
                self.report(op, f'type "{t.sym.data}" is not defined (there is no go.type op of that name)')
        elif isinstance(t, go.MapType) and not go_rules.is_comparable(self.under, t.key):
            self.report(op, f"{t.key} cannot be a map key: its values cannot be compared")
        if isinstance(t, ParametrizedAttribute):
            for part in t.parameters:
                if isinstance(part, ParametrizedAttribute):
                    self.type(part, op)
                else:
                    for element in go_types.elements(part):
                        self.type(element, op)

    def is_large(self, t: Attribute) -> bool:
        """Whether `t` is an array, or a struct of more than four words: no block argument (docs/dialect-go.md)."""
        known = self.large.get(t)
        if known is None:
            u = self.under(t)
            known = isinstance(u, go.ArrayType)
            if isinstance(u, go.StructType) and not self.bad_names:
                known = self._size(u)[0] > 8 * MAX_WORDS
            self.large[t] = known
        return known

    def _size(self, t: Attribute) -> tuple[int, int]:
        """Size and alignment in bytes."""
        u = self.under(t)
        if isinstance(u, go.BasicType) and not u.is_string:
            size = u.bits // 8
            return size, min(size, 8) if not u.is_complex else size // 2
        if isinstance(u, go.StructType):
            size, align = 0, 1
            for field in u.fields.data:
                s, a = self._size(field.type)
                size = -(-size // a) * a + s
                align = max(align, a)
            return -(-size // align) * align, align
        if isinstance(u, go.ArrayType):
            s, a = self._size(u.elem)
            return s * u.length.data, a
        if isinstance(u, go.SliceType):
            return 24, 8
        if isinstance(u, go.InterfaceType) or u == go.STRING:
            return 16, 8
        return (1, 1) if u == go.BOOL else (8, 8)

    # Ops -------------------------------------------------------------------------------------------------------------

    def _class(self, cls: type[Operation]) -> _Class:
        irdl = None
        if issubclass(cls, GoDialectOp):
            irdl = copy(cls.get_irdl_definition())
            irdl.traits = traits_def()
        traits = getattr(cls, "traits", None)
        remembers = irdl is not None and cls not in _EACH and not irdl.options and not irdl.regions
        known = self.classes[cls] = _Class(
            is_terminator=traits is not None and any(isinstance(t, IsTerminator) for t in traits),
            irdl=irdl,
            remembers=remembers,
            types_only=remembers and irdl is not None and not irdl.properties and cls is not go.MapNextOp,
            quick=_QUICK.get(cls),
            rule=_RULES.get(cls) or _RULES_BY_NAME.get(cls.name),
        )
        return known

    def _op(self, op: Operation) -> None:
        """An op's own rules, and those that need the module."""
        cls = op.__class__
        known = self.classes.get(cls) or self._class(cls)
        try:
            results = tuple([r.type for r in op.results])
            irdl = known.irdl
            if irdl is None:
                if known.quick is None or not known.quick(op):
                    op.verify_()
            elif known.remembers:
                operands = tuple([v.type for v in op._operands])  # pyright: ignore[reportPrivateUsage]
                shape = (cls, operands, results, len(op.successors))
                if op.properties:
                    shape += tuple([(k, v.__class__, getattr(v, "type", None)) for k, v in op.properties.items()])
                if shape not in self.verified:
                    irdl.verify(op)
                    op.check(self.under)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
                    self.verified.add(shape)
                elif not known.types_only:
                    op.check(self.under)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
            else:
                irdl.verify(op)
                op.check(self.under)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
            for t in results:
                if t not in self.known_types:
                    self.type(t, op)
            if known.rule is not None:
                known.rule(self, op)
        except VerifyException as error:
            message = " ".join(str(error).split())
            if op.name not in message:
                message = f"{op.name}: {message}"
            self.report(op, message)
        except (AttributeError, KeyError, IndexError, TypeError, ValueError, AssertionError) as error:
            # IRDL's accessors trip over ops that do not have the operands or properties they should
            self.report(op, f"{op.name}: malformed ({type(error).__name__}: {error})")

    # Regions: control flow and dominance -----------------------------------------------------------------------------

    def _region(self, parent: Operation, region: Region, around: Iterable[SSAValue] = ()) -> None:
        blocks = list(region.blocks)
        if not blocks:
            return
        entry = self.entry = blocks[0]
        index = {block: i for i, block in enumerate(blocks)}
        successors: list[list[int]] = []
        for i, block in enumerate(blocks):
            successors.append(self._ends(parent, block, index))
            if i:
                for argument in block.args:
                    self.type(argument.type, parent)
                    if self.is_large(argument.type):
                        what = f"a block argument must not be large, but {_name(argument)} of {_label(block)} has type"
                        self.report(block.first_op or parent, f"{what} {argument.type}: keep it in a go.alloc")
        if isinstance(parent, go.FunctionLike):
            for argument in entry.args:
                self.type(argument.type, parent)
            self._function(parent)

        order, children = dominators(successors)
        visible = set(around)
        stack: list[tuple[int, list[SSAValue] | None]] = [(0, None)]
        while stack:
            i, leaving = stack.pop()
            if leaving is not None:
                visible.difference_update(leaving)
                continue
            defined = self._block(blocks[i], visible, region)
            if children[i]:
                stack.append((i, defined))
                stack.extend((child, None) for child in children[i])
            else:
                visible.difference_update(defined)
        if len(order) < len(blocks):
            reached = set(order)
            for i, block in enumerate(blocks):
                if i not in reached:
                    self._block(block, None, region)

    def _ends(self, parent: Operation, block: Block, index: dict[Block, int]) -> list[int]:
        """Checks how a block ends; answers its successors."""
        last = block.last_op
        if last is None:
            self.report(parent, f"{_label(block)} is empty: a block ends with a terminator")
            return []
        known = self.classes.get(type(last)) or self._class(type(last))
        if not known.is_terminator:
            if parent.has_trait(NoTerminator):
                return []
            self.report(last, f"{_label(block)} ends with {last.name}, which is no terminator")
        found: list[int] = []
        for successor in last.successors:
            i = index.get(successor)
            if i is None:
                self.report(last, f"{last.name} branches to a block of another function")
            elif i == 0:
                self.report(last, f"{last.name} branches to the entry block of its function")
            else:
                found.append(i)
        return found

    def _block(self, block: Block, visible: set[SSAValue] | None, region: Region) -> list[SSAValue]:
        """Checks the ops of a block; `visible` are the values that dominate it (None: the block is unreachable)."""
        defined: list[SSAValue] = list(block.args)
        if visible is not None:
            visible.update(defined)
        op = block.first_op
        while op is not None:
            operands = op._operands  # pyright: ignore[reportPrivateUsage]
            if operands and (visible is None or not visible.issuperset(operands)):
                self._operands(op, operands, visible, region)
            self._op(op)
            if op.regions:
                for inner in op.regions:
                    self._region(op, inner, visible or ())
            results = op.results
            if results:
                defined.extend(results)
                if visible is not None:
                    visible.update(results)
            following = op.next_op
            if following is not None and self.classes[type(op)].is_terminator:
                self.report(op, f"{op.name} ends a block, but is followed by {following.name}")
            op = following
        return defined

    def _operands(
        self, op: Operation, operands: Sequence[SSAValue], visible: set[SSAValue] | None, region: Region
    ) -> None:
        """Reports the operands that are not defined where they are used."""
        for i, value in enumerate(operands):
            if visible is not None and value in visible:
                continue
            owner = value.owner
            block = owner if isinstance(owner, Block) else owner.parent
            if block is None or not _inside(block, region):
                self.report(op, f"operand {i} of {op.name}, {_name(value)}, is not a value of this function")
            elif visible is None:
                continue
            elif block is op.parent:
                self.report(op, f"operand {i} of {op.name}, {_name(value)}, is defined after its use")
            else:
                self.report(
                    op,
                    f"operand {i} of {op.name}, {_name(value)}, is not defined on every path to here "
                    f"(its block {_label(block)} does not dominate this one)",
                )

    # Functions -------------------------------------------------------------------------------------------------------

    def _function(self, op: go.FunctionLike) -> None:
        """Parameters, captures and result types against the entry block; where defers and protect stand."""
        t = op.properties.get("function_type")
        entry = op.entry
        if isinstance(t, go.FuncType):
            self.type(t, op)
            wanted = (*t.params.data, *op.capture_types)
        elif t is not None and t.name == "llvm.func":
            assert isinstance(t, ParametrizedAttribute)
            wanted = go_types.elements(t.parameters[0])
        else:
            return
        if len(wanted) != len(entry.args):
            self.report(op, f"the entry block takes {len(entry.args)} arguments, but the function {len(wanted)}")
            return
        for i, (argument, w) in enumerate(zip(entry.args, wanted, strict=True)):
            if argument.type != w:
                kind = "parameter" if not isinstance(t, go.FuncType) or i < len(t.params.data) else "captured value"
                self.report(op, f"{kind} {i} has type {w}, but the entry block's argument has {argument.type}")

    def callee(self, op: Operation, key: str = "callee") -> Operation | None:
        """The op a symbol property names; reports names that mean nothing."""
        name = _symbol(op, key)
        found = self.symbols.get(name)
        if found is None:
            raise VerifyException(f"@{name} is not defined or declared in this module")
        return found

    def results_of_function(self) -> tuple[Attribute, ...] | None:
        """Result types of the function around the op being checked, if they are Go's."""
        t = self.function.properties.get("function_type")
        return t.results.data if isinstance(t, go.FuncType) else None


def _inside(block: Block, region: Region) -> bool:
    at: Block | None = block
    while at is not None:
        if at.parent is region:
            return True
        at = at.parent_block()
    return False


def _name(value: SSAValue) -> str:
    """How a message calls a value."""
    if value.name_hint:
        return f"%{value.name_hint}"
    if isinstance(value, OpResult):
        place = location_of(value.op)
        return f"the result of {value.op.name}" + (f" at {place[1]}:{place[2]}" if place else "")
    return f"argument {value.index}" if isinstance(value, BlockArgument) else "a value that was erased"


def _label(block: Block) -> str:
    """How the printer calls a block."""
    if block.name_hint:
        return f"^{block.name_hint}"
    region = block.parent
    i = next((i for i, b in enumerate(region.blocks) if b is block), 0) if region is not None else 0
    return f"^bb{i}"


def _symbol(op: Operation, key: str) -> str:
    ref = op.properties[key]
    if not isinstance(ref, SymbolRefAttr):
        raise VerifyException(f"property {key} must be a symbol")
    return ref.root_reference.data


# Rules that need the module, by class of op --------------------------------------------------------------------------


def _pass(op: Operation, block: Block, values: Sequence[SSAValue]) -> None:
    """A branch to `block` passes `values`."""
    args = block.args
    if len(args) != len(values):
        raise VerifyException(f"{op.name} passes {len(values)} values to {_label(block)}, which takes {len(args)}")
    for i, (value, arg) in enumerate(zip(values, args, strict=True)):
        if value.type is not arg.type and value.type != arg.type:
            raise VerifyException(
                f"{op.name} passes a {value.type} as argument {i} of {_label(block)}, which takes a {arg.type}"
            )


def _segments(op: Operation) -> tuple[int, ...]:
    sizes = op.properties["operandSegmentSizes"]
    assert isinstance(sizes, DenseArrayBase)
    return tuple(int(v) for v in sizes.get_values())  # pyright: ignore[reportArgumentType]


def _br(v: _Verifier, op: Operation) -> None:
    _pass(op, op.successors[0], op.operands)


def _cond_br(v: _Verifier, op: Operation) -> None:
    _, then, _ = _segments(op)
    values = op.operands
    _pass(op, op.successors[0], values[1 : 1 + then])
    _pass(op, op.successors[1], values[1 + then :])


def _switch(v: _Verifier, op: Operation) -> None:
    for block in op.successors:
        _pass(op, block, ())


def _protect(v: _Verifier, op: Operation) -> None:
    if op.parent is not v.entry:
        raise VerifyException("go.protect ends the entry block of a function, and no other")
    for block in op.successors:
        _pass(op, block, ())
    if op.successors[0] is op.successors[1]:
        raise VerifyException("go.protect must unwind to another block than its body")


def _in_entry(v: _Verifier, op: Operation) -> None:
    if op.parent is not v.entry:
        raise VerifyException(f"{op.name} stands in the entry block of its function")


def _recover_token(v: _Verifier, op: Operation) -> None:
    _in_entry(v, op)
    v.callee(op, "self")


def _recover_forward(v: _Verifier, op: Operation) -> None:
    v.callee(op, "self")
    if "callee" in op.properties:
        v.callee(op, "callee")


def _panic_enter(v: _Verifier, op: Operation) -> None:
    last = v.entry.last_op if v.entry is not None else None
    if not (isinstance(last, go.ProtectOp) and last.unwind is op.parent):
        raise VerifyException("go.panic_enter stands in the block that go.protect unwinds to")
    assert isinstance(op.parent, Block)
    if any(each is not v.entry for each in op.parent.predecessors()):
        raise VerifyException("only panics may come to go.panic_enter, but a block branches here")
    before = op.prev_op
    while before is not None:
        if go.op_may_panic(before, v.under) or go.op_may_suspend(before):
            raise VerifyException(f"{before.name} may panic or wait: only go.panic_enter can come first in this block")
        before = before.prev_op


def _call(v: _Verifier, op: Operation) -> None:
    callee = v.callee(op)
    name = f"@{_symbol(op, 'callee')}"
    if not isinstance(callee, go.FuncOp):
        what = "a coroutine (see coro.await)" if isinstance(callee, coro.FuncOp | coro.AdapterOp) else "not a function"
        raise VerifyException(f"{name} is {what}")
    if callee.capture_types:
        raise VerifyException(f"{name} captures values: it is called through a go.closure")
    t = callee.signature
    go_rules.arguments([o.type for o in op.operands], t.params.data, name)
    go_rules.results([r.type for r in op.results], t.results.data, name)


def _closure(v: _Verifier, op: Operation) -> None:
    callee = v.callee(op)
    name = f"@{_symbol(op, 'callee')}"
    if not isinstance(callee, go.FuncOp | coro.FuncOp | coro.AdapterOp):
        raise VerifyException(f"{name} is not a function")
    wanted = go_types.elements(callee.properties.get("captures"))
    given = [o.type for o in op.operands]
    if len(given) != len(wanted):
        raise VerifyException(f"{name} captures {len(wanted)} values, but {len(given)} are given")
    for i, (g, w) in enumerate(zip(given, wanted, strict=True)):
        go_rules.same(g, w, f"captured value {i} of {name}")
    t = callee.properties["function_type"]
    if isinstance(t, go.FuncType):
        go_rules.same_underlying(v.under, op.results[0].type, t, f"the function value of {name}")


def _global_addr(v: _Verifier, op: Operation) -> None:
    variable = v.callee(op, "name")
    name = f"@{_symbol(op, 'name')}"
    if not isinstance(variable, go.GlobalOp):
        raise VerifyException(f"{name} is not a go.global")
    elem = go_rules.pointee(v.under, op.results[0].type, "the result of go.global_addr")
    go_rules.same(elem or variable.type, variable.type, f"variable {name}")


def _hook(v: _Verifier, op: Operation) -> None:
    """The hook of a wait: `hook(args…, handle unsafe.Pointer) bool`, a plain function."""
    hook = v.callee(op, "hook")
    name = f"@{_symbol(op, 'hook')}"
    if isinstance(hook, coro.FuncOp | coro.AdapterOp) or (isinstance(hook, go.FuncOp) and hook.colour is not None):
        raise VerifyException(f"hook {name} may suspend, and nobody waits for a hook")
    if not isinstance(hook, go.FuncOp):
        return  # lowered already
    if hook.capture_types:
        raise VerifyException(f"hook {name} captures values: a hook is called without a closure, with what it is given")
    t = hook.signature
    count = _segments(op)[0] if isinstance(op, coro.SuspendOp) else len(op.operands)
    given = [o.type for o in op.operands[:count]]
    if any(coro.is_llvm(g) and g != go.BOOL for g in given):
        return
    params = t.params.data
    if len(params) != count + 1 or params[-1] != go.UNSAFE_POINTER or t.results.data != (go.BOOL,):
        raise VerifyException(
            f"hook {name} must take the {count} arguments and the handle (!go.unsafe_pointer) and return i1, "
            f"but has type {t}"
        )
    for i, (g, w) in enumerate(zip(given, params, strict=False)):
        if g != coro.HANDLE or w != go.UNSAFE_POINTER:
            go_rules.same(g, w, f"argument {i} of hook {name}")


def _wait(v: _Verifier, op: Operation) -> None:
    polls = isinstance(op, go.SelectOp) and op.has_default is not None
    if isinstance(v.function, coro.FuncOp) and not polls:
        raise VerifyException(f"{op.name} in a coroutine: it waits with coro.suspend")


def _park(v: _Verifier, op: Operation) -> None:
    _wait(v, op)
    _hook(v, op)


def _suspend(v: _Verifier, op: Operation) -> None:
    _coroutine_only(v, op)
    args, resume, _ = _segments(op)
    successors = op.successors
    values = op.operands
    _pass(op, successors[0], values[args : args + resume])
    if len(successors) > 1:
        if successors[0] is successors[1]:
            raise VerifyException("coro.suspend must resume and be destroyed in different blocks")
        _pass(op, successors[1], values[args + resume :])
    elif len(values) > args + resume:
        raise VerifyException("coro.suspend passes values to a destroy block that it does not have")
    _hook(v, op)


def _coroutine_only(v: _Verifier, op: Operation) -> None:
    if not isinstance(v.function, coro.FuncOp):
        raise VerifyException(f"{op.name} stands in a coro.func only")


def _plain_only(v: _Verifier, op: Operation) -> None:
    if isinstance(v.function, coro.FuncOp):
        raise VerifyException(f"{op.name} in a coroutine: it ends with coro.{op.name.removeprefix('go.')}")


def _return(v: _Verifier, op: Operation) -> None:
    (_plain_only if isinstance(op, go.ReturnOp) else _coroutine_only)(v, op)
    wanted = v.results_of_function()
    if wanted is None:
        return
    given = [o.type for o in op.operands]
    if len(given) != len(wanted):
        raise VerifyException(f"{op.name} returns {len(given)} values, but the function has {len(wanted)} results")
    for i, (g, w) in enumerate(zip(given, wanted, strict=True)):
        go_rules.same(g, w, f"returned value {i}")


def _coroutine(v: _Verifier, op: Operation) -> tuple[go.FuncType | None, str]:
    """Signature of the coroutine that a start or await names. Another module's is declared as its plain function."""
    name = _symbol(op, "callee")
    found = v.symbols.get(name) or v.symbols.get(name.removesuffix("$coro"))
    if found is None:
        raise VerifyException(f"@{name} is not defined or declared in this module")
    t = found.properties.get("function_type")
    return (t if isinstance(t, go.FuncType) else None), f"@{name}"


def _start(v: _Verifier, op: Operation) -> None:
    t, name = _coroutine(v, op)
    if t is None or coro.is_pointer(op.operands[0].type):
        return
    go_rules.arguments([o.type for o in op.operands[1:]], t.params.data, name)
    slot = op.operands[0].type
    assert isinstance(slot, coro.SlotType)
    go_rules.results(slot.types.data, t.results.data, name)


def _await(v: _Verifier, op: Operation) -> None:
    t, name = _coroutine(v, op)
    if t is not None:
        go_rules.arguments([o.type for o in op.operands], t.params.data, name)
        go_rules.results([r.type for r in op.results], t.results.data, name)


def _adapter(v: _Verifier, op: Operation) -> None:
    callee = v.callee(op)
    assert isinstance(op, coro.AdapterOp)
    v.type(op.function_type, op)
    if isinstance(callee, go.FuncOp):
        go_rules.same(op.function_type, callee.signature, "coro.adapter")
        captures = op.captures.data if op.captures is not None else ()
        if tuple(captures) != callee.capture_types:
            raise VerifyException(f"coro.adapter and @{callee.symbol} capture different types")


def _func(v: _Verifier, op: Operation) -> None:
    assert isinstance(op, go.FunctionLike)
    if op.parent_op() is not v.module:
        raise VerifyException(f"{op.name} stands in a module, not in another op")
    t = op.properties["function_type"]
    v.type(t, op)
    for capture in op.capture_types:
        v.type(capture, op)
    if "extern" in op.properties and op.regions[0].blocks.first is not None:
        raise VerifyException("an extern function is a C function: it has no body")


def _global(v: _Verifier, op: Operation) -> None:
    assert isinstance(op, go.GlobalOp)
    v.type(op.type, op)
    if isinstance(op.init, go.DataAttr):
        for t in op.init.references.types:
            v.type(t, op)
        go_static.check_data(v.under, v.symbols.get, op.type, op.init.data)


def _type(v: _Verifier, op: Operation) -> None:
    assert isinstance(op, go.TypeOp)
    v.type(op.underlying, op)


def _method_set(v: _Verifier, op: Operation) -> None:
    assert isinstance(op, go.MethodSetOp)
    v.type(op.type, op)
    for m in op.methods.data:
        v.type(m.type, op)
        for key, ref in (("ifn", m.ifn), ("tfn", m.tfn)):
            name = ref.root_reference.data
            function = v.symbols.get(name)
            if function is None:
                raise VerifyException(f"@{name}, the {key} of method {m.method_name.data}, is not defined or declared")
            t = function.properties.get("function_type")
            if isinstance(t, go.FuncType):
                fits = t.params.data[1:] == m.type.params.data and t.results.data == m.type.results.data
                if not t.params.data or not fits:
                    raise VerifyException(
                        f"@{name}, the {key} of method {m.method_name.data}, must have the method's type {m.type} "
                        f"with the receiver in front, but has {t}"
                    )


def _llvm_symbol(key: str) -> _Rule:
    def rule(v: _Verifier, op: Operation) -> None:
        if key in op.properties:
            v.callee(op, key)

    return rule


def _quick_br(op: Operation) -> bool:
    return len(op.successors) == 1 and not op.properties and not op.results and not op.regions


def _quick_cond_br(op: Operation) -> bool:
    operands = op.operands
    sizes = _segments(op)
    return (
        len(sizes) == 3
        and sizes[0] == 1
        and sizes[1] >= 0
        and sizes[2] >= 0
        and sum(sizes) == len(operands)
        and operands[0].type == go.BOOL
        and len(op.successors) == 2
        and not op.results
        and len(op.properties) == 1
    )


_QUICK: dict[type[Operation], Callable[[Operation], bool]] = {
    cf.BranchOp: _quick_br,
    cf.ConditionalBranchOp: _quick_cond_br,
}
_EACH = (go.SelectOp, go.MethodSetOp, go.GlobalOp, go.TypeOp, coro.AdapterOp)
"""Classes whose definitions look into their properties."""

_RULES: dict[type[Operation], _Rule] = {
    cf.BranchOp: _br,
    cf.ConditionalBranchOp: _cond_br,
    go.SwitchOp: _switch,
    go.FuncOp: _func,
    go.GlobalOp: _global,
    go.TypeOp: _type,
    go.MethodSetOp: _method_set,
    go.ProtectOp: _protect,
    go.DefersOp: _in_entry,
    go.RecoverTokenOp: _recover_token,
    go.RecoverForwardOp: _recover_forward,
    go.PanicEnterOp: _panic_enter,
    go.CallOp: _call,
    go.ClosureOp: _closure,
    go.GlobalAddrOp: _global_addr,
    go.ParkOp: _park,
    go.RecvOp: _wait,
    go.SelectOp: _wait,
    go.SendOp: _wait,
    go.YieldOp: _wait,
    go.ReturnOp: _return,
    go.UnwindOp: _plain_only,
    coro.FuncOp: _func,
    coro.AdapterOp: _adapter,
    coro.SuspendOp: _suspend,
    coro.ParkOp: _park,
    coro.ReturnOp: _return,
    coro.UnwindOp: _coroutine_only,
    coro.StartOp: _start,
    coro.AwaitOp: _await,
}

_RULES_BY_NAME: dict[str, _Rule] = {
    "llvm.call": _llvm_symbol("callee"),
    "llvm.mlir.addressof": _llvm_symbol("global_name"),
}
