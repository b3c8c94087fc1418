"""Package-level names: imports, declarations of all files, methods and their base types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from goir.syntax import ast
from goir.types.checker import Checker, DeclInfo, register_method
from goir.types.constants import quote, unquote
from goir.types.info import ImportError_
from goir.types.objects import Const, Func, Object, Package, PkgName, TypeName, Var, is_exported
from goir.types.scope import FileScope, Scope
from goir.types.typestring import expr_string
from goir.types.universe import TYP_INVALID, UNSAFE

if TYPE_CHECKING:
    pass

_ILLEGAL_IN_PATH = "!\"#$%&'()*,:;<=>?[\\]^{|}`\ufffd"


def _import_path(check: Checker, lit: ast.BasicLit) -> str | None:
    raw = unquote(lit.value)
    if raw is None:
        check.error(lit, "invalid import path (invalid syntax)")
        return None
    path = raw.decode("utf-8", "replace")
    if not path:
        check.error(lit, "invalid import path (empty string)")
        return None
    for c in path:
        if not c.isprintable() or c.isspace() or c in _ILLEGAL_IN_PATH:
            shown = f"U+{ord(c):04X}" + (f" '{c}'" if c.isprintable() else "")
            check.error(lit, f"invalid import path (invalid character {shown})")
            return None
    return path


def _import_package(check: Checker, pos: int, path: str) -> Package:
    pkg = check.imported.get(path)
    if pkg is not None:
        return pkg
    if path == "unsafe":
        pkg = UNSAFE
    else:
        try:
            if path.startswith("/"):
                raise ImportError_(f"could not import {path} (import path cannot be absolute path)")
            pkg = check.importer(path)
        except ImportError_ as e:
            check.error(pos, str(e))
            pkg = Package(path, path.rstrip("/").rpartition("/")[2], Scope(None))
            pkg.fake = True
    check.imported[path] = pkg
    return pkg


def _import_spec(check: Checker, spec: ast.ImportSpec, scope: Scope) -> None:
    if spec.path.bad:
        return
    path = _import_path(check, spec.path)
    if path is None:
        return
    imp = _import_package(check, spec.path.pos, path)
    name = imp.name
    if spec.name is not None:
        name = spec.name.name
        if path == "C":
            check.error(spec.name, 'cannot rename import "C"')
            return
    if name == "init":
        check.error(spec, "cannot import package as init - init must be a func")
        return
    if imp not in check.pkg.imports:
        check.pkg.imports.append(imp)
    obj = PkgName(spec.pos, check.pkg, name, imp)
    if spec.name is not None:
        check.info.defs[spec.name] = obj
    else:
        check.info.implicits[spec] = obj
    if imp.fake:
        obj.used = True
    check.pkg_names.append(obj)
    if name == ".":
        for n, o in imp.scope.elems.items():
            if not is_exported(n):
                continue
            alt = scope.elems.get(n)
            if alt is not None:
                check.report(spec, f"{n} redeclared in this block", check.alt_decl(alt))
            else:
                # The object keeps the scope it was declared in.
                scope.elems[n] = o
                check.dot_imports[id(scope), n] = obj
    else:
        check.declare(scope, None, obj)


def declare_pkg_obj(check: Checker, ident: ast.Ident, obj: Object, d: DeclInfo) -> None:
    """Declares a package-level constant, variable or type."""
    if ident.name == "init":
        check.error(ident, "cannot declare init - must be func")
        return
    if ident.name == "main" and check.pkg.name == "main":
        check.error(ident, "cannot declare main - must be func")
        return
    check.declare(check.pkg.scope, ident, obj)
    check.obj_map[obj] = d
    obj._order = len(check.obj_map)  # pyright: ignore[reportPrivateUsage]


def arity(check: Checker, pos: int, names: list[ast.Ident], inits: list[Any], const: bool, inherited: bool) -> None:
    """Reports more or fewer names than values in a declaration."""
    n, r = len(names), len(inits)
    if n < r:
        extra = inits[n]
        if inherited:
            check.error(pos, f"extra init expr at {check.fset.place(extra.pos)}")
        else:
            check.error(extra, f"extra init expr {expr_string(extra)}")
    elif n > r and (const or r != 1):
        check.error(names[r], f"missing init expr for {names[r].name}")


def const_groups(decl: ast.GenDecl) -> list[tuple[ast.ValueSpec, int, Any, list[Any], bool]]:
    """The specs of a const declaration with iota, type, values (possibly repeated) and whether they are repeated."""
    out: list[tuple[ast.ValueSpec, int, Any, list[Any], bool]] = []
    typ: Any = None
    values: list[Any] = []
    seen = False
    for i, s in enumerate(decl.specs):
        assert isinstance(s, ast.ValueSpec)
        inherited = True
        if s.type is not None or s.values:
            typ, values = s.type, s.values
            seen = True
            inherited = False
        elif not seen:
            seen = True
            inherited = False
        out.append((s, i, typ, values, inherited))
    return out


def unpack_recv(t: Any) -> tuple[bool, Any, list[Any]]:
    """A receiver type's expression: (pointer, base type, type parameters)."""
    base = ast.unparen(t)
    ptr = False
    if isinstance(base, ast.StarExpr):
        ptr = True
        base = ast.unparen(base.x)
    tparams: list[Any] = []
    if isinstance(base, ast.IndexExpr):
        tparams = [base.index]
        base = base.x
    elif isinstance(base, ast.IndexListExpr):
        tparams = list(base.indices)
        base = base.x
    return ptr, base, tparams


