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
	lockedw      *worker        // LockOSThread: the worker it runs on; with what is above, all that a scheduler looks at
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
	started      bool
	locks        int32   // calls of LockOSThread
	bubble       *bubble // it belongs to

	fipsIndicator uint8 // cryptoapi.go
	fipsBypass    bool
	panicOnFault  bool // debugapi.go
}

const (
	slabSize   = 64 << 10
	gsPerSlab  = (slabSize - 16) / unsafe.Sizeof(g{})
	globalTick = 61 // one in so many decisions looks at the global queue first
	nextMax    = 64 // so many in a row from runnext, then its turn is over
	idBatch    = 16 // goroutine ids a worker takes at a time
	gBatch     = 64 // unused g's a worker exchanges with others at a time
)

// slab is a block of g's; they are never given back.
type slab struct {
	next *slab
	n    uintptr // in use
	gs   [gsPerSlab]g
}

// sched is what the workers share. Atomic words may be read without the lock.
var sched struct {
	lock     mutex
	workers  *worker // all; read without the lock
	nworkers int
	idle     *worker               // idle workers
	active   uint32                // workers that are neither idle nor parked
	free     [maxProcs / 64]uint64 // batons nobody holds
	made     [maxProcs / 64]uint64 // batons that there are: free, held, or on their way from one worker to another
	nfree    uint32                // atomic: how many
	procs    uint32                // atomic: GOMAXPROCS
	head     *g                    // global queue
	tail     *g
	size     uint32 // atomic: its length

	spinning  uint32            // atomic: workers that look for work without having any
	attention uint32            // atomic: 1 if a signal was noted
	sleeper   uint32            // atomic: 1 while an idle worker waits for timers and files, for all
	sleepw    uintptr           // atomic: that worker
	until     uintptr           // atomic: until when; 0: it has not decided yet
	maxProc   uint32            // atomic: the highest number a baton ever had
	holders   [maxProcs]uintptr // atomic: who held each baton last

	glock    mutex // for what follows
	gfree    *g    // unused
	slabs    *slab // oldest first
	lastSlab *slab
	lastid   uint64

	main     *g
	mainExit bool // main goroutine called Goexit
}

func newg(w *worker) *g {
	gp := w.gfree
	if gp == nil {
		moreGs(w)
		gp = w.gfree
	}
	w.gfree = gp.next
	w.ngfree--
	gp.next = nil
	if w.nextid == w.lastid {
		lock(&sched.glock)
		w.nextid = sched.lastid
		sched.lastid += idBatch
		unlock(&sched.glock)
		w.lastid = w.nextid + idBatch
	}
	w.nextid++
	gp.id = w.nextid
	return gp
}

// moreGs gives the worker a batch of unused g's.
//
//go:noinline
func moreGs(w *worker) {
	lock(&sched.glock)
	link := &w.gfree
	for w.ngfree < gBatch {
		gp := sched.gfree
		if gp != nil {
			sched.gfree = gp.next
		} else {
			gp = slabG()
		}
		// New ones in their order in the slab, which is that of traces.
		gp.next = nil
		*link = gp
		link = &gp.next
		w.ngfree++
	}
	unlock(&sched.glock)
}

// slabG is a new g. The caller holds sched.glock.
func slabG() *g {
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
	gp := (*g)(add(unsafe.Pointer(&s.gs), s.n*unsafe.Sizeof(g{})))
	s.n++
	return gp
}

// freeg makes gp an unused g.
func freeg(w *worker, gp *g) {
	gp.next = w.gfree
	w.gfree = gp
	w.ngfree++
	if w.ngfree < 2*gBatch {
		return
	}
	lock(&sched.glock)
	for w.ngfree > gBatch {
		gp = w.gfree
		w.gfree = gp.next
		gp.next = sched.gfree
		sched.gfree = gp
		w.ngfree--
	}
	unlock(&sched.glock)
}

// countGoroutines is the number of goroutines that have not ended, without the runtime's own.
func countGoroutines() int {
	n := uintptr(0)
	for w := allWorkers(); w != nil; w = w.allnext {
		n += atomicload64(&w.ngs)
	}
	return int(n)
}

// count adds to the worker's number of goroutines; only the worker does.
func (w *worker) count(n uintptr) {
	atomicstorerel64(&w.ngs, w.ngs+n)
}

