"""Parsing types, signatures and parameter lists."""

# Pyright takes self.tok to be unchanged by the method calls between two comparisons.
# pyright: reportUnnecessaryComparison=false

from __future__ import annotations

from goir.syntax import ast, tokens
from goir.syntax.gcpos import start_pos
from goir.syntax.parser_base import ParserBase

_OPERATORS = tokens.PRECEDENCE.keys() - {"*"} | {"!", "~"}


class _Param:
    """A parameter as written: a name, a type, or both; names share the type of a later one."""

    __slots__ = ("name", "type")

    def __init__(self, name: ast.Ident | None, type: ast.Expr | None) -> None:
        self.name = name
        self.type = type


class TypeParser(ParserBase):
    """The part of the parser for types."""

    def type_(self) -> ast.Expr:
        """A type; reports its absence."""
        x = self.type_or_none()
        if x is None:
            x = self.bad_expr()
            self.syntax_error("expected type")
            self.advance(",", ":", ";", ")", "]", "}")
        return x

    def type_or_none(self) -> ast.Expr | None:
        """A type, if there is one."""
        tok = self.tok
        if tok == "NAME":
            return self.qualified_name(None)
        pos = self.positions[self.i]
        if tok == "*":
            self.next()
            return ast.StarExpr(pos, self.type_())
        if tok == "[":
            self.next()
            if self.got("]"):
                return ast.ArrayType(pos, None, self.type_())
            return self.array_type(pos, None)
        if tok == "func":
            self.next()
            return self.func_type("function type", pos)
        if tok == "map":
            self.next()
            self.want("[")
            key = self.type_()
            self.want("]")
            return ast.MapType(pos, key, self.type_())
        if tok == "struct":
            return self.struct_type()
        if tok == "interface":
            return self.interface_type()
        if tok == "chan":
            self.next()
            arrow = self.pos
            if self.got("<-"):
                return ast.ChanType(pos, arrow, "send", self.chan_elem())
            return ast.ChanType(pos, 0, "both", self.chan_elem())
        if tok == "<-":
            self.next()
            self.want("chan")
            return ast.ChanType(pos, pos, "recv", self.chan_elem())
        if tok == "(":
            self.next()
            x = self.type_()
            return ast.ParenExpr(pos, x, self.want(")"))
        return None

    def qualified_name(self, name: ast.Ident | None) -> ast.Expr:
        """``name``, ``package.name``, either with type arguments; ``name`` if it was read already."""
        x: ast.Expr
        if name is not None:
            x = name
        elif self.tok == "NAME":
            x = self.name()
        else:
            x = ast.Ident(self.pos, "_")
            self.syntax_error("expected name")
            self.advance(".", ";", "}")
        if self.tok == ".":
            self.next()
            x = ast.SelectorExpr(x, self.name())
        if self.tok == "[":
            x = self._type_instance(x)
        return x

    def _type_instance(self, x: ast.Expr) -> ast.Expr:
        lbrack = self.want("[")
        if self.tok == "]":
            self.syntax_error("expected type argument list")
            arguments: list[ast.Expr] = [self.bad_expr()]
        else:
            arguments, _ = self.type_list(strict=True)
        return index_expr(x, lbrack, arguments, self.want("]"))

    def type_list(self, *, strict: bool) -> tuple[list[ast.Expr], bool]:
        """``type {, type} [,]`` and whether there was a comma; the first may be an expression unless ``strict``."""
        self.expr_nesting += 1
        items = [self.type_() if strict else self.expr()]
        comma = False
        while self.got(","):
            comma = True
            x = self.type_or_none()
            if x is None:
                break
            items.append(x)
        self.expr_nesting -= 1
        return items, comma

    def array_type(self, lbrack: int, length: ast.Expr | None) -> ast.Expr:
        """The rest of an array type after ``[`` or, when ``length`` is given, after the length."""
        if length is None:
            if self.tok == "...":
                length = ast.Ellipsis(self.pos)
                self.next()
            else:
                self.expr_nesting += 1
                length = self.expr()
                self.expr_nesting -= 1
        if self.tok == ",":
            # Right in a type parameter list, but this is none.
            self.syntax_error("unexpected comma; expected ]")
            self.next()
        self.want("]")
        return ast.ArrayType(lbrack, length, self.type_())

    def chan_elem(self) -> ast.Expr:
        """The element type of a channel."""
        x = self.type_or_none()
        if x is None:
            x = self.bad_expr()
            self.syntax_error("missing channel element type")
        return x

    # ---- functions

    def func_type(self, context: str, func: int) -> ast.FuncType:
        """A signature from the type parameters on; ``func`` is the position of the keyword or 0.

        Type parameters are an error when ``context`` names the kind of type.
        """
        type_params = None
        lbrack = self.positions[self.i]
        if self.got("["):
            if context:
                self.syntax_error_at(lbrack, f"{context} must have no type parameters")
            if self.tok == "]":
                self.syntax_error("empty type parameter list")
                self.next()
            else:
                type_params = self.param_list(lbrack, "]", require_names=True)
        lparen = self.want("(")
        params = self.param_list(lparen, ")", variadic=True)
        return ast.FuncType(func, type_params, params, self.func_result())

    def func_result(self) -> ast.FieldList | None:
        """The results of a signature, if there are any."""
        pos = self.positions[self.i]
        if self.tok == "(":
            self.next()
            return self.param_list(pos, ")")
        x = self.type_or_none()
        if x is None:
            return None
        return ast.FieldList(0, [ast.Field([], x)], 0)

    def param_list(
        self,
        opening: int,
        close: str,
        *,
        name: ast.Ident | None = None,
        type: ast.Expr | None = None,
        require_names: bool = False,
        variadic: bool = False,
    ) -> ast.FieldList:
        """A parameter list after the opening bracket, or after its first name and type if these are given.

        ``require_names`` for type parameters; ``variadic`` allows ``...`` at the last parameter.
        """
        params, closing = self._params(close, name, type)
        if not params:
            return ast.FieldList(opening, [], closing)
        named = sum(p.name is not None and p.type is not None for p in params)
        if named == 0 and not require_names:
            # Only types: what was read as names are type names.
            fields = [ast.Field([], p.type or p.name or self.bad_expr()) for p in params]
        else:
            if named != len(params):
                self._distribute_types(params, named, closing, require_names)
            fields = _group(params)
        self._check_variadic(fields, variadic)
        return ast.FieldList(opening, fields, closing)

    def _params(self, close: str, name: ast.Ident | None, type: ast.Expr | None) -> tuple[list[_Param], int]:
        params: list[_Param] = []
        if type is not None:
            params.append(_Param(name, type))
            name = None
            if self.tok == close:
                closing = self.pos
                self.next()
                return params, closing
            if not self.got(",") and self.list_error("parameter list", ",", close):
                return params, self.pos
        while self.tok != close and self.tok != "EOF":
            param = self._param_or_none(name, close)
            name = None
            if param is not None:
                params.append(param)
            if self.tok == ",":
                self.next()
            elif self.tok != close and self.list_error("parameter list", ",", close):
                return params, self.pos
        return params, self.want(close)

    def _param_or_none(self, name: ast.Ident | None, follow: str) -> _Param | None:
        # A type parameter may be constrained by a union or a ~ term.
        constraint = follow == "]"
        if name is None and constraint and self.tok == "~":
            return _Param(None, self.embedded_elem(None))
        if self.tok == "NAME" or name is not None:
            if name is None:
                name = self.name()
            tok = self.tok
            x: ast.Expr | None = None
            has_name = False
            if tok == "[":
                x = self.array_or_type_args(name)
                has_name = isinstance(x, ast.ArrayType)
            elif tok == ".":
                x = self.qualified_name(name)
            elif tok == "|" and constraint:
                x = name
            if x is not None:
                if constraint and self.tok == "|":
                    x = self.embedded_elem(x)
                return _Param(name if has_name else None, x)
        if self.tok == "...":
            pos = self.pos
            self.next()
            elem = self.type_or_none()
            if elem is None:
                bad = self.bad_expr()
                self.syntax_error("... is missing type")
                return _Param(name, bad)
            return _Param(name, ast.Ellipsis(pos, elem))
        if constraint and self.tok == "~":
            return _Param(name, self.embedded_elem(None))
        x = self.type_or_none()
        if constraint and self.tok == "|" and x is not None:
            x = self.embedded_elem(x)
        if name is not None or x is not None:
            return _Param(name, x)
        self.syntax_error(f"expected {tokens.describe(follow)}")
        self.advance(",", follow)
        return None

    def _distribute_types(self, params: list[_Param], named: int, closing: int, require_names: bool) -> None:
        """Gives every name the type of the next parameter that has one; reports what is missing."""
        typed = sum(p.type is not None for p in params)
        error = 0
        current: ast.Expr | None = None
        for param in reversed(params):
            if param.type is not None:
                current = param.type
                if param.name is None:
                    error = start_pos(current)
                    param.name = ast.Ident(error, "_")
            elif current is not None:
                param.type = current
            elif param.name is not None:
                error = param.name.pos
                param.type = ast.BadExpr(error, error)
        if not error:
            return
        if named == typed:
            # Names without types, which then stand at the end.
            self.syntax_error_at(closing, "missing type constraint" if require_names else "missing parameter type")
        elif not require_names:
            self.syntax_error_at(error, "missing parameter name")
        elif len(params) == 1:
            self.syntax_error_at(error, "missing type parameter name or invalid array length")
        else:
            self.syntax_error_at(error, "missing type parameter name")

    def _check_variadic(self, fields: list[ast.Field], variadic: bool) -> None:
        reported = False
        for i, field in enumerate(fields):
            x = field.type
            if not isinstance(x, ast.Ellipsis) or x.elt is None:
                continue
            if variadic and i + 1 == len(fields) and len(field.names) <= 1:
                continue
            if not reported:
                reported = True
                self.error_at(x.pos, "can only use ... with final parameter" if variadic else "invalid use of ...")
            field.type = x.elt

    # ---- structs and interfaces

    def struct_type(self) -> ast.StructType:
        """A struct type."""
        pos = self.want("struct")
        lbrace = self.want("{")
        fields: list[ast.Field] = []
        rbrace = 0
        while self.tok != "}" and self.tok != "EOF":
            field = self._struct_field()
            if field is not None:
                fields.append(field)
            if self.tok == ";":
                self.next()
            elif self.tok != "}" and self.list_error("struct type", ";", "}"):
                rbrace = self.pos
                break
        if not rbrace:
            rbrace = self.want("}")
        return ast.StructType(pos, ast.FieldList(lbrace, fields, rbrace))

    def _struct_field(self) -> ast.Field | None:
        tok = self.tok
        if tok == "NAME":
            name = self.name()
            tok = self.tok
            if tok == "." or tok == ";" or tok == "}" or tok in tokens.LITERALS:
                x = self.qualified_name(name)
                return ast.Field([], x, self.literal())
            names = self.name_list(name)
            if len(names) == 1 and self.tok == "[":
                # A field of array type, or an embedded instantiated type.
                x = self.array_or_type_args(name)
                return ast.Field(names if isinstance(x, ast.ArrayType) else [], x, self.literal())
            x = self.type_()
            return ast.Field(names, x, self.literal())
        pos = self.pos
        if tok == "*":
            self.next()
            if self.tok == "(":
                self.syntax_error("cannot parenthesize embedded type")
                self.next()
                x = self.qualified_name(None)
                self.got(")")
            else:
                x = self.qualified_name(None)
            return ast.Field([], ast.StarExpr(pos, x), self.literal())
        if tok == "(":
            self.syntax_error("cannot parenthesize embedded type")
            self.next()
            star = self.pos
            is_pointer = self.got("*")
            x = self.qualified_name(None)
            if is_pointer:
                x = ast.StarExpr(star, x)
            self.got(")")
            return ast.Field([], x, self.literal())
        self.syntax_error("expected field name or embedded type")
        self.advance(";", "}")
        return None

    def array_or_type_args(self, name: ast.Ident) -> ast.Expr:
        """After ``name``: ``[n]E`` or ``[]E`` (an ArrayType), or type arguments (an index expression of ``name``)."""
        lbrack = self.want("[")
        if self.got("]"):
            return ast.ArrayType(lbrack, None, self.type_())
        items, comma = self.type_list(strict=False)
        rbrack = self.want("]")
        if not comma:
            elem = self.type_or_none()
            if elem is not None:
                return ast.ArrayType(lbrack, items[0], elem)
        return index_expr(name, lbrack, items, rbrack)

    def interface_type(self) -> ast.InterfaceType:
        """An interface type."""
        pos = self.want("interface")
        lbrace = self.want("{")
        methods: list[ast.Field] = []
        rbrace = 0
        while self.tok != "}" and self.tok != "EOF":
            field = self._method_or_embedded() if self.tok == "NAME" else None
            if field is None or not field.names:
                field = ast.Field([], self.embedded_elem(field.type if field is not None else None))
            methods.append(field)
            if self.tok == ";":
                self.next()
            elif self.tok != "}" and self.list_error("interface type", ";", "}"):
                rbrace = self.pos
                break
        if not rbrace:
            rbrace = self.want("}")
        return ast.InterfaceType(pos, ast.FieldList(lbrace, methods, rbrace))

    def _method_or_embedded(self) -> ast.Field:
        context = "interface method"
        name = self.name()
        if self.tok == "(":
            return ast.Field([name], self.func_type(context, 0))
        if self.tok != "[":
            return ast.Field([], self.qualified_name(name))
        # A method with type parameters (an error) or an embedded instantiated type.
        lbrack = self.pos
        self.next()
        if self.tok == "]":
            pos = self.pos
            self.next()
            if self.tok == "(":
                self.error_at(pos, "empty type parameter list")
                return ast.Field([name], self.func_type(context, 0))
            self.error_at(pos, "empty type argument list")
            return ast.Field([], name)
        params = self.param_list(lbrack, "]")
        if not params.list:
            if self.tok == "(":
                return ast.Field([name], self.func_type(context, 0))
            return ast.Field([], name)
        if params.list[0].names:
            field = ast.Field([name], self.func_type(context, 0))
            self.error_at(lbrack, "interface method must have no type parameters")
            return field
        return ast.Field([], index_expr(name, lbrack, [p.type for p in params.list], params.closing))

    def embedded_elem(self, x: ast.Expr | None) -> ast.Expr:
        """``term {| term}``; ``x`` is the first term if it was read already."""
        if x is None:
            x = self._embedded_term()
        while self.tok == "|":
            pos = self.pos
            self.next()
            x = ast.BinaryExpr(x, pos, "|", self._embedded_term())
        return x

    def _embedded_term(self) -> ast.Expr:
        pos = self.pos
        if self.got("~"):
            return ast.UnaryExpr(pos, "~", self.type_())
        x = self.type_or_none()
        if x is None:
            x = self.bad_expr()
            self.syntax_error("expected ~ term or type")
            self.advance(*_OPERATORS, ";", ")", "]", "}")
        return x


def index_expr(x: ast.Expr, lbrack: int, indices: list[ast.Expr], rbrack: int) -> ast.Expr:
    """``x[indices]`` as an IndexExpr or, with several indices, an IndexListExpr."""
    if len(indices) == 1:
        return ast.IndexExpr(x, lbrack, indices[0], rbrack)
    return ast.IndexListExpr(x, lbrack, indices, rbrack)


def _group(params: list[_Param]) -> list[ast.Field]:
    """Fields of named parameters: neighbours that share a type node are one field."""
    fields: list[ast.Field] = []
    previous: ast.Expr | None = None
    for param in params:
        assert param.name is not None and param.type is not None
        if param.type is previous:
            fields[-1].names.append(param.name)
        else:
            fields.append(ast.Field([param.name], param.type))
            previous = param.type
    return fields
