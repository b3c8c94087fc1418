"""Reading the user's packages: which files they have, what they import, and what is wrong with that, in go's words.

All packages are read before the first is checked, as go does: a missing package is reported before any wrong type.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from goir.build.constraints import TAGS, ConstraintError, file_matches, read_head
from goir.build.embed import Embed, EmbedError, find_embeds, resolve
from goir.build.errors import BuildError, shown_path
from goir.build.goroot import RUNTIME_FOLDER, Goroot
from goir.build.modules import Module, Modules, NotFound
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
    module: Module | None = None
    problems: list[SyntaxError_] = field(default_factory=list[SyntaxError_])
    imports: list[str] = field(default_factory=list[str])
    """Sorted."""
    embeds: list[Embed] = field(default_factory=list[Embed])

    @property
    def language(self) -> str:
        """The version of the language, if go.mod decides it: not for files that the command line names."""
        return "" if self.module is None or self.shown == COMMAND_LINE else self.module.language

    def may_use(self, parent: str) -> bool:
        """Whether the package may import what is internal to `parent`."""
        own = self.shown
        if own == COMMAND_LINE and self.module is not None:
            own = "/".join([self.module.path, *self.folder.relative_to(self.module.root).parts])
        return not parent or own == parent or own.startswith(parent + "/")

    def importing(self, path: str) -> str:
        """The name of the first file that imports a package."""
        return next(os.path.basename(f.filename) for f in self.files if any(_path(s) == path for s in f.imports))


class Reader:
    """Reads the package that the command line names and those of `modules` that it needs: `sources`, by what go calls
    them, each after those that it imports. `tags` hold besides those of every build."""

    def __init__(
        self, fset: FileSet, goroot: Callable[[], Goroot], modules: Modules | None, tags: Collection[str] = ()
    ) -> None:
        self.sources: dict[str, Source] = {}
        self.errors: list[str] = []
        self.inputs: list[str] = []
        self.lines = 0
        self._fset, self._goroot, self._modules, self._tags = fset, goroot, modules, tags
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
        found.append(self._embed(source))
        self.errors += [error for error in found if error][:1]  # go reports one of these a package
        self._stack.pop()
        self.sources[source.shown] = source

    def _embed(self, source: Source) -> str | None:
        """Finds the files that a package embeds. Answers what is wrong with that."""
        if source.folder == RUNTIME_FOLDER:
            return None
        for file in source.files:
            source.embeds += find_embeds(file, source.problems)
        try:
            self.inputs += resolve(source.folder, source.embeds)
        except EmbedError as problem:
            return f"{self._place(problem.pos)}: {problem}"
        return None

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
        if path not in self.sources and not self._read_imported(path, by, place):
            return None
        if "internal" in path.split("/") and not by.may_use(_parent_of_internal(path)):
            return self._traced(f"{place}: use of internal package {path} not allowed")
        return _require_importable(path, self.sources[path].files[0].name.name, place)

    def _import_library(self, path: str, place: str) -> str | None:
        if "internal" in path.split("/"):
            return self._traced(f"{place}: use of internal package {path} not allowed")
        if not self._goroot().has(path):
            self._excluded(path, self._goroot().src / path)
            return None
        return _require_importable(path, self._goroot().package(path).name, place)

    def _read_imported(self, path: str, by: Source, place: str) -> bool:
        try:
            if self._modules is None:
                raise NotFound(self._missing(path))
            importer = by.module.path if by.shown == COMMAND_LINE and by.module is not None else by.shown
            module, folder = self._modules.find(path, importer)
        except NotFound as problem:
            self._report(path, f"{place}: {problem if '.' in path.split('/')[0] else self._missing(path)}")
            return False
        try:
            filenames = folder_files(folder, self._tags)
            if not filenames and any(not name.endswith("_test.go") for name in _listed(folder)):
                self._excluded(path, folder)
            elif not filenames:
                self._report(path, f"{place}: no non-test Go files in {folder}")
            else:
                self.read(Source(path, path, folder, module=module), filenames)
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

    def _missing(self, path: str) -> str:
        if "." not in path.split("/")[0]:
            return f"package {path} is not in std ({self._goroot().src / path})"
        text = f"no required module provides package {path}"
        return f"{text}: go.mod file not found in current directory or any parent directory; see 'go help modules'"

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
        malformed = _malformed(path)
        if malformed:
            raise BuildError(f'{self._place(pos)}: malformed import path "{path}": {malformed}')

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


def _malformed(path: str) -> str:
    """What is wrong with the form of an import path; empty if it is right."""
    if path.startswith("-"):
        return "leading dash"
    if "//" in path:
        return "double slash"
    if path.endswith("/"):
        return "trailing slash"
    for element in path.split("/"):
        if not element.strip("."):
            return f'invalid path element "{element}"'
        if element.endswith("."):
            return "trailing dot in path element"
    return ""


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


def folder_files(folder: Path, tags: Collection[str] = ()) -> list[str]:
    """The names of a folder's Go files that belong to a build for linux/amd64; ConstraintError if one does not say.
    `tags` hold besides those of every build."""
    found: list[str] = []
    holding = TAGS.union(tags)
    for name in sorted(filter(file_matches, os.listdir(folder))):
        try:
            if read_head((folder / name).read_bytes(), holding).included:
                found.append(str(folder / name))
        except ConstraintError as problem:
            raise ConstraintError(f"{name}: {problem}") from None
    return found


def main_files(folder: Path, shown: str, tags: Collection[str] = ()) -> list[str]:
    """The files of the package in a folder that the command line names; BuildError if there are none."""
    try:
        filenames = folder_files(folder, tags)
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


def _path(spec: ast.ImportSpec) -> str:
    return spec.path.value[1:-1]


def _listed(folder: Path) -> list[str]:
    """The Go files of a folder, whether they belong to the build or not."""
    try:
        return [name for name in os.listdir(folder) if name.endswith(".go") and name[0] not in "._"]
    except OSError:
        return []


def _parent_of_internal(path: str) -> str:
    """The path of what may use a package below `internal`."""
    return ("/" + path)[: ("/" + path + "/").rindex("/internal/")].removeprefix("/")


def _require_importable(path: str, name: str, place: str) -> str | None:
    return f'{place}: import "{path}" is a program, not an importable package' if name == "main" else None
