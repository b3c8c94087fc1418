package main

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sort"
	"strings"
	"unsafe"
)

type Number interface {
	~int | ~int8 | ~uint16 | ~float64 | ~complex128
}

func kind[T any](x T) string {
	switch any(x).(type) {
	case int:
		return "int"
	case []T:
		return "[]T"
	case string:
		return "string"
	case interface{ M() }:
		return "M"
	}
	return "other"
}

func kinds[A, B any](x any) string {
	switch x.(type) {
	case A:
		return "A"
	case B:
		return "B"
	case map[string]A:
		return "map A"
	case func(A) B:
		return "func"
	case *A, *B:
		return "ptr"
	}
	return "none"
}

type List[T any] struct {
	head *node[T]
	n    int
}
type node[T any] struct {
	v    T
	next *node[T]
}

func (l *List[T]) Push(v T) { l.head = &node[T]{v, l.head}; l.n++ }
func (l *List[T]) All() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		i := 0
		for n := l.head; n != nil; n = n.next {
			if !yield(i, n.v) {
				return
			}
			i++
		}
	}
}

type Tree[K cmp.Ordered, V any] struct {
	l, r *Tree[K, V]
	k    K
	v    V
}

func (t *Tree[K, V]) Put(k K, v V) *Tree[K, V] {
	if t == nil {
		return &Tree[K, V]{k: k, v: v}
	}
	switch c := cmp.Compare(k, t.k); {
	case c < 0:
		t.l = t.l.Put(k, v)
	case c > 0:
		t.r = t.r.Put(k, v)
	default:
		t.v = v
	}
	return t
}
func (t *Tree[K, V]) Walk(yield func(K, V) bool) bool {
	return t == nil || t.l.Walk(yield) && yield(t.k, t.v) && t.r.Walk(yield)
}

func Map[S ~[]E, E, R any](s S, f func(E) R) []R {
	r := make([]R, 0, len(s))
	for _, e := range s {
		r = append(r, f(e))
	}
	return r
}

func Sum[T Number](xs ...T) (t T) {
	for _, x := range xs {
		t += x
	}
	return
}

type MyInt int

func (m MyInt) M() {}

type Set[T comparable] = map[T]struct{}
type Vec[T any] = []T
type Pair[A, B any] struct {
	A A
	B B
}

func (p Pair[A, B]) Swap() Pair[B, A] { return Pair[B, A]{p.B, p.A} }

func local[T any](x T) any {
	type L struct{ v T }
	return L{x}
}

type Inner[T any] struct{ x T }

func (i Inner[T]) Get() T       { return i.x }
func (i *Inner[T]) Set(x T)     { i.x = x }

type Outer[T any] struct {
	*Inner[T]
	Inner2 Inner[[]T]
}

type Getter[T any] interface{ Get() T }

func use[T any, G Getter[T]](g G) T { return g.Get() }

func ptr[T any, P interface {
	*T
	Set(int)
}]() T {
	var t T
	P(&t).Set(42)
	return t
}

type shape interface{ []byte | string }

func bytesOf[T shape](x T) int {
	n := 0
	for i := 0; i < len(x); i++ {
		n += int(x[i])
	}
	return n + len(x[1:])
}

func conv[To, From Number2](f From) To { return To(f) }

type Number2 interface{ ~int | ~int8 | ~uint16 | ~float64 }

type Rec[T any] struct{ next *Rec[Pair[int, int]]; v T }

func apply[T any](f func(T) T, x T) T { return f(x) }
func id[T any](x T) T                  { return x }

func chanGen[T any](xs ...T) <-chan T {
	c := make(chan T)
	go func() {
		defer close(c)
		for _, x := range xs {
			c <- x
		}
	}()
	return c
}

func arr[T any]() int {
	var a [4]T
	return int(unsafe.Sizeof(a)) + len(a)
}

type Num struct{ n int }

func (n Num) Add[T ~int | ~int8](x T) Num { return Num{n.n + int(x)} }

func main() {
	fmt.Println(kind(1), kind("s"), kind([]int{}), kind(MyInt(1)), kind(2.5))
	fmt.Println(kinds[int, string](1), kinds[int, string]("x"), kinds[int, int](2), kinds[int, string](map[string]int{}), kinds[int, bool](func(int) bool { return true }), kinds[int, bool](new(bool)), kinds[int, bool](nil))
	var l List[string]
	l.Push("a")
	l.Push("b")
	for i, s := range l.All() {
		fmt.Println(i, s)
	}
	var t *Tree[string, int]
	for i, w := range strings.Fields("the quick brown fox jumps over the lazy dog") {
		t = t.Put(w, i)
	}
	t.Walk(func(k string, v int) bool { fmt.Print(k, "=", v, " "); return k != "quick" })
	fmt.Println()
	fmt.Println(Map([]int{1, 2, 3}, func(i int) string { return strings.Repeat("x", i) }))
	fmt.Println(Sum(1, 2, 3), Sum(1.5, 2), Sum[int8](100, 100), Sum(1i, 2), Sum[MyInt](3))
	s := Set[int]{1: {}}
	fmt.Println(len(s), Vec[int]{1}, Pair[int, string]{1, "a"}.Swap())
	fmt.Printf("%T %T %v\n", local(1), local("s"), local(1) == local(1))
	o := Outer[int]{&Inner[int]{5}, Inner[[]int]{[]int{1}}}
	o.Set(7)
	fmt.Println(o.Get(), o.Inner2.Get(), use[int](o), use[[]int](o.Inner2))
	f := o.Get
	g := (*Inner[int]).Set
	g(o.Inner, 9)
	fmt.Println(f(), o.Get(), ptr[Inner[int]]())
	fmt.Println(bytesOf("abc"), bytesOf([]byte{1, 2}))
	fmt.Println(conv[int8](300), conv[uint16](-1), conv[float64](MyInt(3)), conv[int](2.9))
	fmt.Println(apply(id, 3), apply(func(s string) string { return s + s }, "q"))
	for x := range chanGen(1, 2, 3) {
		fmt.Print(x, " ")
	}
	fmt.Println(arr[int](), arr[struct{}](), arr[string]())
	fmt.Println(Num{1}.Add(2).Add(int8(3)))
	m := map[string]int{"a": 1, "b": 2}
	keys := slices.Collect(maps.Keys(m))
	sort.Strings(keys)
	fmt.Println(keys, slices.Max(keys), slices.IndexFunc(keys, func(s string) bool { return s == "b" }))
	var r Rec[string]
	r.next = &Rec[Pair[int, int]]{v: Pair[int, int]{1, 2}}
	fmt.Printf("%T %v\n", r.next, r.next.v)
	var fn func(int) int = id
	fmt.Println(fn(4))
	fmt.Printf("%T %T %T\n", Pair[List[int], map[string]Tree[int, *MyInt]]{}, id[Vec[int]], Num.Add[int](Num{}, 1))
}

type EmbNum struct{ *Num }

func init() {
	fmt.Println(EmbNum.Add[int](EmbNum{&Num{3}}, 4), (*EmbNum).Add[int8](&EmbNum{&Num{3}}, 4))
	f := EmbNum.Add[int]
	h := (*Num).Add[int]
	fmt.Println(f(EmbNum{&Num{4}}, 4), h(&Num{5}, 5), fv(EmbNum{&Num{6}}, 5))
	k := EmbNum{&Num{6}}.Add[int]
	fmt.Println(k(9))
}

var fv = EmbNum.Add[int]
