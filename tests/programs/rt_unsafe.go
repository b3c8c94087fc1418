package main

import "unsafe"

// unsafe.Slice and unsafe.String check what they are given; bounds that are unsigned are shown so.
func try(name string, f func()) {
	defer func() {
		if e, ok := recover().(error); ok {
			println(name, e.Error())
		} else {
			println(name, "fine")
		}
	}()
	f()
}

func main() {
	var b [10]byte
	neg, big := -1, ^uint64(0)
	var nb *byte
	var nz *struct{}
	try("nil 0", func() { println(unsafe.Slice(nb, 0) == nil, unsafe.String(nb, 0)) })
	try("nil 1", func() { _ = unsafe.Slice(nb, 1) })
	try("nil string", func() { _ = unsafe.String(nb, len(b)) })
	try("negative", func() { _ = unsafe.Slice(&b[0], neg) })
	try("negative string", func() { _ = unsafe.String(&b[0], neg) })
	try("big", func() { _ = unsafe.Slice(&b[0], big) })
	try("wide", func() { _ = unsafe.Slice(new(uint64), big/8) })
	try("wider", func() { _ = unsafe.Slice(new(uint64), big/8+1) })
	try("empty", func() { println(len(unsafe.Slice(new(struct{}), 1<<40))) })
	try("empty at nil", func() { _ = unsafe.Slice(nz, 1) })
	last := (*byte)(unsafe.Pointer(^uintptr(0)))
	try("last", func() { println(len(unsafe.Slice(last, 1))) })
	try("behind", func() { _ = unsafe.Slice(last, 2) })
	s := b[:]
	try("data", func() { println(unsafe.String(unsafe.SliceData(s), len(s)) == string(s)) })
	try("slice", func() { _ = s[:big] })
	try("slice low", func() { _ = s[big:] })
	try("slice order", func() { _ = s[uint(len(s)-5):uint(3)] })
	try("slice max", func() { _ = s[0:1:big] })
	try("slice signed", func() { _ = s[neg:] })
	try("string", func() { _ = "abc"[uintptr(big):] })
	try("array", func() { _ = b[:big] })
}
