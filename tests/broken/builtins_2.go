package main

func main() {
	var m map[string]int
	var s []int
	_ = append(1, 2)
	_ = append(s, "a")
	append(s, 1)
	copy(s, "a")
	delete(s, 1)
	delete(m, 1)
	close(s)
	var r <-chan int
	close(r)
	_ = complex(1, "a")
	_ = panic(1)
}
