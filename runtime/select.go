package runtime

import "unsafe"

// Select. The cases are an array in the frame of whoever selects; each holds a waiter. All waiters are queued at once,
// the first to be served takes the select (sig of the first case), the others are taken out when it goes on.
//
// All channels are locked from before the cases are looked at until one was served or the goroutine waits, in the order of
// their addresses. A waiter that another worker looks at is in a queue, or was a moment ago, under its channel's lock:
// selectwoken takes that before the waiter's frame may end.

// scase is one case: 64 bytes (docs/runtime-calls.md).
type scase struct {
	w waiter
}

const (
	selectRecv = 0
	selectSend = 1

	// dequeued marks the index of a waiter that was taken out of its queue by whoever served it.
	dequeued = 1 << 30

	selectOpen = ^uint32(0)

	selectDefault = -1
	selectWait    = -2
)

func caseAt(cases *scase, i int) *scase {
	return (*scase)(add(unsafe.Pointer(cases), uintptr(i)*unsafe.Sizeof(scase{})))
}

// selectadd fills in a case.
func selectadd(p unsafe.Pointer, dir int, c, buf unsafe.Pointer) {
	k := (*scase)(p)
	k.w.c = (*hchan)(c)
	k.w.elem = buf
	k.w.dir = uint8(dir)
	k.w.ok = false
}

// ready reports whether the case can go on without waiting.
func (k *scase) ready() bool {
	c := k.w.c
	if c == nil {
		return false
	}
	if c.closed != 0 {
		return true
	}
	if k.w.dir == selectRecv {
		return c.qcount > 0 || c.sendq.waiting()
	}
	return c.qcount < c.dataqsiz || c.recvq.waiting()
}

// waiting reports whether a waiter in the queue can be served, and forgets those that cannot.
func (q *waitq) waiting() bool {
	for {
		w := q.first
		if w == nil {
			return false
		}
		if w.sel == nil || atomicload32(&w.sel.w.sig) == selectOpen {
			return true
		}
		w.idx |= dequeued
		q.remove(w)
	}
}

// nth is the channel of the case that is at place i in the order of addresses.
func nth(cases *scase, i int) *hchan {
	return caseAt(cases, int(caseAt(cases, i).w.nth)).w.c
}

// sortcases puts the cases in the order of their channels' addresses (heap sort).
func sortcases(cases *scase, n int) {
	for i := 0; i < n; i++ {
		caseAt(cases, i).w.nth = int32(i)
	}
	for i := n/2 - 1; i >= 0; i-- {
		sinkcase(cases, i, n)
	}
	for end := n - 1; end > 0; end-- {
		first, last := &caseAt(cases, 0).w.nth, &caseAt(cases, end).w.nth
		*first, *last = *last, *first
		sinkcase(cases, 0, end)
	}
}

// sinkcase moves what is at place i of the heap of the first n places away from the root, as far as it belongs.
func sinkcase(cases *scase, i, n int) {
	for {
		child := 2*i + 1
		if child >= n {
			return
		}
		if child+1 < n && chanAddr(cases, child) < chanAddr(cases, child+1) {
			child++
		}
		if chanAddr(cases, i) >= chanAddr(cases, child) {
			return
		}
		a, b := &caseAt(cases, i).w.nth, &caseAt(cases, child).w.nth
		*a, *b = *b, *a
		i = child
	}
}

func chanAddr(cases *scase, i int) uintptr {
	return uintptr(unsafe.Pointer(nth(cases, i)))
}

func lockcases(cases *scase, n int) {
	var last *hchan
	for i := 0; i < n; i++ {
		if c := nth(cases, i); c != last {
			lockchan(c)
			last = c
		}
	}
}

// unlockcases unlocks all channels. The goroutine may have gone on and its frame be gone when the last one is unlocked,
// not before: it needs the locks itself.
func unlockcases(cases *scase, n int) {
	i := n - 1
	for i >= 0 {
		c := nth(cases, i)
		if c == nil {
			return
		}
		for i--; i >= 0 && nth(cases, i) == c; i-- {
		}
		if i >= 0 && nth(cases, i) == nil {
			i = -1
		}
		unlockchan(c)
	}
}

