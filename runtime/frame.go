package runtime

import "unsafe"

// Coroutine frames. They are not heap objects: they come from spans of their own, live until framefree, never move,
// and all live ones are roots. Each worker has lists of free ones; a frame may end on another worker than it began on, so
// lists that grow too long give to common ones.
//
// Invariant: a frame's second word, LLVM's destroy function, is not zero while the frame is live, and zero in free
// slots and unused memory: that is how the collector finds the live ones. framealloc sets it, so that there is no moment
// at which values are in the frame and the collector does not see them. A free slot's first word links the list, the
// third of a list's first slot links lists.

const (
	frameClasses  = 65 // multiples of 16 bytes up to 1 KiB; bigger frames have a span each
	maxSmallFrame = 1024
	minFrame      = 32
	framePages    = 8
	frameBatch    = 128

	frameBegun = 1

	// New memory for frames is counted by spans, of which the last one of each size may be hardly used.
	frameSlack = frameClasses * framePages << pageShift
)

// maxStack bounds what a goroutine may use without ever waiting: its native stack and new memory for frames.
var maxStack uintptr = 1000000000

type frameCache struct {
	free uintptr // list of free frames
	room int     // so many more may be put there; below 0: all endings take the slow path
	next uintptr // unused memory
	end  uintptr
}

// frameLists are lists of free frames, of frameBatch each, that belong to no worker.
var frameLists struct {
	lock  mutex
	lists [frameClasses]uintptr
}

func frameCacheOf(size uintptr) *frameCache {
	return (*frameCache)(add(unsafe.Pointer(&getworker().frames), (size+15)>>4*unsafe.Sizeof(frameCache{})))
}

// framealloc is memory for a coroutine's frame.
func framealloc(size uintptr) unsafe.Pointer {
	if size <= maxSmallFrame {
		c := frameCacheOf(size)
		p := c.free
		if p != 0 {
			c.free = loadptr(p)
			c.room++
			*(*uintptr)(unsafe.Pointer(p + 8)) = frameBegun
			return unsafe.Pointer(p)
		}
	}
	return newframe(size)
}

// framefree ends the life of a frame that framealloc(size) made.
func framefree(p unsafe.Pointer, size uintptr) {
	if size <= maxSmallFrame {
		c := frameCacheOf(size)
		if c.room > 0 {
			c.room--
			*(*uintptr)(add(p, 8)) = 0
			*(*uintptr)(p) = c.free
			c.free = uintptr(p)
			return
		}
	}
	freeframe(p)
}

// frameOf is the frame that p lies in, 0 if there is none.
func frameOf(p uintptr) uintptr {
	if !inArena(p) {
		return 0
	}
	s := spanOf(p)
	if s == nil || s.state != spanFrames {
		return 0
	}
	if s.elemsize > maxSmallFrame {
		return s.base
	}
	return s.base + (p-s.base)/s.elemsize*s.elemsize
}

// newframe is framealloc when the worker's list is empty.
//
//go:noinline
func newframe(size uintptr) unsafe.Pointer {
	w := getworker()
	if size > maxSmallFrame {
		holdWorker(w)
		p := frameSpan(w, (size+pageSize-1)>>pageShift, size).base
		*(*uintptr)(unsafe.Pointer(p + 8)) = frameBegun
		releaseWorker(w)
		return unsafe.Pointer(p)
	}
	if size < minFrame {
		size = minFrame
	}
	size = (size + 15) &^ 15
	c := frameCacheOf(size)
	if atomicload64(&frameLists.lists[size>>4]) != 0 || c.next == c.end {
		if p := moreFrames(w, c, size); p != 0 {
			*(*uintptr)(unsafe.Pointer(p + 8)) = frameBegun
			return unsafe.Pointer(p)
		}
	}
	p := c.next
	c.next += size
	*(*uintptr)(unsafe.Pointer(p + 8)) = frameBegun
	return unsafe.Pointer(p)
}

