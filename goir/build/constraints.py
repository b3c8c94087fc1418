"""Which files belong to a build for linux/amd64 with cgo off: `//go:build` lines, file name suffixes, import "C".

Everything is decided by the head of a file: what stands before its first declaration that is not an import.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

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


class ConstraintError(Exception):
    """A `//go:build` line that cannot be understood; the text is go's, without the file's name."""


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


_TERM = re.compile(r"&&|\|\||[!()]|[\w.]+|\S")
_KNOWN_TERM = re.compile(r"&&|\|\||[!()]|[\w.]+")
_WORD = re.compile(r"[\w.]+")


def _wrong(what: str) -> ConstraintError:
    return ConstraintError(f"parsing //go:build line: {what}")


def evaluate(expression: str, holds: Callable[[str], bool]) -> bool:
    """The value of a constraint such as `linux && !cgo`; ConstraintError if it is none."""
    terms: list[str] = _TERM.findall(expression)[::-1]
    open_parens = 0

    def next_is(*wanted: str) -> bool:
        if terms and not _KNOWN_TERM.fullmatch(terms[-1]):
            raise _wrong(f"invalid syntax at {terms[-1]}")
        return bool(terms) and terms[-1] in wanted

    def either() -> bool:
        value = both()
        while next_is("||"):
            terms.pop()
            value = both() or value
        return value

    def both() -> bool:
        value = negated()
        while next_is("&&"):
            terms.pop()
            value = negated() and value
        return value

    def negated() -> bool:
        if next_is("!"):
            terms.pop()
            if next_is("!"):
                raise _wrong("double negation not allowed")
            return not negated()
        return atom()

    def atom() -> bool:
        nonlocal open_parens
        if next_is("("):
            terms.pop()
            open_parens += 1
            value = either()
            if not next_is(")"):
                raise _wrong("missing close paren")
            terms.pop()
            open_parens -= 1
            return value
        if not terms:
            raise _wrong("missing close paren" if open_parens else "unexpected end of expression")
        if not _WORD.fullmatch(terms[-1]):
            raise _wrong(f"unexpected token {terms[-1]}")
        return holds(terms.pop())

    value = either()
    if terms:
        raise _wrong(f"unexpected token {terms[-1]}")
    return value


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
