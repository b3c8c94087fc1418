"""The expressions of ``//go:build`` lines, and the version of the language that such a line implies for its file."""

from __future__ import annotations

import contextlib
import re
from typing import NamedTuple

from goir.syntax import ast


class ConstraintError(Exception):
    """A ``//go:build`` line that cannot be understood; the text is go's, without the file's name."""


class Operation(NamedTuple):
    """``&&`` or ``||`` with two operands, or ``!`` with the second None."""

    operator: str
    x: Expression
    y: Expression | None


Expression = str | Operation
"""A tag, or what is made of them."""

_TERM = re.compile(r"&&|\|\||[!()]|[\w.]+|\S")
_KNOWN_TERM = re.compile(r"&&|\|\||[!()]|[\w.]+")
_WORD = re.compile(r"[\w.]+")


def _wrong(what: str) -> ConstraintError:
    return ConstraintError(f"parsing //go:build line: {what}")


def parse(text: str) -> Expression:
    """The expression that ``text`` is, such as ``linux && !cgo``; ConstraintError if it is none."""
    terms: list[str] = _TERM.findall(text)[::-1]
    open_parens = 0

    def next_is(*wanted: str) -> bool:
        if terms and not _KNOWN_TERM.fullmatch(terms[-1]):
            raise _wrong(f"invalid syntax at {terms[-1]}")
        return bool(terms) and terms[-1] in wanted

    def either() -> Expression:
        x = both()
        while next_is("||"):
            x = Operation(terms.pop(), x, both())
        return x

    def both() -> Expression:
        x = negated()
        while next_is("&&"):
            x = Operation(terms.pop(), x, negated())
        return x

    def negated() -> Expression:
        if next_is("!"):
            terms.pop()
            if next_is("!"):
                raise _wrong("double negation not allowed")
            return Operation("!", negated(), None)
        return atom()

    def atom() -> Expression:
        nonlocal open_parens
        if next_is("("):
            terms.pop()
            open_parens += 1
            x = either()
            if not next_is(")"):
                raise _wrong("missing close paren")
            terms.pop()
            open_parens -= 1
            return x
        if not terms:
            raise _wrong("missing close paren" if open_parens else "unexpected end of expression")
        if not _WORD.fullmatch(terms[-1]):
            raise _wrong(f"unexpected token {terms[-1]}")
        return terms.pop()

    x = either()
    if terms:
        raise _wrong(f"unexpected token {terms[-1]}")
    return x


_VERSION = re.compile(r"go1(?:\.(\d+))?")


def implied_version(x: Expression, negated: bool = False) -> int:
    """The least N of which ``x`` implies the tag ``go1.N``; -1 if it implies none."""
    if isinstance(x, str):
        found = None if negated else _VERSION.fullmatch(x)
        return int(found[1] or 0) if found else -1
    if x.y is None:
        return implied_version(x.x, not negated)
    versions = implied_version(x.x, negated), implied_version(x.y, negated)
    return max(versions) if (x.operator == "&&") != negated else min(versions)


def file_version(file: ast.File) -> int:
    """The N of the version go1.N that a file asks for before its package clause; -1 if it asks for none."""
    version = -1
    for directive in file.directives:
        if directive.pos >= file.pos:
            break
        if directive.text.startswith("//go:build"):
            with contextlib.suppress(ConstraintError):
                version = implied_version(parse(directive.text[len("//go:build") :]))
    return version
