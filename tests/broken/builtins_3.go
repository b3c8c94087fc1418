package main

func main() {
	_ = min()
	_ = min(1, "a")
	_ = max([]int{1})
	clear(1)
	_ = real(1.5i) + "a"
	_ = imag("a")
	panic()
	panic(1, 2)
	_ = recover(1)
	len := 1
	_ = len("a")
	println
	_ = print
}
