package runtime

import "unsafe"

// Workers: OS threads that run Go code, each on a stack of its own in a 1 GiB-aligned window of 1 GiB:
//
//	window + 0      worker record
//	       + 64 KiB signal stack
//	       + 128 KiB guard, not accessible
//	       + 256 KiB the stack, growing down from the end of the window
//
// so masking the stack pointer gives the worker, on the signal stack as well.
//
// One worker at a time holds the baton and runs Go code. A plain function that must wait parks its thread and hands
// the baton to an idle worker, or a new one, which goes on scheduling.

const (
	windowSize   = 1 << 30
	sigstackAt   = 64 << 10
	sigstackSize = 64 << 10
	guardAt      = 128 << 10
	guardSize    = 128 << 10
	stackAt      = guardAt + guardSize

	ringSize = 256
)

// maxWorkers bounds how many threads there may be.
var maxWorkers = 10000

type worker struct {
	curg        *g
	runnext     *g // readied last; goes first
	head        uint32
	tail        uint32
	ring        [ringSize]*g
	status      uint32  // atomic: whether it takes part (stw.go)
	locks       uint32  // the runtime's locks it holds: while there are any it is not stopped
	stopPending uint32  // 1 if it is to be stopped when it holds none any more
	stopped     uint32  // atomic: the epoch of the world in which it was stopped last
	stopsp      uintptr // then its stack is live from here,
	sigsp       uintptr // and its signal stack from here, if not 0
	stopnap     timespec
	tid         uintptr
	tick        uint32 // scheduling decisions
	nextrun     uint32 // of them in a row from runnext
	baton       uint32 // futex: 1 when this worker may go on
	ended       bool   // the goroutine that was resumed has ended
	handoff     *threadwaiter
	allnext     *worker
	idlenext    *worker
	thread      uintptr
	savedsp     uintptr // of a parked thread: its stack is live from here; 0: idle
	stacktop    uintptr
	randstat    uint64

	resumed unsafe.Pointer // outermost coroutine that is running: its awaiters are not on the stack
	savedfp uintptr        // of a parked thread, for traces

	call     uintptr // system call the thread is in, as in away.call; 0: none
	calls    uintptr
	regs     [regsSaved]uintptr // the registers it had
	away     threadwaiter
	timeout  timespec
	sigstack stackt

	newFrames uintptr // memory for frames since the goroutine was resumed

	printing  int32 // nesting of printlock
	nout      uintptr
	divert    uintptr // not 0: printed text goes here, up to divertEnd
	divertEnd uintptr

	scan   [numClasses]allocCache
	noscan [numClasses]allocCache
	frames [frameClasses]frameCache
	gfree  *g

	trace     [maxTrace]uintptr
	unwinder  unwinder
	unwinder2 unwinder
	walk      frameWalk
	frameList apiFrame
	out       [outSize]byte

	scratch [scratchSize]byte
}

// getworker finds the worker that runs on this stack.
func getworker() *worker {
	return (*worker)(unsafe.Pointer(getsp() &^ (windowSize - 1)))
}

// newWorkerWindow maps a stack window and the worker record in it. It runs on any stack.
func newWorkerWindow() *worker {
	p := uintptr(mmap(nil, 2*windowSize, protRead|protWrite, mapPrivate|mapAnon|mapNoreserve, -1, 0))
	if p == mapFailed {
		return nil
	}
	base := (p + windowSize - 1) &^ (windowSize - 1)
	if base > p {
		munmap(unsafe.Pointer(p), base-p)
	}
	end := p + 2*windowSize
	if end > base+windowSize {
		munmap(unsafe.Pointer(base+windowSize), end-base-windowSize)
	}
	mprotect(unsafe.Pointer(base+guardAt), guardSize, protNone)
	w := (*worker)(unsafe.Pointer(base))
	w.randstat = uint64(base) ^ uint64(nanotime()) | 1
	w.status = statusAway
	return w
}

// Scratch for starting threads; used by the thread that holds the baton.
var (
	threadAttr   [16]uint64
	threadID     uintptr
	threadResult uintptr
)

// startWorker starts w's thread. It reports whether that succeeded.
func startWorker(w *worker) bool {
	return startThread(w, workerMain)
}

