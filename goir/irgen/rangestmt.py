"""Range loops over integers, arrays, slices, strings, maps and channels."""

from __future__ import annotations

from collections.abc import Callable

from xdsl.dialects.builtin import i1
from xdsl.ir import Attribute, SSAValue

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.irgen import assign, expr, place, rangefunc
from goir.irgen.errors import Unsupported
from goir.irgen.func import FuncGen, Target
from goir.syntax import ast
from goir.types import types as T
from goir.types.objects import Var
from goir.types.universe import TYP_INT, TYP_RUNE


class Loop:
    """The blocks of a range loop and what it assigns each iteration."""

    def __init__(self, g: FuncGen, s: ast.RangeStmt, label: str | None) -> None:
        self.g = g
        self.s = s
        self.label = label
        self.header = g.new_block()
        self.body = g.new_block()
        self.next = g.new_block()
        self.done = g.new_block()

    def run(self, assign_variables: Callable[[], None]) -> None:
        """The body, from its first block to the jump to `next`, which is started then."""
        g, s = self.g, self.s
        g.start(self.body)
        g.targets.append(Target(s, self.label, self.done, self.next))
        g.loop_depth += 1
        assign_variables()
        from goir.irgen import stmt

        stmt.block(g, s.body.list)
        g.targets.pop()
        g.loop_depth -= 1
        g.jump(self.next, s.body.rbrace)
        g.start(self.next)

    def finish(self) -> None:
        """After the jump back to the header."""
        self.g.ssa.seal(self.header)
        self.g.start(self.done)


class Counter:
    """An SSA variable that no Go variable stands for."""

    def __init__(self, g: FuncGen, t: Attribute) -> None:
        self.g = g
        self.t = t
        g.ssa.types[self] = t

    def set(self, value: SSAValue) -> None:
        """Assigns."""
        self.g.bb.defs[self] = value

    def get(self) -> SSAValue:
        """Reads."""
        return self.g.ssa.read(self, self.g.bb)


def range_stmt(g: FuncGen, s: ast.Stmt, label: str | None) -> None:
    """`for k, v := range x`"""
    assert isinstance(s, ast.RangeStmt)
    if s.tok == ":=" and g.pkg.shares_loop_variables(s.pos):
        _declare_shared(g, s)
    t = g.type_of(s.x)
    u = t.underlying
    if isinstance(u, T.Pointer):
        array = u.elem.underlying
        if isinstance(array, T.Array):
            _array(g, s, label, array, pointer=True)
            return
    if isinstance(u, T.Array):
        _array(g, s, label, u, pointer=False)
    elif isinstance(u, T.Slice):
        _slice(g, s, label, u)
    elif isinstance(u, T.Map):
        _map(g, s, label, u)
    elif isinstance(u, T.Chan):
        _chan(g, s, label, u)
    elif isinstance(u, T.Basic) and u.info & T.IS_STRING:
        _string(g, s, label)
    elif isinstance(u, T.Basic) and u.info & T.IS_INTEGER:
        _integer(g, s, label, t)
    elif isinstance(u, T.Signature):
        rangefunc.range_func(g, s, label, u)
    else:
        raise Unsupported(s.x.pos, f"range over {t}")


def _declare_shared(g: FuncGen, s: ast.RangeStmt) -> None:
    """Before Go 1.22: one variable for all iterations, where that can be seen."""
    for e in (s.key, s.value):
        var = g.info.defs.get(e) if isinstance(e, ast.Ident) else None
        if isinstance(var, Var) and (var in g.facts.captured or var in g.facts.address_taken):
            g.facts.reassigned.add(var)
            g.declare_box(var, var.pos)


def is_blank(e: ast.Expr | None) -> bool:
    """Whether a loop variable is absent or `_`."""
    return e is None or (isinstance(e, ast.Ident) and e.name == "_")


def _assign_pair(
    g: FuncGen,
    s: ast.RangeStmt,
    key: Callable[[], SSAValue],
    key_type: T.Type,
    value: Callable[[], SSAValue] | None,
    value_type: T.Type | None,
) -> None:
    """Declares or assigns the loop variables of one iteration."""
    if s.tok == ":=":
        for e, make in ((s.key, key), (s.value, value)):
            if is_blank(e) or make is None:
                continue
            assert isinstance(e, ast.Ident)
            var = g.info.defs.get(e)
            assert isinstance(var, Var)
            found = make()
            source = key_type if make is key else value_type
            assert source is not None
            value_now = g.convert(found, source, var.type, e.pos)
            shared = g.boxes.get(var) if g.pkg.shares_loop_variables(s.pos) else None
            if shared is not None:
                g.store(value_now, shared, e.pos)
            else:
                g.declare(var, value_now, e.pos)
        return
    targets = [
        (assign.target(g, e), make, source)
        for e, make, source in ((s.key, key, key_type), (s.value, value, value_type))
        if e is not None and make is not None and source is not None
    ]
    stores = [(to, g.convert(make(), source, to.type, to.pos)) for to, make, source in targets if to.type is not None]
    for to, found in stores:
        to.store(g, found)


def _count(
    g: FuncGen, s: ast.RangeStmt, label: str | None, limit: SSAValue, assign_variables: Callable[[SSAValue], None]
) -> None:
    """A loop from 0 to limit - 1."""
    t = limit.type
    loop = Loop(g, s, label)
    counter = Counter(g, t)
    pos = s.pos
    counter.set(g.int_const(0, pos, t))
    g.jump(loop.header, pos)
    g.start(loop.header, seal=False)
    index = counter.get()
    g.branch(g.cmp("lt", index, limit, pos), loop.body, loop.done, pos)
    loop.run(lambda: assign_variables(index))
    if not g.dead:
        counter.set(g.value(go.AddOp, (index, g.int_const(1, pos, t)), t, pos))
        g.jump(loop.header, pos)
    loop.finish()


