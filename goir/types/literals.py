"""Function and composite literals."""

from __future__ import annotations

from typing import Any

from goir.syntax import ast
from goir.types import operand as op
from goir.types import typexpr
from goir.types.assignments import assignment
from goir.types.checker import Checker
from goir.types.constants import Value, to_float, to_int, value_string
from goir.types.lookup import deref, lookup
from goir.types.objects import Var
from goir.types.operand import Operand
from goir.types.predicates import identical, is_non_type_param_interface, is_valid
from goir.types.types import Array, Map, Pointer, Signature, Slice, Struct, Tuple, Type
from goir.types.typestring import expr_string
from goir.types.universe import TYP_INVALID


def func_lit(check: Checker, x: Operand, e: ast.FuncLit) -> None:
    """Checks a function literal; its body is put off until the enclosing statement is done."""
    from goir.types import signature, stmt

    sig = Signature(None, Tuple([]), Tuple([]))
    scope = signature.func_type(check, sig, None, None, e.type)
    check.record_type(e.type, op.TYPEXPR, sig)
    if not check.ignore_func_bodies:
        decl = check.decl
        iota = check.iota
        check.later(lambda: stmt.func_body(check, decl, sig, scope, e.body, iota))
    x.mode = op.VALUE
    x.type = sig


def composite_lit(check: Checker, x: Operand, e: ast.CompositeLit, hint: Type | None) -> None:
    """Checks T{…}; ``hint`` is the type of a literal that leaves it out."""
    is_elem = False
    typ: Type
    if e.type is not None:
        t = e.type
        if isinstance(t, ast.ArrayType) and isinstance(t.len, ast.Ellipsis):
            typ = base = Array(-1, typexpr.var_type(check, t.elt))
        else:
            typ = base = typexpr.typ(check, t)
    elif hint is not None:
        typ = base = hint
        u = check.common_under(base)[0]
        if isinstance(u, Pointer):
            base = u.elem
        is_elem = True
    else:
        check.error(e, "missing type in composite literal")
        typ = base = TYP_INVALID
    if not check.is_complete(base):
        x.mode = op.INVALID
        return
    u = check.common_under(base)[0]
    if isinstance(u, Struct):
        _struct_lit(check, x, e, u, base)
    elif isinstance(u, Array):
        n = _indexed(check, e.elts, u.elem, u.length)
        if u.length < 0:
            u.length = n
            if e.type is not None:
                check.record_type(e.type, op.TYPEXPR, u)
    elif isinstance(u, Slice):
        _indexed(check, e.elts, u.elem, -1)
    elif isinstance(u, Map):
        _map_lit(check, x, e, u)
    else:
        from goir.types.call import use

        for elt in e.elts:
            use(check, elt.value if isinstance(elt, ast.KeyValueExpr) else elt)
        if u is None or is_valid(u):
            element = " element" if is_elem else ""
            cause = " (no common underlying type)" if u is None else ""
            check.error(e, f"invalid composite literal{element} type {check.ts(typ)}{cause}")
            x.mode = op.INVALID
            return
    x.mode = op.VALUE
    x.type = typ


def _struct_lit(check: Checker, x: Operand, e: ast.CompositeLit, u: Struct, base: Type) -> None:
    from goir.types.expr import generic_expr

    if not e.elts:
        return
    fields = u.fields
    if isinstance(e.elts[0], ast.KeyValueExpr):
        visited: dict[tuple[int, ...], Var] = {}
        for elt in e.elts:
            if not isinstance(elt, ast.KeyValueExpr):
                check.error(elt, "mixture of field:value and value elements in struct literal")
                continue
            _keyed_field(check, x, elt, u, base, visited)
        return
    for i, elt in enumerate(e.elts):
        if isinstance(elt, ast.KeyValueExpr):
            check.error(elt, "mixture of field:value and value elements in struct literal")
            continue
        hint = fields[i].type if i < len(fields) else None
        generic_expr(check, x, elt, None)
        if i >= len(fields):
            check.error(x, f"too many values in struct literal of type {check.ts(base)}")
            break
        f = fields[i]
        if f.pkg is not check.pkg and not f.exported():
            check.error(
                x,
                f"implicit assignment to unexported field {f.name} in struct literal of type {check.ts(base)}",
            )
            continue
        assert hint is not None
        assignment(check, x, hint, "struct literal")
    if len(e.elts) < len(fields):
        why = ""
        if any(f.pkg is not check.pkg and not f.exported() for f in fields):
            why = " (type has unexported fields - use key:value pairs)"
        check.error(e.rbrace, f"too few values in struct literal of type {check.ts(base)}{why}")


