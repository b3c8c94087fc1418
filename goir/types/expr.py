"""Expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from goir.syntax import ast
from goir.syntax.gcpos import node_pos
from goir.types import call, index, literals, typexpr
from goir.types import operand as op
from goir.types.checker import Checker, Target
from goir.types.constants import binary_op, compare, from_literal, shift, sign, to_int, unary_op
from goir.types.conversions import assignable_to, check_representable, convert_untyped, overflow, update_expr_type
from goir.types.lookup import missing_method
from goir.types.objects import Var
from goir.types.operand import Operand, composite_kind
from goir.types.predicates import (
    all_boolean,
    all_integer,
    all_numeric,
    all_numeric_or_string,
    all_ordered,
    all_string,
    all_unsigned,
    comparable,
    comparable_cause,
    has_nil,
    identical,
    is_complex,
    is_generic,
    is_integer,
    is_interface,
    is_non_type_param_interface,
    is_pointer,
    is_type_param,
    is_typed,
    is_unsigned,
    is_untyped,
    is_valid,
    under_is,
)
from goir.types.sizes import sizeof
from goir.types.types import (
    Basic,
    Chan,
    Interface,
    Map,
    Pointer,
    Signature,
    Slice,
    Tuple,
    Type,
    default_type,
)
from goir.types.typestring import expr_string
from goir.types.universe import (
    TYP_INVALID,
    TYP_UINT,
    TYP_UNTYPED_BOOL,
    TYP_UNTYPED_COMPLEX,
    TYP_UNTYPED_FLOAT,
    TYP_UNTYPED_INT,
    TYP_UNTYPED_RUNE,
    TYP_UNTYPED_STRING,
)

# What kind of expression it is, for statements: only calls and receives may stand alone.
CONVERSION = 0
EXPRESSION = 1
STATEMENT = 2

# gc's limit is 2 GB, of a string that it need not have in memory.
_MAX_STRING = 1 << 28

# ---- Entry points ----------------------------------------------------------------------------------------


def raw_expr(check: Checker, target: Target | None, x: Operand, e: Any, hint: Type | None, allow_generic: bool) -> int:
    """Checks e, whatever it denotes, and records the result."""
    kind = expr_internal(check, target, x, e, hint)
    if not allow_generic:
        non_generic(check, target, x)
    check.record(x)
    return kind


def expr(check: Checker, target: Target | None, x: Operand, e: Any) -> None:
    """Checks e, which must be a single value."""
    expr_internal(check, target, x, e, None)
    non_generic(check, target, x)
    check.record(x)
    mode = x.mode
    if mode <= op.TYPEXPR:
        exclude_non_values(check, x)
    elif mode == op.VALUE and x.type.__class__ is Tuple:
        single_value(check, x)


def generic_expr(check: Checker, x: Operand, e: Any, hint: Type | None) -> None:
    """Like expr, but the value may be an uninstantiated generic function; ``hint`` is the type of elided literals."""
    expr_internal(check, None, x, e, hint)
    check.record(x)
    if x.mode <= op.TYPEXPR:
        exclude_non_values(check, x)
    single_value(check, x)


def expr_or_type(check: Checker, x: Operand, e: Any, allow_generic: bool) -> None:
    """Checks e, which must be a value, a type or a builtin."""
    raw_expr(check, None, x, e, None, allow_generic)
    if x.mode == op.NOVALUE:
        check.error(x, f"{check.os(x)} used as value or type")
        x.mode = op.INVALID
    single_value(check, x)


_NTH = {1: "1st", 2: "2nd", 3: "3rd"}


def multi_expr(check: Checker, e: Any, allow_comma_ok: bool) -> tuple[list[Operand], bool]:
    """Checks e, which may have several values: a call's results, or value and ok."""
    x = Operand()
    raw_expr(check, None, x, e, None, False)
    exclude_non_values(check, x)
    t = x.type
    if x.mode != op.INVALID and isinstance(t, Tuple):
        return [
            Operand(op.VALUE, e, v.type, None, f"{_NTH.get(i, f'{i}th')} function result")
            for i, v in enumerate(t.vars, 1)
        ], False
    if allow_comma_ok and x.mode in (op.MAPINDEX, op.COMMAOK):
        return [x, Operand(op.VALUE, e, TYP_UNTYPED_BOOL, None, "ok value of (comma, ok) expression")], True
    return [x], False


