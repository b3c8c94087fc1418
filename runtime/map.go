package runtime

import "unsafe"

// Maps. The entries (key, element) are in one array in order of insertion, with a 32-bit hash each in a second array
// (meta; 0: deleted). Maps of more than 8 entries have an index: an open-addressed table with linear probing of
// hash<<32 | entry+1. Deleting closes gaps in the index at once; entries keep their places until the array is full.
//
// Growing copies the live entries to a bigger array. Iterators go by place: if the map has been iterated over, the old
// meta array then holds each entry's new place, so an iterator that began on old arrays finds where its entries went,
// through any number of generations (mapgen). It needs no key comparison, so NaN keys are like others, and it visits
// the places that were in use when it began, each once.

type hmap struct {
	count int // live entries; first, len reads it
	seed  uint32
	mode  uint8
	_     [3]uint8
	n     uint32 // places in use, deleted ones included
	cap   uint32
	slots unsafe.Pointer // the entries
	meta  unsafe.Pointer // *uint32
	index unsafe.Pointer // *uint64
	mask  uint32
	_     uint32
	gen   *mapgen
	shape *mapShape
}

// mapgen stands for one life of a map's arrays. next is nil for the current ones; meta then gives the entries' places
// in next's arrays, plus 1.
type mapgen struct {
	next *mapgen
	meta unsafe.Pointer
}

// mapIter is an iterator: at most 128 bytes. The first two words are what lowered code reads.
type mapIter struct {
	key  unsafe.Pointer
	elem unsafe.Pointer
	m    *hmap
	gen  *mapgen
	meta unsafe.Pointer // of the generation it began in
	n    uint32         // places to visit
	at   uint32         // next place
	left uint32         // visits to go
	_    uint32
	_    [9]uintptr
}

// How keys are hashed and compared.
const (
	mapGeneric = iota
	map64
	map32
	mapString
)

const (
	smallMap = 8
	maxMap   = 1 << 31
)

// mapShape is what does not change between maps of one type: the layout of an entry. The type of an entry is made
// here, below 4 GiB as all types.
type mapShape struct {
	t        *_type
	next     *mapShape
	size     uintptr // of an entry
	elemOff  uintptr
	mode     uint8
	entry    _type
	elemSize uintptr
}

// shapes finds the shape of a map type; chained, never shrinks.
var shapes [256]*mapShape

func shapeOf(t *_type) *mapShape {
	b := &shapes[t.hash%256]
	for s := *b; s != nil; s = s.next {
		if s.t == t {
			return s
		}
	}
	s := newShape(t)
	s.next = *b
	*b = s
	return s
}

func align(n, a uintptr) uintptr {
	if a == 0 {
		return n
	}
	return (n + a - 1) &^ (a - 1)
}

func newShape(t *_type) *mapShape {
	mt := (*mapType)(unsafe.Pointer(t))
	key, elem := mt.key, mt.elem
	off := align(key.size, uintptr(elem.align))
	most := uintptr(key.align)
	if uintptr(elem.align) > most {
		most = uintptr(elem.align)
	}
	size := align(off+elem.size, most)
	if size == 0 {
		size = 1
	}
	s := (*mapShape)(unsafe.Pointer(lowAlloc(unsafe.Sizeof(mapShape{}))))
	s.t = t
	s.size = size
	s.elemOff = off
	s.elemSize = elem.size
	s.mode = keyMode(key)
	s.entry.size = size
	s.entry.align = uint8(most)
	if key.ptrBytes != 0 || elem.ptrBytes != 0 {
		if elem.ptrBytes != 0 {
			s.entry.ptrBytes = off + elem.ptrBytes
		} else {
			s.entry.ptrBytes = key.ptrBytes
		}
		bits := lowAlloc(s.entry.ptrBytes/64 + 1)
		copyBits(bits, 0, key)
		copyBits(bits, off/8, elem)
		s.entry.gcdata = unsafe.Pointer(bits)
	}
	return s
}

