package main

import (
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

var _ = topic("locks",
	program{"mutex_counter", mutexCounter},
	program{"mutex_handover", mutexHandover},
	program{"mutex_trylock", mutexTryLock},
	program{"mutex_embedded", mutexEmbedded},
	program{"mutex_unlock_elsewhere", mutexUnlockElsewhere},
	program{"mutex_starving", mutexStarving},
	program{"mutex_many_locks", mutexManyLocks},
	program{"rwmutex_readers_together", rwmutexReadersTogether},
	program{"rwmutex_writer_excludes", rwmutexWriterExcludes},
	program{"rwmutex_writer_waits_readers", rwmutexWriterWaitsReaders},
	program{"rwmutex_rlocker", rwmutexRLocker},
	program{"rwmutex_try", rwmutexTry},
	program{"waitgroup_reuse", waitgroupReuse},
	program{"waitgroup_many_waiters", waitgroupManyWaiters},
	program{"waitgroup_misuse", waitgroupMisuse},
	program{"once_waits", onceWaits},
	program{"once_panics", oncePanics},
	program{"once_values", onceValues},
	program{"cond_queue", condQueue},
	program{"cond_broadcast", condBroadcast},
	program{"cond_fifo", condFIFO},
	program{"cond_rwmutex", condRWMutex},
	program{"pool_reuse", poolReuse},
	program{"pool_parallel", poolParallel},
	program{"map_basics", mapBasics},
	program{"map_load_or_store", mapLoadOrStore},
	program{"map_compare", mapCompare},
	program{"map_range_changes", mapRangeChanges},
	program{"map_clear", mapClear},
	program{"lock_ordering", lockOrdering},
	program{"lock_spin_atomic", lockSpinAtomic},
	program{"lock_ticket", lockTicket},
	program{"lock_by_channel", lockByChannel},
	program{"lock_monitor_object", lockMonitorObject},
)

func mutexCounter() {
	var mu sync.Mutex
	n := 0
	each(20, func(int) {
		for range 1000 {
			mu.Lock()
			n++
			mu.Unlock()
		}
	})
	fmt.Println(n)
}

// Two goroutines that take turns by state under a lock.
func mutexHandover() {
	var mu sync.Mutex
	turn, text := 0, ""
	each(3, func(me int) {
		for n := 0; n < 20; {
			mu.Lock()
			if turn%3 == me {
				text += string(rune('a' + me))
				turn++
				n++
			}
			mu.Unlock()
			runtime.Gosched()
		}
	})
	fmt.Println(text)
}

func mutexTryLock() {
	var mu sync.Mutex
	fmt.Println(mu.TryLock(), mu.TryLock())
	mu.Unlock()
	var got atomic.Int32
	mu.Lock()
	each(10, func(int) {
		if mu.TryLock() {
			got.Add(1)
		}
	})
	mu.Unlock()
	fmt.Println(got.Load(), mu.TryLock())
}

type account struct {
	sync.Mutex
	balance int
}

func mutexEmbedded() {
	var accounts [5]account
	for i := range accounts {
		accounts[i].balance = 100
	}
	each(8, func(w int) {
		for i := range 200 {
			from, to := (w+i)%5, (w*3+i*7+1)%5
			if from == to {
				continue
			}
			a, b := &accounts[min(from, to)], &accounts[max(from, to)]
			a.Lock()
			b.Lock()
			accounts[from].balance -= i
			accounts[to].balance += i
			b.Unlock()
			a.Unlock()
		}
	})
	total := 0
	for i := range accounts {
		total += accounts[i].balance
	}
	fmt.Println(total)
}

func mutexUnlockElsewhere() {
	var mu sync.Mutex
	mu.Lock()
	order := make(chan string, 2)
	go func() {
		order <- "unlocking"
		mu.Unlock()
	}()
	mu.Lock()
	order <- "locked again"
	fmt.Println(<-order, <-order)
}

// A goroutine that takes the lock again and again does not keep others out for ever.
func mutexStarving() {
	var mu sync.Mutex
	var stop atomic.Bool
	hog := make(chan bool)
	go func() {
		for !stop.Load() {
			mu.Lock()
			for range 100 {
				runtime.Gosched()
			}
			mu.Unlock()
		}
		close(hog)
	}()
	each(4, func(int) {
		for range 5 {
			mu.Lock()
			mu.Unlock()
		}
	})
	stop.Store(true)
	<-hog
	fmt.Println("all had it")
}

func mutexManyLocks() {
	locks := make([]sync.Mutex, 1000)
	counts := make([]int, 1000)
	each(10, func(w int) {
		for i := range 1000 {
			k := (i*7 + w*13) % 1000
			locks[k].Lock()
			counts[k]++
			locks[k].Unlock()
		}
	})
	fmt.Println(slices.Min(counts), slices.Max(counts))
}

func rwmutexReadersTogether() {
	var mu sync.RWMutex
	var in atomic.Int32
	all := make(chan bool)
	each(6, func(int) {
		mu.RLock()
		if in.Add(1) == 6 {
			close(all)
		}
		<-all // they all have the lock at once, or this waits for ever
		mu.RUnlock()
	})
	fmt.Println(in.Load())
}

func rwmutexWriterExcludes() {
	var mu sync.RWMutex
	a, b, bad := 0, 0, atomic.Int32{}
	each(12, func(i int) {
		for range 200 {
			if i%4 == 0 {
				mu.Lock()
				a++
				runtime.Gosched()
				b++
				mu.Unlock()
			} else {
				mu.RLock()
				if a != b {
					bad.Add(1)
				}
				mu.RUnlock()
			}
		}
	})
	fmt.Println(a, b, bad.Load())
}

// A waiting writer comes before readers that ask later.
func rwmutexWriterWaitsReaders() {
	var mu sync.RWMutex
	var wg sync.WaitGroup
	var mut sync.Mutex
	var order []string
	note := func(s string) {
		mut.Lock()
		order = append(order, s)
		mut.Unlock()
	}
	mu.RLock()
	wg.Go(func() {
		mu.Lock()
		note("writer")
		mu.Unlock()
	})
	blocked(1, "sync.RWMutex.Lock")
	fmt.Println(mu.TryRLock())
	for range 2 {
		wg.Go(func() {
			mu.RLock()
			note("reader")
			mu.RUnlock()
		})
	}
	blocked(2, "sync.RWMutex.RLock")
	note("first reader")
	mu.RUnlock()
	wg.Wait()
	fmt.Println(order)
}

func rwmutexRLocker() {
	var mu sync.RWMutex
	l := mu.RLocker()
	l.Lock()
	l.Lock()
	fmt.Println(mu.TryLock())
	l.Unlock()
	l.Unlock()
	fmt.Println(mu.TryLock())
}

func rwmutexTry() {
	var mu sync.RWMutex
	fmt.Println(mu.TryRLock(), mu.TryRLock(), mu.TryLock())
	mu.RUnlock()
	mu.RUnlock()
	fmt.Println(mu.TryLock(), mu.TryRLock())
	mu.Unlock()
	fmt.Println(mu.TryRLock())
}

func waitgroupReuse() {
	var wg sync.WaitGroup
	total := 0
	for round := range 50 {
		parts := make([]int, round)
		for i := range parts {
			wg.Add(1)
			go func() {
				defer wg.Done()
				parts[i] = i
			}()
		}
		wg.Wait()
		total += sum(parts...)
	}
	fmt.Println(total)
}

func waitgroupManyWaiters() {
	var work, waiters sync.WaitGroup
	var n, seen atomic.Int32
	work.Add(30)
	for range 20 {
		waiters.Go(func() {
			work.Wait()
			if n.Load() == 30 {
				seen.Add(1)
			}
		})
	}
	for range 30 {
		go func() {
			n.Add(1)
			work.Done()
		}()
	}
	waiters.Wait()
	fmt.Println(seen.Load())
}

func waitgroupMisuse() {
	var wg sync.WaitGroup
	fmt.Println(caught(func() { wg.Done() }))
	wg = sync.WaitGroup{}
	fmt.Println(caught(func() { wg.Add(2); wg.Add(-3) }))
}

func onceWaits() {
	var once sync.Once
	calls, value := 0, 0
	var saw atomic.Int32
	each(20, func(int) {
		once.Do(func() {
			calls++
			for range 50 {
				runtime.Gosched()
			}
			time.Sleep(time.Millisecond)
			value = 42
		})
		if value == 42 {
			saw.Add(1)
		}
	})
	fmt.Println(calls, saw.Load())
}

func oncePanics() {
	var once sync.Once
	fmt.Println(caught(func() { once.Do(func() { panic("first") }) }))
	fmt.Println(caught(func() { once.Do(func() { panic("second") }) }) == "")
	f := sync.OnceFunc(func() { panic("again and again") })
	fmt.Println(caught(f), caught(f))
	g := sync.OnceValue(func() int { panic(errors.New("an error")) })
	fmt.Println(caught(func() { g() }), caught(func() { g() }))
}

func onceValues() {
	n := 0
	f := sync.OnceValues(func() (string, error) {
		n++
		time.Sleep(time.Millisecond)
		return fmt.Sprint("computed ", n), errors.New("with error")
	})
	texts := make([]string, 10)
	each(10, func(i int) {
		s, err := f()
		texts[i] = s + " " + err.Error()
	})
	fmt.Println(slices.Compact(texts))
}

type condBuffer struct {
	mu              sync.Mutex
	notFull, notEmp *sync.Cond
	items           []int
}

func condQueue() {
	var q condBuffer
	q.notFull, q.notEmp = sync.NewCond(&q.mu), sync.NewCond(&q.mu)
	var total atomic.Int64
	each(8, func(i int) {
		for k := range 300 {
			q.mu.Lock()
			if i%2 == 0 {
				for len(q.items) == 3 {
					q.notFull.Wait()
				}
				q.items = append(q.items, k)
				q.notEmp.Signal()
			} else {
				for len(q.items) == 0 {
					q.notEmp.Wait()
				}
				total.Add(int64(q.items[0]))
				q.items = q.items[1:]
				q.notFull.Signal()
			}
			q.mu.Unlock()
		}
	})
	fmt.Println(total.Load(), len(q.items))
}

func condBroadcast() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	go_, through := false, 0
	var wg sync.WaitGroup
	for range 25 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			for !go_ {
				c.Wait()
			}
			through++
		})
	}
	blocked(25, "sync.Cond.Wait")
	c.Signal() // the condition does not hold: it waits again
	blocked(25, "sync.Cond.Wait")
	mu.Lock()
	go_ = true
	mu.Unlock()
	c.Broadcast()
	wg.Wait()
	fmt.Println(through)
}

