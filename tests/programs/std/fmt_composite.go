// fmt on structs, maps, slices, pointers, interfaces, functions and channels.
package main

import (
	"fmt"
	"unsafe"
)

type point struct{ X, Y int }

type inner struct {
	Name string
	p    *point
	f    float64
}

type outer struct {
	inner
	A   any
	B   []any
	M   map[string]int
	E   error
	Fn  func(int) string
	Ch  chan int
	Ptr *int
	U   unsafe.Pointer
	Arr [2]bool
	C   complex64
}

type node struct {
	V    int
	Next *node
}

type rec struct {
	Kids []rec
	Attr map[string]rec
}

type (
	named                     map[string][]int
	intSlice                  []int
	pair[K comparable, V any] struct {
		Key K
		Val V
	}
	iface interface{ M() }
)

// plainErr is printed without an address by every verb.
type plainErr string

func (e plainErr) Error() string { return string(e) }

func main() {
	var nilIface iface
	var nilErr error
	values := []any{
		nil,
		point{1, -2},
		&point{3, 4},
		[]point{{1, 2}, {3, 4}},
		[]*point{nil},
		[2]point{},
		map[string]int{"b": 2, "a": 1, "c": 3},
		map[int]string{3: "c", -1: "a", 2: "b"},
		map[point]bool{{2, 1}: true, {1, 2}: false},
		map[bool]float64{true: 1.5, false: -0.5},
		map[any]any{"s": 1, "r": "t", "q": nil, "p": []int{1}},
		map[[2]int]string{{1, 2}: "x", {0, 9}: "y"},
		map[string]map[string]int{"outer": {"z": 1, "y": 2}},
		map[string]int(nil),
		map[string]int{},
		&map[string]int{"k": 1},
		&[]int{1, 2},
		&[2]int{1, 2},
		inner{"n", nil, 2.5},
		outer{},
		outer{inner: inner{Name: "deep"}, A: point{5, 6}, B: []any{1, "two", 3.0, nil, []int{4}}, M: map[string]int{"q": 9}, E: plainErr("bad"), Arr: [2]bool{true, false}, C: 1 + 2i},
		&outer{A: point{1, 1}},
		node{1, nil},
		rec{Kids: []rec{{}, {Kids: []rec{{}}}}, Attr: map[string]rec{"a": {}}},
		named{"x": {1, 2}, "w": nil},
		intSlice{1, 2, 3},
		pair[string, int]{"k", 5},
		pair[point, []pair[int, bool]]{point{1, 2}, []pair[int, bool]{{7, true}}},
		struct{}{},
		struct {
			a int
			B string `json:"b"`
		}{1, "x"},
		[]any{nilIface, nilErr, (*point)(nil), (*int)(nil), (func())(nil), (chan int)(nil), unsafe.Pointer(nil)},
		[]error{plainErr("e1"), nil},
		[][]int{{1}, {2, 3}, nil},
		[]map[string]bool{{"t": true}, nil},
		[3]any{1, "x", point{}},
		(*point)(nil),
		(**point)(nil),
		(func())(nil),
		(chan<- string)(nil),
		(*outer)(nil),
		uintptr(0),
		[]uintptr{1, 2},
		[]bool{true, false},
		[]float32{1, 0.1},
		[]complex128{1i},
		[]rune{'a', '世'},
		[]int8{-1, 65},
	}
	formats := []string{"%v", "%+v", "%#v", "%T", "%d", "%s", "%q", "%x", "%X", "%t", "%6.2f", "%-8v|", "%08v", "%+d", "%#x", "% x", "%5t", "%c", "%U", "%e", "%g", "%o", "%b"}
	for i, v := range values {
		for _, f := range formats {
			fmt.Printf("%d %s: ", i, f)
			fmt.Printf(f, v)
			fmt.Println()
		}
	}
	// %p of what is nil; what points is only compared.
	fmt.Printf("%p %p %p %p %p\n", (*int)(nil), map[int]int(nil), (func())(nil), (chan int)(nil), []int(nil))
	p := &point{1, 2}
	pp := &p
	fmt.Println(fmt.Sprintf("%p", p) == fmt.Sprintf("%v", pp)[0:0]+fmt.Sprintf("%#x", uintptr(unsafe.Pointer(p))))
	fmt.Println(fmt.Sprintf("%v", pp) == fmt.Sprintf("%p", pp))
	fmt.Println(fmt.Sprintf("%v", []*point{p}) == fmt.Sprintf("[%p]", p))
	fmt.Println(fmt.Sprintf("%+v", struct{ P *point }{p}) == fmt.Sprintf("{P:%p}", p))
	fmt.Printf("%p %p %p\n", 5, "x", p == nil)
	s := []int{1, 2}
	fmt.Println(fmt.Sprintf("%p", s) == fmt.Sprintf("%p", &s[0]))
	// A cycle through pointers ends at the first pointer.
	n := &node{1, nil}
	n.Next = n
	fmt.Println(len(fmt.Sprint(n)) > 5, fmt.Sprintf("%v", *n)[:3])
	var self any
	m := map[string]any{"self": &self}
	fmt.Println(len(fmt.Sprint(m)) > 10)
}
