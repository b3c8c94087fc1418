package runtime

import "unsafe"

// Allocation. Each worker has, for every size class with and without pointers, a run of free slots that it hands out
// by bumping a pointer. Runs are zeroed when they are taken (at most 8 KiB at a time, so they are still in the cache
// when they are used). Objects with pointers have their type noted in the span's side table.
//
// The span that a run is of belongs to the worker alone; all others are in the lists of their class. The fast paths
// may be stopped anywhere for a collection, which leaves the rest of the run of a worker that it stopped as it is:
// its slots count as allocated, and they are zero. The slow path is not stopped.

type allocCache struct {
	next  uintptr // next free slot
	end   uintptr // end of the run; next == end: empty
	types uintptr // the side table's entry for next
	size  uintptr
	span  *mspan
}

const (
	cacheSize = unsafe.Sizeof(allocCache{})
	runBytes  = 8192

	// Marks of a side table entry: the object is an array of the type, as long as the slot; a collection reached it.
	isArray  = 1
	isMarked = 2
)

// zeroBase is the address of all objects of size 0.
var zeroBase uint64

// central is a size class's spans that belong to no worker. Large objects are class 0.
type central struct {
	lock    mutex
	partial spanList // with free slots
	full    spanList
	unswept spanList // not looked at since the last collection
	mallocs uintptr  // atomic: slots ever handed out; a run's when it is taken
	frees   uintptr  // atomic
}

type spanList struct {
	first, last *mspan
}

var centrals [2 * numClasses]central // by class*2+noscan

var memory struct {
	allocated uintptr // atomic: bytes since the last collection
	trigger   uintptr // collect when allocated reaches it
	live      uintptr // bytes that survived the last collection
	roots     uintptr // bytes it scanned conservatively
	percent   int     // GOGC; negative: off
	limit     int64   // GOMEMLIMIT

	largeTotal uintptr // atomic: bytes of large objects ever allocated,
	largeFreed uintptr // and freed

	started int64 // when the program did
	numGC   uint32
	forced  uint32 // of them, by runtime.GC
	pause   uint64
	lastGC  uint64            // when the last collection ended, in ns since 1970
	pauses  [maxPauses]uint64 // of the last collections, from numGC%maxPauses on
	ends    [maxPauses]uint64
}

func (l *spanList) push(s *mspan) {
	s.next = l.first
	l.first = s
	if l.last == nil {
		l.last = s
	}
}

func (l *spanList) pop() *mspan {
	s := l.first
	if s != nil {
		// sweepOne looks whether there is any, without the lock.
		atomicstorerel64((*uintptr)(unsafe.Pointer(&l.first)), uintptr(unsafe.Pointer(s.next)))
		if s.next == nil {
			l.last = nil
		}
		s.next = nil
	}
	return s
}

// take moves all of m to the front of l.
func (l *spanList) take(m *spanList) {
	if m.first == nil {
		return
	}
	m.last.next = l.first
	l.first = m.first
	if l.last == nil {
		l.last = m.last
	}
	m.first = nil
	m.last = nil
}

func scanCache(w *worker, class uintptr) *allocCache {
	return (*allocCache)(add(unsafe.Pointer(&w.scan), class*cacheSize))
}

func noscanCache(w *worker, class uintptr) *allocCache {
	return (*allocCache)(add(unsafe.Pointer(&w.noscan), class*cacheSize))
}

// newobject is a zeroed variable of type t.
func newobject(t *_type) unsafe.Pointer {
	size := t.size
	if size-1 < smallSizeMax {
		w := getworker()
		class := uintptr(loadbyte(unsafe.Pointer(&class8), (size+7)>>3))
		if t.ptrBytes == 0 {
			c := noscanCache(w, class)
			p := c.next
			if p < c.end {
				c.next = p + c.size
				return unsafe.Pointer(p)
			}
		} else {
			c := scanCache(w, class)
			p := c.next
			if p < c.end {
				c.handOut(p, uintptr(unsafe.Pointer(t)))
				return unsafe.Pointer(p)
			}
		}
	}
	return malloc(size, t, 0, true)
}

