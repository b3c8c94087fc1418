// The generic packages: slices, maps, cmp, iter.
package main

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

type named []string

func gen(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Print("<end>")
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func filter[T any](s iter.Seq[T], ok func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		for v := range s {
			if ok(v) && !yield(v) {
				return
			}
		}
	}
}

func main() {
	s := []int{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5}
	t := slices.Clone(s)
	slices.Sort(t)
	fmt.Println(t, slices.Compact(slices.Clone(t)), slices.Max(s), slices.Min(s), slices.Contains(s, 9), slices.Index(s, 5), slices.IndexFunc(s, func(x int) bool { return x > 4 }))
	slices.Reverse(t)
	fmt.Println(t, slices.IsSorted(t), slices.Equal(s, t), slices.Compare(s, t), slices.ContainsFunc(s, func(x int) bool { return x < 0 }))
	fmt.Println(slices.Insert([]int{1, 2, 3}, 1, 8, 9), slices.Delete([]int{0, 1, 2, 3, 4}, 1, 3), slices.Replace([]int{0, 1, 2, 3}, 1, 3, 7, 7, 7), slices.DeleteFunc([]int{1, 2, 3, 4}, func(x int) bool { return x%2 == 0 }))
	fmt.Println(slices.Concat([]int{1}, nil, []int{2, 3}), slices.Repeat([]string{"ab"}, 3), cap(slices.Clip(make([]int, 2, 10))), cap(slices.Grow([]int{}, 5)) >= 5)
	fmt.Println(slices.CompactFunc([]string{"a", "A", "b", "B", "c"}, strings.EqualFold), slices.EqualFunc([]int{1}, []string{"1"}, func(a int, b string) bool { return fmt.Sprint(a) == b }))
	fmt.Println(slices.BinarySearch([]string{"a", "c", "e"}, "d"))
	fmt.Println(slices.MaxFunc([]string{"aa", "b", "cc"}, func(a, b string) int { return cmp.Compare(len(a), len(b)) }), slices.MinFunc([]string{"aa", "b"}, strings.Compare))
	for c := range slices.Chunk(s, 4) {
		fmt.Print(c, len(c), cap(c), " ")
	}
	fmt.Println()
	for i, v := range slices.Backward(named{"x", "y", "z"}) {
		fmt.Print(i, v, " ")
	}
	fmt.Println(slices.Sorted(filter(slices.Values(s), func(x int) bool { return x%2 == 1 })))
	fmt.Println(slices.SortedFunc(maps.Keys(map[string]int{"b": 1, "a": 2}), func(a, b string) int { return -cmp.Compare(a, b) }))
	fmt.Println(slices.SortedStableFunc(slices.Values([]string{"bb", "a", "cc", "d"}), func(a, b string) int { return len(a) - len(b) }))
	fmt.Println(slices.AppendSeq([]int{-1}, gen(3)))
	for v := range gen(10) {
		if v == 3 {
			break
		}
		fmt.Print(v, " ")
	}
	fmt.Println()
	next, stop := iter.Pull(gen(4))
	for {
		v, ok := next()
		fmt.Print(v, ok, " ")
		if !ok {
			break
		}
	}
	stop()
	fmt.Println()
	next, stop = iter.Pull(gen(100))
	fmt.Print(next())
	fmt.Print(next())
	stop()
	fmt.Println(next())
	n2, s2 := iter.Pull2(maps.All(map[string]int{"only": 1}))
	fmt.Println(n2())
	s2()
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		nx, st := iter.Pull(func(yield func(int) bool) { yield(1); panic("in iterator") })
		defer st()
		fmt.Println(nx())
		fmt.Println(nx())
	}()
	fmt.Println(cmp.Compare(1, 2), cmp.Compare("b", "a"), cmp.Less(1.5, 2), cmp.Or(0, 3, 5), cmp.Or("", "dflt"))
	type person struct {
		name string
		age  int
	}
	ps := []person{{"A", 30}, {"B", 25}, {"C", 30}}
	slices.SortFunc(ps, func(a, b person) int {
		return cmp.Or(-cmp.Compare(a.age, b.age), strings.Compare(a.name, b.name))
	})
	fmt.Println(ps)
	for _, f := range []func(){
		func() { slices.Max([]int{}) }, func() { slices.Insert([]int{1}, 5, 2) }, func() { slices.Delete([]int{1}, 1, 0) },
		func() { slices.Chunk([]int{1}, 0) }, func() { slices.Grow([]int{}, -1) }, func() { slices.Repeat([]int{1}, -1) },
	} {
		func() {
			defer func() { fmt.Println("recovered:", recover()) }()
			f()
		}()
	}
}
