"""The order in which package-level variables are initialised, and cycles in it."""

from __future__ import annotations

import heapq
from typing import Any

from goir.types.checker import Checker, DeclInfo
from goir.types.info import Initializer
from goir.types.objects import Const, Func, Object, Var


class _Node:
    """A constant, variable or function in the dependency graph."""

    __slots__ = ("ndeps", "obj", "pred", "succ")

    def __init__(self, obj: Object) -> None:
        self.obj = obj
        self.pred: dict[_Node, None] = {}
        self.succ: dict[_Node, None] = {}
        self.ndeps = 0


def init_order(check: Checker) -> None:
    """Computes Info.init_order."""
    check.info.init_order = order_of(check, check.obj_map)


def order_of(check: Checker, objects: dict[Object, DeclInfo]) -> list[Initializer]:
    """The initialisations of the variables among the objects, in order."""
    out: list[Initializer] = []
    nodes = _graph(objects)
    # Constants first, then what depends on least, in source order.  The heap holds stale entries: a node is pushed
    # again whenever its number of dependencies changes.
    heap: list[tuple[bool, int, int, int, _Node]] = []
    count = 0

    def push(n: _Node) -> None:
        nonlocal count
        count += 1
        order = n.obj._order  # pyright: ignore[reportPrivateUsage]
        heapq.heappush(heap, (not isinstance(n.obj, Const), n.ndeps, order, count, n))

    for n in nodes:
        push(n)
    done: set[_Node] = set()
    emitted: set[int] = set()
    while heap:
        _, ndeps, _, _, n = heapq.heappop(heap)
        if n in done or ndeps != n.ndeps:
            continue
        done.add(n)
        if n.ndeps > 0:
            cycle = _find_path(check.obj_map, n.obj, n.obj)
            if cycle is not None:
                _report_cycle(check, cycle)
            # Otherwise n merely depends on a cycle, which is reported for its own members.
        for p in n.pred:
            p.ndeps -= 1
            if p not in done:
                push(p)
        if not isinstance(n.obj, Var):
            continue
        d = check.obj_map[n.obj]
        if not d.has_initializer() or id(d) in emitted:
            continue
        emitted.add(id(d))
        assert d.init is not None
        out.append(Initializer(d.lhs if d.lhs is not None else [n.obj], d.init))
    return out


def _find_path(obj_map: dict[Object, DeclInfo], start: Object, to: Object) -> list[Object] | None:
    """A path of dependencies from start to ``to``, last object first."""
    seen: set[Object] = {start}

    def deps(o: Object) -> Any:
        return iter(sorted(obj_map[o].deps, key=lambda d: d._order))  # pyright: ignore[reportPrivateUsage]

    path: list[Object] = [start]
    stack: list[Any] = [deps(start)]
    while stack:
        for d in stack[-1]:
            if d is to:
                return [d, *reversed(path[1:])]
            if d not in seen:
                seen.add(d)
                path.append(d)
                stack.append(deps(d))
                break
        else:
            stack.pop()
            path.pop()
    return None


def _report_cycle(check: Checker, cycle: list[Object]) -> None:
    obj = cycle[0]
    if len(cycle) == 1:
        check.error(obj, f"initialization cycle: {obj.name} refers to itself")
        return
    more: list[tuple[int, str]] = []
    o = obj
    for nxt in reversed(cycle):
        more.append((o.pos, f"{o.name} refers to {nxt.name}"))
        o = nxt
    check.report(obj, f"initialization cycle for {obj.name}", more)


def _graph(obj_map: dict[Object, DeclInfo]) -> list[_Node]:
    """The dependencies between constants and variables; those through functions are made direct."""
    nodes: dict[Object, _Node] = {o: _Node(o) for o in obj_map if isinstance(o, (Const, Var, Func))}
    for o, n in nodes.items():
        for d in obj_map[o].deps:
            m = nodes.get(d)
            if m is not None:
                n.succ[m] = None
                m.pred[n] = None
    values: list[_Node] = []
    funcs: list[_Node] = []
    for n in nodes.values():
        (funcs if isinstance(n.obj, Func) else values).append(n)
    # Cheap functions first: it keeps the number of new edges down.
    funcs.sort(key=lambda n: len(n.pred) * len(n.succ))
    for n in funcs:
        for p in n.pred:
            if p is n:
                continue
            for s in n.succ:
                if s is not n:
                    p.succ[s] = None
                    s.pred[p] = None
            del p.succ[n]
        for s in n.succ:
            if s is not n:
                s.pred.pop(n, None)
    for n in values:
        n.ndeps = len(n.succ)
    return values
