"""Finding packages: constraints, the library's source tree, the overlay, and what is wrong with imports in go's words."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from goir.build import goroot
from goir.build.constraints import LIBRARY_TAGS, TAGS, ConstraintError, evaluate, file_matches, read_head
from goir.build.errors import BuildError
from goir.build.goroot import Goroot, find_goroot
from goir.build.init_order import has_initialisers, initialisation_order
from goir.build.overlay import merge
from goir.build.packages import Loader
from goir.syntax import ast
from goir.syntax.parser import parse_file
from goir.syntax.positions import FileSet
from goir.types import objects
from goir.types.lazy import LazyPackage

FOREIGN = "a_foo_windows.go a_windows_amd64.go a_arm.go x_linux_arm64.go zos.x_zos.go _x.go .y.go a_x_test.go a.txt"
OWN = (
    "a.linux.go a_amd64_linux.go a_arm_linux.go a_darwin_linux.go a_linux.x_windows.go a_linux_.go a_linux_amd64.go "
    "a_linux_foo.go a_test_linux.go a_unix.go a_windows_foo.go amd64.go linux.go x_linux_test_amd64.go windows.go"
)


def test_file_names():
    assert [n for n in OWN.split() if not file_matches(n)] == []
    assert [n for n in FOREIGN.split() if file_matches(n)] == ["zos.x_zos.go"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("linux", True),
        ("windows", False),
        ("!windows", True),
        ("linux && amd64 && unix && gc && go1.27 && amd64.v1", True),
        ("go1.28 || cgo || ignore || gccgo || race || purego || faketime || netgo || amd64.v2", False),
        ("linux && !(cgo || windows)", True),
        ("windows && linux || amd64", True),
        ("windows && (linux || amd64)", False),
        ("!!linux", "double negation not allowed"),
        ("linux && !!x", "double negation not allowed"),
        ("", "unexpected end of expression"),
        ("linux &&", "unexpected end of expression"),
        ("a:b", "invalid syntax at :"),
        ("linux // x", "invalid syntax at /"),
        ("linux & windows", "invalid syntax at &"),
        ("linux && ?", "invalid syntax at ?"),
        ("(linux", "missing close paren"),
        ("(", "missing close paren"),
        ("(linux windows", "missing close paren"),
        ("(linux ?)", "invalid syntax at ?"),
        ("linux)", "unexpected token )"),
        ("linux || ()", "unexpected token )"),
        ("linux windows", "unexpected token windows"),
        ("|| linux", "unexpected token ||"),
        ("linux!", "unexpected token !"),
    ],
)
def test_expressions(expression: str, value: bool | str):
    if isinstance(value, bool):
        assert evaluate(expression, TAGS.__contains__) is value
    else:
        with pytest.raises(ConstraintError) as raised:
            evaluate(expression, TAGS.__contains__)
        assert str(raised.value) == f"parsing //go:build line: {value}"


@pytest.mark.parametrize(
    ("head", "included"),
    [
        ("//go:build windows\n", False),
        ("   //go:build windows\n\n", False),
        ("//go:build windows\r\n\r\n", False),
        ("\ufeff//go:build windows\n\n", False),
        ("// text\n\n\n/* more\n*/\n//go:build windows\n\n// Package\n", False),
        ("/*\n//go:build windows\n*/\n\n", True),
        ("/* x */ //go:build windows\n\n", True),
        ("//go:builder windows\n\n", True),
        ("// +build windows\n", True),  # no blank line after it
        ("// +build windows\n\n", False),
        ("// +build windows linux\n// +build !cgo\n\n", True),
        ("// +build linux,arm64 darwin\n\n", False),
        ("// +build !!linux\n\n", False),
        ("// +build li+nux\n\n", False),
        ("//go:build linux\n// +build windows\n\n", True),
    ],
)
def test_heads(head: str, included: bool):
    assert read_head((head + "package p\n").encode()).included is included


def test_constraint_below_the_package_clause_is_a_comment():
    assert read_head(b"package p\n\n//go:build windows\n").included


def test_several_constraints():
    with pytest.raises(ConstraintError, match="multiple //go:build comments"):
        read_head(b"//go:build linux\n//go:build amd64\n\npackage p\n")


def test_imports():
    source = b"""// Package p.