// copyBits enters the pointer bitmap of type t at word offset at.
func copyBits(bits, at uintptr, t *_type) {
	for i := uintptr(0); i < t.ptrBytes/8; i++ {
		if loadbyte(t.gcdata, i>>3)>>(i&7)&1 != 0 {
			p := (*byte)(unsafe.Pointer(bits + (at+i)>>3))
			*p |= 1 << ((at + i) & 7)
		}
	}
}

func keyMode(key *_type) uint8 {
	switch key.kind {
	case kindInt, kindInt64, kindUint, kindUint64, kindUintptr, kindPointer, kindChan, kindUnsafePointer:
		return map64
	case kindInt32, kindUint32:
		return map32
	case kindString:
		return mapString
	}
	return mapGeneric
}

func makemap(t *_type, hint int) unsafe.Pointer {
	m := new(hmap)
	m.seed = uint32(fastrand() >> 32)
	m.shape = shapeOf(t)
	m.mode = m.shape.mode
	if hint > smallMap && hint < maxMap {
		m.resize(uint32(hint))
	}
	return unsafe.Pointer(m)
}

func maplen(mp unsafe.Pointer) int {
	if mp == nil {
		return 0
	}
	return (*hmap)(mp).count
}

func (m *hmap) slot(i uint32) unsafe.Pointer {
	return add(m.slots, uintptr(i)*m.shape.size)
}

func (m *hmap) hashAt(i uint32) *uint32 {
	return (*uint32)(add(m.meta, uintptr(i)*4))
}

func (m *hmap) indexAt(i uint32) *uint64 {
	return (*uint64)(add(m.index, uintptr(i)*8))
}

// hash is the 32-bit hash of a key, never 0. Keys that cannot be hashed panic.
func (m *hmap) hash(t *_type, key unsafe.Pointer) uint32 {
	var h uintptr
	switch m.mode {
	case map64:
		h = hash64(*(*uint64)(key), uintptr(m.seed))
	case map32:
		h = hash64(uint64(*(*uint32)(key)), uintptr(m.seed))
	case mapString:
		s := (*stringHeader)(key)
		h = memhash(s.ptr, uintptr(m.seed), uintptr(s.len))
	default:
		hasher := (*mapType)(unsafe.Pointer(t)).hasher
		h = hasher(key, uintptr(m.seed))
	}
	if uint32(h) == 0 {
		return 1
	}
	return uint32(h)
}

// equal compares a key with that of an entry.
func (m *hmap) equal(t *_type, key, other unsafe.Pointer) bool {
	switch m.mode {
	case map64:
		return *(*uint64)(key) == *(*uint64)(other)
	case map32:
		return *(*uint32)(key) == *(*uint32)(other)
	case mapString:
		return eqstring(*(*string)(key), *(*string)(other))
	}
	eq := (*mapType)(unsafe.Pointer(t)).key.equal
	return eq(key, other)
}

// find is the place of a key with hash h, plus 1; 0 if it is missing. at is where the index says so.
func (m *hmap) find(t *_type, key unsafe.Pointer, h uint32) (place, at uint32) {
	if m.index == nil {
		for i := uint32(0); i < m.n; i++ {
			if *m.hashAt(i) == h && m.equal(t, key, m.slot(i)) {
				return i + 1, 0
			}
		}
		return 0, 0
	}
	for at = h & m.mask; ; at = (at + 1) & m.mask {
		e := *m.indexAt(at)
		if e == 0 {
			return 0, 0
		}
		if uint32(e>>32) == h {
			i := uint32(e)
			if m.equal(t, key, m.slot(i-1)) {
				return i, at
			}
		}
	}
}

