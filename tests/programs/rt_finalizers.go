package main

import "runtime"

// Finalizers whose results nobody takes, of every size.
type obj struct {
	n   int
	pad [5]int
}

var done [5]int

func large(o *obj) (r [100]int, s string) { done[0] += o.n; r[99] = 1; return }
func two(o *obj) (string, error)          { done[1] += o.n; return "", nil }
func many(o *obj) (a, b, c, d, e int, f float64, g string) {
	done[2] += o.n
	return
}
func one(o *obj) int { done[3] += o.n; return 1 }
func none(x any)     { done[4] += x.(*obj).n }

//go:noinline
func make1() {
	for range 100 {
		p := &obj{n: 1}
		runtime.SetFinalizer(p, large)
		q := &obj{n: 1}
		runtime.SetFinalizer(q, two)
		r := &obj{n: 1}
		runtime.SetFinalizer(r, many)
		s := &obj{n: 1}
		runtime.SetFinalizer(s, one)
		t := &obj{n: 1}
		runtime.SetFinalizer(t, none)
	}
}

func main() {
	make1()
	// They run in a goroutine of their own, maybe on another processor: some rounds pass before they have.
	for round := 0; round < 100000 && min(done[0], done[1], done[2], done[3], done[4]) < 90; round++ {
		runtime.GC()
		runtime.Gosched()
	}
	for _, n := range done {
		println(n >= 90, n <= 100)
	}
}
