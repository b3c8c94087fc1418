package main

type K struct{ f func() }

func main() {
	var a map[[]int]string
	var b map[K]int
	var c map[func()]int
	var d map[interface{}]int
	_ = d[[]int{}]
	var e map[string]int
	_ = e[1]
	e["a"].x = 1
	_ = &e["a"]
	_, _, _ = a, b, c
}