// selectgo chooses at random among the cases that are ready. Without any it answers selectDefault, or, if it may
// block, queues all waiters and answers selectWait: the channels are locked then.
func selectgo(p unsafe.Pointer, n int, block bool) int {
	cases := (*scase)(p)
	if n == 1 && !block {
		if !caseAt(cases, 0).mayGoOn() {
			return selectDefault
		}
	} else {
		for i := 0; i < n; i++ {
			if k := caseAt(cases, i); k.w.c != nil {
				k.before()
			}
		}
	}
	sortcases(cases, n)
	lockcases(cases, n)
	for {
		i := choosecase(cases, n)
		if i < 0 {
			break
		}
		k := caseAt(cases, i)
		c := k.w.c
		var served bool
		var other *g
		if k.w.dir == selectRecv {
			var s int
			s, other = c.recvNow(k.w.elem)
			k.w.ok = s == done
			served = s != mustWait
		} else if c.closed != 0 {
			unlockcases(cases, n)
			panicplain("send on closed channel")
			raise()
		} else {
			served, other = c.sendNow(k.w.elem)
		}
		if served {
			unlockcases(cases, n)
			if other != nil {
				ready(other)
			}
			return i
		}
		// What waited there was a select, and another worker has just served it through another of its channels.
	}
	if !block {
		unlockcases(cases, n)
		return selectDefault
	}
	selectenqueue(cases, n)
	return selectWait
}

func (k *scase) before() {
	c := k.w.c
	if c.bubble != nil {
		c.bubble.must("select on synctest channel from outside bubble")
	}
	if c.timer != nil && k.w.dir == selectRecv {
		c.timer.look()
	}
}

// choosecase chooses at random among the cases that are ready; -1: none is.
func choosecase(cases *scase, n int) int {
	count := uint32(0)
	chosen := -1
	for i := 0; i < n; i++ {
		if caseAt(cases, i).ready() {
			count++
			if count == 1 || fastrandn(count) == 0 {
				chosen = i
			}
		}
	}
	return chosen
}

// mayGoOn looks at the channel of a case that is alone with a default, without locking it: false if it would have to wait at
// this moment.
func (k *scase) mayGoOn() bool {
	c := k.w.c
	if c == nil {
		return false
	}
	if k.w.dir == selectRecv {
		c.beforeReceive()
		// Not ready, and open later on: it was both at once.
		return atomicload64(&c.qcount) > 0 || c.sendq.some() || atomicload32(&c.closed) != 0
	}
	c.beforeSend()
	// A closed channel does not become full: open, and not ready later on, it was both at once in between.
	return atomicload32(&c.closed) != 0 || atomicload64(&c.qcount) < c.dataqsiz || c.recvq.some()
}

func (q *waitq) some() bool {
	return atomicload64((*uintptr)(unsafe.Pointer(&q.first))) != 0
}

func selectenqueue(cases *scase, n int) {
	gp := getworker().curg
	if n == 0 {
		gp.waitreason = waitSelectNoCases
		return
	}
	gp.waitreason = waitSelect
	cases.w.sig = selectOpen
	for i := 0; i < n; i++ {
		k := caseAt(cases, i)
		k.w.gp = gp
		k.w.sel = cases
		k.w.idx = int32(i)
		k.w.ok = false
		c := k.w.c
		if c == nil {
			k.w.idx |= dequeued
			continue
		}
		if k.w.dir == selectRecv {
			if c.timer != nil {
				c.timer.wait(1)
			}
			c.recvq.enqueue(&k.w)
		} else {
			c.sendq.enqueue(&k.w)
		}
	}
}

// durable reports whether only operations within the bubble of who selects can end its waiting.
func durable(cases *scase, n int) bool {
	for i := 0; i < n; i++ {
		if c := caseAt(cases, i).w.c; c != nil && c.bubble == nil {
			return false
		}
	}
	return true
}

// selectpark publishes the handle of the goroutine that selects. With no cases nobody will ever resume it.
func selectpark(p unsafe.Pointer, n int, h unsafe.Pointer) bool {
	gp := getworker().curg
	gp.handle = h
	if gp.bubble != nil && durable((*scase)(p), n) {
		gp.waitsDurably()
	}
	unlockcases((*scase)(p), n)
	return true
}

// selectwoken takes the other cases' waiters out of their queues and answers which case was chosen.
func selectwoken(p unsafe.Pointer, n int) int {
	cases := (*scase)(p)
	chosen := int(atomicload32(&cases.w.sig))
	for i := 0; i < n; i++ {
		k := caseAt(cases, i)
		c := k.w.c
		if c == nil {
			continue
		}
		if k.w.dir == selectRecv && c.timer != nil {
			c.timer.wait(-1)
		}
		if i == chosen {
			continue
		}
		lockchan(c)
		if k.w.idx&dequeued == 0 {
			if k.w.dir == selectRecv {
				c.recvq.remove(&k.w)
			} else {
				c.sendq.remove(&k.w)
			}
		}
		unlockchan(c)
	}
	k := caseAt(cases, chosen)
	if k.w.dir == selectSend && !k.w.ok {
		panicplain("send on closed channel")
		raise()
	}
	return chosen
}

// selectok is the second result of the receive that was chosen; false if none was.
func selectok(p unsafe.Pointer, i int) bool {
	return i >= 0 && caseAt((*scase)(p), i).w.ok
}
