package runtime

// Stopping the world.

// Status of a worker.
const (
	// statusRunning: it runs Go code or the runtime's own; to be stopped it must be told.
	statusRunning = 0
	// statusAway: it is parked, idle or in a system call. Its stack is live from savedsp up (0: nothing of it), and its
	// registers were in regs if call is not 0. It touches nothing that the collector manages.
	statusAway = 1
	// statusHeld: it was away when the world was stopped, and must stay.
	statusHeld = 2
)

// leaveWorld says that the worker, whose stack is published, is away.
func leaveWorld(w *worker) {
	atomicstorerel32(&w.status, statusAway)
}

// enterWorld ends that: it waits while the world is stopped.
func enterWorld(w *worker) {
	for !cas32(&w.status, statusAway, statusRunning) {
		futexsleep(&w.status, statusHeld)
	}
}

// stopWorker stops the calling worker at a lock's end, because of a stop that came too early.
//
//go:noinline
func stopWorker(w *worker) {
	spillregs()
	w.savedsp = getsp()
	for atomicload32(&w.stopPending) != 0 {
		futexsleep(&w.stopPending, 1)
	}
	w.savedsp = 0
}
