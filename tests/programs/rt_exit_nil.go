package main

type T struct{ a, b int }

func get(t *T) int { return t.b }

func main() {
	c := make(chan int)
	go func() {
		println("in a goroutine")
		println(get(nil))
	}()
	<-c
}
