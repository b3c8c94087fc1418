"""Initialisers that are data: what is known when a package is compiled needs no code when it starts.

`find` evaluates an initialiser to plain data without touching any module (a variable that nothing uses costs no more);
`DataMaker` turns that into a `#go.data` attribute, with the symbols of what it refers to. Calls of functions that only
return an expression are evaluated too, as gc does by inlining: `var Err = errors.New("…")` is a pointer to a variable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from goir.dialects import go
from goir.irgen import const
from goir.irgen.sources import Sources
from goir.irgen.types import is_interface
from goir.syntax import ast
from goir.types import types as T
from goir.types.constants import Complex
from goir.types.info import Info, Selection
from goir.types.lookup import lookup
from goir.types.objects import Func, Var
from goir.types.predicates import identical, identical_ignore_tags

_MAX_CALLS: Final = 8
"""How deep calls are followed."""


class NotStatic(Exception):
    """The value is known only when the program runs."""


# Leaves of static values that become symbols when the value is used.


class VarRef(NamedTuple):
    """The address of a package variable or of a part of it."""

    var: Var
    path: tuple[int, ...]


class PointeeRef(NamedTuple):
    """The pointer that a package variable is initialised with."""

    var: Var


class SliceRef(NamedTuple):
    """A slice of an array that is (a part of) a package variable."""

    address: VarRef
    length: int
    capacity: int


class FuncRef(NamedTuple):
    """A declared function."""

    func: Func
    arguments: Sequence[T.Type]


class MethodRef(NamedTuple):
    """A method expression."""

    selection: Selection
    arguments: Sequence[T.Type]


class Literal(NamedTuple):
    """A function literal."""

    lit: ast.FuncLit


class Dynamic(NamedTuple):
    """An interface value."""

    type: T.Type
    value: Any


class StaticInit(NamedTuple):
    """The value of an initialiser: plain data as of `#go.data`, but for the leaves above. `plain`: there are none.
    `literals` are its function literals in source order."""

    value: Any
    plain: bool
    literals: list[ast.FuncLit]


Before: TypeAlias = Callable[[Var], "StaticInit | None"]
"""Answers the value that a package variable has for certain when the initialiser is evaluated."""


def nothing_known(var: Var) -> StaticInit | None:
    """The `Before` of code that may run at any time, and more than once."""
    return None


def find(sources: Sources, info: Info, e: ast.Expr, t: T.Type, before: Before) -> StaticInit | None:
    """The value of `e`, as a variable of type `t` holds it; None if it takes code."""
    evaluator = _Evaluator(sources, info, before)
    try:
        value = evaluator.value(e, t)
    except NotStatic:
        return None
    return StaticInit(value, evaluator.plain, evaluator.literals)


class ConstantParts(NamedTuple):
    """What is constant in a literal of a struct or an array within a function: its data (zero where it is not), how many
    constants there are, and the expressions that are constant as a whole."""

    value: Any
    constants: int
    whole: set[ast.Expr]


def constant_parts(sources: Sources, info: Info, e: ast.CompositeLit, t: T.Type) -> ConstantParts | None:
    """The constant parts of a literal of type `t`; None if it is better made element by element."""
    finder = _Constants(sources, info, nothing_known)
    try:
        value = finder.composite(e, t)
    except NotStatic:
        return None
    return ConstantParts(value, finder.count, finder.whole)


class _Evaluator:
    def __init__(self, sources: Sources, info: Info, before: Before) -> None:
        self.sources = sources
        self.before = before
        self.info = info
        self.types = info.types
        self.plain = True
        self.literals: list[ast.FuncLit] = []
        self.integers: dict[T.Type, bool] = {}
        self.structs: dict[T.Struct, tuple[list[T.Type], list[Any], dict[Var, int], dict[str, int]]] = {}
        #: In a function that is called: its parameters.
        self.env: dict[Var, tuple[T.Type, Any]] | None = None
        self.used: set[Var] = set()
        self.depth = 0

    def value(self, e: ast.Expr, t: T.Type) -> Any:
        """What a variable of type `t` holds that is assigned `e`."""
        tv = self.types.get(e)
        if tv is not None:
            v = tv.value
            if v is not None:
                if v.__class__ is int and self.is_integer(t):
                    return v
                if is_interface(t):
                    self.plain = False
                    return Dynamic(tv.type, self.constant(v, tv.type))
                return self.constant(v, t)
            if tv.mode == "nilvalue" or (isinstance(tv.type, T.Basic) and tv.type.kind == T.UNTYPED_NIL):
                return None
        value = self.raw(e)
        if is_interface(t):
            own = self.type_of(e)
            if not is_interface(own):
                self.plain = False
                return Dynamic(own, value)
        return value

    def type_of(self, e: ast.Expr) -> T.Type:
        tv = self.types.get(e)
        if tv is not None and not isinstance(tv.type, T.Tuple):
            return tv.type
        obj = self.info.object_of(e)
        if obj is None:
            raise NotStatic
        return obj.type

    def is_integer(self, t: T.Type) -> bool:
        known = self.integers.get(t)
        if known is None:
            u = t.underlying
            known = self.integers[t] = isinstance(u, T.Basic) and bool(u.info & T.IS_INTEGER)
        return known

    def constant(self, v: Any, t: T.Type) -> Any:
        """A constant of a basic type."""
        u = t.underlying
        if not isinstance(u, T.Basic):
            raise NotStatic
        info = u.info
        if info & T.IS_BOOLEAN:
            return bool(v)
        if info & T.IS_STRING:
            return v
        if info & T.IS_INTEGER:
            return const.to_int(v)
        if info & T.IS_FLOAT:
            return const.round_float32(v) if u.kind == T.FLOAT32 else const.to_float(v)
        if info & T.IS_COMPLEX:
            parts = (v.re, v.im) if isinstance(v, Complex) else (v, 0)
            return tuple((const.round_float32 if u.kind == T.COMPLEX64 else const.to_float)(p) for p in parts)
        raise NotStatic

    def raw(self, e: ast.Expr) -> Any:
        """The value of an expression that is no constant, of its own type."""
        e = ast.unparen(e)
        match e:
            case ast.CompositeLit():
                return self.composite(e, self.type_of(e))
            case ast.UnaryExpr() if e.op == "&":
                x = ast.unparen(e.x)
                if isinstance(x, ast.CompositeLit):
                    return go.New(self.composite(x, self.type_of(x)))
                return self.address(x)
            case ast.FuncLit() if self.env is None:
                self.plain = False
                self.literals.append(e)
                return Literal(e)
            case ast.Ident() | ast.SelectorExpr() | ast.IndexExpr() | ast.IndexListExpr():
                return self.named(e)
            case ast.CallExpr():
                return self.call(e)
            case ast.SliceExpr():
                return self.slice(e)
            case _:
                raise NotStatic

    # Literals ---------------------------------------------------------------------------------------------------------

    def composite(self, e: ast.CompositeLit, t: T.Type) -> Any:
        u = t.underlying
        match u:
            case T.Struct():
                return self.struct(e, u)
            case T.Array() | T.Slice():
                return self.elements(e, u.elem)
            case T.Pointer():
                return go.New(self.composite(e, u.elem))  # an elided &T
            case _:
                raise NotStatic

    def struct(self, e: ast.CompositeLit, u: T.Struct) -> tuple[Any, ...]:
        found = self.structs.get(u)
        if found is None:
            types = [f.type for f in u.fields]
            zeros = [_zero(t) for t in types]
            indices = {f: i for i, f in enumerate(u.fields)}
            found = self.structs[u] = types, zeros, indices, {f.name: i for i, f in enumerate(u.fields)}
        types, zeros, indices, names = found
        values = list(zeros)
        for i, x in enumerate(e.elts):
            if x.__class__ is ast.KeyValueExpr:
                key: ast.Ident = x.key  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]
                index = indices.get(self.info.uses.get(key))  # pyright: ignore[reportArgumentType, reportCallIssue, reportUnknownArgumentType]
                x = x.value  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]
                if index is None and key.name not in names:  # pyright: ignore[reportUnknownMemberType]
                    self.promoted(values, u, key, x)  # pyright: ignore[reportUnknownArgumentType]
                    continue
                i = names[key.name] if index is None else index  # pyright: ignore[reportUnknownMemberType]
            values[i] = self.value(x, types[i])  # pyright: ignore[reportUnknownArgumentType]
        return tuple(values)

    def promoted(self, values: list[Any], u: T.Struct, key: ast.Ident, x: ast.Expr) -> None:
        """Sets a field of an embedded struct among the values of the fields of u."""
        var = self.info.uses.get(key)
        path = lookup(u, False, var.pkg if var is not None else None, key.name, False)[1]
        if not path:
            raise NotStatic
        outer: list[tuple[list[Any], int]] = []
        t: T.Type = u
        for i in path:
            outer.append((values, i))
            t = u.fields[i].type
            if len(outer) < len(path):
                assert isinstance(t.underlying, T.Struct)
                u = t.underlying
                values = [_zero(f.type) for f in u.fields] if values[i] is None else list(values[i])
        value = self.value(x, t)
        for values, i in reversed(outer):
            values[i] = value
            value = tuple(values)

    def elements(self, e: ast.CompositeLit, elem: T.Type) -> tuple[Any, ...]:
        value = self.value
        keyed = False
        for x in e.elts:
            if x.__class__ is ast.KeyValueExpr:
                keyed = True
                break
        if not keyed:
            return tuple([value(x, elem) for x in e.elts])
        values: dict[int, Any] = {}
        index = 0
        for x in e.elts:
            if isinstance(x, ast.KeyValueExpr):
                key = self.types[x.key].value
                assert key is not None
                index = const.to_int(key)
                x = x.value
            values[index] = value(x, elem)
            index += 1
        length = max(values) + 1
        if length > 1024 + 8 * len(values):
            raise NotStatic  # mostly zeros
        zero = _zero(elem)
        return tuple([values.get(i, zero) for i in range(length)])

    # Names and addresses ----------------------------------------------------------------------------------------------

    def named(self, e: ast.Expr) -> Any:
        """A declared function, an instance of a generic one, a method expression; a parameter of a function called."""
        if isinstance(e, (ast.IndexExpr, ast.IndexListExpr)):
            e = ast.unparen(e.x)
            if not isinstance(e, (ast.Ident, ast.SelectorExpr)):
                raise NotStatic
            obj = self.info.object_of(e.sel if isinstance(e, ast.SelectorExpr) else e)
            if not isinstance(obj, Func):
                raise NotStatic
        if isinstance(e, ast.SelectorExpr):
            selection = self.info.selections.get(e)
            if selection is not None:
                if selection.kind != "method_expr" or self.env is not None:
                    raise NotStatic
                self.plain = False
                instance = self.info.instances.get(e.sel)
                return MethodRef(selection, instance[0] if instance is not None else ())
            e = e.sel
        if not isinstance(e, ast.Ident):
            raise NotStatic
        obj = self.info.object_of(e)
        if isinstance(obj, Func):
            instance = self.info.instances.get(e)
            declaration = self.sources.declaration(obj.origin)
            if declaration is not None and "intrinsic" in declaration.directives:
                raise NotStatic
            self.plain = False
            return FuncRef(obj, instance[0] if instance is not None else ())
        if isinstance(obj, Var) and self.env is not None and obj in self.env:
            value = self.env[obj][1]
            if obj in self.used and value.__class__ not in (int, bool, float, bytes, type(None)):
                raise NotStatic  # a variable must not become two
            self.used.add(obj)
            return value
        if isinstance(obj, Var) and self.env is None:
            return self.variable(obj)
        raise NotStatic

    def variable(self, var: Var) -> Any:
        """The value of another package variable, if its initial value can be had twice."""
        found = self.before(var)
        if found is None:
            raise NotStatic
        value = found.value
        if not found.plain:
            self.plain = False
        pointer = value.value if value.__class__ is Dynamic else value
        if pointer.__class__ is go.New:
            self.plain = False
            return Dynamic(value.type, PointeeRef(var)) if value.__class__ is Dynamic else PointeeRef(var)
        if isinstance(var.type.underlying, T.Slice) and value is not None and not isinstance(value, SliceRef):
            raise NotStatic
        if pointer is not None and pointer.__class__ not in _SHARED:
            raise NotStatic
        return value

    def slice(self, e: ast.SliceExpr) -> SliceRef:
        """A slice of a package variable."""
        array = self.type_of(e.x).underlying
        if not isinstance(array, T.Array) or self.env is not None:
            raise NotStatic
        bounds: list[int] = []
        for bound, default in ((e.low, 0), (e.high, array.length), (e.max, array.length)):
            tv = self.types.get(bound) if bound is not None else None
            if bound is not None and (tv is None or tv.value is None):
                raise NotStatic
            bounds.append(const.to_int(tv.value) if tv is not None and tv.value is not None else default)
        low, high, max_ = bounds
        if low == array.length:
            raise NotStatic  # there is no such element
        var, path = self.address(e.x)
        return SliceRef(VarRef(var, (*path, low)), high - low, max_ - low)

    def address(self, e: ast.Expr) -> VarRef:
        """The address of a package variable, or of an element or field of one."""
        path: list[int] = []
        while True:
            e = ast.unparen(e)
            selection = self.info.selections.get(e) if isinstance(e, ast.SelectorExpr) else None
            if isinstance(e, ast.SelectorExpr) and selection is not None:
                if selection.kind != "field" or not _direct(selection):
                    raise NotStatic
                path[:0] = selection.index
                e = e.x
            elif isinstance(e, ast.IndexExpr):
                tv = self.types.get(e.index)
                if not isinstance(self.type_of(e.x).underlying, T.Array) or tv is None or tv.value is None:
                    raise NotStatic
                path.insert(0, const.to_int(tv.value))
                e = e.x
            else:
                obj = self.info.object_of(e.sel if isinstance(e, ast.SelectorExpr) else e)
                if not isinstance(obj, Var) or obj.pkg is None or obj.is_field or obj.parent is not obj.pkg.scope:
                    raise NotStatic
                self.plain = False
                return VarRef(obj, tuple(path))

    # Calls ------------------------------------------------------------------------------------------------------------

    def call(self, e: ast.CallExpr) -> Any:
        tv = self.types.get(e.fun)
        if tv is not None and tv.mode == "type":
            return self.conversion(e.args[0], tv.type)
        fun = ast.unparen(e.fun)
        name = fun.sel if isinstance(fun, ast.SelectorExpr) else fun
        obj = self.info.object_of(name)
        # What new makes is on the heap, as in gc: package sync promises that a wait group may belong to a bubble then.
        if not isinstance(obj, Func) or (isinstance(fun, ast.SelectorExpr) and fun in self.info.selections):
            raise NotStatic
        return self.result(obj, e)

    def conversion(self, e: ast.Expr, t: T.Type) -> Any:
        value = self.value(e, t) if is_interface(t) else None
        if is_interface(t):
            return value
        tv = self.types.get(e)
        u = t.underlying
        if tv is not None and isinstance(tv.value, bytes) and isinstance(u, T.Slice):
            elem = u.elem.underlying
            if isinstance(elem, T.Basic) and elem.kind == T.UINT8:
                return tv.value
            raise NotStatic
        if tv is not None and (tv.value is not None or tv.mode == "nilvalue"):
            return self.value(e, t)
        source = self.type_of(e).underlying
        if isinstance(u, T.Basic) and u.kind == T.UNSAFE_POINTER:
            value = self.value(e, source)
            if value is not None and not isinstance(value, VarRef):
                raise NotStatic
            return value
        same = identical_ignore_tags(source, u)
        if not same and isinstance(source, T.Pointer) and isinstance(u, T.Pointer):
            same = identical_ignore_tags(source.elem.underlying, u.elem.underlying)
        if not same:
            raise NotStatic
        return self.value(e, self.type_of(e))

    def result(self, func: Func, e: ast.CallExpr) -> Any:
        """The result of a function that only returns an expression."""
        declaration = self.sources.declaration(func)
        signature = func.signature
        if (
            declaration is None
            or declaration.decl.body is None
            or len(declaration.decl.body.list) != 1
            or self.depth >= _MAX_CALLS
            or func.origin is not func
            or signature.recv is not None
            or signature.type_params
            or signature.variadic
            or len(signature.results.vars) != 1
            or len(e.args) != len(signature.params.vars)
            or "intrinsic" in declaration.directives
        ):
            raise NotStatic
        statement = declaration.decl.body.list[0]
        if not isinstance(statement, ast.ReturnStmt) or len(statement.results) != 1:
            raise NotStatic
        self.sources.check_body(func)
        env: dict[Var, tuple[T.Type, Any]] = {}
        arguments = [self.value(a, p.type) for a, p in zip(e.args, signature.params.vars, strict=True)]
        names = [name for field in declaration.decl.type.params.list for name in (field.names or [None])]
        for name, param, value in zip(names, signature.params.vars, arguments, strict=True):
            var = declaration.info.defs.get(name) if name is not None else None
            if isinstance(var, Var):
                env[var] = param.type, value
        saved = self.env, self.used, self.info, self.types, self.structs
        self.env, self.used = env, set()
        self.info, self.types = declaration.info, declaration.info.types
        self.depth += 1
        try:
            return self.value(statement.results[0], signature.results.vars[0].type)
        finally:
            self.depth -= 1
            self.env, self.used, self.info, self.types, self.structs = saved


class _Constants(_Evaluator):
    """Leaves out what is not constant."""

    def __init__(self, sources: Sources, info: Info, before: Before) -> None:
        super().__init__(sources, info, before)
        self.count = 0
        self.holes = 0
        self.whole: set[ast.Expr] = set()

    def value(self, e: ast.Expr, t: T.Type) -> Any:
        tv = self.types.get(e)
        if tv is not None:
            v = tv.value
            if v is not None and not is_interface(t):
                self.count += 1
                self.whole.add(e)
                return v if v.__class__ is int and self.is_integer(t) else self.constant(v, t)
            if tv.mode == "nilvalue" or (isinstance(tv.type, T.Basic) and tv.type.kind == T.UNTYPED_NIL):
                self.whole.add(e)
                return None
            inner = ast.unparen(e)
            if (
                isinstance(inner, ast.CompositeLit)
                and isinstance(t.underlying, (T.Struct, T.Array))
                and identical(self.type_of(inner), t)
            ):
                holes = self.holes
                value = self.composite(inner, t)
                if self.holes == holes:
                    self.whole.add(e)
                return value
        self.holes += 1
        return None


_SHARED: Final = frozenset((int, bool, float, bytes, VarRef, FuncRef, MethodRef, PointeeRef, SliceRef))
"""Values that two variables may have."""


def _direct(selection: Selection) -> bool:
    """Whether the fields of a selection lie in the operand, with no pointer between."""
    t = selection.recv
    for index in selection.index:
        u = t.underlying
        if not isinstance(u, T.Struct):
            return False
        t = u.fields[index].type
    return True


def _zero(t: T.Type) -> Any:
    """The zero value; for numbers as a number, so that tables can be packed at once."""
    u = t.underlying
    if isinstance(u, T.Basic):
        info = u.info
        if info & T.IS_BOOLEAN:
            return False
        if info & T.IS_INTEGER:
            return 0
        if info & T.IS_FLOAT:
            return 0.0
    return None
