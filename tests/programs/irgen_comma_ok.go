package main

type T struct{ x int }

func get(c chan int) chan int { println("get"); return c }
func idx(i int) int           { println("idx", i); return i }
func two() (int, bool)        { println("two"); return 7, true }

func main() {
	var i int
	var ok any
	p := &i
	a := []int{0, 0, 0}
	c := make(chan int, 3)
	c <- 1
	c <- 2
	c <- 3
	i, ok = <-c
	println(*p, ok.(bool), len(c))
	a[idx(1)], ok = <-get(c)
	println(a[1], ok.(bool), len(c))
	m := map[int]int{4: 5}
	a[i], ok = m[idx(4)]
	println(a[1], ok.(bool))
	*p, ok = two()
	println(i, ok.(bool))
	var e any = 3
	a[*p-5], ok = e.(int)
	println(a[2], ok.(bool))
	a[idx(0)], ok = two()
	println(a[0])
	var q *T
	defer func() { println(recover() != nil, len(c)) }()
	q.x, ok = <-c
}
