package main

type I interface{ m() }
type J interface{ m() int }
type T struct{}
type U struct{}

func (*U) m() {}

func main() {
	var i I
	_ = i.(T)
	_ = i.(U)
	_ = i.(*U)
	_ = i.(J)
	var n int
	_ = n.(int)
	switch i.(type) {
	case T:
	case int:
	}
	switch n.(type) {
	}
	_, _, _ = i.(*U)
}
