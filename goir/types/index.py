"""Index and slice expressions."""

from __future__ import annotations

from typing import Any

from goir.syntax import ast
from goir.types import operand as op
from goir.types import typexpr
from goir.types.checker import Checker
from goir.types.constants import representable, sign, value_string
from goir.types.conversions import convert_untyped
from goir.types.operand import Operand
from goir.types.predicates import (
    all_integer,
    identical,
    is_string,
    is_type_param,
    is_untyped,
    is_valid,
    type_set_of,
    under_is,
)
from goir.types.types import Array, Basic, Interface, Map, Pointer, Signature, Slice, Type
from goir.types.universe import TYP_BYTE, TYP_INT, TYP_INVALID, TYP_STRING


def _indices(e: Any) -> list[Any]:
    return [e.index] if e.__class__ is ast.IndexExpr else e.indices


def index_expr(check: Checker, x: Operand, e: Any) -> bool:
    """Checks x[i]; answers True if it is a generic function that is to be instantiated."""
    from goir.types.assignments import assignment
    from goir.types.call import use
    from goir.types.expr import expr_or_type, generic_expr, non_generic

    expr_or_type(check, x, e.x, True)
    if x.mode == op.INVALID:
        use(check, *_indices(e))
        return False
    if x.mode == op.TYPEXPR:
        x.mode = op.INVALID
        x.type = typexpr.var_type(check, e)
        if is_valid(x.type):
            x.mode = op.TYPEXPR
        return False
    if x.mode == op.VALUE and isinstance(x.type.underlying, Signature) and x.type.underlying.type_params:
        return True
    non_generic(check, None, x)
    if x.mode == op.INVALID:
        return False
    if not check.is_complete(x.type):
        x.mode = op.INVALID
        return False
    u = x.type.underlying
    if isinstance(u, (Pointer, Map)) and not check.is_complete(u.elem):
        x.mode = op.INVALID
        return False
    valid = False
    length = -1
    if isinstance(u, Slice):
        valid = True
        x.mode = op.VARIABLE
        x.type = u.elem
    elif isinstance(u, Basic):
        if is_string(u):
            valid = True
            if x.mode == op.CONSTANT and isinstance(x.val, bytes):
                length = len(x.val)
            if is_untyped(x.type):
                convert_untyped(check, x, TYP_STRING)
            x.mode = op.VALUE
            x.type = TYP_BYTE
    elif isinstance(u, Array):
        valid = True
        length = u.length
        if x.mode != op.VARIABLE:
            x.mode = op.VALUE
        x.type = u.elem
    elif isinstance(u, Pointer):
        a = u.elem.underlying
        if isinstance(a, Array):
            valid = True
            length = a.length
            x.mode = op.VARIABLE
            x.type = a.elem
    elif isinstance(u, Map):
        key = Operand()
        generic_expr(check, key, _single_index(check, e), None)
        assignment(check, key, u.key, "map index")
        # A bad key does not make the element's type unknown.
        x.mode = op.MAPINDEX
        x.type = u.elem
        x.expr = e
        return False
    elif isinstance(u, Interface) and is_type_param(x.type):
        r = _type_param_index(check, x)
        if r is not None:
            key_type, elem, mode, length = r
            if key_type is not None:
                key = Operand()
                generic_expr(check, key, _single_index(check, e), None)
                assignment(check, key, key_type, "map index")
                x.mode = op.MAPINDEX
                x.type = elem
                x.expr = e
                return False
            valid = True
            x.mode = mode
            x.type = elem
    if not valid:
        check.error(e.lbrack, f"cannot index {check.os(x)}")
        use(check, *_indices(e))
        x.mode = op.INVALID
        return False
    check_index(check, _single_index(check, e), length)
    return False


def _type_param_index(check: Checker, x: Operand) -> tuple[Type | None, Type, int, int] | None:
    """What indexing a value of a type parameter gives: (key type of maps, element type, mode, length)."""
    key: Type | None = None
    elem: Type | None = None
    mode = op.VARIABLE
    length = -1

    def each(u: Any) -> bool:
        nonlocal key, elem, mode, length
        n = -1
        k: Type | None = None
        el: Type | None = None
        if isinstance(u, Basic):
            if is_string(u):
                el = TYP_BYTE
                mode = op.VALUE
        elif isinstance(u, Array):
            n = u.length
            el = u.elem
            if x.mode != op.VARIABLE:
                mode = op.VALUE
        elif isinstance(u, Pointer):
            a = u.elem.underlying
            if isinstance(a, Array):
                n = a.length
                el = a.elem
        elif isinstance(u, Slice):
            el = u.elem
        elif isinstance(u, Map):
            k = u.key
            el = u.elem
        if el is None:
            return False
        if elem is None:
            length = n
            key, elem = k, el
            return True
        if (key is None) != (k is None) or (key is not None and not identical(key, k)):
            return False
        if not identical(elem, el):
            return False
        if 0 <= n < length:
            length = n
        return True

    if not under_is(x.type, each) or elem is None:
        return None
    return key, elem, mode, length


