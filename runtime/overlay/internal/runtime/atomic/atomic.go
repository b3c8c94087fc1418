package atomic

import "unsafe"

// In gc these are assembly, and instructions where the compiler knows them.

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicload32
func Load(ptr *uint32) uint32

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicloadptr
func Loadp(ptr unsafe.Pointer) unsafe.Pointer

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicload64
func Load64(ptr *uint64) uint64

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicload32
func LoadAcq(ptr *uint32) uint32

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicload64
func LoadAcq64(ptr *uint64) uint64

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicload64
func LoadAcquintptr(ptr *uintptr) uintptr

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xadd32
func Xadd(ptr *uint32, delta int32) uint32

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xadd64
func Xadd64(ptr *uint64, delta int64) uint64

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xadd64
func Xadduintptr(ptr *uintptr, delta uintptr) uintptr

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xchg8
func Xchg8(ptr *uint8, new uint8) uint8

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xchg32
func Xchg(ptr *uint32, new uint32) uint32

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xchg64
func Xchg64(ptr *uint64, new uint64) uint64

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xchg64
func Xchguintptr(ptr *uintptr, new uintptr) uintptr

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicload8
func Load8(ptr *uint8) uint8

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic and8
func And8(ptr *uint8, val uint8)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic or8
func Or8(ptr *uint8, val uint8)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic and32
func And(ptr *uint32, val uint32)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic or32
func Or(ptr *uint32, val uint32)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic and32
func And32(ptr *uint32, val uint32) uint32

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic or32
func Or32(ptr *uint32, val uint32) uint32

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic and64
func And64(ptr *uint64, val uint64) uint64

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic or64
func Or64(ptr *uint64, val uint64) uint64

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic and64
func Anduintptr(ptr *uintptr, val uintptr) uintptr

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic or64
func Oruintptr(ptr *uintptr, val uintptr) uintptr

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic cas64
func Cas64(ptr *uint64, old, new uint64) bool

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic cas32
func CasRel(ptr *uint32, old, new uint32) bool

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicstore32
func Store(ptr *uint32, val uint32)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicstore8
func Store8(ptr *uint8, val uint8)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicstore64
func Store64(ptr *uint64, val uint64)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicstore32
func StoreRel(ptr *uint32, val uint32)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicstore64
func StoreRel64(ptr *uint64, val uint64)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicstore64
func StoreReluintptr(ptr *uintptr, val uintptr)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicstoreptr
func StorepNoWB(ptr unsafe.Pointer, val unsafe.Pointer)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic cas32
func Cas(ptr *uint32, old, new uint32) bool

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic casptr
func Casp1(ptr *unsafe.Pointer, old, new unsafe.Pointer) bool

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic cas32
func Casint32(ptr *int32, old, new int32) bool

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic cas64
func Casint64(ptr *int64, old, new int64) bool

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic cas64
func Casuintptr(ptr *uintptr, old, new uintptr) bool

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicstore32
func Storeint32(ptr *int32, new int32)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicstore64
func Storeint64(ptr *int64, new int64)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicstore64
func Storeuintptr(ptr *uintptr, new uintptr)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicload64
func Loaduintptr(ptr *uintptr) uintptr

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicload64
func Loaduint(ptr *uint) uint

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicload32
func Loadint32(ptr *int32) int32

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicload64
func Loadint64(ptr *int64) int64

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xadd32
func Xaddint32(ptr *int32, delta int32) int32

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xadd64
func Xaddint64(ptr *int64, delta int64) int64

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xchg32
func Xchgint32(ptr *int32, new int32) int32

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xchg64
func Xchgint64(ptr *int64, new int64) int64

// gc's runtime has it, with a write barrier.
//
//goir:intrinsic atomicstoreptr
func storePointer(ptr *unsafe.Pointer, new unsafe.Pointer)

// gc's runtime has it, with a write barrier.
//
//goir:intrinsic casptr
func casPointer(ptr *unsafe.Pointer, old, new unsafe.Pointer) bool
