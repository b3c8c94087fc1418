package runtime

// Collection: stop the world, mark, make all spans unswept, start the world (mark.go, sweep.go, stw.go); and when to.

import "unsafe"

const (
	minTrigger = 4 << 20
	scrubbed   = 4096 // bytes of stack that are cleared after a collection
)

func initGC() {
	memory.started = nanotime()
	memory.percent = 100
	memory.limit = 1<<63 - 1
	if n, ok := parseBytes(getenv("GOMEMLIMIT\x00")); ok {
		memory.limit = n
	}
	if s := getenv("GOGC\x00"); s != "" {
		if s == "off" {
			memory.percent = -1
		} else if n, ok := atoi(s); ok {
			memory.percent = n
		}
	}
	initStress()
	setTrigger()
}

// parseBytes is a number of bytes as GOMEMLIMIT has it: with a suffix of B, KiB, MiB, GiB or TiB, or without.
func parseBytes(s string) (int64, bool) {
	shift := uintptr(0)
	if n := len(s); n > 0 && s[n-1] == 'B' {
		s = s[:n-1]
		if n > 3 && s[n-2] == 'i' {
			switch s[n-3] {
			case 'K':
				shift = 10
			case 'M':
				shift = 20
			case 'G':
				shift = 30
			case 'T':
				shift = 40
			}
			s = s[:n-3]
		}
	}
	n, ok := atoi(s)
	if !ok || n < 0 || n > 1<<(63-shift)-1 {
		return 0, false
	}
	return int64(n) << shift, true
}

// setTrigger decides after how much allocation to collect next.
func setTrigger() {
	t := ^uintptr(0) >> 1
	if memory.percent >= 0 {
		t = (memory.live + memory.roots) / 100 * uintptr(memory.percent)
		if t < minTrigger*uintptr(memory.percent)/100 {
			t = minTrigger * uintptr(memory.percent) / 100
		}
	}
	if left := memory.limit - int64(memory.live) - int64(overhead()); left < int64(t) {
		// Near the limit, or beyond it, collections still leave the program some time.
		t = minTrigger / 4
		if left > minTrigger/4 {
			t = uintptr(left)
		}
	}
	memory.trigger = t
}

// overhead is memory that the limit counts as well: frames, tables.
func overhead() uintptr {
	return atomicload64(&heap.frameBytes) + atomicload64(&meta.sys)
}

// heapGoal is the heap's size at which the next collection starts.
func heapGoal() uintptr {
	goal := memory.live + memory.trigger
	if int64(goal) < 0 || int64(goal) > memory.limit {
		return uintptr(memory.limit)
	}
	return goal
}

// gcAllocating collects on behalf of an allocation of so many bytes, if it is time to.
func gcAllocating(bytes uintptr) {
	forced := stressed()
	if forced || isDue(bytes) {
		gcstart(forced, bytes)
	}
}

func isDue(bytes uintptr) bool {
	used := atomicload64(&memory.allocated)
	return used >= memory.trigger || bytes > memory.trigger-used
}

// gcstart collects; if not forced, only if no other worker just has. It saves all registers that may hold the caller's
// pointers in its own frame first.
//
//go:noinline
func gcstart(forced bool, bytes uintptr) {
	spillregs()
	w := getworker()
	if w.locks != 0 {
		throw("allocation while a lock of the runtime's is held")
	}
	w.savedfp = frameaddress()
	w.savedsp = getsp()
	leaveWorld(w)
	longlock(&world.mutex)
	due := forced || isDue(bytes)
	if due {
		collect(w)
	}
	longunlock(&world.mutex)
	enterWorld(w)
	w.savedsp = 0
	if due {
		scrubStack()
		startSpecials()
		startSweeper()
		for sweepOne(0) || sweepOne(1) {
		}
	}
}

// scrubStack clears stack below the caller's frame, where the collector has left addresses of objects: the frames of
// functions that are called next would have them in words that nobody has written yet.
//
//go:noinline
func scrubStack() {
	end := getsp() - redZone
	for p := end - scrubbed; p < end; p += 8 {
		// Atomic, so that it stays a loop: memset would have its own return address there.
		atomicstorerel64((*uintptr)(unsafe.Pointer(p)), 0)
	}
}

// collect runs a collection. The calling worker, which is away, has acquired the world.
func collect(self *worker) {
	for sweepSome(sweepBatch) {
	}
	prepareMarking()
	begin := nanotime()
	stopTheWorld(self)
	stopped := nanotime()
	for w := allWorkers(); w != nil; w = w.allnext {
		if !w.stopsHere() {
			flushCaches(w)
		}
	}
	before := memory.live + memory.allocated
	clearPools()
	mark()
	flipSpans()
	memory.allocated = 0
	setTrigger()
	now := nanotime()
	pause := uint64(now - begin)
	sec, nsec := walltime()
	memory.pause += pause
	memory.lastGC = uint64(sec)*1000000000 + uint64(nsec)
	memory.pauses[memory.numGC%maxPauses] = pause
	memory.ends[memory.numGC%maxPauses] = memory.lastGC
	memory.numGC++
	startTheWorld()
	if stress.trace {
		traceCollection(before, uint64(stopped-begin), uint64(now-stopped))
	}
}

func flushCaches(w *worker) {
	for ci := uintptr(2); ci < 2*numClasses; ci++ {
		flushCache(cacheOf(w, ci), ci)
	}
}

// flipSpans ends a collection: all spans with objects are unswept now, but those that stopped workers have.
func flipSpans() {
	for w := allWorkers(); w != nil; w = w.allnext {
		if w.stopsHere() {
			for ci := uintptr(2); ci < 2*numClasses; ci++ {
				keepCache(cacheOf(w, ci), ci)
			}
		}
	}
	for ci := 0; ci < 2*numClasses; ci++ {
		c := &centrals[ci]
		c.unswept.take(&c.full)
		c.unswept.take(&c.partial)
	}
}

// traceCollection prints what GODEBUG=gctrace=1 asks for: the heap when the collection began and what is left of it, the
// size at which the next begins, how long it took to stop the world and then to collect.
func traceCollection(before uintptr, stop, pause uint64) {
	printlock()
	printstring("gc ")
	printuint(uint64(memory.numGC))
	printstring(": ")
	printuint(uint64(before) >> 10)
	printstring("->")
	printuint(uint64(memory.live) >> 10)
	printstring(" KB, goal ")
	printuint(uint64(heapGoal()) >> 10)
	printstring(" KB, frames ")
	printuint(uint64(heap.frameBytes) >> 10)
	printstring(" KB, stop ")
	printuint(stop / 1000)
	printstring(" us, pause ")
	printuint(pause / 1000)
	printstring(" us, ")
	printuint(uint64(marking.joined))
	printstring(" markers\n")
	printunlock()
}
