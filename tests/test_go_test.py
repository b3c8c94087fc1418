"""`goir test` and what belongs to it: which packages and which tests there are, the flags, the output."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from goir.build.errors import BuildError
from goir.build.goroot import Goroot, find_goroot
from goir.build.ldflags import parse_ldflags
from goir.build.library import Compiled, Object
from goir.build.patterns import find_targets
from goir.build.test_build import TestLoader
from goir.build.test_files import example_output, find_tests, go_string
from goir.build.test_library import TestLibraryCache
from goir.build.test_run import duration_seconds
from goir.irgen.facts import Facts
from goir.syntax.parser import parse_file
from goir.syntax.positions import FileSet
from goir.tools.go_flags import UsageError, parse

FILES = {
    "go.mod": "module ex.org/m\n\ngo 1.27\n",
    "a/a.go": 'package a\n\nfunc Add(a, b int) int { return a + b }\nfunc hidden() string   { return "hidden" }\n',
    "a/a_test.go": """package a

import "testing"

func TestAdd(t *testing.T) {
	if Add(1, 2) != 3 || hidden() != "hidden" {
		t.Fatal("bad")
	}
	t.Log("here")
}
func TestSkip(t *testing.T) { t.Skip("why") }
func BenchmarkAdd(b *testing.B) {
	for b.Loop() {
		Add(1, 2)
	}
}
func FuzzAdd(f *testing.F) {
	f.Add(1, 2)
	f.Fuzz(func(t *testing.T, a, b int) {
		if Add(a, b) != a+b {
			t.Error("no")
		}
	})
}
""",
    "a/x_test.go": """package a_test

import (
	"fmt"
	"os"
	"testing"

	"ex.org/m/a"
)

func ExampleAdd() {
	fmt.Println(a.Add(1, 2))
	// Output: 3
}

func Example_order() {
	for k := range map[int]bool{1: true, 2: true} {
		fmt.Println(k)
	}
	// Unordered output:
	// 2
	// 1
}

func Example_notRun() { panic(1) }

func TestExternal(t *testing.T) {
	data, _ := os.ReadFile("testdata/x")
	if string(data) != "data\\n" {
		t.Error(string(data))
	}
}
""",
    "a/testdata/x": "data\n",
    "b/b.go": "package b\n",
    "c/c_test.go": """package c

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	fmt.Println("setup")
	status := m.Run()
	fmt.Println("down")
	os.Exit(status)
}
func TestFails(t *testing.T) { t.Errorf("no %d", 1) }
func TestOk(t *testing.T)    { t.Run("x y", func(t *testing.T) { t.Log("in") }) }
""",
    "d/d.go": 'package d\n\nfunc D() int { return "a" }\n',
    "d/d_test.go": 'package d\n\nimport "testing"\n\nfunc TestD(t *testing.T) { x := 1 }\n',
    "e/e_test.go": 'package e\n\nimport "testing"\n\nfunc TestE(t *testing.B) {}\n',
    "f/f.go": "package f\n\nvar F int\n",
    "f/f_test.go": 'package f\n\nimport _ "ex.org/m/g"\n',
    "g/g.go": 'package g\n\nimport "ex.org/m/f"\n\nvar _ = f.F\n',
    "g/sub/testdata/t.go": "package t\n",
    "v/v.go": "package main\n\nfunc main() { println(f()) }\nfunc f() int { return 3 }\n",
    "v/v_test.go": 'package main\n\nimport "testing"\n\nfunc TestF(t *testing.T) { main() }\n',
}


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module of some packages, the working folder."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def goir(*arguments: str, folder: Path | None = None) -> tuple[int, str]:
    """Status and output of a command, times and addresses left out."""
    done = subprocess.run(
        [sys.executable, "-m", "goir.tools.goir", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
    )
    return done.returncode, re.sub(r"\d+\.\d+s", "0.00s", done.stdout)


def test_packages_of_a_module(module: Path):
    status, output = goir("test", "./a", "./b", "./c", "./d", "./e", "./f", "./v")
    assert (
        output
        == f"""ok  \tex.org/m/a\t0.00s
?   \tex.org/m/b\t[no test files]
setup
--- FAIL: TestFails (0.00s)
    c_test.go:15: no 1
FAIL
down
FAIL\tex.org/m/c\t0.00s
# ex.org/m/d [ex.org/m/d.test]
d/d.go:3:23: cannot use "a" (untyped string constant) as int value in return statement
d/d_test.go:5:28: declared and not used: x
FAIL\tex.org/m/d [build failed]
# ex.org/m/e
{module}/e/e_test.go:5:1: wrong signature for TestE, must be: func TestE(t *testing.T)
FAIL\tex.org/m/e [setup failed]
# ex.org/m/f
package ex.org/m/f
	imports ex.org/m/g from f_test.go
	imports ex.org/m/f from g.go: import cycle not allowed in test
