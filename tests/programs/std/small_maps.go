package main

// Small maps that do not outlive a function are in its frame; those that do must not be.

import "fmt"

type pair struct{ a, b string }

func fill(m map[int]int, n int) {
	for i := range n {
		m[i] += i
	}
}

func sum(m map[int]int) (s int) {
	for k, v := range m {
		s += k*1000 + v
	}
	return
}

func keep(m map[int]*int) *int { return m[1] }

func walk(seen map[pair]bool, n int) int {
	p := pair{fmt.Sprint(n % 5), "x"}
	if n == 0 || seen[p] {
		return len(seen)
	}
	seen[p] = true
	return walk(seen, n-1)
}

var global map[string]int

func returned(leak bool) map[string]int {
	m := map[string]int{"a": 1}
	if leak {
		global = m
	}
	return m
}

type holder struct{ m map[string]int }

func main() {
	for n := range 20 {
		m := map[int]int{}
		fill(m, n)
		fmt.Println(n, sum(m), len(m))
	}
	m := make(map[int]*int, 4)
	x := 5
	m[1] = &x
	fmt.Println(*keep(m))
	fmt.Println(walk(map[pair]bool{}, 9), walk(make(map[pair]bool, 8), 3))
	a, b := returned(true), returned(false)
	a["b"] = 2
	fmt.Println(global, b)
	h := holder{map[string]int{"q": 1}}
	h.m["r"] = 2
	delete(h.m, "q")
	fmt.Println(len(h.m), h.m["r"], h.m["q"])
	clear(h.m)
	fmt.Println(len(h.m))
	c := make(chan int)
	go func() {
		local := map[int]string{}
		for i := range c {
			local[i] = fmt.Sprint(i)
			if len(local) == 12 {
				c <- len(local[11])
				return
			}
		}
	}()
	for i := range 12 {
		c <- i
	}
	fmt.Println(<-c)
	var prev map[int]int
	for i := range 3 {
		cur := map[int]int{i: i}
		if prev != nil {
			cur[100] = prev[i-1]
		}
		prev = cur
	}
	fmt.Println(prev)
	defer func() {
		fmt.Println(recover())
		var keys [300]byte
		big := map[[300]byte][200]int{}
		big[keys] = [200]int{1: 7}
		fmt.Println(big[keys][1], len(big))
	}()
	f := map[any]int{}
	f[1] = 2
	f[[]int{1}] = 3
}
