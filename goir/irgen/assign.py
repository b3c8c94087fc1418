"""Assignments. The operands on the left are evaluated first, in order; indexing, indirection, storing come last."""

from __future__ import annotations

from xdsl.ir import SSAValue

from goir.dialects import go
from goir.irgen import composite, const, expr, order
from goir.irgen.errors import Unsupported
from goir.irgen.func import FuncGen
from goir.syntax import ast
from goir.types import types as T
from goir.types.objects import Var
from goir.types.universe import TYP_BOOL

_Step = tuple[str, "int | SSAValue", T.Type]


class Target:
    """The left side of an assignment with its operands evaluated.

    One of: nothing (`_`); an SSA variable and a path of struct fields in it; a map and a key; an address that results
    from `base` by the steps "deref" (nil check), "field" and "index"."""

    __slots__ = ("base", "key", "kind", "path", "pos", "steps", "type", "var")

    def __init__(self, kind: str, type: T.Type | None, pos: int) -> None:
        self.kind = kind
        self.type = type
        self.pos = pos
        self.var: Var | None = None
        self.path: list[tuple[int, T.Type]] = []
        self.base: SSAValue | None = None
        self.key: SSAValue | None = None
        self.steps: list[_Step] = []

    def address(self, g: FuncGen) -> SSAValue:
        """The address, with the checks on the way to it."""
        ptr = self.base
        assert ptr is not None
        for what, operand, t in self.steps:
            if what == "deref":
                ptr = g.nil_check(ptr, self.pos)
            elif what == "field":
                assert isinstance(operand, int)
                ptr = g.field_addr(ptr, operand, g.t(t), self.pos)
            else:
                assert isinstance(operand, SSAValue)
                ptr = g.index_addr(ptr, operand, g.t(t), self.pos)
        self.base = ptr
        self.steps = []
        return ptr

    def load(self, g: FuncGen) -> SSAValue:
        """The present value."""
        assert self.type is not None
        if self.kind == "memory":
            return g.load(self.address(g), g.t(self.type), self.pos)
        if self.kind == "map":
            assert self.base is not None and self.key is not None
            return g.value(go.MapGetOp, (self.base, self.key), g.t(self.type), self.pos)
        assert self.var is not None
        value = g.read(self.var, self.pos)
        for index, t in self.path:
            value = g.extract(value, index, g.t(t), self.pos)
        return value

    def store(self, g: FuncGen, value: SSAValue) -> None:
        """Assigns a value of the target's type."""
        if self.kind == "memory":
            g.store(value, self.address(g), self.pos)
        elif self.kind == "map":
            assert self.base is not None and self.key is not None
            g.op(go.MapSetOp, (self.base, self.key, value), (), self.pos)
        elif self.kind == "var":
            assert self.var is not None
            if self.path:
                value = self._insert(g, g.read(self.var, self.pos), 0, value)
            g.write(self.var, value, self.pos)

    def _insert(self, g: FuncGen, struct: SSAValue, depth: int, value: SSAValue) -> SSAValue:
        index, t = self.path[depth]
        if depth + 1 < len(self.path):
            inner = g.extract(struct, index, g.t(t), self.pos)
            value = self._insert(g, inner, depth + 1, value)
        return g.insert(value, struct, index, self.pos)


def target(g: FuncGen, e: ast.Expr) -> Target:
    """Evaluates the operands of the left side `e`."""
    e = ast.unparen(e)
    if isinstance(e, ast.Ident):
        if e.name == "_":
            return Target("blank", None, e.pos)
        var = g.object_of(e)
        if not isinstance(var, Var):
            raise Unsupported(e.pos, "assignment to this")
        return _variable(g, var, e.pos)
    if isinstance(e, ast.SelectorExpr):
        selection = g.info.selections.get(e)
        if selection is None:
            var = g.info.uses.get(e.sel)
            if not isinstance(var, Var):
                raise Unsupported(e.pos, "assignment to this")
            return _variable(g, var, e.pos)
        return _fields(g, e, selection.index)
    if isinstance(e, ast.IndexExpr):
        t = g.type_of(e.x)
        u = t.underlying
        if isinstance(u, T.Map):
            result = Target("map", u.elem, e.lbrack)
            result.base = expr.expr(g, e.x)
            result.key = expr.expr_as(g, e.index, u.key)
            return result
        if isinstance(u, T.Array):
            result = target(g, e.x)
            if result.kind != "memory":
                raise Unsupported(e.pos, "assignment to this element")
            result.steps.append(("index", expr.index_value(g, e.index), u.elem))
            result.type = u.elem
            result.pos = e.lbrack
            return result
        result = Target("memory", None, e.lbrack)
        result.base = expr.expr(g, e.x)
        index = expr.index_value(g, e.index)
        if isinstance(u, T.Pointer):
            u = u.elem.underlying
            result.steps.append(("deref", 0, t))
        if not isinstance(u, (T.Slice, T.Array)):
            raise Unsupported(e.pos, "assignment to this element")
        result.steps.append(("index", index, u.elem))
        result.type = u.elem
        return result
    if isinstance(e, ast.StarExpr):
        t = g.type_of(e.x)
        u = t.underlying
        assert isinstance(u, T.Pointer)
        result = Target("memory", u.elem, e.pos)
        result.base = expr.expr(g, e.x)
        result.steps.append(("deref", 0, t))
        return result
    raise Unsupported(e.pos, "assignment to this")