def collect_objects(check: Checker) -> None:
    """Enters all package-level declarations into the package's and the files' scopes."""
    pkg = check.pkg
    methods: list[tuple[Func, bool, ast.Ident]] = []
    file_scopes: list[Scope] = []
    for file in check.files:
        if file.name.name == "_":
            check.error(file.name, "invalid package name _")
        elif file.name.name != pkg.name:
            check.error(file, f"package {file.name.name}; expected package {pkg.name}")
            continue
        check.info.defs[file.name] = None
        scope = FileScope(pkg.scope, check.versions.add_file(file))
        check.version = scope.version
        file_scopes.append(scope)
        for decl in file.decls:
            if isinstance(decl, ast.FuncDecl):
                _func(check, decl, scope, methods)
            elif isinstance(decl, ast.GenDecl):
                _gen_decl(check, decl, scope)
    for scope in file_scopes:
        for name, obj in scope.elems.items():
            alt = pkg.scope.elems.get(name)
            if alt is None:
                continue
            if isinstance(obj, PkgName):
                imported = obj.imported
                shown = f"package {imported.name} ({quote(imported.path.encode())})"
                check.report(alt, f"{name} already declared through import of {shown}", check.alt_decl(obj))
            else:
                p = obj.pkg
                shown = f"package {p.name} ({quote(p.path.encode())})" if p is not None else ""
                check.report(alt, f"{name} already declared through dot-import of {shown}", check.alt_decl(obj))
    for obj, ptr, ident in methods:
        ptr, base = _base_type_name(check, ptr, ident)
        if base is not None:
            obj.has_ptr_recv = ptr
            check.methods.setdefault(base, []).append(obj)
            register_method(check, obj)


def _gen_decl(check: Checker, decl: ast.GenDecl, scope: FileScope) -> None:
    pkg = check.pkg
    if decl.tok == "import":
        for s in decl.specs:
            assert isinstance(s, ast.ImportSpec)
            _import_spec(check, s, scope)
    elif decl.tok == "const":
        for s, iota, typ, values, inherited in const_groups(decl):
            for i, name in enumerate(s.names):
                obj = Const(name.pos, pkg, name.name, None, None)
                init = values[i] if i < len(values) else None
                declare_pkg_obj(check, name, obj, DeclInfo(scope, vtype=typ, init=init, inherited=inherited, iota=iota))
            arity(check, s.pos, s.names, values, True, inherited)
    elif decl.tok == "var":
        for s in decl.specs:
            assert isinstance(s, ast.ValueSpec)
            lhs: list[Var] = []
            shared: DeclInfo | None = None
            if len(s.values) == 1 and len(s.names) > 1:
                shared = DeclInfo(scope, lhs=lhs, vtype=s.type, init=s.values[0])
            for i, name in enumerate(s.names):
                v = Var(name.pos, pkg, name.name, None)
                lhs.append(v)
                d = shared
                if d is None:
                    d = DeclInfo(scope, vtype=s.type, init=s.values[i] if i < len(s.values) else None)
                declare_pkg_obj(check, name, v, d)
            if s.type is None or s.values:
                arity(check, s.pos, s.names, s.values, False, False)
    elif decl.tok == "type":
        for s in decl.specs:
            assert isinstance(s, ast.TypeSpec)
            declare_pkg_obj(check, s.name, TypeName(s.name.pos, pkg, s.name.name, None), DeclInfo(scope, tdecl=s))


