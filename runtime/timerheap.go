package runtime

import "unsafe"

// Heaps of what is due when: an entry is a goroutine that sleeps, or a timer of package time. There is one for each baton,
// by the system's clock, and one for each bubble, by its own.

type timerEntry struct {
	when int64
	gp   *g // sleeps; or
	t    *timer
}

// timers is a heap of entries; four children each.
type timers struct {
	lock  mutex
	first uintptr // atomic: when the first is due; 0: there is none
	at    uintptr // the entries
	n     uintptr
	cap   uintptr

	bubble *bubble // whose heap it is, if it is not a baton's
	_      [2]uintptr
}

const timerSize = unsafe.Sizeof(timerEntry{})

// now is the time by the heap's clock.
func (h *timers) now() int64 {
	if h.bubble != nil {
		return h.bubble.now()
	}
	return nanotime()
}

// less reports whether a comes before b.
func (h *timers) less(a, b timerEntry) bool {
	if a.when == b.when && h.bubble != nil {
		return a.draw() < b.draw()
	}
	return a.when < b.when
}

// draw is a number for the order of entries that are due at once: another one for another time.
func (e timerEntry) draw() uint64 {
	n := uint64(e.when)
	if e.gp != nil {
		n += e.gp.id
	} else {
		n += uint64(e.t.draw)
	}
	return n * goldenRatio
}

func (h *timers) entry(i uintptr) *timerEntry {
	return (*timerEntry)(unsafe.Pointer(h.at + i*timerSize))
}

func (h *timers) put(i uintptr, e timerEntry) {
	*h.entry(i) = e
	if e.t != nil {
		e.t.index = i + 1
	}
}

// up moves e from place i towards the root, as far as it belongs.
func (h *timers) up(i uintptr, e timerEntry) {
	for i > 0 {
		up := (i - 1) / 4
		if !h.less(e, *h.entry(up)) {
			break
		}
		h.put(i, *h.entry(up))
		i = up
	}
	h.put(i, e)
}

// down moves e from place i away from the root.
func (h *timers) down(i uintptr, e timerEntry) {
	for {
		first := i*4 + 1
		if first >= h.n {
			break
		}
		least := first
		for k := first + 1; k < first+4 && k < h.n; k++ {
			if h.less(*h.entry(k), *h.entry(least)) {
				least = k
			}
		}
		if !h.less(*h.entry(least), e) {
			break
		}
		h.put(i, *h.entry(least))
		i = least
	}
	h.put(i, e)
}

func (h *timers) add(e timerEntry) {
	if h.n == h.cap {
		size := h.cap * 2
		if size == 0 {
			size = 4096 / timerSize
		}
		at := sysAlloc(size * timerSize)
		if h.cap != 0 {
			memmove(unsafe.Pointer(at), unsafe.Pointer(h.at), h.n*timerSize)
			munmap(unsafe.Pointer(h.at), h.cap*timerSize)
		}
		h.at = at
		h.cap = size
	}
	h.n++
	h.up(h.n-1, e)
}

// remove takes the entry at place i out.
func (h *timers) remove(i uintptr) {
	gone := *h.entry(i)
	if gone.t != nil {
		gone.t.index = 0
	}
	h.n--
	last := *h.entry(h.n)
	*h.entry(h.n) = timerEntry{}
	if i == h.n {
		return
	}
	if i > 0 && h.less(last, *h.entry((i - 1) / 4)) {
		h.up(i, last)
	} else {
		h.down(i, last)
	}
}

// release unlocks the heap after a change.
func (h *timers) release() {
	first := uintptr(0)
	if h.n != 0 {
		first = uintptr(h.entry(0).when)
	}
	sooner := first != 0 && (h.first == 0 || first < h.first)
	if first != h.first {
		atomicstorerel64(&h.first, first)
	}
	unlock(&h.lock)
	if sooner && h.bubble == nil {
		timerSet(int64(first))
	}
}

// scanTimers marks the timers in the heaps.
func (m *marker) scanTimers() {
	for b := uint32(0); b < sched.maxProc; b++ {
		h := &timerHeaps[b]
		m.scanWords(h.at, h.at+h.n*timerSize)
	}
	for b := bubbles.first; b != nil; b = b.next {
		m.scanWords(b.timers.at, b.timers.at+b.timers.n*timerSize)
	}
}
