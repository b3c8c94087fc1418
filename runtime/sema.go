package runtime

import "unsafe"

// Semaphores: what package sync blocks with. Who waits is found by the address of the counter: a hash table of the
// addresses that are waited for, each with the queue of its waiters. The queue goes through the goroutines themselves,
// so blocking allocates nothing.
//
// Invariant: the first waiter of an address is in the table's chain (g.semnext) and knows the last one (g.semtail); the
// others follow through g.next.

var semas struct {
	table uintptr // of *g, a power of two of them
	shift uintptr // 64 minus the power
	heads uintptr // addresses that are waited for
}

const (
	minSemaBits = 8
	goldenRatio = 0x9e3779b97f4a7c15
)

// locksema and unlocksema are around what must become atomic once several threads at a time run Go code.
func locksema() {
}

func unlocksema() {
}

func semaSlot(addr uintptr) **g {
	return (**g)(unsafe.Pointer(semas.table + uintptr(uint64(addr)*goldenRatio>>semas.shift)*8))
}

// semaFind is the link to the first waiter for addr, or the one at the end of the chain where it would be.
func semaFind(addr uintptr) **g {
	link := semaSlot(addr)
	for *link != nil && (*link).semaddr != addr {
		link = &(*link).semnext
	}
	return link
}

// semaGrow makes the table bigger, or makes it.
func semaGrow() {
	old, bits := semas.table, uintptr(minSemaBits)
	if old != 0 {
		bits = 64 - semas.shift + 1
	}
	semas.table = sysAlloc(8 << bits)
	semas.shift = 64 - bits
	if old == 0 {
		return
	}
	for i := uintptr(0); i < 1<<(bits-1); i++ {
		gp := *(**g)(unsafe.Pointer(old + i*8))
		for gp != nil {
			next := gp.semnext
			link := semaSlot(gp.semaddr)
			gp.semnext = *link
			*link = gp
			gp = next
		}
	}
	munmap(unsafe.Pointer(old), 8<<(bits-1))
}

// semaEnqueue makes gp wait for addr, before all others if lifo.
func semaEnqueue(gp *g, addr uintptr, lifo bool) {
	if semas.table == 0 || semas.heads >= 2<<(64-semas.shift) {
		semaGrow()
	}
	gp.semaddr = addr
	gp.next = nil
	gp.handed = false
	link := semaFind(addr)
	head := *link
	switch {
	case head == nil:
		gp.semnext = nil
		gp.semtail = gp
		*link = gp
		semas.heads++
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

// semaDequeue takes the first waiter for addr; nil: there is none.
func semaDequeue(addr uintptr) *g {
	if semas.heads == 0 {
		return nil
	}
	link := semaFind(addr)
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
		semas.heads--
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
	for {
		locksema()
		if semaTake(addr) {
			unlocksema()
			return
		}
		semaEnqueue(gp, uintptr(unsafe.Pointer(addr)), lifo)
		gp.waitreason = reason
		park1(semapark, unsafe.Pointer(gp))
		if gp.handed || semaTake(addr) {
			return
		}
	}
}

// semapark publishes the handle of a goroutine that was queued.
func semapark(arg, h unsafe.Pointer) bool {
	gp := (*g)(arg)
	gp.handle = h
	unlocksema()
	return true
}

// semrelease increments the counter and wakes a waiter; with handoff what was added is that one's already.
func semrelease(addr *uint32, handoff bool) {
	xadd32(addr, 1)
	locksema()
	gp := semaDequeue(uintptr(unsafe.Pointer(addr)))
	unlocksema()
	if gp == nil {
		return
	}
	if handoff && semaTake(addr) {
		gp.handed = true
	}
	ready(gp)
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
	semacquire(addr, false, waitWaitGroup)
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

// internal_sync_runtime_canSpin: whoever holds a lock does not run while this thread does, so spinning is no use.
//
//go:linkname internal_sync_runtime_canSpin internal/sync.runtime_canSpin
func internal_sync_runtime_canSpin(i int) bool {
	return false
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
