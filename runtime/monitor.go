package runtime

import "unsafe"

// The monitor: a thread that holds no baton and runs no goroutines. It looks at the workers that hold batons now and then,
// and lets another worker have the baton of one that is in a system call or computes for long while there is something
// else to do. It also sees to what no worker would notice in time: signals, timers and files while all batons' holders are
// busy. While no worker is active it sleeps.

const (
	monitorShort  = 20 * 1000        // ns the monitor sleeps between two looks, at first
	monitorLong   = 10 * 1000 * 1000 // and at most
	monitorLooks  = 50               // that find nothing to do before it sleeps longer
	maxTurn       = 10 * 1000 * 1000 // ns that a worker computes before its baton may be taken
	monitorNaps   = 1
	monitorRests  = 2
	extrasPerTurn = 16 // with so many workers that go on without a baton this takes longer
	scanPause     = 16 // times as long as it has taken, all workers are not looked at again
)

var monitor struct {
	started  uint32 // atomic
	sleeping uint32 // futex: monitorNaps while it sleeps for long, monitorRests while it waits until a worker is active
	extras   int    // workers that were seen to go on without a baton
	scan     int64  // when to look for such workers again
	seen     [maxProcs]struct {
		w     *worker
		tick  uint32
		calls uint32
		since int64
	}
}

// startMonitor starts the monitor, if that has not been done. A program of one goroutine that nothing can interrupt needs none.
func startMonitor() {
	if atomicload32(&monitor.started) == 0 {
		newMonitor()
	}
}

//go:noinline
func newMonitor() {
	if !cas32(&monitor.started, 0, 1) {
		return
	}
	w := newWorkerWindow()
	if w == nil || !startThread(w, monitorMain) {
		throw("cannot start a thread")
	}
}

// wakeMonitor has the monitor look soon. It may be called from a signal handler, once the monitor has been started.
func wakeMonitor() {
	if atomicload32(&monitor.sleeping) != 0 && xchg32(&monitor.sleeping, 0) != 0 {
		futexwakeup(&monitor.sleeping, 1)
	}
}

// endMonitorRest is called when a worker has become active.
func endMonitorRest() {
	if atomicload32(&monitor.sleeping) == monitorRests {
		wakeMonitor()
	}
}

// monitorMain is the monitor's thread: it has a worker record, but is no worker.
func monitorMain(arg unsafe.Pointer) {
	w := getworker()
	w.stacktop = frameaddress()
	initSignalStack(w)
	sleep := int64(monitorShort)
	looks := 0
	for {
		if monitorSleep(w, sleep) {
			sleep = monitorShort
			looks = 0
		}
		if look(monotime()) {
			sleep = monitorShort
			looks = 0
		} else if looks++; looks > monitorLooks && sleep < monitorLong {
			sleep *= 2
		}
	}
}

// monitorSleep reports whether the monitor has been woken.
func monitorSleep(w *worker, ns int64) bool {
	w.timeout.sec = 0
	w.timeout.nsec = ns
	if ns <= 4*monitorShort {
		futexwait(&w.wake, 0, unsafe.Pointer(&w.timeout))
		return false
	}
	how := uint32(monitorNaps)
	if ns >= monitorLong {
		how = monitorRests
	}
	xchg32(&monitor.sleeping, how)
	if atomicload32(&sched.attention) == 0 {
		if how == monitorRests && atomicload32(&sched.active) == 0 {
			futexsleep(&monitor.sleeping, how)
		} else {
			futexwait(&monitor.sleeping, how, unsafe.Pointer(&w.timeout))
		}
	}
	return xchg32(&monitor.sleeping, 0) == 0
}

// crowded reports whether more workers are active than batons are held.
func crowded() bool {
	return atomicload32(&sched.active) > atomicload32(&sched.procs)-atomicload32(&sched.nfree)
}

