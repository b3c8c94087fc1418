package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// GOMAXPROCS changes all the time while goroutines are handed from worker to worker, wait in system calls, and sleep. Each place
// to run on is there once, however often it disappears and comes back.

func main() {
	var stop atomic.Bool
	var wg sync.WaitGroup
	var fds [2]int
	syscall.Pipe(fds[:])
	rounds := make([]int, 4)
	for i := range rounds {
		c := make(chan int)
		wg.Go(func() {
			for !stop.Load() {
				c <- i
				rounds[i]++
			}
			close(c)
		})
		wg.Go(func() {
			for range c {
			}
		})
		wg.Go(func() {
			var b [1]byte
			for !stop.Load() {
				syscall.Read(fds[0], b[:])
			}
		})
		wg.Go(func() {
			for !stop.Load() {
				time.Sleep(100 * time.Microsecond)
				syscall.Write(fds[1], []byte{1})
			}
			syscall.Write(fds[1], []byte{1, 1})
		})
	}
	n := 0
	for start := time.Now(); time.Since(start) < 300*time.Millisecond; {
		n++
		runtime.GOMAXPROCS(n%7 + 1)
		if n%16 == 0 {
			runtime.Gosched()
		}
	}
	stop.Store(true)
	wg.Wait()
	for i, n := range rounds {
		fmt.Println(i, n > 0)
	}
}
