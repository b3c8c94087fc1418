// Five thousand sorts at once whose comparators wait: sort's functions are compiled without coroutines, so each of them holds
// a thread, of which only the part of the stack in use takes memory.
package main

import (
	"fmt"
	"sort"
	"sync"
)

const sorts = 5000

func main() {
	gate := make(chan bool)
	waiting := make(chan int, sorts)
	var all sync.WaitGroup
	sums := make([]int, sorts)
	for i := range sorts {
		all.Go(func() {
			xs := []int{i, 3, i ^ 1, 1, 2}
			first := true
			sort.Slice(xs, func(a, b int) bool {
				if first {
					first = false
					waiting <- i
					<-gate
				}
				return xs[a] < xs[b]
			})
			if !sort.IntsAreSorted(xs) {
				panic("not sorted")
			}
			for k, x := range xs {
				sums[i] += k * x
			}
		})
	}
	for range sorts {
		<-waiting
	}
	fmt.Println("all wait")
	close(gate)
	all.Wait()
	total := 0
	for _, s := range sums {
		total += s
	}
	fmt.Println(total)
}
