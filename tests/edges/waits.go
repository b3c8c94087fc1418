// Suspends in loops, chains of awaits, goroutines that wait for ever, panics through suspended frames: the counts of this
// program's edges are the same whether its goroutines are coroutines or threads. It ends in a deadlock, when every
// goroutine is where it stays.
package main

import "runtime"

type tree struct {
	left, right *tree
	value       int
}

func build(n int) *tree {
	if n == 0 {
		return nil
	}
	return &tree{build(n - 1), build(n - 2 + n%2), n}
}

// walk sends in a recursion: a chain of awaits as deep as the tree.
func walk(t *tree, out chan<- int) {
	if t == nil {
		return
	}
	walk(t.left, out)
	if t.value%3 != 1 {
		out <- t.value
	}
	walk(t.right, out)
}

func leaf(c chan int) int {
	v := <-c
	if v%2 == 0 {
		runtime.Gosched()
		return v / 2
	}
	return 3*v + 1
}

func middle(c chan int) int {
	total := 0
	for i := 0; i < 3; i++ {
		switch v := leaf(c); {
		case v > 20:
			total += 2
		case v > 10:
			continue
		default:
			total++
		}
	}
	return total
}

func outer(c chan int, done chan<- int) {
	sum := 0
	for round := 0; round < 4 && sum < 1000; round++ {
		sum += middle(c)
	}
	done <- sum
	for {
		if middle(c) < 0 { // waits for ever: nobody sends
			println("never")
		}
	}
}

func forever(in <-chan int, tick chan<- bool) {
	seen := 0
	for {
		select {
		case v := <-in:
			if v > 5 {
				seen++
			}
		}
		tick <- seen > 2
	}
}

func risky(c chan int, i int) (result int) {
	defer func() {
		if r := recover(); r != nil {
			<-c
			result = -i
		}
	}()
	if i%4 == 0 {
		panic("four")
	}
	runtime.Gosched()
	if i%3 == 0 {
		var p *tree
		return p.value
	}
	return i
}

type waiter interface{ wait(c chan int) int }

type once struct{}
type twice struct{ n int }

func (once) wait(c chan int) int { return <-c }
func (t *twice) wait(c chan int) int {
	for t.n < 2 {
		t.n++
		if <-c == 7 {
			return 7
		}
	}
	return 0
}

func main() {
	results := make(chan int)
	go func() {
		walk(build(7), results)
		close(results)
	}()
	sum := 0
	for v := range results {
		sum += v
	}

	c, done := make(chan int), make(chan int, 1)
	go outer(c, done)
	for i := range 12 {
		c <- i * i % 23
	}
	sum += <-done

	in, tick := make(chan int), make(chan bool)
	go forever(in, tick)
	for i := range 10 {
		in <- i
		if <-tick {
			sum++
		}
	}

	unblock := make(chan int)
	go func() {
		for {
			unblock <- 1
		}
	}()
	for i := range 13 {
		sum += risky(unblock, i)
	}

	numbers := make(chan int, 4)
	for _, w := range []waiter{once{}, &twice{}, &twice{1}} {
		for i := range 3 {
			numbers <- i + 6
			numbers <- i
			sum += w.wait(numbers)
			for len(numbers) > 0 {
				<-numbers
			}
		}
	}
	f := func(n int) func() int {
		return func() int {
			for range n {
				sum += <-unblock
			}
			return n
		}
	}
	for n := range 3 {
		sum += f(n)()
	}
	println(sum)
	select {}
}
