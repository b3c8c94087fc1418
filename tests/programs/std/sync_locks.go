// sync: Mutex, RWMutex, WaitGroup, Once, OnceFunc, Pool, Cond, Map; their misuse.
package main

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

func main() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	n := 0
	for i := range 100 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 100 {
				mu.Lock()
				n += i % 2
				mu.Unlock()
				if n%17 == 0 {
					runtime.Gosched()
				}
			}
		}()
	}
	wg.Wait()
	fmt.Println(n, mu.TryLock(), mu.TryLock())
	mu.Unlock()

	var rw sync.RWMutex
	data := map[int]int{}
	var reads atomic.Int64
	for w := range 4 {
		wg.Go(func() {
			for k := range 200 {
				rw.Lock()
				data[k] += w
				rw.Unlock()
				runtime.Gosched()
			}
		})
		wg.Go(func() {
			for k := range 500 {
				rw.RLock()
				reads.Add(int64(data[k%200] & 0))
				reads.Add(1)
				rw.RUnlock()
			}
		})
	}
	wg.Wait()
	fmt.Println(len(data), data[7], reads.Load(), rw.TryRLock(), rw.TryLock())
	rw.RUnlock()
	rl := rw.RLocker()
	rl.Lock()
	rl.Unlock()

	var once sync.Once
	for range 5 {
		wg.Go(func() { once.Do(func() { fmt.Println("once") }) })
	}
	wg.Wait()
	f := sync.OnceValue(func() int { fmt.Println("computed"); return 42 })
	g := sync.OnceValues(func() (string, error) { return "v", errors.New("e") })
	h := sync.OnceFunc(func() { panic("once panics") })
	fmt.Println(f(), f())
	fmt.Println(g())
	for range 2 {
		func() {
			defer func() { fmt.Println("recovered", recover()) }()
			h()
		}()
	}
	var po sync.Once
	func() {
		defer func() { recover() }()
		po.Do(func() { panic(1) })
	}()
	po.Do(func() { fmt.Println("not again") })

	pool := sync.Pool{New: func() any { return new([64]byte) }}
	a := pool.Get().(*[64]byte)
	a[0] = 9
	pool.Put(a)
	b := pool.Get().(*[64]byte)
	fmt.Println(len(b), new(sync.Pool).Get())

	c := sync.NewCond(&mu)
	ready, woken := false, 0
	for range 10 {
		wg.Go(func() {
			mu.Lock()
			for !ready {
				c.Wait()
			}
			woken++
			mu.Unlock()
		})
	}
	for range 20 {
		runtime.Gosched()
	}
	mu.Lock()
	ready = true
	mu.Unlock()
	c.Signal()
	c.Broadcast()
	wg.Wait()
	fmt.Println("woken", woken)

	var queue []int
	qc := sync.NewCond(new(sync.Mutex))
	sum := 0
	for range 3 {
		wg.Go(func() {
			for {
				qc.L.Lock()
				for len(queue) == 0 {
					qc.Wait()
				}
				v := queue[0]
				queue = queue[1:]
				if v >= 0 {
					sum += v
				}
				qc.L.Unlock()
				if v < 0 {
					return
				}
			}
		})
	}
	for i := range 1003 {
		qc.L.Lock()
		if i >= 1000 {
			i = -1
		}
		queue = append(queue, i)
		qc.L.Unlock()
		qc.Signal()
	}
	wg.Wait()
	fmt.Println("queue", sum)

	var m sync.Map
	for i := range 1000 {
		wg.Go(func() { m.Store(i%100, i) })
	}
	wg.Wait()
	count := 0
	m.Range(func(k, v any) bool { count++; return true })
	v, loaded := m.LoadOrStore("new", 1)
	v2, loaded2 := m.LoadOrStore("new", 2)
	v3, loaded3 := m.LoadAndDelete("new")
	_, ok := m.Load("new")
	prev, swapped := m.Swap("s", "t")
	fmt.Println(count, v, loaded, v2, loaded2, v3, loaded3, ok, prev, swapped, m.CompareAndSwap("s", "t", "u"), m.CompareAndDelete("s", "t"))
	m.Clear()
	_, ok = m.Load(5)
	fmt.Println(ok)

	for _, f := range []func(){
		func() { var w sync.WaitGroup; w.Done() },
		func() { var x sync.Cond; x.L = &mu; y := x; x.Signal(); _ = y },
	} {
		func() {
			defer func() { fmt.Println("recovered:", recover()) }()
			f()
		}()
	}
	var unlocked sync.Mutex
	unlocked.Unlock()
}
