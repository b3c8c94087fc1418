package main

// Control flow: labels, goto, switch, select, defer, recover, closures in loops.

type E struct{ msg string }

func (e E) Error() string { return e.msg }

func classify(x any) string {
	switch v := x.(type) {
	case nil:
		return "nil"
	case int, int64:
		_, isInt := v.(int)
		if isInt {
			return "int"
		}
		return "int64"
	case string:
		return "string " + v
	case error:
		return "error " + v.Error()
	case [5]int:
		v[0]++
		return "array " + string(rune('0'+v[0]+v[4]))
	case func() int:
		return "func " + string(rune('0'+v()))
	case []int:
		if len(v) > 2 {
			break
		}
		return "short"
	default:
		return "other"
	}
	return "long"
}

func sw(n int) (s string) {
	switch {
	case n < 0:
		s = "neg"
	case n == 0:
		s = "zero"
		fallthrough
	case n == 1:
		s += "one"
	case n > 100:
		fallthrough
	default:
		s += "many"
	}
	switch x := n * 2; x {
	case 2, 4, 6:
		s += " small"
	case 8:
	default:
		s += " x"
	}
	switch any(n) {
	case 3:
		s += " three"
	case "3":
		s += " string"
	}
	return
}

func gotos(n int) (r int) {
	i := 0
loop:
	if i >= n {
		goto done
	}
	for {
		i++
		if i%2 == 0 {
			goto loop
		}
		r += i
		if r > 1000 {
			goto done
		}
	}
done:
	return r
}

func labels() (c int) {
outer:
	for i := 0; ; i++ {
		for j := 0; j < 10; j++ {
			switch {
			case j == 3:
				continue outer
			case i == 4:
				break outer
			}
			c++
		}
	}
sel:
	for {
		select {
		default:
			break sel
		}
	}
	return
}

func deferred() (r int, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = e.(error)
			r *= 2
		}
	}()
	for i := range 3 {
		defer func() { r += i }()
	}
	r = 10
	panic(E{"boom"})
}

func nested() (s string) {
	defer func() {
		s += " outer:" + recover().(string)
	}()
	defer func() {
		defer func() { s += "inner:" + recover().(string) }()
		panic("second")
	}()
	panic("first")
}

func rethrow() (s string) {
	defer func() { s = recover().(string) }()
	defer func() { panic(recover().(string) + " again") }()
	panic("once")
}

func helper() any { return recover() }

func notDirect() (s string) {
	defer func() { s = recover().(string) }()
	defer func() {
		if helper() != nil {
			println("helper recovered")
		}
	}()
	panic("direct only")
}

type R struct{ n int }

func (r R) Recover(tag string)   { println(tag, r.n, recover().(string)) }
func (r *R) PRecover(tag string) { println(tag, r.n, recover().(string)) }

type Recoverer interface{ Recover(string) }

func methods(k int) {
	r := R{k}
	switch k {
	case 0:
		defer r.Recover("value")
	case 1:
		defer r.PRecover("pointer")
	case 2:
		var i Recoverer = r
		defer i.Recover("iface")
	case 3:
		var i Recoverer = &r
		defer i.Recover("iface ptr")
	case 4:
		f := r.Recover
		defer f("method value")
	case 5:
		defer func() { defer recover() }()
		defer println("println deferred", k)
		defer func() { println("no recover here") }()
	case 6:
		defer struct{ Recoverer }{&r}.Recover("promoted")
	}
	panic("p")
}

func closures() {
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i += 10; return i })
	}
	for _, f := range fs {
		print(f(), " ", f(), " ")
	}
	println()
	var ps []*int
	for i, j := 0, 5; i < 3; i, j = i+1, j-1 {
		ps = append(ps, &i, &j)
		i := i * 2
		_ = i
	}
	for _, p := range ps {
		print(*p, " ")
	}
	println()
	count := 0
	var rec func(int) int
	rec = func(n int) int {
		count++
		if n < 2 {
			return n
		}
		return rec(n-1) + rec(n-2)
	}
	println(rec(10), count)
	acc := func() func(int) int {
		sum := 0
		return func(x int) int { sum += x; return sum }
	}()
	acc(3)
	println(acc(4))
	x := 1
	func() {
		x := x + 1
		func() { x++; println("inner", x) }()
	}()
	println(x)
}

func chans() {
	c := make(chan int, 2)
	done := make(chan struct{})
	go func() {
		for v := range c {
			print(v, " ")
		}
		close(done)
	}()
	for i := range 4 {
		c <- i
	}
	close(c)
	<-done
	v, ok := <-c
	println(v, ok)
	a, b := make(chan [6]int, 1), make(chan string, 1)
	a <- [6]int{5: 6}
	for n := range 4 {
		select {
		case v, ok := <-a:
			println("a", v[5], ok)
		case s, ok := <-b:
			println("got", s, ok)
			b = nil
		default:
			println("nothing", n)
			if b == nil {
				break
			}
			b <- "s"
			continue
		}
	}
	var arr [2]int
	i := 0
	select {
	case arr[i] = <-c:
		println("closed", arr[0])
	}
	select {
	case <-make(chan int):
	default:
		println("default")
	}
}

func main() {
	for _, x := range []any{nil, 1, int64(2), "s", E{"e"}, &E{"p"}, [5]int{1, 0, 0, 0, 2}, func() int { return 7 }, []int{1}, []int{1, 2, 3}, 1.5} {
		println(classify(x))
	}
	for _, n := range []int{-1, 0, 1, 2, 3, 4, 200} {
		println(sw(n))
	}
	println(gotos(9), labels())
	r, err := deferred()
	println(r, err.Error())
	println(nested())
	println(rethrow())
	println(notDirect())
	for k := range 7 {
		methods(k)
	}
	closures()
	chans()
	elided()
}

// elided literals of pointers to what is no struct.
func elided() {
	m := map[string]*[]string{"a": {"x", "y"}}
	l := []*map[int]bool{{1: true}}
	println((*m["a"])[1], (*l[0])[1])
}
