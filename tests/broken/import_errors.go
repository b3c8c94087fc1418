package main

import "unsafe"

var unsafe = 1

func f() {
	unsafe := 2
	_ = unsafe
}

func main() {
}
