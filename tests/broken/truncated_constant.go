package main

func main() {
	var i int = 1.5
	var u uint = 2.0
	_ = i + 0.5
	_ = int(1.5)
	_ = uint8('ä') + 300
	_ = []int{1.5: 1}
	_ = string(1.5)
	var a [1.5]int
	_, _ = u, a
}
