"""Untyped values, representability, assignability and conversions."""

from __future__ import annotations

from typing import Any

from goir.syntax import ast
from goir.types import constants
from goir.types import operand as op
from goir.types import types as T
from goir.types.checker import Checker, UntypedInfo
from goir.types.constants import Value, representable, to_int, value_string
from goir.types.lookup import has_invalid_embedded_fields, interface_ptr_error, missing_method
from goir.types.operand import Operand
from goir.types.predicates import (
    all_basic,
    all_integer,
    comparable_cause,
    has_name,
    has_nil,
    identical,
    identical_ignore_tags,
    is_basic,
    is_boolean,
    is_bytes_or_runes,
    is_const_type,
    is_integer,
    is_interface,
    is_interface_ptr,
    is_numeric,
    is_pointer,
    is_string,
    is_type_param,
    is_typed,
    is_uintptr,
    is_unsafe_pointer,
    is_untyped,
    is_valid,
    max_type,
    term_type,
    type_param_is,
    under_is,
)
from goir.types.types import (
    Array,
    Basic,
    Chan,
    Interface,
    Pointer,
    Slice,
    Term,
    Type,
    TypeParam,
    Union,
    default_type,
    without_alias,
)
from goir.types.typeset import includes, subset_of
from goir.types.typestring import expr_string
from goir.types.universe import TYP_UNTYPED_NIL
from goir.types.versions import version_error

# Why a constant does not fit a type.
TRUNCATED = "truncated"
OVERFLOWS = "overflows"
MISMATCH = "mismatch"


# ---- Constants -------------------------------------------------------------------------------------------

_OP_NAMES = {"+": "addition", "-": "subtraction", "^": "bitwise XOR", "*": "multiplication", "<<": "shift"}


def op_pos(e: Any) -> int:
    """Where messages about an operation's result are placed."""
    return e.op_pos if isinstance(e, ast.BinaryExpr) else e.pos


def overflow(check: Checker, x: Operand) -> None:
    """Reports a constant result that does not fit its type, or is too large to be kept."""
    v = x.val
    if v is None:
        check.error(op_pos(x.expr), "constant result is not representable")
        return
    if is_typed(x.type):
        u = x.type.underlying
        assert isinstance(u, Basic)
        check_representable(check, x, u)
        return
    if isinstance(v, int) and v.bit_length() > 512:
        e = x.expr
        name = ""
        if isinstance(e, ast.BinaryExpr):
            name = _OP_NAMES.get(e.op, "")
        elif isinstance(e, ast.UnaryExpr) and e.op == "^":
            name = "bitwise complement"
        check.error(op_pos(e), f"constant {name + ' ' if name else ''}overflow")
        x.val = None


def representation(x: Operand, t: Basic) -> tuple[Value | None, str]:
    """x's value as a value of type t, or the reason why it is none."""
    if x.val is None:
        return None, ""
    ok, v = representable(x.val, t)
    if ok:
        return v, ""
    if is_numeric(x.type) and t.info & T.IS_NUMERIC:
        if not is_integer(x.type) and t.info & T.IS_INTEGER:
            return None, TRUNCATED
        return None, OVERFLOWS
    return None, MISMATCH


def check_representable(check: Checker, x: Operand, t: Basic) -> None:
    """Converts a constant to t, or reports that it does not fit."""
    v, why = representation(x, t)
    if why:
        invalid_conversion(check, why, x, t)
        x.mode = op.INVALID
        return
    x.val = v


def invalid_conversion(check: Checker, why: str, x: Operand, target: Type) -> None:
    """Reports a failed implicit conversion."""
    xs, ts = check.os(x), check.ts(target)
    if why == TRUNCATED:
        check.error(x, f"{xs} truncated to {ts}")
    elif why == OVERFLOWS:
        check.error(x, f"{xs} overflows {ts}")
    else:
        check.error(x, f"cannot convert {xs} to type {ts}")


# ---- Untyped values --------------------------------------------------------------------------------------


