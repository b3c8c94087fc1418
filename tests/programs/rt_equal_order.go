package main

import "unsafe"

// Structs are compared cheap fields first: strings of different addresses that nobody may read are not read.

type SI struct {
	s string
	i int
}

type ST struct {
	s, t string
	e    any
	n    int
}

func bad(n int) string { return unsafe.String((*byte)(unsafe.Pointer(uintptr(1<<46+n))), 3) }

func equal(a, b any) (same bool) {
	defer func() {
		if r := recover(); r != nil {
			println(r.(error).Error())
		}
	}()
	return a == b
}

func main() {
	println(equal(SI{bad(1), 1}, SI{bad(2), 2}))
	println(equal(ST{s: bad(1), t: "a"}, ST{s: bad(2), t: "aa"}))
	println(equal(ST{s: "a", t: bad(1)}, ST{s: "b", t: bad(2)}))
	println(equal(ST{s: "a", e: []int{}, n: 1}, ST{s: "a", e: []int{}, n: 2}))
	println(equal(ST{s: "a", e: 1, n: 1}, ST{s: "a", e: 1, n: 2}), equal(ST{s: "a", e: 1, n: 1}, ST{s: "a", e: 1, n: 1}))
	println(equal([2]SI{{"a", 1}, {"b", 2}}, [2]SI{{"a", 1}, {"b", 2}}), equal([2]SI{{"a", 1}, {"b", 2}}, [2]SI{{"a", 1}, {"c", 2}}))
}
