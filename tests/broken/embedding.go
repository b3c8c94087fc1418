package main

type I interface{ m() }
type P *int

type T struct {
	*I
	P
	int
	*int
	**T
	[]int
}

func main() {
}
