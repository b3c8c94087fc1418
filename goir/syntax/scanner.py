"""The careful scanner: character by character, with gc's messages for lexical errors.

It yields the same tokens as the fast path of :mod:`goir.syntax.lexer`, which calls it for files that are not clean.
What it does at an error (what it skips, which of two errors it reports) follows gc, so that follow-up errors agree.
"""

from __future__ import annotations

from bisect import bisect_left

from goir.syntax import tokens
from goir.syntax.ast import Directive
from goir.syntax.lexer import Comment, DirectiveAt, LexicalError, TokenList
from goir.syntax.positions import SourceFile, SyntaxError_

_EOF = ""
_BOM = "\ufeff"
_DIGITS = "0123456789"
_HEX_DIGITS = "0123456789abcdefABCDEF"
_SPACE = " \t\r\n"
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
_BASE_NAMES = {2: "binary", 8: "octal", 10: "decimal", 16: "hexadecimal"}
_OPERATORS_BY_LENGTH = [sorted(op for op in tokens.OPERATORS if len(op) == n) for n in (3, 2, 1)]


def quote_char(c: str) -> str:
    """``c`` as Go's %q prints a rune."""
    named = {"\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v"}
    if c in named:
        return f"'{named[c]}'"
    if c in "'\\":
        return f"'\\{c}'"
    if c.isprintable():
        return f"'{c}'"
    code = ord(c)
    if code < 0x80:
        return f"'\\x{code:02x}'"
    return f"'\\u{code:04x}'" if code < 0x10000 else f"'\\U{code:08x}'"


def unicode_name(code: int) -> str:
    """A code point as Go's %#U prints it."""
    text = f"U+{code:04X}"
    if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 and chr(code).isprintable():
        text += f" '{chr(code)}'"
    return text


def _decode(source: bytes, base: int) -> tuple[list[str], list[int], list[SyntaxError_]]:
    """The characters of ``source`` with their offsets, and the errors in its encoding.

    NUL characters (but for a first one, which is reported as an invalid character like others), bytes that are not
    UTF-8 and byte order marks are reported and left out. The last character is "", at the end of the file.
    """
    chars: list[str] = []
    offsets: list[int] = []
    errors: list[SyntaxError_] = []
    offset = 0
    for c in source.decode("utf-8", "surrogateescape"):
        if c == "\0" and offset:
            errors.append(SyntaxError_(base + offset, "invalid NUL character"))
            offset += 1
        elif "\udc80" <= c <= "\udcff":
            errors.append(SyntaxError_(base + offset, "invalid UTF-8 encoding"))
            offset += 1
        elif c == _BOM:
            if offset:
                errors.append(SyntaxError_(base + offset, "invalid BOM in the middle of the file"))
            offset += 3
        else:
            chars.append(c)
            offsets.append(offset)
            offset += 1 if c < "\x80" else len(c.encode())
    chars.append(_EOF)
    offsets.append(offset)
    return chars, offsets, errors


