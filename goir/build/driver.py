"""From what the command line names to an executable, or to any level of IR on the way.

    sources ─ Loader ─▶ packages ─ irgen ─▶ go ─ lowering ─▶ coro ─▶ llvm ─ emit ─▶ ll ─ codegen ─▶ obj ─ link ─▶ exe

A `.goir` file enters at the level it is written in. The runtime is compiled once per version of goir and kept in the
cache, together with a summary of its functions (which may panic, which may suspend) that callers are lowered by.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import llvmlite  # pyright: ignore[reportMissingTypeStubs]
from xdsl.dialects.builtin import ModuleOp, StringAttr, UnitAttr

from goir.build import fastpath
from goir.build.cache import Cache, digest_of
from goir.build.codegen import compile_object, prestart, shutdown
from goir.build.errors import BuildError, InternalCompilerError
from goir.build.goroot import RUNTIME_FOLDER
from goir.build.ir_io import load_module, print_module
from goir.build.ldflags import parse_ldflags, set_strings
from goir.build.library import LibraryCache
from goir.build.library_build import LibraryBuild, Summary, apply_summary, summarise
from goir.build.link import link
from goir.build.packages import LoadedPackage, Loader
from goir.build.progress import Progress
from goir.build.reading import COMMAND_LINE, folder_files
from goir.irgen.context import ModuleGen
from goir.irgen.module import assemble, deep_recursion, generate, generate_packages, report
from goir.irgen.sources import Sources
from goir.lowering.emit_copies import Copy, emit_with_copies
from goir.lowering.emit_llvm import EmitError, emit
from goir.lowering.ir import HOLDS_TYPES, LoweringError
from goir.lowering.pipeline import lower_to_coro, lower_to_llvm, run_passes
from goir.lowering.program_parts import emit_program
from goir.types.check import Diagnostic

Level = Literal["go", "coro", "llvm", "ll"]
RUNTIME_OPT_LEVEL = 2
NO_MAIN = "runtime.main_main·f: function main is undeclared in the main package"
"""What Go's linker says."""


@dataclass(frozen=True)
class Options:
    """What the flags of `goir run` and `goir build` say."""

    opt_level: int = 1
    all_errors: bool = False
    verify: bool = False
    debuginfo: bool = False
    goroot: str | None = None
    """Where the standard library's source is, if the command line says it."""
    tags: tuple[str, ...] = ()
    """Build tags that hold besides those of every build."""
    edge_profile: bool = False
    remarks: bool = False
    """Whether to say what is in the frames of coroutines."""
    ldflags: str = ""


def split_tags(text: str) -> tuple[str, ...]:
    """The build tags of a command line, which separates them by commas."""
    return tuple(text.replace(",", " ").split())


