// Ping-pong: two goroutines pass a ball back and forth over unbuffered channels.
package main

type ball struct {
	hits int
	last string
}

// player hits every ball that comes in and passes it on, until in is closed.
func player(name string, in <-chan *ball, out chan<- *ball) {
	for b := range in {
		b.hits++
		b.last = name
		if b.hits <= 6 {
			println(name, b.hits)
		}
		out <- b
	}
	close(out)
}

func main() {
	const rounds = 100000
	serve := make(chan *ball)
	middle := make(chan *ball)
	back := make(chan *ball)
	go player("ping", serve, middle)
	go player("pong", middle, back)

	b := &ball{}
	for i := 0; i < rounds; i++ {
		serve <- b
		b = <-back
	}
	close(serve)
	_, open := <-back
	println("hits:", b.hits, "last:", b.last, "open:", open)
}
