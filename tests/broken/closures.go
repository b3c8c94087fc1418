package main

func main() {
	var fib func(int) int
	fib := func(n int) int { return fib(n - 1) }
	f := func(x int) { return x }
	g := func() int { println() }
	var h func(string) = func(x int) {}
	f("a")
	func() { x := 1 }()
	_, _ = g, h
}
