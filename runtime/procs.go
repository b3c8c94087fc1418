package runtime

// GOMAXPROCS, and goroutines that run on one thread only.

// defaultProcs is how many workers are meant to run Go code at once unless GOMAXPROCS says so; 0: as many as there are
// processors.
const defaultProcs = 0

func initProcs() {
	initSchedseed()
	sched.procs = 1
	sched.made[0] = 1
	setProcs(startProcs())
}

// startProcs is how many workers are meant to run Go code at once when the program starts.
func startProcs() uint32 {
	if schedseed.on {
		return 1
	}
	n := ncpu
	if defaultProcs != 0 {
		n = defaultProcs
	}
	if k, ok := atoi(getenv("GOMAXPROCS\x00")); ok && k > 0 {
		n = k
	}
	return limitProcs(n)
}

func limitProcs(n int) uint32 {
	if n > maxProcs {
		n = maxProcs
	}
	return uint32(n)
}

// setProcs makes n batons out of as many as there are: new ones are free, those beyond n disappear when they are given
// back, or at the next scheduling decision of who holds them. Until then they are still there when n grows again.
func setProcs(n uint32) {
	lock(&sched.lock)
	old := sched.procs
	for b := n + 1; b <= old; b++ {
		i, bit := (b-1)/64, uint64(1)<<((b-1)%64)
		if sched.free[i]&bit != 0 {
			sched.free[i] &^= bit
			sched.made[i] &^= bit
			atomicstorerel32(&sched.nfree, sched.nfree-1)
		}
	}
	if n > sched.maxProc {
		atomicstore32(&sched.maxProc, n)
	}
	atomicstore32(&sched.procs, n)
	for b := old + 1; b <= n; b++ {
		if i, bit := (b-1)/64, uint64(1)<<((b-1)%64); sched.made[i]&bit == 0 {
			sched.made[i] |= bit
			putBaton(b)
		}
	}
	unlock(&sched.lock)
}

// GOMAXPROCS sets how many goroutines may run at once and answers the previous setting.
func GOMAXPROCS(n int) int {
	if schedseed.on {
		old := int(schedseed.procs)
		if n > 0 {
			schedseed.procs = limitProcs(n)
		}
		return old
	}
	old := int(atomicload32(&sched.procs))
	if n > 0 && n != old {
		setProcs(limitProcs(n))
		wake(getworker())
	}
	return old
}

// SetDefaultGOMAXPROCS forgets what GOMAXPROCS was set to.
func SetDefaultGOMAXPROCS() {
	setProcs(startProcs())
}

// LockOSThread has the calling goroutine run on its present thread only, and nothing else there, until UnlockOSThread has
// been called as often.
func LockOSThread() {
	w := getworker()
	gp := w.curg
	gp.locks++
	gp.lockedw = w
	w.lockedg = gp
}

// UnlockOSThread undoes LockOSThread.
func UnlockOSThread() {
	w := getworker()
	gp := w.curg
	if gp.locks == 0 {
		return
	}
	gp.locks--
	if gp.locks == 0 {
		gp.lockedw = nil
		w.lockedg = nil
	}
}
