package runtime

import "unsafe"

// Slices grow as gc's do, to the byte: programs print capacities.

const maxAlloc = 1 << 48

// makeslice is memory for a slice whose length and capacity were checked.
func makeslice(t *_type, len, cap int) unsafe.Pointer {
	return malloc(t.size*uintptr(cap), t, isArray, true)
}

// nextcap is the capacity to grow to before rounding up to a size class: double up to 256, then gradually 1.25 times.
func nextcap(newLen, oldCap int) int {
	double := oldCap + oldCap
	if newLen > double {
		return newLen
	}
	const threshold = 256
	if oldCap < threshold {
		return double
	}
	c := oldCap
	for {
		c += (c + 3*threshold) >> 2
		if uint(c) >= uint(newLen) {
			break
		}
	}
	if c <= 0 {
		return newLen
	}
	return c
}

// bytealg_MakeNoZero is a slice that its caller fills: its bytes are not all cleared. It has the room the allocator gives.
//
//go:linkname bytealg_MakeNoZero internal/bytealg.MakeNoZero
func bytealg_MakeNoZero(n int) []byte {
	if uint(n) > maxAlloc {
		panicmakeslicelen()
		raise()
	}
	size := roundupsize(uintptr(n), true)
	return unsafe.Slice((*byte)(rawmem(size)), size)[:n]
}

// growslice moves a slice of num elements less than newLen to memory with room for newLen. The elements behind the old
// ones are not all cleared: the caller writes num of them.
func growslice(t *_type, old unsafe.Pointer, newLen, oldCap, num int) (unsafe.Pointer, int, int) {
	size := t.size
	if newLen < 0 {
		throw("growslice: len out of range")
	}
	if size == 0 {
		return unsafe.Pointer(&zeroBase), newLen, newLen
	}
	newcap := uintptr(nextcap(newLen, oldCap))
	noscan := t.noscan()
	hi, want := mul64(uint64(size), uint64(newcap))
	if hi != 0 || want > maxAlloc {
		throw("growslice: len out of range")
	}
	mem := roundupsize(uintptr(want), noscan)
	if size == 1 {
		newcap = mem
	} else if size == 8 {
		newcap = mem >> 3
	} else {
		newcap = mem / size
	}
	mem = newcap * size
	oldmem := uintptr(newLen-num) * size
	newmem := uintptr(newLen) * size
	var p unsafe.Pointer
	if noscan {
		p = rawmem(mem)
		memclr(add(p, newmem), mem-newmem)
	} else {
		p = malloc(mem, t, isArray, true)
	}
	memmove(p, old, oldmem)
	return p, newLen, int(newcap)
}
