"""Finding and reading the packages of a program: from file names or a folder to checked packages in dependency order.

Import paths resolve to goir's own `runtime`, to `unsafe` (which the checker knows), to Go's standard library (goroot.py,
overlay.py), and to folders of the module whose `go.mod` lies above the main package. The network is never used.

The user's packages are read and checked at once; of a library package only the name is known until something in it is
looked at, then its files are parsed, and its declarations are checked one by one as they are needed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from goir.build.constraints import ConstraintError, file_matches, read_head
from goir.build.errors import BuildError, SourceError, SourceErrors
from goir.build.goroot import RUNTIME_FOLDER, Goroot, find_goroot, initialisation_order
from goir.build.overlay import merge
from goir.irgen.sources import CheckedPackage
from goir.syntax import ast
from goir.syntax.parser import has_syntax_errors, parse_file
from goir.syntax.positions import FileSet, SyntaxError_
from goir.types.check import CheckResult, Diagnostic, check_files
from goir.types.info import ImportError_
from goir.types.lazy import LazyPackage
from goir.types.objects import Package

COMMAND_LINE = "command-line-arguments"


@dataclass
class LoadedPackage:
    """A package that was read and checked; `lazy` if it is checked on demand."""

    path: str
    files: list[ast.File]
    result: CheckResult
    lazy: LazyPackage | None = None

    @property
    def library(self) -> bool:
        """Whether it is a package of the standard library."""
        return self.lazy is not None

    def checked(self) -> CheckedPackage:
        """The package as irgen takes it."""
        return CheckedPackage(self.result.package, self.files, self.result.info, self.lazy)


def folder_files(folder: Path) -> list[str]:
    """The names of a folder's Go files that belong to a build for linux/amd64."""
    found: list[str] = []
    for name in sorted(n for n in os.listdir(folder) if file_matches(n)):
        try:
            if read_head((folder / name).read_bytes()).included:
                found.append(str(folder / name))
        except ConstraintError as problem:
            raise BuildError(f"{name}: {problem}") from None
    return found


