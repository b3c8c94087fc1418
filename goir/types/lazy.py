"""Checking a library package on demand: a declaration when somebody looks at it, a body when somebody asks for it.

All package-level objects are entered at once, without types. What is not known yet is a slot that is not set:
`Object.type` (and `Const.value`) then go through `Object.__getattr__`, which resolves the object here; a declared type's
underlying type is found when `Named.underlying` is first read. So no user of a package sees whether it is checked lazily,
and nothing costs more once it is known. Only what serves nothing but error messages is left out: library packages are
known to be valid, and their errors, if there are any, mean that something is wrong with goir."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from goir.syntax import ast
from goir.types import decl, initorder, resolver, stmt, typexpr
from goir.types.check import RECURSION_LIMIT
from goir.types.checker import Checker, DeclInfo
from goir.types.info import Diagnostic, Info, Initializer
from goir.types.mono import MonoGraph
from goir.types.objects import Const, Func, Object, Package, PkgName, Var

if TYPE_CHECKING:
    from goir.syntax.positions import FileSet
    from goir.types.scope import Scope
    from goir.types.types import Named, Signature, Type, TypeParam


class LazyPackage:
    """A package whose declarations and bodies are checked on demand.

    `importer` answers the packages of import paths, best with `Package.deferred`: of an imported package only the name
    is needed until something in it is. A path that leads nowhere must raise ImportError_ there: what is raised when a
    deferred package is loaded passes through the checker. `package` is the deferred package that this one is to be, if
    there is one."""

    def __init__(
        self,
        path: str,
        files: list[ast.File],
        fset: FileSet,
        importer: Callable[[str], Package],
        package: Package | None = None,
    ) -> None:
        self._check = _LazyChecker(path, files, fset, importer, package)
        self.package: Package = self._check.pkg
        self.info: Info = self._check.info
        #: What is wrong with the package; grows as more of it is checked.
        self.errors: list[Diagnostic] = self._check.errors
        self._order: list[Initializer] | None = None
        self.package.resolver = self
        self._check.collect()
        self.package.complete = True
        #: Every function and method, init functions included, in order of appearance.
        self.decls: dict[Func, ast.FuncDecl] = {
            f: d.fdecl for f, d in self._check.obj_map.items() if isinstance(f, Func) and d.fdecl is not None
        }

    def resolve(self, obj: Object) -> None:
        """Checks the declaration of a package-level object or method; of a variable with a type, not the initialiser."""
        check = self._check
        if obj in check.pending:
            check.run(check.obj_decl, obj)

    def body(self, func: Func) -> None:
        """Checks the body of a function or method, if it has one."""
        check = self._check
        func = func.origin
        self.resolve(func)
        body = check.bodies.pop(func, None)
        if body is not None:
            d, sig, scope, block = body
            check.run(stmt.func_body, check, d, sig, scope, block, None)

    def initializer(self, var: Var) -> Initializer | None:
        """Checks and answers what a package-level variable is initialised with; None for its zero value."""
        check = self._check
        d = check.obj_map[var]
        if d.init is None:
            return None
        self.resolve(var)
        if d not in check.initialized:
            check.run(check.initialize, var, d)
        return Initializer(d.lhs if d.lhs is not None else [var], d.init)

    def init_order(self) -> list[Initializer]:
        """The initialisations of the package's variables, in order.

        All initialisers are checked, and of the bodies those that initialisers depend on."""
        if self._order is not None:
            return self._order
        check = self._check
        obj_map = check.obj_map
        # Constants do not matter: they come first anyway.
        todo: list[Object] = [o for o in obj_map if isinstance(o, Var)]
        seen: dict[Object, DeclInfo] = dict.fromkeys(todo, None)  # pyright: ignore[reportAssignmentType]
        for obj in todo:
            if isinstance(obj, Var):
                self.initializer(obj)
            elif isinstance(obj, Func):
                self.body(obj)
            seen[obj] = obj_map[obj]
            for to in obj_map[obj].deps:
                if to not in seen and isinstance(to, Func):
                    seen[to] = obj_map[to]
                    todo.append(to)
        self._order = initorder.order_of(check, seen)
        self.info.init_order = self._order
        return self._order


class _NoGraph(MonoGraph):
    """Instantiation cycles are not looked for."""

    def record_canon(self, param: TypeParam, of: TypeParam) -> None:
        """Forgets it."""

    def record_instance(self, pkg: Package, pos: int, tparams: list[TypeParam], targs: list[Type], xlist: Any) -> None:
        """Forgets it."""


class _LazyChecker(Checker):
    lazy = True

    def __init__(
        self,
        path: str,
        files: list[ast.File],
        fset: FileSet,
        importer: Callable[[str], Package],
        package: Package | None,
    ) -> None:
        super().__init__(path, files, fset, importer)
        if package is not None:
            package.scope = self.pkg.scope
            package.versions = self.versions
            self.pkg = package
        self.mono = _NoGraph()
        #: Objects whose declarations nobody looked at yet.
        self.pending: dict[Object, DeclInfo] = {}
        #: What func_body needs for the functions whose signatures were checked.
        self.bodies: dict[Func, tuple[DeclInfo, Signature, Scope, ast.BlockStmt]] = {}
        #: Variable declarations whose initialisers were checked.
        self.initialized: set[DeclInfo] = set()
        self._running = False

    def collect(self) -> None:
        """Enters all objects."""
        resolver.collect_objects(self)
        self.pending = dict(self.obj_map)
        for obj in self.pending:
            del obj.type
            if isinstance(obj, Const):
                del obj.value

    def run(self, f: Callable[..., None], *args: Any) -> None:
        """Calls f, and does what it puts off: at the end of the outermost call, when no type is in progress."""
        if self._running:
            f(*args)
            return
        self._running = True
        limit = sys.getrecursionlimit()
        if limit < RECURSION_LIMIT:
            sys.setrecursionlimit(RECURSION_LIMIT)
        try:
            f(*args)
            self.process_delayed(0)
            if self.untyped:
                self.record_untyped()
            if self.placeholders:
                decl.replace_placeholders(self)
                self.placeholders.clear()
        finally:
            self._running = False
            if limit < RECURSION_LIMIT:
                sys.setrecursionlimit(limit)

    def later_verify(self, f: Callable[[], None]) -> None:
        """Does not do f."""

    def is_pending(self, obj: Object) -> bool:
        """Whether nobody looked at obj yet."""
        return obj in self.pending

    def obj_decl(self, obj: Object) -> None:
        """Makes sure that obj's type is known (or, in a cycle, that the cycle is a valid one)."""
        if obj in self.obj_path_idx:
            decl.revisit(self, obj)
            return
        d = self.pending.pop(obj, None)
        if d is None:
            return  # known, or another package's: reading its type resolves it
        obj.type = None
        if isinstance(obj, Const):
            obj.value = None
        self.declare_object(obj, d)

    def declare_var(self, obj: Var, d: DeclInfo) -> None:
        """Checks the declaration of a variable: the initialiser only where there is no type."""
        group = d.lhs or [obj]
        for v in group:
            if v is not obj:
                self.pending.pop(v, None)
                v.type = None
        if d.vtype is not None:
            t = typexpr.var_type(self, d.vtype)
            for v in group:
                v.type = t
        elif (result := self._result(d)) is not None:
            obj.type = result
        else:
            self.initialized.add(d)
            decl.var_decl(self, obj, d.lhs, None, d.init)

    def _result(self, d: DeclInfo) -> Type | None:
        """The type of a variable that the call of a plain function initialises, without a look at the arguments: those of
        os.Stdout's would have the whole of package syscall read."""
        if d.lhs is not None or not isinstance(d.init, ast.CallExpr):
            return None
        function = d.init.fun
        found: Object | None = None
        if isinstance(function, ast.Ident):
            found = self.pkg.scope.lookup(function.name)
        elif isinstance(function, ast.SelectorExpr) and isinstance(function.x, ast.Ident):
            qualifier = d.file.lookup(function.x.name)
            if isinstance(qualifier, PkgName):
                found = qualifier.imported.scope.lookup(function.sel.name)
        if not isinstance(found, Func) or found.signature.type_params or len(found.signature.results.vars) != 1:
            return None
        return found.signature.results.vars[0].type

    def initialize(self, obj: Var, d: DeclInfo) -> None:
        """Checks the initialiser of a variable that has a type."""
        self.initialized.add(d)
        env = self.enter(d.file)
        self.decl = d
        try:
            decl.init_decl(self, obj, d.lhs, d.vtype, d.init)
        finally:
            self.restore_env(env)

    def defer_rhs(self, named: Named, rhs: ast.Expr) -> None:
        """Leaves the right side of a package-level type declaration until its underlying type is asked for."""
        scope = self.scope

        def complete(named: Named) -> Type:
            named._expander = None  # pyright: ignore[reportPrivateUsage]
            self.run(self._complete, named, rhs, scope)
            return named.underlying

        named._expander = complete  # pyright: ignore[reportPrivateUsage]

    def _complete(self, named: Named, rhs: ast.Expr, scope: Scope) -> None:
        self.push(named.obj)
        env = self.enter(scope)
        try:
            named.from_rhs = typexpr.declared_type(self, rhs, named.obj)
        finally:
            self.restore_env(env)
            self.pop()

    def defer_body(self, obj: Func, d: DeclInfo, sig: Signature, scope: Scope, body: ast.BlockStmt) -> None:
        """Leaves the body of a function until it is asked for."""
        self.bodies[obj] = (d, sig, scope, body)
