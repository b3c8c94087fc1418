package atomic

import "unsafe"

// In gc these are assembly, and instructions where the compiler knows them. The intrinsics check their address for nil.

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xchg32
func SwapInt32(addr *int32, new int32) (old int32)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xchg32
func SwapUint32(addr *uint32, new uint32) (old uint32)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xchg64
func SwapUintptr(addr *uintptr, new uintptr) (old uintptr)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xchgptr
func SwapPointer(addr *unsafe.Pointer, new unsafe.Pointer) (old unsafe.Pointer)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic cas32
func CompareAndSwapInt32(addr *int32, old, new int32) (swapped bool)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic cas32
func CompareAndSwapUint32(addr *uint32, old, new uint32) (swapped bool)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic cas64
func CompareAndSwapUintptr(addr *uintptr, old, new uintptr) (swapped bool)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic casptr
func CompareAndSwapPointer(addr *unsafe.Pointer, old, new unsafe.Pointer) (swapped bool)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xadd32
func AddInt32(addr *int32, delta int32) (new int32)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xadd32
func AddUint32(addr *uint32, delta uint32) (new uint32)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xadd64
func AddUintptr(addr *uintptr, delta uintptr) (new uintptr)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic and32
func AndInt32(addr *int32, mask int32) (old int32)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic and32
func AndUint32(addr *uint32, mask uint32) (old uint32)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic and64
func AndUintptr(addr *uintptr, mask uintptr) (old uintptr)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic or32
func OrInt32(addr *int32, mask int32) (old int32)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic or32
func OrUint32(addr *uint32, mask uint32) (old uint32)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic or64
func OrUintptr(addr *uintptr, mask uintptr) (old uintptr)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicload32
func LoadInt32(addr *int32) (val int32)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicload32
func LoadUint32(addr *uint32) (val uint32)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicload64
func LoadUintptr(addr *uintptr) (val uintptr)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicloadptr
func LoadPointer(addr *unsafe.Pointer) (val unsafe.Pointer)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicstore32
func StoreInt32(addr *int32, val int32)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicstore32
func StoreUint32(addr *uint32, val uint32)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicstore64
func StoreUintptr(addr *uintptr, val uintptr)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicstoreptr
func StorePointer(addr *unsafe.Pointer, val unsafe.Pointer)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xchg64
func SwapInt64(addr *int64, new int64) (old int64)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xchg64
func SwapUint64(addr *uint64, new uint64) (old uint64)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic cas64
func CompareAndSwapInt64(addr *int64, old, new int64) (swapped bool)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic cas64
func CompareAndSwapUint64(addr *uint64, old, new uint64) (swapped bool)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xadd64
func AddInt64(addr *int64, delta int64) (new int64)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic xadd64
func AddUint64(addr *uint64, delta uint64) (new uint64)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic and64
func AndInt64(addr *int64, mask int64) (old int64)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic and64
func AndUint64(addr *uint64, mask uint64) (old uint64)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic or64
func OrInt64(addr *int64, mask int64) (old int64)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic or64
func OrUint64(addr *uint64, mask uint64) (old uint64)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicload64
func LoadInt64(addr *int64) (val int64)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicload64
func LoadUint64(addr *uint64) (val uint64)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicstore64
func StoreInt64(addr *int64, val int64)

// An instruction; inlined in callers of all packages.
//
//goir:intrinsic atomicstore64
func StoreUint64(addr *uint64, val uint64)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic atomicloadptr
func (x *Pointer[T]) Load() *T

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic atomicstoreptr
func (x *Pointer[T]) Store(val *T)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic xchgptr
func (x *Pointer[T]) Swap(new *T) (old *T)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic casptr
func (x *Pointer[T]) CompareAndSwap(old, new *T) (swapped bool)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic atomicload32
func (x *Int32) Load() int32

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic atomicstore32
func (x *Int32) Store(val int32)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic xchg32
func (x *Int32) Swap(new int32) (old int32)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic cas32
func (x *Int32) CompareAndSwap(old, new int32) (swapped bool)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic xadd32
func (x *Int32) Add(delta int32) (new int32)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic and32
func (x *Int32) And(mask int32) (old int32)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic or32
func (x *Int32) Or(mask int32) (old int32)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic atomicload64
func (x *Int64) Load() int64

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic atomicstore64
func (x *Int64) Store(val int64)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic xchg64
func (x *Int64) Swap(new int64) (old int64)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic cas64
func (x *Int64) CompareAndSwap(old, new int64) (swapped bool)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic xadd64
func (x *Int64) Add(delta int64) (new int64)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic and64
func (x *Int64) And(mask int64) (old int64)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic or64
func (x *Int64) Or(mask int64) (old int64)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic atomicload32
func (x *Uint32) Load() uint32

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic atomicstore32
func (x *Uint32) Store(val uint32)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic xchg32
func (x *Uint32) Swap(new uint32) (old uint32)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic cas32
func (x *Uint32) CompareAndSwap(old, new uint32) (swapped bool)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic xadd32
func (x *Uint32) Add(delta uint32) (new uint32)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic and32
func (x *Uint32) And(mask uint32) (old uint32)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic or32
func (x *Uint32) Or(mask uint32) (old uint32)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic atomicload64
func (x *Uint64) Load() uint64

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic atomicstore64
func (x *Uint64) Store(val uint64)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic xchg64
func (x *Uint64) Swap(new uint64) (old uint64)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic cas64
func (x *Uint64) CompareAndSwap(old, new uint64) (swapped bool)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic xadd64
func (x *Uint64) Add(delta uint64) (new uint64)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic and64
func (x *Uint64) And(mask uint64) (old uint64)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic or64
func (x *Uint64) Or(mask uint64) (old uint64)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic atomicload64
func (x *Uintptr) Load() uintptr

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic atomicstore64
func (x *Uintptr) Store(val uintptr)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic xchg64
func (x *Uintptr) Swap(new uintptr) (old uintptr)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic cas64
func (x *Uintptr) CompareAndSwap(old, new uintptr) (swapped bool)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic xadd64
func (x *Uintptr) Add(delta uintptr) (new uintptr)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic and64
func (x *Uintptr) And(mask uintptr) (old uintptr)

// The value is the first field with a size. Inlined in callers of all packages.
//
//goir:intrinsic or64
func (x *Uintptr) Or(mask uintptr) (old uintptr)
