package main

type A = interface {
	m() interface {
		A
	}
}

type fine interface{ m() fine }

func main() {
	var _ A
}
