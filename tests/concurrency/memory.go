package main

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Litmus tests of the memory model, and package sync/atomic. A litmus test runs many times; what it prints is whether all
// outcomes were allowed ones. Which of the allowed ones come is luck.

var _ = topic("memory",
	program{"litmus_message_channel", litmusMessageChannel},
	program{"litmus_message_buffered", litmusMessageBuffered},
	program{"litmus_message_close", litmusMessageClose},
	program{"litmus_message_unbuffered_back", litmusMessageUnbufferedBack},
	program{"litmus_message_atomic", litmusMessageAtomic},
	program{"litmus_message_lock", litmusMessageLock},
	program{"litmus_message_rwlock", litmusMessageRWLock},
	program{"litmus_message_once", litmusMessageOnce},
	program{"litmus_message_waitgroup", litmusMessageWaitGroup},
	program{"litmus_message_cond", litmusMessageCond},
	program{"litmus_message_map", litmusMessageMap},
	program{"litmus_go_statement", litmusGoStatement},
	program{"litmus_capacity", litmusCapacity},
	program{"litmus_store_buffering", litmusStoreBuffering},
	program{"litmus_load_buffering", litmusLoadBuffering},
	program{"litmus_iriw", litmusIRIW},
	program{"litmus_write_read_causality", litmusWriteReadCausality},
	program{"litmus_coherence", litmusCoherence},
	program{"litmus_racy_word", litmusRacyWord},
	program{"litmus_publish_pointer", litmusPublishPointer},
	program{"litmus_dekker", litmusDekker},
	program{"litmus_peterson", litmusPeterson},
	program{"atomic_types", atomicTypes},
	program{"atomic_functions", atomicFunctions},
	program{"atomic_value", atomicValue},
	program{"atomic_bits", atomicBits},
	program{"atomic_cas_max", atomicCASMax},
	program{"atomic_treiber_stack", atomicTreiberStack},
	program{"atomic_ms_queue", atomicMSQueue},
	program{"atomic_spsc_ring", atomicSPSCRing},
	program{"atomic_seqlock", atomicSeqlock},
	program{"atomic_rcu", atomicRCU},
	program{"atomic_refcount", atomicRefcount},
)

const rounds = 2000

// pairs runs two goroutines against each other rounds times, on fresh state each time, and counts outcomes. Both start
// at about the same time.
func pairs[S any](a, b func(s *S), outcome func(s *S) string) map[string]int {
	seen := map[string]int{}
	for range rounds {
		s := new(S)
		var gate atomic.Int32
		run := func(f func(*S)) {
			gate.Add(1)
			for i := 0; gate.Load() < 2; i++ {
				runtime.Gosched()
			}
			f(s)
		}
		done := make(chan bool)
		go func() { run(a); done <- true }()
		run(b)
		<-done
		seen[outcome(s)]++
	}
	return seen
}

// allowed prints whether every outcome is one of these.
func allowed(seen map[string]int, outcomes ...string) {
	for o := range seen {
		if !slices.Contains(outcomes, o) {
			fmt.Println("not allowed:", o)
			return
		}
	}
	fmt.Println("only", outcomes)
}

type message struct {
	data, copy int
	flag       atomic.Int32
	c          chan int
	mu         sync.Mutex
	rw         sync.RWMutex
	set        bool
	once       sync.Once
	wg         sync.WaitGroup
	m          sync.Map
	p          *int
}

func (m *message) outcome() string { return fmt.Sprint(m.copy) }

func litmusMessageChannel() {
	c := make(chan int)
	allowed(pairs(
		func(m *message) { m.data = 1; c <- 0 },
		func(m *message) { <-c; m.copy = m.data }, (*message).outcome), "1")
}

func litmusMessageBuffered() {
	c := make(chan int, 5)
	allowed(pairs(
		func(m *message) { m.data = 1; c <- 0 },
		func(m *message) { <-c; m.copy = m.data }, (*message).outcome), "1")
}

func litmusMessageClose() {
	var c chan int
	renew := func(m *message) string { c = make(chan int); return m.outcome() }
	c = make(chan int)
	allowed(pairs(
		func(m *message) { m.data = 1; close(c) },
		func(m *message) { <-c; m.copy = m.data }, renew), "1")
}

