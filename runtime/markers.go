package runtime

import "unsafe"

// Marking in parallel. The thread that collects is joined by helpers, threads that do nothing else. What is scanned first
// (the roots) is divided into jobs; a marker that has done its part takes candidates that others put into a common list
// when they see that somebody has nothing to do.

const (
	maxMarkers  = 8
	helpersFrom = 4 << 20 // so much must there be to mark, or to scan of frames, for helpers to be worth waking

	chunkRoom = 255
	rootPiece = 256 << 10
	frameJobs = 8 // spans of frames taken at a time
)

// chunk holds candidates that anybody may take.
type chunk struct {
	next *chunk
	n    uintptr
	list [chunkRoom]candidate
}

var marking struct {
	lock    mutex
	idle    uint32 // atomic: markers that look for work
	joined  uint32 // markers that take part
	open    uint32 // atomic: 1 while helpers may join
	call    uint32 // futex: changes when helpers are to join
	left    uint32 // futex, atomic: helpers that take part
	helpers uintptr
	full    *chunk
	empty   *chunk

	// Roots that are yet to be scanned.
	data, bss uintptr
	workers   *worker
	slabs     *slab
	frames    *mspan
	timers    bool
}

// markers are outside of the variables that are scanned: what is left in their rings is no reason to keep anything.
var markers [maxMarkers]*marker

// markerAt is marker i, made when it is first needed.
func markerAt(i uintptr) *marker {
	slot := (**marker)(add(unsafe.Pointer(&markers), i*8))
	if *slot == nil {
		*slot = (*marker)(unsafe.Pointer(metaAlloc(unsafe.Sizeof(marker{}))))
	}
	return *slot
}

// prepareMarking is called before the world is stopped: it starts the helpers, if there is enough to do for them.
func prepareMarking() {
	n := uintptr(markThreads())
	if n > maxMarkers {
		n = maxMarkers
	}
	if !wantsHelpers() {
		return
	}
	for marking.helpers+1 < n {
		w := newWorkerWindow()
		if w == nil || !startThread(w, helperMain) {
			return
		}
		marking.helpers++
	}
}

// helperMain is a helper's thread. It has a worker's record, but is no worker.
func helperMain(arg unsafe.Pointer) {
	w := getworker()
	w.stacktop = frameaddress()
	initSignalStack(w)
	seen := uint32(0)
	for {
		for atomicload32(&marking.call) == seen {
			futexsleep(&marking.call, seen)
		}
		seen = atomicload32(&marking.call)
		m := joinMarking()
		if m != nil {
			m.run()
			xadd32(&marking.left, ^uint32(0))
			futexwakeup(&marking.left, 1)
		}
	}
}

// markThreads is how many threads should mark.
func markThreads() int {
	n := GOMAXPROCS(0)
	if n > ncpu {
		n = ncpu
	}
	return n
}

// wantsHelpers guesses from the last collection whether this one is much work.
func wantsHelpers() bool {
	return !stress.whylive && memory.live+atomicload64(&heap.frameBytes) >= helpersFrom
}

// joinMarking is a marker for the calling thread; nil: there is nothing left to do.
func joinMarking() *marker {
	var m *marker
	lock(&marking.lock)
	if marking.open != 0 && marking.joined < maxMarkers {
		m = markerAt(uintptr(marking.joined))
		m.init()
		marking.joined++
		if marking.joined > 1 {
			xadd32(&marking.left, 1)
		}
	}
	unlock(&marking.lock)
	return m
}

// mark marks all that is reachable. The world is stopped.
func mark() {
	marking.data = uintptr(datastart())
	marking.bss = uintptr(bssstart())
	marking.workers = allWorkers()
	marking.slabs = sched.slabs
	marking.frames = heap.frameSpans
	marking.timers = true
	marking.idle = 0
	marking.joined = 0
	marking.open = 1
	if stress.whylive {
		forgetTold()
	}
	m := joinMarking()
	if marking.helpers != 0 && wantsHelpers() {
		xadd32(&marking.call, 1)
		futexwakeup(&marking.call, maxMarkers)
	}
	m.run()
	for {
		n := atomicload32(&marking.left)
		if n == 0 {
			break
		}
		futexsleep(&marking.left, n)
	}
	marking.idle = 0
	m.markSpecials()
	live, roots := uintptr(0), uintptr(0)
	for i := uintptr(0); i < uintptr(marking.joined); i++ {
		each := markerAt(i)
		live += each.live
		roots += each.roots
	}
	memory.live = live
	memory.roots = roots
}

