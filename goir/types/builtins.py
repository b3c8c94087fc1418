"""Predeclared functions and those of package unsafe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from goir.syntax import ast
from goir.types import expr as expr_mod
from goir.types import operand as op
from goir.types import types as T
from goir.types import typexpr
from goir.types.assignments import assignment
from goir.types.call import arguments, expr_list, use
from goir.types.checker import Checker
from goir.types.constants import Complex, compare, imag, real, sign, to_float
from goir.types.conversions import assignable_to, convert_untyped, representable, update_expr_type
from goir.types.index import check_index, is_valid_index
from goir.types.lookup import deref_struct_ptr, lookup
from goir.types.objects import Func, TypeName, Var, new_signature
from goir.types.operand import Operand
from goir.types.predicates import (
    all_ordered,
    all_string,
    identical,
    is_numeric,
    is_string,
    is_type_param,
    is_untyped,
    is_valid,
    type_param_is,
    type_set_of,
    under_is,
)
from goir.types.sizes import alignof, offsetof, sizeof
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
    Type,
    TypeParam,
    default_type,
)
from goir.types.typestring import expr_string
from goir.types.universe import (
    TYP_BYTE,
    TYP_COMPLEX64,
    TYP_COMPLEX128,
    TYP_EMPTY_INTERFACE,
    TYP_FLOAT32,
    TYP_FLOAT64,
    TYP_INT,
    TYP_STRING,
    TYP_UINTPTR,
    TYP_UNSAFE_POINTER,
    TYP_UNTYPED_COMPLEX,
    TYP_UNTYPED_FLOAT,
)

_E = expr_mod.EXPRESSION
_S = expr_mod.STATEMENT

# name → (number of arguments, more allowed, kind of expression)
_TABLE: dict[str, tuple[int, bool, int]] = {
    "append": (1, True, _E),
    "cap": (1, False, _E),
    "clear": (1, False, _S),
    "close": (1, False, _S),
    "complex": (2, False, _E),
    "copy": (2, False, _S),
    "delete": (2, False, _S),
    "imag": (1, False, _E),
    "len": (1, False, _E),
    "make": (1, True, _E),
    "max": (1, True, _E),
    "min": (1, True, _E),
    "new": (1, False, _E),
    "panic": (1, False, _S),
    "print": (0, True, _S),
    "println": (0, True, _S),
    "real": (1, False, _E),
    "recover": (0, False, _S),
    "unsafe.Add": (2, False, _E),
    "unsafe.Alignof": (1, False, _E),
    "unsafe.Offsetof": (1, False, _E),
    "unsafe.Sizeof": (1, False, _E),
    "unsafe.Slice": (2, False, _E),
    "unsafe.SliceData": (1, False, _E),
    "unsafe.String": (2, False, _E),
    "unsafe.StringData": (1, False, _E),
    # Only declared by the checker's own tests.
    "assert": (1, False, _S),
    "trace": (0, True, _E),
}

#: What kind of expression a call of the builtin is.
KINDS: dict[str, int] = {name: entry[2] for name, entry in _TABLE.items()}

_UNEVALUATED = frozenset(("make", "new", "unsafe.Offsetof", "trace"))


def builtin(check: Checker, x: Operand, e: ast.CallExpr, name: str) -> bool:
    """Checks the call of a builtin; False after an error."""
    nmin, variadic, _ = _TABLE[name]
    shown = name.removeprefix("unsafe.")
    if e.ellipsis and name != "append":
        check.error(e, f"invalid operation: invalid use of ... with built-in {shown}")
        use(check, *e.args)
        return False
    saved = check.has_call_or_recv
    if name in ("len", "cap"):
        # Whether the argument contains calls decides if len is a constant; it says nothing about the context.
        check.has_call_or_recv = False
    args: list[Operand] = []
    if name in _UNEVALUATED:
        nargs = len(e.args)
    else:
        args = expr_list(check, e.args) if e.args else []
        nargs = len(args)
        if any(a.mode == op.INVALID for a in args):
            return False
        if args:
            x.assign(args[0])
    what = "not enough" if nargs < nmin else "too many" if not variadic and nargs > nmin else ""
    if what:
        check.error(
            e,
            f"invalid operation: {what} arguments for {expr_string(e)} (expected {nmin}, found {nargs})",
        )
        return False
    ok = _FUNCS[name](check, x, e, args)
    if name in ("len", "cap"):
        check.has_call_or_recv = saved
    return ok


def _record(check: Checker, e: ast.CallExpr, result: Type | None, *params: Type) -> None:
    check.record_builtin_type(
        e.fun, new_signature([default_type(p) for p in params], [result] if result is not None else [])
    )


def _array_ptr_deref(t: Type) -> Type:
    if isinstance(t, Pointer):
        a = t.elem.underlying
        if isinstance(a, Array):
            return a
    return t


def _slice_elem(check: Checker, x: Operand) -> tuple[Type | None, str]:
    elem: Type | None = None
    for _, u in type_set_of(x.type):
        if not isinstance(u, Slice):
            if x.mode == op.NILVALUE:
                return None, "argument must be a slice; have untyped nil"
            return None, f"argument must be a slice; have {check.os(x)}"
        if elem is None:
            elem = u.elem
        elif not identical(elem, u.elem):
            return None, f"mismatched slice element types {check.ts(elem)} and {check.ts(u.elem)} in {check.os(x)}"
    return elem, ""


def _bytes_or_string(t: Type) -> tuple[bool, bool]:
    """Whether t (each type of its type set) is []byte or string, and whether a string is among them."""
    has_string = False
    for _, u in type_set_of(t):
        if isinstance(u, Slice) and identical(u.elem, TYP_BYTE):
            continue
        if u is not None and is_string(u):
            has_string = True
            continue
        return False, False
    return True, has_string


def _append(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    elem, err = _slice_elem(check, x)
    if elem is None:
        check.error(x, f"invalid append: {err}")
        return False
    slice_type = x.type
    sig: Signature | None = None
    if len(args) == 2 and e.ellipsis and assignable_to(check, x, Slice(TYP_BYTE), None):
        ok, has_string = _bytes_or_string(args[1].type)
        if ok and has_string:
            y = args[1]
            if is_untyped(y.type):
                convert_untyped(check, y, TYP_STRING)
            sig = new_signature([slice_type, default_type(y.type)], [slice_type], True)
    if sig is None:
        sig = new_signature([slice_type, Slice(elem)], [slice_type], True)
        arguments(check, e, sig, [], [], args, [])
    check.record_builtin_type(e.fun, sig)
    x.mode = op.VALUE
    x.type = slice_type
    return True


def _len_cap(name: str) -> Callable[[Checker, Operand, ast.CallExpr, list[Operand]], bool]:
    is_len = name == "len"

    def each(u: Any) -> bool:
        t = _array_ptr_deref(u) if u is not None else None
        if isinstance(t, Basic):
            return is_len and is_string(t)
        if isinstance(t, (Array, Slice, Chan)):
            return True
        return is_len and isinstance(t, Map)

    def f(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
        mode = op.INVALID
        val: int | None = None
        t = _array_ptr_deref(x.type.underlying)
        if isinstance(t, Basic):
            if is_len and is_string(t):
                mode = op.VALUE
                if x.mode == op.CONSTANT:
                    mode = op.CONSTANT
                    val = len(x.val) if isinstance(x.val, bytes) else None
        elif isinstance(t, Array):
            mode = op.VALUE
            if not check.has_call_or_recv:
                mode = op.CONSTANT
                val = t.length if t.length >= 0 else None
        elif isinstance(t, (Slice, Chan)):
            mode = op.VALUE
        elif isinstance(t, Map):
            if is_len:
                mode = op.VALUE
        elif isinstance(t, Interface) and is_type_param(x.type) and under_is(x.type, each):
            mode = op.VALUE
        if mode == op.INVALID:
            if is_valid(x.type.underlying):
                check.error(x, f"invalid argument: {check.os(x)} for built-in {name}")
            return False
        if mode != op.CONSTANT:
            if is_untyped(x.type):
                convert_untyped(check, x, TYP_STRING)
            _record(check, e, TYP_INT, x.type)
        x.mode = mode
        x.type = TYP_INT
        x.val = val
        return True

    return f


def _clear(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    check.requires(e.fun, 21, "clear")

    def each(u: Any) -> bool:
        if isinstance(u, (Map, Slice)):
            return True
        check.error(
            x,
            f"invalid argument: cannot clear {check.os(x)}: argument must be (or constrained by) map or slice",
        )
        return False

    if not under_is(x.type, each):
        return False
    x.mode = op.NOVALUE
    _record(check, e, None, x.type)
    return True


def _close(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    def each(u: Any) -> bool:
        if not isinstance(u, Chan):
            check.error(x, f"invalid operation: cannot close non-channel {check.os(x)}")
            return False
        if u.dir == "recv":
            check.error(x, f"invalid operation: cannot close receive-only channel {check.os(x)}")
            return False
        return True

    if not under_is(x.type, each):
        return False
    x.mode = op.NOVALUE
    _record(check, e, None, x.type)
    return True


def _apply(check: Checker, f: Callable[[Type], Type | None], x: Operand, name: str) -> Type | None:
    """The type f gives for x's type, if it gives one (for a type parameter: one like it)."""
    t = x.type
    if isinstance(t, TypeParam):
        terms: list[T.Term] = []

        def visit(term: T.Term | None) -> bool:
            r = f(term.type) if term is not None and term.type is not None else None
            if term is None or r is None:
                return False
            terms.append(T.Term(term.tilde, r))
            return True

        if not type_param_is(t, visit):
            return None
        check.error(
            x,
            f"{check.os(x)} not supported as argument to built-in {name} for go1.18 (see go.dev/issue/50937)",
        )
        name_obj = TypeName(0, check.pkg, t.obj.name, None)
        p = TypeParam(name_obj, Interface([], [T.Union(terms)]))
        name_obj.type = p
        p.index = t.index
        return p
    return f(t)


