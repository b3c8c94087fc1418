// The list of goroutines when all of them wait: where each stands, in which kind of wait, who started it.
//
//test:trace
package main

import (
	"runtime"
	"sync"
)

func receive(c chan int) int {
	x := 1

	return x + <-c
}

func deeper(c chan int) {
	receive(c)
	println("not reached")
}

type T struct{ mu sync.Mutex }

func (t *T) lock() {
	t.mu.Lock()
}

func main() {
	c := make(chan int)
	var t T
	var wg sync.WaitGroup
	step := make(chan bool)
	go func() {
		step <- true
		deeper(c)
	}()
	<-step
	go func() {
		step <- true
		select {
		case step <- true:
		case <-make(chan int):
		}
	}()
	<-step
	go deeper(nil)
	go func() {
		t.lock()
		t.lock()
	}()
	wg.Add(1)
	for range 10 {
		runtime.Gosched()
	}
	wg.Wait()
}
