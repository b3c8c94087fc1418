"""What a program needs of library packages: found by reachability, taken from the cache or compiled now."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from xdsl.dialects.builtin import DenseArrayBase, ModuleOp, StringAttr, SymbolRefAttr, UnitAttr, i64
from xdsl.ir import Attribute, Operation, Region

from goir.build.cache import digest_of
from goir.build.errors import BuildError
from goir.build.library import Compiled, LibraryCache, Object, closure, part_of
from goir.build.packages import Loader
from goir.build.progress import Progress
from goir.dialects import coro, go
from goir.dialects import go_types as gt
from goir.dialects import llvm_ext as llvm
from goir.irgen.context import ModuleGen
from goir.irgen.facts import Facts
from goir.irgen.library import Library, program_facts
from goir.irgen.module import deep_recursion
from goir.irgen.sources import Sources
from goir.lowering.emit_copies import Copy, choose_copies
from goir.lowering.emit_llvm import is_declaration
from goir.lowering.emit_parts import Part, emit_parts
from goir.lowering.escape_analysis import NOESCAPE, RETURNED
from goir.lowering.ir import START
from goir.lowering.map_functions import CALLING, library_functions_of
from goir.lowering.pipeline import lower_to_coro, lower_to_llvm
from goir.lowering.prune_unreachable import prune_unreachable
from goir.lowering.runtime_calls import LIBRARY_FUNCTIONS
from goir.lowering.type_module import lower_types

_DESCRIPTOR = "type:"
Summary = Mapping[str, Sequence[str]]


class LibraryBuild:
    """The library part of one build. `runtime` is the runtime's summary; `compile` makes the object of LLVM IR text and
    answers its key in the cache."""

    def __init__(
        self,
        cache: LibraryCache,
        loader: Loader,
        sources: Sources,
        runtime: Summary,
        compile: Callable[[str], Path],
        progress: Progress,
        verify: bool = False,
        with_copies: bool = True,
    ) -> None:
        self._cache = cache
        self._with_copies = with_copies
        self._copies: dict[str, Copy] | None = None
        self._loader = loader
        self._sources = sources
        self._runtime = runtime
        self._compile = compile
        self._progress = progress
        self._verify = verify
        self._kept = Compiled()
        self._made = Compiled()
        self._paths: list[str] = []
        self._program: ModuleGen | None = None
        self._facts = Facts(frozenset(), frozenset(), frozenset())
        self._library: Library | None = None
        self._plan = ""
        self._fresh = False
        self._started: dict[str, Any] = {}
        self.lines = 0
        """Lines of library functions that this build compiled."""

    def complete(self, program: ModuleGen, module: ModuleOp) -> Summary:
        """Has everything compiled that the user's module needs, and initialised by `goir.start`. Answers the summary of
        the library functions that the module refers to."""
        prune_unreachable(module)
        self._paths = [path for path in self._loader.closure() if path not in ("runtime", "unsafe")]
        ops = list(module.body.block.ops)
        if not self._paths and not any(map(_calls_library, ops)):
            return {}
        self._program = program
        self._facts = program_facts(program, library_functions_of, ops)
        self._plan = digest_of([*self._paths, *("\0".join(sorted(part)) for part in self._facts)])
        plan: Any = self._cache.plan(self._plan)
        if plan is None:
            library = self._reach()
            flags = {**self._kept.flags, **self._made.flags}
            referred = {s: flags[s] for s in self._facts.symbols if s in flags}
            start = library.start_order()
            plan = {
                "start": start,
                "flags": {**referred, **{s: flags.get(s, []) for s in start}},
                "copies": choose_copies({**self._kept_copies(), **self._made.copies}, self._facts.symbols),
            }
        self._started = plan
        call_first(module, plan["start"])
        return plan["flags"]

    def copies(self) -> dict[str, Copy]:
        """Copies of small library functions for the user's module."""
        return {symbol: Copy(*each) for symbol, each in self._started.get("copies", {}).items()}

    def _kept_copies(self) -> dict[str, Copy]:
        if self._copies is None:
            self._copies = self._cache.load_copies() if self._with_copies else {}
        return self._copies

    def adopt(self, module: ModuleOp) -> None:
        """Takes a lowered module that was read from IR: what it declares and library packages define is what it needs.
        Its `goir.start` says itself what is initialised."""
        symbols: set[str] = set()
        types: set[str] = set()
        for op in module.body.block.ops:
            if not isinstance(op, llvm.FuncOp | llvm.GlobalOp) or not is_declaration(op):
                continue
            name = op.sym_name.data
            if name.startswith(_DESCRIPTOR):
                named = gt.NamedType(name.removeprefix(_DESCRIPTOR).lstrip("*"))
                types.add(str(gt.PtrType(named) if name.startswith(_DESCRIPTOR + "*") else named))
            elif name in LIBRARY_FUNCTIONS or ("." in name and not name.startswith(("runtime.", "goir.", "llvm."))):
                symbols.add(name.removesuffix("·f").removesuffix("$coro"))
        if symbols or types:
            self._program = ModuleGen(self._loader.fset, [], self._sources)
            self._facts = Facts(frozenset(symbols), frozenset(types), frozenset())
            self._plan = digest_of("\0".join(sorted(part)) for part in self._facts)

    def finish(self, module: ModuleOp) -> list[Path]:
        """The object files to link with the user's lowered module; the descriptors that it and they refer to are
        compiled now if the cache has none."""
        if self._program is None:
            return []
        wanted = sorted(
            op.sym_name.data
            for op in module.body.block.ops
            if isinstance(op, llvm.GlobalOp) and op.linkage is None and op.sym_name.data.startswith(_DESCRIPTOR)
        )
        plan = digest_of([self._plan, *wanted])
        kept = self._cache.plan(plan)
        if kept is not None:
            paths = [self._cache.find(key) for key in kept]
            if all(path is not None for path in paths):
                return [path for path in paths if path is not None]
        chosen = self._link_set(wanted)
        self._cache.add(self._made)
        self._cache.add_plan(self._plan, self._started)
        self._cache.add_plan(plan, [each.key for each in chosen])
        return [self._cache.path(each) for each in chosen]

    def _link_set(self, wanted: Sequence[str]) -> list[Object]:
        try:
            chosen, missing = self._choose(wanted)
        except ValueError:
            chosen, missing = [], [_DESCRIPTOR]
        if missing and self._kept.objects:
            self._forget()
            chosen, _ = self._choose(wanted)
        return chosen

    def _choose(self, wanted: Sequence[str]) -> tuple[list[Object], list[str]]:
        """The objects to link, and the descriptors that none of them has."""
        library = self._library or self._reach()
        roots = [*library.reach.symbols, *wanted]
        methods = library.method_types() if library.reach.reflects else []
        tried: list[str] | None = None
        while True:
            chosen = closure([*self._made.objects, *self._kept.objects], roots)
            defined = {symbol for each in chosen for symbol in each.defines}
            needed = {symbol for each in chosen for symbol in each.needs if symbol.startswith(_DESCRIPTOR)}
            missing = sorted({*wanted, *needed} - defined)
            if missing == tried or (not missing and not methods):
                return chosen, [
                    m for m in missing if not m.removeprefix(_DESCRIPTOR).lstrip("*").startswith("runtime.")
                ]
            tried = missing
            # The types of methods mention types that are missing then.
            roots += self._compile_types(library, missing, methods)
            methods = []

    def _forget(self) -> None:
        """Has everything made again; the objects are the same. An instance of a generic type or function that only the
        cache knows is not found by its name."""
        self._fresh, self._made, self._library = True, Compiled(), None

    def _reach(self) -> Library:
        """Finds what the program needs, and compiles what the cache does not have of it."""
        library = self._walk()
        if self._kept.units and any("[" in symbol for symbol in library.undefined):
            self._forget()
            library = self._walk()
        self._require_defined(library)
        self.lines = library.lines
        if library.units:
            self._compile_new(library)
        return library

    def _walk(self) -> Library:
        """Finds what the program needs, and generates what the cache does not have of it."""
        program = self._program
        assert program is not None
        with self._progress.phase("library: cache"):
            self._kept = Compiled() if self._fresh else self._cache.load()
        library = Library(self._loader.fset, program.packages, self._sources, library_functions_of, self._kept.known())
        self._library = library
        self._made.instances = library.instances
        with self._progress.phase("library: irgen"), deep_recursion():
            library.add_program(program, self._facts)
            for path in self._paths:
                units = self._kept.packages.get(path)
                if units is None:
                    checked = self._loader.library(path)
                    assert checked is not None
                    units = self._made.packages[path] = library.initialisation(checked)
                library.add_package(path, units)
        wrong = [e for p in self._sources.packages.values() if p.lazy is not None for e in p.lazy.errors]
        self._loader.report(sorted({*wrong, *library.mod.errors}))
        return library

    def _compile_types(self, library: Library, symbols: Sequence[str], methods: Sequence[Attribute]) -> list[str]:
        """Compiles descriptors of library types and those of `methods`' types, whose symbols it answers."""
        assert self._program is not None
        with self._progress.phase("library: types"):
            module = library.type_module(self._program, symbols, methods)
            found = lower_types(module, methods)
        self._compile_parts(module)
        return found

    def _compile_new(self, library: Library) -> None:
        made = self._made
        made.units, made.types = library.units, library.types
        with self._progress.phase("library: lower"):
            module = library.module()
            apply_summary(module, {**self._runtime, **self._kept.flags})
            lower_to_coro(module, verify=self._verify)
            made.flags = summarise(module)
            lower_to_llvm(module, verify=self._verify)
        self._compile_parts(module)

    def _compile_parts(self, module: ModuleOp) -> None:
        with self._progress.phase("library: LLVM"), ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
            copies = self._kept_copies() if self._with_copies else None
            jobs = [(part, threads.submit(self._compile, part.text)) for part in emit_parts(module, part_of, copies)]
            for number, (part, job) in enumerate(jobs):
                self._progress.count(number, len(jobs))
                self._made.objects.append(_object(part, job.result()))
                self._made.copies.update(part.copies)

    def _require_defined(self, library: Library) -> None:
        """BuildError for functions without a body that the runtime does not have, if the program is linked."""
        if self._loader.bodyless:
            return
        missing = [s for s in library.undefined if s not in self._runtime and not s.startswith("runtime.")]
        if missing:
            users = {s: next((u for u, f in library.units.items() if s in f.symbols), "the program") for s in missing}
            lines = [f"{symbol}: not supported yet: {users[symbol]} needs it, it has no Go body" for symbol in missing]
            raise BuildError("\n".join(sorted(lines)))


