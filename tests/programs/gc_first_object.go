// The first object of a program dies as any other.
package main

import "runtime"

var sink *[1 << 20]byte

//go:noinline
func first() {
	sink = new([1 << 20]byte)
	sink[1] = 1
}

func main() {
	first()
	before := inUse()
	sink = nil
	println(before >= 1<<20, inUse() < 1<<20, sink == nil)
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
