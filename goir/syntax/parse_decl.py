"""Parsing declarations and files."""

# Pyright takes self.tok to be unchanged by the method calls between two comparisons.
# pyright: reportUnnecessaryComparison=false

from __future__ import annotations

from collections.abc import Callable

from goir.syntax import ast, tokens
from goir.syntax.parse_stmt import StmtParser

_DECL_STARTS = ("import", "const", "type", "var", "func")


class Parser(StmtParser):
    """The whole parser of one file."""

    def file(self, filename: str) -> ast.File:
        """The file; what follows a wrong package clause is not read."""
        pos = self.pos
        file = ast.File(pos, ast.Ident(pos, "_"), [], [], [], filename, self.positions[-1])
        if not self.got("package"):
            self.syntax_error("package statement must be first")
            return file
        self.take_directives("package")
        file.name = self.name()
        self.want(";")
        if self.error_count():
            return file

        decls = file.decls
        previous = "import"
        while (tok := self.tok) != tokens.EOF:
            if tok == "import" and previous != "import":
                self.syntax_error("imports must appear before other declarations")
            previous = tok
            if tok == "func":
                decl = self._func_decl()
                if decl is not None:
                    decls.append(decl)
            elif tok in _DECL_STARTS:
                decls.append(self._gen_decl(tok))
            else:
                last = decls[-1] if decls else None
                if tok == "{" and isinstance(last, ast.FuncDecl) and last.body is None:
                    self.syntax_error("unexpected semicolon or newline before {")
                else:
                    self.syntax_error("non-declaration statement outside function body")
                self.advance(*_DECL_STARTS)
                continue
            self.drop_directives()
            if self.tok != tokens.EOF and not self.got(";"):
                self.syntax_error("after top level declaration")
                self.advance(*_DECL_STARTS)
        self.drop_directives()
        file.directives = self.go_directives()
        for decl in decls:
            if isinstance(decl, ast.GenDecl) and decl.tok == "import":
                file.imports.extend(spec for spec in decl.specs if isinstance(spec, ast.ImportSpec))
        return file

    def decl_stmt(self) -> ast.Stmt:
        return ast.DeclStmt(self._gen_decl(self.tok))

    def _gen_decl(self, tok: str) -> ast.GenDecl:
        pos = self.pos
        self.next()
        directives: list[str] = []
        if self.tok == "(":
            self.drop_directives()  # a group has none
        else:
            directives = self.take_directives(tok)
        parse: Callable[[int], ast.Spec]
        if tok == "var":
            parse = self._var_spec
        elif tok == "const":
            parse = self._const_spec
        elif tok == "type":
            parse = self._type_spec
        else:
            parse = self._import_spec
        if self.tok != "(":
            return ast.GenDecl(pos, tok, 0, [parse(0)], 0, directives)
        lparen = self.pos
        self.next()
        specs: list[ast.Spec] = []
        while self.tok != ")" and self.tok != tokens.EOF:
            directives += self.take_directives(tok)
            specs.append(parse(len(specs)))
            if self.tok == ";":
                self.next()
            elif self.tok != ")" and self.list_error("grouped declaration", ";", ")"):
                return ast.GenDecl(pos, tok, lparen, specs, self.pos, directives)
        return ast.GenDecl(pos, tok, lparen, specs, self.want(")"), directives)

    def _import_spec(self, index: int) -> ast.ImportSpec:
        name: ast.Ident | None = None
        if self.tok == "NAME":
            name = self.name()
        elif self.tok == ".":
            name = ast.Ident(self.pos, ".")
            self.next()
        path = self.literal()
        if path is None:
            path = ast.BasicLit(self.pos, tokens.STRING, '""', True)
            self.syntax_error("missing import path")
            self.advance(";", ")")
        elif not path.bad and path.kind != tokens.STRING:
            self.syntax_error_at(path.pos, "import path must be a string")
            path.bad = True
        return ast.ImportSpec(name, path)

    def _const_spec(self, index: int) -> ast.ValueSpec:
        names = self.name_list(self.name())
        type_: ast.Expr | None = None
        values: list[ast.Expr] = []
        if self.tok not in (tokens.EOF, ";", ")"):
            type_ = self.type_or_none()
            if self.got_assign():
                values = self.expr_list()
        return ast.ValueSpec(names, type_, values, index)

    def _var_spec(self, index: int) -> ast.ValueSpec:
        names = self.name_list(self.name())
        if self.got_assign():
            return ast.ValueSpec(names, None, self.expr_list())
        type_ = self.type_()
        return ast.ValueSpec(names, type_, self.expr_list() if self.got_assign() else [])

    def _type_spec(self, index: int) -> ast.TypeSpec:
        name = self.name()
        type_params: ast.FieldList | None = None
        assign = 0
        type_: ast.Expr | None
        if self.tok == "[":
            lbrack = self.pos
            self.next()
            if self.tok == "NAME":
                # An array length or the first type parameter. An expression that could be both, such as P *C, is a type
                # parameter if it holds something that is only a type, or if a comma follows.
                x: ast.Expr = self.name()
                if self.tok != "[":
                    self.expr_nesting += 1
                    x = self.binary_expr(self.primary_expr(x), 0)
                    self.expr_nesting -= 1
                param, constraint = _split_type_param(x, self.tok == ",")
                if param is not None and (constraint is not None or self.tok != "]"):
                    type_params = self.param_list(lbrack, "]", name=param, type=constraint, require_names=True)
                    assign = self.got_assign()
                    type_ = self.type_or_none()
                else:
                    type_ = self.array_type(lbrack, x)
            elif self.got("]"):
                type_ = ast.ArrayType(lbrack, None, self.type_())
            else:
                type_ = self.array_type(lbrack, None)
        else:
            assign = self.got_assign()
            type_ = self.type_or_none()
        if type_ is None:
            type_ = self.bad_expr()
            self.syntax_error("in type declaration")
            self.advance(";", ")")
        return ast.TypeSpec(name, type_params, assign, type_)

    def _func_decl(self) -> ast.FuncDecl | None:
        pos = self.pos
        self.next()
        directives = self.take_directives("func")
        receiver: ast.FieldList | None = None
        has_receiver = False
        lparen = self.pos
        if self.got("("):
            has_receiver = True
            receiver_pos = self.pos
            receiver = self.param_list(lparen, ")")
            count = sum(len(field.names) or 1 for field in receiver.list)
            if count == 0:
                self.error_at(self.pos, "method has no receiver")
                receiver = None
            elif count > 1:
                self.error_at(self.pos, "method has multiple receivers")
                first = receiver.list[0]
                receiver = ast.FieldList(receiver_pos, [ast.Field(first.names[:1], first.type)], receiver.closing)
        if self.tok == tokens.NAME:
            name = self.name()
            signature = self.func_type("", pos)
        else:
            name = ast.Ident(self.pos, "_")
            signature = ast.FuncType(pos, None, ast.FieldList(self.pos, [], self.pos), None)
            self.syntax_error("expected name" if has_receiver else "expected name or (")
            self.advance("{", ";")
        body = self.func_body() if self.tok == "{" else None
        return ast.FuncDecl(receiver, name, signature, body, directives)


