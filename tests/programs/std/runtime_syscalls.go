package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A goroutine in a system call that ends only by what others do keeps none of them from running.

func pipe() (read func() byte, write func(byte)) {
	var fds [2]int
	syscall.Pipe(fds[:])
	return func() byte {
			var b [1]byte
			syscall.Read(fds[0], b[:])
			return b[0]
		}, func(b byte) {
			syscall.Write(fds[1], []byte{b})
		}
}

// There is no goroutine but main until the timer starts one.
func timerDuringCall() {
	read, write := pipe()
	time.AfterFunc(5*time.Millisecond, func() { write(1) })
	fmt.Println(read())
}

// Main computes so long that another worker gets its place, then starts a goroutine before the call.
func queuedBeforeCall() {
	read, write := pipe()
	go func() {}()
	for start := time.Now(); time.Since(start) < 40*time.Millisecond; {
	}
	go write(2)
	fmt.Println(read())
}

// Many calls at once, each ended by a goroutine that is started before it or in another one's place.
func callsInChain() {
	var wg sync.WaitGroup
	read, write := pipe()
	for range 8 {
		wg.Go(func() {
			mine, other := pipe()
			go func() { go other(3) }()
			mine()
			write(4)
		})
	}
	sum := 0
	for range 8 {
		sum += int(read())
	}
	wg.Wait()
	fmt.Println(sum)
}

// Two goroutines sleep on two workers, then there is one only, which is busy with others.
func sleepsOfOldWorkers() {
	runtime.GOMAXPROCS(2)
	var running, awake atomic.Int32
	for range 2 {
		go func() {
			running.Add(1)
			for start := time.Now(); running.Load() < 2 && time.Since(start) < time.Second; {
			}
			time.Sleep(20 * time.Millisecond)
			awake.Add(1)
		}()
	}
	for running.Load() < 2 {
		runtime.Gosched()
	}
	time.Sleep(5 * time.Millisecond)
	runtime.GOMAXPROCS(1)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for awake.Load() < 2 {
				runtime.Gosched()
			}
		})
	}
	wg.Wait()
	fmt.Println(awake.Load())
}

func main() {
	runtime.GOMAXPROCS(1)
	timerDuringCall()
	queuedBeforeCall()
	callsInChain()
	sleepsOfOldWorkers()
}
