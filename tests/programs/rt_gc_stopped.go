package main

import "runtime"

// Loops that allocate and never wait are stopped at any instruction, also between those of an allocation: every object is kept
// from the moment it is handed out.

type link struct {
	next *link
	v    int
}

const (
	each   = 20000
	rounds = 200
)

// chain makes a list whose elements are made one right after the other, and reports whether all are in it.
func chain() bool {
	var keep *link
	for i := range each {
		keep = &link{keep, i}
	}
	n := each
	for ; keep != nil && n > 0; keep = keep.next {
		n--
		if keep.v != n {
			return false
		}
	}
	return keep == nil && n == 0
}

func main() {
	runtime.GOMAXPROCS(4)
	done := make(chan bool)
	for range 3 {
		go func() {
			good := true
			for range rounds {
				good = chain() && good
			}
			done <- good
		}()
	}
	for ended := 0; ended < 3; {
		runtime.GC()
		select {
		case good := <-done:
			println(good)
			ended++
		default:
		}
	}
}
