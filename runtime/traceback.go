package runtime

import "unsafe"

// Traces. Frames on the native stack are found through the chain of frame pointers; suspended coroutines that await
// what is on the stack through the handles in their promises, which say as well on which line they wait.
//
// By the time a deferred call runs because of a panic, the functions the panic went through have returned. In the
// trace of such a call they stand where they were: the panic has recorded them (panicrec.pcs).

const (
	maxTrace   = 100 // frames a panic records
	traceInner = 50  // functions printed of both ends of a long trace
	traceOuter = 50
)

// unwinder goes through the frames of a goroutine, innermost first: pc is the return address of one after the other.
type unwinder struct {
	pc     uintptr
	fp     uintptr        // next frame on w's stack; 0: the waiting coroutines are next
	h      uintptr        // next coroutine that waits, and what waits for it
	w      *worker        // the stack
	p      *panicrec      // runs the deferred call that is being unwound
	pframe uintptr        // frame of the function p has reached, if that is a coroutine
	pcs    unsafe.Pointer // *uintptr: recorded frames, the next and how many there are
	npcs   int
}

// start begins at the function that the one with frame fp on this worker's stack returns to.
func (u *unwinder) start(fp uintptr, w *worker) {
	u.startWaiting(0)
	u.fp = fp
	u.w = w
	if h := w.resumed; h != nil {
		u.h = awaiterOf(uintptr(h))
	}
	gp := w.curg
	if gp == nil {
		return
	}
	p := gp.panics
	for p != nil && p.fp == 0 {
		p = p.link
	}
	if p == nil {
		return
	}
	u.p = p
	u.pframe = frameOf(uintptr(p.list))
}

// startWaiting begins at the suspended coroutine h.
func (u *unwinder) startWaiting(h uintptr) {
	u.fp = 0
	u.h = h
	u.p = nil
	u.npcs = 0
}

// startRecorded goes through n return addresses at pcs.
func (u *unwinder) startRecorded(pcs unsafe.Pointer, n int) {
	u.startWaiting(0)
	u.pcs = pcs
	u.npcs = n
}

// awaiterOf is the state of suspended coroutine h. One that was resumed as soon as it had suspended may have to wait for
// its awaiter, which another worker is about to suspend.
func awaiterOf(h uintptr) uintptr {
	state := (*uintptr)(unsafe.Pointer(h + promiseState))
	for i := 0; i < 10000 && atomicload64(state) == coroRunning; i++ {
		osyield()
	}
	return *state
}

// next goes on to the next frame. It reports whether there is one.
func (u *unwinder) next() bool {
	for {
		if u.npcs > 0 {
			u.pc = *(*uintptr)(u.pcs)
			u.pcs = add(u.pcs, 8)
			u.npcs--
			return true
		}
		if u.fp != 0 {
			fp := u.fp
			u.fp = 0
			if fp < uintptr(unsafe.Pointer(u.w))+stackAt || fp >= u.w.stacktop || fp&7 != 0 {
				continue
			}
			up := loadptr(fp)
			if p := u.p; p != nil && up == p.fp && u.w == p.w && u.w.runs == p.run {
				u.splice()
				return true
			}
			if up > fp {
				u.fp = up
			}
			u.pc = loadptr(fp + 8)
			if u.pc>>32 != 0 {
				// C code: it has no frame pointers one could go by.
				u.fp = 0
				continue
			}
			return true
		}
		h := u.h
		if h <= coroDetached {
			return false
		}
		code := loadptr(h)
		if code == 0 {
			return false
		}
		if code == threadResumeCode {
			// A parked thread, in whose goroutine coroutines may wait as well.
			r := (*threadwaiter)(unsafe.Pointer(h))
			u.w = r.w
			u.pc = r.pc
			u.fp = r.fp
			u.h = 0
			if r := u.w.resumed; r != nil {
				u.h = awaiterOf(uintptr(r))
			}
			return true
		}
		if u.p != nil && u.pframe != 0 && frameOf(h) == u.pframe {
			// The function waits; callers may have their frames in the same memory, outwards from it.
			u.splice()
			return true
		}
		u.h = awaiterOf(h)
		u.pc = code + 1 | uintptr(*(*uint32)(unsafe.Pointer(h + promiseLine)))<<lineShift
		return true
	}
}

// splice goes on with the frames that panic u.p recorded: they end as those do that would come now.
func (u *unwinder) splice() {
	p := u.p
	u.startRecorded(p.pcs, p.npcs)
	if p.goexit {
		u.next()
		return
	}
	u.pc = panickedCode + 1
}

// callers fills pcs with return addresses, from the frame at fp outwards, and answers how many.
func callers(fp uintptr, w *worker, pcs *[maxTrace]uintptr) int {
	u := &w.unwinder
	u.start(fp, w)
	n := 0
	for n < maxTrace && u.next() {
		pcs[n] = u.pc
		n++
	}
	return n
}

// callerOf is where the function of that name was called; it has called the function with the frame fp.
func callerOf(name string, fp uintptr) uintptr {
	w := getworker()
	u := &w.unwinder
	u.start(fp, w)
	for u.next() {
		if k := &w.walk; !k.look(u.pc-1) || !eqstring(k.name(), name) {
			return u.pc
		}
	}
	return 0
}

// threadResumeCode is what a threadwaiter's resume pointer is.
var threadResumeCode uintptr

