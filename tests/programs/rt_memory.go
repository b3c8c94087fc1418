package main

import "runtime"

// Memory: a gigabyte of garbage in bounded memory, live data kept, finalizers, deep recursion, many goroutines.

type node struct {
	left, right *node
	value       int
}

func tree(depth int) *node {
	if depth == 0 {
		return &node{value: 1}
	}
	return &node{tree(depth - 1), tree(depth - 1), depth}
}

func (n *node) check() int {
	if n == nil {
		return 0
	}
	return 1 + n.left.check() + n.right.check()
}

func garbage(mb int) {
	for i := 0; i < mb; i++ {
		var keep []*[4]int
		for j := 0; j < 1<<15; j++ {
			p := new([4]int)
			p[0] = j
			if j%1024 == 0 {
				keep = append(keep, p)
			}
		}
		for k, p := range keep {
			if p[0] != k*1024 {
				println("lost", k)
			}
		}
	}
}

func recurse(n int) int {
	if n == 0 {
		return 0
	}
	return recurse(n-1) + 1
}

// waits suspends n frames deep.
func waits(n int, c chan int) int {
	if n == 0 {
		return <-c
	}
	return waits(n-1, c) + 1
}

func main() {
	keep := tree(12)
	m := map[string]*node{}
	for i := 0; i < 1000; i++ {
		m[string(rune('a'+i%26))+string(rune('a'+i/26))] = &node{value: i}
	}
	garbage(1024)
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	println("bounded", stats.HeapSys < 100<<20, stats.NumGC > 10)
	println(keep.check(), len(m), m["ba"].value)
	for i := 0; i < 10; i++ {
		if n := tree(14).check(); n != 1<<15-1 {
			println("tree", n)
		}
	}

	// What only a suspended goroutine refers to stays.
	c := make(chan *node)
	back := make(chan int)
	for i := 0; i < 100; i++ {
		go func() {
			t := tree(5)
			s := []string{"x" + string(rune('0'+i%10))}
			n := <-c
			back <- t.check() + len(s[0]) + n.value
		}()
	}
	runtime.Gosched()
	garbage(20)
	sum := 0
	for i := 0; i < 100; i++ {
		c <- &node{value: i}
		sum += <-back
	}
	println(sum)

	// The array behind a slice holds some that the slice does not, and a stale word may hold an older array.
	large := make([][]byte, 0)
	for i := 0; i < 200; i++ {
		b := make([]byte, 10<<20)
		b[i] = byte(i)
		large = append(large, b)
		if len(large) > 3 {
			large = large[1:]
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&stats)
	println("large", len(large), stats.HeapAlloc < 200<<20)

	finalized := make(chan int, 10)
	func() {
		for i := 0; i < 10; i++ {
			n := &node{value: i}
			runtime.SetFinalizer(n, func(n *node) { finalized <- n.value })
		}
	}()
	got := 0
	for i := 0; i < 100 && got < 5; i++ {
		recurse(1000)
		runtime.GC()
		runtime.Gosched()
		for len(finalized) > 0 {
			<-finalized
			got++
		}
	}
	println("finalized", got >= 5)

	println(recurse(1000000))
	w := make(chan int)
	result := make(chan int)
	go func() { result <- waits(100000, w) }()
	w <- 1
	println(<-result)

	var all []chan int
	total := make(chan int)
	for i := 0; i < 100000; i++ {
		c := make(chan int)
		all = append(all, c)
		go func() { total <- <-c + i }()
	}
	runtime.Gosched()
	println(runtime.NumGoroutine())
	runtime.GC()
	for _, c := range all {
		c <- 1
	}
	s := 0
	for range all {
		s += <-total
	}
	println(s)
	runtime.KeepAlive(keep)
}
