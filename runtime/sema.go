package runtime

import "unsafe"

// Semaphores: what package sync blocks with. Who waits is found by the address of the counter: hash tables, each with a
// lock, of the addresses that are waited for, with the queue of the waiters of each. The queue goes through the
// goroutines themselves, so blocking allocates nothing.
//
// Invariants: the first waiter of an address is in the table's chain (g.semnext) and knows the last one (g.semtail); the
// others follow through g.next. Who will wait counts itself in waiters before it looks at the counter for the last time,
// so whoever has incremented the counter and sees 0 there has nobody to wake.

type semaTable struct {
	lock    mutex
	waiters uint32  // atomic
	table   uintptr // of *g, a power of two of them
	shift   uintptr // 64 minus the power
	heads   uintptr // addresses that are waited for
	_       [4]uintptr
}

const (
	semaTables  = 64
	minSemaBits = 6
	goldenRatio = 0x9e3779b97f4a7c15
)

var semas [semaTables]semaTable

func semaHash(addr uintptr) uintptr {
	return uintptr(uint64(addr) * goldenRatio)
}

// semasOf is the table for addr.
func semasOf(addr uintptr) *semaTable {
	return &semas[semaHash(addr)%(1<<32)>>16%semaTables]
}

func (t *semaTable) slot(addr uintptr) **g {
	return (**g)(unsafe.Pointer(t.table + semaHash(addr)>>t.shift*8))
}

// find is the link to the first waiter for addr, or the one at the end of the chain where it would be.
func (t *semaTable) find(addr uintptr) **g {
	link := t.slot(addr)
	for *link != nil && (*link).semaddr != addr {
		link = &(*link).semnext
	}
	return link
}

// grow makes the table bigger, or makes it.
func (t *semaTable) grow() {
	old, bits := t.table, uintptr(minSemaBits)
	if old != 0 {
		bits = 64 - t.shift + 1
	}
	t.table = sysAlloc(8 << bits)
	t.shift = 64 - bits
	if old == 0 {
		return
	}
	for i := uintptr(0); i < 1<<(bits-1); i++ {
		gp := *(**g)(unsafe.Pointer(old + i*8))
		for gp != nil {
			next := gp.semnext
			link := t.slot(gp.semaddr)
			gp.semnext = *link
			*link = gp
			gp = next
		}
	}
	munmap(unsafe.Pointer(old), 8<<(bits-1))
}

// enqueue makes gp wait for addr, before all others if lifo.
func (t *semaTable) enqueue(gp *g, addr uintptr, lifo bool) {
	if t.table == 0 || t.heads >= 2<<(64-t.shift) {
		t.grow()
	}
	gp.semaddr = addr
	gp.next = nil
	gp.handed = false
	link := t.find(addr)
	head := *link
	switch {
	case head == nil:
		gp.semnext = nil
		gp.semtail = gp
		*link = gp
		t.heads++
	case lifo:
		gp.next = head
		gp.semtail = head.semtail
		gp.semnext = head.semnext
		*link = gp
	default:
		head.semtail.next = gp
		head.semtail = gp
	}
}

// dequeue takes the first waiter for addr; nil: there is none.
func (t *semaTable) dequeue(addr uintptr) *g {
	if t.heads == 0 {
		return nil
	}
	link := t.find(addr)
	gp := *link
	if gp == nil {
		return nil
	}
	next := gp.next
	if next != nil {
		next.semtail = gp.semtail
		next.semnext = gp.semnext
		*link = next
	} else {
		*link = gp.semnext
		t.heads--
	}
	gp.next = nil
	gp.semnext = nil
	gp.semtail = nil
	gp.semaddr = 0
	return gp
}

// semaTake decrements the counter if it is not 0.
func semaTake(addr *uint32) bool {
	for {
		v := atomicload32(addr)
		if v == 0 {
			return false
		}
		if cas32(addr, v, v-1) {
			return true
		}
	}
}

// semacquire waits until the counter is not 0 and decrements it.
func semacquire(addr *uint32, lifo bool, reason uint8) {
	if semaTake(addr) {
		return
	}
	gp := getworker().curg
	t := semasOf(uintptr(unsafe.Pointer(addr)))
	for {
		lock(&t.lock)
		xadd32(&t.waiters, 1)
		if semaTake(addr) {
			xadd32(&t.waiters, ^uint32(0))
			unlock(&t.lock)
			return
		}
		t.enqueue(gp, uintptr(unsafe.Pointer(addr)), lifo)
		gp.waitreason = reason
		park1(semapark, unsafe.Pointer(t))
		if gp.handed || semaTake(addr) {
			return
		}
	}
}

