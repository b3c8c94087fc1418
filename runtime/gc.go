package runtime

import "unsafe"

// Collection: stop the world, mark, sweep. One thread runs Go code at a time (proc.go), all others are parked and have
// published their stack pointers, so the world is stopped already when a collection starts.

const minTrigger = 4 << 20

func initGC() {
	memory.trigger = minTrigger
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
		t = (memory.live + marker.root) / 100 * uintptr(memory.percent)
		if t < minTrigger*uintptr(memory.percent)/100 {
			t = minTrigger * uintptr(memory.percent) / 100
		}
	}
	if left := memory.limit - int64(memory.live); left < int64(t) {
		// Near the limit, or beyond it, collections still leave the program some time.
		t = minTrigger / 4
		if left > minTrigger/4 {
			t = uintptr(left)
		}
	}
	memory.trigger = t
}

// gcstart collects. It saves all registers that may hold the caller's pointers in its own frame first.
//
//go:noinline
func gcstart() {
	spillregs()
	collect(getsp())
	memory.numGC++ // keeps the call above from being a tail call
}

// collect runs a collection; the calling thread's stack is live from sp up.
//
//go:noinline
func collect(sp uintptr) {
	if memory.inGC {
		throw("allocation during garbage collection")
	}
	memory.inGC = true
	clearPools()
	start := nanotime()
	self := getworker()
	self.savedsp = sp
	for w := sched.workers; w != nil; w = w.allnext {
		flushCaches(w)
	}
	marker.live = 0
	marker.root = 0
	markRoots()
	drain()
	markSpecials()
	sweep()
	memory.allocated = 0
	setTrigger()
	memory.inGC = false
	pause := uint64(nanotime() - start)
	sec, nsec := walltime()
	memory.pause += pause
	memory.lastGC = uint64(sec)*1000000000 + uint64(nsec)
	memory.pauses[memory.numGC%maxPauses] = pause
	memory.ends[memory.numGC%maxPauses] = memory.lastGC
	startSpecials()
}

func markRoots() {
	scanWords(uintptr(datastart()), uintptr(dataend()))
	scanWords(uintptr(bssstart()), uintptr(bssend()))
	for w := sched.workers; w != nil; w = w.allnext {
		if w.savedsp != 0 {
			scanWords(w.savedsp, w.stacktop)
		}
		if w.call != 0 {
			scanWords(uintptr(unsafe.Pointer(&w.regs)), uintptr(unsafe.Pointer(&w.regs))+regsSaved*8)
		}
	}
	scanGoroutines()
	scanTimers()
	scanFrames()
}

// sweep makes the mark bits the allocation bits, gives empty spans back and lists those with free slots.
func sweep() {
	for ci := 0; ci < 2*numClasses; ci++ {
		memory.partial[ci] = nil
	}
	live := uintptr(0)
	kept := uintptr(0)
	n := heap.nspans
	for k := uintptr(0); k < n; k++ {
		s := spanAt(k)
		if s.class == 0 {
			if !s.marked {
				memory.frees++
				freeSpan(s)
				continue
			}
			s.marked = false
			live += s.bytes
		} else {
			count, before := uintptr(0), uintptr(0)
			for i := uintptr(0); i < s.nwords; i++ {
				word := (*uint64)(unsafe.Pointer(s.mark + i*8))
				old := (*uint64)(unsafe.Pointer(s.alloc + i*8))
				w := *word
				*word = 0
				// What was handed out since the last collection has no allocation bit.
				if (i+1)*64 <= s.free {
					before += 64
				} else if i*64 < s.free {
					m := uint64(1)<<(s.free&63) - 1
					before += uintptr(popcount64(*old | m))
				} else {
					before += uintptr(popcount64(*old))
				}
				*old = w
				count += uintptr(popcount64(w))
			}
			memory.frees += uint64(before - count)
			if count == 0 {
				freeSpan(s)
				continue
			}
			s.free = 0
			if count != before {
				s.needzero = true
			}
			if count < s.nelems {
				ci := uintptr(s.class) * 2
				if s.noscan {
					ci++
				}
				s.next = memory.partial[ci]
				memory.partial[ci] = s
			}
			live += count * s.elemsize
		}
		*(**mspan)(unsafe.Pointer(heap.spans + kept*8)) = s
		kept++
	}
	heap.nspans = kept
	memory.live = live
}
