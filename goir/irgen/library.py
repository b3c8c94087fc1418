"""The module of library functions: generated as a program reaches them.

The module of the user's packages refers to functions, variables and types of library packages. From these, and from what
initialises the packages of the import closure, reachability (reach.py) asks for unit after unit; a unit whose facts are
known already (it was compiled for another program) is not generated again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple, cast

from xdsl.dialects.builtin import ArrayAttr, ModuleOp, StringAttr, UnitAttr
from xdsl.ir import Attribute, Block, Operation, ParametrizedAttribute, Region

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.dialects.go_types import child_types
from goir.irgen import inits, wrappers
from goir.irgen.context import FuncMeta, ModuleGen
from goir.irgen.errors import Unsupported
from goir.irgen.facts import FactFinder, Facts, Method, Needs, TypeFacts, method_key
from goir.irgen.module import function
from goir.irgen.reach import Reach
from goir.irgen.sources import CheckedPackage, Instance, Sources
from goir.irgen.sources import Method as FoundMethod
from goir.irgen.type_finder import TypeFinder, parse_type
from goir.syntax.positions import FileSet
from goir.types import types as T
from goir.types.lookup import method_set
from goir.types.objects import Func, Var


class Known(NamedTuple):
    """What the cache knows of units and types that are compiled: their facts; and the type arguments of instances."""

    units: Mapping[str, Facts]
    types: Mapping[str, TypeFacts]
    instances: Mapping[str, Sequence[str]]


class Initialisation(NamedTuple):
    """A unit that initialises variables of a package (or one of its init functions). If it is `pure` it runs only when
    one of `variables` is reached."""

    symbol: str
    variables: tuple[str, ...]
    pure: bool


CALLED_BY_RUNTIME = tuple(method_key(name, "", gt.FuncType([], [gt.STRING])) for name in ("Error", "String"))
"""Methods of panic values: the runtime prints these by calling them."""


def program_facts(program: ModuleGen, needs: Needs, ops: Iterable[Operation]) -> Facts:
    """What functions and variables of the user's module refer to outside of it."""
    ops = list(ops)
    own = {_symbol(op) for op in ops if _is_definition(op)}
    texts = program.types.texts
    facts = FactFinder(_Underlying(program), needs, lambda text, attr: texts.update({text: attr})).of(ops)
    return facts._replace(symbols=facts.symbols - own)


