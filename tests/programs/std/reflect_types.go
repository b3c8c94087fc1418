package main

// Types as reflection shows them.

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"unsafe"
)

type Int int
type Str string
type Pair[K comparable, V any] struct {
	Key   K
	Value V
}

func (p Pair[K, V]) Get() V                    { return p.Value }
func (p *Pair[K, V]) Set(v V)                  { p.Value = v }
func (p Pair[K, V]) private(k K) (V, []K)      { return p.Value, []K{k} }
func (i Int) Add(j Int) Int                    { return i + j }
func (i Int) String() string                   { return "Int" }
func (i *Int) Inc()                            { *i++ }
func (s Str) Each(f func(int, rune), n ...int) {}

type Shape interface {
	Area() float64
	Name(prefix string, rest ...int) (string, error)
	hidden()
}

type Base struct {
	ID   int `json:"id" db:"-"`
	name string
}

func (b Base) Describe() string { return b.name }
func (b *Base) Rename(s string) { b.name = s }
func (b Base) inner() int       { return b.ID }

type Node struct {
	Base
	*strings.Builder
	io.Reader
	Int   `x:"y"`
	Next  *Node
	Kids  []*Node
	Attrs map[string]any
	F     func(a int, b ...string) (x, y float32)
	C     chan<- Int
	R     <-chan (<-chan int)
	A     [3][2]uint16
	S     struct{ a, B int }
	I     interface {
		M(int) string
		io.Closer
	}
	E  error
	P  unsafe.Pointer
	_  int
	Z  struct{}
	G  Pair[string, []Pair[int, bool]]
	Un uintptr
}

type (
	Fn    func(Shape) (n int, err error)
	Chan  chan Fn
	Map   map[Pair[int, int]]*Node
	Arr   [4]Shape
	Empty struct{}
	Any   any
)

func (Fn) Call()       {}
func (m Map) Len() int { return len(m) }

func str(n int) string {
	if n < 0 {
		return "-" + str(-n)
	}
	if n < 10 {
		return string(rune('0' + n))
	}
	return str(n/10) + string(rune('0'+n%10))
}

var seen = map[reflect.Type]bool{}

func show(t reflect.Type, depth int) {
	pad := strings.Repeat("  ", depth)
	println(pad+t.String(), "name="+t.Name(), "pkg="+t.PkgPath(), t.Kind().String(), t.Size(), t.Align(), t.FieldAlign(), t.Comparable(), t.NumMethod())
	if seen[t] || depth > 4 {
		return
	}
	seen[t] = true
	for i := 0; i < t.NumMethod(); i++ {
		m := t.Method(i)
		print(pad, " method ", m.Name, " ", m.PkgPath, " ", m.Index, " ", m.Type.String(), " ", m.IsExported(), "\n")
		if n, ok := t.MethodByName(m.Name); !ok || n.Index != i {
			println("by name", ok, n.Index)
		}
	}
	switch t.Kind() {
	case reflect.Struct:
		for i := 0; i < t.NumField(); i++ {
			f := t.Field(i)
			print(pad, " field ", f.Name, " pkg=", f.PkgPath, " tag=", string(f.Tag), " off=", f.Offset, " anon=", f.Anonymous, " exp=", f.IsExported(), " idx=", f.Index[0], "\n")
			show(f.Type, depth+1)
		}
		for _, f := range reflect.VisibleFields(t) {
			print(pad, " visible ", f.Name)
			for _, i := range f.Index {
				print(" ", i)
			}
			println()
		}
	case reflect.Pointer, reflect.Slice:
		show(t.Elem(), depth+1)
	case reflect.Array:
		println(pad, "len", t.Len())
		show(t.Elem(), depth+1)
	case reflect.Map:
		show(t.Key(), depth+1)
		show(t.Elem(), depth+1)
	case reflect.Chan:
		println(pad, t.ChanDir().String())
		show(t.Elem(), depth+1)
	case reflect.Func:
		println(pad, t.NumIn(), t.NumOut(), t.IsVariadic())
		for i := 0; i < t.NumIn(); i++ {
			show(t.In(i), depth+1)
		}
		for i := 0; i < t.NumOut(); i++ {
			show(t.Out(i), depth+1)
		}
	}
}

func main() {
	type Local struct{ X int }
	for _, x := range []any{
		true, int8(1), uint16(2), 3.5, float32(1), complex(1, 2), complex64(1), "s", 'r', byte(1), uintptr(1),
		Int(1), new(Int), Str(""), Pair[string, int]{}, &Pair[string, *Node]{}, Base{}, &Base{}, Node{}, &Node{},
		Fn(nil), Chan(nil), Map(nil), Arr{}, Empty{}, Local{}, &Local{}, []any{}, [2]Local{}, map[Local][]error{},
		func() {}, func(int, ...Shape) error { return nil }, struct {
			A int `t:"1"`
			b string
			Base
		}{}, (*Shape)(nil), (*error)(nil), (*any)(nil), (*Any)(nil), (*interface{ private() })(nil), errors.New("x"),
		unsafe.Pointer(nil), (***int)(nil), (chan (<-chan int))(nil), (<-chan chan<- int)(nil), reflect.TypeOf(0), reflect.ValueOf(0),
	} {
		show(reflect.TypeOf(x), 0)
	}
	println(reflect.TypeFor[Shape]().String(), reflect.TypeFor[error]().Name())
	n := reflect.TypeFor[Node]()
	f, ok := n.FieldByName("ID")
	println(f.Name, ok, len(f.Index), f.Tag.Get("json"), f.Tag.Get("db"), f.Tag.Get("none"))
	_, ok = n.FieldByName("nope")
	f2 := n.FieldByIndex([]int{0, 1})
	println(ok, f2.Name, f2.PkgPath, f2.IsExported())
	_, ok = n.FieldByNameFunc(func(s string) bool { return strings.HasPrefix(s, "Ki") })
	println(ok)
	shape, stringer := reflect.TypeFor[Shape](), reflect.TypeFor[interface{ String() string }]()
	println(n.Implements(shape), reflect.TypeOf(Int(0)).Implements(stringer), reflect.TypeFor[*Int]().Implements(stringer), reflect.TypeFor[*Node]().Implements(stringer),
		n.Implements(reflect.TypeFor[io.Reader]()), reflect.TypeFor[Str]().Implements(stringer), reflect.TypeFor[any]().Implements(stringer))
	println(reflect.TypeOf(Int(0)).AssignableTo(reflect.TypeOf(0)), reflect.TypeOf(Int(0)).ConvertibleTo(reflect.TypeOf("")), reflect.TypeFor[[]byte]().ConvertibleTo(reflect.TypeFor[string]()),
		reflect.TypeFor[Fn]().AssignableTo(reflect.TypeFor[func(Shape) (int, error)]()), reflect.TypeFor[[]int]().ConvertibleTo(reflect.TypeFor[[4]int]()), reflect.TypeFor[chan int]().AssignableTo(reflect.TypeFor[<-chan int]()))
	println(reflect.PointerTo(n) == reflect.TypeOf(&Node{}), reflect.PointerTo(n).NumMethod(), reflect.PointerTo(reflect.TypeFor[Local]()).String())
	println(reflect.TypeFor[int]().Bits(), reflect.TypeFor[complex64]().Bits(), reflect.TypeFor[float32]().OverflowFloat(1e300), reflect.TypeFor[int8]().OverflowInt(200))
	println(reflect.TypeFor[[]int]().CanSeq(), reflect.TypeFor[int]().CanSeq(), reflect.TypeFor[func(func(int) bool)]().CanSeq(), reflect.TypeFor[map[int]int]().CanSeq2())
}
