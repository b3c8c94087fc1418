"""The conformance corpus of Go's type checker, `src/internal/types/testdata` of a GOROOT, against goir's parser and checker.

    python tests/types_corpus.py [-v] [PART OF A PATH]...

prints what is missed, what is reported without being expected, and the totals; with -v also the files without fault.

A comment ` ERROR "text"` or ` ERRORx "regexp"` stands behind the token at which an error is expected whose message contains
the text or matches the regular expression; several may be on a line, and each is good for one error. An annotation counts as
matched if such an error is reported on its line; those in code that is commented out do not count. The first line may hold
flags, `-lang=go1.N` among them; a folder is one package.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from goir.build.goroot import find_goroot
from goir.syntax import ast
from goir.syntax.lexer import comments
from goir.syntax.parser import parse_file
from goir.syntax.positions import FileSet
from goir.types.__main__ import SourceImporter
from goir.types.check import check_files
from goir.types.constants import unquote
from goir.types.info import ImportError_
from goir.types.objects import Builtin, Package
from goir.types.scope import Scope
from goir.types.universe import UNIVERSE

#: What gc's parser finds wrong with labels, and the words of the type checker, which the corpus was written for.
_REWORDED = [
    (re.compile(r"label (\w+) defined and not used"), r"label \1 declared and not used"),
    (re.compile(r"label (\w+) already defined at .*"), r"label \1 already declared"),
    (re.compile(r"label (\w+) not defined"), r"label \1 not declared"),
    (re.compile(r"(break|continue) label not defined: (\w+)"), r"invalid \1 label \2"),
    (re.compile(r"(goto \w+ jumps over) declaration of \w+ at .*?:(\d+):\d+"), r"\1 variable declaration at line \2"),
]
_ANNOTATION = re.compile(r"(?s)(?://|/\*) (ERRORx?) (.*?)(?:\*/)?")


class Annotation(NamedTuple):
    """An expected error: its place and what its message must contain."""

    file: str
    line: int
    text: str
    pattern: re.Pattern[str]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class Outcome(NamedTuple):
    """What came of one package: annotations in all, those without an error, errors without an annotation."""

    name: str
    annotations: int
    missed: list[str]
    unexpected: list[str]


def expected_errors(shown: str, source: bytes) -> Iterator[Annotation]:
    """The expected errors of a file."""
    for comment in comments(source):
        found = _ANNOTATION.fullmatch(comment.text)
        if found is None:
            continue
        line = source.count(b"\n", 0, max(comment.previous, 0)) + 1
        raw = unquote(found[2].strip())
        assert raw is not None, f"{shown}:{line}: {found[2]}"
        text = raw.decode()
        yield Annotation(shown, line, text, re.compile(text if found[1] == "ERRORx" else re.escape(text)))


def packages(folder: Path) -> Iterator[tuple[str, list[Path]]]:
    """The packages of the corpus with their files."""
    for part in sorted(folder.iterdir()):
        for path in sorted(part.iterdir()):
            yield f"{part.name}/{path.name}", sorted(path.iterdir()) if path.is_dir() else [path]


def flags(source: bytes) -> dict[str, str]:
    """The flags in a file's first line."""
    first = re.match(rb"//\s*(-.*)", source)
    words = first[1].decode().split() if first else []
    return {name: value for name, _, value in (word.lstrip("-").partition("=") for word in words)}


def in_checkers_words(message: str) -> str:
    """A message of the parser as the type checker would put it."""
    for pattern, words in _REWORDED:
        message = pattern.sub(words, message)
    return message


class Importer(SourceImporter):
    """Imports packages of GOROOT, and "C" as a package of which nothing is known."""

    def __call__(self, path: str) -> Package:
        if path == "C":
            package = Package("C", "C", Scope(UNIVERSE))
            package.fake = True
            return package
        try:
            return super().__call__(path)
        except ImportError_ as problem:
            raise ImportError_(f"could not import {path} ({problem})") from None


def run(fset: FileSet, importer: SourceImporter, name: str, paths: Sequence[Path]) -> Outcome:
    """Checks one package."""
    files: list[ast.File] = []
    errors: list[tuple[str, int, str]] = []
    wanted: list[Annotation] = []
    sources = [path.read_bytes() for path in paths]

    def report(pos: int, message: str) -> None:
        file = fset.file(pos)
        errors.append((Path(file.filename).name, file.line(pos), message) if file else ("?", 0, message))

    for path, source in zip(paths, sources, strict=True):
        tree, problems = parse_file(fset, str(path), source)
        files.append(tree)
        wanted += expected_errors(path.name, source)
        for problem in problems:
            report(problem.pos, in_checkers_words(problem.message))
    options = flags(sources[0])
    result = check_files(
        files[0].name.name,
        files,
        fset,
        importer,
        late=False,
        go_version=options.get("lang", "").removeprefix("go"),
    )
    for diagnostic in [*result.errors, *result.repeated]:
        report(diagnostic.pos, diagnostic.message)
    total = len(wanted)
    unexpected: list[str] = []
    for file, line, message in errors:
        match = next((a for a in wanted if a.file == file and a.line == line and a.pattern.search(message)), None)
        if match is not None:
            wanted.remove(match)
        else:
            unexpected.append(f"{file}:{line}: {message}")
    return Outcome(name, total, [str(a) for a in wanted], unexpected)


@contextmanager
def predeclared_test_functions() -> Generator[None]:
    """Predeclares what the corpus takes for predeclared beside what is."""
    names = ("assert", "trace")
    for name in names:
        UNIVERSE.insert(Builtin(name))
    yield
    for name in names:
        del UNIVERSE.elems[name]


def corpus() -> Path:
    """Where the corpus lies."""
    return find_goroot(None) / "src/internal/types/testdata"


def run_all(match: Sequence[str] = ()) -> list[Outcome]:
    """Checks the packages of the corpus whose paths contain one of the strings."""
    fset = FileSet()
    importer = Importer(fset, find_goroot(None))
    with predeclared_test_functions():
        return [
            run(fset, importer, name, paths)
            for name, paths in packages(corpus())
            if not match or any(part in name for part in match)
        ]


def summary(outcomes: Sequence[Outcome]) -> str:
    """The totals."""
    total = sum(o.annotations for o in outcomes)
    matched = total - sum(len(o.missed) for o in outcomes)
    wrong = sum(1 for o in outcomes if o.unexpected)
    return (
        f"{matched} of {total} annotations matched ({matched / max(total, 1):.1%}), "
        f"{wrong} of {len(outcomes)} packages with unexpected errors ({wrong / max(len(outcomes), 1):.1%})"
    )


def main(arguments: Sequence[str]) -> None:
    """Prints what differs."""
    verbose = "-v" in arguments
    outcomes = run_all([a for a in arguments if a != "-v"])
    for outcome in outcomes:
        if outcome.missed or outcome.unexpected or verbose:
            print(f"--- {outcome.name}: {outcome.annotations}")
            for text in outcome.missed:
                print(f"  missed      {text}")
            for text in outcome.unexpected:
                print(f"  unexpected  {text}")
    print(summary(outcomes))


if __name__ == "__main__":
    main(sys.argv[1:])
