// Coroutines under load: deep recursion that waits at the bottom, many blocked goroutines, large results, closures.
package main

type big struct{ a [20]int }

func deep(n int, c chan int) int {
	if n == 0 {
		return <-c
	}
	return deep(n-1, c) + 1
}

func bigr(n int, c chan int) (b big, s string, err error) {
	b.a[n%20] = <-c
	return b, "ok", nil
}

type node struct {
	next *node
	v    int
}

func sum(l *node) (t int) {
	for ; l != nil; l = l.next {
		t += l.v
	}
	return
}

func deferSuspends(c chan int) (r int) {
	defer func() {
		e := recover()
		r = <-c + e.(int)
	}()
	defer func() { c <- 5; <-c }()
	panic(100)
}

func server(c chan int, n int) {
	for i := 0; i < n; i++ {
		c <- i
	}
}

func main() {
	c := make(chan int)
	go func() { c <- 7 }()
	println(deep(1000000, c))
	go server(c, 3)
	for i := 0; i < 3; i++ {
		b, s, err := bigr(i+30, c)
		println(b.a[i+10], s, err == nil)
	}
	var l *node
	for i := 0; i < 10; i++ {
		l = &node{l, i}
	}
	println(sum(l))
	go func() { println("got", <-c); c <- 1; c <- 2 }()
	println(deferSuspends(c))
	// many goroutines blocked
	d := make(chan int)
	const N = 100000
	for i := 0; i < N; i++ {
		go func() { d <- <-c }()
	}
	go func() {
		for i := 0; i < N; i++ {
			c <- i
		}
	}()
	t := 0
	for i := 0; i < N; i++ {
		t += <-d
	}
	println(t)
	// closures recursion
	var fib func(n int) int
	fib = func(n int) int {
		if n < 2 {
			c2 := make(chan int, 1)
			c2 <- n
			return <-c2
		}
		return fib(n-1) + fib(n-2)
	}
	println(fib(15))
	// never suspending closure through the same signature
	var g func(n int) int = func(n int) int { return n * 2 }
	s := 0
	for i := 0; i < 1000; i++ {
		s += g(i)
	}
	println(s)
}
