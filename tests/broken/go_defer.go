package main

func f() int { return 1 }

func main() {
	go f
	defer 1
	go int(1)
	defer len("a")
	go func() {}
	defer recover()
	go println()
	defer make([]int, 1)
}
