package main

func main() {
	_ = len(1)
	_ = len()
	_ = len("a", "b")
	_ = cap(map[int]int{})
	_ = make(int)
	_ = make([]int)
	_ = make([]int, -1)
	_ = make([]int, 2, 1)
	_ = make([]int, "a")
	_ = new(1, 2)
}
