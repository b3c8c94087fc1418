"""The entry point of the parser."""

from __future__ import annotations

import gc
import sys

from goir.syntax import ast
from goir.syntax.lexer import tokenize
from goir.syntax.parse_decl import Parser
from goir.syntax.positions import FileSet, SyntaxError_

# Calls between Python functions need no C stack (Python ≥ 3.11), so that this is a bound on memory, of some 200 MB. It
# is enough for expressions that are nested 100,000 deep; what is deeper gets an error.
_RECURSION_LIMIT = 600_000


def parse_file(fset: FileSet, filename: str, source: bytes) -> tuple[ast.File, list[SyntaxError_]]:
    """Parses a Go file, which is added to ``fset`` under ``filename``.

    The errors are gc's, sorted by position: at most one "syntax error" a line, and nothing twice. The tree is complete
    if there are none. With errors it can be checked all the same, which gc does unless one is a "syntax error".
    """
    file = fset.add_file(filename, source)
    limit = sys.getrecursionlimit()
    collecting = gc.isenabled()
    # The tree has no cycles and the collector would walk it again and again.
    gc.disable()
    sys.setrecursionlimit(max(limit, _RECURSION_LIMIT))
    try:
        token_list = tokenize(file)
        parser = Parser(fset, token_list)
        try:
            tree = parser.file(filename)
        except RecursionError:
            pos = parser.pos
            parser.error_at(pos, "syntax error: nesting is too deep")
            tree = ast.File(pos, ast.Ident(pos, "_"), [], [], [], filename, file.base + file.size)
        if not parser.errors and not parser.branch_errors and not token_list.errors:
            return tree, []
        return tree, _reportable(fset, parser.lexical_errors_so_far() + parser.errors + parser.branch_errors)
    finally:
        sys.setrecursionlimit(limit)
        if collecting:
            gc.enable()


def _reportable(fset: FileSet, errors: list[SyntaxError_]) -> list[SyntaxError_]:
    """``errors`` in the order of their positions, without follow-up errors on the same line."""
    result: list[SyntaxError_] = []
    syntax_line = 0
    for error in errors:
        if error.message.startswith("syntax error"):
            file = fset.file(error.pos)
            line = file.line(error.pos) if file is not None else 0
            if line == syntax_line:
                continue
            syntax_line = line
        result.append(error)
    result.sort(key=lambda e: e.pos)
    return [e for i, e in enumerate(result) if i == 0 or e != result[i - 1]]


def has_syntax_errors(errors: list[SyntaxError_]) -> bool:
    """Whether gc would stop after parsing; it goes on to checking after errors of other kinds (literals, labels)."""
    return any(e.message.startswith("syntax error") for e in errors)
