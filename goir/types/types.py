"""The types of Go programs, after the model of ``go/types``.

Types are plain objects compared with :func:`goir.types.predicates.identical`; only basic types and declared (``Named``)
types have identity.  Aliases are transparent: they never appear as types of their own.  Messages name a type by its alias
where that was declared for a type literal or a basic type: the object such a declaration makes knows it (``alias``).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from goir.types.objects import Func, Package, TypeName, Var
    from goir.types.typeset import TypeSet

# Kinds of basic types, numbered like go/types.
INVALID = 0
BOOL = 1
INT = 2
INT8 = 3
INT16 = 4
INT32 = 5
INT64 = 6
UINT = 7
UINT8 = 8
UINT16 = 9
UINT32 = 10
UINT64 = 11
UINTPTR = 12
FLOAT32 = 13
FLOAT64 = 14
COMPLEX64 = 15
COMPLEX128 = 16
STRING = 17
UNSAFE_POINTER = 18
UNTYPED_BOOL = 19
UNTYPED_INT = 20
UNTYPED_RUNE = 21
UNTYPED_FLOAT = 22
UNTYPED_COMPLEX = 23
UNTYPED_STRING = 24
UNTYPED_NIL = 25

# Properties of basic types (bits of ``Basic.info``).
IS_BOOLEAN = 1
IS_INTEGER = 2
IS_UNSIGNED = 4
IS_FLOAT = 8
IS_COMPLEX = 16
IS_STRING = 32
IS_UNTYPED = 64
IS_ORDERED = IS_INTEGER | IS_FLOAT | IS_STRING
IS_NUMERIC = IS_INTEGER | IS_FLOAT | IS_COMPLEX
IS_CONST_TYPE = IS_BOOLEAN | IS_NUMERIC | IS_STRING


class Type:
    """Base class of all types."""

    __slots__ = ()

    def __str__(self) -> str:
        from goir.types.typestring import type_string

        return type_string(self)

    def __repr__(self) -> str:
        return f"<{self.__class__.__name__} {self}>"

    @property
    def underlying(self) -> Type:
        """The underlying type: the type itself, but for declared types and type parameters."""
        return self


class Alias(NamedTuple):
    """The alias that a type is named by in messages, and its type arguments."""

    obj: TypeName
    args: list[Type]


def alias_of(t: Type | None) -> Alias | None:
    """The alias that messages name a type by."""
    return getattr(t, "alias", None)  # a slot that is hardly ever set


def without_alias(t: Type) -> Type:
    """The same type with its own name, not that of an alias."""
    if alias_of(t) is not None:
        t = copy.copy(t)
        del t.alias  # pyright: ignore[reportAttributeAccessIssue]
    return t


class Basic(Type):
    """A predeclared type, or the kind of an untyped constant."""

    __slots__ = ("alias", "info", "kind", "name")

    def __init__(self, kind: int, info: int, name: str) -> None:
        self.kind = kind
        self.info = info
        self.name = name


class Array(Type):
    """``[length]elem``; length -1 stands for an unknown length (after an error)."""

    __slots__ = ("alias", "elem", "length")

    def __init__(self, length: int, elem: Type) -> None:
        self.length = length
        self.elem = elem


class Slice(Type):
    """``[]elem``."""

    __slots__ = ("alias", "elem")

    def __init__(self, elem: Type) -> None:
        self.elem = elem


class Struct(Type):
    """``struct{…}``; ``tags[i]`` is the tag of field i, "" where there is none."""

    __slots__ = ("_index", "alias", "fields", "tags")

    def __init__(self, fields: list[Var], tags: list[str] | None = None) -> None:
        self._index: tuple[list[Var], dict[str, int]] | None = None
        self.fields = fields
        self.tags: list[str] = tags if tags is not None else [""] * len(fields)

    def tag(self, i: int) -> str:
        """The tag of field i."""
        return self.tags[i] if i < len(self.tags) else ""


class Pointer(Type):
    """``*elem``."""

    __slots__ = ("alias", "elem")

    def __init__(self, elem: Type) -> None:
        self.elem = elem


class Tuple(Type):
    """An ordered list of variables: parameters, results, or the type of a call with other than one result."""

    __slots__ = ("vars",)

    def __init__(self, vars: list[Var]) -> None:
        self.vars = vars

    def __len__(self) -> int:
        return len(self.vars)

    def __bool__(self) -> bool:
        return True


class Signature(Type):
    """A function type.  ``recv`` is None for functions; the last parameter of a variadic one has slice type
    (or, for append([]byte, string...) alone, string type)."""

    __slots__ = ("alias", "params", "recv", "recv_type_params", "results", "type_params", "variadic")

    def __init__(
        self,
        recv: Var | None,
        params: Tuple,
        results: Tuple,
        variadic: bool = False,
        type_params: list[TypeParam] | None = None,
        recv_type_params: list[TypeParam] | None = None,
    ) -> None:
        self.recv = recv
        self.params = params
        self.results = results
        self.variadic = variadic
        self.type_params: list[TypeParam] = type_params or []
        self.recv_type_params: list[TypeParam] = recv_type_params or []


class Interface(Type):
    """An interface: explicitly declared methods and embedded elements; the type set is computed on demand."""

    __slots__ = ("_tset", "alias", "checker", "complete", "embed_pos", "embeddeds", "implicit", "methods", "pos")

    def __init__(
        self,
        methods: list[Func],
        embeddeds: list[Type] | None = None,
        embed_pos: list[int] | None = None,
        implicit: bool = False,
    ) -> None:
        self.methods = methods
        self.embeddeds: list[Type] = embeddeds or []
        self.embed_pos: list[int] = embed_pos or []
        self.implicit = implicit
        self.complete = True
        self.checker: object | None = None
        self.pos = 0
        self._tset: TypeSet | None = None

    def type_set(self) -> TypeSet:
        """The set of types that implement this interface."""
        ts = self._tset
        if ts is None:
            from goir.types.typeset import compute_interface_type_set

            ts = compute_interface_type_set(self.checker, self.pos, self)
        return ts

    def all_methods(self) -> list[Func]:
        """Every method, embedded ones included, sorted by id."""
        return self.type_set().methods

    def is_method_set(self) -> bool:
        """Whether the interface is described by its methods alone (can be the type of a variable)."""
        return self.type_set().is_method_set()

    def empty(self) -> bool:
        """Whether every type implements it."""
        return self.type_set().is_all()

    def is_comparable(self) -> bool:
        """Whether every type in the type set is comparable."""
        return self.type_set().is_comparable()


class Map(Type):
    """``map[key]elem``."""

    __slots__ = ("alias", "elem", "key")

    def __init__(self, key: Type, elem: Type) -> None:
        self.key = key
        self.elem = elem


class Chan(Type):
    """A channel; ``dir`` is "both", "send" or "recv"."""

    __slots__ = ("alias", "dir", "elem")

    def __init__(self, dir: str, elem: Type) -> None:
        self.dir = dir
        self.elem = elem


class Term:
    """One term of a union: ``T`` or ``~T``; ``type`` None is the universe (used inside type sets)."""

    __slots__ = ("tilde", "type")

    def __init__(self, tilde: bool, type: Type | None) -> None:
        self.tilde = tilde
        self.type = type

    def __str__(self) -> str:
        return "𝓤" if self.type is None else ("~" if self.tilde else "") + str(self.type)


class Union(Type):
    """``~int | string`` in a constraint."""

    __slots__ = ("terms",)

    def __init__(self, terms: list[Term]) -> None:
        self.terms = terms


class Named(Type):
    """A declared type, or an instance of a generic one.

    For an instance, ``orig`` is the generic type and ``type_args`` its arguments; underlying type and methods are
    made from those of ``orig`` when first asked for."""

    __slots__ = (
        "_expanded",
        "_expander",
        "_method_cache",
        "_methods",
        "_underlying",
        "from_rhs",
        "inst_pos",
        "obj",
        "orig",
        "shape",
        "type_args",
        "type_params",
    )

    def __init__(self, obj: TypeName, underlying: Type | None = None, methods: list[Func] | None = None) -> None:
        self.obj = obj
        self._underlying = underlying
        self._methods: list[Func] = methods or []
        self.orig: Named = self
        self.type_args: list[Type] = []
        self.shape = 0  # of an instance: equal for identical ones
        self.type_params: list[TypeParam] = []
        self.from_rhs: Type | None = underlying
        self.inst_pos = 0  # where an instance was first mentioned
        self._expander: Callable[[Named], Type] | None = None
        self._expanded = False
        self._method_cache: dict[int, Func] | None = None

    @property
    def underlying(self) -> Type:
        """The underlying type; never a Named."""
        u = self._underlying
        if u is not None:
            return u
        if self._expander is not None:
            return self._expander(self)
        from goir.types.universe import TYP_INVALID

        # Follow the chain of declarations; one that is still being worked on has no underlying type yet.
        n: Type | None = self.from_rhs
        seen: list[Type] = [self]
        while n.__class__ is Named:
            assert isinstance(n, Named)
            if any(n is s for s in seen):
                return TYP_INVALID
            if n._underlying is not None or n._expander is not None:
                n = n.underlying
                break
            seen.append(n)
            n = n.from_rhs
        if n is None:
            return TYP_INVALID
        u = n.underlying
        if u is not TYP_INVALID or n is TYP_INVALID:
            self._underlying = u
        return u

    def set_underlying(self, t: Type) -> None:
        """Completes a type declaration."""
        self._underlying = t

    @property
    def methods(self) -> list[Func]:
        """The declared methods, in source order; for an instance, with the type arguments put in."""
        if self.orig is not self:
            from goir.types.instantiate import expand_method

            return [expand_method(self, i) for i in range(len(self.orig._methods))]
        return self._methods

    def add_method(self, m: Func) -> None:
        """Adds a declared method."""
        self._methods.append(m)


class TypeParam(Type):
    """A type parameter; ``bound`` is its constraint."""

    __slots__ = ("bound", "checker", "id", "index", "obj")

    _next_id = 0

    def __init__(self, obj: TypeName, bound: Type | None) -> None:
        TypeParam._next_id += 1
        self.id = TypeParam._next_id
        self.obj = obj
        self.index = -1
        self.bound = bound
        self.checker: object | None = None

    def iface(self) -> Interface:
        """The constraint as an interface."""
        from goir.types.typeset import type_param_iface

        return type_param_iface(self)

    @property
    def underlying(self) -> Type:
        """The constraint interface."""
        return self.iface()


def under(t: Type) -> Type:
    """The underlying type of t; for a type parameter its constraint interface."""
    return t.underlying


def default_type(t: Type) -> Type:
    """The type an untyped value takes where none is asked for; any other type is its own default."""
    if isinstance(t, Basic):
        from goir.types.universe import DEFAULT_TYPES

        return DEFAULT_TYPES.get(t.kind, t)
    return t


Qualifier = Callable[["Package"], str]
