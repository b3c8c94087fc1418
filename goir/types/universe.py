"""The universe scope and package unsafe."""

from __future__ import annotations

from goir.types import types as T
from goir.types.scope import Scope

TYP_INVALID = T.Basic(T.INVALID, 0, "invalid type")
TYP_BOOL = T.Basic(T.BOOL, T.IS_BOOLEAN, "bool")
TYP_INT = T.Basic(T.INT, T.IS_INTEGER, "int")
TYP_INT8 = T.Basic(T.INT8, T.IS_INTEGER, "int8")
TYP_INT16 = T.Basic(T.INT16, T.IS_INTEGER, "int16")
TYP_INT32 = T.Basic(T.INT32, T.IS_INTEGER, "int32")
TYP_INT64 = T.Basic(T.INT64, T.IS_INTEGER, "int64")
TYP_UINT = T.Basic(T.UINT, T.IS_INTEGER | T.IS_UNSIGNED, "uint")
TYP_UINT8 = T.Basic(T.UINT8, T.IS_INTEGER | T.IS_UNSIGNED, "uint8")
TYP_UINT16 = T.Basic(T.UINT16, T.IS_INTEGER | T.IS_UNSIGNED, "uint16")
TYP_UINT32 = T.Basic(T.UINT32, T.IS_INTEGER | T.IS_UNSIGNED, "uint32")
TYP_UINT64 = T.Basic(T.UINT64, T.IS_INTEGER | T.IS_UNSIGNED, "uint64")
TYP_UINTPTR = T.Basic(T.UINTPTR, T.IS_INTEGER | T.IS_UNSIGNED, "uintptr")
TYP_FLOAT32 = T.Basic(T.FLOAT32, T.IS_FLOAT, "float32")
TYP_FLOAT64 = T.Basic(T.FLOAT64, T.IS_FLOAT, "float64")
TYP_COMPLEX64 = T.Basic(T.COMPLEX64, T.IS_COMPLEX, "complex64")
TYP_COMPLEX128 = T.Basic(T.COMPLEX128, T.IS_COMPLEX, "complex128")
TYP_STRING = T.Basic(T.STRING, T.IS_STRING, "string")
TYP_UNSAFE_POINTER = T.Basic(T.UNSAFE_POINTER, 0, "Pointer")
TYP_UNTYPED_BOOL = T.Basic(T.UNTYPED_BOOL, T.IS_BOOLEAN | T.IS_UNTYPED, "untyped bool")
TYP_UNTYPED_INT = T.Basic(T.UNTYPED_INT, T.IS_INTEGER | T.IS_UNTYPED, "untyped int")
TYP_UNTYPED_RUNE = T.Basic(T.UNTYPED_RUNE, T.IS_INTEGER | T.IS_UNTYPED, "untyped rune")
TYP_UNTYPED_FLOAT = T.Basic(T.UNTYPED_FLOAT, T.IS_FLOAT | T.IS_UNTYPED, "untyped float")
TYP_UNTYPED_COMPLEX = T.Basic(T.UNTYPED_COMPLEX, T.IS_COMPLEX | T.IS_UNTYPED, "untyped complex")
TYP_UNTYPED_STRING = T.Basic(T.UNTYPED_STRING, T.IS_STRING | T.IS_UNTYPED, "untyped string")
TYP_UNTYPED_NIL = T.Basic(T.UNTYPED_NIL, T.IS_UNTYPED, "untyped nil")

# The aliases byte and rune have types of their own so that messages show the name that was written; they are
# identical to uint8 and int32 because basic types are compared by kind.
TYP_BYTE = T.Basic(T.UINT8, T.IS_INTEGER | T.IS_UNSIGNED, "byte")
TYP_RUNE = T.Basic(T.INT32, T.IS_INTEGER, "rune")

