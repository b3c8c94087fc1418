package main

func main() {
	var i int
	var p *int
	var c chan int
	var s string
	_ = *i
	_ = &1
	_ = <-i
	i <- 1
	_ = p + 1
	_ = p < p
	_ = c < c
	s[0] = 'a'
	_ = i[0]
	s++
}
