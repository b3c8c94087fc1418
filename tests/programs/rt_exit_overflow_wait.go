package main

// The same in a function that may wait: its frames count too.
func f(n int, c chan int) int {
	if n < 0 {
		return <-c
	}
	return f(n+1, c)*3 + f(n-2, c)
}

func main() {
	println(f(0, make(chan int)))
}