def _object(part: Part, path: Path) -> Object:
    return Object(path.stem, part.defines, part.needs)


def _calls_library(top: Operation) -> bool:
    """Whether lowered code of a function may call functions of library packages."""
    return any(op.__class__ in CALLING for region in top.regions for block in region.blocks for op in block.ops)


def call_first(module: ModuleOp, symbols: Sequence[str]) -> None:
    """Makes `goir.start` call library initialisers before anything else."""
    start = next(op for op in module.body.block.ops if isinstance(op, go.FuncOp) and op.symbol == START)
    entry = start.body.block if len(start.body.blocks) == 1 else start.entry
    first = entry.first_op
    assert first is not None
    calls: list[Operation] = []
    for symbol in symbols:
        calls.append(go.CallOp.create(properties={"callee": SymbolRefAttr(symbol)}))
        declaration = go.FuncOp.create(
            properties={"sym_name": StringAttr(symbol), "function_type": gt.NULLARY_FUNC}, regions=[Region()]
        )
        module.body.block.add_op(declaration)
    entry.insert_ops_before(calls, first)


def summarise(module: ModuleOp) -> dict[str, list[str]]:
    """What callers must know of a module's functions: symbol → what the analyses found. `noescape` and `returned` are
    followed by the numbers in their lists."""
    summary: dict[str, list[str]] = {}
    for op in module.body.block.ops:
        if isinstance(op, go.FuncOp | coro.FuncOp) and op.body.blocks:
            name = op.symbol.removesuffix("$coro")
            flags = {"may_panic", "colour"} & op.properties.keys()
            if isinstance(op, coro.FuncOp):
                flags.add("colour")
            for kind in (NOESCAPE, RETURNED):
                if isinstance(numbers := op.properties.get(kind), DenseArrayBase):
                    flags.add(" ".join(map(str, (kind, *numbers.get_values()))))
            summary[name] = sorted({*summary.get(name, ()), *flags})
    return summary


def apply_summary(module: ModuleOp, summary: Summary) -> None:
    """Put the properties of another module's functions on their declarations here."""
    for op in module.body.block.ops:
        if isinstance(op, go.FuncOp) and op.is_declaration:
            for flag in summary.get(op.sym_name.data, ()):
                name, *numbers = flag.split()
                if numbers and isinstance(op.properties.get(name), UnitAttr):
                    continue  # declared here: nothing escapes
                op.properties[name] = DenseArrayBase.from_list(i64, list(map(int, numbers))) if numbers else UnitAttr()
