package main

type I interface {
	m()
}

type J interface {
	I
	m(int)
}

type K interface {
	int
}

type L interface {
	T
	comparable
}

type T struct{}

func main() {
	var k K
	var c comparable
	_ = I{}
	_ = new(I).m
	var e error = "a"
}
