package main

import "runtime"

// What Callers says of functions that wait, were inlined, call themselves, return at once, and ran into a panic.
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

func recv(c chan int) int {
	x := <-c
	lines("waited")
	return x + <-c
}

func middle(c chan int, deep int) int {
	if deep > 0 {
		s := 1
		s +=
			middle(c, deep-1)
		return s
	}

	return recv(c)
}

func small() { lines("inlined") }

func small2() {
	small()
}

func down(n int) int {
	if n == 0 {
		lines("down")
		return 0
	}
	return down(n - 1)
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

func twice() (s int) {
	defer func() {
		defer func() {
			recover()
			lines("second")
		}()
		new(T).get(6)
	}()
	return new(T).get(7)
}

func goexits(c chan int) {
	defer close(c)
	defer lines("goexit")
	runtime.Goexit()
}

func returns(c chan int) {
	defer func() {
		lines("returns")
	}()
	c <- 1
	return
}

func endless(n int) int { return endless(n+1) + 1 }

func main() {
	c := make(chan int)
	go func() {
		for i := range 100 {
			c <- i
		}
	}()
	middle(c, 2)
	small2()
	down(2)
	deferred(c)
	func() {
		defer func() { recover() }()
		twice()
	}()
	returns(make(chan int, 1))
	done := make(chan int)
	go goexits(done)
	<-done
	// The frame of deferred may lie in main's, and main has been resumed.
	d, e := make(chan int, 1), make(chan int)
	for range 2 {
		d <- 1
		deferred(d)
		go func() { e <- 0 }()
		deferred(e)
	}
	endless(0)
}
