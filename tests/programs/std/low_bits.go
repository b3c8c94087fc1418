package main

import "math/bits"

// Package math/bits is made of intrinsics: called directly, as values and deferred.

func try(name string, f func()) {
	defer func() {
		if e := recover(); e != nil {
			println(name, e.(error).Error())
		}
	}()
	f()
}

func mix(h *uint64, vs ...uint64) {
	for _, v := range vs {
		*h = (*h ^ v) * 1099511628211
	}
}

func main() {
	x := uint64(88172645463325252)
	var h uint64
	for i := 0; i < 5000; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		v := x >> (i % 64)
		k := i%200 - 100
		mix(&h, uint64(bits.LeadingZeros64(v)), uint64(bits.LeadingZeros32(uint32(v))), uint64(bits.LeadingZeros16(uint16(v))),
			uint64(bits.LeadingZeros8(uint8(v))), uint64(bits.LeadingZeros(uint(v))))
		mix(&h, uint64(bits.TrailingZeros64(v)), uint64(bits.TrailingZeros32(uint32(v))), uint64(bits.TrailingZeros16(uint16(v))),
			uint64(bits.TrailingZeros8(uint8(v))), uint64(bits.TrailingZeros(uint(v))))
		mix(&h, uint64(bits.OnesCount64(v)), uint64(bits.OnesCount32(uint32(v))), uint64(bits.OnesCount16(uint16(v))),
			uint64(bits.OnesCount8(uint8(v))), uint64(bits.OnesCount(uint(v))))
		mix(&h, uint64(bits.Len64(v)), uint64(bits.Len32(uint32(v))), uint64(bits.Len16(uint16(v))),
			uint64(bits.Len8(uint8(v))), uint64(bits.Len(uint(v))))
		mix(&h, bits.RotateLeft64(v, k), uint64(bits.RotateLeft32(uint32(v), k)), uint64(bits.RotateLeft16(uint16(v), k)),
			uint64(bits.RotateLeft8(uint8(v), k)), uint64(bits.RotateLeft(uint(v), k)))
		mix(&h, bits.Reverse64(v), uint64(bits.Reverse32(uint32(v))), uint64(bits.Reverse16(uint16(v))),
			uint64(bits.Reverse8(uint8(v))), uint64(bits.Reverse(uint(v))))
		mix(&h, bits.ReverseBytes64(v), uint64(bits.ReverseBytes32(uint32(v))), uint64(bits.ReverseBytes16(uint16(v))), uint64(bits.ReverseBytes(uint(v))))
		s, c := bits.Add64(v, x, uint64(i&1))
		d, b := bits.Sub64(v, x, uint64(i&1))
		hi, lo := bits.Mul64(v, x)
		s3, c3 := bits.Add32(uint32(v), uint32(x), uint32(i&1))
		d3, b3 := bits.Sub32(uint32(v), uint32(x), uint32(i&1))
		h3, l3 := bits.Mul32(uint32(v), uint32(x))
		mix(&h, s, c, d, b, hi, lo, uint64(s3), uint64(c3), uint64(d3), uint64(b3), uint64(h3), uint64(l3))
		q, r := bits.Div64(hi, lo, x)
		mix(&h, q, r, bits.Rem64(v, x, x|1))
		q3, r3 := bits.Div32(h3, l3, uint32(x)|1<<31)
		mix(&h, uint64(q3), uint64(r3), uint64(bits.Rem32(uint32(v), uint32(x), 7)))
		su, cu := bits.Add(uint(v), uint(x), 1)
		du, bu := bits.Sub(uint(v), uint(x), 1)
		hu, lu := bits.Mul(uint(v), uint(x))
		qu, ru := bits.Div(hu, lu, uint(x))
		mix(&h, uint64(su), uint64(cu), uint64(du), uint64(bu), uint64(hu), uint64(lu), uint64(qu), uint64(ru))
	}
	println(h)
	zero := uint64(0)
	try("Div64", func() { bits.Div64(1, 2, zero) })
	try("Div64", func() { bits.Div64(5, 2, zero+5) })
	try("Div32", func() { bits.Div32(5, 2, uint32(zero)+5) })
	try("Div32", func() { bits.Div32(5, 2, uint32(zero)) })
	try("Rem64", func() { bits.Rem64(5, 2, zero) })
	for _, f := range []func(uint64) int{bits.LeadingZeros64, bits.Len64, bits.OnesCount64, bits.TrailingZeros64} {
		println(f(1), f(1<<40), f(0))
	}
	add := bits.Add64
	println(add(1<<63, 1<<63, 1))
	defer println("end")
	defer bits.Len(3)
	go bits.Len(3)
	var i any = bits.Reverse8
	println(i.(func(uint8) uint8)(1))
}
