"""Which initialisers of library packages can be left out when nothing uses their variables.

An initialiser is pure if running it changes nothing that was there before: it stores only to its own local variables and
to what it has allocated itself, and calls only functions of which the same is true. What is not understood is not pure.

That it may panic, or not end, is no objection here: initialisers of the library run in every Go program that imports their
package, and they do neither. (Of a user's packages all initialisers run.)"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from goir.irgen.variables import root_variable
from goir.syntax import ast
from goir.types import types as T
from goir.types.info import Info, Selection
from goir.types.objects import Builtin, Func, Object, Var

if TYPE_CHECKING:
    from goir.irgen.sources import Sources

UNKNOWN: Final = -1
Origins: TypeAlias = frozenset[int]
"""What a pointer, slice or map may point to: a parameter's variable (by index; the receiver is 0), or UNKNOWN. Empty:
only what the function has allocated, its local variables, or nothing."""

_FRESH: Final[Origins] = frozenset()
_ANYTHING: Final[Origins] = frozenset((UNKNOWN,))

_BUILTINS: Final = frozenset((
    "append", "cap", "clear", "complex", "copy", "delete", "imag", "len", "make", "max", "min", "new", "panic", "real",
    "Add", "Alignof", "Offsetof", "Sizeof", "Slice", "SliceData", "String", "StringData",
))  # fmt: skip
_EFFECTS: Final = (
    "atomicstore",
    "xchg",
    "cas",
    "xadd",
    "and32",
    "or32",
    "mem",
    "park",
    "coro",
    "raise",
    "trap",
    "spill",
)
"""How the names of the intrinsics begin that do more than compute a value."""


class Summary(NamedTuple):
    """A pure function: the parameters through which it stores, and what its results may point to."""

    stores: Origins
    result: Origins


class Purity:
    """Looks at functions once. `None` is the summary of a function that is not pure."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._known: dict[Func, Summary | None] = {}

    def initialiser(self, info: Info, e: ast.Expr) -> bool:
        """Whether evaluating an initialiser has no effect."""
        body = _Body(self, info, ())
        return body.look(e) and not body.stores()

    def summary(self, func: Func) -> Summary | None:
        """What is known of a declared function or method."""
        func = func.origin
        if func not in self._known:
            self._known[func] = None  # should it call itself
            self._known[func] = self._look(func)
        return self._known[func]

    def _look(self, func: Func) -> Summary | None:
        declaration = self._sources.declaration(func)
        if declaration is None:
            return None
        intrinsic = declaration.directives.get("intrinsic")
        if intrinsic is not None:
            return None if intrinsic.startswith(_EFFECTS) else Summary(_FRESH, _ANYTHING)
        decl, info = declaration.decl, declaration.info
        if decl.body is None:
            return None
        self._sources.check_body(func)
        names: list[Var | None] = []
        for field in (*(decl.recv.list if decl.recv is not None else ()), *decl.type.params.list):
            for name in field.names or [None]:
                var = info.defs.get(name) if name is not None else None
                names.append(var if isinstance(var, Var) else None)
        body = _Body(self, info, names)
        named = [
            name for field in (decl.type.results.list if decl.type.results is not None else ()) for name in field.names
        ]
        for name in named:
            var = info.defs.get(name)
            if isinstance(var, Var):
                body.locals.add(var)
        if not body.look(decl.body):
            return None
        stores = body.stores()
        if UNKNOWN in stores:
            return None
        results = [o for r in (*body.returned, *named) for o in body.points_to(r)]
        return Summary(stores, frozenset(results))


