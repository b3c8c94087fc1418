package runtime

import "unsafe"

// The ends a program can come to: an unrecovered panic, a fatal error, a deadlock (and a signal: signal.go). All print to
// standard error and exit with status 2.

// reporter is the worker that reports how the program ends.
var reporter uintptr

// never is a futex that nobody wakes.
var never uint32

// beginReport makes w the worker that ends the program: another one that wants to waits for that. All others are stopped,
// as far as they can be within some milliseconds. A second reason to end in the same worker ends the program at once.
func beginReport(w *worker) {
	if !cas64(&reporter, 0, uintptr(unsafe.Pointer(w))) {
		for reporter != uintptr(unsafe.Pointer(w)) {
			futexsleep(&never, 0)
		}
		flushout()
		exit(2)
	}
	w.printing = 1
	w.divert = 0
	freezeWorld(w)
}

// throw ends the program because of an error it cannot go on after.
//
//go:noinline
func throw(s string) {
	w := getworker()
	beginReport(w)
	fatal(w, s, frameaddress())
}

// fatal ends the program after beginReport: the trace begins with the caller of the function whose frame is at fp.
func fatal(w *worker, s string, fp uintptr) {
	printstring("fatal error: ")
	printindented(s)
	printnl()
	gp := w.curg
	if gp != nil && gp.sigpc != 0 {
		printnilsignal(gp)
	}
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
	beginReport(w)
	setRunning(w, nil)
	if sched.mainExit && countGoroutines() == 0 {
		printstring("fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n")
	} else {
		printstring("fatal error: all goroutines are asleep - deadlock!\n")
	}
	if countGoroutines() > 0 && traceLevel() > 0 {
		printnl()
		printothers(nil)
	}
	flushout()
	exit(2)
}

// fatalpanic ends the program because goroutine gp ended by a panic.
func fatalpanic(gp *g) {
	w := getworker()
	w.printing = 0
	p := gp.panics
	stuck := deadlocked(p.value)
	preprintpanics(p)
	beginReport(w)
	printpanics(p)
	if gp.sigpc != 0 {
		printnilsignal(gp)
	}
	if traceLevel() > 0 {
		printnl()
		printheader(gp)
		w.unwinder.startRecorded(p.pcs, p.npcs)
		printtrace(&w.unwinder)
		printcreator(gp)
		if traceLevel() > 1 {
			printothers(nil)
		} else if stuck != nil {
			printothers(stuck)
		}
	}
	flushout()
	exit(2)
}

// printnilsignal says where gp dereferenced nil, as if a signal had told.
func printnilsignal(gp *g) {
	printstring("[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=")
	printhex(uint64(gp.sigpc))
	printstring("]\n")
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
