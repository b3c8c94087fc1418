package runtime

import "unsafe"

// Finalizers, cleanups and weak pointers, on the records of special.go.

// SetFinalizer sets the finalizer of the object that obj points to; a nil finalizer removes it.
func SetFinalizer(obj any, finalizer any) {
	o := (*eface)(unsafe.Pointer(&obj))
	f := (*eface)(unsafe.Pointer(&finalizer))
	if o.typ == nil {
		throw("runtime.SetFinalizer: first argument is nil")
	}
	if o.typ.kind != kindPointer {
		throw("runtime.SetFinalizer: first argument is " + o.typ.string() + ", not pointer")
	}
	p := uintptr(o.data)
	if p == 0 {
		throw("nil elem type!")
	}
	if f.typ == nil {
		dropSpecial(specialFinalizer, p, 0)
		return
	}
	if f.typ.kind != kindFunc {
		throw("runtime.SetFinalizer: second argument is " + f.typ.string() + ", not a function")
	}
	typ := (*funcType)(unsafe.Pointer(f.typ))
	checkFinalizer(o.typ, typ)
	if !inArena(p) {
		return // a variable of the program: lives for ever
	}
	if !beginsObject(p) {
		throw("runtime.SetFinalizer: pointer not at beginning of allocated block")
	}
	lock(&specials.lock)
	if findSpecial(specialFinalizer, p, 0) != nil {
		throw("runtime.SetFinalizer: finalizer already set")
	}
	s := newSpecial(specialFinalizer, p, f.data)
	s.arg = o.typ
	s.typ = typ
	unlock(&specials.lock)
}

// dropSpecial removes a record, if it is there.
func dropSpecial(kind uint8, p uintptr, id uint64) {
	lock(&specials.lock)
	if link := findSpecial(kind, p, id); link != nil {
		freeSpecial(takeSpecial(link))
	}
	unlock(&specials.lock)
}

// checkFinalizer ends the program if a function of type f cannot be called with a pointer of type t.
func checkFinalizer(t *_type, f *funcType) {
	why := ""
	if f.outCount>>15 != 0 {
		why = " because dotdotdot"
	} else if f.inCount == 1 {
		param := f.param()
		if param == t {
			return
		}
		if param.kind == kindPointer {
			// Assignable if one of them has no name.
			a, b := (*ptrType)(unsafe.Pointer(t)), (*ptrType)(unsafe.Pointer(param))
			if a.elem == b.elem && (t.tflag&tflagNamed == 0 || param.tflag&tflagNamed == 0) {
				return
			}
		} else if param.kind == kindInterface {
			inter := (*interfaceType)(unsafe.Pointer(param))
			if len(inter.methods) == 0 || getitab(param, t) != nil {
				return
			}
		}
	}
	throw("runtime.SetFinalizer: cannot pass " + t.string() + " to finalizer " + f.typ.string() + why)
}

// param is the type of a function's first parameter.
func (f *funcType) param() *_type {
	at := unsafe.Sizeof(funcType{})
	if f.typ.tflag&tflagUncommon != 0 {
		at += unsafe.Sizeof(uncommonType{})
	}
	return *(**_type)(add(unsafe.Pointer(f), at))
}

// beginsObject reports whether an object of the heap begins at p.
func beginsObject(p uintptr) bool {
	s := spanOf(p)
	if s == nil || p-s.base >= s.bytes {
		return false
	}
	off := p - s.base
	if s.class == 0 {
		return off == 0
	}
	return off*s.magic>>32*s.elemsize == off
}

// result is the type of a function's result i.
func (f *funcType) result(i uintptr) *_type {
	at := unsafe.Sizeof(funcType{}) + (uintptr(f.inCount)+i)*8
	if f.typ.tflag&tflagUncommon != 0 {
		at += unsafe.Sizeof(uncommonType{})
	}
	return *(**_type)(add(unsafe.Pointer(f), at))
}

// callFinalizer calls fn with the object. Results are ignored.
func callFinalizer(obj unsafe.Pointer, arg *_type, fn unsafe.Pointer, typ *funcType) {
	param := typ.param()
	if param.kind == kindInterface {
		callEface(fn, eface{param2type(arg, param), obj})
		return
	}
	count, size := uintptr(typ.outCount&0x7fff), uintptr(0)
	for i := uintptr(0); i < count; i++ {
		size += (typ.result(i).size + 7) &^ 7
	}
	if size > 8 {
		callForNothing(fn, obj, size)
		return
	}
	callPointer(fn, obj, typ.outCount&0x7fff)
}

//goir:intrinsic callregsmem
func callregsmem(code, record, frame unsafe.Pointer, stack int, results unsafe.Pointer)

// callForNothing calls a function of a pointer whose results, of so many bytes, may be anywhere: in registers, in
// memory that other parameters point to, or together in memory of the caller's. Nobody looks at them.
func callForNothing(fn, obj unsafe.Pointer, size uintptr) {
	results := rawmem(size + 64)
	frame := (*[25]uintptr)(rawmem(25 * 8))
	frame[0] = uintptr(obj)
	for i := 1; i < 6; i++ {
		frame[i] = uintptr(results)
	}
	callregsmem(*(*unsafe.Pointer)(fn), fn, unsafe.Pointer(frame), 0, results)
	if getworker().curg.panics != nil {
		// It says so in its results, wherever those are.
		raise()
	}
}

