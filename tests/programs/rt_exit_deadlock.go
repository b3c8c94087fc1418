package main

func main() {
	c := make(chan int)
	for i := 0; i < 3; i++ {
		go func() { c <- i }()
	}
	go func() { select {} }()
	for {
		<-c
		println("got one")
	}
}
