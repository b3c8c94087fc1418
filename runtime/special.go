package runtime

import "unsafe"

// What is to happen when an object is no longer reachable: its finalizer, cleanups, weak pointers that become nil. The
// records are outside of the heap, in a hash table by address, and do not keep their objects alive.
//
// After everything else is marked, in this order: what finalizers will need is marked (all that their objects refer to,
// not the objects), weak pointers to what was not reached become nil, finalizers of what was not reached are queued and
// their objects kept for one more collection, cleanups of what was not reached then are queued. A goroutine that is
// started for it works the queue off.

type special struct {
	next *special // in its chain, in the queue or in the list of unused ones
	obj  uintptr  // the object; for cleanups and weak pointers perhaps an address within it
	kind uint8
	id   uint64         // of a cleanup
	fn   unsafe.Pointer // closure of a finalizer or cleanup; a weak pointer's handle: the address, or 0
	arg  *_type         // finalizers: type of the pointer it is called with
	typ  *funcType      // finalizers: the function's type
}

const (
	specialFinalizer = iota
	specialCleanup
	specialWeak

	minSpecialBits = 8
)

var specials struct {
	table uintptr // chains: *special, a power of two of them
	shift uintptr // 64 minus the power
	n     uintptr // records in the table
	free  *special
	first *special // queue of those to be called
	last  *special
	newer bool // something was queued since the last goroutine was started
	id    uint64
}

func specialSlot(obj uintptr) **special {
	return (**special)(unsafe.Pointer(specials.table + uintptr(uint64(obj)*goldenRatio>>specials.shift)*8))
}

// chain is the start of the i-th chain.
func specialChain(i uintptr) **special {
	return (**special)(unsafe.Pointer(specials.table + i*8))
}

func specialChains() uintptr {
	if specials.table == 0 {
		return 0
	}
	return 1 << (64 - specials.shift)
}

func growSpecials() {
	old, n := specials.table, specialChains()
	bits := uintptr(minSpecialBits)
	if n != 0 {
		bits = 64 - specials.shift + 2
	}
	specials.table = sysAlloc(8 << bits)
	specials.shift = 64 - bits
	for i := uintptr(0); i < n; i++ {
		s := *(**special)(unsafe.Pointer(old + i*8))
		for s != nil {
			next := s.next
			link := specialSlot(s.obj)
			s.next = *link
			*link = s
			s = next
		}
	}
	if n != 0 {
		munmap(unsafe.Pointer(old), n*8)
	}
}

// newSpecial enters a record for address obj.
func newSpecial(kind uint8, obj uintptr, fn unsafe.Pointer) *special {
	if specials.n >= specialChains()*2 {
		growSpecials()
	}
	s := specials.free
	if s != nil {
		specials.free = s.next
	} else {
		s = (*special)(unsafe.Pointer(metaAlloc(unsafe.Sizeof(special{}))))
	}
	specials.n++
	link := specialSlot(obj)
	s.next = *link
	*link = s
	s.obj = obj
	s.kind = kind
	s.fn = fn
	return s
}

// findSpecial is the link to the record of a kind for address obj (cleanups: the one of that id); nil: there is none.
func findSpecial(kind uint8, obj uintptr, id uint64) **special {
	if specials.n == 0 {
		return nil
	}
	link := specialSlot(obj)
	for *link != nil && ((*link).kind != kind || (*link).obj != obj || kind == specialCleanup && (*link).id != id) {
		link = &(*link).next
	}
	if *link == nil {
		return nil
	}
	return link
}

// takeSpecial takes a record out of its chain.
func takeSpecial(link **special) *special {
	s := *link
	*link = s.next
	s.next = nil
	specials.n--
	return s
}

func freeSpecial(s *special) {
	s.fn = nil
	s.next = specials.free
	specials.free = s
}

// queueSpecial has a record's function called, after this collection.
func queueSpecial(s *special) {
	if specials.last != nil {
		specials.last.next = s
	} else {
		specials.first = s
	}
	specials.last = s
	specials.newer = true
}

// isMarked reports whether the object at p was reached.
func isMarked(p uintptr) bool {
	if !inArena(p) {
		return true
	}
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

// scanObject scans the object at p without marking it.
func scanObject(p uintptr) {
	s := spanOf(p)
	if s.noscan {
		return
	}
	pushMarked(p)
	drain()
}

// markMaybe marks what p points to if that is an object of the heap.
func markMaybe(p uintptr) {
	if inArena(p) {
		markPointer(p)
	}
}

// markSpecials is the end of marking.
func markSpecials() {
	for s := specials.first; s != nil; s = s.next {
		markMaybe(uintptr(s.fn))
		if s.kind == specialFinalizer {
			markPointer(s.obj)
		}
	}
	drain()
	n := specialChains()
	for i := uintptr(0); i < n; i++ {
		for s := *specialChain(i); s != nil; s = s.next {
			if s.kind == specialFinalizer {
				scanObject(s.obj)
			}
			if s.kind != specialWeak {
				markMaybe(uintptr(s.fn))
			}
		}
		drain()
	}
	for i := uintptr(0); i < n; i++ {
		for link := specialChain(i); *link != nil; {
			s := *link
			if s.kind != specialWeak {
				link = &s.next
			} else if isMarked(s.obj) {
				markMaybe(uintptr(s.fn))
				link = &s.next
			} else {
				*(*uintptr)(s.fn) = 0
				freeSpecial(takeSpecial(link))
			}
		}
	}
	queueUnmarked(specialFinalizer)
	// Only now: an object that is finalized is no reason to keep another from being finalized.
	for s := specials.first; s != nil; s = s.next {
		if s.kind == specialFinalizer {
			markPointer(s.obj)
		}
	}
	drain()
	queueUnmarked(specialCleanup)
}

// queueUnmarked queues the records of a kind whose objects were not reached.
func queueUnmarked(kind uint8) {
	n := specialChains()
	for i := uintptr(0); i < n; i++ {
		for link := specialChain(i); *link != nil; {
			s := *link
			if s.kind == kind && !isMarked(s.obj) {
				queueSpecial(takeSpecial(link))
			} else {
				link = &s.next
			}
		}
	}
}

// startSpecials starts a goroutine for what was queued.
func startSpecials() {
	if specials.newer {
		specials.newer = false
		newsystemproc(runSpecials)
	}
}

// runSpecials calls finalizers and cleanups until the queue is empty.
func runSpecials() {
	for specials.first != nil {
		s := specials.first
		specials.first = s.next
		if specials.first == nil {
			specials.last = nil
		}
		kind, obj, fn, arg, typ := s.kind, s.obj, s.fn, s.arg, s.typ
		freeSpecial(s)
		if kind == specialFinalizer {
			callFinalizer(unsafe.Pointer(obj), arg, fn, typ)
		} else {
			f := *(*func())(unsafe.Pointer(&fn))
			f()
		}
	}
}
