package runtime

import "unsafe"

// Traces. Frames on the native stack are found through the chain of frame pointers; suspended coroutines that await
// what is on the stack through the handles in their promises.

const maxTrace = 100

// callers fills the worker's trace buffer with return addresses, from the frame at fp outwards, and answers how many.
func callers(fp uintptr, w *worker) int {
	return unwind(fp, w, w.resumed, &w.trace)
}

func unwind(fp uintptr, w *worker, h unsafe.Pointer, pcs *[maxTrace]uintptr) int {
	n := 0
	low := uintptr(unsafe.Pointer(w)) + stackAt
	for n < maxTrace && fp >= low && fp < w.stacktop && fp&7 == 0 {
		pc := loadptr(fp + 8)
		if pc == 0 {
			break
		}
		pcs[n] = pc
		n++
		up := loadptr(fp)
		if up <= fp {
			break
		}
		fp = up
	}
	if h != nil {
		n = awaiters(loadptr(uintptr(h)+16), pcs, n)
	}
	return n
}

// awaiters adds the coroutines that wait for one another, beginning with handle h, and a parked thread at the end.
func awaiters(h uintptr, pcs *[maxTrace]uintptr, n int) int {
	for h > coroDetached && n < maxTrace {
		code := loadptr(h)
		if code == 0 {
			break
		}
		if code == threadResumeCode {
			w := (*threadwaiter)(unsafe.Pointer(h)).w
			return n + stackOf(w, pcs, n)
		}
		pcs[n] = code + 1
		n++
		h = loadptr(h + 16)
	}
	return n
}

// stackOf adds a parked thread's stack.
func stackOf(w *worker, pcs *[maxTrace]uintptr, n int) int {
	k := 0
	fp := w.savedfp
	for n+k < maxTrace && fp < w.stacktop && fp > uintptr(unsafe.Pointer(w)) {
		pcs[n+k] = loadptr(fp + 8)
		k++
		up := loadptr(fp)
		if up <= fp {
			break
		}
		fp = up
	}
	return k
}

// threadResumeCode is what a threadwaiter's resume pointer is.
var threadResumeCode uintptr

func hasPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && eqstring(s[:len(prefix)], prefix)
}

// hidden reports whether a function of the runtime is left out of traces.
func hidden(name string) bool {
	return hasPrefix(name, "runtime.") && !(len(name) > 8 && name[8] >= 'A' && name[8] <= 'Z') || hasPrefix(name, "goir.")
}

// walker is printtrace's; it is too big for a stack that may have overflown.
var walker frameWalk

// printtrace prints the functions at n return addresses.
func printtrace(pcs *uintptr, n int) {
	for i := 0; i < n; i++ {
		pc := *(*uintptr)(add(unsafe.Pointer(pcs), uintptr(i)*8))
		k := &walker
		for k.look(pc - 1); k.more; k.next() {
			name := k.name()
			if k.wrapper() || hidden(name) {
				continue
			}
			printstring(name)
			if eqstring(name, "main.main") || hasPrefix(name, "main.init.") {
				printstring("()\n\t")
			} else {
				printstring("(...)\n\t")
			}
			printstring(k.file())
			printstring(":")
			printuint(uint64(k.line))
			if !k.inlined() {
				printstring(" +")
				printhex(uint64(pc - uintptr(k.e.text) - uintptr(k.f.start)))
			}
			printnl()
		}
	}
	if n == maxTrace {
		printstring("...additional frames elided...\n")
	}
}

func printheader(gp *g) {
	printstring("goroutine ")
	printuint(gp.id)
	printstring(" [")
	if gp.waitreason != 0 {
		printstring(waitText(gp.waitreason))
	} else if getworker().curg == gp {
		printstring("running")
	} else {
		printstring("runnable")
	}
	printstring("]:\n")
}

func printcreator(gp *g) {
	if gp.startpc == 0 || gp.creator == 0 {
		return
	}
	k := &walker
	for k.look(gp.startpc - 1); k.more; k.next() {
		if k.inlined() {
			continue
		}
		printstring("created by ")
		printstring(k.name())
		printstring(" in goroutine ")
		printuint(gp.creator)
		printstring("\n\t")
		printstring(k.file())
		printstring(":")
		printuint(uint64(k.line))
		printstring(" +")
		printhex(uint64(gp.startpc - uintptr(k.e.text) - uintptr(k.f.start)))
		printnl()
	}
}

// printothers prints the goroutines that do not run; all, or if GOTRACEBACK wants them.
func printothers(all bool) {
	w := getworker()
	if !all && traceLevel() < 2 {
		return
	}
	first := true
	for s := sched.slabs; s != nil; s = s.next {
		for i := uintptr(0); i < s.n; i++ {
			gp := (*g)(add(unsafe.Pointer(&s.gs), i*unsafe.Sizeof(g{})))
			if gp.id == 0 || gp == w.curg || gp.system {
				continue
			}
			if !first || w.curg != nil {
				printnl()
			}
			first = false
			printheader(gp)
			if gp.handle != nil {
				n := awaiters(uintptr(gp.handle), &w.trace, 0)
				printtrace(&w.trace[0], n)
			}
			printcreator(gp)
		}
	}
}

// traceLevel is GOTRACEBACK, or what the program asked for: 0 none, 1 the goroutine that failed, 2 all.
func traceLevel() int {
	if traceSetting != 0 {
		return traceSetting - 1
	}
	return traceLevelOf(getenv("GOTRACEBACK\x00"))
}
