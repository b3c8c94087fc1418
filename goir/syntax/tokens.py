"""Token kinds. A token's kind is a str: the source text for operators, delimiters and keywords, else one of NAME, INT,
FLOAT, IMAG, CHAR, STRING, ``;`` (also for an inserted semicolon) and EOF.
"""

from __future__ import annotations

from typing import Final

NAME: Final = "NAME"
INT: Final = "INT"
FLOAT: Final = "FLOAT"
IMAG: Final = "IMAG"
CHAR: Final = "CHAR"
STRING: Final = "STRING"
EOF: Final = "EOF"

LITERALS: Final = frozenset({INT, FLOAT, IMAG, CHAR, STRING})

_WORDS = """
    break case chan const continue default defer else fallthrough for func go goto if import interface map package
    range return select struct switch type var
"""
KEYWORDS: Final = frozenset(_WORDS.split())

# Binary operators and how strongly they bind.
PRECEDENCE: Final[dict[str, int]] = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), 3),
    **dict.fromkeys(("+", "-", "|", "^"), 4),
    **dict.fromkeys(("*", "/", "%", "&", "&^", "<<", ">>"), 5),
}

UNARY: Final = frozenset({"+", "-", "!", "^", "~", "*", "&", "<-"})

ASSIGN_OPS: Final = frozenset({"+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "&^="})

_OTHER_OPERATORS = "! ~ ++ -- = := <- ( ) [ ] { } , ; : . ..."
OPERATORS: Final = frozenset(PRECEDENCE) | ASSIGN_OPS | frozenset(_OTHER_OPERATORS.split())

# A newline after one of these tokens ends the statement.
ENDS_STATEMENT: Final = LITERALS | frozenset(
    {NAME, ")", "]", "}", "++", "--", "break", "continue", "fallthrough", "return"}
)

# Keywords that start a statement: where the parser resumes after an error inside a function.
_STATEMENT_WORDS = "break const continue defer fallthrough for go goto if return select switch type var"
STATEMENT_STARTS: Final = frozenset(_STATEMENT_WORDS.split())


def describe(kind: str) -> str:
    """The words for a token kind in an error message."""
    if kind == ",":
        return "comma"
    if kind == ";":
        return "semicolon or newline"
    if kind in KEYWORDS:
        return "keyword " + kind
    if kind == NAME:
        return "name"
    return kind