@dataclass
class Build:
    """One build; `inputs` collects the files and folders it read."""

    options: Options
    cache: Cache = field(default_factory=Cache)
    progress: Progress = field(default_factory=Progress)
    inputs: list[str] = field(default_factory=list[str])
    lines: int = 0
    linked: bool = True
    """Whether an executable is wanted. If not, functions may lack bodies and package main its main: that is the linker's
    concern."""
    starts: bool = True
    """Whether this is a program: its package is main and has that function."""
    name: str = COMMAND_LINE
    """What go calls the package."""
    fingerprint: str = field(default_factory=fastpath.fingerprint)
    frames: str = ""
    """The remarks that were asked for."""
    library: LibraryBuild | None = None
    """What the program needs of library packages."""
    library_objects: list[Path] = field(default_factory=list[Path])
    runtime: Future[Path] | None = None
    """The object of the runtime, when the cache has none."""

    def text(self, inputs: Sequence[str], level: Level, folder: str = "") -> str:
        """The program as text at a level of IR: go, coro, llvm or ll; `folder` is where ll's file names begin."""
        with _quiet_collector(), _located_failures(), deep_recursion():
            if level == "ll":
                module, copies = self._lowered(inputs)
                with self.progress.phase("emit"):
                    return emit_with_copies(module, folder, copies)
            module = self._module(inputs)
            if level != "go":
                with self.progress.phase("lower"):
                    self._lower(module, level)
            return print_module(module, debuginfo=self.options.debuginfo)

    def _lowered(self, inputs: Sequence[str]) -> tuple[ModuleOp, dict[str, Copy]]:
        """The program in the llvm dialect, and copies of library functions for it; what it needs of the library is
        compiled."""
        module = self._module(inputs)
        with self.progress.phase("lower"):
            self._lower(module, "ll")
        if self.starts:
            require_start(module, inputs[0])
        if self.library is None:
            loader = Loader(self.options.all_errors, self.options.goroot, self.fingerprint)
            self.library = self._library(loader, Sources([], loader.library), self._runtime_summary())
            self.library.adopt(module)
        if self.starts:
            self.library_objects = self.library.finish(module)
        return module, self.library.copies()

    def _lower(self, module: ModuleOp, level: Level) -> None:
        verify = self.options.verify
        if self.options.edge_profile:
            run_passes(module, ("mark-source-edges",), verify=verify)
            lower_to_coro(module, verify=verify)
            run_passes(module, ("edge-profile",), verify=verify)
        if level == "coro":
            lower_to_coro(module, verify=verify)
        else:
            lower_to_llvm(module, verify=verify)

    def object(self, inputs: Sequence[str]) -> Path:
        """The program's object file, in the cache."""
        prestart()
        text = self.text(inputs, "ll", os.getcwd())
        if self.options.remarks:
            from goir.build.frames import frame_remarks

            self.frames = frame_remarks(text, self.options.opt_level)
        with self.progress.phase("LLVM"):
            return self._compile(text, self.options.opt_level)

    def objects(self, inputs: Sequence[str]) -> list[Path]:
        """The program's object files, in the cache: one from -O2 on, where LLVM sees the whole program at once, else those
        of its parts."""
        level = self.options.opt_level
        if level > 1 or self.options.remarks:
            return [self.object(inputs)]
        prestart()
        with _quiet_collector(), _located_failures(), deep_recursion():
            module, copies = self._lowered(inputs)
            with self.progress.phase("LLVM"), ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
                texts = emit_program(module, os.getcwd(), copies if level else None)
                return [job.result() for job in [threads.submit(self._compile, text, level) for text in texts]]

    def executable(self, inputs: Sequence[str]) -> Path | None:
        """Build the program into the cache; None for a package that is not main: there is nothing to link."""
        require_platform()
        objects = [*self.objects(inputs), self._runtime_object()]
        objects += self.library_objects
        if not self.starts:
            return None
        key = digest_of([*map(str, objects), os.environ.get("CC", "")])
        made = self.cache.get(key, "")
        if made is None:
            with self.progress.phase("link"), self.cache.scratch() as folder:
                link(objects, Path(folder) / "a.out")
                made = self.cache.adopt(key, "", Path(folder) / "a.out")
        self.cache.prune_sometimes()
        return made

    def _module(self, inputs: Sequence[str]) -> ModuleOp:
        if len(inputs) == 1 and inputs[0].endswith(".goir"):
            with self.progress.phase("parse"):
                module = load_module(Path(inputs[0]))
            self.inputs.append(os.path.abspath(inputs[0]))
            return module
        with self.progress.phase("parse and check"):
            loader, main = self._load(inputs)
        package = main.result.package
        self.starts = package.name == "main" and package.scope.lookup("main") is not None
        self.lines, self.name = loader.lines, loader.main_name
        self.inputs += loader.inputs
        users = [p.checked() for path, p in loader.packages.items() if path != "runtime" and not p.library]
        sources = Sources(users, loader.library)
        program = ModuleGen(loader.fset, users, sources)
        with self.progress.phase("irgen"):
            generate_packages(program, program=self.starts)
            unsupported: list[Diagnostic] = []
            report(program, unsupported)
            loader.report(unsupported)
            if self.linked and package.name == "main" and not self.starts:
                raise BuildError(f"# {self.name}\n{NO_MAIN}")
            module = assemble(program)
            if self.options.ldflags:
                set_strings(module, parse_ldflags(self.options.ldflags))
        summary = self._runtime_summary()  # after all that can be wrong with the program
        flags = dict(summary)
        if self.starts:
            self.library = self._library(loader, sources, summary)
            flags.update(self.library.complete(program, module))
        apply_summary(module, flags)
        return module

    def _load(self, inputs: Sequence[str]) -> tuple[Loader, LoadedPackage]:
        """Reads and checks the program; answers its main package."""
        options = self.options
        loader = Loader(options.all_errors, options.goroot, self.fingerprint, options.tags, bodyless=not self.linked)
        return loader, loader.load_main(inputs)

    def _library_cache(self, loader: Loader) -> LibraryCache:
        return LibraryCache(self.cache, self._library_key(loader))

    def _library_key(self, loader: Loader) -> str:
        return digest_of([self.fingerprint, loader.goroot_key(), str(self.options.opt_level)])

    def _library(self, loader: Loader, sources: Sources, summary: Summary) -> LibraryBuild:
        level = self.options.opt_level
        return LibraryBuild(
            self._library_cache(loader),
            loader,
            sources,
            summary,
            lambda text: self._compile(text, level),
            self.progress,
            self.options.verify,
            level > 0,
        )

    def _runtime_key(self) -> str:
        return digest_of([self.fingerprint, "runtime", str(RUNTIME_OPT_LEVEL)])

    def _runtime_summary(self) -> Summary:
        kept = self.cache.get(self._runtime_key(), ".json")
        return json.loads(kept.read_bytes()) if kept is not None else self._lower_runtime()

    def _lower_runtime(self) -> Summary:
        """Lowers the runtime and has it compiled beside what comes next."""
        with self.progress.phase("runtime"), _quiet_collector():
            module = runtime_module()
            lower_to_coro(module, verify=self.options.verify)
            summary = summarise(module)
            lower_to_llvm(module, verify=self.options.verify)
            text = emit(module)
        self.runtime = ThreadPoolExecutor(1).submit(self._compile, text, RUNTIME_OPT_LEVEL)
        self.cache.put(self._runtime_key(), ".json", json.dumps(summary).encode())
        return summary

    def _runtime_object(self) -> Path:
        """The runtime's object file, compiled now if the cache has none."""
        kept = self.cache.get(self._runtime_key(), ".o")
        if kept is not None:
            return kept
        if self.runtime is None:
            self._lower_runtime()
        assert self.runtime is not None
        with self.progress.phase("runtime"):
            code = self.runtime.result().read_bytes()
        return self.cache.put(self._runtime_key(), ".o", code)

    def _compile(self, text: str, opt_level: int) -> Path:
        """The object file of LLVM IR text; the same text is compiled once."""
        key = digest_of([llvmlite.__version__, str(opt_level), text])
        return self.cache.get(key, ".o") or self.cache.put(key, ".o", compile_object(text, opt_level))


