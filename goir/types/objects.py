"""The entities a Go identifier can denote, after the model of ``go/types``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from goir.types.types import Basic, Interface, Named, Pointer, Signature, Tuple, Type, TypeParam
from goir.types.versions import UNRESTRICTED

if TYPE_CHECKING:
    from goir.types.constants import Value
    from goir.types.lazy import LazyPackage
    from goir.types.scope import Scope


def is_exported(name: str) -> bool:
    """Whether the name begins with an upper-case letter."""
    c = name[:1]
    return c.isupper() if c > "\x7f" else "A" <= c <= "Z"


class Package:
    """A package: its exported and unexported package-level objects are in ``scope``.

    ``resolver`` checks the objects of a package whose declarations are checked on demand; None for other packages."""

    __slots__ = ("_load", "complete", "fake", "imports", "name", "path", "resolver", "scope", "versions")

    def __init__(self, path: str, name: str, scope: Scope, imports: list[Package] | None = None) -> None:
        self.path = path
        self.name = name
        self.scope = scope
        self.imports: list[Package] = imports if imports is not None else []
        self.complete = False
        self.fake = False
        self.versions = UNRESTRICTED
        self.resolver: LazyPackage | None = None
        self._load: Callable[[], object] | None = None

    @classmethod
    def deferred(cls, path: str, name: str, load: Callable[[], object]) -> Package:
        """A package of which only the name is known.

        When its scope or resolver is looked at first, ``load`` is called, which makes a LazyPackage of it."""
        pkg = cls(path, name, None)  # pyright: ignore[reportArgumentType]
        # A slot that is not set is looked for in __getattr__: that costs nothing once it is set.
        del pkg.scope, pkg.resolver
        pkg._load = load
        return pkg

    def __getattr__(self, name: str) -> Any:
        if name not in ("scope", "resolver") or self._load is None:
            raise AttributeError(f"{self!r} has no {name}")
        load, self._load = self._load, None
        try:
            load()
        except BaseException:
            self._load = load
            raise
        return getattr(self, name)

    @property
    def loaded(self) -> bool:
        """Whether the package is more than a name."""
        return self._load is None

    def shares_loop_variables(self, pos: int) -> bool:
        """Whether the iterations of a loop at a position share its variables, as they did before Go 1.22."""
        return self.versions.at(pos) < 22

    def __repr__(self) -> str:
        return f"<Package {self.name} ({self.path!r})>"


class Object:
    """Base class: a named entity with a type, the package and scope it was declared in, and its position.

    In packages that are checked on demand, the type (and the value of a constant) is found when it is first asked for."""

    __slots__ = ("_order", "name", "parent", "pkg", "pos", "type")

    def __init__(self, pos: int, pkg: Package | None, name: str, type: Type | None) -> None:
        self.name = name
        self.type: Any = type  # a Type; None until the object is declared
        self.pkg = pkg
        self.pos = pos
        self.parent: Scope | None = None
        self._order = 0

    def __getattr__(self, name: str) -> Any:
        # Reached only while the slot is not set.
        if name in ("type", "value") and self.pkg is not None and self.pkg.resolver is not None:
            self.pkg.resolver.resolve(self)
            return object.__getattribute__(self, name)
        raise AttributeError(f"{self!r} has no {name}")

    def exported(self) -> bool:
        """Whether other packages may name it."""
        return is_exported(self.name)

    def id(self) -> str:
        """The name; for unexported names qualified by the package path, so that equal ids are equal names."""
        return object_id(self.pkg, self.name)

    def same_id(self, pkg: Package | None, name: str, fold_case: bool = False) -> bool:
        """Whether (pkg, name) denotes this field or method."""
        if fold_case and self.name.casefold() == name.casefold():
            return True
        if self.name != name:
            return False
        if self.exported():
            return True
        return same_package(self.pkg, pkg)

    def __repr__(self) -> str:
        return f"<{self.__class__.__name__} {self.name}>"


def same_package(a: Package | None, b: Package | None) -> bool:
    """Whether both are the same package (or both none)."""
    if a is b:
        return True
    if a is None or b is None:
        return False
    return a.path == b.path


def object_id(pkg: Package | None, name: str) -> str:
    """See :meth:`Object.id`."""
    if is_exported(name):
        return name
    path = "_"
    if pkg is not None and pkg.path:
        path = pkg.path
    return path + "." + name


class PkgName(Object):
    """An imported package, as named in one file."""

    __slots__ = ("imported", "used")

    def __init__(self, pos: int, pkg: Package | None, name: str, imported: Package) -> None:
        from goir.types.universe import TYP_INVALID

        super().__init__(pos, pkg, name, TYP_INVALID)
        self.imported = imported
        self.used = False


class Const(Object):
    """A declared constant; ``value`` is None where it is not known (after an error)."""

    __slots__ = ("value",)

    def __init__(self, pos: int, pkg: Package | None, name: str, type: Type | None, value: Value | None) -> None:
        super().__init__(pos, pkg, name, type)
        self.value = value


class TypeName(Object):
    """A declared type's name, an alias's, or a type parameter's."""

    __slots__ = ("alias_type_params", "declared_alias")

    def __init__(self, pos: int, pkg: Package | None, name: str, type: Type | None) -> None:
        super().__init__(pos, pkg, name, type)
        self.declared_alias = False
        self.alias_type_params: list[TypeParam] = []

    @property
    def is_alias(self) -> bool:
        """Whether the name is an alias of a type that has (or needs) no name or another one."""
        t: Any = self.type
        if t is None:
            return self.declared_alias
        if isinstance(t, Basic):
            # byte and rune are aliases; Basic types' own names are not.
            if self.pkg is not None:
                return True
            return t.name != self.name or t.name in ("byte", "rune")
        if isinstance(t, Named):
            return t.obj is not self
        if isinstance(t, TypeParam):
            return t.obj is not self
        return True