def implicit_type_and_value(x: Operand, target: Type) -> tuple[Type | None, Value | None, str]:
    """The type (and value, if it changes) that untyped x takes for the target; None and a reason if it cannot."""
    if x.mode == op.INVALID or is_typed(x.type) or not is_valid(target):
        return x.type, None, ""
    if is_untyped(target):
        m = max_type(x.type, target)
        return (m, None, "") if m is not None else (None, None, MISMATCH)
    if x.mode == op.NILVALUE:
        return (target, None, "") if has_nil(target) else (None, None, MISMATCH)
    u = target.underlying
    if isinstance(u, Basic):
        if x.mode == op.CONSTANT:
            v, why = representation(x, u)
            return (None, None, why) if why else (target, v, "")
        xt: Any = x.type
        kind = xt.kind
        if kind == T.UNTYPED_BOOL:
            ok = u.info & T.IS_BOOLEAN
        elif kind == T.UNTYPED_STRING:
            ok = u.info & T.IS_STRING
        elif kind == T.UNTYPED_NIL:
            ok = 0
        else:
            ok = u.info & T.IS_NUMERIC
        return (target, None, "") if ok else (None, None, MISMATCH)
    if isinstance(u, Interface):
        if target.__class__ is TypeParam:
            ok = under_is(target, lambda u: u is not None and implicit_type_and_value(x, u)[0] is not None)
            return (target, None, "") if ok else (None, None, MISMATCH)
        if not u.empty():
            return None, None, MISMATCH
        return default_type(x.type), None, ""
    return None, None, MISMATCH


def convert_untyped(check: Checker, x: Operand, target: Type) -> None:
    """Gives untyped x the target type."""
    if is_typed(x.type):
        return
    t, val, why = implicit_type_and_value(x, target)
    if why:
        invalid_conversion(check, why, x, target if is_type_param(target) else target.underlying)
        x.mode = op.INVALID
        return
    assert t is not None
    if val is not None:
        x.val = val
        info = check.untyped.get(x.expr)
        if info is not None:
            info.val = val
    if t is not x.type:
        if x.mode == op.CONSTANT and x.val is not None and t.__class__ is Basic:
            x.val = representable(x.val, t)[1]  # pyright: ignore[reportArgumentType]
        x.type = t
        update_expr_type(check, x.expr, t, False)


def update_expr_type(check: Checker, e: Any, t: Type, final: bool) -> None:
    """Gives an untyped expression, and the untyped operands its type comes from, the type t."""
    untyped = check.untyped
    # From the left, so that messages come in source order, and without recursion along long chains.
    spine: list[tuple[Any, UntypedInfo, Any]] = []
    while True:
        old = untyped.get(e)
        if old is None:
            break
        c = e.__class__
        nxt: Any = None
        right: Any = None
        if c is ast.ParenExpr:
            nxt = e.x
        elif old.mode == op.CONSTANT:
            pass  # the operands of a constant expression keep their untyped kinds
        elif c is ast.UnaryExpr:
            nxt = e.x
        elif c is ast.BinaryExpr and e.op not in _COMPARISONS:  # operands of comparisons have their types already
            nxt = e.x
            if e.op not in ("<<", ">>"):
                right = e.y
        spine.append((e, old, right))
        if nxt is None:
            break
        e = nxt
    for e, old, right in reversed(spine):
        if right is not None:
            update_expr_type(check, right, t, final)
        if not final and is_untyped(t):
            assert isinstance(t, Basic)
            old.type = t
            continue
        del untyped[e]
        if old.is_lhs and not all_integer(t):
            check.error(e, f"invalid operation: shifted operand {expr_string(e)} (type {check.ts(t)}) must be integer")
        else:
            _record_final(check, e, old, t)


_COMPARISONS = frozenset(("==", "!=", "<", "<=", ">", ">="))


def _record_final(check: Checker, e: Any, old: UntypedInfo, t: Type) -> None:
    val = old.val
    if old.mode == op.CONSTANT and val is not None:
        c = Operand(old.mode, e, old.type, val)
        convert_untyped(check, c, t)
        if c.mode == op.INVALID:
            return
        u = t.underlying
        if isinstance(u, Basic) and is_typed(u):
            ok, v = representable(val, u)
            if ok:
                val = v
    check.record_type(e, old.mode, t, val)


