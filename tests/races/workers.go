// Workers that run, wait, sleep, steal and wake each other in every way: tests/races/check.py looks for data races in it.
package main

import (
	"context"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	var mu sync.Mutex
	var rw sync.RWMutex
	var wg sync.WaitGroup
	var n atomic.Int64
	total := 0
	m := map[int]int{}
	for i := range 50 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range 200 {
				mu.Lock()
				total++
				mu.Unlock()
				rw.Lock()
				m[j]++
				rw.Unlock()
				rw.RLock()
				_ = m[i]
				rw.RUnlock()
				n.Add(1)
				if j%50 == 0 {
					runtime.Gosched()
					time.Sleep(time.Millisecond)
				}
			}
		}()
	}
	wg.Wait()
	println(total, n.Load(), len(m))

	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	a, b := make(chan int), make(chan int, 3)
	go func() {
		for i := range 1000 {
			select {
			case a <- i:
			case b <- i:
			}
		}
		close(a)
	}()
	s := 0
loop:
	for {
		select {
		case v, ok := <-a:
			if !ok {
				break loop
			}
			s += v
		case v := <-b:
			s += v
		}
	}
	close(b)
	for v := range b {
		s += v
	}
	println(s)
	<-ctx.Done()
	println(ctx.Err() != nil)

	r, w, _ := os.Pipe()
	var wg2 sync.WaitGroup
	for range 4 {
		wg2.Add(1)
		go func() {
			defer wg2.Done()
			for range 10 {
				w.Write([]byte("hello"))
				time.Sleep(time.Millisecond)
			}
		}()
	}
	go func() {
		wg2.Wait()
		w.Close()
	}()
	read := 0
	for buf := make([]byte, 16); ; {
		n, err := r.Read(buf)
		read += n
		if err != nil {
			break
		}
	}
	println(read)

	var once sync.Once
	cond := sync.NewCond(&mu)
	ready := 0
	for range 10 {
		go func() {
			once.Do(func() { time.Sleep(time.Millisecond) })
			mu.Lock()
			ready++
			cond.Broadcast()
			mu.Unlock()
		}()
	}
	mu.Lock()
	for ready < 10 {
		cond.Wait()
	}
	mu.Unlock()
	tick := time.NewTicker(time.Millisecond)
	for range 5 {
		<-tick.C
	}
	tick.Stop()
	runtime.GOMAXPROCS(2)
	func() {
		defer func() { println(recover() != nil) }()
		panic("x")
	}()
	println("end", runtime.NumGoroutine() > 0)
}
