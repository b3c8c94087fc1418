package main

type myErr struct{ code int }

func (e *myErr) Error() string { return "my error\nof two lines" }

func main() {
	defer println("deferred runs")
	defer func() {
		defer func() { panic(&myErr{3}) }()
		panic("second")
	}()
	panic(1.5)
}
