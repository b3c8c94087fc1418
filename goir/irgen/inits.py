"""Package initialisation: variables in dependency order, then init functions; `goir.start`."""

from __future__ import annotations

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


def package_variables(mod: ModuleGen, checked: CheckedPackage) -> list[Initializer]:
    """Defines the variables of a package; answers the initialisers that need code."""
    static: dict[Var, Attribute] = {}
    dynamic: list[Initializer] = []
    info = checked.info
    for init in info.init_order:
        tv = info.types.get(init.rhs)
        if len(init.lhs) == 1 and tv is not None:
            var = init.lhs[0]
            if tv.mode == "nilvalue" or (isinstance(tv.type, T.Basic) and tv.type.kind == T.UNTYPED_NIL):
                continue
            if tv.value is not None:
                value = const.static_value(tv.value, var.type) if not is_interface(var.type) else None
                if value is not None:
                    static[var] = value
                    continue
        dynamic.append(init)
    for file in checked.files:
        for decl in file.decls:
            if not isinstance(decl, ast.GenDecl) or decl.tok != "var":
                continue
            for spec in decl.specs:
                assert isinstance(spec, ast.ValueSpec)
                for name in spec.names:
                    var = info.defs.get(name)
                    if isinstance(var, Var) and name.name != "_":
                        try:
                            mod.define_global(var, static.get(var))
                        except Unsupported as problem:
                            mod.errors.append(problem.diagnostic(name.pos))
    return dynamic


def package_init(mod: ModuleGen, checked: CheckedPackage, dynamic: list[Initializer], inits: list[str]) -> bool:
    """Generates `pkg.init`, if it has anything to do: initialisers, then the init functions in order."""
    path = checked.package.path
    if path == "runtime":
        # The runtime works before anything is initialised (docs/abi.md).
        mod.errors.extend(
            Diagnostic(i.rhs.pos, "not supported yet: variables of the runtime that are not initialised by a constant")
            for i in dynamic
            if any(v.name != "_" for v in i.lhs)
        )
        return False
    if not dynamic and not inits:
        return False
    g = FuncGen(mod, f"{path}.init", checked.info, checked.package, Facts(), Function(None))
    mod.types.local_scope = g.symbol
    for init in dynamic:
        g.facts = analyse(checked.info, init.rhs)
        g.fn = g.facts.functions[init.rhs]
        try:
            _initialise(g, init)
        except Unsupported as problem:
            mod.errors.append(problem.diagnostic(init.rhs.pos))
    pos = checked.files[0].pos if checked.files else 0
    for symbol in inits:
        g.op(go.CallOp, (), (), pos, {"callee": mod.symbol(symbol)})
    g.end(go.ReturnOp.create(location=mod.loc(pos)))
    g.finish(gt.NULLARY_FUNC, [], pos, {})
    return True


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


def start(mod: ModuleGen, initialised: list[CheckedPackage]) -> None:
    """`goir.start`: initialises the packages in order and calls main.main."""
    main = mod.packages[-1]
    g = FuncGen(mod, "goir.start", Info(), main.package, Facts(), Function(None))
    for checked in initialised:
        g.op(go.CallOp, (), (), 0, {"callee": mod.symbol(f"{checked.package.path}.init")})
    g.op(go.CallOp, (), (), 0, {"callee": mod.symbol("main.main")})
    g.end(go.ReturnOp.create())
    g.finish(gt.NULLARY_FUNC, [], 0, {})
