// Programs that end by a fault, in one executable; tests/many_programs.py runs them, and compares what they print, traces
// included, and their exit status with real Go's.
//
//	faults -list      the programs: topic, name, and what is special
//	faults NAME       run this one
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

type program struct {
	name string
	run  func()
	// special: "text": the trace is not compared, because luck or the run-time system's own functions decide what is
	// in it; "parallel": needs several workers.
	special string
}

var topics = map[string][]program{}

func topic(name string, programs ...program) bool {
	topics[name] = append(topics[name], programs...)
	return true
}

func main() {
	for name, programs := range topics {
		for _, p := range programs {
			if os.Args[1] == "-list" {
				fmt.Println(name, p.name, p.special)
			} else if os.Args[1] == p.name {
				p.run()
			}
		}
	}
}

// blocked waits until n goroutines wait in this state, as traces call it.
func blocked(n int, state string) {
	buf := make([]byte, 1<<18)
	for strings.Count(string(buf[:runtime.Stack(buf, true)]), " ["+state+"]:\n") < n {
		runtime.Gosched()
	}
}

// Values that the compilers cannot know.
var (
	zero  = len(os.Args) - len(os.Args)
	one   = zero + 1
	big   = zero + 1000
	array [8]int
	sink  any
)

// ints is a slice of length 3 and capacity 5.
//
//go:noinline
func ints() []int { return array[:3:5] }