// param2type is the first word of the interface value passed for an object of pointer type arg.
func param2type(arg, param *_type) *_type {
	if len((*interfaceType)(unsafe.Pointer(param)).methods) == 0 {
		return arg
	}
	return (*_type)(getitab(param, arg))
}

func callEface(fn unsafe.Pointer, e eface) {
	f := *(*func(eface))(unsafe.Pointer(&fn))
	f(e)
}

func callPointer(fn, obj unsafe.Pointer, results uint16) {
	if results == 0 {
		f := *(*func(unsafe.Pointer))(unsafe.Pointer(&fn))
		f(obj)
		return
	}
	f := *(*func(unsafe.Pointer) uintptr)(unsafe.Pointer(&fn))
	f(obj)
}

// A Cleanup is a cleanup of an object, to be stopped.
type Cleanup struct {
	id  uint64
	ptr uintptr
}

// AddCleanup has cleanup(arg) called in a goroutine of its own some time after ptr is no longer reachable.
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup {
	if ptr == nil {
		panic("runtime.AddCleanup: ptr is nil")
	}
	checkCleanup(unsafe.Pointer(ptr), arg)
	return addCleanup(unsafe.Pointer(ptr), func() { cleanup(arg) })
}

// checkCleanup panics if arg would keep the object at p alive.
func checkCleanup(p unsafe.Pointer, arg any) {
	a := (*eface)(unsafe.Pointer(&arg))
	if a.typ == nil || a.typ.kind != kindPointer && a.typ.kind != kindUnsafePointer {
		return
	}
	if a.data == p {
		panic("runtime.AddCleanup: ptr is equal to arg, cleanup will never run")
	}
	if sameObject(uintptr(p), uintptr(a.data)) {
		panic("runtime.AddCleanup: ptr is within arg, cleanup will never run")
	}
}

// sameObject reports whether two addresses are within the same object of the heap.
func sameObject(p, q uintptr) bool {
	if !inArena(p) || !inArena(q) {
		return false
	}
	s := spanOf(p)
	if s == nil || spanOf(q) != s || p-s.base >= s.bytes || q-s.base >= s.bytes {
		return false
	}
	return s.class == 0 || (p-s.base)*s.magic>>32 == (q-s.base)*s.magic>>32
}

func addCleanup(ptr unsafe.Pointer, f func()) Cleanup {
	p := uintptr(ptr)
	if !inArena(p) {
		return Cleanup{} // a variable of the program: lives for ever
	}
	lock(&specials.lock)
	s := newSpecial(specialCleanup, p, recordOfFunc(f))
	specials.id++
	id := specials.id
	s.id = id
	unlock(&specials.lock)
	return Cleanup{id, p}
}

// Stop cancels the cleanup, unless it is queued already.
func (c Cleanup) Stop() {
	if c.id != 0 {
		dropSpecial(specialCleanup, c.ptr, c.id)
	}
}

// registerWeakPointer is the handle of weak pointers to p: the same for the same address as long as the object lives.
//
//go:linkname registerWeakPointer weak.runtime_registerWeakPointer
func registerWeakPointer(ptr unsafe.Pointer) unsafe.Pointer {
	p := uintptr(ptr)
	handle := rawmem(8)
	*(*uintptr)(handle) = p
	lock(&specials.lock)
	if link := findSpecial(specialWeak, p, 0); link != nil {
		handle = (*link).fn
	} else {
		newSpecial(specialWeak, p, handle)
	}
	unlock(&specials.lock)
	return handle
}

//go:linkname makeStrongFromWeak weak.runtime_makeStrongFromWeak
func makeStrongFromWeak(handle unsafe.Pointer) unsafe.Pointer {
	return *(*unsafe.Pointer)(handle)
}

// A Pinner keeps objects where they are, and alive, until they are unpinned. Objects never move.
type Pinner struct {
	*pinned
}

type pinned struct {
	refs []unsafe.Pointer
}

// Pin pins what a pointer points to.
func (p *Pinner) Pin(pointer any) {
	e := (*eface)(unsafe.Pointer(&pointer))
	if e.typ == nil {
		panic(errorString("runtime.Pinner: argument is nil"))
	}
	if e.typ.kind != kindPointer && e.typ.kind != kindUnsafePointer {
		panic(errorString("runtime.Pinner: argument is not a pointer: " + e.typ.string()))
	}
	if p.pinned == nil {
		p.pinned = new(pinned)
		SetFinalizer(p.pinned, leakedPins)
	}
	p.refs = append(p.refs, e.data)
}

// Unpin unpins everything.
func (p *Pinner) Unpin() {
	if p.pinned != nil {
		p.refs = nil
	}
}

func leakedPins(p *pinned) {
	if len(p.refs) != 0 {
		panic(errorString("runtime.Pinner: found leaking pinned pointer; forgot to call Unpin?"))
	}
}
