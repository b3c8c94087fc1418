package main

func main() {
	n := 3
	var a [n]int
	var b [-1]int
	var c ["a"]int
	var d [2]int = [3]int{}
	var e [1 << 62]int
	_ = [...]int{5: 1, 2}[7]
	_ = []int{1, 2}[1:0]
	_ = "abc"[2:1]
	_ = "abc"[0:1:2]
	_ = d[0:5]
	_, _, _, _ = a, b, c, e
}
