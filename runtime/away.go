package runtime

import "unsafe"

// System calls. A thread that enters one keeps its baton, for most are short; but it publishes its stack, and the monitor
// takes the baton away when the call takes long and there is something else to do. A thread that finds its baton gone
// when the call has ended takes another, or queues up for one as a goroutine.

const regsSaved = 16

// worker.call while the thread is in a system call.
const (
	callKeeps = 1 // with its baton, if it had one
	callLost  = 2 // the monitor has taken the baton
)

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
	atomicstorerel32(&w.calls, w.calls+1)
	atomicstorerel64(&w.call, callKeeps)
	work := w.hasQueue() || atomicload32(&sched.size) != 0
	leaveWorld(w)
	if work {
		wakeMonitor()
	}
}

// exitsyscall is called when the system call has ended. It returns when the thread may go on.
//
//go:noinline
func exitsyscall() {
	w := getworker()
	enterWorld(w)
	kept := cas64(&w.call, callKeeps, 0)
	w.savedsp = 0
	if !kept {
		w.call = 0
		comeBack(w)
	}
}

// comeBack queues up for a baton, unless one is free.
//
//go:noinline
func comeBack(w *worker) {
	spillregs()
	spillQueue(w)
	lock(&sched.lock)
	if b := takeBaton(); b != 0 {
		holdBaton(w, b)
		unlock(&sched.lock)
		return
	}
	r := &w.away
	r.resume = unsafe.Pointer(threadResumeCode)
	r.destroy = r.resume
	r.w = w
	gp := w.curg
	r.gp = gp
	gp.handle = unsafe.Pointer(r)
	gp.waitreason = waitSyscall
	gp.next = nil
	fp := frameaddress()
	r.standsAt(fp)
	w.savedfp = fp
	w.savedsp = getsp()
	// As long as the lock is held, who has a baton does not rest: it will see the goroutine in the queue.
	globputLocked(gp, gp, 1)
	addActive(-1)
	unlock(&sched.lock)
	waitBaton(w)
	w.savedsp = 0
	setRunning(w, r.gp)
}

// attend hands out signals that were noted.
func attend(w *worker) {
	xchg32(&sched.attention, 0)
	attendSignals(w)
}

// callAttention makes some worker look at what was noted. It may be called from a signal handler.
func callAttention() {
	xchg32(&sched.attention, 1)
	wakeMonitor()
}
