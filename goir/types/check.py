"""Entry point of the type checker."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from goir.types.info import CheckResult, Diagnostic, ImportError_, Info, Initializer, Selection, TypeAndValue
from goir.types.objects import Package

if TYPE_CHECKING:
    from goir.syntax import ast
    from goir.syntax.positions import FileSet

__all__ = [
    "CheckResult",
    "Diagnostic",
    "ImportError_",
    "Info",
    "Initializer",
    "Selection",
    "TypeAndValue",
    "check_files",
]


RECURSION_LIMIT = 200_000


def check_files(
    path: str,
    files: list[ast.File],
    fset: FileSet,
    importer: Callable[[str], Package],
    *,
    ignore_func_bodies: bool = False,
    late: bool = True,
    bodyless: bool = False,
    go_version: str = "",
) -> CheckResult:
    """Checks the files of one package.  Errors are in the result, sorted by position; nothing is raised for them.

    With ``ignore_func_bodies`` only declarations are checked: enough for importing the package.
    ``late`` asks also for what gc looks at after the types: not if the parser has found errors.
    ``bodyless`` allows functions without body that no directive provides for: the linker may find them.
    ``go_version`` is the version of the language that go.mod asks for ("1.21"); later features are errors."""
    from goir.types.checker import Checker

    # Nested expressions take several Python calls a level (they do not use the C stack).
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    checker = Checker(
        path,
        files,
        fset,
        importer,
        ignore_func_bodies=ignore_func_bodies,
        late=late,
        bodyless=bodyless,
        go_version=go_version,
    )
    try:
        return checker.check()
    except RecursionError:
        at = Diagnostic(checker.current_pos, "not supported yet: code nested this deeply")
        return CheckResult(checker.pkg, checker.info, [at])
    finally:
        sys.setrecursionlimit(limit)
