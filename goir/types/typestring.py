"""Types, objects and expressions as messages show them."""

from __future__ import annotations

from typing import Any

from goir.syntax import ast
from goir.types.constants import quote
from goir.types.types import (
    Array,
    Basic,
    Chan,
    Interface,
    Map,
    Named,
    Pointer,
    Qualifier,
    Signature,
    Slice,
    Struct,
    Tuple,
    Type,
    TypeParam,
    Union,
    alias_of,
)


class _Writer:
    """Collects the text of a type."""

    __slots__ = ("aliases", "out", "param_names", "pkg_info", "qualifier", "seen")

    def __init__(self, qualifier: Qualifier | None, aliases: bool = True) -> None:
        self.aliases = aliases
        self.out: list[str] = []
        self.qualifier = qualifier
        self.seen: set[int] = set()
        self.param_names = True
        self.pkg_info = False

    def prefix(self, pkg: Any) -> str:
        if pkg is None:
            return ""
        s = self.qualifier(pkg) if self.qualifier is not None else pkg.path
        return s + "." if s else ""

    def type(self, t: Any) -> None:
        out = self.out
        if t is None:
            out.append("<nil>")
            return
        c = t.__class__
        alias = alias_of(t) if self.aliases else None
        if alias is not None:
            out.append(self.prefix(alias.obj.pkg) + alias.obj.name)
            if alias.args:
                self.type_list(alias.args)
            return
        if c is Basic:
            out.append("unsafe.Pointer" if t.name == "Pointer" else t.name)
            return
        if id(t) in self.seen:
            out.append(f"<cycle to *{c.__name__}>")
            return
        self.seen.add(id(t))
        self._type(t)
        self.seen.discard(id(t))

    def _type(self, t: Any) -> None:
        out = self.out
        if isinstance(t, Named):
            out.append(self.prefix(t.obj.pkg) + t.obj.name)
            if t.type_args:
                self.type_list(t.type_args)
            elif t.type_params:
                self.type_params(t.type_params)
        elif isinstance(t, Pointer):
            out.append("*")
            self.type(t.elem)
        elif isinstance(t, Slice):
            out.append("[]")
            self.type(t.elem)
        elif isinstance(t, Array):
            out.append(f"[{t.length}]")
            self.type(t.elem)
        elif isinstance(t, Map):
            out.append("map[")
            self.type(t.key)
            out.append("]")
            self.type(t.elem)
        elif isinstance(t, Chan):
            out.append({"both": "chan ", "send": "chan<- ", "recv": "<-chan "}[t.dir])
            parens = t.dir == "both" and isinstance(t.elem, Chan) and t.elem.dir == "recv"
            if parens:
                out.append("(")
            self.type(t.elem)
            if parens:
                out.append(")")
        elif isinstance(t, Signature):
            out.append("func")
            self.signature(t)
        elif isinstance(t, Struct):
            self._struct(t)
        elif isinstance(t, Interface):
            self._interface(t)
        elif isinstance(t, Tuple):
            self.tuple(t, False)
        elif isinstance(t, Union):
            for i, term in enumerate(t.terms):
                if i:
                    out.append(" | ")
                if term.tilde:
                    out.append("~")
                self.type(term.type)
        elif isinstance(t, TypeParam):
            from goir.types.universe import UNIVERSE

            out.append(t.obj.name)
            if t.obj.name in UNIVERSE.elems:
                out.append(f" /* with {t.obj.name} declared at {_position(t)} */")
        else:
            out.append(getattr(t, "name", t.__class__.__name__))

    def _struct(self, t: Struct) -> None:
        out = self.out
        out.append("struct{")
        for i, f in enumerate(t.fields):
            if i:
                out.append("; ")
            annotate = self.qualifier is None and self.pkg_info and not f.exported()
            if annotate:
                self.pkg_info = False
            if not f.embedded:
                out.append(f.name + " ")
            self.type(f.type)
            if annotate and f.pkg is not None:
                out.append(f" /* package {f.pkg.path} */ ")
            tag = t.tag(i)
            if tag:
                out.append(" " + quote(tag.encode("utf-8", "surrogateescape")))
        out.append("}")

    def _interface(self, t: Interface) -> None:
        from goir.types.universe import TYP_ANY, TYP_COMPARABLE

        out = self.out
        if t is TYP_ANY:
            out.append("any")
            return
        if t is TYP_COMPARABLE.underlying:
            out.append("interface{comparable}")
            return
        if t.implicit:
            if not t.methods and len(t.embeddeds) == 1:
                self.type(t.embeddeds[0])
                return
            out.append("/* implicit */ ")
        out.append("interface{")
        first = True
        for m in t.methods:
            if not first:
                out.append("; ")
            first = False
            out.append(m.name)
            self.signature(m.type)
        for e in t.embeddeds:
            if not first:
                out.append("; ")
            first = False
            self.type(e)
        out.append("}")

    def type_list(self, types: list[Type]) -> None:
        self.out.append("[")
        for i, t in enumerate(types):
            if i:
                self.out.append(", ")
            self.type(t)
        self.out.append("]")

    def type_params(self, params: list[TypeParam]) -> None:
        out = self.out
        out.append("[")
        prev: Type | None = None
        for i, p in enumerate(params):
            if i:
                if p.bound is not prev:
                    out.append(" ")
                    self.type(prev)
                out.append(", ")
            prev = p.bound
            self.type(p)
        if prev is not None:
            out.append(" ")
            self.type(prev)
        out.append("]")

    def tuple(self, t: Tuple | None, variadic: bool) -> None:
        out = self.out
        out.append("(")
        if t is not None:
            n = len(t.vars)
            for i, v in enumerate(t.vars):
                if i:
                    out.append(", ")
                if v.name and self.param_names:
                    out.append(v.name + " ")
                if variadic and i == n - 1:
                    if isinstance(v.type, Slice):
                        out.append("...")
                        self.type(v.type.elem)
                    else:
                        self.type(v.type)
                        out.append("...")
                else:
                    self.type(v.type)
        out.append(")")

    def signature(self, sig: Any) -> None:
        if sig is None:
            self.out.append("()")
            return
        if sig.type_params:
            self.type_params(sig.type_params)
        self.tuple(sig.params, sig.variadic)
        results = sig.results.vars
        if not results:
            return
        self.out.append(" ")
        if len(results) == 1 and not results[0].name:
            self.type(results[0].type)
            return
        self.tuple(sig.results, False)


