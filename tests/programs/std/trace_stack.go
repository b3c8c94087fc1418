// debug.Stack, debug.PrintStack and runtime.Stack.
//
//test:trace
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
)

type T int

func (t *T) Method() { debug.PrintStack() }

//go:noinline
func f(n int) {
	if n > 0 {
		f(n - 1)
		return
	}
	new(T).Method()
}

func recovered() {
	defer func() {
		recover()
		os.Stderr.Write(debug.Stack())
	}()
	var m map[string]int
	m["x"] = 1
}

func main() {
	f(2)
	recovered()
	buf := make([]byte, 1000)
	n := runtime.Stack(buf, false)
	os.Stderr.Write(buf[:n])
	n = runtime.Stack(buf[:20], false)
	fmt.Fprintln(os.Stderr, n, string(buf[:10]))
	done := make(chan bool)
	go func() {
		os.Stderr.Write(debug.Stack())
		close(done)
	}()
	<-done
}
