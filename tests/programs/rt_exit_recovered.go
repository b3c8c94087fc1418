package main

import "runtime"

type str struct{}

func (str) String() string { return "a Stringer" }

func main() {
	go func() {
		defer println("goexit runs defers")
		runtime.Goexit()
		println("not reached")
	}()
	runtime.Gosched()
	defer func() {
		recover()
		defer func() {
			var m map[int]int
			m[0] = 1
		}()
		panic(str{})
	}()
	var p *int
	*p = 1
}
