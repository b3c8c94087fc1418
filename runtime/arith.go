package runtime

// Arithmetic that is more than an instruction.

const inf = 0x7FF0000000000000

func isFinite(f float64) bool { return f-f == 0 }

func isNaN(f float64) bool { return f != f }

func isInf(f float64) bool { return f > maxFloat64 || f < -maxFloat64 }

func abs(f float64) float64 { return frombits64(floatbits64(f) &^ (1 << 63)) }

func copysign(f, sign float64) float64 {
	return frombits64(floatbits64(f)&^(1<<63) | floatbits64(sign)&(1<<63))
}

// inf2one maps infinities to ±1 and everything else to ±0.
func inf2one(f float64) float64 {
	if isInf(f) {
		return copysign(1, f)
	}
	return copysign(0, f)
}

// complex128div is n/m as C99's Annex G has it, NaN and infinity rules included.
func complex128div(n, m complex128) complex128 {
	var e, f float64
	a, b := real(n), imag(n)
	c, d := real(m), imag(m)
	if abs(c) >= abs(d) {
		ratio := d / c
		denom := c + ratio*d
		e = (a + b*ratio) / denom
		f = (b - a*ratio) / denom
	} else {
		ratio := c / d
		denom := d + ratio*c
		e = (a*ratio + b) / denom
		f = (b*ratio - a) / denom
	}
	if isNaN(e) && isNaN(f) {
		switch {
		case m == 0 && (!isNaN(a) || !isNaN(b)):
			e = copysign(frombits64(inf), c) * a
			f = copysign(frombits64(inf), c) * b
		case (isInf(a) || isInf(b)) && isFinite(c) && isFinite(d):
			a = inf2one(a)
			b = inf2one(b)
			e = frombits64(inf) * (a*c + b*d)
			f = frombits64(inf) * (b*c - a*d)
		case (isInf(c) || isInf(d)) && isFinite(a) && isFinite(b):
			c = inf2one(c)
			d = inf2one(d)
			e = 0 * (a*c + b*d)
			f = 0 * (b*c - a*d)
		}
	}
	return complex(e, f)
}

// fmod is the remainder of x/y with x's sign, exactly: long division of the mantissas.
func fmod(x, y float64) float64 {
	if y == 0 || !isFinite(x) || isNaN(y) {
		return frombits64(0x7FF8000000000001)
	}
	if !isFinite(y) || x == 0 {
		return x
	}
	sign := floatbits64(x) & (1 << 63)
	xm, xe := split(x)
	ym, ye := split(y)
	if xe < ye || xe == ye && xm < ym {
		return x
	}
	for ; xe > ye; xe-- {
		if xm >= ym {
			xm -= ym
		}
		if xm == 0 {
			break
		}
		xm <<= 1
	}
	if xm >= ym {
		xm -= ym
	}
	if xm == 0 {
		return frombits64(sign)
	}
	if ye < 1 {
		// A multiple of the smallest denormal, as x and y are: nothing is shifted out.
		xm >>= uint(1 - ye)
		ye = 1
	}
	shift := clz64(xm) - 11
	if shift > ye-1 {
		shift = ye - 1
	}
	xm <<= uint(shift)
	ye -= shift
	if xm>>52 == 0 {
		return frombits64(sign | xm) // denormal
	}
	return frombits64(sign | xm&(1<<52-1) | uint64(ye)<<52)
}

// split is the mantissa, with 53 bits unless x is denormal, and the biased exponent, at least 1.
func split(x float64) (uint64, int) {
	b := floatbits64(x)
	m := b & (1<<52 - 1)
	e := int(b >> 52 & 0x7ff)
	if e == 0 {
		// Normalise: exponents below 1 are fine here.
		shift := 0
		if m != 0 {
			shift = clz64(m) - 11
		}
		return m << uint(shift), 1 - shift
	}
	return m | 1<<52, e
}

// float64touint64 converts as gc does on amd64: numbers of 2⁶³ and more are taken down by it first.
func float64touint64(f float64) uint64 {
	if f < 9223372036854775808.0 {
		return uint64(int64(f))
	}
	return uint64(int64(f-9223372036854775808.0)) ^ 1<<63
}

// What package math/bits panics with.
var (
	overflowError error = errorString("integer overflow")
	divideError   error = errorString("integer divide by zero")
)
