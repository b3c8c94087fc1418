// What keeps objects alive, and what does not: an object's neighbour, and where an await has left its pointers.
package main

import (
	"runtime"
	"sync/atomic"
)

type node struct {
	next *node
	n    int
}

var finalized atomic.Int32

func watch(p *node) *node {
	runtime.SetFinalizer(p, func(*node) { finalized.Add(1) })
	return p
}

// within collects until n finalizers have run, for a while, and reports whether they have.
func within(n int32) bool {
	for i := 0; i < 200 && finalized.Load() < n; i++ {
		runtime.GC()
		for j := 0; j < 100 && finalized.Load() < n; j++ {
			runtime.Gosched()
		}
	}
	return finalized.Swap(0) >= n
}

var kept [50]*node

//go:noinline
func neighbours() {
	for i := range kept {
		watch(&node{n: i})
		kept[i] = &node{n: i}
	}
}

func pass(c chan int, p *node) *node {
	if p.n < 0 {
		p.n = <-c
	}
	return p
}

func passTwice(c chan int, p *node) (*node, int) {
	q := pass(c, p)
	n := q.n
	r := pass(c, p)
	if r != q {
		n += <-c
	}
	return r, n
}

// awaits collects in a function whose frame is left by what it awaited.
func awaits(c chan int, done chan bool) {
	sum := 0
	for i := 0; i < 20; i++ {
		p, n := passTwice(c, watch(&node{n: i}))
		sum += p.n + n
	}
	runtime.GC()
	for i := 0; i < 1000 && finalized.Load() < 20; i++ {
		runtime.Gosched()
	}
	println("awaits", sum, finalized.Swap(0) >= 19)
	done <- true
}

// The last use of a slice may be a loop that goes through it backwards: all that is left of it then may be the address
// behind the elements that are still to come.
//
//go:noinline
func backwards(s []*node) int {
	sum := 0
	for i := len(s) - 1; i >= 0; i-- {
		runtime.GC()
		sum = sum*3 + s[i].n
	}
	return sum
}

//go:noinline
func sixteen() []*node {
	s := make([]*node, 16)
	for i := range s {
		s[i] = &node{n: i}
	}
	return s
}

func main() {
	neighbours()
	println("neighbours", within(50))
	done := make(chan bool)
	go awaits(make(chan int), done)
	<-done
	println("backwards", backwards(sixteen()))
	println(kept[49].n)
}
