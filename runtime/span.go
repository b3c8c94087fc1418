package runtime

import "unsafe"

// The page heap. One reserved range of addresses (the arena), in pages of 8 KiB, is cut into spans: runs of pages
// that hold objects of one size class, one large object, coroutine frames, or nothing. heap.pagemap has a span
// pointer for every page of the arena.
//
// Invariants: every page of a span in use maps to it; of a free span the first and the last page do. Other entries
// may be stale, so whoever looks a pointer up compares it with span.base and span.bytes. bytes is 0 for spans without
// objects, and for span headers in a free list.

type spanState uint8

const (
	spanFree spanState = iota
	spanSmall
	spanLarge
	spanFrames
	spanReleasing // free, but just now not to be had
)

// mspan describes a span. For small objects the side tables follow it in memory: allocation bits, then the objects'
// types (of spans with pointers) or mark bits (of others).
type mspan struct {
	base     uintptr
	bytes    uintptr // occupied by object slots
	magic    uintptr // 2³²/elemsize rounded up: slot index is offset*magic>>32
	types    uintptr // uint32 per slot: address of the type, + isArray, + isMarked
	elemsize uintptr
	typed    bool // small objects with pointers
	noscan   bool
	array    bool  // large objects: array of typ
	marked   uint8 // atomic, large objects: 1 if it is
	needzero bool
	state    spanState
	class    uint8
	npages   uintptr
	nelems   uintptr
	free     uintptr // slots from here on are allocated only if their allocation bit is set
	nwords   uintptr // length of the bit tables
	alloc    uintptr // allocation bits: marked in the last collection
	marks    uintptr // mark bits
	typ      *_type  // large objects; nil: no pointers
	released uintptr // free spans: so many pages are with the system
	next     *mspan  // in the list it is in
	prev     *mspan
}

const (
	spanHeader = (unsafe.Sizeof(mspan{}) + 15) &^ 15
	numBins    = 128 // free spans of i pages are in bin i, all bigger ones in bin 0
	arenaStep  = 64 << 20

	// The arena's first pages stay empty. heap.base, scanned as any variable is, must not be the address of an object.
	// One page would do, but with one a round trip through channels took twice as long (perhaps because the first frames
	// shared cache sets with workers' records).
	arenaSkip = 64 << 10
)

type pageHeap struct {
	lock     mutex
	base     uintptr // the arena
	used     uintptr // bytes of it that were ever part of a span
	usable   uintptr // bytes made accessible
	reserved uintptr
	pagemap  uintptr
	bins     [numBins]*mspan
	binbits  [2]uint64
	headers  [2 * numClasses]*mspan // unused headers by class; with room for the class's tables

	free      uintptr // pages in free spans,
	released  uintptr // and of those with the system
	releasing uintptr // pages of spans on their way there, in no bin

	frameSpans *mspan  // all spans of frames
	frameBytes uintptr // their memory
}

// meta is memory for headers and tables: bump allocation.
var meta struct {
	lock mutex
	next uintptr
	end  uintptr
	sys  uintptr // bytes got from the system
}

var heap pageHeap

func initHeap() {
	size := uintptr(1) << 38
	for size >= 1<<30 {
		heap.base = sysReserve(size)
		if heap.base != 0 {
			break
		}
		size >>= 1
	}
	if heap.base == 0 {
		throw("cannot reserve address space for the heap")
	}
	// Page alignment is all that is needed: classes do not rely on more.
	over := heap.base & (pageSize - 1)
	if over != 0 {
		heap.base += pageSize - over
		size -= pageSize
	}
	heap.reserved = size
	heap.pagemap = sysReserve(size >> pageShift * 8)
	if heap.pagemap == 0 {
		throw("cannot reserve address space for the heap")
	}
}

// spanOf is the span that page pointer p, which is in the arena, may belong to.
func spanOf(p uintptr) *mspan {
	return *(**mspan)(unsafe.Pointer(heap.pagemap + (p-heap.base)>>pageShift*8))
}

func setSpan(page uintptr, s *mspan) {
	*(**mspan)(unsafe.Pointer(heap.pagemap + (page-heap.base)>>pageShift*8)) = s
}

func inArena(p uintptr) bool {
	return p-heap.base < atomicload64(&heap.used)
}

// metaAlloc is zeroed memory for headers and tables; headers go to free lists, so it never comes back.
func metaAlloc(n uintptr) uintptr {
	n = (n + 15) &^ 15
	lock(&meta.lock)
	if meta.end-meta.next < n {
		size := uintptr(1 << 20)
		if n > size {
			size = n
		}
		meta.next = sysAlloc(size)
		meta.end = meta.next + size
		atomicstorerel64(&meta.sys, meta.sys+size)
	}
	p := meta.next
	meta.next += n
	unlock(&meta.lock)
	return p
}

