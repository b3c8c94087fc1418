"""The command line with input that is wrong: a message, an exit status, no traceback, nothing left behind."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = (ROOT / "examples" / "interpreter.go").read_bytes()


def goir(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ, GOIR_TRACEBACK="1")  # an exception of goir's would show
    command = [sys.executable, "-m", "goir.tools.goir", *arguments]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", cwd=folder, env=environment)


def refused(folder: Path, *arguments: str, status: int = 1) -> str:
    before = sorted(os.listdir(folder))
    done = goir(folder, *arguments)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert sorted(os.listdir(folder)) == before
    return done.stderr


CASES = {
    "no_such_file": ("run", "nope.go"),
    "no_such_folder": ("build", "./nope"),
    "wrong_ending": ("build", "x.txt"),
    "no_go_files": ("run", "."),
    "output_folder": ("build", "-o", "no/such/folder/x", str(ROOT / "examples" / "nqueens.go")),
}


@pytest.mark.parametrize("name", CASES)
def test_names(name: str, tmp_path: Path):
    assert refused(tmp_path, *CASES[name])


def test_usage(tmp_path: Path):
    assert "--emit" in refused(tmp_path, "build", "--emit", "nonsense", "x.go", status=2)
    assert "-O" in refused(tmp_path, "build", "-O9", "x.go", status=2)
    assert "frobnicate" in refused(tmp_path, "frobnicate", status=2)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('import "C"\nfunc main() {}', "x.go:2:8: cgo is not supported"),
        ("func f()\nfunc main() { f() }", "./x.go:2:6: missing function body"),
        ("var x int", "runtime.main_main·f: function main is undeclared in the main package"),
        ("func main() { x := 1 }", "./x.go:2:15: declared and not used: x"),
    ],
)
def test_programs(source: str, message: str, tmp_path: Path):
    (tmp_path / "x.go").write_text("package main\n" + source + "\n")
    assert message in refused(tmp_path, "run", "x.go")


def test_ten_errors_are_those_found_first(tmp_path: Path):
    """gc gives up at the tenth; what is not used is found at the end of a function."""
    lines = ["\tx := 1", *(f"\ty{i} = 2" for i in range(9)), "\tvar s string = 1", "}"]
    (tmp_path / "x.go").write_text("\n".join(["package main", "func main() {", *lines, ""]))
    text = refused(tmp_path, "run", "x.go")
    assert "declared and not used" not in text
    assert text.endswith("./x.go:13:17: too many errors\n")


@pytest.mark.parametrize("seed", range(4))
def test_garbage(seed: int, tmp_path: Path):
    rng = random.Random(seed)
    (tmp_path / "x.go").write_bytes(rng.randbytes(2000))
    (tmp_path / "x.goir").write_bytes(rng.randbytes(2000))
    (tmp_path / "cut.go").write_bytes(EXAMPLE[: rng.randrange(40, len(EXAMPLE) - 40)])
    for name in ("x.go", "x.goir", "cut.go"):
        assert refused(tmp_path, "run", name)


def test_module_without_a_start(tmp_path: Path):
    (tmp_path / "x.goir").write_text("builtin.module {\n}\n")
    assert "no @goir.start" in refused(tmp_path, "run", "x.goir")


def test_packages_of_a_module(tmp_path: Path):
    (tmp_path / "go.mod").write_text("module example.org/hello\n\ngo 1.27\n")
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "words.go").write_text('package words\n\nvar Greeting = "hello"\n')
    (tmp_path / "words" / "words_windows.go").write_text("package words\n\nbroken\n")
    (tmp_path / "main.go").write_text(
        'package main\n\nimport "example.org/hello/words"\n\nfunc main() { println(words.Greeting) }\n'
    )
    assert goir(tmp_path, "run", ".").stderr == "hello\n"
    (tmp_path / "words" / "words.go").write_text('package words\n\nvar Greeting = "again"\n')
    assert goir(tmp_path, "run", ".").stderr == "again\n"


def test_arguments_and_streams_are_the_programs_own(tmp_path: Path):
    (tmp_path / "x.go").write_text('package main\n\nfunc main() { println("out"); panic("no") }\n')
    for _ in range(2):  # built, then cached
        done = goir(tmp_path, "run", "x.go", "-x", "y")
        assert done.returncode == 2
        assert done.stderr.startswith("out\npanic: no\n\ngoroutine 1 [running]:\n")


def test_module_of_several_packages(tmp_path: Path):
    """Several files a package, renamed and dotted imports, internal packages, the order of initialisation."""
    files = {
        "go.mod": "module example.com/mod\n\ngo 1.27\n",
        "main.go": """package main

