// A goroutine's panic with a trace while others wait; GOTRACEBACK=all lists them.
//
//test:trace
//test:env GOTRACEBACK=all
package main

import "time"

func waits(c chan int) {
	c <- 1
}

func main() {
	c := make(chan int)
	go waits(c)
	time.Sleep(10 * time.Millisecond)
	go func() {
		var p *[3]int
		p[1] = 2
	}()
	time.Sleep(time.Hour)
}