// header takes an unused header of list ci with room for extra bytes of tables behind it.
func header(ci, extra uintptr) *mspan {
	if s := heap.headers[ci]; s != nil {
		heap.headers[ci] = s.next
		s.next = nil
		return s
	}
	return (*mspan)(unsafe.Pointer(metaAlloc(spanHeader + extra)))
}

func putHeader(s *mspan, ci uintptr) {
	s.state = spanFree
	s.bytes = 0
	s.npages = 0
	s.released = 0
	s.typed = false
	s.prev = nil
	s.next = heap.headers[ci]
	heap.headers[ci] = s
}

func binOf(npages uintptr) uintptr {
	if npages < numBins {
		return npages
	}
	return 0
}

func binInsert(s *mspan) {
	b := binOf(s.npages)
	s.prev = nil
	s.next = heap.bins[b]
	if s.next != nil {
		s.next.prev = s
	}
	heap.bins[b] = s
	heap.binbits[b>>6] |= 1 << (b & 63)
	setSpan(s.base, s)
	setSpan(s.base+(s.npages-1)<<pageShift, s)
}

func binRemove(s *mspan) {
	if s.next != nil {
		s.next.prev = s.prev
	}
	if s.prev != nil {
		s.prev.next = s.next
	} else {
		b := binOf(s.npages)
		heap.bins[b] = s.next
		if s.next == nil {
			heap.binbits[b>>6] &^= 1 << (b & 63)
		}
	}
	s.next = nil
	s.prev = nil
}

// findFree takes a free span of at least npages out of its bin: the smallest bin that has one, best fit among the big.
func findFree(npages uintptr) *mspan {
	if npages < numBins {
		for w := npages >> 6; w < 2; w++ {
			bits := heap.binbits[w]
			if w == 0 {
				bits &^= 1
			}
			if w == npages>>6 {
				bits = bits >> (npages & 63) << (npages & 63)
			}
			if bits != 0 {
				s := heap.bins[w<<6+uintptr(ctz64(bits))]
				binRemove(s)
				return s
			}
		}
	}
	var best *mspan
	for s := heap.bins[0]; s != nil; s = s.next {
		if s.npages >= npages && (best == nil || s.npages < best.npages) {
			best = s
		}
	}
	if best != nil {
		binRemove(best)
	}
	return best
}

// growArena makes npages (or more) new pages a free span, not in a bin.
func growArena(npages uintptr) *mspan {
	if heap.used == 0 {
		npages += arenaSkip >> pageShift
	}
	if npages < 32 {
		npages = 32
	}
	n := npages << pageShift
	if n > heap.reserved-heap.used {
		throw("runtime: out of memory")
	}
	for heap.usable < heap.used+n {
		step := uintptr(arenaStep)
		if step > heap.reserved-heap.usable {
			step = heap.reserved - heap.usable
		}
		sysMap(heap.base+heap.usable, step)
		// The page map grows with it; both ends are multiples of the system's pages except perhaps the last.
		lo := (heap.usable >> pageShift * 8) &^ 4095
		hi := ((heap.usable+step)>>pageShift*8 + 4095) &^ 4095
		sysMap(heap.pagemap+lo, hi-lo)
		heap.usable += step
	}
	if heap.used == 0 {
		atomicstorerel64(&heap.used, arenaSkip)
		n -= arenaSkip
		npages -= arenaSkip >> pageShift
	}
	s := header(0, 0)
	s.base = heap.base + heap.used
	s.npages = npages
	s.needzero = false
	s.released = npages
	atomicstorerel64(&heap.used, heap.used+n)
	return s
}

// allocPages is npages of memory with the page map pointing to s, whose base and npages it sets. s.needzero says
// whether it must be cleared. heap.lock is held.
func allocPages(s *mspan, npages uintptr) {
	f := findFree(npages)
	if f == nil {
		f = growArena(npages)
	} else {
		heap.free -= f.npages
		heap.released -= f.released
	}
	s.base = f.base
	s.npages = npages
	s.needzero = f.needzero
	if f.npages > npages {
		// Where in the span the released pages are is not known.
		f.released -= f.released * npages / f.npages
		f.base += npages << pageShift
		f.npages -= npages
		heap.free += f.npages
		heap.released += f.released
		binInsert(f)
	} else {
		putHeader(f, 0)
	}
	for i := uintptr(0); i < npages; i++ {
		setSpan(s.base+i<<pageShift, s)
	}
}

