"""Where the functions of all packages of a build are declared, and what every module calls them.

A build has two modules of the go dialect: the user's packages, and what they need of library packages. Both share one
`Sources`: it finds the declaration of a function, its directives and its symbol, and remembers which object each
symbol that was given out stands for, so that the library module can make what the other module refers to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from goir.irgen.constructors import may_construct
from goir.irgen.purity import Purity
from goir.syntax import ast
from goir.types import types as T
from goir.types.info import Info
from goir.types.objects import Func, Package, Var

if TYPE_CHECKING:
    from goir.irgen.staticinit import StaticInit
    from goir.types.lazy import LazyPackage


COLOURED = frozenset(("sync", "internal/sync", "iter"))
"""Library packages of which a program has copies of its own: their functions are coloured as the program's are."""

SUSPENDING = COLOURED.union(
    ("internal/poll", "os", "io", "bufio", "net", "net/textproto", "net/http", "net/http/internal", "crypto/tls")
)
"""Library packages whose own functions become coroutines where they may suspend: what lies between a program and the
readiness of files and connections, and the locks that it takes. All other library functions block their thread when they
wait."""

MAPS = "internal/runtime/maps"
"""Defines functions that gc keeps in package runtime; ours imports nothing."""


class CheckedPackage(NamedTuple):
    """A package as it comes from the checker; `lazy` checks bodies on demand where they were not checked at once, `embeds`
    is the static data of variables that files were embedded in."""

    package: Package
    files: list[ast.File]
    info: Info
    lazy: LazyPackage | None = None
    embeds: Mapping[Var, Any] = MappingProxyType({})


class Declaration(NamedTuple):
    """A function declaration: directives are "extern", "intrinsic", "nosuspend", "noinline" … → argument or ""."""

    decl: ast.FuncDecl
    info: Info
    directives: dict[str, str]


class Method(NamedTuple):
    """A method of a method set that Go code does not write: how it is found in the receiver's type."""

    recv: T.Type
    func: Func
    path: list[int]


class Instance(NamedTuple):
    """An instance of a generic function, or (`func` is that of the instantiated type) a method of one of a generic type."""

    func: Func
    arguments: list[T.Type]
    """Its own type arguments."""


