package main

type I interface {
	m()
	n(int) string
}

type T struct{}

func (T) m() {}

type P struct{}

func (*P) m()             {}
func (*P) n(x int) string { return "" }

type W struct{}

func (W) m()               {}
func (W) n(x string) string { return "" }

func take(I) {}

func f() I { return T{} }

func main() {
	var i I = T{}
	i = P{}
	i = &P{}
	i = W{}
	take(T{})
	take(nil)
	_ = I(1)
	_ = []I{T{}}
	var e error = i
	_ = e
}
