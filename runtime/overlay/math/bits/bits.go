package bits

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic clz64
func LeadingZeros(x uint) int

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic clz8
func LeadingZeros8(x uint8) int

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic clz16
func LeadingZeros16(x uint16) int

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic clz32
func LeadingZeros32(x uint32) int

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic clz64
func LeadingZeros64(x uint64) int

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic ctz64
func TrailingZeros(x uint) int

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic ctz8
func TrailingZeros8(x uint8) int

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic ctz16
func TrailingZeros16(x uint16) int

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic ctz32
func TrailingZeros32(x uint32) int

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic ctz64
func TrailingZeros64(x uint64) int

// LLVM has an operation for it, inlined in callers of all packages.
//
//goir:intrinsic popcount64
func OnesCount(x uint) int

// LLVM has an operation for it, inlined in callers of all packages.
//
//goir:intrinsic popcount8
func OnesCount8(x uint8) int

// LLVM has an operation for it, inlined in callers of all packages.
//
//goir:intrinsic popcount16
func OnesCount16(x uint16) int

// LLVM has an operation for it, inlined in callers of all packages.
//
//goir:intrinsic popcount32
func OnesCount32(x uint32) int

// LLVM has an operation for it, inlined in callers of all packages.
//
//goir:intrinsic popcount64
func OnesCount64(x uint64) int

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic len64
func Len(x uint) int

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic len8
func Len8(x uint8) int

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic len16
func Len16(x uint16) int

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic len32
func Len32(x uint32) int

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic len64
func Len64(x uint64) int

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic rotl64
func RotateLeft(x uint, k int) uint

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic rotl8
func RotateLeft8(x uint8, k int) uint8

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic rotl16
func RotateLeft16(x uint16, k int) uint16

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic rotl32
func RotateLeft32(x uint32, k int) uint32

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic rotl64
func RotateLeft64(x uint64, k int) uint64

// LLVM has an operation for it, inlined in callers of all packages.
//
//goir:intrinsic bitreverse64
func Reverse(x uint) uint

// LLVM has an operation for it, inlined in callers of all packages.
//
//goir:intrinsic bitreverse8
func Reverse8(x uint8) uint8

// LLVM has an operation for it, inlined in callers of all packages.
//
//goir:intrinsic bitreverse16
func Reverse16(x uint16) uint16

// LLVM has an operation for it, inlined in callers of all packages.
//
//goir:intrinsic bitreverse32
func Reverse32(x uint32) uint32

// LLVM has an operation for it, inlined in callers of all packages.
//
//goir:intrinsic bitreverse64
func Reverse64(x uint64) uint64

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic bswap64
func ReverseBytes(x uint) uint

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic bswap16
func ReverseBytes16(x uint16) uint16

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic bswap32
func ReverseBytes32(x uint32) uint32

// One instruction, or nearly; inlined in callers of all packages.
//
//goir:intrinsic bswap64
func ReverseBytes64(x uint64) uint64

// An addition with carry, in chains too.
//
//goir:intrinsic addc64
func Add(x, y, carry uint) (sum, carryOut uint)

// An addition with carry, in chains too.
//
//goir:intrinsic addc32
func Add32(x, y, carry uint32) (sum, carryOut uint32)

// An addition with carry, in chains too.
//
//goir:intrinsic addc64
func Add64(x, y, carry uint64) (sum, carryOut uint64)

// A subtraction with borrow, in chains too.
//
//goir:intrinsic subb64
func Sub(x, y, borrow uint) (diff, borrowOut uint)

// A subtraction with borrow, in chains too.
//
//goir:intrinsic subb32
func Sub32(x, y, borrow uint32) (diff, borrowOut uint32)

// A subtraction with borrow, in chains too.
//
//goir:intrinsic subb64
func Sub64(x, y, borrow uint64) (diff, borrowOut uint64)

// One multiplication.
//
//goir:intrinsic mul64
func Mul(x, y uint) (hi, lo uint)

// One multiplication.
//
//goir:intrinsic mul32
func Mul32(x, y uint32) (hi, lo uint32)

// One multiplication.
//
//goir:intrinsic mul64
func Mul64(x, y uint64) (hi, lo uint64)

// The machine's division of a double word; it faults where Go's function panics, so that is tested before.
func Div64(hi, lo, y uint64) (quo, rem uint64) {
	if y <= hi {
		if y == 0 {
			panic(divideError)
		}
		panic(overflowError)
	}
	return div64(hi, lo, y)
}

// What Div64 ends in. hi < y.
//
//goir:intrinsic div64
func div64(hi, lo, y uint64) (quo, rem uint64)
