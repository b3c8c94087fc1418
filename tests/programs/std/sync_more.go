package main

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// What blocks in package sync, with many goroutines, through plain functions and coroutines.

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) add(f func() int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += f()
}

func mutexes() {
	var c counter
	var wg sync.WaitGroup
	for i := range 500 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c.add(func() int { runtime.Gosched(); return i })
		}()
	}
	wg.Wait()
	fmt.Println("mutex", c.n, c.mu.TryLock(), c.mu.TryLock())
}

func readers() {
	var rw sync.RWMutex
	var wg sync.WaitGroup
	shared, torn := [2]int{}, atomic.Int32{}
	for i := range 200 {
		wg.Go(func() {
			if i%10 == 0 {
				rw.Lock()
				shared[0]++
				runtime.Gosched()
				shared[1]++
				rw.Unlock()
				return
			}
			rw.RLock()
			a := shared[0]
			runtime.Gosched()
			if a != shared[1] {
				torn.Add(1)
			}
			rw.RUnlock()
		})
	}
	wg.Wait()
	fmt.Println("rwmutex", shared, torn.Load())
}

func conds() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	queue, got := []int(nil), make(chan int, 100)
	for range 10 {
		go func() {
			for range 10 {
				mu.Lock()
				for len(queue) == 0 {
					c.Wait()
				}
				v := queue[0]
				queue = queue[1:]
				mu.Unlock()
				got <- v
			}
		}()
	}
	for i := range 100 {
		mu.Lock()
		queue = append(queue, i)
		mu.Unlock()
		c.Signal()
	}
	sum := 0
	for range 100 {
		sum += <-got
	}
	fmt.Println("cond", sum)
}

func onces() {
	n := 0
	v := sync.OnceValue(func() int { n++; time.Sleep(time.Millisecond); return 7 })
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { v() })
	}
	wg.Wait()
	fmt.Println("once", n, v())
	f := sync.OnceFunc(func() { panic("only once") })
	for range 2 {
		func() {
			defer func() { fmt.Println("recovered", recover()) }()
			f()
		}()
	}
}

func maps() {
	var m sync.Map
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			for k := range 100 {
				m.LoadOrStore(k, i)
				runtime.Gosched()
			}
		})
	}
	wg.Wait()
	n := 0
	m.Range(func(k, v any) bool { n++; return true })
	_, ok := m.LoadAndDelete(5)
	_, again := m.Load(5)
	fmt.Println("map", n, ok, again, m.CompareAndSwap(6, "no", 1))
}

func pools() {
	made := 0
	p := sync.Pool{New: func() any { made++; return new([100]byte) }}
	for range 1000 {
		x := p.Get()
		p.Put(x)
	}
	fmt.Println("pool", made)
	for range 3 {
		runtime.GC()
	}
	p.Get()
	fmt.Println("pool", made)
}

func misuse() {
	defer func() {
		err, _ := recover().(error)
		fmt.Println(err, errors.Unwrap(err))
	}()
	var wg sync.WaitGroup
	defer func() {
		fmt.Println(recover())
		var m *sync.Mutex
		m.Lock()
	}()
	wg.Add(-1)
}

func main() {
	mutexes()
	readers()
	conds()
	onces()
	maps()
	pools()
	misuse()
}
