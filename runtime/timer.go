package runtime

import "unsafe"

// Timers: a heap of what is due when. The scheduler looks at it now and then while there is work (timerTick), and sleeps
// until the first entry is due when there is none. An entry is a goroutine that sleeps, or a timer of package time.
//
// A timer with a channel is in the heap only while a goroutine waits for the channel. Otherwise whoever looks at the
// channel runs the timer if it is due by then, so nothing is in the channel's buffer before somebody looks, Stop and
// Reset can take it back, and a ticker nobody refers to any more is garbage like anything else.
//
// Invariants: timer.index is the entry's place in the heap plus 1, 0 if there is none. timer.when is 0 when the timer
// has fired or was stopped. A timer with a channel has an entry if and only if when is not 0 and waiting is not 0.

type timer struct {
	c    unsafe.Pointer // C of time.Timer and time.Ticker
	init bool           // and that it was made by the runtime

	when    int64
	period  int64
	f       func(arg any, seq uintptr, delay int64)
	arg     any
	ch      *hchan
	waiting int // goroutines that wait for the channel
	index   uintptr
}

type timerEntry struct {
	when int64
	gp   *g // sleeps; or
	t    *timer
}

var timers struct {
	heap uintptr // of timerEntry; four children each
	n    uintptr
	cap  uintptr
	slot [8]uint8 // of the call that runs a timer

	firing *timer
	delay  int64
}

const (
	timerSize = unsafe.Sizeof(timerEntry{})
	timerTick = 8 // one in so many scheduling decisions looks at the clock

	maxWhen = 1<<63 - 1
)

func timerAt(i uintptr) *timerEntry {
	return (*timerEntry)(unsafe.Pointer(timers.heap + i*timerSize))
}

func timerPut(i uintptr, e timerEntry) {
	*timerAt(i) = e
	if e.t != nil {
		e.t.index = i + 1
	}
}

// timerUp moves e from place i towards the root, as far as it belongs.
func timerUp(i uintptr, e timerEntry) {
	for i > 0 {
		up := (i - 1) / 4
		if timerAt(up).when <= e.when {
			break
		}
		timerPut(i, *timerAt(up))
		i = up
	}
	timerPut(i, e)
}

// timerDown moves e from place i away from the root.
func timerDown(i uintptr, e timerEntry) {
	for {
		first := i*4 + 1
		if first >= timers.n {
			break
		}
		least := first
		for k := first + 1; k < first+4 && k < timers.n; k++ {
			if timerAt(k).when < timerAt(least).when {
				least = k
			}
		}
		if timerAt(least).when >= e.when {
			break
		}
		timerPut(i, *timerAt(least))
		i = least
	}
	timerPut(i, e)
}

func timerAdd(e timerEntry) {
	if timers.n == timers.cap {
		size := timers.cap * 2
		if size == 0 {
			size = 4096 / timerSize
		}
		heap := sysAlloc(size * timerSize)
		if timers.cap != 0 {
			memmove(unsafe.Pointer(heap), unsafe.Pointer(timers.heap), timers.n*timerSize)
			munmap(unsafe.Pointer(timers.heap), timers.cap*timerSize)
		}
		timers.heap = heap
		timers.cap = size
	}
	timers.n++
	timerUp(timers.n-1, e)
}

// timerRemove takes the entry at place i out.
func timerRemove(i uintptr) {
	gone := *timerAt(i)
	if gone.t != nil {
		gone.t.index = 0
	}
	timers.n--
	last := *timerAt(timers.n)
	*timerAt(timers.n) = timerEntry{}
	if i == timers.n {
		return
	}
	if i > 0 && last.when < timerAt((i-1)/4).when {
		timerUp(i, last)
	} else {
		timerDown(i, last)
	}
}

// scanTimers marks the timers in the heap.
func (m *marker) scanTimers() {
	m.scanWords(timers.heap, timers.heap+timers.n*timerSize)
}

// runTimers readies and runs all that is due. It answers when the next entry is; 0: there is none.
func runTimers(w *worker) int64 {
	for timers.n != 0 {
		e := *timerAt(0)
		now := nanotime()
		if e.when > now {
			return e.when
		}
		if e.gp != nil {
			timerRemove(0)
			readyLast(w, e.gp)
		} else {
			e.t.fire(now)
		}
	}
	return 0
}