def _keyed_field(
    check: Checker, x: Operand, kv: ast.KeyValueExpr, u: Struct, base: Type, visited: dict[tuple[int, ...], Var]
) -> None:
    from goir.types.call import lookup_error
    from goir.types.expr import generic_expr

    key = kv.key
    generic_expr(check, x, kv.value, None)
    if not isinstance(key, ast.Ident):
        check.error(kv, f"invalid field name {expr_string(key)} in struct literal")
        return
    obj, index, indirect = lookup(u, False, check.pkg, key.name, False)
    if obj is None or index is None:
        alt = lookup(u, False, check.pkg, key.name, True)[0]
        check.error(key, lookup_error(check, base, key.name, alt, True))
        return
    if not isinstance(obj, Var):
        check.error(key, f"{key.name} is not a field")
        return
    if len(index) > 1:
        place = f"struct literal of type {check.ts(base)}"
        if not check.requires(key, 27, f"use of promoted field {_field_path(u, index)} in {place}"):
            return
    if indirect:
        check.error(key, f"invalid implicit pointer indirection to reach {key.name}")
        return
    check.info.uses[key] = obj
    assignment(check, x, obj.type, "struct literal")
    path = tuple(index)
    for n in range(1, len(path) + 1):
        other = visited.get(path[:n])
        if other is None:
            continue
        if n == len(path):
            check.error(kv, f"duplicate field name {obj.name} in struct literal")
        else:
            check.error(kv, f"cannot specify promoted field {obj.name} and enclosing embedded field {other.name}")
        return
    for p, other in visited.items():
        if p[: len(path)] == path:
            check.error(kv, f"cannot specify embedded field {obj.name} and enclosed promoted field {other.name}")
            return
    visited[path] = obj


def _field_path(u: Struct, index: list[int]) -> str:
    """The names on the way to a promoted field."""
    names: list[str] = []
    t: Type = u
    for i in index:
        s = deref(t)[0].underlying
        assert isinstance(s, Struct)
        names.append(s.fields[i].name)
        t = s.fields[i].type
    return ".".join(names)


def key_value(v: Value | None) -> Any:
    """A hashable value that is equal for equal constants, whatever their kinds."""
    if v.__class__ is bool or isinstance(v, bytes):
        return (v.__class__, v)
    n = to_int(v)
    if n is not None:
        return n
    f = to_float(v)
    return f if f is not None else v


def _map_lit(check: Checker, x: Operand, e: ast.CompositeLit, u: Map) -> None:
    from goir.types.expr import generic_expr

    by_type = is_non_type_param_interface(u.key)
    visited: dict[Any, list[Type]] = {}
    for elt in e.elts:
        if not isinstance(elt, ast.KeyValueExpr):
            check.error(elt, "missing key in map literal")
            continue
        generic_expr(check, x, elt.key, u.key)
        assignment(check, x, u.key, "map literal")
        if x.mode == op.INVALID:
            continue
        if x.mode == op.CONSTANT and x.val is not None:
            k = key_value(x.val)
            types = visited.get(k)
            duplicate = types is not None and (not by_type or any(identical(t, x.type) for t in types))
            visited.setdefault(k, []).append(x.type)
            if duplicate:
                check.error(x, f"duplicate key {value_string(x.val)} in map literal")
                continue
        generic_expr(check, x, elt.value, u.elem)
        assignment(check, x, u.elem, "map literal")


def _indexed(check: Checker, elts: list[Any], t: Type, length: int) -> int:
    """Checks the elements of an array or slice literal; answers the length."""
    from goir.types.expr import generic_expr
    from goir.types.index import check_index

    visited: set[int] = set()
    index = 0
    top = 0
    for e in elts:
        valid = False
        value = e
        if isinstance(e, ast.KeyValueExpr):
            it, i = check_index(check, e.key, length)
            if is_valid(it):
                if i >= 0:
                    index = i
                    valid = True
                else:
                    check.error(e, f"index {expr_string(e.key)} must be integer constant")
            value = e.value
        elif 0 <= length <= index:
            check.error(e, f"index {index} is out of bounds (>= {length})")
        else:
            valid = True
        if valid:
            if index in visited:
                check.error(e, f"duplicate index {index} in array or slice literal")
            visited.add(index)
        index += 1
        top = max(top, index)
        x = Operand()
        generic_expr(check, x, value, t)
        assignment(check, x, t, "array or slice literal")
    return top
