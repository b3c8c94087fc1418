package runtime

import "unsafe"

// reflect_gcbits is what the collector knows of the pointers in the object that x, a pointer, points to: a byte, 0 or 1, for
// each word up to the last pointer. Package reflect's tests compare it with what they know of types. Only objects on the heap
// have a record; for what is elsewhere, and scanned conservatively, the type of x answers.
//
//go:linkname reflect_gcbits reflect.gcbits
func reflect_gcbits(x any) []byte {
	e := (*eface)(unsafe.Pointer(&x))
	t := (*ptrType)(unsafe.Pointer(e.typ)).elem
	size := t.size
	if p := uintptr(e.data); inArena(p) {
		t, size = recordOf(spanOf(p), p)
	}
	if t == nil || t.ptrBytes == 0 {
		return nil
	}
	mask := t.gcmask()
	bits := make([]byte, (size-t.size)/8+t.ptrBytes/8)
	for i := 0; i < len(bits); i++ {
		if j := uintptr(i) % (t.size / 8); j < t.ptrBytes/8 {
			bits[i] = loadbyte(mask, j/8) >> (j % 8) & 1
		}
	}
	return bits
}

// recordOf is the type that the object at p, in span s, is scanned by, nil if it is not, and the bytes that are scanned:
// those of one variable of the type, or of as many as there is room for.
func recordOf(s *mspan, p uintptr) (t *_type, size uintptr) {
	array := false
	switch {
	case s.noscan:
		return nil, 0
	case s.class == 0:
		t, array = s.typ, s.array
	default:
		entry := *(*uint32)(unsafe.Pointer(s.types + (p-s.base)*s.magic>>32*4))
		t = (*_type)(unsafe.Pointer(uintptr(entry &^ (isArray | isMarked))))
		array = entry&isArray != 0
	}
	if !array {
		return t, t.size
	}
	return t, s.elemsize / t.size * t.size
}
