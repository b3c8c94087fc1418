"""What irgen must know about local variables before it generates a function: which are captured by function literals,
reassigned after their initialisation, or have their address taken; and which functions defer or recover."""

from __future__ import annotations

from collections.abc import Iterator

from goir.syntax import ast
from goir.types import types as T
from goir.types.info import Info
from goir.types.objects import Builtin, Func, Object, Var


class Function:
    """Facts about one function declaration, function literal, or package-level initialisation expression."""

    __slots__ = ("captures", "defers_recover", "has_defer", "has_recover", "is_body", "labels", "parent", "ranges_func")

    def __init__(self, parent: Function | None) -> None:
        self.parent = parent
        #: Variables of enclosing functions used here or in nested literals, in order of first use.
        self.captures: dict[Var, None] = {}
        #: It defers, or the body of a range loop in it does.
        self.has_defer = False
        self.has_recover = False
        #: Not a function of the source, but the body of a range loop over a function.
        self.is_body = False
        #: It contains such a loop.
        self.ranges_func = False
        #: `defer recover()` is among what it defers.
        self.defers_recover = False
        #: Names of the labels that a goto leads to.
        self.labels: set[str] = set()

    def parts(self) -> Iterator[Function]:
        """This function, and if it is the body of a range loop the functions around it, out to one of the source."""
        f: Function | None = self
        while f is not None:
            yield f
            f = f.parent if f.is_body else None


class Facts:
    """What `analyse` finds out about a top-level declaration and the literals in it."""

    __slots__ = ("address_taken", "calls", "captured", "functions", "owner", "reassigned", "stepped")

    def __init__(self) -> None:
        self.functions: dict[ast.Node, Function] = {}
        self.owner: dict[Var, Function] = {}
        self.captured: set[Var] = set()
        self.reassigned: set[Var] = set()
        #: Variables of for loops that only the post statement assigns to, with the positions of the loops. Where each
        #: iteration has its own, closures can capture the value.
        self.stepped: dict[Var, int] = {}
        self.address_taken: set[Var] = set()
        #: Positions of the parenthesis of each call and of the arrow of each receive, sorted.
        self.calls: list[int] = []


def root_variable(info: Info, e: ast.Expr) -> Var | None:
    """The variable that the storage denoted by an addressable expression is part of, if no pointer lies between."""
    while True:
        if isinstance(e, ast.ParenExpr):
            e = e.x
        elif isinstance(e, ast.Ident):
            obj = info.uses.get(e) or info.defs.get(e)
            return obj if isinstance(obj, Var) else None
        elif isinstance(e, ast.SelectorExpr):
            selection = info.selections.get(e)
            if selection is None:
                obj = info.uses.get(e.sel)
                return obj if isinstance(obj, Var) else None
            if selection.indirect or isinstance(selection.recv.underlying, T.Pointer):
                return None
            e = e.x
        elif isinstance(e, ast.IndexExpr):
            tv = info.types.get(e.x)
            if tv is None or not isinstance(tv.type.underlying, T.Array):
                return None
            e = e.x
        else:
            return None