// newarray is a zeroed array of n elements of type t.
func newarray(t *_type, n int) unsafe.Pointer {
	return malloc(t.size*uintptr(n), t, isArray, true)
}

// rawmem is memory without pointers, not zeroed if it is large.
func rawmem(size uintptr) unsafe.Pointer {
	return malloc(size, nil, 0, false)
}

// malloc is memory for one object of type t (nil: without pointers), or with isArray for an array of it. Small
// objects are always zeroed.
func malloc(size uintptr, t *_type, array uintptr, zero bool) unsafe.Pointer {
	if size == 0 {
		return unsafe.Pointer(&zeroBase)
	}
	noscan := t == nil || t.ptrBytes == 0
	if size > maxSmallSize {
		return largeAlloc(size, t, noscan, array, zero)
	}
	w := getworker()
	class := classOf(size)
	if noscan {
		c := noscanCache(w, class)
		if c.next >= c.end {
			refill(c, class, true)
		}
		p := c.next
		c.next = p + c.size
		return unsafe.Pointer(p)
	}
	c := scanCache(w, class)
	if c.next >= c.end {
		refill(c, class, false)
	}
	p := c.next
	c.handOut(p, uintptr(unsafe.Pointer(t))|array)
	return unsafe.Pointer(p)
}

// handOut makes p, the run's next slot, an object that entry describes. A worker that is stopped before the slot has left the
// run keeps it as part of that; after that the entry must be there already: without, the collector would take the object for
// one that nobody has filled in, and not keep it.
func (c *allocCache) handOut(p, entry uintptr) {
	*(*uint32)(unsafe.Pointer(c.types)) = uint32(entry)
	atomicstorerel64(&c.next, p+c.size)
	c.types += 4
}

func largeAlloc(size uintptr, t *_type, noscan bool, array uintptr, zero bool) unsafe.Pointer {
	npages := (size + pageSize - 1) >> pageShift
	if npages > heap.reserved>>pageShift {
		throw("runtime: out of memory")
	}
	bytes := npages << pageShift
	if used := atomicload64(&memory.allocated); used >= memory.trigger || bytes > memory.trigger-used || stress.gc != 0 {
		gcAllocating(bytes)
	}
	reclaimPages(npages)
	w := getworker()
	holdWorker(w)
	lock(&heap.lock)
	s := header(0, 0)
	allocPages(s, npages)
	s.elemsize = bytes
	s.nelems = 1
	s.class = 0
	s.noscan = noscan
	s.array = array != 0
	s.marked = 0
	s.typ = t
	s.state = spanLarge
	unlock(&heap.lock)
	// Memory with pointers must never show the collector old contents.
	if s.needzero && (zero || !noscan) {
		memclr(unsafe.Pointer(s.base), bytes)
	}
	c := &centrals[0]
	if noscan {
		c = &centrals[1]
	}
	lock(&c.lock)
	s.bytes = bytes
	c.full.push(s)
	unlock(&c.lock)
	xadd64(&memory.allocated, bytes)
	xadd64(&memory.largeTotal, bytes)
	xadd64(&c.mallocs, 1)
	p := unsafe.Pointer(s.base)
	releaseWorker(w)
	return p
}

// holdWorker keeps the calling worker from being stopped, until releaseWorker.
func holdWorker(w *worker) {
	atomicstore32(&w.locks, w.locks+1)
}

