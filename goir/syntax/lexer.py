"""From source text to tokens: one compiled regex for files without lexical errors.

The source is decoded as Latin-1, so that an index into the text is a byte offset, and cut into pieces by one
``findall``. Pieces are classified through a dictionary that is filled as they appear, so the work per token is done in
C. As soon as a piece is not a valid token, the file is scanned again by :mod:`goir.syntax.scanner`, character by
character, which knows gc's error messages.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from itertools import accumulate, compress
from typing import NamedTuple

from goir.syntax import tokens
from goir.syntax.ast import Directive
from goir.syntax.positions import SourceFile, SyntaxError_

_HEX = "[0-9a-fA-F]"
_DEC = "[0-9](?:_?[0-9])*"
_HEXES = f"{_HEX}(?:_?{_HEX})*"
_EXPONENT = f"[eE][+-]?{_DEC}"

# A number must not be followed by something that could belong to it: such cases go to the careful scanner.
_NUMBER = (
    "(?:0|[1-9](?:_?[0-9])*"
    rf"|0[xX]_?(?:{_HEXES}(?:\.(?:{_HEXES})?)?|\.{_HEXES})[pP][+-]?{_DEC}i?|0[xX]_?{_HEXES}i?"
    "|0[bB](?:_?[01])+i?|0[oO]?(?:_?[0-7])+i?"
    rf"|{_DEC}(?:\.(?:{_DEC})?(?:{_EXPONENT})?|{_EXPONENT})i?|\.{_DEC}(?:{_EXPONENT})?i?|{_DEC}i)(?![0-9a-zA-Z_.])"
)

_PIECE = re.compile(
    r"[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*"
    r"|[ \t\r]+"
    r"|\n[ \t\r\n]*"
    r"|//[^\n]*"
    r"|\.\.\.|&&|\|\||<-|\+\+|--|:=|[=!]="
    r"|&\^=?|<<=?|>>=?"
    rf"|{_NUMBER}"
    r"|\.?[0-9][0-9a-zA-Z_.]*"  # not a number
    r"|[()\[\]{},;:.~]"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    r"|`[^`]*`"
    r"|'(?:\\.[^'\n]*|[^'\\\n]+)'"
    r"|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/"
    r"|/\*"  # a comment without end
    r"|[-+*/%&|^<>]=?|[=!]"
    r"|[\s\S]"
)

_ESCAPE = (
    rf"\\(?:[abfnrtv\\]|[0-3][0-7]{{2}}|x{_HEX}{{2}}|u(?:[0-9a-cA-CefEF]{_HEX}|[dD][0-7]){_HEX}{{2}}"
    rf"|U(?:0000(?:[0-9a-cA-CefEF]{_HEX}|[dD][0-7]){_HEX}{{2}}|000[1-9a-fA-F]{_HEX}{{4}}|0010{_HEX}{{4}}))"
)
_VALID_STRING = re.compile(rf'"(?:[^"\\\n]|\\"|{_ESCAPE})*"')
_VALID_CHAR = re.compile(rf"'(?:[^'\\\n]|\\'|{_ESCAPE})'")

# Classes of pieces beside the token kinds. White space and comments have the false class.
_SKIP = ""
_NEWLINE = "\n"
_DIRECTIVE = "//"
_LINE_DIRECTIVE_PREFIXES = ("//line ", "/*line ")
_DIRECTIVE_PREFIXES = ("//go:", "//goir:", *_LINE_DIRECTIVE_PREFIXES)

_BOM = b"\xef\xbb\xbf"


class Comment(NamedTuple):
    """A comment: its byte offset, its text, and the offset of the last token before it (-1 without one)."""

    offset: int
    text: str
    previous: int


class DirectiveAt(NamedTuple):
    """A directive and the index of the first token after it."""

    token_index: int
    directive: Directive


class LexicalError(NamedTuple):
    """An error of the scanner and the index of the token it was scanning then."""

    token_index: int
    error: SyntaxError_


class TokenList(NamedTuple):
    """The tokens of a file as parallel lists; the last one is EOF.

    ``texts`` holds the source text; for an inserted semicolon "newline" or "EOF".
    """

    kinds: list[str]
    texts: list[str]
    positions: list[int]
    errors: list[LexicalError]
    directives: list[DirectiveAt]
    bad_literals: frozenset[int]  # positions of literals with errors


class _NeedsCare(Exception):
    """The text holds something that is not a token."""


def utf8_text(latin: str) -> str:
    """The text whose UTF-8 bytes are the characters of ``latin``; bytes that are not UTF-8 become surrogates."""
    return latin if latin.isascii() else latin.encode("latin-1").decode("utf-8", "surrogateescape")


class _Classes(dict[str, str]):
    """Piece → class, filled on demand."""

    def __missing__(self, piece: str) -> str:
        kind = self._classify(piece)
        self[piece] = kind
        return kind

    def _classify(self, piece: str) -> str:
        first = piece[0]
        if first == "_" or first.isalpha() or first >= "\x80":
            if not piece.isascii() and not all(
                c == "_" or c.isalpha() or (c.isdecimal() and i) for i, c in enumerate(utf8_text(piece))
            ):
                raise _NeedsCare
            return tokens.NAME
        if first == "\n":
            return _NEWLINE
        if first in " \t\r":
            return _SKIP
        if first == "/":
            if len(piece) > 1 and piece[1] == "*" and "\n" in piece:
                return _NEWLINE
            if piece.startswith(_DIRECTIVE_PREFIXES):
                return _DIRECTIVE
            if len(piece) > 2 or piece == "//":
                return _SKIP
        elif first == '"':
            if len(piece) > 1 and ("\\" not in piece or _VALID_STRING.fullmatch(piece)):
                return tokens.STRING
        elif first == "`":
            if len(piece) > 1:
                return tokens.STRING
        elif first == "'":
            if len(piece) > 2 and _VALID_CHAR.fullmatch(utf8_text(piece)):
                return tokens.CHAR
        elif first in "0123456789." and not (len(piece) == 1 and first == "."):
            return self._classify_number(piece)
        raise _NeedsCare

    @staticmethod
    def _classify_number(piece: str) -> str:
        if not _NUMBER_PIECE.fullmatch(piece):
            raise _NeedsCare
        if piece[-1] == "i":
            return tokens.IMAG
        if piece[:2] in ("0x", "0X"):
            return tokens.FLOAT if "p" in piece or "P" in piece else tokens.INT
        return tokens.FLOAT if "." in piece or "e" in piece or "E" in piece else tokens.INT


_NUMBER_PIECE = re.compile(_NUMBER)
_KNOWN = {t: t for t in tokens.KEYWORDS | tokens.OPERATORS} | {" ": _SKIP, "\t": _SKIP}


def tokenize(file: SourceFile) -> TokenList:
    """The tokens of ``file``, with lexical errors; registers ``//line`` directives in it."""
    result = _tokenize_fast(file)
    if result is None:
        from goir.syntax.scanner import Scanner

        result = Scanner(file).tokens()
    for token_index, (pos, text, _) in result.directives:
        if text.startswith(_LINE_DIRECTIVE_PREFIXES):
            error = _add_line_directive(file, pos, text)
            if error is not None:
                result.errors.append(LexicalError(token_index, error))
    return result


