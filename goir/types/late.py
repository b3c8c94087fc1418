"""What gc checks after type checking, when there are no other errors."""

from __future__ import annotations

from goir.syntax import ast
from goir.types.checker import Checker


def check_late(check: Checker) -> None:
    """Reports functions without body that nothing provides."""
    if check.allow_bodyless:
        return
    for file in check.files:
        names: set[str] | None = None
        for d in file.decls:
            if not isinstance(d, ast.FuncDecl) or d.body is not None:
                continue
            if names is None:
                names = set()
                for directive in file.directives:
                    words = directive.text.split()
                    if words[0] in ("//go:linkname", "//go:linknamestd") and len(words) > 1:
                        names.add(words[1])
            if d.name.name in names or any(t.startswith("//goir:") for t in d.directives):
                continue
            recv = d.recv.pos if d.recv is not None else d.name.pos
            check.error(recv, "missing function body")
