package main

import (
	"fmt"
	"iter"
	"maps"
	"runtime"
	"slices"
)

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Println("end of", n)
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func main() {
	next, stop := iter.Pull(count(3))
	for {
		v, ok := next()
		if !ok {
			break
		}
		fmt.Println(v)
	}
	stop()
	next, stop = iter.Pull(count(10))
	fmt.Println(next())
	fmt.Println(next())
	stop()
	fmt.Println(next())
	n2, s2 := iter.Pull2(maps.All(map[string]int{"a": 1}))
	fmt.Println(n2())
	fmt.Println(n2())
	s2()
	next, stop = iter.Pull(func(yield func(int) bool) { yield(1); panic("in seq") })
	fmt.Println(next())
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		next()
	}()
	next, stop = iter.Pull(func(yield func(int) bool) { yield(1); runtime.Goexit() })
	done := make(chan bool)
	go func() {
		defer close(done)
		defer fmt.Println("exiting")
		fmt.Println(next())
		fmt.Println(next())
	}()
	<-done
	// nested
	a, sa := iter.Pull(count(1000))
	b, sb := iter.Pull(func(yield func(int) bool) {
		for {
			v, ok := a()
			if !ok || !yield(v*2) {
				return
			}
		}
	})
	sum := 0
	for {
		v, ok := b()
		if !ok {
			break
		}
		sum += v
	}
	sa()
	sb()
	fmt.Println(sum, slices.Collect(count(4)))
}
