"""The intrinsics of `go.intrinsic`: what each takes and answers (docs/abi.md, "Directives in runtime code")."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from xdsl.ir import Attribute
from xdsl.utils.exceptions import VerifyException

from goir.dialects.go_base import Under
from goir.dialects.go_types import BOOL, BasicType, FuncType, InterfaceType, NamedType, PtrType, UnsafePointerType

_Test = Callable[[Attribute], bool]


def _number(bits: int, group: str) -> _Test:
    return lambda t: isinstance(t, BasicType) and t.bits == bits and getattr(t, group)


def _pointer(t: Attribute) -> bool:
    return isinstance(t, PtrType | UnsafePointerType | FuncType)


_KINDS: Final[dict[str, tuple[str, _Test]]] = {
    "ptr": ("a pointer or a function value", _pointer),
    "word": ("a pointer or an integer of 64 bits", lambda t: _pointer(t) or _number(64, "is_integer")(t)),
    "func": ("a function value", lambda t: isinstance(t, FuncType)),
    "any": ("an interface", lambda t: isinstance(t, InterfaceType)),
    "bool": ("a bool (i1)", lambda t: t == BOOL),
    **{f"i{n}": (f"an integer of {n} bits", _number(n, "is_integer")) for n in (8, 16, 32, 64)},
    **{f"f{n}": (f"a float of {n} bits", _number(n, "is_float")) for n in (32, 64)},
}
"""Kinds of operands and results: what a message calls it, and which underlying types are of the kind."""


def _for_each(widths: Sequence[int], names: str, signature: str) -> dict[str, str]:
    """Intrinsics for words of several widths: N stands for the width."""
    return {f"{name}{n}": signature.replace("iN", f"i{n}") for name in names.split() for n in widths}


SIGNATURES: Final[dict[str, str]] = {
    **_for_each((8, 32, 64), "atomicload", "ptr -> iN"),
    **_for_each((8, 32, 64), "atomicstore", "ptr iN ->"),
    **_for_each((32, 64), "atomicstorerel", "ptr iN ->"),
    **_for_each((8, 32, 64), "xchg", "ptr iN -> iN"),
    **_for_each((32, 64), "xadd", "ptr iN -> iN"),
    **_for_each((8, 32, 64), "and or", "ptr iN -> iN?"),
    **_for_each((32, 64), "cas", "ptr iN iN -> bool"),
    "atomicloadptr": "ptr -> ptr", "atomicstoreptr": "ptr ptr ->", "atomicstorerelptr": "ptr ptr ->",
    "xchgptr": "ptr ptr -> ptr", "casptr": "ptr ptr ptr -> bool", "fence": "->",
    "pause": "->", "prefetch": "i64 ->",
    "memmove": "ptr ptr i64 ->", "memclr": "ptr i64 ->", "memequal": "ptr ptr i64 -> bool",
    "foldproducts": "ptr ptr ptr ->",
    **_for_each((8, 16, 32, 64), "ctz clz len popcount", "iN -> i64"),
    **_for_each((8, 16, 32, 64), "rotl", "iN i64 -> iN"),
    **_for_each((8, 16, 32, 64), "bitreverse", "iN -> iN"),
    **_for_each((16, 32, 64), "bswap", "iN -> iN"),
    **_for_each((32, 64), "mul", "iN iN -> iN iN"),
    **_for_each((32, 64), "addc subb", "iN iN iN -> iN iN"),
    "div64": "i64 i64 i64 -> i64 i64",
    "cpuid": "i32 i32 -> i32 i32 i32 i32", "xgetbv": "-> i32 i32",
    **dict.fromkeys(("sqrt", "floor", "ceil", "trunc", "roundeven", "fabs"), "f64 -> f64"),
    "copysign": "f64 f64 -> f64", "fma": "f64 f64 f64 -> f64",
    "floatbits64": "f64 -> i64", "floatbits32": "f32 -> i32", "frombits64": "i64 -> f64", "frombits32": "i32 -> f32",
    **dict.fromkeys(("getsp", "callersp", "frameaddress", "returnaddress", "ctx"), "-> word"),
    "spillregs": "->", "trap": "->",
    **{f"{name}{end}": "-> word" for name in ("data", "bss", "pctab", "types") for end in ("start", "end")},
    "record": "func -> ptr", "typeof": "any -> ptr",
    "coroResume": "ptr ->", "coroDestroy": "ptr ->", "coroStart": "func ptr -> ptr",
    "stackmem": "i64 -> ptr", "callregs": "ptr ptr ptr i64 ->", "callregsmem": "ptr ptr ptr i64 ptr ->",
    "callstubs": "-> ptr",
}  # fmt: skip
"""Kinds of the operands, `->`, kinds of the results; with `?`: or no result."""


def check_signature(under: Under, name: str, operands: Sequence[Attribute], results: Sequence[Attribute]) -> None:
    """An intrinsic must exist, and take and answer these types."""
    signature = SIGNATURES.get(name)
    if signature is None:
        raise VerifyException(f"unknown intrinsic {name}")
    takes, answers = signature.split("->")
    if answers.endswith("?"):
        answers = answers[:-1] if results else ""
    for types, kinds, what in ((operands, takes.split(), "operand"), (results, answers.split(), "result")):
        if len(types) != len(kinds):
            plural = "" if len(kinds) == 1 else "s"
            raise VerifyException(f"intrinsic {name} has {len(kinds)} {what}{plural}, but {len(types)} here")
        for i, (t, kind) in enumerate(zip(types, kinds, strict=True)):
            description, test = _KINDS[kind]
            u = under(t)
            if not (isinstance(u, NamedType) or test(u)):
                raise VerifyException(f"{what} {i} of intrinsic {name} must be {description}, but is {t}")