func condFIFO() {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	order := make(chan int)
	for i := range 5 {
		go func() {
			mu.Lock()
			c.Wait()
			mu.Unlock()
			order <- i
		}()
		blocked(i+1, "sync.Cond.Wait")
	}
	for range 5 {
		c.Signal()
		fmt.Print(<-order, " ")
	}
	fmt.Println()
}

func condRWMutex() {
	var mu sync.RWMutex
	c := sync.NewCond(mu.RLocker())
	value := 0
	var total atomic.Int32
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			c.L.Lock()
			for value == 0 {
				c.Wait()
			}
			total.Add(int32(value))
			c.L.Unlock()
		})
	}
	mu.Lock()
	value = 3
	mu.Unlock()
	c.Broadcast()
	wg.Wait()
	fmt.Println(total.Load())
}

func poolReuse() {
	made := 0
	p := sync.Pool{New: func() any { made++; return new([100]int) }}
	x := p.Get().(*[100]int)
	x[5] = 7
	p.Put(x)
	y := p.Get().(*[100]int)
	fmt.Println(made <= 2, y[5] == 7 || made == 2)
	var empty sync.Pool
	fmt.Println(empty.Get())
	empty.Put(nil)
	fmt.Println(empty.Get())
}

func poolParallel() {
	p := sync.Pool{New: func() any { return new([]int) }}
	var bad atomic.Int32
	each(8, func(w int) {
		for i := range 500 {
			s := p.Get().(*[]int)
			*s = append((*s)[:0], w, i)
			if i%50 == 0 {
				runtime.GC()
			} else {
				runtime.Gosched()
			}
			if (*s)[0] != w || (*s)[1] != i || len(*s) != 2 {
				bad.Add(1)
			}
			p.Put(s)
		}
	})
	fmt.Println(bad.Load())
}

