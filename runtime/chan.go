package runtime

import "unsafe"

// Channels. Whoever must wait queues a waiter that lives in its frame; nothing is allocated to block. A sender that
// finds a receiver waiting copies its value straight into the receiver's buffer, and the other way round.
//
// An operation that must wait has queued its waiter when it answers mustWait; the park hook that follows at once
// publishes the handle and unlocks the channel, which stays locked until then. From that moment another worker may resume
// the goroutine, whose frame, and so the waiter, is not the hook's any more. Goroutines are readied after unlocking.
//
// Invariants: senders wait only if the buffer is full, receivers only if it is empty; waiters of one queue are served
// in order. A waiter is in a queue if and only if its goroutine waits there; it leaves before its frame ends.

type waitq struct {
	first *waiter
	last  *waiter
}

type hchan struct {
	lock     mutex
	closed   uint32  // atomic: 1 if it is
	qcount   uintptr // atomic: values in the buffer
	dataqsiz uintptr // its size
	buf      unsafe.Pointer
	elemsize uintptr
	sendx    uintptr
	recvx    uintptr
	timer    *timer // sends on it
	recvq    waitq
	sendq    waitq
	elem     *_type
	bubble   *bubble // whose goroutine made it
}

// waiter is a waiting operation, in the frame of whoever waits: 64 bytes (docs/runtime-calls.md).
type waiter struct {
	next *waiter
	prev *waiter
	gp   *g
	elem unsafe.Pointer // where the value is, or goes to; may be nil for a receiver
	c    *hchan
	sel  *scase // the first case if this is one of a select
	ok   bool   // a value was passed (false: the channel was closed)
	dir  uint8  // of a select's case
	_    uint16
	idx  int32  // of a select's case
	sig  uint32 // atomic; in the first case of a select: which case was chosen; selectOpen: none yet
	nth  int32  // of a select's cases: which one is the nth in the order of the channels' addresses
}

const (
	mustWait = 0
	done     = 1
	closed   = 2

	maxChanBytes = 1 << 47
)

func lockchan(c *hchan) {
	lock(&c.lock)
}

func unlockchan(c *hchan) {
	unlock(&c.lock)
}

// begin makes w the first. Others may look whether there is one (some) without the lock.
func (q *waitq) begin(w *waiter) {
	atomicstorerel64((*uintptr)(unsafe.Pointer(&q.first)), uintptr(unsafe.Pointer(w)))
}

func (q *waitq) enqueue(w *waiter) {
	w.next = nil
	w.prev = q.last
	if q.last != nil {
		q.last.next = w
	} else {
		q.begin(w)
	}
	q.last = w
}

func (q *waitq) remove(w *waiter) {
	if w.prev != nil {
		w.prev.next = w.next
	} else {
		q.begin(w.next)
	}
	if w.next != nil {
		w.next.prev = w.prev
	} else {
		q.last = w.prev
	}
	w.next = nil
	w.prev = nil
}

// dequeue takes the first waiter that can be served: a select is served by one of its cases only.
func (q *waitq) dequeue() *waiter {
	for {
		w := q.first
		if w == nil {
			return nil
		}
		q.begin(w.next)
		if w.next != nil {
			w.next.prev = nil
		} else {
			q.last = nil
		}
		w.next = nil
		w.prev = nil
		if w.sel != nil {
			taken := !cas32(&w.sel.w.sig, selectOpen, uint32(w.idx))
			w.idx |= dequeued
			if taken {
				continue
			}
		}
		return w
	}
}

func makechan(t *_type, size int) unsafe.Pointer {
	elem := (*chanType)(unsafe.Pointer(t)).elem
	c := new(hchan)
	c.elemsize = elem.size
	c.elem = elem
	c.dataqsiz = uintptr(size)
	c.bubble = currentBubble()
	if size > 0 && elem.size > 0 {
		c.buf = newtypedarray(elem, size)
	}
	return unsafe.Pointer(c)
}

func chanlen(cp unsafe.Pointer) int {
	if cp == nil || (*hchan)(cp).timer != nil {
		return 0
	}
	return int(atomicload64(&(*hchan)(cp).qcount))
}

func chancap(cp unsafe.Pointer) int {
	if cp == nil || (*hchan)(cp).timer != nil {
		return 0
	}
	return int((*hchan)(cp).dataqsiz)
}

// movevalue copies an element; the common sizes without a call.
func movevalue(dst, src unsafe.Pointer, size uintptr) {
	if size == 8 {
		*(*uint64)(dst) = *(*uint64)(src)
	} else if size != 0 {
		memmove(dst, src, size)
	}
}

func clearvalue(dst unsafe.Pointer, size uintptr) {
	if size == 8 {
		*(*uint64)(dst) = 0
	} else if size != 0 {
		memclr(dst, size)
	}
}

func (c *hchan) slot(i uintptr) unsafe.Pointer {
	return add(c.buf, i*c.elemsize)
}