class Library:
    """Generates what a program needs of library packages.

    `program` is the module of the user's packages; `needs` says which library functions the lowering of an op calls."""

    def __init__(
        self, fset: FileSet, users: Sequence[CheckedPackage], sources: Sources, needs: Needs, known: Known | None = None
    ) -> None:
        self.sources = sources
        self.known = known or Known({}, {}, {})
        self.mod = ModuleGen(fset, list(users), sources, on_demand=True)
        self.mod.on_function = self._function
        self.lines = 0
        """Lines of source of the functions and variables that were generated."""
        self.mod.on_intrinsic = lambda meta: wrappers.intrinsic_function(self.mod, meta)
        self.mod.on_variable = self._variable
        self.units: dict[str, Facts] = {}
        """Facts of what was generated."""
        self.available: list[Facts] = []
        """Facts of functions whose bodies are here to be inlined."""
        self.types: dict[str, TypeFacts] = {}
        self.instances: dict[str, list[str]] = {}
        """Type arguments of the instances that the modules have met, by symbol."""
        self.reach = Reach(self._unit, self._type, self._on_method)
        self.tables: dict[str, None] = {}
        """Methods that interface tables and descriptors must hold."""
        self.undefined: dict[str, None] = {}
        """Symbols that nothing here defines: the runtime must, or they are missing."""
        self._underlying = _Underlying(self.mod)
        self._finder = FactFinder(self._underlying, needs, self._meet)
        self._found = TypeFinder(sources, self.mod.types.named, self._instance_arguments)
        self._attrs: dict[str, tuple[ModuleGen, Attribute]] = {}
        self._order: dict[str, list[Initialisation]] = {}
        self._initialisers: dict[str, inits.InitUnit] = {}
        self._initialised: set[str] = set()
        self._of_variable: dict[str, str] = {}

    # What the program asks for ----------------------------------------------------------------------------------------

    def add_program(self, program: ModuleGen, facts: Facts) -> None:
        """Everything that the user's module needs."""
        for text, attr in program.types.texts.items():
            self._attrs.setdefault(text, (program, attr))
        self.reach.add(facts.symbols, facts.types, (*facts.calls, *CALLED_BY_RUNTIME))

    def add_package(self, path: str, units: Sequence[Initialisation]) -> None:
        """A package of the import closure, in the order of initialisation."""
        self._order[path] = list(units)
        for unit in units:
            if unit.pure:
                for variable in unit.variables:
                    self._of_variable[variable] = unit.symbol
                    if variable in self.reach.symbols:
                        self.reach.add([unit.symbol])
            else:
                self.reach.add([unit.symbol])

    def initialisation(self, checked: CheckedPackage) -> list[Initialisation]:
        """How a library package is initialised, from its source."""
        assert checked.lazy is not None
        self._initialised.add(checked.package.path)
        found: list[Initialisation] = []
        for unit in inits.init_units(self.mod, checked, checked.lazy.init_order()):
            self._initialisers[unit.symbol] = unit
            variables = tuple(self.mod.global_symbol(v).string_value() for v in unit.vars if v.name != "_")
            found.append(Initialisation(unit.symbol, variables, unit.pure))
        units = len(found)
        for func, source in self.sources.functions(checked):
            if func.name == "init" and source.decl.recv is None:
                symbol = f"{checked.package.path}.init.{len(found) - units}"
                meta = self.mod.enter_init(func, symbol)
                self.mod.makers[symbol] = lambda meta=meta: self._function(meta)
                found.append(Initialisation(symbol, (), False))
        return found

    def start_order(self) -> list[str]:
        """What `goir.start` calls, in order."""
        return [u.symbol for units in self._order.values() for u in units if u.symbol in self.reach.symbols]

    # What reachability asks for ---------------------------------------------------------------------------------------

    def _unit(self, symbol: str) -> Facts | None:
        facts = self.units.get(symbol) or self.known.units.get(symbol)
        if facts is None:
            facts = self._generate(symbol)
        if facts is not None and symbol in self._of_variable:
            facts = facts._replace(symbols=facts.symbols | {self._of_variable[symbol]})
        return facts

    def _generate(self, symbol: str) -> Facts | None:
        mod = self.mod
        make = mod.makers.pop(symbol, None) or self._initialiser(symbol)
        if make is None:
            self._mention(symbol)
            make = mod.makers.pop(symbol, None)
        if make is None:
            made = self.sources.made.get(symbol)
            source = self.sources.declaration(made) if isinstance(made, Func) else None
            if source is None or not {"extern", "intrinsic"} & source.directives.keys():
                self.undefined[symbol] = None
            return None
        self._make(make)
        return self.units.get(symbol)

    def _make(self, make: Callable[[], None]) -> None:
        """Generates something, and finds the facts of what comes of it."""
        mod = self.mod
        functions, variables = len(mod.func_ops), len(mod.global_ops)
        try:
            make()
            while mod.pending:
                mod.pending.pop()()
        except Unsupported as problem:
            mod.errors.append(problem.diagnostic(0))
        for op in (*mod.func_ops[functions:], *mod.global_ops[variables:]):
            if _is_definition(op):
                self.units[_symbol(op)] = self._finder.of([op])
            elif op.regions and op.regions[0].blocks:
                self.available.append(self._finder.of([op]))

    def _initialiser(self, symbol: str) -> Callable[[], None] | None:
        """How a unit that initialises a package is generated; the package may be known from the cache only."""
        path, found, _ = symbol.partition(".init.")
        if not found:
            return None
        if symbol not in self._initialisers and path not in self._initialised:
            checked = self.sources.package_at(path)
            if checked is None or checked.lazy is None:
                return None
            self.initialisation(checked)
        unit = self._initialisers.get(symbol)
        return unit.generate if unit is not None else self.mod.makers.pop(symbol, None)

    def _mention(self, symbol: str) -> None:
        """Has a symbol that other modules or the cache refer to resolved to what it stands for."""
        made = self.sources.made.get(symbol)
        if made is None or self._is_pulled(made):
            made = self._find(symbol) or made
        if isinstance(made, Func) and made.pkg is not None and self._is_pulled(made):
            made = self.sources.pushed_by_import(symbol, made.pkg) or made
        match made:
            case Func():
                self.mod.meta(made)
            case Var():
                self.mod.global_symbol(made)
            case Instance(func, arguments):
                self.mod.meta(func, arguments)
            case FoundMethod(recv, func, index):
                wrappers.method_function(self.mod, recv, func, index)
            case _:
                pass

    def _is_pulled(self, made: object) -> bool:
        """Whether a function has no body where it was mentioned: another package may define it."""
        if not isinstance(made, Func):
            return False
        found = self.sources.declaration(made)
        return found is not None and found.decl.body is None and not found.directives.keys() & {"extern", "intrinsic"}

    def _find(self, symbol: str) -> Func | Var | FoundMethod | Instance | None:
        """A function, method or variable of a library package by its symbol."""
        pushed = self.sources.pushed(symbol)
        if pushed is not None:
            return pushed
        generic = symbol.partition("[")[0]
        dot = generic.find(".", generic.rfind("/") + 1)
        checked = self.sources.package_at(symbol[:dot]) if dot > 0 else None
        if checked is None or checked.lazy is None:
            return None
        rest = symbol[dot + 1 :]
        if "." not in generic[dot + 1 :] and (generic == symbol or symbol.endswith("]")):
            obj = checked.package.scope.lookup(generic[dot + 1 :])
            if not isinstance(obj, (Func, Var)):
                return None
            checked.lazy.resolve(obj)
            if generic == symbol:
                return obj
            arguments = self._found.arguments(symbol)
            return Instance(obj, arguments) if isinstance(obj, Func) and arguments is not None else None
        base, _, name = rest.rpartition(".")
        t = self._found.named(f"{symbol[:dot]}.{base.removeprefix('(*').removesuffix(')')}")
        if t is None:
            return None
        for method in t.orig.methods:
            if method.name == name:
                checked.lazy.resolve(method)
        # What method sets hold without Go code for it is found too.
        recv = T.Pointer(t) if base.startswith("(*") else t
        for selection in method_set(recv):
            if isinstance(selection.obj, Func) and wrappers.promoted_name(selection.obj, t) == name:
                return FoundMethod(recv, selection.obj, selection.index)
        return None

    def _instance_arguments(self, symbol: str) -> Sequence[str] | None:
        return self.instances.get(symbol) or self.known.instances.get(symbol)

    def _keep_instances(self, mod: ModuleGen) -> None:
        """Remembers the type arguments of the instances of library types and functions that a module has met."""
        for symbol, arguments in list(mod.instances()):
            if symbol not in self.known.instances:
                self.instances[symbol] = [self._finder.text(mod.types(argument)) for argument in arguments]

    def _meet(self, text: str, attr: Attribute) -> None:
        self._attrs.setdefault(text, (self.mod, attr))

    def _type(self, text: str) -> TypeFacts:
        found = self.types.get(text) or self._known_type(text)
        if found is not None:
            return found
        home, attr = self._attrs.get(text) or self._resolve(text)
        t = home.types.origin(attr)
        mod = self.mod
        if home is not mod and t is not None:
            attr = mod.types(t)
        children: list[str] = []
        for child in child_types(attr, self._underlying(attr)):
            children.append(self._finder.type(child))
        methods: list[Method] = []
        base = t.elem if isinstance(t, T.Pointer) else t
        if t is not None and base is not None and not isinstance(base.underlying, T.Interface):
            if mod.owns_type(base):
                methods = self._methods(t, attr)
            elif isinstance(base, T.Named) and base.obj.pkg is not None and base.obj.pkg.path == "runtime":
                self._methods(t, attr)  # for tables; the runtime has them all
        found = self.types[text] = TypeFacts(tuple(children), tuple(methods))
        return found

    def _known_type(self, text: str) -> TypeFacts | None:
        """The facts that the cache has of a type. Methods of a type without a name are not found by their symbols, so the type
        is new if the cache does not have all of them: those that no program has needed yet, and those of a package's tests,
        which are kept apart, with what comes with them."""
        found = self.known.types.get(text)
        if found is not None:
            for method in found.methods:
                if any(s.startswith("go:") and s not in self.known.units for s in (method.ifn, method.tfn)):
                    return None
        return found

    def _resolve(self, text: str) -> tuple[ModuleGen, Attribute]:
        """A type that a module of IR or the cache mentions, by its text."""
        attr = parse_type(text)
        t = self._found.type(attr)
        if t is not None:
            self.mod.types(t)
        return self.mod, attr

    def _methods(self, t: T.Type, attr: Attribute) -> list[Method]:
        """The method set of a type, which the module will hold."""
        op = wrappers.method_set_op(self.mod, t)
        if op is None:
            return []
        self.mod.method_set_ops.append(op)
        return [
            Method(
                method_key(m.method_name.data, m.pkg.data, m.type),
                not m.pkg.data,
                m.ifn.string_value(),
                m.tfn.string_value(),
            )
            for m in op.methods.data
        ]

    def _on_method(self, method: Method, reflects: bool) -> None:
        self.tables[method.ifn] = None
        if reflects:
            self.tables[method.tfn] = None

    def _function(self, meta: FuncMeta) -> None:
        if meta.decl is not None:
            position = self.mod.fset.position
            self.lines += position(meta.decl.end).line - position(meta.decl.pos).line + 1
        function(self.mod, meta)

    def _variable(self, var: Var) -> None:
        assert var.pkg is not None
        checked = self.sources.package(var.pkg)
        assert checked is not None
        inits.define_variable(self.mod, checked, var)

    # Descriptors ------------------------------------------------------------------------------------------------------

    def method_types(self) -> list[Attribute]:
        """The types of the methods that reflection may find: exported ones of library types."""
        if not self.reach.reflects:
            return []
        texts = {
            method.key.split(" ", 2)[2]
            for type in self.reach.types
            for method in self._type(type).methods
            if method.exported
        }
        return [parse_type(text) for text in sorted(texts)]

    def type_module(self, program: ModuleGen, wanted: Iterable[str], also: Sequence[Attribute] = ()) -> ModuleOp:
        """A module that holds the descriptors of library types, by symbol (`type:os.File`, `type:*os.File`), and of the
        library types that these refer to: `go.type` ops that are not external, and all their method sets. Named types
        that `also` mentions are declared."""
        mod = ModuleGen(self.mod.fset, self.mod.packages, self.sources, on_demand=True)
        work: list[T.Type] = []
        for symbol in wanted:
            found = self._named(program, symbol.removeprefix("type:").lstrip("*"))
            if found is not None:
                work.append(found)
        seen: set[T.Type] = set()
        while work:
            t = work.pop()
            if t in seen:
                continue
            seen.add(t)
            mod.types(t)
            if isinstance(t, T.Named):
                if not mod.owns_type(t):
                    continue
                work.append(t.underlying)
            for recv in (t, T.Pointer(t)) if isinstance(t, T.Named) else (t,):
                op = None if isinstance(t.underlying, T.Interface) else wrappers.method_set_op(mod, recv)
                if op is not None:
                    mod.method_set_ops.append(op)
            work += _components(t)
        for attr in also:
            for each in _named_types(attr):
                if (t := self._named(program, each.sym.data)) is not None:
                    mod.types(t)
        for op in mod.type_ops:
            assert isinstance(op, go.TypeOp)
            named = mod.types.named(op.sym_name.data)
            if named in seen and mod.owns_type(named):
                op.properties.pop("external", None)
        self._keep_instances(mod)
        module = ModuleOp(Region(Block([*mod.type_ops, *mod.method_set_ops])))
        module.attributes["goir.library"] = UnitAttr()
        return module

    def _named(self, program: ModuleGen, symbol: str) -> T.Named | None:
        """The named type of a symbol."""
        return program.types.named(symbol) or self._found.named(symbol)

    # The module -------------------------------------------------------------------------------------------------------

    def module(self) -> ModuleOp:
        """What was generated; what it refers to of other modules is declared."""
        mod = self.mod
        self._make_available()
        known = [*self.units.values(), *self.available]
        for text in sorted({text for facts in known for text in facts.types}):
            self._table(text)
        for op in mod.method_set_ops:
            assert isinstance(op, go.MethodSetOp)
            for method in op.methods.data:
                self._declare(method.ifn.string_value())
                self._declare(method.tfn.string_value())
        for facts in known:
            for symbol in facts.symbols:
                self._declare(symbol)
        self._keep_instances(mod)
        block = Block([*mod.type_ops, *mod.method_set_ops, *mod.global_ops, *mod.all_functions()])
        module = ModuleOp(Region(block))
        module.attributes["goir.library"] = UnitAttr()
        return module

    def _make_available(self) -> None:
        """Generates the bodies of functions that are compiled already, for those that may inline them."""
        mod = self.mod
        while mod.constructors:
            symbol, meta = mod.constructors.popitem()
            if symbol in self.known.units and symbol not in self.units:
                self._make(partial(mod.make_available, meta))

    def _table(self, text: str) -> None:
        """Interface tables of a type whose facts were known need its method set here too."""
        home, attr = self._attrs[text]
        t = home.types.origin(attr)
        if text not in self.types and t is not None and not isinstance(t.underlying, T.Interface):
            self._methods(t, attr)

    def _declare(self, symbol: str) -> None:
        mod = self.mod
        if symbol in self.units or mod.is_mentioned(symbol):
            return
        made = self.sources.made.get(symbol) or self._find(symbol)
        match made:
            case Func():
                recv = made.signature.recv
                mod.declare(symbol, mod.types.signature(made.signature, recv.type if recv is not None else None))
            case Var():
                mod.declare_global(symbol, mod.types(made.type))
            case Instance(generic, arguments):
                func = mod.meta(generic, arguments).func
                recv = func.signature.recv
                mod.declare(symbol, mod.types.signature(func.signature, recv.type if recv is not None else None))
            case FoundMethod(recv_type, func, _):
                mod.declare(symbol, mod.types.signature(func.signature, recv_type))
            case _:
                pass