# ---- Assignability ---------------------------------------------------------------------------------------


def assignable_to(check: Checker, x: Operand, t: Type, cause: list[str] | None) -> bool:
    """Whether x can be assigned to a variable of type t; a reason may be put in ``cause[0]``."""
    if x.mode == op.INVALID or not is_valid(t):
        return True
    v = x.type
    if v is t or identical(v, t):
        return True
    vu = v.underlying
    tu = t.underlying
    vp = v if v.__class__ is TypeParam else None
    tp = t if t.__class__ is TypeParam else None
    if is_untyped(vu):
        if isinstance(tp, TypeParam):
            return type_param_is(
                tp, lambda term: term is not None and implicit_type_and_value(x, term_type(term))[0] is not None
            )
        return implicit_type_and_value(x, t)[0] is not None
    if vp is None and tp is None and (not has_name(v) or not has_name(t)) and identical(vu, tu):
        return True
    if (tu.__class__ is Interface and tp is None) or is_interface_ptr(tu):
        if implements(check, without_alias(v), without_alias(t), False, cause):
            return True
        if vp is None:
            return False
        if cause is not None:
            cause[0] = ""
    if vu.__class__ is Interface and vp is None and implements(check, t, v, False, None):
        if cause is not None:
            cause[0] = "need type assertion"
        return False
    if isinstance(vu, Chan) and vu.dir == "both" and isinstance(tu, Chan) and identical(vu.elem, tu.elem):
        return not has_name(v) or not has_name(t)
    if vp is None and tp is None:
        return False

    def note(text: str) -> None:
        if cause is not None:
            cause[0] = text + ("\n\t" + cause[0] if cause[0] else "")

    if isinstance(tp, TypeParam) and not has_name(v):

        def to_term(term: Term | None) -> bool:
            if term is None:
                return False
            if not assignable_to(check, x, term_type(term), cause):
                note(f"cannot assign {check.ts(x.type)} to {check.ts(term.type)} (in {check.ts(tp)})")
                return False
            return True

        return type_param_is(tp, to_term)
    if isinstance(vp, TypeParam) and not has_name(t):
        y = x.copy()

        def from_term(term: Term | None) -> bool:
            if term is None:
                return False
            y.type = term_type(term)
            if not assignable_to(check, y, t, cause):
                note(f"cannot assign {check.ts(y.type)} (in {check.ts(vp)}) to {check.ts(t)}")
                return False
            return True

        return type_param_is(vp, from_term)
    return False