def exclude_non_values(check: Checker, x: Operand) -> None:
    """Reports an operand that is not a value."""
    if x.mode == op.NOVALUE:
        check.error(x, f"{check.os(x)} used as value")
    elif x.mode == op.BUILTIN:
        check.error(x, f"{check.os(x)} must be called")
    elif x.mode == op.TYPEXPR:
        check.error(x, f"{check.os(x)} is not an expression")
    else:
        return
    x.mode = op.INVALID


def single_value(check: Checker, x: Operand) -> None:
    """Reports a call with several results where one value is expected."""
    if x.mode == op.VALUE and x.type.__class__ is Tuple:
        check.error(x, f"multiple-value {check.os(x)} in single-value context")
        x.mode = op.INVALID


def non_generic(check: Checker, target: Target | None, x: Operand) -> None:
    """Reports generic types and functions that are not instantiated (a target may instantiate a function)."""
    if x.mode == op.INVALID or x.mode == op.NOVALUE:
        return
    t = x.type
    if t.__class__ is Signature:
        if not t.type_params:  # pyright: ignore
            return
        if target is not None:
            from goir.types import generics

            generics.func_inst(check, target, node_pos(x.expr), x, None, True)
            return
        what = "function"
    elif is_generic(t):
        what = "type"
    else:
        return
    check.error(x, f"cannot use generic {what} {x.text()} without instantiation")
    x.mode = op.INVALID
    x.type = TYP_INVALID


# ---- Dispatch --------------------------------------------------------------------------------------------


def expr_internal(check: Checker, target: Target | None, x: Operand, e: Any, hint: Type | None) -> int:
    """Checks e without recording it."""
    x.mode = op.INVALID
    x.type = TYP_INVALID
    x.name = ""
    c = e.__class__
    if c is ast.Ident:
        typexpr.ident(check, x, e, False)
        x.expr = e
        return EXPRESSION
    f = _EXPRS.get(c)
    if f is None:
        if c is not ast.BadExpr:
            check.error(e, f"unexpected expression {expr_string(e)}")
        x.expr = e
        return STATEMENT
    kind = f(check, target, x, e, hint)
    x.expr = e
    if x.mode == op.INVALID and kind == EXPRESSION:
        return STATEMENT  # avoids a second message about a value that is not used
    return kind


_LITERAL_TYPES: dict[str, Basic] = {
    "INT": TYP_UNTYPED_INT,
    "FLOAT": TYP_UNTYPED_FLOAT,
    "IMAG": TYP_UNTYPED_COMPLEX,
    "CHAR": TYP_UNTYPED_RUNE,
    "STRING": TYP_UNTYPED_STRING,
}


_BASES = {"b": "binary literal", "o": "0o/0O-style octal literal"}


def _literal_requires_go1_13(e: ast.BasicLit) -> str:
    """What is new in a number since Go 1.13; empty if nothing is."""
    text = e.value.lower()
    if "_" in text:
        return "underscore in numeric literal"
    if len(text) <= 2 or text[0] != "0":
        return ""
    if text[1] == "x" and e.kind != "INT":
        return "hexadecimal floating-point literal"
    return _BASES.get(text[1], "")


def _basic_lit(check: Checker, target: Any, x: Operand, e: ast.BasicLit, hint: Any) -> int:
    if e.bad:
        return STATEMENT
    kind = e.kind
    if kind not in ("CHAR", "STRING") and len(e.value) > 10000:
        check.error(e, f"excessively long constant: {e.value[:10]}... ({len(e.value)} chars)")
        return STATEMENT
    if kind not in ("CHAR", "STRING") and not check.allows(13):
        feature = _literal_requires_go1_13(e)
        if feature:
            check.requires(e, 13, feature)
    v = from_literal(kind, e.value)
    if v is None:
        check.error(e, f"malformed constant: {e.value}")
        return STATEMENT
    x.mode = op.CONSTANT
    x.type = _LITERAL_TYPES[kind]
    x.val = v
    if isinstance(v, int) and v.bit_length() > 512:
        x.expr = e
        overflow(check, x)
    return EXPRESSION


def _paren(check: Checker, target: Any, x: Operand, e: ast.ParenExpr, hint: Any) -> int:
    return raw_expr(check, None, x, e.x, None, False)


def _selector(check: Checker, target: Any, x: Operand, e: ast.SelectorExpr, hint: Any) -> int:
    call.selector(check, x, e, False)
    return EXPRESSION


def _index(check: Checker, target: Any, x: Operand, e: Any, hint: Any) -> int:
    if index.index_expr(check, x, e):
        from goir.types import generics

        generics.func_inst(check, target, e.lbrack, x, e, True)
    return EXPRESSION


