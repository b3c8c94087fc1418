"""`//go:embed`: which variables, which files, and what is wrong with that, in go's words (package embed's documentation).

The patterns are resolved while packages are read, as the go command does; the types of the variables are looked at once
they are known.
"""

from __future__ import annotations

import glob
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from goir.dialects import go
from goir.syntax import ast
from goir.syntax.directives import error_position, verb
from goir.syntax.positions import SyntaxError_
from goir.types import types as T
from goir.types.check import CheckResult, Diagnostic
from goir.types.objects import Var
from goir.types.typestring import type_string

_PREFIX = "//go:embed"
_PATTERN = re.compile(r'\s+(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`|([^\s"`]\S*))(?=\s|$)')
_BAD_CHARACTERS = re.compile(r"[\x00-\x1f\x7f\"'*<>?`|/\\:]")
_VERSION_CONTROL = ("", ".bzr", ".hg", ".git", ".svn")


@dataclass
class Embed:
    """A variable with its patterns and where they stand; `files` are slash-separated names below the package's folder."""

    spec: ast.ValueSpec
    patterns: list[tuple[int, str]]
    files: list[str]


class EmbedError(Exception):
    """A pattern that cannot be embedded."""

    def __init__(self, pos: int, text: str) -> None:
        super().__init__(text)
        self.pos = pos


def find_embeds(file: ast.File, problems: list[SyntaxError_]) -> list[Embed]:
    """The variables of a file that have such directives; what is wrong with these goes to `problems`."""
    found: dict[ast.ValueSpec, Embed] = {}
    imports = any(spec.path.value[1:-1] == "embed" for spec in file.imports)
    for directive in file.directives:
        if verb(directive).split("\t")[0] != "embed":
            continue
        patterns = list(_patterns(directive))
        wrong, spec = _variable(file, directive)
        if not patterns:
            wrong = "usage: //go:embed pattern..."
        elif not imports and not wrong:
            wrong = 'go:embed requires import "embed" (or import _ "embed", if package is not used)'
        if wrong or spec is None:
            problems.append(SyntaxError_(error_position(directive), wrong))
        else:
            found.setdefault(spec, Embed(spec, [], [])).patterns += patterns
    return list(found.values())


def _patterns(directive: ast.Directive) -> Iterator[tuple[int, str]]:
    at = len(_PREFIX)
    while match := _PATTERN.match(directive.text, at):
        start = match.start(match.lastindex or 0) - (match.lastindex in (1, 2))
        yield directive.pos + start, match[match.lastindex or 0]
        at = match.end()


def _variable(file: ast.File, directive: ast.Directive) -> tuple[str, ast.ValueSpec | None]:
    """The declaration that a directive stands before, or what is wrong with its place."""
    decl = next((d for d in file.decls if d.end > directive.pos), None)
    if isinstance(decl, ast.FuncDecl) and decl.pos < directive.pos:
        return "go:embed cannot apply to var inside func", None
    if not isinstance(decl, ast.GenDecl) or decl.tok != "var" or bool(decl.lparen) != (decl.pos < directive.pos):
        return "misplaced go:embed directive", None
    spec = next((s for s in decl.specs if s.pos > directive.pos), None)
    if not isinstance(spec, ast.ValueSpec):
        return "misplaced go:embed directive", None
    if len(spec.names) > 1:
        return "go:embed cannot apply to multiple vars", None
    if spec.values:
        return "go:embed cannot apply to var with initializer", None
    if spec.type is None:
        return "go:embed cannot apply to var without type", None
    return "", spec


# Files ---------------------------------------------------------------------------------------------------------------


def resolve(folder: Path, embeds: Sequence[Embed]) -> list[str]:
    """Finds the files of all patterns; answers what was read for that. EmbedError for a pattern without files."""
    read: dict[str, None] = {}
    for embed in embeds:
        names: dict[str, None] = {}
        for pos, pattern in embed.patterns:
            try:
                names.update(dict.fromkeys(_matches(folder, pattern, read)))
            except ValueError as problem:
                raise EmbedError(pos, f"pattern {pattern}: {problem}") from None
        embed.files = list(names)
        read.update(dict.fromkeys(str(folder / name) for name in names))
    return list(read)


