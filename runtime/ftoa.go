package runtime

import "unsafe"

// Floating-point numbers as print shows them: the shortest decimal that reads back as the same number, in the form of
// strconv's 'g'. Digits are generated with exact integers: the number is r/s, and mplus/s, mminus/s are half the
// distances to its neighbours; multiplying by 10 gives digit after digit until the rest is within them.

const (
	bignumWords = 40 // 1074 bits of a denormal's denominator, 53 of a mantissa, one digit and some
	maxFloat64  = 1.79769313486231570814527423731704356798070e+308
	maxDigits   = 17
)

// bignum is a natural number, little endian; words from n up are 0.
type bignum struct {
	n int
	d [bignumWords]uint32
}

// Scratch: one float at a time is printed.
var ftoa struct {
	lock                   mutex
	r, s, mplus, mminus, t bignum
	digits                 [maxDigits + 1]uint8
	n                      int // digits
	point                  int // decimal point is before digit point
}

func (b *bignum) set(v uint64) {
	for i := 0; i < bignumWords; i++ {
		b.d[i] = 0
	}
	b.d[0] = uint32(v)
	b.d[1] = uint32(v >> 32)
	b.n = 2
	b.trim()
}

func (b *bignum) trim() {
	for b.n > 0 && b.d[b.n-1] == 0 {
		b.n--
	}
}

func (b *bignum) copy(c *bignum) {
	for i := 0; i < bignumWords; i++ {
		b.d[i] = c.d[i]
	}
	b.n = c.n
}

func (b *bignum) mul(m uint32) {
	carry := uint64(0)
	for i := 0; i < b.n; i++ {
		carry += uint64(b.d[i]) * uint64(m)
		b.d[i] = uint32(carry)
		carry >>= 32
	}
	if carry != 0 {
		b.d[b.n] = uint32(carry)
		b.n++
	}
}

func (b *bignum) shl(bits int) {
	if b.n == 0 {
		return
	}
	words := bits / 32
	shift := uint(bits % 32)
	for i := b.n - 1; i >= 0; i-- {
		b.d[i+words] = b.d[i]
	}
	for i := 0; i < words; i++ {
		b.d[i] = 0
	}
	b.n += words
	if shift != 0 {
		carry := uint32(0)
		for i := words; i < b.n; i++ {
			w := b.d[i]
			b.d[i] = w<<shift | carry
			carry = w >> (32 - shift)
		}
		if carry != 0 {
			b.d[b.n] = carry
			b.n++
		}
	}
}

func (b *bignum) add(c *bignum) {
	n := b.n
	if c.n > n {
		n = c.n
	}
	carry := uint64(0)
	for i := 0; i < n; i++ {
		carry += uint64(b.d[i]) + uint64(c.d[i])
		b.d[i] = uint32(carry)
		carry >>= 32
	}
	b.n = n
	if carry != 0 {
		b.d[n] = uint32(carry)
		b.n++
	}
}

// sub subtracts c, which is not greater.
func (b *bignum) sub(c *bignum) {
	borrow := uint64(0)
	for i := 0; i < b.n; i++ {
		v := uint64(b.d[i]) - uint64(c.d[i]) - borrow
		b.d[i] = uint32(v)
		borrow = v >> 63
	}
	b.trim()
}

func (b *bignum) cmp(c *bignum) int {
	if b.n != c.n {
		return b.n - c.n
	}
	for i := b.n - 1; i >= 0; i-- {
		if b.d[i] != c.d[i] {
			if b.d[i] < c.d[i] {
				return -1
			}
			return 1
		}
	}
	return 0
}

// cmpsum compares b+c with d, using ftoa.t.
func (b *bignum) cmpsum(c, d *bignum) int {
	t := &ftoa.t
	t.copy(b)
	t.add(c)
	return t.cmp(d)
}