def implements(check: Checker | None, v: Type, t: Type, constraint: bool, cause: list[str] | None) -> bool:
    """Whether v implements interface t (satisfies it, if t is a constraint)."""
    vu = v.underlying
    tu = t.underlying
    if not is_valid(vu) or not is_valid(tu):
        return True
    if isinstance(vu, Pointer) and not is_valid(vu.elem.underlying):
        return True
    ts = check.ts if check is not None else str
    verb = "satisfy" if constraint else "implement"
    if not isinstance(tu, Interface):
        if cause is not None:
            if isinstance(tu, Pointer) and is_interface(tu.elem):
                detail = interface_ptr_error(t, check.qualifier if check is not None else None)
            else:
                detail = f"{ts(t)} is not an interface"
            cause[0] = f"{ts(v)} does not {verb} {ts(t)} ({detail})"
        return False
    tset = tu.type_set()
    if tset.is_all():
        return True
    vset = vu.type_set() if isinstance(vu, Interface) else None
    if vset is not None and vset.is_empty():
        return True
    if tset.is_empty():
        if cause is not None:
            cause[0] = f"cannot {verb} {ts(t)} (empty type set)"
        return False
    m, _, why = missing_method(check, v, t, True, identical, cause is not None)
    if m is not None and not has_invalid_embedded_fields(v):
        if cause is not None:
            cause[0] = f"{ts(v)} does not {verb} {ts(t)} {why}"
        return False

    def comparability() -> bool:
        if not tset.is_comparable():
            return True
        if comparable_cause(v, False, None, ts) is None:
            return True
        if constraint and comparable_cause(v, True, None, ts) is None:
            if check is None or check.allows(20):
                return True
            if cause is not None:
                cause[0] = version_error(20, f"{ts(v)} to {verb} comparable")
            return False
        if cause is not None:
            cause[0] = f"{ts(v)} does not {verb} comparable"
        return False

    if not tset.has_terms():
        return comparability()
    if vset is not None:
        if not subset_of(vset.terms, tset.terms):
            if cause is not None:
                cause[0] = f"{ts(v)} does not {verb} {ts(t)}"
            return False
        return comparability()
    if not includes(tset.terms, v):
        if cause is not None:
            alt: Type | None = None
            for term in tset.terms:
                u = term_type(term)
                if not term.tilde and identical(u, u.underlying) and includes([Term(True, u)], v):
                    alt = u
                    break
            if alt is not None:
                detail = f"possibly missing ~ for {ts(alt)} in {ts(t)}"
            elif _mentions(tu, v):
                detail = f"{ts(t)} mentions {ts(v)}, but {ts(v)} is not in the type set of {ts(t)}"
            else:
                # The terms are written with package paths here, as gc does.
                detail = f"{ts(v)} missing in {' | '.join(str(x) for x in tset.terms)}"
            cause[0] = f"{ts(v)} does not {verb} {ts(t)} ({detail})"
        return False
    return comparability()


def _mentions(t: Type | None, typ: Type) -> bool:
    if isinstance(t, Interface):
        return any(_mentions(e, typ) for e in t.embeddeds)
    if isinstance(t, Union):
        return any(_mentions(x.type, typ) for x in t.terms)
    return identical(t, typ)


# ---- Conversions -----------------------------------------------------------------------------------------


def _const_convertible(x: Operand, t: Type) -> tuple[bool, Value | None]:
    u = t.underlying
    if not isinstance(u, Basic):
        return False, None
    if x.val is None:
        return True, None
    ok, v = representable(x.val, u)
    if ok:
        return True, v
    if is_integer(x.type) and u.info & T.IS_STRING:
        n = to_int(x.val)
        code = n if n is not None and 0 <= n <= 0x10FFFF and not 0xD800 <= n < 0xE000 else 0xFFFD
        return True, chr(code).encode()
    return False, None


def conversion(check: Checker, x: Operand, t: Type) -> None:
    """Checks the conversion t(x)."""
    const_arg = x.mode == op.CONSTANT
    ok = False
    cause = [""]
    if const_arg and is_const_type(t):
        ok, val = _const_convertible(x, t)
        if ok:
            x.val = val
        elif is_integer(x.type) and is_integer(t):
            check.error(x, f"constant {value_string(x.val)} overflows {check.ts(t)}")
            x.mode = op.INVALID
            return
        elif is_integer(t) and (n := to_int(x.val)) is not None:
            x.val = n
    elif const_arg and isinstance(t, TypeParam):

        def each(u: Any) -> bool:
            if u is None:
                cause[0] = f"{check.ts(t)} does not contain specific types"
                return False
            if is_string(x.type) and is_bytes_or_runes(u):
                return True
            if not _const_convertible(x, u)[0]:
                if is_integer(x.type) and is_integer(u):
                    cause[0] = f"constant {value_string(x.val)} overflows {check.ts(u)} (in {check.ts(t)})"
                else:
                    cause[0] = f"cannot convert {check.os(x)} to type {check.ts(u)} (in {check.ts(t)})"
                return False
            return True

        ok = under_is(t, each)
        x.mode = op.VALUE
    elif convertible_to(check, x, t, cause):
        ok = True
        x.mode = op.VALUE
    if not ok:
        why = f": {cause[0]}" if cause[0] else ""
        check.error(x, f"cannot convert {check.os(x)} to type {check.ts(t)}{why}")
        x.mode = op.INVALID
        return
    if is_untyped(x.type):
        final = t
        if x.type is TYP_UNTYPED_NIL:
            pass
        elif (is_interface(t) and not is_type_param(t)) or (const_arg and not is_const_type(t)):
            final = default_type(x.type)
        elif x.mode == op.CONSTANT and is_integer(x.type) and all_basic(t, T.IS_STRING):
            final = x.type
        update_expr_type(check, x.expr, final, True)
    x.type = t