// recvNow receives into dst if that is possible without waiting. It answers as well
// the sender that was served, if any, for the caller to ready.
func (c *hchan) recvNow(dst unsafe.Pointer) (int, *g) {
	if c.qcount > 0 {
		p := c.slot(c.recvx)
		if dst != nil {
			movevalue(dst, p, c.elemsize)
		}
		x := c.recvx
		c.recvx++
		if c.recvx == c.dataqsiz {
			c.recvx = 0
		}
		if w := c.sendq.dequeue(); w != nil {
			// The buffer was full: the first waiting sender's value goes where this one was, at its end.
			movevalue(c.slot(x), w.elem, c.elemsize)
			c.sendx = c.recvx
			w.ok = true
			return done, w.gp
		}
		clearvalue(p, c.elemsize)
		atomicstorerel64(&c.qcount, c.qcount-1)
		return done, nil
	}
	if w := c.sendq.dequeue(); w != nil {
		if dst != nil {
			movevalue(dst, w.elem, c.elemsize)
		}
		w.ok = true
		return done, w.gp
	}
	if c.closed != 0 {
		if dst != nil {
			clearvalue(dst, c.elemsize)
		}
		return closed, nil
	}
	return mustWait, nil
}

// sendNow sends the value at src if that is possible without waiting; the channel is not closed. It answers
// as well the receiver that was served, if any, for the caller to ready.
func (c *hchan) sendNow(src unsafe.Pointer) (bool, *g) {
	if w := c.recvq.dequeue(); w != nil {
		if w.elem != nil {
			movevalue(w.elem, src, c.elemsize)
		}
		w.ok = true
		return true, w.gp
	}
	if c.qcount < c.dataqsiz {
		movevalue(c.slot(c.sendx), src, c.elemsize)
		c.sendx++
		if c.sendx == c.dataqsiz {
			c.sendx = 0
		}
		atomicstorerel64(&c.qcount, c.qcount+1)
		return true, nil
	}
	return false, nil
}

// init makes w the current goroutine's waiter.
func (w *waiter) init(c *hchan, elem unsafe.Pointer, reason uint8) {
	gp := getworker().curg
	gp.waitreason = reason
	w.gp = gp
	w.elem = elem
	w.c = c
	w.sel = nil
	w.ok = false
}

func (c *hchan) beforeSend() {
	if c.bubble != nil {
		c.bubble.must("send on synctest channel from outside bubble")
	}
}

func (c *hchan) beforeReceive() {
	if c.bubble != nil {
		c.bubble.must("receive on synctest channel from outside bubble")
	}
	if c.timer != nil {
		c.timer.look()
	}
}

// chanrecv receives from cp into dst, or queues wp and answers mustWait.
func chanrecv(cp, dst, wp unsafe.Pointer) int {
	c := (*hchan)(cp)
	w := (*waiter)(wp)
	if c == nil {
		w.init(nil, dst, waitChanReceiveNil)
		return mustWait
	}
	c.beforeReceive()
	lockchan(c)
	if s, sender := c.recvNow(dst); s != mustWait {
		unlockchan(c)
		if sender != nil {
			ready(sender)
		}
		return s
	}
	if c.timer != nil {
		c.timer.wait(1)
	}
	w.init(c, dst, waitChanReceive)
	c.recvq.enqueue(w)
	return mustWait
}

// chanpark publishes the handle of the goroutine that waits with wp.
func chanpark(wp, h unsafe.Pointer) bool {
	w := (*waiter)(wp)
	c := w.c
	w.gp.handle = h
	if c == nil {
		w.gp.waitsDurably()
		return true
	}
	if c.bubble != nil {
		w.gp.waitsDurably()
	}
	unlockchan(c)
	return true
}

// chanrecvwoken is what the receive came to.
func chanrecvwoken(wp unsafe.Pointer) int {
	w := (*waiter)(wp)
	if w.c.timer != nil {
		w.c.timer.wait(-1)
	}
	if w.ok {
		return done
	}
	return closed
}

// chansend sends the value at src, or queues wp and answers mustWait.
func chansend(cp, src, wp unsafe.Pointer) int {
	c := (*hchan)(cp)
	w := (*waiter)(wp)
	if c == nil {
		w.init(nil, src, waitChanSendNil)
		return mustWait
	}
	c.beforeSend()
	lockchan(c)
	if c.closed != 0 {
		unlockchan(c)
		panicplain("send on closed channel")
		raise()
	}
	if sent, receiver := c.sendNow(src); sent {
		unlockchan(c)
		if receiver != nil {
			ready(receiver)
		}
		return done
	}
	w.init(c, src, waitChanSend)
	c.sendq.enqueue(w)
	return mustWait
}

// chansendwoken panics if the channel was closed while the sender waited.
func chansendwoken(wp unsafe.Pointer) {
	if !(*waiter)(wp).ok {
		panicplain("send on closed channel")
		raise()
	}
}

// closechan closes the channel: waiting receivers get zero values, waiting senders panic.
func closechan(cp unsafe.Pointer) {
	c := (*hchan)(cp)
	if c == nil {
		panicplain("close of nil channel")
		raise()
	}
	if c.bubble != nil {
		c.bubble.must("close of synctest channel from outside bubble")
	}
	lockchan(c)
	if c.closed != 0 {
		unlockchan(c)
		panicplain("close of closed channel")
		raise()
	}
	atomicstorerel32(&c.closed, 1)
	var first, last *g
	for {
		w := c.recvq.dequeue()
		if w != nil {
			if w.elem != nil {
				clearvalue(w.elem, c.elemsize)
			}
		} else {
			w = c.sendq.dequeue()
			if w == nil {
				break
			}
		}
		if last != nil {
			last.next = w.gp
		} else {
			first = w.gp
		}
		last = w.gp
	}
	unlockchan(c)
	if last == nil {
		return
	}
	last.next = nil
	for first != nil {
		gp := first
		first = gp.next
		gp.next = nil
		ready(gp)
	}
}
