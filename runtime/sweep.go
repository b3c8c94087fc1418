package runtime

import "unsafe"

// Sweeping makes the marks of a collection the spans' allocation bits. It is lazy: a collection makes all spans unswept;
// who needs one of a class sweeps it, a goroutine of the runtime's sweeps what nobody needs, and the next collection,
// before it stops the world, the rest.

// setMark marks slot i of a span of small objects, for this thread alone.
func (s *mspan) setMark(i uintptr) {
	if s.typed {
		*(*uint32)(unsafe.Pointer(s.types + i*4)) |= isMarked
	} else {
		*(*uint64)(unsafe.Pointer(s.marks + i>>6*8)) |= 1 << (i & 63)
	}
}

// takeMarks is word i of the marks of a span of small objects, which are forgotten.
func (s *mspan) takeMarks(i uintptr) uint64 {
	if !s.typed {
		p := (*uint64)(unsafe.Pointer(s.marks + i*8))
		w := *p
		*p = 0
		return w
	}
	// Two entries at a time; the table's length is even.
	const both = isMarked | isMarked<<32
	p := s.types + i*256
	end := s.types + (s.nelems*4+7)&^7
	if end > p+256 {
		end = p + 256
	}
	w := uint64(0)
	for k := uint64(0); p < end; k += 2 {
		e := *(*uint64)(unsafe.Pointer(p))
		if m := e & both; m != 0 {
			*(*uint64)(unsafe.Pointer(p)) = e &^ both
			w |= (m>>1 | m>>32) & 3 << k
		}
		p += 8
	}
	return w
}

// sweepSpan sweeps a span of small objects and answers how many are left. Nobody else knows the span just now.
func sweepSpan(s *mspan, c *central) uintptr {
	left, freed := uintptr(0), uintptr(0)
	for i := uintptr(0); i < s.nwords; i++ {
		word := (*uint64)(unsafe.Pointer(s.alloc + i*8))
		// What was handed out since the last collection has no allocation bit.
		old := *word
		if (i+1)*64 <= s.free {
			old = 1<<64 - 1
		} else if i*64 < s.free {
			old |= 1<<(s.free&63) - 1
		}
		live := s.takeMarks(i) & old
		*word = live
		left += uintptr(popcount64(live))
		if dead := old &^ live; dead != 0 {
			freed += uintptr(popcount64(dead))
			if stress.poison {
				s.poisonSlots(i*64, dead)
			}
		}
	}
	s.free = 0
	if freed != 0 {
		s.needzero = true
		xadd64(&c.frees, freed)
	}
	return left
}

// sweepLarge sweeps a large object and reports whether it is alive.
func sweepLarge(s *mspan, c *central) bool {
	if s.marked != 0 {
		s.marked = 0
		return true
	}
	if stress.poison {
		poison(s.base, s.bytes)
	}
	xadd64(&c.frees, 1)
	xadd64(&memory.largeFreed, s.bytes)
	return false
}

// sweepOne sweeps some span of the class and reports whether there was one.
func sweepOne(ci uintptr) bool {
	c := &centrals[ci]
	if atomicload64((*uintptr)(unsafe.Pointer(&c.unswept.first))) == 0 {
		return false
	}
	w := getworker()
	holdWorker(w)
	xadd32(&sweeper.busy, 1)
	lock(&c.lock)
	s := c.unswept.pop()
	unlock(&c.lock)
	if s != nil {
		left := uintptr(0)
		if ci > 1 {
			left = sweepSpan(s, c)
		} else if sweepLarge(s, c) {
			left = 1
		}
		if left == 0 {
			freeSpan(s)
		} else {
			lock(&c.lock)
			if left < s.nelems {
				c.partial.push(s)
			} else {
				c.full.push(s)
			}
			unlock(&c.lock)
		}
	}
	xadd32(&sweeper.busy, ^uint32(0))
	releaseWorker(w)
	return s != nil
}

// sweepSome sweeps up to n spans and reports whether there may be more.
func sweepSome(n int) bool {
	for ci := uintptr(0); ci < 2*numClasses; ci++ {
		for sweepOne(ci) {
			n--
			if n <= 0 {
				return true
			}
		}
	}
	return false
}

// sweepAll sweeps everything, and waits for what other workers are sweeping.
func sweepAll() {
	for sweepSome(sweepBatch) {
	}
	for atomicload32(&sweeper.busy) != 0 {
		osyield()
	}
}

// reclaimPages sweeps until there is a free span of npages or everything is swept.
func reclaimPages(npages uintptr) {
	for !hasPages(npages) && sweepSome(1) {
	}
}

// hasPages reports whether there may be a free span of npages.
func hasPages(npages uintptr) bool {
	lock(&heap.lock)
	found := false
	if npages < numBins {
		found = heap.binbits[1]>>(npages&63)<<(npages&63) != 0
		if npages < 64 {
			found = heap.binbits[1] != 0 || heap.binbits[0]&^1>>npages != 0
		}
	}
	for s := heap.bins[0]; s != nil && !found; s = s.next {
		found = s.npages >= npages
	}
	unlock(&heap.lock)
	return found
}

var sweeper struct {
	started uint32 // atomic: 1 while there is a goroutine that sweeps
	busy    uint32 // atomic: workers that have taken a span to sweep, maybe, and not finished it
}

const sweepBatch = 32

// startSweeper starts a goroutine that sweeps whatever nobody has swept before.
func startSweeper() {
	if xchg32(&sweeper.started, 1) == 0 {
		sweepLater()
	}
}

func sweepLater() {
	w := getworker()
	gp := newg(w)
	gp.system = true
	gp.fn = recordOfFunc(runSweeper)
	readyLast(w, gp)
}

// runSweeper sweeps some spans, behind all goroutines that are ready, and when there are none left gives memory back to
// the system: what the heap will not need before the next collection, and a tenth more.
func runSweeper() {
	if sweepSome(sweepBatch) {
		sweepLater()
		return
	}
	xchg32(&sweeper.started, 0)
	goal := heapGoal()
	goal += goal / 10
	lock(&heap.lock)
	inUse := heap.used - heap.free<<pageShift
	unlock(&heap.lock)
	keep := uintptr(0)
	if goal > inUse {
		keep = goal - inUse
	}
	releasePages(keep >> pageShift)
}
