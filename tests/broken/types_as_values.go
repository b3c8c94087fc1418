package main

type T int

func main() {
	_ = int
	_ = T
	x := []int
	var y T
	var z x
	_ = T + 1
	println(T)
	_ = [...]int
	var a [...]int
	_ = x.(x)
	type U main
}