def _matches(folder: Path, pattern: str, read: dict[str, None]) -> Iterator[str]:
    everything = pattern.startswith("all:")
    text = pattern.removeprefix("all:")
    parts = text.split("/")
    if text == "." or any(p in ("", ".", "..") for p in parts) or text.count("[") != text.count("]"):
        raise ValueError("invalid pattern syntax")
    read[str(folder) + "/"] = None  # more files may match next time
    matches = sorted(glob.glob(text.replace("[^", "[!"), root_dir=folder, include_hidden=True))
    if not matches:
        raise ValueError("no matching files found")
    for name in matches:
        path = folder / name
        _require_place(folder, name)
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise ValueError(f"cannot embed irregular file {name}")
        if path.is_file():
            yield name
            continue
        below = list(_below(folder, name, everything, read))
        if not below:
            raise ValueError(f"cannot embed directory {name}: contains no embeddable files")
        yield from below


def _require_place(folder: Path, name: str) -> None:
    """ValueError for a file that is in another module, or whose name a module cannot have."""
    what = "directory" if (folder / name).is_dir() else "file"
    parts = name.split("/")
    for n in range(len(parts), 0, -1):
        own = "/".join(parts[:n])
        if (folder / own / "go.mod").exists():
            raise ValueError(f"cannot embed {what} {name}: in different module")
        if n < len(parts) and (folder / own).is_symlink():
            raise ValueError(f"cannot embed {what} {name}: in non-directory {own}")
        if _is_bad(parts[n - 1]):
            where = "invalid name" if n == len(parts) else "in invalid directory"
            raise ValueError(f"cannot embed {what} {name}: {where} {parts[n - 1]}")


def _below(folder: Path, name: str, everything: bool, read: dict[str, None]) -> Iterator[str]:
    """The files below a folder; hidden ones only if everything is wanted."""
    read[str(folder / name) + "/"] = None
    for entry in sorted(os.scandir(folder / name), key=lambda e: e.name):
        if _is_bad(entry.name) or (entry.name[0] in "._" and not everything):
            continue
        own = f"{name}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            if not (folder / own / "go.mod").exists():
                yield from _below(folder, own, everything, read)
        elif entry.is_file(follow_symlinks=False):
            yield own


def _is_bad(name: str) -> bool:
    return name in _VERSION_CONTROL or bool(_BAD_CHARACTERS.search(name)) or name.endswith(".")


# Values --------------------------------------------------------------------------------------------------------------


def values(folder: Path, embeds: Sequence[Embed], result: CheckResult) -> dict[Var, Any]:
    """What the variables of a checked package hold, as static data; what is wrong with their types goes to the result's
    errors."""
    found: dict[Var, Any] = {}
    for embed in embeds:
        name = embed.spec.names[0]
        var = result.info.defs.get(name)
        if not isinstance(var, Var):
            continue
        u = var.type.underlying
        wrong = ""
        if _is_file_system(var.type):
            found[var] = (go.New(tuple(_entries(folder, embed.files))),)
        elif not _holds_bytes(u):
            wrong = f"go:embed cannot apply to var of type {_shown(var)}"
        elif len(embed.files) != 1:
            wrong = f"invalid go:embed: multiple files for type {_shown(var)}"
        else:
            data = (folder / embed.files[0]).read_bytes()
            found[var] = data if isinstance(u, T.Basic) else tuple(data)
        if wrong:
            result.errors.append(Diagnostic(name.pos, wrong))
    return found


def _shown(var: Var) -> str:
    return type_string(var.type, lambda pkg: "" if pkg is var.pkg else pkg.name)


def _is_file_system(t: T.Type) -> bool:
    return isinstance(t, T.Named) and t.obj.name == "FS" and t.obj.pkg is not None and t.obj.pkg.path == "embed"


def _holds_bytes(u: T.Type) -> bool:
    if isinstance(u, T.Slice):
        elem = u.elem.underlying
        return isinstance(elem, T.Basic) and elem.kind == T.UINT8
    return isinstance(u, T.Basic) and u.kind == T.STRING


def _entries(folder: Path, files: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The files of an embed.FS and the folders they are in, in its order: by folder, then by name."""
    names: dict[str, bool] = {}
    for name in files:
        names[name] = False
        while "/" in name:
            name = name.rpartition("/")[0]
            names[name] = True
    for name in sorted(names, key=lambda n: (n.rpartition("/")[0].encode() or b".", n.rpartition("/")[2].encode())):
        data = b"" if names[name] else (folder / name).read_bytes()
        digest = tuple(bytes(16) if names[name] else hashlib.sha256(data).digest()[:16])
        yield (name + "/" * names[name]).encode(), data, digest
