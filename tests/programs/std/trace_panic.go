// The trace of a panic: methods, closures, inlined and generic functions, a goroutine's creator.
//
//test:trace
package main

import (
	"fmt"
	"strings"
)

type T struct{ s []int }

func (t *T) Do(i int) int { return t.s[i] }

//go:noinline
func (t T) Each(f func(int)) {
	for i := range 5 {
		f(i)
	}
}

//go:noinline
func generic[K any](k K, f func(K)) {
	f(k)
}

//go:noinline
func outer(t *T) {
	generic(3, func(i int) {
		t.Each(func(j int) {
			if j == 2 {
				strings.Map(func(r rune) rune {
					return rune(t.Do(i + j))
				}, "xyz")
			}
		})
	})
}

func main() {
	fmt.Println("before")
	defer fmt.Println("deferred")
	done := make(chan bool)
	go func() {
		outer(&T{make([]int, 3)})
		done <- true
	}()
	<-done
}
