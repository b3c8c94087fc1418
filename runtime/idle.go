package runtime

import "unsafe"

// Workers without work sleep, all but one on a futex of their own. One of them, the sleeper, waits until the first timer
// is due, or in epoll if somebody waits for a file. Whoever makes a goroutine ready wakes a worker if there is a baton
// for it and no other worker looks for work already; that one wakes the next when it finds some.

// wake makes an idle worker look for work, unless one does already or all batons are taken.
func wake(w *worker) {
	if atomicload32(&sched.nfree) != 0 && atomicload32(&sched.spinning) == 0 {
		wakeWorker(w)
	}
}

//go:noinline
func wakeWorker(w *worker) {
	if !cas32(&sched.spinning, 0, 1) {
		return
	}
	lock(&sched.lock)
	b := takeBaton()
	if b == 0 {
		unlock(&sched.lock)
		xadd32(&sched.spinning, ^uint32(0))
		return
	}
	next := popIdle()
	addActive(1)
	unlock(&sched.lock)
	if next == nil {
		next = newWorker()
	}
	next.spinning = true
	next.wokenBy = w
	giveBaton(next, b)
}

// addActive adds n to the number of workers that are not idle, which some read without the lock. The caller holds
// sched.lock.
func addActive(n int32) {
	atomicstorerel32(&sched.active, sched.active+uint32(n))
}

// popIdle takes an idle worker, nil if there is none. The caller holds sched.lock.
func popIdle() *worker {
	w := sched.idle
	if w != nil {
		sched.idle = w.idlenext
		w.idlenext = nil
		w.resting = false
	}
	return w
}

// pushIdle makes w one of the idle workers. The caller holds sched.lock.
func pushIdle(w *worker) {
	addActive(-1)
	w.resting = true
	w.idlenext = sched.idle
	sched.idle = w
}

// unrest takes w, which is idle, back to work if there is a baton. It reports whether it has one.
func unrest(w *worker) bool {
	lock(&sched.lock)
	if !w.resting {
		// It is being given one.
		unlock(&sched.lock)
		waitBaton(w)
		return true
	}
	b := takeBaton()
	if b == 0 {
		unlock(&sched.lock)
		return false
	}
	link := &sched.idle
	for *link != w {
		link = &(*link).idlenext
	}
	*link = w.idlenext
	w.idlenext = nil
	w.resting = false
	addActive(1)
	holdBaton(w, b)
	unlock(&sched.lock)
	endMonitorRest()
	return true
}

// regainBaton is called by a worker that would schedule but has no baton any more, or one too many.
//
//go:noinline
func regainBaton(w *worker) {
	spillQueue(w)
	stopSpinning(w)
	lock(&sched.lock)
	b := stillMeant(dropBaton(w))
	if b == 0 {
		b = takeBaton()
	}
	if b != 0 {
		holdBaton(w, b)
		unlock(&sched.lock)
		return
	}
	pushIdle(w)
	unlock(&sched.lock)
	waitBaton(w)
}

func stopSpinning(w *worker) {
	if w.spinning {
		w.spinning = false
		xadd32(&sched.spinning, ^uint32(0))
	}
}

// rest is for a worker that has found nothing to run: it sleeps until there may be something, and holds a baton again
// when it returns. If nothing can ever run again, the program is stuck.
//
//go:noinline
func rest(w *worker) {
	lock(&sched.lock)
	if sched.size != 0 {
		unlock(&sched.lock)
		return
	}
	putBaton(dropBaton(w))
	pushIdle(w)
	if sched.active == 0 && stuck() {
		unlock(&sched.lock)
		deadlock()
	}
	// Before another worker can take it out of the idle ones, and count it as one that looks for work.
	stopSpinning(w)
	unlock(&sched.lock)
	// Who has queued something since, and saw this worker look, has woken nobody.
	if anyWork() && unrest(w) {
		return
	}
	if cas32(&sched.sleeper, 0, 1) && sleep(w) {
		return
	}
	waitBaton(w)
}

// stuck reports whether nothing can happen any more: no worker is active, and no timer, file or signal is waited for.
func stuck() bool {
	return sched.size == 0 && firstTimer() == 0 && atomicload32(&poller.waiters) == 0 && signals.receivers == 0
}

// anyWork reports whether there is something in some queue, or something has called attention.
func anyWork() bool {
	if atomicload32(&sched.size) != 0 || atomicload32(&sched.attention) != 0 {
		return true
	}
	for b := atomicload32(&sched.procs); b > 0; b-- {
		if v := holder(b); v != nil && atomicload32(&v.head) != atomicload32(&v.tail) {
			return true
		}
	}
	return false
}

// sleep is what the sleeper does. It reports whether the worker has a baton then; it is not the sleeper any more.
func sleep(w *worker) bool {
	atomicstorerel64(&sched.sleepw, uintptr(unsafe.Pointer(w)))
	for {
		// Who adds a timer from now on rouses the sleeper.
		xchg64(&sched.until, 0)
		when := firstTimer()
		ns := int64(-1)
		if when != 0 {
			if ns = when - nanotime(); ns < 0 {
				ns = 0
			}
			atomicstorerel64(&sched.until, uintptr(when))
		} else {
			atomicstorerel64(&sched.until, maxWhen)
		}
		events := 0
		if schedseed.on && ns > 0 {
			events = passTime(w, when, ns)
		} else if ns != 0 {
			if atomicload32(&poller.waiters) != 0 {
				events = pollSleep(w, ns)
			} else {
				futexNap(w, ns)
			}
		}
		if events != 0 {
			// Not idle while goroutines are on their way from the poller to a queue: the program is not stuck.
			lock(&sched.lock)
			addActive(1)
			unlock(&sched.lock)
			pollReady(w, events)
			spillQueue(w)
			lock(&sched.lock)
			addActive(-1)
			unlock(&sched.lock)
		}
		if xchg32(&w.wake, 0) == wakeBaton {
			xchg32(&sched.sleeper, 0)
			holdBaton(w, w.given)
			return true
		}
		if events != 0 || anyWork() || when != 0 && when <= nanotime() {
			xchg32(&sched.sleeper, 0)
			return unrest(w)
		}
	}
}

// futexNap sleeps until w is woken, or for ns, -1: without end.
func futexNap(w *worker, ns int64) {
	leaveWorld(w)
	if ns < 0 {
		futexsleep(&w.wake, 0)
	} else {
		w.timeout.sec = ns / 1000000000
		w.timeout.nsec = ns % 1000000000
		futexwait(&w.wake, 0, unsafe.Pointer(&w.timeout))
	}
	enterWorld(w)
}

// timerSet has the sleeper look again if a timer is due before it would wake up.
func timerSet(when int64) {
	if atomicload32(&sched.sleeper) == 0 {
		return
	}
	if until := atomicload64(&sched.until); until == 0 || uintptr(when) < until {
		rouseSleeper()
	}
}

// fileAwaited has the sleeper sleep in epoll if it does not: from now on somebody waits for a file.
func fileAwaited() {
	if atomicload32(&sched.sleeper) != 0 {
		rouseSleeper()
	}
}

func rouseSleeper() {
	if w := (*worker)(unsafe.Pointer(atomicload64(&sched.sleepw))); w != nil {
		rouse(w)
	}
}
