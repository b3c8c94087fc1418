package main

func main() {
	var r <-chan int
	var s chan<- int
	var c chan int
	r <- 1
	_ = <-s
	c <- "a"
	for range s {
	}
	for i, v := range c {
	}
	r = s
	c = r
	r = c
	s = c
	select {
	case 1:
	case x := 2:
	case <-s:
	}
}
