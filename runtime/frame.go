package runtime

import "unsafe"

// Coroutine frames. They are not heap objects: they come from spans of their own, live until framefree, never move,
// and all live ones are roots.
//
// Invariant: a frame's second word, LLVM's destroy function, is not zero while the frame is live, and zero in free
// slots and unused memory: that is how the collector finds the live ones. A free slot's first word links the list.

const (
	frameClasses  = 65 // multiples of 16 bytes up to 1 KiB; bigger frames have a span each
	maxSmallFrame = 1024
	framePages    = 8
)

// maxStack bounds what a goroutine may use without ever waiting: its native stack and new memory for frames.
var maxStack uintptr = 1000000000

type frameCache struct {
	free uintptr // list of free frames
	next uintptr // unused memory
	end  uintptr
}

// framealloc is memory for a coroutine's frame.
func framealloc(size uintptr) unsafe.Pointer {
	if size <= maxSmallFrame {
		c := (*frameCache)(add(unsafe.Pointer(&getworker().frames), (size+15)>>4*unsafe.Sizeof(frameCache{})))
		p := c.free
		if p != 0 {
			c.free = loadptr(p)
			return unsafe.Pointer(p)
		}
	}
	return newframe(size)
}

// framefree ends a frame's life.
func framefree(p unsafe.Pointer) {
	s := spanOf(uintptr(p))
	if s.elemsize > maxSmallFrame {
		freeBigFrame(s)
		return
	}
	c := (*frameCache)(add(unsafe.Pointer(&getworker().frames), s.elemsize>>4*unsafe.Sizeof(frameCache{})))
	*(*uintptr)(p) = c.free
	*(*uintptr)(add(p, 8)) = 0
	c.free = uintptr(p)
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

//go:noinline
func newframe(size uintptr) unsafe.Pointer {
	if size > maxSmallFrame {
		s := frameSpan((size+pageSize-1)>>pageShift, size)
		return unsafe.Pointer(s.base)
	}
	size = (size + 15) &^ 15
	if size == 0 {
		size = 16
	}
	c := (*frameCache)(add(unsafe.Pointer(&getworker().frames), size>>4*unsafe.Sizeof(frameCache{})))
	if c.end-c.next < size {
		s := frameSpan(framePages, size)
		c.next = s.base
		c.end = s.base + framePages<<pageShift
	}
	p := c.next
	c.next += size
	return unsafe.Pointer(p)
}

// frameSpan is a zeroed span for frames of one size.
func frameSpan(npages, size uintptr) *mspan {
	s := header(0, 0)
	allocPages(s, npages)
	if s.needzero {
		memclr(unsafe.Pointer(s.base), npages<<pageShift)
	}
	heap.frameBytes += npages << pageShift
	w := getworker()
	if heap.frameBytes-w.frameBase+w.stacktop-getsp() > maxStack && heap.frameBytes > w.frameBase {
		stackOverflow(getsp())
		fatal("stack overflow", frameaddress())
	}
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
	return s
}

func freeBigFrame(s *mspan) {
	if s.next != nil {
		s.next.prev = s.prev
	}
	if s.prev != nil {
		s.prev.next = s.next
	} else {
		heap.frameSpans = s.next
	}
	heap.frameBytes -= s.npages << pageShift
	freeSpan(s)
}

// scanFrames scans all live frames.
func scanFrames() {
	for s := heap.frameSpans; s != nil; s = s.next {
		size := s.elemsize
		if size > maxSmallFrame {
			scanWords(s.base, s.base+size)
			continue
		}
		end := s.base + s.npages<<pageShift
		for p := s.base; p+size <= end; p += size {
			if loadptr(p+8) != 0 {
				// The first two words are code addresses.
				scanWords(p+16, p+size)
			}
		}
		drain()
	}
}
