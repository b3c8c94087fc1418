package main

// Waiting in every place an expression or call can stand in, and in what order.

func later[T any](v T) T {
	c := make(chan T)
	go func() { c <- v }()
	return <-c
}

// Says where it is, and waits.
func at[T any](where string, v T) T {
	println("  ", where)
	return later(v)
}

type pair struct {
	a, b int
	s    []int
}

func (p *pair) sum(x int) int { return at("method", p.a+p.b) + x }

var first = at("package variable", 1)
var second, third = func() (int, int) { return at("second", third0+1), at("third", 3) }()
var third0 = at("third0", first*10)
var lookup = map[string]int{at("key", "k"): at("value", 5)}

func init() {
	println("init", first, second, third, third0, lookup["k"])
	done := make(chan int)
	go func() { done <- at("goroutine of init", 1) }()
	<-done
}

func init() { println("init 2", at("init 2", 2)) }

func args(a, b int, rest ...string) int {
	println("args", a, b, len(rest))
	return a + b
}
func results() (int, string)  { return at("result 1", 1), at("result 2", "s") }
func consume(n int, s string) { println("consume", n, s) }

func conditions() {
	if x := at("if init", 1); at("if condition", x == 2) {
	} else if at("else if", true) && !at("and", false) || at("or", true) {
		println("taken")
	}
	for i := at("for init", 0); at("for condition", i < 2); i += at("for post", 1) {
		if at("continue", i == 0) {
			continue
		}
		println("body", i)
	}
	n := 0
	for at("while", n < 2) {
		n++
	}
}
func indices() {
	a := []int{1, 2, 3}
	m := map[string][]int{"k": {4, 5}}
	println(at("slice", a)[at("index", 1)], at("map", m)[at("map index", "k")][at("inner", 1)])
	at("assigned slice", a)[at("assigned index", 0)] = at("assigned value", 9)
	m[at("key", "n")] = append(m[at("key 2", "k")], at("appended", 6), at("appended 2", 7))
	println(a[0], len(m["n"]), len(at("sliced", a)[at("low", 1):at("high", 2):at("max", 3)]))
	a[at("op index", 1)] += at("op value", 10)
	a[at("inc index", 2)]++
	println(a[1], a[2])
	x, y := 0, 1
	a[at("left", x)], a[at("right", y)] = at("v1", 100), at("v2", 200)
	println(a[0], a[1], at("string", "héllo")[at("byte", 1)])
	v, ok := m[at("comma ok", "none")]
	println(len(v), ok)
	delete(m, at("deleted", "k"))
	println(len(m), copy(at("dst", a), at("src", []int{7})), min(at("min a", 3), at("min b", 2)))
}
func arguments() {
	p := &pair{1, 2, nil}
	println(args(at("a", 1), at("b", 2), at("r1", "x"), at("r2", "y")), args(at("a", 1), 2, at("spread", []string{"z"})...))
	consume(results())
	println(at("receiver", p).sum(at("argument", 5)))
	at("function", func(a, b int) { println("called", a, b) })(at("x", 1), at("y", 2))
	println(at("a", 1)+at("b", 2)*at("c", 3), at("s", "p")+at("t", "q"), -at("neg", 4), *at("deref", &p.a))
	println(at[any]("assert", 5).(int), int64(at("convert", 3.7)), at("shift", 1)<<at("count", 3))
}
func literals() {
	p := pair{b: at("field b", 2), a: at("field a", 1), s: []int{at("element 0", 1), 5: at("element 5", 6)}}
	q := &pair{at("p0", 1), at("p1", 2), at("p2", []int{3})}
	m := map[string]pair{at("k1", "k"): {a: at("v1", 1)}, at("k2", "l"): {b: at("v2", 2)}}
	arr := [...]func() int{func() int { return at("in literal", 1) }, nil}
	println(p.a, p.b, len(p.s), q.b, q.s[0], m["k"].a, m["l"].b, arr[0]())
}
func ranges() {
	for i, v := range at("range slice", []int{7, 8}) {
		println(i, at("range body", v))
	}
	for i := range at("range int", 2) {
		println(i)
	}
	for _, r := range at("range string", "ab") {
		println(string(r))
	}
	for i, v := range at("range array", [2]int{at("e0", 1), at("e1", 2)}) {
		println(i, v)
	}
	for range at("range func", func(yield func() bool) { at("in func", 0); yield() }) {
		println("yielded", at("inside", 1))
	}
	c := make(chan int, 2)
	c <- 1
	c <- 2
	close(c)
	for v := range at("range channel", c) {
		println(v)
	}
	for k, v := range at("range map", map[int]int{3: 4}) {
		println(k, v)
	}
	a := [3]int{}
	for a[at("range index", 1)] = range 3 {
	}
	println(a[1])
}
func switches(x any) {
	switch y := at("switch init", 3); at("tag", y) {
	case at("case 1", 1), at("case 2", 2):
	case at("case 3", 3):
		println("three")
		fallthrough
	case at("not evaluated", 4):
		println("four")
	default:
	}
	switch {
	case at("false", false):
	case at("true", true):
		println("true")
	}
	switch v := at("type switch", x).(type) {
	case int:
		println("int", at("int", v))
	case string:
		println("string", at("string", v))
	}
}
func selects() {
	a, b := make(chan int, 1), make(chan string, 1)
	select {
	case at("send channel", a) <- at("sent value", 1):
		println("sent", at("in case", 1))
	case s := <-at("receive channel", b):
		println(s)
	}
	arr := make([]int, 2)
	select {
	case arr[at("received index", 1)] = <-at("channel", a):
		println("received", arr[1])
	}
	select {
	case <-at("empty", b):
	default:
		println("default", at("in default", 1))
	}
	go func() { at("other", 0); b <- "late" }()
	select {
	case v, ok := <-a:
		println(v, ok)
	case s, ok := <-b:
		println(s, ok)
	}
}
func returns(n int) (int, []int, error) {
	if n == 0 {
		return at("returned", 1), []int{at("returned element", 2)}, nil
	}
	return returns(n - at("one", 1))
}
func defers() (s string) {
	defer func(x string) { s += x + at("deferred closure", "c") }(at("deferred argument", "a"))
	defer at("deferred function", func() { s += at("in deferred", "f") })()
	defer println("deferred builtin", at("builtin argument", 1))
	defer func() {
		s += at("recovering", "r") + recover().(string)
		s += at("recovered", "d")
	}()
	defer func() { s += at("during panicking", "p") }()
	panic(at("panic value", "v"))
}
func statements() {
	var v, w = at("var", 1), at("var 2", "s")
	const k = 2
	x := at("define", v) + k
	x, y := at("redefine", x), at("define 2", w)
	p := &x
	*at("pointer", p) = at("through pointer", 4)
	x++
	c := at("make channel", make(chan int, at("capacity", 1)))
	c <- at("send", x)
	println(<-at("receive", c), y, len(make([]int, at("len", 1), at("cap", 2))), cap(c))
	go func(n int) { c <- n }(at("go argument", 5))
	go at("go function", func(n int) { c <- n })(6)
	println(<-c + <-c)
	var i any = at[any]("any", 1)
	if n, ok := at("assert", i).(string); !ok {
		println(n == "", ok)
	}
L:
	for i := range 3 {
		for j := range 3 {
			if at("label", i+j) == 2 {
				break L
			}
			if j == at("continue label", 1) {
				continue L
			}
		}
	}
	goto end
end:
	println("end", at("end", 1))
}

func main() {
	conditions()
	indices()
	arguments()
	literals()
	ranges()
	switches(1)
	switches("s")
	selects()
	n, s, err := returns(3)
	println(n, s[0], err == nil)
	println(defers())
	statements()
}
