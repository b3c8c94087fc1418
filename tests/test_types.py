"""The type checker: what it records, and its messages (which are gc 1.27's, verified with it)."""

from __future__ import annotations

import textwrap
from fractions import Fraction

import pytest

from goir.syntax import ast
from goir.syntax.parser import parse_file
from goir.syntax.positions import FileSet
from goir.types import objects as O
from goir.types import types as T
from goir.types.check import CheckResult, ImportError_, check_files
from goir.types.constants import Complex, parse_char, parse_float, round_float32, round_float64, unquote, value_string
from goir.types.lookup import lookup_field_or_method, method_set
from goir.types.predicates import identical
from goir.types.sizes import offsetsof, sizeof
from goir.types.typestring import expr_string, type_string


class Packages:
    """An importer of packages given as source."""

    def __init__(self, fset: FileSet, sources: dict[str, str]) -> None:
        self.fset = fset
        self.sources = sources
        self.done: dict[str, O.Package] = {}

    def __call__(self, path: str) -> O.Package:
        if path not in self.sources:
            raise ImportError_(f"package {path} is not in std")
        if path not in self.done:
            result, _ = check(self.sources[path], self, path, self.fset, bodies=False)
            assert not result.errors
            self.done[path] = result.package
        return self.done[path]


def check(
    source: str,
    imports: dict[str, str] | Packages | None = None,
    path: str = "p",
    fset: FileSet | None = None,
    *,
    bodies: bool = True,
    go_version: str = "",
) -> tuple[CheckResult, ast.File]:
    """Checks one file; ``package p`` may be left out."""
    fset = fset or FileSet()
    text = textwrap.dedent(source)
    if "package " not in text:
        text = "package p\n" + text
    file, errors = parse_file(fset, path + ".go", text.encode())
    assert not errors, errors
    importer = imports if isinstance(imports, Packages) else Packages(fset, imports or {})
    result = check_files(path, [file], fset, importer, ignore_func_bodies=not bodies, go_version=go_version)
    return result, file


def messages(source: str, imports: dict[str, str] | None = None, go_version: str = "") -> list[str]:
    """line:column: message of each error."""
    fset = FileSet()
    result, _ = check(source, imports, fset=fset, go_version=go_version)
    out: list[str] = []
    for d in sorted(result.errors):
        p = fset.position(d.pos)
        out.append(f"{p.line}:{p.column}: {d.message}")
    return out


def ok(source: str, imports: dict[str, str] | None = None) -> tuple[CheckResult, ast.File]:
    """Checks a file that must have no errors."""
    result, file = check(source, imports)
    assert not result.errors, result.errors
    return result, file


def recorded(source: str) -> dict[str, str]:
    """Expression text → "mode type[ = value]" of everything recorded; the last one of equal texts."""
    result, _ = ok(source)
    out: dict[str, str] = {}
    for e, tv in result.info.types.items():
        text = f"{tv.mode} {type_string(tv.type, lambda p: '')}"
        if tv.value is not None:
            text += f" = {value_string(tv.value)}"
        out[expr_string(e)] = text
    return out


# ---- Constants -------------------------------------------------------------------------------------------


def test_constants() -> None:
    pkg = ok(
        """
        const (
            A = iota
            B
            C = "s" + "t"
            _
            D float64 = 1 / 3.0
            E = 1 << 100 >> 98
            F = 'a' + 1.0
            G = 2i * 2i
            H = len(C) == 2 && !false
            I uint8 = ^uint8(1)
            J = -7 / 2
            K = -7 % 3
            L = float32(0.1)
            M = string(rune(0x4e16))
            N = complex(1, 2)
            P = imag(N)
            Q = min(3, 2.5, 'a')
        )
        """
    )[0].package

    def value(name: str) -> object:
        c = pkg.scope.lookup(name)
        assert isinstance(c, O.Const)
        return c.value

    assert [value(n) for n in "ABCE"] == [0, 1, b"st", 4]
    assert value("D") == Fraction(1 / 3)
    assert value("F") == Fraction(98) and value("F").__class__ is Fraction
    assert value("G") == Complex(Fraction(-4), Fraction(0))
    assert value("H") is True
    assert [value(n) for n in "IJK"] == [254, -3, -1]
    assert value("L") == Fraction(13421773, 134217728)
    assert value("M") == "世".encode()
    assert value("P") == 2 and value("Q") == Fraction(5, 2)
    assert str(pkg.scope.elems["F"].type) == "untyped float"


