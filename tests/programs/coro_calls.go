package main

// Calls that may wait, in every form: static, closure, method, interface, method value, deferred, with panics passing
// through suspended frames, large arguments and results, and callees that never wait behind the same signature.

type matrix [3][4]int

type op interface {
	apply(m matrix, k int) (matrix, string)
	name() string
}

type waiting struct{ c chan int }
type plain struct{ d int }

func (w waiting) apply(m matrix, k int) (matrix, string) {
	w.c <- k
	m[k%3][k%4] += <-w.c
	return m, "waiting"
}
func (w waiting) name() string { return "waiting" }
func (p *plain) apply(m matrix, k int) (matrix, string) {
	m[k%3][k%4] += p.d
	return m, "plain"
}
func (p *plain) name() string { return "plain" }

func echo(c chan int) {
	for v := range c {
		c <- v * 10
	}
}

func total(m matrix) (t int) {
	for _, r := range m {
		for i, v := range r {
			t += v * (i + 1)
		}
	}
	return
}

func runAll(ops []op) {
	var m matrix
	for i, o := range ops {
		var s string
		m, s = o.apply(m, i)
		println(o.name(), s, total(m))
		f := o.apply
		m, _ = f(m, i+1)
		g := op.apply
		m, s = g(o, m, i+2)
		println(s, total(m))
	}
}

type myErr struct{ code int }

func (e *myErr) Error() string { return "myErr" }

func thrower(c chan int, depth int) int {
	if depth == 0 {
		v := <-c
		panic(&myErr{v})
	}
	defer func() { println("unwinding", depth, <-c) }()
	return thrower(c, depth-1) + 1
}

func catcher(c chan int) (code int, err error) {
	defer func() {
		switch e := recover().(type) {
		case *myErr:
			code, err = e.code, e
		case nil:
		default:
			panic(e)
		}
	}()
	return thrower(c, 3), nil
}

func feed(c chan int, n int) {
	for i := 0; i < n; i++ {
		c <- i * 11
	}
}

func repanic(c chan int) {
	defer func() {
		e := recover()
		println("outer", e.(string))
	}()
	defer func() {
		e := recover()
		println("inner", e.(string), <-c)
		panic("second")
	}()
	<-c
	panic("first")
}

func loopDefers(c chan int, n int) (s int) {
	for i := 0; i < n; i++ {
		defer func() { s = s*10 + i + <-c }()
	}
	return 0
}

func variadic(c chan int, xs ...int) (s int) {
	for _, x := range xs {
		s += x * <-c
	}
	return
}

func generator(n int) <-chan [9]string {
	c := make(chan [9]string)
	go func() {
		defer close(c)
		for i := 0; i < n; i++ {
			var a [9]string
			a[i] = string(rune('a' + i))
			c <- a
		}
	}()
	return c
}

func zero(c chan struct{}) struct{} { return <-c }

func sel(a, b chan int, out chan<- string, quit chan bool) (n int) {
	for {
		select {
		case x, ok := <-a:
			if !ok {
				a = nil
				continue
			}
			n += x
		case b <- n:
			n++
		case out <- "out":
			n += 100
		case <-quit:
			return n
		}
	}
}

func noCalls(f func(int) int, xs []int) (r int) {
	for _, x := range xs {
		r += f(x)
	}
	return
}

func compare(c chan int) (less func(a, b int) bool) {
	return func(a, b int) bool {
		select {
		case v := <-c:
			return a < b+v
		default:
		}
		return a < b
	}
}

func main() {
	c := make(chan int)
	go echo(c)
	runAll([]op{waiting{c}, &plain{3}, waiting{c}})
	close(c)

	d := make(chan int)
	go feed(d, 4)
	code, err := catcher(d)
	println(code, err.Error())

	go feed(d, 2)
	repanic(d)

	go feed(d, 4)
	println(loopDefers(d, 4))

	go feed(d, 3)
	println(variadic(d, 1, 2, 3))

	for a := range generator(4) {
		println(a[0]+a[1]+a[2]+a[3], len(a))
	}
	z := make(chan struct{}, 1)
	z <- struct{}{}
	zero(z)

	a, b, out, quit := make(chan int), make(chan int), make(chan string), make(chan bool)
	go func() {
		a <- 5
		close(a)
		println(<-b)
		println(<-out)
		quit <- true
	}()
	println(sel(a, b, out, quit))

	println(noCalls(func(x int) int { return x + 1 }, []int{1, 2, 3}))
	e := make(chan int, 1)
	e <- 1
	println(noCalls(func(x int) int { e <- <-e + x; v := <-e; e <- v; return v }, []int{1, 2, 3}))
	println(compare(e)(1, 1), compare(e)(1, 1))

	func() {
		defer func() { println("nil func:", recover().(error).Error()) }()
		var f func(chan int) int
		f(c)
	}()
	func() {
		defer func() { println("nil iface:", recover().(error).Error()) }()
		var o op
		o.apply(matrix{}, 1)
	}()
	func() {
		defer func() { println("bound:", recover().(error).Error()) }()
		var o op
		f := o.apply
		f(matrix{}, 1)
	}()
}
