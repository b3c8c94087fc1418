"""The checker's types of attributes that a module of IR or the cache mentions: the way back from types.py.

Declared types are looked up in their packages; an instance is made again from its generic type and its type arguments,
whose texts the cache keeps by the instance's symbol."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xdsl.context import Context
from xdsl.dialects.builtin import Builtin
from xdsl.ir import Attribute

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.dialects.text_parser import TextParser
from goir.irgen.sources import Sources
from goir.irgen.types import BASIC
from goir.types import types as T
from goir.types.instantiate import instance
from goir.types.objects import Func, Package, TypeName, Var
from goir.types.universe import TYPES, UNIVERSE

_BASIC = {attr: TYPES[kind] for kind, attr in reversed(BASIC.items())}


def parse_type(text: str) -> Attribute:
    """The type of a text that `FactFinder.text` made."""
    context = Context()
    context.load_dialect(Builtin)
    context.load_dialect(go.Go)
    return TextParser(context, text).parse_attribute()


class TypeFinder:
    """Finds types of library packages. `known` answers the named types that were met already, `arguments` the texts of the
    type arguments of an instance (of a type or a function) by its symbol."""

    def __init__(
        self,
        sources: Sources,
        known: Callable[[str], T.Named | None],
        arguments: Callable[[str], Sequence[str] | None],
    ) -> None:
        self._sources = sources
        self._known = known
        self._arguments = arguments

    def named(self, symbol: str) -> T.Named | None:
        """The named type of a symbol; None for one that is declared in a function, or nowhere."""
        found = self._known(symbol)
        if found is not None:
            return found
        if symbol.endswith("]"):
            generic, arguments = self.named(symbol.partition("[")[0]), self.arguments(symbol)
            made = instance(generic, arguments) if generic is not None and arguments is not None else None
            return made if isinstance(made, T.Named) else None
        path, _, name = symbol.rpartition(".")
        checked = self._sources.package_at(path) if path else None
        scope = checked.package.scope if checked is not None else UNIVERSE
        obj = scope.lookup(name)
        if isinstance(obj, TypeName) and checked is not None and checked.lazy is not None:
            checked.lazy.resolve(obj)
        return obj.type if isinstance(obj, TypeName) and isinstance(obj.type, T.Named) else None

    def arguments(self, symbol: str) -> list[T.Type] | None:
        """The type arguments of an instance, if they are known."""
        texts = self._arguments(symbol)
        return self._all([parse_type(text) for text in texts]) if texts is not None else None

    def type(self, attr: Attribute) -> T.Type | None:
        """A type that is converted to `attr`; None if it mentions one that is not found."""
        match attr:
            case gt.NamedType():
                return self.named(attr.sym.data)
            case gt.PtrType():
                return T.Pointer(elem) if (elem := self.type(attr.elem)) is not None else None
            case gt.SliceType():
                return T.Slice(elem) if (elem := self.type(attr.elem)) is not None else None
            case gt.ArrayType():
                return T.Array(attr.length.data, elem) if (elem := self.type(attr.elem)) is not None else None
            case gt.ChanType():
                return T.Chan(attr.dir.data, elem) if (elem := self.type(attr.elem)) is not None else None
            case gt.MapType():
                parts = self._all([attr.key, attr.elem])
                return T.Map(*parts) if parts is not None else None
            case gt.FuncType():
                return self._signature(attr)
            case gt.StructType():
                return self._struct(attr)
            case gt.InterfaceType():
                return self._interface(attr)
            case _:
                return _BASIC.get(attr)

    def _all(self, attrs: Sequence[Attribute]) -> list[T.Type] | None:
        found = [t for t in map(self.type, attrs) if t is not None]
        return found if len(found) == len(attrs) else None

    def _signature(self, attr: gt.FuncType) -> T.Signature | None:
        params, results = self._all(attr.params.data), self._all(attr.results.data)
        if params is None or results is None:
            return None
        tuples = (T.Tuple([Var(0, None, "", t, is_param=True) for t in types]) for types in (params, results))
        return T.Signature(None, *tuples, variadic=bool(attr.variadic.data))

    def _struct(self, attr: gt.StructType) -> T.Struct | None:
        fields = attr.fields.data
        types = self._all([field.type for field in fields])
        if types is None:
            return None
        made = [
            Var(0, self._package(f.pkg.data), f.field_name.data, t, is_field=True, embedded=bool(f.embedded.data))
            for f, t in zip(fields, types, strict=True)
        ]
        return T.Struct(made, [field.tag.data for field in fields])

    def _interface(self, attr: gt.InterfaceType) -> T.Interface | None:
        methods: list[Func] = []
        for method in attr.methods.data:
            signature = self.type(method.type)
            if not isinstance(signature, T.Signature):
                return None
            methods.append(Func(0, self._package(method.pkg.data), method.method_name.data, signature))
        return T.Interface(methods)

    def _package(self, path: str) -> Package | None:
        checked = self._sources.package_at(path) if path else None
        return checked.package if checked is not None else None
