package runtime

// Locks of the runtime's own. They block threads, not goroutines, so what they guard is short and allocates nothing.
// docs/runtime.md has the order in which they are taken.
//
// A worker that holds one is not stopped (worker.locks): otherwise whoever stops the world could wait for ever for a
// lock. A stop that finds it so leaves word in worker.stopPending, and the last unlock stops.

// mutex is a lock: free while it is zero.
type mutex struct {
	key uint32 // futex
}

const (
	mutexFree     = 0
	mutexLocked   = 1
	mutexSleepers = 2 // locked, and threads may sleep

	lockSpins = 40
)

func lock(m *mutex) {
	getworker().locks++
	if !cas32(&m.key, mutexFree, mutexLocked) {
		lockslow(m)
	}
}

// trylock reports whether it has taken the lock.
func trylock(m *mutex) bool {
	w := getworker()
	w.locks++
	if cas32(&m.key, mutexFree, mutexLocked) {
		return true
	}
	releaseWorker(w)
	return false
}

func unlock(m *mutex) {
	if xchg32(&m.key, mutexFree) == mutexSleepers {
		futexwakeup(&m.key, 1)
	}
	releaseWorker(getworker())
}

// releaseWorker undoes one increment of w.locks.
func releaseWorker(w *worker) {
	n := w.locks - 1
	atomicstorerel32(&w.locks, n)
	if atomicload32(&w.stopPending) != 0 && n == 0 {
		stopWorker(w)
	}
}

//go:noinline
func lockslow(m *mutex) {
	for i := 0; i < lockSpins; i++ {
		cpupause()
		if atomicload32(&m.key) == mutexFree && cas32(&m.key, mutexFree, mutexLocked) {
			return
		}
	}
	for xchg32(&m.key, mutexSleepers) != mutexFree {
		futexsleep(&m.key, mutexSleepers)
	}
}

// longlock is lock for what may allocate while it holds the lock: who has it or waits for it can be stopped. It must not
// wait for anything else.
func longlock(m *mutex) {
	for xchg32(&m.key, mutexSleepers) != mutexFree {
		futexsleep(&m.key, mutexSleepers)
	}
}

func longunlock(m *mutex) {
	if xchg32(&m.key, mutexFree) == mutexSleepers {
		futexwakeup(&m.key, 1)
	}
}
