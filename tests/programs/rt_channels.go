package main

// Channels: hand-over, buffers, order, closing, nil, element sizes.

type big struct{ a [100]int }

func producer(n int, c chan<- int) {
	for i := 0; i < n; i++ {
		c <- i
	}
	close(c)
}

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			println(name, r.(error).Error())
		}
	}()
	f()
}

func main() {
	for size := 0; size < 4; size++ {
		c := make(chan int, size)
		go producer(1000, c)
		sum, n := 0, 0
		for v := range c {
			if v != n {
				println("order", v, n)
			}
			n++
			sum += v
		}
		v, ok := <-c
		println(size, n, sum, v, ok)
	}

	c := make(chan int, 3)
	c <- 1
	c <- 2
	println(len(c), cap(c))
	close(c)
	println(<-c, <-c, <-c)

	z := make(chan struct{})
	go func() {
		for i := 0; i < 3; i++ {
			z <- struct{}{}
		}
		close(z)
	}()
	n := 0
	for range z {
		n++
	}
	println("zero size", n)

	b := make(chan big, 1)
	go func() {
		var x big
		for i := range x.a {
			x.a[i] = i
		}
		b <- x
		x.a[99] = 7
		b <- x
	}()
	x, y := <-b, <-b
	println("big", x.a[99], y.a[99], x.a[50])

	s := make(chan string)
	done := make(chan bool)
	for i := 0; i < 5; i++ {
		go func(k int) {
			s <- "goroutine" + string(rune('0'+k))
			done <- true
		}(i)
	}
	got := map[string]bool{}
	for i := 0; i < 5; i++ {
		got[<-s] = true
		<-done
	}
	println(len(got))

	// Receivers are served in order.
	r := make(chan int)
	order := make(chan int, 10)
	for i := 0; i < 5; i++ {
		ready := make(chan bool)
		go func() {
			close(ready)
			v := <-r
			order <- v*10 + i
		}()
		<-ready
	}
	for i := 0; i < 5; i++ {
		r <- i
	}
	sum := 0
	for i := 0; i < 5; i++ {
		sum += <-order
	}
	println("sum", sum)

	var nilc chan int
	println(len(nilc), cap(nilc))
	try("close nil:", func() { close(nilc) })
	try("send closed:", func() { c <- 1 })
	try("close closed:", func() { close(c) })
	try("woken sender:", func() {
		d := make(chan int)
		go func() { close(d) }()
		d <- 1
	})
	neg := -1
	try("makechan:", func() { _ = make(chan int, neg) })

	// A ring of channels of channels.
	cc := make(chan chan int)
	go func() {
		for k := range cc {
			k <- 42
		}
	}()
	for i := 0; i < 3; i++ {
		k := make(chan int)
		cc <- k
		println(<-k)
	}
}
