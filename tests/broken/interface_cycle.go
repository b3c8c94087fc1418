package main

type A interface {
	a() interface {
		All
	}
}

type B interface {
	b() interface {
		All
	}
}

type All interface {
	A
	B
}

type fine interface{ m() fine }

func main() {
	var _ A
}
