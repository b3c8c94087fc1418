package main

// Large values, captures, methods and panics through functions that wait.

type Big struct {
	n [12]int
	s string
}

type Worker interface {
	Work(b Big, c chan int) (Big, error)
	name() string
}

type slow struct{ k int }
type fast struct{ k int }

type failure struct{ code int }

func (f *failure) Error() string { return "failure" }

func (w *slow) Work(b Big, c chan int) (Big, error) {
	for i := range b.n {
		b.n[i] += <-c * w.k
	}
	b.s += "+slow"
	if b.n[0] < 0 {
		return Big{}, &failure{b.n[0]}
	}
	return b, nil
}
func (w *slow) name() string { return "slow" }

func (w fast) Work(b Big, c chan int) (Big, error) {
	b.s += "+fast"
	b.n[0] += w.k
	return b, nil
}
func (w fast) name() string { return "fast" }

func feed(c chan int, n int) {
	for i := 0; i < n; i++ {
		c <- i
	}
}

func wait(c chan int, b Big) (Big, int, string) {
	v := <-c
	b.n[1] = v
	return b, v, b.s
}

func sum(b Big) (t int) {
	for _, v := range b.n {
		t += v
	}
	return
}

func recursive(depth int, b Big, c chan int) Big {
	if depth == 0 {
		b.n[11] = <-c
		return b
	}
	b.n[depth] = depth
	r := recursive(depth-1, b, c)
	r.n[0] += b.n[depth]
	return r
}

func guarded(f func(chan int) Big, c chan int) (b Big, msg string) {
	defer func() {
		if r := recover(); r != nil {
			v := <-c
			b.n[2] = v
			switch r := r.(type) {
			case error:
				msg = r.Error()
			case string:
				msg = r
			}
		}
	}()
	defer func() { b.n[3] = <-c }()
	b = f(c)
	return
}

type node struct {
	left, right *node
	v           Big
}

func (n *node) walk(out chan<- Big) {
	if n == nil {
		return
	}
	n.left.walk(out)
	out <- n.v
	n.right.walk(out)
}

func main() {
	c := make(chan int)
	var b Big
	b.s = "start"
	for _, w := range []Worker{&slow{2}, fast{7}, &slow{3}} {
		go feed(c, 12)
		var err error
		saved := b
		drained := make(chan bool, 1)
		if w.name() == "fast" {
			go func() {
				for i := 0; i < 12; i++ {
					<-c
				}
				drained <- true
			}()
		} else {
			drained <- true
		}
		b, err = w.Work(b, c)
		<-drained
		println(w.name(), sum(saved), sum(b), b.s, err == nil, saved.s)
	}
	b.n[0] = -1000
	go feed(c, 12)
	_, err := Worker(&slow{1}).Work(b, c)
	println(err.(*failure).code, err.Error())

	go func() { c <- 41 }()
	r, v, s := wait(c, b)
	println(r.n[1], v, s, b.n[1])

	go func() { c <- 5 }()
	x := recursive(10, Big{s: "r"}, c)
	println(sum(x), x.n[0], x.s)

	go func() {
		for i := 1; ; i++ {
			c <- i
		}
	}()
	fs := []func(chan int) Big{
		func(c chan int) Big { r, _, _ := wait(c, b); return r },
		func(c chan int) Big { <-c; panic("text") },
		func(c chan int) Big { var p *Big; <-c; return *p },
		func(c chan int) Big { a := []Big{}; return a[<-c] },
		func(c chan int) Big { return Big{n: [12]int{<-c, <-c, <-c}} },
	}
	for _, f := range fs {
		g, msg := guarded(f, c)
		println(g.n[0], g.n[1], g.n[2], g.n[3], msg)
	}
	work := fast{3}.Work
	g, _ := work(b, c)
	println(g.n[0], g.s)
	method := Worker(&slow{1}).Work
	g, _ = method(Big{}, c)
	println(sum(g) > 0, g.s)

	var root *node
	for _, k := range []int{5, 2, 8, 1, 9, 3} {
		p := &root
		for *p != nil {
			if k < (*p).v.n[0] {
				p = &(*p).left
			} else {
				p = &(*p).right
			}
		}
		*p = &node{v: Big{n: [12]int{k}, s: "n"}}
	}
	out := make(chan Big, 2)
	go func() { root.walk(out); close(out) }()
	for v := range out {
		print(v.n[0], v.s, " ")
	}
	println()

	results := make(chan [3]string)
	go func() { results <- [3]string{"a", "b", "c"} }()
	select {
	case r := <-results:
		println(r[0] + r[1] + r[2])
	}
	m := map[string]chan Big{"x": make(chan Big, 1)}
	m["x"] <- b
	select {
	case v, ok := <-m["x"]:
		println(sum(v) == sum(b), ok)
	case m["y"] <- b:
		println("never")
	}
}
