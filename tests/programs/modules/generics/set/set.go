// Package set is a set of anything comparable.
package set

import (
	"iter"
	"sort"
)

type Set[T comparable] struct{ m map[T]struct{} }

func Of[T comparable](vs ...T) *Set[T] {
	s := &Set[T]{map[T]struct{}{}}
	for _, v := range vs {
		s.Add(v)
	}
	return s
}

func (s *Set[T]) Add(v T)      { s.m[v] = struct{}{} }
func (s *Set[T]) Has(v T) bool { _, ok := s.m[v]; return ok }
func (s *Set[T]) Len() int     { return len(s.m) }
func (s *Set[T]) All() iter.Seq[T] {
	return func(yield func(T) bool) {
		for v := range s.m {
			if !yield(v) {
				return
			}
		}
	}
}

func (s *Set[T]) Sorted(less func(a, b T) bool) []T {
	var out []T
	for v := range s.All() {
		out = append(out, v)
	}
	sort.Slice(out, func(i, j int) bool { return less(out[i], out[j]) })
	return out
}

func Map[T, U comparable](s *Set[T], f func(T) U) *Set[U] {
	out := Of[U]()
	for v := range s.m {
		out.Add(f(v))
	}
	return out
}