TYPES: dict[int, T.Basic] = {
    t.kind: t
    for t in (
        TYP_INVALID,
        TYP_BOOL,
        TYP_INT,
        TYP_INT8,
        TYP_INT16,
        TYP_INT32,
        TYP_INT64,
        TYP_UINT,
        TYP_UINT8,
        TYP_UINT16,
        TYP_UINT32,
        TYP_UINT64,
        TYP_UINTPTR,
        TYP_FLOAT32,
        TYP_FLOAT64,
        TYP_COMPLEX64,
        TYP_COMPLEX128,
        TYP_STRING,
        TYP_UNSAFE_POINTER,
        TYP_UNTYPED_BOOL,
        TYP_UNTYPED_INT,
        TYP_UNTYPED_RUNE,
        TYP_UNTYPED_FLOAT,
        TYP_UNTYPED_COMPLEX,
        TYP_UNTYPED_STRING,
        TYP_UNTYPED_NIL,
    )
}

DEFAULT_TYPES: dict[int, T.Type] = {
    T.UNTYPED_BOOL: TYP_BOOL,
    T.UNTYPED_INT: TYP_INT,
    T.UNTYPED_RUNE: TYP_RUNE,
    T.UNTYPED_FLOAT: TYP_FLOAT64,
    T.UNTYPED_COMPLEX: TYP_COMPLEX128,
    T.UNTYPED_STRING: TYP_STRING,
}

from goir.types.objects import (  # noqa: E402  # objects need the invalid type above
    Builtin,
    Const,
    Func,
    Nil,
    Object,
    Package,
    TypeName,
    Var,
    is_exported,
    new_signature,
)

#: The type of the predeclared ``any``: printed by that name.
TYP_ANY = T.Interface([])
#: The empty interface type without a name.
TYP_EMPTY_INTERFACE = T.Interface([])

UNIVERSE = Scope(None, "universe")
UNSAFE = Package("unsafe", "unsafe", Scope(UNIVERSE, "package unsafe"))
UNSAFE.complete = True

BUILTIN_FUNCS = (
    "append",
    "cap",
    "clear",
    "close",
    "complex",
    "copy",
    "delete",
    "imag",
    "len",
    "make",
    "max",
    "min",
    "new",
    "panic",
    "print",
    "println",
    "real",
    "recover",
)
UNSAFE_FUNCS = ("Add", "Alignof", "Offsetof", "Sizeof", "Slice", "SliceData", "String", "StringData")


def _define(obj: Object, scope: Scope = UNIVERSE) -> None:
    scope.insert(obj)


def _define_types() -> tuple[T.Named, T.Named]:
    for t in TYPES.values():
        if T.BOOL <= t.kind <= T.STRING:
            _define(TypeName(0, None, t.name, t))
    _define(TypeName(0, None, "byte", TYP_BYTE))
    _define(TypeName(0, None, "rune", TYP_RUNE))
    any_name = TypeName(0, None, "any", TYP_ANY)
    any_name.declared_alias = True
    _define(any_name)

    error_name = TypeName(0, None, "error", None)
    error = T.Named(error_name)
    error_name.type = error
    sig = new_signature([], [TYP_STRING])
    sig.recv = Var(0, None, "", error)
    error.set_underlying(T.Interface([Func(0, None, "Error", sig)]))
    _define(error_name)

    comparable_name = TypeName(0, None, "comparable", None)
    comparable = T.Named(comparable_name)
    comparable_name.type = comparable
    from goir.types.typeset import comparable_type_set

    iface = T.Interface([])
    iface._tset = comparable_type_set()  # pyright: ignore[reportPrivateUsage]
    comparable.set_underlying(iface)
    _define(comparable_name)
    return error, comparable


TYP_ERROR, TYP_COMPARABLE = _define_types()

_define(Const(0, None, "true", TYP_UNTYPED_BOOL, True))
_define(Const(0, None, "false", TYP_UNTYPED_BOOL, False))
UNIVERSE_IOTA = Const(0, None, "iota", TYP_UNTYPED_INT, 0)
_define(UNIVERSE_IOTA)
UNIVERSE_NIL = Nil()
_define(UNIVERSE_NIL)
for _name in BUILTIN_FUNCS:
    _define(Builtin(_name))
for _name in UNSAFE_FUNCS:
    _b = Builtin(_name)
    _b.pkg = UNSAFE
    _define(_b, UNSAFE.scope)
_p = TypeName(0, UNSAFE, "Pointer", TYP_UNSAFE_POINTER)
_define(_p, UNSAFE.scope)

assert all(is_exported(n) for n in UNSAFE.scope.elems)