def _named_types(attr: Attribute) -> Iterator[gt.NamedType]:
    """The named types that a type mentions."""
    if isinstance(attr, gt.NamedType):
        yield attr
    elif isinstance(attr, ParametrizedAttribute):
        for part in attr.parameters:
            yield from _named_types(part)
    elif isinstance(attr, ArrayAttr):
        for part in cast("ArrayAttr[Attribute]", attr).data:
            yield from _named_types(part)


def _components(t: T.Type) -> list[T.Type]:
    """The types that the descriptor of a type without a name refers to."""
    match t:
        case T.Pointer() | T.Slice() | T.Array() | T.Chan():
            return [t.elem]
        case T.Map():
            return [t.key, t.elem]
        case T.Struct():
            return [f.type for f in t.fields]
        case T.Signature():
            return [v.type for v in (*t.params.vars, *t.results.vars)]
        case T.Interface():
            return [m.signature for m in t.all_methods()]
        case _:
            return []


def _is_definition(op: Operation) -> bool:
    """Whether an op defines a function or a variable here."""
    if isinstance(op, go.FuncOp):
        return not op.is_declaration
    return isinstance(op, go.GlobalOp) and op.external is None


def _symbol(op: Operation) -> str:
    name = op.properties["sym_name"]
    assert isinstance(name, StringAttr)
    return name.data


class _Underlying:
    """Resolves named types of a module that is being generated."""

    def __init__(self, mod: ModuleGen) -> None:
        self._mod = mod
        self._types: dict[str, Attribute] = {}
        self._seen = 0

    def __call__(self, type: Attribute) -> Attribute:
        while isinstance(type, gt.NamedType):
            ops = self._mod.type_ops
            for op in ops[self._seen :]:
                assert isinstance(op, go.TypeOp)
                self._types[op.sym_name.data] = op.underlying
            self._seen = len(ops)
            under = self._types.get(type.sym.data)
            if under is None:
                break
            type = under
        return type
