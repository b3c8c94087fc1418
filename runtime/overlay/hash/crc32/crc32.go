package crc32

import (
	"internal/cpu"
	"unsafe"
)

var foldedIEEE, foldedCastagnoli folding

// gc's version for the processor is assembly; here the data is folded by carry-less products, as there.
func archAvailableIEEE() bool { return cpu.HasCarrylessMultiply() }

// See archAvailableIEEE.
func archInitIEEE() { foldedIEEE.init(IEEE) }

// See archAvailableIEEE.
func archUpdateIEEE(crc uint32, p []byte) uint32 { return foldedIEEE.update(crc, p) }

// gc's version is assembly with an instruction for this polynomial; here it is folded as the other one.
func archAvailableCastagnoli() bool { return cpu.HasCarrylessMultiply() }

// See archAvailableCastagnoli.
func archInitCastagnoli() { foldedCastagnoli.init(Castagnoli) }

// See archAvailableCastagnoli.
func archUpdateCastagnoli(crc uint32, p []byte) uint32 { return foldedCastagnoli.update(crc, p) }

// A folding computes checksums of one polynomial 64 bytes at a time. Of the data as a polynomial only the remainder counts,
// so 16 bytes may be replaced by what is congruent to them and lies 64 bytes further on: the products of their words with
// the remainders of powers of x.
type folding struct {
	far   [2]uint64 // for 64 bytes
	near  [2]uint64 // for 16 bytes
	table *slicing8Table
}

// Bytes from which on folding is faster than the tables.
const minFolded = 128

func (f *folding) init(poly uint32) {
	f.far = [2]uint64{powerOfX(512+32, poly), powerOfX(512-32, poly)}
	f.near = [2]uint64{powerOfX(128+32, poly), powerOfX(128-32, poly)}
	f.table = slicingMakeTable(poly)
}

// The remainder of x**n, with the bits in the order of poly's: the first is that of the highest power, 33 bits of it.
func powerOfX(n int, poly uint32) uint64 {
	v := uint32(1) << 31
	for range n {
		v = v>>1 ^ -(v&1)&poly
	}
	return uint64(v) << 1
}

func (f *folding) update(crc uint32, p []byte) uint32 {
	if len(p) >= minFolded {
		whole := len(p) &^ 15
		left := f.fold(crc, p[:whole])
		crc = slicingUpdate(^uint32(0), f.table, (*[16]byte)(unsafe.Pointer(&left))[:])
		p = p[whole:]
	}
	return slicingUpdate(crc, f.table, p)
}

// Answers 16 bytes whose checksum, begun with zeros, is that of p, begun with crc. p's length is a multiple of 16, and at
// least 64.
//
//goir:features +pclmul
func (f *folding) fold(crc uint32, p []byte) [2]uint64 {
	at := unsafe.Pointer(unsafe.SliceData(p))
	n := len(p) - 64
	a, b := *(*[2]uint64)(at), *(*[2]uint64)(unsafe.Add(at, 16))
	c, d := *(*[2]uint64)(unsafe.Add(at, 32)), *(*[2]uint64)(unsafe.Add(at, 48))
	a[0] ^= uint64(^crc)
	far, near := f.far, f.near
	k := unsafe.Pointer(&far)
	for n >= 64 {
		at, n = unsafe.Add(at, 64), n-64
		foldProducts(unsafe.Pointer(&a), k, at)
		foldProducts(unsafe.Pointer(&b), k, unsafe.Add(at, 16))
		foldProducts(unsafe.Pointer(&c), k, unsafe.Add(at, 32))
		foldProducts(unsafe.Pointer(&d), k, unsafe.Add(at, 48))
	}
	at = unsafe.Add(at, 48)
	k = unsafe.Pointer(&near)
	foldProducts(unsafe.Pointer(&a), k, unsafe.Pointer(&b))
	foldProducts(unsafe.Pointer(&a), k, unsafe.Pointer(&c))
	foldProducts(unsafe.Pointer(&a), k, unsafe.Pointer(&d))
	for ; n > 0; n -= 16 {
		at = unsafe.Add(at, 16)
		foldProducts(unsafe.Pointer(&a), k, at)
	}
	return a
}

// The 16 bytes at acc become those at src, xor the carry-less products of acc's two words with those at k.
//
//goir:intrinsic foldproducts
func foldProducts(acc, k, src unsafe.Pointer)

// Assembly of the versions for the processor.
//
//goir:delete castagnoliSSE42
//goir:delete castagnoliSSE42Triple
//goir:delete ieeeCLMUL
