"""Identifiers and type expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from goir.syntax import ast
from goir.types import operand as op
from goir.types.checker import Checker
from goir.types.constants import quote, representable, to_int, unquote
from goir.types.objects import Builtin, Const, Func, Nil, PkgName, TypeName, Var
from goir.types.operand import Operand
from goir.types.predicates import (
    GenericAlias,
    comparable,
    identical,
    is_generic,
    is_integer,
    is_interface,
    is_type_param,
    is_untyped,
    is_valid,
)
from goir.types.types import (
    Array,
    Basic,
    Chan,
    Interface,
    Map,
    Named,
    Pointer,
    Signature,
    Slice,
    Struct,
    Term,
    Tuple,
    Type,
    TypeParam,
    Union,
)
from goir.types.typeset import (
    MAX_TERMS,
    compute_interface_type_set,
    method_order,
    terms_overlap,
)
from goir.types.typestring import expr_string
from goir.types.universe import TYP_COMPARABLE, TYP_INT, TYP_INVALID, UNIVERSE_IOTA


def _object_kind(obj: Any) -> str:
    if isinstance(obj, PkgName):
        return "package name"
    if isinstance(obj, Const):
        return "constant"
    if isinstance(obj, TypeName):
        return "type alias" if obj.is_alias else "defined type"
    if isinstance(obj, Var):
        if obj.parent is not None and obj.pkg is not None and obj.parent is obj.pkg.scope:
            return "package-level variable"
        if obj.is_field:
            return "struct field"
        if obj.is_param:
            return obj.kind or "parameter"
        return "local variable"
    if isinstance(obj, Func):
        return "function"
    if isinstance(obj, Builtin):
        return "built-in function"
    if isinstance(obj, Nil):
        return "untyped nil"
    return "unknown symbol"


def ident(check: Checker, x: Operand, e: ast.Ident, want_type: bool) -> None:
    """Checks an identifier."""
    x.mode = op.INVALID
    x.type = TYP_INVALID
    x.expr = e
    name = e.name
    scope = check.scope
    obj: Any = None
    while scope is not None:
        obj = scope.elems.get(name)
        if obj is not None:
            break
        scope = scope.outer
    if obj is None:
        if name == "_":
            check.error(e, "cannot use _ as value or type")
        elif name.isidentifier() or name[:1].isalpha():
            check.error(e, f"undefined: {name}")
        return
    if obj.pkg is None and (name == "any" or name == "comparable") and not check.requires(e, 18, f"predeclared {name}"):
        return
    check.info.uses[e] = obj
    cls = obj.__class__
    got_type = cls is TypeName
    if want_type and not got_type:
        check.error(e, f"{obj.name} ({_object_kind(obj)}) is not a type")
        if cls is Var and obj.pkg is check.pkg:
            obj.used = True
        return
    t = obj.type
    if t is None or (got_type and want_type and obj.pkg is check.pkg):
        check.obj_decl(obj)
        t = obj.type
    if check.dot_imports:
        pkg_name = check.dot_imports.get((id(scope), name))
        if pkg_name is not None:
            pkg_name.used = True
    if cls is Var:
        if obj.pkg is check.pkg:
            obj.used = True
        if check.decl is not None:
            check.add_decl_dep(obj)
        if not is_valid(t):
            return
        x.mode = op.VARIABLE
    elif cls is Const:
        check.add_decl_dep(obj)
        if not is_valid(t):
            return
        if obj is UNIVERSE_IOTA:
            if check.iota is None:
                check.error(e, "cannot use iota outside constant declaration")
                return
            x.val = check.iota
        else:
            x.val = obj.value
        x.mode = op.CONSTANT
    elif got_type:
        x.mode = op.TYPEXPR
    elif cls is Func:
        check.add_decl_dep(obj)
        x.mode = op.VALUE
    elif cls is Builtin:
        x.id = obj.name if obj.pkg is None else "unsafe." + obj.name
        x.mode = op.BUILTIN
    elif cls is Nil:
        x.mode = op.NILVALUE
    elif cls is PkgName:
        check.error(e, f"use of package {obj.name} not in selector")
        return
    x.type = t


def typ(check: Checker, e: Any) -> Type:
    """The type an expression denotes (any type, constraint interfaces too)."""
    return declared_type(check, e, None)


def var_type(check: Checker, e: Any) -> Type:
    """The type an expression denotes, which must be one that variables can have."""
    t = declared_type(check, e, None)
    valid_var_type(check, e, t)
    return t


def valid_var_type(check: Checker, e: Any, t: Type) -> None:
    """Reports constraint interfaces as types of variables (when types are complete)."""
    c = t.__class__
    if c is TypeParam or c is Basic or c is Pointer or c is Slice or c is Map or c is Struct or c is Signature:
        return
    if isinstance(t, Named):
        u = t._underlying  # pyright: ignore[reportPrivateUsage]
        if u is not None and u.__class__ is not Interface:
            return

    def verify() -> None:
        u = t.underlying
        if isinstance(u, Interface):
            ts = compute_interface_type_set(check, e.pos, u)
            if not ts.is_method_set():
                why = "is (or embeds) comparable" if ts.comparable else "contains type constraints"
                check.error(e, f"cannot use type {check.ts(t)} outside a type constraint: interface {why}")

    check.later_verify(verify)


def declared_type(check: Checker, e: Any, name: TypeName | None) -> Type:
    """The type an expression denotes; ``name`` is the type name it is declared as."""
    t = _type(check, e, name)
    if is_generic(t):
        check.error(e, f"cannot use generic type {check.ts(t)} without instantiation")
        t = TYP_INVALID
    check.record_type(e, op.TYPEXPR, t)
    return t


def generic_type(check: Checker, e: Any, cause: list[str]) -> Type:
    """The generic type an expression denotes; if it is another type, the reason goes to ``cause``."""
    t = _type(check, e, None)
    if is_valid(t) and not is_generic(t):
        cause.append(f"{check.ts(t)} is not a generic type")
        t = TYP_INVALID
    check.record_type(e, op.TYPEXPR, t)
    return t


def _type(check: Checker, e: Any, name: TypeName | None) -> Type:
    f = _TYPES.get(e.__class__)
    if f is not None:
        return f(check, e, name)
    if e.__class__ is not ast.BadExpr:
        check.error(e, f"{expr_string(e)} is not a type")
        from goir.types.call import use

        use(check, e)
    return TYP_INVALID


def _named(check: Checker, e: Any, name: TypeName | None) -> Type:
    x = Operand()
    if e.__class__ is ast.Ident:
        ident(check, x, e, True)
    else:
        from goir.types.call import selector

        selector(check, x, e, True)
    if x.mode == op.TYPEXPR:
        return x.type
    if x.mode == op.NOVALUE:
        check.error(x, f"{check.os(x)} used as type")
    elif x.mode != op.INVALID:
        check.error(x, f"{check.os(x)} is not a type")
    return TYP_INVALID


def _paren(check: Checker, e: Any, name: TypeName | None) -> Type:
    return declared_type(check, e.x, name)


def _instance(check: Checker, e: Any, name: TypeName | None) -> Type:
    from goir.types import generics

    check.requires(e, 18, "type instantiation")
    indices = [e.index] if e.__class__ is ast.IndexExpr else e.indices
    return generics.instantiated_type(check, e.x, indices)


# Types without an array of this length are never too large (and hardly ever with one).
_LONG = 16


def _array(check: Checker, e: ast.ArrayType, name: TypeName | None) -> Type:
    if e.len is None:
        return Slice(var_type(check, e.elt))
    if isinstance(e.len, ast.Ellipsis):
        check.error(e, "invalid use of [...] array (outside a composite literal)")
        length = -1
    else:
        length = array_length(check, e.len)
    elem = var_type(check, e.elt)
    if length < 0:
        return TYP_INVALID
    t = Array(length, elem)
    check.note_size(e.pos, t, length >= _LONG)
    return t


def array_length(check: Checker, e: Any) -> int:
    """The value of an array length, -1 if it is not one."""
    if isinstance(e, ast.Ident):
        obj = check.lookup(e.name)
        if obj is None:
            check.error(e, f"undefined array length {e.name} or missing type constraint")
            return -1
        if not isinstance(obj, Const):
            check.error(e, f"invalid array length {e.name}")
            return -1
    from goir.types.expr import expr

    x = Operand()
    expr(check, None, x, e)
    if x.mode != op.CONSTANT:
        if x.mode != op.INVALID:
            check.error(x, f"array length {check.os(x)} must be constant")
        return -1
    if is_untyped(x.type) or is_integer(x.type):
        n = to_int(x.val)
        if n is not None and n >= 0 and representable(n, TYP_INT)[0]:
            return n
    if is_integer(x.type):
        check.error(x, f"invalid array length {check.os(x)}")
    else:
        check.error(x, f"array length {check.os(x)} must be integer")
    return -1


def _pointer(check: Checker, e: ast.StarExpr, name: TypeName | None) -> Type:
    t = Pointer(TYP_INVALID)
    t.elem = var_type(check, e.x)
    return t if is_valid(t.elem) else TYP_INVALID


def _func(check: Checker, e: ast.FuncType, name: TypeName | None) -> Type:
    from goir.types import signature

    sig = Signature(None, Tuple([]), Tuple([]))
    signature.func_type(check, sig, None, None, e)
    return sig


def _map(check: Checker, e: ast.MapType, name: TypeName | None) -> Type:
    t = Map(TYP_INVALID, TYP_INVALID)
    t.key = var_type(check, e.key)
    t.elem = var_type(check, e.value)

    def verify() -> None:
        if not comparable(t.key):
            why = " (missing comparable constraint)" if is_type_param(t.key) else ""
            check.error(e.key, f"invalid map key type {check.ts(t.key)}{why}")

    check.later_verify(verify)
    check.note_size(e.pos, t)
    return t


def _chan(check: Checker, e: ast.ChanType, name: TypeName | None) -> Type:
    t = Chan(e.dir, TYP_INVALID)
    t.elem = var_type(check, e.value)
    check.note_size(e.pos, t)
    return t


# ---- Structs ---------------------------------------------------------------------------------------------


def _embedded_ident(e: Any) -> ast.Ident | None:
    if isinstance(e, ast.Ident):
        return e
    if isinstance(e, ast.StarExpr):
        return None if isinstance(e.x, ast.StarExpr) else _embedded_ident(e.x)
    if isinstance(e, ast.SelectorExpr):
        return e.sel
    if isinstance(e, (ast.IndexExpr, ast.IndexListExpr, ast.ParenExpr)):
        return _embedded_ident(e.x)
    return None


def _struct(check: Checker, e: ast.StructType, name: TypeName | None) -> Type:
    t = Struct([])
    fields: list[Var] = []
    tags: list[str] = []
    seen: dict[str, Var] = {}

    def add(n: ast.Ident, ft: Type, embedded: bool, pos: int, tag: str) -> None:
        f = Var(pos, check.pkg, n.name, ft, is_field=True, embedded=embedded)
        if n.name != "_":
            alt = seen.get(n.name)
            if alt is not None:
                check.report(pos, f"{n.name} redeclared", check.alt_decl(alt))
                return
            seen[n.name] = f
        fields.append(f)
        tags.append(tag)
        check.info.defs[n] = f

    for f in e.fields.list:
        ft = var_type(check, f.type)
        tag = ""
        if f.tag is not None and not f.tag.bad:
            raw = unquote(f.tag.value)
            if raw is None:
                check.error(f.tag, f"incorrect tag syntax: {quote(f.tag.value.encode())}")
            else:
                tag = raw.decode("utf-8", "surrogateescape")
        if f.names:
            for n in f.names:
                add(n, ft, False, n.pos, tag)
            continue
        pos = f.type.pos
        n = _embedded_ident(f.type)
        if n is None:
            check.error(pos, f"invalid embedded field type {expr_string(f.type)}")
            add(ast.Ident(pos, "_"), TYP_INVALID, True, pos, "")
            continue
        add(n, ft, True, n.pos, tag)
        check.later_verify(_embedded_check(check, ft, pos))
    t.fields = fields
    t.tags = tags
    check.note_size(e.pos, t)
    return t


def _embedded_check(check: Checker, ft: Type, pos: int) -> Callable[[], None]:
    def verify() -> None:
        from goir.types.lookup import deref

        t, is_ptr = deref(ft)
        u = t.underlying
        if isinstance(u, Basic):
            if is_valid(t) and u.name == "Pointer":
                check.error(pos, "embedded field type cannot be unsafe.Pointer")
        elif isinstance(u, Pointer):
            check.error(pos, "embedded field type cannot be a pointer")
        elif isinstance(u, Interface):
            if is_type_param(t):
                check.error(pos, "embedded field type cannot be a (pointer to a) type parameter")
            elif is_ptr:
                check.error(pos, "embedded field type cannot be a pointer to an interface")

    return verify


# ---- Interfaces ------------------------------------------------------------------------------------------


def _interface(check: Checker, e: ast.InterfaceType, name: TypeName | None) -> Type:
    from goir.types.objects import Func

    t = Interface([])
    t.checker = check
    t.complete = False
    t.pos = e.pos
    outermost = check.outermost_interface
    check.outermost_interface = False
    for f in e.methods.list:
        if not f.names:
            u = parse_union(check, f.type)
            t.embeddeds.append(u)
            t.embed_pos.append(f.type.pos)
            continue
        n = f.names[0]
        if n.name == "_":
            check.error(n, "methods must have a unique non-blank name")
            continue
        sig = typ(check, f.type)
        if not isinstance(sig, Signature):
            if is_valid(sig):
                check.error(f.type, f"{check.ts(sig)} is not a method signature")
            continue
        recv: Type = t
        if name is not None and isinstance(name.type, Named):
            recv = name.type
        sig.recv = Var(n.pos, check.pkg, "", recv, is_param=True)
        m = Func(n.pos, check.pkg, n.name, sig)
        check.info.defs[n] = m
        t.methods.append(m)
    t.complete = True
    check.outermost_interface = outermost
    t.methods.sort(key=method_order)
    if t.methods or t.embeddeds:
        if outermost and not check.lazy:
            check.interfaces.append((e.pos, t))
        check.later_verify(lambda: compute_interface_type_set(check, e.pos, t) and None)
    return t


def parse_union(check: Checker, e: Any) -> Type:
    """An element of an interface: a type, or a union of terms."""
    ops: list[Any] = []
    parts: list[Any] = []
    x = e
    while isinstance(x, ast.BinaryExpr) and x.op == "|":
        ops.append(x)
        parts.append(x.y)
        x = x.x
    parts.append(x)
    parts.reverse()
    ops.reverse()
    terms: list[Term] = []
    u: Type = TYP_INVALID
    for i, p in enumerate(parts):
        term = _term(check, p)
        if len(parts) == 1 and not term.tilde:
            assert term.type is not None
            return term.type
        if len(terms) >= MAX_TERMS:
            if is_valid(u):
                check.error(p, f"cannot handle more than {MAX_TERMS} union terms (implementation limitation)")
                u = TYP_INVALID
        else:
            terms.append(term)
            u = Union(list(terms))
        if i > 0:
            check.record_type(ops[i - 1], op.TYPEXPR, u)
    if not is_valid(u):
        return u
    check.later_verify(lambda: _check_terms(check, parts, terms))
    return u


def _term(check: Checker, e: Any) -> Term:
    x = e
    tilde = False
    if isinstance(x, ast.UnaryExpr) and x.op == "~":
        x = x.x
        tilde = True
    t = typ(check, x)
    if is_type_param(t):
        if tilde:
            check.error(x, f"type in term {expr_string(e)} cannot be a type parameter")
        else:
            check.error(x, "term cannot be a type parameter")
        t = TYP_INVALID
    term = Term(tilde, t)
    if tilde:
        check.record_type(e, op.TYPEXPR, Union([term]))
    return term


def _check_terms(check: Checker, parts: list[Any], terms: list[Term]) -> None:
    for i, t in enumerate(terms):
        tt = t.type
        assert tt is not None
        if not is_valid(tt):
            continue
        u = tt.underlying
        at = parts[i].pos
        shown = str(t)
        if t.tilde:
            if isinstance(u, Interface):
                check.error(at, f"invalid use of ~ ({check.ts(tt)} is an interface)")
                continue
            if not identical(u, tt):
                check.error(at, f"invalid use of ~ (underlying type of {check.ts(tt)} is {check.ts(u)})")
                continue
        if isinstance(u, Interface):
            ts = u.type_set()
            if ts.methods:
                check.error(at, f"cannot use {shown} in union ({shown} contains methods)")
            elif tt is TYP_COMPARABLE:
                check.error(at, "cannot use comparable in union")
            elif ts.comparable:
                check.error(at, f"cannot use {shown} in union ({shown} embeds comparable)")
            continue
        for o in terms[:i]:
            if o.type is not None and is_valid(o.type) and not is_interface(o.type) and terms_overlap(o, t):
                other = str(o)
                check.error(at, f"overlapping terms {shown} and {other}")
                break


def type_list(check: Checker, exprs: list[Any]) -> list[Type] | None:
    """Type arguments; None if one is not valid."""
    out: list[Type] = []
    ok = True
    for e in exprs:
        t = var_type(check, e)
        ok = ok and is_valid(t)
        out.append(t)
    return out if ok else None


def _dots(check: Checker, e: ast.Ellipsis, name: TypeName | None) -> Type:
    check.error(e, "invalid use of ...")
    return TYP_INVALID


_TYPES: dict[type, Callable[[Checker, Any, TypeName | None], Type]] = {
    ast.Ident: _named,
    ast.SelectorExpr: _named,
    ast.ParenExpr: _paren,
    ast.IndexExpr: _instance,
    ast.IndexListExpr: _instance,
    ast.ArrayType: _array,
    ast.StarExpr: _pointer,
    ast.StructType: _struct,
    ast.FuncType: _func,
    ast.InterfaceType: _interface,
    ast.MapType: _map,
    ast.ChanType: _chan,
    ast.Ellipsis: _dots,
}

__all__ = ["GenericAlias", "array_length", "declared_type", "generic_type", "ident", "typ", "type_list", "var_type"]
