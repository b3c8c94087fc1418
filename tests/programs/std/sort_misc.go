// sort's and slices' searching and sorting of small inputs, of every pattern.
package main

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

type people []struct {
	Name string
	Age  int
}

func main() {
	ps := people{{"Gopher", 7}, {"Alice", 55}, {"Vera", 24}, {"Bob", 75}, {"Al", 55}}
	sort.Slice(ps, func(i, j int) bool { return ps[i].Age < ps[j].Age || ps[i].Age == ps[j].Age && ps[i].Name < ps[j].Name })
	fmt.Println(ps)
	for n := range 40 {
		for pattern := range 5 {
			s := make([]int, n)
			for i := range s {
				switch pattern {
				case 0:
					s[i] = i
				case 1:
					s[i] = n - i
				case 2:
					s[i] = i * 7919 % 31
				case 3:
					s[i] = i % 3
				case 4:
					s[i] = 5
				}
			}
			a, b := slices.Clone(s), slices.Clone(s)
			sort.Sort(sort.IntSlice(a))
			slices.Sort(b)
			if !slices.Equal(a, b) || !sort.IntsAreSorted(a) {
				fmt.Println("differ", n, pattern, a, b)
			}
			for _, x := range []int{-1, 0, 3, 5, 30, 100} {
				i := sort.Search(len(a), func(i int) bool { return a[i] >= x })
				j, found := slices.BinarySearch(a, x)
				k, f2 := sort.Find(len(a), func(i int) int { return x - a[i] })
				if i != j || k != i || f2 != found {
					fmt.Println("search", n, pattern, x, i, j, k, found, f2)
				}
			}
		}
	}
	words := strings.Fields("the quick brown fox jumps over the lazy dog THE END")
	sort.Sort(sort.Reverse(sort.StringSlice(words)))
	fmt.Println(words)
	slices.SortFunc(words, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	fmt.Println(len(words), words[0], sort.SearchStrings([]string{"a", "c"}, "b"))
	fs := []float64{3, -1, 2.5, 0}
	sort.Float64s(fs)
	fmt.Println(fs, sort.Float64sAreSorted(fs), sort.SearchFloat64s(fs, 2))
	defer func() { fmt.Println("recovered", recover()) }()
	sort.Slice(5, func(i, j int) bool { return false })
}