package p /* x */ ; import "a"; import ( b "b/c" // "no"
        . `d`; _ "e" )
import "f"
var x = "import"
import "g"
"""
    head = read_head(source)
    assert (head.name, head.imports, head.included) == ("p", ("a", "b/c", "d", "e", "f"), True)
    assert not read_head(b'package p\nimport "C"\n').included
    assert read_head(b"func").name == ""


def test_tags_are_those_of_the_accepted_release():
    """The experiments that are on by default are listed in the library's own source."""
    text = (find_goroot() / "src/internal/buildcfg/exp.go").read_text()
    baseline = text.split("baseline := goexperiment.Flags{")[1].split("}")[0]
    on = {line.split(":")[0].strip().lower() for line in baseline.splitlines() if ":" in line}
    assert {t.removeprefix("goexperiment.") for t in TAGS if t.startswith("goexperiment.")} == on
    assert {"purego", "math_big_pure_go"} == LIBRARY_TAGS - TAGS


def test_initialisation_order():
    imports = {"main": ["z", "b"], "z": ["a"], "b": ["c", "unsafe"], "a": [], "c": [], "runtime": []}
    assert initialisation_order(["main", "runtime"], imports.__getitem__) == ["runtime", "a", "c", "b", "z", "main"]
    imports = {"main": ["a", "b"], "a": ["z"], "b": [], "z": ["y"], "y": []}
    assert initialisation_order(["main"], imports.__getitem__) == ["b", "y", "z", "a", "main"]
    assert initialisation_order(["main"], imports.__getitem__, {"y", "z"}.__contains__) == ["y", "z", "a", "b", "main"]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("func init() {}", True),
        ("var a = f()", True),
        ("var a = map[int]int{1: 2}", True),
        ("var a = cpu.X86.HasAVX", True),
        ("var a = <-c", True),
        ("func f() {}; func (t T) init() {}; const c = len(x); type T int", False),
        ("var a, b int", False),
        ("var a = T{1, x: []int{2, -3 + len(s)}}; var b = &T{p: &a.x, f: func() { g() }}", False),
        ('var _ I = (*T)(nil); var a, b = new(int), []byte("x"); var c = math.MaxInt8 | (1 << 3)', False),
        ("var a = map[int]int{}", False),
    ],
)
def test_what_gc_initialises_at_run_time(text: str, runs: bool):
    assert has_initialisers([parsed(f"package p; {text}", FileSet())]) is runs


def test_library_packages_that_gc_does_not_initialise():
    tree = Loader().goroot
    idle = "cmp container/list internal/abi internal/cpu math/bits sync/atomic unicode/utf8 internal/runtime/maps"
    assert [path for path in idle.split() if not tree.idle(path)] == []
    assert [
        path for path in "errors fmt internal/bytealg math math/cmplx os sort unicode".split() if tree.idle(path)
    ] == []


def test_closure_of_fmt():
    loader = Loader()
    order = loader.closure(["fmt"])
    assert order[0] == "runtime" and order[-1] == "fmt" and 40 < len(order) < 60
    for at, path in enumerate(order):
        assert {p for p in loader.imports(path) if p != "unsafe"} <= set(order[:at]), path


def test_all_of_what_fmt_needs_checks():
    """With the overlay, every declaration and every body: nothing is undefined that goir's runtime should have."""
    loader = Loader()
    functions = 0
    for path in loader.closure(["fmt", "bufio", "context"]):
        checked = loader.library(path)
        assert checked is not None and checked.lazy is not None
        checked.lazy.init_order()
        for func in checked.lazy.decls:
            functions += 1
            checked.lazy.body(func)
        assert [(str(loader.fset.position(e.pos)), e.message) for e in checked.lazy.errors] == []
    assert functions > 2500


def test_vendored_packages():
    loader = Loader()
    assert "vendor/golang.org/x/net/idna" in loader.imports("net/http")
    assert "vendor/golang.org/x/text/unicode/norm" in loader.closure(["net/http"])


def test_index_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GOIR_CACHE", str(tmp_path))
    first = Loader(fingerprint="x")
    order = first.closure(["fmt"])
    monkeypatch.setattr(goroot, "read_head", None)
    assert Loader(fingerprint="x").closure(["fmt"]) == order
    with pytest.raises(TypeError):
        Loader(fingerprint="y").closure(["fmt"])
    next((tmp_path / "goroot").iterdir()).write_text('{"fmt": [1, {}]}')
    monkeypatch.undo()
    monkeypatch.setenv("GOIR_CACHE", str(tmp_path))
    assert Loader(fingerprint="x").closure(["fmt"]) == order


