"""The state of checking one package: environment, errors, what is recorded, and the order of the work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from goir.syntax.gcpos import start_pos
from goir.types import operand as op
from goir.types.constants import Value, quote
from goir.types.info import CheckResult, Diagnostic, Info, Selection, TypeAndValue
from goir.types.mono import MonoGraph, check_cycles
from goir.types.objects import Const, Func, Object, Package, PkgName, TypeName, Var, is_exported
from goir.types.operand import MODE_NAMES, Operand, operand_string
from goir.types.predicates import AliasPlaceholder, common_under, is_untyped
from goir.types.scope import FileScope, Scope
from goir.types.types import Basic, Interface, Named, Signature, Tuple, Type, TypeParam
from goir.types.typestring import object_string, type_string
from goir.types.universe import TYP_INVALID, UNIVERSE
from goir.types.versions import Versions, version_error

if TYPE_CHECKING:
    from goir.syntax import ast
    from goir.syntax.positions import FileSet


class DeclInfo:
    """A package-level declaration (or method): where it stands and what it depends on."""

    __slots__ = ("deps", "fdecl", "file", "inherited", "init", "iota", "lhs", "tdecl", "vtype")

    def __init__(
        self,
        file: FileScope,
        *,
        lhs: list[Var] | None = None,
        vtype: ast.Expr | None = None,
        init: ast.Expr | None = None,
        inherited: bool = False,
        iota: int = 0,
        tdecl: ast.TypeSpec | None = None,
        fdecl: ast.FuncDecl | None = None,
    ) -> None:
        self.file = file
        self.lhs = lhs
        self.vtype = vtype
        self.init = init
        self.inherited = inherited
        self.iota = iota
        self.tdecl = tdecl
        self.fdecl = fdecl
        #: Package-level objects that the initialiser or function body mentions, in order of mention.
        self.deps: dict[Object, None] = {}

    def has_initializer(self) -> bool:
        """Whether there is code to depend on."""
        return self.init is not None or (self.fdecl is not None and self.fdecl.body is not None)


class UntypedInfo:
    """An expression whose type is still an untyped kind."""

    __slots__ = ("is_lhs", "mode", "type", "val")

    def __init__(self, mode: int, type: Basic, val: Value | None) -> None:
        self.is_lhs = False  # left operand of a shift whose type comes from the context
        self.mode = mode
        self.type = type
        self.val = val


class Env(NamedTuple):
    """What changes with the place in the source."""

    decl: DeclInfo | None
    scope: Any
    iota: int | None
    errpos: int
    sig: Signature | None
    is_panic: set[Any]
    has_call_or_recv: bool
    local_vars: list[Var]
    in_tparam_list: bool
    outermost_interface: bool
    version: int


class Target(NamedTuple):
    """The function type that a generic function is assigned to, and how the target is called in messages."""

    sig: Signature
    desc: str


class Checker:
    """Checks one package."""

    #: Whether declarations are checked on demand; LazyChecker is the class that does so.
    lazy = False

    def __init__(
        self,
        path: str,
        files: list[ast.File],
        fset: FileSet,
        importer: Callable[[str], Package],
        *,
        ignore_func_bodies: bool = False,
        late: bool = True,
        bodyless: bool = False,
        go_version: str = "",
    ) -> None:
        name = files[0].name.name if files else ""
        self.pkg = Package(path, name, Scope(UNIVERSE, f"package {path}"))
        self.files = files
        self.fset = fset
        self.importer = importer
        self.ignore_func_bodies = ignore_func_bodies
        self.late = late
        self.bodyless = bodyless
        self.info = Info()
        self.errors: list[Diagnostic] = []
        self.obj_map: dict[Object, DeclInfo] = {}
        self.imported: dict[str, Package] = {}
        self.pkg_names: list[PkgName] = []
        self.dot_imports: dict[tuple[int, str], PkgName] = {}
        self.methods: dict[TypeName, list[Func]] = {}
        self.untyped: dict[Any, UntypedInfo] = {}
        self.delayed: list[tuple[int, Callable[[], None]]] = []
        self.obj_path: list[Object] = []
        self.obj_path_idx: dict[Object, int] = {}
        self.in_tparam_list = False
        self.placeholders: list[AliasPlaceholder] = []
        self.type_log: list[TypeName] = []  # declared types and aliases, in the order they were begun
        self.mono = MonoGraph()
        #: Whether the sizes of types depend on type parameters, and the types whose sizes are being looked at.
        self.var_sizes: dict[Named, bool] = {}
        self.sizing: list[Named] = []
        #: For late.py: interface literals that are in no other; types whose size must be looked at, and whether there may be
        #: large ones.
        self.interfaces: list[tuple[int, Interface]] = []
        self.sized_types: list[tuple[int, Type]] = []
        self.long_arrays = False
        self.current_pos = 0  # of the statement or declaration being checked
        self._names: dict[str, set[str]] | None = None
        # environment
        self.versions = self.pkg.versions = Versions(go_version)
        self.version = self.versions.package  # of the language, in the file at hand
        self.decl: DeclInfo | None = None
        self.scope: Any = self.pkg.scope
        self.iota: int | None = None
        self.errpos = 0
        self.sig: Signature | None = None
        self.is_panic: set[Any] = set()
        self.has_call_or_recv = False
        self.local_vars: list[Var] = []
        self.outermost_interface = True

    # ---- The work ----------------------------------------------------------------------------------------

    def check(self) -> CheckResult:
        """Does everything."""
        from goir.types import initorder, resolver

        resolver.collect_objects(self)
        resolver.direct_cycles(self)
        resolver.package_objects(self)
        self.process_delayed(0)
        initorder.init_order(self)
        if not self.ignore_func_bodies:
            resolver.unused_imports(self)
        self.record_untyped()
        if self.placeholders:
            from goir.types import decl

            decl.replace_placeholders(self)
        if not self.errors:
            check_cycles(self, self.mono)
        if not self.errors and self.late and not self.ignore_func_bodies:
            from goir.types import late

            late.check_late(self)
        self.pkg.complete = True
        return CheckResult(self.pkg, self.info, *self._reportable())

    def _reportable(self) -> tuple[list[Diagnostic], list[Diagnostic]]:
        """The errors that gc prints, in the order they were found, and those that it leaves out: a message is not repeated
        for one line."""
        kept: list[Diagnostic] = []
        repeated: list[Diagnostic] = []
        line: tuple[object, int] = (None, 0)
        message = ""
        for d in self.errors:
            file = self.fset.file(d.pos)
            at = (file, file.line(d.pos) if file is not None else 0)
            (repeated if d.message == message and at == line else kept).append(d)
            line, message = at, d.message
        once = dict.fromkeys(kept)
        repeated += [d for d, number in Counter(kept).items() for _ in range(number - 1)]
        return list(once), repeated

    def later(self, f: Callable[[], None]) -> None:
        """Puts f off until the types in progress are complete."""
        self.delayed.append((self.version, f))

    def later_verify(self, f: Callable[[], None]) -> None:
        """Puts off f, which does nothing but report what is wrong with the program."""
        self.delayed.append((self.version, f))

    def defer_rhs(self, named: Named, rhs: ast.Expr) -> None:
        """Leaves the right side of a package-level type declaration for later."""
        raise NotImplementedError

    def defer_body(self, obj: Func, d: DeclInfo, sig: Signature, scope: Scope, body: ast.BlockStmt) -> None:
        """Leaves the body of a function for later."""
        raise NotImplementedError

    def is_pending(self, obj: Object) -> bool:
        """Whether obj is left for later."""
        return False

    def note_size(self, pos: int, t: Type, long: bool = False) -> None:
        """Has the size of a type that stands at a position looked at later, if there is reason to."""
        if not self.lazy:
            self.sized_types.append((self.obj_path[-1].pos if self.obj_path else pos, t))
            self.long_arrays = self.long_arrays or long

    def process_delayed(self, top: int) -> None:
        """Runs what was put off since the list had ``top`` entries."""
        delayed = self.delayed
        version = self.version
        i = top
        while i < len(delayed):
            self.version, f = delayed[i]
            f()
            i += 1
        del delayed[top:]
        self.version = version

    def save_env(self) -> Env:
        """The environment, for restore_env."""
        return Env(
            self.decl,
            self.scope,
            self.iota,
            self.errpos,
            self.sig,
            self.is_panic,
            self.has_call_or_recv,
            self.local_vars,
            self.in_tparam_list,
            self.outermost_interface,
            self.version,
        )

    def enter(self, scope: Scope) -> Env:
        """Begins a package-level declaration; answers the environment to go back to."""
        env = self.save_env()
        self.decl = None
        self.scope = scope
        self.iota = None
        self.errpos = 0
        self.sig = None
        self.is_panic = set()
        self.has_call_or_recv = False
        self.local_vars = []
        self.in_tparam_list = False
        self.outermost_interface = True
        return env

    def restore_env(self, env: Env) -> None:
        """Goes back to an earlier environment."""
        (
            self.decl,
            self.scope,
            self.iota,
            self.errpos,
            self.sig,
            self.is_panic,
            self.has_call_or_recv,
            self.local_vars,
            self.in_tparam_list,
            self.outermost_interface,
            self.version,
        ) = env

    # ---- Objects -----------------------------------------------------------------------------------------

    def push(self, obj: Object) -> None:
        """Enters the declaration of obj."""
        self.obj_path_idx[obj] = len(self.obj_path)
        self.obj_path.append(obj)

    def pop(self) -> None:
        """Leaves the innermost declaration."""
        del self.obj_path_idx[self.obj_path.pop()]

    def obj_decl(self, obj: Object) -> None:
        """Makes sure that obj's type is known (or, in a cycle, that the cycle is a valid one)."""
        if obj in self.obj_path_idx:
            from goir.types import decl

            decl.revisit(self, obj)
            return
        if obj.type is not None:
            return
        d = self.obj_map.get(obj)
        if d is None:
            obj.type = TYP_INVALID
            return
        self.declare_object(obj, d)

    def declare_object(self, obj: Object, d: DeclInfo) -> None:
        """Checks the declaration of obj."""
        from goir.types import decl

        self.push(obj)
        self.current_pos = obj.pos
        env = self.enter(d.file)
        self.version = d.file.version
        try:
            if isinstance(obj, Const):
                self.decl = d
                decl.const_decl(self, obj, d.iota, d.vtype, d.init, d.inherited)
            elif isinstance(obj, Var):
                self.decl = d
                self.declare_var(obj, d)
            elif isinstance(obj, TypeName):
                assert d.tdecl is not None
                decl.type_decl(self, obj, d.tdecl)
                decl.collect_methods(self, obj)
            elif isinstance(obj, Func):
                decl.func_decl(self, obj, d)
        finally:
            self.restore_env(env)
            self.pop()

    def declare_var(self, obj: Var, d: DeclInfo) -> None:
        """Checks the declaration of a variable."""
        from goir.types import decl

        decl.var_decl(self, obj, d.lhs, d.vtype, d.init)

    def lookup(self, name: str) -> Any:
        """What the name denotes here, or None."""
        s = self.scope
        while s is not None:
            obj = s.elems.get(name)
            if obj is not None:
                return obj
            s = s.outer
        return None

    def declare(self, scope: Scope, ident: ast.Ident | None, obj: Object) -> None:
        """Declares obj; a name that is taken is an error."""
        if obj.name != "_":
            alt = scope.insert(obj)
            if alt is not None:
                self.report(obj.pos, f"{obj.name} redeclared in this block", self.alt_decl(alt))
                return
            if obj.__class__ is Var and scope.parent is not UNIVERSE:
                self.local_vars.append(obj)  # pyright: ignore[reportArgumentType]
        if ident is not None:
            self.info.defs[ident] = obj

    def alt_decl(self, obj: Object) -> list[tuple[int, str]]:
        """The note that names the other declaration."""
        return [(obj.pos, f"other declaration of {obj.name}")] if obj.pos else []

    def add_decl_dep(self, to: Object) -> None:
        """Records that the declaration at hand mentions a package-level object."""
        d = self.decl
        if d is not None and to in self.obj_map:
            d.deps[to] = None

    def open_scope(self, comment: str = "") -> None:
        """Enters a block. As long as one is in it, nothing is declared around it."""
        around = self.scope
        self.scope = Scope(around, comment)
        if not around.elems and around.__class__ is Scope:
            self.scope.outer = around.outer  # else names in a thousand nested blocks take a million steps

    def close_scope(self) -> None:
        """Leaves it."""
        self.scope = self.scope.parent

    # ---- Errors ------------------------------------------------------------------------------------------

    def error(self, at: int | Operand | ast.Node | Object, message: str) -> None:
        """Reports an error, at a position or where gc places errors about the operand, node or object."""
        self.report(at, message)

    def report(
        self, at: int | Operand | ast.Node | Object, message: str, more: list[tuple[int, str]] | None = None
    ) -> None:
        """Reports an error with further lines, each with a position or 0."""
        if not isinstance(at, int):
            at = at.pos if isinstance(at, (Operand, Object)) else start_pos(at)
        if self.errors and (message.find("invalid operand") > 0 or message.find("invalid type") > 0):
            return  # follows from an error that was reported
        if self.errpos:
            at = self.errpos
        if "requires go1." in message:
            message += self.versions.reason(at, message)
        for pos, text in more or ():
            message += f"\n\t{self.fset.place(pos)}: {text}" if pos else f"\n\t{text}"
        self.errors.append(Diagnostic(at, message))

    def allows(self, minor: int) -> bool:
        """Whether the language at hand is Go 1.minor or later."""
        return self.version >= minor

    def requires(self, at: int | Operand | ast.Node | Object, minor: int, feature: str) -> bool:
        """Whether it is; if not, reports that the feature asks for that."""
        if self.version >= minor:
            return True
        self.error(at, version_error(minor, feature))
        return False

    def unsupported(self, at: int | ast.Node, what: str) -> None:
        """Reports something this checker does not handle."""
        self.error(at, f"not supported yet: {what}")

    def qualifier(self, pkg: Package) -> str:
        """How messages name a package: not at all if it is the checked one, by path where its name is ambiguous."""
        if pkg is self.pkg:
            return ""
        names = self._names
        if names is None:
            names = dict[str, set[str]]()
            seen: set[int] = set()
            todo = [self.pkg]
            while todo:
                p = todo.pop()
                if id(p) in seen:
                    continue
                seen.add(id(p))
                names.setdefault(p.name, set()).add(p.path)
                todo.extend(p.imports)
            self._names = names
        if len(names.get(pkg.name, ())) > 1:
            return quote(pkg.path.encode())
        return pkg.name

    def ts(self, t: Type | None) -> str:
        """A type in messages."""
        return type_string(t, self.qualifier, True)

    def os(self, x: Operand) -> str:
        """An operand in messages."""
        return operand_string(x, self.qualifier)

    def objs(self, obj: Object) -> str:
        """An object in messages."""
        return object_string(obj, self.qualifier)

    def common_under(self, t: Type, cond: Callable[[Any, Any], str | None] | None = None) -> tuple[Any, str | None]:
        """The common underlying type of t, or the reason why there is none."""
        return common_under(t, cond, self.ts)

    # ---- Recording ---------------------------------------------------------------------------------------

    def record(self, x: Operand) -> None:
        """Records what is known of x's expression."""
        t = x.type
        mode = x.mode
        if mode == op.INVALID:
            return
        if mode == op.NOVALUE:
            t = _NO_VALUE
        if is_untyped(t):
            self.untyped[x.expr] = UntypedInfo(mode, t, x.val if mode == op.CONSTANT else None)  # pyright: ignore[reportArgumentType]
        else:
            self.info.types[x.expr] = TypeAndValue(MODE_NAMES[mode], t, x.val if mode == op.CONSTANT else None)

    def record_type(self, e: Any, mode: int, t: Type, val: Value | None = None) -> None:
        """Records an expression's final type."""
        if mode != op.INVALID:
            self.info.types[e] = TypeAndValue(MODE_NAMES[mode], t, val)

    def record_untyped(self) -> None:
        """Records what kept its untyped kind to the end."""
        for e, u in self.untyped.items():
            self.record_type(e, u.mode, u.type, u.val)
        self.untyped = {}

    def record_builtin_type(self, f: Any, sig: Signature) -> None:
        """Records the signature a builtin was called with."""
        from goir.syntax import ast

        while True:
            self.record_type(f, op.BUILTIN, sig)
            if not isinstance(f, ast.ParenExpr):
                return
            f = f.x

    def record_comma_ok(self, e: Any, a: list[Operand]) -> None:
        """Records that a comma-ok expression is used with two values."""
        from goir.syntax import ast

        if a[0].mode == op.INVALID:
            return
        t = Tuple([Var(e.pos, self.pkg, "", a[0].type), Var(e.pos, self.pkg, "", a[1].type)])
        while True:
            tv = self.info.types.get(e)
            if tv is not None:
                self.info.types[e] = TypeAndValue(tv.mode, t, tv.value)
            if not isinstance(e, ast.ParenExpr):
                return
            e = e.x

    def record_selection(
        self, e: ast.SelectorExpr, kind: str, recv: Type, obj: Object, index: list[int], indirect: bool, t: Type
    ) -> None:
        """Records what a selector denotes."""
        self.info.uses[e.sel] = obj
        self.info.selections[e] = Selection(kind, recv, obj, index, indirect, t)

    def record_instance(self, e: Any, targs: list[Type], t: Type) -> None:
        """Records an instantiation at its identifier."""
        from goir.syntax import ast

        while True:
            if isinstance(e, ast.Ident):
                self.info.instances[e] = (targs, t)
                return
            if isinstance(e, ast.SelectorExpr):
                self.info.instances[e.sel] = (targs, t)
                return
            if isinstance(e, (ast.IndexExpr, ast.IndexListExpr, ast.ParenExpr)):
                e = e.x
            else:
                return

    def _placeholder_owner(self, t: Type) -> Any:
        return next((o for o in self.obj_path if o.type is t), None)

    def is_complete(self, t: Type) -> bool:
        """Whether the declaration of t (a type that is used as a value's) is finished; a cycle is reported if not."""
        while t.__class__ is Named or t.__class__ is AliasPlaceholder:
            if isinstance(t, Named):
                if t._underlying is not None or t.orig is not t:  # pyright: ignore[reportPrivateUsage]
                    return True
                obj: Any = t.obj
                rhs = t.from_rhs
            else:
                assert isinstance(t, AliasPlaceholder)
                rhs = t.actual
                obj = self._placeholder_owner(t)
            if obj is None:
                return True
            i = self.obj_path_idx.get(obj)
            if i is not None and obj.parent is not None:
                from goir.types import decl

                cycle = self.obj_path[i:]
                decl.cycle_error(self, cycle, decl.first_in_source(cycle))
                return False
            if rhs is None:
                return True
            t = rhs
        return True


_NO_VALUE = Tuple([])


def declare_method(m: Func) -> None:
    """Makes sure the signature of a generic type's method is known (used while the type is still being checked)."""
    check = _CURRENT.get(m)
    if check is not None:
        check.obj_decl(m)


# Methods that are not declared yet → their checker.
_CURRENT: dict[Func, Checker] = {}


def register_method(check: Checker, m: Func) -> None:
    """Lets instances of generic types find the checker of a method."""
    _CURRENT[m] = check


def is_type_param_type(t: Type) -> bool:
    """Type parameter."""
    return t.__class__ is TypeParam


__all__ = ["Checker", "DeclInfo", "Env", "Target", "UntypedInfo", "declare_method", "is_exported", "register_method"]