FAIL\tex.org/m/f [setup failed]
ok  \tex.org/m/v\t0.00s
FAIL
"""
    )
    assert status == 1


def test_verbose_with_benchmarks(module: Path):
    status, output = goir("test", "-v", "-bench=.", "-benchtime", "1x", folder=module / "a")
    lines = [line for line in output.splitlines() if not line.startswith("cpu:") and "ns/op" not in line]
    assert (
        lines
        == """=== RUN   TestAdd
    a_test.go:9: here
--- PASS: TestAdd (0.00s)
=== RUN   TestSkip
    a_test.go:11: why
--- SKIP: TestSkip (0.00s)
=== RUN   TestExternal
--- PASS: TestExternal (0.00s)
=== RUN   FuzzAdd
=== RUN   FuzzAdd/seed#0
--- PASS: FuzzAdd (0.00s)
    --- PASS: FuzzAdd/seed#0 (0.00s)
=== RUN   ExampleAdd
--- PASS: ExampleAdd (0.00s)
=== RUN   Example_order
--- PASS: Example_order (0.00s)
goos: linux
goarch: amd64
pkg: ex.org/m/a
BenchmarkAdd
PASS
ok  	ex.org/m/a	0.00s""".splitlines()
    )
    assert status == 0
    assert goir("test", "./a", "-run", "Nope") == (0, "ok  \tex.org/m/a\t0.00s [no tests to run]\n")
    assert goir("test", "-c", "-o", "prog", "./a") == (0, "")
    assert (
        subprocess.run([module / "prog", "-test.run=Add"], cwd=module / "a", stdout=subprocess.DEVNULL).returncode == 0
    )


def test_a_library_package_with_inner_tests():
    status, output = goir("test", "-v", "container/list", "-run", "Test|Example")
    assert status == 0
    assert output.count("--- PASS") == 11, output


def test_usage(module: Path):
    assert goir("test", "-run")[1].startswith("flag needs an argument: -run\nusage: goir test")
    status, output = goir("test", "-race", "./a")
    assert status == 2
    assert "-race is not supported: goir has no race detector" in output
    assert goir("list", "./...")[1].split() == [f"ex.org/m/{name}" for name in "abcdefgv"]
    assert goir("list", "-deps", "./g")[1].split() == ["runtime", "ex.org/m/f", "ex.org/m/g"]
    assert "d/d.go:3:23: cannot use" in goir("vet", "./a", "./d")[1]
    assert goir("vet", "./a") == (0, "")
    assert goir("env", "GOOS", "CGO_ENABLED") == (0, "linux\n0\n")
    assert goir("version")[1].startswith("goir 0.")


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        ([], ["."]),
        (["./..."], [f"ex.org/m/{name}" for name in "abcdefgv"]),
        (["ex.org/m/..."], [f"ex.org/m/{name}" for name in "abcdefgv"]),
        (["./a", "a"], ["ex.org/m/a", "a"]),
        (["math/rand/..."], ["math/rand", "math/rand/v2"]),
        (["./v/v.go", "v/v_test.go"], None),
        (["v/v.go", "v/v_test.go"], ["command-line-arguments"]),
    ],
)
def test_patterns(module: Path, arguments: list[str], paths: list[str] | None):
    goroot = Goroot(find_goroot())
    if paths is None:
        with pytest.raises(BuildError, match="named files must all be in one directory"):
            find_targets(arguments, goroot)
        return
    assert [t.path for t in find_targets(arguments, goroot)] == paths


def test_files_of_a_library_package():
    goroot = Goroot(find_goroot())
    loader = TestLoader(find_targets(["strings"], goroot)[0])
    loader.load_main([])
    assert list(loader.packages) == ["strings_test", "main"]
    strings = loader.library("strings")
    assert strings is not None
    assert strings.package.scope.lookup("StringFind") is not None  # of export_test.go
    assert loader.test_digest()


def test_library_tests_import_vendored_packages():
    loader = TestLoader(find_targets(["os"], Goroot(find_goroot()))[0])
    loader.load_main([])
    assert "vendor/golang.org/x/net/nettest" in loader.closure()


def test_what_is_a_test():
    source = b"""package p
