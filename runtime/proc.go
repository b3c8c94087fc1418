package runtime

import "unsafe"

// Goroutines and their queues. A goroutine is a g and whatever is to be resumed for it to go on: its closure before it
// has started, the handle of its innermost suspended coroutine, or a parked thread's record.
//
// Invariants: a g is in at most one queue; a waiting g (waitreason not 0) is in none, and only whoever takes its
// waiter out of a channel readies it. curg is the g whose code a worker runs.

type g struct {
	handle       unsafe.Pointer // resumes it, while suspended
	fn           unsafe.Pointer // closure to start with
	next         *g             // in a queue or free list
	panics       *panicrec      // newest first
	recoverPanic *panicrec      // "may recover": given by paniccall, taken by recovertoken
	recoverCode  uintptr
	slot         [8]uint8 // the root coroutine's: byte 0 says it ended by a panic
	id           uint64   // 0: free
	creator      uint64   // goroutine that started it
	startpc      uintptr  // where
	semaddr      uintptr  // sema.go: what it waits for, if it is the first to
	semnext      *g       // the first waiter for another address
	semtail      *g       // the last waiter for this one
	sigpc        uintptr  // where it dereferenced nil last: shown when a panic ends it, whichever
	ticket       uint32   // notifylist.go
	waitreason   uint8
	handed       bool // sema.go: what it waited for is its
	system       bool // not counted, nor listed
	ended        bool
	started      bool

	fipsIndicator uint8 // cryptoapi.go
	fipsBypass    bool
}

const (
	slabSize   = 64 << 10
	gsPerSlab  = (slabSize - 16) / unsafe.Sizeof(g{})
	globalTick = 61 // one in so many decisions looks at the global queue first
	nextMax    = 64 // so many in a row from runnext, then its turn is over
)

// slab is a block of g's; they are never given back.
type slab struct {
	next *slab
	n    uintptr // in use
	gs   [gsPerSlab]g
}

var sched struct {
	workers   *worker // all
	idle      *worker // threads that wait for the baton with nothing to go back to
	nworkers  int
	tick      uint32 // scheduling decisions
	attention uint32 // futex: 1 if something happened without the baton (away.go)
	head      *g     // global queue
	tail      *g
	slabs     *slab // oldest first
	lastSlab  *slab
	lastid    uint64
	ngs       int // goroutines that have not ended, without system ones
	main      *g
	mainExit  bool // main goroutine called Goexit
}

func newg() *g {
	w := getworker()
	gp := w.gfree
	if gp != nil {
		w.gfree = gp.next
		gp.next = nil
	} else {
		s := sched.lastSlab
		if s == nil || s.n == gsPerSlab {
			s = (*slab)(unsafe.Pointer(sysAlloc(slabSize)))
			if sched.lastSlab == nil {
				sched.slabs = s
			} else {
				sched.lastSlab.next = s
			}
			sched.lastSlab = s
		}
		gp = (*g)(add(unsafe.Pointer(&s.gs), s.n*unsafe.Sizeof(g{})))
		s.n++
	}
	sched.lastid++
	gp.id = sched.lastid
	return gp
}

// newproc queues a goroutine that calls closure f.
//
//go:noinline
func newproc(f unsafe.Pointer) {
	gp := newg()
	gp.fn = f
	gp.startpc = returnaddress()
	sched.ngs++
	w := getworker()
	if w.curg == nil {
		// Timers: their goroutines start in order.
		readyLast(w, gp)
		return
	}
	gp.creator = w.curg.id
	gp.fipsBypass = w.curg.fipsBypass
	ready(gp)
}

// newsystemproc is the same for a goroutine of the runtime's own.
func newsystemproc(f func()) {
	gp := newg()
	gp.fn = recordOfFunc(f)
	gp.system = true
	ready(gp)
}

// ready makes gp the next goroutine to run.
func ready(gp *g) {
	gp.waitreason = 0
	w := getworker()
	old := w.runnext
	w.runnext = gp
	if old != nil {
		runqput(w, old)
	}
}

