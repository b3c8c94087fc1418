// Allocations per call of functions in which goir allocates more than gc, or that need the library: a line each.
// Those in which both allocate the same are in tests/programs/irgen_allocations.go.
package main

import (
	"fmt"
	"runtime"
	"sort"
	"strconv"
	"strings"
)

type point struct{ x, y int }

func (p point) sum() int { return p.x + p.y }

type shape interface{ sum() int }

var (
	sink   int
	text   = "a,b,c"
	number = 300
)

//go:noinline
func describe(s shape) int { return s.sum() }

var cases = []struct {
	name string
	f    func()
}{
	{"append from nil, small", func() {
		var s []int
		for i := 0; i < 4; i++ {
			s = append(s, i)
		}
		sink += len(s)
	}},
	{"interface of a struct", func() { sink += describe(point{7, 8}) }},
	{"strings.Builder", func() {
		var b strings.Builder
		b.Grow(32)
		b.WriteString(text)
		b.WriteByte('!')
		sink += len(b.String())
	}},
	{"strings.Split", func() { sink += len(strings.Split(text, ",")) }},
	{"strings.Index", func() { sink += strings.Index(text, "c") }},
	{"strings.Fields loop", func() {
		for f := range strings.SplitSeq(text, ",") {
			sink += len(f)
		}
	}},
	{"strconv.Itoa small", func() { sink += len(strconv.Itoa(7)) }},
	{"strconv.Itoa", func() { sink += len(strconv.Itoa(number)) }},
	{"strconv.AppendInt", func() { var b [20]byte; sink += len(strconv.AppendInt(b[:0], int64(number), 10)) }},
	{"strconv.Atoi", func() { n, _ := strconv.Atoi("123"); sink += n }},
	{"defer in a loop", func() {
		for i := 0; i < 3; i++ {
			defer func() { sink += i }()
		}
	}},
	{"small map that stays", func() { m := map[int]int{1: 2}; sink += m[1] }},
	{"map of strings", func() {
		m := make(map[string]int)
		m["a"] = 1
		m[text]++
		sink += len(m)
	}},
	{"sort.Ints", func() { a := [5]int{5, 2, 4, 1, 3}; sort.Ints(a[:]); sink += a[0] }},
	{"sort.Slice", func() {
		a := []int{5, 2, 4, 1, 3}
		sort.Slice(a, func(i, j int) bool { return a[i] < a[j] })
		sink += a[0]
	}},
	{"fmt.Sprintf", func() { sink += len(fmt.Sprintf("%d-%s", number, text)) }},
	{"fmt.Sprint of a small integer", func() { sink += len(fmt.Sprint(5)) }},
	{"channel", func() { c := make(chan int, 1); c <- 1; sink += <-c }},
	{"slice of interfaces", func() { s := []shape{point{1, 2}, &point{3, 4}}; sink += s[0].sum() + s[1].sum() }},
	{"error that is compared", func() {
		if _, err := strconv.Atoi("x"); err != nil {
			sink++
		}
	}},
}

func allocs(f func()) uint64 {
	const rounds = 100
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := 0; i < rounds; i++ {
		f()
	}
	runtime.ReadMemStats(&after)
	return (after.Mallocs - before.Mallocs) / rounds
}

func main() {
	for _, c := range cases {
		fmt.Printf("%-36s%d\n", c.name, allocs(c.f))
	}
}
