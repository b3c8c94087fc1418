package runtime

import "unsafe"

// What programs that import runtime use.

const (
	// GOOS is the operating system programs run on.
	GOOS string = "linux"
	// GOARCH is the architecture programs run on.
	GOARCH string = "amd64"
	// Compiler is the name of the compiler.
	Compiler = "goir"
)

// Version is the version of Go that is implemented.
func Version() string { return "go1.27" }

// GOROOT is the root of the Go tree.
func GOROOT() string { return getenv("GOROOT\x00") }

// GC runs a garbage collection.
func GC() { gcstart() }

// Gosched lets other goroutines run. The compiler turns calls of it into the go.yield operation.
func Gosched() { park1(goschedHook, nil) }

func goschedHook(arg, h unsafe.Pointer) bool { return yieldhook(h) }

// NumGoroutine is the number of goroutines that exist.
func NumGoroutine() int { return sched.ngs }

// NumCPU is the number of processors.
func NumCPU() int { return ncpu }

// NumCgoCall is the number of calls into C that programs made: none.
func NumCgoCall() int64 { return 0 }

var maxprocs int

// SetDefaultGOMAXPROCS forgets what GOMAXPROCS was set to.
func SetDefaultGOMAXPROCS() { maxprocs = 0 }

// GOMAXPROCS sets how many goroutines may run at once and answers the previous setting. One does for now.
func GOMAXPROCS(n int) int {
	if maxprocs == 0 {
		maxprocs = ncpu
		if k, ok := atoi(getenv("GOMAXPROCS\x00")); ok && k > 0 {
			maxprocs = k
		}
	}
	old := maxprocs
	if n > 0 {
		maxprocs = n
	}
	return old
}

// LockOSThread has nothing to do while one thread at a time runs Go code and none of it can see which.
func LockOSThread() {}

// UnlockOSThread undoes LockOSThread.
func UnlockOSThread() {}

// KeepAlive marks its argument as reachable up to here.
//
//go:noinline
func KeepAlive(x any) {}

// MemProfileRate is how many bytes are allocated between two samples of a memory profile; there is none.
var MemProfileRate int = 512 * 1024

// Breakpoint stops the program for a debugger.
func Breakpoint() { trap() }

// MemStats is statistics of the memory allocator.
type MemStats struct {
	Alloc         uint64
	TotalAlloc    uint64
	Sys           uint64
	Lookups       uint64
	Mallocs       uint64
	Frees         uint64
	HeapAlloc     uint64
	HeapSys       uint64
	HeapIdle      uint64
	HeapInuse     uint64
	HeapReleased  uint64
	HeapObjects   uint64
	StackInuse    uint64
	StackSys      uint64
	MSpanInuse    uint64
	MSpanSys      uint64
	MCacheInuse   uint64
	MCacheSys     uint64
	BuckHashSys   uint64
	GCSys         uint64
	OtherSys      uint64
	NextGC        uint64
	LastGC        uint64
	PauseTotalNs  uint64
	PauseNs       [256]uint64
	PauseEnd      [256]uint64
	NumGC         uint32
	NumForcedGC   uint32
	GCCPUFraction float64
	EnableGC      bool
	DebugGC       bool
	BySize        [61]struct {
		Size    uint32
		Mallocs uint64
		Frees   uint64
	}
}

// ReadMemStats fills m in.
func ReadMemStats(m *MemStats) {
	w := getworker()
	mallocs, total := memory.mallocs, memory.total
	allocated := memory.allocated
	for class := uintptr(1); class < numClasses; class++ {
		for noscan := 0; noscan < 2; noscan++ {
			c := scanCache(w, class)
			if noscan == 1 {
				c = noscanCache(w, class)
			}
			if c.next < c.end {
				left := c.end - c.next
				mallocs -= uint64(left / c.size)
				total -= uint64(left)
				allocated -= left
			}
		}
	}
	m.Mallocs = mallocs
	m.TotalAlloc = total
	m.Frees = memory.frees
	m.HeapObjects = mallocs - memory.frees
	m.Alloc = uint64(memory.live + allocated)
	m.HeapAlloc = m.Alloc
	m.HeapSys = uint64(heap.used)
	m.HeapInuse = uint64(heap.used)
	m.Sys = uint64(heap.used)
	m.NextGC = uint64(memory.live + memory.trigger)
	m.NumGC = memory.numGC
	m.LastGC = memory.lastGC
	m.PauseTotalNs = memory.pause
	for i := uint32(0); i < maxPauses && i < m.NumGC; i++ {
		m.PauseNs[i] = memory.pauses[i]
		m.PauseEnd[i] = memory.ends[i]
	}
	m.EnableGC = true
}

// Stack formats the calling goroutine's trace into buf and answers the number of bytes.
//
//go:noinline
func Stack(buf []byte, all bool) int {
	if len(buf) == 0 {
		return 0
	}
	w := getworker()
	start := uintptr(unsafe.Pointer(&buf[0]))
	w.divert = start
	w.divertEnd = start + uintptr(len(buf))
	printheader(w.curg)
	w.unwinder.start(frameaddress(), w)
	printtrace(&w.unwinder)
	printcreator(w.curg)
	if all {
		printothers(true)
	}
	n := w.divert - start
	w.divert = 0
	return int(n)
}