def test_constant_primitives() -> None:
    assert parse_float("0x1p-2") == Fraction(1, 4)
    assert parse_float("1_0.5e1") == 105
    assert parse_char(r"'\u4e16'") == 0x4E16 and parse_char(r"'\xff'") == 255
    assert unquote(r'"a\377\n\u00e9"') == b"a\xff\n\xc3\xa9"
    assert round_float32(Fraction(1, 10)) == Fraction(13421773, 134217728)
    assert round_float32(Fraction(2) ** -149) == Fraction(2) ** -149
    assert round_float32(Fraction(2) ** -151) == 0
    assert round_float32(Fraction(2) ** 128) is None and round_float64(Fraction(2) ** 1024) is None
    assert value_string(Fraction(100000001, 100000000)) == "1.00000001"


@pytest.mark.parametrize(
    "nested",
    [
        "[]" * 10_000 + "int",
        "interface{ m(" * 10_000 + ")}" * 10_000,
        "func(" * 10_000 + ")" * 10_000,
        "G[" * 1000 + "int" + "]" * 1000,
    ],
    ids=["slices", "interfaces", "functions", "instances"],
)
def test_deep_types_take_linear_time_and_no_stack(nested: str) -> None:
    ok(f"type G[T any] struct{{ x *T }}\nvar v {nested}")


# ---- Recorded types --------------------------------------------------------------------------------------


def test_untyped_operands_get_their_final_types() -> None:
    r = recorded(
        """
        func f(s uint, b byte, m map[string]int, c chan int, e error) {
            var x float64 = 2
            var y int64 = 1 << s
            var z any = 'q'
            v, has := m["k"]
            w := <-c
            t := b > 10
            u := e == nil
            q := b << 3
            _, _, _, _, _, _, _, _, _, _ = x, y, z, v, has, w, t, u, q, "lit"[s]
        }
        """
    )
    assert r["2"] == "const float64 = 2"
    assert r["1 << s"] == "value int64" and r["1"] == "const int64 = 1"
    assert r["'q'"] == "const rune = 113"
    assert r['m["k"]'] == "mapindex (int, bool)"
    assert r["<-c"] == "commaok int"
    assert r["10"] == "const uint8 = 10" or r["10"] == "const byte = 10"
    assert r["b > 10"] == "value bool"
    assert r["nil"] == "nilvalue error"
    assert r["3"] == "const uint = 3"
    assert r['"lit"[s]'] == "value byte"


def test_calls_and_builtins() -> None:
    r = recorded(
        """
        func g() (int, string) { return 1, "" }
        func h(a int, b ...string) {}
        func f(a []int, p *[4]int) {
            n, s := g()
            h(n, s, "x")
            _ = append(a, 1)
            _ = append([]byte{}, "str"...)
            _ = len(p)
            _ = make(chan<- int, n)
            _ = new(1.5)
            println(1, 'a')
            func() {}()
        }
        """
    )
    assert r["g()"] == "value (int, string)"
    assert r['h(n, s, "x")'] == "novalue ()"
    assert r["append"] == "builtin func([]byte, string...) []byte"
    assert r["len(p)"] == "const int = 4"
    assert r["make(chan<- int, n)"] == "value chan<- int"
    assert r["new(1.5)"] == "value *float64"
    assert r["println"] == "builtin func(int, rune)"
    assert r["func() {}"] == "value func()"


