"""From checked packages to a module of the go dialect."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Region

from goir.irgen import inits, wrappers
from goir.irgen.context import UNIT, CheckedPackage, FuncMeta, ModuleGen
from goir.irgen.errors import NotSupportedError, Unsupported
from goir.irgen.func import FuncGen, generate_body, make_properties
from goir.syntax.positions import FileSet
from goir.types import types as T
from goir.types.info import Diagnostic
from goir.types.objects import Package, TypeName

__all__ = ["CheckedPackage", "NotSupportedError", "generate"]

_RECURSION_LIMIT = 200_000


def generate(
    packages: list[CheckedPackage], fset: FileSet, *, program: bool, errors: list[Diagnostic] | None = None
) -> ModuleOp:
    """The module of the given packages (in dependency order); with `program`, with `goir.start`.

    What is not supported is reported to `errors`; without that list NotSupportedError is raised for it."""
    mod = ModuleGen(fset, packages)
    generate_packages(mod, program=program)
    report(mod, errors)
    return assemble(mod)


def generate_packages(mod: ModuleGen, *, program: bool) -> None:
    """Generates everything in the packages of a module; with `program`, `goir.start` too, which calls the `main` of the
    last."""
    with deep_recursion():
        _generate(mod, program)
        wrappers.foreign_method_sets(mod)


def report(mod: ModuleGen, errors: list[Diagnostic] | None) -> None:
    """Adds what is not supported to `errors`; without that list NotSupportedError is raised for it."""
    found = sorted(set(mod.errors))
    if errors is not None:
        errors.extend(found)
    elif found:
        raise NotSupportedError(found)


def assemble(mod: ModuleGen) -> ModuleOp:
    """The module op with all that was generated."""
    return ModuleOp(Region(Block([*mod.type_ops, *mod.method_set_ops, *mod.global_ops, *mod.all_functions()])))


@contextmanager
def deep_recursion() -> Generator[None]:
    """A nested expression takes about six Python calls a level (they do not use the C stack)."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _RECURSION_LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _generate(mod: ModuleGen, program: bool) -> None:
    packages = mod.packages
    mod.on_methods = lambda t: wrappers.emit_method_sets(mod, t)
    mod.on_function = lambda meta: function(mod, meta)
    mod.collect()
    initialisers: list[str] = []
    for checked in packages:
        inits.define_variables(mod, checked)
    init_functions: dict[Package, list[str]] = {checked.package: [] for checked in packages}
    for meta in mod.functions:
        if meta.func.name == "init" and meta.func.signature.recv is None and meta.func.pkg is not None:
            init_functions[meta.func.pkg].append(meta.symbol)
        if not meta.is_generic:
            function(mod, meta)
            _drain(mod)
    for checked in packages:
        _named_types(mod, checked.package)
        _drain(mod)
        initialisers += inits.package_init(mod, checked, init_functions[checked.package])
        _drain(mod)
    if program:
        inits.start(mod, initialisers)


def _drain(mod: ModuleGen) -> None:
    """Generates what was found to be needed, and what that needs."""
    while mod.pending:
        work = mod.pending.pop()
        try:
            work()
        except Unsupported as problem:
            mod.errors.append(problem.diagnostic(0))


def _named_types(mod: ModuleGen, package: Package) -> None:
    """Types of the package that no function mentions: other modules may."""
    for name in sorted(package.scope.names()):
        obj = package.scope.lookup(name)
        if isinstance(obj, TypeName) and isinstance(obj.type, T.Named) and obj.type.obj is obj:
            t = obj.type
            if t.type_params:
                continue
            u = t.underlying
            if isinstance(u, T.Interface) and not u.is_method_set():
                continue
            try:
                mod.types(t)
            except Unsupported as problem:
                mod.errors.append(problem.diagnostic(obj.pos))


def function(mod: ModuleGen, meta: FuncMeta) -> None:
    """Generates a function of the module, or an instance of a generic one; or of another, if it is to be available."""
    if not meta.has_body and not meta.available:
        return
    mod.prepare(meta)
    decl, info, facts = meta.decl, meta.info, meta.facts
    assert decl is not None and decl.body is not None and info is not None and facts is not None
    pkg = meta.func.pkg
    assert pkg is not None
    g = FuncGen(mod, meta.symbol, info, pkg, facts, facts.functions[decl])
    g.pos = decl.pos
    mod.types.local_scope = meta.symbol
    try:
        properties = make_properties(meta.directives)
        if meta.available:
            properties["available"] = UNIT
        generate_body(g, decl.type, meta.func.signature, decl.recv, decl.body, (), properties)
    except Unsupported as problem:
        if meta.available:
            mod.declare_function(meta)
        else:
            mod.errors.append(problem.diagnostic(g.pos))
    except RecursionError:
        mod.errors.append(Diagnostic(g.pos, "not supported yet: nesting this deep"))
