"""Reading the user's packages: which files they have, what they import, and what is wrong with that, in go's words.

All packages are read before the first is checked, as go does: a missing package is reported before any wrong type.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from goir.build.constraints import ConstraintError, file_matches, read_head
from goir.build.errors import BuildError, shown_path
from goir.build.goroot import RUNTIME_FOLDER, Goroot
from goir.syntax import ast
from goir.syntax.directives import directive_errors
from goir.syntax.parser import has_syntax_errors, parse_file
from goir.syntax.positions import FileSet, SyntaxError_

COMMAND_LINE = "command-line-arguments"
_NOT_IN_PATHS = re.compile(r"""[\x00-\x20!"#$%&'()*,:;<=>?\[\\\]^{|}`\ufffd\x7f]""")


@dataclass
class Source:
    """A package that was read: `path` is the checker's name for it, `shown` go's."""

    path: str
    shown: str
    folder: Path
    files: list[ast.File] = field(default_factory=list[ast.File])
    problems: list[SyntaxError_] = field(default_factory=list[SyntaxError_])
    imports: list[str] = field(default_factory=list[str])
    """Sorted."""

    def importing(self, path: str) -> str:
        """The name of the first file that imports a package."""
        return next(os.path.basename(f.filename) for f in self.files if any(_path(s) == path for s in f.imports))


class Module(NamedTuple):
    """A module: its path and root folder, the version of the language, and the release of Go that it requires."""

    path: str
    root: Path
    language: str
    required: str