// A receive from an unbuffered channel happens before the send on it completes.
func litmusMessageUnbufferedBack() {
	c := make(chan int)
	allowed(pairs(
		func(m *message) { m.data = 1; <-c },
		func(m *message) { c <- 0; m.copy = m.data }, (*message).outcome), "1")
}

func litmusMessageAtomic() {
	allowed(pairs(
		func(m *message) { m.data = 1; m.flag.Store(1) },
		func(m *message) {
			if m.flag.Load() == 1 {
				m.copy = m.data
			} else {
				m.copy = 7
			}
		}, (*message).outcome), "1", "7")
}

func litmusMessageLock() {
	allowed(pairs(
		func(m *message) { m.data = 1; m.mu.Lock(); m.set = true; m.mu.Unlock() },
		func(m *message) {
			m.mu.Lock()
			set := m.set
			m.mu.Unlock()
			m.copy = 7
			if set {
				m.copy = m.data
			}
		}, (*message).outcome), "1", "7")
}

func litmusMessageRWLock() {
	allowed(pairs(
		func(m *message) { m.data = 1; m.rw.Lock(); m.set = true; m.rw.Unlock() },
		func(m *message) {
			m.rw.RLock()
			set := m.set
			m.rw.RUnlock()
			m.copy = 7
			if set {
				m.copy = m.data
			}
		}, (*message).outcome), "1", "7")
}

func litmusMessageOnce() {
	both := func(m *message) { m.once.Do(func() { m.data++ }); m.flag.Add(int32(m.data)) }
	allowed(pairs(both, both, func(m *message) string { return fmt.Sprint(m.flag.Load()) }), "2")
}

func litmusMessageWaitGroup() {
	seen := map[string]int{}
	for range rounds {
		var m message
		m.wg.Add(2)
		go func() { m.data++; m.wg.Done() }()
		go func() { m.copy++; m.wg.Done() }()
		m.wg.Wait()
		seen[fmt.Sprint(m.data, m.copy)]++
	}
	allowed(seen, "1 1")
}

func litmusMessageCond() {
	type state struct {
		message
		cond *sync.Cond
	}
	seen := map[string]int{}
	for range rounds {
		var s state
		s.cond = sync.NewCond(&s.mu)
		go func() {
			s.data = 1
			s.mu.Lock()
			s.set = true
			s.mu.Unlock()
			s.cond.Signal()
		}()
		s.mu.Lock()
		for !s.set {
			s.cond.Wait()
		}
		s.mu.Unlock()
		seen[fmt.Sprint(s.data)]++
	}
	allowed(seen, "1")
}

func litmusMessageMap() {
	allowed(pairs(
		func(m *message) { m.data = 1; m.m.Store("k", m) },
		func(m *message) {
			m.copy = 7
			if v, ok := m.m.Load("k"); ok {
				m.copy = v.(*message).data
			}
		}, (*message).outcome), "1", "7")
}

func litmusGoStatement() {
	bad := 0
	done := make(chan bool)
	for i := range rounds {
		data := i
		p := &data
		*p++
		go func() {
			if *p != i+1 {
				bad++
			}
			done <- true
		}()
		<-done
	}
	fmt.Println(bad)
}

// The k-th receive on a channel of capacity C happens before the k+C-th send completes.
func litmusCapacity() {
	const c = 3
	slots := make(chan int, c)
	var users [c + 1]int // never more than c at once
	used := make(chan int, c+1)
	for i := range c + 1 {
		used <- i
	}
	bad := atomic.Int32{}
	each(8, func(int) {
		for range 300 {
			slots <- 1
			k := <-used
			users[k]++
			if users[k] != 1 {
				bad.Add(1)
			}
			users[k]--
			used <- k
			<-slots
		}
	})
	fmt.Println(bad.Load(), users)
}

type two struct {
	x, y   atomic.Int32
	rx, ry int32
}

// Atomic operations are sequentially consistent: not both read 0.
func litmusStoreBuffering() {
	allowed(pairs(
		func(s *two) { s.x.Store(1); s.ry = s.y.Load() },
		func(s *two) { s.y.Store(1); s.rx = s.x.Load() },
		func(s *two) string { return fmt.Sprint(s.rx, s.ry) }), "0 1", "1 0", "1 1")
}

