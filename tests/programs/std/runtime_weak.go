package main

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
	"unique"
	"weak"
)

type T struct {
	a, b int
	next *T
}

//go:noinline
func fresh(n int) *T { return &T{a: n} }

//go:noinline
func make1() (weak.Pointer[T], weak.Pointer[int]) {
	t := fresh(1)
	w := weak.Make(t)
	v := weak.Make(&t.b)
	fmt.Println(w == weak.Make(t), w.Value() == t, v.Value() == &t.b)
	return w, v
}

var cleaned atomic.Int32

//go:noinline
func cleanups() {
	for i := range 1000 {
		t := fresh(i)
		c := runtime.AddCleanup(t, func(n int) { cleaned.Add(1) }, i)
		if i%2 == 0 {
			c.Stop()
		}
	}
}

//go:noinline
func order() weak.Pointer[T] {
	t := fresh(1)
	u := fresh(2)
	t.next = u
	runtime.SetFinalizer(t, func(t *T) { fmt.Println("final", t.a, t.next.a) })
	runtime.SetFinalizer(u, func(t *T) { fmt.Println("final", t.a) })
	return weak.Make(u)
}

//go:noinline
func clear() {
	var x [200]*T
	for i := range x {
		x[i] = fresh(i)
	}
	fmt.Sprint(x[7])
}

func gc() {
	for range 3 {
		clear()
		runtime.GC()
		time.Sleep(2 * time.Millisecond)
	}
}

func main() {
	w, v := make1()
	gc()
	fmt.Println(w.Value() == nil, v.Value() == nil)
	cleanups()
	gc()
	fmt.Println(cleaned.Load() > 490, cleaned.Load() <= 500)
	u := order()
	clear()
	runtime.GC()
	time.Sleep(2 * time.Millisecond)
	fmt.Println(u.Value() != nil)
	gc()
	fmt.Println(u.Value() == nil)
	h := unique.Make("hello")
	fmt.Println(h == unique.Make("hel"+string([]byte("lo"))), h.Value(), h == unique.Make("x"))
	for i := range 10000 {
		unique.Make(i)
	}
	gc()
	defer func() {
		fmt.Println(recover())
		defer func() { fmt.Println(recover()) }()
		runtime.AddCleanup((*int)(nil), func(int) {}, 1)
	}()
	t := fresh(3)
	runtime.AddCleanup(t, func(*T) {}, t)
}
