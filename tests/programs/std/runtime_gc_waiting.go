package main

// Collections while threads are in system calls and parked: what they hold on their stacks and in registers stays.

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

type node struct {
	next *node
	data [4]int
}

func list(n int) *node {
	var l *node
	for i := range n {
		l = &node{next: l, data: [4]int{i, i, i, i}}
	}
	return l
}

func check(l *node, n int) bool {
	for l != nil {
		n--
		if l.data != [4]int{n, n, n, n} {
			return false
		}
		l = l.next
	}
	return n == 0
}

func main() {
	var wg sync.WaitGroup
	bad := 0
	var mu sync.Mutex
	for g := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r, w, _ := os.Pipe()
			// A blocking file: reads block the thread.
			r.Fd()
			w.Fd()
			for i := range 30 {
				l := list(100 + g)
				buf := make([]byte, 1000)
				msg := []byte(fmt.Sprint("message ", i))
				go func() {
					time.Sleep(time.Duration(i%5) * time.Millisecond / 4)
					w.Write(msg)
				}()
				n, _ := r.Read(buf)
				if !check(l, 100+g) || string(buf[:n]) != fmt.Sprint("message ", i) {
					mu.Lock()
					bad++
					mu.Unlock()
				}
			}
		}()
	}
	done := make(chan bool)
	go func() { wg.Wait(); close(done) }()
	n := 0
	for {
		select {
		case <-done:
			fmt.Println("bad:", bad, n > 5)
			return
		default:
			list(1000)
			runtime.GC()
			n++
			runtime.Gosched()
		}
	}
}
