"""Parsing statements."""

# Pyright takes self.tok to be unchanged by the method calls between two comparisons.
# pyright: reportUnnecessaryComparison=false

from __future__ import annotations

from typing import NamedTuple

from goir.syntax import ast, tokens
from goir.syntax.branches import check_branches
from goir.syntax.exprstring import expr_string
from goir.syntax.parse_expr import ExprParser

_SIMPLE_STARTS = tokens.LITERALS | tokens.UNARY - {"~"} | {"func", "(", "[", "struct", "map", "chan", "interface"}

_BRANCHES = frozenset({"break", "continue", "goto", "fallthrough"})


class _RangeClause(ast.Stmt):
    """``key, value := range x`` in the header of a for statement, before the statement exists."""

    __slots__ = ("lhs", "range", "tok", "tok_pos", "x")

    def __init__(self, lhs: list[ast.Expr], tok_pos: int, tok: str, range: int, x: ast.Expr) -> None:
        self.pos = lhs[0].pos if lhs else range
        self.lhs = lhs
        self.tok_pos = tok_pos
        self.tok = tok
        self.range = range
        self.x = x


class _Header(NamedTuple):
    """The header of an if, for or switch statement; ``guard`` is the condition of a type switch."""

    init: ast.Stmt | None
    cond: ast.Expr | None
    post: ast.Stmt | None
    guard: ast.AssignStmt | ast.ExprStmt | None = None


