package bytealg

import "unsafe"

// gc has assembly for these. The C library's versions are vectorised for the processor at hand, and calling them costs
// no more than calling Go.

// The C function.
//
//goir:extern memchr
func memchr(p unsafe.Pointer, c int32, n uintptr) unsafe.Pointer

// The C function.
//
//goir:extern memmem
func memmem(p unsafe.Pointer, n uintptr, sep unsafe.Pointer, sepLen uintptr) unsafe.Pointer

// The C function.
//
//goir:extern memcmp
func memcmp(p, q unsafe.Pointer, n uintptr) int32

// Assembly in gc.
func IndexByte(b []byte, c byte) int {
	return indexByte(unsafe.Pointer(unsafe.SliceData(b)), len(b), c)
}

// Assembly in gc.
func IndexByteString(s string, c byte) int {
	return indexByte(unsafe.Pointer(unsafe.StringData(s)), len(s), c)
}

// Both forms of IndexByte. C may not be asked about nil.
func indexByte(p unsafe.Pointer, n int, c byte) int {
	if n == 0 {
		return -1
	}
	found := memchr(p, int32(c), uintptr(n))
	if found == nil {
		return -1
	}
	return int(uintptr(found) - uintptr(p))
}

// Assembly in gc, for short b only; memmem takes any, in linear time.
func Index(a, b []byte) int {
	return index(unsafe.Pointer(unsafe.SliceData(a)), len(a), unsafe.Pointer(unsafe.SliceData(b)), len(b))
}

// Assembly in gc, for short b only; memmem takes any, in linear time.
func IndexString(a, b string) int {
	return index(unsafe.Pointer(unsafe.StringData(a)), len(a), unsafe.Pointer(unsafe.StringData(b)), len(b))
}

// Both forms of Index.
func index(p unsafe.Pointer, n int, sep unsafe.Pointer, sepLen int) int {
	if sepLen == 0 {
		return 0
	}
	if n < sepLen {
		return -1
	}
	found := memmem(p, uintptr(n), sep, uintptr(sepLen))
	if found == nil {
		return -1
	}
	return int(uintptr(found) - uintptr(p))
}

// Index takes every length. A variable that an init function sets in gc.
const MaxLen = 1<<63 - 1

// It sets MaxLen.
//
//goir:delete init

// Assembly in gc.
func Compare(a, b []byte) int {
	return compare(unsafe.Pointer(unsafe.SliceData(a)), len(a), unsafe.Pointer(unsafe.SliceData(b)), len(b))
}

// Assembly in gc, which calls it by way of the runtime.
func CompareString(a, b string) int {
	return compare(unsafe.Pointer(unsafe.StringData(a)), len(a), unsafe.Pointer(unsafe.StringData(b)), len(b))
}

// Both forms of Compare: -1, 0 or 1.
func compare(p unsafe.Pointer, n int, q unsafe.Pointer, m int) int {
	if least := min(n, m); least != 0 {
		if order := memcmp(p, q, uintptr(least)); order != 0 {
			return int(order>>31 | 1)
		}
	}
	if n == m {
		return 0
	}
	if n < m {
		return -1
	}
	return 1
}

// Assembly in gc.
func Count(b []byte, c byte) int {
	return count(unsafe.Pointer(unsafe.SliceData(b)), uintptr(len(b)), c)
}

// Assembly in gc.
func CountString(s string, c byte) int {
	return count(unsafe.Pointer(unsafe.StringData(s)), uintptr(len(s)), c)
}

// Both forms of Count, eight bytes at a time: a byte of diff is 0 where b is c, so that adding 0x7f to its low bits
// carries into the top bit for all others. Each byte of sum counts the matches in its place, for up to 255 words.
func count(p unsafe.Pointer, n uintptr, c byte) int {
	const (
		ones = 0x0101010101010101
		low  = 0x7f * ones
		even = 0x00ff00ff00ff00ff
	)
	total := 0
	all := ones * uint64(c)
	for n >= 8 {
		words := min(n/8, 255)
		n -= words * 8
		sum := uint64(0)
		for ; words != 0; words-- {
			diff := *(*uint64)(p) ^ all
			others := (diff&low + low) | diff
			sum += ^others >> 7 & ones
			p = unsafe.Pointer(uintptr(p) + 8)
		}
		sum = sum&even + sum>>8&even
		total += int(sum * 0x0001000100010001 >> 48)
	}
	for ; n != 0; n-- {
		if *(*byte)(p) == c {
			total++
		}
		p = unsafe.Pointer(uintptr(p) + 1)
	}
	return total
}

// The runtime's, which gc defines here, in assembly.
//
//goir:delete abigen_runtime_cmpstring
//goir:delete abigen_runtime_memequal
//goir:delete abigen_runtime_memequal_varlen