def test_selections_and_promotion() -> None:
    result, _ = ok(
        """
        type A struct{ x int }
        func (a A) V() {}
        func (a *A) P() {}
        type B struct{ *A; y int }
        type C struct{ B; z int }
        type I interface{ V() }
        func f(c C, i I) {
            _ = c.x
            c.P()
            _ = C.V
            _ = (*A).P
            i.V()
        }
        """
    )
    sel = {expr_string(e): s for e, s in result.info.selections.items()}
    assert (sel["c.x"].kind, sel["c.x"].index, sel["c.x"].indirect) == ("field", [0, 0, 0], True)
    assert (sel["c.P"].kind, sel["c.P"].index, sel["c.P"].indirect) == ("method_val", [0, 0, 1], True)
    assert sel["C.V"].kind == "method_expr" and str(sel["C.V"].type) == "func(p.C)"
    assert str(sel["(*A).P"].type) == "func(*p.A)"
    assert sel["i.V"].kind == "method_val"
    scope = result.package.scope
    named = {n: scope.elems[n].type for n in "ABCI"}
    names = {n: [s.obj.name for s in method_set(t)] for n, t in named.items()}
    assert names == {"A": ["V"], "B": ["P", "V"], "C": ["P", "V"], "I": ["V"]}
    assert [s.obj.name for s in method_set(T.Pointer(named["A"]))] == ["P", "V"]
    obj, index, indirect = lookup_field_or_method(named["A"], False, result.package, "P")
    assert obj is None and index is None and indirect


def test_ambiguous_promotion_is_no_method() -> None:
    result, _ = ok(
        """
        type A struct{}
        func (A) M() {}
        type B struct{}
        func (B) M() {}
        type C struct{ A; B }
        """
    )
    assert method_set(result.package.scope.elems["C"].type) == []


def test_init_order() -> None:
    result, _ = ok(
        """
        var a = b + f()
        var b = g()
        var c, d = h()
        func f() int { return e }
        func g() int { return d }
        func h() (int, int) { return 1, 2 }
        var e = 5
        var _ = a
        """
    )
    assert [[v.name for v in i.lhs] for i in result.info.init_order] == [["c", "d"], ["b"], ["e"], ["a"], ["_"]]


def test_implicit_objects_of_type_switches() -> None:
    result, file = ok(
        """
        func f(x any) {
            switch y := x.(type) {
            case int: _ = y
            case string, nil: _ = y
            default: _ = y
            }
        }
        """
    )
    types = [str(o.type) for n, o in result.info.implicits.items() if isinstance(n, ast.CaseClause)]
    assert types == ["int", "any", "any"]
    assert isinstance(file.decls[0], ast.FuncDecl)


def test_aliases_are_transparent_and_may_be_in_cycles() -> None:
    result, _ = ok(
        """
        type T0 struct{ a A }
        type A = *T1
        type T1 struct{ a A; f func(A) A }
        type B = T1
        var x A = new(B)
        var y = x.a.a
        """
    )
    scope = result.package.scope
    t1 = scope.elems["T1"].type
    assert scope.elems["B"].type is t1
    assert identical(scope.elems["y"].type, T.Pointer(t1))
    fields = t1.underlying.fields
    assert fields[0].type.__class__ is T.Pointer and fields[0].type.elem is t1
    sig = fields[1].type
    assert sig.params.vars[0].type.elem is t1 and sig.results.vars[0].type.elem is t1


def test_packages() -> None:
    imports = {
        "lib": 'package lib\nimport "base"\ntype T struct{ base.B; n int }\nfunc New() *T { return undefined }\n'
        "const K = 3\nvar V = New()",
        "base": "package base\ntype B struct{ X int }\nfunc (*B) M() string",
    }
    result, _ = ok(
        """
        package p
        import "lib"
        import . "base"
        var t = lib.New()
        var x = t.X + lib.K
        var s = t.M()
        var b B = t.B
        """,
        imports,
    )
    assert str(result.package.scope.elems["s"].type) == "string"
    assert sorted(p.path for p in result.package.imports) == ["base", "lib"]
    assert messages('package p\nimport "nope"\nimport "lib"\nimport q "lib"', imports) == [
        "2:8: package nope is not in std",
        '3:8: "lib" imported and not used',
        '4:8: "lib" imported as q and not used',
    ]
    assert messages('package p\nimport "lib"\nvar x = lib.new\nvar y = lib.V.n\nvar z = lib.k', imports) == [
        "3:13: undefined: lib.new (but have New)",
        "4:15: lib.V.n undefined (cannot refer to unexported field n)",
        "5:13: undefined: lib.k (but have K)",
    ]


