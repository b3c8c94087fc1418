// reflect: walking types and values of every kind.
package main

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unsafe"
)

type color uint8

func (c color) String() string { return [...]string{"red", "green"}[c] }

type shape interface {
	Area() float64
	hidden()
}

type square struct {
	Side float64 `json:"side,omitempty" xml:"s"`
	name string
	Col  color
}

func (s square) Area() float64     { return s.Side * s.Side }
func (s square) hidden()           {}
func (s *square) Scale(by float64) { s.Side *= by }
func (s square) Sum(first int, more ...int) (total int, err error) {
	for _, m := range more {
		first += m
	}
	return first, nil
}

type tree[T any] struct {
	Left, Right *tree[T]
	Val         T
}

func (t *tree[T]) Push(v T) {}

type everything struct {
	square
	*tree[string]
	B  bool
	I  [2]int8
	U  uintptr
	F  float32
	C  complex128
	S  []string
	M  map[string]*everything
	P  **int
	Fn func(int, ...string) (bool, error)
	Ch <-chan chan<- int
	E  error
	A  any
	Sh shape
	Up unsafe.Pointer
	An struct {
		X, Y int
		_    byte
	}
	Rd interface {
		io.Reader
		Close() error
	}
}

func describe(t reflect.Type, depth int, seen map[reflect.Type]bool) {
	pad := strings.Repeat("  ", depth)
	fmt.Printf("%s%v name=%q kind=%v size=%d align=%d falign=%d comparable=%t methods=%d pkg=%q\n", pad, t, t.Name(), t.Kind(), t.Size(), t.Align(), t.FieldAlign(), t.Comparable(), t.NumMethod(), t.PkgPath())
	if seen[t] {
		return
	}
	seen[t] = true
	for i := range t.NumMethod() {
		m := t.Method(i)
		fmt.Printf("%s.%d %s %v pkg=%q index=%d exported=%t\n", pad, i, m.Name, m.Type, m.PkgPath, m.Index, m.IsExported())
	}
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			fmt.Printf("%s-%s offset=%d index=%v anon=%t tag=%q exported=%t pkg=%q\n", pad, f.Name, f.Offset, f.Index, f.Anonymous, f.Tag, f.IsExported(), f.PkgPath)
			describe(f.Type, depth+1, seen)
		}
	case reflect.Array:
		fmt.Println(pad, t.Len())
		describe(t.Elem(), depth+1, seen)
	case reflect.Slice, reflect.Pointer:
		describe(t.Elem(), depth+1, seen)
	case reflect.Map:
		describe(t.Key(), depth+1, seen)
		describe(t.Elem(), depth+1, seen)
	case reflect.Chan:
		fmt.Println(pad, t.ChanDir())
		describe(t.Elem(), depth+1, seen)
	case reflect.Func:
		fmt.Println(pad, t.NumIn(), t.NumOut(), t.IsVariadic())
		for i := range t.NumIn() {
			describe(t.In(i), depth+1, seen)
		}
		for i := range t.NumOut() {
			describe(t.Out(i), depth+1, seen)
		}
	}
}

