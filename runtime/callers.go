package runtime

import "unsafe"

// What programs ask about their own frames: Callers and Caller, Frames, Func.

// apiFrame goes through the functions that programs see of a goroutine's trace: Callers' frames. It lives in the worker.
type apiFrame struct {
	u     unwinder
	k     frameWalk
	depth uintptr
	ended bool
}

// pc is the address that stands for the function; CallersFrames and FuncForPC understand it.
func (a *apiFrame) pc() uintptr { return a.u.pc | a.depth<<depthShift }

// start begins with the function that the one with frame fp on this worker's stack returns to.
func (a *apiFrame) start(fp uintptr, w *worker) {
	a.u.start(fp, w)
	a.k.more = false
	a.ended = false
}

// next goes on to the next function. It reports whether there is one; goexit is the last.
func (a *apiFrame) next() bool {
	for !a.ended {
		if a.k.more {
			a.k.next()
			a.depth++
		} else if a.u.next() {
			a.k.look(a.u.pc - 1)
			a.depth = 0
		} else {
			a.ended = true
			a.u.pc = goexitCode + 1
			a.k.look(goexitCode)
			a.depth = 0
			return true
		}
		if a.k.more && seen(&a.k) {
			return true
		}
	}
	return false
}

// seen reports whether Callers counts a function: also those of the runtime that traces hide but programs may know.
func seen(k *frameWalk) bool {
	entry := k.entry()
	return !k.hidden() || entry == panickedCode || entry == goexitCode || k.e.ctx(k.ctx).flags&flagWrapper == 0 && eqstring(k.name(), "goir.start")
}

// funcName is a function's name for programs.
func funcName(k *frameWalk) string { return nameOf(k.name()) }

func nameOf(name string) string {
	switch {
	case eqstring(name, "runtime.panicked"):
		return "runtime.gopanic"
	case eqstring(name, "goir.start"):
		return "runtime.main"
	}
	return name
}

// Callers fills pc with the program counters of the calling goroutine's functions, skipping some; 0 is Callers itself.
//
//go:noinline
func Callers(skip int, pc []uintptr) int {
	n := callersFrom(skip, pc)
	// Something to do after the call: else it would be a jump, and Callers not on the stack.
	getworker().frameList.ended = true
	return n
}

//go:noinline
func callersFrom(skip int, pc []uintptr) int {
	w := getworker()
	a := &w.frameList
	a.start(frameaddress(), w)
	n := 0
	for n < len(pc) && a.next() {
		if skip > 0 {
			skip--
			continue
		}
		pc[n] = a.pc()
		n++
	}
	return n
}

// Caller reports where a calling function is: 0 is the caller of Caller.
//
//go:noinline
func Caller(skip int) (pc uintptr, file string, line int, ok bool) {
	w := getworker()
	a := &w.frameList
	a.start(frameaddress(), w)
	for a.next() {
		if skip <= 0 {
			return a.pc() - 1, a.k.file(), int(a.k.line), true
		}
		skip--
	}
	return 0, "", 0, false
}

// A Func is a function of the program: a pcFunc in the table, or an inlinedFunc.
type Func struct {
	opaque struct{}
}

// inlinedFunc is a function at a place where it was inlined into another one.
type inlinedFunc struct {
	name  string
	file  string
	line  int
	entry uintptr
}

// FuncForPC is the function that contains pc, the innermost if functions are inlined there; nil if there is none.
func FuncForPC(pc uintptr) *Func {
	k := &getworker().walk
	if !k.look(pc) {
		return nil
	}
	return k.function()
}

func (k *frameWalk) function() *Func {
	if !k.inlined() {
		return (*Func)(unsafe.Pointer(k.f))
	}
	f := new(inlinedFunc)
	f.name = funcName(k)
	f.file = k.file()
	f.line = int(k.line)
	f.entry = k.entry()
	return (*Func)(unsafe.Pointer(f))
}

// entry is the table f is in, nil if f was inlined.
func (f *pcFunc) entry() *pcEntry {
	p := uintptr(unsafe.Pointer(f))
	if p < uintptr(pctabstart()) || p >= uintptr(pctabend()) {
		return nil
	}
	return (*pcEntry)(unsafe.Pointer(p - uintptr(f.at)))
}

// Name is the function's name, "" of nil.
func (f *Func) Name() string {
	if f == nil {
		return ""
	}
	t := (*pcFunc)(unsafe.Pointer(f))
	e := t.entry()
	if e == nil {
		return (*inlinedFunc)(unsafe.Pointer(f)).name
	}
	return nameOf(e.str(t.name))
}

// Entry is the address of the function's code.
func (f *Func) Entry() uintptr {
	t := (*pcFunc)(unsafe.Pointer(f))
	e := t.entry()
	if e == nil {
		return (*inlinedFunc)(unsafe.Pointer(f)).entry
	}
	return uintptr(e.text) + uintptr(t.start)
}

// FileLine is the file and line of the code at pc.
func (f *Func) FileLine(pc uintptr) (file string, line int) {
	t := (*pcFunc)(unsafe.Pointer(f))
	if t.entry() == nil {
		i := (*inlinedFunc)(unsafe.Pointer(f))
		return i.file, i.line
	}
	k := &getworker().walk
	if !k.look(pc) {
		return "?", 0
	}
	return k.file(), int(k.line)
}

// A Frame is a function call in a trace.
type Frame struct {
	PC       uintptr
	Func     *Func
	Function string
	File     string
	Line     int

	startLine int
	Entry     uintptr
}

// Frames goes through the frames of a list of program counters.
type Frames struct {
	pcs  []uintptr
	next Frame
}

// CallersFrames prepares going through what Callers answered.
func CallersFrames(callers []uintptr) *Frames {
	f := new(Frames)
	f.pcs = callers
	f.advance()
	return f
}

// advance finds the frame that Next answers next; its PC is 0 if there is none.
func (f *Frames) advance() {
	f.next = Frame{}
	k := &getworker().walk
	for len(f.pcs) > 0 {
		pc := f.pcs[0]
		f.pcs = f.pcs[1:]
		// Return addresses, but also addresses of functions.
		if !k.look(pc&addrMask) || pc != k.entry() {
			pc--
		}
		if !k.look(pc) {
			continue
		}
		f.next.PC = pc
		f.next.Function = funcName(k)
		f.next.File = k.file()
		f.next.Line = int(k.line)
		f.next.startLine = int(k.f.line)
		f.next.Entry = k.entry()
		if !k.inlined() {
			f.next.Func = k.function()
		}
		return
	}
}

// Next is the next frame, and whether there are more after it.
func (f *Frames) Next() (frame Frame, more bool) {
	frame = f.next
	if frame.PC != 0 {
		f.advance()
	}
	return frame, f.next.PC != 0
}
