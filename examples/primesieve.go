// The prime sieve: a chain of goroutines, each of which keeps back the multiples of one prime.
package main

// generate sends 2, 3, 4, … to ch.
func generate(ch chan<- int) {
	for i := 2; ; i++ {
		ch <- i
	}
}

// filter copies what comes from in to out, but for the multiples of prime.
func filter(in <-chan int, out chan<- int, prime int) {
	for {
		i := <-in
		if i%prime != 0 {
			out <- i
		}
	}
}

func main() {
	ch := make(chan int)
	go generate(ch)
	for i := 0; i < 100; i++ {
		prime := <-ch
		print(prime)
		if i%10 == 9 {
			print("\n")
		} else {
			print(" ")
		}
		next := make(chan int)
		go filter(ch, next, prime)
		ch = next
	}
}
