"""What packages the arguments of `goir test`, `goir vet` and `goir list` name: import paths, folders, and these with `...`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from goir.build.constraints import file_matches
from goir.build.errors import BuildError
from goir.build.goroot import Goroot
from goir.build.modules import find_modules
from goir.build.reading import COMMAND_LINE


class Target(NamedTuple):
    """A package that the command line names: its import path, its folder, and its files if these were named."""

    path: str
    folder: Path
    files: tuple[str, ...] = ()
    standard: bool = False
    """Whether it is one of the library's."""
    problem: str = ""
    """Why there is no such package."""


def find_targets(arguments: Sequence[str], goroot: Goroot) -> list[Target]:
    """The packages that the arguments name, in order, each once; no arguments name the working folder's."""
    if arguments and all(a.endswith(".go") for a in arguments):
        folders = {os.path.dirname(a) or "." for a in arguments}
        if len(folders) > 1:
            first, second = sorted(folders)[:2]
            raise BuildError(f"named files must all be in one directory; have {first} and {second}")
        return [Target(COMMAND_LINE, Path(folders.pop()).absolute(), tuple(arguments))]
    finder = _Finder(goroot)
    found: dict[Target, None] = {}
    for argument in arguments or ["."]:
        found.update(dict.fromkeys(finder.find(argument)))
    return list(found)


class _Finder:
    def __init__(self, goroot: Goroot) -> None:
        self._goroot = goroot
        modules = find_modules(Path.cwd(), goroot.version)
        self._module = modules.main if modules is not None else None

    def find(self, argument: str) -> Iterator[Target]:
        pattern = os.path.normpath(argument) if argument.startswith((".", "/")) else argument.rstrip("/")
        is_folder = argument.startswith(("./", "../", "/")) or argument in (".", "..")
        if "..." in argument:
            yield from self._matching(pattern, is_folder, argument)
        elif argument in ("std", "all"):
            yield from self._library("")
        elif is_folder:
            yield self._folder(Path(pattern).absolute(), argument)
        else:
            yield self._import_path(pattern)

    def _import_path(self, path: str) -> Target:
        folder = self._goroot.src / path
        if "." not in path.split("/")[0] and path != "cmd" and self._goroot.exists(path):
            return Target(path, folder, standard=True)
        module = self._module
        if module is not None and (path == module.path or path.startswith(module.path + "/")):
            inside = module.root / path[len(module.path) + 1 :]
            if inside.is_dir():
                return self._folder(inside, path)
        if "." not in path.split("/")[0]:
            return Target(path, folder, problem=f"package {path} is not in std ({folder})")
        text = f"no required module provides package {path}"
        if module is None:
            text += ": go.mod file not found in current directory or any parent directory; see 'go help modules'"
        return Target(path, folder, problem=text)

    def _folder(self, folder: Path, shown: str) -> Target:
        if not folder.is_dir():
            return Target(shown, folder, problem=f"stat {folder}: directory not found")
        if not any(n.endswith(".go") and n[0] not in "._" for n in os.listdir(folder)):
            return Target(shown, folder, problem=f"no Go files in {folder}")
        return self._target(folder)

    def _target(self, folder: Path) -> Target:
        source = self._goroot.src
        if folder.is_relative_to(source) and folder != source:
            return Target(folder.relative_to(source).as_posix(), folder, standard=True)
        modules = find_modules(folder, self._goroot.version)
        if modules is None:
            return Target(COMMAND_LINE, folder)
        module = modules.main
        return Target("/".join([module.path, *folder.relative_to(module.root).parts]), folder)

    def _matching(self, pattern: str, is_folder: bool, argument: str) -> Iterator[Target]:
        matches = _matcher(pattern)
        if is_folder:
            root = Path(pattern.split("...")[0] or ".")
            root = (root if root.is_dir() else root.parent).absolute()
            relative = pattern.startswith(".")
            found = sorted(
                self._target(folder)
                for folder in _go_folders(root)
                if matches(os.path.normpath(os.path.relpath(folder)) if relative else str(folder))
                or (relative and matches("./" + os.path.relpath(folder)))
            )
        else:
            found = [t for t in self._library(pattern.split("...")[0]) if matches(t.path)]
            if self._module is not None:
                users = map(self._target, _go_folders(self._module.root))
                found += sorted(t for t in users if matches(t.path))
        if not found:
            print_warning(f'goir: warning: "{argument}" matched no packages')
        yield from found

    def _library(self, beginning: str) -> Iterator[Target]:
        source = self._goroot.src
        root = source / beginning.rpartition("/")[0]
        for folder in sorted(_go_folders(root)) if root.is_dir() else ():
            path = folder.relative_to(source).as_posix()
            if folder != source and path.split("/")[0] not in ("cmd", "vendor"):
                yield Target(path, folder, standard=True)


def print_warning(text: str) -> None:
    """Says something that is no error."""
    import sys

    print(text, file=sys.stderr)


def _matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a path matches a pattern in which `...` stands for anything; `x/...` matches x too."""
    pattern = pattern.removeprefix("./") or "."
    if pattern in ("...", "./..."):
        return lambda _: True
    expression = re.escape(pattern).replace(re.escape("..."), ".*")
    if expression.endswith("/.*"):
        expression = expression[: -len("/.*")] + "(/.*)?"
    return lambda path: re.fullmatch(expression, path) is not None


def _go_folders(root: Path) -> Iterator[Path]:
    """The folders at or below one that hold a package for linux/amd64 or tests of one."""
    for name, folders, files in os.walk(root):
        folder = Path(name)
        folders[:] = sorted(
            f
            for f in folders
            if f[0] not in "._" and f not in ("testdata", "vendor") and not (folder / f / "go.mod").exists()
        )
        if any(file_matches(f.removesuffix("_test.go") + ".go" if f.endswith("_test.go") else f) for f in files):
            yield folder