func mapBasics() {
	var m sync.Map
	each(10, func(w int) {
		for i := range 100 {
			m.Store(w*100+i, w)
		}
	})
	each(10, func(w int) {
		for i := range 50 {
			m.Delete(w*100 + i*2)
		}
	})
	n, s := 0, 0
	m.Range(func(k, v any) bool {
		n++
		s += k.(int) * v.(int)
		return true
	})
	_, ok := m.Load(4)
	v, ok2 := m.Load(905)
	fmt.Println(n, s, ok, v, ok2)
}

func mapLoadOrStore() {
	var m sync.Map
	var stored atomic.Int32
	each(16, func(w int) {
		for k := range 64 {
			if _, loaded := m.LoadOrStore(k, w); !loaded {
				stored.Add(1)
			}
		}
	})
	var deleted atomic.Int32
	each(16, func(int) {
		for k := range 64 {
			if _, loaded := m.LoadAndDelete(k); loaded {
				deleted.Add(1)
			}
		}
	})
	fmt.Println(stored.Load(), deleted.Load())
}

func mapCompare() {
	var m sync.Map
	m.Store("n", 0)
	each(8, func(int) {
		for range 50 {
			for {
				v, _ := m.Load("n")
				if m.CompareAndSwap("n", v, v.(int)+1) {
					break
				}
			}
		}
	})
	v, _ := m.Load("n")
	old, loaded := m.Swap("n", "x")
	fmt.Println(v, old, loaded, m.CompareAndDelete("n", 3), m.CompareAndDelete("n", "x"))
	m.Store("q", []int{1})
	fmt.Println(caught(func() { m.CompareAndSwap("q", []int{1}, 2) }))
}

