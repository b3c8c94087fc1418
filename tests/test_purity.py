"""Which initialisers of library packages may be left out when nothing uses their variables."""

import pytest

from goir.irgen.context import ModuleGen
from goir.irgen.inits import init_units
from goir.irgen.sources import CheckedPackage, Sources
from goir.syntax.parser import parse_file
from goir.syntax.positions import FileSet
from goir.types.lazy import LazyPackage

SUPPORT = """package p

type node struct { next *node; val int; vals []int; inner struct { n int } }
type enc struct { table [4]int; pad int }
type named struct { node }
type iface interface { m() }

var global int
var nodes = []*node{}
var head *node

func newNode(v int) *node { n := &node{val: v, vals: []int{v}}; n.val++; return n }
func (n *node) set(v int) *node { n.val = v; return n }
func (n *node) inc() { n.inner.n++ }
func (n *node) deep() { n.next.val = 1 }
func (e enc) with(p int) *enc { e.pad = p; return &e }
func (e *enc) fill(s string) { for i := range s { e.table[i&3] = int(s[i]) } }
func newEnc(s string) *enc { if s == "" { panic(s) }; e := new(enc); e.fill(s); copy(e.table[:], e.table[1:]); return e }
func value(v int) node { n := node{val: v}; n.set(3); n.next = head; return n }
func count() int { global++; return global }
func chosen(b bool) *node { n := &node{}; if b { n = head }; n.val = 1; return n }
func aliased() *node { n := &node{}; p := &n; *p = head; n.val = 1; return n }
func looped() *node { var a, b *node; for i := 0; i < 2; i++ { a = b; b = head }; a.val = 1; return a }
func captured() func() int { n := 0; return func() int { n++; return n } }
func calls(f func() int) int { return f() }
func once(f func() int) func() int { done := false; return func() int { if !done { done = true; f() }; return 1 } }
func setAll(ns ...*node) int { ns[0] = nil; return 1 }
func setParam(n *node) int { n.val = 1; return n.val }
func recursive(n int) int { if n == 0 { return 0 }; return recursive(n - 1) }
func external() int
func generic[T any](v T) *T { p := new(T); *p = v; return p }
func kind(x any) int { switch v := x.(type) { case int: return v; case *node: return v.val }; return 0 }
func bad(x any) int { switch v := x.(type) { case *node: v.val = 1 }; return 0 }
func ranges(m map[string]*node) int { n := 0; for _, v := range m { n += v.val }; return n }
func changes(m map[string]*node) int { for _, v := range m { v.val = 2 }; return 1 }
func fills() map[string]int { m := map[string]int{}; for i := range 3 { m["x"] = i }; return m }
func results() (n *node, err error) { n = head; n.val = 2; return }
func deferred() int { defer count(); return 1 }
func method(i iface) int { i.m(); return 1 }
func promoted(n *named) int { n.val = 1; return 1 }
"""

PURE = [
    "newNode(1)", "newNode(1).set(2)", "new(node).set(2)", "value(1)", 'newEnc("abc")', "enc{}.with(1)",
    "captured()", "once(count)", "once(func() int { return count() })", "generic(3)", "kind(1)", "ranges(nil)", "fills()",
    "map[string]int{\"a\": len(nodes)}", "make([]int, global)", "nodes[0]", "*head", "head.next.val + 1", "setParam(&node{})",
    "setParam(new(node))", "setAll(new(node))", "make(chan int)", "append([]int(nil), global)", "promoted(&named{})",
    "[]any{global, head}[0].(int)",
]  # fmt: skip
IMPURE = [
    "count()", "setParam(head)", "head.set(1)", "chosen(true)", "aliased()", "looped()", "calls(count)", "recursive(3)",
    "external()", "bad(head)", "changes(nil)", "results()", "deferred()", "method(nil)", "<-make(chan int)",
    "func() int { return 1 }()", "copy(nodes, nodes)", "append(nodes, nil)", "value(1).next.set(2)", "nodes[0].set(1)",
    "func() int { global++; return 1 }()", "setAll(nodes...)", "newNode(1).next.set(1)",
]  # fmt: skip


def units(initialiser: str):
    fset = FileSet()
    lhs = "x, e" if initialiser == "results()" else "x"
    file, errors = parse_file(fset, "p.go", f"{SUPPORT}\nvar {lhs} = {initialiser}\n".encode())
    assert not errors
    lazy = LazyPackage("p", [file], fset, lambda path: pytest.fail(path))
    checked = CheckedPackage(lazy.package, [file], lazy.info, lazy)
    sources = Sources([checked])
    mod = ModuleGen(fset, [], sources, on_demand=True)
    found = [u for u in init_units(mod, checked, lazy.init_order()) if any(v.name == "x" for v in u.vars)]
    assert not lazy.errors
    return found


@pytest.mark.parametrize("initialiser", PURE)
def test_pure(initialiser: str):
    assert all(unit.pure for unit in units(initialiser))


@pytest.mark.parametrize("initialiser", IMPURE)
def test_impure(initialiser: str):
    (unit,) = units(initialiser)
    assert not unit.pure
