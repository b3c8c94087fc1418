package main

// Select: default, fairness, closed and nil channels, sends, both directions at once, many goroutines.

func main() {
	a, b := make(chan int, 1), make(chan int, 1)
	select {
	case v := <-a:
		println("a", v)
	default:
		println("default")
	}
	counts := [2]int{}
	for i := 0; i < 10000; i++ {
		a <- 1
		b <- 2
		select {
		case <-a:
			counts[0]++
			<-b
		case <-b:
			counts[1]++
			<-a
		}
	}
	println("fair", counts[0] > 4000 && counts[1] > 4000)

	close(a)
	select {
	case v, ok := <-a:
		println(v, ok)
	case <-b:
		println("b")
	}
	var n chan int
	select {
	case <-n:
		println("nil")
	case n <- 1:
		println("nil")
	case b <- 5:
		println("sent", len(b))
	}
	println(<-b)

	// Waiting: a sender, a receiver and a closer wake the select in turn.
	c, d, e, quit := make(chan int), make(chan string), make(chan int), make(chan bool)
	got := 0
	go func() {
		c <- 1
		d <- "two"
		got = <-e
		close(quit)
	}()
	for run := true; run; {
		select {
		case v := <-c:
			println("c", v)
		case s := <-d:
			println("d", s)
		case e <- 3:
			println("e")
		case _, ok := <-quit:
			println("quit", ok)
			run = false
		}
	}
	println("got", got)

	// Two selects against each other: each value passes once.
	x, y := make(chan int), make(chan int)
	done := make(chan int)
	sender := func(from int) {
		for i := 0; i < 500; i++ {
			select {
			case x <- from + i:
			case y <- from + i:
			}
		}
		done <- -1
	}
	receiver := func() {
		sum := 0
		for i := 0; i < 1000; i++ {
			select {
			case v := <-x:
				sum += v
			case v := <-y:
				sum += v
			}
		}
		done <- sum
	}
	for i := 0; i < 4; i++ {
		go sender(i * 1000)
	}
	go receiver()
	go receiver()
	total := 0
	for i := 0; i < 6; i++ {
		if v := <-done; v >= 0 {
			total += v
		}
	}
	println("total", total)

	func() {
		defer func() { println(recover().(error).Error()) }()
		select {
		case a <- 1:
		}
	}()
	func() {
		defer func() { println(recover().(error).Error()) }()
		z := make(chan int)
		go func() { close(z) }()
		select {
		case z <- 1:
		case <-n:
		}
	}()

	// The same channel in several cases.
	m := make(chan int)
	go func() { m <- 9 }()
	select {
	case v := <-m:
		println(v)
	case v := <-m:
		println(v)
	}
	for i := 0; i < 3; i++ {
		select {
		case m <- i:
		default:
			println("nobody")
		}
	}
}
