package main

// What lives in frames across suspensions: variables whose address is taken, arrays of a megabyte, small ones of every size,
// values that are computed before and used after; recursion that waits, 100,000 deep.

func later[T any](v T) T {
	c := make(chan T)
	go func() { c <- v }()
	return <-c
}

func bump(p *int, c chan int) { *p += <-c }

func addresses(c chan int) (int, int, [3]int, string) {
	var a, b int
	var arr [3]int
	var s struct {
		p *int
		t string
	}
	s.p = &a
	p, q, r := &b, &arr[1], &s
	bump(p, c)
	bump(q, c)
	bump(r.p, c)
	r.t += later("t")
	pp := &p
	**pp += later(1000)
	arr[2] = *q + later(1)
	return a, b, arr, s.t
}

func megabyte(seed int) (sum int) {
	var a [1 << 17]int
	for i := range a {
		a[i] = i*seed + 1
	}
	a[later(5)] = later(-1)
	p := &a[1<<16]
	for i := 0; i < len(a); i += 1 << 13 {
		sum = sum*31 + a[i] + later(i&1)
	}
	*p = later(77)
	return sum + a[1<<16] + a[5]
}
func copies(seed int) int {
	var a [60000]byte
	a[later(1000)] = byte(seed)
	b := a
	b[1000]++
	later(0)
	c := later(b)
	return int(a[1000]) + int(b[1000])*1000 + int(c[1000])*1000000
}

type odd struct {
	a byte
	b [7]byte
	c [3]uint16
	d bool
}

func sizes() (t int) {
	a, b, c, d, e := [1]byte{1}, [3]byte{1, 2, 3}, [5]uint16{9, 8}, [9]byte{8: 7}, odd{1, [7]byte{6: 5}, [3]uint16{2: 4}, true}
	f, g := [33]byte{32: 1}, struct {
		x int8
		y complex128
	}{3, 4i}
	later(0)
	for range 2 {
		t = t*7 + int(a[0]) + int(b[2]) + int(c[1]) + int(d[8]) + int(e.b[6]) + int(e.c[2]) + int(f[32]) + int(g.x) + int(imag(g.y))
		a, b, c, d, e, f, g = later(a), later(b), later(c), later(d), later(e), later(f), later(g)
	}
	return
}

func live(n int) int {
	a, b, c := n+1, n*2, float64(n)/4
	s, t := "s"[:n%2], []int{n, n + 1}
	m := map[int]int{n: n}
	later(0)
	d := a*b + int(c*8)
	later(0)
	return d + len(s) + t[1] + m[n] + a
}

func depth(n int, c chan int) int {
	if n == 0 {
		return <-c
	}
	return depth(n-1, c) + 1
}
func everyLevel(n int, c chan int) (s int) {
	x := <-c
	if n > 0 {
		s = everyLevel(n-1, c)
	}
	return s + x + <-c
}
func even(n int, c chan int) bool {
	if n == 0 {
		return <-c == 1
	}
	return odd1(n-1, c)
}
func odd1(n int, c chan int) bool {
	if n == 0 {
		return <-c != 1
	}
	r := even(n-1, c)
	return r
}

type tree struct{ left, right *tree }

func (t *tree) walk(out chan<- int, d int) {
	if t == nil {
		return
	}
	t.left.walk(out, d+1)
	out <- d
	t.right.walk(out, d+1)
}
func make1(d int) *tree {
	if d == 0 {
		return nil
	}
	return &tree{make1(d - 1), make1(d - 2 + d%2)}
}

func main() {
	c := make(chan int)
	go func() {
		for i := range 3 {
			c <- i + 1
		}
	}()
	a, b, arr, s := addresses(c)
	println(a, b, arr[0], arr[1], arr[2], s)
	sums := make(chan int)
	for i := range 4 {
		go func() { sums <- megabyte(i) }()
	}
	total := 0
	for range 4 {
		total += <-sums
	}
	println(total, copies(41), sizes(), live(3), live(10))

	one := make(chan int)
	go func() {
		for {
			one <- 1
		}
	}()
	println(depth(100000, one), everyLevel(100000, one), even(100000, one), odd1(99999, one))
	var f func(int) int
	f = func(n int) int {
		if n == 0 {
			return <-one
		}
		defer func() { <-one }()
		return f(n-1) + 1
	}
	println(f(100000))
	out := make(chan int)
	go func() { make1(12).walk(out, 0); close(out) }()
	n, t := 0, 0
	for d := range out {
		n++
		t += d * n
	}
	println(n, t)
}
