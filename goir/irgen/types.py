"""Go types (goir.types) as attributes of the go dialect, memoised by type object and interned by value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from xdsl.dialects.builtin import ArrayAttr, StringAttr, i1
from xdsl.ir import Attribute

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.irgen.errors import Unsupported
from goir.types import types as T
from goir.types.objects import Object
from goir.types.typestring import type_string

BASIC: dict[int, Attribute] = {
    T.BOOL: i1,
    T.INT: gt.INT,
    T.INT8: gt.INT8,
    T.INT16: gt.INT16,
    T.INT32: gt.INT32,
    T.INT64: gt.INT64,
    T.UINT: gt.UINT,
    T.UINT8: gt.UINT8,
    T.UINT16: gt.UINT16,
    T.UINT32: gt.UINT32,
    T.UINT64: gt.UINT64,
    T.UINTPTR: gt.UINTPTR,
    T.FLOAT32: gt.FLOAT32,
    T.FLOAT64: gt.FLOAT64,
    T.COMPLEX64: gt.COMPLEX64,
    T.COMPLEX128: gt.COMPLEX128,
    T.STRING: gt.STRING,
    T.UNSAFE_POINTER: gt.UNSAFE_POINTER,
    T.UNTYPED_BOOL: i1,
    T.UNTYPED_INT: gt.INT,
    T.UNTYPED_RUNE: gt.INT32,
    T.UNTYPED_FLOAT: gt.FLOAT64,
    T.UNTYPED_COMPLEX: gt.COMPLEX128,
    T.UNTYPED_STRING: gt.STRING,
}

# Words of the basic types that are not one word long.
_BASIC_WORDS = {T.COMPLEX128: 2, T.STRING: 2, T.UNTYPED_COMPLEX: 2, T.UNTYPED_STRING: 2}

_A = TypeVar("_A", bound=Attribute)

MAX_SSA_WORDS = 4
"""Structs with more words than this live in memory (docs/dialect-go.md, "Large values")."""


class TypeConverter:
    """Converts types; `on_named` is told of every named type when it is met first, with its symbol,
    `on_struct` of every unnamed struct type with embedded fields.

    `local_scope` names the function that is being generated: types declared in functions are called after it."""

    def __init__(
        self, on_named: Callable[[T.Named, str, go.TypeOp], None], on_struct: Callable[[T.Struct], None]
    ) -> None:
        self._memo: dict[T.Type, Attribute] = {}
        self._interned: dict[Attribute, Attribute] = {}
        self._words: dict[T.Type, int] = {}
        self._locals: dict[str, int] = {}
        self._symbols: dict[T.Named, str] = {}
        self._on_named = on_named
        self._on_struct = on_struct
        self._announced: set[Attribute] = set()
        self._origins: dict[Attribute, T.Type] = {}
        #: Types that are put into interfaces, by their text.
        self.texts: dict[str, Attribute] = {}
        self.local_scope = ""

    def __call__(self, t: T.Type) -> Attribute:
        attr = self._memo.get(t)
        if attr is None:
            attr = self._memo[t] = self._convert(t)
            self._origins.setdefault(attr, t)
        return attr

    def origin(self, attr: Attribute) -> T.Type | None:
        """A type that was converted to `attr`, or whose elements' type was converted to that of `attr` (see `pointer`)."""
        found = self._origins.get(attr)
        if found is None and isinstance(attr, gt.PtrType) and (elem := self._origins.get(attr.elem)) is not None:
            found = T.Pointer(elem)
        return found

    def named(self, symbol: str) -> T.Named | None:
        """The named type of a symbol that was given out."""
        t = self._origins.get(gt.NamedType(symbol))
        return t if isinstance(t, T.Named) else None

    def instances(self) -> Iterator[tuple[str, T.Named]]:
        """The instances of generic types that were given out, by symbol."""
        for attr, t in self._origins.items():
            if isinstance(t, T.Named) and t.type_args and isinstance(attr, gt.NamedType):
                yield attr.sym.data, t

    def intern(self, attr: _A) -> _A:
        """The one attribute object equal to `attr`."""
        return self._interned.setdefault(attr, attr)  # pyright: ignore[reportReturnType]

    def pointer(self, elem: Attribute) -> gt.PtrType:
        """The attribute of a pointer type."""
        return self.intern(gt.PtrType(elem))

    def signature(self, sig: T.Signature, recv: T.Type | None = None) -> gt.FuncType:
        """A function's type; with `recv`, a method's with the receiver as first parameter."""
        params = [self(v.type) for v in sig.params.vars]
        if recv is not None:
            params.insert(0, self(recv))
        return self.intern(gt.FuncType(params, [self(v.type) for v in sig.results.vars], sig.variadic))

    def symbol(self, t: T.Named) -> str:
        """The symbol of a named type (and so the base of its methods' symbols)."""
        name = self._symbols.get(t)
        if name is None:
            name = self._symbols[t] = self._make_symbol(t)
        return name

    def link_name(self, t: T.Type) -> str:
        """A type's name with full package paths, in which types of the same name from different functions differ."""
        if isinstance(t, T.Named):
            return self.symbol(t)
        if isinstance(t, T.Pointer):
            return "*" + self.link_name(t.elem)
        if isinstance(t, T.Slice):
            return "[]" + self.link_name(t.elem)
        if isinstance(t, T.Array):
            return f"[{t.length}]{self.link_name(t.elem)}"
        if isinstance(t, T.Map):
            return f"map[{self.link_name(t.key)}]{self.link_name(t.elem)}"
        if isinstance(t, T.Chan):
            word = {"both": "chan ", "send": "chan<- ", "recv": "<-chan "}[t.dir]
            elem = self.link_name(t.elem)
            return f"{word}({elem})" if t.dir == "both" and elem.startswith("<-") else word + elem
        if isinstance(t, T.Signature):
            return "func" + self._link_signature(t)
        if isinstance(t, T.Struct):
            fields = (
                (("" if f.embedded else f.name + " ") + self.link_name(f.type) + (f" {t.tag(i)!r}" if t.tag(i) else ""))
                for i, f in enumerate(t.fields)
            )
            text = "; ".join(fields)
            return f"struct {{ {text} }}" if text else "struct {}"
        if isinstance(t, T.Interface):
            text = "; ".join(m.name + self._link_signature(m.signature) for m in t.all_methods())
            return f"interface {{ {text} }}" if text else "interface {}"
        return type_string(t)

    def _link_signature(self, t: T.Signature) -> str:
        params = [self.link_name(v.type) for v in t.params.vars]
        if t.variadic:
            params[-1] = "..." + params[-1].removeprefix("[]")
        results = [self.link_name(v.type) for v in t.results.vars]
        text = f"({', '.join(params)})"
        if len(results) == 1:
            return f"{text} {results[0]}"
        return f"{text} ({', '.join(results)})" if results else text

    def words(self, t: T.Type) -> int:
        """How many words a value takes; arrays count as large whatever their size."""
        n = self._words.get(t)
        if n is None:
            n = self._words[t] = self._count_words(t)
        return n

    def is_large(self, t: T.Type) -> bool:
        """Whether variables of the type live in memory and values of it only between one op and the next."""
        return self.words(t) > MAX_SSA_WORDS

    # ------------------------------------------------------------------------------------------------------------------

    def _make_symbol(self, t: T.Named) -> str:
        obj = t.obj
        if obj.pkg is None:
            return obj.name
        if t.orig is not t:
            # The same type arguments give the same symbol.
            return f"{self.symbol(t.orig)}[{','.join(self.link_name(a) for a in t.type_args)}]"
        if obj.parent is obj.pkg.scope:
            return f"{obj.pkg.path}.{obj.name}"
        base = f"{self.local_scope or obj.pkg.path}.{obj.name}"
        number = self._locals[base] = self._locals.get(base, 0) + 1
        return f"{base}·{number}"

    def _convert(self, t: T.Type) -> Attribute:
        if isinstance(t, T.Basic):
            attr = BASIC.get(t.kind)
            if attr is None:
                raise Unsupported(0, f"values of type {t.name}")
            return attr
        if isinstance(t, T.Named):
            return self._named(t)
        if isinstance(t, T.Pointer):
            return self.intern(gt.PtrType(self(t.elem)))
        if isinstance(t, T.Slice):
            return self.intern(gt.SliceType(self(t.elem)))
        if isinstance(t, T.Array):
            return self.intern(gt.ArrayType(t.length, self(t.elem)))
        if isinstance(t, T.Map):
            return self.intern(gt.MapType(self(t.key), self(t.elem)))
        if isinstance(t, T.Chan):
            return self.intern(gt.ChanType(t.dir, self(t.elem)))
        if isinstance(t, T.Struct):
            attr = self._struct(t)
            if attr not in self._announced and any(f.embedded for f in t.fields):
                self._announced.add(attr)
                self._on_struct(t)
            return attr
        if isinstance(t, T.Signature):
            return self.signature(t)
        if isinstance(t, T.Interface):
            return self._interface(t)
        if isinstance(t, T.TypeParam):
            raise Unsupported(t.obj.pos, "type parameters")
        raise Unsupported(0, f"values of type {type_string(t)}")

    def _struct(self, t: T.Struct) -> Attribute:
        fields = [
            gt.FieldAttr(f.name, self(f.type), int(f.embedded), t.tag(i), _package_of(f))
            for i, f in enumerate(t.fields)
        ]
        return self.intern(gt.StructType(fields))

    def _interface(self, t: T.Interface) -> Attribute:
        if not t.is_method_set():
            raise Unsupported(t.pos, "type constraints as types of values")
        methods: list[gt.MethodSigAttr] = []
        for m in t.all_methods():
            methods.append(gt.MethodSigAttr(m.name, _package_of(m), self.signature(m.signature)))
        methods.sort(key=lambda m: (m.method_name.data, m.pkg.data))
        return self.intern(gt.InterfaceType(ArrayAttr(methods)))

    def _named(self, t: T.Named) -> Attribute:
        symbol = self.symbol(t)
        attr = gt.NamedType(symbol)
        known = self._interned.get(attr)
        if known is not None:
            return known  # an instance that the checker has made twice
        attr = self.intern(attr)
        # Types may be recursive: the name is known before what it stands for.
        self._memo[t] = attr
        pkg, u = t.obj.pkg, t.underlying
        arguments = f"[{','.join(self.link_name(a) for a in t.type_args)}]" if t.type_args else ""
        op = go.TypeOp.create(
            properties={
                "sym_name": StringAttr(symbol),
                "underlying": self._struct(u) if isinstance(u, T.Struct) else self(u),
                "display": StringAttr(f"{pkg.name}.{t.obj.name}{arguments}" if pkg is not None else t.obj.name),
                "pkg": StringAttr(pkg.path if pkg is not None else ""),
            }
        )
        self._on_named(t, symbol, op)
        return attr

    def _count_words(self, t: T.Type) -> int:
        u = t.underlying
        if isinstance(u, T.Basic):
            return _BASIC_WORDS.get(u.kind, 1)
        if isinstance(u, T.Struct):
            return sum(self.words(f.type) for f in u.fields)
        if isinstance(u, T.Slice):
            return 3
        if isinstance(u, T.Interface):
            return 2
        if isinstance(u, T.Array):
            return MAX_SSA_WORDS + 1
        return 1


