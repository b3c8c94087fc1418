package runtime

import "unsafe"

// The C library functions the runtime stands on, and Linux x86-64 constants.
// Arguments that are addresses of local variables would make those escape, so callers pass globals or mapped memory.

//goir:extern mmap
func mmap(addr unsafe.Pointer, n uintptr, prot, flags, fd int32, off int64) unsafe.Pointer

//goir:extern munmap
func munmap(addr unsafe.Pointer, n uintptr) int32

//goir:extern mprotect
func mprotect(addr unsafe.Pointer, n uintptr, prot int32) int32

//goir:extern madvise
func madvise(addr unsafe.Pointer, n uintptr, advice int32) int32

//goir:extern write
func cwrite(fd int32, p unsafe.Pointer, n uintptr) int

//goir:extern _exit
func cexit(code int32)

//goir:extern abort
func abort()

//goir:extern syscall
func syscall6(nr, a, b, c, d, e, f uintptr) int

//goir:extern pthread_create
func pthread_create(t, attr, start, arg unsafe.Pointer) int32

//goir:extern pthread_join
func pthread_join(t uintptr, ret unsafe.Pointer) int32

//goir:extern pthread_attr_init
func pthread_attr_init(attr unsafe.Pointer) int32

//goir:extern pthread_attr_setstack
func pthread_attr_setstack(attr, base unsafe.Pointer, n uintptr) int32

//goir:extern usleep
func usleep(us uint32) int32

//goir:extern sigaction
func sigaction(sig int32, act, old unsafe.Pointer) int32

//goir:extern sigaltstack
func sigaltstack(st, old unsafe.Pointer) int32

//goir:extern clock_gettime
func clock_gettime(clock int32, ts unsafe.Pointer) int32

//goir:extern getrandom
func getrandom(p unsafe.Pointer, n uintptr, flags uint32) int

//goir:extern raise
func craise(sig int32) int32

//goir:extern pthread_sigmask
func pthread_sigmask(how int32, set, old unsafe.Pointer) int32

//goir:extern sched_yield
func osyield() int32

//goir:extern __errno_location
func errnoLocation() *int32

//goir:extern memset
func memset(p unsafe.Pointer, c int32, n uintptr) unsafe.Pointer

//goir:extern getenv
func cgetenv(name unsafe.Pointer) unsafe.Pointer

const (
	protNone  = 0
	protRead  = 1
	protWrite = 2

	mapPrivate   = 0x2
	mapFixed     = 0x10
	mapAnon      = 0x20
	map32bit     = 0x40
	mapNoreserve = 0x4000
	mapStack     = 0x20000
	mapFailed    = ^uintptr(0)

	madvDontneed = 4

	sysFutex            = 202
	sysSchedYield       = 24
	sysSchedGetaffinity = 204
	sysRead             = 0
	sysWrite            = 1
	sysFcntl            = 72
	sysEpollWait        = 232
	sysEpollCtl         = 233
	sysEventfd2         = 290
	sysEpollCreate1     = 291
	futexWaitPrivate    = 128
	futexWakePrivate    = 129

	clockMonotonic = 1
	clockRealtime  = 0

	sigILL  = 4
	sigBUS  = 7
	sigFPE  = 8
	sigSEGV = 11

	saSiginfo = 0x4
	saOnstack = 0x08000000
	saNodefer = 0x40000000
)

// sigactiont is glibc's struct sigaction.
type sigactiont struct {
	handler  unsafe.Pointer
	mask     [16]uint64
	flags    int32
	_        int32
	restorer unsafe.Pointer
}

type stackt struct {
	sp    unsafe.Pointer
	flags int32
	_     int32
	size  uintptr
}

// Offsets into the kernel's siginfo and ucontext.
const (
	siginfoAddr = 16
	ucontextRBP = 120
	ucontextRSP = 160
	ucontextRIP = 168
)

type timespec struct {
	sec, nsec int64
}

func futexsleep(p *uint32, val uint32) {
	syscall6(sysFutex, uintptr(unsafe.Pointer(p)), futexWaitPrivate, uintptr(val), 0, 0, 0)
}

// futexwait sleeps for at most the time that a timespec says.
func futexwait(p *uint32, val uint32, timeout unsafe.Pointer) {
	syscall6(sysFutex, uintptr(unsafe.Pointer(p)), futexWaitPrivate, uintptr(val), uintptr(timeout), 0, 0)
}

func futexwakeup(p *uint32, n uint32) {
	syscall6(sysFutex, uintptr(unsafe.Pointer(p)), futexWakePrivate, uintptr(n), 0, 0, 0)
}

// sysReserve reserves n bytes of address space without access, or answers 0.
func sysReserve(n uintptr) uintptr {
	p := uintptr(mmap(nil, n, protNone, mapPrivate|mapAnon|mapNoreserve, -1, 0))
	if p == mapFailed {
		return 0
	}
	return p
}

// sysMap makes reserved memory usable; it reads as zero.
func sysMap(p, n uintptr) {
	if mprotect(unsafe.Pointer(p), n, protRead|protWrite) != 0 {
		throw("runtime: out of memory")
	}
}

// sysAlloc is fresh zeroed memory that is never freed.
func sysAlloc(n uintptr) uintptr {
	p := uintptr(mmap(nil, n, protRead|protWrite, mapPrivate|mapAnon, -1, 0))
	if p == mapFailed {
		throw("runtime: out of memory")
	}
	return p
}

func nanotime() int64 {
	if schedseed.on {
		return seededTime()
	}
	return monotime()
}