def test_sizes() -> None:
    result, _ = ok(
        """
        import "unsafe"
        type S struct { a byte; b int32; c bool; d complex64; e struct{} }
        const (
            Size = unsafe.Sizeof(S{})
            Off = unsafe.Offsetof(S{}.d)
            Al = unsafe.Alignof(S{})
        )
        """
    )
    scope = result.package.scope
    assert [scope.elems[n].value for n in ("Size", "Off", "Al")] == [24, 12, 4]  # pyright: ignore
    s = scope.elems["S"].type
    assert offsetsof(s.underlying.fields) == [0, 4, 8, 12, 20] and sizeof(s) == 24


def test_generics() -> None:
    result, _ = ok(
        """
        type Number interface{ ~int | ~float64 }
        type List[T any] struct { head *node[T] }
        type node[T any] struct { v T; next *node[T] }
        func (l *List[T]) Push(v T) { l.head = &node[T]{v, l.head} }
        func Map[A, B any](xs []A, f func(A) B) []B {
            var r []B; for _, x := range xs { r = append(r, f(x)) }; return r
        }
        func Sum[T Number](xs ...T) (s T) { for _, x := range xs { s += x }; return }
        func Keys[M ~map[K]V, K comparable, V any](m M) []K { return nil }
        var l List[string]
        var s = Sum(1, 2.5)
        var m = Map([]int{1}, func(i int) string { return "" })
        var k = Keys(map[string]bool{})
        var f func(...int) int = Sum
        func g() { l.Push("x"); l.head.next.v = "y" }
        """
    )
    scope = result.package.scope
    assert [str(scope.elems[n].type) for n in "smk"] == ["float64", "[]string", "[]string"]
    push = next(s for e, s in result.info.selections.items() if e.sel.name == "Push")
    assert str(push.type) == "func(v string)"
    args = {i.name: [str(t) for t in a] for i, (a, _) in result.info.instances.items() if i.name in ("Sum", "Keys")}
    assert args["Keys"] == ["map[string]bool", "string", "bool"]
    assert args["Sum"] == ["int"]


def test_long_chains_need_no_recursion() -> None:
    terms = " + ".join(['"abc"'] * 3000)
    bools = " && ".join(["x == 1"] * 3000)
    elses = " else ".join(["if x == 1 { }"] * 500)
    result, _ = ok(
        f"const S = {terms}\nvar x = 1\nvar b = {bools}\nvar n = x" + " + x" * 3000 + f"\nfunc f() {{ {elses} }}"
    )
    s = result.package.scope.elems["S"]
    assert isinstance(s, O.Const) and isinstance(s.value, bytes) and len(s.value) == 9000


def test_declarations_only() -> None:
    result, _ = check("func f() int { return undefined }\nvar x = f()", bodies=False)
    assert not result.errors and str(result.package.scope.elems["x"].type) == "int"


# ---- Messages --------------------------------------------------------------------------------------------

