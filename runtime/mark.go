package runtime

import "unsafe"

// Marking. Objects with pointers are scanned by their type's pointer bitmap; stacks, registers, coroutine frames and
// the program's variables conservatively: a word there that points into an object, or just behind one with elements, keeps it.
//
// Every thread that marks has a marker, with a stack of candidates: objects that were found and may have been marked
// since. A candidate taken from the stack waits in a ring, while its memory comes into the caches. The mark of an object
// with pointers is a bit of its entry in the side table, so two threads may mark, and scan, the same object: that is
// harmless, and cheaper than to exclude it.

// candidate is an object with pointers: obj its address, at that of its side table entry; or, where at is a span's
// address plus isPiece, part of a marked large object, from obj on.
type candidate struct {
	obj uintptr
	at  uintptr
}

const (
	candidateSize = 16
	isPiece       = 1
	pieceSize     = 32 << 10

	ringSlots = 8

	// A marker's stack. Scanning an object pushes at most as many candidates as it has words.
	stackSize  = 1 << 20
	stackSpare = pieceSize / 8 * candidateSize
	shareLeast = 16 * candidateSize // so much a marker keeps when others have nothing to do
)

type marker struct {
	base  uintptr // the stack
	top   uintptr
	limit uintptr
	live  uintptr // bytes marked
	roots uintptr // bytes scanned conservatively
	idle  bool
	ring  [ringSlots]candidate
	_     [7]uintptr
}

// addrOf is the address of a marker's ring's slot i.
func (m *marker) slot(i uintptr) *candidate {
	return (*candidate)(add(unsafe.Pointer(&m.ring), i%ringSlots*candidateSize))
}

func (m *marker) init() {
	if m.base == 0 {
		m.base = sysAlloc(stackSize)
		m.limit = m.base + stackSize - stackSpare
	}
	m.top = m.base
	m.live = 0
	m.roots = 0
	m.idle = false
}

// found pushes the object that p, a pointer from a typed location, points into, unless it has no pointers: then it is
// marked. It answers the new top of the stack.
func (m *marker) found(top, p uintptr) uintptr {
	s := spanOf(p)
	if s == nil {
		return top
	}
	off := p - s.base
	if off >= s.bytes {
		return top
	}
	if !s.typed {
		return m.foundOther(top, s, off)
	}
	i := off * s.magic >> 32
	return push(top, s.base+i*s.elemsize, s.types+i*4)
}

func push(top, obj, at uintptr) uintptr {
	c := (*candidate)(unsafe.Pointer(top))
	c.obj = obj
	c.at = at
	return top + candidateSize
}

// foundOther is found for large objects and those without pointers.
//
//go:noinline
func (m *marker) foundOther(top uintptr, s *mspan, off uintptr) uintptr {
	if s.class == 0 {
		// Two markers may both find it first: then it is scanned twice.
		if atomicload8(&s.marked) != 0 {
			return top
		}
		atomicstore8(&s.marked, 1)
		m.live += s.bytes
		if s.noscan {
			return top
		}
		return push(top, s.base, uintptr(unsafe.Pointer(s))|isPiece)
	}
	i := off * s.magic >> 32
	word := (*uintptr)(unsafe.Pointer(s.marks + i>>6*8))
	bit := uintptr(1) << (i & 63)
	if atomicload64(word)&bit == 0 {
		m.live += s.elemsize
		if marking.helpers == 0 {
			*word |= bit
		} else {
			or64(word, bit)
		}
	}
	return top
}

// allocated reports whether slot i of a span of small objects has been handed out.
func (s *mspan) allocated(i uintptr) bool {
	return i < s.free || *(*uint64)(unsafe.Pointer(s.alloc + i>>6*8))>>(i&63)&1 != 0
}

// guess is found for the object that contains address p, if any; and reports whether it begins there or there is none.
func (m *marker) guess(p uintptr) bool {
	s := spanOf(p)
	if s == nil {
		return true
	}
	off := p - s.base
	if off >= s.bytes {
		return true
	}
	if s.class == 0 {
		m.top = m.foundOther(m.top, s, off)
		return off == 0
	}
	i := off * s.magic >> 32
	if s.allocated(i) {
		m.top = m.found(m.top, p)
	}
	return i*s.elemsize == off
}

// guessEnd is guess for the object that ends at address p, if it may have elements: only then may p stand for it. Code that
// goes through elements backwards may have nothing but the address behind those that are left, and s[len(s):] is that
// address. It is no address of a variable without elements, nor of its fields, and to keep one for the sake of its
// neighbour would be to keep everything that it refers to.
func (m *marker) guessEnd(p uintptr) {
	s := spanOf(p - 1)
	if s == nil || p-1-s.base >= s.bytes {
		return
	}
	if s.typed {
		i := (p - 1 - s.base) * s.magic >> 32
		e := atomicload32((*uint32)(unsafe.Pointer(s.types+i*4))) &^ isMarked
		if e&isArray == 0 && (e == 0 || !hasElements((*_type)(unsafe.Pointer(uintptr(e))))) {
			return
		}
	}
	m.guess(p - 1)
}

