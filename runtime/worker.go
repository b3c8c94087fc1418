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
// GOMAXPROCS workers at a time are meant to run Go code: those that hold one of as many batons. That only limits how many
// do. A worker whose baton was taken, because it is long in a system call or computes for long, goes on until it would
// schedule, so nothing relies on batons to be safe. A plain function that must wait parks its thread and leaves the baton
// to an idle worker, or a new one, which goes on scheduling.
//
// A worker is active unless it is parked or idle. Who makes it active (giveBaton) has counted it before.

const (
	windowSize   = 1 << 30
	sigstackAt   = 64 << 10
	sigstackSize = 64 << 10
	guardAt      = 128 << 10
	guardSize    = 128 << 10
	stackAt      = guardAt + guardSize

	ringSize = 1024

	threadTries = 20 // to start a thread, a little later each time
	errAgain    = 11
)

// maxWorkers bounds how many threads there may be.
var maxWorkers = 10000

type worker struct {
	curg    *g
	runnext uintptr // *g, atomic: readied last; goes first
	head    uint32  // atomic: of the ring; others take from here
	tail    uint32  // atomic: changed by the worker only
	ring    [ringSize]*g

	status      uint32  // atomic: whether it takes part (stw.go)
	locks       uint32  // the runtime's locks it holds: while there are any it is not stopped
	stopPending uint32  // 1 if it is to be stopped when it holds none any more
	stopped     uint32  // atomic: the epoch of the world in which it was stopped last
	stopsp      uintptr // then its stack is live from here,
	sigsp       uintptr // and its signal stack from here, if not 0
	stoppc      uintptr // for traces: what it was about to do, 0: return from the function whose frame is
	stopfp      uintptr // here
	stopnap     timespec
	tid         uintptr

	baton   uint32 // atomic: the number of the one it holds, from 1; 0: none
	given   uint32 // the one it is given by wake
	wake    uint32 // futex: wakeBaton, wakeLook or 0
	polling uint32 // atomic: 1 while it sleeps in epoll, or is about to

	tick     uint32 // scheduling decisions
	runs     uint32 // goroutines that it began to run or resumed
	nextrun  uint32 // of them in a row from runnext
	lone     uint32 // so many more goroutines in runnext alone before another worker is woken for one
	loneMax  uint32
	wokenBy  *worker // whose goroutines it was woken for
	spinning bool    // looks for work, counted in sched.spinning
	resting  bool    // in the list of idle workers
	ended    bool    // the goroutine that was resumed has ended
	handoff  *threadwaiter
	allnext  *worker
	idlenext *worker
	thread   uintptr
	savedsp  uintptr // of a parked thread: its stack is live from here; 0: idle
	stacktop uintptr
	randstat uint64
	lockedg  *g      // LockOSThread: runs here only, and nothing else does; its lockedw is this worker
	ngs      uintptr // atomic: goroutines begun on this worker less those that ended on it
	pinned   uint32  // syncpool.go: the number of the processor it is pinned to, plus 1
	pins     uint32  // nested calls
	nextid   uint64  // goroutine ids that this worker may still give out
	lastid   uint64

	resumed unsafe.Pointer // what run resumed, or who went on when that ended: its awaiters are not on the stack; nil: all are
	savedfp uintptr        // of a parked thread, for traces

	call     uintptr            // atomic: not 0 while the thread is in a system call (away.go)
	calls    uint32             // how many there were
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
	ngfree int

	trace     [maxTrace]uintptr
	unwinder  unwinder
	unwinder2 unwinder
	walk      frameWalk
	frameList apiFrame
	out       [outSize]byte

	scratch [scratchSize]byte

	now      timespec // scratch of nanotime
	chacha   chachaState
	timer    *timer // fires
	timerSeq uintptr
	delay    int64
	slot     [8]uint8 // of the call that fires it
	events   [maxEvents * 12]byte
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
	clock_gettime(clockMonotonic, unsafe.Pointer(&w.now))
	w.randstat = uint64(base) ^ uint64(w.now.nsec)<<32 | 1
	if schedseed.on {
		seedWorker(w)
	}
	w.status = statusAway
	return w
}

