// Two hundred concurrency programs in one executable, so that one build serves all of them. Each prints the same at every
// run, however its goroutines are scheduled; run.py runs them, and compares with what real Go prints (TOPIC.out).
//
//	concurrency -list          the programs: topic and name
//	concurrency NAME...        run these programs
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
)

type program struct {
	name string
	run  func()
}

var topics = map[string][]program{}

// topic registers programs.
func topic(name string, programs ...program) bool {
	topics[name] = append(topics[name], programs...)
	return true
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "-list" {
		for name, programs := range topics {
			for _, p := range programs {
				fmt.Println(name, p.name)
			}
		}
		return
	}
	for _, name := range os.Args[1:] {
		find(name).run()
	}
}

func find(name string) program {
	for _, programs := range topics {
		for _, p := range programs {
			if p.name == name {
				return p
			}
		}
	}
	fmt.Fprintln(os.Stderr, "no such program:", name)
	os.Exit(1)
	panic("unreachable")
}

// each runs f(0) … f(n-1) in goroutines of their own and waits for all.
func each(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

// caught is what f panics with, as text; "" if it does not.
func caught(f func()) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprint(r)
		}
	}()
	f()
	return ""
}

// blocked waits until n goroutines wait in this state, as traces call it.
func blocked(n int, state string) {
	buf := make([]byte, 1<<18)
	for strings.Count(string(buf[:runtime.Stack(buf, true)]), " ["+state+"]:\n") < n {
		runtime.Gosched()
	}
}

func sum(xs ...int) (s int) {
	for _, x := range xs {
		s += x
	}
	return s
}
