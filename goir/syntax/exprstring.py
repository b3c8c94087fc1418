"""Expressions as text, in the short form that gc uses in messages: bodies of literals become ``…``."""

from __future__ import annotations

from goir.syntax import ast


def expr_string(x: ast.Expr | None) -> str:
    """The text of ``x`` on one line, with ``…`` for the contents of function and composite literals."""
    out: list[str] = []
    _write(out, x)
    return "".join(out)


def _write(out: list[str], x: ast.Expr | None) -> None:
    # Left-leaning chains (a + b + c …, f().g().h()) are walked in a loop, so that their length does not matter.
    tail: list[list[str]] = []
    while True:
        part: list[str] = []
        match x:
            case ast.BinaryExpr():
                part.append(f" {x.op} ")
                _write(part, x.y)
                x = x.x
            case ast.SelectorExpr():
                part += (".", x.sel.name)
                x = x.x
            case ast.CallExpr():
                part.append("(")
                _write_list(part, x.args)
                part.append("...)" if x.ellipsis else ")")
                x = x.fun
            case ast.IndexExpr():
                part.append("[")
                _write(part, x.index)
                part.append("]")
                x = x.x
            case ast.IndexListExpr():
                part.append("[")
                _write_list(part, x.indices)
                part.append("]")
                x = x.x
            case ast.SliceExpr():
                part.append("[")
                if x.low is not None:
                    _write(part, x.low)
                part.append(":")
                if x.high is not None:
                    _write(part, x.high)
                if x.max is not None:
                    part.append(":")
                    _write(part, x.max)
                part.append("]")
                x = x.x
            case ast.TypeAssertExpr():
                part.append(".(")
                if x.type is None:
                    part.append("type")
                else:
                    _write(part, x.type)
                part.append(")")
                x = x.x
            case _:
                _write_leaf(out, x)
                break
        tail.append(part)
    for part in reversed(tail):
        out += part


def _write_list(out: list[str], items: list[ast.Expr]) -> None:
    for i, item in enumerate(items):
        if i:
            out.append(", ")
        _write(out, item)


def _write_leaf(out: list[str], x: ast.Expr | None) -> None:
    match x:
        case None:
            out.append("<nil>")
        case ast.Ident():
            out.append(x.name)
        case ast.BasicLit():
            out.append(x.value)
        case ast.BadExpr():
            out.append("<bad expr>")
        case ast.ParenExpr():
            out.append("(")
            _write(out, x.x)
            out.append(")")
        case ast.StarExpr():
            out.append("*")
            _write(out, x.x)
        case ast.UnaryExpr():
            out.append(x.op)
            # gc's parser forgets the parentheses of &(T{}).
            _write(out, ast.unparen(x.x) if x.op == "&" else x.x)
        case ast.KeyValueExpr():
            _write(out, x.key)
            out.append(": ")
            _write(out, x.value)
        case ast.FuncLit():
            _write(out, x.type)
            out.append(" {…}" if x.body.list else " {}")
        case ast.CompositeLit():
            if x.type is not None:
                _write(out, x.type)
            out.append("{…}" if x.elts else "{}")
        case ast.Ellipsis():
            out.append("...")
            if x.elt is not None:
                _write(out, x.elt)
        case ast.ArrayType():
            out.append("[")
            if x.len is not None:
                _write(out, x.len)
            out.append("]")
            _write(out, x.elt)
        case ast.MapType():
            out.append("map[")
            _write(out, x.key)
            out.append("]")
            _write(out, x.value)
        case ast.ChanType():
            out.append({"both": "chan ", "send": "chan<- ", "recv": "<-chan "}[x.dir])
            value = ast.unparen(x.value)
            grouped = x.dir == "both" and isinstance(value, ast.ChanType) and value.dir == "recv"
            if grouped:
                out.append("(")
            _write(out, value)
            if grouped:
                out.append(")")
        case ast.StructType():
            out.append("struct{")
            _write_fields(out, x.fields.list, "; ")
            out.append("}")
        case ast.InterfaceType():
            out.append("interface{")
            for i, method in enumerate(x.methods.list):
                if i:
                    out.append("; ")
                if method.names and isinstance(method.type, ast.FuncType):
                    out.append(method.names[0].name)
                    _write_signature(out, method.type)
                else:
                    _write(out, method.type)
            out.append("}")
        case ast.FuncType():
            out.append("func")
            _write_signature(out, x)
        case _:
            raise AssertionError(f"not an expression: {x}")


def _write_fields(out: list[str], fields: list[ast.Field], separator: str) -> None:
    for i, field in enumerate(fields):
        if i:
            out.append(separator)
        if field.names:
            out.append(", ".join(name.name for name in field.names) + " ")
        _write(out, field.type)
        if field.tag is not None:
            out.append(" " + field.tag.value)


def _write_signature(out: list[str], signature: ast.FuncType) -> None:
    out.append("(")
    _write_fields(out, signature.params.list, ", ")
    out.append(")")
    if signature.results is not None:
        fields = signature.results.list
        out.append(" ")
        if len(fields) == 1 and not fields[0].names:
            _write(out, fields[0].type)
        else:
            out.append("(")
            _write_fields(out, fields, ", ")
            out.append(")")
