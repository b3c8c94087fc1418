package runtime

import "unsafe"

// Deferred calls and recover. A function's deferred calls are a list whose head is in its frame. See "Panics and
// defers" in docs/dialect-go.md for the code that goes through it, docs/runtime-calls.md for the contract.
//
// Invariants: a panic that is not aborted and runs deferred calls is bound to the list of the function that runs them
// (panicrec.list); the newest panic is the one that is being raised or runs calls. "May recover" (g.recoverPanic,
// g.recoverCode) is set only between paniccall and the entry of the function it names.

// deferrec is a deferred call: in the frame if it is made at most once, else on the heap.
type deferrec struct {
	next *deferrec
	f    unsafe.Pointer
}

// deferNil stands for a deferred nil function: it panics when it is called, not when it is deferred.
func deferNil() {
	panicnil()
	raise()
}

func deferpush(d, rec, f unsafe.Pointer) {
	head := (**deferrec)(d)
	r := (*deferrec)(rec)
	if f == nil {
		f = recordOfFunc(deferNil)
	}
	r.f = f
	r.next = *head
	*head = r
}

func deferpushheap(d, f unsafe.Pointer) {
	deferpush(d, unsafe.Pointer(new(deferrec)), f)
}

// deferpop takes the closure deferred last off the list; nil: there is none.
func deferpop(d unsafe.Pointer) unsafe.Pointer {
	head := (**deferrec)(d)
	r := *head
	if r == nil {
		return nil
	}
	*head = r.next
	return r.f
}

// panicrec is a panic, or a Goexit, from when it is raised until it is recovered or ends its goroutine.
type panicrec struct {
	value      any
	link       *panicrec      // the one before
	list       unsafe.Pointer // deferred calls of the function it has reached
	fp         uintptr        // that function's frame on a stack, if it has not waited since it began to run one of them: so
	w          *worker        // as long as this worker
	run        uint32         // is in this run
	pcs        unsafe.Pointer // *uintptr: where it was raised, from inside out
	npcs       int
	recovered  bool
	aborted    bool // another panic, raised by a deferred call it ran, has passed its function
	goexit     bool
	repanicked bool
}

// addpanic records a panic as the current goroutine's newest.
//
//go:noinline
func addpanic(v any) *panicrec {
	w := getworker()
	gp := w.curg
	p := new(panicrec)
	p.value = v
	p.link = gp.panics
	n := callers(frameaddress(), w, &w.trace)
	p.pcs = rawmem(uintptr(n) * 8)
	memmove(p.pcs, unsafe.Pointer(&w.trace), uintptr(n)*8)
	p.npcs = n
	gp.panics = p
	return p
}

// gopanic records panic(v).
func gopanic(v any) {
	if (*eface)(unsafe.Pointer(&v)).typ == nil {
		v = new(PanicNilError)
	}
	addpanic(v)
}

// panicenter begins or continues running the deferred calls of list d because of the newest panic.
func panicenter(d unsafe.Pointer) {
	p := getworker().curg.panics
	for q := p.link; q != nil; q = q.link {
		if q.list == d {
			q.aborted = true
		}
	}
	p.list = d
}

// paniccall lets f recover the newest panic.
//
//go:noinline
func paniccall(d, f unsafe.Pointer) {
	w := getworker()
	gp := w.curg
	p := gp.panics
	p.fp = loadptr(frameaddress())
	p.w = w
	p.run = w.runs
	gp.recoverPanic = p
	gp.recoverCode = *(*uintptr)(f)
}

// panicdone reports, after a deferred call has returned, whether it has recovered the panic.
func panicdone(d unsafe.Pointer) bool {
	gp := getworker().curg
	gp.recoverPanic = nil
	gp.recoverCode = 0
	p := gp.panics
	if !p.recovered {
		return false
	}
	gp.sigpc = 0
	p = p.link
	for p != nil && p.aborted {
		if p.goexit {
			// The recovered panic had interrupted a Goexit, which goes on.
			p.aborted = false
			p.list = d
			gp.panics = p
			return false
		}
		p = p.link
	}
	gp.panics = p
	return true
}

// recovertoken is the panic that the function with this code may recover, nil if it may not.
func recovertoken(code unsafe.Pointer) unsafe.Pointer {
	gp := getworker().curg
	if gp.recoverCode != uintptr(code) {
		return nil
	}
	gp.recoverCode = 0
	p := gp.recoverPanic
	gp.recoverPanic = nil
	return unsafe.Pointer(p)
}

// recoverforward passes the right to recover from a wrapper to what it wraps.
func recoverforward(self, target unsafe.Pointer) {
	gp := getworker().curg
	if gp.recoverCode == uintptr(self) {
		gp.recoverCode = uintptr(target)
	}
}

// gorecover is recover() with the function's token.
func gorecover(token unsafe.Pointer) any {
	p := (*panicrec)(token)
	if p == nil || p.recovered || p.goexit {
		return nil
	}
	p.recovered = true
	return p.value
}

// Goexit ends the calling goroutine after running its deferred calls.
func Goexit() {
	p := addpanic(nil)
	p.goexit = true
	raise()
}
