"""The program that runs the tests of one package: the package with its test files, its external test package, and a main.

A package of the user's becomes one with more files. A package of the library stays a package of the library, compiled as for
any program, that has more files here; what is compiled of it is kept apart (test_library.py)."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from goir.build.cache import digest_of
from goir.build.constraints import LIBRARY_TAGS, TAGS, read_head
from goir.build.driver import Build
from goir.build.errors import BuildError
from goir.build.goroot import Goroot, PackageFiles
from goir.build.library import LibraryCache
from goir.build.modules import Modules, find_modules
from goir.build.packages import LoadedPackage, Loader
from goir.build.patterns import Target
from goir.build.reading import Reader, Source, folder_files, main_files
from goir.build.test_files import MAIN, Tests, find_test_files, find_tests, main_source
from goir.build.test_library import TestLibraryCache
from goir.syntax import ast
from goir.syntax.parser import has_syntax_errors, parse_file
from goir.syntax.positions import FileSet, SyntaxError_
from goir.types.objects import Package


class SetupError(BuildError):
    """Tests that cannot be compiled because something is wrong with their files or imports."""


class ExternalTests(Source):
    """The external test package of a package: it may use what the package may."""

    def may_use(self, parent: str) -> bool:
        return Source(self.path, self.shown.removesuffix("_test"), self.folder, module=self.module).may_use(parent)


class TestReader(Reader):
    """Reads the packages of a test program. Those of the library may import what the library may, and the main package
    whatever is tested."""

    __test__ = False

    def __init__(
        self, fset: FileSet, goroot: Callable[[], Goroot], modules: Modules | None, tags: Collection[str]
    ) -> None:
        super().__init__(fset, goroot, modules, tags)
        self.main = ""
        """The source of the main package."""

    def _import(self, by: Source, path: str, place: str) -> str | None:
        if any(path == reading.shown for reading in self._stack):
            return self._cycle(path)
        if path in self.sources and (by.path == "main" or self._is_library(by)):
            return None
        if self._is_library(by) and self._goroot().has(self._goroot().resolve(path)):
            return None
        if by.path == "main" and self._goroot().exists(path):
            return None
        return super()._import(by, path, place)

    def _cycle(self, path: str) -> str | None:
        """Says that tests import something that imports what they test."""
        first = next(i for i, reading in enumerate(self._stack) if reading.shown == path)
        chain = self._stack[first:]
        imported = [*(reading.shown for reading in chain[1:]), path]
        lines = [f"imports {p} from {r.importing(p)}" for r, p in zip(chain, imported, strict=True)]
        text = "\n\t".join([f"package {path}", *lines])
        self._report(path, f"{text}: import cycle not allowed in test")
        return None

    def _is_library(self, source: Source) -> bool:
        return source.folder.is_relative_to(self._goroot().src)

    def _parse(self, filename: str, problems: list[SyntaxError_]) -> ast.File:
        is_library = Path(filename).is_relative_to(self._goroot().src)
        if filename != MAIN and not is_library:
            return super()._parse(filename, problems)
        source = Path(filename).read_bytes() if is_library else self.main.encode()
        file, errors = parse_file(self._fset, filename, source)
        problems += errors
        return file


class TestLoader(Loader):
    """Loads the test program of a package: the package itself, its external tests, a main."""

    __test__ = False

    def __init__(
        self,
        target: Target,
        all_errors: bool = False,
        goroot: str | None = None,
        fingerprint: str = "",
        tags: Collection[str] = (),
    ) -> None:
        super().__init__(all_errors, goroot, fingerprint, tags)
        self.target = target
        self.main_name = f"{target.path}.test"
        self._library_tests: list[str] = []
        self._has_internal = False

    def load_main(self, inputs: Sequence[str]) -> LoadedPackage:
        """Loads the package that is tested, with its test files, and the main that tests it; there are no `inputs`."""
        target = self.target
        modules = None if target.standard else find_modules(target.folder, self.goroot.version)
        module = modules.main if modules is not None else None
        files = target_files(target, self._tags)
        self._has_internal = bool(files.internal)
        reader = TestReader(self.fset, lambda: self.goroot, modules, self._tags)
        internal, external = Tests(), Tests()
        if target.standard:
            self._library_tests = files.internal
            if files.internal:
                problems: list[SyntaxError_] = []
                trees = [self._parse_library(name, problems) for name in files.internal]
                internal = find_tests(trees, self.fset)
        else:
            own = Source(target.path, target.path, target.folder, module=module)
            reader.read(own, [*files.own, *files.internal])
            internal = self._tests(own.files[len(files.own) :], own.problems)
        if files.external:
            tests = ExternalTests(f"{target.path}_test", f"{target.path}_test", target.folder, module=module)
            reader.read(tests, files.external)
            if target.standard:
                tests.imports = sorted(map(self.goroot.resolve, tests.imports))
            external = self._tests(tests.files, tests.problems)
        reader.main = main_source(target.path, module.path if module is not None else "", internal, external)
        if not reader.errors:
            reader.read(Source("main", self.main_name, Path(os.sep)), [MAIN])
            reader.inputs.remove(os.sep)
        if reader.errors:
            raise SetupError("\n".join([f"# {target.path}", *dict.fromkeys(reader.errors)]))
        self._check(reader, modules)
        return self._main_loaded()

    def check(self) -> None:
        """Checks the package and its tests, and nothing else; BuildError says what is wrong."""
        self.load_main([])
        if self.target.standard and self._library_tests and (checked := self.library(self.target.path)) is not None:
            assert checked.lazy is not None
            checked.lazy.init_order()
            for func in checked.lazy.decls:
                checked.lazy.body(func)
            self.report(checked.lazy.errors)

    def needed(self) -> list[str]:
        """The packages that the package needs, without its tests, each after those that it imports itself."""
        target = self.target
        if target.standard:
            return [p for p in self.closure([target.path]) if p not in (target.path, "runtime")]
        modules = find_modules(target.folder, self.goroot.version)
        module = modules.main if modules is not None else None
        reader = TestReader(self.fset, lambda: self.goroot, modules, self._tags)
        own = Source(target.path, target.path, target.folder, module=module)
        reader.read(own, target_files(target, self._tags).own)
        if reader.errors:
            raise SetupError("\n".join(dict.fromkeys(reader.errors)))
        users = [path for path in reader.sources if path != target.path]
        roots = {p for source in reader.sources.values() for p in source.imports if p not in reader.sources}
        return [*self.closure(sorted(roots - {"unsafe"})), *users]

    def _tests(self, files: Sequence[ast.File], problems: Sequence[SyntaxError_]) -> Tests:
        if has_syntax_errors(list(problems)):
            return Tests()  # the files are reported when they are checked
        try:
            return find_tests(files, self.fset)
        except BuildError as problem:
            raise SetupError(f"# {self.target.path}\n{problem}") from None

    def test_digest(self) -> str:
        """A digest of the test files that make another package of a package of the library; empty if there are none."""
        if not self._library_tests:
            return ""
        return digest_of([part for name in self._library_tests for part in (name, Path(name).read_bytes())])

    def needs(self, path: str, needed: str, known: dict[str, bool]) -> bool:
        """Whether a package imports another, be it through others."""
        found = known.get(path)
        if found is None:
            known[path] = False
            imports = self.imports(path) if self.goroot.has(path) else ()
            found = known[path] = any(each == needed or self.needs(each, needed, known) for each in imports)
        return found

    def _library_files(self, path: str) -> PackageFiles:
        files = super()._library_files(path)
        if path != self.target.path or not self._library_tests:
            return files
        imports = {p for name in self._library_tests for p in self._head_imports(name)}
        return files._replace(files=[*files.files, *self._library_tests], imports=sorted({*files.imports, *imports}))

    def _head_imports(self, name: str) -> list[str]:
        return [self.goroot.resolve(p) for p in read_head(Path(name).read_bytes(), LIBRARY_TAGS).imports]

    def _is_trusted(self, source: Source) -> bool:
        return self.target.standard or super()._is_trusted(source)

    def _title(self, source: Source) -> str:
        changed = source.path == self.target.path and self._has_internal
        if changed or source.path == f"{self.target.path}_test":
            return f"{source.shown} [{self.target.path}.test]"
        return super()._title(source)

    def _import_from_user(self, path: str) -> Package:
        if path not in self.packages and self.target.standard:
            path = self.goroot.resolve(path)
        return super()._import_from_user(path)


@dataclass(frozen=True)
class TargetFiles:
    """The files of a package: its own, and its test files."""

    own: list[str]
    internal: list[str]
    external: list[str]

    def has_tests(self) -> bool:
        """Whether there are test files."""
        return bool(self.internal or self.external)


def target_files(target: Target, tags: Collection[str] = ()) -> TargetFiles:
    """The files of a package that the command line names; SetupError if it cannot be tested."""
    if target.problem:
        raise SetupError(f"# {target.path}\n{target.problem}")
    try:
        if target.files:
            return _named_files(target)
        tests = find_test_files(target.folder, LIBRARY_TAGS if target.standard else TAGS.union(tags))
        if target.standard:
            return TargetFiles([], tests.internal, tests.external)
        own = folder_files(target.folder, tags)
        if not own and not tests.internal and not tests.external:
            own = main_files(target.folder, target.path, tags)
        return TargetFiles(own, tests.internal, tests.external)
    except BuildError as problem:
        raise SetupError(f"# {target.path}\n{problem}") from None


def _named_files(target: Target) -> TargetFiles:
    own = [name for name in target.files if not name.endswith("_test.go")]
    tests = [name for name in target.files if name.endswith("_test.go")]
    files, fset = TargetFiles(own, [], []), FileSet()
    for name in tests:
        try:
            tree, _ = parse_file(fset, name, Path(name).read_bytes())
        except OSError:
            raise BuildError(f"no required module provides package {name}") from None
        (files.external if tree.name.name.endswith("_test") else files.internal).append(name)
    return files


@dataclass
class TestBuild(Build):
    """The build of a test program."""

    __test__ = False

    target: Target = field(default_factory=lambda: Target("", Path()))

    def _loader(self) -> TestLoader:
        options = self.options
        return TestLoader(self.target, options.all_errors, options.goroot, self.fingerprint, options.tags)

    def _load(self, inputs: Sequence[str]) -> tuple[Loader, LoadedPackage]:
        loader = self._loader()
        return loader, loader.load_main(inputs)

    def _library_cache(self, loader: Loader) -> LibraryCache:
        assert isinstance(loader, TestLoader)
        digest = loader.test_digest()
        if not digest:
            return super()._library_cache(loader)
        known: dict[str, bool] = {}
        path = self.target.path
        key = self._library_key(loader)
        return TestLibraryCache(self.cache, key, path, digest, lambda each: loader.needs(each, path, known))

    def test_executable(self) -> Path | None:
        """The test program of the target, in the cache; None if it has no test files."""
        if not target_files(self.target, self.options.tags).has_tests():
            self._loader().check()
            return None
        made = self.executable([self.target.path])
        assert made is not None
        return made