// moreFrames gives c a common list, and answers its first frame, or 0 and some unused memory.
func moreFrames(w *worker, c *frameCache, size uintptr) uintptr {
	holdWorker(w)
	lock(&frameLists.lock)
	p := frameLists.lists[size>>4]
	if p != 0 {
		atomicstorerel64(&frameLists.lists[size>>4], loadptr(p+16))
	}
	unlock(&frameLists.lock)
	if p != 0 {
		c.free = loadptr(p)
		if !stress.poison {
			c.room = frameBatch + 1
		}
	} else if c.next == c.end {
		s := frameSpan(w, framePages, size)
		c.next = s.base
		c.end = s.base + framePages<<pageShift/size*size
	}
	releaseWorker(w)
	return p
}

// freeframe is framefree for big frames, and when the worker's list is full.
//
//go:noinline
func freeframe(p unsafe.Pointer) {
	s := spanOf(uintptr(p))
	w := getworker()
	holdWorker(w)
	if s.elemsize > maxSmallFrame {
		freeBigFrame(s)
		releaseWorker(w)
		return
	}
	size := s.elemsize
	c := frameCacheOf(size)
	if stress.poison {
		poison(uintptr(p)+16, size-16)
	}
	// What is more than a batch, the older part of the list, goes to the common ones.
	n := 0
	last := c.free
	if last != 0 {
		for n = 1; n < frameBatch && loadptr(last) != 0; n++ {
			last = loadptr(last)
		}
		if give := loadptr(last); give != 0 {
			*(*uintptr)(unsafe.Pointer(last)) = 0
			lock(&frameLists.lock)
			*(*uintptr)(unsafe.Pointer(give + 16)) = frameLists.lists[size>>4]
			atomicstorerel64(&frameLists.lists[size>>4], give)
			unlock(&frameLists.lock)
		}
	}
	*(*uintptr)(add(p, 8)) = 0
	*(*uintptr)(p) = c.free
	c.free = uintptr(p)
	c.room = 2*frameBatch - n - 1
	if stress.poison {
		c.room = -1 << 62
	}
	releaseWorker(w)
}

// frameSpan is a zeroed span for frames of one size.
func frameSpan(w *worker, npages, size uintptr) *mspan {
	lock(&heap.lock)
	s := header(0, 0)
	allocPages(s, npages)
	if s.needzero {
		memclr(unsafe.Pointer(s.base), npages<<pageShift)
	}
	atomicstorerel64(&heap.frameBytes, heap.frameBytes+npages<<pageShift)
	s.state = spanFrames
	s.bytes = 0
	s.class = 0
	s.elemsize = size
	s.prev = nil
	s.next = heap.frameSpans
	if s.next != nil {
		s.next.prev = s
	}
	heap.frameSpans = s
	unlock(&heap.lock)
	w.newFrames += npages << pageShift
	if w.newFrames+w.stacktop-getsp() > maxStack+frameSlack {
		beginReport(w)
		stackOverflow(getsp())
		fatal(w, "stack overflow", frameaddress())
	}
	return s
}

func freeBigFrame(s *mspan) {
	w := getworker()
	lock(&heap.lock)
	if s.next != nil {
		s.next.prev = s.prev
	}
	if s.prev != nil {
		s.prev.next = s.next
	} else {
		heap.frameSpans = s.next
	}
	bytes := s.npages << pageShift
	atomicstorerel64(&heap.frameBytes, heap.frameBytes-bytes)
	unlock(&heap.lock)
	if w.newFrames >= bytes {
		w.newFrames -= bytes
	}
	freeSpan(s)
}

// scanFrames scans the live frames of a span.
func (m *marker) scanFrames(s *mspan) {
	size := s.elemsize
	if size > maxSmallFrame {
		m.scanWords(s.base, s.base+size)
		return
	}
	end := s.base + s.npages<<pageShift
	for p := s.base; p+size <= end; p += size {
		if loadptr(p+8) != 0 {
			// The first two words are code addresses.
			m.scanWords(p+16, p+size)
		}
	}
}
