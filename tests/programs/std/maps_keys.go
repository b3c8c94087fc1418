// Maps with keys of every kind: insertion, lookup, deletion, growth, iteration, clearing.
package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
)

type (
	iface interface{ M() int }
	impl  int
	strct struct {
		a int8
		b string
		c float64
		d any
	}
	blank struct {
		x int
		_ int
		y byte
	}
	empty struct{}
	big   struct{ a [20]int }
)

func (i impl) M() int { return int(i) }

func try[K comparable](name string, key func(i int) K) {
	const n = 3000
	m := map[K]int{}
	for i := range n {
		m[key(i)] += i
	}
	size, sum := len(m), 0
	for i := range n {
		v, ok := m[key(i)]
		if !ok {
			fmt.Println(name, "lost", i)
			return
		}
		sum += v
	}
	total := 0
	for _, v := range m {
		total += v
	}
	for i := 0; i < n; i += 2 {
		delete(m, key(i))
	}
	left := len(m)
	c := maps.Clone(m)
	for k := range m {
		delete(m, k)
	}
	for i := range 100 {
		m[key(i)] = 1
	}
	after := len(m)
	clear(m)
	fmt.Println(name, size, sum, total, left, len(c), after, len(m))
}

func main() {
	ptrs := make([]*int, 3000)
	chans := make([]chan int, 3000)
	for i := range ptrs {
		ptrs[i] = new(int)
		chans[i] = make(chan int)
	}
	try("bool", func(i int) bool { return i%2 == 0 })
	try("int8", func(i int) int8 { return int8(i) })
	try("uint16", func(i int) uint16 { return uint16(i * 7) })
	try("int32", func(i int) int32 { return int32(i - 1500) })
	try("int", func(i int) int { return i << 40 })
	try("uint64", func(i int) uint64 { return uint64(i) * 0x9e3779b97f4a7c15 })
	try("uintptr", func(i int) uintptr { return uintptr(i) })
	try("float32", func(i int) float32 { return float32(i) / 3 })
	try("float64", func(i int) float64 { return math.Sqrt(float64(i)) })
	try("complex64", func(i int) complex64 { return complex(float32(i%50), float32(i/50)) })
	try("complex128", func(i int) complex128 { return complex(float64(i), -1) })
	try("string", func(i int) string { return fmt.Sprint("key", i) })
	try("pointer", func(i int) *int { return ptrs[i] })
	try("chan", func(i int) chan int { return chans[i] })
	try("any", func(i int) any {
		switch i % 6 {
		case 0:
			return i
		case 1:
			return fmt.Sprint(i)
		case 2:
			return float64(i)
		case 3:
			return strct{int8(i), "s", 1, i}
		case 4:
			return [2]int{i, i}
		}
		return nil
	})
	try("iface", func(i int) iface { return impl(i) })
	try("array", func(i int) [3]int16 { return [3]int16{int16(i), int16(i >> 8), 1} })
	try("strarray", func(i int) [2]string { return [2]string{"x", fmt.Sprint(i)} })
	try("struct", func(i int) strct { return strct{int8(i), fmt.Sprint(i / 256), 0.5, i % 3} })
	try("blank", func(i int) blank { return blank{x: i, y: byte(i)} })
	try("empty", func(i int) empty { return empty{} })
	try("array0", func(i int) [0]int { return [0]int{} })
	try("big", func(i int) big { var b big; b.a[i%20] = i; return b })

	nan := math.NaN()
	m := map[float64]int{nan: 1, 0: 2}
	m[nan] = 3
	m[math.Copysign(0, -1)] = 4
	_, ok := m[nan]
	delete(m, nan)
	fmt.Println(len(m), ok, m[0])
	fmt.Println(map[float64]int{1: 1, -1: 2, math.Inf(1): 3, math.Inf(-1): 4, 0: 5})
	clear(m)
	fmt.Println(len(m))

	for _, k := range []any{[]int{1}, map[int]int{}, func() {}, struct{ f func() }{}, [1]any{[]int{}}} {
		func() {
			defer func() { fmt.Println(recover()) }()
			x := map[any]int{}
			x[k] = 1
		}()
		func() {
			defer func() { fmt.Println(recover()) }()
			x := map[any]int{"a": 1}
			_ = x[k]
		}()
		func() {
			defer func() { fmt.Println(recover()) }()
			var x map[any]int
			_ = x[k]
			fmt.Println("no panic")
		}()
	}
	func() {
		defer func() { fmt.Println(recover()) }()
		var x map[string]int
		fmt.Println(x["q"], len(x))
		delete(x, "q")
		for range x {
		}
		x["a"]++
	}()

	// Deleting and adding while iterating.
	grow := map[int]int{}
	for i := range 50 {
		grow[i] = i
	}
	seen := map[int]int{}
	for k := range grow {
		seen[k]++
		delete(grow, (k+1)%50)
		if k < 50 {
			grow[k+1000] = 0
		}
		if len(seen) > 1000 {
			break
		}
	}
	for k, v := range seen {
		if v != 1 {
			fmt.Println("seen twice", k)
		}
	}
	vals := map[string][]int{}
	for i := range 100 {
		k := string(rune('a' + i%7))
		vals[k] = append(vals[k], i)
	}
	keys := slices.Sorted(maps.Keys(vals))
	for _, k := range keys {
		fmt.Print(k, len(vals[k]), " ")
	}
	fmt.Println()
	all := slices.Collect(maps.Values(map[int]string{1: "x", 2: "y"}))
	sort.Strings(all)
	fmt.Println(all, maps.Equal(map[int]int{1: 2}, map[int]int{1: 2}), maps.EqualFunc(map[int]int{1: 2}, map[int]string{1: "2"}, func(a int, b string) bool { return fmt.Sprint(a) == b }))
	mm := maps.Collect(slices.All([]string{"p", "q"}))
	maps.DeleteFunc(mm, func(k int, v string) bool { return v == "p" })
	maps.Copy(mm, map[int]string{7: "r"})
	maps.Insert(mm, maps.All(map[int]string{8: "s"}))
	fmt.Println(mm)
	nested := map[[2]string]map[int]*[]string{{"a", "b"}: {1: {"deep"}}}
	*nested[[2]string{"a", "b"}][1] = append(*nested[[2]string{"a", "b"}][1], "er")
	fmt.Println(*nested[[2]string{"a", "b"}][1])
}
