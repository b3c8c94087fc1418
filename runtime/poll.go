package runtime

import "unsafe"

// The poller: files that would block are waited for by epoll, not by a thread. Package internal/poll tries to read or
// write, and waits here if that would block (always edge-triggered: it tries again first).
//
// The idle scheduler sleeps in epoll instead of on a futex while somebody waits for a file; whoever calls its attention
// then writes to an eventfd. A busy scheduler looks now and then (pollTick).

// pollHalf is one direction of a file.
type pollHalf struct {
	gp      *g // waits
	ready   bool
	expired bool // the deadline is over
	timer   timer
}

type pollDesc struct {
	next    *pollDesc // unused ones
	fd      int32
	closing bool
	failed  bool // the file cannot be polled after all
	r       pollHalf
	w       pollHalf
}

var poller struct {
	fd       int32 // epoll; 0: not made yet
	wakefd   int32
	waiters  int    // goroutines that wait
	sleeping uint32 // atomic: 1 while the scheduler sleeps, or is about to, in epoll
	free     *pollDesc
	one      uint64
	event    [12]byte
	events   [maxEvents * 12]byte
}

const (
	maxEvents = 128
	pollTick  = 64 // one in so many scheduling decisions looks for events

	// What internal/poll takes as errors.
	pollOK          = 0
	pollClosing     = 1
	pollTimeout     = 2
	pollNotPollable = 3

	epollIn     = 0x1
	epollOut    = 0x4
	epollErr    = 0x8
	epollHup    = 0x10
	epollRdHup  = 0x2000
	epollET     = 1 << 31
	epollAdd    = 1
	epollDel    = 2
	cloexec     = 0x80000
	nonblocking = 0x800
)

//go:linkname pollServerInit internal/poll.runtime_pollServerInit
func pollServerInit() {
	if poller.fd != 0 {
		return
	}
	poller.fd = int32(syscall6(sysEpollCreate1, cloexec, 0, 0, 0, 0, 0))
	poller.wakefd = int32(syscall6(sysEventfd2, 0, cloexec|nonblocking, 0, 0, 0, 0))
	if poller.fd < 0 || poller.wakefd < 0 || pollControl(epollAdd, poller.wakefd, epollIn, nil) != 0 {
		throw("cannot make a poller")
	}
}

// pollControl changes what epoll looks for. It answers an error number.
func pollControl(op, fd int32, events uint32, pd *pollDesc) int {
	e := unsafe.Pointer(&poller.event)
	*(*uint32)(e) = events
	*(*uint32)(add(e, 4)) = uint32(uintptr(unsafe.Pointer(pd)))
	*(*uint32)(add(e, 8)) = uint32(uintptr(unsafe.Pointer(pd)) >> 32)
	if syscall6(sysEpollCtl, uintptr(poller.fd), uintptr(op), uintptr(fd), uintptr(e), 0, 0) != 0 {
		return int(*errnoLocation())
	}
	return 0
}

//go:linkname isPollServerDescriptor internal/poll.runtime_isPollServerDescriptor
func isPollServerDescriptor(fd uintptr) bool {
	return poller.fd != 0 && (int32(fd) == poller.fd || int32(fd) == poller.wakefd)
}

//go:linkname pollOpen internal/poll.runtime_pollOpen
func pollOpen(fd uintptr) (ctx uintptr, errno int) {
	pd := poller.free
	if pd == nil {
		pd = (*pollDesc)(unsafe.Pointer(metaAlloc(unsafe.Sizeof(pollDesc{}))))
	} else {
		poller.free = pd.next
	}
	*pd = pollDesc{}
	pd.fd = int32(fd)
	errno = pollControl(epollAdd, pd.fd, epollIn|epollOut|epollRdHup|epollET, pd)
	if errno != 0 {
		pd.next = poller.free
		poller.free = pd
		return 0, errno
	}
	return uintptr(unsafe.Pointer(pd)), 0
}

//go:linkname pollClose internal/poll.runtime_pollClose
func pollClose(ctx uintptr) {
	pd := pollDescOf(ctx)
	if pd.r.gp != nil || pd.w.gp != nil {
		throw("a file is closed that is waited for")
	}
	pollControl(epollDel, pd.fd, 0, nil)
	pd.next = poller.free
	poller.free = pd
}

// pollDescOf is the description that internal/poll holds as a number; it is outside of the heap.
func pollDescOf(ctx uintptr) *pollDesc {
	return (*pollDesc)(unsafe.Pointer(ctx))
}

func (pd *pollDesc) half(mode int) *pollHalf {
	if mode == 'w' {
		return &pd.w
	}
	return &pd.r
}

func (pd *pollDesc) check(mode int) int {
	switch {
	case pd.closing:
		return pollClosing
	case pd.half(mode).expired:
		return pollTimeout
	case mode == 'r' && pd.failed:
		return pollNotPollable
	}
	return pollOK
}

//go:linkname pollReset internal/poll.runtime_pollReset
func pollReset(ctx uintptr, mode int) int {
	pd := pollDescOf(ctx)
	err := pd.check(mode)
	if err == pollOK {
		pd.half(mode).ready = false
	}
	return err
}

