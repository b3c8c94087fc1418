"""Declarations of constants, variables, types and functions."""

from __future__ import annotations

from typing import Any

from goir.syntax import ast
from goir.types import assignments, expr, signature, stmt, typexpr, validtype
from goir.types.checker import Checker, DeclInfo, Target
from goir.types.objects import Const, Func, Object, TypeName, Var
from goir.types.operand import Operand
from goir.types.predicates import (
    AliasPlaceholder,
    GenericAlias,
    is_const_type,
    is_generic,
    is_type_param,
    is_valid,
)
from goir.types.resolver import arity, const_groups
from goir.types.types import (
    Alias,
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
    Tuple,
    Type,
    TypeParam,
    Union,
)
from goir.types.universe import TYP_INVALID

# ---- Cycles ----------------------------------------------------------------------------------------------


def revisit(check: Checker, obj: Object) -> None:
    """obj is reached again while its declaration is being worked on."""
    valid = valid_cycle(check, obj)
    if isinstance(obj, (Const, Var)):
        if not valid or obj.type is None:
            obj.type = TYP_INVALID
    elif isinstance(obj, TypeName):
        if not valid:
            obj.type = TYP_INVALID
        elif obj.type is None:
            # An alias in the middle of its declaration.
            p = AliasPlaceholder(obj.name)
            check.placeholders.append(p)
            obj.type = p


def valid_cycle(check: Checker, obj: Object) -> bool:
    """Whether the path from obj back to itself is a legal one; reports it if not."""
    cycle = check.obj_path[check.obj_path_idx[obj] :]
    nval = 0
    ndef = 0
    for o in cycle:
        if isinstance(o, (Const, Var)):
            nval += 1
        elif isinstance(o, TypeName):
            if check.in_tparam_list and is_generic(o.type):
                return True
            d = check.obj_map.get(o)
            alias = d.tdecl.assign != 0 if d is not None and d.tdecl is not None else o.declared_alias
            if not alias:
                ndef += 1
    if nval == len(cycle):
        # Values that depend on each other: initialisation order reports them, or their type is not known.
        return True
    if nval == 0 and ndef > 0:
        return True
    cycle_error(check, cycle, first_in_source(cycle))
    return False


def cycle_error(check: Checker, cycle: list[Any], start: int) -> None:
    """Reports a cycle of declarations (objects, or declared types and instances)."""

    def name(o: Any) -> str:
        if isinstance(o, Named):
            if o.type_args:
                return check.ts(o)
            o = o.obj
        q = check.qualifier(o.pkg) if o.pkg is not None else ""
        return (q + "." if q else "") + o.name

    obj = cycle[start]
    is_type = isinstance(obj, (TypeName, Named))
    if len(cycle) == 1:
        if is_type:
            check.error(_declared_at(obj), f"invalid recursive type: {name(obj)} refers to itself")
        else:
            check.error(obj, f"invalid cycle in declaration: {name(obj)} refers to itself")
        return
    message = f"invalid recursive type {name(obj)}" if is_type else f"invalid cycle in declaration of {name(obj)}"
    more: list[tuple[int, str]] = []
    o = obj
    for i in range(len(cycle)):
        nxt = cycle[(start + i + 1) % len(cycle)]
        more.append((_declared_at(o), f"{name(o)} refers to {name(nxt)}"))
        o = nxt
    check.report(_declared_at(obj), message, more)


def first_in_source(path: list[Any]) -> int:
    """The index of the object that is declared first."""
    return min(range(len(path)), key=lambda i: _declared_at(path[i]))


def _declared_at(o: Any) -> int:
    """Where an object is declared, or an instance first mentioned."""
    if isinstance(o, Named):
        return o.inst_pos or o.obj.pos
    return o.pos


# ---- Constants and variables -----------------------------------------------------------------------------


