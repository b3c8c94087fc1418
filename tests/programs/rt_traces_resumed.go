package main

import "runtime"

// Traces in deferred calls of a panic, where the functions' frames lie in the frame of a caller that was resumed.

func lines(name string) {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	print(name)
	for {
		f, more := frames.Next()
		if len(f.Function) > 5 && f.Function[:5] == "main." {
			print(" ", f.Function, ":", f.Line)
		}
		if !more {
			break
		}
	}
	println()
}

type T struct{ s []int }

func (t *T) get(i int) int { return t.s[i] }

func deferred(c chan int) {
	defer func() {
		<-c
		lines("panicking")
		recover()
		lines("recovered")
	}()
	println(new(T).get(5))
}

func main() {
	c, d := make(chan int), make(chan int, 1)
	go func() { c <- 0 }()
	<-c
	for range 2 {
		d <- 1
		deferred(d)
		go func() { c <- 0 }()
		deferred(c)
	}
}
