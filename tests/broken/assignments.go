package main

const c = 1

type T struct{ a int }

func f() T { return T{} }

func main() {
	c = 2
	f().a = 1
	1 = 2
	"a"[0] = 'b'
	m := map[string]T{}
	m["a"].a = 1
	main = nil
	nil = 1
	x, x := 1, 2
	_ = _
	_ := 1
	x += "a"
	T = 1
	a, b := 1, 2
	a, b := 3, 4
	true = false
}
