// Loops without calls in functions that wait: they become functions of their own, and do what they did.
package main

import "errors"

type point struct{ x, y int }

func sums(c chan int, a []int, p *point, k int) (s, last int) {
	k += <-c
	for i, v := range a {
		if v < 0 {
			break
		}
		s += v * k
		p.x += i
		last = i
	}
	<-c
	for p.y < 100 {
		p.y += k
	}
	for i := 0; i < len(a); i++ {
		for j := i; j < len(a); j++ {
			if a[i] > a[j] {
				a[i], a[j] = a[j], a[i]
			}
		}
	}
	<-c
	return
}

func fails(c chan int, a []int, n int) (err error) {
	found := 0
	defer func() {
		<-c
		if r := recover(); r != nil {
			err = r.(error)
			println("found", found)
		}
	}()
	<-c
	for i := 0; i <= n; i++ {
		found += a[i]
	}
	<-c
	return errors.New("not reached")
}

func divides(c chan int, a []int) (total int) {
	defer func() { recover(); total = -total - <-c }()
	<-c
	for _, v := range a {
		total += 100 / v
	}
	return total
}

func text(c chan int, s string) (n int, b [4]int) {
	for range 2 {
		<-c
		for i := 0; i < len(s); i++ {
			n = n*31 + int(s[i])
			b[i%4] ^= n
		}
	}
	return
}

func endless(c chan int, stop *int) int {
	n := <-c
	for {
		n++
		if n%7 == 0 {
			if *stop < n {
				return n
			}
		}
	}
}

func main() {
	c := make(chan int)
	go func() {
		for {
			c <- 2
		}
	}()
	p := point{1, 1}
	a := []int{5, 3, 9, 1, 7, -1, 4}
	println(sums(c, a, &p, 3))
	for _, v := range a {
		print(v, " ")
	}
	println(p.x, p.y)
	println(fails(c, a, len(a)).Error())
	println(fails(c, a, 3).Error())
	println(divides(c, []int{1, 2, 5, 0, 4}), divides(c, []int{10}))
	n, b := text(c, "a loop that does not wait")
	println(n, b[0], b[1], b[2], b[3])
	stop := 1000
	println(endless(c, &stop))
}