func startThread(w *worker, entry func(arg unsafe.Pointer)) bool {
	base := uintptr(unsafe.Pointer(w))
	pthread_attr_init(unsafe.Pointer(&threadAttr))
	pthread_attr_setstack(unsafe.Pointer(&threadAttr), unsafe.Pointer(base+stackAt), windowSize-stackAt)
	code := *(*unsafe.Pointer)(recordOfThreadEntry(entry))
	if pthread_create(unsafe.Pointer(&threadID), unsafe.Pointer(&threadAttr), code, unsafe.Pointer(w)) != 0 {
		return false
	}
	w.thread = threadID
	return true
}

// workerMain is where a worker's thread begins. A function of one pointer that returns nothing of interest has the
// same registers in C's convention and in ours.
func workerMain(arg unsafe.Pointer) {
	w := getworker()
	w.stacktop = frameaddress()
	w.tid = uintptr(syscall6(sysGettid, 0, 0, 0, 0, 0, 0))
	initSignalStack(w)
	waitBaton(w)
	w.tick = pollTick - 1
	if sched.main == nil {
		bootstrap()
	}
	schedule(w)
}

// waitBaton blocks the thread, whose stack is published, until it is given the baton.
func waitBaton(w *worker) {
	leaveWorld(w)
	for xchg32(&w.baton, 0) == 0 {
		futexsleep(&w.baton, 0)
	}
	enterWorld(w)
}

func passBaton(w *worker) {
	xchg32(&w.baton, 1)
	futexwakeup(&w.baton, 1)
}

// idleWorker is a worker to take over from one that parks: an idle one, or a new one.
func idleWorker() *worker {
	w := sched.idle
	if w != nil {
		sched.idle = w.idlenext
		w.idlenext = nil
		return w
	}
	if sched.nworkers >= maxWorkers {
		throw("thread exhaustion")
	}
	w = newWorkerWindow()
	if w == nil {
		throw("cannot allocate a thread's stack")
	}
	sched.nworkers++
	w.allnext = sched.workers
	sched.workers = w
	if !startWorker(w) {
		throw("cannot start a thread")
	}
	return w
}

// threadwaiter makes a parked thread resumable like a coroutine: it begins with a resume and a destroy function.
type threadwaiter struct {
	resume  unsafe.Pointer
	destroy unsafe.Pointer
	w       *worker
	gp      *g
	next    uintptr // in away.back
	_       [3]uintptr
}

// parkprepare makes rec, on the stack of a plain function that is about to wait, a handle.
func parkprepare(rec unsafe.Pointer) {
	r := (*threadwaiter)(rec)
	code := *(*unsafe.Pointer)(recordOfThreadEntry(threadResume))
	r.resume = code
	r.destroy = code
	r.w = getworker()
	r.gp = r.w.curg
}

// threadResume is the resume function of a threadwaiter: the thread that calls it gives the baton back to the parked
// one as soon as its scheduler is in control again.
func threadResume(rec unsafe.Pointer) {
	getworker().handoff = (*threadwaiter)(rec)
}

// parkwait blocks this thread until its handle is resumed, while another goes on scheduling.
//
//go:noinline
func parkwait(rec unsafe.Pointer) {
	spillregs()
	r := (*threadwaiter)(rec)
	w := r.w
	w.savedfp = frameaddress()
	w.savedsp = getsp()
	spillQueue(w)
	passBaton(idleWorker())
	waitBaton(w)
	w.savedsp = 0
	w.curg = r.gp
}

// handOff gives the baton to a parked thread; this worker becomes idle until it is needed again.
func handOff(w *worker) {
	r := w.handoff
	w.handoff = nil
	w.curg = nil
	w.savedsp = 0
	spillQueue(w)
	w.idlenext = sched.idle
	sched.idle = w
	passBaton(r.w)
	waitBaton(w)
	// Much time may have passed: the next decision looks for events and at the clock.
	w.tick = pollTick - 1
}

// fastrand is a cheap random number (xorshift*).
func fastrand() uint64 {
	w := getworker()
	x := w.randstat
	x ^= x >> 12
	x ^= x << 25
	x ^= x >> 27
	w.randstat = x
	return x * 0x2545f4914f6cdd1d
}

// fastrandn is a random number below n.
func fastrandn(n uint32) uint32 {
	return uint32((fastrand() >> 32) * uint64(n) >> 32)
}
