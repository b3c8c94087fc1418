"""Parsing expressions."""

# Pyright takes self.tok to be unchanged by the method calls between two comparisons.
# pyright: reportUnnecessaryComparison=false

from __future__ import annotations

from goir.syntax import ast, tokens
from goir.syntax.exprstring import expr_string
from goir.syntax.parse_type import TypeParser, index_expr

_PRECEDENCE = tokens.PRECEDENCE
_UNARY = tokens.UNARY
_CONTINUES_OPERAND = frozenset({".", "(", "[", "{"})
_TYPE_STARTS = frozenset({"[", "chan", "map", "struct", "interface"})


class ExprParser(TypeParser):
    """The part of the parser for expressions."""

    def expr(self) -> ast.Expr:
        return self.binary_expr(None, 0)

    def expr_list(self) -> list[ast.Expr]:
        items = [self.binary_expr(None, 0)]
        while self.tok == ",":
            self.next()
            items.append(self.binary_expr(None, 0))
        return items

    def binary_expr(self, x: ast.Expr | None, precedence: int) -> ast.Expr:
        """A binary expression of operators that bind more strongly than ``precedence``; ``x`` is its left operand."""
        if x is None:
            x = self.unary_expr() if self.tok in _UNARY else self.primary_expr(None)
        while self.tok in _PRECEDENCE and (own := _PRECEDENCE[self.tok]) > precedence:
            op = self.tok
            op_pos = self.positions[self.i]
            self.next()
            x = ast.BinaryExpr(x, op_pos, op, self.binary_expr(None, own))
        return x

    def unary_expr(self) -> ast.Expr:
        """A unary expression, or a channel type that starts with ``<-``."""
        op = self.tok
        if op not in _UNARY:
            return self.primary_expr(None)
        pos = self.positions[self.i]
        self.next()
        x = self.unary_expr()
        if op == "*":
            return ast.StarExpr(pos, x)
        if op == "<-" and isinstance(x, ast.ChanType):
            self._make_receive_only(x, pos)
            return x
        return ast.UnaryExpr(pos, op, x)

    def _make_receive_only(self, x: ast.ChanType, arrow: int) -> None:
        """Gives the ``<-`` before the channel type ``x`` to its ``chan``: ``<-(chan<- T)`` is ``<-chan (<-T)``."""
        t: ast.Expr = x
        direction = "send"
        while direction == "send" and isinstance(t, ast.ChanType):
            direction = t.dir
            if direction == "recv":
                self.syntax_error("unexpected <-, expected chan")
            t.pos = arrow
            arrow, t.arrow = t.arrow, arrow
            t.dir = "recv"
            t = t.value
        if direction == "send":
            self.syntax_error(f"unexpected {expr_string(t)}, expected chan")

    def operand(self) -> ast.Expr:
        """A literal, a name, a parenthesised expression, a function literal or a type that is no name."""
        i = self.i
        pos = self.positions[i]
        tok = self.tok
        if tok == "NAME" or tok in tokens.LITERALS:
            text = self.texts[i]
            i += 1
            self.i = i
            self.tok = self.kinds[i]
            if tok == "NAME":
                return ast.Ident(pos, text)
            return ast.BasicLit(pos, tok, text, pos in self.bad_literals)
        if tok == "(":
            self.next()
            self.expr_nesting += 1
            x = self.expr()
            self.expr_nesting -= 1
            return ast.ParenExpr(pos, x, self.want(")"))
        if tok == "func":
            self.next()
            signature = self.func_type("function type", pos)
            if self.tok != "{":
                return signature
            self.expr_nesting += 1
            body = self.func_body()
            self.expr_nesting -= 1
            return ast.FuncLit(signature, body)
        if tok in _TYPE_STARTS:
            return self.type_()
        x = self.bad_expr()
        self.syntax_error("expected expression")
        self.advance(")", "]", "}")
        return x

    def primary_expr(self, x: ast.Expr | None) -> ast.Expr:
        """An operand and the selectors, indices, calls and literal values after it; ``x`` is the operand if known."""
        if x is None:
            if self.tok == "NAME":
                i = self.i
                x = ast.Ident(self.positions[i], self.texts[i])
                i += 1
                self.i = i
                self.tok = self.kinds[i]
            else:
                x = self.operand()
        while (tok := self.tok) in _CONTINUES_OPERAND:
            if tok == ".":
                x = self._selector(x)
            elif tok == "(":
                x = self._call(x)
            elif tok == "[":
                x = self._index_or_slice(x)
            elif tok == "{" and self._may_be_literal_type(x):
                if isinstance(x, ast.ParenExpr):
                    self.syntax_error("cannot parenthesize type in composite literal")
                x = self._literal_value(x)
            else:
                break
        return x

    def _selector(self, x: ast.Expr) -> ast.Expr:
        """``.name`` or ``.(type)`` after ``x``."""
        i = self.i + 1
        if self.kinds[i] == "NAME":
            sel = ast.Ident(self.positions[i], self.texts[i])
            i += 1
            self.i = i
            self.tok = self.kinds[i]
            return ast.SelectorExpr(x, sel)
        self.next()
        if self.tok == "(":
            lparen = self.pos
            self.next()
            type_ = None if self.got("type") else self.type_()
            return ast.TypeAssertExpr(x, lparen, type_, self.want(")"))
        self.syntax_error("expected name or (")
        self.advance(";", ")")
        return x

    def _index_or_slice(self, x: ast.Expr) -> ast.Expr:
        lbrack = self.positions[self.i]
        self.next()
        low: ast.Expr | None = None
        if self.tok != ":":
            comma = False
            if self.tok == "]":
                self.syntax_error("expected operand")
                items: list[ast.Expr] = [self.bad_expr()]
            else:
                items, comma = self.type_list(strict=False)
            if comma or self.tok == "]":
                return index_expr(x, lbrack, items, self.want("]"))
            low = items[0]
        if not self.got(":"):
            self.syntax_error("expected comma, : or ]")
            self.advance(",", ":", "]")
        self.expr_nesting += 1
        high: ast.Expr | None = None
        max_: ast.Expr | None = None
        slice3 = False
        if self.tok != ":" and self.tok != "]":
            high = self.expr()
        if self.tok == ":":
            slice3 = True
            if high is None:
                self.error_at(self.pos, "middle index required in 3-index slice")
                high = self.bad_expr()
            self.next()
            if self.tok != "]":
                max_ = self.expr()
            else:
                self.error_at(self.pos, "final index required in 3-index slice")
                max_ = self.bad_expr()
        self.expr_nesting -= 1
        return ast.SliceExpr(x, lbrack, low, high, max_, slice3, self.want("]"))

    def _call(self, fun: ast.Expr) -> ast.Expr:
        """``(args)`` after ``fun``."""
        lparen = self.positions[self.i]
        self.next()
        args: list[ast.Expr] = []
        ellipsis = 0
        self.expr_nesting += 1
        while self.tok != ")" and self.tok != "EOF" and not ellipsis:
            args.append(self.binary_expr(None, 0))
            if self.tok == "...":
                ellipsis = self.pos
                self.next()
            if self.tok == ",":
                self.next()
            elif self.tok != ")" and self.list_error("argument list", ",", ")"):
                self.expr_nesting -= 1
                return ast.CallExpr(fun, lparen, args, ellipsis, self.pos)
        self.expr_nesting -= 1
        return ast.CallExpr(fun, lparen, args, ellipsis, self.want(")"))

    def _may_be_literal_type(self, x: ast.Expr) -> bool:
        """Whether ``{`` after ``x`` begins a literal value and not a block."""
        t = ast.unparen(x)
        if isinstance(t, (ast.Ident, ast.SelectorExpr)):
            return self.expr_nesting >= 0
        if isinstance(t, (ast.IndexExpr, ast.IndexListExpr)):
            return self.expr_nesting >= 0 and not _is_value(t)
        return isinstance(t, (ast.ArrayType, ast.StructType, ast.MapType))

    def _literal_value(self, type_: ast.Expr | None) -> ast.CompositeLit:
        """``{elements}`` of a composite literal."""
        self.expr_nesting += 1
        lbrace = self.want("{")
        elts: list[ast.Expr] = []
        rbrace = 0
        while self.tok != "}" and self.tok != "EOF":
            x = self._element()
            if self.tok == ":":
                colon = self.positions[self.i]
                self.next()
                x = ast.KeyValueExpr(x, colon, self._element())
            elts.append(x)
            if self.tok == ",":
                self.next()
            elif self.tok != "}" and self.list_error("composite literal", ",", "}"):
                rbrace = self.pos
                break
        if not rbrace:
            rbrace = self.want("}")
        self.expr_nesting -= 1
        return ast.CompositeLit(type_, lbrace, elts, rbrace)

    def _element(self) -> ast.Expr:
        if self.tok == "{":
            return self._literal_value(None)
        return self.binary_expr(None, 0)


def _is_value(x: ast.Expr) -> bool:
    """Whether ``x`` can only be a value, not a type."""
    match x:
        case (
            ast.BasicLit()
            | ast.CompositeLit()
            | ast.FuncLit()
            | ast.SliceExpr()
            | ast.TypeAssertExpr()
            | ast.CallExpr()
            | ast.UnaryExpr()
            | ast.BinaryExpr()
        ):
            return True
        case ast.ParenExpr():
            return _is_value(x.x)
        case ast.IndexExpr():
            return _is_value(x.x) or _is_value(x.index)
        case ast.IndexListExpr():
            # gc asks the list of indices as one expression, which is never a value.
            return _is_value(x.x)
        case _:
            return False