// shortest generates the digits of mant·2^exp, which is not 0. edge: the neighbour below is only half as far as the one above.
func shortest(mant uint64, exp int, edge bool) {
	r, s, mplus, mminus := &ftoa.r, &ftoa.s, &ftoa.mplus, &ftoa.mminus
	extra := 1
	if edge {
		extra = 2
	}
	r.set(mant)
	s.set(1)
	mplus.set(1)
	mminus.set(1)
	if exp >= 0 {
		r.shl(exp + extra)
		s.shl(extra)
		mplus.shl(exp + extra - 1)
		mminus.shl(exp)
	} else {
		r.shl(extra)
		s.shl(extra - exp)
		mplus.shl(extra - 1)
	}
	// Scale by the power of ten that puts the first digit right behind the point; the estimate may be one too low.
	bits := 64 - clz64(mant) + exp
	k := (bits - 1) * 30103 / 100000
	for i := k; i > 0; i-- {
		s.mul(10)
	}
	for i := k; i < 0; i++ {
		r.mul(10)
		mplus.mul(10)
		mminus.mul(10)
	}
	even := mant&1 == 0 // then the ends of the interval round to this number too
	for {
		c := r.cmpsum(mplus, s)
		if c < 0 || c == 0 && !even {
			break
		}
		s.mul(10)
		k++
	}
	for {
		// The estimate may be too high as well, for small numbers: k is rounded towards zero.
		r.mul(10)
		mplus.mul(10)
		mminus.mul(10)
		c := r.cmpsum(mplus, s)
		if c > 0 || c == 0 && even {
			break
		}
		k--
	}
	ftoa.point = k
	n := 0
	for {
		d := uint8(0)
		for r.cmp(s) >= 0 {
			r.sub(s)
			d++
		}
		lo := r.cmp(mminus)
		hi := r.cmpsum(mplus, s)
		low := lo < 0 || lo == 0 && even
		high := hi > 0 || hi == 0 && even
		if low || high {
			if high {
				// Both neighbours would do: the nearer one, of two equally near the even one.
				half := r.cmpsum(r, s)
				if !low || half > 0 || half == 0 && d&1 != 0 {
					d++
				}
			}
			ftoa.digits[n] = d
			n++
			break
		}
		ftoa.digits[n] = d
		n++
		r.mul(10)
		mplus.mul(10)
		mminus.mul(10)
	}
	ftoa.n = n
}

// formatDigits prints the digits in ftoa.
func formatDigits() {
	n, point := ftoa.n, ftoa.point
	for i := 0; i < n; i++ {
		ftoa.digits[i] += '0'
	}
	text := makestring(unsafe.Pointer(&ftoa.digits), n)
	exp := point - 1
	if exp < -4 || exp >= 6 {
		printstring(text[:1])
		if n > 1 {
			printstring(".")
			printstring(text[1:])
		}
		if exp < 0 {
			printstring("e-")
			exp = -exp
		} else {
			printstring("e+")
		}
		if exp < 10 {
			printstring("0")
		}
		printuint(uint64(exp))
		return
	}
	if point <= 0 {
		printstring("0.")
		for i := point; i < 0; i++ {
			printstring("0")
		}
		printstring(text)
		return
	}
	if n <= point {
		printstring(text)
		for i := n; i < point; i++ {
			printstring("0")
		}
		return
	}
	printstring(text[:point])
	printstring(".")
	printstring(text[point:])
}

// printSpecial prints zeros, infinities and NaN.
func printSpecial(v float64) bool {
	switch {
	case v != v:
		printstring("NaN")
	case v > maxFloat64:
		printstring("+Inf")
	case v < -maxFloat64:
		printstring("-Inf")
	case v == 0:
		if floatbits64(v)>>63 != 0 {
			printstring("-0")
		} else {
			printstring("0")
		}
	default:
		return false
	}
	return true
}

func printfloat(v float64) {
	if printSpecial(v) {
		return
	}
	printlock()
	b := floatbits64(v)
	if b>>63 != 0 {
		printstring("-")
	}
	mant := b & (1<<52 - 1)
	exp := int(b >> 52 & 0x7ff)
	if exp == 0 {
		exp = 1
	} else {
		mant |= 1 << 52
	}
	longlock(&ftoa.lock)
	shortest(mant, exp-1075, mant == 1<<52 && exp > 1)
	formatDigits()
	longunlock(&ftoa.lock)
	printunlock()
}

func printfloat32(v float32) {
	if printSpecial(float64(v)) {
		return
	}
	printlock()
	b := floatbits32(v)
	if b>>31 != 0 {
		printstring("-")
	}
	mant := uint64(b & (1<<23 - 1))
	exp := int(b >> 23 & 0xff)
	if exp == 0 {
		exp = 1
	} else {
		mant |= 1 << 23
	}
	longlock(&ftoa.lock)
	shortest(mant, exp-150, mant == 1<<23 && exp > 1)
	formatDigits()
	longunlock(&ftoa.lock)
	printunlock()
}
