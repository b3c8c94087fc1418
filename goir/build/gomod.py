"""go.mod files: what they say, and what is wrong with them, in go's words (https://go.dev/ref/mod#go-mod-file)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from goir.build.errors import BuildError, shown_path

DEFAULT_LANGUAGE = "1.16"
"""The version of the language of a module that does not name one."""


class ModuleVersion(NamedTuple):
    """A module at a version; the version is empty for a folder."""

    path: str
    version: str

    def __str__(self) -> str:
        return f"{self.path}@{self.version}" if self.version else self.path


@dataclass
class GoMod:
    """What a go.mod file says. `replace` maps a module (of any version if it has none) to another, or to a folder."""

    path: str = ""
    go: str = ""
    require: dict[str, str] = field(default_factory=dict[str, str])
    replace: dict[ModuleVersion, ModuleVersion] = field(default_factory=dict[ModuleVersion, ModuleVersion])
    exclude: set[ModuleVersion] = field(default_factory=set[ModuleVersion])

    @property
    def language(self) -> str:
        """The version of the language, as in 1.21."""
        return ".".join(self.go.split(".")[:2]) if self.go else DEFAULT_LANGUAGE

    def replaced(self, module: ModuleVersion) -> ModuleVersion | None:
        """What stands in for a module."""
        return self.replace.get(module) or self.replace.get(ModuleVersion(module.path, ""))


class _Line(NamedTuple):
    number: int
    words: list[str]


_TOKEN = re.compile(r'//.*|"(?:[^"\\]|\\.)*"|`[^`]*`|=>|[()]|(?:(?!//|=>)[^\s()"`])+')
_GO_VERSION = re.compile(r"([1-9][0-9]*)\.(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))?([a-z]+[0-9]+)?")
_VERSION = re.compile(r"v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
_IGNORED = ("toolchain", "retract", "tool", "ignore", "godebug")
_USAGE = {
    "module": "usage: module module/path",
    "go": "go directive expects exactly one argument",
    "require": "usage: require module/path v1.2.3",
    "exclude": "usage: exclude module/path v1.2.3",
    "replace": "usage: replace module/path [v1.2.3] => other/module v1.4\n"
    "\t or replace module/path [v1.2.3] => ../local/directory",
}


class _Wrong(Exception):
    pass


def read_go_mod(file: Path) -> GoMod:
    """What a go.mod file says; BuildError if it is wrong, OSError if it cannot be read."""
    name = shown_path(str(file)).removeprefix("./")
    errors: list[str] = []
    mod = GoMod()
    try:
        for number, words in _lines(file.read_text(encoding="utf-8", errors="replace"), file):
            try:
                _directive(mod, words)
            except _Wrong as problem:
                errors.append(f"{name}:{number}: {problem}")
    except _Syntax as problem:
        errors = [f"{name}:{problem.number}: {problem}"]
    if errors:
        raise BuildError("\n".join([f"go: errors parsing {name}:", *errors]))
    if not mod.path:
        raise BuildError(
            f"go: error reading {name}: missing module declaration. To specify the module path:\n"
            "\tgo mod edit -module=example.com/mod"
        )
    return mod


class _Syntax(Exception):
    def __init__(self, number: int, text: str) -> None:
        super().__init__(text)
        self.number = number


def _lines(text: str, file: Path) -> Iterator[_Line]:
    """The directives, those in blocks with the block's word before each."""
    block: tuple[str, int] | None = None
    number = 0
    for number, line in enumerate(text.split("\n"), 1):
        words = [w for w in _TOKEN.findall(line) if not w.startswith("//")]
        words = [w[1:-1] if w[0] in '"`' and len(w) > 1 else w for w in words]
        if not words:
            continue
        if block is not None:
            if words == [")"]:
                block = None
            else:
                yield _Line(number, [block[0], *words])
        elif words[-1] == "(" and len(words) == 2:
            block = words[0], number
        else:
            yield _Line(number, words)
    if block is not None:
        column = text.split("\n")[block[1] - 1].index(block[0]) + 1
        raise _Syntax(number, f"syntax error (unterminated block started at {file}:{block[1]}:{column})")


def _directive(mod: GoMod, words: list[str]) -> None:
    verb, *rest = words
    match verb, rest:
        case "module", [path]:
            if mod.path:
                raise _Wrong("repeated module statement")
            mod.path = path
        case "go", [version]:
            if mod.go:
                raise _Wrong("repeated go statement")
            if not _GO_VERSION.fullmatch(version):
                raise _Wrong(f"invalid go version '{version}': must match format 1.23.0")
            mod.go = version
        case (("require" | "exclude"), [path, version]):
            _check(verb, path, version)
            if verb == "require":
                mod.require[path] = version
            else:
                mod.exclude.add(ModuleVersion(path, version))
        case "replace", _:
            _replace(mod, rest)
        case _ if verb in _IGNORED:
            pass
        case _ if verb in _USAGE:
            raise _Wrong(_USAGE[verb])
        case _:
            raise _Wrong(f"unknown directive: {verb}")


def _replace(mod: GoMod, rest: list[str]) -> None:
    arrow = rest.index("=>") if "=>" in rest else -1
    old, new = rest[:arrow], rest[arrow + 1 :]
    if arrow < 0 or not 1 <= len(old) <= 2 or not 1 <= len(new) <= 2:
        raise _Wrong(_USAGE["replace"])
    if len(old) == 2:
        _check("replace", old[0], old[1])
    source = ModuleVersion(old[0], old[1] if len(old) == 2 else "")
    if len(new) == 1:
        if not is_folder(new[0]):
            raise _Wrong("replacement module without version must be directory path (rooted or starting with . or ..)")
        mod.replace[source] = ModuleVersion(new[0], "")
    else:
        if is_folder(new[0]):
            raise _Wrong(f"replacement module directory path {new[0]!r} cannot have version".replace("'", '"'))
        mod.replace[source] = ModuleVersion(new[0], new[1])


def is_folder(path: str) -> bool:
    """Whether a replacement is a folder and no module's path."""
    return path in (".", "..") or path.startswith(("./", "../", "/"))


def _check(verb: str, path: str, version: str) -> None:
    if "." not in path.split("/")[0]:
        raise _Wrong(f'malformed module path "{path}": missing dot in first path element')
    found = _VERSION.fullmatch(version)
    if not found:
        raise _Wrong(f'{verb} {path}: version "{version}" invalid: must be of the form v1.2.3')
    major = int(found[1])
    named = re.search(r"/v([0-9]+)$", path)
    wanted = int(named[1]) if named else None
    if path.startswith("gopkg.in/") or (found[5] == "+incompatible" and wanted is None):
        return
    if wanted is None and major > 1:
        raise _Wrong(f'{verb} {path}: version "{version}" invalid: should be v0 or v1, not v{major}')
    if wanted is not None and major != wanted:
        raise _Wrong(f'{verb} {path}: version "{version}" invalid: should be v{wanted}, not v{major}')


def version_key(version: str) -> tuple[object, ...]:
    """Orders versions as semantic versioning does: a pre-release comes before its release."""
    found = _VERSION.fullmatch(version)
    if found is None:
        return ()
    numbers = tuple(int(found[i]) for i in (1, 2, 3))
    if not found[4]:
        return (*numbers, 1)
    parts = [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in found[4][1:].split(".")]
    return (*numbers, 0, *parts)