import (
	"fmt"
	_ "os"
	. "strings"

	"example.com/mod/alpha"
	"example.com/mod/alpha/beta"
	tools "example.com/mod/util"
	"example.com/mod/zeta"
)

var first = tools.Say("main var", second)
var second = tools.Say("main second", 1)

func init() { fmt.Println("main init 1", first, second) }

func main() { fmt.Println(alpha.Name, beta.Name, zeta.Name, ToUpper("done"), helper()) }
""",
        "other.go": """package main

import "fmt"

func init() { fmt.Println("other init", third) }

var third = first + 1

func init() { fmt.Println("other init 2") }

func helper() string { return fmt.Sprint(third) }
""",
        "skipped_windows.go": "package main\n\nfunc helper() string { broken }\n",
        "gen.go": "//go:build ignore\n\npackage gen\n",
        "util/util.go": """// Package tools is in a folder of another name.
package tools

import "fmt"

func init() { fmt.Println("util init") }

func Say(what string, n int) int {
	fmt.Println(what, n)
	return n + 1
}
""",
        "zeta/b.go": """package zeta

import tools "example.com/mod/util"

func init() { tools.Say("zeta b", Count) }
""",
        "zeta/a.go": """package zeta

import tools "example.com/mod/util"

var Name = "zeta"
var Count = tools.Say("zeta count", len(Name))

func init() { tools.Say("zeta a", Count) }
""",
        "alpha/alpha.go": """package alpha

import (
	"fmt"

	"example.com/mod/alpha/internal/secret"
	"example.com/mod/zeta"
)

var Name = secret.Word + zeta.Name

func init() { fmt.Println("alpha init", zeta.Count) }
""",
        "alpha/alpha_test.go": 'package alpha_test\n\nimport "testing"\n',
        "alpha/internal/secret/s.go": 'package secret\n\nimport "fmt"\n\nconst Word = "secret "\n\n'
        'func init() { fmt.Println("secret init") }\n',
        "alpha/beta/beta.go": 'package beta\n\nimport "example.com/mod/alpha/internal/secret"\n\n'
        'var Name = secret.Word + "beta"\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    done = goir(tmp_path, "run", ".")
    assert done.stdout.splitlines() == [  # real Go's
        "secret init",
        "util init",
        "zeta count 4",
        "zeta a 5",
        "zeta b 5",
        "alpha init 5",
        "main second 1",
        "main var 2",
        "main init 1 3 2",
        "other init 4",
        "other init 2",
        "secret zeta secret beta zeta DONE 4",
    ], done.stderr


LOOPS = """package main

func main() {
	var f []func() int
	var p []*int
	for i := 0; i < 3; i++ {
		f = append(f, func() int { return i })
		p = append(p, &i)
	}
	for i, v := range []int{10, 20} {
		f = append(f, func() int { v++; return i + v })
		p = append(p, &i)
	}
	for i, c := range "no" {
		f = append(f, func() int { return int(c) + i })
	}
	for _, g := range f {
		print(g(), " ")
	}
	for _, q := range p {
		print(*q, " ")
	}
	println()
}
"""


@pytest.mark.parametrize(
    ("version", "given", "output"),
    [
        ("go 1.22", ".", "0 1 2 11 22 110 112 0 1 2 0 1 \n"),
        ("go 1.21", ".", "3 3 3 22 23 112 112 3 3 3 1 1 \n"),
        ("", ".", "3 3 3 22 23 112 112 3 3 3 1 1 \n"),
        ("go 1.21", "main.go", "0 1 2 11 22 110 112 0 1 2 0 1 \n"),  # go takes go.mod's version for packages only
    ],
)
def test_loop_variables_are_those_of_the_modules_language(version: str, given: str, output: str, tmp_path: Path):
    (tmp_path / "go.mod").write_text(f"module m\n\n{version}\n")
    (tmp_path / "main.go").write_text(LOOPS)
    assert goir(tmp_path, "run", given).stderr == output


def test_more_threads_than_allowed(tmp_path: Path):
    """Functions that are compiled without coroutines hold a thread while they wait; there is a limit, as in gc."""
    (tmp_path / "x.go").write_text("""package main

import (
	"runtime/debug"
	"sort"
)

func main() {
	debug.SetMaxThreads(50)
	gate := make(chan bool)
	for range 100 {
		go sort.Slice(make([]int, 2), func(i, j int) bool { return <-gate })
	}
	gate <- <-gate
}
""")
    done = goir(tmp_path, "run", "x.go")
    assert done.stderr.startswith("runtime: program exceeds 50-thread limit\nfatal error: thread exhaustion\n")
    assert done.returncode == 2
