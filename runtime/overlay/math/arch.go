package math

// gc on amd64 has assembly here. What it answers bit for bit is answered by Go, or by an operation of LLVM's.

// One instruction on amd64 since SSE 4.1, else a function of libm.
//
//goir:intrinsic floor
func Floor(x float64) float64

// One instruction on amd64 since SSE 4.1, else a function of libm.
//
//goir:intrinsic ceil
func Ceil(x float64) float64

// One instruction on amd64 since SSE 4.1, else a function of libm.
//
//goir:intrinsic trunc
func Trunc(x float64) float64

// One instruction on amd64 since SSE 4.1, else a function of libm.
//
//goir:intrinsic roundeven
func RoundToEven(x float64) float64

// One instruction; inlined in callers of all packages.
//
//goir:intrinsic sqrt
func Sqrt(x float64) float64

// One instruction; the package itself calls Sqrt by this name.
//
//goir:intrinsic sqrt
func sqrt(x float64) float64

// One instruction; inlined in callers of all packages.
//
//goir:intrinsic fabs
func Abs(x float64) float64

// A few instructions; inlined in callers of all packages.
//
//goir:intrinsic copysign
func Copysign(f, sign float64) float64

// One instruction where the processor has it, which libm asks.
//
//goir:intrinsic fma
func FMA(x, y, z float64) float64

// No instruction, or one; inlined in callers of all packages.
//
//goir:intrinsic floatbits32
func Float32bits(f float32) uint32

// No instruction, or one; inlined in callers of all packages.
//
//goir:intrinsic frombits32
func Float32frombits(b uint32) float32

// No instruction, or one; inlined in callers of all packages.
//
//goir:intrinsic floatbits64
func Float64bits(f float64) uint64

// No instruction, or one; inlined in callers of all packages.
//
//goir:intrinsic frombits64
func Float64frombits(b uint64) float64

// Assembly in gc; the portable function answers the same.
func archFloor(x float64) float64 { return Floor(x) }

// Assembly in gc; the portable function answers the same.
func archCeil(x float64) float64 { return Ceil(x) }

// Assembly in gc; the portable function answers the same.
func archTrunc(x float64) float64 { return Trunc(x) }

// Assembly in gc; the portable function answers the same.
func archMax(x, y float64) float64 { return max(x, y) }

// Assembly in gc; the portable function answers the same.
func archMin(x, y float64) float64 { return min(x, y) }

// Assembly in gc; the portable function answers the same.
func archHypot(p, q float64) float64 { return hypot(p, q) }
