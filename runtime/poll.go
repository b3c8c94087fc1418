package runtime

import "unsafe"

// The poller: files that would block are waited for by epoll, not by a thread. Package internal/poll tries to read or
// write, and waits here if that would block (always edge-triggered: it tries again first).
//
// The sleeper (idle.go) sleeps in epoll instead of on a futex while somebody waits for a file; who wakes it then writes to
// an eventfd. Busy workers look now and then (pollTick).
//
// pollDesc.lock guards its fields. A description is used again after pollClose: an event or a deadline that is late makes
// whoever waits look again, no more.

// pollHalf is one direction of a file.
type pollHalf struct {
	gp      *g // waits
	ready   bool
	expired bool // the deadline is over
	write   bool // which direction
	timer   timer
}

type pollDesc struct {
	next    *pollDesc // unused ones
	lock    mutex
	fd      int32
	closing bool
	failed  bool // the file cannot be polled after all
	r       pollHalf
	w       pollHalf
}

var poller struct {
	fd      int32 // epoll; 0: not made yet
	wakefd  int32
	waiters uint32 // atomic: goroutines that wait
	changes uint32 // atomic: pollControl's; orders what came before one before the events that come of it
	lock    mutex
	free    *pollDesc
	one     uint64
	event   [12]byte
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
	lock(&poller.lock)
	e := unsafe.Pointer(&poller.event)
	*(*uint32)(e) = events
	*(*uint32)(add(e, 4)) = uint32(uintptr(unsafe.Pointer(pd)))
	*(*uint32)(add(e, 8)) = uint32(uintptr(unsafe.Pointer(pd)) >> 32)
	errno := 0
	xadd32(&poller.changes, 1)
	if syscall6(sysEpollCtl, uintptr(poller.fd), uintptr(op), uintptr(fd), uintptr(e), 0, 0) != 0 {
		errno = int(*errnoLocation())
	}
	unlock(&poller.lock)
	return errno
}

//go:linkname isPollServerDescriptor internal/poll.runtime_isPollServerDescriptor
func isPollServerDescriptor(fd uintptr) bool {
	return poller.fd != 0 && (int32(fd) == poller.fd || int32(fd) == poller.wakefd)
}

//go:linkname pollOpen internal/poll.runtime_pollOpen
func pollOpen(fd uintptr) (ctx uintptr, errno int) {
	lock(&poller.lock)
	pd := poller.free
	if pd == nil {
		pd = (*pollDesc)(unsafe.Pointer(metaAlloc(unsafe.Sizeof(pollDesc{}))))
	} else {
		poller.free = pd.next
	}
	unlock(&poller.lock)
	lock(&pd.lock)
	pd.fd = int32(fd)
	pd.closing = false
	pd.failed = false
	pd.r.open(false)
	pd.w.open(true)
	unlock(&pd.lock)
	errno = pollControl(epollAdd, pd.fd, epollIn|epollOut|epollRdHup|epollET, pd)
	if errno != 0 {
		freePollDesc(pd)
		return 0, errno
	}
	return uintptr(unsafe.Pointer(pd)), 0
}

func (h *pollHalf) open(write bool) {
	h.gp = nil
	h.ready = false
	h.expired = false
	h.write = write
	h.timer.f = pollExpired
	h.timer.arg = h
	if h.timer.heap == nil {
		h.timer.heap = timersOf(getworker())
	}
}

func freePollDesc(pd *pollDesc) {
	lock(&poller.lock)
	pd.next = poller.free
	poller.free = pd
	unlock(&poller.lock)
}