// Scratch for starting threads.
var threads struct {
	lock mutex
	attr [16]uint64
}

func startThread(w *worker, entry func(arg unsafe.Pointer)) bool {
	lock(&threads.lock)
	ok := startThreadLocked(w, entry)
	unlock(&threads.lock)
	return ok
}

func startThreadLocked(w *worker, entry func(arg unsafe.Pointer)) bool {
	base := uintptr(unsafe.Pointer(w))
	pthread_attr_init(unsafe.Pointer(&threads.attr))
	pthread_attr_setstack(unsafe.Pointer(&threads.attr), unsafe.Pointer(base+stackAt), windowSize-stackAt)
	code := *(*unsafe.Pointer)(recordOfThreadEntry(entry))
	for try := uint32(1); ; try++ {
		errno := pthread_create(unsafe.Pointer(&w.thread), unsafe.Pointer(&threads.attr), code, unsafe.Pointer(w))
		if errno != errAgain || try > threadTries {
			return errno == 0
		}
		// The system has no room for one now; it may have when other programs have ended.
		usleep(try * 1000)
	}
}

// workerMain is where a worker's thread begins. A function of one pointer that returns nothing of interest has the
// same registers in C's convention and in ours.
func workerMain(arg unsafe.Pointer) {
	w := getworker()
	w.stacktop = frameaddress()
	w.tid = uintptr(syscall6(sysGettid, 0, 0, 0, 0, 0, 0))
	initSignalStack(w)
	waitBaton(w)
	if sched.main == nil {
		bootstrap()
	}
	schedule(w)
}

// newWorker makes a worker with a thread, which waits for a baton.
func newWorker() *worker {
	w := newWorkerWindow()
	if w == nil {
		throw("cannot allocate a thread's stack")
	}
	lock(&sched.lock)
	sched.nworkers++
	tooMany := sched.nworkers > maxWorkers
	w.allnext = sched.workers
	atomicstorerel64((*uintptr)(unsafe.Pointer(&sched.workers)), uintptr(unsafe.Pointer(w)))
	unlock(&sched.lock)
	if tooMany {
		self := getworker()
		beginReport(self)
		printstring("runtime: program exceeds ")
		printint(int64(maxWorkers))
		printstring("-thread limit\n")
		fatal(self, "thread exhaustion", frameaddress())
	}
	if !startThread(w, workerMain) {
		throw("cannot start a thread")
	}
	return w
}

// Batons. Numbers count from 1.

const maxProcs = 1024

// takeBaton takes a baton that nobody holds; 0: there is none. The caller holds sched.lock.
func takeBaton() uint32 {
	if sched.nfree == 0 {
		return 0
	}
	for i := uint32(0); ; i++ {
		if b := sched.free[i]; b != 0 {
			sched.free[i] = b & (b - 1)
			atomicstorerel32(&sched.nfree, sched.nfree-1)
			return i*64 + uint32(ctz64(b)) + 1
		}
	}
}

// stillMeant is b, a baton that its holder has just dropped; or 0, and the baton is gone, if there are to be fewer by now. The
// caller holds sched.lock.
func stillMeant(b uint32) uint32 {
	if b <= sched.procs {
		return b
	}
	sched.made[(b-1)/64] &^= 1 << ((b - 1) % 64)
	return 0
}

// putBaton gives a baton back. The caller holds sched.lock.
func putBaton(b uint32) {
	if b = stillMeant(b); b != 0 {
		sched.free[(b-1)/64] |= 1 << ((b - 1) % 64)
		atomicstorerel32(&sched.nfree, sched.nfree+1)
	}
}

