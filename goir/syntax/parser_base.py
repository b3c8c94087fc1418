"""What all parts of the parser share: the token cursor, error messages and recovery.

The parser is one class, put together by inheritance from :mod:`parser_base`, :mod:`parse_type`, :mod:`parse_expr`,
:mod:`parse_stmt` and :mod:`parse_decl`; methods that an earlier part needs of a later one are declared here. It
follows the structure of gc's parser where that decides which error is reported where, and builds go/ast's tree.
"""

from __future__ import annotations

from collections.abc import Callable

from goir.syntax import ast, tokens
from goir.syntax.ast import Directive
from goir.syntax.lexer import DirectiveAt, TokenList
from goir.syntax.positions import FileSet, SyntaxError_


class ParserBase:
    """The cursor over the tokens of one file and the errors found so far.

    ``tok`` is the kind of the current token, ``i`` its index. ``function_nesting`` counts enclosing function bodies.
    ``expr_nesting`` is negative in the header of an if, for or switch, outside of any bracket: there ``{`` begins the
    body and not a composite literal.
    """

    def __init__(self, fset: FileSet, token_list: TokenList) -> None:
        self.fset = fset
        self.kinds = token_list.kinds
        self.texts = token_list.texts
        self.positions = token_list.positions
        self.lexical_errors = token_list.errors
        self.bad_literals = token_list.bad_literals
        self.directives = token_list.directives
        self.next_directive: int = 0
        self.i: int = 0
        self.tok: str = self.kinds[0]
        self.errors: list[SyntaxError_] = []
        self.branch_errors: list[SyntaxError_] = []  # these do not count as errors of the parser
        self.function_nesting: int = 0
        self.expr_nesting: int = 0
        self.branches: int = 0  # labels and branch statements so far
        self.deferred: dict[int, Callable[[], list[ast.Stmt]]] = {}  # what parses the function body at a position

    # ---- the cursor

    @property
    def pos(self) -> int:
        """The position of the current token."""
        return self.positions[self.i]

    @property
    def text(self) -> str:
        """The text of the current token."""
        return self.texts[self.i]

    def next(self) -> None:
        """Goes to the next token. Must not be called at the end of the file."""
        i = self.i = self.i + 1
        self.tok = self.kinds[i]

    def got(self, kind: str) -> bool:
        """Skips the current token if it is of this kind."""
        if self.tok == kind:
            i = self.i = self.i + 1
            self.tok = self.kinds[i]
            return True
        return False

    def want(self, kind: str) -> int:
        """Skips a token of this kind, or reports its absence; the position where it is or should be."""
        pos = self.positions[self.i]
        if self.tok == kind:
            i = self.i = self.i + 1
            self.tok = self.kinds[i]
        else:
            self.syntax_error(f"expected {tokens.describe(kind)}")
            self.advance()
        return pos

    def got_assign(self) -> int:
        """Skips ``=``, or ``:=`` with an error; its position, or 0 if there is none."""
        pos = self.positions[self.i]
        if self.tok == ":=":
            self.syntax_error("expected =")
        elif self.tok != "=":
            return 0
        self.next()
        return pos

    # ---- errors

    def error_count(self) -> int:
        """The number of errors so far, lexical ones of the current token included."""
        return len(self.errors) + (len(self.lexical_errors_so_far()) if self.lexical_errors else 0)

    def lexical_errors_so_far(self) -> list[SyntaxError_]:
        """The lexical errors that are known when the current token has been scanned."""
        return [error for token_index, error in self.lexical_errors if token_index <= self.i]

    def error_at(self, pos: int, message: str) -> None:
        """Reports an error as it is."""
        self.errors.append(SyntaxError_(pos, message))

    def syntax_error(self, message: str) -> None:
        """Reports a syntax error at the current token; see :meth:`syntax_error_at`."""
        self.syntax_error_at(self.positions[self.i], message)

    def syntax_error_at(self, pos: int, message: str) -> None:
        """Reports a syntax error.

        A message that starts with "in", "at", "after" or "expected" tells what would be right and is completed with
        the current token, which is not.
        """
        if self.tok == tokens.EOF and self.error_count():
            return  # the file just ends earlier than it would without the first error
        if message.startswith(("in ", "at ", "after ")):
            message = f"unexpected {self._describe_current()} {message}"
        elif message.startswith("expected "):
            message = f"unexpected {self._describe_current()}, {message}"
        self.errors.append(SyntaxError_(pos, "syntax error: " + message))

    def semicolon_name(self) -> str:
        """How messages name the current token, a semicolon: "semicolon", "newline" or "EOF"."""
        return "semicolon" if self.text == ";" else self.text

    def _describe_current(self) -> str:
        tok = self.tok
        if tok == tokens.NAME:
            return f"name {self.text}"
        if tok == ";":
            return self.semicolon_name()
        if tok in tokens.LITERALS:
            return f"literal {self.text}"
        return tokens.describe(tok)

    def advance(self, *follow: str) -> None:
        """Skips tokens until one of ``follow`` or, inside a function, one that starts a statement.

        Without ``follow`` one token is skipped.
        """
        if not follow:
            if self.tok != tokens.EOF:
                self.next()
            return
        stop = {tokens.EOF, *follow}
        if self.function_nesting > 0:
            stop |= tokens.STATEMENT_STARTS
        i = self.i
        kinds = self.kinds
        while kinds[i] not in stop:
            i += 1
        self.i = i
        self.tok = kinds[i]

    def list_error(self, context: str, separator: str, close: str) -> bool:
        """Reports a missing separator in a list; whether the list must be given up.

        The caller has found neither ``separator`` nor ``close`` after an element.
        """
        self.syntax_error(
            f"in {context}; possibly missing {tokens.describe(separator)} or {tokens.describe(close)}"
        )  # fmt: skip
        self.advance(")", "]", "}")
        return self.tok != close

    # ---- directives

    def take_directives(self, place: str) -> list[str]:
        """The ``//go:`` and ``//goir:`` lines since the last declaration, which belong to one that ``place`` begins."""
        first = self.next_directive
        if first == len(self.directives):
            return []
        self.drop_directives()
        for i in range(first, self.next_directive):
            index, directive = self.directives[i]
            self.directives[i] = DirectiveAt(index, directive._replace(place=place))
        return [d.text for d in self.go_directives(first)]

    def drop_directives(self) -> None:
        """Forgets the directives up to here: a declaration ends."""
        last = self.next_directive
        while last < len(self.directives) and self.directives[last].token_index <= self.i:
            last += 1
        self.next_directive = last

    def go_directives(self, first: int = 0) -> list[Directive]:
        """The ``//go:`` and ``//goir:`` lines from one of the directives to the last one that was looked at."""
        return [d for _, d in self.directives[first : self.next_directive] if d.text.startswith("//go")]

    # ---- common productions

    def bad_expr(self) -> ast.BadExpr:
        """A bad expression at the current token."""
        pos = self.positions[self.i]
        return ast.BadExpr(pos, pos)

    def name(self) -> ast.Ident:
        """An identifier; ``_`` with an error when there is none."""
        i = self.i
        pos = self.positions[i]
        if self.tok == "NAME":
            ident = ast.Ident(pos, self.texts[i])
            i += 1
            self.i = i
            self.tok = self.kinds[i]
            return ident
        self.syntax_error("expected name")
        self.advance()
        return ast.Ident(pos, "_")

    def name_list(self, first: ast.Ident) -> list[ast.Ident]:
        """``first {, name}``."""
        names = [first]
        while self.got(","):
            names.append(self.name())
        return names

    def literal(self) -> ast.BasicLit | None:
        """A literal, if there is one."""
        kind = self.tok
        if kind not in tokens.LITERALS:
            return None
        pos = self.positions[self.i]
        x = ast.BasicLit(pos, kind, self.texts[self.i], pos in self.bad_literals)
        self.next()
        return x

    # ---- provided by the parts that follow

    def expr(self) -> ast.Expr:
        """An expression."""
        raise NotImplementedError

    def expr_list(self) -> list[ast.Expr]:
        """``expr {, expr}``."""
        raise NotImplementedError

    def func_body(self) -> ast.BlockStmt:
        """The body of a function."""
        raise NotImplementedError
