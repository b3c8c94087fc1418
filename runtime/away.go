package runtime

import "unsafe"

// System calls. A thread that enters one keeps the baton, for most are short; but it publishes its stack, and whoever
// needs the baton may take it: a monitor thread does when the call takes long and there is something to run. A thread
// that finds its baton gone when the call has ended queues up for it, as a goroutine.
//
// away.call is the only word that decides who has the baton: the caller's worker (and a count, so that two calls are told
// apart) while it may be taken, 0 otherwise, changed by atomic exchange. Whoever takes it holds the baton from then on.
//
// Goroutines that call the system all the time and never wait would keep the baton for ever: when the monitor sees that
// for long nothing was scheduled although there is something to run, the next call gives the baton away at once.
//
// The scheduler learns of what happens without the baton through sched.attention: threads that are back, signals.

const (
	regsSaved = 16

	monitorShort = 20 * 1000   // ns the monitor sleeps between two looks, at first
	monitorLong  = 1000 * 1000 // and at most
	monitorLooks = 100         // that find nothing to do before it waits to be woken
	maxTurn      = 10 * 1000 * 1000
)

var away struct {
	call    uintptr // atomic
	back    uintptr // atomic: stack of the threadwaiters of threads that wait for the baton
	n       int     // threads whose baton was taken and that have not got one again
	monitor uint32  // futex: 0 the monitor sleeps until this is 1
	press   uint32  // 1: give the baton away at the next call
	started bool
}

// entersyscall is called before a system call that may block. Until exitsyscall the thread must not touch memory that
// the collector manages, other than through what it had on its stack or in registers before.
//
//go:noinline
func entersyscall() {
	spillregs()
	w := getworker()
	fp := frameaddress()
	// The registers that callees save are just below the frame pointer; they will not be there much longer.
	memmove(unsafe.Pointer(&w.regs), unsafe.Pointer(fp-regsSaved*8), regsSaved*8)
	w.savedfp = loadptr(fp)
	w.savedsp = fp + 16
	work := w.runnext != nil || w.head != w.tail || sched.head != nil || timers.n != 0
	w.calls++
	w.call = uintptr(unsafe.Pointer(w)) | w.calls&(windowSize-1)
	leaveWorld(w)
	xchg64(&away.call, w.call)
	if !work && atomicload32(&sched.attention) == 0 {
		return
	}
	if atomicload32(&away.press) == 0 {
		wakeMonitor()
	} else if takeBaton(w.call) {
		xchg32(&away.press, 0)
		passBaton(idleWorker())
	}
}

// exitsyscall is called when the system call has ended. It returns when the thread has the baton.
//
//go:noinline
func exitsyscall() {
	w := getworker()
	if !cas64(&away.call, w.call, 0) {
		comeBack(w)
	}
	enterWorld(w)
	w.call = 0
	w.savedsp = 0
}

// comeBack queues up for the baton.
//
//go:noinline
func comeBack(w *worker) {
	spillregs()
	w.savedfp = frameaddress()
	w.savedsp = getsp()
	r := &w.away
	for {
		old := atomicload64(&away.back)
		r.next = old
		if cas64(&away.back, old, uintptr(unsafe.Pointer(r))) {
			break
		}
	}
	callAttention()
	// Whoever has the baton may have entered a call before it could see that.
	if call := atomicload64(&away.call); call != 0 && takeBaton(call) {
		passBaton(idleWorker())
	}
	for xchg32(&w.baton, 0) == 0 {
		futexsleep(&w.baton, 0)
	}
	w.curg = r.gp
}

// takeBaton takes the baton of the thread that is in system call call. It reports whether that succeeded: then the
// calling thread has it.
func takeBaton(call uintptr) bool {
	if !cas64(&away.call, call, 0) {
		return false
	}
	w := (*worker)(unsafe.Pointer(call &^ (windowSize - 1)))
	r := &w.away
	r.resume = unsafe.Pointer(threadResumeCode)
	r.destroy = r.resume
	r.w = w
	r.gp = w.curg
	r.gp.handle = unsafe.Pointer(r)
	r.gp.waitreason = waitSyscall
	away.n++
	spillQueue(w)
	return true
}

// callAttention makes the scheduler look at what happened without the baton. It may be called from a signal handler.
func callAttention() {
	if xchg32(&sched.attention, 1) == 0 {
		futexwakeup(&sched.attention, 1)
		wakePoller()
	}
}

// attend queues the goroutines of threads that are back, and hands out signals.
func attend(w *worker) {
	xchg32(&sched.attention, 0)
	list := xchg64(&away.back, 0)
	first := uintptr(0)
	for list != 0 {
		r := (*threadwaiter)(unsafe.Pointer(list))
		next := r.next
		r.next = first
		first = list
		list = next
	}
	for first != 0 {
		r := (*threadwaiter)(unsafe.Pointer(first))
		first = r.next
		away.n--
		readyLast(w, r.gp)
	}
	attendSignals(w)
}

// idle waits until there may be something to run: something calls attention, or a timer is due. If nothing can, the
// program is stuck.
func idle(w *worker, when int64) {
	if atomicload32(&sched.attention) != 0 {
		return
	}
	ns := int64(-1)
	if when != 0 {
		if ns = when - nanotime(); ns <= 0 {
			return
		}
	}
	if poller.waiters != 0 {
		pollIdle(ns)
		return
	}
	if when == 0 {
		if away.n == 0 && signals.receivers == 0 {
			deadlock()
		}
		futexsleep(&sched.attention, 0)
		return
	}
	w.timeout.sec = ns / 1000000000
	w.timeout.nsec = ns % 1000000000
	futexwait(&sched.attention, 0, unsafe.Pointer(&w.timeout))
}

// wakeMonitor makes the monitor look, unless it does so already.
func wakeMonitor() {
	if atomicload32(&away.monitor) != 0 {
		return
	}
	if !away.started {
		away.started = true
		startMonitor()
	}
	if xchg32(&away.monitor, 1) == 0 {
		futexwakeup(&away.monitor, 1)
	}
}

func startMonitor() {
	w := newWorkerWindow()
	if w == nil || !startThread(w, monitorMain) {
		throw("cannot start a thread")
	}
}

// monitorMain is the monitor's thread: it has a worker record, but is no worker.
func monitorMain(arg unsafe.Pointer) {
	w := getworker()
	w.stacktop = frameaddress()
	initSignalStack(w)
	last := uintptr(0)
	tick := uint32(0)
	since := int64(0)
	sleep := int64(monitorShort)
	looks := 0
	for {
		clock_gettime(clockMonotonic, unsafe.Pointer(&w.timeout))
		now := w.timeout.sec*1000000000 + w.timeout.nsec
		if t := atomicload32(&sched.tick); t != tick {
			tick = t
			since = now
		} else if now-since > maxTurn {
			xchg32(&away.press, 1)
			since = now
		}
		call := atomicload64(&away.call)
		if call != 0 && call == last && takeBaton(call) {
			passBaton(idleWorker())
			call = 0
			sleep = monitorShort
			looks = 0
		}
		last = call
		looks++
		if looks > monitorLooks && call == 0 {
			xchg32(&away.monitor, 0)
			if atomicload64(&away.call) == 0 {
				futexsleep(&away.monitor, 0)
			}
			xchg32(&away.monitor, 1)
			sleep = monitorShort
			looks = 0
			continue
		}
		w.timeout.sec = 0
		w.timeout.nsec = sleep
		futexwait(&w.baton, 0, unsafe.Pointer(&w.timeout))
		if sleep < monitorLong && looks > 10 {
			sleep *= 2
		}
	}
}
