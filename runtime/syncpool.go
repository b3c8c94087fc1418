package runtime

import "unsafe"

// sync.Pool drops what it holds in steps, one with every collection: package sync registers the function that does it.
//
// Pools have a part for each processor. Nothing takes the baton away between pinning and unpinning, for neither side
// waits, and there is one baton: the thread that holds it is processor 0. But it may allocate, and so collect.

var pools struct {
	pinned  int // by the thread that holds the baton
	cleanup func()
	slot    [8]uint8
}

//go:linkname registerPoolCleanup sync.runtime_registerPoolCleanup
func registerPoolCleanup(f func()) {
	pools.cleanup = f
}

//go:linkname sync_runtime_procPin sync.runtime_procPin
func sync_runtime_procPin() int {
	pools.pinned++
	return 0
}

//go:linkname sync_runtime_procUnpin sync.runtime_procUnpin
func sync_runtime_procUnpin() {
	pools.pinned--
}

//go:linkname atomic_runtime_procPin sync/atomic.runtime_procPin
func atomic_runtime_procPin() int {
	pools.pinned++
	return 0
}

//go:linkname atomic_runtime_procUnpin sync/atomic.runtime_procUnpin
func atomic_runtime_procUnpin() {
	pools.pinned--
}

// clearPools is called with the world stopped, before marking. The function neither allocates nor waits.
func clearPools() {
	if pools.cleanup == nil || pools.pinned != 0 {
		return
	}
	if coroStart(pools.cleanup, unsafe.Pointer(&pools.slot)) != nil || pools.slot[0] != 0 {
		throw("sync's pool cleanup has panicked or waits")
	}
}
