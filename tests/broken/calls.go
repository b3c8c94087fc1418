package main

func f() {}

func main() {
	x := 1
	x()
	1()
	_ = f()
	f().x
	f
	x
	x == 1
	-x
	"a"
	len("a")
	make([]int, 1)
	int(x)
	func() {}
}