ERRORS: list[tuple[str, list[str]]] = [
    ("func f() { x := 1 }", ["2:12: declared and not used: x"]),
    ("func f() int { for { break } }", ["2:30: missing return"]),
    ('var x int = "s"', ['2:13: cannot use "s" (untyped string constant) as int value in variable declaration']),
    (
        "var x uint8 = 256",
        ["2:15: cannot use 256 (untyped int constant) as uint8 value in variable declaration (overflows)"],
    ),
    (
        "var x int = 1.5",
        ["2:13: cannot use 1.5 (untyped float constant) as int value in variable declaration (truncated)"],
    ),
    ("const c = 1 << 600", ["2:13: constant shift overflow"]),
    ("var x = 1 / 0", ["2:13: invalid operation: division by zero"]),
    ("var a [3]int\nvar x = a[3]", ["3:11: invalid argument: index 3 out of bounds [0:3]"]),
    ("func f() (int, string) { return 1 }", ["2:33: not enough return values\n\thave (number)\n\twant (int, string)"]),
    (
        "func g(int, ...string) {}\nfunc f() { g() }",
        ["3:12: not enough arguments in call to g\n\thave ()\n\twant (int, ...string)"],
    ),
    (
        "func g(int) {}\nfunc f() { g(1, 2) }",
        ["3:17: too many arguments in call to g\n\thave (number, number)\n\twant (int)"],
    ),
    (
        "func f() { a, b := 1 }",
        [
            "2:12: declared and not used: a",
            "2:15: declared and not used: b",
            "2:20: assignment mismatch: 2 variables but 1 value",
        ],
    ),
    ("func f() { x := 1; x := 2; _ = x }", ["2:22: no new variables on left side of :="]),
    ("type T struct{ a int }\nvar x = T{b: 1}", ["3:11: unknown field b in struct literal of type T"]),
    ("type T struct{ a int }\nvar x = T{1, 2}", ["3:14: too many values in struct literal of type T"]),
    ("type T struct{ t T }", ["2:6: invalid recursive type: T refers to itself"]),
    (
        "type A struct{ b B }\ntype B struct{ a A }",
        ["2:6: invalid recursive type A\n\tp.go:2:6: A refers to B\n\tp.go:3:6: B refers to A"],
    ),
    (
        "var a = b\nvar b = f()\nfunc f() int { return a }",
        [
            "2:5: initialization cycle for a\n\tp.go:2:5: a refers to b\n\tp.go:3:5: b refers to "
            "f\n\tp.go:4:6: f refers to a"
        ],
    ),
    (
        "type I interface{ M() }\ntype T struct{}\nfunc (*T) M() {}\nvar i I = T{}",
        [
            "5:11: cannot use T{} (value of struct type T) as I value in variable declaration: T does "
            "not implement I (method M has pointer receiver)"
        ],
    ),
    (
        "type I interface{ M(int) string }\ntype T struct{}\nfunc (T) M(string) {}\nvar i I = T{}",
        [
            "5:11: cannot use T{} (value of struct type T) as I value in variable declaration: T does "
            "not implement I (wrong type for method M)\n\t\thave M(string)\n\t\twant M(int) string"
        ],
    ),
    ("type T struct{}\nvar x = T{}.foo", ["3:13: T{}.foo undefined (type T has no field or method foo)"]),
    (
        "func f(x any) { switch x.(type) { case int: case int: } }",
        ["2:50: duplicate case int in type switch\n\tp.go:2:40: previous case"],
    ),
    (
        "func f(x int) { switch x { case 1, 2: case 1: } }",
        ["2:44: duplicate case 1 (constant of type int) in expression switch\n\tp.go:2:33: previous case"],
    ),
    ('var m = map[string]int{"a": 1, "a": 2}', ['2:32: duplicate key "a" in map literal']),
    ("var m map[[]int]string", ["2:11: invalid map key type []int"]),
    (
        "func f(a, b []int) bool { return a == b }",
        ["2:34: invalid operation: a == b (slice can only be compared to nil)"],
    ),
    ("func f(a int, b string) { _ = a + b }", ["2:31: invalid operation: a + b (mismatched types int and string)"]),
    (
        "func f(c <-chan int) { c <- 1 }",
        ["2:24: invalid operation: cannot send to receive-only channel <-chan int c (variable of type <-chan int)"],
    ),
    ("func f() { 1 + 2 }", ["2:12: 1 + 2 (untyped int constant 3) is not used"]),
    ("func f() { go int(3) }", ["2:15: go requires function call, not conversion int(3) (constant 3 of type int)"]),
    ("func f() { for i := range 3.5 { } }", ["2:27: cannot range over 3.5 (untyped float constant)"]),
    (
        "func f(s uint) { var x float64 = 1 << s; _ = x }",
        ["2:34: invalid operation: shifted operand 1 (type float64) must be integer"],
    ),
    ("func f[T any]() {}\nfunc g() { f() }", ["3:13: in call to f, cannot infer T (declared at p.go:2:8)"]),
    (
        'func f[T interface{ ~int }](T) {}\nfunc g() { f("s") }',
        ["3:13: string does not satisfy interface{~int} (string missing in ~int)"],
    ),
    ("func f[T any](T) { f[*T](nil) }", ["2:8: instantiation cycle:\n\tp.go:2:22: T instantiated as *T"]),
    ("func f() { defer recover }", ["2:18: expression in defer must be function call"]),
    ("func f()", ["2:6: missing function body"]),
    ("func f(x int) { x.y = 1 }", ["2:19: x.y undefined (type int has no field or method y)"]),
    (
        "type T struct{ f int }\nfunc (T) f() {}",
        ["3:10: field and method with the same name f\n\tp.go:2:16: other declaration of f"],
    ),
    (
        "var x = y\nvar x = 1",
        ["2:9: undefined: y", "3:5: x redeclared in this block\n\tp.go:2:5: other declaration of x"],
    ),
]