class StmtParser(ExprParser):
    """The part of the parser for statements."""

    def func_body(self) -> ast.BlockStmt:
        if self.deferred:
            pos = self.positions[self.i]
            parse = self.deferred.get(pos)
            if parse is not None:
                self.next()
                return ast.BlockStmt.deferred(pos, self.want("}"), parse)
        self.function_nesting += 1
        count = self.error_count()
        branches = self.branches
        body = self.block_stmt("")
        self.function_nesting -= 1
        # After a syntax error, what is missing might make a label or branch look wrong.
        if branches != self.branches and count == self.error_count():
            check_branches(body, self.fset, self.branch_errors)
        return body

    def block_stmt(self, context: str) -> ast.BlockStmt:
        """A block, which follows ``context``."""
        pos = self.positions[self.i]
        if self.tok == "{":
            self.next()
        else:
            self.syntax_error(f"expected {{ after {context}")
            self.advance("NAME", "}")
            rbrace = self.pos
            if self.got("}"):
                return ast.BlockStmt(pos, [], rbrace)
        statements = self.stmt_list()
        return ast.BlockStmt(pos, statements, self.want("}"))

    def stmt_list(self) -> list[ast.Stmt]:
        """Statements up to ``}``, ``case`` or ``default``."""
        statements: list[ast.Stmt] = []
        while (tok := self.tok) != "}" and tok != "case" and tok != "default" and tok != "EOF":
            s = self.stmt_or_none()
            if self.directives:
                self.drop_directives()
            if s is None:
                break
            statements.append(s)
            if self.tok == ";":
                self.next()
            elif self.tok != "}":
                self.syntax_error("at end of statement")
                self.advance(";", "}", "case", "default")
                self.got(";")
        return statements

    def decl_stmt(self) -> ast.Stmt:
        """A const, type or var declaration as a statement."""
        raise NotImplementedError

    def stmt_or_none(self) -> ast.Stmt | None:
        """A statement, if there is one."""
        tok = self.tok
        if tok == "NAME":
            lhs = self.expr_list()
            if self.tok == ":" and len(lhs) == 1 and isinstance(label := lhs[0], ast.Ident):
                return self._labeled_stmt(label)
            return self.simple_stmt(lhs, "")
        if tok in _SIMPLE_STARTS:
            return self.simple_stmt(None, "")
        if tok in _BRANCHES:
            self.branches += 1
        pos = self.positions[self.i]
        match tok:
            case "if":
                return self._if_stmt()
            case "return":
                self.next()
                results = self.expr_list() if self.tok != ";" and self.tok != "}" else []
                return ast.ReturnStmt(pos, results)
            case "for":
                return self._for_stmt()
            case "var" | "const" | "type":
                return self.decl_stmt()
            case "switch":
                return self._switch_stmt()
            case "select":
                return self._select_stmt()
            case "{":
                return self.block_stmt("")
            case "break" | "continue":
                self.next()
                return ast.BranchStmt(pos, tok, self.name() if self.tok == "NAME" else None)
            case "fallthrough":
                self.next()
                return ast.BranchStmt(pos, tok, None)
            case "goto":
                self.next()
                return ast.BranchStmt(pos, tok, self.name())
            case "go" | "defer":
                return self._go_or_defer_stmt(tok)
            case ";":
                return ast.EmptyStmt(pos, self.text != ";")
            case _:
                return None

    def simple_stmt(self, lhs: list[ast.Expr] | None, keyword: str) -> ast.Stmt:
        """A simple statement; ``lhs`` is its beginning if read already.

        After the ``keyword`` "for", the result may be a range clause, which is used in for statements only.
        """
        if lhs is None:
            if keyword == "for" and self.tok == "range":
                return self._range_clause([], 0, "")
            lhs = self.expr_list()
        tok = self.tok
        pos = self.positions[self.i]
        if tok == "=" or tok == ":=":
            self.next()
            if keyword == "for" and self.tok == "range":
                return self._range_clause(lhs, pos, tok)
            return ast.AssignStmt(lhs, pos, tok, self.expr_list())
        x = lhs[0]
        if len(lhs) > 1:
            self.syntax_error("expected := or = or comma")
            self.advance(";", "}")
        elif tok in tokens.ASSIGN_OPS:
            self.next()
            return ast.AssignStmt(lhs, pos, tok, [self.expr()])
        elif tok == "++" or tok == "--":
            self.next()
            return ast.IncDecStmt(x, pos, tok)
        elif tok == "<-":
            self.next()
            return ast.SendStmt(x, pos, self.expr())
        return ast.ExprStmt(x)

    def _range_clause(self, lhs: list[ast.Expr], tok_pos: int, tok: str) -> ast.Stmt:
        pos = self.pos
        self.next()
        return _RangeClause(lhs, tok_pos, tok, pos, self.expr())

    def _labeled_stmt(self, label: ast.Ident) -> ast.Stmt | None:
        colon = self.want(":")
        self.branches += 1
        if self.tok == "}":
            return ast.LabeledStmt(label, colon, ast.EmptyStmt(self.pos, True))
        s = self.stmt_or_none()
        if s is not None:
            return ast.LabeledStmt(label, colon, s)
        self.syntax_error_at(colon, "missing statement after label")
        return None

    def _go_or_defer_stmt(self, tok: str) -> ast.Stmt:
        pos = self.pos
        self.next()
        x = self.primary_expr(None)
        if isinstance(x, ast.ParenExpr):
            self.error_at(x.pos, f"expression in {tok} must not be parenthesized")
            x = ast.unparen(x)
        return ast.GoStmt(pos, x) if tok == "go" else ast.DeferStmt(pos, x)

    # ---- headers

    def _header(self, keyword: str) -> _Header | _RangeClause:
        """What stands between ``keyword`` and the body."""
        self.want(keyword)
        if self.tok == "{":
            if keyword == "if":
                self.syntax_error("missing condition in if statement")
                return _Header(None, self.bad_expr(), None)
            return _Header(None, None, None)
        outer = self.expr_nesting
        self.expr_nesting = -1
        header = self._header_clauses(keyword)
        self.expr_nesting = outer
        return header

    def _header_clauses(self, keyword: str) -> _Header | _RangeClause:
        init: ast.Stmt | None = None
        cond: ast.Stmt | None = None
        post: ast.Stmt | None = None
        semi = 0
        semi_text = ""
        if self.tok != ";":
            if self.got("var"):
                self.syntax_error(f"var declaration not allowed in {keyword} initializer")
            init = self.simple_stmt(None, keyword)
            if isinstance(init, _RangeClause):
                return init
        if self.tok == "{":
            init, cond = None, init
        else:
            if self.tok == ";":
                semi = self.pos
                semi_text = self.semicolon_name()
                self.next()
            else:
                self.want("{")
                if self.tok != "{":
                    self.advance("{", "}")
            if keyword != "for":
                if self.tok != "{":
                    cond = self.simple_stmt(None, keyword)
            elif self.tok == "{":
                self.syntax_error("expected for loop condition")
            else:
                if self.tok != ";":
                    cond = self.simple_stmt(None, "")
                self.want(";")
                if self.tok != "{":
                    post = self.simple_stmt(None, "")
                    if isinstance(post, ast.AssignStmt) and post.tok == ":=":
                        self.syntax_error_at(post.tok_pos, "cannot declare in post statement of for loop")
        return self._condition(keyword, init, cond, post, semi, semi_text)

    def _condition(
        self,
        keyword: str,
        init: ast.Stmt | None,
        cond: ast.Stmt | None,
        post: ast.Stmt | None,
        semi: int,
        semi_text: str,
    ) -> _Header:
        """The header with the statement ``cond`` taken as the condition."""
        if cond is None:
            if keyword == "if" and semi:
                if semi_text != "semicolon":
                    self.syntax_error_at(semi, f"unexpected {semi_text}, expected {{ after if clause")
                else:
                    self.syntax_error_at(semi, "missing condition in if statement")
                return _Header(init, ast.BadExpr(semi, semi), post)
            return _Header(init, None, post)
        if isinstance(cond, ast.ExprStmt):
            if keyword == "switch" and _is_type_switch_guard(cond.x):
                return _Header(init, None, post, cond)
            return _Header(init, cond.x, post)
        if isinstance(cond, ast.AssignStmt):
            if keyword == "switch" and _is_guard_assignment(cond):
                return _Header(init, None, post, cond)
            if cond.tok == "=":
                text = f"assignment {_emphasized(cond.lhs)} = {_emphasized(cond.rhs)}"
            else:
                text = f"{_list_string(cond.lhs)} {cond.tok} {_list_string(cond.rhs)}"
            pos = cond.tok_pos
        elif isinstance(cond, ast.SendStmt):
            text = f"{expr_string(cond.chan)} <- {expr_string(cond.value)}"
            pos = cond.arrow
        else:
            assert isinstance(cond, ast.IncDecStmt)
            text = f"{expr_string(cond.x)}{cond.tok}"
            pos = cond.tok_pos
        self.syntax_error_at(pos, f"cannot use {text} as value")
        return _Header(init, None, post)

    # ---- structured statements

    def _if_stmt(self) -> ast.IfStmt:
        # The chain of "else if" is built from its end, so that its length needs no recursion.
        pending: list[tuple[int, _Header, ast.BlockStmt]] = []
        last: ast.BlockStmt | None = None
        while True:
            pos = self.pos
            header = self._header("if")
            assert isinstance(header, _Header)
            pending.append((pos, header, self.block_stmt("if clause")))
            if not self.got("else"):
                break
            if self.tok == "if":
                continue
            if self.tok == "{":
                last = self.block_stmt("")
            else:
                self.syntax_error("else must be followed by if or statement block")
                self.advance("NAME", "}")
            break
        else_: ast.IfStmt | ast.BlockStmt | None = last
        result: ast.IfStmt | None = None
        for pos, header, body in reversed(pending):
            cond = header.cond if header.cond is not None else ast.BadExpr(body.pos, body.pos)
            else_ = result = ast.IfStmt(pos, header.init, cond, body, else_)
        assert result is not None
        return result

    def _for_stmt(self) -> ast.Stmt:
        pos = self.pos
        header = self._header("for")
        body = self.block_stmt("for clause")
        if isinstance(header, _Header):
            return ast.ForStmt(pos, header.init, header.cond, header.post, body)
        key, value, extra, *_ = *header.lhs, None, None, None
        return ast.RangeStmt(pos, key, value, header.tok_pos, header.tok, header.range, header.x, body, extra)

    def _switch_stmt(self) -> ast.Stmt:
        pos = self.pos
        header = self._header("switch")
        assert isinstance(header, _Header)
        lbrace = self._clauses_start("switch")
        clauses: list[ast.Stmt] = []
        while self.tok != "}" and self.tok != "EOF":
            clauses.append(self._case_clause())
        body = ast.BlockStmt(lbrace, clauses, self.want("}"))
        if header.guard is not None:
            return ast.TypeSwitchStmt(pos, header.init, header.guard, body)
        return ast.SwitchStmt(pos, header.init, header.cond, body)

    def _select_stmt(self) -> ast.Stmt:
        pos = self.want("select")
        lbrace = self._clauses_start("select")
        clauses: list[ast.Stmt] = []
        while self.tok != "}" and self.tok != "EOF":
            clauses.append(self._comm_clause())
        return ast.SelectStmt(pos, ast.BlockStmt(lbrace, clauses, self.want("}")))

    def _clauses_start(self, keyword: str) -> int:
        pos = self.pos
        if not self.got("{"):
            self.syntax_error(f"missing {{ after {keyword} clause")
            self.advance("case", "default", "}")
        return pos

    def _case_clause(self) -> ast.CaseClause:
        pos = self.pos
        items: list[ast.Expr] | None = None
        if self.got("case"):
            items = self.expr_list()
        elif not self.got("default"):
            self._no_case()
        colon = self.want(":")
        return ast.CaseClause(pos, items, colon, self.stmt_list())

    def _comm_clause(self) -> ast.CommClause:
        pos = self.pos
        comm: ast.Stmt | None = None
        if self.got("case"):
            comm = self.simple_stmt(None, "")
        elif not self.got("default"):
            self._no_case()
        colon = self.want(":")
        return ast.CommClause(pos, comm, colon, self.stmt_list())

    def _no_case(self) -> None:
        self.syntax_error("expected case or default or }")
        self.advance(":", "case", "default", "}")


def _is_type_switch_guard(x: ast.Expr) -> bool:
    return isinstance(x, ast.TypeAssertExpr) and x.type is None


def _is_guard_assignment(s: ast.AssignStmt) -> bool:
    """Whether ``s`` is ``x := y.(type)``."""
    single = s.tok == ":=" and len(s.lhs) == 1 and len(s.rhs) == 1
    return single and isinstance(s.lhs[0], ast.Ident) and _is_type_switch_guard(s.rhs[0])


def _list_string(items: list[ast.Expr]) -> str:
    return ", ".join(map(expr_string, items))


def _emphasized(items: list[ast.Expr]) -> str:
    """The text of one side of an assignment; a binary expression in parentheses, so that the ``=`` stands out."""
    if len(items) == 1 and isinstance(items[0], ast.BinaryExpr):
        return f"({expr_string(items[0])})"
    return _list_string(items)
