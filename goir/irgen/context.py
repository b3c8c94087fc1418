"""What the functions of one module share while they are generated: symbols, declarations, types, locations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from xdsl.dialects.builtin import (
    ArrayAttr,
    FileLineColLoc,
    FloatAttr,
    IntAttr,
    IntegerAttr,
    LocationAttr,
    StringAttr,
    SymbolRefAttr,
    UnitAttr,
    UnknownLoc,
    f64,
    i1,
    i64,
)
from xdsl.ir import Attribute, Operation, Region

from goir.dialects import go
from goir.dialects import go_types as gt
from goir.irgen.errors import Unsupported
from goir.irgen.instances import InstanceInfo, Substitution
from goir.irgen.sources import COLOURED, SUSPENDING, CheckedPackage, Declaration, Instance, Sources
from goir.irgen.types import TypeConverter
from goir.irgen.variables import Facts, analyse
from goir.syntax import ast
from goir.syntax.positions import FileSet
from goir.types import types as T
from goir.types.info import Diagnostic, Info
from goir.types.objects import Func, Package, Var
from goir.types.subst import subst_var

UNIT = UnitAttr()
PRIVATE = StringAttr("private")
_UNKNOWN = UnknownLoc()
_set = object.__setattr__


class FuncMeta:
    """A function or concrete method as the module knows it; `decl` is None where only importers know its package."""

    __slots__ = (
        "available",
        "decl",
        "declared",
        "directives",
        "facts",
        "func",
        "has_body",
        "info",
        "instances",
        "recovers",
        "symbol",
    )

    def __init__(self, func: Func, symbol: str, source: Declaration | None = None) -> None:
        self.func = func
        self.symbol = symbol
        self.decl: ast.FuncDecl | None = source.decl if source is not None else None
        self.info: Info | None = source.info if source is not None else None
        self.directives: dict[str, str] = source.directives if source is not None else {}
        #: Set when the body is generated.
        self.facts: Facts | None = None
        #: Whether this module defines the function.
        self.has_body = False
        #: Whether the body is generated here all the same, to be inlined.
        self.available = False
        #: Whether the body may call recover.
        self.recovers = False
        self.declared = False
        #: Of a generic function: its instances, by type arguments.
        self.instances: dict[tuple[str, ...], FuncMeta] = {}

    @property
    def is_generic(self) -> bool:
        """Whether only instances of the function can be generated."""
        sig = self.func.signature
        return bool(sig.type_params or sig.recv_type_params)


def wrapped(value: int) -> int:
    """An integer constant as the signed number of its lowest 64 bits."""
    return (value + (1 << 63)) % (1 << 64) - (1 << 63)


class ModuleGen:
    """The state of generating one module.

    The module of the user's `packages` generates all of their functions. A module of library packages (`on_demand`,
    in library.py) generates what is asked for by symbol: `makers` holds how."""

    def __init__(
        self, fset: FileSet, packages: list[CheckedPackage], sources: Sources | None = None, on_demand: bool = False
    ) -> None:
        self.fset = fset
        self.packages = packages
        self.on_demand = on_demand
        self.sources = sources if sources is not None else Sources(packages)
        self._own = {p.package for p in packages}
        self.errors: list[Diagnostic] = []
        self.type_ops: list[Operation] = []
        self.method_set_ops: list[Operation] = []
        self.global_ops: list[Operation] = []
        self.func_ops: list[Operation] = []
        self.types = TypeConverter(self._named_type, self._struct_type)
        #: Work found while generating (wrappers, method sets), done after the functions that asked for it.
        self.pending: list[Callable[[], None]] = []
        #: With `on_demand`: how the functions and variables are made that were mentioned, by symbol.
        self.makers: dict[str, Callable[[], None]] = {}
        self.wrappers: set[str] = set()
        #: Functions that keep no pointers, as a declaration of one without a body says: it may link to one with a body.
        self._harmless: set[str] = set()
        #: Called for each type whose method set the module has to hold.
        self.on_methods: Callable[[T.Type], None] = lambda _: None
        #: With `on_demand`: functions whose bodies this module should have even if another defines them.
        self.constructors: dict[str, FuncMeta] = {}
        #: Generates a function of this module.
        self.on_function: Callable[[FuncMeta], None] = lambda _: None
        #: Generates a function that consists of an intrinsic.
        self.on_intrinsic: Callable[[FuncMeta], None] = lambda _: None
        #: Defines a variable of this module.
        self.on_variable: Callable[[Var], None] = lambda _: None
        #: Names of methods that recover: dynamic calls of these names pass the right to recover on.
        self.recovering_methods: set[str] = set()
        self.functions: list[FuncMeta] = []
        self._metas: dict[Func, FuncMeta] = {}
        self._defined: set[str] = set()
        self._declared: set[str] = set()
        self._globals: dict[Var, SymbolRefAttr] = {}
        self._locs: dict[int, LocationAttr] = {}
        self._strings: dict[str, StringAttr] = {}
        self._symbols: dict[str, SymbolRefAttr] = {}
        self._ints: dict[int, IntegerAttr] = {}
        self._bools = (IntegerAttr(0, i1), IntegerAttr(1, i1))
        self._filenames: dict[str, StringAttr] = {}
        self._numbers: dict[int, IntAttr] = {}
        self._unique: dict[str, int] = {}

    # Ownership --------------------------------------------------------------------------------------------------------

    def owns(self, pkg: Package | None) -> bool:
        """Whether this module defines what a package declares."""
        if self.on_demand:
            return pkg is not None and pkg not in self._own and pkg.path != "runtime"
        return pkg in self._own

    def defines_functions(self, pkg: Package | None) -> bool:
        """Whether this module defines the functions of a package: a program has its own copies of those of the packages
        in `COLOURED`, which are coloured as its own functions are."""
        return self.owns(pkg) or (not self.on_demand and pkg is not None and pkg.path in COLOURED)

    def parks(self, pkg: Package) -> bool:
        """Whether functions of a package that this module defines block their thread when they wait."""
        return pkg not in self._own and pkg.path not in SUSPENDING and pkg.path != "runtime"

    def owns_instance(self, pkg: Package | None, arguments: Sequence[T.Type]) -> bool:
        """Whether this module defines an instance of what a package declares: the user's, if any part is the user's.

        Instances of the runtime's generic functions are not in the runtime either."""
        if not arguments:
            return self.owns(pkg)
        users = (pkg in self._own) or any(self._mentions_own(a) for a in arguments)
        return not users and pkg is not None if self.on_demand else users

    def owns_type(self, t: T.Type) -> bool:
        """Whether this module defines a type and its methods; types without a name are everybody's who knows their
        parts."""
        if isinstance(t, T.Named):
            return t.obj.pkg is None or self.owns_instance(t.obj.pkg, t.type_args)
        return not (self.on_demand and self._mentions_own(t))

    def _mentions_own(self, t: T.Type) -> bool:
        """Whether a type mentions one that a package of `packages` declares."""
        if isinstance(t, T.Named):
            return t.obj.pkg in self._own or any(self._mentions_own(a) for a in t.type_args)
        if isinstance(t, (T.Pointer, T.Slice, T.Array, T.Chan)):
            return self._mentions_own(t.elem)
        if isinstance(t, T.Map):
            return self._mentions_own(t.key) or self._mentions_own(t.elem)
        if isinstance(t, T.Struct):
            return any(self._mentions_own(f.type) for f in t.fields)
        if isinstance(t, T.Signature):
            return any(self._mentions_own(v.type) for v in (*t.params.vars, *t.results.vars))
        if isinstance(t, T.Interface):
            return any(self._mentions_own(m.signature) for m in t.all_methods())
        return False

    # Attributes -------------------------------------------------------------------------------------------------------

    def loc(self, pos: int) -> LocationAttr:
        """The location of a source position."""
        loc = self._locs.get(pos)
        if loc is None:
            if pos <= 0:
                return _UNKNOWN
            p = self.fset.position(pos)
            name = self._filenames.get(p.filename)
            if name is None:
                name = self._filenames[p.filename] = StringAttr(p.filename)
            # Its constructor verifies the parameters at length; there are as many locations as there are ops.
            loc = FileLineColLoc.__new__(FileLineColLoc)
            _set(loc, "filename", name)
            _set(loc, "line", self._number(p.line))
            _set(loc, "column", self._number(p.column))
            self._locs[pos] = loc
        return loc

    def _number(self, n: int) -> IntAttr:
        attr = self._numbers.get(n)
        if attr is None:
            attr = self._numbers[n] = IntAttr(n)
        return attr

    def string(self, s: str) -> StringAttr:
        """An interned StringAttr."""
        attr = self._strings.get(s)
        if attr is None:
            attr = self._strings[s] = StringAttr(s)
        return attr

    def symbol(self, name: str) -> SymbolRefAttr:
        """An interned reference to a symbol."""
        attr = self._symbols.get(name)
        if attr is None:
            attr = self._symbols[name] = SymbolRefAttr(name)
        return attr

    def int(self, value: int) -> IntegerAttr:
        """An integer constant, wrapped to 64 bits."""
        attr = self._ints.get(value)
        if attr is None:
            attr = self._ints[value] = IntegerAttr(wrapped(value), i64)
        return attr

    def bool(self, value: bool) -> IntegerAttr:
        """An i1 constant."""
        return self._bools[1 if value else 0]

    def float(self, value: float) -> FloatAttr:
        """An f64 constant."""
        return FloatAttr(value, f64)

    def unique(self, name: str) -> str:
        """`name`, or `name·2` … when it was given out before."""
        n = self._unique[name] = self._unique.get(name, 0) + 1
        return name if n == 1 else f"{name}·{n}"

    # Functions --------------------------------------------------------------------------------------------------------

    def collect(self) -> None:
        """Finds the functions of the packages, their symbols and directives, before any of them is generated."""
        for checked in self.packages:
            inits = 0
            for func, source in self.sources.functions(checked):
                symbol: str
                if func.name == "init" and source.decl.recv is None:
                    symbol = f"{checked.package.path}.init.{inits}"
                    inits += 1
                elif func.name == "_":
                    continue  # nothing can call it
                else:
                    try:
                        symbol = self.function_symbol(func)
                    except Unsupported as problem:
                        self.errors.append(problem.diagnostic(source.decl.name.pos))
                        continue
                meta = self._enter(func, symbol)
                if meta.has_body:
                    if symbol in self._defined:
                        self.errors.append(Diagnostic(func.pos, f"symbol {symbol} is defined twice"))
                    self._defined.add(symbol)
                    meta.facts = analyse(source.info, source.decl)
                    meta.recovers = meta.facts.functions[source.decl].has_recover
                    if source.decl.recv is not None and meta.recovers:
                        self.recovering_methods.add(func.name)
                self.functions.append(meta)

    def _enter(self, func: Func, symbol: str) -> FuncMeta:
        """What is known of a function that is no instance."""
        source = self.sources.declaration(func)
        meta = self._metas[func] = FuncMeta(func, symbol, source)
        if source is not None:
            meta.has_body = source.decl.body is not None and self.defines_functions(func.pkg)
            meta.recovers = self.sources.recovers(func)
        self.sources.made[symbol] = func
        return meta

    def function_symbol(self, func: Func) -> str:
        """The symbol of a declared function or concrete method."""
        sig = func.signature
        if sig.recv is not None:
            named, pointer = func.receiver_named()
            if named is None:
                raise Unsupported(func.pos, "methods of this type")
            return method_symbol(self.types.symbol(named), func.name, pointer)
        pkg = func.pkg
        assert pkg is not None
        return self.sources.linkname(pkg, func.name) or f"{pkg.path}.{func.name}"

    def meta(self, func: Func, arguments: Sequence[T.Type] = ()) -> FuncMeta:
        """What is known of a function; it is declared if it is not defined here.

        `arguments`: the type arguments of a generic function. A method of an instance of a generic type has those of
        its receiver."""
        if func.origin is not func or arguments:
            named, _ = func.receiver_named()
            return self._instance(func, [*(named.type_args if named is not None else ()), *arguments])
        meta = self._metas.get(func)
        if meta is None:
            meta = self._enter(func, self.function_symbol(func))
        if not meta.declared:
            meta.declared = True
            self._mention(meta)
        return meta

    def _mention(self, meta: FuncMeta) -> None:
        """A function is used: it is declared, or will be generated when its symbol is asked for."""
        if "intrinsic" in meta.directives:
            # Calls are ops; only its use as a value asks for a function.
            if self.on_demand:
                self.makers[meta.symbol] = lambda: self.on_intrinsic(meta)
            return
        if not meta.has_body:
            if not self.on_demand and self.sources.may_construct(self._origin(meta)):
                self.pending.append(lambda: self.make_available(meta))
                return
            if "noescape" in meta.directives:
                self._harmless.add(meta.symbol)
            if self.on_demand and "extern" not in meta.directives:
                return  # another library package may define it; what none does is declared in the end
            self.declare_function(meta)
        elif self.on_demand:
            self.makers[meta.symbol] = lambda: self.on_function(meta)
            if self.sources.may_construct(self._origin(meta)):
                self.constructors[meta.symbol] = meta
        elif meta.func.pkg not in self._own:
            self._defined.add(meta.symbol)
            self.pending.append(lambda: self.on_function(meta))

    def declare_function(self, meta: FuncMeta) -> None:
        """Declares what another module defines."""
        recv = meta.func.signature.recv
        extra = {k: v for k, v in meta.directives.items() if k in ("extern", "nosuspend", "noinline")}
        self.declare(meta.symbol, self.types.signature(meta.func.signature, recv.type if recv else None), extra)

    def enter_init(self, func: Func, symbol: str) -> FuncMeta:
        """An init function of a library package."""
        meta = self._enter(func, symbol)
        meta.declared = True
        return meta

    def _instance(self, func: Func, arguments: list[T.Type]) -> FuncMeta:
        """An instance of a generic function, or of a method of a generic type."""
        generic = self._metas.get(func.origin)
        if generic is None:
            source = self.sources.declaration(func.origin)
            if source is None:
                raise Unsupported(0, "generic functions of packages that are not compiled")
            generic = self._metas[func.origin] = FuncMeta(func.origin, self._generic_symbol(func.origin), source)
            generic.recovers = self.sources.recovers(func.origin)
        decl = generic.decl
        assert decl is not None and generic.info is not None
        key = tuple(self.types.link_name(a) for a in arguments)
        meta = generic.instances.get(key)
        if meta is not None:
            return meta
        sig = func.origin.signature
        own = arguments[len(sig.recv_type_params) :]
        substitution = Substitution([*sig.recv_type_params, *sig.type_params], arguments, decl)
        params, results = substitution(sig.params), substitution(sig.results)
        assert isinstance(params, T.Tuple) and isinstance(results, T.Tuple)
        recv = sig.recv
        if recv is not None:
            named, pointer = func.receiver_named()
            assert named is not None
            symbol = method_symbol(self.types.symbol(named), func.name, pointer)
            recv = subst_var(recv, T.Pointer(named) if pointer else named)
        else:
            symbol = generic.symbol
        if own:
            symbol += f"[{','.join(key[len(arguments) - len(own) :])}]"
        concrete = Func(func.pos, func.pkg, func.name, T.Signature(recv, params, results, sig.variadic))
        meta = generic.instances[key] = FuncMeta(concrete, symbol)
        meta.declared = True
        meta.decl = decl
        meta.directives = generic.directives
        meta.info = InstanceInfo(generic.info, substitution)
        meta.recovers = generic.recovers
        pkg = func.origin.pkg
        copied = not self.on_demand and pkg is not None and pkg.path in COLOURED
        meta.has_body = decl.body is not None and (copied or self.owns_instance(pkg, arguments))
        self.sources.made[symbol] = Instance(func, own)
        if meta.has_body and not self.on_demand:
            self._defined.add(symbol)
            self.pending.append(lambda: self.on_function(meta))
        else:
            self._mention(meta)
        return meta

    def instances(self) -> Iterator[tuple[str, Sequence[T.Type]]]:
        """The type arguments of the generic types' and functions' instances that this module defines if it needs them."""
        for symbol, t in self.types.instances():
            if self.owns_instance(t.obj.pkg, t.type_args):
                yield symbol, t.type_args
        for symbol, made in self.sources.made.items():
            if isinstance(made, Instance) and made.arguments and self.owns_instance(made.func.pkg, made.arguments):
                yield symbol, made.arguments

    def _generic_symbol(self, func: Func) -> str:
        return f"{func.pkg.path}.{func.name}" if func.pkg is not None else func.name

    def prepare(self, meta: FuncMeta) -> None:
        """Has the body of a function checked and analysed, before it is generated."""
        if meta.facts is None and meta.decl is not None and meta.info is not None:
            origin = self._origin(meta)
            package = self.sources.package(origin.pkg) if origin.pkg is not None else None
            if package is not None and package.lazy is not None:
                package.lazy.body(origin)
            meta.facts = analyse(meta.info, meta.decl)

    def _origin(self, meta: FuncMeta) -> Func:
        """The function as it is declared."""
        made = self.sources.made.get(meta.symbol)
        return made.func.origin if isinstance(made, Instance) else meta.func

    def make_available(self, meta: FuncMeta) -> None:
        """Generates the body of a function that another module defines, to be inlined."""
        meta.available = True
        self.on_function(meta)

    def is_mentioned(self, symbol: str) -> bool:
        """Whether the module defines or declares the symbol."""
        return symbol in self._defined or symbol in self._declared

    def declare(self, symbol: str, function_type: gt.FuncType, directives: dict[str, str] | None = None) -> None:
        """A `go.func` without body, unless the module defines or declares the symbol already."""
        if symbol in self._defined or symbol in self._declared:
            return
        self._declared.add(symbol)
        properties: dict[str, Attribute] = {"sym_name": self.string(symbol), "function_type": function_type}
        for key, value in (directives or {}).items():
            properties[key] = StringAttr(value) if value else UNIT
        self.func_ops.append(go.FuncOp.create(properties=properties, regions=[Region()]))

    def all_functions(self) -> list[Operation]:
        """All functions, once the module is complete."""
        for op in self.func_ops:
            assert isinstance(op, go.FuncOp)
            if op.symbol in self._harmless:
                op.properties["noescape"] = UNIT
        return self.func_ops

    def define(
        self,
        symbol: str,
        function_type: gt.FuncType,
        captures: list[Attribute],
        region: Region,
        pos: int,
        properties: dict[str, Attribute],
    ) -> None:
        """Adds a finished function."""
        self._defined.add(symbol)
        properties["sym_name"] = self.string(symbol)
        properties["function_type"] = function_type
        if "[" in symbol:
            # Traces do not spell out type arguments.
            properties["display"] = StringAttr(f"{symbol[: symbol.index('[')]}[...]{symbol[symbol.rindex(']') + 1 :]}")
        if captures:
            properties["captures"] = ArrayAttr(captures)
        self.func_ops.append(go.FuncOp.create(properties=properties, regions=[region], location=self.loc(pos)))

    # Variables and types ----------------------------------------------------------------------------------------------

    def global_symbol(self, var: Var) -> SymbolRefAttr:
        """The symbol of a package variable; one of another module is declared."""
        ref = self._globals.get(var)
        if ref is None:
            name = self._variable_name(var)
            ref = self._globals[var] = self.symbol(name)
            self.sources.made[name] = var
            assert var.pkg is not None
            if self.is_pulled(var) or not self.owns(var.pkg):
                if name not in self._declared:
                    self.declare_global(name, self.types(var.type))
            elif self.on_demand:
                self.makers[name] = lambda: self.on_variable(var)
        return ref

    def _variable_name(self, var: Var) -> str:
        assert var.pkg is not None
        return self.sources.linkname(var.pkg, var.name) or f"{var.pkg.path}.{var.name}"

    def is_pulled(self, var: Var) -> bool:
        """Whether a variable is one of the runtime's, which another package declares under its name. (If the runtime lacks
        it, it is the other package's own, as in gc.)"""
        pkg, _, name = self._variable_name(var).rpartition(".")
        if pkg != "runtime" or var.pkg is None or var.pkg.path == "runtime":
            return False
        runtime = self.sources.package_at("runtime")
        return runtime is None or isinstance(runtime.package.scope.lookup(name), Var)

    def declare_global(self, symbol: str, type: Attribute) -> None:
        """A variable of another module."""
        self._declared.add(symbol)
        properties = {"sym_name": self.string(symbol), "type": type, "external": UNIT}
        self.global_ops.append(go.GlobalOp.create(properties=properties))

    def define_global(self, var: Var, init: Attribute | None) -> None:
        """A package variable of this module."""
        properties: dict[str, Attribute] = {
            "sym_name": self.string(self.global_symbol(var).string_value()),
            "type": self.types(var.type),
        }
        if init is not None:
            properties["init"] = init
        self.global_ops.append(go.GlobalOp.create(properties=properties, location=self.loc(var.pos)))

    def define_data(self, symbol: str, type: Attribute, value: go.DataAttr, pos: int) -> None:
        """Data of this module that the code of one function refers to."""
        properties = {"sym_name": self.string(symbol), "type": type, "init": value, "sym_visibility": PRIVATE}
        self.global_ops.append(go.GlobalOp.create(properties=properties, location=self.loc(pos)))

    def _named_type(self, t: T.Named, symbol: str, op: go.TypeOp) -> None:
        own = self.owns_type(t)
        op.location = self.loc(t.obj.pos) if own else _UNKNOWN
        if (self.on_demand or not own) and _has_shared_descriptor(t):
            op.properties["external"] = UNIT
        self.type_ops.append(op)
        if not own or self.on_demand or isinstance(t.underlying, T.Interface):
            return
        # A method in a method set counts as one whose address is taken: it may panic and has a coroutine entry. Most
        # of the runtime must do neither; only its types with exported methods are ever put into interfaces.
        pkg = t.obj.pkg
        if pkg is not None and pkg.path == "runtime" and not any(m.exported() for m in t.methods):
            return
        self.pending.append(lambda: self.on_methods(t))

    def _struct_type(self, t: T.Struct) -> None:
        if not self.on_demand:
            self.pending.append(lambda: self.on_methods(t))

    def panic_function(self, name: str, params: list[Attribute]) -> SymbolRefAttr:
        """Declares a `panic…` function of the runtime that generated code calls itself."""
        symbol = "runtime." + name
        self.declare(symbol, gt.FuncType(params, []))
        return self.symbol(symbol)


def _has_shared_descriptor(t: T.Named) -> bool:
    """Whether the descriptors of another module's type are found there: those of types that are declared in functions
    are emitted where they are used."""
    pkg = t.obj.pkg
    return pkg is not None and t.orig.obj.parent is pkg.scope


def method_symbol(type_symbol: str, name: str, pointer: bool) -> str:
    """`main.T.M` or `main.(*T).M`."""
    if not pointer:
        return f"{type_symbol}.{name}"
    slash = type_symbol.partition("[")[0].rfind("/")
    dot = type_symbol.find(".", slash + 1)
    if dot < 0:
        return f"(*{type_symbol}).{name}"
    return f"{type_symbol[:dot]}.(*{type_symbol[dot + 1 :]}).{name}"