class Reader:
    """Reads the package that the command line names and those of its module that it needs: `sources`, by what go calls
    them, each after those that it imports."""

    def __init__(self, fset: FileSet, goroot: Callable[[], Goroot], module: Module | None) -> None:
        self.sources: dict[str, Source] = {}
        self.errors: list[str] = []
        self.inputs: list[str] = []
        self.lines = 0
        self._fset, self._goroot, self._module = fset, goroot, module
        self._stack: list[Source] = []
        self._wrong: set[str] = set()

    def read(self, source: Source, filenames: Sequence[str]) -> None:
        """Parses the files of a package and reads what it imports."""
        source.files = [self._parse(name, source.problems) for name in filenames]
        if not has_syntax_errors(source.problems):
            require_one_package(source.files, source.folder)
        places: dict[str, int] = {}
        for file in source.files:
            for spec in file.imports:
                if not spec.path.bad:
                    places.setdefault(_path(spec), spec.pos)
        source.imports = sorted(places)
        for path, pos in places.items():
            self._require_path(path, pos)
        self._stack.append(source)
        if source.folder != RUNTIME_FOLDER:
            self.inputs.append(str(source.folder))
        found = [self._import(source, path, self._place(places[path])) for path in source.imports]
        self.errors += [error for error in found if error][:1]  # go reports one of these a package
        self._stack.pop()
        self.sources[source.shown] = source

    def _import(self, by: Source, path: str, place: str) -> str | None:
        """Reads an imported package; what is wrong with it is put down. Answers what is wrong with importing it."""
        if path == "unsafe" or path in self._wrong:
            return None
        if any(path == reading.shown for reading in self._stack):
            imported = [*(reading.shown for reading in self._stack[1:]), path]
            lines = [f"imports {p} from {r.importing(p)}" for r, p in zip(self._stack, imported, strict=True)]
            text = "\n\t".join([f"package {self._stack[0].shown}", *lines])
            self._report(path, f"{text}: import cycle not allowed")
            return None
        if "vendor" in path.split("/")[:-1]:
            return f"{place}: use of vendored package not allowed"
        if "." not in path.split("/")[0] and self._goroot().exists(path):
            return self._import_library(path, place)
        folder = self._module_folder(path)
        if folder is None or not any(name.endswith(".go") for name in _listed(folder)):
            self._report(path, f"{place}: {self._missing(path, folder)}")
            return None
        if path not in self.sources and not self._read_imported(path, folder, place):
            return None
        if "internal" in path.split("/") and not by.folder.is_relative_to(_parent_of_internal(path, folder)):
            return self._traced(f"{place}: use of internal package {path} not allowed")
        return _require_importable(path, self.sources[path].files[0].name.name, place)

    def _import_library(self, path: str, place: str) -> str | None:
        if "internal" in path.split("/"):
            return self._traced(f"{place}: use of internal package {path} not allowed")
        if not self._goroot().has(path):
            self._excluded(path, self._goroot().src / path)
            return None
        return _require_importable(path, self._goroot().package(path).name, place)

    def _read_imported(self, path: str, folder: Path, place: str) -> bool:
        try:
            filenames = folder_files(folder)
            if not filenames and any(not name.endswith("_test.go") for name in _listed(folder)):
                self._excluded(path, folder)
            elif not filenames:
                self._report(path, f"{place}: no non-test Go files in {folder}")
            else:
                self.read(Source(path, path, folder), filenames)
        except ConstraintError as problem:
            self._report(path, f"{place}: {problem}")
        except SeveralPackages as problem:
            self._report(path, f"{place}: {problem}")
        return path not in self._wrong

    def _report(self, path: str, error: str) -> None:
        self._wrong.add(path)
        self.errors.append(error)

    def _excluded(self, path: str, folder: Path) -> None:
        self._report(path, self._traced(f"imports {path}: build constraints exclude all Go files in {folder}"))

    def _traced(self, text: str) -> str:
        """An error with the imports that lead to it."""
        links = (f"imports {source.shown}" for source in self._stack[1:])
        return "\n\t".join([f"package {self._stack[0].shown}", *links, text])

    def _module_folder(self, path: str) -> Path | None:
        if self._module is None:
            return None
        name, root = self._module.path, self._module.root
        if path == name:
            return root
        return root / path[len(name) + 1 :] if path.startswith(name + "/") else None

    def _missing(self, path: str, folder: Path | None) -> str:
        if "." not in path.split("/")[0]:
            return f"package {path} is not in std ({self._goroot().src / path})"
        text = f"no required module provides package {path}"
        if self._module is None:
            return f"{text}: go.mod file not found in current directory or any parent directory; see 'go help modules'"
        return text if folder is not None else f"{text}: goir does not support modules of others yet"

    def _require_path(self, path: str, pos: int) -> None:
        """Raises BuildError for what cannot be the path of a package."""
        if path == "C":
            raise BuildError(f"{self._place(pos)}: cgo is not supported")
        if not path or _NOT_IN_PATHS.search(path):
            place = self._fset.position(pos)
            place = place._replace(filename=os.path.abspath(place.filename))
            raise BuildError(f"{place}: invalid import path: {path}")
        if path.startswith(("./", "../")) or path in (".", ".."):
            text = "is relative, but relative import paths are not supported in module mode"
            raise BuildError(f'{self._place(pos)}: "{path}" {text}')
        if path.startswith("/"):
            raise BuildError(f"{self._place(pos)}: \"{path}\" is not a package path; see 'go help packages'")

    def _place(self, pos: int) -> str:
        place = self._fset.position(pos)
        return str(place._replace(filename=shown_path(place.filename).removeprefix("./")))

    def _parse(self, filename: str, problems: list[SyntaxError_]) -> ast.File:
        path = Path(filename)
        try:
            source = path.read_bytes()
        except OSError as problem:
            raise BuildError(f"stat {filename}: {(problem.strerror or str(problem)).lower()}") from None
        if path.parent != RUNTIME_FOLDER:  # goir's own files are part of its fingerprint
            self.inputs.append(os.path.abspath(filename))
            self.lines += source.count(b"\n")
        file, errors = parse_file(self._fset, filename, source)
        problems += errors
        if path.parent != RUNTIME_FOLDER:
            at = self._fset.file(file.eof)
            assert at is not None
            problems += directive_errors(file, at)
        return file


class SeveralPackages(BuildError):
    """A folder with files of more than one package."""


