"""Terminating statements: does control reach the end of a function?"""

from __future__ import annotations

from typing import Any

from goir.syntax import ast


def is_terminating(panics: set[Any], s: Any, label: str) -> bool:
    """Whether s is a terminating statement; ``panics`` are the calls of the builtin panic."""
    while isinstance(s, ast.LabeledStmt):
        label = s.label.name
        s = s.stmt
    if isinstance(s, ast.ReturnStmt):
        return True
    if isinstance(s, ast.ExprStmt):
        return ast.unparen(s.x) in panics
    if isinstance(s, ast.BranchStmt):
        return s.tok in ("goto", "fallthrough")
    if isinstance(s, ast.BlockStmt):
        return is_terminating_list(panics, s.list)
    if isinstance(s, ast.IfStmt):
        while s.else_ is not None and is_terminating(panics, s.body, ""):
            if not isinstance(s.else_, ast.IfStmt):
                return is_terminating(panics, s.else_, "")
            s = s.else_
        return False
    if isinstance(s, (ast.SwitchStmt, ast.TypeSwitchStmt)):
        has_default = False
        for c in s.body.list:
            assert isinstance(c, ast.CaseClause)
            if c.list is None:
                has_default = True
            if not is_terminating_list(panics, c.body) or _has_break_list(c.body, label, True):
                return False
        return has_default
    if isinstance(s, ast.SelectStmt):
        for c in s.body.list:
            assert isinstance(c, ast.CommClause)
            if not is_terminating_list(panics, c.body) or _has_break_list(c.body, label, True):
                return False
        return True
    if isinstance(s, ast.ForStmt):
        return s.cond is None and not _has_break(s.body, label, True)
    return False


def is_terminating_list(panics: set[Any], stmts: list[Any]) -> bool:
    """Whether the last statement (empty ones aside) terminates."""
    for s in reversed(stmts):
        if not isinstance(s, ast.EmptyStmt):
            return is_terminating(panics, s, "")
    return False


def _has_break_list(stmts: list[Any], label: str, implicit: bool) -> bool:
    return any(_has_break(s, label, implicit) for s in stmts)


def _has_break(s: Any, label: str, implicit: bool) -> bool:
    """Whether s contains a break of the statement with that label (or, if ``implicit``, without label)."""
    while True:
        if isinstance(s, ast.LabeledStmt):
            s = s.stmt
            continue
        if isinstance(s, ast.BranchStmt):
            if s.tok != "break":
                return False
            return implicit if s.label is None else s.label.name == label
        if isinstance(s, ast.BlockStmt):
            return _has_break_list(s.list, label, implicit)
        if isinstance(s, ast.IfStmt):
            if _has_break(s.body, label, implicit):
                return True
            if s.else_ is None:
                return False
            s = s.else_
            continue
        if not label:
            return False
        if isinstance(s, (ast.SwitchStmt, ast.TypeSwitchStmt, ast.SelectStmt)):
            return any(
                _has_break_list(c.body, label, False)
                for c in s.body.list
                if isinstance(c, (ast.CaseClause, ast.CommClause))
            )
        if isinstance(s, (ast.ForStmt, ast.RangeStmt)):
            s = s.body
            implicit = False
            continue
        return False