// freePages makes pages a free span. heap.lock is held.
func freePages(base, npages uintptr) {
	f := header(0, 0)
	f.state = spanFree
	f.bytes = 0
	f.base = base
	f.npages = npages
	f.needzero = true
	f.released = 0
	insertFree(f)
}

// insertFree joins a free span with free neighbours and enters it. heap.lock is held.
func insertFree(f *mspan) {
	heap.free += f.npages
	heap.released += f.released
	if f.base > heap.base {
		if p := spanOf(f.base - pageSize); p != nil && p.state == spanFree && p.npages != 0 && p.base+p.npages<<pageShift == f.base {
			f.base = p.base
			swallow(f, p)
		}
	}
	end := f.base + f.npages<<pageShift
	if end < heap.base+heap.used {
		if p := spanOf(end); p != nil && p.state == spanFree && p.npages != 0 && p.base == end {
			swallow(f, p)
		}
	}
	binInsert(f)
}

// swallow makes free span p part of its neighbour f.
func swallow(f, p *mspan) {
	binRemove(p)
	f.npages += p.npages
	f.released += p.released
	f.needzero = f.needzero || p.needzero
	putHeader(p, 0)
}

// releasePages gives free memory back to the system until no more than keep pages of it are left, big spans first.
func releasePages(keep uintptr) {
	for b := uintptr(numBins); b > 0; b-- {
		for {
			lock(&heap.lock)
			var s *mspan
			if heap.free-heap.released > keep {
				for s = heap.bins[b%numBins]; s != nil && s.released == s.npages; s = s.next {
				}
			}
			if s == nil {
				unlock(&heap.lock)
				break
			}
			// Meanwhile it belongs to nobody.
			binRemove(s)
			heap.free -= s.npages
			heap.released -= s.released
			heap.releasing += s.npages
			s.state = spanReleasing
			unlock(&heap.lock)
			madvise(unsafe.Pointer(s.base), s.npages<<pageShift, madvDontneed)
			lock(&heap.lock)
			s.state = spanFree
			s.released = s.npages
			s.needzero = false
			heap.releasing -= s.npages
			insertFree(s)
			unlock(&heap.lock)
		}
	}
}

// releaseAll releases all free pages, and waits for those that other workers are releasing.
func releaseAll() {
	releasePages(0)
	for atomicload64(&heap.releasing) != 0 {
		osyield()
	}
}

// newSmallSpan is a span of a size class, all slots free.
func newSmallSpan(class uintptr, noscan bool) *mspan {
	size := classSize[class]
	npages := classPages[class]
	nelems := npages << pageShift / size
	nwords := (nelems + 63) / 64
	ci := class * 2
	tables := nwords * 8
	if noscan {
		ci++
		tables *= 2
	} else {
		tables += (nelems*4 + 7) &^ 7
	}
	lock(&heap.lock)
	s := header(ci, tables)
	allocPages(s, npages)
	s.elemsize = size
	s.nelems = nelems
	s.nwords = nwords
	s.bytes = nelems * size
	s.magic = (1<<32-1)/size + 1
	s.free = 0
	s.alloc = uintptr(unsafe.Pointer(s)) + spanHeader
	s.types = s.alloc + nwords*8
	s.marks = s.types
	s.noscan = noscan
	s.typed = !noscan
	s.class = uint8(class)
	s.state = spanSmall
	s.next = nil
	memclr(unsafe.Pointer(s.alloc), nwords*8)
	if noscan {
		memclr(unsafe.Pointer(s.marks), nwords*8)
	}
	unlock(&heap.lock)
	return s
}

// freeSpan gives a span that is in no list back.
func freeSpan(s *mspan) {
	lock(&heap.lock)
	base, npages := s.base, s.npages
	ci := uintptr(s.class) * 2
	if s.class != 0 && s.noscan {
		ci++
	}
	putHeader(s, ci)
	freePages(base, npages)
	unlock(&heap.lock)
}

var low struct {
	lock mutex
	next uintptr
	end  uintptr
}

// lowAlloc is zeroed memory below 4 GiB, for type descriptors made at run time; it is never freed.
func lowAlloc(n uintptr) uintptr {
	n = (n + 15) &^ 15
	lock(&low.lock)
	if low.end-low.next < n {
		size := uintptr(256 << 10)
		if n > size {
			size = n
		}
		p := uintptr(mmap(nil, size, protRead|protWrite, mapPrivate|mapAnon|map32bit, -1, 0))
		if p == mapFailed {
			throw("out of memory below 4 GiB")
		}
		low.next = p
		low.end = p + size
	}
	p := low.next
	low.next += n
	unlock(&low.lock)
	return p
}