// fire runs a timer that is due.
func (t *timer) fire(now int64) {
	delay := now - t.when
	next := int64(0)
	if t.period > 0 {
		next = t.when + t.period*(1+delay/t.period)
		if next < 0 {
			next = maxWhen
		}
	}
	t.set(next, t.period)
	timers.firing = t
	timers.delay = delay
	// The function only sends or starts a goroutine, but it is a function value: called as what may panic or wait.
	if coroStart(callTimer, unsafe.Pointer(&timers.slot)) != nil || timers.slot[0] != 0 {
		throw("a timer's function has panicked or waits")
	}
}

func callTimer() {
	t := timers.firing
	timers.firing = nil
	t.f(t.arg, 0, timers.delay)
}

// set makes the timer due at when, never if that is 0.
func (t *timer) set(when, period int64) {
	t.when = when
	t.period = period
	in := when != 0 && (t.ch == nil || t.waiting != 0)
	switch {
	case in && t.index == 0:
		timerAdd(timerEntry{when, nil, t})
	case in:
		i := t.index - 1
		e := timerEntry{when, nil, t}
		if when < timerAt(i).when {
			timerUp(i, e)
		} else {
			timerDown(i, e)
		}
	case t.index != 0:
		timerRemove(t.index - 1)
	}
}

// look runs a channel's timer if it is due, before somebody looks at the channel.
func (t *timer) look() {
	if t.when != 0 && t.index == 0 {
		if now := nanotime(); t.when <= now {
			t.fire(now)
		}
	}
}

// wait says that one goroutine more, or less, waits for the timer's channel.
func (t *timer) wait(d int) {
	t.waiting += d
	if t.waiting != 0 != (t.index != 0) {
		t.set(t.when, t.period)
	}
}

// drain takes back what the timer has sent and nobody has received.
func (t *timer) drain() bool {
	if t.ch == nil || t.ch.qcount == 0 {
		return false
	}
	t.ch.recvNow(nil)
	return true
}

//go:linkname newTimer time.newTimer
func newTimer(when, period int64, f func(arg any, seq uintptr, delay int64), arg any, ch *hchan) *timer {
	t := new(timer)
	t.init = true
	t.f = f
	t.arg = arg
	t.ch = ch
	if ch != nil {
		ch.timer = t
	}
	t.set(when, period)
	return t
}

//go:linkname stopTimer time.stopTimer
func stopTimer(t *timer) bool {
	return resetTimer(t, 0, 0)
}

// resetTimer reports whether the timer had been running: what it sent and nobody received was never sent.
//
//go:linkname resetTimer time.resetTimer
func resetTimer(t *timer, when, period int64) bool {
	if t.ch != nil {
		t.look()
	}
	pending := t.when != 0
	t.set(when, period)
	return t.drain() || pending
}

//go:linkname timeSleep time.Sleep
func timeSleep(ns int64) {
	if ns <= 0 {
		return
	}
	when := nanotime() + ns
	if when < 0 {
		when = maxWhen
	}
	getworker().curg.waitreason = waitSleep
	park1(sleepPark, unsafe.Pointer(uintptr(when)))
}

func sleepPark(arg, h unsafe.Pointer) bool {
	gp := getworker().curg
	gp.handle = h
	timerAdd(timerEntry{int64(uintptr(arg)), gp, nil})
	return true
}

// The clock.

func walltime() (sec int64, nsec int32) {
	clock_gettime(clockRealtime, unsafe.Pointer(&timebuf))
	return timebuf.sec, int32(timebuf.nsec)
}

//go:linkname time_now time.now
func time_now() (sec int64, nsec int32, mono int64) {
	sec, nsec = walltime()
	return sec, nsec, nanotime()
}

//go:linkname time_runtimeNow time.runtimeNow
func time_runtimeNow() (sec int64, nsec int32, mono int64) {
	return time_now()
}

//go:linkname time_runtimeNano time.runtimeNano
func time_runtimeNano() int64 {
	return nanotime()
}

// time_runtimeIsBubbled: there are no bubbles of testing/synctest.
//
//go:linkname time_runtimeIsBubbled time.runtimeIsBubbled
func time_runtimeIsBubbled() bool {
	return false
}
