package runtime

import "unsafe"

// sync.Pool drops what it holds in steps, one with every collection: package sync registers the function that does it.

var pools struct {
	cleanup func()
	slot    [8]uint8
}

//go:linkname registerPoolCleanup sync.runtime_registerPoolCleanup
func registerPoolCleanup(f func()) {
	pools.cleanup = f
}

// clearPools is called with the world stopped, before marking. The function neither allocates nor waits.
func clearPools() {
	if pools.cleanup == nil {
		return
	}
	if coroStart(pools.cleanup, unsafe.Pointer(&pools.slot)) != nil || pools.slot[0] != 0 {
		throw("sync's pool cleanup has panicked or waits")
	}
}