// mapaccess is the element of a key, nil if it is missing.
func mapaccess(t *_type, mp, key unsafe.Pointer) unsafe.Pointer {
	m := (*hmap)(mp)
	if m == nil || m.count == 0 {
		mapKeyCheck(t, key)
		return nil
	}
	if m.mode == map64 && m.index != nil {
		k := *(*uint64)(key)
		h := uint32(hash64(k, uintptr(m.seed)))
		if h == 0 {
			h = 1
		}
		for at := h & m.mask; ; at = (at + 1) & m.mask {
			e := *m.indexAt(at)
			if e == 0 {
				return nil
			}
			if uint32(e>>32) == h {
				p := m.slot(uint32(e) - 1)
				if *(*uint64)(p) == k {
					return add(p, m.shape.elemOff)
				}
			}
		}
	}
	place, _ := m.find(t, key, m.hash(t, key))
	if place == 0 {
		return nil
	}
	return add(m.slot(place-1), m.shape.elemOff)
}

// mapKeyCheck panics if the key is not hashable, which empty maps have no other occasion to notice.
func mapKeyCheck(t *_type, key unsafe.Pointer) {
	const hashMightPanic = 1 << 1
	mt := (*mapType)(unsafe.Pointer(t))
	if mt.flags&hashMightPanic != 0 {
		if bad := unhashable(mt.key, key); bad != nil {
			panicplain("hash of unhashable type: " + bad.string())
			raise()
		}
	}
}

// mapassign is the place of a key's element, new or not.
func mapassign(t *_type, mp, key unsafe.Pointer) unsafe.Pointer {
	m := (*hmap)(mp)
	if m == nil {
		panicplain("assignment to entry in nil map")
		raise()
	}
	h := m.hash(t, key)
	place, _ := m.find(t, key, h)
	if place != 0 {
		p := m.slot(place - 1)
		if m.mode == mapGeneric {
			// Equal keys may differ: +0 and -0. Strings keep the first, which may keep less memory alive.
			movevalue(p, key, (*mapType)(unsafe.Pointer(t)).key.size)
		}
		return add(p, m.shape.elemOff)
	}
	if m.n == m.cap {
		m.grow()
	}
	i := m.n
	m.n++
	m.count++
	*m.hashAt(i) = h
	if m.index != nil {
		m.indexInsert(h, i)
	}
	p := m.slot(i)
	switch m.mode {
	case map64:
		*(*uint64)(p) = *(*uint64)(key)
	case map32:
		*(*uint32)(p) = *(*uint32)(key)
	default:
		movevalue(p, key, (*mapType)(unsafe.Pointer(t)).key.size)
	}
	return add(p, m.shape.elemOff)
}

func (m *hmap) indexInsert(h, place uint32) {
	at := h & m.mask
	for *m.indexAt(at) != 0 {
		at = (at + 1) & m.mask
	}
	*m.indexAt(at) = uint64(h)<<32 | uint64(place+1)
}

// grow makes room for one more entry: by dropping deleted ones if there are many, else by doubling.
func (m *hmap) grow() {
	want := m.cap * 2
	if uint32(m.count) < m.cap-m.cap/4 {
		want = m.cap
	}
	if want < 4 {
		want = 4
	}
	m.resize(want)
}

// resize moves the live entries to new arrays for at least want entries.
func (m *hmap) resize(want uint32) {
	if want >= maxMap {
		throw("map too big")
	}
	n := uint32(smallMap)
	if want <= 4 {
		n = 4
	}
	size := uint32(0)
	if want > smallMap {
		// The index is at most 5/8 full.
		size = 16
		for size/8*5 < want {
			size *= 2
		}
		n = size / 8 * 5
	}
	slots := newarray(&m.shape.entry, int(n))
	meta := rawmem(uintptr(n) * 4)
	var index unsafe.Pointer
	if size != 0 {
		index = malloc(uintptr(size)*8, nil, 0, true)
	}
	oldSlots, oldMeta, oldn := m.slots, m.meta, m.n
	m.slots = slots
	m.meta = meta
	m.index = index
	m.mask = size - 1
	m.cap = n
	k := uint32(0)
	entry := m.shape.size
	for i := uint32(0); i < oldn; i++ {
		hp := (*uint32)(add(oldMeta, uintptr(i)*4))
		h := *hp
		if h == 0 {
			continue
		}
		*m.hashAt(k) = h
		if size != 0 {
			m.indexInsert(h, k)
		}
		if uint32(m.count) != oldn {
			memmove(m.slot(k), add(oldSlots, uintptr(i)*entry), entry)
		}
		k++
		if m.gen != nil {
			*hp = k
		}
	}
	if uint32(m.count) == oldn {
		memmove(slots, oldSlots, uintptr(oldn)*entry)
	}
	memclr(add(meta, uintptr(k)*4), uintptr(n-k)*4)
	m.n = k
	if m.gen != nil {
		g := new(mapgen)
		m.gen.meta = oldMeta
		m.gen.next = g
		m.gen = g
	}
}