def _complex(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    y = args[1]
    xu, yu = is_untyped(x.type), is_untyped(y.type)
    if xu and not yu:
        convert_untyped(check, x, y.type)
    elif yu and not xu:
        convert_untyped(check, y, x.type)
    elif xu and yu:
        if x.mode == op.CONSTANT and y.mode == op.CONSTANT:
            for z in (x, y):
                if is_numeric(z.type) and z.val is not None and sign(imag(z.val)) == 0:
                    z.type = TYP_UNTYPED_FLOAT
        else:
            convert_untyped(check, x, TYP_FLOAT64)
            convert_untyped(check, y, TYP_FLOAT64)
    if x.mode == op.INVALID or y.mode == op.INVALID:
        return False
    if not identical(x.type, y.type):
        check.error(
            x,
            f"invalid operation: {expr_string(e)} (mismatched types {check.ts(x.type)} and {check.ts(y.type)})",
        )
        return False

    def result(t: Type) -> Type | None:
        u = t.underlying
        if isinstance(u, Basic):
            return {T.FLOAT32: TYP_COMPLEX64, T.FLOAT64: TYP_COMPLEX128, T.UNTYPED_FLOAT: TYP_UNTYPED_COMPLEX}.get(
                u.kind
            )
        return None

    res = _apply(check, result, x, "complex")
    if res is None:
        check.error(x, f"invalid argument: arguments have type {check.ts(x.type)}, expected floating-point")
        return False
    if x.mode == op.CONSTANT and y.mode == op.CONSTANT:
        re, im = to_float(x.val), to_float(y.val)
        x.val = Complex(re, im) if re is not None and im is not None else None
    else:
        x.mode = op.VALUE
        _record(check, e, res, x.type, x.type)
    x.type = res
    return True


def _real_imag(name: str) -> Callable[[Checker, Operand, ast.CallExpr, list[Operand]], bool]:
    def result(t: Type) -> Type | None:
        u = t.underlying
        if isinstance(u, Basic):
            return {
                T.COMPLEX64: TYP_FLOAT32,
                T.COMPLEX128: TYP_FLOAT64,
                T.UNTYPED_COMPLEX: TYP_UNTYPED_FLOAT,
            }.get(u.kind)
        return None

    def f(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
        if is_untyped(x.type):
            if x.mode == op.CONSTANT:
                if is_numeric(x.type):
                    x.type = TYP_UNTYPED_COMPLEX
            else:
                convert_untyped(check, x, TYP_COMPLEX128)
                if x.mode == op.INVALID:
                    return False
        res = _apply(check, result, x, name)
        if res is None:
            check.error(x, f"invalid argument: argument has type {check.ts(x.type)}, expected complex type")
            return False
        if x.mode == op.CONSTANT:
            if x.val is not None:
                x.val = to_float(real(x.val) if name == "real" else imag(x.val))
        else:
            x.mode = op.VALUE
            _record(check, e, res, x.type)
        x.type = res
        return True

    return f


def _copy(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    dst, err = _slice_elem(check, x)
    if dst is None:
        check.error(x, f"invalid copy: {err}")
        return False
    y = args[1]
    special = assignable_to(check, x, Slice(TYP_BYTE), None) and _bytes_or_string(y.type)[0]
    if not special:
        src, err = _slice_elem(check, y)
        if src is None:
            if not all_string(y.type):
                check.error(y, f"invalid copy: {err}")
                return False
            src = TYP_BYTE
        if not identical(dst, src):
            check.error(
                x,
                f"invalid copy: arguments {check.os(x)} and {check.os(y)} have different element types "
                f"{check.ts(dst)} and {check.ts(src)}",
            )
            return False
    if is_untyped(y.type):
        convert_untyped(check, y, TYP_STRING)
    _record(check, e, TYP_INT, x.type, y.type)
    x.mode = op.VALUE
    x.type = TYP_INT
    return True


def _delete(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    map_type = x.type
    key: Type | None = None

    def each(u: Any) -> bool:
        nonlocal key
        if not isinstance(u, Map):
            check.error(x, f"invalid argument: {check.os(x)} is not a map")
            return False
        if key is not None and not identical(u.key, key):
            check.error(x, f"invalid argument: maps of {check.os(x)} must have identical key types")
            return False
        key = u.key
        return True

    if not under_is(map_type, each) or key is None:
        return False
    x.assign(args[1])
    assignment(check, x, key, "argument to delete")
    if x.mode == op.INVALID:
        return False
    x.mode = op.NOVALUE
    _record(check, e, None, map_type, key)
    return True


def _make(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    arg0 = e.args[0]
    t = typexpr.var_type(check, arg0)
    if not is_valid(t):
        use(check, *e.args[1:])
        return False

    def cond(_: Any, u: Any) -> str | None:
        if u is None:
            return "no specific type"
        if isinstance(u, (Slice, Map, Chan)):
            return None
        return "type must be slice, map, or channel"

    u, err = check.common_under(t, cond)
    if err is not None:
        check.error(arg0, f"invalid argument: cannot make {expr_string(arg0)}: {err}")
        return False
    least = 2 if isinstance(u, Slice) else 1
    nargs = len(e.args)
    if nargs < least or least + 1 < nargs:
        check.error(
            e,
            f"invalid operation: {expr_string(e)} expects {least} or {least + 1} arguments; found {nargs}",
        )
        return False
    types: list[Type] = [t]
    sizes: list[int] = []
    for a in e.args[1:]:
        at, n = check_index(check, a, -1)
        types.append(at)
        if n >= 0:
            sizes.append(n)
    if len(sizes) == 2 and sizes[0] > sizes[1]:
        check.error(e.args[1], "invalid argument: length and capacity swapped")
    x.mode = op.VALUE
    x.type = t
    _record(check, e, t, *types)
    return True


def _min_max(name: str) -> Callable[[Checker, Operand, ast.CallExpr, list[Operand]], bool]:
    o = "<" if name == "min" else ">"

    def f(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
        check.requires(e.fun, 21, f"built-in {name}")
        for i, a in enumerate(args):
            if not all_ordered(a.type):
                check.error(a, f"invalid argument: {check.os(a)} cannot be ordered")
                return False
            if i == 0:
                continue
            expr_mod.match_types(check, x, a)
            if x.mode == op.INVALID:
                return False
            if not identical(x.type, a.type):
                check.error(
                    a,
                    f"invalid argument: mismatched types {check.ts(x.type)} (previous argument) "
                    f"and {check.ts(a.type)} (type of {a.text()})",
                )
                return False
            if x.mode == op.CONSTANT and a.mode == op.CONSTANT:
                if a.val is not None and x.val is not None and compare(a.val, o, x.val):
                    x.assign(a)
            else:
                x.mode = op.VALUE
        if x.mode != op.CONSTANT:
            x.mode = op.VALUE
            # An untyped result (of comparisons or shifts) takes its default type.
            assignment(check, x, TYP_EMPTY_INTERFACE, f"argument to built-in {name}")
            if x.mode == op.INVALID:
                return False
        for a in args:
            update_expr_type(check, a.expr, x.type, True)
        if x.mode != op.CONSTANT:
            _record(check, e, x.type, *[x.type for _ in args])
        return True

    return f


def _new(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    arg = e.args[0]
    expr_mod.expr_or_type(check, x, arg, False)
    if x.mode == op.BUILTIN:
        check.error(x, f"{check.os(x)} must be called")
        x.mode = op.INVALID
    if x.mode == op.INVALID:
        return False
    if x.mode == op.TYPEXPR:
        typexpr.valid_var_type(check, arg, x.type)
    else:
        if is_untyped(x.type):
            assignment(check, x, None, "argument to new")
            if x.mode == op.INVALID:
                return False
        check.requires(e.fun, 26, f"new({expr_string(arg)})")
    t = x.type
    x.mode = op.VALUE
    x.type = Pointer(t)
    _record(check, e, x.type, t)
    return True


def _panic(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    check.is_panic.add(e)
    assignment(check, x, TYP_EMPTY_INTERFACE, "argument to panic")
    if x.mode == op.INVALID:
        return False
    x.mode = op.NOVALUE
    _record(check, e, None, TYP_EMPTY_INTERFACE)
    return True


def _print(name: str) -> Callable[[Checker, Operand, ast.CallExpr, list[Operand]], bool]:
    def f(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
        for a in args:
            assignment(check, a, None, f"argument to built-in {name}")
            if a.mode == op.INVALID:
                return False
        x.mode = op.NOVALUE
        _record(check, e, None, *[a.type for a in args])
        return True

    return f


def _recover(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    x.mode = op.VALUE
    x.type = TYP_EMPTY_INTERFACE
    _record(check, e, x.type)
    return True


# ---- unsafe ----------------------------------------------------------------------------------------------


def _add(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    check.requires(e.fun, 17, "unsafe.Add")
    assignment(check, x, TYP_UNSAFE_POINTER, "argument to unsafe.Add")
    if x.mode == op.INVALID or not is_valid_index(check, args[1], "length", True):
        return False
    x.mode = op.VALUE
    x.type = TYP_UNSAFE_POINTER
    _record(check, e, x.type, x.type, args[1].type)
    return True


def has_var_size(check: Checker, t: Type) -> bool:
    """Whether the size of t depends on type parameters, or is infinite, which is an error that is reported."""
    if isinstance(t, TypeParam):
        return True
    if isinstance(t, Named):
        if not t.type_args and t.obj.pkg is not check.pkg:
            return False
        known = check.var_sizes.get(t)
        if known is None:
            from goir.types.decl import cycle_error, first_in_source

            path = check.sizing
            declared = check.obj_path_idx.get(t.obj) if t.orig is t else None
            if declared is not None:
                cycle = [*check.obj_path[declared:], *path]
                cycle_error(check, cycle, first_in_source(cycle))
                return True
            for i, outer in enumerate(path):
                if identical(outer, t):
                    cycle_error(check, path[i:], first_in_source(path[i:]))
                    return True
            path.append(t)
            known = check.var_sizes[t] = has_var_size(check, t.underlying)
            path.pop()
        return known
    if isinstance(t, Array):
        return has_var_size(check, t.elem)
    if isinstance(t, Struct):
        for f in t.fields:
            if has_var_size(check, f.type):
                return True
    return False


def _measure(name: str, f: Callable[[Type], int]) -> Callable[[Checker, Operand, ast.CallExpr, list[Operand]], bool]:
    def run(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
        assignment(check, x, None, f"argument to {name}")
        if x.mode == op.INVALID:
            return False
        if isinstance(x.type, Named) and not check.is_complete(x.type):
            return False
        if has_var_size(check, x.type):
            x.mode = op.VALUE
            _record(check, e, TYP_UINTPTR, x.type)
        else:
            n = f(x.type)
            if n >= 1 << 63:
                check.error(x, f"{check.os(x)} is too large")
                return False
            x.mode = op.CONSTANT
            x.val = n
        x.type = TYP_UINTPTR
        return True

    return run


def _offsetof(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    arg0 = e.args[0]
    sel = ast.unparen(arg0)
    if not isinstance(sel, ast.SelectorExpr):
        check.error(arg0, f"invalid argument: {expr_string(arg0)} is not a selector expression")
        use(check, arg0)
        return False
    expr_mod.expr(check, None, x, sel.x)
    if x.mode == op.INVALID:
        return False
    base = deref_struct_ptr(x.type)
    name = sel.sel.name
    obj, index, indirect = lookup(base, False, check.pkg, name, False)
    if obj is None or index is None:
        check.error(x, f"invalid argument: {check.ts(base)} has no single field {name}")
        return False
    if isinstance(obj, Func):
        check.error(arg0, f"invalid argument: {expr_string(arg0)} is a method value")
        return False
    if indirect:
        check.error(x, f"invalid argument: field {name} is embedded via a pointer in {check.ts(base)}")
        return False
    assert isinstance(obj, Var)
    check.record_selection(sel, "field", base, obj, index, False, obj.type)
    check.record_type(sel, op.VARIABLE if x.mode == op.VARIABLE else op.VALUE, obj.type)
    if has_var_size(check, base):
        x.mode = op.VALUE
        _record(check, e, TYP_UINTPTR, obj.type)
    else:
        n = offsetof(base, index)
        if n >= 1 << 63:
            check.error(x, f"{check.os(x)} is too large")
            return False
        x.mode = op.CONSTANT
        x.val = n
    x.type = TYP_UINTPTR
    return True


def _slice(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    check.requires(e.fun, 17, "unsafe.Slice")
    ptr = check.common_under(x.type)[0]
    if not isinstance(ptr, Pointer):
        check.error(x, f"invalid argument: {check.os(x)} is not a pointer")
        return False
    if not is_valid_index(check, args[1], "length", False):
        return False
    x.mode = op.VALUE
    x.type = Slice(ptr.elem)
    _record(check, e, x.type, ptr, args[1].type)
    return True


def _slice_data(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    check.requires(e.fun, 20, "unsafe.SliceData")
    s = check.common_under(x.type)[0]
    if not isinstance(s, Slice):
        check.error(x, f"invalid argument: {check.os(x)} is not a slice")
        return False
    x.mode = op.VALUE
    x.type = Pointer(s.elem)
    _record(check, e, x.type, s)
    return True


def _string(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    check.requires(e.fun, 20, "unsafe.String")
    assignment(check, x, Pointer(TYP_BYTE), "argument to unsafe.String")
    if x.mode == op.INVALID or not is_valid_index(check, args[1], "length", False):
        return False
    x.mode = op.VALUE
    x.type = TYP_STRING
    _record(check, e, x.type, Pointer(TYP_BYTE), args[1].type)
    return True


def _string_data(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    check.requires(e.fun, 20, "unsafe.StringData")
    assignment(check, x, TYP_STRING, "argument to unsafe.StringData")
    if x.mode == op.INVALID:
        return False
    x.mode = op.VALUE
    x.type = Pointer(TYP_BYTE)
    _record(check, e, x.type, TYP_STRING)
    return True


def _assert(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    if x.mode != op.CONSTANT or x.val.__class__ is not bool:
        check.error(x, f"invalid argument: {check.os(x)} is not a boolean constant")
        return False
    if not x.val:
        check.error(e, f"{expr_string(e)} failed")
    return True


def _trace(check: Checker, x: Operand, e: ast.CallExpr, args: list[Operand]) -> bool:
    if not e.args:
        x.mode = op.NOVALUE
        return True
    y = x
    for a in e.args:
        expr_mod.raw_expr(check, None, y, a, None, False)
        y = Operand()
    return x.mode != op.INVALID


_FUNCS: dict[str, Callable[[Checker, Operand, ast.CallExpr, list[Operand]], bool]] = {
    "append": _append,
    "cap": _len_cap("cap"),
    "clear": _clear,
    "close": _close,
    "complex": _complex,
    "copy": _copy,
    "delete": _delete,
    "imag": _real_imag("imag"),
    "len": _len_cap("len"),
    "make": _make,
    "max": _min_max("max"),
    "min": _min_max("min"),
    "new": _new,
    "panic": _panic,
    "print": _print("print"),
    "println": _print("println"),
    "real": _real_imag("real"),
    "recover": _recover,
    "unsafe.Add": _add,
    "unsafe.Alignof": _measure("unsafe.Alignof", alignof),
    "unsafe.Offsetof": _offsetof,
    "unsafe.Sizeof": _measure("unsafe.Sizeof", sizeof),
    "unsafe.Slice": _slice,
    "unsafe.SliceData": _slice_data,
    "unsafe.String": _string,
    "unsafe.StringData": _string_data,
    "assert": _assert,
    "trace": _trace,
}

__all__ = ["KINDS", "builtin", "representable"]