class Var(Object):
    """A variable, parameter, result or struct field."""

    __slots__ = ("embedded", "is_field", "is_param", "kind", "origin", "used")

    def __init__(
        self,
        pos: int,
        pkg: Package | None,
        name: str,
        type: Type | None,
        *,
        is_field: bool = False,
        embedded: bool = False,
        is_param: bool = False,
    ) -> None:
        super().__init__(pos, pkg, name, type)
        self.is_field = is_field
        self.embedded = embedded
        self.is_param = is_param
        self.kind = ""  # "receiver" or "result variable" for those parameters
        self.used = is_field or is_param
        self.origin: Var = self


class Func(Object):
    """A function or (abstract or concrete) method; ``type`` is a Signature."""

    __slots__ = ("has_ptr_recv", "origin")

    def __init__(self, pos: int, pkg: Package | None, name: str, type: Signature | None) -> None:
        super().__init__(pos, pkg, name, type)
        self.has_ptr_recv = False
        self.origin: Func = self

    @property
    def signature(self) -> Signature:
        """The function's type."""
        t = self.type
        assert isinstance(t, Signature)
        return t

    def full_name(self) -> str:
        """``pkg.f``, ``(pkg.T).m`` or ``(*pkg.T).m``, with package paths."""
        from goir.types.typestring import type_string

        sig = self.type
        path = self.pkg.path + "." if self.pkg is not None else ""
        if isinstance(sig, Signature) and sig.recv is not None:
            t = sig.recv.type
            if isinstance(t, Interface):
                return f"(interface).{self.name}"
            return f"({type_string(t)}).{self.name}"
        return path + self.name

    def receiver_named(self) -> tuple[Named | None, bool]:
        """The receiver's declared type, and whether the receiver is a pointer to it."""
        sig = self.type
        if isinstance(sig, Signature) and sig.recv is not None:
            t = sig.recv.type
            if isinstance(t, Pointer):
                return (t.elem if isinstance(t.elem, Named) else None), True
            return (t if isinstance(t, Named) else None), False
        return None, False


class Label(Object):
    """A label of a statement."""

    __slots__ = ("used",)

    def __init__(self, pos: int, pkg: Package | None, name: str) -> None:
        from goir.types.universe import TYP_INVALID

        super().__init__(pos, pkg, name, TYP_INVALID)
        self.used = False


class Builtin(Object):
    """A predeclared function (or one of package unsafe)."""

    __slots__ = ()

    def __init__(self, name: str) -> None:
        from goir.types.universe import TYP_INVALID

        super().__init__(0, None, name, TYP_INVALID)


class Nil(Object):
    """The predeclared nil."""

    __slots__ = ()

    def __init__(self) -> None:
        from goir.types.universe import TYP_UNTYPED_NIL

        super().__init__(0, None, "nil", TYP_UNTYPED_NIL)


def new_signature(params: list[Type], results: list[Type], variadic: bool = False) -> Signature:
    """A signature with anonymous parameters of the given types."""
    return Signature(
        None,
        Tuple([Var(0, None, "", t, is_param=True) for t in params]),
        Tuple([Var(0, None, "", t, is_param=True) for t in results]),
        variadic,
    )