def _slice(check: Checker, target: Any, x: Operand, e: ast.SliceExpr, hint: Any) -> int:
    index.slice_expr(check, x, e)
    return EXPRESSION


def _type_assert(check: Checker, target: Any, x: Operand, e: ast.TypeAssertExpr, hint: Any) -> int:
    if e.type is None:
        check.error(e, "invalid syntax tree: use of .(type) outside type switch")
        call.use(check, e.x)
        return STATEMENT
    expr(check, None, x, e.x)
    if x.mode == op.INVALID:
        return STATEMENT
    if is_type_param(x.type):
        check.error(x, f"invalid operation: cannot use type assertion on type parameter value {check.os(x)}")
        x.mode = op.INVALID
        return STATEMENT
    if not is_interface(x.type):
        check.error(x, f"invalid operation: {check.os(x)} is not an interface")
        x.mode = op.INVALID
        return STATEMENT
    t = typexpr.var_type(check, e.type)
    if not is_valid(t) or not check.is_complete(t):
        x.mode = op.INVALID
        return STATEMENT
    type_assertion(check, e, x, t, False)
    x.mode = op.COMMAOK
    x.type = t
    return EXPRESSION


def type_assertion(check: Checker, e: Any, x: Operand, t: Type, type_switch: bool) -> None:
    """Reports an assertion that can never succeed."""
    if is_interface(t):
        return
    m, _, cause = missing_method(check, t, x.type, False, identical, True)
    if m is None or not is_valid(t):
        return
    from goir.types.lookup import has_invalid_embedded_fields

    if has_invalid_embedded_fields(t):
        return
    text = expr_string(e)
    if type_switch:
        check.error(
            e, f"impossible type switch case: {text}\n\t{check.os(x)} cannot have dynamic type {check.ts(t)} {cause}"
        )
    else:
        check.error(
            e, f"impossible type assertion: {text}\n\t{check.ts(t)} does not implement {check.ts(x.type)} {cause}"
        )


def _call(check: Checker, target: Any, x: Operand, e: ast.CallExpr, hint: Any) -> int:
    return call.call_expr(check, x, e)


def _func_lit(check: Checker, target: Any, x: Operand, e: ast.FuncLit, hint: Any) -> int:
    literals.func_lit(check, x, e)
    return EXPRESSION


def _composite_lit(check: Checker, target: Any, x: Operand, e: ast.CompositeLit, hint: Any) -> int:
    literals.composite_lit(check, x, e, hint)
    return EXPRESSION


def _star(check: Checker, target: Any, x: Operand, e: ast.StarExpr, hint: Any) -> int:
    expr_or_type(check, x, e.x, False)
    if x.mode == op.INVALID:
        return STATEMENT
    if x.mode == op.TYPEXPR:
        typexpr.valid_var_type(check, e.x, x.type)
        x.type = Pointer(x.type)
        return EXPRESSION
    base: Type | None = None

    def each(u: Any) -> bool:
        nonlocal base
        if not isinstance(u, Pointer):
            check.error(x, f"invalid operation: cannot indirect {check.os(x)}")
            return False
        if base is not None and not identical(u.elem, base):
            check.error(x, f"invalid operation: pointers of {check.os(x)} must have identical base types")
            return False
        base = u.elem
        return True

    if not under_is(x.type, each) or base is None or not check.is_complete(base):
        x.mode = op.INVALID
        return STATEMENT
    x.mode = op.VARIABLE
    x.type = base
    return EXPRESSION


def _key_value(check: Checker, target: Any, x: Operand, e: ast.KeyValueExpr, hint: Any) -> int:
    check.error(e, "unexpected key:value expression")
    return STATEMENT


def _type_expr(check: Checker, target: Any, x: Operand, e: Any, hint: Any) -> int:
    x.mode = op.TYPEXPR
    x.type = typexpr.typ(check, e)
    return EXPRESSION


def _dots(check: Checker, target: Any, x: Operand, e: ast.Ellipsis, hint: Any) -> int:
    check.error(e, "invalid use of ...")
    return STATEMENT


# ---- Unary operations ------------------------------------------------------------------------------------

_UNARY: dict[str, Callable[[Type], bool]] = {
    "+": all_numeric,
    "-": all_numeric,
    "^": all_integer,
    "!": all_boolean,
}


