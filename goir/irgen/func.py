"""`FuncGen`: the state of one function under construction, how ops and blocks are emitted, where variables live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from xdsl.dialects.builtin import LocationAttr, StringAttr, i1
from xdsl.ir import Attribute, Block, Operation, OpResult, Region, SSAValue

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.dialects.fast_ops import append, new_op
from goir.irgen.context import UNIT, ModuleGen
from goir.irgen.errors import Unsupported
from goir.irgen.ssa import BB, SSABuilder
from goir.irgen.types import TypeConverter
from goir.irgen.variables import Facts, Function
from goir.syntax import ast
from goir.types import types as T
from goir.types.info import Info
from goir.types.objects import Object, Package, Var

if TYPE_CHECKING:
    from goir.irgen.rangefunc import Body
    from goir.irgen.staticinit import Before

_NO_PROPERTIES: dict[str, Attribute] = {}
_INBOUNDS: Mapping[str, Attribute] = {"inbounds": UNIT}
_AUTO = StringAttr("auto")
AUTO: Mapping[str, Attribute] = {"storage": _AUTO}
_O = TypeVar("_O", bound=Operation)

# Pointers that these ops make are not nil.
_NON_NIL = (go.AllocOp, go.GlobalAddrOp, go.FieldAddrOp, go.IndexAddrOp, go.NilCheckOp)


class BoxAddress:
    """Key of an SSA variable that holds the address of a loop variable which is a new one in each iteration."""

    __slots__ = ("var",)

    def __init__(self, var: Var) -> None:
        self.var = var


class Target:
    """An enclosing statement that break and continue can leave or continue."""

    __slots__ = ("break_", "continue_", "label", "stmt")

    def __init__(self, stmt: ast.Stmt, label: str | None, break_: BB, continue_: BB | None) -> None:
        self.stmt = stmt
        self.label = label
        self.break_ = break_
        self.continue_ = continue_


class ResultSlot:
    """A result of the function: its Go type and, where results live in variables, the variable or its storage."""

    __slots__ = ("ptr", "type", "var")

    def __init__(self, type: T.Type, var: Var | None) -> None:
        self.type = type
        self.var = var
        self.ptr: SSAValue | None = None


Key: TypeAlias = "Var | BoxAddress"


class FuncGen:
    """One function being generated. After a terminator it is `dead`: what is emitted then is dropped."""

    def __init__(self, mod: ModuleGen, symbol: str, info: Info, pkg: Package, facts: Facts, fn: Function) -> None:
        self.mod = mod
        self.symbol = symbol
        self.info = info
        self.pkg = pkg
        self.facts = facts
        self.fn = fn
        self.t: TypeConverter = mod.types
        self.ssa = SSABuilder(self._undefined)
        self.entry = self.new_block()
        self.entry.sealed = True
        self.bb: BB = self.entry
        self.block: Block = self.entry.block
        self.dead = False
        self._limbo = self.new_block()
        # In the runtime a nil pointer is a bug of the runtime, not a Go panic (docs/abi.md).
        self.nil_checks = pkg.path != "runtime"
        #: Variables with one definition.
        self.values: dict[Var, SSAValue] = {}
        #: Variables in memory: their address.
        self.boxes: dict[Var, SSAValue] = {}
        #: Loop variables in memory whose address changes from one iteration to the next.
        self.loop_boxes: dict[Var, BoxAddress] = {}
        self.results: list[ResultSlot] = []
        self.result_type: T.Tuple | None = None
        self.defers: SSAValue | None = None
        #: Set by a deferred call of recover itself: then this function recovers when the call has returned.
        self.recover_flag: SSAValue | None = None
        self.exit: BB | None = None
        #: Where the function returns, in a function with deferred calls.
        self.returns: set[int] = set()
        self.panicking: BB | None = None
        self.token: SSAValue | None = None
        self.targets: list[Target] = []
        self.labels: dict[str, BB] = {}
        self.loop_depth = 0
        self.fallthrough: BB | None = None
        #: Of the function made of the body of a range loop over a function.
        self.body: Body | None = None
        self.range_bodies = 0
        self.range_exits = 0
        self.thunks = 0
        self.lits = 0
        #: What the function's literals are named after, if not after its symbol.
        self.lit_base = ""
        self.is_lit = False
        #: Of an initialiser, which runs once: what is known of other variables at that time (see `staticinit.find`).
        self.once: Before | None = None
        #: Results of calls that were made ahead of the operands they stand among (see `order`).
        self.made: dict[ast.Expr, list[SSAValue]] = {}
        #: The position errors are reported at when what is wrong has none.
        self.pos = 0

    # Blocks -----------------------------------------------------------------------------------------------------------

    def new_block(self) -> BB:
        """A block without predecessors so far."""
        bb = BB()
        self.ssa.blocks.append(bb)
        return bb

    def start(self, bb: BB, *, seal: bool = True) -> None:
        """Continues in `bb`; with `seal`, all jumps to it exist by now (if there are none it is dead)."""
        if seal:
            self.ssa.seal(bb)
            if not bb.preds:
                self._die()
                return
        self.dead = False
        self.ssa.started.append(bb)
        self.bb = bb
        self.block = bb.block

    def _die(self) -> None:
        self.dead = True
        self.bb = self._limbo
        self.block = self._limbo.block

    def jump(self, target: BB, pos: int) -> None:
        """Ends the current block, if it is not dead, with a jump."""
        if not self.dead:
            self.ssa.branch(self.bb, target, self.mod.loc(pos))
            self._die()

    def branch(self, cond: SSAValue, then: BB, else_: BB, pos: int) -> None:
        """Ends the current block with a conditional jump."""
        if not self.dead:
            self.ssa.cond_branch(self.bb, cond, then, else_, self.mod.loc(pos))
            self._die()

    def switch(self, value: SSAValue, cases: Sequence[tuple[int, BB]], default: BB, pos: int) -> None:
        """Ends the current block with a jump to where an integer leads."""
        if not self.dead:
            self.ssa.switch(self.bb, value, cases, default, self.mod.loc(pos))
            self._die()

    def end(self, op: Operation) -> None:
        """Ends the current block with a terminator that has no successors."""
        self.block.add_op(op)
        if not self.dead:
            self.bb.terminated = True
            self._die()

    # Ops --------------------------------------------------------------------------------------------------------------

    def op(
        self,
        cls: type[_O],
        operands: Sequence[SSAValue],
        result_types: Sequence[Attribute],
        pos: int,
        properties: Mapping[str, Attribute] = _NO_PROPERTIES,
    ) -> _O:
        """Emits an op."""
        op = cls.create(operands=operands, result_types=result_types, properties=properties, location=self.mod.loc(pos))
        self.block.add_op(op)
        return op

    def value(
        self,
        cls: type[Operation],
        operands: Sequence[SSAValue],
        result_type: Attribute,
        pos: int,
        properties: Mapping[str, Attribute] = _NO_PROPERTIES,
    ) -> SSAValue:
        """Emits an op with one result."""
        op = new_op(cls, operands, (result_type,), properties, self.mod.loc(pos))
        append(self.block, op)
        return op.results[0]

    def zero(self, t: Attribute, pos: int) -> SSAValue:
        """The zero value of a type."""
        return self.value(go.ZeroOp, (), t, pos)

    def int_const(self, value: int, pos: int, t: Attribute = gt.INT) -> SSAValue:
        """An integer constant."""
        return self.value(go.ConstantOp, (), t, pos, {"value": self.mod.int(value)})

    def bool_const(self, value: bool, pos: int) -> SSAValue:
        """true or false."""
        return self.value(go.ConstantOp, (), i1, pos, {"value": self.mod.bool(value)})

    def cmp(self, predicate: str, a: SSAValue, b: SSAValue, pos: int) -> SSAValue:
        """A comparison of values of one type."""
        return self.value(go.CmpOp, (a, b), i1, pos, {"predicate": self.mod.string(predicate)})

    def load(self, ptr: SSAValue, t: Attribute, pos: int) -> SSAValue:
        """Reads a variable."""
        return self.value(go.LoadOp, (ptr,), t, pos)

    def store(self, value: SSAValue, ptr: SSAValue, pos: int) -> None:
        """Writes a variable."""
        append(self.block, new_op(go.StoreOp, (value, ptr), (), _NO_PROPERTIES, self.mod.loc(pos)))

    def alloc(self, elem: Attribute, pos: int, name: str | None = None) -> SSAValue:
        """A new zeroed variable; answers its address."""
        properties: Mapping[str, Attribute] = AUTO
        if name:
            properties = {"storage": _AUTO, "var": self.mod.string(name)}
        return self.value(go.AllocOp, (), self.t.pointer(elem), pos, properties)

    def nil_check(self, ptr: SSAValue, pos: int) -> SSAValue:
        """`ptr`, known not to be nil from here on."""
        if not self.nil_checks or (isinstance(ptr, OpResult) and isinstance(ptr.op, _NON_NIL)):
            return ptr
        checked = self.bb.checked.get(ptr)
        if checked is None:
            checked = self.bb.checked[ptr] = self.value(go.NilCheckOp, (ptr,), ptr.type, pos)
        return checked

    def field_addr(self, ptr: SSAValue, index: int, field_type: Attribute, pos: int) -> SSAValue:
        """The address of a field; `ptr` is not nil."""
        properties = {"index": self.mod.int(index)}
        return self.value(go.FieldAddrOp, (ptr,), self.t.pointer(field_type), pos, properties)

    def extract(self, struct: SSAValue, index: int, field_type: Attribute, pos: int) -> SSAValue:
        """A field of a struct value."""
        return self.value(go.ExtractOp, (struct,), field_type, pos, {"index": self.mod.int(index)})

    def insert(self, value: SSAValue, struct: SSAValue, index: int, pos: int) -> SSAValue:
        """A struct value with one field replaced."""
        return self.value(go.InsertOp, (value, struct), struct.type, pos, {"index": self.mod.int(index)})

    def index_addr(
        self, container: SSAValue, index: SSAValue, elem: Attribute, pos: int, *, inbounds: bool = False
    ) -> SSAValue:
        """The address of an element of a slice, or of an array through a pointer that is not nil."""
        properties = _INBOUNDS if inbounds else _NO_PROPERTIES
        return self.value(go.IndexAddrOp, (container, index), self.t.pointer(elem), pos, properties)

    def closure(self, symbol: str, t: Attribute, pos: int, captures: Sequence[SSAValue] = ()) -> SSAValue:
        """A function value."""
        return self.value(go.ClosureOp, captures, t, pos, {"callee": self.mod.symbol(symbol)})

    def convert(self, value: SSAValue, src: T.Type, dst: T.Type, pos: int) -> SSAValue:
        """What assigning a value of type `src` to a variable of type `dst` stores; also explicit conversions."""
        t = self.t(dst)
        if value.type is t or value.type == t:
            return value
        if isinstance(dst.underlying, T.Interface):
            if isinstance(src.underlying, T.Interface):
                return self.value(go.ConvertInterfaceOp, (value,), t, pos)
            return self.value(go.MakeInterfaceOp, (value,), t, pos)
        return self.value(go.ConvertOp, (value,), t, pos)

    def _undefined(self, bb: BB, t: Attribute) -> SSAValue:
        op = go.ZeroOp.create(result_types=(t,))
        first = bb.block.first_op
        if first is None:
            bb.block.add_op(op)
        else:
            bb.block.insert_op_before(op, first)
        return op.results[0]

    # Types ------------------------------------------------------------------------------------------------------------

    def type_of(self, e: ast.Expr) -> T.Type:
        """The Go type of an expression (of the value itself where the checker recorded the pair of a comma-ok form)."""
        tv = self.info.types.get(e)
        if tv is not None:
            t = tv.type
            if isinstance(t, T.Tuple) and tv.mode in ("commaok", "mapindex"):
                return t.vars[0].type
            return t
        obj = self.object_of(e)
        if obj is None:
            raise Unsupported(e.pos, "this expression")
        return obj.type

    def object_of(self, e: ast.Expr) -> Object | None:
        """The object an identifier denotes or declares."""
        if isinstance(e, ast.Ident):
            return self.info.uses.get(e) or self.info.defs.get(e)
        return None

    def is_nil(self, e: ast.Expr) -> bool:
        """Whether an expression is the predeclared nil."""
        tv = self.info.types.get(e)
        if tv is None:
            return False
        if tv.mode == "nilvalue":
            return True
        return isinstance(tv.type, T.Basic) and tv.type.kind == T.UNTYPED_NIL

    def unsupported(self, pos: int, what: str) -> Unsupported:
        """The exception for what irgen does not know."""
        return Unsupported(pos, what)

    # Variables --------------------------------------------------------------------------------------------------------

    def is_boxed(self, var: Var) -> bool:
        """Whether a local variable lives in memory."""
        facts = self.facts
        return (
            var in facts.address_taken
            or (var in facts.captured and var in facts.reassigned and not self._is_stepped(var))
            or self.t.is_large(var.type)
        )

    def _is_stepped(self, var: Var) -> bool:
        """Whether nothing assigns to what an iteration of a loop calls by a variable's name."""
        loop = self.facts.stepped.get(var)
        return loop is not None and not self.pkg.shares_loop_variables(loop)

    def declare(self, var: Var, value: SSAValue | None, pos: int) -> None:
        """Declares a local variable; without value it is zero."""
        if self.is_boxed(var):
            ptr = self.declare_box(var, pos)
            if value is not None:
                self.store(value, ptr, pos)
            return
        if value is None:
            value = self.zero(self.t(var.type), pos)
        if var in self.facts.reassigned:
            self.ssa.types[var] = value.type
            self.bb.defs[var] = value
        else:
            self.values[var] = value

    def declare_box(self, var: Var, pos: int) -> SSAValue:
        """Declares a variable that lives in memory; it is zero. Answers its address."""
        ptr = self.boxes[var] = self.alloc(self.t(var.type), pos, var.name)
        return ptr

    def renew_box_each_iteration(self, var: Var) -> None:
        """Makes the address of a declared loop variable itself a variable (see `copy_loop_variable`)."""
        ptr = self.boxes.pop(var)
        key = self.loop_boxes[var] = BoxAddress(var)
        self.ssa.types[key] = ptr.type
        self.bb.defs[key] = ptr

    def copy_loop_variable(self, var: Var, pos: int) -> None:
        """Between two iterations: a new variable with the value of the old one."""
        key = self.loop_boxes[var]
        old = self.ssa.read(key, self.bb)
        t = self.t(var.type)
        value = self.load(old, t, pos)
        new = self.alloc(t, pos, var.name)
        self.store(value, new, pos)
        self.bb.defs[key] = new

    def box(self, var: Var, pos: int) -> SSAValue | None:
        """The address of a variable that lives in memory, None for an SSA variable."""
        ptr = self.boxes.get(var)
        if ptr is not None:
            return ptr
        if var in self.values or var in self.ssa.types:
            return None
        key = self.loop_boxes.get(var)
        if key is not None:
            return self.ssa.read(key, self.bb)
        if var.pkg is not None and (var.parent is None or var.parent is var.pkg.scope):
            symbol = self.mod.global_symbol(var)
            return self.value(go.GlobalAddrOp, (), self.t.pointer(self.t(var.type)), pos, {"name": symbol})
        raise Unsupported(pos, f"this use of variable {var.name}")

    def is_ssa(self, var: Var) -> bool:
        """Whether a variable is not in memory."""
        return var in self.values or var in self.ssa.types

    def read(self, var: Var, pos: int) -> SSAValue:
        """The value of a variable."""
        value = self.values.get(var)
        if value is not None:
            return value
        if var in self.ssa.types:
            return self.ssa.read(var, self.bb)
        ptr = self.box(var, pos)
        assert ptr is not None
        return self.load(ptr, self.t(var.type), pos)

    def write(self, var: Var, value: SSAValue, pos: int) -> None:
        """Assigns to a variable."""
        if var in self.ssa.types:
            self.bb.defs[var] = value
            return
        ptr = self.box(var, pos)
        assert ptr is not None, f"assignment to {var.name}, which is never reassigned"
        self.store(value, ptr, pos)

    # The function as a whole ------------------------------------------------------------------------------------------

    def add_params(self, types: Sequence[Attribute], pos: int) -> list[SSAValue]:
        """Arguments of the entry block."""
        block = self.entry.block
        loc: LocationAttr = self.mod.loc(pos)
        return [block.insert_arg(t, len(block.args), loc) for t in types]

    def finish(
        self, function_type: gt.FuncType, captures: list[Attribute], pos: int, properties: dict[str, Attribute]
    ) -> None:
        """Adds the function to the module."""
        region = Region()
        self.ssa.finish(self.entry, region)
        if self.token is not None:
            properties["recovers"] = UNIT
        if self.mod.parks(self.pkg):
            properties["parks"] = UNIT
        self.mod.define(self.symbol, function_type, captures, region, pos, properties)

    def use_token(self, pos: int) -> None:
        """In the entry block of a function that calls recover."""
        self.token = self.value(go.RecoverTokenOp, (), gt.TOKEN, pos, {"self": self.mod.symbol(self.symbol)})