def _position(t: TypeParam) -> str:
    check: Any = t.checker
    return check.fset.place(t.obj.pos) if check is not None else str(t.obj.pos)


def type_string(t: Type | None, qualifier: Qualifier | None = None, aliases: bool = False) -> str:
    """The type in Go syntax; declared types are qualified by what ``qualifier`` says (default: package paths).

    With ``aliases``, for messages, types are named by their aliases as far as these are known."""
    w = _Writer(qualifier, aliases)
    w.type(t)
    return "".join(w.out)


def func_string(name: str, sig: Any, qualifier: Qualifier | None, pkg_info: bool) -> str:
    """A method's name and signature without parameter names."""
    w = _Writer(None if pkg_info else qualifier)
    w.pkg_info = pkg_info
    w.param_names = False
    w.out.append(name)
    w.signature(sig)
    return "".join(w.out)


def type_params_string(params: list[TypeParam], qualifier: Qualifier | None) -> str:
    """``[P, Q any]``."""
    w = _Writer(qualifier)
    w.type_params(params)
    return "".join(w.out)


def object_string(obj: Any, qualifier: Qualifier | None) -> str:
    """An object as messages describe it: ``var x int``, ``func f()`` …"""
    from goir.types import objects as O

    w = _Writer(qualifier)
    if isinstance(obj, O.PkgName):
        path = obj.imported.path
        return f"package {obj.name}" + (f" ({quote(path.encode())})" if path and path != obj.name else "")
    if isinstance(obj, O.Nil):
        return "nil"
    if isinstance(obj, O.Func):
        w.out.append("func ")
        sig: Any = obj.type
        if sig is not None and sig.recv is not None:
            w.out.append("(")
            if isinstance(sig.recv.type, Interface):
                w.out.append("interface")
            else:
                w.type(sig.recv.type)
            w.out.append(").")
        else:
            w.out.append(w.prefix(obj.pkg))
        w.out.append(obj.name)
        if sig is not None:
            w.signature(sig)
        return "".join(w.out)
    kind = {O.Const: "const", O.TypeName: "type", O.Label: "label", O.Builtin: "builtin"}.get(obj.__class__, "var")
    if isinstance(obj, O.Var) and obj.is_field:
        kind = "field"
    t: Any = obj.type
    if isinstance(obj, O.TypeName) and isinstance(t, TypeParam):
        kind = "type parameter"
    w.out.append(kind + " ")
    if obj.pkg is not None and obj.pkg.scope.lookup(obj.name) is obj:
        w.out.append(w.prefix(obj.pkg))
    w.out.append(obj.name)
    if t is None or isinstance(obj, (O.Label, O.Builtin)):
        return "".join(w.out)
    if isinstance(obj, O.TypeName):
        if isinstance(t, Basic):
            return "".join(w.out)
        if isinstance(t, Named) and t.obj is obj and t.type_params:
            w.type_params(t.type_params)
        if obj.is_alias:
            w.out.append(" =")
        elif isinstance(t, TypeParam):
            t = t.bound
        else:
            t = t.underlying
    w.out.append(" ")
    w.type(t)
    return "".join(w.out)


# ---- Expressions -----------------------------------------------------------------------------------------