class Sources:
    """The declarations of the packages of a build.

    `find` answers the package of an import path that is not among `packages`."""

    def __init__(
        self, packages: Sequence[CheckedPackage], find: Callable[[str], CheckedPackage | None] | None = None
    ) -> None:
        self.packages: dict[Package, CheckedPackage] = {}
        self._find = find or _find_none
        self._functions: dict[Func, Declaration] = {}
        self._linknames: dict[tuple[str, str], str] = {}
        self._pushed: dict[str, Func] = {}
        self._recovers: dict[ast.FuncDecl, bool] = {}
        self._constructors: dict[ast.FuncDecl, bool] = {}
        self.static: dict[ast.Expr, StaticInit | None] = {}
        """Initialisers of package variables that were looked at: their value, if it is data."""
        self.without_effect: dict[Package, list[bool]] = {}
        """Of the first initialisers of a package, in order: whether they only set their own variables."""
        self.purity = Purity(self)
        self.made: dict[str, Func | Var | Method | Instance] = {}
        """What the symbols that were given out stand for."""
        for checked in packages:
            self._enter(checked)

    def package(self, pkg: Package) -> CheckedPackage | None:
        """The package as it was checked; None for one that only its importers know."""
        checked = self.packages.get(pkg)
        if checked is None:
            checked = self._find(pkg.path)
            if checked is not None:
                self._enter(checked)
        return checked

    def package_at(self, path: str) -> CheckedPackage | None:
        """The library package of an import path."""
        checked = self._find(path)
        if checked is not None and checked.package not in self.packages:
            self._enter(checked)
        return checked

    def declaration(self, func: Func) -> Declaration | None:
        """Where a function or method is declared."""
        found = self._functions.get(func)
        if found is None and func.pkg is not None and func.pkg not in self.packages:
            self.package(func.pkg)
            found = self._functions.get(func)
        return found

    def check_body(self, func: Func) -> None:
        """Has the body of a function checked."""
        package = self.package(func.pkg) if func.pkg is not None else None
        if package is not None and package.lazy is not None:
            package.lazy.body(func.origin)

    def linkname(self, pkg: Package, name: str) -> str | None:
        """The symbol that a `//go:linkname` directive gives to a function or variable."""
        if pkg not in self.packages:
            self.package(pkg)
        return self._linknames.get((pkg.path, name))

    def pushed(self, symbol: str) -> Func | None:
        """The function of a library package that is defined under a symbol of another package."""
        if symbol.startswith("runtime.map"):
            self.package_at(MAPS)
        return self._pushed.get(symbol)

    def pushed_by_import(self, symbol: str, pkg: Package) -> Func | None:
        """The same of a function that a package declares without a body, and one that it imports defines: that may not
        have been read, for lack of other uses."""
        for each in pkg.imports:
            self.package(each)
        return self.pushed(symbol)

    def recovers(self, func: Func) -> bool:
        """Whether a function's own body may call recover; what cannot be looked into does not."""
        found = self.declaration(func.origin)
        if found is None or found.decl.body is None:
            return False
        known = self._recovers.get(found.decl)
        if known is None:
            known = self._recovers[found.decl] = any(
                isinstance(node, ast.Ident) and node.name == "recover" for node in ast.walk(found.decl.body)
            )
        return known

    def may_construct(self, func: Func) -> bool:
        """Whether modules that call a function of another one should have its body, to inline it."""
        found = self.declaration(func.origin)
        if found is None or func.pkg is None or func.pkg.path == "runtime":
            return False
        known = self._constructors.get(found.decl)
        if known is None:
            self._constructors[found.decl] = False  # should it call itself
            pkg = func.pkg
            known = may_construct(found.decl, found.directives, lambda name: self._names_constructor(name, pkg))
            self._constructors[found.decl] = known
        return known

    def _names_constructor(self, name: ast.Expr, pkg: Package) -> bool:
        """Whether `f` or `p.f` in a package names such a function. No more is read for an answer than its package."""
        if isinstance(name, ast.SelectorExpr):
            at = next(
                (each for each in pkg.imports if isinstance(name.x, ast.Ident) and each.name == name.x.name), None
            )
            func = at.scope.lookup(name.sel.name) if at is not None else None
        else:
            func = pkg.scope.lookup(name.name) if isinstance(name, ast.Ident) else None
        return isinstance(func, Func) and self.may_construct(func)

    def functions(self, checked: CheckedPackage) -> Iterator[tuple[Func, Declaration]]:
        """The functions and methods of a package in order of appearance."""
        if checked.package not in self.packages:
            self._enter(checked)
        for file in checked.files:
            for decl in file.decls:
                if isinstance(decl, ast.FuncDecl):
                    func = checked.info.defs.get(decl.name)
                    if isinstance(func, Func):
                        yield func, self._functions[func]

    def _enter(self, checked: CheckedPackage) -> None:
        self.packages[checked.package] = checked
        path = checked.package.path
        for file in checked.files:
            for directive in file.directives:
                words = directive.text.split()
                if words[0] in ("//go:linkname", "//go:linknamestd") and len(words) == 3:
                    self._linknames[path, words[1]] = words[2]
            for decl in file.decls:
                if isinstance(decl, ast.FuncDecl):
                    func = checked.info.defs.get(decl.name)
                    if isinstance(func, Func):
                        self._functions[func] = Declaration(decl, checked.info, _directives(decl))
                        symbol = self._linknames.get((path, func.name))
                        if symbol and path != "runtime" and decl.body is not None and decl.recv is None:
                            self._pushed[symbol] = func


def _find_none(_: str) -> CheckedPackage | None:
    return None


def _directives(decl: ast.FuncDecl) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in decl.directives:
        words = text.split()
        key = words[0].removeprefix("//goir:").removeprefix("//go:")
        found[key] = words[1] if len(words) > 1 else ""
    return found