// scanCrowd moves what is queued with workers that go on without a baton to where others find it. There may be thousands
// of workers whose threads are parked: they are looked at seldom enough that this takes a small part of the time.
func scanCrowd(now int64) {
	if !crowded() {
		monitor.extras = 0
		return
	}
	if now < monitor.scan {
		return
	}
	extras := 0
	for v := allWorkers(); v != nil && crowded(); v = v.allnext {
		if atomicload32(&v.baton) != 0 || running(v) == nil {
			continue
		}
		// Others do not look into the queue of who goes on without a baton.
		if atomicload32(&v.status) == statusRunning {
			drain(v)
			extras++
		} else if v.hasQueue() {
			// In a system call.
			drain(v)
		}
	}
	monitor.extras = extras
	monitor.scan = now + scanPause*(monotime()-now)
}

// look looks at the holders of all batons, and now and then at all workers. It reports whether there was something to do.
func look(now int64) bool {
	done := false
	if atomicload32(&sched.attention) != 0 {
		done = wakeFor()
	}
	work := atomicload32(&sched.size) != 0
	first := firstTimer()
	unattended := atomicload32(&sched.sleeper) == 0 && (first != 0 || atomicload32(&poller.waiters) != 0)
	scanCrowd(now)
	turn := int64(maxTurn) * int64(1+monitor.extras/extrasPerTurn)
	for b := uint32(1); b <= atomicload32(&sched.maxProc); b++ {
		v := holder(b)
		if v == nil || atomicload32(&v.baton) != b {
			continue
		}
		if b > atomicload32(&sched.procs) {
			// GOMAXPROCS is less now: the worker goes on without.
			lock(&sched.lock)
			if b > sched.procs && cas32(&v.baton, b, 0) {
				stillMeant(b)
				done = true
			}
			unlock(&sched.lock)
			continue
		}
		seen := &monitor.seen[b-1]
		tick, calls := atomicload32(&v.tick), atomicload32(&v.calls)
		inCall := atomicload64(&v.call) != 0 && seen.w == v && seen.calls == calls
		seen.calls = calls
		if seen.w != v || seen.tick != tick {
			seen.w = v
			seen.tick = tick
			seen.since = now
		}
		todo := work || unattended || v.hasQueue()
		if !todo {
			continue
		}
		long := now-seen.since > turn
		if !inCall && !long {
			continue
		}
		if wakeFor() || (long || cas64(&v.call, callKeeps, callLost)) && retake(v, b) {
			seen.w = nil
			done = true
		}
	}
	if (atomicload32(&sched.size) != 0 || unattended) && atomicload32(&sched.spinning) == 0 && wakeFor() {
		done = true
	}
	return done
}

// wakeFor wakes an idle worker if a baton is free. It reports whether one was.
func wakeFor() bool {
	if atomicload32(&sched.nfree) == 0 {
		return false
	}
	lock(&sched.lock)
	b := takeBaton()
	if b == 0 {
		unlock(&sched.lock)
		return false
	}
	addActive(1)
	activate(b)
	return true
}

// activate gives a baton to an idle worker, or a new one, which has been counted as active. The caller holds sched.lock.
func activate(b uint32) {
	next := popIdle()
	unlock(&sched.lock)
	if next == nil {
		next = newWorker()
	}
	giveBaton(next, b)
}

// retake gives v's baton to another worker. It reports whether v has not given it away before.
func retake(v *worker, b uint32) bool {
	if !cas32(&v.baton, b, 0) {
		return false
	}
	// Counted before goroutines are on their way from v's queue to the global one: the program is not stuck.
	lock(&sched.lock)
	addActive(1)
	unlock(&sched.lock)
	spillQueue(v)
	lock(&sched.lock)
	activate(b)
	return true
}

// drain moves what is in v's queue to the global one. It counts as active for that time, and leaves it to a worker to
// find out if nothing was left to do meanwhile.
func drain(v *worker) {
	lock(&sched.lock)
	addActive(1)
	unlock(&sched.lock)
	spillQueue(v)
	lock(&sched.lock)
	addActive(-1)
	if sched.active == 0 {
		if b := takeBaton(); b != 0 {
			addActive(1)
			activate(b)
			return
		}
	}
	unlock(&sched.lock)
}