func walk(v reflect.Value, depth int) {
	pad := strings.Repeat("  ", depth)
	if !v.IsValid() {
		fmt.Println(pad, "invalid")
		return
	}
	fmt.Printf("%s%v %v set=%t addr=%t iface=%t zero=%t ", pad, v.Kind(), v.Type(), v.CanSet(), v.CanAddr(), v.CanInterface(), v.IsZero())
	switch v.Kind() {
	case reflect.Bool:
		fmt.Println(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		fmt.Println(v.Int(), v.OverflowInt(1000))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		fmt.Println(v.Uint(), v.CanUint(), v.CanInt())
	case reflect.Float32, reflect.Float64:
		fmt.Println(v.Float())
	case reflect.Complex64, reflect.Complex128:
		fmt.Println(v.Complex())
	case reflect.String:
		fmt.Printf("%q %d %v\n", v.String(), v.Len(), v)
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice {
			fmt.Print(v.IsNil(), " ")
		}
		fmt.Println(v.Len(), v.Cap())
		for i := range v.Len() {
			walk(v.Index(i), depth+1)
		}
	case reflect.Map:
		fmt.Println(v.IsNil(), v.Len())
		for _, k := range []string{"self", "none"} {
			walk(v.MapIndex(reflect.ValueOf(k)), depth+1)
		}
	case reflect.Struct:
		fmt.Println(v.NumField())
		for i := range v.NumField() {
			fmt.Println(pad, v.Type().Field(i).Name)
			walk(v.Field(i), depth+1)
		}
	case reflect.Pointer, reflect.Interface:
		fmt.Println(v.IsNil())
		if !v.IsNil() && depth < 6 {
			walk(v.Elem(), depth+1)
		}
	default:
		fmt.Println(v.IsNil(), v.String())
	}
}

func main() {
	describe(reflect.TypeFor[everything](), 0, map[reflect.Type]bool{})
	describe(reflect.TypeOf((*square)(nil)), 0, map[reflect.Type]bool{})
	describe(reflect.TypeOf(color(1)), 0, map[reflect.Type]bool{})
	n := 5
	pn := &n
	e := everything{square: square{2, "sq", 1}, tree: &tree[string]{Val: "v"}, B: true, I: [2]int8{1, -1}, U: 7, F: 1.5, C: 2i, S: []string{"p", "q"}, P: &pn, E: errors.New("err"), A: map[string]int{"self": 1}, Sh: square{3, "x", 0}}
	e.M = map[string]*everything{"self": {}}
	walk(reflect.ValueOf(e), 0)
	walk(reflect.ValueOf(&e).Elem(), 0)
	t := reflect.TypeOf(e)
	for _, name := range []string{"Side", "Val", "X", "Left", "name", "nosuch", "S"} {
		f, ok := t.FieldByName(name)
		fmt.Println(name, f.Name, f.Index, ok, f.Type)
	}
	f, _ := t.FieldByName("Side")
	v, ok := f.Tag.Lookup("xml")
	fmt.Println(f.Tag.Get("json"), v, ok, f.Tag.Get("none"))
	for _, x := range reflect.VisibleFields(t) {
		fmt.Print(x.Name, x.Index, " ")
	}
	fmt.Println()
	fmt.Println(t.Implements(reflect.TypeFor[shape]()), reflect.TypeFor[*square]().Implements(reflect.TypeFor[shape]()), reflect.TypeFor[color]().Implements(reflect.TypeFor[fmt.Stringer]()), t.AssignableTo(t), reflect.TypeFor[int]().ConvertibleTo(reflect.TypeFor[string]()), reflect.TypeFor[[]int]().ConvertibleTo(reflect.TypeFor[[2]int]()))
	m, ok := reflect.TypeFor[*square]().MethodByName("Scale")
	fmt.Println(m.Name, m.Type, ok)
	_, ok = reflect.TypeFor[square]().MethodByName("Scale")
	fmt.Println(ok)
	fmt.Println(reflect.TypeOf(nil), reflect.ValueOf(nil).IsValid(), reflect.ValueOf(nil).Kind(), reflect.Zero(t).IsZero(), reflect.TypeOf(&tree[map[string]int]{}), reflect.TypeFor[tree[square]]().Name())
	for _, pair := range [][2]any{{[]int{1}, []int{1}}, {map[string][]int{"a": {1}}, map[string][]int{"a": {1}}}, {e, e}, {&tree[int]{Val: 1}, &tree[int]{Val: 1}}, {1, int8(1)}, {[]int(nil), []int{}}, {nil, nil}, {errors.New("x"), errors.New("x")}, {func() {}, func() {}}} {
		fmt.Print(reflect.DeepEqual(pair[0], pair[1]), " ")
	}
	fmt.Println()
	cyc := &tree[int]{}
	cyc.Left = cyc
	cyc2 := &tree[int]{}
	cyc2.Left = cyc2
	fmt.Println(reflect.DeepEqual(cyc, cyc2))
	for _, k := range []reflect.Kind{reflect.Invalid, reflect.Bool, reflect.UnsafePointer, reflect.Kind(99)} {
		fmt.Print(k, " ")
	}
	fmt.Println()
}