def _integer(g: FuncGen, s: ast.RangeStmt, label: str | None, t: T.Type) -> None:
    # An untyped constant takes the type of the loop variable.
    if s.key is not None and not is_blank(s.key):
        var = g.info.defs.get(s.key) if isinstance(s.key, ast.Ident) and s.tok == ":=" else None
        t = var.type if isinstance(var, Var) else g.type_of(s.key)
    limit = expr.expr_as(g, s.x, t)
    _count(g, s, label, limit, lambda i: _assign_pair(g, s, lambda: i, t, None, None))


def _array(g: FuncGen, s: ast.RangeStmt, label: str | None, u: T.Array, pointer: bool) -> None:
    base: SSAValue | None = None
    if pointer:
        base = expr.expr(g, s.x)
    elif not is_blank(s.value):
        # The loop runs over a copy.
        t = g.t(g.type_of(s.x))
        value = expr.expr(g, s.x)
        base = g.alloc(t, s.x.pos)
        g.store(value, base, s.x.pos)
    elif _has_calls(s.x):
        place.place_of(g, s.x)
    elem = g.t(u.elem)

    def assign_variables(i: SSAValue) -> None:
        def value() -> SSAValue:
            assert base is not None
            at = g.nil_check(base, s.x.pos)
            return g.load(g.index_addr(at, i, elem, s.x.pos, inbounds=True), elem, s.x.pos)

        _assign_pair(g, s, lambda: i, TYP_INT, value, u.elem)

    if is_blank(s.value) and not pointer:
        base = None
    _count(g, s, label, g.int_const(u.length, s.x.pos), assign_variables if not is_blank(s.value) else _keys(g, s))


def _keys(g: FuncGen, s: ast.RangeStmt) -> Callable[[SSAValue], None]:
    return lambda i: _assign_pair(g, s, lambda: i, TYP_INT, None, None)


def _has_calls(e: ast.Expr) -> bool:
    return any(isinstance(n, ast.CallExpr) or (isinstance(n, ast.UnaryExpr) and n.op == "<-") for n in ast.walk(e))


def _slice(g: FuncGen, s: ast.RangeStmt, label: str | None, u: T.Slice) -> None:
    base = expr.expr(g, s.x)
    length = g.value(go.LenOp, (base,), gt.INT, s.x.pos)
    elem = g.t(u.elem)

    def assign_variables(i: SSAValue) -> None:
        def value() -> SSAValue:
            return g.load(g.index_addr(base, i, elem, s.x.pos, inbounds=True), elem, s.x.pos)

        _assign_pair(g, s, lambda: i, TYP_INT, value, u.elem)

    _count(g, s, label, length, assign_variables if not is_blank(s.value) else _keys(g, s))


def _string(g: FuncGen, s: ast.RangeStmt, label: str | None) -> None:
    base = expr.expr(g, s.x)
    pos = s.x.pos
    length = g.value(go.LenOp, (base,), gt.INT, pos)
    loop = Loop(g, s, label)
    counter = Counter(g, gt.INT)
    following = Counter(g, gt.INT)
    counter.set(g.int_const(0, pos))
    g.jump(loop.header, pos)
    g.start(loop.header, seal=False)
    index = counter.get()
    g.branch(g.cmp("lt", index, length, pos), loop.body, loop.done, pos)

    def assign_variables() -> None:
        op = g.op(go.StringNextOp, (base, index), (gt.INT32, gt.INT), pos)
        following.set(op.results[1])
        _assign_pair(g, s, lambda: index, TYP_INT, (lambda: op.results[0]) if s.value is not None else None, TYP_RUNE)

    loop.run(assign_variables)
    if not g.dead:
        counter.set(following.get())
        g.jump(loop.header, pos)
    loop.finish()


def _map(g: FuncGen, s: ast.RangeStmt, label: str | None, u: T.Map) -> None:
    pos = s.x.pos
    m = expr.expr(g, s.x)
    iteration = g.value(go.MapIterOp, (m,), gt.MAP_ITER, pos)
    loop = Loop(g, s, label)
    g.jump(loop.header, pos)
    g.start(loop.header, seal=False)
    op = g.op(go.MapNextOp, (iteration,), (i1, g.t(u.key), g.t(u.elem)), pos)
    key, value = _keep(g, op.results[1], u.key, pos), _keep(g, op.results[2], u.elem, pos)
    g.branch(op.results[0], loop.body, loop.done, pos)
    loop.run(lambda: _assign_pair(g, s, key, u.key, value if s.value is not None else None, u.elem))
    g.jump(loop.header, pos)
    loop.finish()


def _keep(g: FuncGen, value: SSAValue, t: T.Type, pos: int) -> Callable[[], SSAValue]:
    """A value that is used in the next block: a large one goes through memory."""
    if not g.t.is_large(t):
        return lambda: value
    ptr = g.alloc(value.type, pos)
    g.store(value, ptr, pos)
    return lambda: g.load(ptr, value.type, pos)


def _chan(g: FuncGen, s: ast.RangeStmt, label: str | None, u: T.Chan) -> None:
    pos = s.x.pos
    chan = expr.expr(g, s.x)
    loop = Loop(g, s, label)
    g.jump(loop.header, pos)
    g.start(loop.header, seal=False)
    op = g.op(go.RecvOp, (chan,), (g.t(u.elem), i1), pos)
    value = _keep(g, op.results[0], u.elem, pos)
    g.branch(op.results[1], loop.body, loop.done, pos)
    loop.run(lambda: _assign_pair(g, s, value, u.elem, None, None))
    g.jump(loop.header, pos)
    loop.finish()