func mapdelete(t *_type, mp, key unsafe.Pointer) {
	m := (*hmap)(mp)
	if m == nil || m.count == 0 {
		mapKeyCheck(t, key)
		return
	}
	place, at := m.find(t, key, m.hash(t, key))
	if place == 0 {
		return
	}
	if m.index != nil {
		m.indexDelete(at)
	}
	memclr(m.slot(place-1), m.shape.size)
	*m.hashAt(place - 1) = 0
	m.count--
	if m.count == 0 {
		m.n = 0
		m.seed = uint32(fastrand() >> 32)
		return
	}
	for *m.hashAt(m.n - 1) == 0 {
		m.n--
	}
}

// indexDelete empties a slot of the index and moves up what is behind it and may.
func (m *hmap) indexDelete(hole uint32) {
	for at := (hole + 1) & m.mask; ; at = (at + 1) & m.mask {
		e := *m.indexAt(at)
		if e == 0 {
			break
		}
		home := uint32(e>>32) & m.mask
		// It may move if the hole is not before its home, going round.
		if (at-home)&m.mask >= (at-hole)&m.mask {
			*m.indexAt(hole) = e
			hole = at
		}
	}
	*m.indexAt(hole) = 0
}

func mapclear(t *_type, mp unsafe.Pointer) {
	m := (*hmap)(mp)
	if m == nil || m.n == 0 {
		return
	}
	memclr(m.slots, uintptr(m.n)*m.shape.size)
	memclr(m.meta, uintptr(m.n)*4)
	if m.index != nil {
		memclr(m.index, uintptr(m.mask+1)*8)
	}
	m.n = 0
	m.count = 0
	m.seed = uint32(fastrand() >> 32)
}

func mapiterinit(t *_type, mp, itp unsafe.Pointer) {
	m := (*hmap)(mp)
	it := (*mapIter)(itp)
	it.key = nil
	it.elem = nil
	it.m = m
	it.left = 0
	if m == nil || m.count == 0 {
		return
	}
	if m.gen == nil {
		m.gen = new(mapgen)
	}
	it.gen = m.gen
	it.meta = m.meta
	it.n = m.n
	it.left = m.n
	it.at = fastrandn(m.n)
}

// mapiternext moves to the next entry and reports whether there is one.
func mapiternext(itp unsafe.Pointer) bool {
	it := (*mapIter)(itp)
	m := it.m
	for it.left != 0 {
		i := it.at
		it.left--
		it.at++
		if it.at == it.n {
			it.at = 0
		}
		if it.gen != m.gen {
			i = *(*uint32)(add(it.meta, uintptr(i)*4))
			for g := it.gen.next; i != 0 && g != m.gen; g = g.next {
				i = *(*uint32)(add(g.meta, uintptr(i-1)*4))
			}
			if i == 0 {
				continue
			}
			i--
		}
		if i >= m.n || *m.hashAt(i) == 0 {
			continue
		}
		p := m.slot(i)
		it.key = p
		it.elem = add(p, m.shape.elemOff)
		return true
	}
	it.key = nil
	it.elem = nil
	return false
}
