"""Instances of generic functions: one compiled function for each list of type arguments.

An instance is generated from the syntax of the generic function through `InstanceInfo`, a view of the checker's results
in which type parameters are replaced: expressions have concrete types, local variables are variables of the instance,
selections are looked up again in the concrete type. So nothing else in irgen knows of type parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from goir.syntax import ast
from goir.types import types as T
from goir.types.info import Info, Selection, TypeAndValue
from goir.types.lookup import lookup_field_or_method
from goir.types.objects import Object, TypeName, Var
from goir.types.subst import (
    _Subster,  # pyright: ignore[reportPrivateUsage]
    make_subst_map,
    subst_var,
)

_K = TypeVar("_K")
_V = TypeVar("_V")


class Substitution(_Subster):
    """Replaces type parameters, and types declared in the generic function by types of this instance of it."""

    __slots__ = ("_args", "_end", "_local", "_memo", "_start")

    def __init__(self, params: list[T.TypeParam], args: list[T.Type], decl: ast.FuncDecl) -> None:
        super().__init__(make_subst_map(params, args))
        self._memo: dict[T.Type, T.Type] = {}
        self._local: dict[T.Named, T.Named] = {}
        self._args = args
        self._start = decl.pos
        self._end = decl.end

    def __call__(self, t: T.Type) -> T.Type:
        result = self._memo.get(t)
        if result is None:
            result = self._memo[t] = self.type(t)
        return result

    def named(self, t: T.Named) -> T.Type:
        obj = t.obj
        if (
            t.orig is t
            and self._start <= obj.pos < self._end
            and obj.pkg is not None
            and obj.parent is not obj.pkg.scope
        ):
            local = self._local.get(t)
            if local is None:
                name = TypeName(obj.pos, obj.pkg, obj.name, None)
                name.parent = obj.parent
                local = self._local[t] = T.Named(name)
                name.type = local
                local.type_args = self._args  # for its name
                local.set_underlying(self.type(t.underlying))
            return local
        return super().named(t)


class _View(dict[_K, _V], Generic[_K, _V]):
    """A dict whose values are made from those of another one when they are asked for."""

    def __init__(self, source: dict[_K, _V], make: Callable[[_V], _V]) -> None:
        super().__init__()
        self._source = source
        self._make = make

    def __missing__(self, key: _K) -> _V:
        value = self._source[key]
        result = self[key] = self._make(value)
        return result

    def __contains__(self, key: object) -> bool:
        return key in self._source

    def get(self, key: _K, default: Any = None) -> Any:
        try:
            return self[key]
        except KeyError:
            return default


class InstanceInfo(Info):
    """The checker's results for the body of one instance."""

    __slots__ = ("_variables", "substitution")

    def __init__(self, info: Info, substitution: Substitution) -> None:
        super().__init__()
        self.substitution = substitution
        self._variables: dict[Var, Var] = {}
        self.types = _View(info.types, self._type_and_value)
        self.uses = _View(info.uses, self._object)
        self.defs = _View(info.defs, self._definition)
        self.implicits = _View(info.implicits, self._object)
        self.selections = _View(info.selections, self._selection)
        self.instances = _View(info.instances, self._instance)

    def _type_and_value(self, tv: TypeAndValue) -> TypeAndValue:
        t = self.substitution(tv.type) if tv.type is not None else tv.type  # pyright: ignore[reportUnnecessaryComparison]
        return tv if t is tv.type else TypeAndValue(tv.mode, t, tv.value)

    def _definition(self, obj: Object | None) -> Object | None:
        return self._object(obj) if obj is not None else None

    def _object(self, obj: Object) -> Object:
        if not isinstance(obj, Var) or obj.is_field or (obj.pkg is not None and obj.parent is obj.pkg.scope):
            return obj
        own = self._variables.get(obj)
        if own is None:
            own = self._variables[obj] = subst_var(obj, self.substitution(obj.type))
        return own

    def _instance(self, instance: tuple[list[T.Type], T.Type]) -> tuple[list[T.Type], T.Type]:
        arguments, t = instance
        return [self.substitution(a) for a in arguments], self.substitution(t)

    def _selection(self, s: Selection) -> Selection:
        recv = self.substitution(s.recv)
        if s.kind == "field":
            return Selection(s.kind, recv, s.obj, s.index, s.indirect, self.substitution(s.type))
        obj, index, indirect = lookup_field_or_method(recv, True, s.obj.pkg, s.obj.name)
        assert obj is not None and index is not None
        return Selection(s.kind, recv, obj, index, indirect, self.substitution(s.type))
