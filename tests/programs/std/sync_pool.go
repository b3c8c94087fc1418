//test:env GOGC=1
package main

// A pool whose parts are made while a collection runs is cleared by later ones.

import (
	"fmt"
	"runtime"
	"sync"
)

var garbage []byte

func main() {
	kept := 0
	for range 100 {
		made := 0
		p := &sync.Pool{New: func() any { made++; return new([100]byte) }}
		for range 10 {
			p.Put(p.Get())
			garbage = make([]byte, 100000)
		}
		p.Put(new([100]byte))
		for range 3 {
			runtime.GC()
		}
		before := made
		p.Get()
		if made == before {
			kept++
		}
	}
	fmt.Println(kept)
}
