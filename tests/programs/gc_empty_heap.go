package main

import "runtime"

func noescape() {
	b := new([10000]byte)
	_ = b
}

// A collection before anything was allocated, with words on the stack that look like the empty heap's end.
func main() {
	for i := 0; i < 10; i++ {
		noescape()
		runtime.GC()
	}
	println("ok")
}
