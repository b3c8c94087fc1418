package main

// A pulled iterator's goroutine is not counted any more when stop returns, or the last next, on any number of workers.

import (
	"fmt"
	"iter"
	"runtime"
)

func numbers(yield func(int) bool) {
	for i := 0; i < 3 && yield(i); i++ {
	}
}

func main() {
	before := runtime.NumGoroutine()
	wrong := 0
	for i := range 2000 {
		next, stop := iter.Pull(numbers)
		for range i % 5 {
			next()
		}
		stop()
		if runtime.NumGoroutine() != before {
			wrong++
		}
	}
	fmt.Println(wrong)
}
