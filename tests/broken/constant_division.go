package main

func main() {
	x := 1
	_ = 1 / 0
	_ = x / 0
	_ = x % 0
	_ = 1.0 / 0
	_ = 1 << -1
	_ = x << -1
	const c = x
	const d = len([]int{})
	const e []int = nil
	_ = "abc"[5]
	_ = [3]int{}[3]
	_ = [3]int{}[-1]
}
