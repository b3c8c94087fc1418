package main

type A struct {
	x int `a`
}

type B struct {
	x int
}

type C struct{ m map[int]int }

func main() {
	var a A
	var b B
	a = b
	a = A(b)
	_ = a == b
	_ = C{} == C{}
	_ = [2]C{} == [2]C{}
	var x, y any
	_ = x == y
	_ = x == C{}
	_ = x < y
	_ = struct{ f func() }{} == struct{ f func() }{}
}
