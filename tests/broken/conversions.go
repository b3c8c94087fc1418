package main

type A struct{ x int }
type B struct{ y int }

func main() {
	_ = int("a")
	_ = string(1.5)
	_ = []byte(1)
	_ = A(B{})
	_ = bool(1)
	_ = (*int)(1)
	_ = [2]int([]int{1})
	_ = [2]int([]string{})
	_ = (func())(1)
	_ = int(1, 2)
	_ = int()
}
