package runtime

import "unsafe"

// Stopping the world. Whoever stops it makes the epoch odd and then waits for every worker: those that are away need not
// be told, all others get a signal, whose handler publishes stack and registers and sleeps until the epoch is even again.
// A worker that holds a lock of the runtime's (worker.locks) goes on until it holds none.
//
// Code may be stopped between any two instructions. That is why the fast paths of allocation need no lock, wherever they
// were inlined: the collector leaves the run that a worker hands out from, and its lists of frames, as they are
// (malloc.go, frame.go).
//
// Invariant: a worker that comes back while the world is stopped says so in its status first and looks at the epoch
// then, whoever stops does it the other way round; so one of them sees the other.

// Status of a worker.
const (
	// statusRunning: it runs Go code or the runtime's own; to be stopped it must be told.
	statusRunning = 0
	// statusAway: it is parked, idle, in a system call or not yet started. Its stack is live from savedsp up (0: nothing of
	// it), and its registers were in regs if call is not 0. It touches nothing that the collector manages.
	statusAway = 1
)

const (
	sigStop    = 23 // SIGURG, as gc's: ignored by default, and rarely wanted
	siTkill    = -6 // si_code of a signal sent by tgkill
	redZone    = 128
	freezeNaps = 50
	stopNap    = 100 * 1000 // ns after which workers that have not stopped are told again
	sysTgkill  = 234
	sysGetpid  = 39
	sysGettid  = 186
	siginfoWhy = 8
)

var world struct {
	epoch uint32 // futex, atomic: odd while the world is stopped
	acks  uint32 // futex, atomic: changes when a worker stops
	mutex mutex  // who may stop it: longlock, by workers that are away
	pid   uintptr
}

// leaveWorld says that the worker, whose stack is published, is away.
func leaveWorld(w *worker) {
	atomicstorerel32(&w.status, statusAway)
	if atomicload32(&world.epoch)&1 != 0 {
		acknowledge()
	}
}

// enterWorld ends that: it waits while the world is stopped.
func enterWorld(w *worker) {
	for {
		if e := atomicload32(&world.epoch); e&1 != 0 {
			futexsleep(&world.epoch, e)
			continue
		}
		xchg32(&w.status, statusRunning)
		if atomicload32(&world.epoch)&1 == 0 {
			return
		}
		leaveWorld(w)
	}
}

// acknowledge has whoever stops the world look again.
func acknowledge() {
	xadd32(&world.acks, 1)
	futexwakeup(&world.acks, 1)
}

// stopWorker stops the calling worker at a lock's end, because of a stop that came too early.
//
//go:noinline
func stopWorker(w *worker) {
	spillregs()
	atomicstore32(&w.stopPending, 0)
	w.stoppc = 0
	w.stopfp = frameaddress()
	stayStopped(w, getsp())
}

// stayStopped sleeps while the world is stopped; the worker's stack is live from sp up.
//
//go:noinline
func stayStopped(w *worker, sp uintptr) {
	errno := errnoLocation()
	saved := *errno
	for {
		e := atomicload32(&world.epoch)
		if e&1 == 0 {
			break
		}
		w.stopsp = sp
		atomicstore32(&w.stopped, e)
		acknowledge()
		futexsleep(&world.epoch, e)
	}
	*errno = saved
}

// stopSignal is the stop signal's handler. Its frame and what the kernel put above it, on the signal stack, hold the
// registers.
func stopSignal(sig int32, info, uctx unsafe.Pointer) {
	if *(*int32)(add(info, siginfoWhy)) != siTkill {
		noteUrgent(sig, info, uctx)
		return
	}
	w := getworker()
	if atomicload32(&world.epoch)&1 == 0 {
		return
	}
	if atomicload32(&w.status) != statusRunning {
		// It has left since it was told. It may have looked at the epoch before anybody could see its status.
		errno := errnoLocation()
		saved := *errno
		acknowledge()
		*errno = saved
		return
	}
	if w.locks != 0 {
		atomicstore32(&w.stopPending, 1)
		return
	}
	sp := loadptr(uintptr(uctx) + ucontextRSP)
	if sp-uintptr(unsafe.Pointer(w)) < stackAt {
		// In another signal's handler, which is soon over.
		return
	}
	w.sigsp = getsp()
	w.stoppc = loadptr(uintptr(uctx) + ucontextRIP)
	w.stopfp = loadptr(uintptr(uctx) + ucontextRBP)
	stayStopped(w, sp-redZone)
	w.sigsp = 0
}

func initStop() {
	world.pid = uintptr(syscall6(sysGetpid, 0, 0, 0, 0, 0, 0))
	signals.action.handler = *(*unsafe.Pointer)(recordOfHandler(stopSignal))
	signals.action.flags = saSiginfo | saOnstack | saRestart
	sigaction(sigStop, unsafe.Pointer(&signals.action), nil)
}

// stopTheWorld returns when no worker runs: all are away or have published their stacks. The calling worker is away
// itself, and has acquired the world.
func stopTheWorld(self *worker) {
	e := atomicload32(&world.epoch) + 1
	atomicstore32(&world.epoch, e)
	for {
		acks := atomicload32(&world.acks)
		if tellWorkers(e) == 0 {
			return
		}
		self.stopnap.nsec = stopNap
		futexwait(&world.acks, acks, unsafe.Pointer(&self.stopnap))
	}
}

// tellWorkers signals all workers that run and answers how many there are.
func tellWorkers(e uint32) int {
	n := 0
	for w := allWorkers(); w != nil; w = w.allnext {
		if atomicload32(&w.status) == statusRunning && atomicload32(&w.stopped) != e {
			n++
			if atomicload32(&w.stopPending) == 0 {
				syscall6(sysTgkill, world.pid, uintptr(w.tid), sigStop, 0, 0, 0)
			}
		}
	}
	return n
}

func startTheWorld() {
	atomicstore32(&world.epoch, atomicload32(&world.epoch)+1)
	futexwakeup(&world.epoch, 1<<31-1)
}

// stopsHere reports whether the stopped world's worker w was stopped while it ran; otherwise it is away.
func (w *worker) stopsHere() bool {
	return atomicload32(&w.stopped) == atomicload32(&world.epoch)
}

// freezeWorld stops the others for ever, because the calling worker ends the program, as far as that works within some
// milliseconds: what is broken may be what would stop them.
func freezeWorld(self *worker) {
	atomicstore32(&self.status, statusAway)
	e := atomicload32(&world.epoch)
	if e&1 == 0 {
		e++
		atomicstore32(&world.epoch, e)
	}
	for i := 0; i < freezeNaps && tellWorkers(e) != 0; i++ {
		self.stopnap.sec = 0
		self.stopnap.nsec = stopNap
		futexwait(&never, 0, unsafe.Pointer(&self.stopnap))
	}
}

// allWorkers is the newest of all workers.
func allWorkers() *worker {
	return (*worker)(unsafe.Pointer(atomicload64((*uintptr)(unsafe.Pointer(&sched.workers)))))
}

// pauseWorld stops the world for the calling worker, until resumeWorld.
//
//go:noinline
func pauseWorld(w *worker) {
	spillregs()
	if w.locks != 0 {
		throw("the world is to be stopped by who holds a lock")
	}
	w.savedsp = getsp()
	leaveWorld(w)
	longlock(&world.mutex)
	stopTheWorld(w)
}

//go:noinline
func resumeWorld(w *worker) {
	spillregs()
	w.savedsp = getsp()
	startTheWorld()
	longunlock(&world.mutex)
	enterWorld(w)
	w.savedsp = 0
}