def analyse(info: Info, root: ast.Node) -> Facts:
    """Walks a function declaration or an initialisation expression once."""
    facts = Facts()
    owner = facts.owner
    top = Function(None)
    facts.functions[root] = top
    stack: list[tuple[ast.Node, Function]] = [(root, top)]
    push = stack.append
    uses = info.uses
    defs = info.defs
    implicits = info.implicits
    reassigned = facts.reassigned

    posts: dict[ast.Node, ast.ForStmt] = {}
    elsewhere: set[Var] = set()

    def assigned(e: ast.Expr | None) -> None:
        if e is not None:
            var = root_variable(info, e)
            if var is not None:
                reassigned.add(var)
                loop = posts.get(node)
                if loop is not None and _declares(info, loop, var):
                    facts.stepped[var] = loop.pos
                else:
                    elsewhere.add(var)

    while stack:
        node, fn = stack.pop()
        cls = node.__class__
        if cls is ast.Ident:
            assert isinstance(node, ast.Ident)
            obj = uses.get(node)
            if obj is None:
                obj = defs.get(node)
                if obj.__class__ is Var and not obj.is_field:  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue, reportUnknownMemberType]
                    owner[obj] = fn  # pyright: ignore[reportArgumentType]
            elif obj.__class__ is Var:
                home = owner.get(obj)  # pyright: ignore[reportArgumentType]
                if home is not None and home is not fn:
                    assert isinstance(obj, Var)
                    facts.captured.add(obj)
                    f: Function | None = fn
                    while f is not None and f is not home:
                        f.captures[obj] = None
                        f = f.parent
            continue
        if cls is ast.SelectorExpr:
            assert isinstance(node, ast.SelectorExpr)
            selection = info.selections.get(node)
            if selection is not None and selection.kind == "method_val":
                obj = selection.obj
                if (
                    isinstance(obj, Func)
                    and not isinstance(selection.recv.underlying, T.Pointer)
                    and (recv := obj.signature.recv) is not None
                    and isinstance(recv.type, T.Pointer)
                ):
                    var = root_variable(info, node.x)
                    if var is not None:
                        facts.address_taken.add(var)
            push((node.x, fn))
            continue
        if cls is ast.FuncLit:
            assert isinstance(node, ast.FuncLit)
            inner = Function(fn)
            facts.functions[node] = inner
            _mark_results(info, node.type, reassigned)
            push((node.body, inner))
            push((node.type, inner))
            continue
        if cls is ast.UnaryExpr:
            assert isinstance(node, ast.UnaryExpr)
            if node.op == "<-":
                facts.calls.append(node.pos)
            elif node.op == "&":
                var = root_variable(info, node.x)
                if var is not None:
                    facts.address_taken.add(var)
        elif cls is ast.AssignStmt:
            assert isinstance(node, ast.AssignStmt)
            if node.tok == ":=":
                for e in node.lhs:
                    if isinstance(e, ast.Ident) and e in uses:
                        assigned(e)
            else:
                for e in node.lhs:
                    assigned(e)
        elif cls is ast.IncDecStmt:
            assigned(node.x)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType, reportUnknownMemberType]
        elif cls is ast.ForStmt:
            assert isinstance(node, ast.ForStmt)
            if node.post is not None and not _has_literal(node.post):
                posts[node.post] = node
        elif cls is ast.RangeStmt:
            assert isinstance(node, ast.RangeStmt)
            if node.tok == "=":
                assigned(node.key)
                assigned(node.value)
            tv = info.types.get(node.x)
            if tv is not None and isinstance(tv.type.underlying, T.Signature):
                inner = Function(fn)
                inner.is_body = True
                facts.functions[node] = inner
                *_, around = fn.parts()
                around.ranges_func = True
                push((node.body, inner))
                for e in (node.value, node.key):
                    if e is not None:
                        push((e, inner))
                push((node.x, fn))
                continue
        elif cls is ast.SliceExpr:
            assert isinstance(node, ast.SliceExpr)
            tv = info.types.get(node.x)
            if tv is not None and isinstance(tv.type.underlying, T.Array):
                var = root_variable(info, node.x)
                if var is not None:
                    facts.address_taken.add(var)
        elif cls is ast.DeferStmt:
            call = node.call  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
            recovers = isinstance(call, ast.CallExpr) and _is_recover(uses, call)
            for part in fn.parts():
                part.has_defer = True
                part.defers_recover |= recovers
                part.has_recover |= recovers
        elif cls is ast.CallExpr:
            assert isinstance(node, ast.CallExpr)
            facts.calls.append(node.lparen)
            if _is_recover(uses, node):
                fn.has_recover = True
        elif cls is ast.CaseClause:
            obj = implicits.get(node)
            if obj.__class__ is Var:
                owner[obj] = fn  # pyright: ignore[reportArgumentType]
        elif cls is ast.BranchStmt:
            assert isinstance(node, ast.BranchStmt)
            if node.tok == "goto" and node.label is not None:
                for part in fn.parts():
                    part.labels.add(node.label.name)
            continue
        elif cls is ast.LabeledStmt:
            push((node.stmt, fn))  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType, reportUnknownMemberType]
            continue
        elif cls is ast.FuncDecl:
            assert isinstance(node, ast.FuncDecl)
            _mark_results(info, node.type, reassigned)
        elif cls is ast.BasicLit:
            continue
        children = list(ast.children(node))
        children.reverse()
        for child in children:
            push((child, fn))
    facts.calls.sort()
    for var in elsewhere:
        facts.stepped.pop(var, None)
    return facts


def _declares(info: Info, loop: ast.ForStmt, var: Var) -> bool:
    """Whether a variable is one of a loop's own."""
    init = loop.init
    return isinstance(init, ast.AssignStmt) and init.tok == ":=" and any(info.defs.get(e) is var for e in init.lhs)  # pyright: ignore[reportArgumentType, reportCallIssue]


def _has_literal(node: ast.Node) -> bool:
    """Whether there is a function literal in a node."""
    return any(isinstance(n, ast.FuncLit) for n in ast.walk(node))


def _is_recover(uses: dict[ast.Ident, Object], call: ast.CallExpr) -> bool:
    fun = ast.unparen(call.fun)
    return isinstance(fun, ast.Ident) and fun.name == "recover" and isinstance(uses.get(fun), Builtin)


def _mark_results(info: Info, type: ast.FuncType, reassigned: set[Var]) -> None:
    """Named results are assigned by every return statement."""
    if type.results is not None:
        for field in type.results.list:
            for name in field.names:
                var = info.defs.get(name)
                if isinstance(var, Var):
                    reassigned.add(var)