class Scanner:
    """Scans one file; see :meth:`tokens`."""

    def __init__(self, file: SourceFile, *, keep_comments: bool = False) -> None:
        self._base = file.base
        self._source = file.source
        self._chars, self._offsets, self._encoding_errors = _decode(file.source, file.base)
        self._errors: list[LexicalError] = []
        self._i = 0
        self._start = 0
        self._kinds: list[str] = []
        self._texts: list[str] = []
        self._positions: list[int] = []
        self._ends: list[int] = []
        self._directives: list[DirectiveAt] = []
        self._bad: set[int] = set()
        self._keep_comments = keep_comments
        self.comments: list[Comment] = []

    # ---- characters

    def _ch(self) -> str:
        return self._chars[self._i]

    def _pos(self, index: int) -> int:
        return self._base + self._offsets[index]

    def _text(self) -> str:
        """The source text from the token's start, with whatever was left out of the characters."""
        raw = self._source[self._offsets[self._start] : self._offsets[self._i]]
        return raw.decode("utf-8", "surrogateescape")

    def _error(self, message: str) -> None:
        """An error at the current character."""
        self._errors.append(LexicalError(len(self._kinds), SyntaxError_(self._pos(self._i), message)))

    def _error_at_start(self, message: str, offset: int = 0) -> None:
        """An error ``offset`` bytes after the start of the current token."""
        pos = self._pos(self._start) + offset
        self._errors.append(LexicalError(len(self._kinds), SyntaxError_(pos, message)))

    # ---- tokens

    def tokens(self) -> TokenList:
        """All tokens of the file, the last one being EOF."""
        chars = self._chars
        ends_statement = False
        while True:
            while (c := chars[self._i]) and c in _SPACE and not (c == "\n" and ends_statement):
                self._i += 1
            self._start = self._i
            if not c:
                if ends_statement:
                    self._add(";", "EOF")
                self._add(tokens.EOF, "EOF")
                break
            if c == "\n":
                self._i += 1
                self._add(";", "newline")
                ends_statement = False
                continue
            if c == "/" and chars[self._i + 1] == "/":
                self._line_comment()
                continue
            if c == "/" and chars[self._i + 1] == "*":
                if self._block_comment() and ends_statement:
                    self._add(";", "newline")
                    ends_statement = False
                continue
            if self._token(c):
                ends_statement = self._kinds[-1] in tokens.ENDS_STATEMENT
            # An invalid character leaves ends_statement as it is: it stands between two tokens.
        # The scanner reads one character ahead: what is wrong with the character after a token is found with the token.
        for error in self._encoding_errors:
            self._errors.append(LexicalError(bisect_left(self._ends, error.pos), error))
        errors = sorted(self._errors, key=lambda e: e.error.pos)
        return TokenList(
            self._kinds, self._texts, self._positions, errors, self._directives, frozenset(self._bad)
        )  # fmt: skip

    def _add(self, kind: str, text: str) -> None:
        self._kinds.append(kind)
        self._texts.append(text)
        self._positions.append(self._pos(self._start))
        self._ends.append(self._pos(self._i))

    def _token(self, c: str) -> bool:
        """Scans one token; False when the character was skipped as invalid."""
        if c in _LETTERS or (c >= "\x80" and self._is_identifier_char(first=True)):
            self._i += 1
            self._identifier()
        elif c in _DIGITS or (c == "." and self._chars[self._i + 1] in tuple(_DIGITS)):
            self._number()
        elif c == '"':
            self._string()
        elif c == "`":
            self._raw_string()
        elif c == "'":
            self._char()
        else:
            for length, operators in zip((3, 2, 1), _OPERATORS_BY_LENGTH, strict=True):
                text = "".join(self._chars[self._i : self._i + length])
                if text in operators:
                    self._i += length
                    self._add(text, text)
                    return True
            self._error(f"invalid character {unicode_name(ord(c))}")
            self._i += 1
            return False
        return True

    def _is_identifier_char(self, *, first: bool) -> bool:
        """Whether the current character may be in an identifier; reports those that are accepted with an error."""
        c = self._ch()
        if not c:
            return False
        if c.isalpha() or c == "_":
            return True
        if c.isdecimal():
            if first:
                self._error(f"identifier cannot begin with digit {unicode_name(ord(c))}")
            return True
        if c >= "\x80":
            self._error(f"invalid character {unicode_name(ord(c))} in identifier")
            return True
        return False

    def _identifier(self) -> None:
        while (c := self._ch()) and (c in _LETTERS or c in _DIGITS):
            self._i += 1
        if c >= "\x80":
            while self._is_identifier_char(first=False):
                self._i += 1
        text = self._text()
        self._add(text if text in tokens.KEYWORDS else tokens.NAME, text)

    # ---- comments

    def _line_comment(self) -> None:
        chars = self._chars
        i = self._i
        while chars[i] and chars[i] != "\n":
            i += 1
        self._i = i
        self._comment()

    def _block_comment(self) -> bool:
        """Skips a ``/*`` comment; whether it holds a newline."""
        chars = self._chars
        i = self._i + 2
        while chars[i] and not (chars[i] == "*" and chars[i + 1] == "/"):
            i += 1
        terminated = chars[i] != _EOF
        self._i = i + 2 if terminated else i
        if terminated:
            self._comment()
        else:
            self._error_at_start("comment not terminated")
        return "\n" in chars[self._start : self._i]

    def _comment(self) -> None:
        text = self._text()
        if self._keep_comments:
            last = len(self._kinds) - 1
            while last >= 0 and self._kinds[last] == ";" and self._texts[last] != ";":
                last -= 1  # an inserted semicolon
            previous = self._positions[last] - self._base if last >= 0 else -1
            self.comments.append(Comment(self._offsets[self._start], text, previous))
        if text.startswith(("//go:", "//goir:", "//line ")) or (text.startswith("/*line ") and "\n" not in text):
            directive = Directive(self._pos(self._start), text.rstrip("\r"))
            self._directives.append(DirectiveAt(len(self._kinds), directive))

    # ---- literals

    def _literal(self, kind: str, ok: bool) -> None:
        if not ok:
            self._bad.add(self._pos(self._start))
        self._add(kind, self._text())

    def _digits(self, base: int) -> tuple[bool, bool, int]:
        """Skips digits and ``_``: whether there were digits, separators, and the index of the first digit ≥ base."""
        allowed = _HEX_DIGITS if base == 16 else _DIGITS
        digits = separators = False
        invalid = -1
        while (c := self._ch()) and (c in allowed or c == "_"):
            if c == "_":
                separators = True
            else:
                digits = True
                if base <= 10 and ord(c) - ord("0") >= base and invalid < 0:
                    invalid = self._offsets[self._i] - self._offsets[self._start]
            self._i += 1
        return digits, separators, invalid

    def _number(self) -> None:
        ok = True
        kind = tokens.INT
        base = 10
        prefix = ""
        digits = separators = False
        invalid = -1

        def fail(message: str) -> None:
            nonlocal ok
            if ok:
                self._error(message)
            ok = False

        if self._ch() != ".":
            if self._ch() == "0":
                self._i += 1
                prefix = self._ch().lower()
                base = {"x": 16, "o": 8, "b": 2}.get(prefix, 0)
                if base:
                    self._i += 1
                else:
                    base, prefix, digits = 8, "0", True
            more, separators, invalid = self._digits(base)
            digits |= more
            if self._ch() == "." and prefix in ("o", "b"):
                fail(f"invalid radix point in {_BASE_NAMES[base]} literal")
        if self._ch() == ".":
            kind = tokens.FLOAT
            self._i += 1
            more, more_separators, first_invalid = self._digits(base)
            digits |= more
            separators |= more_separators
            invalid = first_invalid if invalid < 0 else invalid
        if not digits:
            fail(f"{_BASE_NAMES[base]} literal has no digits")

        exponent = self._ch().lower()
        if exponent and exponent in "ep":
            if exponent == "e" and prefix not in ("", "0"):
                fail(f"{quote_char(self._ch())} exponent requires decimal mantissa")
            elif exponent == "p" and prefix != "x":
                fail(f"{quote_char(self._ch())} exponent requires hexadecimal mantissa")
            self._i += 1
            kind = tokens.FLOAT
            if self._ch() in ("+", "-"):
                self._i += 1
            digits, more_separators, _ = self._digits(10)
            separators |= more_separators
            if not digits:
                fail("exponent has no digits")
        elif prefix == "x" and kind == tokens.FLOAT:
            fail("hexadecimal mantissa requires a 'p' exponent")
        if self._ch() == "i":
            kind = tokens.IMAG
            self._i += 1

        text = self._text()
        if kind == tokens.INT and invalid >= 0 and ok:
            digit = quote_char(text.encode("utf-8", "surrogateescape")[invalid : invalid + 1].decode("latin-1"))
            self._error_at_start(f"invalid digit {digit} in {_BASE_NAMES[base]} literal", invalid)
            ok = False
        if separators and ok:
            index = _invalid_separator(text)
            if index >= 0:
                self._error_at_start("'_' must separate successive digits", index)
                ok = False
        self._literal(kind, ok)

    def _string(self) -> None:
        ok = True
        self._i += 1
        while True:
            c = self._ch()
            if c == '"':
                self._i += 1
                break
            if c == "\\":
                self._i += 1
                ok &= self._escape('"')
                continue
            if c == "\n":
                self._error("newline in string")
                ok = False
                break
            if not c:
                self._error_at_start("string not terminated")
                ok = False
                break
            self._i += 1
        self._literal(tokens.STRING, ok)

    def _raw_string(self) -> None:
        ok = True
        self._i += 1
        while self._ch() and self._ch() != "`":
            self._i += 1
        if self._ch():
            self._i += 1
        else:
            self._error_at_start("string not terminated")
            ok = False
        self._literal(tokens.STRING, ok)

    def _char(self) -> None:
        ok = True
        self._i += 1
        count = 0
        while True:
            c = self._ch()
            if c == "'":
                if ok and count == 0:
                    self._error("empty rune literal or unescaped '")
                    ok = False
                elif ok and count != 1:
                    self._error_at_start("more than one character in rune literal")
                    ok = False
                self._i += 1
                break
            if c == "\\":
                self._i += 1
                ok &= self._escape("'")
            elif c == "\n":
                if ok:
                    self._error("newline in rune literal")
                    ok = False
                break
            elif not c:
                if ok:
                    self._error_at_start("rune literal not terminated")
                    ok = False
                break
            else:
                self._i += 1
            count += 1
        self._literal(tokens.CHAR, ok)

    def _escape(self, quote: str) -> bool:
        """Skips what follows a backslash; whether it is a valid escape (the end of the file is the caller's error)."""
        c = self._ch()
        if not c:
            return True
        if c in quote + "abfnrtv\\":
            self._i += 1
            return True
        if c in "01234567":
            count, base, largest = 3, 8, 255
        elif c in "xuU":
            self._i += 1
            count, base, largest = {"x": (2, 16, 255), "u": (4, 16, 0x10FFFF), "U": (8, 16, 0x10FFFF)}[c]
        else:
            self._error("unknown escape")
            return False
        value = 0
        for _ in range(count):
            c = self._ch()
            if not c:
                return True
            digit = int(c, 16) if c in _HEX_DIGITS else base
            if digit >= base:
                self._error(f"invalid character {quote_char(c)} in {_BASE_NAMES[base]} escape")
                return False
            value = value * base + digit
            self._i += 1
        if value > largest and base == 8:
            self._error(f"octal escape value {value} > 255")
            return False
        if value > largest or 0xD800 <= value < 0xE000:
            self._error(f"escape is invalid Unicode code point {unicode_name(value)}")
            return False
        return True


def _invalid_separator(text: str) -> int:
    """The index of the first ``_`` in a number that does not stand between two digits (a base prefix counts as one)."""
    hexadecimal = text[:2].lower() == "0x"
    start = 2 if text[:2].lower() in ("0x", "0o", "0b") else 0
    previous = "0" if start else "."
    for i in range(start, len(text)):
        c = text[i]
        if c == "_":
            if previous != "0":
                return i
            previous = "_"
        elif c in _DIGITS or (hexadecimal and c in _HEX_DIGITS):
            previous = "0"
        else:
            if previous == "_":
                return i - 1
            previous = "."
    return len(text) - 1 if previous == "_" else -1