def convertible_to(check: Checker, x: Operand, t: Type, cause: list[str]) -> bool:
    """Whether the non-constant conversion t(x) is possible."""
    if assignable_to(check, x, t, cause):
        return True
    v = x.type
    vu = v.underlying
    tu = t.underlying
    vp = v if v.__class__ is TypeParam else None
    tp = t if t.__class__ is TypeParam else None
    if vp is None and tp is None and identical_ignore_tags(vu, tu):
        return True
    if (
        isinstance(v, Pointer)
        and isinstance(t, Pointer)
        and identical_ignore_tags(v.elem.underlying, t.elem.underlying)
        and not is_type_param(v.elem)
        and not is_type_param(t.elem)
    ):
        return True
    if is_basic(vu, T.IS_INTEGER | T.IS_FLOAT) and is_basic(tu, T.IS_INTEGER | T.IS_FLOAT):
        return True
    if is_basic(vu, T.IS_COMPLEX) and is_basic(tu, T.IS_COMPLEX):
        return True
    if (is_integer(vu) or is_bytes_or_runes(vu)) and is_string(tu):
        return True
    if is_string(vu) and is_bytes_or_runes(tu):
        return True
    if (is_pointer(vu) or is_uintptr(vu)) and is_unsafe_pointer(tu):
        return True
    if is_unsafe_pointer(vu) and (is_pointer(tu) or is_uintptr(tu)):
        return True
    if isinstance(vu, Slice):
        if isinstance(tu, Array):
            if identical(vu.elem, tu.elem):
                if check.allows(20):
                    return True
                cause[0] = version_error(20, "conversion of slice to array")
                return False
        elif isinstance(tu, Pointer):
            a = tu.elem.underlying
            if isinstance(a, Array) and identical(vu.elem, a.elem):
                if check.allows(17):
                    return True
                cause[0] = version_error(17, "conversion of slice to array pointer")
                return False
    if vp is None and tp is None:
        return False

    def note(text: str) -> None:
        cause[0] = text + ("\n\t" + cause[0] if cause[0] else "")

    y = x.copy()
    if isinstance(vp, TypeParam) and isinstance(tp, TypeParam):

        def pair(a: Term | None) -> bool:
            if a is None:
                return False
            y.type = term_type(a)

            def to(b: Term | None) -> bool:
                if b is None:
                    return False
                if not convertible_to(check, y, term_type(b), cause):
                    note(
                        f"cannot convert {check.ts(a.type)} (in {check.ts(vp)}) "
                        f"to type {check.ts(b.type)} (in {check.ts(tp)})"
                    )
                    return False
                return True

            return type_param_is(tp, to)

        return type_param_is(vp, pair)
    if isinstance(vp, TypeParam):

        def from_term(a: Term | None) -> bool:
            if a is None:
                return False
            y.type = term_type(a)
            if not convertible_to(check, y, t, cause):
                note(f"cannot convert {check.ts(a.type)} (in {check.ts(vp)}) to type {check.ts(t)}")
                return False
            return True

        return type_param_is(vp, from_term)
    assert isinstance(tp, TypeParam)

    def to_term(b: Term | None) -> bool:
        if b is None:
            return False
        if not convertible_to(check, x, term_type(b), cause):
            note(f"cannot convert {check.ts(x.type)} to type {check.ts(b.type)} (in {check.ts(tp)})")
            return False
        return True

    return type_param_is(tp, to_term)


__all__ = [
    "assignable_to",
    "constants",
    "conversion",
    "convert_untyped",
    "implements",
    "implicit_type_and_value",
    "is_boolean",
    "overflow",
    "update_expr_type",
]
