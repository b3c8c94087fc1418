"""The modules of a build: the main module and those that it requires, where their packages are.

They come from the main module's vendor folder if it has one, else from folders that `replace` names and from the module
cache (`GOMODCACHE`, else `pkg/mod` of `GOPATH`). The network is never used: what is not there is an error, with the text
that go has for `GOPROXY=off`. https://go.dev/ref/mod
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from goir.build.errors import BuildError, shown_path
from goir.build.gomod import DEFAULT_LANGUAGE, GoMod, ModuleVersion, is_folder, read_go_mod, version_key


@dataclass(frozen=True)
class Module:
    """A module of the build: where its packages are, and the version of the language they are written in."""

    path: str
    root: Path
    language: str
    version: str = ""

    def folder_of(self, path: str) -> Path:
        """The folder of a package of the module."""
        return self.root / path[len(self.path) + 1 :] if path != self.path else self.root

    def holds(self, path: str) -> bool:
        """Whether a package's path begins with the module's."""
        return path == self.path or path.startswith(self.path + "/")


class NotFound(Exception):
    """A package that no module of the build has; the text says so in go's words."""


class Modules:
    """The main module, in `root`, and what it requires."""

    def __init__(self, root: Path, go: str) -> None:
        self.root = root
        self.file = root / "go.mod"
        self.mod = read_go_mod(self.file)
        self.main = Module(self.mod.path, root, self.mod.language)
        self._go = go
        self.inputs = [str(self.file)]
        self._require_go(self.mod, self.file)
        self.vendored = (root / "vendor").is_dir() and _numbers(self.mod.language) >= [1, 14]

    def _require_go(self, mod: GoMod, file: Path) -> None:
        if _numbers(mod.go) > _numbers(self._go):
            name = shown_path(str(file)).removeprefix("./")
            raise BuildError(f"go: {name} requires go >= {mod.go} (running go {self._go}; GOTOOLCHAIN=local)")

    # Finding packages -------------------------------------------------------------------------------------------------

    def find(self, path: str, importer: str) -> tuple[Module, Path]:
        """The module and folder of a package that is not the standard library's; NotFound if there is none."""
        if self.vendored:
            return self._find_vendored(path)
        candidates = [self.main, *self._required] if _numbers(self.mod.language) >= [1, 17] else self.build_list
        for module in sorted(candidates, key=lambda m: -len(m.path)):
            if module.holds(path):
                root = module if module is self.main else self._located(module, path, importer)
                folder = root.folder_of(path)
                if _has_go_files(folder) and not self._other_module_between(root, folder):
                    return root, folder
        raise NotFound(f"no required module provides package {path}; to add it:\n\tgo get {path}")

    def _other_module_between(self, module: Module, folder: Path) -> bool:
        """Whether a folder below a module's root belongs to another module: a go.mod lies between."""
        while folder != module.root:
            if (folder / "go.mod").is_file():
                return True
            folder = folder.parent
        return False

    def _find_vendored(self, path: str) -> tuple[Module, Path]:
        if self.main.holds(path):
            folder = self.main.folder_of(path)
            if _has_go_files(folder):
                return self.main, folder
        module = self._vendor.get(path)
        if module is None:
            raise NotFound(
                f"cannot find module providing package {path}: import lookup disabled by -mod=vendor\n"
                "\t(Go version in go.mod is at least 1.14 and vendor directory exists.)"
            )
        return module, module.folder_of(path)

    @cached_property
    def _vendor(self) -> dict[str, Module]:
        """The packages of the vendor folder; BuildError if it does not fit go.mod."""
        file = self.root / "vendor" / "modules.txt"
        self.inputs.append(str(file))
        packages: dict[str, Module] = {}
        explicit: dict[str, str] = {}
        module: Module | None = None
        try:
            text = file.read_text()
        except OSError:
            text = ""
        for line in text.split("\n"):
            words = line.split()
            if line.startswith("# ") and len(words) >= 3:
                version = words[2] if words[2] != "=>" else ""
                folder = self.root / "vendor" / words[1]
                module = Module(words[1], folder, DEFAULT_LANGUAGE, version) if version else None
            elif line.startswith("## ") and module is not None:
                if "explicit" in line:
                    explicit[module.path] = module.version
                if found := re.search(r"go (\d+\.\d+)", line):
                    module = Module(module.path, module.root, found[1], module.version)
            elif words and module is not None:
                packages[words[0]] = module
        self._require_consistent(explicit)
        return packages

    def _require_consistent(self, explicit: dict[str, str]) -> None:
        problems = [
            f"{path}@{version}: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt"
            for path, version in self.mod.require.items()
            if explicit.get(path) != version
        ]
        problems += [
            f"{path}@{version}: is marked as explicit in vendor/modules.txt, but not explicitly required in go.mod"
            for path, version in explicit.items()
            if self.mod.require.get(path) != version
        ]
        if problems:
            lines = "".join(f"\t{p}\n" for p in problems)
            raise BuildError(
                f"go: inconsistent vendoring in {self.root}:\n{lines}\n"
                "\tTo ignore the vendor directory, use -mod=readonly or -mod=mod.\n"
                "\tTo sync the vendor directory, run:\n\t\tgo mod vendor"
            )

    # Versions and where they lie --------------------------------------------------------------------------------------

    @cached_property
    def _required(self) -> list[Module]:
        """What go.mod names: from Go 1.17 on that is all that any package of the main module needs."""
        return [Module(path, Path(), "", version) for path, version in self.mod.require.items()]

    @cached_property
    def build_list(self) -> list[Module]:
        """The main module and the highest version of each module that it or another of these requires."""
        chosen: dict[str, str] = {}
        work = list(self.mod.require.items())
        while work:
            path, version = work.pop()
            if path == self.main.path or ModuleVersion(path, version) in self.mod.exclude:
                continue
            if path in chosen and version_key(chosen[path]) >= version_key(version):
                continue
            chosen[path] = version
            work += self._go_mod(ModuleVersion(path, version)).require.items()
        return [self.main, *(Module(path, Path(), "", version) for path, version in chosen.items())]

    def _go_mod(self, module: ModuleVersion) -> GoMod:
        """The go.mod of a required module."""
        source = self.mod.replaced(module)
        if source is not None and is_folder(source.path):
            file = self.root / source.path / "go.mod"
            try:
                return read_go_mod(file)
            except OSError as problem:
                name = shown_path(str(file)).removeprefix("./")
                what = (problem.strerror or str(problem)).lower()
                raise BuildError(
                    f"go: {module} (replaced by {source.path}): reading {name}: open {os.path.normpath(file)}: {what}"
                ) from None
        source = source or module
        if f"{source.path} {source.version}/go.mod" not in self._sums:
            raise BuildError(
                f"go: {source}: missing go.sum entry for go.mod file; to add it:\n\tgo mod download {source.path}"
            )
        file = module_cache() / "cache" / "download" / _escaped(source.path) / "@v" / f"{_escaped(source.version)}.mod"
        try:
            return read_go_mod(file)
        except OSError:
            raise BuildError(f"go: {source}: module lookup disabled by GOPROXY=off") from None

    @cached_property
    def _sums(self) -> set[str]:
        """The modules and go.mod files that go.sum has, as `path version` and `path version/go.mod`."""
        file = self.root / "go.sum"
        self.inputs.append(str(file))
        try:
            lines = file.read_text().split("\n")
        except OSError:
            return set()
        return {" ".join(line.split()[:2]) for line in lines}

    def _located(self, module: Module, path: str, importer: str) -> Module:
        """A required module with its folder and language."""
        named = ModuleVersion(module.path, module.version)
        source = self.mod.replaced(named)
        if source is not None and is_folder(source.path):
            mod = self._go_mod(named)
            root = Path(os.path.normpath(self.root / source.path))
            self._require_go(mod, root / "go.mod")
            self.inputs.append(str(root / "go.mod"))
            return Module(module.path, root, mod.language, module.version)
        source = source or named
        if f"{source.path} {source.version}" not in self._sums:
            raise NotFound(
                f"missing go.sum entry for module providing package {path} (imported by {importer}); to add:\n"
                f"\tgo get {importer}"
            )
        root = module_cache() / f"{_escaped(source.path)}@{_escaped(source.version)}"
        if not root.is_dir():
            raise NotFound("module lookup disabled by GOPROXY=off")
        try:
            mod = read_go_mod(root / "go.mod")
        except OSError:
            mod = GoMod(path=module.path)  # made before there were modules
        if _numbers(mod.go) > _numbers(self._go):
            raise NotFound(f"{source} requires go >= {mod.go} (running go {self._go}; GOTOOLCHAIN=local)")
        return Module(module.path, root, mod.language, module.version)


def module_cache() -> Path:
    """The folder of downloaded modules."""
    if named := os.environ.get("GOMODCACHE"):
        return Path(named)
    first = os.environ.get("GOPATH", "").split(os.pathsep)[0]
    return (Path(first) if first else Path.home() / "go") / "pkg" / "mod"


def find_modules(folder: Path, go: str) -> Modules | None:
    """The modules of the build whose main package is in a folder: of the `go.mod` in it or above. `go` is the release of
    Go that goir compiles."""
    for root in (folder, *folder.parents):
        if (root / "go.mod").is_file():
            return Modules(root, go)
    return None


def _escaped(text: str) -> str:
    """A module's path or version as the cache names it: folders may not tell upper from lower case."""
    return re.sub(r"[A-Z]", lambda m: "!" + m[0].lower(), text)


def _has_go_files(folder: Path) -> bool:
    try:
        return any(name.endswith(".go") and name[0] not in "._" for name in os.listdir(folder))
    except OSError:
        return False


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]
