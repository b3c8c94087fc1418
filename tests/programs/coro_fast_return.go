package main

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// Functions that mostly return without waiting, and wait at other times: they begin again when they must.

type source struct {
	buf    []byte
	at, n  int
	last   int
	calls  int
	locked uint32
	closed bool
}

func (s *source) fill() {
	runtime.Gosched()
	s.calls++
	s.n = min(s.n+3, len(s.buf))
}

//go:noinline
func (s *source) next() (byte, bool) {
	s.last = -1
	for s.at == s.n {
		if s.n == len(s.buf) {
			return 0, false
		}
		s.fill()
	}
	c := s.buf[s.at]
	s.at++
	s.last = int(c)
	return c, true
}

// The old value is what it was before, however often the function begins.
//
//go:noinline
func (s *source) exchange(wait bool) int {
	old := s.last
	s.last = 7
	if wait {
		s.fill()
	}
	return old
}

//go:noinline
func (s *source) count(wait bool) int {
	s.calls++
	if wait {
		runtime.Gosched()
	}
	return s.calls
}

//go:noinline
func (s *source) lock() {
	for !atomic.CompareAndSwapUint32(&s.locked, 0, 1) {
		runtime.Gosched()
	}
}

func (s *source) unlock() { atomic.StoreUint32(&s.locked, 0) }

func (s *source) left() int { return s.n - s.at }

//go:noinline
func (s *source) drain() (total [5]int, name string) {
	if s.left() == 0 {
		s.fill()
	}
	for i := range total {
		total[i] = s.at + i
	}
	s.at = s.n
	return total, fmt.Sprint(s.at)
}

//go:noinline
func element(a []int, i int, wait bool) int {
	if wait {
		runtime.Gosched()
	}
	return a[i]
}

//go:noinline
func sum(n int, wait bool) (total int) {
	if n == 0 {
		return 0
	}
	if wait && n%3 == 0 {
		runtime.Gosched()
	}
	return n + sum(n-1, wait)
}

func caught(f func()) (text string) {
	defer func() { text = fmt.Sprint(recover()) }()
	f()
	return
}

func main() {
	s := &source{buf: []byte("fast returns")}
	var got []byte
	for {
		c, ok := s.next()
		if !ok {
			break
		}
		got = append(got, c)
	}
	fmt.Println(string(got), s.calls, s.last)
	fmt.Println(s.exchange(false), s.exchange(true), s.last, s.calls)
	fmt.Println(s.count(false), s.count(true), s.count(false))
	var wg sync.WaitGroup
	shared := 0
	for range 4 {
		wg.Go(func() {
			for range 1000 {
				s.lock()
				shared++
				s.unlock()
			}
		})
	}
	wg.Wait()
	fmt.Println(shared)
	d := &source{buf: make([]byte, 4)}
	fmt.Println(d.drain())
	d.n = 4
	fmt.Println(d.drain())
	for _, wait := range []bool{false, true} {
		fmt.Println(element([]int{1, 2}, 1, wait), sum(10, wait))
		fmt.Println(caught(func() { element(nil, 3, wait) }))
	}
	var none *source
	fmt.Println(caught(func() { none.next() }))
	fmt.Println(caught(func() { none.drain() }))
	fmt.Println(caught(func() { none.lock() }))
}
