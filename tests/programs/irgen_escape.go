package main

// Variables declared in loops are new ones in each iteration, wherever pointers to them go.

type N struct {
	v    int
	next *N
}

func viaArray() int {
	var ps [3]*int
	for i := range 3 {
		x := i + 1
		ps[i] = &x
	}
	return *ps[0] + *ps[1]*10 + *ps[2]*100
}

func viaVariable() (s int) {
	var p *int
	for i := 0; i < 4; i++ {
		x := i
		if p != nil {
			*p += 100
			s += *p
			s += x
		}
		p = &x
	}
	return s
}

func loopVariable() (s int) {
	var ps []*int
	for i := 0; i < 3; i++ {
		ps = append(ps, &i)
	}
	for _, p := range ps {
		s = s*10 + *p
	}
	return
}

func list() (s int) {
	var head *N
	for i := range 5 {
		head = &N{i, head}
	}
	for ; head != nil; head = head.next {
		s = s*10 + head.v
	}
	return
}

func structs() (s int) {
	var prev, first *N
	for i := range 3 {
		n := N{v: i + 1}
		if prev != nil {
			prev.next = &n
		} else {
			first = &n
		}
		prev = &n
	}
	for n := first; n != nil; n = n.next {
		s = s*10 + n.v
	}
	return
}

func closures() (s int) {
	var fs [3]func() int
	for i := 0; i < 3; i++ {
		fs[i] = func() int { i *= 2; return i }
	}
	for _, f := range fs {
		s = s*10 + f()
	}
	return
}

func slices() (s int) {
	var all [][]int
	for i := range 3 {
		a := [2]int{i, i * i}
		all = append(all, a[:])
		lit := []int{i}
		all = append(all, lit)
	}
	for _, x := range all {
		for _, y := range x {
			s = s*3 + y
		}
	}
	return
}

func gotos() (s int) {
	var p *int
	n := 0
again:
	x := n
	if p != nil {
		s = s*10 + *p
	}
	p = &x
	n++
	if n < 4 {
		goto again
	}
	return s
}

func ifaces() (s int) {
	var es [3]any
	for i := range 3 {
		a := [3]int{i}
		es[i] = &a
	}
	for _, e := range es {
		s = s*10 + e.(*[3]int)[0]
	}
	return
}

func defers() (s int) {
	for i := 0; i < 3; i++ {
		x := i
		defer func(p *int) { s = s*10 + *p + x }(&i)
	}
	return
}

var sink *int

func param(a, b int) *int {
	if a > b {
		return &a
	}
	return &b
}

func main() {
	println(viaArray(), viaVariable(), loopVariable(), list(), structs(), closures(), slices(), gotos(), ifaces(), defers())
	p, q := param(1, 2), param(4, 3)
	println(*p, *q)
}
