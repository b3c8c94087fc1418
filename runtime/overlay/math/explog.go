package math

import "internal/cpu"

// Assembly in gc, which rounds differently from the portable function. So does this, as that assembly does: e**x is
// computed from the Taylor series of e**(r/16)-1, squared four times, where x = n*ln(2) + r.
func archExp(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > 7.09782712893384e+02:
		return Inf(1)
	case x < -800:
		return 0
	}
	if fused == 0 {
		fused = findFused()
	}
	if fused == 2 {
		return expFused(x)
	}
	const r1 = 1.0 / 16
	n := nearest(x * expLog2e)
	r := (x - n*expLn2Up - n*expLn2Low) * r1
	p := 1.0 / 40320
	p = p*r + 1.0/5040
	p = p*r + 1.0/720
	p = p*r + 1.0/120
	p = p*r + 1.0/24
	p = p*r + 1.0/6
	p = p*r + 1.0/2
	p = p*r + 1
	y := r * p
	for range 4 {
		y *= y + 2
	}
	return expScale(y+1, int(n))
}

// What archExp does where the processor has fused multiplication and addition, as gc's assembly: it rounds less often.
//
//goir:features +avx,+fma
func expFused(x float64) float64 {
	n := nearest(x * expLog2e)
	r := FMA(-n, expLn2Low, FMA(-n, expLn2Up, x)) * (1.0 / 16)
	p := 1.0 / 40320
	p = FMA(p, r, 1.0/5040)
	p = FMA(p, r, 1.0/720)
	p = FMA(p, r, 1.0/120)
	p = FMA(p, r, 1.0/24)
	p = FMA(p, r, 1.0/6)
	p = FMA(p, r, 1.0/2)
	p = FMA(p, r, 1)
	y := r * p
	for range 3 {
		y *= y + 2
	}
	return expScale(FMA(y, y+2, 1), int(n))
}

// What archExp's argument is reduced with: ln(2) is the sum of a short number and a rest.
const (
	expLog2e  = 1 / Ln2
	expLn2Up  = 0x1.62e42fefa3000p-1
	expLn2Low = Ln2 - expLn2Up
)

// The nearest integer, ties to even, for archExp: numbers this large have no fraction.
func nearest(x float64) float64 {
	const large = 3 << 51
	x += large
	return x - large
}

// y * 2**n, for archExp: subnormal results are rounded once, by the last multiplication.
func expScale(y float64, n int) float64 {
	switch {
	case n >= 1024:
		return Inf(1)
	case n >= -1022:
		return y * Float64frombits(uint64(n+1023)<<52)
	case n < -1075:
		return 0
	}
	return y * Float64frombits(uint64(n+2045)<<52) * 0x1p-1022
}

// Whether archExp may use fused multiplication: 2 yes, 1 no, 0 not known yet. A variable of this name is initialised
// from internal/cpu in gc's math, when the program starts.
var fused uint8

// Answers 2 if the processor and the system have fused multiplication and the registers for it, else 1.
func findFused() uint8 {
	if cpu.HasFusedMultiplyAdd() {
		return 2
	}
	return 1
}

// Asked with cpuid only when Exp needs it: see fused.
//
//goir:delete useFMA

// Assembly in gc; it computes what the portable function does, except for subnormal numbers, whose fraction it takes
// for that of a normal one (so their logarithms are wrong). This answers the same, and so does what is made of it:
// Log10, Log2, Pow.
func archLog(x float64) float64 {
	b := Float64bits(x)
	switch {
	case b<<1 == 0:
		return Inf(-1)
	case int64(b) < 0:
		return NaN()
	case b >= uvinf:
		return x
	case b >= 1<<shift:
		return log(x)
	}
	// x counts as m * 2**-1022 with m from 1/2 to 1. From here on as log, in other words: with f = m - 1 (or 2m - 1) and
	// s = f/(2+f), the logarithm of 1+f is 2s + s*R(s*s), R a polynomial.
	f, k := Float64frombits(b|1022<<shift), -1022.0
	if f < Sqrt2/2 {
		f, k = f*2, k-1
	}
	f--
	s := f / (2 + f)
	z := s * s
	w := z * z
	odd := z * (6.666666666666735130e-01 + w*(2.857142874366239149e-01+w*(1.818357216161805012e-01+w*1.479819860511658591e-01)))
	even := w * (3.999999999940941908e-01 + w*(2.222219843214978396e-01+w*1.531383769920937332e-01))
	half := 0.5 * f * f
	return k*6.93147180369123816490e-01 - ((half - (s*(half+(odd+even)) + k*1.90821492927058770002e-10)) - f)
}
