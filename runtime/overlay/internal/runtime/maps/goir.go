package maps

import (
	"internal/abi"
	"math/bits"
	"unsafe"
)

// Hashes. The runtime's hash functions stand in map types (Hasher) and must agree with these: runtime/alg.go.

// There is no AES hash: the multiplications below are as fast, and the same on every machine.
const memHashAESImplemented = false

// Not called: memHashAESImplemented is false.
func memHashAES(p unsafe.Pointer, h, s uintptr) uintptr { return memHashFallback(p, h, s) }

// Not called: memHashAESImplemented is false.
func memHash32AES(k uint32, h uintptr) uintptr { return memHash32Fallback(k, h) }

// Not called: memHashAESImplemented is false.
func memHash64AES(k uint64, h uintptr) uintptr { return memHash64Fallback(k, h) }

// gc's runtime calls it when the program starts, for what its hashes need.
//
//goir:delete AlgInit
//goir:delete initAlgAES
//goir:delete bootstrapRand
//goir:delete checkMasksAndShiftsAlignment

// The runtime's, which map types refer to.
//
//go:linkname memHashFallback runtime.memhash
func memHashFallback(p unsafe.Pointer, seed, s uintptr) uintptr

// What the runtime's memhash32 computes, inlined.
func memHash32Fallback(k uint32, seed uintptr) uintptr { return memHash64Fallback(uint64(k), seed) }

// What the runtime's memhash64 computes, inlined.
func memHash64Fallback(k uint64, seed uintptr) uintptr {
	hi, lo := bits.Mul64(k^0x9e3779b97f4a7c15, uint64(seed)^0xd6e8feb86659fd93)
	return uintptr(hi ^ lo)
}

// Memory. gc's runtime pushes these.

// Inlined.
func typedmemmove(typ *abi.Type, dst, src unsafe.Pointer) {
	switch typ.Size_ {
	case 8:
		*(*uint64)(dst) = *(*uint64)(src)
	case 16:
		*(*[2]uint64)(dst) = *(*[2]uint64)(src)
	default:
		memmove(dst, src, typ.Size_)
	}
}

// Inlined.
func typedmemclr(typ *abi.Type, ptr unsafe.Pointer) { memclr(ptr, typ.Size_) }

// What typedmemmove is made of.
//
//goir:intrinsic memmove
func memmove(dst, src unsafe.Pointer, n uintptr)

// What typedmemclr is made of.
//
//goir:intrinsic memclr
func memclr(p unsafe.Pointer, n uintptr)

// The runtime's. The type may be one made at run time.
//
//go:linkname newarray runtime.newtypedarray
func newarray(typ *abi.Type, n int) unsafe.Pointer

// The runtime's. The type may be one made at run time.
//
//go:linkname newobject runtime.newtyped
func newobject(typ *abi.Type) unsafe.Pointer

// Set by gc's runtime when the program starts; a variable of ours.
//
//go:linkname errNilAssign runtime.errNilAssign
var errNilAssign error