// refill gives c a new run. This is where collections start.
//
//go:noinline
func refill(c *allocCache, class uintptr, noscan bool) {
	if atomicload64(&memory.allocated) >= memory.trigger || stress.gc != 0 {
		gcAllocating(0)
	}
	ci := class * 2
	if noscan {
		ci++
	}
	w := getworker()
	holdWorker(w)
	for c.span == nil || !nextRun(c.span, c, ci) {
		if s := c.span; s != nil {
			c.span = nil
			lock(&centrals[ci].lock)
			centrals[ci].full.push(s)
			unlock(&centrals[ci].lock)
		}
		c.span = nextSpan(w, class, ci)
	}
	releaseWorker(w)
}

// nextSpan is a span of a class that has, most likely, free slots.
func nextSpan(w *worker, class, ci uintptr) *mspan {
	c := &centrals[ci]
	for {
		lock(&c.lock)
		s := c.partial.pop()
		if s != nil {
			unlock(&c.lock)
			return s
		}
		s = c.unswept.pop()
		unlock(&c.lock)
		if s == nil {
			releaseWorker(w)
			reclaimPages(classPages[class])
			holdWorker(w)
			return newSmallSpan(class, ci&1 != 0)
		}
		if sweepSpan(s, c) < s.nelems {
			return s
		}
		lock(&c.lock)
		c.full.push(s)
		unlock(&c.lock)
		// A stop need not wait until all full ones are swept.
		releaseWorker(w)
		holdWorker(w)
	}
}

// nextRun makes the span's next run of free slots the cache's.
func nextRun(s *mspan, c *allocCache, ci uintptr) bool {
	i := s.free
	n := s.nelems
	for i < n {
		w := ^*(*uint64)(unsafe.Pointer(s.alloc + i>>6*8)) >> (i & 63)
		if w != 0 {
			i += uintptr(ctz64(w))
			break
		}
		i = (i | 63) + 1
	}
	if i >= n {
		s.free = n
		c.next = 0
		c.end = 0
		return false
	}
	size := s.elemsize
	limit := i + 1
	if size < runBytes && stress.gc == 0 {
		limit = i + runBytes/size
	}
	if limit > n {
		limit = n
	}
	j := i + 1
	for j < limit {
		w := *(*uint64)(unsafe.Pointer(s.alloc + j>>6*8)) >> (j & 63)
		if w != 0 {
			j += uintptr(ctz64(w))
			break
		}
		j = (j | 63) + 1
	}
	if j > limit {
		j = limit
	}
	s.free = j
	c.next = s.base + i*size
	c.end = s.base + j*size
	c.types = s.types + i*4
	c.size = size
	bytes := c.end - c.next
	if s.needzero {
		memclr(unsafe.Pointer(c.next), bytes)
	}
	xadd64(&memory.allocated, bytes)
	xadd64(&centrals[ci].mallocs, j-i)
	return true
}

// flushCache gives the rest of a run and its span back, before a collection. The worker must be away: a stopped one may
// be just about to hand a slot out.
func flushCache(c *allocCache, ci uintptr) {
	s := c.span
	if s == nil {
		return
	}
	if c.next < c.end {
		i, j := (c.next-s.base)/c.size, (c.end-s.base)/c.size
		if s.free == j {
			s.free = i
		}
		xadd64(&centrals[ci].mallocs, i-j)
		for ; i < j; i++ {
			*(*uint64)(unsafe.Pointer(s.alloc + i>>6*8)) &^= 1 << (i & 63)
		}
	}
	c.next = 0
	c.end = 0
	c.span = nil
	centrals[ci].full.push(s)
}

// keepCache sweeps the span of a stopped worker's run, which stays the worker's.
func keepCache(c *allocCache, ci uintptr) {
	s := c.span
	if s == nil {
		return
	}
	for p := c.next; p < c.end; p += c.size {
		s.setMark((p - s.base) / c.size)
	}
	sweepSpan(s, &centrals[ci])
}

// cacheOf is the worker's cache of class ci/2, without pointers if ci is odd.
func cacheOf(w *worker, ci uintptr) *allocCache {
	if ci&1 != 0 {
		return noscanCache(w, ci>>1)
	}
	return scanCache(w, ci>>1)
}
