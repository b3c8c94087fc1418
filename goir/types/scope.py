"""Lexical scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goir.types.objects import Object


class Scope:
    """A set of declared names and the scope around it. `outer` is where names that it lacks are looked up: the scope
    around it, or one farther out if those between declare nothing."""

    __slots__ = ("comment", "elems", "is_func", "outer", "parent")

    def __init__(self, parent: Scope | None, comment: str = "", is_func: bool = False) -> None:
        self.parent = self.outer = parent
        self.elems: dict[str, Object] = {}
        self.comment = comment
        self.is_func = is_func

    def lookup(self, name: str) -> Object | None:
        """The object of that name declared in this very scope."""
        return self.elems.get(name)

    def lookup_parent(self, name: str) -> tuple[Scope | None, Object | None]:
        """The innermost declaration of the name, seen from this scope, and the scope that holds it."""
        s: Scope | None = self
        while s is not None:
            obj = s.elems.get(name)
            if obj is not None:
                return s, obj
            s = s.outer
        return None, None

    def insert(self, obj: Object) -> Object | None:
        """Declares obj; if its name is taken, changes nothing and answers the other object."""
        name = obj.name
        alt = self.elems.get(name)
        if alt is not None:
            return alt
        self.elems[name] = obj
        if obj.parent is None:
            obj.parent = self
        return None

    def names(self) -> list[str]:
        """All declared names, sorted."""
        return sorted(self.elems)


class FileScope(Scope):
    """The names that a file imports; ``version`` is that of the language in the file (see versions.py)."""

    __slots__ = ("version",)

    def __init__(self, parent: Scope, version: int) -> None:
        super().__init__(parent, "file")
        self.version = version
