"""Go's own tests of a package, from the GOROOT in use, as one program.

The tests of a library package are files of another package that import it, mostly under its own name. Here they become
package main beside a small stand-in for testing's T and B; what needs other packages' internals, or the package's own by its
export_test.go, is left out by name. Nothing of Go's is kept in this repository.
"""

import re
from collections.abc import Sequence
from pathlib import Path

SUPPORT = """package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

type T struct {
	name            string
	failed, skipped bool
}
type B struct{ N int }
type PB struct{}

type stop struct{}

func (t *T) Helper()                   {}
func (t *T) Parallel()                 {}
func (t *T) Log(a ...any)              {}
func (t *T) Logf(f string, a ...any)   {}
func (t *T) Name() string              { return t.name }
func (t *T) Fail()                     { t.failed = true }
func (t *T) FailNow()                  { t.failed = true; panic(stop{}) }
func (t *T) Failed() bool              { return t.failed }
func (t *T) Error(a ...any)            { t.failed = true; fmt.Println("   ", t.name, fmt.Sprint(a...)) }
func (t *T) Errorf(f string, a ...any) { t.failed = true; fmt.Println("   ", t.name, fmt.Sprintf(f, a...)) }
func (t *T) Fatal(a ...any)            { t.Error(a...); panic(stop{}) }
func (t *T) Fatalf(f string, a ...any) { t.Errorf(f, a...); panic(stop{}) }
func (t *T) Skip(a ...any)             { t.skipped = true; panic(stop{}) }
func (t *T) SkipNow()                  { t.skipped = true; panic(stop{}) }
func (t *T) Skipf(f string, a ...any)  { t.skipped = true; panic(stop{}) }
func (t *T) Cleanup(f func())          {}
func (t *T) Run(name string, f func(*T)) bool {
	sub := &T{name: t.name + "/" + name}
	sub.run(f)
	t.failed = t.failed || sub.failed
	return !sub.failed
}
func (t *T) run(f func(*T)) {
	defer func() {
		if r := recover(); r != nil && r != (stop{}) {
			t.failed = true
			fmt.Println("    panic in", t.name, r)
		}
	}()
	f(t)
}
func (b *B) Loop() bool               { return false }
func (b *B) ReportAllocs()            {}
func (b *B) ResetTimer()              {}
func (b *B) StopTimer()               {}
func (b *B) StartTimer()              {}
func (b *B) Helper()                  {}
func (b *B) Fatal(a ...any)           {}
func (b *B) Fatalf(f string, a ...any) {}
func (b *B) Errorf(f string, a ...any) {}
func (b *B) SetBytes(int64)           {}
func (b *B) Run(string, func(*B)) bool { return true }
func (b *B) RunParallel(func(*PB))    {}
func (*PB) Next() bool                { return false }

func allocsPerRun(runs int, f func()) float64 {
	f()
	var a, b runtime.MemStats
	runtime.ReadMemStats(&a)
	for range runs {
		f()
	}
	runtime.ReadMemStats(&b)
	return float64((b.Mallocs - a.Mallocs) / uint64(runs))
}

func runTests(tests []namedTest) {
	for _, test := range tests {
		if len(os.Args) > 1 && !strings.Contains(test.name, os.Args[1]) {
			continue
		}
		t := &T{name: test.name}
		t.run(test.f)
		word := "ok"
		if t.failed {
			word = "FAIL"
		} else if t.skipped {
			word = "skip"
		}
		fmt.Println(word, t.name)
	}
}

type namedTest struct {
	name string
	f    func(*T)
}
"""


def program(
    goroot: Path,
    package: str,
    files: Sequence[str],
    without: Sequence[str],
    replace: dict[str, str],
    extra: str = "",
    dot: bool = False,
) -> dict[str, str]:
    """Files of a program: the tests in `files` of a package, without the declarations that match one of `without` or
    whose lines match `replace`. `dot`: T, B and PB of the stand-in are called testT …, for the tests declare such names."""
    sources: dict[str, str] = {}
    tests: list[str] = []
    support = SUPPORT
    prefix = ""
    if dot:
        prefix = "testing"
        support = re.sub(r"\b(T|B|PB)\b(?!\.)", rf"{prefix}\1", support)
    for name in files:
        text = (goroot / "src" / package / name).read_text()
        text = re.sub(r"^//go:build.*\n", "", text, flags=re.M)
        head, *declarations = re.split(r"(?m)^(?=func |type |var |const )", text)
        kept = [head]
        for declaration in declarations:
            function = re.match(r"func (?:\([^)]*\) )?(\w+)", declaration)
            if function and any(re.search(word, declaration) for word in without):
                continue
            kept.append(declaration)
            if re.match(r"func Test\w+\(t \*testing\.T\)", declaration):
                assert function is not None
                tests.append(function.group(1))
        text = "".join(kept).replace(f"{package.rpartition('/')[2]}_test", "main")
        for old, new in {
            **replace,
            "testing.AllocsPerRun": "allocsPerRun",
            "testing.Short()": "true",
            "testing.Verbose()": "false",
        }.items():
            text = re.sub(old, new, text) if old.startswith("(?") else text.replace(old, new)
        text = re.sub(r"\btesting\.(T|B|PB)\b", rf"{prefix}\1", text)
        sources[name.replace("_test", "")] = _used_imports(text)
    main = "".join(f'\t\t{{"{name}", {name}}},\n' for name in tests)
    sources["support.go"] = f"{support}\n{extra}\nfunc main() {{\n\trunTests([]namedTest{{\n{main}\t}})\n}}\n"
    return sources


def _used_imports(text: str) -> str:
    group = re.search(r"import \(\n(.*?)\n\)", text, re.S)
    if group is None:
        return text
    rest = re.sub(r"//.*", "", text[: group.start()] + text[group.end() :])
    kept: list[str] = []
    for line in group.group(1).splitlines():
        path = re.search(r'"([^"]+)"', line)
        if path and (line.strip().startswith(".") or re.search(rf"\b{path.group(1).rpartition('/')[2]}\.", rest)):
            kept.append(line)
    return text[: group.start()] + "import (\n" + "\n".join(kept) + "\n)" + text[group.end() :]
