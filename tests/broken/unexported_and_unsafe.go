package main

import "unsafe"

func main() {
	var x int
	_ = unsafe.Pointer(x)
	_ = unsafe.sizeof(x)
	_ = unsafe.Foo
	_ = unsafe.Sizeof()
	unsafe.Sizeof(x)
	_ = unsafe.Offsetof(x)
	unsafe = 1
}