def _func(check: Checker, decl: ast.FuncDecl, scope: FileScope, methods: list[tuple[Func, bool, ast.Ident]]) -> None:
    pkg = check.pkg
    name = decl.name.name
    obj = Func(decl.name.pos, pkg, name, None)
    tparams = decl.type.type_params
    if decl.recv is None or not decl.recv.list:
        if name == "init" or (name == "main" and pkg.name == "main"):
            if tparams is not None and tparams.list:
                check.error(tparams.list[0], f"func {name} must have no type parameters")
            if decl.type.params.list or (decl.type.results is not None and decl.type.results.list):
                check.error(decl.name, f"func {name} must have no arguments and no return values")
        elif tparams is not None and tparams.list:
            check.requires(tparams.list[0], 18, "type parameter")
        if name == "init":
            obj.parent = pkg.scope
            check.info.defs[decl.name] = obj
            if decl.body is None:
                check.error(obj, "func init must have a body")
        else:
            check.declare(pkg.scope, decl.name, obj)
            if name == "_":
                check.info.defs[decl.name] = obj
    else:
        ptr, base, _ = unpack_recv(decl.recv.list[0].type)
        if isinstance(base, ast.Ident) and name != "_":
            methods.append((obj, ptr, base))
        if tparams is not None and tparams.list:
            check.requires(tparams.list[0], 27, "generic method")
        check.info.defs[decl.name] = obj
    check.obj_map[obj] = DeclInfo(scope, fdecl=decl)
    obj._order = len(check.obj_map)  # pyright: ignore[reportPrivateUsage]


def _base_type_name(check: Checker, ptr: bool, ident: Any) -> tuple[bool, TypeName | None]:
    """The declared type that a receiver's identifier stands for, aliases resolved."""
    seen: set[int] = set()
    while isinstance(ident, ast.Ident):
        obj = check.pkg.scope.lookup(ident.name)
        if not isinstance(obj, TypeName) or id(obj) in seen:
            return False, None
        d = check.obj_map.get(obj)
        if d is None or d.tdecl is None:
            return False, None
        if not d.tdecl.assign:
            return ptr, obj
        if d.tdecl.type_params is not None:
            return False, None
        seen.add(id(obj))
        t = ast.unparen(d.tdecl.type)
        if isinstance(t, ast.StarExpr):
            if ptr:
                return False, None
            ptr = True
            t = ast.unparen(t.x)
        ident = t
    return False, None


def direct_cycles(check: Checker) -> None:
    """Reports type declarations that name each other and nothing else (``type A B; type B A``)."""
    from goir.types.decl import cycle_error, first_in_source

    state: dict[TypeName, int] = {}
    for obj in list(check.obj_map):
        if not isinstance(obj, TypeName):
            continue
        path: list[TypeName] = []
        t = obj
        while True:
            start = state.get(t)
            if start is not None:
                if start >= 0:
                    t.type = TYP_INVALID
                    cycle: list[Object] = list(path[start:])
                    cycle_error(check, cycle, first_in_source(cycle))
                break
            state[t] = len(path)
            path.append(t)
            d = check.obj_map.get(t)
            rhs = d.tdecl.type if d is not None and d.tdecl is not None else None
            if not isinstance(rhs, ast.Ident):
                break
            nxt = check.pkg.scope.lookup(rhs.name)
            if not isinstance(nxt, TypeName):
                break
            t = nxt
        for t in path:
            state[t] = -1


def package_objects(check: Checker) -> None:
    """Checks all package-level declarations: types first, then aliases, then the rest."""
    from goir.types.decl import collect_methods

    aliases: list[Object] = []
    others: list[Object] = []
    for obj in list(check.obj_map):
        if isinstance(obj, TypeName) and obj.type is not None:
            collect_methods(check, obj)
    for obj in list(check.obj_map):
        if isinstance(obj, TypeName):
            d = check.obj_map[obj]
            if d.tdecl is not None and d.tdecl.assign:
                aliases.append(obj)
            else:
                check.obj_decl(obj)
        else:
            others.append(obj)
    for obj in aliases:
        check.obj_decl(obj)
    for obj in others:
        check.obj_decl(obj)
    check.methods = {}


def unused_imports(check: Checker) -> None:
    """Reports imports that no file uses."""
    for obj in check.pkg_names:
        if obj.name == "_" or obj.used:
            continue
        path = obj.imported.path
        if obj.name in ("", ".", path.rpartition("/")[2]):
            check.error(obj, f'"{path}" imported and not used')
        else:
            check.error(obj, f'"{path}" imported as {obj.name} and not used')