def _package_of(obj: Object) -> str:
    """The package path that tells an unexported field or method name from others like it."""
    return "" if obj.exported() or obj.pkg is None else obj.pkg.path


def is_interface(t: T.Type) -> bool:
    """Whether values of the type are interface values."""
    return isinstance(t.underlying, T.Interface)


def is_pointer_shaped(t: T.Type) -> bool:
    """Whether an interface holds the value itself and not a pointer to it."""
    u = t.underlying
    while True:
        # Fields of size 0 may come before the one field that counts; after it one would take up space.
        if isinstance(u, T.Struct) and u.fields and all(_is_empty(f.type) for f in u.fields[:-1]):
            u = u.fields[-1].type.underlying
        elif isinstance(u, T.Array) and u.length == 1:
            u = u.elem.underlying
        else:
            break
    if isinstance(u, T.Basic):
        return u.kind == T.UNSAFE_POINTER
    return isinstance(u, (T.Pointer, T.Map, T.Chan, T.Signature))


def _is_empty(t: T.Type) -> bool:
    """Whether values of the type have size 0."""
    u = t.underlying
    if isinstance(u, T.Array):
        return u.length == 0 or _is_empty(u.elem)
    return isinstance(u, T.Struct) and all(_is_empty(f.type) for f in u.fields)
