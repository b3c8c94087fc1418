package runtime

import "unsafe"

// Allocation. Each worker has, for every size class with and without pointers, a run of free slots that it hands out
// by bumping a pointer. Runs are zeroed when they are taken (at most 8 KiB at a time, so they are still in the cache
// when they are used). Objects with pointers have their type noted in the span's side table.

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

	// isArray marks a side table entry: the object is an array of the type, as long as the slot.
	isArray = 1
)

// zeroBase is the address of all objects of size 0.
var zeroBase uint64

var memory struct {
	partial   [2 * numClasses]*mspan // spans with free slots, by class*2+noscan
	allocated uintptr                // bytes since the last collection
	trigger   uintptr                // collect when allocated reaches it
	live      uintptr                // bytes that survived the last collection
	percent   int                    // GOGC; negative: off
	inGC      bool

	total   uint64 // bytes and objects ever allocated, runs counted when they are taken
	mallocs uint64
	frees   uint64
	numGC   uint32
	pause   uint64
	limit   int64             // GOMEMLIMIT
	lastGC  uint64            // when the last collection ended, in ns since 1970
	pauses  [maxPauses]uint64 // of the last collections, from numGC%maxPauses on
	ends    [maxPauses]uint64
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
				c.next = p + c.size
				*(*uint32)(unsafe.Pointer(c.types)) = uint32(uintptr(unsafe.Pointer(t)))
				c.types += 4
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
	c.next = p + c.size
	*(*uint32)(unsafe.Pointer(c.types)) = uint32(uintptr(unsafe.Pointer(t)) | array)
	c.types += 4
	return unsafe.Pointer(p)
}

func largeAlloc(size uintptr, t *_type, noscan bool, array uintptr, zero bool) unsafe.Pointer {
	npages := (size + pageSize - 1) >> pageShift
	if npages > heap.reserved>>pageShift {
		throw("out of memory")
	}
	if memory.allocated >= memory.trigger || npages<<pageShift > memory.trigger-memory.allocated {
		gcstart()
	}
	s := header(0, 0)
	allocPages(s, npages)
	s.elemsize = npages << pageShift
	s.bytes = s.elemsize
	s.nelems = 1
	s.class = 0
	s.noscan = noscan
	s.array = array != 0
	s.marked = false
	s.typ = t
	s.state = spanLarge
	s.next = nil
	addSpan(s)
	memory.allocated += s.bytes
	memory.total += uint64(s.bytes)
	memory.mallocs++
	// Memory with pointers must never show the collector old contents.
	if s.needzero && (zero || !noscan) {
		memclr(unsafe.Pointer(s.base), s.bytes)
	}
	return unsafe.Pointer(s.base)
}

// refill gives c a new run. This is where collections start.
//
//go:noinline
func refill(c *allocCache, class uintptr, noscan bool) {
	if memory.allocated >= memory.trigger {
		gcstart()
	}
	ci := class * 2
	if noscan {
		ci++
	}
	for {
		s := c.span
		if s != nil && nextRun(s, c) {
			return
		}
		s = memory.partial[ci]
		if s != nil {
			memory.partial[ci] = s.next
			s.next = nil
		} else {
			s = newSmallSpan(class, noscan)
		}
		c.span = s
	}
}

// nextRun makes the span's next run of free slots the cache's.
func nextRun(s *mspan, c *allocCache) bool {
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
		return false
	}
	size := s.elemsize
	limit := i + 1
	if size < runBytes {
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
	if s.needzero {
		memclr(unsafe.Pointer(c.next), c.end-c.next)
	}
	bytes := c.end - c.next
	memory.allocated += bytes
	memory.total += uint64(bytes)
	memory.mallocs += uint64(j - i)
	return true
}

// flushCache gives the rest of a run back to its span, before a collection.
func flushCache(c *allocCache) {
	s := c.span
	if s == nil {
		return
	}
	if c.next < c.end {
		left := c.end - c.next
		s.free -= left / c.size
		memory.total -= uint64(left)
		memory.mallocs -= uint64(left / c.size)
	}
	c.next = 0
	c.end = 0
	c.span = nil
}

func flushCaches(w *worker) {
	for class := uintptr(1); class < numClasses; class++ {
		flushCache(scanCache(w, class))
		flushCache(noscanCache(w, class))
	}
}
