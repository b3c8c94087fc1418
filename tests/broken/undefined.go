package main

type T struct{}

func (T) m() {}

func main() {
	println(x)
	var t U
	f(1)
	t2 := T{}
	t2.n()
	t2.M()
	unsafe.Sizeof(1)
	y = 1
}