def _single_index(check: Checker, e: Any) -> Any:
    if e.__class__ is ast.IndexExpr:
        return e.index
    check.error(e.indices[1], "invalid operation: more than one index")
    return e.indices[0]


def check_index(check: Checker, e: Any, limit: int) -> tuple[Type, int]:
    """Checks an index that must be below ``limit`` (if that is not negative): its type and, if constant, value."""
    from goir.types.expr import expr

    x = Operand()
    expr(check, None, x, e)
    if not is_valid_index(check, x, "index", False):
        return TYP_INVALID, -1
    if x.mode != op.CONSTANT:
        return x.type, -1
    v = x.val
    if v.__class__ is not int:
        return TYP_INVALID, -1
    if 0 <= limit <= v:  # pyright: ignore[reportOperatorIssue]
        check.error(x, f"invalid argument: index {value_string(v)} out of bounds [0:{limit}]")
        return TYP_INVALID, -1
    return x.type, v  # pyright: ignore[reportReturnType]


def is_valid_index(check: Checker, x: Operand, what: str, allow_negative: bool) -> bool:
    """Whether x can be an index, a length or a capacity."""
    if x.mode == op.INVALID:
        return False
    convert_untyped(check, x, TYP_INT)
    if x.mode == op.INVALID:
        return False
    if not all_integer(x.type):
        check.error(x, f"invalid argument: {what} {check.os(x)} must be integer")
        return False
    if x.mode == op.CONSTANT and x.val is not None:
        if not allow_negative and sign(x.val) < 0:
            check.error(x, f"invalid argument: {what} {check.os(x)} must not be negative")
            return False
        ok, v = representable(x.val, TYP_INT)
        if not ok:
            check.error(x, f"invalid argument: {what} {check.os(x)} overflows int")
            return False
        x.val = v
    return True


def slice_expr(check: Checker, x: Operand, e: ast.SliceExpr) -> None:
    """Checks x[lo:hi:max]."""
    from goir.types.call import use
    from goir.types.expr import expr

    expr(check, None, x, e.x)
    indices = [e.low, e.high, e.max]
    if x.mode == op.INVALID:
        use(check, *[i for i in indices if i is not None])
        return
    cu = _slice_under(check, x)
    if cu is None:
        x.mode = op.INVALID
        return
    p = x.type.underlying
    if isinstance(p, Pointer) and not check.is_complete(p.elem):
        x.mode = op.INVALID
        return
    valid = False
    length = -1
    if isinstance(cu, Basic):
        if is_string(cu):
            if e.slice3:
                at = e.max.pos if e.max is not None else e.pos
                check.error(at, "invalid operation: 3-index slice of string")
                x.mode = op.INVALID
                return
            valid = True
            if x.mode == op.CONSTANT and isinstance(x.val, bytes):
                length = len(x.val)
            if is_untyped(x.type):
                convert_untyped(check, x, TYP_STRING)
                x.type = TYP_STRING
    elif isinstance(cu, Array):
        valid = True
        length = cu.length
        if x.mode != op.VARIABLE:
            check.error(x, f"cannot slice unaddressable value {check.os(x)}")
            x.mode = op.INVALID
            return
        x.type = Slice(cu.elem)
    elif isinstance(cu, Pointer):
        a = cu.elem.underlying
        if isinstance(a, Array):
            valid = True
            length = a.length
            x.type = Slice(a.elem)
    elif isinstance(cu, Slice):
        valid = True
    if not valid:
        check.error(x, f"cannot slice {check.os(x)}")
        x.mode = op.INVALID
        return
    x.mode = op.VALUE
    if e.slice3 and (e.high is None or e.max is None):
        x.mode = op.INVALID  # a syntax error was reported
        return
    values: list[int] = []
    for i, ie in enumerate(indices):
        v = -1
        if ie is not None:
            n = check_index(check, ie, length + 1 if length >= 0 else -1)[1]
            if n >= 0:
                v = n
        elif i == 0:
            v = 0
        elif length >= 0:
            v = length
        values.append(v)
    for i, a in enumerate(values[:-1]):
        if a > 0:
            for j, b in enumerate(values[i + 1 :], i + 1):
                if 0 <= b < a:
                    at = indices[j]
                    check.error(at.pos if at is not None else e.pos, f"invalid slice indices: {b} < {a}")
                    return


def _slice_under(check: Checker, x: Operand) -> Type | None:
    """The underlying type of what is sliced; None if an error was reported."""
    if not is_type_param(x.type):
        return x.type.underlying
    ct: Any = None
    cu: Any = None
    has_string = False
    for t, u in type_set_of(x.type):
        if u is None:
            check.error(x, f"cannot slice {check.os(x)}: no specific type in {check.ts(x.type)}")
            return None
        if is_string(u):
            u = Slice(TYP_BYTE)
            has_string = True
        if cu is None:
            ct, cu = t, u
            continue
        if not identical(cu, u):
            check.error(
                x,
                f"cannot slice {check.os(x)}: {check.ts(ct)} and {check.ts(t)} have different underlying types",
            )
            return None
    return TYP_STRING if has_string else cu
