// Calls: the cost of a call, a compare and the panic flag that is not there.
package main

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func main() { println(fib(38)) }