// newproc queues a goroutine that calls closure f.
//
//go:noinline
func newproc(f unsafe.Pointer) {
	if f == nil {
		throw("go of nil func value")
	}
	w := getworker()
	gp := newg(w)
	gp.startpc = returnaddress()
	gp.fn = f
	w.count(1)
	cur := w.curg
	if cur == nil {
		// Timers: their goroutines start in order.
		gp.creator = 0
		if t := w.timer; t != nil && t.heap.bubble != nil {
			t.heap.bubble.join(gp)
		}
		readyLast(w, gp)
		return
	}
	gp.creator = cur.id
	gp.fipsBypass = cur.fipsBypass
	if cur.bubble != nil {
		cur.bubble.join(gp)
	}
	startMonitor()
	if old := setNext(w, gp); old != nil {
		runqshare(w, old)
	} else {
		wake(w)
	}
}

// newsystemproc is the same for a goroutine of the runtime's own.
func newsystemproc(f func()) {
	startMonitor()
	w := getworker()
	gp := newg(w)
	gp.system = true
	gp.fn = recordOfFunc(f)
	ready(gp)
}

// schedule runs goroutines for ever.
//
//go:noinline
func schedule(w *worker) {
	for {
		if b := atomicload32(&w.baton); b == 0 || b > atomicload32(&sched.procs) {
			regainBaton(w)
		}
		gp := findrunnable(w)
		if gp == nil {
			continue
		}
		if w.spinning {
			// It was found where the worker looks first, by one that was woken to look for work.
			found(w, gp)
		}
		if gp.lockedw != nil && gp.lockedw != w {
			// It runs elsewhere: there it is the only one.
			handOff(w, gp.lockedw)
			continue
		}
		run(w, gp)
		for w.lockedg != nil {
			passOn(w)
			waitBaton(w)
			run(w, w.lockedg)
		}
	}
}

// setRunning makes gp what w runs; nil: w runs no goroutine. The monitor looks at it (running).
func setRunning(w *worker, gp *g) {
	atomicstorerel64((*uintptr)(unsafe.Pointer(&w.curg)), uintptr(unsafe.Pointer(gp)))
}

// running is what w runs, for other threads.
func running(w *worker) *g {
	return (*g)(unsafe.Pointer(atomicload64((*uintptr)(unsafe.Pointer(&w.curg)))))
}

// run lets gp run until it waits or ends, or hands the worker's baton to a parked thread that goes on with it.
func run(w *worker, gp *g) {
	setRunning(w, gp)
	w.runs++
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
	w.resumed = nil
	setRunning(w, nil)
	if r := w.handoff; r != nil {
		w.handoff = nil
		handOff(w, r.w)
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
// destroys it. One that its owner has resumed ends inside of others: the outermost one stays what it is.
func finalhook(promise, h unsafe.Pointer) unsafe.Pointer {
	old := xchg64((*uintptr)(promise), coroDone)
	if old > coroDetached {
		if w := getworker(); w.resumed == h {
			w.resumed = unsafe.Pointer(old)
		}
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
	w := getworker()
	if !gp.system {
		w.count(^uintptr(0))
	}
	if gp.lockedw != nil {
		gp.lockedw.lockedg = nil
		gp.lockedw = nil
		gp.locks = 0
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
	gp.panicOnFault = false
	b := gp.bubble
	gp.bubble = nil
	freeg(w, gp)
	if b != nil {
		b.leave(gp)
	}
}

// yieldhook puts the current goroutine behind all others. False: there are none, nor may anything make some ready, go on.
func yieldhook(h unsafe.Pointer) bool {
	w := getworker()
	if atomicload64(&w.runnext) == 0 && atomicload32(&w.head) == w.tail && atomicload32(&sched.size) == 0 &&
		atomicload64(&timersOf(w).first) == 0 && atomicload32(&poller.waiters) == 0 &&
		atomicload32(&sched.attention) == 0 && atomicload32(&w.baton) != 0 {
		return false
	}
	gp := w.curg
	gp.handle = h
	if atomicload32(&sched.size) != 0 {
		// All others are ahead of it, those of the global queue too: none needs to be moved twice.
		gp.next = nil
		globputList(gp, gp, 1)
	} else {
		runqput(w, gp)
	}
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
	waitSynctestRun
	waitSynctestWait

	// waitDurable is added to the reason of a goroutine that only others of its bubble wake.
	waitDurable          = 0x80
	waitWaitGroupDurable = waitWaitGroup | waitDurable
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
	case waitSynctestRun:
		return "synctest.Run"
	case waitSynctestWait:
		return "synctest.Wait"
	}
	return "runnable"
}
