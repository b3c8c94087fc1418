package runtime

// What package runtime/debug sets and reads.

// traceSetting is what debug.SetTraceback asked for: a level plus 1; 0: nothing.
var traceSetting int

//go:linkname debug_SetTraceback runtime/debug.SetTraceback
func debug_SetTraceback(level string) {
	// The environment's setting is the least there is.
	if n := traceLevelOf(level); n >= traceLevelOf(getenv("GOTRACEBACK\x00")) {
		traceSetting = n + 1
	}
}

// traceLevelOf is a setting of GOTRACEBACK: 0 none, 1 the goroutine that failed, 2 all.
func traceLevelOf(s string) int {
	switch {
	case eqstring(s, "none") || eqstring(s, "0"):
		return 0
	case eqstring(s, "all") || eqstring(s, "system") || eqstring(s, "crash") || eqstring(s, "wer") || eqstring(s, "2"):
		return 2
	}
	return 1
}

//go:linkname debug_setGCPercent runtime/debug.setGCPercent
func debug_setGCPercent(percent int32) int32 {
	old := int32(memory.percent)
	if percent < 0 {
		percent = -1
	}
	memory.percent = int(percent)
	setTrigger()
	return old
}

//go:linkname debug_setMemoryLimit runtime/debug.setMemoryLimit
func debug_setMemoryLimit(limit int64) int64 {
	old := memory.limit
	if limit >= 0 {
		memory.limit = limit
		setTrigger()
	}
	return old
}

//go:linkname debug_freeOSMemory runtime/debug.freeOSMemory
func debug_freeOSMemory() {
	GC()
	releaseAll()
}

//go:linkname debug_setMaxStack runtime/debug.setMaxStack
func debug_setMaxStack(n int) int {
	old := maxStack
	maxStack = uintptr(n)
	return int(old)
}

//go:linkname debug_setMaxThreads runtime/debug.setMaxThreads
func debug_setMaxThreads(n int) int {
	old := maxWorkers
	if n > 0 {
		maxWorkers = n
	}
	return old
}

// debug_setPanicOnFault keeps what a goroutine asked for, to report it: a fault ends the program all the same. Panics leave a
// function by the flag that it returns, so they can begin only where the compiler had one begin: not at any load or store.
//
//go:linkname debug_setPanicOnFault runtime/debug.setPanicOnFault
func debug_setPanicOnFault(on bool) bool {
	gp := getworker().curg
	old := gp.panicOnFault
	gp.panicOnFault = on
	return old
}

// debug_modinfo: programs do not know of the modules they are made of.
//
//go:linkname debug_modinfo runtime/debug.modinfo
func debug_modinfo() string {
	return ""
}

const maxPauses = 256

// debug_readGCStats fills in the pauses, newest first, when they ended, when the last one did, how many there were and
// how long they took together.
//
//go:linkname debug_readGCStats runtime/debug.readGCStats
func debug_readGCStats(stats *[]uint64) {
	n := int(memory.numGC)
	if n > maxPauses {
		n = maxPauses
	}
	s := (*stats)[:2*n+3]
	for i := 0; i < n; i++ {
		k := (memory.numGC - 1 - uint32(i)) % maxPauses
		s[i] = memory.pauses[k]
		s[n+i] = memory.ends[k]
	}
	s[2*n] = memory.lastGC
	s[2*n+1] = uint64(memory.numGC)
	s[2*n+2] = memory.pause
	*stats = s
}
