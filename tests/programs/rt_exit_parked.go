package main

import "runtime"

// Methods that the runtime calls wait for other goroutines: they block a thread while others go on.

type waiting struct{ n *int }

func (w waiting) Error() string {
	c := make(chan string)
	for i := 0; i < 3; i++ {
		go func() {
			for j := 0; j < 10000; j++ {
				_ = make([]int, 100)
			}
			runtime.GC()
			c <- "text" + string(rune('0'+*w.n))
		}()
	}
	s := <-c
	<-c
	return s + " " + <-c
}

func main() {
	seven := 7
	keep := make([]*int, 10)
	for i := range keep {
		keep[i] = &i
	}
	c := make(chan int)
	done := make(chan int)
	finalized := 0
	for i := 0; i < 5; i++ {
		n := new([10]int)
		n[3] = i
		runtime.SetFinalizer(n, func(n *[10]int) {
			finalized++
			done <- <-c + n[3]
		})
	}
	for i := 0; finalized == 0 && i < 1000; i++ {
		runtime.GC()
		runtime.Gosched()
	}
	c <- 5
	println("finalizer went on", <-done >= 5)
	sum := 0
	for _, p := range keep {
		sum += *p
	}
	println(sum)
	panic(waiting{&seven})
}
