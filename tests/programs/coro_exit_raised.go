package main

// A panic raised again while the frames above wait: main's own, through suspended frames.

func later[T any](v T) T {
	c := make(chan T)
	go func() { c <- v }()
	return <-c
}

func inner() {
	defer func() {
		r := recover()
		later(0)
		panic(r.(string) + later(", raised"))
	}()
	panic(later("first"))
}

func main() {
	defer println("main's deferred call", later(1))
	defer func() { println("waits", later(2)) }()
	inner()
	println("not reached")
}
