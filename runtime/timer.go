package runtime

import "unsafe"

// Timers (timerheap.go has the heaps, one for each baton). The scheduler looks at its own now and then while there is work
// (timerTick), and at all when there is none; the sleeper sleeps until the first entry of any is due. An entry is a
// goroutine that sleeps, or a timer of package time.
//
// A timer with a channel is in a heap only while a goroutine waits for the channel. Otherwise whoever looks at the
// channel runs the timer if it is due by then, so nothing is in the channel's buffer before somebody looks, Stop and
// Reset can take it back, and a ticker nobody refers to any more is garbage like anything else.
//
// Invariants: timer.index is the entry's place in the heap plus 1, 0 if there is none. timer.when is 0 when the timer
// has fired or was stopped. A timer with a channel has an entry if and only if when is not 0 and waiting is not 0. A
// timer stays with the heap it was first set in, whose lock guards it. timer.sending is held from deciding that a timer
// with a channel fires until it has sent, so after Stop and Reset nothing is sent that is not meant.
//
// A bubble (bubble.go) has a heap and a clock of its own. There a timer with a channel has an entry whenever it is set, and
// one that is due when it is set fires at once.

// haveHighResSleep is what package time's tests ask for.
var haveHighResSleep = true

type timer struct {
	c    unsafe.Pointer // C of time.Timer and time.Ticker
	init bool           // and that it was made by the runtime
	draw uint32         // in a bubble: which of those that are due at once goes first

	when    int64
	period  int64
	f       func(arg any, seq uintptr, delay int64)
	arg     any
	seq     uintptr // what f is told
	ch      *hchan
	waiting int // goroutines that wait for the channel
	index   uintptr
	heap    *timers
	sending mutex
}

var timerHeaps [maxProcs]timers

const (
	timerTick = 8 // one in so many scheduling decisions looks at the clock

	maxWhen = 1<<63 - 1
)

// timersOf is the heap for what w waits for.
func timersOf(w *worker) *timers {
	b := atomicload32(&w.baton)
	if b == 0 {
		b = 1
	}
	return &timerHeaps[b-1]
}

// heapOf is the heap for what w's goroutine waits for.
func heapOf(w *worker) *timers {
	if b := currentBubble(); b != nil {
		return &b.timers
	}
	return timersOf(w)
}

// firstTimer is when the first timer of all is due; 0: there is none.
func firstTimer() int64 {
	when := uintptr(0)
	for b := atomicload32(&sched.maxProc); b > 0; b-- {
		if first := atomicload64(&timerHeaps[b-1].first); first != 0 && (when == 0 || first < when) {
			when = first
		}
	}
	return int64(when)
}

// runAllTimers readies and runs all that is due.
func runAllTimers(w *worker) {
	if firstTimer() == 0 {
		return
	}
	for b := atomicload32(&sched.maxProc); b > 0; b-- {
		if atomicload64(&timerHeaps[b-1].first) != 0 {
			timerHeaps[b-1].run(w)
		}
	}
}

// run readies and runs what is due in the heap.
func (h *timers) run(w *worker) {
	for {
		now := h.now()
		first := int64(atomicload64(&h.first))
		if first == 0 || first > now {
			return
		}
		lock(&h.lock)
		if h.n == 0 || h.entry(0).when > now {
			unlock(&h.lock)
			continue
		}
		e := *h.entry(0)
		switch {
		case e.gp != nil:
			h.remove(0)
			h.release()
			readyLast(w, e.gp)
		case e.t.ch == nil:
			e.t.fire(w, now)
		default:
			h.release()
			lock(&e.t.sending)
			lock(&h.lock)
			e.t.fireIfDue(w, now)
			unlock(&e.t.sending)
		}
	}
}

// fireIfDue is called with both locks of the timer held; it gives up that of the heap.
func (t *timer) fireIfDue(w *worker, now int64) {
	if t.when != 0 && t.when <= now {
		t.fire(w, now)
	} else {
		t.heap.release()
	}
}

// fire runs a timer that is due. It gives up the heap's lock before. What the timer starts was created by no goroutine.
func (t *timer) fire(w *worker, now int64) {
	delay := now - t.when
	next := int64(0)
	if t.period > 0 {
		next = t.when + t.period*(1+delay/t.period)
		if next < 0 {
			next = maxWhen
		}
	}
	t.change(next, t.period)
	seq := t.seq
	t.heap.release()
	w.timer = t
	w.timerSeq = seq
	w.delay = delay
	gp := w.curg
	setRunning(w, nil)
	// The function only sends or starts a goroutine, but it is a function value: called as what may panic or wait.
	if coroStart(callTimer, unsafe.Pointer(&w.slot)) != nil || w.slot[0] != 0 {
		throw("a timer's function has panicked or waits")
	}
	setRunning(w, gp)
}

func callTimer() {
	w := getworker()
	t := w.timer
	t.f(t.arg, w.timerSeq, w.delay)
	w.timer = nil
}

