package main

type T struct {
	a int
	a string
}

func (T) m() {}
func (T) m() {}
func (T) a() {}

type I interface {
	m()
	m()
}

var x int
var x string

func x() {}

func f(a int, a string) {}

func main() {
	y := 1
	y := 2
	var y int
	_ = y
}
