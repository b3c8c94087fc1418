// Several workers at once: what goroutines on different threads do to one another through channels, awaits, select,
// locks, timers and the collector.
package main

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

const rounds = 20000

type node struct {
	next  *node
	value int
}

// garbage keeps the collector busy, and sees whether what it holds is still there.
func garbage(n int) int {
	var list *node
	for i := 0; i < n; i++ {
		list = &node{list, i}
	}
	sum := 0
	for ; list != nil; list = list.next {
		sum += list.value
	}
	return sum
}

func get(c chan int) int {
	return <-c
}

// nested awaits a function that waits, some levels down.
func nested(c chan int, depth int) int {
	if depth == 0 {
		return get(c)
	}
	v := nested(c, depth-1)
	return v + 1
}

func awaits() int {
	a, b := make(chan int), make(chan int)
	go func() {
		for i := 0; i < rounds; i++ {
			b <- nested(a, i%4) - i%4
		}
	}()
	sum := 0
	for i := 0; i < rounds; i++ {
		a <- i
		sum += get(b)
	}
	return sum
}

func pipeline(size int) int {
	first := make(chan int, size)
	in := first
	for i := 0; i < 4; i++ {
		out := make(chan int, size)
		go func(in, out chan int) {
			for v := range in {
				out <- v + 1
			}
			close(out)
		}(in, out)
		in = out
	}
	go func() {
		for i := 0; i < rounds; i++ {
			first <- i
			if i%1000 == 0 {
				garbage(1000)
			}
		}
		close(first)
	}()
	sum := 0
	for v := range in {
		sum += v
	}
	return sum
}

func selects() int {
	chans := []chan int{make(chan int), make(chan int, 1), make(chan int, 8)}
	quit := make(chan bool)
	results := make(chan int)
	for i := 0; i < 3; i++ {
		go func() {
			sum := 0
			for {
				select {
				case v := <-chans[0]:
					sum += v
				case v := <-chans[1]:
					sum += v
				case v := <-chans[2]:
					sum += v
				case <-quit:
					results <- sum
					return
				}
			}
		}()
	}
	var senders sync.WaitGroup
	for i := 0; i < 3; i++ {
		senders.Add(1)
		go func() {
			defer senders.Done()
			for k := 0; k < rounds/4; k++ {
				select {
				case chans[0] <- k:
				case chans[1] <- k:
				case chans[2] <- k:
				}
			}
		}()
	}
	senders.Wait()
	for len(chans[1])+len(chans[2]) != 0 {
		runtime.Gosched()
	}
	close(quit)
	return <-results + <-results + <-results
}

func locks() (int, int) {
	var mu sync.Mutex
	var rw sync.RWMutex
	var wg sync.WaitGroup
	cond := sync.NewCond(&mu)
	counter, read, turn := 0, 0, 0
	for i := 0; i < 4; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for k := 0; k < rounds/10; k++ {
				mu.Lock()
				for turn%4 != i {
					cond.Wait()
				}
				turn++
				counter++
				cond.Broadcast()
				mu.Unlock()
				rw.RLock()
				_ = read
				rw.RUnlock()
				if k%16 == 0 {
					rw.Lock()
					read++
					rw.Unlock()
				}
			}
		}()
	}
	wg.Wait()
	return counter, read
}

func spawns() int64 {
	var sum atomic.Int64
	var wg sync.WaitGroup
	for i := 0; i < rounds; i++ {
		wg.Add(1)
		go func() {
			sum.Add(int64(i))
			if i%64 == 0 {
				runtime.Gosched()
				garbage(100)
			}
			wg.Done()
		}()
	}
	wg.Wait()
	return sum.Load()
}

func timers() int {
	var wg sync.WaitGroup
	var fired atomic.Int64
	for i := 0; i < 200; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			time.Sleep(time.Duration(i%7) * 100 * time.Microsecond)
			t := time.NewTimer(time.Duration(i%3) * 100 * time.Microsecond)
			if i%2 == 0 && t.Stop() {
				t.Reset(time.Microsecond)
				<-t.C
			} else if i%2 != 0 {
				<-t.C
			}
			done := make(chan bool)
			time.AfterFunc(time.Microsecond, func() { fired.Add(1); close(done) })
			<-done
		}()
	}
	wg.Wait()
	return int(fired.Load())
}

// busy computes until others, which must run meanwhile, have had their say.
func busy() bool {
	old := runtime.GOMAXPROCS(1)
	var flag atomic.Bool
	c := make(chan bool)
	go func() {
		<-c
		flag.Store(true)
	}()
	go func() { c <- true }()
	for !flag.Load() {
	}
	runtime.GOMAXPROCS(old)
	return true
}

// locked has a goroutine that stays on its thread wait like others do.
func locked() int {
	a, b := make(chan int), make(chan int)
	go func() {
		runtime.LockOSThread()
		for v := range a {
			b <- v + 1
		}
		close(b)
	}()
	sum := 0
	for i := 0; i < 200; i++ {
		a <- i
		sum += <-b
	}
	close(a)
	<-b
	return sum
}

func main() {
	println("awaits", awaits())
	println("pipeline", pipeline(0), pipeline(3))
	println("selects", selects())
	println(locks())
	println("spawns", spawns())
	println("timers", timers())
	println("busy", busy())
	println("locked", locked())
	for runtime.NumGoroutine() > 1 {
		runtime.Gosched()
	}
	println("goroutines", runtime.NumGoroutine())
}
