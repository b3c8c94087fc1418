package runtime

import "unsafe"

// What is to happen when an object is no longer reachable: its finalizer, cleanups, weak pointers that become nil. The
// records are outside of the heap, in a hash table by address, and do not keep their objects alive.
//
// After everything else is marked, in this order: what finalizers will need is marked (all that their objects refer to,
// not the objects), weak pointers to what was not reached become nil and it belongs to no bubble any more, finalizers of what was not reached are queued and
// their objects kept for one more collection, cleanups of what was not reached then are queued. Goroutines that are
// started for it work the queues off. specials.lock is for those who do not have the world stopped.

type special struct {
	next *special // in its chain, in the queue or in the list of unused ones
	obj  uintptr  // the object; for cleanups and weak pointers perhaps an address within it
	kind uint8
	told bool           // whylive.go
	id   uint64         // of a cleanup, or of the bubble
	fn   unsafe.Pointer // closure of a finalizer or cleanup; a weak pointer's handle: the address, or 0
	arg  *_type         // finalizers: type of the pointer it is called with
	typ  *funcType      // finalizers: the function's type
}

const (
	specialFinalizer = iota
	specialCleanup
	specialWeak
	specialBubble // the object belongs to a bubble

	minSpecialBits = 8
)

var specials struct {
	lock  mutex
	table uintptr // chains: *special, a power of two of them
	shift uintptr // 64 minus the power
	n     uintptr // records in the table
	free  *special
	id    uint64

	finalizers specialQueue
	cleanups   specialQueue
}

// specialQueue is records whose functions are to be called. One goroutine at a time does that for a queue.
type specialQueue struct {
	first   *special
	last    *special
	running bool
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

// put has a record's function called, after this collection.
func (q *specialQueue) put(s *special) {
	if q.last != nil {
		q.last.next = s
	} else {
		q.first = s
	}
	q.last = s
}

// reached reports whether the object at p was reached.
func reached(p uintptr) bool {
	if !inArena(p) {
		return true
	}
	s := spanOf(p)
	if s == nil || p-s.base >= s.bytes {
		return true
	}
	if s.class == 0 {
		return s.marked != 0
	}
	i := (p - s.base) * s.magic >> 32
	if s.typed {
		return *(*uint32)(unsafe.Pointer(s.types + i*4))&isMarked != 0
	}
	return *(*uint64)(unsafe.Pointer(s.marks + i>>6*8))>>(i&63)&1 != 0
}

// scanObject scans the object at p without marking it.
func (m *marker) scanObject(p uintptr) {
	s := spanOf(p)
	if s.noscan {
		return
	}
	if s.class == 0 {
		m.top = push(m.top, s.base, uintptr(unsafe.Pointer(s))|isPiece)
	} else {
		i := (p - s.base) * s.magic >> 32
		m.top = m.scanEntry(m.top, s.base+i*s.elemsize, *(*uint32)(unsafe.Pointer(s.types + i*4)))
	}
	m.settle()
}

// markMaybe marks what p points to if that is an object of the heap.
func (m *marker) markMaybe(p uintptr) {
	if inArena(p) {
		m.top = m.found(m.top, p)
		if m.top > m.limit {
			m.settle()
		}
	}
}

// markQueue marks what a queue's records need.
func (m *marker) markQueue(q *specialQueue) {
	for s := q.first; s != nil; s = s.next {
		m.markMaybe(uintptr(s.fn))
		if s.kind == specialFinalizer {
			m.markMaybe(s.obj)
		}
	}
}

// markSpecials is the end of marking.
func (m *marker) markSpecials() {
	m.markQueue(&specials.finalizers)
	m.markQueue(&specials.cleanups)
	m.settle()
	n := specialChains()
	for i := uintptr(0); i < n; i++ {
		for s := *specialChain(i); s != nil; s = s.next {
			if s.kind == specialFinalizer {
				m.scanObject(s.obj)
			}
			if s.kind != specialWeak {
				m.markMaybe(uintptr(s.fn))
			}
		}
		m.settle()
	}
	for i := uintptr(0); i < n; i++ {
		for link := specialChain(i); *link != nil; {
			s := *link
			if s.kind != specialWeak && s.kind != specialBubble {
				link = &s.next
			} else if reached(s.obj) {
				m.markMaybe(uintptr(s.fn))
				link = &s.next
			} else {
				if s.kind == specialWeak {
					*(*uintptr)(s.fn) = 0
				}
				freeSpecial(takeSpecial(link))
			}
		}
	}
	queueUnmarked(specialFinalizer, &specials.finalizers)
	// Only now: an object that is finalized is no reason to keep another from being finalized.
	m.markQueue(&specials.finalizers)
	m.settle()
	queueUnmarked(specialCleanup, &specials.cleanups)
}

// queueUnmarked queues the records of a kind whose objects were not reached.
func queueUnmarked(kind uint8, q *specialQueue) {
	n := specialChains()
	for i := uintptr(0); i < n; i++ {
		for link := specialChain(i); *link != nil; {
			s := *link
			if s.kind == kind && !reached(s.obj) {
				q.put(takeSpecial(link))
			} else {
				link = &s.next
			}
		}
	}
}

// startSpecials starts goroutines for what is queued.
func startSpecials() {
	lock(&specials.lock)
	finalizers, cleanups := specials.finalizers.wake(), specials.cleanups.wake()
	unlock(&specials.lock)
	if finalizers {
		newsystemproc(runFinalizers)
	}
	if cleanups {
		newsystemproc(runCleanups)
	}
}

// wake reports whether the queue needs a goroutine, which it has from then on.
func (q *specialQueue) wake() bool {
	if q.first == nil || q.running {
		return false
	}
	q.running = true
	return true
}

// take is the queue's first record, kept where the collector sees it; false: there was none, the goroutine ends.
func (q *specialQueue) take() (special, bool) {
	lock(&specials.lock)
	s := q.first
	if s == nil {
		q.running = false
		unlock(&specials.lock)
		return special{}, false
	}
	q.first = s.next
	if q.first == nil {
		q.last = nil
	}
	taken := *s
	freeSpecial(s)
	unlock(&specials.lock)
	return taken, true
}

func runFinalizers() {
	for {
		s, ok := specials.finalizers.take()
		if !ok {
			return
		}
		callFinalizer(unsafe.Pointer(s.obj), s.arg, s.fn, s.typ)
	}
}

func runCleanups() {
	for {
		s, ok := specials.cleanups.take()
		if !ok {
			return
		}
		f := *(*func())(unsafe.Pointer(&s.fn))
		f()
	}
}

// cleanupsDone waits until all cleanups that were queued have run, at most so many nanoseconds, and reports whether they have.
func cleanupsDone(timeout int64) bool {
	start := nanotime()
	for nanotime()-start < timeout {
		lock(&specials.lock)
		done := specials.cleanups.first == nil && !specials.cleanups.running
		unlock(&specials.lock)
		if done {
			return true
		}
		Gosched()
	}
	return false
}

//go:linkname unique_runtime_blockUntilEmptyCleanupQueue unique.runtime_blockUntilEmptyCleanupQueue
func unique_runtime_blockUntilEmptyCleanupQueue(timeout int64) bool { return cleanupsDone(timeout) }

//go:linkname sync_test_runtime_blockUntilEmptyCleanupQueue sync_test.runtime_blockUntilEmptyCleanupQueue
func sync_test_runtime_blockUntilEmptyCleanupQueue(timeout int64) bool { return cleanupsDone(timeout) }