// pollWait waits until the file is ready, its deadline over or it is closed.
//
//go:linkname pollWait internal/poll.runtime_pollWait
func pollWait(ctx uintptr, mode int) int {
	pd := pollDescOf(ctx)
	for {
		if err := pd.check(mode); err != pollOK {
			return err
		}
		if pd.half(mode).await() {
			return pollOK
		}
	}
}

// pollWaitCanceled waits until the file is ready, whatever else happens.
//
//go:linkname pollWaitCanceled internal/poll.runtime_pollWaitCanceled
func pollWaitCanceled(ctx uintptr, mode int) {
	pd := pollDescOf(ctx)
	for !pd.half(mode).await() {
	}
}

// await waits to be woken. It reports whether that was because the file is ready.
func (h *pollHalf) await() bool {
	if !h.ready {
		gp := getworker().curg
		if h.gp != nil {
			throw("two goroutines wait for the same file")
		}
		h.gp = gp
		poller.waiters++
		gp.waitreason = waitIO
		park1(pollPark, unsafe.Pointer(gp))
	}
	ready := h.ready
	h.ready = false
	return ready
}

func pollPark(arg, h unsafe.Pointer) bool {
	(*g)(arg).handle = h
	return true
}

// wake has who waits look at what has changed.
func (h *pollHalf) wake() {
	gp := h.gp
	if gp != nil {
		h.gp = nil
		poller.waiters--
		readyLast(getworker(), gp)
	}
}

//go:linkname pollUnblock internal/poll.runtime_pollUnblock
func pollUnblock(ctx uintptr) {
	pd := pollDescOf(ctx)
	if pd.closing {
		throw("a file is closed twice")
	}
	pd.closing = true
	pd.r.timer.set(0, 0)
	pd.w.timer.set(0, 0)
	pd.r.wake()
	pd.w.wake()
}

// pollSetDeadline sets when waiting ends: d ns from now; negative: at once; 0: never.
//
//go:linkname pollSetDeadline internal/poll.runtime_pollSetDeadline
func pollSetDeadline(ctx uintptr, d int64, mode int) {
	pd := pollDescOf(ctx)
	if pd.closing {
		return
	}
	if mode == 'r' || mode == 'r'+'w' {
		pd.r.setDeadline(d)
	}
	if mode == 'w' || mode == 'r'+'w' {
		pd.w.setDeadline(d)
	}
}

func (h *pollHalf) setDeadline(d int64) {
	when := int64(0)
	if d > 0 {
		when = nanotime() + d
		if when < 0 {
			when = maxWhen
		}
	}
	h.timer.f = pollExpired
	h.timer.arg = h
	h.timer.set(when, 0)
	h.expired = d < 0
	if h.expired {
		h.wake()
	}
}

// pollExpired is what a deadline's timer calls.
func pollExpired(arg any, seq uintptr, delay int64) {
	h := (*pollHalf)((*eface)(unsafe.Pointer(&arg)).data)
	h.expired = true
	h.wake()
}

// pollEvents readies goroutines whose files are ready; it sleeps for up to timeout ms before, -1: until there are any.
func pollEvents(timeout int) {
	n := syscall6(sysEpollWait, uintptr(poller.fd), uintptr(unsafe.Pointer(&poller.events)), maxEvents, uintptr(timeout), 0, 0)
	for i := 0; i < n; i++ {
		e := add(unsafe.Pointer(&poller.events), uintptr(i)*12)
		events := *(*uint32)(e)
		pd := (*pollDesc)(unsafe.Pointer(uintptr(*(*uint32)(add(e, 4))) | uintptr(*(*uint32)(add(e, 8)))<<32))
		if pd == nil {
			syscall6(sysRead, uintptr(poller.wakefd), uintptr(unsafe.Pointer(&poller.one)), 8, 0, 0, 0)
			continue
		}
		pd.failed = events == epollErr
		if events&(epollIn|epollRdHup|epollHup|epollErr) != 0 {
			pd.r.ready = true
			pd.r.wake()
		}
		if events&(epollOut|epollHup|epollErr) != 0 {
			pd.w.ready = true
			pd.w.wake()
		}
	}
}

// pollIdle sleeps until a file is ready, something calls attention or a timer is due, in ns, -1 if there is none.
func pollIdle(ns int64) {
	timeout := -1
	if ns >= 0 {
		if ns > 1e15 {
			ns = 1e15
		}
		timeout = int((ns + 999999) / 1000000)
	}
	xchg32(&poller.sleeping, 1)
	if atomicload32(&sched.attention) != 0 {
		timeout = 0
	}
	pollEvents(timeout)
	xchg32(&poller.sleeping, 0)
}

// wakePoller ends pollIdle. It may be called from a signal handler.
func wakePoller() {
	if atomicload32(&poller.sleeping) != 0 {
		syscall6(sysWrite, uintptr(poller.wakefd), uintptr(unsafe.Pointer(&wakeCount)), 8, 0, 0, 0)
	}
}

var wakeCount uint64 = 1
