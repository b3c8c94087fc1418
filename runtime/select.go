package runtime

import "unsafe"

// Select. The cases are an array in the frame of whoever selects; each holds a waiter. All waiters are queued at once,
// the first to be served takes the select (sig of the first case), the others are taken out when it goes on.

// scase is one case: 64 bytes (docs/runtime-calls.md).
type scase struct {
	w waiter
}

const (
	selectRecv = 0
	selectSend = 1

	// dequeued marks the index of a waiter that was taken out of its queue by whoever served it.
	dequeued = 1 << 30

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
	if c.closed {
		return true
	}
	if k.w.dir == selectRecv {
		if c.timer != nil {
			c.timer.look()
		}
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
		if w.sel == nil || w.sel.w.sig < 0 {
			return true
		}
		w.idx |= dequeued
		q.remove(w)
	}
}

// selectgo chooses at random among the cases that are ready. Without any it answers selectDefault, or, if it may
// block, queues all waiters and answers selectWait.
func selectgo(p unsafe.Pointer, n int, block bool) int {
	cases := (*scase)(p)
	count := 0
	last := 0
	for i := 0; i < n; i++ {
		if caseAt(cases, i).ready() {
			count++
			last = i
		}
	}
	if count == 0 {
		if !block {
			return selectDefault
		}
		selectenqueue(cases, n)
		return selectWait
	}
	if count > 1 {
		skip := int(fastrandn(uint32(count)))
		for i := 0; i < n; i++ {
			if caseAt(cases, i).ready() {
				if skip == 0 {
					last = i
					break
				}
				skip--
			}
		}
	}
	k := caseAt(cases, last)
	c := k.w.c
	if k.w.dir == selectRecv {
		k.w.ok = c.recvNow(k.w.elem) == done
		return last
	}
	if c.closed {
		panicplain("send on closed channel")
		raise()
	}
	c.sendNow(k.w.elem)
	return last
}

func selectenqueue(cases *scase, n int) {
	gp := getworker().curg
	gp.waitreason = waitSelect
	if n == 0 {
		gp.waitreason = waitSelectNoCases
		return
	}
	cases.w.sig = -1
	for i := 0; i < n; i++ {
		k := caseAt(cases, i)
		k.w.gp = gp
		k.w.sel = cases
		k.w.idx = int32(i)
		k.w.ok = false
		c := k.w.c
		if c == nil {
			k.w.idx |= dequeued
		} else if k.w.dir == selectRecv {
			if c.timer != nil {
				c.timer.wait(1)
			}
			c.recvq.enqueue(&k.w)
		} else {
			c.sendq.enqueue(&k.w)
		}
	}
}

// selectpark publishes the handle of the goroutine that selects. With no cases nobody will ever resume it.
func selectpark(p unsafe.Pointer, n int, h unsafe.Pointer) bool {
	getworker().curg.handle = h
	return true
}

// selectwoken takes the other cases' waiters out of their queues and answers which case was chosen.
func selectwoken(p unsafe.Pointer, n int) int {
	cases := (*scase)(p)
	for i := 0; i < n; i++ {
		k := caseAt(cases, i)
		if k.w.dir == selectRecv && k.w.c != nil && k.w.c.timer != nil {
			k.w.c.timer.wait(-1)
		}
		if k.w.idx&dequeued == 0 {
			if k.w.dir == selectRecv {
				k.w.c.recvq.remove(&k.w)
			} else {
				k.w.c.sendq.remove(&k.w)
			}
		}
	}
	chosen := int(cases.w.sig)
	k := caseAt(cases, chosen)
	if k.w.dir == selectSend && !k.w.ok {
		panicplain("send on closed channel")
		raise()
	}
	return chosen
}

// selectok is the second result of the receive that was chosen.
func selectok(p unsafe.Pointer, i int) bool {
	return caseAt((*scase)(p), i).w.ok
}