def _unary(check: Checker, target: Any, x: Operand, e: ast.UnaryExpr, hint: Any) -> int:
    expr(check, None, x, e.x)
    if x.mode == op.INVALID:
        return STATEMENT
    o = e.op
    if o == "&":
        if x.mode != op.VARIABLE and not isinstance(ast.unparen(e.x), ast.CompositeLit):
            check.error(x, f"invalid operation: cannot take address of {check.os(x)}")
            x.mode = op.INVALID
            return STATEMENT
        x.mode = op.VALUE
        x.type = Pointer(x.type)
        return EXPRESSION
    if o == "<-":
        elem = chan_elem(check, x.pos, x, True)
        if elem is None or not check.is_complete(elem):
            x.mode = op.INVALID
            return STATEMENT
        x.mode = op.COMMAOK
        x.type = elem
        check.has_call_or_recv = True
        return STATEMENT
    if o == "~":
        if not all_integer(x.type):
            check.error(e, "cannot use ~ outside of interface or type constraint")
            x.mode = op.INVALID
            return STATEMENT
        check.error(e, "cannot use ~ outside of interface or type constraint (use ^ for bitwise complement)")
        o = "^"
    if not _UNARY[o](x.type):
        check.error(x, f"invalid operation: operator {o} not defined on {check.os(x)}")
        x.mode = op.INVALID
        return STATEMENT
    if x.mode == op.CONSTANT:
        if x.val is None:
            return EXPRESSION
        bits = sizeof(x.type) * 8 if is_unsigned(x.type) else 0
        x.val = unary_op(o, x.val, bits)
        x.expr = e
        overflow(check, x)
        return EXPRESSION
    x.mode = op.VALUE
    return EXPRESSION


def chan_elem(check: Checker, at: int, x: Operand, recv: bool) -> Type | None:
    """The element type of the channel x, which is received from or sent to."""

    def cond(t: Any, u: Any) -> str | None:
        if u is None:
            return "no specific channel type"
        if not isinstance(u, Chan):
            return f"non-channel {check.ts(t)}"
        if recv and u.dir == "send":
            return f"send-only channel {check.ts(t)}"
        if not recv and u.dir == "recv":
            return f"receive-only channel {check.ts(t)}"
        return None

    u, cause = check.common_under(x.type, cond)
    if isinstance(u, Chan):
        return u.elem
    what = "receive from" if recv else "send to"
    if is_type_param(x.type):
        check.error(at, f"invalid operation: cannot {what} {check.os(x)}: {cause}")
    else:
        check.error(at, f"invalid operation: cannot {what} {cause} {check.os(x)}")
    return None


# ---- Binary operations -----------------------------------------------------------------------------------

_BINARY: dict[str, Callable[[Type], bool]] = {
    "+": all_numeric_or_string,
    "-": all_numeric,
    "*": all_numeric,
    "/": all_numeric,
    "%": all_integer,
    "&": all_integer,
    "|": all_integer,
    "^": all_integer,
    "&^": all_integer,
    "&&": all_boolean,
    "||": all_boolean,
}
_COMPARISONS = frozenset(("==", "!=", "<", "<=", ">", ">="))


def _binary(check: Checker, target: Any, x: Operand, e: ast.BinaryExpr, hint: Any) -> int:
    # Left-deep chains (a + b + c + …) can be thousands of terms long: they are worked off in a loop.
    chain: list[ast.BinaryExpr] = [e]
    while isinstance(chain[-1].x, ast.BinaryExpr):
        chain.append(chain[-1].x)
    expr(check, None, x, chain[-1].x)
    while True:
        b = chain.pop()
        y = Operand()
        expr(check, None, y, b.y)
        binary(check, x, y, b, b.x, b.y, b.op)
        if not chain:
            return EXPRESSION
        x.expr = b
        check.record(x)


