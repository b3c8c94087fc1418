package main

type Number interface{ ~int | ~float64 }

func Sum[T Number](xs []T) (s T) {
	for _, x := range xs {
		s += x
	}
	return s
}

type List[T any] struct{ head T }

func Pair[A, B any](a A, b B) {}

func main() {
	_ = Sum([]string{"a"})
	_ = Sum[bool](nil)
	var l List
	var m List[int, string]
	Pair[int]("a", 1)
	_ = Sum
	var f = Pair[int]
	Sum[int, int](nil)
	_, _ = l, m
}
