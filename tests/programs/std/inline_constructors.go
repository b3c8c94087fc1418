package main

// Constructors are inlined where what they make stays in the frame: the program can tell by what is allocated, and by
// nothing else.

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"
)

type point struct{ x, y int }

func newPoint(x, y int) *point {
	if x < 0 {
		panic("negative")
	}
	return &point{x, y}
}

func diagonal(x int) *point { return newPoint(x, x) }

type shape interface{ area() int }

func (p *point) area() int { return p.x * p.y }

func square(x int) shape {
	if x > 100 {
		return nil
	}
	return newPoint(x, x)
}

type named struct {
	name   string
	caller string
}

func place(skip int) string {
	pc := make([]uintptr, 1)
	if runtime.Callers(skip+2, pc) == 0 {
		return "?"
	}
	frame, _ := runtime.CallersFrames(pc).Next()
	return fmt.Sprint(frame.Function, ":", frame.Line)
}

func newNamed(name string) *named { return &named{name, place(0) + " " + place(1)} }

type stack struct {
	items []int
	under *stack
}

func push(s *stack, items ...int) *stack { return &stack{items, s} }

func sum(s *stack) (n int) {
	for ; s != nil; s = s.under {
		for _, item := range s.items {
			n += item
		}
	}
	return
}

func counter() func() int {
	n := 0
	return func() int { n++; return n }
}

func pair(x int) (*point, error) {
	if x < 0 {
		return nil, errors.New("negative")
	}
	return &point{x, 1}, nil
}

type large struct{ words [40]int }

func newLarge(first int) (large, *point) {
	if first == 0 {
		return large{}, nil
	}
	var l large
	l.words[39] = first
	return l, &point{first, first}
}

var kept *point
var data = []byte("some bytes")
var words = []uint16{'a', 0xd83d, 0xde00}

func count(what string, f func()) {
	fmt.Println(what, testing.AllocsPerRun(50, f))
}

func main() {
	total := 0
	count("diagonal", func() {
		for i := range 10 {
			total += diagonal(i).area()
		}
	})
	count("interface", func() {
		if square(3) != nil {
			total++
		}
	})
	count("kept", func() { kept = newPoint(1, 2) })
	count("chain", func() { total += sum(push(push(nil, 1, 2), 3)) })
	count("closure", func() { next := counter(); total += next() + next() })
	count("error", func() {
		if p, err := pair(5); err == nil {
			total += p.x
		}
	})
	count("bytes.NewBuffer", func() { total += bytes.NewBuffer(data).Len() })
	count("strings.NewReader", func() { total += strings.NewReader("abc").Len() })
	count("utf16.Decode", func() { total += len(utf16.Decode(words)) })
	count("errors.New", func() {
		if errors.New("x") == nil {
			total++
		}
	})
	count("Errorf", func() {
		if fmt.Errorf("x") == nil {
			total++
		}
	})
	count("bufio.NewReaderSize", func() { total += bufio.NewReaderSize(strings.NewReader("abc"), 16).Size() })
	l, p := newLarge(7)
	fmt.Println(total, l.words[39], p.y)

	n := newNamed("a")
	fmt.Println(n.name, n.caller)
	func() {
		defer func() {
			fmt.Println(recover(), place(0), place(3), place(4))
		}()
		fmt.Println(diagonal(-1).area())
	}()
	var last *point
	for i := range 4 {
		p := newPoint(i, i)
		if last != nil {
			total += last.x*10 + p.x
		}
		last = p
	}
	fmt.Println(total, last.x)
}