// run marks until no marker has anything to do.
func (m *marker) run() {
	for m.scanRoots() {
		m.drain()
	}
	for m.takeWork() {
		m.drain()
	}
}

// scanRoots scans some of the roots and reports whether there were any left.
func (m *marker) scanRoots() bool {
	lock(&marking.lock)
	if p := marking.data; p < uintptr(dataend()) {
		marking.data = p + rootPiece
		unlock(&marking.lock)
		m.scanWords(p, lesser(p+rootPiece, uintptr(dataend())))
		return true
	}
	if p := marking.bss; p < uintptr(bssend()) {
		marking.bss = p + rootPiece
		unlock(&marking.lock)
		m.scanWords(p, lesser(p+rootPiece, uintptr(bssend())))
		return true
	}
	if w := marking.workers; w != nil {
		marking.workers = w.allnext
		unlock(&marking.lock)
		m.scanWorker(w)
		return true
	}
	if s := marking.slabs; s != nil {
		marking.slabs = s.next
		unlock(&marking.lock)
		m.scanGoroutines(s)
		return true
	}
	if s := marking.frames; s != nil {
		end := s
		for i := 0; i < frameJobs && end != nil; i++ {
			end = end.next
		}
		marking.frames = end
		unlock(&marking.lock)
		for ; s != end; s = s.next {
			m.scanFrames(s)
		}
		return true
	}
	if marking.timers {
		marking.timers = false
		unlock(&marking.lock)
		m.scanTimers()
		return true
	}
	unlock(&marking.lock)
	return false
}

func lesser(a, b uintptr) uintptr {
	if a < b {
		return a
	}
	return b
}

// scanWorker scans a worker's stack and registers.
func (m *marker) scanWorker(w *worker) {
	base := uintptr(unsafe.Pointer(w))
	if w.stopsHere() {
		m.scanWords(w.stopsp, w.stacktop)
		if w.sigsp != 0 {
			m.scanWords(w.sigsp, base+sigstackAt+sigstackSize)
		}
		return
	}
	if w.savedsp != 0 {
		m.scanWords(w.savedsp, w.stacktop)
	}
	if w.call != 0 {
		m.scanWords(uintptr(unsafe.Pointer(&w.regs)), uintptr(unsafe.Pointer(&w.regs))+regsSaved*8)
	}
}

// share puts the older half of this marker's candidates into the common list.
func (m *marker) share() {
	n := (m.top - m.base) / candidateSize / 2
	from := m.base
	for n != 0 {
		k := lesser(n, chunkRoom)
		lock(&marking.lock)
		c := marking.empty
		if c != nil {
			marking.empty = c.next
		}
		unlock(&marking.lock)
		if c == nil {
			c = (*chunk)(unsafe.Pointer(metaAlloc(unsafe.Sizeof(chunk{}))))
		}
		memmove(unsafe.Pointer(&c.list), unsafe.Pointer(from), k*candidateSize)
		c.n = k
		from += k * candidateSize
		n -= k
		lock(&marking.lock)
		c.next = marking.full
		marking.full = c
		unlock(&marking.lock)
	}
	memmove(unsafe.Pointer(m.base), unsafe.Pointer(from), m.top-from)
	m.top -= from - m.base
}

// takeChunk takes candidates from the common list, if there are any. marking.lock is held, or no other marker runs.
func (m *marker) takeChunk() bool {
	c := marking.full
	if c == nil {
		return false
	}
	marking.full = c.next
	memmove(unsafe.Pointer(m.top), unsafe.Pointer(&c.list), c.n*candidateSize)
	m.top += c.n * candidateSize
	c.next = marking.empty
	marking.empty = c
	return true
}

// settle marks all that is reachable from this marker's candidates, when no other marker runs any more.
func (m *marker) settle() {
	m.drain()
	for m.takeChunk() {
		m.drain()
	}
}

// takeWork waits for candidates of others. False: nobody has any, marking is over.
func (m *marker) takeWork() bool {
	for i := 0; ; i++ {
		lock(&marking.lock)
		if m.takeChunk() {
			if m.idle {
				m.idle = false
				xadd32(&marking.idle, ^uint32(0))
			}
			unlock(&marking.lock)
			return true
		}
		if !m.idle {
			m.idle = true
			xadd32(&marking.idle, 1)
		}
		over := marking.idle == marking.joined
		if over {
			marking.open = 0
		}
		unlock(&marking.lock)
		if over {
			return false
		}
		if i < 50 {
			cpupause()
		} else {
			syscall6(sysSchedYield, 0, 0, 0, 0, 0, 0)
		}
	}
}
