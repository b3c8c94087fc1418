"""The entry point of the parser."""

from __future__ import annotations

import gc
import re
import sys

from goir.syntax import ast
from goir.syntax.lexer import tokenize, tokenize_around
from goir.syntax.parse_decl import Parser
from goir.syntax.positions import FileSet, SourceFile, SyntaxError_

# Calls between Python functions need no C stack (Python ≥ 3.11), so that this is a bound on memory, of some 200 MB. It
# is enough for expressions that are nested 100,000 deep; what is deeper gets an error.
_RECURSION_LIMIT = 600_000


def parse_file(
    fset: FileSet, filename: str, source: bytes, *, defer_bodies: bool = False
) -> tuple[ast.File, list[SyntaxError_]]:
    """Parses a Go file, which is added to ``fset`` under ``filename``.

    With ``defer_bodies``, for sources of a library, which are known to have no errors, the bodies of functions are
    parsed when they are looked at.

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
        if defer_bodies:
            tree = _outline(fset, file)
            if tree is not None:
                return tree, []
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


# The end of a line that a function's header ends on, if gofmt has written it.
_HEADER = re.compile(rb"^(?:func |\))[^\n]*\{\n", re.MULTILINE)


def _bodies(source: bytes) -> list[tuple[int, int]]:
    """Where function bodies lie between their braces: those that begin and end as gofmt has them begin and end.

    Headers that could be inside of a raw string or a comment are left out; what is found is not certain all the same."""
    found: list[tuple[int, int]] = []
    count = source.count
    search = _HEADER.search
    outside = 0  # the end of the last body
    at = 0
    while (header := search(source, at)) is not None:
        at = header.end()
        if count(b"`", outside, header.start()) % 2 or count(b"/*", outside, at) != count(b"*/", outside, at):
            continue
        first = at - 1
        last = source.find(b"\n}", first) + 1
        if not last:
            break
        if source[last + 1 : last + 2] not in (b"\n", b""):
            continue  # not the end of a body
        if count(b"`", first, last) % 2 or count(b"/*", first, last) != count(b"*/", first, last):
            continue
        found.append((first, last))
        at = outside = last + 1
    return found


def _outline(fset: FileSet, file: SourceFile) -> ast.File | None:
    """The tree of a file without the bodies that are easy to find; None if that does not work."""
    bodies = _bodies(file.source)
    token_list = tokenize_around(file, bodies) if bodies else None
    if token_list is None:
        return None
    parser = Parser(fset, token_list)
    for first, last in bodies:
        parser.deferred[file.base + first - 1] = lambda first=first, last=last: _body(fset, file, first - 1, last + 1)
    tree = parser.file(file.filename)
    return None if parser.errors or parser.branch_errors else tree


def _body(fset: FileSet, file: SourceFile, first: int, last: int) -> list[ast.Stmt]:
    """The statements of the function body in a range of bytes."""
    part = SourceFile(file.filename, file.base + first, file.source[first:last])
    token_list = tokenize(part)
    parser = Parser(fset, token_list)
    body = parser.func_body()
    errors = [e.error for e in token_list.errors] + parser.errors + parser.branch_errors
    if errors or parser.tok != ";":
        errors.append(SyntaxError_(file.base + last, "not the end of the function"))
        raise ValueError(f"{fset.position(errors[0].pos)}: {errors[0].message}")
    return body.list


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
