package main

// Results of every kind through a suspension; named results that deferred calls change, in functions that return, that
// panic, and whose deferred calls wait themselves.

func later[T any](v T) T {
	c := make(chan T)
	go func() { c <- v }()
	return <-c
}

type point struct{ x, y int }
type tiny struct {
	a int8
	b bool
	c int16
	d float32
}
type shape interface{ area() int }

func (p point) area() int { return p.x * p.y }

type big struct {
	words [40]int
	name  string
	next  *big
}
type celsius float64
type path []point

func none()              { later(0) }
func one() int           { return later(1) }
func two() (int, string) { return later(2), later("two") }
func blank() (_ int, err error) {
	later(0)
	return
}
func many() (a int8, b uint16, c float32, d complex128, e bool, f rune, g uintptr, h string) {
	return later(int8(-8)), later(uint16(65535)), later(float32(1.5)), later(complex(1, -2)), later(true), later('é'),
		later(uintptr(9)), later("eight")
}
func structs() (point, tiny, struct{}) {
	return later(point{3, 4}), later(tiny{-1, true, 300, 0.25}), later(struct{}{})
}
func arrays() ([3]int, [0]int, [2][2]string) {
	return later([3]int{1, 2, 3}), later([0]int{}), later([2][2]string{{"a", "b"}, {"c", "d"}})
}
func pointers() (*point, *int, **int) {
	n := new(int)
	*n = later(5)
	return later(&point{6, 7}), n, &n
}
func interfaces() (any, error, shape, any) {
	return later[any](8), later[error](nil), later[shape](point{2, 5}), later[any](nil)
}
func containers() ([]int, map[string]int, chan int, func(int) int, path, celsius) {
	c := make(chan int, 1)
	c <- later(11)
	k := later(10)
	return later([]int{9, 8}), later(map[string]int{"k": 7}), c, func(x int) int { return x * k }, later(path{{1, 2}}), later(celsius(36.6))
}
func huge(n int) (b big, err error) {
	b.name = later("huge")
	for i := range b.words {
		b.words[i] = i * n
	}
	b.next = &big{name: "next"}
	b.words[39] += later(1)
	return b, nil
}

func namedReturn() (n int, s string) {
	defer func() { n *= 2; s += "!" }()
	return later(21), later("named")
}
func namedWaits() (n int) {
	defer func() { n += later(100) }()
	defer func() { n *= later(3) }()
	return later(5)
}
func namedPanics() (n int, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = r.(error)
			n = later(n + 1)
		}
	}()
	n = later(41)
	var m map[string]int
	m[later("k")] = 1
	return 0, nil
}
func namedShadow() (n int) {
	defer func(old int) { n += old }(n + later(1))
	n = later(10)
	{
		n := later(1000)
		_ = n
	}
	return n + later(5)
}
func namedPointer() (n int, p *int) {
	defer func() { later(0); *p += 1 }()
	p = &n
	n = later(7)
	return n, &n
}
func namedLoop() (sum int) {
	for i := range 4 {
		defer func() { sum = sum*10 + later(i) }()
	}
	return later(9)
}
func namedStruct() (p point, a [2]int) {
	defer func() { p.y, a[1] = later(p.x), later(a[0]) }()
	p.x, a[0] = later(1), later(2)
	return
}
func bare() (a, b int) {
	a, b = later(1), later(2)
	a, b = b, a
	return
}

func main() {
	none()
	println(one())
	println(two())
	println(blank())
	a, b, c, d, e, f, g, h := many()
	println(a, b, c, d, e, f, g, h)
	s, t, _ := structs()
	println(s.x, s.y, t.a, t.b, t.c, t.d)
	x, y, z := arrays()
	println(x[0], x[1], x[2], len(y), z[0][0]+z[0][1]+z[1][0]+z[1][1])
	p, n, nn := pointers()
	println(p.x, p.y, *n, n == *nn)
	i, err, sh, null := interfaces()
	println(i.(int), err == nil, sh.area(), null == nil)
	sl, m, ch, fn, pa, ce := containers()
	println(len(sl), sl[1], m["k"], <-ch, fn(3), pa[0].y, ce)
	hu, _ := huge(3)
	sum := 0
	for _, w := range hu.words {
		sum += w
	}
	println(sum, hu.name, hu.next.name)
	println(namedReturn())
	println(namedWaits())
	nn1, err := namedPanics()
	println(nn1, err.Error())
	println(namedShadow())
	v, q := namedPointer()
	println(v, *q)
	println(namedLoop())
	ps, as := namedStruct()
	println(ps.x, ps.y, as[0], as[1])
	println(bare())
}
