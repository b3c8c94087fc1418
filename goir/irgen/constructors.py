"""Which functions of other packages a module should have the bodies of, to inline them: those that look like they make
something small and return it.

The decision is made on the syntax alone: nothing is checked or generated for the others. It errs towards having a body:
whether inlining it is worth anything is for the pass (lowering/inline_constructors.py) to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from goir.syntax import ast

MAX_NODES = 160
"""Functions of up to so many nodes of syntax are looked at."""

_STAY = (
    ast.FuncLit, ast.GoStmt, ast.DeferStmt, ast.SendStmt, ast.SelectStmt, ast.ForStmt, ast.RangeStmt, ast.LabeledStmt,
    ast.TypeSpec,
)  # fmt: skip
"""What is not looked for in a constructor: it would make a function of its own, wait, or take longer than a call."""
_DIRECTIVES = frozenset(("noinline", "extern", "intrinsic", "nosuspend", "features", "noescape"))


Callee = Callable[[ast.Expr], bool]
"""Answers whether an expression names a function that may construct something."""


def may_construct(decl: ast.FuncDecl, directives: Mapping[str, str], constructs: Callee) -> bool:
    """Whether a function is small and may return something that it has made."""
    results = decl.type.results
    if decl.body is None or results is None or _DIRECTIVES & directives.keys():
        return False
    if all(isinstance(field.type, ast.Ident) and field.type.name in _PLAIN for field in results.list):
        return False
    makes = False
    returned: list[ast.Expr] = []
    for count, node in enumerate(ast.walk(decl.body)):
        if count == MAX_NODES or isinstance(node, _STAY):
            return False
        match node:
            case ast.Ident(name="recover"):
                return False
            case ast.UnaryExpr(op="&") | ast.CallExpr(fun=ast.Ident(name="new" | "make")):
                makes = True
            case ast.CompositeLit(type=ast.ArrayType(len=None) | ast.MapType()):
                makes = True
            case ast.ReturnStmt():
                returned += map(ast.unparen, node.results)
            case _:
                pass
    return makes or any(_is_made(x, constructs) for x in returned)


_PLAIN = frozenset(
    "bool int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr byte rune float32 float64 complex64"
    " complex128".split()
)
"""Types without pointers: what is made is not returned in them."""


def _is_made(x: ast.Expr, constructs: Callee) -> bool:
    """Whether an expression may make its value: a text is joined or converted, a constructor is called."""
    match x:
        case ast.BinaryExpr(op="+") | ast.CallExpr(fun=ast.ArrayType() | ast.Ident(name="string")):
            return True
        case ast.CallExpr(fun=ast.Ident() | ast.SelectorExpr(x=ast.Ident()) as fun):
            return constructs(fun)
        case _:
            return False
