"""What gc checks after the types, when there are no other errors: one step after the other, until one finds something."""

from __future__ import annotations

import re
from typing import Any

from goir.syntax import ast
from goir.syntax.directives import FUNCTION_DIRECTIVES, MISPLACED, error_position, verb
from goir.types.checker import Checker
from goir.types.objects import Func, Object, Var
from goir.types.predicates import is_valid
from goir.types.sizes import sizeof
from goir.types.types import Array, Chan, Interface, Map, Pointer, Signature, Slice, Struct, Tuple, Type

_ADDRESS_SPACE = 1 << 50
_MAX_CHAN_ELEM = 1 << 16
_MAX_MAP_PART = 1 << 31


def check_late(check: Checker) -> None:
    """Reports the errors of the first step that finds some."""
    for step in (_interface_cycles, _directives_and_bodies, _sizes):
        step(check)
        if check.errors:
            return


# ---- Interfaces ------------------------------------------------------------------------------------------


def _interface_cycles(check: Checker) -> None:
    """Reports interface literals whose methods mention the same interface without a declared type in between."""
    cyclic: dict[int, bool] = {}  # interfaces by id: whether they are being looked into
    for pos, t in sorted(check.interfaces, key=lambda found: found[0]):
        if _methods_lead_back(t, cyclic):
            text = "anonymous interface refers to itself (see https://go.dev/issue/56103)"
            check.error(pos, f"invalid recursive type: {text}")
            cyclic = dict.fromkeys(cyclic, False)


def _methods_lead_back(t: Interface, cyclic: dict[int, bool]) -> bool:
    # Plain calls in loops, here and below: any() would use the C stack, which deep types exhaust.
    for m in t.all_methods():  # noqa: SIM110
        if _leads_back(m.type, cyclic):
            return True
    return False


def _leads_back(t: Type, cyclic: dict[int, bool]) -> bool:
    if isinstance(t, (Pointer, Array, Slice, Chan)):
        return _leads_back(t.elem, cyclic)
    if isinstance(t, Map):
        return _leads_back(t.key, cyclic) or _leads_back(t.elem, cyclic)
    if isinstance(t, Signature):
        return _leads_back(t.params, cyclic) or _leads_back(t.results, cyclic)
    if isinstance(t, (Struct, Tuple)):
        for v in t.fields if isinstance(t, Struct) else t.vars:  # noqa: SIM110
            if _leads_back(v.type, cyclic):
                return True
        return False
    if not isinstance(t, Interface) or not (t.methods or t.embeddeds):
        return False
    known = cyclic.get(id(t))
    if known is None:
        cyclic[id(t)] = True
        known = _methods_lead_back(t, cyclic)
        cyclic[id(t)] = known
    return known


# ---- Directives and function bodies ----------------------------------------------------------------------


def _directives_and_bodies(check: Checker) -> None:
    linknamed: set[Object] = set()
    for file in check.files:
        _linknames(check, file, linknamed)
        for directive in file.directives:
            name = verb(directive)
            allowed = ("package",) if name == "build" else ("func",) if name in FUNCTION_DIRECTIVES else None
            if allowed is not None and directive.place not in allowed:
                check.error(error_position(directive), MISPLACED)
        for d in file.decls:
            if isinstance(d, ast.FuncDecl):
                _body(check, d, linknamed)


def _linknames(check: Checker, file: ast.File, linknamed: set[Object]) -> None:
    imports_unsafe = any(spec.path.value[1:-1] == "unsafe" for spec in file.imports)
    for directive in file.directives:
        name = verb(directive)
        words = directive.text.split()
        if name not in ("linkname", "linknamestd") or not 2 <= len(words) <= 3:
            continue
        obj = check.pkg.scope.lookup(words[1])
        if not imports_unsafe:
            wrong = f'//go:{name} only allowed in Go files that import "unsafe"'
        elif "[" in words[-1] and "]" in words[-1]:
            wrong = f"//go:{name} reference of an instantiation is not allowed"
        elif not isinstance(obj, (Func, Var)):
            wrong = f"//go:{name} must refer to declared function or variable"
        elif obj in linknamed:
            wrong = f"duplicate //go:{name} for {words[1]}"
        else:
            linknamed.add(obj)
            continue
        check.error(error_position(directive), wrong)


def _body(check: Checker, d: ast.FuncDecl, linknamed: set[Object]) -> None:
    at = d.recv.pos if d.recv is not None else d.name.pos
    if d.body is not None:
        if "//go:noescape" in d.directives:
            check.error(at, "can only use //go:noescape with external func implementations")
        return
    provided = any(text.startswith("//goir:") for text in d.directives)
    if not provided and not check.bodyless and check.info.defs.get(d.name) not in linknamed:
        check.error(at, "missing function body")


# ---- Sizes -----------------------------------------------------------------------------------------------


def _sizes(check: Checker) -> None:
    """Reports types that are too large: those that are written down and have a long array in them."""
    if not check.long_arrays:
        return
    for pos, t in check.sized_types:
        message = _too_large(check, t)
        if message:
            check.error(pos, message)


def _too_large(check: Checker, t: Type) -> str:
    if isinstance(t, Array):
        elem = _size(check, t.elem)
        return (
            f"type {_spaced(check.ts(t))} larger than address space" if elem * t.length >= _ADDRESS_SPACE > elem else ""
        )
    if isinstance(t, Chan):
        return "channel element type too large (>64kB)" if _size(check, t.elem) >= _MAX_CHAN_ELEM else ""
    if isinstance(t, Map):
        if _size(check, t.elem) >= _MAX_MAP_PART:
            return "map element type too large"
        return "map key type too large" if _size(check, t.key) >= _MAX_MAP_PART else ""
    if isinstance(t, Struct):
        fits = all(_size(check, f.type) < _ADDRESS_SPACE for f in t.fields)
        return f"type {_spaced(check.ts(t))} too large" if fits and _size(check, t) >= _ADDRESS_SPACE else ""
    return ""


def _spaced(shown: str) -> str:
    """A type as the part of gc that lays types out prints it: with spaces in the braces of structs."""
    return re.sub(r"struct\{(.+)\}", r"struct { \1 }", shown)


def _size(check: Checker, t: Any) -> int:
    """The size of a type, 0 if it depends on type parameters."""
    from goir.types.builtins import has_var_size

    return sizeof(t) if is_valid(t) and not has_var_size(check, t) else 0