func TestA(t *testing.T) {}
func Test(t *T) {}
func Testing(t int) {}
func TestMain(m *testing.M) {}
func BenchmarkX(b *testing.B) {}
func FuzzY(f *testing.F) {}
func ExampleOne() { // Output: no
	f("// Output: no")
	// output:  yes
}
func ExampleTwo() {}
func ExampleThree(i int) { // Output: 3
}
func (T) TestMethod() {}
"""
    fset = FileSet()
    tree, errors = parse_file(fset, "x_test.go", source)
    assert not errors
    found = find_tests([tree], fset)
    assert (found.tests, found.benchmarks, found.fuzz) == (["TestA", "Test"], ["BenchmarkX"], ["FuzzY"])
    assert found.has_main
    assert [(e.name, e.output) for e in found.examples] == [("ExampleOne", "yes\n")]
    for wrong in (
        "TestA()",
        "TestA(t *testing.B)",
        "TestA(t, u *testing.T)",
        "TestA(t *testing.T) int",
        "TestA[T any](t *T)",
    ):
        fset = FileSet()
        tree, _ = parse_file(fset, "x_test.go", f"package p\nfunc {wrong} {{}}\n".encode())
        with pytest.raises(BuildError, match=r"^x_test.go:2:1: wrong signature for TestA, "):
            find_tests([tree], fset)


@pytest.mark.parametrize(
    ("body", "output"),
    [
        ("{}", None),
        ("{ // Output: 3\n}", ("3\n", False)),
        ("{\n\t// Output:\n\t// a\n\t//  b \n\t//\n\t//\n\t// c\n}", ("a\n b\n\nc\n", False)),
        ("{\n\t// Unordered output: x\n}", ("x\n", True)),
        ("{\n\t// Output: x\n\n\t// later\n}", None),
        ("{\n\t// Output: x\n\tf()\n\t// OUTPUT:\n}", ("", False)),
        ('{\n\tf(`// Output: x`, \'"\', "// Output: y")\n}', None),
        ("{\n\t/* Output:\na\nb */\n}", ("a\nb\n", False)),
        ("{\n\t// about\n\t// Output: no\n}", None),
        ("{\n\t//go:x y\n\t// Output: yes\n}", ("yes\n", False)),
        ("{\n\tf() // go\n\t// Output: yes\n}", ("yes\n", False)),
        ("{\n\tf() // Output: no\n\t// that was it\n}", None),
    ],
)
def test_outputs_of_examples(body: str, output: tuple[str, bool] | None):
    assert example_output(body) == output


def test_flags():
    found = parse(
        ["-v", "--run=a b", "./x", "y", "-count", "2", "-mine", "arg", "-short=false", "-args", "-v"],
        ("v", "short"),
        ("run", "count"),
        strict=False,
    )
    assert found.flags == {"v": "true", "run": "a b", "count": "2", "short": "false"}
    assert (found.packages, found.rest) == (["./x", "y"], ["-mine", "arg", "-v"])
    assert found.on("v")
    assert not found.on("short")
    with pytest.raises(UsageError, match="not defined: -x"):
        parse(["-x"], (), (), strict=True)
    assert [duration_seconds(d) for d in ("1h1m", "1.5s", "0", "10ms", "3", "x")] == [
        3660.0,
        1.5,
        0.0,
        0.01,
        None,
        None,
    ]
    assert go_string('a"\\\n\té') == '"a\\"\\\\\\n\\U00000009é"'


def test_ldflags(module: Path):
    (module / "v.go").write_text(
        'package main\n\nvar version, empty = "dev", f()\n\nvar other string\n\n'
        'func f() string { return "f" }\n\nfunc main() { println(version, empty, other) }\n'
    )
    flags = "-s -w -X main.version=1.2 -X=main.empty=no -X 'main.other=a b' -X main.none=1"
    assert goir("run", "-ldflags", flags, "v.go") == (0, "1.2 no a b\n")
    assert parse_ldflags("-X a/b.C=x=y") == {"a/b.C": "x=y"}
    for wrong in ("-X main", "-X", "-linkmode=external", "-X main.a='"):
        with pytest.raises(BuildError, match=r"^goir: -ldflags: "):
            parse_ldflags(wrong)


def test_the_package_under_test_is_kept_apart(tmp_path: Path):
    from goir.build.cache import Cache

    cache = Cache(tmp_path)
    batch = Compiled()
    symbols = ("strings.Index", "fmt.Println", "os.Open", "slices.Sort[strings.X]", "mystrings.F", "io.Copy", "user.F")
    for symbol in symbols:
        key = symbol.encode().hex()
        cache.put(key, ".o", b"")
        batch.objects.append(Object(key, (symbol,), ("slices.Sort[strings.X]",) if symbol == "user.F" else ()))
        batch.units[symbol] = Facts(frozenset(), frozenset(), frozenset())
    batch.packages = {"strings": [], "fmt": []}
    ours = TestLibraryCache(cache, "key", "strings", "digest", lambda path: path in ("fmt", "os"))
    other = TestLibraryCache(cache, "key", "strings", "other", lambda path: False)
    ours.add(batch)
    assert set(ours.load().units) == set(symbols)
    assert set(other.load().units) == {"mystrings.F", "io.Copy"}
    assert set(other.load().packages) == {"fmt"}
