"""Package initialisation: static data, a function for each initialiser that needs code, `goir.start`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import StringAttr

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.irgen import assign, closure, composite, expr, staticinit
from goir.irgen.context import UNIT, CheckedPackage, ModuleGen
from goir.irgen.errors import Unsupported
from goir.irgen.func import FuncGen
from goir.irgen.sources import Sources
from goir.irgen.staticdata import resolve
from goir.irgen.variables import Facts, Function, analyse
from goir.syntax import ast
from goir.types import types as T
from goir.types.info import Diagnostic, Info, Initializer
from goir.types.objects import Var


@dataclass(frozen=True)
class InitUnit:
    """A function that initialises variables of a package: one unit for each initialiser that needs code.

    `pure`: running it has no effect but on its variables, and it cannot panic; it can be left out when nothing uses them.
    `generate` adds the function to the module."""

    symbol: str
    vars: list[Var]
    pure: bool
    generate: Callable[[], None]


def init_units(mod: ModuleGen, checked: CheckedPackage, init_order: Sequence[Initializer]) -> list[InitUnit]:
    """The units of a package in order. What static data initialises is no unit."""
    path = checked.package.path
    units: list[InitUnit] = []
    unnamed = 0
    for init in init_order:
        if static_init(mod.sources, checked, init) is not None:
            continue
        name = next((v.name for v in init.lhs if v.name != "_"), None)
        if name is None:
            unnamed += 1
            name = f"_{unnamed}"
        symbol = f"{path}.init.var.{name}"
        pure = checked.lazy is not None and mod.sources.purity.initialiser(checked.info, init.rhs)
        units.append(InitUnit(symbol, init.lhs, pure, _generator(mod, checked, init, symbol)))
    return units


def _generator(mod: ModuleGen, checked: CheckedPackage, init: Initializer, symbol: str) -> Callable[[], None]:
    return lambda: _unit(mod, checked, init, symbol)


def define_variable(mod: ModuleGen, checked: CheckedPackage, var: Var) -> None:
    """Defines a variable of a package, with its static data if it has any."""
    if checked.lazy is not None:
        init = checked.lazy.initializer(var)
    else:
        init = next((i for i in checked.info.init_order if var in i.lhs), None)
    _define(mod, checked, var, init)


def _define(mod: ModuleGen, checked: CheckedPackage, var: Var, init: Initializer | None) -> None:
    found = static_init(mod.sources, checked, init) if init is not None else None
    try:
        value = checked.embeds.get(var)
        if found is not None and init is not None:
            value = _data(mod, checked, init, found)
        mod.define_global(var, go.DataAttr(value) if value is not None else None)
    except Unsupported as problem:
        mod.errors.append(problem.diagnostic(var.pos))


def _order(checked: CheckedPackage) -> Sequence[Initializer]:
    return checked.lazy.init_order() if checked.lazy is not None else checked.info.init_order


def static_init(sources: Sources, checked: CheckedPackage, init: Initializer) -> staticinit.StaticInit | None:
    """What an initialiser puts into its variable, if that is data; None if it takes code."""
    known = sources.static
    if init.rhs not in known:
        found = None
        if len(init.lhs) == 1:
            found = staticinit.find(
                sources, checked.info, init.rhs, init.lhs[0].type, lambda var: _before(sources, checked, init, var)
            )
        known[init.rhs] = found
    return known[init.rhs]


def _before(sources: Sources, checked: CheckedPackage, init: Initializer, var: Var) -> staticinit.StaticInit | None:
    """The value of another variable when `init` is evaluated: its static one, if nothing can have changed it by then.

    (gc copies initial values until an initialiser comes that may store to variables.)"""
    if var.pkg is not checked.package:
        return None
    order = _order(checked)
    without_effect = sources.without_effect.setdefault(checked.package, [])
    of_variable = None
    for i, other in enumerate(order):
        if other.rhs is init.rhs:
            break
        if i == len(without_effect):
            data = static_init(sources, checked, other) is not None
            without_effect.append(data or sources.purity.initialiser(checked.info, other.rhs))
        if not without_effect[i]:
            return None
        if other.lhs == [var]:
            of_variable = other
    return static_init(sources, checked, of_variable) if of_variable is not None else None


def _data(mod: ModuleGen, checked: CheckedPackage, init: Initializer, found: staticinit.StaticInit) -> go.StaticValue:
    """A static value with the symbols of what it refers to; generates its function literals."""
    if found.plain:
        return found.value
    literals: dict[ast.FuncLit, str] = {}
    if found.literals:
        g = _generator_of(mod, checked, init, f"{checked.package.path}.init.var.{init.lhs[0].name}")
        for lit in found.literals:
            literals[lit] = closure.literal_function(g, lit)

    return resolve(mod, found.value, literals)


def define_variables(mod: ModuleGen, checked: CheckedPackage) -> None:
    """Defines all variables of a package."""
    initialisers = {var: init for init in checked.info.init_order for var in init.lhs}
    for file in checked.files:
        for decl in file.decls:
            if not isinstance(decl, ast.GenDecl) or decl.tok != "var":
                continue
            for spec in decl.specs:
                assert isinstance(spec, ast.ValueSpec)
                for name in spec.names:
                    var = checked.info.defs.get(name)
                    if isinstance(var, Var) and name.name != "_" and not mod.is_pulled(var):
                        _define(mod, checked, var, initialisers.get(var))


def package_init(mod: ModuleGen, checked: CheckedPackage, inits: list[str]) -> list[str]:
    """Generates the units of a package. Answers what initialises it, in order: units, then the functions `inits`."""
    units = init_units(mod, checked, checked.info.init_order)
    if checked.package.path == "runtime":
        # The runtime works before anything is initialised (docs/abi.md).
        mod.errors.extend(
            Diagnostic(
                u.vars[0].pos, "not supported yet: variables of the runtime that are not initialised by static data"
            )
            for u in units
            if any(v.name != "_" for v in u.vars)
        )
        return []
    for unit in units:
        unit.generate()
    return [*(unit.symbol for unit in units), *inits]


def _generator_of(mod: ModuleGen, checked: CheckedPackage, init: Initializer, symbol: str) -> FuncGen:
    """A function for code of an initialiser."""
    facts = analyse(checked.info, init.rhs)
    own = Function(None) if isinstance(init.rhs, ast.FuncLit) else facts.functions[init.rhs]
    g = FuncGen(mod, symbol, checked.info, checked.package, facts, own)
    mod.types.local_scope = symbol
    if any(isinstance(node, ast.FuncLit) for node in facts.functions):
        g.lit_base = f"{checked.package.path}.init"
        g.lits = _literals_before(checked, init)
    return g


def _unit(mod: ModuleGen, checked: CheckedPackage, init: Initializer, symbol: str) -> None:
    g = _generator_of(mod, checked, init, symbol)
    g.once = lambda var: _before(mod.sources, checked, init, var)
    pos = init.lhs[0].pos if init.lhs else init.rhs.pos
    try:
        _initialise(g, init)
    except Unsupported as problem:
        mod.errors.append(problem.diagnostic(init.rhs.pos))
        return
    g.end(go.ReturnOp.create(location=mod.loc(pos)))
    # Traces know one function that initialises all variables of a package.
    g.finish(gt.NULLARY_FUNC, [], pos, {"display": StringAttr(f"{checked.package.path}.init"), "once": UNIT})


def _literals_before(checked: CheckedPackage, init: Initializer) -> int:
    """How many function literals the initialisers before this one have, literals within literals not counted."""
    count = 0

    def visit(node: ast.Node) -> bool:
        nonlocal count
        if isinstance(node, ast.FuncLit):
            count += 1
            return False
        return True

    for other in _order(checked):
        if other.rhs is init.rhs:
            break
        ast.inspect(other.rhs, visit)
    return count


def _initialise(g: FuncGen, init: Initializer) -> None:
    if len(init.lhs) == 1:
        var = init.lhs[0]
        if var.name == "_":
            if not g.is_nil(init.rhs):
                expr.expr_as(g, init.rhs, var.type)
            return
        inner = ast.unparen(init.rhs)
        ptr = g.box(var, var.pos)
        assert ptr is not None
        if (
            isinstance(inner, ast.CompositeLit)
            and isinstance(var.type.underlying, (T.Struct, T.Array))
            and g.t(g.type_of(inner)) == g.t(var.type)
        ):
            # The variable is still zero, and nothing that is initialised before it refers to it.
            composite.build(g, inner, var.type, ptr)
            return
        g.store(expr.expr_as(g, init.rhs, var.type), ptr, init.rhs.pos)
        return
    if not init.lhs:
        assign.discard(g, init.rhs)
        return
    values, types = assign.several(g, init.rhs, len(init.lhs))
    for var, value, t in zip(init.lhs, values, types, strict=True):
        if var.name != "_":
            g.write(var, g.convert(value, t, var.type, init.rhs.pos), init.rhs.pos)


def start(mod: ModuleGen, initialisers: Sequence[str]) -> None:
    """`goir.start`: initialises the packages and calls main.main."""
    main = mod.packages[-1]
    g = FuncGen(mod, "goir.start", Info(), main.package, Facts(), Function(None))
    # What is inlined into a function that stands nowhere would be lost from traces.
    entry = main.package.scope.lookup("main")
    assert entry is not None
    pos = entry.pos
    for symbol in (*initialisers, "main.main"):
        g.op(go.CallOp, (), (), pos, {"callee": mod.symbol(symbol)})
    g.end(go.ReturnOp.create())
    g.finish(gt.NULLARY_FUNC, [], pos, {})
