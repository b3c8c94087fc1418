"""Finding and reading the packages of a program: from file names or a folder to checked packages in dependency order.

Import paths resolve to goir's own `runtime`, to `unsafe` (which the checker knows), and to folders of the module whose
`go.mod` lies above the main package. The network is never used.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from goir.build.errors import BuildError, SourceError, SourceErrors
from goir.irgen.module import CheckedPackage
from goir.syntax import ast
from goir.syntax.parser import has_syntax_errors, parse_file
from goir.syntax.positions import FileSet, SyntaxError_
from goir.types.check import CheckResult, Diagnostic, check_files
from goir.types.objects import Package

_INSTALLED = Path(__file__).resolve().parent.parent / "runtime"
# in a checkout the folders lie beside each other
RUNTIME_FOLDER = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).resolve().parent.parent.parent / "runtime"

_TAGS = frozenset({"linux", "amd64", "unix", "goir", *(f"go1.{n}" for n in range(1, 28))})
_SYSTEMS = frozenset(
    "aix android darwin dragonfly freebsd illumos ios js linux netbsd openbsd plan9 solaris wasip1 windows".split()
)
_MACHINES = frozenset(
    "386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x wasm".split()
)
_WORD = re.compile(r"\w[\w.]*")
COMMAND_LINE = "command-line-arguments"


@dataclass
class LoadedPackage:
    """A package that was read and checked."""

    path: str
    files: list[ast.File]
    result: CheckResult
    library: bool = False

    def checked(self) -> CheckedPackage:
        """The package as irgen takes it."""
        return CheckedPackage(self.result.package, self.files, self.result.info)


def file_matches(name: str) -> bool:
    """Whether a file's name (its `_GOOS_GOARCH` suffix, `_test`) makes it part of a build for linux/amd64."""
    if name.startswith((".", "_")) or not name.endswith(".go") or name.endswith("_test.go"):
        return False
    words = name[:-3].split("_")[1:]
    if words and words[-1] in _MACHINES:
        if words[-1] != "amd64":
            return False
        words.pop()
    return not (words and words[-1] in _SYSTEMS and words[-1] != "linux")


def constraint_holds(source: bytes) -> bool:
    """Whether a file's `//go:build` line, if it has one before its package clause, holds for linux/amd64."""
    for line in source.splitlines():
        text = line.strip()
        if text.startswith(b"//go:build "):
            words = text[len(b"//go:build ") :].decode("utf-8", "replace").split("//")[0]
            expression = _WORD.sub(lambda m: str(m[0] in _TAGS), words)
            expression = expression.replace("&&", " and ").replace("||", " or ").replace("!", " not ")
            if re.fullmatch(r"(True|False|and|or|not|[()\s])*", expression):
                try:
                    return bool(eval(expression, {"__builtins__": {}}))
                except SyntaxError:
                    return True  # malformed constraints are ignored, as gc does for plain comments
        elif text and not text.startswith(b"//"):
            break
    return True


def folder_files(folder: Path) -> list[str]:
    """The names of a folder's Go files that belong to a build for linux/amd64."""
    names = [n for n in sorted(os.listdir(folder)) if file_matches(n)]
    return [str(folder / n) for n in names if constraint_holds((folder / n).read_bytes())]


class Loader:
    """Reads packages once each; `packages` holds them in dependency order, `inputs` and `lines` say what the user wrote."""

    def __init__(self, all_errors: bool = False) -> None:
        self.fset = FileSet()
        self.packages: dict[str, LoadedPackage] = {}
        self.inputs: list[str] = []
        self.all_errors = all_errors
        self.lines = 0
        self._loading: list[str] = []
        self._module: tuple[str, Path] | None = None

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
        return self.load("main", filenames, name)

    def load(self, path: str, filenames: Sequence[str], shown: str, bodies: bool = True) -> LoadedPackage:
        """Parse and check one package, importing what it imports first."""
        problems: list[SyntaxError_] = []
        files = [self._parse(name, problems) for name in filenames]
        diagnostics = [Diagnostic(e.pos, e.message) for e in problems]
        if has_syntax_errors(problems):  # else they are wrong literals and labels: like gc, go on to the types
            self._raise(shown, diagnostics)
        names = {f.name.name for f in files}
        if len(names) > 1:
            pairs = zip(reversed(files), reversed(filenames), strict=True)
            first = {f.name.name: os.path.basename(n) for f, n in pairs}
            found = " and ".join(f"{name} ({first[name]})" for name in sorted(names, key=lambda n: first[n]))
            raise BuildError(f"found packages {found} in {Path(filenames[0]).parent.absolute()}")
        self._import_all(path, files)
        result = check_files(path, files, self.fset, self._importer(), ignore_func_bodies=not bodies)
        self._raise(shown, [*diagnostics, *result.errors])
        package = LoadedPackage(path, files, result)
        self.packages[path] = package
        return package

    def load_import(self, path: str) -> LoadedPackage:
        """The package of an import path; BuildError says why there is none."""
        if path in self.packages:
            return self.packages[path]
        if path in self._loading:
            cycle = " imports ".join([*self._loading[self._loading.index(path) :], path])
            raise BuildError(f"import cycle not allowed: {cycle}")
        if path == "runtime":
            return self.load(path, folder_files(RUNTIME_FOLDER), path, bodies=False)
        folder = self._module_folder(path)
        filenames = folder_files(folder) if folder and folder.is_dir() else []
        if not filenames:
            raise BuildError(missing_package(path))
        self.inputs.append(str(folder))
        self._loading.append(path)
        try:
            return self.load(path, filenames, path)
        finally:
            self._loading.pop()

    def library(self, path: str) -> CheckedPackage | None:
        """The library package of an import path."""
        return self.load_import(path).checked() if path == "runtime" else None

    def closure(self) -> list[str]:
        """The library packages of the import closure, in the order of initialisation."""
        return []

    def goroot_key(self) -> str:
        """What tells one library from another."""
        return ""

    def _import_all(self, importer: str, files: Sequence[ast.File]) -> None:
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
        return lambda path: self.load_import(path).result.package

    def _module_folder(self, path: str) -> Path | None:
        if self._module is None:
            return None
        name, root = self._module
        if path == name:
            return root
        return root / path[len(name) + 1 :] if path.startswith(name + "/") else None

    def _parse(self, filename: str, problems: list[SyntaxError_]) -> ast.File:
        try:
            source = Path(filename).read_bytes()
        except OSError as problem:
            raise BuildError(f"{filename}: {(problem.strerror or str(problem)).lower()}") from None
        if Path(filename).parent != RUNTIME_FOLDER:  # goir's own files are part of its fingerprint
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


def missing_package(path: str) -> str:
    """Why an import path leads nowhere."""
    if path == "C":
        return "cgo is not supported"
    if "." in path.split("/")[0]:
        return f"no required module provides package {path}: goir does not support modules of others yet"
    return f"package {path} is not supported yet: of the standard library goir has runtime and unsafe so far"