@pytest.mark.parametrize(("source", "want"), ERRORS, ids=[str(i) for i in range(len(ERRORS))])
def test_messages(source: str, want: list[str]) -> None:
    assert messages(source) == want


def test_constants_with_huge_exponents() -> None:
    result, _ = check(
        """
        const a = 1e646456992
        const b = 1 / a
        const (
            ten = a / 1e646456991
            zero = b * b
            less = b < 1e-400 && -a < b && a > 1e646456991 && b != 0
            same = a+1 == a && a-a == 0 && a*b == 1 || false
            hex = 0x1p1000000 / 0x1p999999
            small = 0x1p-2000000 * 0x1p2000001
        )
        """
    )
    assert not result.errors
    scope = result.package.scope
    values = {n: o.value for n in ("ten", "zero", "less", "hex", "small") if isinstance(o := scope.lookup(n), O.Const)}
    ten = values.pop("ten")
    assert isinstance(ten, Fraction) and round_float64(ten) == 10
    assert values == {"zero": 0, "less": True, "hex": 2, "small": 2}
    source = "const a = 1e646456992\nconst b = a * a\nvar x float64 = a\nvar y int = -a\nvar z float32 = 1 / a"
    assert messages(source + "\nvar w = 1e646456993") == [
        "3:13: constant result is not representable",
        "4:17: cannot use a (untyped float constant 1e+646456992) as float64 value in variable declaration (overflows)",
        "5:13: cannot use -a (untyped float constant -1e+646456992) as int value in variable declaration (truncated)",
        "7:9: malformed constant: 1e646456993",
    ]


# ---- Versions of the language ----------------------------------------------------------------------------


def test_versions() -> None:
    source = """
        type T[P any] int
        func f(s []int, n int) {
            for range n {
            }
            clear(s)
            _ = [1]int(s)
            _ = 1 << n
        }
        """
    set_to = "(-lang was set to go1.{}; check go.mod)"
    assert messages(source, go_version="1.23") == []
    assert messages(source, go_version="1.21") == [
        f"5:15: cannot range over n (variable of type int): requires go1.22 or later {set_to.format(21)}"
    ]
    assert [m.partition(" requires go1.")[0] for m in messages(source, go_version="1.12")] == [
        "3:8: type parameter",
        "3:10: predeclared any",
        "5:15: cannot range over n (variable of type int):",
        "7:5: clear",
        "8:16: cannot convert s (variable of type []int) to type [1]int: conversion of slice to array",
        "9:14: invalid operation: signed shift count n (variable of type int)",
    ]


def test_version_of_a_file() -> None:
    source = "//go:build {}\n\npackage p\n\nfunc f(n int) {{\n\tfor range n {{\n\t}}\n}}\n"
    error = "6:12: cannot range over n (variable of type int): requires go1.22 or later"
    declares = "(file declares //go:build go1.21)"
    assert messages(source.format("go1.21 && !windows")) == [f"{error} {declares}"]
    assert messages(source.format("!go1.21")) == []
    old, file = check(source.format("go1.21"))
    assert old.package.shares_loop_variables(file.decls[0].pos) and not old.package.shares_loop_variables(0)
    assert messages(source.format("go1.23"), go_version="1.20") == []
    # A file cannot go back further than to Go 1.21.
    assert messages(source.format("go1.17")) == [f"{error} (-lang was set to go1.27; check go.mod)"]
