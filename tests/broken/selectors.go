package main

type T struct {
	a int
	b
}

type b struct{ c, d int }
type e struct{ c int }

type F struct {
	b
	e
}

func main() {
	var t T
	_ = t.x
	_ = t.A
	_ = t.c
	var f F
	_ = f.c
	_ = f.d
	_ = T.a
	_ = main.x
	var i interface{ m() }
	_ = i.n
	_ = i.M
}
