package main

type D struct {
	_ [0]func()
	p *int
}

func (d D) Get() int   { return *d.p }
func (d *D) Set(x int) { *d.p = x }

type G interface{ Get() int }

type E struct {
	a, b struct{}
	d    D
}

func (e E) Get() int { return e.d.Get() + 1 }

func main() {
	x := 5
	var g G = D{p: &x}
	println(g.Get())
	y := 7
	d := D{p: &y}
	g = &d
	println(g.Get())
	d.Set(9)
	println(g.Get())
	g = E{d: d}
	println(g.Get())
	e := g.(E)
	e.d.p = &x
	println(e.Get(), e.d.Get())
	var a any = e
	_, ok := a.(G) // a struct with a pointer and nothing else of any size is stored in interfaces as it is
	println(ok)
	b := []any{D{p: &y}, [1]D{{p: &x}}}
	println(b[0].(D).Get(), b[1].([1]D)[0].Get())
}