def _split_type_param(x: ast.Expr, force: bool) -> tuple[ast.Ident | None, ast.Expr | None]:
    """Splits ``P *C``, ``P (C)`` and ``P *C|D``, read as expressions, into the name P and a constraint.

    Where the text could also be a value the split happens only if ``force`` is set. A mere name has no constraint.
    """
    if isinstance(x, ast.Ident):
        return x, None
    if isinstance(x, ast.BinaryExpr):
        if x.op == "*":
            if isinstance(x.x, ast.Ident) and (force or _is_type_elem(x.y)):
                return x.x, ast.StarExpr(x.op_pos, x.y)
        elif x.op == "|":
            name, lhs = _split_type_param(x.x, force or _is_type_elem(x.y))
            if name is not None and lhs is not None:
                return name, ast.BinaryExpr(lhs, x.op_pos, "|", x.y)
    elif isinstance(x, ast.CallExpr) and isinstance(x.fun, ast.Ident) and len(x.args) == 1 and not x.ellipsis:
        argument = x.args[0]
        if force or _is_type_elem(argument):
            return x.fun, ast.unparen(argument)
    return None, x


def _is_type_elem(x: ast.Expr) -> bool:
    """Whether ``x`` can only be a type or constraint, not a value."""
    match x:
        case ast.ArrayType() | ast.StructType() | ast.FuncType() | ast.InterfaceType() | ast.MapType() | ast.ChanType():
            return True
        case ast.BinaryExpr():
            return _is_type_elem(x.x) or _is_type_elem(x.y)
        case ast.UnaryExpr():
            return x.op == "~" or _is_type_elem(x.x)
        case ast.ParenExpr() | ast.StarExpr():
            return _is_type_elem(x.x)
        case _:
            return False