// semapark publishes the handle of a goroutine that was queued.
func semapark(arg, h unsafe.Pointer) bool {
	gp := getworker().curg
	gp.handle = h
	if gp.waitreason == waitWaitGroupDurable {
		gp.waitsDurably()
	}
	unlock(&(*semaTable)(arg).lock)
	return true
}

// semrelease increments the counter and wakes a waiter; with handoff what was added is that one's already.
func semrelease(addr *uint32, handoff bool) {
	xadd32(addr, 1)
	t := semasOf(uintptr(unsafe.Pointer(addr)))
	if atomicload32(&t.waiters) == 0 {
		return
	}
	lock(&t.lock)
	gp := t.dequeue(uintptr(unsafe.Pointer(addr)))
	if gp != nil {
		xadd32(&t.waiters, ^uint32(0))
		if handoff && semaTake(addr) {
			gp.handed = true
		}
	}
	unlock(&t.lock)
	if gp != nil {
		ready(gp)
	}
}

//go:linkname sync_runtime_Semacquire sync.runtime_Semacquire
func sync_runtime_Semacquire(addr *uint32) {
	semacquire(addr, false, waitSemacquire)
}

//go:linkname poll_runtime_Semacquire internal/poll.runtime_Semacquire
func poll_runtime_Semacquire(addr *uint32) {
	semacquire(addr, false, waitSemacquire)
}

//go:linkname sync_runtime_SemacquireWaitGroup sync.runtime_SemacquireWaitGroup
func sync_runtime_SemacquireWaitGroup(addr *uint32, synctestDurable bool) {
	reason := uint8(waitWaitGroup)
	if synctestDurable {
		reason = waitWaitGroupDurable
	}
	semacquire(addr, false, reason)
}

//go:linkname sync_runtime_SemacquireRWMutexR sync.runtime_SemacquireRWMutexR
func sync_runtime_SemacquireRWMutexR(addr *uint32, lifo bool, skipframes int) {
	semacquire(addr, lifo, waitRWMutexR)
}

//go:linkname sync_runtime_SemacquireRWMutex sync.runtime_SemacquireRWMutex
func sync_runtime_SemacquireRWMutex(addr *uint32, lifo bool, skipframes int) {
	semacquire(addr, lifo, waitRWMutex)
}

//go:linkname internal_sync_runtime_SemacquireMutex internal/sync.runtime_SemacquireMutex
func internal_sync_runtime_SemacquireMutex(addr *uint32, lifo bool, skipframes int) {
	semacquire(addr, lifo, waitMutex)
}

//go:linkname sync_runtime_Semrelease sync.runtime_Semrelease
func sync_runtime_Semrelease(addr *uint32, handoff bool, skipframes int) {
	semrelease(addr, handoff)
}

//go:linkname internal_sync_runtime_Semrelease internal/sync.runtime_Semrelease
func internal_sync_runtime_Semrelease(addr *uint32, handoff bool, skipframes int) {
	semrelease(addr, handoff)
}

//go:linkname poll_runtime_Semrelease internal/poll.runtime_Semrelease
func poll_runtime_Semrelease(addr *uint32) {
	semrelease(addr, false)
}

// internal_sync_runtime_canSpin reports whether waiting a moment for a lock may be worth it: while others run that may
// hold it, and this worker has nothing else to run.
//
//go:linkname internal_sync_runtime_canSpin internal/sync.runtime_canSpin
func internal_sync_runtime_canSpin(i int) bool {
	w := getworker()
	return i < 4 && ncpu > 1 && atomicload32(&sched.procs) > 1+atomicload32(&sched.nfree)+atomicload32(&sched.spinning) &&
		atomicload64(&w.runnext) == 0 && atomicload32(&w.head) == w.tail
}

//go:linkname internal_sync_runtime_doSpin internal/sync.runtime_doSpin
func internal_sync_runtime_doSpin() {
	for i := 0; i < 30; i++ {
		cpupause()
	}
}

//go:linkname internal_sync_nanotime internal/sync.runtime_nanotime
func internal_sync_nanotime() int64 {
	return nanotime()
}

//go:linkname sync_throw sync.throw
func sync_throw(s string) {
	throw(s)
}

//go:linkname sync_fatal sync.fatal
func sync_fatal(s string) {
	throw(s)
}

//go:linkname internal_sync_throw internal/sync.throw
func internal_sync_throw(s string) {
	throw(s)
}

//go:linkname internal_sync_fatal internal/sync.fatal
func internal_sync_fatal(s string) {
	throw(s)
}
