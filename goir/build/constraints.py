"""Which files belong to a build for linux/amd64 with cgo off: `//go:build` lines, file name suffixes, import "C".

Everything is decided by the head of a file: what stands before its first declaration that is not an import.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from goir.syntax.buildlines import ConstraintError, Expression, parse

GO_MINOR = 27
"""goir compiles Go 1.27: the last release whose tag holds, and the only one whose library is taken."""

# The experiments that are on unless somebody turns them off (GOROOT/src/internal/buildcfg/exp.go).
_EXPERIMENTS = (
    "regabiwrappers regabiargs dwarf5 randomizedheapbase64 greenteagc jsonv2 sizespecializedmalloc"  # for amd64
)

TAGS = frozenset(
    {
        *"linux unix amd64 amd64.v1 gc goir".split(),
        *(f"goexperiment.{name}" for name in _EXPERIMENTS.split()),
        *(f"go1.{n}" for n in range(1, GO_MINOR + 1)),
    }
)
"""What holds in the user's packages: gc's tags for linux/amd64 without cgo, and `goir`."""

LIBRARY_TAGS = TAGS | {"purego", "math_big_pure_go"}
"""What holds in library packages: where there is Go for what is assembly in gc, it is taken."""

_SYSTEMS = frozenset(
    "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows "
    "zos".split()
)
_MACHINES = frozenset(
    "386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 "
    "ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm".split()
)


class Head(NamedTuple):
    """What the head of a file says."""

    name: str
    imports: tuple[str, ...]
    included: bool
    """Whether the file's constraint holds, and it does without cgo."""


def file_matches(name: str) -> bool:
    """Whether a file's name (its `_GOOS_GOARCH` suffix, `_test`) makes it part of a build for linux/amd64."""
    if name.startswith((".", "_")) or not name.endswith(".go") or name.endswith("_test.go"):
        return False
    words = name.partition(".")[0].split("_")[1:]
    if words and words[-1] == "test":
        words.pop()
    if len(words) >= 2 and words[-1] in _MACHINES and words[-2] in _SYSTEMS:
        return words[-1] == "amd64" and words[-2] == "linux"
    return not words or words[-1] in ("amd64", "linux") or words[-1] not in _MACHINES | _SYSTEMS


def evaluate(expression: str, holds: Callable[[str], bool]) -> bool:
    """The value of a constraint such as `linux && !cgo`; ConstraintError if it is none."""

    def value(x: Expression) -> bool:
        if isinstance(x, str):
            return holds(x)
        if x.y is None:
            return not value(x.x)
        return value(x.x) and value(x.y) if x.operator == "&&" else value(x.x) or value(x.y)

    return value(parse(expression))


_WORD = re.compile(r"[\w.]+")


def _old_line_holds(line: str, tags: frozenset[str]) -> bool:
    """The value of a `// +build` line: alternatives are separated by spaces, what must hold together by commas."""

    def holds(term: str) -> bool:
        wanted = term.removeprefix("!")
        return bool(_WORD.fullmatch(wanted)) and (wanted in tags) == (wanted is term)

    return any(all(map(holds, option.split(","))) for option in line.split())


_PIECE = re.compile(
    rb"""[ \t\r\n]+|//[^\n]*|/\*.*?\*/|(?P<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?P<word>[\w.]+|[^\x00-\x7f]+)|(?P<mark>.)""",
    re.S,
)
_CONSTRAINT = re.compile(rb"//go:build(?:[ \t\r]|$)")
_OLD_CONSTRAINT = re.compile(rb"//[ \t]*\+build(?:[ \t\r]|$)")
_BLANK_LINE = re.compile(rb"^[ \t\r]*\n", re.M)


def read_head(source: bytes, tags: frozenset[str] = TAGS) -> Head:
    """The package clause, the imports and the constraint of a file; ConstraintError for a wrong constraint.

    A file with wrong syntax has as many imports as can be found: the parser reports it."""
    source = source.removeprefix(b"\xef\xbb\xbf")
    included: bool | None = None
    old_lines: list[tuple[int, str]] = []
    name = ""
    imports: list[str] = []
    expected = "package"
    parenthesised = False
    for match in _pieces(source):
        piece = match[0]
        if piece[:2] in (b"//", b"/*"):
            if expected == "package" and _alone(source, match.start()):
                if _CONSTRAINT.match(piece):
                    if included is not None:
                        raise ConstraintError("multiple //go:build comments")
                    text = piece[len(b"//go:build") :].decode("utf-8", "replace")
                    included = evaluate(text, tags.__contains__)
                elif _OLD_CONSTRAINT.match(piece):
                    old_lines.append((match.end(), piece.split(b"+build", 1)[1].decode("utf-8", "replace")))
        elif expected == "package":
            if piece != b"package":
                break
            if included is None and old_lines:  # these hold where a blank line comes before the package clause
                blank = max((m.start() for m in _BLANK_LINE.finditer(source, 0, match.start())), default=0)
                included = all(_old_line_holds(line, tags) for end, line in old_lines if end <= blank)
            expected = "name"
        elif expected == "name":
            name = piece.decode("utf-8", "replace")
            expected = "import"
        elif expected == "import":
            if piece == b"import":
                expected = "path"
            elif piece != b";":
                break
        elif match["string"]:
            imports.append(piece[1:-1].decode("utf-8", "replace"))
            if not parenthesised:
                expected = "import"
        elif piece == b"(" and not parenthesised:
            parenthesised = True
        elif piece == b")" and parenthesised:
            parenthesised, expected = False, "import"
        elif not match["word"] and piece != b";":
            break
    return Head(name, tuple(imports), included is not False and "C" not in imports)


def _pieces(source: bytes) -> Iterator[re.Match[bytes]]:
    """Comments and tokens, without what is between them."""
    return (m for m in _PIECE.finditer(source) if m[0][0] not in b" \t\r\n")


def _alone(source: bytes, offset: int) -> bool:
    """Whether a comment is the first thing on its line."""
    return not source[source.rfind(b"\n", 0, offset) + 1 : offset].strip()