def generate_body(
    g: FuncGen,
    type: ast.FuncType,
    sig: T.Signature,
    recv: ast.FieldList | None,
    body: ast.BlockStmt,
    captures: Sequence[Var],
    properties: dict[str, Attribute],
) -> None:
    """Generates a function declaration or literal from its syntax and adds it to the module."""
    from goir.irgen import defer, stmt

    recv_type = sig.recv.type if recv is not None and sig.recv is not None else None
    function_type = g.t.signature(sig, recv_type)
    capture_types: list[Attribute] = []
    for var in captures:
        t = g.t(var.type)
        capture_types.append(g.t.pointer(t) if g.is_boxed(var) else t)
    if recv is not None and g.mod.on_demand:
        properties["method"] = UNIT
    pos = type.pos
    args = g.add_params([*function_type.params.data, *capture_types], pos)
    if g.fn.has_recover:
        g.use_token(pos)
    index = 0
    fields = [*(recv.list if recv is not None else ()), *type.params.list]
    for field in fields:
        for name in field.names:
            var = g.info.defs.get(name)
            if name.name != "_" and isinstance(var, Var):
                g.declare(var, args[index], name.pos)
            index += 1
        if not field.names:
            index += 1
    for var, arg in zip(captures, args[len(function_type.params.data) :], strict=True):
        (g.boxes if g.is_boxed(var) else g.values)[var] = arg
    _declare_results(g, type, sig)
    if g.fn.has_defer:
        defer.open_defers(g, pos)
    stmt.block(g, body.list)
    if not g.dead:
        if g.results:
            # A body that ends without return after its last terminating statement: nothing gets here.
            g.end(go.UnreachableOp.create(location=g.mod.loc(body.rbrace)))
        else:
            stmt.return_variables(g, body.rbrace)
    if g.defers is not None:
        defer.close_defers(g, body.rbrace)
    g.finish(function_type, capture_types, pos, properties)


