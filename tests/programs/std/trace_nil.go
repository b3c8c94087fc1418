// The trace of a nil dereference in a function called by a library function.
//
//test:trace
package main

import "sort"

type rec struct {
	pad [4]int
	n   int
}

type recs []*rec

func (r recs) Len() int           { return len(r) }
func (r recs) Less(i, j int) bool { return r[i].n < r[j].n }
func (r recs) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }

func main() {
	sort.Sort(recs{{n: 1}, nil, {n: 3}})
}