func litmusLoadBuffering() {
	allowed(pairs(
		func(s *two) { s.ry = s.y.Load(); s.x.Store(1) },
		func(s *two) { s.rx = s.x.Load(); s.y.Store(1) },
		func(s *two) string { return fmt.Sprint(s.rx, s.ry) }), "0 0", "0 1", "1 0")
}

// Two readers agree on the order of two independent writes.
func litmusIRIW() {
	seen := map[string]int{}
	for range rounds {
		var x, y atomic.Int32
		var r [4]int32
		var gate sync.WaitGroup
		gate.Add(4)
		start := func() { gate.Done(); gate.Wait() }
		each(4, func(i int) {
			start()
			switch i {
			case 0:
				x.Store(1)
			case 1:
				y.Store(1)
			case 2:
				r[0] = x.Load()
				r[1] = y.Load()
			case 3:
				r[2] = y.Load()
				r[3] = x.Load()
			}
		})
		if r == [4]int32{1, 0, 1, 0} {
			seen["disagree"]++
		} else {
			seen["agree"]++
		}
	}
	allowed(seen, "agree")
}

func litmusWriteReadCausality() {
	seen := map[string]int{}
	for range rounds {
		var x, y atomic.Int32
		var r1, r2, r3 int32
		each(3, func(i int) {
			switch i {
			case 0:
				x.Store(1)
			case 1:
				r1 = x.Load()
				y.Store(1)
			case 2:
				r2 = y.Load()
				r3 = x.Load()
			}
		})
		if r1 == 1 && r2 == 1 && r3 == 0 {
			seen["effect before cause"]++
		} else {
			seen["fine"]++
		}
	}
	allowed(seen, "fine")
}

// A counter that only grows is never seen to shrink.
func litmusCoherence() {
	var n atomic.Int64
	var bad atomic.Int32
	each(4, func(i int) {
		last := int64(0)
		for range 3000 {
			var v int64
			if i == 0 {
				v = n.Add(1)
			} else {
				v = n.Load()
			}
			if v < last {
				bad.Add(1)
			}
			last = v
		}
	})
	fmt.Println(bad.Load(), n.Load())
}

// A race on a word: what is read is something that was written, never a mixture.
func litmusRacyWord() {
	p := new(uint64)
	values := []uint64{0, 1<<64 - 1, 0x0123456789abcdef, 1 << 40}
	var bad atomic.Int32
	each(4, func(w int) {
		for i := range 2000 {
			if w < 2 {
				*p = values[(i+w)%4]
			} else if !slices.Contains(values, *p) {
				bad.Add(1)
			}
			if i%100 == 0 {
				runtime.Gosched()
			}
		}
	})
	fmt.Println(bad.Load())
}

func litmusPublishPointer() {
	type node struct{ a, b int }
	var p atomic.Pointer[node]
	var bad atomic.Int32
	each(4, func(w int) {
		for i := range 3000 {
			if w == 0 {
				p.Store(&node{i, -i})
			} else if n := p.Load(); n != nil && n.a != -n.b {
				bad.Add(1)
			}
		}
	})
	fmt.Println(bad.Load())
}

func litmusDekker() {
	var want [2]atomic.Bool
	var turn atomic.Int32
	n := 0
	each(2, func(me int) {
		other := 1 - me
		for range 1000 {
			want[me].Store(true)
			for want[other].Load() {
				if turn.Load() != int32(me) {
					want[me].Store(false)
					for turn.Load() != int32(me) {
						runtime.Gosched()
					}
					want[me].Store(true)
				}
				runtime.Gosched()
			}
			n++
			turn.Store(int32(other))
			want[me].Store(false)
		}
	})
	fmt.Println(n)
}

func litmusPeterson() {
	var flag [2]atomic.Bool
	var victim atomic.Int32
	n := 0
	each(2, func(me int) {
		for range 1000 {
			flag[me].Store(true)
			victim.Store(int32(me))
			for flag[1-me].Load() && victim.Load() == int32(me) {
				runtime.Gosched()
			}
			n++
			flag[me].Store(false)
		}
	})
	fmt.Println(n)
}

