package main

// Functions that wait as values: in variables, fields, maps, slices, arrays, channels, of named types, as arguments of
// functions that do not know that they wait; closures that capture by reference, shared between goroutines.

func later[T any](v T) T {
	c := make(chan T)
	go func() { c <- v }()
	return <-c
}

type op func(int) int
type middleware func(op) op

func (f op) twice(x int) int { return f(f(x)) }
func (f op) then(g op) op    { return func(x int) int { return g(f(x)) } }
func (f *op) replace(g op)   { *f = g }
func slow(x int) int         { return later(x) + 1 }
func quick(x int) int        { return x + 1 }
func logged(name string) middleware {
	return func(f op) op {
		return func(x int) int {
			r := f(x)
			println("  ", name, x, r)
			return r
		}
	}
}

var global op = slow
var table = map[string]func(int) int{"slow": slow, "quick": quick, "neg": func(x int) int { return later(-x) }}
var list = []op{quick, slow, func(x int) int { return later(x * x) }}
var fixed = [...]func() string{func() string { return later("fixed") }, func() string { return "plain" }}

type handler struct {
	name string
	f    func(string) string
	next *handler
	op
}

func (h *handler) run(s string) string {
	for ; h != nil; h = h.next {
		s = h.f(s + h.name)
	}
	return s
}

// None of these says that what it calls may wait.
func apply(f func(int) int, xs ...int) (sum int) {
	for _, x := range xs {
		sum += f(x)
	}
	return
}
func mapped[T, U any](xs []T, f func(T) U) (ys []U) {
	for _, x := range xs {
		ys = append(ys, f(x))
	}
	return
}
func fold(xs []int, f func(a, b int) int) int {
	if len(xs) == 1 {
		return xs[0]
	}
	return f(xs[0], fold(xs[1:], f))
}
func sorted(xs []int, less func(a, b int) bool) []int {
	for i := range xs {
		for j := i; j > 0 && less(xs[j], xs[j-1]); j-- {
			xs[j], xs[j-1] = xs[j-1], xs[j]
		}
	}
	return xs
}
func each(n int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(later(i)) {
				return
			}
		}
	}
}
func compose(fs ...op) op {
	return func(x int) int {
		for _, f := range fs {
			x = f(x)
		}
		return x
	}
}
func counter() (inc func() int, get func() int) {
	n := 0
	return func() int { n += later(1); return n }, func() int { return n }
}

func main() {
	f := slow
	println(f(1), global(2), table["slow"](3), table["quick"](3), table["neg"](3))
	for _, g := range list {
		println(g(5))
	}
	println(fixed[0]()+fixed[1](), op(slow).twice(1), op(quick).then(slow).then(list[2])(1))
	global.replace(func(x int) int { return later(x) * 100 })
	println(global(3), logged("outer")(logged("inner")(slow))(7))

	h := &handler{"a", later[string], &handler{name: "b", f: func(s string) string { return later(s) + "." }}, slow}
	println(h.run(">"), h.op(1), h.twice(2))

	c := make(chan func(int) int, 3)
	c <- slow
	c <- quick
	c <- h.op.then(quick)
	close(c)
	for g := range c {
		println((g)(10))
	}
	var any1 any = op(slow)
	switch g := any1.(type) {
	case func(int) int:
		println("unnamed", g(1))
	case op:
		println("named", g(1))
	}
	results := make(chan func() (int, error), 1)
	results <- func() (int, error) { return later(1), nil }
	n, err := (<-results)()
	println(n, err == nil)

	println(apply(slow, 1, 2, 3), apply(quick, 1, 2, 3), apply(func(x int) int { return later(x) * n }, 4, 5))
	for _, s := range mapped([]int{1, 2}, func(x int) string { return later("x")[:x-x+1] + string(rune('0'+x)) }) {
		println(s)
	}
	println(fold([]int{1, 2, 3, 4}, func(a, b int) int { return later(a)*10 + b }))
	xs := sorted([]int{3, 1, 2, 5, 4}, func(a, b int) bool { return later(a) < later(b) })
	println(xs[0], xs[1], xs[2], xs[3], xs[4])
	for x := range each(5) {
		if x == 3 {
			break
		}
		println("each", x)
	}
	println(compose(slow, quick, slow, compose(slow, slow))(0))

	// Captured by reference, by several goroutines, each of which waits for the others between its steps.
	inc, get := counter()
	total, turns := 0, make([]chan int, 4)
	for i := range turns {
		turns[i] = make(chan int)
	}
	done := make(chan bool)
	for i := range turns {
		go func() {
			for k := range turns[i] {
				total = total*3 + i
				inc()
				total += k
				if k == 20 {
					done <- true
					break
				}
				turns[(i+1)%len(turns)] <- k + 1
			}
		}()
	}
	turns[0] <- 0
	<-done
	println(total, get())

	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i += later(10); return i })
	}
	println(fs[0](), fs[0](), fs[1](), fs[2]())
	var rec func(int) int
	rec = func(n int) int {
		if n == 0 {
			return later(0)
		}
		return rec(n-1) + n
	}
	println(rec(100))
	var nilop op
	func() {
		defer func() { println(recover().(error).Error()) }()
		apply(nilop, later(1))
	}()
	println(func(x int) int { return later(x) }(later(6)))
}
