package main

import "runtime"

type node struct {
	next *node
	v    int
}

type box struct{ p *int }

type shape interface{ area() int }
type sq struct{ a, b, c int }

func (s sq) area() int { return s.a + s.b + s.c }

var (
	global   any
	kept     *node
	keptF    func() int
	keptS    []int
	keptI    []any
	keptBox  *box
	keptPtr  **int
	keptShape shape
)

// Returned through one or two calls, directly and inside of something.
func id(p *int) *int               { return p }
func wrap(p *int) box              { return box{p} }
func unwrap(b box) *int            { return b.p }
func twice(p *int) *int            { return id(id(p)) }
func inside(b *box) *int           { return b.p }
func either(a, b *int, x bool) (*int, *int) { if x { return a, b }; return b, a }
func selfish(n *node, d int) *node { if d == 0 { return n }; return selfish(n.next, d-1) }
func first(xs []any) any           { return xs[0] }
func firstOf(xs ...*int) *int      { return xs[0] }
func keepInside(b *box)            { keptPtr = &b.p; global = b.p }
func setNext(n, m *node)           { n.next = m }
func make3() []int                 { s := make([]int, 3); s[1] = 7; return s }
func boxed(n int) any              { return n }
func boxedVia(n int) any           { var v any = n; w := v; return w }
func asShape(s sq) shape           { return s }
func closure(n int) func() int     { p := &n; return func() int { *p++; return *p } }
func list3() *node                 { a := node{nil, 1}; b := node{&a, 2}; c := node{&b, 3}; return c.next }
func slot() any                    { x := 5; arr := [2]*int{&x}; s := arr[:]; return s[0] }
func variadic(args ...any) []any   { return args }
func captured() func() any         { x := 3; var v any = &x; return func() any { return v } }
func sliceToArray(s []*int) [2]*int { return [2]*int(s) }

func churn() {
	for i := 0; i < 200; i++ {
		_ = make([]byte, 1000+i)
		x := make([]int, 64)
		keptS = x
	}
	runtime.GC()
	var fill [512]int
	for i := range fill {
		fill[i] = -1
	}
	use(fill[:])
}

//go:noinline
func use(s []int) { s[0]++ }

func deep(n int) int {
	var pad [64]int
	for i := range pad {
		pad[i] = -n
	}
	if n == 0 {
		return pad[3]
	}
	return deep(n-1) + pad[5]
}

//go:noinline
func run(name string, f func() []int) {
	got := f()
	deep(20)
	churn()
	print(name)
	for _, g := range got {
		print(" ", g)
	}
	println()
}

func main() {
	var ps []*int
	get := func(p *int) { ps = append(ps, p) }
	func() {
		a, b, c, d, e, f, g, h := 1, 2, 3, 4, 5, 6, 7, 8
		get(id(&a))
		w := wrap(&b)
		get(unwrap(w))
		get(twice(&c))
		get(inside(&box{&d}))
		x, y := either(&e, &f, true)
		get(x)
		get(y)
		get(firstOf(&g, &h))
		keepInside(&box{&h})
	}()
	deep(20)
	churn()
	for _, p := range ps {
		print(*p, " ")
	}
	println(**keptPtr, *global.(*int))

	var n *node
	func() {
		a, b, c := node{nil, 1}, node{nil, 2}, node{nil, 3}
		setNext(&a, &b)
		setNext(&b, &c)
		n = selfish(&a, 2)
	}()
	m := list3()
	s3 := make3()
	v1, v2, v3 := boxed(1000), boxedVia(2000), asShape(sq{1, 2, 3})
	k := closure(41)
	sl := slot()
	vs := variadic(1000, "a", sq{4, 5, 6})
	fv := first(variadic(77777, 2))
	cp := captured()
	var arr [2]*int
	func() { p, q := 8, 9; arr = sliceToArray([]*int{&p, &q}) }()
	deep(20)
	churn()
	println(n.v, m.v, m.next.v, s3[1], v1.(int), v2.(int), v3.area(), k(), k(), *sl.(*int))
	println(vs[0].(int), vs[1].(string), vs[2].(sq).b, fv.(int), *cp().(*int), *arr[0], *arr[1])

	// What is made in a loop.
	var fs []func() int
	var is []any
	var ns *node
	for i := 0; i < 4; i++ {
		fs = append(fs, func() int { return i * 10 })
		is = append(is, i+1000)
		ns = &node{ns, i}
		t := make([]int, 2)
		t[0] = i
		if i == 2 {
			keptS = t
		}
		last := []any{i, i + 500}
		if i == 1 {
			keptI = last
		}
	}
	t := keptS
	deep(20)
	churn()
	for i, f := range fs {
		print(f(), " ", is[i].(int), " ")
	}
	println(ns.v, ns.next.next.v, t[0], keptI[1].(int))
	var prev any
	total := 0
	for i := 300; i < 305; i++ {
		var v any = i
		if prev != nil {
			total = total*7 + prev.(int)
		}
		prev = v
	}
	println(total)
	var gs []func() int
	for i, step := 0, 1; i < 6; i, step = i+step, step+1 {
		gs = append(gs, func() int { return i*100 + step })
	}
	for j := 0; j < 3; j++ {
		gs = append(gs, func() int { return j })
		j++
	}
	for j, f := 0, func() int { return -1 }; j < 2; j, f = j+1, func() int { return j } {
		gs = append(gs, f)
	}
	for _, g := range gs {
		print(g(), " ")
	}
	println()
	ch := make(chan int)
	for i := 0; i < 3; i++ {
		go func() { var v any = i * 1000; b := []any{v, i}; ch <- b[0].(int) + b[1].(int) }()
	}
	println(<-ch + <-ch + <-ch)
}
