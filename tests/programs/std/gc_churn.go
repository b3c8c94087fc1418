//test:args 1
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// Allocates so many GB, objects of all sizes, with some 50 MB alive at any time, and says whether memory stayed bounded.
// bench/memory/churn.sh has it allocate 100 GB.

type object struct {
	next *object
	data []byte
	ptrs []*object
	more [3]*object
}

const alive = 32 << 20

var (
	ring  [1 << 12]*object
	bytes int
	total int
	seed  = uint32(1)
)

func random(n int) int {
	seed = seed*1664525 + 1013904223
	return int(uint64(seed) * uint64(n) >> 32)
}

func size(o *object) int {
	if o == nil {
		return 0
	}
	return len(o.data) + 8*len(o.ptrs) + 96
}

func step(i int) {
	at := i % len(ring)
	o := &object{}
	switch random(16) {
	case 0:
		o.data = make([]byte, random(128<<10))
	case 1:
		o.ptrs = make([]*object, random(4<<10))
		for k := range o.ptrs {
			if k%64 == 0 {
				o.ptrs[k] = &object{}
			}
		}
	default:
		o.data = make([]byte, random(1<<10))
		o.next = &object{data: make([]byte, 16)}
	}
	total += size(o)
	bytes += size(o) - size(ring[at])
	ring[at] = o
	if bytes > alive {
		panic("more is alive than was meant")
	}
}

func peak() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.Atoi(strings.Fields(text)[0])
			if err != nil {
				panic(err)
			}
			return kb << 10
		}
	}
	panic("no VmHWM")
}

func main() {
	gb, _ := strconv.Atoi(os.Args[1])
	tree := grow(19) // 24 MB or so
	for i := 0; total < gb<<30; i++ {
		step(i)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Println("allocated", m.TotalAlloc > uint64(gb)<<30, "bounded", peak() < 200<<20, "tree", tree.count())
	if len(os.Args) > 2 {
		fmt.Printf("%d collections, %d MB peak, %d MB heap, pauses: %d us in the mean\n", m.NumGC, peak()>>20, m.HeapAlloc>>20, m.PauseTotalNs/1000/uint64(m.NumGC))
	}
}

type node struct {
	left, right *node
	value       int
}

func grow(depth int) *node {
	if depth == 0 {
		return &node{value: 1}
	}
	return &node{grow(depth - 1), grow(depth - 1), 0}
}

func (n *node) count() int {
	if n == nil {
		return 0
	}
	return n.value + n.left.count() + n.right.count()
}
