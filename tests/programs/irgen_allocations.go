// What does not escape is not on the heap: allocations of a call of each function.
package main

import "runtime"

type point struct{ x, y int }

func (p point) sum() int   { return p.x + p.y }
func (p *point) move(d int) { p.x += d }

type shape interface{ sum() int }

type node struct {
	next *node
	v    int
}

var (
	sink   int
	global []int
	bytes_ = []byte("key7")
	table  = map[string]int{"key7": 7}
	text   = "a,b,c"
	number = 300
)

//go:noinline
func use(p *point) int { return p.x * p.y }

//go:noinline
func apply(f func(int) int, n int) int { return f(n) }

//go:noinline
func total(ns ...int) int {
	s := 0
	for _, n := range ns {
		s += n
	}
	return s
}

//go:noinline
func describe(s shape) int { return s.sum() }

//go:noinline
func anything(v any) int {
	switch v := v.(type) {
	case int:
		return v
	case string:
		return len(v)
	}
	return 0
}

//go:noinline
func list(args ...any) int {
	n := 0
	for _, a := range args {
		n += anything(a)
	}
	return n
}

//go:noinline
func keep(p *point) *point { return p }

//go:noinline
func each(n int, yield func(int) bool) {
	for i := 0; i < n; i++ {
		if !yield(i) {
			return
		}
	}
}

//go:noinline
func pair() (*point, error) { return nil, nil }

func generic[T any](x T, f func(T) T) T { return f(x) }

type tree struct {
	left, right *tree
	v           int
}

func (t *tree) count() int {
	if t == nil {
		return 0
	}
	return 1 + t.left.count() + t.right.count()
}

var cases = []struct {
	name string
	f    func()
}{
	{"address of a local", func() { p := point{1, 2}; sink += use(&p) }},
	{"new that stays", func() { p := new(point); p.move(3); sink += p.x }},
	{"composite pointer that stays", func() { sink += use(&point{3, 4}) }},
	{"pointer that is returned through", func() { p := point{1, 2}; sink += keep(&p).x }},
	{"closure that captures", func() { k := 3; sink += apply(func(n int) int { return n * k }, 4) }},
	{"closure that changes a variable", func() {
		n := 0
		add := func(d int) { n += d }
		add(1)
		add(2)
		sink += n
	}},
	{"closures in a loop", func() {
		for i := 0; i < 10; i++ {
			sink += apply(func(n int) int { return n + i }, i)
		}
	}},
	{"slice of constant size", func() {
		s := make([]int, 16)
		for i := range s {
			s[i] = i
		}
		sink += s[7]
	}},
	{"slice literal", func() { s := []int{1, 2, 3, number}; sink += s[sink&3] }},
	{"slice of an array", func() { var a [8]int; s := a[:]; s[3] = 5; sink += total(s...) }},
	{"append within capacity", func() {
		s := make([]int, 0, 8)
		for i := 0; i < 8; i++ {
			s = append(s, i)
		}
		sink += len(s)
	}},
	{"slice of variable size", func() { s := make([]int, number); sink += len(s) }},
	{"variadic call", func() { sink += total(1, 2, 3, number) }},
	{"variadic any, small integers", func() { sink += list(1, 2, "x") }},
	{"variadic any, variables", func() { sink += list(number, text) }},
	{"method value", func() { p := point{5, 6}; f := p.sum; sink += f() }},
	{"method value, passed", func() {
		p := &point{5, 6}
		f := p.move
		f(2)
		sink += p.x
	}},
	{"interface of a pointer", func() { p := &point{7, 8}; sink += describe(p) }},
	{"interface of an integer", func() { sink += anything(number) }},
	{"type switch on a local", func() {
		var v any = number
		if n, ok := v.(int); ok {
			sink += n
		}
	}},
	{"string(bytes) compared", func() {
		if string(bytes_) == "key7" {
			sink++
		}
	}},
	{"string(bytes) as map key", func() { sink += table[string(bytes_)] }},
	{"string(bytes) switched on", func() {
		switch string(bytes_) {
		case "a", "key7":
			sink++
		}
	}},
	{"small string(bytes), local", func() { s := string(bytes_); sink += len(s) + int(s[0]) }},
	{"concatenation, small, compared", func() {
		if text+"x" == "a,b,cx" {
			sink++
		}
	}},
	{"range over []byte(string)", func() {
		for _, b := range []byte(text) {
			sink += int(b)
		}
	}},
	{"bytes of a constant", func() {
		b := []byte("a constant that is longer than the buffer of other strings")
		b[sink&3]++
		sink += int(b[3])
	}},
	{"small []rune(string), string(runes)", func() {
		r := []rune(text)
		r[0]++
		sink += len(string(r))
	}},
	{"string(rune)", func() { s := string(rune(number)); sink += int(s[0]) }},
	{"text longer than a buffer", func() {
		s := text + text + text + text + text + text + text
		b := []byte(s)
		b[1]++
		sink += len(string(append(b, s...)))
	}},
	{"append(make)", func() { global = append([]int(nil), make([]int, number)...) }},
	{"defer", func() { defer func() { sink++ }() }},
	{"defer with arguments", func() { n := 3; defer func(k int) { sink += k + n }(4) }},
	{"defer, recover", func() {
		defer func() { _ = recover() }()
		sink++
	}},
	{"range over a function", func() {
		n := 0
		each(5, func(i int) bool { n += i; return true })
		for i := range func(yield func(int) bool) { each(5, yield) } {
			n += i
		}
		sink += n
	}},
	{"linked list on the stack", func() {
		a := node{nil, 1}
		b := node{&a, 2}
		c := node{&b, 3}
		for n := &c; n != nil; n = n.next {
			sink += n.v
		}
	}},
	{"linked list on the heap", func() {
		var l *node
		for i := 0; i < 5; i++ {
			l = &node{l, i}
		}
		sink += l.v
	}},
	{"tree on the stack", func() { t := &tree{&tree{nil, nil, 1}, &tree{nil, nil, 2}, 3}; sink += t.count() }},
	{"nil results", func() { p, err := pair(); if p == nil && err == nil { sink++ } }},
	{"generic with a closure", func() { k := 2; sink += generic(number, func(n int) int { return n * k }) }},
	{"global append", func() { global = append(global[:0], 1, 2, 3); sink += len(global) }},
	{"array of arrays", func() { var m [4][4]float64; m[1][2] = 3; p := &m; sink += int(p[1][2]) }},
	{"struct with pointers to locals", func() {
		var a, b int
		s := struct{ p, q *int }{&a, &b}
		*s.p = 2
		*s.q = 3
		sink += a + b
	}},
	{"function in a struct", func() {
		k := 4
		s := struct{ f func(int) int }{func(n int) int { return n + k }}
		sink += s.f(2)
	}},
}

func allocs(f func()) uint64 {
	const rounds = 100
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := 0; i < rounds; i++ {
		f()
	}
	runtime.ReadMemStats(&after)
	return (after.Mallocs - before.Mallocs) / rounds
}

func main() {
	for _, c := range cases {
		println(allocs(c.f), c.name)
	}
}
