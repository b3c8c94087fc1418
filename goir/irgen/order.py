"""The order in which gc evaluates what the language leaves open.

Calls and receives come first, in order; variables, fields and elements are read when all calls of the operands beside
them have been made. (`x + f()` sees what f did to x.)

SSA variables cannot change during an expression, so only operands that read memory matter."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from goir.irgen.func import FuncGen
from goir.syntax import ast
from goir.types.objects import Builtin, Var

# Builtins that gc evaluates in place.
_PURE = frozenset({"cap", "complex", "imag", "len", "max", "min", "real", "Add", "Slice", "SliceData", "String"})


def has_call(g: FuncGen, e: ast.Expr) -> bool:
    """Whether a call or receive is in an expression."""
    calls = g.facts.calls
    i = bisect_left(calls, e.pos)
    return i < len(calls) and calls[i] < e.end


def calls_first(g: FuncGen, operands: Sequence[ast.Expr]) -> None:
    """Before operands are evaluated: makes the calls in them, if one could change what an operand before it reads."""
    if not g.facts.calls:
        return
    last = len(operands) - 1
    while last > 0 and not has_call(g, operands[last]):
        last -= 1
    if last > 0 and any(_reads_memory(g, e) for e in operands[:last]):
        for e in operands[: last + 1]:
            _make_calls(g, e)


def _reads_memory(g: FuncGen, e: ast.Expr) -> bool:
    stack: list[ast.Node] = [e]
    while stack:
        node = stack.pop()
        cls = node.__class__
        if cls is ast.Ident:
            obj = g.object_of(node)  # pyright: ignore[reportArgumentType]
            if isinstance(obj, Var) and not obj.is_field and not g.is_ssa(obj):
                return True
        elif cls is ast.StarExpr or cls is ast.IndexExpr:
            return True
        elif cls is ast.SelectorExpr:
            assert isinstance(node, ast.SelectorExpr)
            selection = g.info.selections.get(node)
            if selection is not None and selection.indirect:
                return True
            stack.append(node.x if selection is not None else node.sel)
        elif cls is ast.CallExpr:
            assert isinstance(node, ast.CallExpr)
            stack.extend(node.args)
        elif cls is not ast.FuncLit and isinstance(node, ast.Expr):
            stack.extend(ast.children(node))
    return False


def _make_calls(g: FuncGen, e: ast.Expr) -> None:
    """Evaluates the calls in an expression now; `expr.expr` and `call.call` find the results."""
    from goir.irgen import call, expr

    if not has_call(g, e):
        return
    e = ast.unparen(e)
    tv = g.info.types.get(e)
    if (tv is not None and tv.value is not None) or isinstance(e, ast.FuncLit):
        return
    if isinstance(e, ast.CallExpr):
        fun_type = g.info.types.get(e.fun)
        fun = ast.unparen(e.fun)
        obj = g.object_of(fun.sel if isinstance(fun, ast.SelectorExpr) else fun)
        in_place = isinstance(obj, Builtin) and obj.name in _PURE
        if not in_place and not (fun_type is not None and fun_type.mode == "type"):
            g.made[e] = call.call(g, e)
            return
        for argument in e.args:
            _make_calls(g, argument)
        return
    if (isinstance(e, ast.UnaryExpr) and e.op == "<-") or (isinstance(e, ast.BinaryExpr) and e.op in ("&&", "||")):
        g.made[e] = [expr.expr(g, e)]
        return
    if isinstance(e, ast.SelectorExpr):
        _make_calls(g, e.x)
        return
    for child in ast.children(e):
        if isinstance(child, ast.Expr):
            _make_calls(g, child)