# Which source tree -------------------------------------------------------------------------------------------------------


def tree(folder: Path, version: str) -> Path:
    (folder / "src" / "fmt").mkdir(parents=True)
    (folder / "VERSION").write_text(f"{version}\ntime 2026-01-01T00:00:00Z\n")
    return folder


def test_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("GOROOT", raising=False)
    assert find_goroot() == Goroot(find_goroot()).folder
    good, old = tree(tmp_path / "good", "go1.27.1"), tree(tmp_path / "old", "go1.22.1")
    monkeypatch.setenv("GOROOT", str(good))
    assert find_goroot() == good
    with pytest.raises(BuildError) as raised:
        find_goroot(str(old))
    assert str(raised.value) == f"goir: --goroot {old} is Go 1.22.1; goir needs Go 1.27"
    monkeypatch.setenv("GOROOT", str(old))
    with pytest.raises(BuildError) as raised:
        find_goroot()
    assert str(raised.value) == f"goir: GOROOT {old} is Go 1.22.1; goir needs Go 1.27"
    monkeypatch.setenv("GOROOT", str(tmp_path))
    with pytest.raises(BuildError, match="is not a Go source tree"):
        find_goroot()
    assert find_goroot(str(good)) == good
    for refused in ("go1.27rc1", "go1.270", "go1.28", "devel go1.28-0123"):
        with pytest.raises(BuildError, match=r"; goir needs Go 1\.27$"):
            find_goroot(str(tree(tmp_path / refused, refused)))


# The overlay -------------------------------------------------------------------------------------------------------------

LIBRARY = """package p

import ("fmt"; "os")

//go:linkname gone elsewhere.gone
func gone() { fmt.Println() }
func kept() int { return answer }
func answerer() int { return 1 }
func init() { panic(1) }

type T struct{ old int }
func (t *T) M() int { return 1 }
func (t T) N() int { return 1 }
type G[P any] struct{}
func (g *G[P]) M() int { return 1 }
type D struct{}
func (d D) M() {}

const (
        A = iota
        B
        C
        answer, other = iota, iota * 10
)
var x, y = 1, os.Args
var u, v = f()
var w = 5
func f() (int, int) { return 1, 2 }
"""

OVERLAY = """package p

//goir:delete gone D
//goir:delete init

// Reason.
func answerer() int { return 2 }

// Reason.
type T struct{ new int }

// Reason.
func (t *T) M() int { return t.new }

// Reason.
func (g *G[P]) M() int { return 2 }

// Reason.
const B = "overlay"

// Reason.
var y, v, w string
"""


def parsed(text: str, fset: FileSet) -> ast.File:
    tree, errors = parse_file(fset, "p.go", text.encode())
    assert not errors
    return tree


def test_merge():
    fset = FileSet()
    files = merge([parsed(LIBRARY, fset)], [parsed(OVERLAY, fset)])
    names: list[str] = []
    for decl in files[0].decls:
        if isinstance(decl, ast.FuncDecl):
            names.append(decl.name.name)
        elif isinstance(decl, ast.GenDecl):
            for spec in decl.specs:
                if isinstance(spec, ast.ValueSpec):
                    names.append(" ".join(n.name for n in spec.names))
                elif isinstance(spec, ast.TypeSpec):
                    names.append("type " + spec.name.name)
    assert names == ["kept", "N", "type G", "A", "_", "C", "answer other", "x", "u _", "f"]
    assert files[0].directives == []
    package = LazyPackage("p", files, fset, lambda path: objects.Package.deferred(path, path, lambda: None))
    scope = package.package.scope
    for name in scope.names():
        assert scope.lookup(name).type is not None  # pyright: ignore[reportOptionalMemberAccess]
    assert package.errors == []
    values = {n: scope.lookup(n).value for n in ("A", "B", "C", "answer", "other")}  # pyright: ignore
    assert values == {"A": 0, "B": b"overlay", "C": 2, "answer": 3, "other": 30}