// hasElements reports whether there may be an array in a variable of type t.
func hasElements(t *_type) bool {
	switch t.kind {
	case kindArray:
		return true
	case kindStruct:
		fields := (*structType)(unsafe.Pointer(t)).fields
		for i := range fields {
			if hasElements(fields[i].typ) {
				return true
			}
		}
		// Memory that is no Go variable: nothing is known of what is in it.
		return len(fields) == 0
	}
	return false
}

// scanWords scans memory conservatively.
func (m *marker) scanWords(lo, hi uintptr) {
	lo = (lo + 7) &^ 7
	if hi > lo {
		m.roots += hi - lo
	}
	if stress.whylive {
		m.explainWords(lo, hi)
		return
	}
	base, used := heap.base, heap.used
	for p := lo; p+8 <= hi; p += 8 {
		m.scanWord(loadptr(p), base, used)
		if m.top > m.limit {
			m.share()
		}
	}
}

// scanWord scans a word conservatively; objects are in used bytes from base on.
func (m *marker) scanWord(v, base, used uintptr) {
	if v-base < used {
		// At the start of an object v may as well be the end of the one before.
		if m.guess(v) && v != base {
			m.guessEnd(v)
		}
	} else if v == base+used && used != 0 {
		m.guessEnd(v)
	}
}

// scanTyped scans a variable of type t at p.
func (m *marker) scanTyped(top, p uintptr, t *_type) uintptr {
	base, used := heap.base, heap.used
	bits := t.gcdata
	n := t.ptrBytes
	for n != 0 {
		mask := uint64(loadbyte(bits, 0))
		for mask != 0 {
			v := loadptr(p + uintptr(ctz64(mask))*8)
			mask &= mask - 1
			if v-base < used {
				top = m.found(top, v)
			}
		}
		if n <= 64 {
			break
		}
		n -= 64
		p += 64
		bits = add(bits, 1)
	}
	return top
}

// scanArray scans as many elements of type t as fit: what is behind the array's end was zeroed.
func (m *marker) scanArray(top, p, end uintptr, t *_type) uintptr {
	size := t.size
	if size == 8 {
		base, used := heap.base, heap.used
		for ; p < end; p += 8 {
			v := loadptr(p)
			if v-base < used {
				top = m.found(top, v)
			}
		}
		return top
	}
	for ; p+size <= end; p += size {
		top = m.scanTyped(top, p, t)
	}
	return top
}

// scanEntry scans the small object obj, whose side table entry is e.
func (m *marker) scanEntry(top, obj uintptr, e uint32) uintptr {
	t := (*_type)(unsafe.Pointer(uintptr(e &^ (isArray | isMarked))))
	if e&isArray == 0 {
		m.live += t.size
		return m.scanTyped(top, obj, t)
	}
	size := spanOf(obj).elemsize
	m.live += size
	return m.scanArray(top, obj, obj+size, t)
}

// scanPiece scans a large object's next piece and pushes what is left of it.
func (m *marker) scanPiece(top, p uintptr, s *mspan) uintptr {
	end := s.base + s.bytes
	if !s.array {
		if s.typ.ptrBytes > pieceSize {
			return m.scanBig(top, p, s.typ)
		}
		return m.scanTyped(top, p, s.typ)
	}
	size := s.typ.size
	if size > pieceSize {
		// A few big elements.
		next := p + size
		if next+size <= end {
			top = push(top, next, uintptr(unsafe.Pointer(s))|isPiece)
		}
		return m.scanBig(top, p, s.typ)
	}
	next := p + pieceSize/size*size
	if next < end {
		top = push(top, next, uintptr(unsafe.Pointer(s))|isPiece)
		end = next
	}
	return m.scanArray(top, p, end, s.typ)
}

// scanBig scans a variable of a type that is bigger than a piece.
func (m *marker) scanBig(top, p uintptr, t *_type) uintptr {
	base, used := heap.base, heap.used
	for i := uintptr(0); i < t.ptrBytes/8; i++ {
		if loadbyte(t.gcdata, i>>3)>>(i&7)&1 == 0 {
			continue
		}
		if v := loadptr(p + i*8); v-base < used {
			top = m.found(top, v)
			if top > m.limit {
				m.top = top
				m.share()
				top = m.top
			}
		}
	}
	return top
}

// drain marks and scans candidates until this marker has none left.
func (m *marker) drain() {
	top := m.top
	first, n := uintptr(0), uintptr(0) // of the ring
	for {
		for n < ringSlots && top > m.base {
			top -= candidateSize
			from := (*candidate)(unsafe.Pointer(top))
			to := m.slot(first + n)
			to.obj = from.obj
			to.at = from.at
			prefetch(to.at)
			prefetch(to.obj)
			n++
		}
		if n == 0 {
			break
		}
		c := m.slot(first)
		obj, at := c.obj, c.at
		first++
		n--
		if at&isPiece != 0 {
			top = m.scanPiece(top, obj, (*mspan)(unsafe.Pointer(at&^isPiece)))
		} else {
			entry := (*uint32)(unsafe.Pointer(at))
			e := atomicload32(entry)
			if e&isMarked != 0 || e == 0 {
				continue
			}
			atomicstorerel32(entry, e|isMarked)
			top = m.scanEntry(top, obj, e)
		}
		if top > m.limit || atomicload32(&marking.idle) != 0 && top-m.base >= 2*shareLeast {
			m.top = top
			m.share()
			top = m.top
		}
	}
	m.top = top
}
