"""The tests of a package: its `_test.go` files, what they declare for package testing, and the main that runs them.

What counts as a test is go's (cmd/go/internal/load, go/doc's Examples): names by their prefix, one parameter of a type
whose name is T, B, F or M; examples run if their last comment says what they print."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from goir.build.constraints import TAGS, ConstraintError, file_matches, read_head
from goir.build.errors import BuildError
from goir.syntax import ast
from goir.syntax.positions import FileSet

MAIN = "_testmain.go"


class TestFiles(NamedTuple):
    """The test files of a folder: those of the package itself, and those of its external test package."""

    internal: list[str]
    external: list[str]


class Example(NamedTuple):
    """An example that runs: its name, what it prints, whether in any order."""

    name: str
    output: str
    unordered: bool


@dataclass
class Tests:
    """What the test files of one package declare; names of functions."""

    tests: list[str] = field(default_factory=list[str])
    benchmarks: list[str] = field(default_factory=list[str])
    fuzz: list[str] = field(default_factory=list[str])
    examples: list[Example] = field(default_factory=list[Example])
    has_main: bool = False
    """Whether they declare TestMain."""

    def empty(self) -> bool:
        """Whether nothing refers to the package."""
        return not (self.tests or self.benchmarks or self.fuzz or self.examples or self.has_main)


def find_test_files(folder: Path, tags: frozenset[str] = TAGS) -> TestFiles:
    """The test files of a folder that belong to a build for linux/amd64."""
    found = TestFiles([], [])
    for name in sorted(os.listdir(folder)):
        if not name.endswith("_test.go") or not file_matches(name.removesuffix("_test.go") + ".go"):
            continue
        try:
            head = read_head((folder / name).read_bytes(), tags)
        except ConstraintError as problem:
            raise BuildError(f"{name}: {problem}") from None
        if head.included:
            files = found.external if head.name.endswith("_test") else found.internal
            files.append(str(folder / name))
    return found


def find_tests(files: Sequence[ast.File], fset: FileSet) -> Tests:
    """What the test files of a package declare; BuildError for a function that has a test's name but not its parameters."""
    found = Tests()
    for file in files:
        for decl in file.decls:
            if isinstance(decl, ast.FuncDecl) and decl.recv is None:
                _function(found, decl, fset)
    return found


def _function(found: Tests, decl: ast.FuncDecl, fset: FileSet) -> None:
    name = decl.name.name
    if name == "TestMain" and not _has_parameter(decl, "T"):
        _require_signature(decl, "M", fset)
        if found.has_main:
            raise BuildError("multiple definitions of TestMain")
        found.has_main = True
    elif _is_named(name, "Test"):
        _require_signature(decl, "T", fset)
        found.tests.append(name)
    elif _is_named(name, "Benchmark"):
        _require_signature(decl, "B", fset)
        found.benchmarks.append(name)
    elif _is_named(name, "Fuzz"):
        _require_signature(decl, "F", fset)
        found.fuzz.append(name)
    elif _is_named(name, "Example") and not decl.type.params.list and decl.body is not None:
        file = fset.file(decl.pos)
        assert file is not None
        first, last = decl.body.pos - file.base, decl.body.end - file.base
        output = example_output(file.source[first:last].decode("utf-8", "replace"))
        if output is not None:
            found.examples.append(Example(name, *output))


def _is_named(name: str, prefix: str) -> bool:
    """Whether a name is the prefix, alone or before something that does not begin with a small letter."""
    rest = name[len(prefix) :]
    return name.startswith(prefix) and not rest[:1].islower()


def _has_parameter(decl: ast.FuncDecl, type: str) -> bool:
    """Whether the only parameter is a pointer to a type of that name, and there are no results."""
    fields, results = decl.type.params.list, decl.type.results
    if (results is not None and results.list) or len(fields) != 1 or len(fields[0].names) > 1:
        return False
    pointer = fields[0].type
    if not isinstance(pointer, ast.StarExpr):
        return False
    named = pointer.x.sel if isinstance(pointer.x, ast.SelectorExpr) else pointer.x
    return isinstance(named, ast.Ident) and named.name == type


def _require_signature(decl: ast.FuncDecl, type: str, fset: FileSet) -> None:
    if _has_parameter(decl, type) and decl.type.type_params is None:
        return
    name, parameter = decl.name.name, type.lower()
    place = fset.position(decl.pos)
    if decl.type.type_params is not None:
        raise BuildError(f"{place}: wrong signature for {name}, test functions cannot have type parameters")
    raise BuildError(f"{place}: wrong signature for {name}, must be: func {name}({parameter} *testing.{type})")


# Comments --------------------------------------------------------------------------------------------------------------