def tokenize_around(file: SourceFile, skipped: Sequence[tuple[int, int]]) -> TokenList | None:
    """The tokens of ``file`` outside of some byte ranges; None if it is not that easy. ``//line`` directives do nothing."""
    return _tokenize_fast(file, skipped)


def _pieces(
    source: bytes, base: int, skipped: Sequence[tuple[int, int]] = ()
) -> tuple[list[str], list[int], list[str]] | None:
    """The pieces of ``source``, their positions and classes; None when a careful look is needed."""
    if b"\0" in source or _BOM in source[1:]:
        return None
    start = 3 if source.startswith(_BOM) else 0
    if not source.isascii():
        try:
            source.decode()
        except UnicodeDecodeError:
            return None
    text = source.decode("latin-1")
    classes = _Classes(_KNOWN)
    pieces: list[str] = []
    kinds: list[str] = []
    at = start
    try:
        for first, last in skipped:
            some = _PIECE.findall(text, at, first)
            pieces += some
            kinds += map(classes.__getitem__, some)
            pieces.append(text[first:last])
            kinds.append(_SKIP)
            at = last
        some = _PIECE.findall(text, at)
        pieces += some
        kinds += map(classes.__getitem__, some)
    except _NeedsCare:
        return None
    return pieces, list(accumulate(map(len, pieces), initial=base + start)), kinds