// holdBaton makes w, the calling worker, the holder of a baton.
func holdBaton(w *worker, b uint32) {
	if b != 0 {
		atomicstorerel64(&sched.holders[b-1], uintptr(unsafe.Pointer(w)))
		atomicstorerel32(&w.baton, b)
	}
}

// dropBaton is the number of the baton that w has held, which is the caller's now; 0: it had none.
func dropBaton(w *worker) uint32 {
	return xchg32(&w.baton, 0)
}

func holder(b uint32) *worker {
	return (*worker)(unsafe.Pointer(atomicload64(&sched.holders[b-1])))
}

// What a sleeping worker is woken for.
const (
	wakeBaton = 1 // it is active, and has been given a baton (or none)
	wakeLook  = 2 // to look again
)

// giveBaton makes w, which is parked or idle or about to be, go on. The caller has counted it as active.
func giveBaton(w *worker, b uint32) {
	w.given = b
	xchg32(&w.wake, wakeBaton)
	wakeThread(w)
	endMonitorRest()
}

// rouse makes an idle worker look again.
func rouse(w *worker) {
	if cas32(&w.wake, 0, wakeLook) {
		wakeThread(w)
	}
}

func wakeThread(w *worker) {
	if atomicload32(&w.polling) != 0 {
		wakePoller()
	} else {
		futexwakeup(&w.wake, 1)
	}
}

// waitBaton blocks the thread, whose stack is published, until it is given a baton.
func waitBaton(w *worker) {
	leaveWorld(w)
	for xchg32(&w.wake, 0) != wakeBaton {
		futexsleep(&w.wake, 0)
	}
	enterWorld(w)
	holdBaton(w, w.given)
}

// passOn leaves what w, which will wait, has to run and its baton to another worker.
func passOn(w *worker) {
	spillQueue(w)
	lock(&sched.lock)
	b := stillMeant(dropBaton(w))
	addActive(-1)
	if b == 0 && sched.active == 0 {
		// Somebody has to find out that all is over, or to wait for timers.
		b = takeBaton()
	}
	if b == 0 {
		unlock(&sched.lock)
		return
	}
	next := popIdle()
	addActive(1)
	unlock(&sched.lock)
	if next == nil {
		next = newWorker()
	}
	giveBaton(next, b)
}

// threadwaiter makes a parked thread resumable like a coroutine: it begins with a resume and a destroy function.
type threadwaiter struct {
	resume  unsafe.Pointer
	destroy unsafe.Pointer
	w       *worker
	gp      *g
	pc      uintptr // for traces: where the function that waits stands,
	fp      uintptr // and its frame
	_       [2]uintptr
}

// parkprepare makes rec, on the stack of a plain function that is about to wait, a handle.
//
//go:noinline
func parkprepare(rec unsafe.Pointer) {
	r := (*threadwaiter)(rec)
	code := *(*unsafe.Pointer)(recordOfThreadEntry(threadResume))
	r.resume = code
	r.destroy = code
	r.w = getworker()
	r.gp = r.w.curg
	r.standsAt(frameaddress())
}

// standsAt says where the caller of the function with the frame fp waits. Others may look as soon as they have the handle.
func (r *threadwaiter) standsAt(fp uintptr) {
	r.pc = loadptr(fp + 8)
	r.fp = loadptr(fp)
}

// threadResume is the resume function of a threadwaiter: the thread that calls it lets the parked one go on as soon as
// its scheduler is in control again.
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
	passOn(w)
	waitBaton(w)
	w.savedsp = 0
	setRunning(w, r.gp)
}

// handOff makes other, which is parked, go on. If all batons are taken it gets this worker's.
func handOff(w, other *worker) {
	lock(&sched.lock)
	addActive(1)
	b := takeBaton()
	unlock(&sched.lock)
	if b == 0 {
		b = dropBaton(w)
	}
	giveBaton(other, b)
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
