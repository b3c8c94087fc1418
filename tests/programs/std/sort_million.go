// A million elements through sort.Slice, sort.Sort, sort.Stable, sort.Ints and slices.SortFunc.
package main

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
)

type item struct {
	key int
	at  int
}

type byKey []item

func (s byKey) Len() int           { return len(s) }
func (s byKey) Less(i, j int) bool { return s[i].key < s[j].key }
func (s byKey) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }

const n = 1000000

func make1() []item {
	out := make([]item, n)
	x := uint32(12345)
	for i := range out {
		x = x*1664525 + 1013904223
		out[i] = item{int(x >> 12), i}
	}
	return out
}

func sum(s []item, at bool) uint64 {
	h := uint64(14695981039346656037)
	for _, v := range s {
		h = (h ^ uint64(v.key)) * 1099511628211
		if at {
			h = (h ^ uint64(v.at)) * 1099511628211
		}
	}
	return h
}

func main() {
	a := make1()
	fmt.Println("unsorted", sum(a, true))
	sort.Slice(a, func(i, j int) bool { return a[i].key < a[j].key })
	fmt.Println("sort.Slice", sum(a, false), sort.SliceIsSorted(a, func(i, j int) bool { return a[i].key < a[j].key }), sum(a, true))
	b := make1()
	sort.Sort(byKey(b))
	fmt.Println("sort.Sort", sum(b, false), sort.IsSorted(byKey(b)), sum(b, true))
	c := make1()
	slices.SortFunc(c, func(x, y item) int { return cmp.Compare(x.key, y.key) })
	fmt.Println("slices.SortFunc", sum(c, false), slices.IsSortedFunc(c, func(x, y item) int { return x.key - y.key }), sum(c, true))
	d := make1()
	sort.Stable(byKey(d))
	fmt.Println("sort.Stable", sum(d, true))
	e := make1()
	slices.SortStableFunc(e, func(x, y item) int { return cmp.Compare(x.key, y.key) })
	fmt.Println("slices.SortStableFunc", slices.Equal(d, e))
	f := make1()
	sort.SliceStable(f, func(i, j int) bool { return f[i].key < f[j].key })
	fmt.Println("sort.SliceStable", slices.Equal(d, f))
	sort.Sort(sort.Reverse(byKey(f)))
	fmt.Println("sort.Reverse", sum(f, false))
	ints := make([]int, n)
	strs := make([]string, n/10)
	floats := make([]float64, n)
	for i, v := range make1() {
		ints[i] = v.key
		floats[i] = float64(v.key)/3 - 1e5
		if i < len(strs) {
			strs[i] = fmt.Sprint(v.key)
		}
	}
	ints2 := slices.Clone(ints)
	sort.Ints(ints)
	slices.Sort(ints2)
	fmt.Println("ints", slices.Equal(ints, ints2), ints[0], ints[n/2], ints[n-1], sort.SearchInts(ints, ints[777]) <= 777)
	sort.Float64s(floats)
	fmt.Println("floats", floats[0], floats[n/3], floats[n-1])
	sort.Strings(strs)
	fmt.Println("strings", strs[0], strs[len(strs)/2], strs[len(strs)-1])
	at, found := slices.BinarySearchFunc(d, ints[500000], func(v item, k int) int { return cmp.Compare(v.key, k) })
	fmt.Println(d[at].key == ints[500000], found)
}
