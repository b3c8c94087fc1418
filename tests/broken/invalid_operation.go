package main

type T struct{ f []int }

func main() {
	var s []int
	var m map[string]int
	var f func()
	var t T
	var b bool
	var i int
	_ = s == s
	_ = m == m
	_ = f == f
	_ = t == t
	_ = !i
	_ = -b
	_ = ^b
	_ = b + b
	_ = i && b
	_ = "a" * 2
}
