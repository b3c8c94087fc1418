"""Finding and reading the packages of a program: from file names or a folder to checked packages in dependency order.

Import paths resolve to goir's own `runtime`, to `unsafe` (which the checker knows), to Go's standard library (goroot.py,
overlay.py), and to folders of the module whose `go.mod` lies above the main package. The network is never used.

The user's packages are read and checked at once; of a library package only the name is known until something in it is
looked at, then its files are parsed, and its declarations are checked one by one as they are needed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from goir.build.embed import find_embeds, resolve, values
from goir.build.errors import BuildError, SourceError, SourceErrors, shown_path
from goir.build.goroot import RUNTIME_FOLDER, Goroot, PackageFiles, find_goroot
from goir.build.init_order import has_initialisers, initialisation_order
from goir.build.modules import Modules, find_modules
from goir.build.overlay import merge
from goir.build.reading import (
    COMMAND_LINE,
    Reader,
    Source,
    main_files,
    require_files,
)
from goir.irgen.sources import CheckedPackage
from goir.syntax import ast
from goir.syntax.parser import has_syntax_errors, parse_file
from goir.syntax.positions import FileSet, SyntaxError_
from goir.types.check import CheckResult, Diagnostic, check_files
from goir.types.info import ImportError_
from goir.types.lazy import LazyPackage
from goir.types.objects import Package, Var


@dataclass
class LoadedPackage:
    """A package that was read and checked; `lazy` if it is checked on demand."""

    path: str
    files: list[ast.File]
    result: CheckResult
    lazy: LazyPackage | None = None
    embeds: dict[Var, Any] = field(default_factory=dict[Var, Any])
    """What files were embedded in, as static data."""

    @property
    def library(self) -> bool:
        """Whether it is a package of the standard library."""
        return self.lazy is not None

    def checked(self) -> CheckedPackage:
        """The package as irgen takes it."""
        return CheckedPackage(self.result.package, self.files, self.result.info, self.lazy, self.embeds)


class Loader:
    """Reads packages once each. `packages` holds the user's, in the order they are initialised; `inputs` and `lines` say
    what the user wrote. `fingerprint` tells this goir from others: with it, what is found out about library packages is
    kept. `tags` are those of the command line: they hold in the user's packages. `bodyless`: functions there may be
    declared without bodies."""

    def __init__(
        self,
        all_errors: bool = False,
        goroot: str | None = None,
        fingerprint: str = "",
        tags: Collection[str] = (),
        *,
        bodyless: bool = False,
    ) -> None:
        self.fset = FileSet()
        self.fset.shown_name = self._shown_name
        self.packages: dict[str, LoadedPackage] = {}
        self.inputs: list[str] = []
        self.all_errors = all_errors
        self.lines = 0
        self._goroot_name, self._fingerprint, self._tags = goroot, fingerprint, tags
        self._library: dict[str, LoadedPackage] = {}
        self._names: dict[str, Package] = {}
        self._imports: dict[str, list[str]] = {}
        self.bodyless = bodyless
        self.main_name = COMMAND_LINE
        """What go calls the package that the command line names."""

    def _shown_name(self, filename: str) -> str:
        """A file's name as go shows it in the text of messages."""
        root = f"{self.goroot.folder}/"
        return f"$GOROOT/{filename[len(root) :]}" if filename.startswith(root) else shown_path(filename)

    # Library packages --------------------------------------------------------------------------------------------------

    @cached_property
    def goroot(self) -> Goroot:
        """The source tree of the standard library."""
        return Goroot(find_goroot(self._goroot_name), self._fingerprint)

    def goroot_key(self) -> str:
        """A digest that changes when the library's packages do."""
        return self.goroot.key

    def imports(self, path: str) -> Sequence[str]:
        """The import paths of a package, sorted, `unsafe` included."""
        if path in self._imports:
            return self._imports[path]
        if path == "unsafe":
            return ()
        if not self.goroot.has(path):
            raise BuildError(f"goir: package {path} is not in {self.goroot.src}, but another package there needs it")
        return self._library_files(path).imports

    def _library_files(self, path: str) -> PackageFiles:
        """The files of a library package."""
        return self.goroot.package(path)

    def closure(self, roots: Sequence[str] | None = None) -> list[str]:
        """The library packages that roots (the user's packages) need, in the order in which they are initialised."""
        roots = [*(self.packages if roots is None else roots), "runtime"]
        needed = initialisation_order(roots, self.imports, self._idle)
        self.goroot.save()
        return [path for path in needed if path not in self.packages]

    def _idle(self, path: str) -> bool:
        """Whether gc has nothing to do when it initialises a package."""
        own = self.packages.get(path)
        if own is None:
            return self.goroot.idle(path)
        return all(map(self._idle, self._imports[path])) and not has_initialisers(own.files)

    def library(self, path: str) -> CheckedPackage | None:
        """A library package, checked on demand, goir's runtime too; None for paths of others."""
        if path == "unsafe" or path in self.packages or not self.goroot.has(path):
            return None
        package = self._named(path)
        if not package.loaded:
            _ = package.scope
        return self._library[path].checked()

    def _named(self, path: str) -> Package:
        """A library package, of which only the name is known until something in it is looked at."""
        package = self._names.get(path)
        if package is None:
            files = self.goroot.package(path)
            package = Package.deferred(path, files.name, lambda: self._read_library(path))
            self._names[path] = package
        return package

    def _import_from_library(self, path: str) -> Package:
        path = self.goroot.resolve(path)
        if not self.goroot.has(path):
            raise ImportError_(f"package {path} is not in std ({self.goroot.src / path})")
        return self._named(path)

    def _read_library(self, path: str) -> None:
        found = self._library_files(path)
        problems: list[SyntaxError_] = []
        own = [self._parse_library(name, problems) for name in found.files]
        overlay = [self._parse_library(name, problems) for name in found.overlay]
        embeds = [embed for file in own for embed in find_embeds(file, problems)]
        self._raise(path, [Diagnostic(e.pos, e.message) for e in problems])
        files = merge(own, overlay)
        lazy = LazyPackage(path, files, self.fset, self._import_from_library, self._names[path])
        result = CheckResult(lazy.package, lazy.info, lazy.errors)
        loaded = self._library[path] = LoadedPackage(path, files, result, lazy)
        if embeds:
            folder = Path(found.files[0]).parent
            resolve(folder, embeds)
            for embed in embeds:
                if (var := lazy.package.scope.lookup(embed.spec.names[0].name)) is not None:
                    lazy.resolve(var)
            loaded.embeds.update(values(folder, embeds, result))

    def _parse_library(self, filename: str, problems: list[SyntaxError_]) -> ast.File:
        with open(filename, "rb") as file:
            tree, errors = parse_file(self.fset, filename, file.read(), defer_bodies=True)
        problems += errors
        return tree

    # The user's packages -----------------------------------------------------------------------------------------------

    def load_main(self, inputs: Sequence[str]) -> LoadedPackage:
        """Load the program that the command line names: Go files of one package, or one folder."""
        folder = Path(inputs[0])
        if len(inputs) == 1 and folder.is_dir():
            modules = find_modules(folder.absolute(), self.goroot.version)
            if modules:
                self.main_name = "/".join([modules.main.path, *folder.absolute().relative_to(modules.root).parts])
            filenames = main_files(folder, self.main_name, self._tags)
        else:
            require_files(inputs)
            filenames = list(inputs)
            folder = folder.parent
            modules = find_modules(folder.absolute(), self.goroot.version)
        self._read(Source("main", self.main_name, folder.absolute()), filenames, modules)
        return self._main_loaded()

    def _main_loaded(self) -> LoadedPackage:
        """The main package, when everything is read; the user's packages are then in the order they are initialised."""
        self.inputs.append(str(self.goroot.folder / "VERSION"))
        if len(self.packages) > 1:
            order = initialisation_order(["main"], self.imports, self._idle)
            self.packages = {path: self.packages[path] for path in order if path in self.packages}
        return self.packages["main"]

    def load(self, path: str, filenames: Sequence[str]) -> LoadedPackage:
        """Read and check one package of goir's own that imports nothing but `unsafe`."""
        self._read(Source(path, path, Path(filenames[0]).parent), filenames, None)
        return self.packages[path]

    def _read(self, main: Source, filenames: Sequence[str], modules: Modules | None) -> None:
        """Reads a package and what it imports, then checks all of that."""
        reader = Reader(self.fset, lambda: self.goroot, modules, self._tags)
        if modules is not None:
            main.module = modules.main
        reader.read(main, filenames)
        self._check(reader, modules)

    def _check(self, reader: Reader, modules: Modules | None) -> None:
        """Checks what was read."""
        if modules is not None:
            self.inputs += modules.inputs
        if reader.errors:
            raise BuildError("\n".join(dict.fromkeys(reader.errors)))
        self.inputs += reader.inputs
        self.lines += reader.lines
        for source in reader.sources.values():
            diagnostics = [Diagnostic(e.pos, e.message) for e in source.problems]
            if has_syntax_errors(
                source.problems
            ):  # else they are wrong literals and labels: like gc, go on to the types
                self._raise(self._title(source), diagnostics)
            self._imports[source.path] = source.imports
            result = check_files(
                source.path,
                source.files,
                self.fset,
                self._import_from_user,
                bodyless=self.bodyless or self._is_trusted(source),
                late=not diagnostics and not self._is_trusted(source),
                go_version=source.language,
            )
            self._raise(self._title(source), [*diagnostics, *result.errors])
            embedded = values(source.folder, source.embeds, result)
            self._raise(self._title(source), result.errors)
            self.packages[source.path] = LoadedPackage(source.path, source.files, result, embeds=embedded)

    def _is_trusted(self, source: Source) -> bool:
        """Whether a package is not the user's, and may what only Go's own packages may."""
        return source.folder == RUNTIME_FOLDER

    def _title(self, source: Source) -> str:
        """What errors of a package are reported under."""
        return source.shown

    def _import_from_user(self, path: str) -> Package:
        loaded = self.packages.get(path)
        return loaded.result.package if loaded is not None else self._named(path)

    def _error(self, diagnostic: Diagnostic) -> SourceError:
        place = self.fset.position(diagnostic.pos)
        return SourceError(place.filename, place.line, place.column, diagnostic.message)

    def report(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Raises for what a later step found wrong with the program."""
        self._raise(self.main_name, diagnostics)

    def _raise(self, shown: str, diagnostics: Sequence[Diagnostic]) -> None:
        if diagnostics:
            raise SourceErrors(shown, [self._error(d) for d in diagnostics], self.all_errors)