func mapRangeChanges() {
	var m sync.Map
	for i := range 100 {
		m.Store(i, i)
	}
	visited := map[int]int{}
	m.Range(func(k, _ any) bool {
		visited[k.(int)]++
		m.Delete(k)
		m.Store(k.(int)+1000, 0)
		return len(visited) < 60
	})
	most := 0
	for _, n := range visited {
		most = max(most, n)
	}
	left := 0
	m.Range(func(any, any) bool { left++; return true })
	fmt.Println(len(visited), most, left)
}

func mapClear() {
	var m sync.Map
	each(6, func(w int) {
		for i := range 200 {
			m.Store(i, w)
			if i%50 == 49 {
				m.Clear()
			}
		}
	})
	m.Clear()
	n := 0
	m.Range(func(any, any) bool { n++; return true })
	m.Store("after", 1)
	keys := map[any]bool{}
	m.Range(func(k, _ any) bool { keys[k] = true; return true })
	fmt.Println(n, slices.Collect(maps.Keys(keys)))
}

// Philosophers who take the lower fork first.
func lockOrdering() {
	const n = 5
	var forks [n]sync.Mutex
	var eaten [n]int
	each(n, func(i int) {
		a, b := min(i, (i+1)%n), max(i, (i+1)%n)
		for range 200 {
			forks[a].Lock()
			runtime.Gosched()
			forks[b].Lock()
			eaten[i]++
			forks[b].Unlock()
			forks[a].Unlock()
		}
	})
	fmt.Println(eaten)
}

type spinLock struct{ held atomic.Bool }

func (l *spinLock) Lock() {
	for !l.held.CompareAndSwap(false, true) {
		runtime.Gosched()
	}
}
func (l *spinLock) Unlock() { l.held.Store(false) }

func lockSpinAtomic() {
	var l spinLock
	m := map[int]int{}
	each(10, func(w int) {
		for i := range 300 {
			l.Lock()
			m[i%10]++
			l.Unlock()
		}
	})
	c := sync.NewCond(&l) // any Locker will do
	go func() {
		l.Lock()
		m[0] = -1
		l.Unlock()
		c.Broadcast()
	}()
	l.Lock()
	for m[0] != -1 {
		c.Wait()
	}
	l.Unlock()
	fmt.Println(m)
}

func lockTicket() {
	var next, serving atomic.Uint32
	var order []uint32
	each(8, func(int) {
		for range 100 {
			t := next.Add(1) - 1
			for serving.Load() != t {
				runtime.Gosched()
			}
			order = append(order, t)
			serving.Add(1)
		}
	})
	fmt.Println(len(order), slices.IsSorted(order))
}

func lockByChannel() {
	lock := make(chan struct{}, 1)
	n, inside := 0, 0
	each(10, func(int) {
		for range 200 {
			lock <- struct{}{}
			inside++
			if inside != 1 {
				fmt.Println("two inside")
			}
			n++
			inside--
			<-lock
		}
	})
	fmt.Println(n)
}

type stack[T any] struct {
	mu    sync.Mutex
	items []T
}

func (s *stack[T]) with(f func(items *[]T)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.items)
}

// The lock is released when the function under it panics, or leaves by Goexit.
func lockMonitorObject() {
	var s stack[int]
	each(9, func(i int) {
		switch i % 3 {
		case 0:
			s.with(func(items *[]int) { *items = append(*items, i) })
		case 1:
			caught(func() { s.with(func(items *[]int) { *items = append(*items, i); _ = (*items)[1000] }) })
		default:
			s.with(func(items *[]int) { *items = append(*items, i); runtime.Goexit() })
		}
	})
	slices.Sort(s.items)
	fmt.Println(s.items, s.mu.TryLock())
}
