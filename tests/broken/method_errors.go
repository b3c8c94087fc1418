package main

type T struct{}

func (t T) a() {}
func (t *T) b() {}
func (t **T) c() {}
func (i int) d() {}
func (x []int) e() {}

type P *T

func (p P) f() {}

type I interface{}

func (i I) g() {}

func (t U) h() {}

func main() {
	T{}.b()
	T.b(T{})
	var p *I
	p.x()
	var pp **T
	pp.a()
}
