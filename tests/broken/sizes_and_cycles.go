package main

import "unsafe"

type T[P any] struct {
	f *P
	T[P]
}

const _ = unsafe.Sizeof(T[int]{})

type A [unsafe.Sizeof(S{})]byte

type S struct{ a A }

type E [1 << 30]complex128

var a [1 << 30]E
var _ = unsafe.Sizeof(a)

var s struct {
	_ [1 << 30]E
	x int
}
var _ = unsafe.Offsetof(s.x)

func main() {}