// change makes the timer due at when, never if that is 0. The caller holds the heap's lock and releases it.
func (t *timer) change(when, period int64) {
	t.when = when
	t.period = period
	in := when != 0 && (t.ch == nil || t.waiting != 0 || t.heap.bubble != nil)
	switch {
	case in && t.index == 0:
		t.heap.add(timerEntry{when, nil, t})
	case in:
		i := t.index - 1
		e := timerEntry{when, nil, t}
		if t.heap.less(e, *t.heap.entry(i)) {
			t.heap.up(i, e)
		} else {
			t.heap.down(i, e)
		}
	case t.index != 0:
		t.heap.remove(t.index - 1)
	}
}

// set changes a timer without a channel. It reports whether it had been running.
func (t *timer) set(when, period int64) bool {
	lock(&t.heap.lock)
	pending := t.when != 0
	t.change(when, period)
	if t.heap.bubble != nil {
		t.fireIfDue(getworker(), t.heap.now())
	} else {
		t.heap.release()
	}
	return pending
}

// look runs a channel's timer if it is due, before somebody looks at the channel.
func (t *timer) look() {
	// What the timer is set to by others at the same time, they may do before or after.
	if t.when == 0 || t.index != 0 {
		return
	}
	if now := t.heap.now(); t.when <= now {
		lock(&t.sending)
		lock(&t.heap.lock)
		t.fireIfDue(getworker(), now)
		unlock(&t.sending)
	}
}

// wait says that one goroutine more, or less, waits for the timer's channel.
func (t *timer) wait(d int) {
	if t.heap.bubble != nil {
		return
	}
	lock(&t.heap.lock)
	t.waiting += d
	if t.waiting != 0 != (t.index != 0) {
		t.change(t.when, t.period)
	}
	t.heap.release()
}

//go:linkname newTimer time.newTimer
func newTimer(when, period int64, f func(arg any, seq uintptr, delay int64), arg any, ch *hchan) *timer {
	t := new(timer)
	t.init = true
	t.f = f
	t.arg = arg
	t.ch = ch
	t.heap = heapOf(getworker())
	if t.heap.bubble != nil {
		t.draw = uint32(fastrand())
	}
	if ch != nil {
		ch.timer = t
	} else {
		// It fires even if the only goroutine is in a system call then.
		startMonitor()
	}
	t.set(when, period)
	return t
}

//go:linkname stopTimer time.stopTimer
func stopTimer(t *timer) bool {
	if b := t.heap.bubble; b != nil {
		b.must("stop of synctest timer from outside bubble")
	}
	return resetTimer(t, 0, 0)
}

// resetTimer reports whether the timer had been running: what it sent and nobody received was never sent.
//
//go:linkname resetTimer time.resetTimer
func resetTimer(t *timer, when, period int64) bool {
	if b := t.heap.bubble; b != nil {
		b.must("reset of synctest timer from outside bubble")
	}
	if t.ch == nil {
		return t.set(when, period)
	}
	lock(&t.sending)
	// If it is due it has fired: it makes no difference, for what it would send is taken back.
	drained := t.ch.drain()
	pending := t.set(when, period) || drained
	unlock(&t.sending)
	return pending
}

// drain takes back what a timer has sent and nobody has received.
func (c *hchan) drain() bool {
	lockchan(c)
	some := c.qcount != 0
	if some {
		c.recvNow(nil)
	}
	unlockchan(c)
	return some
}

//go:linkname timeSleep time.Sleep
func timeSleep(ns int64) {
	if ns <= 0 {
		return
	}
	w := getworker()
	when := heapOf(w).now() + ns
	if when < 0 {
		when = maxWhen
	}
	w.curg.waitreason = waitSleep
	park1(sleepPark, unsafe.Pointer(uintptr(when)))
}

func sleepPark(arg, h unsafe.Pointer) bool {
	w := getworker()
	gp := w.curg
	gp.handle = h
	t := heapOf(w)
	lock(&t.lock)
	t.add(timerEntry{int64(uintptr(arg)), gp, nil})
	t.release()
	if t.bubble != nil {
		// Nobody has woken it: as long as it counts as busy the bubble's clock stands.
		gp.waitsDurably()
	}
	return true
}

// The clock.

func walltime() (sec int64, nsec int32) {
	if schedseed.on {
		return seededWall()
	}
	w := getworker()
	clock_gettime(clockRealtime, unsafe.Pointer(&w.now))
	return w.now.sec, int32(w.now.nsec)
}

//go:linkname time_now time.now
func time_now() (sec int64, nsec int32, mono int64) {
	sec, nsec = walltime()
	return sec, nsec, nanotime()
}

//go:linkname time_runtimeNow time.runtimeNow
func time_runtimeNow() (sec int64, nsec int32, mono int64) {
	if b := currentBubble(); b != nil {
		// Without a reading of the monotonic clock: it would be another one's outside of the bubble.
		now := b.now()
		return now / 1000000000, int32(now % 1000000000), 0
	}
	return time_now()
}

//go:linkname time_runtimeNano time.runtimeNano
func time_runtimeNano() int64 {
	if b := currentBubble(); b != nil {
		return b.now()
	}
	return nanotime()
}

//go:linkname time_runtimeIsBubbled time.runtimeIsBubbled
func time_runtimeIsBubbled() bool {
	return currentBubble() != nil
}
