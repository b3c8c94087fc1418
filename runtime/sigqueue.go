package runtime

import "unsafe"

// Signals for package os/signal (signal.go: what they do without it). The handler runs on any thread, perhaps one without a worker: it notes the signal and
// calls the scheduler's attention. A goroutine of package os/signal waits for what was noted.

var signals struct {
	noted     uintptr // atomic: bit s for signal s
	wanted    uintptr // atomic: handled because os/signal wants them
	receivers int     // goroutines that receive, or will
	lock      mutex
	gp        *g // waits
	action    sigactiont
}

const (
	numSignals = 65
	sigPIPE    = 13
	sigSYS     = 31
	sigDfl     = 0
	sigIgn     = 1
	saRestart  = 0x10000000
	sigBlock   = 0
)

func noteSignal(sig int32, info, uctx unsafe.Pointer) {
	errno := errnoLocation()
	saved := *errno
	or64(&signals.noted, 1<<(uintptr(sig)-1))
	callAttention()
	*errno = saved
}

// noteUrgent notes the signal that the runtime stops workers with, when it comes from elsewhere.
func noteUrgent(sig int32, info, uctx unsafe.Pointer) {
	if atomicload64(&signals.wanted)>>(sigStop-1)&1 != 0 {
		noteSignal(sig, info, uctx)
	}
}

func setSignal(sig uint32, handler unsafe.Pointer, flags int32) {
	if sig == sigStop {
		return // its handler stays
	}
	lock(&signals.lock)
	signals.action.handler = handler
	signals.action.flags = saSiginfo | saOnstack | saRestart | flags
	sigaction(int32(sig), unsafe.Pointer(&signals.action), nil)
	unlock(&signals.lock)
}

// changeable reports whether os/signal may change what a signal does: not of those that mean a fault.
func changeable(sig uint32) bool {
	return sig > 0 && sig < numSignals && sig != sigSEGV && sig != sigBUS && sig != sigFPE && sig != sigILL
}

//go:linkname signal_enable os/signal.signal_enable
func signal_enable(sig uint32) {
	if changeable(sig) {
		startMonitor()
		or64(&signals.wanted, 1<<(sig-1))
		setSignal(sig, *(*unsafe.Pointer)(recordOfHandler(noteSignal)), 0)
	}
}

//go:linkname signal_disable os/signal.signal_disable
func signal_disable(sig uint32) {
	if changeable(sig) {
		and64(&signals.wanted, ^(1 << (sig - 1)))
		defaultSignal(sig)
	}
}

//go:linkname signal_ignore os/signal.signal_ignore
func signal_ignore(sig uint32) {
	if changeable(sig) {
		and64(&signals.wanted, ^(1 << (sig - 1)))
		setSignal(sig, unsafe.Pointer(uintptr(sigIgn)), 0)
	}
}

//go:linkname signal_ignored os/signal.signal_ignored
func signal_ignored(sig uint32) bool {
	if sig == 0 || sig >= numSignals {
		return false
	}
	lock(&signals.lock)
	sigaction(int32(sig), nil, unsafe.Pointer(&signals.action))
	ignored := uintptr(signals.action.handler) == sigIgn
	unlock(&signals.lock)
	return ignored
}

// signal_recv waits for a signal that is wanted.
//
//go:linkname signal_recv os/signal.signal_recv
func signal_recv() uint32 {
	// From now on a signal can always wake the program: no deadlock is one.
	signals.receivers = 1
	for {
		noted := atomicload64(&signals.noted)
		if noted != 0 {
			sig := uintptr(ctz64(uint64(noted)))
			and64(&signals.noted, ^(1 << sig))
			if atomicload64(&signals.wanted)>>sig&1 != 0 {
				return uint32(sig + 1)
			}
			continue
		}
		getworker().curg.waitreason = waitSignal
		park1(signalPark, nil)
	}
}

func signalPark(arg, h unsafe.Pointer) bool {
	gp := getworker().curg
	lock(&signals.lock)
	if atomicload64(&signals.noted) != 0 {
		unlock(&signals.lock)
		gp.waitreason = 0
		return false
	}
	gp.handle = h
	signals.gp = gp
	unlock(&signals.lock)
	if atomicload64(&signals.noted) != 0 {
		callAttention()
	}
	return true
}

// attendSignals wakes the goroutine that receives signals if there are any.
func attendSignals(w *worker) {
	lock(&signals.lock)
	gp := signals.gp
	if atomicload64(&signals.noted) == 0 {
		gp = nil
	}
	if gp != nil {
		signals.gp = nil
	}
	unlock(&signals.lock)
	if gp != nil {
		readyLast(w, gp)
	}
}

// signalWaitUntilIdle is called so that what has arrived so far is delivered: signals that were noted.
//
//go:linkname signalWaitUntilIdle os/signal.signalWaitUntilIdle
func signalWaitUntilIdle() {
	for atomicload64(&signals.noted)&atomicload64(&signals.wanted) != 0 {
		Gosched()
	}
}

// os_sigpipe ends the program as a write to a broken standard output does.
//
//go:linkname os_sigpipe os.sigpipe
func os_sigpipe() {
	if atomicload64(&signals.wanted)>>(sigPIPE-1)&1 != 0 || signal_ignored(sigPIPE) {
		return
	}
	flushout()
	setSignal(sigPIPE, nil, 0)
	craise(sigPIPE)
}

//go:linkname os_ignoreSIGSYS os.ignoreSIGSYS
func os_ignoreSIGSYS() {
	setSignal(sigSYS, unsafe.Pointer(uintptr(sigIgn)), 0)
}

//go:linkname os_restoreSIGSYS os.restoreSIGSYS
func os_restoreSIGSYS() {
	defaultSignal(sigSYS)
}