def _variable(g: FuncGen, var: Var, pos: int) -> Target:
    ptr = g.box(var, pos)
    if ptr is not None:
        result = Target("memory", var.type, pos)
        result.base = ptr
        return result
    result = Target("var", var.type, pos)
    result.var = var
    return result


def _fields(g: FuncGen, e: ast.SelectorExpr, path: list[int]) -> Target:
    t = g.type_of(e.x)
    if isinstance(t.underlying, T.Pointer):
        result = Target("memory", t, e.sel.pos)
        result.base = expr.expr(g, e.x)
        result.steps.append(("deref", 0, t))
        u = t.underlying
        assert isinstance(u, T.Pointer)
        t = u.elem
    else:
        result = target(g, e.x)
        result.pos = e.sel.pos
    for n, index in enumerate(path):
        u = t.underlying
        if n and isinstance(u, T.Pointer):
            # An embedded pointer: it is an operand, read before the assignment.
            value = _load_operand(g, result, t)
            result = Target("memory", t, e.sel.pos)
            result.base = value
            result.steps.append(("deref", 0, t))
            t = u.elem
            u = t.underlying
        assert isinstance(u, T.Struct)
        t = u.fields[index].type
        if result.kind == "var":
            result.path.append((index, t))
        elif result.kind == "memory":
            result.steps.append(("field", index, t))
        else:
            raise Unsupported(e.pos, "assignment to this field")
        result.type = t
    return result


def _load_operand(g: FuncGen, at: Target, t: T.Type) -> SSAValue:
    at.type = t
    return at.load(g)


# Statements ----------------------------------------------------------------------------------------------------------


def assign_stmt(g: FuncGen, s: ast.AssignStmt) -> None:
    """`=`, `:=` and the assignment operators."""
    if s.tok == ":=":
        define(g, s.lhs, s.rhs, s.pos)
    elif s.tok == "=":
        assign(g, s.lhs, s.rhs)
    else:
        op_assign(g, s.lhs[0], s.tok[:-1], s.rhs[0], s.tok_pos)


def op_assign(g: FuncGen, lhs: ast.Expr, op: str, rhs: ast.Expr, pos: int) -> None:
    """`lhs op= rhs`; the operands of lhs are evaluated once."""
    order.calls_first(g, (lhs, rhs))
    to = target(g, lhs)
    assert to.type is not None
    t = to.type
    u = t.underlying
    if op in ("<<", ">>"):
        old = to.load(g)
        y = expr.shift_count(g, rhs)
        # An untyped or interface-free shift keeps the type of the left side.
        to.store(g, expr.arithmetic(g, op, old, y, pos))
        return
    old = to.load(g)
    y = expr.expr_as(g, rhs, t)
    if isinstance(u, T.Basic) and u.info & T.IS_STRING:
        to.store(g, g.value(go.ConcatOp, (old, y), old.type, pos))
    else:
        to.store(g, expr.arithmetic(g, op, old, y, pos))


def inc_dec(g: FuncGen, s: ast.IncDecStmt) -> None:
    """`x++`, `x--`"""
    to = target(g, s.x)
    assert to.type is not None
    old = to.load(g)
    one = const.constant(g, 1, to.type, s.tok_pos)
    to.store(g, expr.arithmetic(g, s.tok[0], old, one, s.tok_pos))


def assign(g: FuncGen, lhs: list[ast.Expr], rhs: list[ast.Expr]) -> None:
    """`lhs = rhs`, with one or several on each side."""
    if len(lhs) == len(rhs):
        if len(lhs) == 1:
            _assign_one(g, lhs[0], rhs[0])
            return
        order.calls_first(g, [*lhs, *rhs])
        targets = [target(g, e) for e in lhs]
        values = [_value(g, to, e) for to, e in zip(targets, rhs, strict=True)]
        for to, value in zip(targets, values, strict=True):
            if value is not None:
                to.store(g, value)
        return
    order.calls_first(g, [*lhs, *_operands(rhs[0])])
    # As in gc, what is on the left is read after that.
    values, types = several(g, rhs[0], len(lhs))
    for to, value, t in zip([target(g, e) for e in lhs], values, types, strict=True):
        if to.type is not None:
            to.store(g, g.convert(value, t, to.type, to.pos))


def _operands(e: ast.Expr) -> list[ast.Expr]:
    """What is evaluated before the v, ok form of an expression, or before a call."""
    inner = ast.unparen(e)
    match inner:
        case ast.UnaryExpr() | ast.TypeAssertExpr():
            return [inner.x]
        case ast.IndexExpr():
            return [inner.x, inner.index]
        case _:
            return [e]


