package main

// A panic in a goroutine that nobody recovers ends the program, whoever else waits; its deferred calls run before, and may
// wait.

func later[T any](v T) T {
	c := make(chan T)
	go func() { c <- v }()
	return <-c
}

type failure struct {
	code int
	why  string
}

func (f *failure) Error() string { return later(f.why) }

func fails(depth int) int {
	defer func() { println("deferred", later(depth)) }()
	if depth == 0 {
		panic(&failure{7, "nobody recovers"})
	}
	return fails(depth-1) + later(1)
}

func main() {
	defer println("not printed")
	never := make(chan int)
	go func() { <-never }()
	go func() {
		defer func() {
			r := recover()
			println("seen", later(r.(*failure).code))
			panic(r)
		}()
		fails(later(2))
	}()
	<-never
}