def binary(check: Checker, x: Operand, y: Operand, e: Any, lhs: Any, rhs: Any, o: str) -> None:
    """Checks x o y; e is the whole expression, None for an assignment operation."""
    if x.mode == op.INVALID:
        return
    if y.mode == op.INVALID:
        x.mode = op.INVALID
        x.expr = y.expr
        return
    if o == "<<" or o == ">>":
        _shift(check, x, y, e, o)
        return
    match_types(check, x, y)
    if x.mode == op.INVALID:
        return
    if o in _COMPARISONS:
        comparison(check, x, y, o, False)
        return
    if x.type is not y.type and not identical(x.type, y.type):
        if is_valid(x.type) and is_valid(y.type):
            types = f"(mismatched types {check.ts(x.type)} and {check.ts(y.type)})"
            if e is not None:
                check.error(x, f"invalid operation: {expr_string(e)} {types}")
            else:
                check.error(x, f"invalid operation: {expr_string(lhs)} {o}= {expr_string(rhs)} {types}")
        x.mode = op.INVALID
        return
    pred = _BINARY.get(o)
    if pred is None:
        check.error(x, f"unknown operator {o}")
        x.mode = op.INVALID
        return
    if not pred(x.type):
        check.error(x, f"invalid operation: operator {o} not defined on {check.os(x)}")
        x.mode = op.INVALID
        return
    if (
        (o == "/" or o == "%")
        and y.mode == op.CONSTANT
        and y.val is not None
        and (x.mode == op.CONSTANT or all_integer(x.type))
        and sign(y.val) == 0
    ):
        check.error(y, "invalid operation: division by zero")
        x.mode = op.INVALID
        return
    if x.mode == op.CONSTANT and y.mode == op.CONSTANT:
        if x.val is None or y.val is None:
            x.val = None
            return
        if o == "/" and is_complex(x.type) and sign(y.val) == 0:
            check.error(y, "invalid operation: division by zero")
            x.mode = op.INVALID
            return
        if e is not None:
            x.expr = e
        if o == "+" and isinstance(x.val, bytes) and isinstance(y.val, bytes):
            size = len(x.val) + len(y.val)
            if size > _MAX_STRING:
                check.unsupported(node_pos(x.expr), f"constant string of {size} bytes")
                x.val = None
                return
        x.val = binary_op(x.val, o, y.val, is_integer(x.type))
        overflow(check, x)
        return
    x.mode = op.VALUE


def match_types(check: Checker, x: Operand, y: Operand) -> None:
    """Converts an untyped operand to the type of the other one."""
    xt, yt = x.type, y.type
    if is_typed(xt) and is_typed(yt):
        return
    if not _may_convert(x, y):
        return
    convert_untyped(check, x, yt)
    if x.mode == op.INVALID:
        return
    convert_untyped(check, y, x.type)
    if y.mode == op.INVALID:
        x.mode = op.INVALID


def _may_convert(x: Operand, y: Operand) -> bool:
    xt, yt = x.type, y.type
    # Untyped operands may convert to the type of the other one only if both are of the same class.
    if all_numeric(xt) != all_numeric(yt):
        return False
    if is_non_type_param_interface(xt) or is_non_type_param_interface(yt):
        return True
    if all_boolean(xt) != all_boolean(yt):
        return False
    if all_string(xt) != all_string(yt):
        return False
    if x.mode == op.NILVALUE:
        return has_nil(yt)
    if y.mode == op.NILVALUE:
        return has_nil(xt)
    return not (is_pointer(xt) or is_pointer(yt))


def comparison(check: Checker, x: Operand, y: Operand, o: str, switch_case: bool) -> None:
    """Checks a comparison; for a switch case, y is the switch's tag."""
    if not is_valid(x.type) or not is_valid(y.type):
        x.mode = op.INVALID
        return
    if switch_case:
        o = "=="
    err: Operand | None = None
    cause = ""
    if not assignable_to(check, x, y.type, None) and not assignable_to(check, y, x.type, None):
        err = y
        cause = f"mismatched types {check.ts(x.type)} and {check.ts(y.type)}"
    elif o == "==" or o == "!=":
        if x.mode == op.NILVALUE or y.mode == op.NILVALUE:
            if not has_nil(y.type if x.mode == op.NILVALUE else x.type):
                err = y
        elif not comparable(x.type):
            err = x
            cause = incomparable_cause(check, x.type)
        elif not comparable(y.type):
            err = y
            cause = incomparable_cause(check, y.type)
    elif not all_ordered(x.type):
        err = x
    elif not all_ordered(y.type):
        err = y
    if err is None:
        if x.mode == op.CONSTANT and y.mode == op.CONSTANT:
            x.val = compare(x.val, o, y.val) if x.val is not None and y.val is not None else None
        else:
            x.mode = op.VALUE
            # The operands' types come from each other or from defaults, never from the context.
            update_expr_type(check, x.expr, default_type(x.type), True)
            update_expr_type(check, y.expr, default_type(y.type), True)
        x.type = TYP_UNTYPED_BOOL
        return
    if not cause:
        if is_type_param(x.type) or is_type_param(y.type):
            if not is_type_param(x.type):
                err = y
            cause = f"type parameter {check.ts(err.type)} cannot use operator {o}"
        else:
            what = composite_kind(err.type) or check.ts(err.type)
            cause = f"operator {o} not defined on {what}"
    if switch_case:
        check.error(x, f"invalid case {x.text()} in switch on {y.text()} ({cause})")
    else:
        check.error(err, f"invalid operation: {x.text()} {o} {y.text()} ({cause})")
    x.mode = op.INVALID