// readyLast makes gp run after all others that are ready.
func readyLast(w *worker, gp *g) {
	gp.waitreason = 0
	runqput(w, gp)
}

// runqput puts gp at the end of the worker's queue; when that is full, half of it goes to the global one.
func runqput(w *worker, gp *g) {
	if w.tail-w.head == ringSize {
		for i := 0; i < ringSize/2; i++ {
			globput(w.ring[w.head%ringSize])
			w.head++
		}
	}
	w.ring[w.tail%ringSize] = gp
	w.tail++
}

func globput(gp *g) {
	gp.next = nil
	if sched.tail != nil {
		sched.tail.next = gp
	} else {
		sched.head = gp
	}
	sched.tail = gp
}

func globget() *g {
	gp := sched.head
	if gp != nil {
		sched.head = gp.next
		if sched.head == nil {
			sched.tail = nil
		}
		gp.next = nil
	}
	return gp
}

// spillQueue moves the worker's goroutines to the global queue, before it stops scheduling.
func spillQueue(w *worker) {
	if gp := w.runnext; gp != nil {
		w.runnext = nil
		globput(gp)
	}
	for w.head != w.tail {
		globput(w.ring[w.head%ringSize])
		w.head++
	}
}

// findrunnable picks the goroutine to run next, nil if there is none.
func findrunnable(w *worker) *g {
	w.tick++
	sched.tick++
	if atomicload32(&sched.attention) != 0 {
		attend(w)
	}
	if poller.waiters != 0 && w.tick%pollTick == 0 {
		pollEvents(0)
	}
	if timers.n != 0 && w.tick%timerTick == 0 {
		runTimers(w)
	}
	if w.tick%globalTick == 0 {
		if gp := globget(); gp != nil {
			return gp
		}
	}
	if gp := w.runnext; gp != nil {
		w.runnext = nil
		w.nextrun++
		if w.nextrun < nextMax {
			return gp
		}
		runqput(w, gp)
	}
	w.nextrun = 0
	if w.head != w.tail {
		gp := w.ring[w.head%ringSize]
		w.head++
		return gp
	}
	return globget()
}

// schedule runs goroutines for ever; the worker holds the baton.
//
//go:noinline
func schedule(w *worker) {
	for {
		gp := findrunnable(w)
		if gp == nil {
			when := runTimers(w)
			gp = findrunnable(w)
			if gp == nil {
				idle(w, when)
				continue
			}
		}
		w.curg = gp
		w.newFrames = 0
		if gp.fn != nil {
			start(gp)
		} else {
			h := gp.handle
			gp.handle = nil
			w.resumed = h
			coroResume(h)
			if w.ended {
				w.ended = false
				goexit0(gp)
			}
		}
		if w.handoff != nil {
			handOff(w)
		}
		w.resumed = nil
		w.curg = nil
	}
}

// start runs a new goroutine up to its first suspension and detaches it: from then on nobody waits for its root.
func start(gp *g) {
	f := *(*func())(unsafe.Pointer(&gp.fn))
	gp.fn = nil
	gp.started = true
	h := coroStart(f, unsafe.Pointer(&gp.slot))
	if h == nil {
		goexit0(gp)
		return
	}
	state := (*uintptr)(add(h, promiseState))
	if xchg64(state, coroDetached) == coroDone {
		coroDestroy(h)
		goexit0(gp)
	}
}

// States of a coroutine's promise; every other value is the waiter's handle.
const (
	coroRunning  = 0
	coroDone     = 1
	coroDetached = 2
)

// Where a coroutine's promise is, from its handle.
const (
	promiseState = 16
	promiseLine  = 24 // of the source, where it waits
)

// awaitHook makes h the waiter of coroutine callee. False: it has finished, go on.
func awaitHook(callee, h unsafe.Pointer) bool {
	return xchg64((*uintptr)(add(callee, promiseState)), uintptr(h)) != coroDone
}