def runtime_module() -> ModuleOp:
    """The runtime in the go dialect."""
    loader = Loader()
    package = loader.load("runtime", folder_files(RUNTIME_FOLDER))
    module = generate([package.checked()], loader.fset, program=False)
    module.attributes[HOLDS_TYPES] = UnitAttr()
    return module


def require_start(module: ModuleOp, filename: str) -> None:
    """Raise BuildError if a module, of any level, does not define where a program starts."""
    for op in module.body.block.ops:
        name = op.properties.get("sym_name")
        if isinstance(name, StringAttr) and name.data in ("goir.start", "goir.start$coro") and op.regions[0].blocks:
            return
    raise BuildError(
        f"{filename}: no @goir.start: a program's module defines it; it initialises the packages and calls main.main"
    )


def require_platform() -> None:
    """Raise BuildError on machines that goir cannot make programs for."""
    system, machine = os.uname().sysname, os.uname().machine
    if (system, machine) != ("Linux", "x86_64"):
        raise BuildError(f"goir makes programs for Linux on x86-64 with glibc only; this is {system} on {machine}")
    with suppress(ValueError, OSError):
        if (os.confstr("CS_GNU_LIBC_VERSION") or "").startswith("glibc"):
            return
    raise BuildError("goir makes programs for Linux on x86-64 with glibc only; this system has another C library")


@contextmanager
def _located_failures() -> Generator[None]:
    """What a pass or the emitter cannot take becomes a message."""
    try:
        yield
    except LoweringError as error:
        raise BuildError(str(error)) from error
    except EmitError as error:
        raise InternalCompilerError(str(error)) from error


@contextmanager
def _quiet_collector() -> Generator[None]:
    """Python's cyclic collector is off while IR is built: everything is 1.5 to 4 times faster."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()  # else the first collection walks all of it
            gc.enable()


def run(
    inputs: Sequence[str], arguments: Sequence[str], flags: Sequence[str], options: Options, timings: bool = False
) -> None:
    """`goir run`: build into the cache, leave an action record, become the program."""
    build = Build(options)
    executable = build.executable(inputs)
    if executable is None:
        raise BuildError(f"package {build.name} is not a main package")
    record = fastpath.action_path(build.fingerprint, flags, inputs)
    build.cache.record(record, executable, {path: fastpath.file_digest(path) for path in build.inputs})
    build.progress.close()
    if timings:
        print(timings_report(build), file=sys.stderr)
    shutdown()
    fastpath.replace_process(str(executable), list(arguments))


def timings_report(build: Build) -> str:
    """The phases of a build, in milliseconds and per 1,000 lines of source."""
    rows = [f"{name:<16}{seconds * 1000:9.1f} ms" for name, seconds in build.progress.seconds.items()]
    if build.lines:
        rows = [
            f"{row}{build.progress.seconds[name] * 1e6 / build.lines:12.1f} ms per 1,000 lines"
            for row, name in zip(rows, build.progress.seconds, strict=True)
        ]
    library = build.library.lines if build.library is not None else 0
    return "\n".join([*rows, f"{build.lines} lines" + (f", {library} lines of library functions" if library else "")])