def incomparable_cause(check: Checker, t: Type) -> str:
    """Why values of t cannot be compared."""
    if t.underlying.__class__ in (Slice, Signature, Map):
        return composite_kind(t) + " can only be compared to nil"
    return comparable_cause(t, True, None, check.ts) or ""


_SHIFT_BOUND = 1023 - 1 + 52


def _shift(check: Checker, x: Operand, y: Operand, e: Any, o: str) -> None:
    xval = to_int(x.val) if x.mode == op.CONSTANT else None
    unknown = x.mode == op.CONSTANT and x.val is None
    if not (all_integer(x.type) or (is_untyped(x.type) and xval is not None)):
        if not unknown:
            check.error(x, f"invalid operation: shifted operand {check.os(x)} must be integer")
        x.mode = op.INVALID
        return
    yval: int | None = None
    if y.mode == op.CONSTANT:
        yval = to_int(y.val)
        if yval is not None and yval < 0:
            check.error(y, f"invalid operation: negative shift count {check.os(y)}")
            x.mode = op.INVALID
            return
        if is_untyped(y.type):
            # The count's own type does not matter, but it must be a valid integer.
            check_representable(check, y, TYP_UINT)
            if y.mode == op.INVALID:
                x.mode = op.INVALID
                return
            if x.mode != op.CONSTANT or not is_untyped(x.type):
                update_expr_type(check, y.expr, TYP_UINT, True)
    elif all_integer(y.type):
        signed = f"invalid operation: signed shift count {check.os(y)}" if not check.allows(13) else ""
        if signed and not all_unsigned(y.type) and not check.requires(y, 13, signed):
            x.mode = op.INVALID
            return
    elif is_untyped(y.type):
        convert_untyped(check, y, TYP_UINT)
        if y.mode == op.INVALID:
            x.mode = op.INVALID
            return
    else:
        check.error(y, f"invalid operation: shift count {check.os(y)} must be integer")
        x.mode = op.INVALID
        return
    if x.mode == op.CONSTANT:
        if y.mode == op.CONSTANT:
            if x.val is None or y.val is None:
                x.val = None
                if not is_integer(x.type):
                    x.type = TYP_UNTYPED_INT
                return
            if yval is None or yval > _SHIFT_BOUND:
                check.error(y, f"invalid operation: invalid shift count {check.os(y)}")
                x.mode = op.INVALID
                return
            if not is_integer(x.type):
                x.type = TYP_UNTYPED_INT
            assert xval is not None
            x.val = shift(xval, o, yval)
            x.expr = e if e is not None else x.expr
            overflow(check, x)
            return
        if is_untyped(x.type):
            # The type of the operand is the one the whole shift gets from its context.
            info = check.untyped.get(x.expr)
            if info is not None:
                info.is_lhs = True
            x.mode = op.VALUE
            return
    if not all_integer(x.type):
        check.error(x, f"invalid operation: shifted operand {check.os(x)} must be integer")
        x.mode = op.INVALID
        return
    x.mode = op.VALUE


_EXPRS: dict[type, Callable[[Checker, Any, Operand, Any, Any], int]] = {
    ast.BasicLit: _basic_lit,
    ast.ParenExpr: _paren,
    ast.SelectorExpr: _selector,
    ast.IndexExpr: _index,
    ast.IndexListExpr: _index,
    ast.SliceExpr: _slice,
    ast.TypeAssertExpr: _type_assert,
    ast.CallExpr: _call,
    ast.FuncLit: _func_lit,
    ast.CompositeLit: _composite_lit,
    ast.StarExpr: _star,
    ast.UnaryExpr: _unary,
    ast.BinaryExpr: _binary,
    ast.KeyValueExpr: _key_value,
    ast.Ellipsis: _dots,
    ast.ArrayType: _type_expr,
    ast.StructType: _type_expr,
    ast.FuncType: _type_expr,
    ast.InterfaceType: _type_expr,
    ast.MapType: _type_expr,
    ast.ChanType: _type_expr,
}

__all__ = ["Interface", "Var", "expr", "generic_expr", "multi_expr", "raw_expr"]
