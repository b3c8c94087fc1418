package runtime

import "unsafe"

// Marking. Objects with pointers are scanned by their type's pointer bitmap; stacks, registers, coroutine frames and
// the program's variables conservatively: a word there that points into an object, or just behind it, keeps it alive.
// Marked objects that are yet to be scanned are on an explicit stack, so depth costs no native stack.

var marker struct {
	base uintptr // the mark stack
	top  uintptr
	end  uintptr // end of its usable part
	live uintptr // bytes marked
	root uintptr // bytes scanned conservatively
}

const markStackStep = 1 << 20

func initMarker() {
	// One entry per object with pointers is the most there can be.
	marker.base = sysReserve(heap.reserved / 2)
	if marker.base == 0 {
		throw("cannot reserve address space for the mark stack")
	}
	marker.top = marker.base
	marker.end = marker.base
}

func pushMarked(obj uintptr) {
	if marker.top == marker.end {
		sysMap(marker.end, markStackStep)
		marker.end += markStackStep
	}
	*(*uintptr)(unsafe.Pointer(marker.top)) = obj
	marker.top += 8
}

// markPointer marks the object that p, a pointer from a typed location, points into.
func markPointer(p uintptr) {
	s := spanOf(p)
	if s == nil {
		return
	}
	off := p - s.base
	if off >= s.bytes {
		return
	}
	if s.class == 0 {
		markLarge(s)
		return
	}
	i := off * s.magic >> 32
	word := (*uint64)(unsafe.Pointer(s.mark + i>>6*8))
	bit := uint64(1) << (i & 63)
	w := *word
	if w&bit != 0 {
		return
	}
	*word = w | bit
	if !s.noscan {
		pushMarked(s.base + i*s.elemsize)
	}
}

func markLarge(s *mspan) {
	if !s.marked {
		s.marked = true
		if !s.noscan {
			pushMarked(s.base)
		}
	}
}

// allocated reports whether slot i of a span of small objects has been handed out.
func (s *mspan) allocated(i uintptr) bool {
	return i < s.free || *(*uint64)(unsafe.Pointer(s.alloc + i>>6*8))>>(i&63)&1 != 0
}

// markConservative does the same for a word that may or may not be a pointer.
func markConservative(p uintptr) {
	if !markGuess(p) {
		return
	}
	// At the start of an object p may as well be the end of the one before.
	if p > heap.base {
		markGuess(p - 1)
	}
}

// markGuess marks the object that contains address p, if any, and reports whether it begins there or there is none.
func markGuess(p uintptr) bool {
	s := spanOf(p)
	if s == nil {
		return true
	}
	off := p - s.base
	if off >= s.bytes {
		return true
	}
	if s.class == 0 {
		markLarge(s)
		return off == 0
	}
	i := off * s.magic >> 32
	if s.allocated(i) {
		markPointer(p)
	}
	return i*s.elemsize == off
}

// scanWords scans memory conservatively.
func scanWords(lo, hi uintptr) {
	lo = (lo + 7) &^ 7
	base, used := heap.base, heap.used
	if hi > lo {
		marker.root += hi - lo
	}
	for p := lo; p+8 <= hi; p += 8 {
		v := loadptr(p)
		if v-base < used {
			markConservative(v)
		} else if v == base+used && used != 0 {
			markGuess(v - 1)
		}
	}
}

// scanTyped scans a variable of type t at p.
func scanTyped(p uintptr, t *_type) {
	base, used := heap.base, heap.used
	bits := t.gcdata
	n := t.ptrBytes
	for n != 0 {
		m := uint64(loadbyte(bits, 0))
		for m != 0 {
			v := loadptr(p + uintptr(ctz64(m))*8)
			m &= m - 1
			if v-base < used {
				markPointer(v)
			}
		}
		if n <= 64 {
			return
		}
		n -= 64
		p += 64
		bits = add(bits, 1)
	}
}

// drain scans marked objects until none is left.
func drain() {
	for marker.top != marker.base {
		marker.top -= 8
		p := loadptr(marker.top)
		s := spanOf(p)
		if s.class == 0 {
			if s.typ == nil {
				scanWords(p, p+s.bytes)
			} else if s.array {
				scanArray(p, p+s.bytes, s.typ)
			} else {
				scanTyped(p, s.typ)
			}
			continue
		}
		i := (p - s.base) * s.magic >> 32
		e := *(*uint32)(unsafe.Pointer(s.types + i*4))
		t := (*_type)(unsafe.Pointer(uintptr(e &^ isArray)))
		if e&isArray == 0 {
			scanTyped(p, t)
		} else {
			scanArray(p, p+s.elemsize, t)
		}
	}
}

// scanArray scans as many elements of type t as fit: what is behind the array's end was zeroed.
func scanArray(p, end uintptr, t *_type) {
	size := t.size
	if size == 8 {
		base, used := heap.base, heap.used
		for ; p < end; p += 8 {
			v := loadptr(p)
			if v-base < used {
				markPointer(v)
			}
		}
		return
	}
	for ; p+size <= end; p += size {
		scanTyped(p, t)
	}
}
