package runtime

import "unsafe"

// What the compiler provides (docs/abi.md). Each is one or a few instructions; none allocates or panics.

//goir:intrinsic getsp
func getsp() uintptr

// spillregs forces the calling function to save every callee-saved register in its frame.
//
//goir:intrinsic spillregs
func spillregs()

//goir:intrinsic frameaddress
func frameaddress() uintptr

//goir:intrinsic returnaddress
func returnaddress() uintptr

// ctx is the closure record of the calling function.
//
//goir:intrinsic ctx
func ctx() unsafe.Pointer

//goir:intrinsic datastart
func datastart() unsafe.Pointer

//goir:intrinsic dataend
func dataend() unsafe.Pointer

//goir:intrinsic bssstart
func bssstart() unsafe.Pointer

//goir:intrinsic bssend
func bssend() unsafe.Pointer

//goir:intrinsic pctabstart
func pctabstart() unsafe.Pointer

//goir:intrinsic pctabend
func pctabend() unsafe.Pointer

//goir:intrinsic typesstart
func typesstart() unsafe.Pointer

//goir:intrinsic typesend
func typesend() unsafe.Pointer

//goir:intrinsic atomicload8
func atomicload8(p *uint8) uint8

//goir:intrinsic atomicstore8
func atomicstore8(p *uint8, v uint8)

//goir:intrinsic atomicload32
func atomicload32(p *uint32) uint32

//goir:intrinsic atomicstore32
func atomicstore32(p *uint32, v uint32)

//goir:intrinsic atomicstorerel32
func atomicstorerel32(p *uint32, v uint32)

//goir:intrinsic atomicstorerel64
func atomicstorerel64(p *uintptr, v uintptr)

//goir:intrinsic xchg32
func xchg32(p *uint32, v uint32) uint32

//goir:intrinsic xchg64
func xchg64(p *uintptr, v uintptr) uintptr

//goir:intrinsic cas32
func cas32(p *uint32, old, new uint32) bool

//goir:intrinsic atomicload64
func atomicload64(p *uintptr) uintptr

//goir:intrinsic cas64
func cas64(p *uintptr, old, new uintptr) bool

//goir:intrinsic xadd32
func xadd32(p *uint32, delta uint32) uint32

//goir:intrinsic xadd64
func xadd64(p *uintptr, delta uintptr) uintptr

//goir:intrinsic and64
func and64(p *uintptr, v uintptr) uintptr

//goir:intrinsic or64
func or64(p *uintptr, v uintptr) uintptr

// fence keeps what comes after it from being done before what comes before it, loads after stores as well.
//
//goir:intrinsic fence
func fence()

//goir:intrinsic pause
func cpupause()

// prefetch brings the memory at p into the caches; p need not be an address.
//
//goir:intrinsic prefetch
func prefetch(p uintptr)

//goir:intrinsic ctz64
func ctz64(x uint64) int

//goir:intrinsic popcount64
func popcount64(x uint64) int

//goir:intrinsic clz64
func clz64(x uint64) int

//goir:intrinsic mul64
func mul64(a, b uint64) (hi, lo uint64)

//goir:intrinsic memmove
func memmove(dst, src unsafe.Pointer, n uintptr)

//goir:intrinsic memclr
func memclr(p unsafe.Pointer, n uintptr)

//goir:intrinsic memequal
func memequal(a, b unsafe.Pointer, n uintptr) bool

//goir:intrinsic floatbits64
func floatbits64(f float64) uint64

//goir:intrinsic frombits64
func frombits64(b uint64) float64

//goir:intrinsic floatbits32
func floatbits32(f float32) uint32

//goir:intrinsic trap
func trap()

// raise leaves the function with the panic that was recorded last.
//
//goir:intrinsic raise
func raise()

//goir:intrinsic coroResume
func coroResume(h unsafe.Pointer)

//goir:intrinsic coroDestroy
func coroDestroy(h unsafe.Pointer)

// coroStart runs the coroutine entry of closure f up to its first suspension; nil: it has finished.
//
//goir:intrinsic coroStart
func coroStart(f func(), slot unsafe.Pointer) unsafe.Pointer

//goir:intrinsic park1
func park1(hook func(arg, h unsafe.Pointer) bool, arg unsafe.Pointer)

// record is the closure record of a function value: {code, coroutine entry, captures…}.

//goir:intrinsic record
func recordOfThreadEntry(f func(arg unsafe.Pointer)) unsafe.Pointer

//goir:intrinsic record
func recordOfHandler(f func(sig int32, info, uctx unsafe.Pointer)) unsafe.Pointer

//goir:intrinsic record
func recordOfFunc(f func()) unsafe.Pointer

// add is pointer arithmetic without checks.
func add(p unsafe.Pointer, n uintptr) unsafe.Pointer {
	return unsafe.Pointer(uintptr(p) + n)
}

func loadptr(p uintptr) uintptr {
	return *(*uintptr)(unsafe.Pointer(p))
}

func loadbyte(p unsafe.Pointer, i uintptr) byte {
	return *(*byte)(unsafe.Pointer(uintptr(p) + i))
}

// Views of values. They copy through a local variable, which stays on the stack: nothing keeps its address.

type stringHeader struct {
	ptr unsafe.Pointer
	len int
}

type sliceHeader struct {
	ptr unsafe.Pointer
	len int
	cap int
}

type eface struct {
	typ  *_type
	data unsafe.Pointer
}

type iface struct {
	tab  *itab
	data unsafe.Pointer
}
