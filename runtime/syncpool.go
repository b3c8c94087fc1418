package runtime

import "unsafe"

// sync.Pool drops what it holds in steps, one with every collection: package sync registers the function that does it.
//
// Pools have a part for each processor, that is, for each baton. Whoever has pinned itself to one has it for itself; a
// worker that goes on without its baton may have to wait for that a moment. Who has pinned itself may allocate, and so
// collect.

var pools struct {
	pins [maxProcs]struct {
		key uint32 // atomic: 1 if somebody is pinned
		_   [60]byte
	}
	cleanup func()
	slot    [8]uint8
}

// pin is the number of the processor that the calling worker has for itself until unpin.
func pin() int {
	w := getworker()
	n := w.pinned
	if n != 0 {
		w.pins++
		return int(n - 1)
	}
	n = atomicload32(&w.baton)
	if n == 0 || n > atomicload32(&sched.procs) {
		n = 1
	}
	for !cas32(&pools.pins[n-1].key, 0, 1) {
		// Its holder does not wait, but the system may let it.
		osyield()
	}
	w.pinned = n
	return int(n - 1)
}

func unpin() {
	w := getworker()
	if w.pins != 0 {
		w.pins--
		return
	}
	n := w.pinned
	w.pinned = 0
	atomicstorerel32(&pools.pins[n-1].key, 0)
}

//go:linkname registerPoolCleanup sync.runtime_registerPoolCleanup
func registerPoolCleanup(f func()) {
	pools.cleanup = f
}

//go:linkname sync_runtime_procPin sync.runtime_procPin
func sync_runtime_procPin() int {
	return pin()
}

//go:linkname sync_runtime_procUnpin sync.runtime_procUnpin
func sync_runtime_procUnpin() {
	unpin()
}

//go:linkname atomic_runtime_procPin sync/atomic.runtime_procPin
func atomic_runtime_procPin() int {
	return pin()
}

//go:linkname atomic_runtime_procUnpin sync/atomic.runtime_procUnpin
func atomic_runtime_procUnpin() {
	unpin()
}

// clearPools is called with the world stopped, before marking. The function neither allocates nor waits.
func clearPools() {
	if pools.cleanup == nil {
		return
	}
	for b := uint32(0); b < sched.maxProc; b++ {
		if atomicload32(&pools.pins[b].key) != 0 {
			return
		}
	}
	if coroStart(pools.cleanup, unsafe.Pointer(&pools.slot)) != nil || pools.slot[0] != 0 {
		throw("sync's pool cleanup has panicked or waits")
	}
}