def _declare_results(g: FuncGen, type: ast.FuncType, sig: T.Signature) -> None:
    """Result variables: the named ones always, unnamed ones when deferred calls run between return and the end."""
    g.result_type = sig.results
    names: list[ast.Ident | None] = []
    if type.results is not None:
        for field in type.results.list:
            names.extend(field.names or [None])
    for name, result in zip(names, sig.results.vars, strict=True):
        var: Var | None = None
        if name is not None and name.name != "_":
            declared = g.info.defs.get(name)
            var = declared if isinstance(declared, Var) else None
        slot = ResultSlot(result.type, var)
        g.results.append(slot)
        if g.fn.has_defer or g.fn.ranges_func:
            # A panic that is recovered returns what the result variables hold; bodies of range loops over functions
            # return through them.
            pos = name.pos if name is not None else type.pos
            slot.ptr = g.alloc(g.t(result.type), pos, var.name if var is not None else None)
            if var is not None:
                g.boxes[var] = slot.ptr
        elif var is not None:
            g.declare(var, None, var.pos)


def make_properties(directives: Mapping[str, str]) -> dict[str, Attribute]:
    """Properties of a `go.func` from the directives of its declaration."""
    properties: dict[str, Attribute] = {}
    for key in ("nosuspend", "noinline"):
        if key in directives:
            properties[key] = UNIT
    for key in ("centry", "features"):
        if directives.get(key):
            properties[key] = StringAttr(directives[key])
    return properties
