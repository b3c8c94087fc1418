"""The order in which packages are initialised, as gc's linker has it.

The language says: of the packages whose imports are all initialised, the one with the first import path is next. gc leaves
out packages that have nothing to do then, so nobody waits for them; where that shows (initialisers that print), goir does
the same. Whether gc has something to do is seen by the syntax: its compiler lays out most literals as data.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence

from goir.syntax import ast

_STATIC_CALLS = frozenset(
    "new len cap string bool byte rune int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 uintptr float32 float64 "
    "complex64 complex128 any error".split()
)


def initialisation_order(
    roots: Sequence[str], imports: Callable[[str], Sequence[str]], idle: Callable[[str], bool] = lambda _: False
) -> list[str]:
    """All packages that the roots need, themselves included, in the order in which they are initialised.

    The runtime comes first, then those that are `idle`: that they have nothing to initialise, nor has what they import."""
    waits: dict[str, int] = {}
    users: dict[str, list[str]] = {}
    todo = list(roots)
    while todo:
        path = todo.pop()
        if path in waits:
            continue
        needed = {p for p in imports(path) if p != "unsafe"}
        waits[path] = len(needed)
        for each in needed:
            users.setdefault(each, []).append(path)
        todo += needed

    def entry(path: str) -> tuple[int, str]:
        return (0 if path == "runtime" else 1 if idle(path) else 2), path

    ready = [entry(path) for path, count in waits.items() if not count]
    heapq.heapify(ready)
    order: list[str] = []
    while ready:
        path = heapq.heappop(ready)[1]
        order.append(path)
        for user in users.get(path, ()):
            waits[user] -= 1
            if not waits[user]:
                heapq.heappush(ready, entry(user))
    return order


def has_initialisers(files: Iterable[ast.File]) -> bool:
    """Whether gc has to run something to initialise a package."""
    for file in files:
        for decl in file.decls:
            if isinstance(decl, ast.FuncDecl):
                if decl.name.name == "init" and decl.recv is None:
                    return True
            elif isinstance(decl, ast.GenDecl) and decl.tok == "var":
                values = (v for s in decl.specs if isinstance(s, ast.ValueSpec) for v in s.values)
                if not all(map(_is_data, values)):
                    return True
    return False


def _is_data(value: ast.Expr) -> bool:
    """Whether gc lays out an initial value as data, as far as can be seen without types."""
    todo: list[ast.Node] = [value]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FuncLit | ast.BasicLit | ast.Ident):
            continue
        if isinstance(node, ast.CompositeLit):
            if isinstance(node.type, ast.MapType) and node.elts:
                return False
            todo += node.elts
        elif isinstance(node, ast.CallExpr):
            function = ast.unparen(node.fun)
            converts = isinstance(function, ast.ArrayType | ast.StarExpr | ast.FuncType | ast.InterfaceType)
            if not converts and not (isinstance(function, ast.Ident) and function.name in _STATIC_CALLS):
                return False
            if isinstance(function, ast.Ident) and function.name == "new":
                continue
            todo += node.args
        elif isinstance(node, ast.KeyValueExpr):
            todo += (node.key, node.value)
        elif isinstance(node, ast.UnaryExpr) and node.op == "&" and isinstance(node.x, ast.SelectorExpr):
            continue
        elif isinstance(node, ast.UnaryExpr) and node.op != "<-":
            todo.append(node.x)
        elif isinstance(node, ast.BinaryExpr):
            todo += [node.x, node.y]
        elif isinstance(node, ast.ParenExpr):
            todo.append(node.x)
        elif not (isinstance(node, ast.SelectorExpr) and isinstance(node.x, ast.Ident)):  # p.C; not v.x.y
            return False
    return True