func atomicTypes() {
	var i32 atomic.Int32
	var i64 atomic.Int64
	var u32 atomic.Uint32
	var u64 atomic.Uint64
	var up atomic.Uintptr
	var b atomic.Bool
	var p atomic.Pointer[string]
	each(8, func(w int) {
		for range 500 {
			i32.Add(-1)
			i64.Add(1 << 33)
			u32.Add(^uint32(0))
			u64.Add(1 << 60)
			up.Add(3)
			b.Swap(w%2 == 0)
			s := "text"
			p.CompareAndSwap(nil, &s)
		}
	})
	fmt.Println(i32.Load(), i64.Load(), int32(u32.Load()), u64.Load(), up.Load(), *p.Load())
	fmt.Println(i32.Swap(5), i32.CompareAndSwap(4, 9), i32.CompareAndSwap(5, 9), i32.Load(), b.CompareAndSwap(b.Load(), true), b.Load())
}

func atomicFunctions() {
	var i32 int32
	var u64 uint64
	var p unsafe.Pointer
	x, y := 1, 2
	each(4, func(int) {
		for range 100 {
			atomic.AddInt32(&i32, 2)
			for {
				old := atomic.LoadUint64(&u64)
				if atomic.CompareAndSwapUint64(&u64, old, old*3+1) {
					break
				}
			}
		}
	})
	want := uint64(0)
	for range 400 {
		want = want*3 + 1
	}
	atomic.StorePointer(&p, unsafe.Pointer(&x))
	old := atomic.SwapPointer(&p, unsafe.Pointer(&y))
	fmt.Println(atomic.LoadInt32(&i32), u64 == want, *(*int)(old), *(*int)(atomic.LoadPointer(&p)), atomic.CompareAndSwapPointer(&p, old, nil))
}

func atomicValue() {
	var v atomic.Value
	fmt.Println(v.Load(), caught(func() { v.Store(nil) }))
	type config struct{ a, b int }
	v.Store(config{})
	var bad atomic.Int32
	each(6, func(w int) {
		for i := range 300 {
			if w == 0 {
				v.Store(config{i, i * i})
			} else if c := v.Load().(config); c.a*c.a != c.b {
				bad.Add(1)
			}
		}
	})
	fmt.Println(bad.Load(), caught(func() { v.Store("other type") }))
	fmt.Println(v.CompareAndSwap(config{299, 299 * 299}, config{1, 1}), v.Swap(config{2, 4}))
}

func atomicBits() {
	var set atomic.Uint64
	each(64, func(i int) { set.Or(1 << i) })
	fmt.Printf("%x\n", set.Load())
	each(32, func(i int) { set.And(^uint64(1 << (2 * i))) })
	fmt.Printf("%x %x\n", set.Load(), set.Or(3))
	var u uint32 = 0xff00
	fmt.Printf("%x %x %x\n", atomic.AndUint32(&u, 0xf0f0), atomic.OrUint32(&u, 1), u)
}

func atomicCASMax() {
	var top atomic.Int64
	var wins atomic.Int32
	each(10, func(w int) {
		for i := range 500 {
			v := int64((i*7919 + w*104729) % 100003)
			for {
				old := top.Load()
				if old >= v {
					break
				}
				if top.CompareAndSwap(old, v) {
					wins.Add(1)
					break
				}
			}
		}
	})
	want := 0
	for w := range 10 {
		for i := range 500 {
			want = max(want, (i*7919+w*104729)%100003)
		}
	}
	fmt.Println(top.Load() == int64(want), wins.Load() > 0)
}

type cell struct {
	v    int
	next *cell
}

func atomicTreiberStack() {
	var top atomic.Pointer[cell]
	push := func(v int) {
		c := &cell{v: v}
		for {
			c.next = top.Load()
			if top.CompareAndSwap(c.next, c) {
				return
			}
		}
	}
	pop := func() (int, bool) {
		for {
			c := top.Load()
			if c == nil {
				return 0, false
			}
			if top.CompareAndSwap(c, c.next) {
				return c.v, true
			}
		}
	}
	var in, out atomic.Int64
	each(8, func(w int) {
		for i := range 400 {
			push(i)
			in.Add(int64(i))
			if i%3 != 0 {
				if v, ok := pop(); ok {
					out.Add(int64(v))
				}
			}
		}
	})
	for v, ok := pop(); ok; v, ok = pop() {
		out.Add(int64(v))
	}
	fmt.Println(in.Load(), out.Load())
}

type qnode struct {
	v    int
	next atomic.Pointer[qnode]
}

