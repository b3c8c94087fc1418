package runtime

import "unsafe"

// Finalizers. The table is outside of the heap and does not keep its objects alive. After marking, an object that was
// not reached is kept for one more collection and its finalizer is queued; a goroutine started for it calls them.

type finalizer struct {
	obj  uintptr // the object's address
	arg  *_type  // type of the pointer the finalizer is called with
	fn   unsafe.Pointer
	typ  *funcType
	dead bool // queued
}

var finalizers struct {
	list   uintptr // *finalizer, grown by copying
	n      uintptr
	cap    uintptr
	queued uintptr
}

func finalizerAt(i uintptr) *finalizer {
	return (*finalizer)(unsafe.Pointer(finalizers.list + i*unsafe.Sizeof(finalizer{})))
}

// SetFinalizer sets the finalizer of the object that obj points to; a nil finalizer removes it.
func SetFinalizer(obj any, fin any) {
	o := (*eface)(unsafe.Pointer(&obj))
	f := (*eface)(unsafe.Pointer(&fin))
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
		for i := uintptr(0); i < finalizers.n; i++ {
			if e := finalizerAt(i); e.obj == p && !e.dead {
				removeFinalizer(i)
				return
			}
		}
		return
	}
	if f.typ.kind != kindFunc {
		throw("runtime.SetFinalizer: second argument is " + f.typ.string() + ", not a function")
	}
	if !inArena(p) {
		return // a variable of the program: lives for ever
	}
	for i := uintptr(0); i < finalizers.n; i++ {
		if e := finalizerAt(i); e.obj == p && !e.dead {
			throw("runtime.SetFinalizer: finalizer already set")
		}
	}
	if finalizers.n == finalizers.cap {
		size := finalizers.cap * 2
		if size == 0 {
			size = 128
		}
		list := metaAlloc(size * unsafe.Sizeof(finalizer{}))
		memmove(unsafe.Pointer(list), unsafe.Pointer(finalizers.list), finalizers.n*unsafe.Sizeof(finalizer{}))
		finalizers.list = list
		finalizers.cap = size
	}
	e := finalizerAt(finalizers.n)
	finalizers.n++
	e.obj = p
	e.arg = o.typ
	e.fn = f.data
	e.typ = (*funcType)(unsafe.Pointer(f.typ))
	e.dead = false
}

func removeFinalizer(i uintptr) {
	finalizers.n--
	*finalizerAt(i) = *finalizerAt(finalizers.n)
}

// isMarked reports whether the object at p was reached.
func isMarked(p uintptr) bool {
	s := spanOf(p)
	if s == nil || p-s.base >= s.bytes {
		return true
	}
	if s.class == 0 {
		return s.marked
	}
	i := (p - s.base) * s.magic >> 32
	return *(*uint64)(unsafe.Pointer(s.mark + i>>6*8))>>(i&63)&1 != 0
}

// markFinalizers runs after all else is marked: it marks the finalizers, queues those whose objects were not reached,
// and marks these too.
func markFinalizers() {
	for i := uintptr(0); i < finalizers.n; i++ {
		e := finalizerAt(i)
		if !e.dead && !isMarked(e.obj) {
			e.dead = true
			finalizers.queued++
		}
	}
	for i := uintptr(0); i < finalizers.n; i++ {
		e := finalizerAt(i)
		if e.dead {
			markPointer(e.obj)
		} else {
			// What the object refers to must be there when it is finalized, the object itself may go.
			scanObject(e.obj)
		}
		if fn := uintptr(e.fn); inArena(fn) {
			markPointer(fn)
		}
		drain()
	}
}

// scanObject scans the object at p without marking it.
func scanObject(p uintptr) {
	s := spanOf(p)
	if s.noscan {
		return
	}
	pushMarked(p)
	drain()
}

// startFinalizers starts a goroutine for the finalizers that are queued.
func startFinalizers() {
	if finalizers.queued != 0 {
		finalizers.queued = 0
		newsystemproc(runFinalizers)
	}
}

// runFinalizers calls queued finalizers until there are none.
func runFinalizers() {
	for i := uintptr(0); i < finalizers.n; {
		e := finalizerAt(i)
		if !e.dead {
			i++
			continue
		}
		obj, arg, fn, typ := e.obj, e.arg, e.fn, e.typ
		removeFinalizer(i)
		callFinalizer(unsafe.Pointer(obj), arg, fn, typ)
		i = 0
	}
}

// callFinalizer calls fn with the object. Results of up to a word are ignored.
func callFinalizer(obj unsafe.Pointer, arg *_type, fn unsafe.Pointer, typ *funcType) {
	at := unsafe.Sizeof(funcType{})
	if typ.typ.tflag&tflagUncommon != 0 {
		at += unsafe.Sizeof(uncommonType{})
	}
	param := *(**_type)(add(unsafe.Pointer(typ), at))
	if param.kind == kindInterface {
		callEface(fn, eface{param2type(arg, param), obj})
		return
	}
	callPointer(fn, obj, typ.outCount&0x7fff)
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
