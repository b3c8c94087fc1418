package main

type I interface{ m() }
type P *int

type T struct {
	*I
	P
	int
	*int
	A
}

type A struct{ B }
type B struct{ A }

func main() {
}
