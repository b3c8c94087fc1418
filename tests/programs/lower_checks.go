package main

// Every check that compiled code makes, with its message, and what must not panic.

type T struct {
	a int
	s string
}

type I interface{ M() int }

func (t T) M() int { return t.a }

type J interface {
	M() int
	N()
}

func try(name string, f func()) {
	defer func() {
		r := recover()
		if r == nil {
			println(name, "ok")
			return
		}
		if e, ok := r.(error); ok {
			println(name, e.Error())
		} else {
			println(name, "other")
		}
	}()
	f()
}

//go:noinline
func call(i I) { i.M() }

var sink int
var zero, one, minus, big = 0, 1, -1, 1 << 40
var small8 int8 = -3
var u8 uint8 = 200
var u64 uint64 = 1<<64 - 1
var u64max = u64 - 1

func main() {
	s := []int{1, 2, 3, 4, 5}
	a := [5]int{1, 2, 3, 4, 5}
	pa := &a
	str := "hello"
	var np *T
	var npa *[5]int
	var nf func()
	var ni I
	var m map[string]int
	try("index", func() { sink = s[big] })
	try("index-1", func() { sink = s[minus] })
	try("index int8", func() { sink = s[small8] })
	try("index uint8", func() { sink = s[u8] })
	try("index uint64", func() { sink = s[u64] })
	try("array", func() { sink = a[big] })
	try("array pointer", func() { sink = pa[minus] })
	try("array ok", func() { sink = pa[one] })
	try("string", func() { sink = int(str[big]) })
	try("nil array", func() { sink = npa[one] })
	try("nil field", func() { sink = np.a })
	try("nil store", func() { np.s = "x" })
	try("nil func", func() { nf() })
	try("nil interface", func() { ni.M() })
	try("nil method value", func() { f := ni.M; f() })
	try("nil map", func() { m["x"] = 1 })
	try("nil map read", func() { sink = m["x"]; delete(m, "x"); println(len(m)) })
	try("s[6:]", func() { s = s[big:] })
	try("s[-1:]", func() { s = s[minus:] })
	try("s[:6]", func() { s = s[:big] })
	try("s[3:2]", func() { s = s[one+2 : one+1] })
	try("s[1:2:9]", func() { s = s[one : one+1 : big] })
	try("s[1:4:3]", func() { s = s[one : one+3 : one+2] })
	try("s[3:2:4]", func() { s = s[one+2 : one+1 : one+3] })
	try("s[u8:]", func() { s = s[u8:] })
	try("a[:9]", func() { s = a[:big] })
	try("a[4:2]", func() { s = a[one+3 : one+1] })
	try("a[::9]", func() { s = a[one:one:big] })
	try("str[9:]", func() { str = str[big:] })
	try("str[:9]", func() { str = str[:big] })
	try("str[3:2]", func() { str = str[one+2 : one+1] })
	try("cap", func() { t := s[:2]; t = t[:5]; println(len(t), cap(t)) })
	try("divide", func() { sink = one / zero })
	try("remainder", func() { sink = one % zero })
	try("uint8 divide", func() { var z uint8; sink = int(u8 / z) })
	try("min/-1", func() { x := -1 << 63; println(x/minus, x%minus) })
	try("int8 min/-1", func() { x := int8(-128); println(x/int8(minus), x%int8(minus)) })
	try("shift", func() { sink = one << minus })
	try("shift big", func() { println(one<<big, minus>>big, u64>>u8, u64<<(u8-180)) })
	try("make len", func() { _ = make([]int, minus) })
	try("make len big", func() { _ = make([]int, 1<<60+one) })
	try("make cap", func() { _ = make([]int, one, zero) })
	try("make cap big", func() { _ = make([]int, one, 1<<60+one) })
	try("make chan", func() { _ = make(chan int, minus) })
	try("make uint64", func() { _ = make([]byte, u64) })
	try("make map", func() { x := make(map[int]int, minus); x[1] = 2; println(len(x)) })
	var e any = T{7, "x"}
	try("assert", func() { sink = e.(int) })
	try("assert T", func() { sink = e.(T).a; println(sink) })
	try("assert *T", func() { _ = e.(*T) })
	try("assert J", func() { _ = e.(J) })
	try("assert I", func() { println(e.(I).M()) })
	e = nil
	try("assert nil", func() { _ = e.(int) })
	try("assert nil I", func() { _ = e.(I) })
	ni = T{3, ""}
	try("assert I to J", func() { _ = ni.(J) })
	try("assert I to T", func() { println(ni.(T).a) })
	var f1, f2 any = func() {}, func() {}
	try("compare funcs", func() { println(f1 == f2) })
	f1, f2 = []int{1}, map[int]int{}
	try("compare slice and map", func() { println(f1 == f2) })
	try("compare slices", func() { println(f1 == f1) })
	try("compare struct", func() {
		type U struct {
			a int
			b any
		}
		x, y := U{1, []int{}}, U{2, []int{}}
		println(x == y)
		y.a = 1
		println(x == y)
	})
	try("key", func() { x := map[any]int{}; x[f1] = 1 })
	try("key read", func() { x := map[any]int{1: 2}; sink = x[f1] })
	try("slice to array", func() { _ = [6]int(a[:]) })
	try("slice to array pointer", func() { p := (*[3]int)(a[1:]); p[0] = 9; println(a[1], len(p)) })
	try("slice to array of none", func() { var z []int; println((*[0]int)(z) == nil, (*[0]int)(a[:0]) == nil) })
	try("value method of nil", func() { call((*T)(nil)) })
	var c chan int
	try("close nil", func() { close(c) })
	c = make(chan int, 1)
	close(c)
	try("close closed", func() { close(c) })
	try("send closed", func() { c <- 1 })
	try("append", func() { s = append(s, s...); println(len(s), cap(s)) })
}