//go:linkname pollClose internal/poll.runtime_pollClose
func pollClose(ctx uintptr) {
	pd := pollDescOf(ctx)
	if pd.r.gp != nil || pd.w.gp != nil {
		throw("a file is closed that is waited for")
	}
	pollControl(epollDel, pd.fd, 0, nil)
	freePollDesc(pd)
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

// of is the description that h is a half of.
func (h *pollHalf) of() *pollDesc {
	at := unsafe.Offsetof(pollDesc{}.r)
	if h.write {
		at = unsafe.Offsetof(pollDesc{}.w)
	}
	return (*pollDesc)(unsafe.Pointer(uintptr(unsafe.Pointer(h)) - at))
}

//go:linkname pollReset internal/poll.runtime_pollReset
func pollReset(ctx uintptr, mode int) int {
	pd := pollDescOf(ctx)
	lock(&pd.lock)
	err := pd.check(mode)
	if err == pollOK {
		pd.half(mode).ready = false
	}
	unlock(&pd.lock)
	return err
}

// pollWait waits until the file is ready, its deadline over or it is closed.
//
//go:linkname pollWait internal/poll.runtime_pollWait
func pollWait(ctx uintptr, mode int) int {
	pd := pollDescOf(ctx)
	for {
		lock(&pd.lock)
		err := pd.check(mode)
		if err != pollOK {
			unlock(&pd.lock)
			return err
		}
		if pd.half(mode).await(pd) {
			return pollOK
		}
	}
}

// pollWaitCanceled waits until the file is ready, whatever else happens.
//
//go:linkname pollWaitCanceled internal/poll.runtime_pollWaitCanceled
func pollWaitCanceled(ctx uintptr, mode int) {
	pd := pollDescOf(ctx)
	for {
		lock(&pd.lock)
		if pd.half(mode).await(pd) {
			return
		}
	}
}

// await waits to be woken. It reports whether that was because the file is ready. It gives up the lock of pd.
func (h *pollHalf) await(pd *pollDesc) bool {
	if h.ready {
		h.ready = false
		unlock(&pd.lock)
		return true
	}
	gp := getworker().curg
	if h.gp != nil {
		throw("two goroutines wait for the same file")
	}
	h.gp = gp
	if xadd32(&poller.waiters, 1) == 1 {
		fileAwaited()
	}
	gp.waitreason = waitIO
	park1(pollPark, unsafe.Pointer(pd))
	lock(&pd.lock)
	ready := h.ready
	h.ready = false
	unlock(&pd.lock)
	return ready
}

func pollPark(arg, h unsafe.Pointer) bool {
	getworker().curg.handle = h
	unlock(&(*pollDesc)(arg).lock)
	return true
}

// take is who waits, nil if nobody does. It has to be readied when the lock has been given up.
func (h *pollHalf) take() *g {
	gp := h.gp
	if gp != nil {
		h.gp = nil
		xadd32(&poller.waiters, ^uint32(0))
	}
	return gp
}

// unlockAndWake gives up the lock and has who waits look at what has changed.
func (pd *pollDesc) unlockAndWake(w *worker, a, b *g) {
	unlock(&pd.lock)
	if a != nil {
		readyLast(w, a)
	}
	if b != nil {
		readyLast(w, b)
	}
}

//go:linkname pollUnblock internal/poll.runtime_pollUnblock
func pollUnblock(ctx uintptr) {
	pd := pollDescOf(ctx)
	lock(&pd.lock)
	if pd.closing {
		throw("a file is closed twice")
	}
	pd.closing = true
	pd.r.timer.set(0, 0)
	pd.w.timer.set(0, 0)
	pd.unlockAndWake(getworker(), pd.r.take(), pd.w.take())
}

// pollSetDeadline sets when waiting ends: d ns from now; negative: at once; 0: never.
//
//go:linkname pollSetDeadline internal/poll.runtime_pollSetDeadline
func pollSetDeadline(ctx uintptr, d int64, mode int) {
	pd := pollDescOf(ctx)
	var r, w *g
	lock(&pd.lock)
	if !pd.closing && (mode == 'r' || mode == 'r'+'w') {
		r = pd.r.setDeadline(d)
	}
	if !pd.closing && (mode == 'w' || mode == 'r'+'w') {
		w = pd.w.setDeadline(d)
	}
	pd.unlockAndWake(getworker(), r, w)
}

// setDeadline answers who waits if the deadline is over.
func (h *pollHalf) setDeadline(d int64) *g {
	when := int64(0)
	if d > 0 {
		when = nanotime() + d
		if when < 0 {
			when = maxWhen
		}
	}
	h.timer.seq++
	h.timer.set(when, 0)
	h.expired = d < 0
	if h.expired {
		return h.take()
	}
	return nil
}

// pollExpired is what a deadline's timer calls; seq says which deadline it was.
func pollExpired(arg any, seq uintptr, delay int64) {
	h := (*pollHalf)((*eface)(unsafe.Pointer(&arg)).data)
	pd := h.of()
	lock(&pd.lock)
	if h.timer.seq != seq || pd.closing {
		unlock(&pd.lock)
		return
	}
	h.expired = true
	pd.unlockAndWake(getworker(), h.take(), nil)
}

// pollEvents readies goroutines whose files are ready; it waits for up to timeout ms before, -1: until there are any.
func pollEvents(w *worker, timeout int) {
	pollReady(w, epollWait(w, timeout))
}

func epollWait(w *worker, timeout int) int {
	return syscall6(sysEpollWait, uintptr(poller.fd), uintptr(unsafe.Pointer(&w.events)), maxEvents, uintptr(timeout), 0, 0)
}

// pollReady readies goroutines because of n events.
func pollReady(w *worker, n int) {
	atomicload32(&poller.changes)
	for i := 0; i < n; i++ {
		e := add(unsafe.Pointer(&w.events), uintptr(i)*12)
		events := *(*uint32)(e)
		pd := (*pollDesc)(unsafe.Pointer(uintptr(*(*uint32)(add(e, 4))) | uintptr(*(*uint32)(add(e, 8)))<<32))
		if pd == nil {
			continue
		}
		var reader, writer *g
		lock(&pd.lock)
		pd.failed = events == epollErr
		if events&(epollIn|epollRdHup|epollHup|epollErr) != 0 {
			pd.r.ready = true
			reader = pd.r.take()
		}
		if events&(epollOut|epollHup|epollErr) != 0 {
			pd.w.ready = true
			writer = pd.w.take()
		}
		pd.unlockAndWake(w, reader, writer)
	}
}

// pollSleep sleeps until a file is ready, the worker is woken or ns have passed; -1: without end. It answers how many
// events there are.
func pollSleep(w *worker, ns int64) int {
	timeout := -1
	if ns >= 0 {
		if ns > 1e15 {
			ns = 1e15
		}
		timeout = int((ns + 999999) / 1000000)
	}
	leaveWorld(w)
	n := 0
	xchg32(&w.polling, 1)
	if atomicload32(&w.wake) == 0 {
		n = epollWait(w, timeout)
	}
	if xchg32(&w.polling, 0) != 0 {
		// Only the sleeper waits in epoll, so what it was woken by is not for others.
		syscall6(sysRead, uintptr(poller.wakefd), uintptr(unsafe.Pointer(&w.now)), 8, 0, 0, 0)
	}
	enterWorld(w)
	if n < 0 {
		n = 0
	}
	return n
}

// wakePoller ends pollSleep.
func wakePoller() {
	syscall6(sysWrite, uintptr(poller.wakefd), uintptr(unsafe.Pointer(&wakeCount)), 8, 0, 0, 0)
}

var wakeCount uint64 = 1
