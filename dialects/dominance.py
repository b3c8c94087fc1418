"""The dominator tree of a control flow graph."""

from __future__ import annotations

from collections.abc import Sequence


def dominators(successors: Sequence[Sequence[int]]) -> tuple[list[int], list[list[int]]]:
    """Reachable blocks in reverse postorder, and the children of each block in the dominator tree (Cooper, Harvey and
    Kennedy: two sweeps where the graph is reducible, as Go's control flow is but for goto)."""
    n = len(successors)
    if n == 1:
        return [0], [[]]
    seen = [False] * n
    seen[0] = True
    postorder: list[int] = []
    stack: list[tuple[int, int]] = [(0, 0)]
    while stack:
        block, at = stack.pop()
        out = successors[block]
        while at < len(out) and seen[out[at]]:
            at += 1
        if at < len(out):
            stack.append((block, at + 1))
            seen[out[at]] = True
            stack.append((out[at], 0))
        else:
            postorder.append(block)
    number = [-1] * n
    for position, block in enumerate(postorder):
        number[block] = position
    order = postorder[::-1]
    predecessors: list[list[int]] = [[] for _ in range(n)]
    for block in order:
        for successor in successors[block]:
            predecessors[successor].append(block)
    idom = [-1] * n
    idom[0] = 0
    changed = True
    while changed:
        changed = False
        for block in order[1:]:
            new = -1
            for p in predecessors[block]:
                if idom[p] < 0:
                    continue
                if new < 0:
                    new = p
                    continue
                a, b = p, new
                while a != b:
                    while number[a] < number[b]:
                        a = idom[a]
                    while number[b] < number[a]:
                        b = idom[b]
                new = a
            if idom[block] != new:
                idom[block] = new
                changed = True
    children: list[list[int]] = [[] for _ in range(n)]
    for block in order[1:]:
        children[idom[block]].append(block)
    return order, children
