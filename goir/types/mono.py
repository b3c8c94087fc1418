"""Instantiation cycles: generic code that would need infinitely many instances.

Type parameters (and local types inside generic functions) are the vertices of a graph.  An instantiation p := T adds an
edge to p from each type parameter that T mentions; it has weight 0 if T is the type parameter itself and 1 if it wraps
it.  A cycle of positive weight means that types grow without end."""

from __future__ import annotations

from typing import Any

from goir.syntax.gcpos import start_pos
from goir.types.objects import Package, TypeName
from goir.types.types import (
    Array,
    Chan,
    Interface,
    Map,
    Named,
    Pointer,
    Signature,
    Slice,
    Struct,
    Type,
    TypeParam,
)
from goir.types.typestring import type_string


class _Vertex:
    __slots__ = ("length", "obj", "pre", "weight")

    def __init__(self, obj: TypeName) -> None:
        self.obj = obj
        self.weight = 0  # of the heaviest known path to this vertex
        self.pre = -1  # last edge of that path
        self.length = 0


class MonoGraph:
    """The graph of one package."""

    def __init__(self) -> None:
        self.vertices: list[_Vertex] = []
        # (destination, source, weight, position, type argument)
        self.edges: list[tuple[int, int, int, int, Type]] = []
        self.canon: dict[int, TypeParam] = {}
        self.index: dict[int, int] = {}

    def record_canon(self, param: TypeParam, of: TypeParam) -> None:
        """A receiver's type parameter stands for that of the type."""
        self.canon[id(param)] = of

    def record_instance(
        self, pkg: Package, pos: int, tparams: list[TypeParam], targs: list[Type], xlist: list[Any]
    ) -> None:
        """An instantiation in the package."""
        for i, p in enumerate(tparams):
            if i < len(targs) and p.obj.pkg is pkg:
                self._assign(pkg, start_pos(xlist[i]) if i < len(xlist) else pos, p, targs[i])

    def _assign(self, pkg: Package, pos: int, p: TypeParam, targ: Type) -> None:
        seen: set[int] = set()

        def flow(src: int, t: Type) -> None:
            self.edges.append((self._param(p), src, 0 if t is targ else 1, pos, targ))

        def visit(t: Any) -> None:
            if id(t) in seen:
                return
            seen.add(id(t))
            if isinstance(t, TypeParam):
                flow(self._param(t), t)
            elif isinstance(t, Named):
                src = self._local_named(pkg, t.orig)
                if src >= 0:
                    flow(src, t)
                for a in t.type_args:
                    visit(a)
            elif isinstance(t, (Pointer, Slice, Array, Chan)):
                visit(t.elem)
            elif isinstance(t, Map):
                visit(t.key)
                visit(t.elem)
            elif isinstance(t, Struct):
                for f in t.fields:
                    visit(f.type)
            elif isinstance(t, Signature):
                for v in (*t.params.vars, *t.results.vars):
                    visit(v.type)
            elif isinstance(t, Interface):
                for m in t.all_methods():
                    visit(m.type)

        visit(targ)

    def _vertex(self, obj: TypeName) -> int:
        self.vertices.append(_Vertex(obj))
        return len(self.vertices) - 1

    def _local_named(self, pkg: Package, t: Named) -> int:
        """The vertex of a type declared inside a generic function, -1 for other types."""
        obj = t.obj
        root = pkg.scope
        if obj.pkg is not pkg or obj.parent is root:
            return -1
        found = self.index.get(id(obj))
        if found is not None:
            return found
        v = -1
        scope = obj.parent
        while scope is not None and scope is not root:
            for o in scope.elems.values():
                if isinstance(o, TypeName) and isinstance(o.type, TypeParam) and o.pos < obj.pos and not o.is_alias:
                    if v < 0:
                        v = self._vertex(obj)
                    self.edges.append((v, self._param(o.type), 1, obj.pos, o.type))
            scope = scope.parent
        self.index[id(obj)] = v
        return v

    def _param(self, p: TypeParam) -> int:
        p = self.canon.get(id(p), p)
        v = self.index.get(id(p.obj))
        if v is None:
            v = self._vertex(p.obj)
            self.index[id(p.obj)] = v
        return v

    def find_cycle(self) -> int:
        """A vertex that a cycle of positive weight leads to, -1 if there is none."""
        vs = self.vertices
        again = True
        while again:
            again = False
            for i, (dst, src, weight, _, _) in enumerate(self.edges):
                s, d = vs[src], vs[dst]
                w = s.weight + weight
                if w <= d.weight:
                    continue
                d.pre = i
                d.length = s.length + 1
                if d.length == len(vs):
                    return dst
                d.weight = w
                again = True
        return -1


def check_cycles(check: Any, graph: MonoGraph) -> None:
    """Reports an instantiation cycle."""
    v = graph.find_cycle()
    if v < 0:
        return
    stack: list[int] = []
    while v not in stack:
        stack.append(v)
        v = graph.edges[graph.vertices[v].pre][1]
    stack = stack[stack.index(v) :]
    more: list[tuple[int, str]] = []

    def relative(pkg: Package) -> str:
        return "" if pkg is check.pkg else pkg.path

    for u in stack:
        edge = graph.edges[graph.vertices[u].pre]
        obj = graph.vertices[edge[0]].obj
        how = "instantiated as" if isinstance(obj.type, TypeParam) else "implicitly parameterized by"
        more.append((edge[3], f"{obj.name} {how} {type_string(edge[4], relative)}"))
    check.report(graph.vertices[v].obj, "instantiation cycle:", more)