def const_decl(check: Checker, obj: Const, iota: int, typ: Any, init: Any, inherited: bool) -> None:
    """Checks a constant."""
    saved = check.iota, check.errpos
    check.iota = iota
    check.errpos = 0
    obj.value = None
    try:
        if typ is not None:
            t = typexpr.typ(check, typ)
            if not is_const_type(t):
                if is_valid(t.underlying):
                    check.error(typ, f"invalid constant type {check.ts(t)}")
                obj.type = TYP_INVALID
                return
            obj.type = t
        x = Operand()
        if init is not None:
            if inherited:
                # The expression stands elsewhere: errors are about this constant.
                check.errpos = obj.pos
            expr.expr(check, None, x, init)
        assignments.init_const(check, obj, x)
    finally:
        check.iota, check.errpos = saved


def var_decl(check: Checker, obj: Var, lhs: list[Var] | None, typ: Any, init: Any) -> None:
    """Checks a variable declaration; ``lhs`` are all variables that one call initialises."""
    if typ is not None:
        obj.type = typexpr.var_type(check, typ)
    if init is None:
        if typ is None:
            obj.type = TYP_INVALID
        return
    init_decl(check, obj, lhs, typ, init)


def init_decl(check: Checker, obj: Var, lhs: list[Var] | None, typ: Any, init: Any) -> None:
    """Checks the initialiser of a variable whose type, if it is written down, is known."""
    if lhs is None or len(lhs) == 1:
        x = Operand()
        expr.expr(check, new_target(check, obj.type, obj.name), x, init)
        assignments.init_var(check, obj, x, "variable declaration")
        return
    if typ is not None:
        for v in lhs:
            v.type = obj.type
    assignments.init_vars(check, lhs, [init], None)


def new_target(check: Checker, t: Type | None, desc: str) -> Target | None:
    """The target for generic functions, if t is a function type."""
    if t is not None and t.underlying.__class__ in (Signature, Interface):
        u = check.common_under(t)[0]
        if isinstance(u, Signature):
            return Target(u, desc)
    return None


# ---- Types -----------------------------------------------------------------------------------------------


def type_decl(check: Checker, obj: TypeName, d: ast.TypeSpec) -> None:
    """Checks a type declaration or alias."""

    def validate() -> None:
        if isinstance(obj.type, Named) and obj.type.obj is obj:
            validtype.valid_type(check, obj.type)

    check.later_verify(validate)
    check.type_log.append(obj)
    first = d.type_params.list[0] if d.type_params is not None and d.type_params.list else None
    if d.assign:
        if first is None or check.requires(first, 23, "generic type alias"):
            check.requires(d.name, 9, "type alias")
        _alias_decl(check, obj, d)
        return
    if first is not None:
        check.requires(first, 18, "type parameter")
    named = Named(obj)
    obj.type = named
    scope = check.scope
    if d.type_params is not None and d.type_params.list:
        check.open_scope("type parameters")
        named.type_params = signature.declare_type_params(check, d.type_params.list)
        signature.bind_type_params(check, d.type_params.list, named.type_params)
    if check.lazy and obj.parent is check.pkg.scope:
        check.defer_rhs(named, d.type)
        check.scope = scope
        return
    rhs = typexpr.declared_type(check, d.type, obj)
    check.scope = scope
    if is_type_param(rhs):
        check.error(d.type, "cannot use a type parameter as RHS in type declaration")
        rhs = TYP_INVALID
    named.from_rhs = rhs


def _alias_decl(check: Checker, obj: TypeName, d: ast.TypeSpec) -> None:
    obj.declared_alias = True
    begun = len(check.type_log)
    scope = check.scope
    if d.type_params is not None and d.type_params.list:
        alias = GenericAlias(obj, [])
        obj.type = alias
        check.open_scope("type parameters")
        alias.type_params = signature.declare_type_params(check, d.type_params.list)
        obj.alias_type_params = alias.type_params
        signature.bind_type_params(check, d.type_params.list, alias.type_params)
        rhs = typexpr.declared_type(check, d.type, obj)
        check.scope = scope
        if isinstance(rhs, TypeParam) and rhs in alias.type_params:
            check.error(d.type, "cannot use type parameter declared in alias declaration as RHS")
            rhs = TYP_INVALID
        alias.rhs = rhs
        return
    rhs = _named_by_alias(typexpr.declared_type(check, d.type, obj), obj, d.type)
    before: Any = obj.type
    if isinstance(before, AliasPlaceholder):
        before.actual = rhs if rhs is not before else TYP_INVALID
        obj.type = before.actual
        _replace_in_types(check, [obj, *check.type_log[begun:]])
    elif before is None:
        obj.type = rhs


