package runtime

import "unsafe"

// The ends a program can come to: an unrecovered panic, a fatal error, a signal. All print to standard error and exit
// with status 2.

// throw ends the program because of an error it cannot go on after.
//
//go:noinline
func throw(s string) {
	fatal(s, frameaddress())
}

func fatal(s string, fp uintptr) {
	w := getworker()
	w.printing = 1
	w.divert = 0
	printstring("fatal error: ")
	printindented(s)
	printnl()
	gp := w.curg
	if gp != nil && traceLevel() > 0 {
		printnl()
		printheader(gp)
		w.unwinder.start(fp, w)
		printtrace(&w.unwinder)
		printcreator(gp)
	}
	flushout()
	exit(2)
}

// deadlock ends a program in which every goroutine waits for another.
func deadlock() {
	w := getworker()
	w.printing = 1
	w.curg = nil
	if sched.mainExit {
		printstring("fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n")
	} else {
		printstring("fatal error: all goroutines are asleep - deadlock!\n")
	}
	if countGoroutines() > 0 && traceLevel() > 0 {
		printnl()
		printothers(true)
	}
	flushout()
	exit(2)
}

// fatalpanic ends the program because goroutine gp ended by a panic.
func fatalpanic(gp *g) {
	w := getworker()
	w.printing = 0
	p := gp.panics
	preprintpanics(p)
	w.printing = 1
	printpanics(p)
	if gp.sigpc != 0 {
		printstring("[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=")
		printhex(uint64(gp.sigpc))
		printstring("]\n")
	}
	if traceLevel() > 0 {
		printnl()
		printheader(gp)
		w.unwinder.startRecorded(p.pcs, p.npcs)
		printtrace(&w.unwinder)
		printcreator(gp)
		printothers(false)
	}
	flushout()
	exit(2)
}

type stringer interface {
	String() string
}

// preprintpanics replaces errors and Stringers by their texts, by calling their methods, before anything is printed.
func preprintpanics(p *panicrec) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		if s, ok := r.(string); ok {
			throw("panic while printing panic value: " + s)
		}
		throw("panic while printing panic value: type " + (*eface)(unsafe.Pointer(&r)).typ.string())
	}()
	for p != nil {
		if p.link != nil && sameValue(p, p.link) {
			// panic(recover()): shown once.
			p.link.repanicked = true
			p = p.link
			continue
		}
		switch v := p.value.(type) {
		case error:
			p.value = v.Error()
		case stringer:
			p.value = v.String()
		}
		p = p.link
	}
}

// sameValue reports whether two panics carry the same two words.
func sameValue(p, q *panicrec) bool {
	x, y := (*eface)(unsafe.Pointer(&p.value)), (*eface)(unsafe.Pointer(&q.value))
	return x.typ == y.typ && x.data == y.data
}

func printpanics(p *panicrec) {
	if p.link != nil {
		printpanics(p.link)
		if p.link.repanicked {
			return
		}
		if !p.link.goexit {
			printstring("\t")
		}
	}
	if p.goexit {
		return
	}
	printstring("panic: ")
	printpanicval(p.value)
	if p.recovered && p.repanicked {
		printstring(" [recovered, repanicked]")
	} else if p.recovered {
		printstring(" [recovered]")
	}
	printnl()
}

// stackOverflow prints what precedes the fatal error.
func stackOverflow(sp uintptr) {
	base := uintptr(unsafe.Pointer(getworker()))
	printstring("runtime: goroutine stack exceeds 1000000000-byte limit\nruntime: sp=")
	printhex(uint64(sp))
	printstring(" stack=[")
	printhex(uint64(base + stackAt))
	printstring(", ")
	printhex(uint64(base + windowSize))
	printstring("]\n")
}

// Signals. The handler runs on the worker's signal stack, which is in its window.

var (
	sigAction sigactiont
)

func initSignalStack(w *worker) {
	w.sigstack.sp = unsafe.Pointer(uintptr(unsafe.Pointer(w)) + sigstackAt)
	w.sigstack.size = sigstackSize
	sigaltstack(unsafe.Pointer(&w.sigstack), nil)
}

func initSignals() {
	sigAction.handler = *(*unsafe.Pointer)(recordOfHandler(signalHandler))
	sigAction.flags = saSiginfo | saOnstack | saNodefer
	sigaction(sigSEGV, unsafe.Pointer(&sigAction), nil)
	sigaction(sigBUS, unsafe.Pointer(&sigAction), nil)
	sigaction(sigILL, unsafe.Pointer(&sigAction), nil)
	sigaction(sigFPE, unsafe.Pointer(&sigAction), nil)
}

// inSignal is set when a signal is being reported: another one then ends the program at once.
var inSignal bool

// signalHandler has the registers of a C function of three arguments.
func signalHandler(sig int32, info, uctx unsafe.Pointer) {
	if inSignal {
		exit(2)
	}
	inSignal = true
	w := getworker()
	w.printing = 1
	addr := loadptr(uintptr(info) + siginfoAddr)
	sp := loadptr(uintptr(uctx) + ucontextRSP)
	fp := loadptr(uintptr(uctx) + ucontextRBP)
	pc := loadptr(uintptr(uctx) + ucontextRIP)
	base := uintptr(unsafe.Pointer(w))
	reason := "unexpected signal"
	switch {
	case (sig == sigSEGV || sig == sigBUS) && addr-base-guardAt < guardSize:
		stackOverflow(sp)
		reason = "stack overflow"
	case sig == sigSEGV || sig == sigBUS:
		printstring("unexpected fault address ")
		printhex(uint64(addr))
		printnl()
		reason = "fault"
	case sig == sigILL:
		reason = "check failed in the runtime"
	case sig == sigFPE:
		reason = "floating-point exception"
	}
	printstring("fatal error: ")
	printstring(reason)
	printnl()
	if !eqstring(reason, "stack overflow") {
		printstring("[signal ")
		printint(int64(sig))
		printstring(" addr=")
		printhex(uint64(addr))
		printstring(" pc=")
		printhex(uint64(pc))
		printstring("]\n")
	}
	gp := w.curg
	if traceLevel() > 0 {
		printnl()
		if gp != nil {
			printheader(gp)
		}
		w.trace[0] = pc + 1
		w.unwinder.startRecorded(unsafe.Pointer(&w.trace), 1)
		printtrace(&w.unwinder)
		w.unwinder.start(fp, w)
		printtrace(&w.unwinder)
		if gp != nil {
			printcreator(gp)
		}
	}
	flushout()
	exit(2)
}