def _assign_one(g: FuncGen, lhs: ast.Expr, rhs: ast.Expr) -> None:
    order.calls_first(g, (lhs, rhs))
    to = target(g, lhs)
    value = _value(g, to, rhs)
    if value is not None:
        to.store(g, value)


def _value(g: FuncGen, to: Target, e: ast.Expr) -> SSAValue | None:
    if to.type is not None:
        return expr.expr_as(g, e, to.type)
    discard(g, e)
    return None


def discard(g: FuncGen, e: ast.Expr) -> None:
    """Evaluates an expression whose value is assigned to `_`."""
    if g.is_nil(e) or _is_const(g, e):
        return
    expr.expr(g, e)


def _is_const(g: FuncGen, e: ast.Expr) -> bool:
    tv = g.info.types.get(e)
    return tv is not None and tv.value is not None


def several(g: FuncGen, e: ast.Expr, count: int) -> tuple[list[SSAValue], list[T.Type]]:
    """The values of one expression on the right of an assignment to `count` variables."""
    if count == 2:
        pair = expr.comma_ok(g, e)
        if pair is not None:
            value, ok, t = pair
            return [value, ok], [t, TYP_BOOL]
    return expr.multi(g, e)


def define(g: FuncGen, lhs: list[ast.Expr], rhs: list[ast.Expr], pos: int) -> None:
    """`lhs := rhs`: declares the new variables on the left and assigns to the others."""
    if len(lhs) == 1 and len(rhs) == 1:
        _define_one(g, lhs[0], rhs[0])
        return
    targets = [_declared_or_target(g, e) for e in lhs]
    if len(lhs) == len(rhs):
        order.calls_first(g, rhs)
        values: list[SSAValue | None] = []
        for to, e in zip(targets, rhs, strict=True):
            t = to.type
            if t is None:
                discard(g, e)
                values.append(None)
            else:
                values.append(expr.expr_as(g, e, t))
    else:
        found, types = several(g, rhs[0], len(lhs))
        values = [
            g.convert(v, t, to.type, pos) if to.type is not None else None
            for v, t, to in zip(found, types, targets, strict=True)
        ]
    for to, value in zip(targets, values, strict=True):
        if value is None:
            continue
        if isinstance(to, Var):
            g.declare(to, value, to.pos)
        else:
            to.store(g, value)


def _declared_or_target(g: FuncGen, e: ast.Expr) -> Var | Target:
    if isinstance(e, ast.Ident):
        var = g.info.defs.get(e)
        if isinstance(var, Var):
            return var if e.name != "_" else Target("blank", None, e.pos)
    return target(g, e)


def _define_one(g: FuncGen, lhs: ast.Expr, rhs: ast.Expr) -> None:
    to = _declared_or_target(g, lhs)
    if isinstance(to, Var):
        initialise(g, to, rhs)
    else:
        value = _value(g, to, rhs)
        if value is not None:
            to.store(g, value)


def initialise(g: FuncGen, var: Var, e: ast.Expr) -> None:
    """Declares a variable with an initial value; large literals are built in the variable."""
    inner = ast.unparen(e)
    if (
        isinstance(inner, ast.CompositeLit)
        and g.is_boxed(var)
        and isinstance(var.type.underlying, (T.Struct, T.Array))
        and g.t(g.type_of(inner)) == g.t(var.type)
    ):
        composite.build(g, inner, var.type, g.declare_box(var, var.pos))
        return
    g.declare(var, expr.expr_as(g, e, var.type), var.pos)


def value_spec(g: FuncGen, spec: ast.ValueSpec) -> None:
    """One line of a var declaration in a function."""
    variables = [_declared_or_target(g, name) for name in spec.names]
    if not spec.values:
        for var in variables:
            if isinstance(var, Var):
                g.declare(var, None, var.pos)
        return
    if len(spec.values) == 1 and len(variables) == 1:
        var = variables[0]
        if isinstance(var, Var):
            initialise(g, var, spec.values[0])
        else:
            _discard_as(g, spec, spec.values[0])
        return
    if len(spec.values) == len(variables):
        order.calls_first(g, spec.values)
        values: list[SSAValue | None] = []
        for var, e in zip(variables, spec.values, strict=True):
            if isinstance(var, Var):
                values.append(expr.expr_as(g, e, var.type))
            else:
                _discard_as(g, spec, e)
                values.append(None)
    else:
        found, types = several(g, spec.values[0], len(variables))
        values = [
            g.convert(v, t, var.type, spec.pos) if isinstance(var, Var) else None
            for v, t, var in zip(found, types, variables, strict=True)
        ]
    for var, value in zip(variables, values, strict=True):
        if isinstance(var, Var) and value is not None:
            g.declare(var, value, var.pos)


def _discard_as(g: FuncGen, spec: ast.ValueSpec, e: ast.Expr) -> None:
    if spec.type is not None and not g.is_nil(e):
        expr.expr_as(g, e, g.type_of(spec.type))
    else:
        discard(g, e)
