package main

// Methods that wait, in every way a method can be called: by interfaces, embedded and promoted, as values, as expressions,
// through any and type switches, on pointers and values, generic ones; some of an interface's methods wait and others not.

func later[T any](v T) T {
	c := make(chan T)
	go func() { c <- v }()
	return <-c
}

type getter interface{ get() int }
type setter interface{ set(int) }
type both interface {
	getter
	setter
}
type named interface{ name() string }

type value struct{ n int }

func (v value) get() int     { return later(v.n) }
func (v *value) set(n int)   { v.n = later(n) }
func (v value) name() string { return later("value") }

type quick struct{ n int }

func (q *quick) get() int  { return q.n }
func (q *quick) set(n int) { q.n = n }
func (quick) name() string { return "quick" }

type outer struct {
	value
	tag string
}
type deep struct{ *outer }
type overrides struct {
	deep
	calls int
}

func (o *overrides) get() int { o.calls++; return o.deep.get()*10 + later(o.calls) }

type wraps struct {
	both
	label string
}
type number int

func (n number) get() int { return later(int(n)) }

type fn func() int

func (f fn) get() int { return f() + later(1) }

type list []getter

func (l list) get() (sum int) {
	for _, g := range l {
		sum += g.get()
	}
	return
}

type box[T any] struct{ v T }

func (b *box[T]) swap(v T) (old T) { old, b.v = b.v, later(v); return }
func (b box[T]) peek() T           { return later(b.v) }

type peeker[T any] interface{ peek() T }

func total[G getter](gs ...G) (sum int) {
	for _, g := range gs {
		sum += g.get()
	}
	return
}
func peekAll[T any, P peeker[T]](ps []P) (out []T) {
	for _, p := range ps {
		out = append(out, p.peek())
	}
	return
}
func describe(x any) string {
	switch x := x.(type) {
	case interface {
		getter
		named
	}:
		x.get()
		return x.name() + "+"
	case named:
		return x.name()
	case getter:
		return "getter " + string(rune('0'+x.get()%10))
	case func() int:
		return "func " + string(rune('0'+x()%10))
	case nil:
		return later("nil")
	default:
		return later("other")
	}
}

func main() {
	v := value{1}
	v.set(2)
	println(v.get(), (&v).get())
	var g getter = v
	var b both = &v
	b.set(3)
	println(g.get(), b.get(), getter(b).get(), b.(named).name())
	for _, b := range []both{&value{4}, &quick{5}, wraps{&value{6}, "w"}, &wraps{&quick{7}, "w"}, &outer{value{8}, ""}, deep{&outer{value{9}, ""}}} {
		b.set(b.get() + 1)
		println(b.get())
	}
	o := &overrides{deep: deep{&outer{value{1}, "t"}}}
	o.set(5)
	println(o.get(), o.get(), o.deep.get(), o.value.get(), o.outer.value.n, o.name())

	get, set, name := v.get, v.set, g.(named).name
	set(50)
	println(get(), v.get(), name())
	bget, oget := b.get, o.get
	v.n = 60
	println(bget(), oget(), o.calls)
	f1, f2, f3, f4 := value.get, (*value).get, (*value).set, getter.get
	f3(&v, 70)
	println(f1(v), f2(&v), f4(v), f4(&quick{71}), f4(o))
	f5, f6, f7 := outer.get, (*overrides).set, both.set
	f6(o, 80)
	f7(&v, 81)
	println(f5(*o.outer), v.n, o.value.n)
	f8 := interface{ name() string }.name
	println(f8(v), f8(quick{}))

	println(number(7).get(), fn(func() int { return later(8) }).get(), list{number(1), v, fn(v.get), &quick{2}}.get())
	println(total(number(1), number(2)), total[getter](v, number(3)), total(&value{4}, &v))
	bx := &box[string]{"one"}
	println(bx.swap("two"), bx.peek(), bx.v)
	for _, s := range peekAll[string]([]box[string]{{"x"}, {"y"}}) {
		println(s)
	}
	var pk peeker[string] = bx
	swap, peek := bx.swap, pk.peek
	swap("three")
	println(peek(), (*box[string]).peek(bx))

	for _, x := range []any{v, &v, quick{1}, &quick{1}, number(4), fn(v.get), v.get, nil, 3, o, struct{ getter }{number(5)}} {
		println(describe(x))
	}
	m := map[string]func(*value, int){"set": (*value).set}
	m["set"](&v, 90)
	methods := []func(getter) int{getter.get, func(g getter) int { return -g.get() }}
	println(methods[0](v), methods[1](v))
	defer func() {
		println(recover().(error).Error())
		var p *value
		defer func() { println(recover().(error).Error()) }()
		p.get()
	}()
	var none both
	none.get()
}
