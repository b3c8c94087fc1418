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

// GC runs a garbage collection, sweeping included.
func GC() {
	xadd32(&memory.forced, 1)
	gcstart(true, 0)
	sweepAll()
}

// Gosched lets other goroutines run. The compiler turns calls of it into the go.yield operation.
func Gosched() { park1(goschedHook, nil) }

func goschedHook(arg, h unsafe.Pointer) bool { return yieldhook(h) }

// NumGoroutine is the number of goroutines that exist.
func NumGoroutine() int { return countGoroutines() }

// NumCPU is the number of processors.
func NumCPU() int { return ncpu }

// NumCgoCall is the number of calls into C that programs made: none.
func NumCgoCall() int64 { return 0 }

// KeepAlive marks its argument as reachable up to here.
//
//go:noinline
func KeepAlive(x any) {}

// MemProfileRate is how many bytes are allocated between two samples of a memory profile; there is none.
var MemProfileRate int = 512 * 1024

// Breakpoint stops the program for a debugger.
func Breakpoint() { trap() }

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
	longlock(&walkerLock)
	printheader(w.curg)
	w.unwinder.start(frameaddress(), w)
	printtrace(&w.unwinder)
	printcreator(w.curg)
	if all {
		pauseWorld(w)
		printothers(nil)
		resumeWorld(w)
	}
	longunlock(&walkerLock)
	n := w.divert - start
	w.divert = 0
	return int(n)
}