class Loader:
    """Reads packages once each. `packages` holds the user's, in the order they are initialised; `inputs` and `lines` say
    what the user wrote. `fingerprint` tells this goir from others: with it, what is found out about library packages is
    kept."""

    def __init__(self, all_errors: bool = False, goroot: str | None = None, fingerprint: str = "") -> None:
        self.fset = FileSet()
        self.packages: dict[str, LoadedPackage] = {}
        self.inputs: list[str] = []
        self.all_errors = all_errors
        self.lines = 0
        self._goroot_name, self._fingerprint = goroot, fingerprint
        self._library: dict[str, LoadedPackage] = {}
        self._names: dict[str, Package] = {}
        self._imports: dict[str, list[str]] = {}
        self._loading: list[str] = []
        self._module: tuple[str, Path] | None = None

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
        return self.goroot.package(path).imports

    def closure(self, roots: Sequence[str] | None = None) -> list[str]:
        """The library packages that roots (the user's packages) need, in the order in which they are initialised."""
        needed = initialisation_order([*(roots if roots is not None else self.packages), "runtime"], self.imports)
        self.goroot.save()
        return [path for path in needed if path not in self.packages]

    def library(self, path: str) -> CheckedPackage | None:
        """A library package, checked on demand; None for paths of others, and for goir's runtime."""
        if path in ("runtime", "unsafe") or path in self.packages or not self.goroot.has(path):
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
        found = self.goroot.package(path)
        problems: list[SyntaxError_] = []
        own = [self._parse(name, problems) for name in found.files]
        overlay = [self._parse(name, problems) for name in found.overlay]
        self._raise(path, [Diagnostic(e.pos, e.message) for e in problems])
        files = merge(own, overlay)
        lazy = LazyPackage(path, files, self.fset, self._import_from_library, self._names[path])
        result = CheckResult(lazy.package, lazy.info, lazy.errors)
        self._library[path] = LoadedPackage(path, files, result, lazy)

    # The user's packages -----------------------------------------------------------------------------------------------

    def load_main(self, inputs: Sequence[str]) -> LoadedPackage:
        """Load the program that the command line names: Go files of one package, or one folder."""
        if len(inputs) == 1 and os.path.isdir(inputs[0]):
            folder = Path(inputs[0])
            filenames = folder_files(folder)
            if not filenames:
                raise BuildError(f"no Go files in {folder.absolute()}")
        else:
            filenames = list(inputs)
            folder = Path(filenames[0]).parent
        self._module = find_module(folder.absolute())
        self.inputs.append(str(folder.absolute()))
        name = COMMAND_LINE
        if len(inputs) == 1 and os.path.isdir(inputs[0]) and self._module:
            name = "/".join([self._module[0], *folder.absolute().relative_to(self._module[1]).parts])
        main = self.load("main", filenames, name)
        self.inputs.append(str(self.goroot.folder / "VERSION"))
        if len(self.packages) > 1:
            order = initialisation_order(["main"], self.imports)
            self.packages = {path: self.packages[path] for path in order if path in self.packages}
        return main

    def load(self, path: str, filenames: Sequence[str], shown: str) -> LoadedPackage:
        """Parse and check one package, importing what it imports first."""
        problems: list[SyntaxError_] = []
        files = [self._parse(name, problems, counted=True) for name in filenames]
        diagnostics = [Diagnostic(e.pos, e.message) for e in problems]
        if has_syntax_errors(problems):  # else they are wrong literals and labels: like gc, go on to the types
            self._raise(shown, diagnostics)
        names = {f.name.name for f in files}
        if len(names) > 1:
            pairs = zip(reversed(files), reversed(filenames), strict=True)
            first = {f.name.name: os.path.basename(n) for f, n in pairs}
            found = " and ".join(f"{name} ({first[name]})" for name in sorted(names, key=lambda n: first[n]))
            raise BuildError(f"found packages {found} in {Path(filenames[0]).parent.absolute()}")
        self._import_all(files)
        self._imports[path] = sorted({spec.path.value[1:-1] for file in files for spec in file.imports})
        result = check_files(path, files, self.fset, self._importer())
        self._raise(shown, [*diagnostics, *result.errors])
        package = LoadedPackage(path, files, result)
        self.packages[path] = package
        return package

    def load_import(self, path: str) -> Package:
        """The package of an import path in the user's packages; BuildError says why there is none."""
        if path in self.packages:
            return self.packages[path].result.package
        if path in self._loading:
            cycle = " imports ".join([*self._loading[self._loading.index(path) :], path])
            raise BuildError(f"import cycle not allowed: {cycle}")
        folder = self._module_folder(path)
        if (folder is None or "." not in path.split("/")[0]) and self.goroot.has(path):
            return self._named(path)
        filenames = folder_files(folder) if folder and folder.is_dir() else []
        if not filenames:
            raise BuildError(self._missing(path))
        self.inputs.append(str(folder))
        self._loading.append(path)
        try:
            return self.load(path, filenames, path).result.package
        finally:
            self._loading.pop()

    def _missing(self, path: str) -> str:
        if path == "C":
            return "cgo is not supported"
        if "." in path.split("/")[0]:
            return f"no required module provides package {path}: goir does not support modules of others yet"
        return f"package {path} is not in std ({self.goroot.src / path})"

    def _import_all(self, files: Sequence[ast.File]) -> None:
        errors: list[SourceError] = []
        for file in files:
            for spec in file.imports:
                path = spec.path.value[1:-1]
                if path == "unsafe":
                    continue
                try:
                    self.load_import(path)
                except SourceErrors:
                    raise
                except BuildError as problem:
                    errors.append(self._error(Diagnostic(spec.path.pos, str(problem))))
        if errors:
            raise BuildError("\n".join(map(str, errors)))

    def _importer(self) -> Callable[[str], Package]:
        return self.load_import

    def _module_folder(self, path: str) -> Path | None:
        if self._module is None:
            return None
        name, root = self._module
        if path == name:
            return root
        return root / path[len(name) + 1 :] if path.startswith(name + "/") else None

    def _parse(self, filename: str, problems: list[SyntaxError_], counted: bool = False) -> ast.File:
        try:
            source = Path(filename).read_bytes()
        except OSError as problem:
            raise BuildError(f"{filename}: {(problem.strerror or str(problem)).lower()}") from None
        if counted and Path(filename).parent != RUNTIME_FOLDER:  # goir's own files are part of its fingerprint
            self.inputs.append(os.path.abspath(filename))
            self.lines += source.count(b"\n")
        file, errors = parse_file(self.fset, filename, source)
        problems += errors
        return file

    def _error(self, diagnostic: Diagnostic) -> SourceError:
        place = self.fset.position(diagnostic.pos)
        return SourceError(place.filename, place.line, place.column, diagnostic.message)

    def report(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Raises for what a later step found wrong with the program."""
        self._raise(COMMAND_LINE, diagnostics)

    def _raise(self, shown: str, diagnostics: Sequence[Diagnostic]) -> None:
        if diagnostics:
            raise SourceErrors(shown, [self._error(d) for d in diagnostics], self.all_errors)


def find_module(folder: Path) -> tuple[str, Path] | None:
    """The module path and root folder of the `go.mod` at or above a folder."""
    for root in (folder, *folder.parents):
        try:
            text = (root / "go.mod").read_text()
        except OSError:
            continue
        named = re.search(r'(?m)^module\s+"?([^\s"]+)', text)
        return (named[1], root) if named else None
    return None
