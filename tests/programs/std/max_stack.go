package main

import (
	"fmt"
	"runtime/debug"
)

// A limit of a few pages is enough for a few frames, of whatever sizes.

//go:noinline
func sized[T any](c chan bool, f func()) (x T) {
	keep := x
	f()
	<-c
	return keep
}

func main() {
	fmt.Println(debug.SetMaxStack(1 << 16))
	c, done := make(chan bool), make(chan bool)
	go func() {
		sized[[4]int](c, func() {
			sized[[20]int](c, func() {
				sized[[36]int](c, func() { sized[[52]int](c, func() { done <- true }) })
			})
		})
	}()
	fmt.Println(<-done, debug.SetMaxStack(1<<20))
}
