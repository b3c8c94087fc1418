// Callers' lines in functions that wait: every caller stands where it waits or calls.
package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

func lines() string {
	pcs := make([]uintptr, 32)
	n := runtime.Callers(2, pcs)
	frames := runtime.CallersFrames(pcs[:n])
	var out []string
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "main.") {
			out = append(out, fmt.Sprintf("%s:%d", f.Function, f.Line))
		}
		if !more {
			break
		}
	}
	return strings.Join(out, " ")
}

func recv(c chan int) string {
	x := <-c
	s := lines()
	y := <-c
	return fmt.Sprint(x, y, " ", s, "\n      ", lines())
}

func middle(c chan int, deep int) string {
	if deep > 0 {
		s := ""
		s +=
			middle(c, deep-1)
		return s
	}

	return recv(c)
}

func loop(c chan int) string {
	s := ""
	for i := range 2 {
		if i == 1 {
			s += recv(c)
		} else {
			s += middle(c, 1)
		}
		s += "\n    "
	}
	return s
}

type waiter interface{ wait() string }

type sleeper struct{ d time.Duration }

func (s sleeper) wait() string {
	time.Sleep(s.d)
	return lines()
}

func through(w waiter) string {
	return w.wait()
}

func deferred(c chan int) (s string) {
	defer func() {
		<-c
		s = lines()
	}()
	return ""
}

func main() {
	c := make(chan int)
	go func() {
		for i := range 100 {
			c <- i
		}
	}()
	fmt.Println(recv(c))
	fmt.Println(middle(c, 3))
	fmt.Println(loop(c))
	fmt.Println(through(sleeper{time.Millisecond}))
	fmt.Println(deferred(c))
	func() {
		fmt.Println(middle(c, 0))
	}()
	done := make(chan string)
	go func() {
		done <- through(sleeper{1}) + " " +
			middle(c, 1)
	}()
	fmt.Println(<-done)
}