_TYPE_LITERALS = (
    ast.ArrayType,
    ast.StarExpr,
    ast.StructType,
    ast.FuncType,
    ast.InterfaceType,
    ast.MapType,
    ast.ChanType,
)


def _named_by_alias(t: Type, obj: TypeName, e: ast.Expr) -> Type:
    """The type e as one that messages name by the alias obj, if it can be one."""
    if not is_valid(t):
        return t
    if isinstance(t, Basic):
        t = Basic(t.kind, t.info, t.name)
    elif not isinstance(ast.unparen(e), _TYPE_LITERALS) or not hasattr(t.__class__, "alias"):
        return t
    t.alias = Alias(obj, [])  # pyright: ignore[reportAttributeAccessIssue]
    return t


class _Replacer:
    """Puts the real types where placeholders of aliases were left in types."""

    def __init__(self) -> None:
        self.seen: set[int] = set()
        self.todo: list[Any] = []

    def real(self, t: Any) -> Any:
        """t, or what it stands for; its parts are replaced by run."""
        while isinstance(t, AliasPlaceholder) and t.actual is not None:
            t = t.actual
        if t is not None and id(t) not in self.seen:
            self.seen.add(id(t))
            self.todo.append(t)
        return t

    def run(self) -> None:
        """Replaces in everything met, but not inside declared types."""
        real = self.real
        while self.todo:
            t = self.todo.pop()
            if isinstance(t, (Pointer, Slice, Array, Chan)):
                t.elem = real(t.elem)
            elif isinstance(t, Map):
                t.key, t.elem = real(t.key), real(t.elem)
            elif isinstance(t, Struct):
                for f in t.fields:
                    f.type = real(f.type)
            elif isinstance(t, Tuple):
                for v in t.vars:
                    v.type = real(v.type)
            elif isinstance(t, Signature):
                real(t.params)
                real(t.results)
            elif isinstance(t, Interface):
                for m in t.methods:
                    real(m.type)
                t.embeddeds = [real(e) for e in t.embeddeds]
            elif isinstance(t, Union):
                for term in t.terms:
                    term.type = real(term.type)
            elif isinstance(t, Named) and t.type_args:
                t.type_args = [real(a) for a in t.type_args]


def _replace_in_types(check: Checker, names: list[TypeName]) -> None:
    """Replaces placeholders in the declarations of the given names."""
    r = _Replacer()
    for obj in names:
        if obj.type is None:
            continue
        t = r.real(obj.type)
        if isinstance(t, Named) and t.obj is obj:
            t.from_rhs = r.real(t.from_rhs)
        elif not isinstance(obj.type, GenericAlias):
            obj.type = t
    r.run()


def replace_placeholders(check: Checker) -> None:
    """Puts the real types where placeholders of aliases were recorded."""
    r = _Replacer()
    info = check.info
    for e, tv in list(info.types.items()):
        if isinstance(tv.type, AliasPlaceholder):
            info.types[e] = tv._replace(type=r.real(tv.type))
        else:
            r.real(tv.type)
    for o in [*check.obj_map, *info.defs.values(), *info.implicits.values()]:
        if o is not None and not check.is_pending(o) and o.type is not None:
            o.type = r.real(o.type)
    for s in info.selections.values():
        s.recv = r.real(s.recv)
        s.type = r.real(s.type)
    r.run()


