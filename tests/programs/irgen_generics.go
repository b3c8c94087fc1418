package main

// Generic functions, types and methods: one instance per list of type arguments.

type Number interface {
	~int | ~int8 | ~uint64 | ~float64
}

func Sum[T Number](xs ...T) (s T) {
	for _, x := range xs {
		s += x
	}
	return s + T(1) - 1
}

func Map[T, U any](xs []T, f func(T) U) []U {
	var out []U
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

type List[T any] struct {
	head *node[T]
	n    int
}

type node[T any] struct {
	v    T
	next *node[T]
}

func (l *List[T]) Push(v T) {
	l.head = &node[T]{v, l.head}
	l.n++
}

func (l List[T]) Each(f func(int, T)) {
	i := 0
	for n := l.head; n != nil; n = n.next {
		f(i, n.v)
		i++
	}
}

func (l *List[T]) Len() int { return l.n }

type Pair[K comparable, V any] struct {
	Key K
	Val V
}

func (p Pair[K, V]) Swap() Pair[K, V] { return p }
func (p Pair[K, V]) Same(q Pair[K, V]) bool {
	return p.Key == q.Key
}

type Lener interface{ Len() int }

type Stringer interface{ String() string }

type MyInt int

func (m MyInt) String() string { return "my" }
func (m *MyInt) Set(s string)  { *m = MyInt(len(s)) }

type Setter[B any] interface {
	*B
	Set(string)
}

func FromStrings[T any, PT Setter[T]](ss []string) []T {
	out := make([]T, len(ss))
	for i, s := range ss {
		p := PT(&out[i])
		p.Set(s)
	}
	return out
}

func Join[T Stringer](xs []T) (r string) {
	for _, x := range xs {
		r += x.String()
		f := x.String
		r += f() + T.String(x)
	}
	return
}

type Tree[T interface{ Less(T) bool }] struct {
	left, right *Tree[T]
	v           T
}

func (t *Tree[T]) Insert(v T) *Tree[T] {
	if t == nil {
		return &Tree[T]{v: v}
	}
	if v.Less(t.v) {
		t.left = t.left.Insert(v)
	} else {
		t.right = t.right.Insert(v)
	}
	return t
}

func (t *Tree[T]) Walk(f func(T)) {
	if t != nil {
		t.left.Walk(f)
		f(t.v)
		t.right.Walk(f)
	}
}

type Age int

func (a Age) Less(b Age) bool { return a < b }

func Kind[T any](x T) string {
	type local struct{ v T }
	var e any = local{x}
	if _, ok := e.(local); !ok {
		return "wrong"
	}
	switch any(x).(type) {
	case int:
		return "int"
	case string:
		return "string"
	case []T:
		return "slice of T"
	case error:
		return "error"
	}
	return "other"
}

func Keys[M ~map[K]V, K comparable, V any](m M) int {
	n := 0
	for k, v := range m {
		_, _ = k, v
		n++
	}
	return n
}

func Ptr[T any](v T) *T { return &v }

func Counter[T any]() func(T) int {
	n := 0
	return func(T) int { n++; return n }
}

func Zero[T any]() (z T) { return }

type Embeds[T any] struct {
	List[T]
	name string
}

func Rec[T any](n int, x T) int {
	if n == 0 {
		return 0
	}
	return 1 + Rec(n-1, x)
}

type Num2[T Number] struct{ v T }

func (n Num2[T]) Add(o Num2[T]) Num2[T] { return Num2[T]{n.v + o.v} }

func apply[T any](x T, fs ...func(T) T) T {
	for _, f := range fs {
		x = f(x)
	}
	return x
}

func double[T Number](x T) T { return x * 2 }

func main() {
	println(Sum(1, 2, 3), Sum(1.5, 2.25), Sum[int8](100, 27), Sum[MyInt]())
	for _, s := range Map([]int{1, 2, 3}, func(i int) string { return string(rune('a' + i)) }) {
		print(s, " ")
	}
	println()
	var l List[string]
	l.Push("x")
	l.Push("y")
	l.Each(func(i int, s string) { print(i, s, " ") })
	var ln Lener = &l
	println(ln.Len())
	p := Pair[string, int]{"k", 1}
	println(p.Swap().Key, p.Same(Pair[string, int]{Key: "k"}), p == Pair[string, int]{"k", 1})
	for _, m := range FromStrings[MyInt]([]string{"a", "bcd"}) {
		print(int(m), " ")
	}
	println(Join([]MyInt{1, 2}))
	var t *Tree[Age]
	for _, a := range []Age{5, 2, 9, 1} {
		t = t.Insert(a)
	}
	t.Walk(func(a Age) { print(int(a), " ") })
	println()
	println(Kind(1), Kind("s"), Kind(1.5), Kind[any]([]any{}), Kind[error](nil))
	println(Keys(map[string]bool{"a": true, "b": false}))
	q := Ptr(5)
	*q++
	println(*q, *Ptr("s"))
	c := Counter[string]()
	c("a")
	println(c("b"))
	println(Zero[int](), Zero[string]() == "", Zero[*int]() == nil)
	e := Embeds[float64]{name: "n"}
	e.Push(2.5)
	ln = &e
	println(ln.Len(), e.head.v)
	println(Rec(3, "x"))
	println(Num2[float64]{1.5}.Add(Num2[float64]{2}).v)
	f := double[uint64]
	println(f(21), apply(3, double, double[int]))
	m := (*List[string]).Len
	println(m(&l))
	g := l.Push
	g("z")
	println(l.n)
	var a any = p
	_, ok := a.(Pair[string, string])
	println(ok)
	defer func() { println(recover().(error).Error()) }()
	_ = a.(Pair[string, string])
}