class _Body:
    """One function's body (or an initialiser): `look` walks it once and collects what it stores to."""

    def __init__(self, purity: Purity, info: Info, params: Sequence[Var | None]) -> None:
        self.purity = purity
        self.info = info
        self.params = {var: i for i, var in enumerate(params) if var is not None}
        self.assigned: dict[Var, list[ast.Expr | None]] = {}
        """What local variables are assigned; None for what is not looked into."""
        self.locals: set[Object] = set(self.params)
        self.through: list[ast.Expr] = []
        """Pointers, slices and maps that are stored through."""
        self.returned: list[ast.Expr] = []
        self.seen: set[Var] = set()
        """Local variables that a query of `origins` has been at."""

    def stores(self) -> Origins:
        """What is stored to, besides local variables and what was allocated here."""
        return frozenset(o for e in self.through for o in self.points_to(e))

    def look(self, root: ast.Node) -> bool:
        """Collects; answers False at what is not pure."""
        stack: list[ast.Node] = [root]
        while stack:
            node = stack.pop()
            match node:
                case ast.GoStmt() | ast.DeferStmt() | ast.SendStmt() | ast.SelectStmt():
                    return False
                case ast.FuncLit():
                    # It may run later; whether it does is seen where it is called. It may change what it captures.
                    self._captured(node)
                    continue
                case ast.UnaryExpr():
                    if node.op == "<-":
                        return False
                    if node.op == "&":
                        self._shared(node.x)
                case ast.SliceExpr():
                    self._shared(node.x)
                case ast.TypeSwitchStmt():
                    assign = node.assign
                    subject = assign.rhs[0] if isinstance(assign, ast.AssignStmt) else assign
                    stack += [each for each in (node.init, subject, node.body) if each is not None]
                    continue
                case ast.Ident():
                    obj = self.info.defs.get(node)
                    if isinstance(obj, Var):
                        self.locals.add(obj)
                    continue
                case ast.SelectorExpr():
                    stack.append(node.x)
                    continue
                case ast.CallExpr():
                    if not self._call(node):
                        return False
                case ast.AssignStmt():
                    pairs = len(node.lhs) == len(node.rhs)
                    for i, lhs in enumerate(node.lhs):
                        if not self._assign(lhs, node.rhs[i] if pairs else None):
                            return False
                case ast.IncDecStmt():
                    if not self._assign(node.x, None):
                        return False
                case ast.ValueSpec():
                    pairs = len(node.names) == len(node.values)
                    for i, name in enumerate(node.names):
                        if node.values and not self._assign(name, node.values[i] if pairs else None):
                            return False
                case ast.RangeStmt():
                    u = self._type(node.x)
                    if not isinstance(u, (T.Basic, T.Array, T.Slice, T.Map, T.Pointer)):
                        return False
                    for lhs in (node.key, node.value):
                        if lhs is not None and not self._assign(lhs, None):
                            return False
                case ast.CaseClause():
                    var = self.info.implicits.get(node)
                    if isinstance(var, Var):
                        self.locals.add(var)
                        self.assigned.setdefault(var, []).append(None)
                case ast.ReturnStmt():
                    self.returned += node.results
                case _:
                    pass
            stack.extend(ast.children(node))
        return True

    def _shared(self, operand: ast.Expr) -> None:
        """A variable whose address is taken may be assigned under other names."""
        var = root_variable(self.info, operand)
        if var is not None:
            self.assigned.setdefault(var, []).append(None)

    def _captured(self, lit: ast.FuncLit) -> None:
        for node in ast.walk(lit.body):
            if isinstance(node, ast.Ident):
                obj = self.info.uses.get(node)
                if isinstance(obj, Var):
                    self.assigned.setdefault(obj, []).append(None)

    def _type(self, e: ast.Expr) -> T.Type | None:
        tv = self.info.types.get(e)
        if tv is not None:
            return tv.type.underlying
        obj = self.info.object_of(e)
        return obj.type.underlying if obj is not None else None

    # Stores -----------------------------------------------------------------------------------------------------------

    def _assign(self, lhs: ast.Expr, value: ast.Expr | None) -> bool:
        """`lhs = value`; a value of None is not looked into."""
        part = False
        while True:
            lhs = ast.unparen(lhs)
            if isinstance(lhs, ast.Ident):
                if lhs.name == "_":
                    return True
                obj = self.info.object_of(lhs)
                if not isinstance(obj, Var) or _is_global(obj):
                    return False
                if not part:
                    self.assigned.setdefault(obj, []).append(value)
                return True
            part = True
            if isinstance(lhs, ast.SelectorExpr):
                selection = self.info.selections.get(lhs)
                if selection is None:
                    return False
                if not _fields_only(selection):
                    return False
                if isinstance(self._type(lhs.x), T.Pointer):
                    return self._through(lhs.x)
                lhs = lhs.x
            elif isinstance(lhs, ast.IndexExpr):
                if not isinstance(self._type(lhs.x), T.Array):
                    return self._through(lhs.x)
                lhs = lhs.x
            elif isinstance(lhs, ast.StarExpr):
                return self._through(lhs.x)
            else:
                return False

    def _through(self, pointer: ast.Expr) -> bool:
        self.through.append(pointer)
        return True

    # Calls ------------------------------------------------------------------------------------------------------------

    def _call(self, e: ast.CallExpr) -> bool:
        tv = self.info.types.get(e.fun)
        if tv is not None and tv.mode == "type":
            return True
        found = self._callee(e)
        if isinstance(found, Builtin):
            if found.name in ("copy", "append", "delete", "clear"):
                self.through.append(e.args[0])
            return found.name in _BUILTINS
        if found is None:
            return False
        summary = self.purity.summary(found)
        if summary is None:
            return False
        operands = self._operands(e, found)
        for index in summary.stores:
            if index >= len(operands):
                return False
            self.through.append(operands[index])
        return True

    def _callee(self, e: ast.CallExpr) -> Func | Builtin | None:
        """The function a call calls, if that is known."""
        fun = ast.unparen(e.fun)
        if isinstance(fun, (ast.IndexExpr, ast.IndexListExpr)):
            fun = ast.unparen(fun.x)
        if isinstance(fun, ast.SelectorExpr):
            selection = self.info.selections.get(fun)
            if selection is not None:
                method = selection.obj
                if selection.kind != "method_val" or not isinstance(method, Func):
                    return None
                recv = method.signature.recv
                if recv is None or isinstance(recv.type.underlying, T.Interface) or len(selection.index) != 1:
                    return None
                if isinstance(recv.type, T.Pointer) and not isinstance(self._type(fun.x), T.Pointer):
                    self._shared(fun.x)
                return method
            fun = fun.sel
        obj = self.info.object_of(fun)
        return obj if isinstance(obj, (Func, Builtin)) else None

    def _operands(self, e: ast.CallExpr, func: Func) -> list[ast.Expr]:
        """Receiver and arguments. A receiver whose address is taken stands for its address."""
        fun = ast.unparen(e.fun)
        receiver: list[ast.Expr] = []
        if func.signature.recv is not None and isinstance(fun, ast.SelectorExpr):
            receiver.append(fun.x)
        return [*receiver, *e.args]

    # What pointers point to -------------------------------------------------------------------------------------------

    def points_to(self, e: ast.Expr) -> Origins:
        """`origins`, asked for from outside."""
        self.seen.clear()
        return self.origins(e)

    def origins(self, e: ast.Expr) -> Origins:
        """What the value of an expression may point to; of a variable that is no pointer, what its address is of."""
        e = ast.unparen(e)
        tv = self.info.types.get(e)
        if tv is not None and (tv.value is not None or tv.mode == "nilvalue"):
            return _FRESH
        match e:
            case ast.Ident():
                obj = self.info.object_of(e)
                if isinstance(obj, Var) and not _is_global(obj):
                    return _FRESH if isinstance(obj.type.underlying, (T.Struct, T.Array)) else self._of_variable(obj)
            case ast.CompositeLit() | ast.FuncLit() | ast.BasicLit() | ast.BinaryExpr():
                return _FRESH
            case ast.UnaryExpr() if e.op == "&":
                return self._address(e.x)
            case ast.SliceExpr():
                return self._address(e.x) if isinstance(self._type(e.x), T.Array) else self.origins(e.x)
            case ast.SelectorExpr() | ast.IndexExpr() if isinstance(self._type(e), (T.Struct, T.Array)):
                return self._address(e)
            case ast.CallExpr():
                return self._result(e)
            case _:
                pass
        return _ANYTHING

    def _of_variable(self, var: Var) -> Origins:
        if var in self.seen:
            return _FRESH  # its origins are part of the answer already
        self.seen.add(var)
        index = self.params.get(var)
        found = [] if index is None else [index]
        if index is None and var not in self.locals:
            found.append(UNKNOWN)
        for value in self.assigned.get(var, ()):
            found.extend(_ANYTHING if value is None else self.origins(value))
        return frozenset(found)

    def _address(self, e: ast.Expr) -> Origins:
        """What the address of an operand is of."""
        while True:
            e = ast.unparen(e)
            if isinstance(e, ast.CompositeLit):
                return _FRESH
            if isinstance(e, ast.Ident):
                obj = self.info.object_of(e)
                if not isinstance(obj, Var) or _is_global(obj):
                    return _ANYTHING
                return _FRESH
            if isinstance(e, ast.SelectorExpr):
                selection = self.info.selections.get(e)
                if selection is None or not _fields_only(selection):
                    return _ANYTHING
                if isinstance(self._type(e.x), T.Pointer):
                    return self.origins(e.x)
                e = e.x
            elif isinstance(e, ast.IndexExpr) and isinstance(self._type(e.x), T.Array):
                e = e.x
            elif isinstance(e, (ast.IndexExpr, ast.StarExpr)):
                return self.origins(e.x)
            else:
                return _ANYTHING

    def _result(self, e: ast.CallExpr) -> Origins:
        tv = self.info.types.get(e.fun)
        if tv is not None and tv.mode == "type":
            t = self._type(e)
            source = self._type(e.args[0])
            if isinstance(t, T.Slice) and isinstance(source, T.Basic):
                return _FRESH
            return self.origins(e.args[0]) if isinstance(source, (T.Pointer, T.Slice, T.Map)) else _ANYTHING
        found = self._callee(e)
        if isinstance(found, Builtin):
            if found.name in ("make", "new"):
                return _FRESH
            return self.origins(e.args[0]) if found.name == "append" else _ANYTHING
        summary = self.purity.summary(found) if found is not None else None
        if summary is None or found is None:
            return _ANYTHING
        operands = self._operands(e, found)
        return _union(
            _ANYTHING if i == UNKNOWN or i >= len(operands) else self.origins(operands[i]) for i in summary.result
        )


def _union(parts: Iterable[Origins]) -> Origins:
    return frozenset(o for part in parts for o in part)


def _fields_only(selection: Selection) -> bool:
    """Whether no pointer is followed between the operand (or what it points to) and the field."""
    t = selection.recv.underlying
    if isinstance(t, T.Pointer):
        t = t.elem.underlying
    for index in selection.index:
        if not isinstance(t, T.Struct):
            return False
        t = t.fields[index].type.underlying
    return True


def _is_global(var: Var) -> bool:
    return var.pkg is not None and var.parent is var.pkg.scope