type msQueue struct{ head, tail atomic.Pointer[qnode] }

func (q *msQueue) put(v int) {
	n := &qnode{v: v}
	for {
		t := q.tail.Load()
		next := t.next.Load()
		if next != nil {
			q.tail.CompareAndSwap(t, next)
		} else if t.next.CompareAndSwap(nil, n) {
			q.tail.CompareAndSwap(t, n)
			return
		}
	}
}

func (q *msQueue) get() (int, bool) {
	for {
		h, t := q.head.Load(), q.tail.Load()
		next := h.next.Load()
		if next == nil {
			return 0, false
		}
		if h == t {
			q.tail.CompareAndSwap(t, next)
		} else if q.head.CompareAndSwap(h, next) {
			return next.v, true
		}
	}
}

func atomicMSQueue() {
	var q msQueue
	dummy := new(qnode)
	q.head.Store(dummy)
	q.tail.Store(dummy)
	var count, ordered atomic.Int64
	ordered.Store(1)
	each(6, func(w int) {
		last := [6]int{-1, -1, -1, -1, -1, -1}
		for i := 0; i < 300; {
			if w < 3 {
				q.put(w*1000 + i)
				i++
				continue
			}
			v, ok := q.get()
			if !ok {
				runtime.Gosched()
				continue
			}
			i++
			count.Add(1)
			if last[v/1000] >= v {
				ordered.Store(0)
			}
			last[v/1000] = v
		}
	})
	_, more := q.get()
	fmt.Println(count.Load(), ordered.Load(), more)
}

func atomicSPSCRing() {
	const size = 8
	var ring [size]int // plain: the indices order the accesses
	var head, tail atomic.Uint64
	total := 0
	each(2, func(side int) {
		for i := range 5000 {
			if side == 0 {
				for tail.Load()-head.Load() == size {
					runtime.Gosched()
				}
				ring[tail.Load()%size] = i
				tail.Add(1)
			} else {
				for tail.Load() == head.Load() {
					runtime.Gosched()
				}
				if v := ring[head.Load()%size]; v != i {
					fmt.Println("wrong", v, i)
				}
				head.Add(1)
				total++
			}
		}
	})
	fmt.Println(total)
}

func atomicSeqlock() {
	var seq atomic.Uint32
	var a, b atomic.Int64
	var bad, reads atomic.Int32
	each(4, func(w int) {
		for i := range 1000 {
			if w == 0 {
				seq.Add(1)
				a.Store(int64(i))
				b.Store(int64(-i))
				seq.Add(1)
				continue
			}
			s := seq.Load()
			x, y := a.Load(), b.Load()
			if s%2 == 0 && seq.Load() == s {
				reads.Add(1)
				if x != -y {
					bad.Add(1)
				}
			}
			if i%64 == 0 {
				runtime.Gosched()
			}
		}
	})
	fmt.Println(bad.Load())
}

func atomicRCU() {
	var table atomic.Pointer[map[int]int]
	first := map[int]int{0: 0}
	table.Store(&first)
	var mu sync.Mutex
	var bad atomic.Int32
	each(6, func(w int) {
		for i := range 60 {
			if w < 2 {
				mu.Lock()
				next := map[int]int{}
				for k, v := range *table.Load() {
					next[k] = v
				}
				next[len(next)] = len(next) * 2
				table.Store(&next)
				mu.Unlock()
				continue
			}
			m := *table.Load()
			for k := range len(m) {
				if m[k] != 2*k {
					bad.Add(1)
				}
			}
			if i%8 == 0 {
				runtime.Gosched()
			}
		}
	})
	fmt.Println(bad.Load(), len(*table.Load()))
}

func atomicRefcount() {
	type shared struct {
		refs atomic.Int32
		data []int
	}
	var freed atomic.Int32
	s := &shared{data: make([]int, 10)}
	s.refs.Store(1)
	var wg sync.WaitGroup
	for range 20 {
		s.refs.Add(1)
		wg.Go(func() {
			for range 10 {
				_ = s.data[3]
				runtime.Gosched()
			}
			if s.refs.Add(-1) == 0 {
				freed.Add(1)
			}
		})
	}
	if s.refs.Add(-1) == 0 {
		freed.Add(1)
	}
	wg.Wait()
	fmt.Println(freed.Load(), s.refs.Load())
}