def expr_string(e: ast.Node | None) -> str:
    """The expression in source form; bodies and elements of literals are shown as ``…``."""
    out: list[str] = []
    _expr(out, e)
    return "".join(out)


def _exprs(out: list[str], xs: list[Any]) -> None:
    for i, x in enumerate(xs):
        if i:
            out.append(", ")
        _expr(out, x)


def _expr(out: list[str], e: Any) -> None:
    c = e.__class__
    if c is ast.Ident:
        out.append(e.name)
    elif c is ast.BasicLit:
        out.append(e.value)
    elif c is ast.BinaryExpr:
        # Left-deep chains are long in generated code: no recursion on the left.
        chain: list[Any] = []
        x = e
        while x.__class__ is ast.BinaryExpr:
            chain.append(x)
            x = x.x
        _expr(out, x)
        for b in reversed(chain):
            out.append(f" {b.op} ")
            _expr(out, b.y)
    elif c is ast.SelectorExpr:
        _expr(out, e.x)
        out.append("." + e.sel.name)
    elif c is ast.CallExpr:
        _expr(out, e.fun)
        out.append("(")
        _exprs(out, e.args)
        out.append("...)" if e.ellipsis else ")")
    elif c is ast.IndexExpr:
        _expr(out, e.x)
        out.append("[")
        _expr(out, e.index)
        out.append("]")
    elif c is ast.IndexListExpr:
        _expr(out, e.x)
        out.append("[")
        _exprs(out, e.indices)
        out.append("]")
    elif c is ast.ParenExpr:
        out.append("(")
        _expr(out, e.x)
        out.append(")")
    elif c is ast.UnaryExpr:
        out.append(e.op)
        _expr(out, e.x)
    elif c is ast.StarExpr:
        out.append("*")
        _expr(out, e.x)
    elif c is ast.CompositeLit:
        if e.type is not None:
            _expr(out, e.type)
        out.append("{…}" if e.elts else "{}")
    elif c is ast.FuncLit:
        _expr(out, e.type)
        out.append(" {…}" if e.body is not None and e.body.list else " {}")
    elif c is ast.SliceExpr:
        _expr(out, e.x)
        out.append("[")
        if e.low is not None:
            _expr(out, e.low)
        out.append(":")
        if e.high is not None:
            _expr(out, e.high)
        if e.max is not None:
            out.append(":")
            _expr(out, e.max)
        out.append("]")
    elif c is ast.TypeAssertExpr:
        _expr(out, e.x)
        out.append(".(")
        if e.type is None:
            out.append("type")
        else:
            _expr(out, e.type)
        out.append(")")
    elif c is ast.KeyValueExpr:
        _expr(out, e.key)
        out.append(": ")
        _expr(out, e.value)
    elif c is ast.Ellipsis:
        out.append("...")
        if e.elt is not None:
            _expr(out, e.elt)
    elif c is ast.ArrayType:
        out.append("[")
        if e.len is not None:
            _expr(out, e.len)
        out.append("]")
        _expr(out, e.elt)
    elif c is ast.MapType:
        out.append("map[")
        _expr(out, e.key)
        out.append("]")
        _expr(out, e.value)
    elif c is ast.ChanType:
        out.append({"both": "chan ", "send": "chan<- ", "recv": "<-chan "}[e.dir])
        parens = e.dir == "both" and isinstance(e.value, ast.ChanType) and e.value.dir == "recv"
        if parens:
            out.append("(")
        _expr(out, e.value)
        if parens:
            out.append(")")
    elif c is ast.FuncType:
        out.append("func")
        _signature(out, e)
    elif c is ast.StructType:
        out.append("struct{")
        _fields(out, e.fields.list, "; ")
        out.append("}")
    elif c is ast.InterfaceType:
        out.append("interface{")
        for i, f in enumerate(e.methods.list):
            if i:
                out.append("; ")
            if f.names:
                out.append(f.names[0].name)
                _signature(out, f.type)
            else:
                _expr(out, f.type)
        out.append("}")
    elif c is ast.BadExpr:
        out.append("<bad expr>")
    elif e is not None:
        out.append(c.__name__)


def _fields(out: list[str], fields: list[Any], sep: str) -> None:
    for i, f in enumerate(fields):
        if i:
            out.append(sep)
        if f.names:
            out.append(", ".join(n.name for n in f.names) + " ")
        _expr(out, f.type)
        if f.tag is not None:
            out.append(" " + f.tag.value)


def _signature(out: list[str], t: Any) -> None:
    if t.type_params is not None:
        out.append("[")
        _fields(out, t.type_params.list, ", ")
        out.append("]")
    out.append("(")
    _fields(out, t.params.list, ", ")
    out.append(")")
    r = t.results
    if r is None or not r.list:
        return
    out.append(" ")
    if len(r.list) == 1 and not r.list[0].names:
        _expr(out, r.list[0].type)
        return
    out.append("(")
    _fields(out, r.list, ", ")
    out.append(")")
