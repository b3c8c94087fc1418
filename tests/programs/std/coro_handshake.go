// Awaits whose callee completes on another worker while the awaiter is about to wait: the handshake of both, as often as the
// argument says.
//
//test:args 200000
package main

import (
	"fmt"
	"os"
	"strconv"
)

// Waits; whoever sends may have resumed it before its caller has said that it waits for it.
//
//go:noinline
func receive(c chan int) int { return <-c }

//go:noinline
func pass(x int, c chan int) int { c <- x; return x }

//go:noinline
func deeper(depth int, c chan int) int {
	if depth == 0 {
		return receive(c) + 1
	}
	return deeper(depth-1, c)
}

func main() {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	const pairs = 4
	done := make(chan int)
	for p := range pairs {
		there, back := make(chan int), make(chan int, p%2)
		go func() {
			for range n / pairs / 2 {
				pass(receive(there)+1, back)
			}
		}()
		go func() {
			x := 0
			for range n / pairs / 2 {
				pass(x, there)
				x = deeper(p, back)
			}
			done <- x
		}()
	}
	sum := 0
	for range pairs {
		sum += <-done
	}
	fmt.Println(sum)
}
