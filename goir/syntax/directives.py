"""gc's rules for ``//go:`` comments: which there are, and where they may stand.

They hold for the user's packages. Directives that gc does not know are comments, to goir too."""

from __future__ import annotations

from goir.syntax import ast
from goir.syntax.positions import SourceFile, SyntaxError_

_RUNTIME_ONLY = frozenset("systemstack nowritebarrier nowritebarrierrec yeswritebarrierrec".split())

FUNCTION_DIRECTIVES = _RUNTIME_ONLY | frozenset(
    "noescape norace nosplit noinline nocheckptr cgo_unsafe_args uintptrkeepalive uintptrescapes registerparams".split()
)
"""The directives that say something about a function, without ``//go:``."""

MISPLACED = "misplaced compiler directive"


def verb(directive: ast.Directive) -> str:
    """The name of a ``//go:`` directive; empty for others."""
    return directive.text[len("//go:") :].split(" ", 1)[0] if directive.text.startswith("//go:") else ""


def error_position(directive: ast.Directive) -> int:
    """Where gc places errors about a directive."""
    return directive.pos + len("//")


def directive_errors(file: ast.File, source: SourceFile) -> list[SyntaxError_]:
    """What gc finds wrong with a file's directives before it looks at types."""
    found: list[SyntaxError_] = []
    for directive in file.directives:
        message = _wrong(directive, source)
        if message:
            found.append(SyntaxError_(error_position(directive), message))
    return found


def _wrong(directive: ast.Directive, source: SourceFile) -> str:
    name = verb(directive)
    if not name:
        return ""
    text = directive.text[2:]
    offset = directive.pos - source.base
    if source.source[source.source.rfind(b"\n", 0, offset) + 1 : offset].strip():
        return MISPLACED  # something precedes it on its line
    if name in ("linkname", "linknamestd") and " " in text:
        return "" if 2 <= len(text.split()) <= 3 else f"usage: //go:{name} localname [linkname]"
    if name.startswith("cgo_") and name != "cgo_import_dynamic":
        return f"//{text} only allowed in cgo-generated code"
    if name in _RUNTIME_ONLY:
        return f"//go:{name} only allowed in runtime"
    if name == "uintptrkeepalive":
        return f"//go:{name} is only allowed in the standard library"
    if directive.place == "" and (name in FUNCTION_DIRECTIVES or name == "build"):
        return MISPLACED
    return ""
