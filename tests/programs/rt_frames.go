package main

import "runtime"

// Coroutine frames of all sizes keep their variables, and what these point to, across waiting and collections.

type small struct{ p *int }

func tiny(c chan *int, out chan int) {
	p := <-c
	runtime.Gosched()
	out <- *p
}

func medium(k int, out chan int) {
	var a [20]*int
	for i := range a {
		a[i] = new(int)
		*a[i] = k + i
	}
	runtime.Gosched()
	junk(100)
	sum := 0
	for _, p := range a {
		sum += *p
		runtime.Gosched()
	}
	out <- sum
}

func large(k int, out chan int) {
	var a [1000]int
	var b [10]*small
	for i := range a {
		a[i] = k
	}
	for i := range b {
		b[i] = &small{new(int)}
		*b[i].p = i
	}
	runtime.Gosched()
	junk(100)
	sum := 0
	for i := range a {
		sum += a[i]
	}
	for i := range b {
		sum += *b[i].p
	}
	out <- sum
}

func huge(k int, out chan int) {
	var a [20000]int
	a[k] = k
	a[19999] = 1
	runtime.Gosched()
	out <- a[k] + a[19999]
}

func junk(n int) {
	for i := 0; i < n; i++ {
		_ = make([]int, 1000)
		_ = string(make([]byte, 100))
	}
}

// nested waits at the bottom with a deferred call in every frame.
func nested(n int, c chan int) (r int) {
	var local [3]*int
	local[n%3] = &n
	defer func() { r += *local[n%3] }()
	if n == 0 {
		return <-c
	}
	return nested(n-1, c)
}

func closures(c chan int) func() int {
	total := 0
	return func() int {
		total += <-c
		return total
	}
}

type iface interface{ wait(chan int) int }
type impl struct{ a, b int }

func (i impl) wait(c chan int) int { return i.a + <-c + i.b }

func results(c chan int) (a int, s string, p *int, e error) {
	v := <-c
	return v, "s", &v, nil
}

func main() {
	out := make(chan int)
	total := 0
	for round := 0; round < 5; round++ {
		c := make(chan *int)
		for i := 0; i < 200; i++ {
			go tiny(c, out)
		}
		for i := 0; i < 50; i++ {
			go medium(i, out)
			go large(i, out)
			go huge(i, out)
		}
		runtime.Gosched()
		runtime.GC()
		for i := 0; i < 200; i++ {
			v := i
			select {
			case c <- &v:
			case x := <-out:
				total += x
				i--
			}
		}
		runtime.GC()
		for i := 0; i < 350-0; i++ {
			if total == -1 {
				break
			}
			select {
			case x := <-out:
				total += x
			default:
				runtime.Gosched()
				i--
				if runtime.NumGoroutine() == 1 {
					i = 1000
				}
			}
		}
	}
	println(total)

	c := make(chan int)
	go func() { out <- nested(1000, c) }()
	runtime.Gosched()
	runtime.GC()
	c <- 7
	println(<-out)

	f := closures(c)
	go func() {
		for i := 1; i <= 3; i++ {
			c <- i
		}
	}()
	println(f(), f(), f())
	var i iface = impl{1, 2}
	go func() { c <- 10 }()
	println(i.wait(c))
	go func() { c <- 11 }()
	w := i.wait
	println(w(c))
	go func() { c <- 12 }()
	a, s, p, e := results(c)
	println(a, s, *p, e == nil)
}