# What is wrong with imports, as go build says it ---------------------------------------------------------------------------


def wrong(folder: Path, files: Mapping[str, str], *inputs: str) -> str:
    """What goir says about the program that inputs name."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    os.chdir(folder)
    with pytest.raises(BuildError) as raised:
        Loader().load_main(inputs)
    return str(raised.value).replace(str(folder), "DIR").replace(str(find_goroot()), "GOROOT")


MODULE = {"go.mod": "module example.com/m\n\ngo 1.27\n"}


def main_importing(*paths: str) -> str:
    return "package main\n\n" + "".join(f'import _ "{p}"\n' for p in paths) + "\nfunc main() {}\n"


@pytest.fixture(autouse=True)
def here():  # type: ignore[no-untyped-def]
    before = os.getcwd()
    yield
    os.chdir(before)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("", "DIR/main.go:3:8: invalid import path: "),
        ("bad path", "DIR/main.go:3:8: invalid import path: bad path"),
        ("/abs", "main.go:3:8: \"/abs\" is not a package path; see 'go help packages'"),
        ("unicode//utf8", 'main.go:3:8: malformed import path "unicode//utf8": double slash'),
        ("fmt/", 'main.go:3:8: malformed import path "fmt/": trailing slash'),
        ("x/../fmt", 'main.go:3:8: malformed import path "x/../fmt": invalid path element ".."'),
        ("./a", 'main.go:3:8: "./a" is relative, but relative import paths are not supported in module mode'),
        ("nodots", "main.go:3:8: package nodots is not in std (GOROOT/src/nodots)"),
        ("fmt/none", "main.go:3:8: package fmt/none is not in std (GOROOT/src/fmt/none)"),
        ("vendor/golang.org/x/net/idna", "main.go:3:8: use of vendored package not allowed"),
        ("internal/abi", "package example.com/m\n\tmain.go:3:8: use of internal package internal/abi not allowed"),
        ("cmd/go", 'main.go:3:8: import "cmd/go" is a program, not an importable package'),
        (
            "example.com/m/none",
            "main.go:3:8: no required module provides package example.com/m/none; to add it:\n\tgo get example.com/m/none",
        ),
        (
            "crypto/internal/fips140test",
            "package example.com/m\n\tmain.go:3:8: use of internal package crypto/internal/fips140test not allowed",
        ),
    ],
)
def test_imports_that_lead_nowhere(path: str, message: str, tmp_path: Path):
    assert wrong(tmp_path, {**MODULE, "main.go": main_importing(path)}, ".") == message


PACKAGES = {
    **MODULE,
    "a/a.go": 'package a\n\nimport "example.com/m/b"\n\nfunc F() { b.F() }\n',
    "b/b.go": 'package b\n\nimport "example.com/m/a"\n\nfunc F() { a.F() }\n',
    "self/self.go": 'package self\n\nimport _ "example.com/m/self"\n',
    "tree/internal/x/x.go": "package x\n",
    "tree/sub/sub.go": 'package sub\n\nimport _ "example.com/m/tree/internal/x"\n',
    "user/user.go": 'package user\n\nimport _ "example.com/m/tree/internal/x"\n',
    "deep/deep.go": 'package deep\n\nimport _ "internal/cpu"\n',
    "prog/prog.go": "package main\n\nfunc main() {}\n",
    "win/x_windows.go": "package win\n",
    "win/ignored.go": "//go:build ignore\n\npackage win\n",
    "two/a.go": "package two\n",
    "two/b.go": "package too\n",
    "tests/x_test.go": "package tests\n",
    "mal/a.go": "//go:build linux &&\n\npackage main\n",
    "mul/a.go": "//go:build linux\n//go:build linux\n\npackage main\n",
    "syn/a.go": "package syn\n\nfunc {\n",
    "cgo/a.go": 'package main\n\nimport "C"\n\nfunc main() {}\n',
    "empty/README": "",
}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            "./a",
            "package example.com/m/a\n\timports example.com/m/b from a.go\n"
            "\timports example.com/m/a from b.go: import cycle not allowed",
        ),
        (
            "./self",
            "package example.com/m/self\n\timports example.com/m/self from self.go: import cycle not allowed",
        ),
        (
            "./user",
            "package example.com/m/user\n"
            "\tuser/user.go:3:8: use of internal package example.com/m/tree/internal/x not allowed",
        ),
        ("./win", "package example.com/m/win: build constraints exclude all Go files in DIR/win"),
        ("./cgo", "package example.com/m/cgo: build constraints exclude all Go files in DIR/cgo"),
        ("./two", "found packages two (a.go) and too (b.go) in DIR/two"),
        ("./tests", "example.com/m/tests: no non-test Go files in DIR/tests"),
        ("./mal", "a.go: parsing //go:build line: unexpected end of expression"),
        ("mal/a.go", "a.go: parsing //go:build line: unexpected end of expression"),
        ("./mul", "a.go: multiple //go:build comments"),
        ("./syn", "# example.com/m/syn\nsyn/a.go:3:6: syntax error: unexpected {, expected name or ("),
        ("./empty", "no Go files in DIR/empty"),
        ("./none", "stat DIR/none: directory not found"),
        ("none.go", "stat none.go: no such file or directory"),
        ("tests/x_test.go", "go: cannot run *_test.go files (tests/x_test.go)"),
    ],
)
def test_what_the_command_line_names(given: str, message: str, tmp_path: Path):
    assert wrong(tmp_path, PACKAGES, given) == message


def test_files_of_two_folders(tmp_path: Path):
    message = "named files must all be in one directory; have a and b"
    assert wrong(tmp_path, PACKAGES, "a/a.go", "b/b.go") == message


def test_all_that_is_wrong_with_imports(tmp_path: Path):
    names = "win two none deep prog mal user".split()
    main = main_importing(*(f"example.com/m/{name}" for name in names))
    assert wrong(tmp_path, {**PACKAGES, "main.go": main}, "main.go").split("\n") == [
        "package command-line-arguments",
        "\timports example.com/m/deep",
        "\tdeep/deep.go:3:8: use of internal package internal/cpu not allowed",
        "main.go:8:8: a.go: parsing //go:build line: unexpected end of expression",
        "main.go:5:8: no required module provides package example.com/m/none; to add it:",
        "\tgo get example.com/m/none",
        "main.go:4:8: found packages two (a.go) and too (b.go) in DIR/two",
        "package command-line-arguments",
        "\timports example.com/m/user",
        "\tuser/user.go:3:8: use of internal package example.com/m/tree/internal/x not allowed",
        "package command-line-arguments",
        "\timports example.com/m/win: build constraints exclude all Go files in DIR/win",
        'main.go:7:8: import "example.com/m/prog" is a program, not an importable package',
    ]


def test_internal_packages_of_a_parent(tmp_path: Path):
    for name, text in PACKAGES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    os.chdir(tmp_path)
    loader = Loader()
    loader.load_main(["./tree/sub"])
    assert list(loader.packages) == ["example.com/m/tree/internal/x", "main"]


def test_constraints_of_named_files_need_not_hold(tmp_path: Path):
    (tmp_path / "x_windows.go").write_text("//go:build ignore\n\npackage main\n\nfunc main() {}\n")
    assert Loader().load_main([str(tmp_path / "x_windows.go")]).result.package.name == "main"


IMPORTED = ("unicode/utf8", "unsafe", "math/bits", "strings", "sort", "sync/atomic")


def test_packages_come_in_the_order_of_initialisation(tmp_path: Path):
    """By import path, each after what it imports; the library's packages count, if they have something to initialise."""
    files = {
        **MODULE,
        "main.go": main_importing(*(f"example.com/m/{name}" for name in "fedcba")),
        **{
            f"{name}/{name}.go": f'package {name}\n\nimport _ "{path}"\n\nfunc init() {{}}\n'
            for name, path in zip("abcdef", IMPORTED, strict=True)
        },
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    loader = Loader()
    loader.load_main([str(tmp_path)])
    assert list(loader.packages) == [f"example.com/m/{n}" for n in "abcfed"] + ["main"]  # as gc has it


def test_modules_of_a_newer_go(tmp_path: Path):
    files = {"go.mod": "module m\n\ngo 1.99.1\n", "main.go": main_importing()}
    running = Loader().goroot.version
    message = f"go: go.mod requires go >= 1.99.1 (running go {running}; GOTOOLCHAIN=local)"
    assert wrong(tmp_path, files, ".") == wrong(tmp_path, files, "main.go") == message
