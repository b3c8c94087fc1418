// What coroutines cost, in nanoseconds of CPU time: one line for each measurement, "name<tab>ns". bench/coro.py runs it
// compiled by goir and by go.
package main

import (
	"fmt"
	"iter"
	"runtime"
	"sync"
	"syscall"
)

func cpu() int64 {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return (r.Utime.Nano() + r.Stime.Nano())
}

func measure(name string, n int, f func(n int)) {
	f(n / 10)
	best := int64(1) << 62
	for range 3 {
		start := cpu()
		f(n)
		best = min(best, cpu()-start)
	}
	fmt.Printf("%s\t%.2f\n", name, float64(best)/float64(n))
}

var sink int

//go:noinline
func plain(c chan int, x int) int { return x + 1 }

// May wait, and does not here.
//
//go:noinline
func maybe(c chan int, x int) int {
	if x < 0 {
		return <-c
	}
	return x + 1
}

// May wait, on a path that LLVM holds for likely: where a frame is part of the caller's.
func likely(c chan int, x int) int {
	if x >= 0 {
		return x + 1
	}
	return <-c
}

var value = maybe

//go:noinline
func waits(x int) int {
	runtime.Gosched()
	return x + 1
}

//go:noinline
func nested(depth, x int) int {
	if depth == 0 {
		runtime.Gosched()
		return x
	}
	return nested(depth-1, x) + 1
}

// Yields of so many goroutines, n in all.
func yields(goroutines int) func(n int) {
	return func(n int) {
		done := make(chan bool)
		for range goroutines {
			go func() {
				for range n / goroutines {
					runtime.Gosched()
				}
				done <- true
			}()
		}
		for range goroutines {
			<-done
		}
	}
}

func numbers(yield func(int) bool) {
	for i := 0; yield(i); i++ {
	}
}

// One that waits for another goroutine, which waits for it.
func roundTrip(turn, back chan int) int {
	turn <- 1
	return <-back
}

func main() {
	measure("yield, 1 goroutine", 3_000_000, func(n int) {
		for range n {
			runtime.Gosched()
		}
	})
	measure("yield, 1,000 goroutines", 3_000_000, yields(1000))
	measure("yield, 100,000 goroutines", 3_000_000, yields(100_000))
	c := make(chan int)
	measure("plain call", 50_000_000, func(n int) {
		for range n {
			sink = plain(c, sink)
		}
	})
	measure("await that does not suspend", 30_000_000, func(n int) {
		for range n {
			sink = maybe(c, sink)
		}
	})
	measure("the same, elided frame or inlined", 30_000_000, func(n int) {
		for range n {
			sink = likely(c, sink)
		}
	})
	measure("the same, through a function value", 30_000_000, func(n int) {
		for range n {
			sink = value(c, sink)
		}
	})
	measure("await that suspends (with a yield)", 3_000_000, func(n int) {
		for range n {
			sink = waits(sink)
		}
	})
	measure("await in a chain of 100, suspended", 3_000_000, func(n int) {
		for range n / 100 {
			sink += nested(100, 0)
		}
	})
	measure("spawn and run to the end", 2_000_000, func(n int) {
		var all sync.WaitGroup
		for range n / 1000 {
			all.Add(1000)
			for range 1000 {
				go all.Done()
			}
			all.Wait()
		}
	})
	measure("channel round trip", 1_000_000, func(n int) {
		turn, back := make(chan int), make(chan int)
		go func() {
			for x := range turn {
				back <- x
			}
		}()
		for range n {
			sink = roundTrip(turn, back)
		}
		close(turn)
	})
	measure("iter.Pull, next", 3_000_000, func(n int) {
		next, stop := iter.Pull(numbers)
		for range n {
			sink, _ = next()
		}
		stop()
	})
	measure("range over the same", 30_000_000, func(n int) {
		for i := range numbers {
			if i == n {
				break
			}
			sink += i
		}
	})
}