_PIECE = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<other>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|\n|[^\S\n]+|.)""",
    re.S,
)
_OUTPUT = re.compile(r"\s*(unordered )?output:", re.I)
_DIRECTIVE = re.compile(r"line |extern |export |[a-z0-9]+:[a-z0-9]")


def example_output(body: str) -> tuple[str, bool] | None:
    """What the last comment in a function's body says that it prints, and whether in any order."""
    groups = list(_comment_groups(body))
    text = comment_text(groups[-1] if groups else [])
    match = _OUTPUT.match(text)
    if match is None:
        return None
    return text[match.end() :].lstrip(" ").removeprefix("\n"), match[1] is not None


def _comment_groups(source: str) -> Iterator[list[str]]:
    """Comments with nothing but a line's end between them; those behind code are with others on the line only."""
    group: list[str] = []
    lines = 0
    behind_code = False
    apart = 1
    for match in _PIECE.finditer(source):
        if (comment := match["comment"]) is not None:
            if lines > apart and group:
                yield group
                group = []
            if not group:
                apart = 0 if behind_code else 1
            group.append(comment)
            lines = 0
        elif match["other"] == "\n":
            lines += 1
            behind_code = False
        elif not match["other"].isspace():
            if group:
                yield group
                group = []
            lines = 0
            behind_code = True
    if group:
        yield group


def comment_text(group: Sequence[str]) -> str:
    """The text of comments without their marks, as go/ast's CommentGroup.Text."""
    lines: list[str] = []
    for comment in group:
        if comment.startswith("//"):
            text = comment[2:]
            if _DIRECTIVE.match(text):
                continue
            lines.append(text[1:] if text.startswith(" ") else text)
        else:
            lines += comment[2:-2].split("\n")
    kept: list[str] = []
    for line in (line.rstrip() for line in lines):
        if line or (kept and kept[-1]):
            kept.append(line)
    if kept and not kept[-1]:
        kept.pop()
    return "".join(line + "\n" for line in kept)


# The main package ------------------------------------------------------------------------------------------------------


# Without fuzz tests nobody reads their inputs; the library's function would bring go/parser into the program.
_NO_CORPUS = """
func (deps) ReadCorpus(string, []reflect.Type) ([]fuzz.CorpusEntry, error) { return nil, nil }
"""


def main_source(path: str, module: str, internal: Tests, external: Tests) -> str:
    """The main package of the tests of a package: it hands them to package testing."""
    imports = ['"internal/fuzz"', '"os"', '"reflect"', '"testing"', '"testing/internal/testdeps"']
    for name, of, found in (("_test", path, internal), ("_xtest", f"{path}_test", external)):
        if not found.empty():
            imports.append(f'{name} "{of}"')
    sets = (("_test", internal), ("_xtest", external))

    def table(type: str, entries: Iterator[str]) -> str:
        return f"[]testing.{type}{{\n" + "".join(f"\t{{{entry}}},\n" for entry in entries) + "}"

    tests = table("InternalTest", (f"{go_string(n)}, {p}.{n}" for p, s in sets for n in s.tests))
    benchmarks = table("InternalBenchmark", (f"{go_string(n)}, {p}.{n}" for p, s in sets for n in s.benchmarks))
    fuzz = table("InternalFuzzTarget", (f"{go_string(n)}, {p}.{n}" for p, s in sets for n in s.fuzz))
    examples = table(
        "InternalExample",
        (
            f"{go_string(e.name)}, {p}.{e.name}, {go_string(e.output)}, {str(e.unordered).lower()}"
            for p, s in sets
            for e in s.examples
        ),
    )
    main = next((p for p, s in sets if s.has_main), None)
    run = (
        f'{main}.TestMain(m)\n\tos.Exit(int(reflect.ValueOf(m).Elem().FieldByName("exitCode").Int()))'
        if main
        else "os.Exit(m.Run())"
    )
    if internal.fuzz or external.fuzz:
        imports.remove('"internal/fuzz"')
        deps = ""
        if not main:
            imports.remove('"reflect"')
    else:
        deps = _NO_CORPUS
    lines = "".join(f"\t{each}\n" for each in imports)
    return f"""package main

import (
{lines})

type deps struct{{ testdeps.TestDeps }}
{deps}
func init() {{
	testdeps.ModulePath = {go_string(module)}
	testdeps.ImportPath = {go_string(path)}
}}

func main() {{
	tests := {tests}
	benchmarks := {benchmarks}
	fuzzTargets := {fuzz}
	examples := {examples}
	m := testing.MainStart(deps{{}}, tests, benchmarks, fuzzTargets, examples)
	{run}
}}
"""


def go_string(text: str) -> str:
    """A string literal."""
    quoted = "".join(c if c.isprintable() and c not in '"\\' else _escape(c) for c in text)
    return f'"{quoted}"'


def _escape(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    return "\\n" if char == "\n" else f"\\U{ord(char):08x}"
