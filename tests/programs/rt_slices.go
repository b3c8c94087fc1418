package main

// Slices: growth to gc's capacities, copying, slicing errors.

type s3 struct{ a, b, c byte }
type s5 struct {
	p          *int
	b, c, d, e int
}

// sink makes slices escape: gc gives the others a buffer on the stack first.
var sink any

func try(f func()) {
	defer func() { println(recover().(error).Error()) }()
	f()
}

func main() {
	var a []int
	last := -1
	for i := 0; i < 20000; i++ {
		a = append(a, i)
		if cap(a) != last {
			last = cap(a)
			sink = a
			print(last, " ")
		}
	}
	println()
	var b []byte
	last = -1
	for i := 0; i < 100000; i++ {
		b = append(b, 1)
		if cap(b) != last {
			last = cap(b)
			sink = b
			print(last, " ")
		}
	}
	println()
	var c []s3
	last = -1
	for i := 0; i < 3000; i++ {
		c = append(c, s3{})
		if cap(c) != last {
			last = cap(c)
			sink = c
			print(last, " ")
		}
	}
	println()
	var d []s5
	last = -1
	for i := 0; i < 3000; i++ {
		d = append(d, s5{})
		if cap(d) != last {
			last = cap(d)
			sink = d
			print(last, " ")
		}
	}
	println()
	var s []string
	last = -1
	for i := 0; i < 3000; i++ {
		s = append(s, "x")
		if cap(s) != last {
			last = cap(s)
			sink = s
			print(last, " ")
		}
	}
	println()
	for n := 1; n < 40; n += 3 {
		x := append([]int(nil), make([]int, n)...)
		y := append([]*int(nil), make([]*int, n*20)...)
		z := append([]int16{1}, make([]int16, n*100)...)
		print(cap(x), ",", cap(y), ",", cap(z), " ")
	}
	println()
	e := []struct{}{}
	for i := 0; i < 10; i++ {
		e = append(e, struct{}{})
	}
	println(len(e), cap(e) >= 10)
	t := []int{1, 2, 3, 4, 5}
	copy(t[1:], t)
	println(t[0], t[1], t[2], t[3], t[4])
	u := t[1:3:4]
	u = append(u, 100)
	println(len(u), cap(u), t[3])
	u = append(u, 200)
	u[0] = -1
	println(len(u), t[1])
	clear(t)
	println(t[0], t[3])
	n := len(t)
	try(func() { _ = t[n] })
	try(func() { _ = t[n-6] })
	try(func() { _ = t[:n+1] })
	try(func() { _ = t[3 : n-4] })
	try(func() { _ = t[n+1:] })
	try(func() { _ = t[0 : 1 : n+1] })
	try(func() { _ = t[0 : n-1 : n-2] })
	try(func() { _ = t[n-2 : 1 : 2] })
	try(func() { _ = t[n-6:] })
	try(func() { _ = (&[3]int{})[n:] })
	try(func() { _ = "abc"[n:] })
	try(func() { _ = "abc"[2 : n-4] })
	try(func() { _ = "abc"[n] })
	try(func() { _ = [4]int(t[:n-2]) })
	try(func() { _ = (*[9]int)(t) })
	try(func() { _ = make([]int, n-6) })
	try(func() { _ = make([]int, 2, n-4) })
	try(func() { _ = make([]int, n<<60) })
	var u8 uint8 = 200
	try(func() { _ = t[u8] })
	var u64 uint64 = 1<<63 + 5
	try(func() { _ = t[u64] })
	q := (*[5]int)(t)
	q[2] = 9
	println(t[2], [5]int(t)[2])
}