def _tokenize_fast(file: SourceFile, skipped: Sequence[tuple[int, int]] = ()) -> TokenList | None:
    base = file.base
    cut = _pieces(file.source, base, skipped)
    if cut is None:
        return None
    pieces, positions, classes = cut
    kinds = list(compress(classes, classes))
    texts = list(compress(pieces, classes))
    positions = list(compress(positions, classes))

    directives: list[DirectiveAt] = []
    directive_indices: list[int] = []
    if _DIRECTIVE in kinds:
        directive_indices = [i for i, kind in enumerate(kinds) if kind == _DIRECTIVE]
        found = [Directive(positions[i], texts[i].rstrip("\r")) for i in directive_indices]
        keep = [kind != _DIRECTIVE for kind in kinds]
        kinds = list(compress(kinds, keep))
        texts = list(compress(texts, keep))
        positions = list(compress(positions, keep))
        directives = [DirectiveAt(i - n, d) for n, (i, d) in enumerate(zip(directive_indices, found, strict=True))]

    # A newline becomes a semicolon after a token that can end a statement, else it is dropped.
    ends_statement = tokens.ENDS_STATEMENT
    i = -1
    try:
        while True:
            i = kinds.index(_NEWLINE, i + 1)
            if i and kinds[i - 1] in ends_statement:
                kinds[i] = ";"
                texts[i] = "newline"
            else:
                kinds[i] = _SKIP
    except ValueError:
        pass  # no more newlines
    if directives:
        dropped = list(accumulate((not kind for kind in kinds), initial=0))
        directives = [DirectiveAt(i - dropped[i], d) for i, d in directives]
    texts = list(compress(texts, kinds))
    positions = list(compress(positions, kinds))
    kinds = list(filter(None, kinds))

    end = base + file.size
    if kinds and kinds[-1] in ends_statement:
        kinds.append(";")
        texts.append("EOF")
        positions.append(end)
    kinds.append(tokens.EOF)
    texts.append("EOF")
    positions.append(end)
    if not file.source.isascii():
        texts = [text if text.isascii() else utf8_text(text) for text in texts]
        directives = [DirectiveAt(i, Directive(d.pos, utf8_text(d.text))) for i, d in directives]
    return TokenList(kinds, texts, positions, [], directives, frozenset())


def comments(source: bytes) -> list[Comment]:
    """All comments of ``source`` in order."""
    cut = _pieces(source, 0)
    if cut is None:
        from goir.syntax.scanner import Scanner

        scanner = Scanner(SourceFile("", 0, source), keep_comments=True)
        scanner.tokens()
        return scanner.comments
    found: list[Comment] = []
    previous = -1
    for piece, offset, kind in zip(*cut, strict=False):
        if piece.startswith(("//", "/*")):
            found.append(Comment(offset, utf8_text(piece), previous))
        elif kind not in (_SKIP, _NEWLINE):
            previous = offset
    return found


_DECIMAL = re.compile("[0-9]+")
_MAX_LINE = 1 << 30


def _trailing_number(text: str) -> tuple[str, str, int | None] | None:
    """Splits ``rest:number``: (rest, the text of the number, its value or None); None without a colon."""
    rest, colon, digits = text.rpartition(":")
    if not colon:
        return None
    return rest, digits, int(digits) if _DECIMAL.fullmatch(digits) and len(digits) < 19 else None


def _add_line_directive(file: SourceFile, pos: int, text: str) -> SyntaxError_ | None:
    """Applies ``//line file:line[:column]`` or ``/*line …*/``; returns the error in a malformed number."""
    offset = pos - file.base
    if text.startswith("//"):
        if offset and file.source[offset - 1 : offset] != b"\n":
            return None  # only a whole line is a directive
        body = text[7:]
        newline = file.source.find(b"\n", offset)
        effective = file.size if newline < 0 else newline + 1
    else:
        if "\n" in text:
            return None
        body = text[7:-2]
        effective = offset + len(text.encode("utf-8", "surrogateescape"))
    last = _trailing_number(body)
    if last is None:
        return None
    name, digits, line = last

    def error(what: str, before: str, number: str) -> SyntaxError_:
        offset = len("//line ") + len(before.encode("utf-8", "surrogateescape")) + len(":")
        return SyntaxError_(pos + offset, f"invalid {what} number: {number}")

    if line is None:
        return error("line", name, digits)
    column = 0
    first = _trailing_number(name)
    if first is not None and first[2] is not None:
        column = line
        if not 0 < column <= _MAX_LINE:
            return error("column", name, digits)
        name, _, line = first[0], first[1], first[2]
    if not 0 < line <= _MAX_LINE:
        return error("line", name, body[len(name) + 1 :])
    if name:
        # As gc does: a relative name is relative to the directory of the file it stands in.
        name = os.path.normpath(os.path.join(os.path.dirname(file.filename), name))
    elif column:
        name = file.line_directives[-1].filename if file.line_directives else file.filename
    file.add_line_directive(effective, name, line, column)
    return None
