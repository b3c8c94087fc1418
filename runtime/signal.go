package runtime

import "unsafe"

// Signals that os/signal does not want (sigqueue.go has the others): faults, those that end the program with a report, and
// those that do nothing. The handler runs on the signal stack of a worker, or of the monitor, which is in its window.

const (
	sigQUIT = 3
	sigTRAP = 5
	sigABRT = 6
)

// What signals do, as bits s-1. All others do what the system does with them.
const (
	// sigsReported end the program with a report. Status 2.
	sigsReported = 1<<(sigQUIT-1) | 1<<(sigILL-1) | 1<<(sigTRAP-1) | 1<<(sigABRT-1) | 1<<(sigBUS-1) | 1<<(sigFPE-1) |
		1<<(sigSEGV-1) | 1<<(sigSYS-1)
	// sigsIgnored do nothing: USR1 and 2, PIPE (writes fail instead), ALRM, XCPU, XFSZ, VTALRM, PROF, IO, PWR, real-time ones.
	sigsIgnored = 1<<9 | 1<<11 | 1<<(sigPIPE-1) | 1<<13 | 15<<23 | 3<<28 | 1<<64 - 1<<33
)

func initSignalStack(w *worker) {
	w.sigstack.sp = unsafe.Pointer(uintptr(unsafe.Pointer(w)) + sigstackAt)
	w.sigstack.size = sigstackSize
	sigaltstack(unsafe.Pointer(&w.sigstack), nil)
}

func initSignals() {
	for sig := uint32(1); sig < numSignals; sig++ {
		if uint64(sigsReported|sigsIgnored)>>(sig-1)&1 != 0 {
			defaultSignal(sig)
		}
	}
}

// defaultSignal makes a signal do what it does when os/signal does not want it.
func defaultSignal(sig uint32) {
	bit := uint64(1) << (sig - 1)
	switch {
	case sigsReported&bit != 0:
		setSignal(sig, *(*unsafe.Pointer)(recordOfHandler(signalHandler)), saNodefer)
	case sigsIgnored&bit != 0:
		// Other programs do not inherit a handler, unlike SIG_IGN.
		setSignal(sig, *(*unsafe.Pointer)(recordOfHandler(ignoreSignal)), 0)
	default:
		setSignal(sig, nil, 0)
	}
}

func ignoreSignal(sig int32, info, uctx unsafe.Pointer) {
}

func signalText(sig int32) string {
	switch sig {
	case sigQUIT:
		return "SIGQUIT: quit"
	case sigILL:
		return "SIGILL: illegal instruction"
	case sigTRAP:
		return "SIGTRAP: trace trap"
	case sigABRT:
		return "SIGABRT: abort"
	case sigBUS:
		return "SIGBUS: bus error"
	case sigFPE:
		return "SIGFPE: floating-point exception"
	case sigSEGV:
		return "SIGSEGV: segmentation violation"
	}
	return "SIGSYS: bad system call"
}

// signalHandler has the registers of a C function of three arguments.
func signalHandler(sig int32, info, uctx unsafe.Pointer) {
	w := getworker()
	beginReport(w)
	code := *(*int32)(add(info, siginfoWhy))
	addr := loadptr(uintptr(info) + siginfoAddr)
	fp := loadptr(uintptr(uctx) + ucontextRBP)
	pc := loadptr(uintptr(uctx) + ucontextRIP)
	fault := code > 0 && (sig == sigSEGV || sig == sigBUS)
	overflow := fault && addr-uintptr(unsafe.Pointer(w))-guardAt < guardSize
	switch {
	case overflow:
		stackOverflow(loadptr(uintptr(uctx) + ucontextRSP))
		printstring("fatal error: stack overflow\n")
	case fault:
		if gp := w.curg; gp != nil && gp.panicOnFault {
			printstring("goir: no panic of the fault, as debug.SetPanicOnFault asked for: that is not supported\n")
		}
		printstring("unexpected fault address ")
		printhex(uint64(addr))
		printstring("\nfatal error: fault\n[signal ")
		printstring(signalText(sig))
		printstring(" code=")
		printhex(uint64(code))
		printstring(" addr=")
		printhex(uint64(addr))
		printstring(" pc=")
		printhex(uint64(pc))
		printstring("]\n")
	default:
		if sig == sigILL && code > 0 {
			printstring("fatal error: check failed in the runtime\n")
		}
		printstring(signalText(sig))
		printstring("\nPC=")
		printhex(uint64(pc))
		printstring(" m=0 sigcode=")
		printint(int64(code))
		if sig == sigSEGV || sig == sigBUS {
			printstring(" addr=")
			printhex(uint64(addr))
		}
		printnl()
	}
	// What looks for the trace may fault itself.
	flushout()
	if traceLevel() > 0 {
		printnl()
		if gp := w.curg; gp != nil || code > 0 {
			printinterrupted(w, pc, fp)
		}
		if code <= 0 {
			printothers(nil)
		}
	}
	flushout()
	exit(2)
}

// printinterrupted prints the goroutine that runs on w, from where a signal interrupted it.
func printinterrupted(w *worker, pc, fp uintptr) {
	gp := w.curg
	if gp != nil {
		printheader(gp)
	}
	if w.savedsp != 0 {
		// In a system call.
		w.unwinder.start(w.savedfp, w)
	} else {
		w.trace[0] = pc + 1
		w.unwinder.startRecorded(unsafe.Pointer(&w.trace), 1)
		printtrace(&w.unwinder)
		w.unwinder.start(fp, w)
	}
	printtrace(&w.unwinder)
	if gp != nil {
		printcreator(gp)
	}
}

// stackOverflow prints what precedes the fatal error.
func stackOverflow(sp uintptr) {
	base := uintptr(unsafe.Pointer(getworker()))
	printstring("runtime: goroutine stack exceeds ")
	printint(int64(maxStack))
	printstring("-byte limit\nruntime: sp=")
	printhex(uint64(sp))
	printstring(" stack=[")
	printhex(uint64(base + stackAt))
	printstring(", ")
	printhex(uint64(base + windowSize))
	printstring("]\n")
}
