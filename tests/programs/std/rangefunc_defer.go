package main

import "fmt"

func seq(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		defer fmt.Println("seq done", n)
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func deferIn() (r int) {
	defer func() { r *= 2 }()
	for i := range seq(3) {
		defer func() { fmt.Println("deferred", i, r); r += i }()
		if i == 1 {
			return 10
		}
	}
	return 1
}

func nested() (s string) {
	for i := range seq(2) {
		for j := range seq(2) {
			defer fmt.Println("d", i, j)
			s += fmt.Sprint(i, j, ";")
		}
	}
	return s
}

func rec() {
	defer func() {
		for i := range seq(3) {
			if r := recover(); r != nil {
				fmt.Println("recovered", r, i)
				break
			}
		}
	}()
	panic("p")
}

func deferRecover() (err error) {
	for range seq(1) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("caught %v", r)
			}
		}()
		panic("boom")
	}
	return nil
}

func deferRecoverBuiltin() {
	for range seq(1) {
		defer recover()
	}
	fmt.Println("still")
}

func gotoOut() int {
	n := 0
again:
	n++
	for i := range seq(4) {
		for j := range seq(4) {
			if n < 3 {
				goto again
			}
			if i+j == 3 {
				goto out
			}
			n += 10
		}
	}
	return -1
out:
	return n
}

func gotoMid() {
	i := 0
	for x := range seq(3) {
	retry:
		for y := range seq(3) {
			i++
			if y == 1 && i < 4 {
				fmt.Println("retry", x, y, i)
				goto retry
			}
			fmt.Println(x, y, i)
			if y == 2 { goto end }
		}
	}
end:
	fmt.Println("end", i)
}

func loopDefer() {
	for i := 0; i < 2; i++ {
		for j := range seq(2) {
			defer func() { fmt.Println("ld", i, j) }()
		}
	}
	fmt.Println("ld end")
}

func inLit() {
	f := func() (x int) {
		for j := range seq(2) {
			defer func() { x += j + 1 }()
		}
		return 5
	}
	fmt.Println("inLit", f())
}

type T struct{ n int }

func (t *T) Close() { fmt.Println("close", t.n) }

func methodsDefer() {
	for i := range seq(3) {
		t := &T{i}
		defer t.Close()
	}
	for i := range seq(2) {
		defer func(k int) {
			for j := range seq(1) {
				defer fmt.Println("inner", i, j, k)
			}
		}(i * 10)
	}
}

func panicThrough() {
	defer func() { fmt.Println("pt", recover()) }()
	for i := range seq(3) {
		defer fmt.Println("pt deferred", i)
		if i == 1 {
			panic("in body")
		}
	}
}

func recoverInBodyDirect() {
	// recover called in a body that is not in a deferred function
	for range seq(1) {
		fmt.Println("direct", recover())
	}
}

func main() {
	fmt.Println(deferIn())
	fmt.Println(nested())

	fmt.Println(deferRecover())
	func() {
		deferRecoverBuiltin()
	}()
	fmt.Println(gotoOut())
	gotoMid()
	loopDefer()
	inLit(); multi()
	methodsDefer()
	panicThrough()
	recoverInBodyDirect()
}

// The same jumps from two loops, and out of three.
func multi() {
	n := 0
outer:
	for a := range seq(3) {
		for b := range seq(3) {
			for c := range seq(3) {
				n++
				switch {
				case a == 0 && b == 1:
					continue outer
				case a == 1 && c == 1:
					goto next
				case a == 2:
					break outer
				}
			}
		next:
			if b == 2 {
				goto done
			}
		}
	}
done:
	fmt.Println("multi", n)
	c := make(chan int)
	go func() {
		for i := range 4 {
			c <- i
		}
		close(c)
	}()
	func() {
		for range seq(2) {
			defer func() { fmt.Println("waits", <-c) }()
			fmt.Println("now", <-c)
		}
	}()
	var f func()
	defer func() { fmt.Println(recover()) }()
	for range seq(1) {
		defer f()
	}
}