// finalhook ends a coroutine: it answers whom to resume. A detached coroutine was a goroutine's root, and nobody else
// destroys it.
func finalhook(promise, h unsafe.Pointer) unsafe.Pointer {
	old := xchg64((*uintptr)(promise), coroDone)
	if old > coroDetached {
		getworker().resumed = unsafe.Pointer(old)
		return unsafe.Pointer(old)
	}
	if old == coroDetached {
		coroDestroy(h)
		getworker().ended = true
	}
	return unsafe.Pointer(&noopHandle)
}

// noopHandle is a handle whose resumption does nothing.
var noopHandle [2]unsafe.Pointer

func noopResume(h unsafe.Pointer) {
}

// goexit0 takes leave of a goroutine that has ended.
func goexit0(gp *g) {
	if gp.slot[0] != 0 {
		if p := gp.panics; p == nil || !p.goexit {
			fatalpanic(gp)
		}
		if gp == sched.main {
			sched.mainExit = true
		}
	} else if gp == sched.main {
		flushout()
		exit(0)
	}
	if !gp.system {
		sched.ngs--
	}
	gp.slot[0] = 0
	gp.sigpc = 0
	gp.id = 0
	gp.panics = nil
	gp.recoverPanic = nil
	gp.recoverCode = 0
	gp.started = false
	gp.system = false
	gp.fipsIndicator = 0
	gp.fipsBypass = false
	w := getworker()
	gp.next = w.gfree
	w.gfree = gp
}

// yieldhook puts the current goroutine behind all others. False: there are none, nor may anything make some ready, go on.
func yieldhook(h unsafe.Pointer) bool {
	w := getworker()
	if w.runnext == nil && w.head == w.tail && sched.head == nil && timers.n == 0 && poller.waiters == 0 &&
		atomicload32(&sched.attention) == 0 {
		return false
	}
	gp := w.curg
	gp.handle = h
	runqput(w, gp)
	return true
}

// parkhook suspends the current goroutine for good or until somebody who knows it readies it.
func parkhook(reason, h unsafe.Pointer) bool {
	gp := getworker().curg
	gp.handle = h
	gp.waitreason = uint8(uintptr(reason))
	return true
}

// scanGoroutines marks what a slab's goroutines refer to outside of stacks and frames.
func (m *marker) scanGoroutines(s *slab) {
	for i := uintptr(0); i < s.n; i++ {
		gp := (*g)(add(unsafe.Pointer(&s.gs), i*unsafe.Sizeof(g{})))
		if gp.id != 0 {
			p := uintptr(unsafe.Pointer(gp))
			m.scanWords(p+8, p+48)
		}
	}
}

const (
	waitNone = iota
	waitChanReceiveNil
	waitChanSendNil
	waitSelect
	waitSelectNoCases
	waitChanReceive
	waitChanSend
	waitSemacquire
	waitSleep
	waitFinalizer
	waitMutex
	waitRWMutexR
	waitRWMutex
	waitWaitGroup
	waitCond
	waitSyscall
	waitCoroutine
	waitSignal
	waitIO
)

func waitText(r uint8) string {
	switch r {
	case waitChanReceiveNil:
		return "chan receive (nil chan)"
	case waitChanSendNil:
		return "chan send (nil chan)"
	case waitSelect:
		return "select"
	case waitSelectNoCases:
		return "select (no cases)"
	case waitChanReceive:
		return "chan receive"
	case waitChanSend:
		return "chan send"
	case waitSemacquire:
		return "semacquire"
	case waitSleep:
		return "sleep"
	case waitFinalizer:
		return "finalizer wait"
	case waitMutex:
		return "sync.Mutex.Lock"
	case waitRWMutexR:
		return "sync.RWMutex.RLock"
	case waitRWMutex:
		return "sync.RWMutex.Lock"
	case waitWaitGroup:
		return "sync.WaitGroup.Wait"
	case waitCond:
		return "sync.Cond.Wait"
	case waitSyscall:
		return "syscall"
	case waitCoroutine:
		return "coroutine"
	case waitIO:
		return "IO wait"
	case waitSignal:
		return "os/signal.signal_recv"
	}
	return "runnable"
}
