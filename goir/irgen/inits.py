"""Package initialisation: static data, a function for each initialiser that needs code, `goir.start`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Attribute

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.irgen import assign, composite, const, expr
from goir.irgen.context import CheckedPackage, ModuleGen
from goir.irgen.errors import Unsupported
from goir.irgen.func import FuncGen
from goir.irgen.types import is_interface
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
        if static_init(checked, init) is not None:
            continue
        name = next((v.name for v in init.lhs if v.name != "_"), None)
        if name is None:
            unnamed += 1
            name = f"_{unnamed}"
        symbol = f"{path}.init.var.{name}"
        units.append(InitUnit(symbol, init.lhs, False, _generator(mod, checked, init, symbol)))
    return units


def _generator(mod: ModuleGen, checked: CheckedPackage, init: Initializer, symbol: str) -> Callable[[], None]:
    return lambda: _unit(mod, checked, init, symbol)


def define_variable(mod: ModuleGen, checked: CheckedPackage, var: Var) -> None:
    """Defines a variable of a package, with its static data if it has any."""
    init = checked.lazy.initializer(var) if checked.lazy is not None else _initializer(checked, var)
    value = static_init(checked, init) if init is not None else None
    try:
        mod.define_global(var, value if isinstance(value, Attribute) else None)
    except Unsupported as problem:
        mod.errors.append(problem.diagnostic(var.pos))


def _initializer(checked: CheckedPackage, var: Var) -> Initializer | None:
    return next((init for init in checked.info.init_order if var in init.lhs), None)


def _order(checked: CheckedPackage) -> Sequence[Initializer]:
    return checked.lazy.init_order() if checked.lazy is not None else checked.info.init_order


def static_init(checked: CheckedPackage, init: Initializer) -> Attribute | str | None:
    """The initial value as data: "zero" for the zero value, None if it takes code."""
    tv = checked.info.types.get(init.rhs)
    if len(init.lhs) != 1 or tv is None:
        return None
    if tv.mode == "nilvalue" or (isinstance(tv.type, T.Basic) and tv.type.kind == T.UNTYPED_NIL):
        return "zero"
    var = init.lhs[0]
    if tv.value is not None and not is_interface(var.type):
        return const.static_value(tv.value, var.type)
    return None


def define_variables(mod: ModuleGen, checked: CheckedPackage) -> None:
    """Defines all variables of a package."""
    for file in checked.files:
        for decl in file.decls:
            if not isinstance(decl, ast.GenDecl) or decl.tok != "var":
                continue
            for spec in decl.specs:
                assert isinstance(spec, ast.ValueSpec)
                for name in spec.names:
                    var = checked.info.defs.get(name)
                    if isinstance(var, Var) and name.name != "_":
                        define_variable(mod, checked, var)


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


def _unit(mod: ModuleGen, checked: CheckedPackage, init: Initializer, symbol: str) -> None:
    facts = analyse(checked.info, init.rhs)
    g = FuncGen(mod, symbol, checked.info, checked.package, facts, facts.functions[init.rhs])
    mod.types.local_scope = g.symbol
    # Traces know one function that initialises all variables of a package.
    name = f"{checked.package.path}.init"
    if len(facts.functions) > 1:
        g.lit_base = name
        g.lits = _literals_before(checked, init)
    pos = init.lhs[0].pos if init.lhs else init.rhs.pos
    try:
        _initialise(g, init)
    except Unsupported as problem:
        mod.errors.append(problem.diagnostic(init.rhs.pos))
        return
    g.end(go.ReturnOp.create(location=mod.loc(pos)))
    g.finish(gt.NULLARY_FUNC, [], pos, {"display": StringAttr(name)})


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
    for symbol in (*initialisers, "main.main"):
        g.op(go.CallOp, (), (), 0, {"callee": mod.symbol(symbol)})
    g.end(go.ReturnOp.create())
    g.finish(gt.NULLARY_FUNC, [], 0, {})
