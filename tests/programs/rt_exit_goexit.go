package main

import "runtime"

func main() {
	done := make(chan bool)
	go func() {
		<-done
		println("the other goroutine goes on")
	}()
	defer close(done)
	runtime.Goexit()
}
