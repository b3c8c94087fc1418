package main

import "runtime"

// What keeps objects alive, by the shape of what refers to them: big arrays and structs, interior pointers, slices of the
// rest, closures, interfaces, maps, channels' buffers, deferred calls, suspended goroutines.

type cell struct {
	value int
	next  *cell
}

// huge has pointers far apart, and is larger than what the collector scans at a time.
type huge struct {
	first *cell
	gap   [5000]int
	some  [3000]*cell
	bytes [40000]byte
	last  *cell
}

type pair struct {
	name string
	p    *cell
	_    [3]int
}

func make1(i int) *cell { return &cell{value: i, next: &cell{value: -i}} }

func (c *cell) is(i int) bool { return c.value == i && c.next.value == -i }

// churn collects, and has what was freed used again.
func churn() {
	var list *cell
	for k := 0; k < 3; k++ {
		runtime.GC()
		for i := 0; i < 20000; i++ {
			list = &cell{value: 7777, next: list}
			if i%64 == 0 {
				list = nil
			}
		}
	}
}

func check(what string, ok bool) {
	if !ok {
		println("lost:", what)
	}
}

func bigThings() {
	h := &huge{first: make1(1), last: make1(2)}
	for i := range h.some {
		h.some[i] = make1(i)
	}
	array := new([20000]*cell)
	for i := range array {
		if i%7 == 0 {
			array[i] = make1(i)
		}
	}
	structs := make([]pair, 3000)
	for i := range structs {
		structs[i].p = make1(i)
		structs[i].name = string([]byte{byte(i), byte(i >> 8)})
	}
	hs := make([]huge, 3)
	for i := range hs {
		hs[i].first, hs[i].last, hs[i].some[1234] = make1(i), make1(i+10), make1(i+20)
	}
	churn()
	ok := h.first.is(1) && h.last.is(2)
	for i, c := range h.some {
		ok = ok && c.is(i)
	}
	check("huge", ok)
	ok = true
	for i, c := range array {
		ok = ok && (i%7 != 0 || c.is(i))
	}
	check("array", ok)
	ok = true
	for i, s := range structs {
		ok = ok && s.p.is(i) && s.name[0] == byte(i) && s.name[1] == byte(i>>8)
	}
	check("structs", ok)
	ok = true
	for i := range hs {
		ok = ok && hs[i].first.is(i) && hs[i].last.is(i+10) && hs[i].some[1234].is(i+20)
	}
	check("slice of huge", ok)
}

type inner struct {
	before [100]int
	c      *cell
	after  [100]*cell
}

func interior() **cell {
	in := &inner{c: make1(5)}
	in.after[99] = make1(6)
	return &in.c
}

func rest() []pair {
	s := make([]pair, 500)
	for i := range s {
		s[i].p = make1(i)
	}
	return s[490:]
}

func empty() []byte {
	b := make([]byte, 64)
	return b[64:]
}

type shower interface{ show() int }

func (p pair) show() int { return p.p.value }

func indirect() {
	at := interior()
	tail := rest()
	end := empty()
	f := func(c *cell) func() bool { return func() bool { return c.is(8) } }(make1(8))
	var i shower = pair{p: make1(9)}
	m := map[*cell]*cell{}
	var keys []*cell
	for k := 0; k < 300; k++ {
		key := make1(k)
		keys = append(keys, key)
		m[key] = make1(k + 1)
	}
	c := make(chan *cell, 100)
	for k := 0; k < 100; k++ {
		c <- make1(k)
	}
	s := [][]*cell{{make1(1)}, {make1(2), make1(3)}}
	var e any = [2]*cell{make1(1), make1(2)}
	churn()
	check("interior", (*at).is(5))
	ok := len(tail) == 10
	for k, p := range tail {
		ok = ok && p.p.is(490+k)
	}
	check("rest of a slice", ok && len(append(end, 1)) == 1)
	check("closure", f())
	check("interface", i.show() == 9)
	ok = true
	for k, key := range keys {
		ok = ok && key.is(k) && m[key].is(k+1)
	}
	check("map", ok)
	ok = true
	for k := 0; k < 100; k++ {
		ok = ok && (<-c).is(k)
	}
	check("channel", ok)
	check("slices", s[0][0].is(1) && s[1][1].is(3))
	a := e.([2]*cell)
	check("boxed", a[0].is(1) && a[1].is(2))
}

func deferred(c *cell) (ok bool) {
	for i := 0; i < 3; i++ {
		d := make1(i)
		defer func() { ok = ok && d.is(i) && c.is(4) }()
	}
	churn()
	return true
}

func waits(c *cell, in chan *cell, out chan bool) {
	mine := []*cell{make1(1), c}
	var big [50]*cell
	for i := range big {
		big[i] = make1(i)
	}
	got := <-in
	ok := mine[0].is(1) && mine[1].is(2) && got.is(3)
	for i, c := range big {
		ok = ok && c.is(i)
	}
	out <- ok
}

func goroutines() {
	in, out := make(chan *cell), make(chan bool)
	for i := 0; i < 200; i++ {
		go waits(make1(2), in, out)
	}
	runtime.Gosched()
	churn()
	for i := 0; i < 200; i++ {
		in <- make1(3)
	}
	churn()
	ok := true
	for i := 0; i < 200; i++ {
		ok = <-out && ok
	}
	check("goroutines", ok)
}

var global = struct {
	a int
	c *cell
	m map[int]*cell
}{c: make1(3), m: map[int]*cell{1: make1(1)}}

func main() {
	for i := 0; i < 3; i++ {
		bigThings()
		indirect()
		check("deferred", deferred(make1(4)))
		goroutines()
		check("global", global.c.is(3) && global.m[1].is(1))
	}
	println("done")
}
