package main

// Method values and expressions, promotion, wrappers, interfaces, embedding.

type Shape interface {
	Area() int
	Name() string
}

type Base struct{ name string }

func (b Base) Name() string      { return b.name }
func (b *Base) Rename(s string)  { b.name = s }
func (b Base) Twice() (s string) { return b.name + b.name }

type Rect struct {
	Base
	w, h int
}

func (r Rect) Area() int { return r.w * r.h }

type Deep struct {
	*Rect
	extra int
}

type Func func(int) int

func (f Func) Call(x int) int { return f(x) }

type Num int

func (n Num) String() string { return "num" }
func (n *Num) Inc()          { *n++ }

type Stringer interface{ String() string }

type Wrapped struct{ Stringer }

type Big struct {
	a [10]int
	s string
}

func (b Big) Sum() (t int) {
	for _, v := range b.a {
		t += v
	}
	b.a[0] = 1000 // a copy
	return
}
func (b *Big) Set(i, v int) { b.a[i] = v }

type Summer interface{ Sum() int }

func apply(f func(int) int, x int) int { return f(x) }

func variadic(prefix string, xs ...int) int {
	t := len(prefix)
	for _, x := range xs {
		t += x
	}
	return t
}

func two() (int, int)               { return 3, 4 }
func three() (string, int, int)     { return "abc", 1, 2 }
func add(a, b int) int              { return a + b }
func ifaces(a any, b Shape) (x any) { x = a; _ = b; return }

func main() {
	r := Rect{Base{"r"}, 3, 4}
	var s Shape = r
	println(s.Area(), s.Name())
	r.Rename("changed")
	println(s.Name(), r.Name(), r.Twice())
	f := r.Area
	g := r.Rename
	r.w = 100
	println(f(), r.Area())
	g("again")
	println(r.name)
	d := Deep{&r, 1}
	s = d
	println(s.Area(), s.Name(), d.w, d.Rect.Base.name)
	s = &d
	println(s.Area(), s.Name())
	h := Rect.Area
	println(h(r), (*Rect).Area(&r), (*Rect).Name(&r), Deep.Area(d))
	k := (*Base).Rename
	k(&d.Base, "via expr")
	println(r.name)
	ie := Shape.Area
	println(ie(d))
	sv := s.Area
	r.h = 1
	println(sv())

	println(apply(Func(func(x int) int { return x + 1 }).Call, 41))
	var n Num = 4
	n.Inc()
	p := &n
	p.Inc()
	inc := p.Inc
	inc()
	println(int(n), n.String(), p.String())
	var st Stringer = &n
	println(st.String())
	w := Wrapped{n}
	st = w
	println(st.String(), w.String())

	var b Big
	b.Set(3, 7)
	b.Set(4, 8)
	var sm Summer = b
	b.Set(5, 100)
	println(sm.Sum(), b.Sum(), b.a[0])
	sum := b.Sum
	b.Set(6, 1000)
	println(sum(), b.Sum())
	sm = &b
	println(sm.Sum())

	println(variadic("a"), variadic("a", 1, 2, 3), variadic("", []int{5, 6}...), variadic(three()))
	println(add(two()))
	x := ifaces(r, r)
	println(x.(Rect).w, x.(Shape).Name())
	if _, ok := x.(Stringer); !ok {
		println("no Stringer")
	}
	anon := struct {
		Rect
		n int
	}{r, 5}
	s = anon
	println(s.Name(), anon.n)
	s = &anon
	anon.Rename("anon")
	println(s.Name())
	type local struct{ Num }
	l := local{9}
	st = l
	println(st.String())
	l.Inc()
	println(int(l.Num))
	defer func() {
		e := recover()
		println(e.(error).Error())
		var sh Shape
		defer func() { println(recover().(error).Error()) }()
		f := sh.Area
		println("not reached", f)
	}()
	var nd *Rect
	s = nd
	s.Area()
}