def require_one_package(files: Sequence[ast.File], folder: Path) -> None:
    """Raises SeveralPackages unless all files have the same package clause."""
    first: dict[str, str] = {}
    for file in files:
        first.setdefault(file.name.name, os.path.basename(file.filename))
    if len(first) > 1:
        found = " and ".join(f"{name} ({filename})" for name, filename in first.items())
        raise SeveralPackages(f"found packages {found} in {folder}")


def folder_files(folder: Path) -> list[str]:
    """The names of a folder's Go files that belong to a build for linux/amd64; ConstraintError if one does not say."""
    found: list[str] = []
    for name in sorted(filter(file_matches, os.listdir(folder))):
        try:
            if read_head((folder / name).read_bytes()).included:
                found.append(str(folder / name))
        except ConstraintError as problem:
            raise ConstraintError(f"{name}: {problem}") from None
    return found


def main_files(folder: Path, shown: str) -> list[str]:
    """The files of the package in a folder that the command line names; BuildError if there are none."""
    try:
        filenames = folder_files(folder)
    except ConstraintError as problem:
        raise BuildError(str(problem)) from None
    names = _listed(folder.absolute())
    if filenames:
        return filenames
    if not names:
        raise BuildError(f"no Go files in {folder.absolute()}")
    if all(name.endswith("_test.go") for name in names):
        raise BuildError(f"{shown}: no non-test Go files in {folder.absolute()}")
    raise BuildError(f"package {shown}: build constraints exclude all Go files in {folder.absolute()}")


def require_files(filenames: Sequence[str]) -> None:
    """Raises BuildError if files cannot be the program that the command line names."""
    folders = list(dict.fromkeys(os.path.dirname(name) or "." for name in filenames))
    if len(folders) > 1:
        raise BuildError(f"named files must all be in one directory; have {folders[0]} and {folders[1]}")
    for name in filenames:
        if not name.endswith(".go"):
            raise BuildError(f"stat {os.path.abspath(name)}: directory not found")
        if name.endswith("_test.go"):
            raise BuildError(f"go: cannot run *_test.go files ({name})")
        try:
            read_head(Path(name).read_bytes())  # the constraints of named files must be right, but need not hold
        except ConstraintError as problem:
            raise BuildError(f"{os.path.basename(name)}: {problem}") from None
        except OSError as problem:
            raise BuildError(f"stat {name}: {(problem.strerror or str(problem)).lower()}") from None


def find_module(folder: Path) -> Module | None:
    """What the `go.mod` at or above a folder says."""
    for root in (folder, *folder.parents):
        try:
            text = (root / "go.mod").read_text()
        except OSError:
            continue
        named = re.search(r'(?m)^module\s+"?([^\s"]+)', text)
        version = re.search(r"(?m)^go\s+(\d+\.\d+)(\.\d+)?", text)
        if named is None:
            return None
        return Module(named[1], root, version[1] if version else "1.16", version[0][2:].strip() if version else "")
    return None


def require_version(module: Module, version: str) -> None:
    """Raises BuildError for a module of a newer Go than the source tree."""
    if _numbers(module.required) > _numbers(version):
        file = shown_path(str(module.root / "go.mod")).removeprefix("./")
        raise BuildError(f"go: {file} requires go >= {module.required} (running go {version}; GOTOOLCHAIN=local)")


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def _path(spec: ast.ImportSpec) -> str:
    return spec.path.value[1:-1]


def _listed(folder: Path) -> list[str]:
    """The Go files of a folder, whether they belong to the build or not."""
    try:
        return [name for name in os.listdir(folder) if name.endswith(".go") and name[0] not in "._"]
    except OSError:
        return []


def _parent_of_internal(path: str, folder: Path) -> Path:
    """The folder that may use a package below a folder `internal`."""
    parts = path.split("/")
    return folder.parents[parts[::-1].index("internal")]


def _require_importable(path: str, name: str, place: str) -> str | None:
    return f'{place}: import "{path}" is a program, not an importable package' if name == "main" else None
