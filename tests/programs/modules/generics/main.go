// Generic types and methods across packages; the same instance from two packages is one type.
package main

import (
	"errors"
	"fmt"
	"sort"

	"generics/internal/pair"
	"generics/set"
	"generics/shapes"
)

type local struct{ n int }

func (l local) Area() float64 { return float64(l.n) }

func main() {
	s := set.Of(3, 1, 2, 3)
	s.Add(5)
	fmt.Println(s.Len(), s.Sorted(func(a, b int) bool { return a < b }), s.Has(2), s.Has(9))
	p := pair.Make("k", 1)
	fmt.Printf("%v %+v %T %T\n", p, p, p, s)
	var x any = shapes.Pair()
	_, same := x.(pair.Pair[string, float64])
	fmt.Println(same, x)
	fmt.Println(shapes.Total(local{2}, shapes.Square{Side: 3}, shapes.Circle{}))
	fmt.Printf("%T %T\n", set.Of(local{1}), pair.Make(local{}, set.Of("x")))
	var e *shapes.Error
	err := shapes.Fail(4)
	fmt.Println(errors.As(err, &e), e, e.Code, err)
	names := shapes.Names()
	sort.Strings(names)
	fmt.Println(names)
	for v := range s.All() {
		_ = v
	}
	m := set.Map(s, func(i int) string { return fmt.Sprint(i * i) })
	fmt.Println(m.Sorted(func(a, b string) bool { return a < b }))
	fmt.Println(shapes.Registry["square"]().Area())
}