func hasPrefix(s, prefix string) bool {
	return len(s) >= len(prefix) && eqstring(s[:len(prefix)], prefix)
}

// walker is for traces that end the program; it is too big for a stack that may have overflown.
var walker frameWalk

// walkerLock is for programs that ask for traces; one that ends the program does not wait for others.
var walkerLock mutex

// shownAt counts the functions at a return address that are shown. Recursion asks for the same ones again and again.
func shownAt(pc uintptr) int {
	slot := &shownCache[pc%uintptr(len(shownCache))]
	if slot.pc != pc {
		slot.pc = pc
		slot.n = 0
		k := &walker
		for k.look(pc - 1); k.more; k.next() {
			if shown(k, pc) {
				slot.n++
			}
		}
	}
	return slot.n
}

var shownCache [61]struct {
	pc uintptr
	n  int
}

func shown(k *frameWalk, pc uintptr) bool {
	return !k.hidden() || pc == panickedCode+1
}

// printtrace prints the functions u goes through.
func printtrace(u *unwinder) {
	again := &getworker().unwinder2
	*again = *u
	total := 0
	for u.next() {
		total += shownAt(u.pc)
	}
	n := 0
	for again.next() {
		pc := again.pc
		count := shownAt(pc)
		if n >= traceInner && n+count <= total-traceOuter {
			n += count
			continue
		}
		k := &walker
		for k.look(pc - 1); k.more; k.next() {
			if !shown(k, pc) {
				continue
			}
			if n == traceInner && total > traceInner+traceOuter {
				printstring("...")
				printint(int64(total - traceInner - traceOuter))
				printstring(" frames elided...\n")
			}
			if n < traceInner || n >= total-traceOuter {
				printframe(k, pc)
			}
			n++
		}
	}
}

func printframe(k *frameWalk, pc uintptr) {
	name := k.name()
	if pc == panickedCode+1 {
		name = "panic"
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
	// gc leaves the offset out where it has inlined a function, but inlines fewer.
	printstring(" +")
	printhex(uint64(pc&addrMask - k.entry()))
	printnl()
}

func printheader(gp *g) {
	printstring("goroutine ")
	printuint(gp.id)
	printstring(" [")
	if gp.waitreason != 0 {
		printstring(waitText(gp.waitreason &^ waitDurable))
		if gp.waitreason&waitDurable != 0 || gp.bubble != nil && gp.waitreason == waitCoroutine {
			printstring(" (durable)")
		}
	} else if w := workerOf(gp); w != nil && w.call != 0 && w != getworker() {
		printstring("syscall")
	} else if w != nil {
		printstring("running")
	} else {
		printstring("runnable")
	}
	if gp.bubble != nil {
		printstring(", synctest bubble ")
		printuint(gp.bubble.id)
	}
	printstring("]:\n")
}

func printcreator(gp *g) {
	if gp.startpc == 0 {
		return
	}
	k := &walker
	// The function with the go statement, wherever it was inlined.
	if k.look(gp.startpc - 1) {
		printstring("created by ")
		printstring(k.name())
		if gp.creator != 0 {
			printstring(" in goroutine ")
			printuint(gp.creator)
		}
		printstring("\n\t")
		printstring(k.file())
		printstring(":")
		printuint(uint64(k.line))
		printstring(" +")
		printhex(uint64(gp.startpc - k.entry()))
		printnl()
	}
}

// printothers prints the goroutines that do not run; of a bubble, if b is not nil.
func printothers(b *bubble) {
	w := getworker()
	first := true
	for s := sched.slabs; s != nil; s = s.next {
		for i := uintptr(0); i < s.n; i++ {
			gp := (*g)(add(unsafe.Pointer(&s.gs), i*unsafe.Sizeof(g{})))
			if gp.id == 0 || gp == w.curg || gp.system || b != nil && gp.bubble != b {
				continue
			}
			if !first || w.curg != nil {
				printnl()
			}
			first = false
			printheader(gp)
			printsuspended(gp)
			printcreator(gp)
		}
	}
}

// printsuspended prints the trace of a goroutine that this worker does not run.
func printsuspended(gp *g) {
	w := getworker()
	u := &w.unwinder
	switch at := workerOf(gp); {
	case gp.handle != nil:
		u.startWaiting(uintptr(gp.handle))
	case gp.fn != nil:
		// It has not begun.
		w.trace[0] = *(*uintptr)(gp.fn) + 1
		u.startRecorded(unsafe.Pointer(&w.trace), 1)
	case at != nil && at.savedsp != 0:
		u.start(at.savedfp, at)
	case at != nil && at.stopsHere():
		if at.stoppc != 0 {
			w.trace[0] = at.stoppc + 1
			u.startRecorded(unsafe.Pointer(&w.trace), 1)
			printtrace(u)
		}
		u.start(at.stopfp, at)
	default:
		printstring("\tgoroutine running on other thread; stack unavailable\n")
		return
	}
	printtrace(u)
}

// workerOf is the worker that runs gp, nil if none does.
func workerOf(gp *g) *worker {
	for w := allWorkers(); w != nil; w = w.allnext {
		if running(w) == gp {
			return w
		}
	}
	return nil
}

// traceLevel is GOTRACEBACK, or what the program asked for: 0 none, 1 the goroutine that failed, 2 all.
func traceLevel() int {
	if traceSetting != 0 {
		return traceSetting - 1
	}
	return traceLevelOf(getenv("GOTRACEBACK\x00"))
}
