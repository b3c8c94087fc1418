package sys

// One instruction; inlined in callers of all packages.
//
//goir:intrinsic ctz32
func TrailingZeros32(x uint32) int

// One instruction; inlined in callers of all packages.
//
//goir:intrinsic ctz64
func TrailingZeros64(x uint64) int

// One instruction; inlined in callers of all packages.
//
//goir:intrinsic ctz8
func TrailingZeros8(x uint8) int

// One instruction; inlined in callers of all packages.
//
//goir:intrinsic len64
func Len64(x uint64) (n int)

// One instruction; inlined in callers of all packages.
//
//goir:intrinsic len8
func Len8(x uint8) int

// LLVM has an operation for it, inlined in callers of all packages.
//
//goir:intrinsic popcount64
func OnesCount64(x uint64) int

// One instruction; inlined in callers of all packages.
//
//goir:intrinsic clz64
func LeadingZeros64(x uint64) int

// One instruction; inlined in callers of all packages.
//
//goir:intrinsic clz8
func LeadingZeros8(x uint8) int

// One instruction; inlined in callers of all packages.
//
//goir:intrinsic bswap64
func Bswap64(x uint64) uint64

// One instruction; inlined in callers of all packages.
//
//goir:intrinsic bswap32
func Bswap32(x uint32) uint32

// gc's compiler provides it.
//
//goir:intrinsic returnaddress
func GetCallerPC() uintptr

// gc's compiler provides it.
//
//goir:intrinsic callersp
func GetCallerSP() uintptr

// gc's compiler provides it.
//
//goir:intrinsic ctx
func GetClosurePtr() uintptr