def collect_methods(check: Checker, obj: TypeName) -> None:
    """Gives a declared type its methods."""
    methods = check.methods.pop(obj, None)
    if not methods:
        return
    base = obj.type if isinstance(obj.type, Named) else None
    if base is not None:
        check.later_verify(lambda: _field_and_method(check, base))
    seen: dict[str, Func] = {}
    for m in methods:
        alt = seen.get(m.id())
        if alt is not None:
            check.error(m, f"method {obj.name}.{m.name} already declared at {check.fset.place(alt.pos)}")
            continue
        seen[m.id()] = m
        if base is not None:
            base.add_method(m)


def _field_and_method(check: Checker, base: Named) -> None:
    u = base.underlying
    if not isinstance(u, Struct):
        return
    methods = {m.id(): m for m in base._methods}  # pyright: ignore[reportPrivateUsage]
    for f in u.fields:
        if f.name != "_":
            m = methods.get(f.id())
            if m is not None:
                check.report(m, f"field and method with the same name {f.name}", check.alt_decl(f))


# ---- Functions -------------------------------------------------------------------------------------------


def func_decl(check: Checker, obj: Func, d: DeclInfo) -> None:
    """Checks a function's signature and puts off its body."""
    fdecl = d.fdecl
    assert fdecl is not None
    sig = Signature(None, Tuple([]), Tuple([]))
    obj.type = sig  # the signature is filled in place: cycles through it are fine
    scope = signature.func_type(check, sig, fdecl.recv, fdecl.type.type_params, fdecl.type)
    if fdecl.body is None:
        if fdecl.type.type_params is not None and fdecl.type.type_params.list:
            check.error(fdecl.name, "generic function is missing function body")
        return
    if check.lazy:
        check.defer_body(obj, d, sig, scope, fdecl.body)
    elif not check.ignore_func_bodies:
        body = fdecl.body
        check.later(lambda: stmt.func_body(check, d, sig, scope, body, None))


def decl_stmt(check: Checker, d: ast.GenDecl) -> None:
    """Checks a declaration inside a function."""
    pkg = check.pkg
    if d.tok == "const":
        for s, iota, typ, values, inherited in const_groups(d):
            top = len(check.delayed)
            consts: list[Const] = []
            for i, name in enumerate(s.names):
                obj = Const(name.pos, pkg, name.name, None, None)
                consts.append(obj)
                const_decl(check, obj, iota, typ, values[i] if i < len(values) else None, inherited)
            arity(check, s.pos, s.names, values, True, inherited)
            check.process_delayed(top)
            for name, obj in zip(s.names, consts, strict=True):
                check.declare(check.scope, name, obj)
    elif d.tok == "var":
        for s in d.specs:
            assert isinstance(s, ast.ValueSpec)
            _local_vars(check, s)
    elif d.tok == "type":
        for s in d.specs:
            assert isinstance(s, ast.TypeSpec)
            t = TypeName(s.name.pos, pkg, s.name.name, None)
            t.declared_alias = s.assign != 0
            check.declare(check.scope, s.name, t)
            check.push(t)
            type_decl(check, t, s)
            check.pop()


def _local_vars(check: Checker, s: ast.ValueSpec) -> None:
    top = len(check.delayed)
    lhs = [Var(n.pos, check.pkg, n.name, None) for n in s.names]
    values = s.values
    for i, obj in enumerate(lhs):
        group: list[Var] | None = None
        init: Any = None
        if len(values) == len(lhs):
            init = values[i]
        elif len(values) == 1:
            group = lhs
            init = values[0]
        elif i < len(values):
            init = values[i]
        var_decl(check, obj, group, s.type, init)
        if len(values) == 1:
            break
    for obj in lhs:
        if obj.type is None:
            obj.type = TYP_INVALID
    if s.type is None or values:
        arity(check, s.pos, s.names, values, False, False)
    check.process_delayed(top)
    for name, obj in zip(s.names, lhs, strict=True):
        check.declare(check.scope, name, obj)
