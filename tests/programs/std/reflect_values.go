package main

// Operations on values: conversions, comparisons, iteration, growth, and the panics of wrong uses.

import (
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"sort"
	"strings"
	"unsafe"
)

type MyInt int8
type MyString string
type Bytes []byte
type Runes []rune
type Celsius float32
type Pt struct{ X, Y int }
type Pt2 struct {
	X, Y int `tag:"ignored"`
}
type hidden struct {
	a int
	B string
	c []int
	D *hidden
	e any
}
type Stringer interface{ String() string }

func (m MyInt) String() string { return fmt.Sprintf("MyInt(%d)", int8(m)) }

type Opt struct {
	N    int
	Fn   func(int) int
	M    map[string]int
	S    []int
	I    any
	Err  error
	C    chan int
	P    *int
	F    float64
	B    bool
	In   struct{ A, B uint8 }
	Cplx complex64
}

func (o *Opt) Ptr() string { return "ptr" }
func (o Opt) Val(x int, rest ...string) (int, string) {
	return o.N + x, strings.Join(rest, "+")
}

func try(what string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(error); ok {
				fmt.Printf("%-12s %T %v\n", what, e, e)
			} else {
				fmt.Printf("%-12s %v\n", what, r)
			}
		}
	}()
	f()
}

func convert(x, to any) {
	v, t := reflect.ValueOf(x), reflect.TypeOf(to)
	if t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Interface {
		t = t.Elem()
	}
	can := v.CanConvert(t)
	fmt.Printf("%T(%v) -> %v: %v %v", x, x, t, v.Type().ConvertibleTo(t), can)
	if can {
		r := v.Convert(t)
		fmt.Printf(" %v %v", r.Type(), r)
	}
	fmt.Println()
}

func main() {
	for _, to := range []any{0, int8(0), uint16(0), 0.0, float32(0), "", MyInt(0), Celsius(0), true} {
		convert(300, to)
		convert(-1.75, to)
		convert(uint8(200), to)
	}
	convert(MyInt(65), "")
	convert("héllo", []byte(nil))
	convert("héllo", Runes(nil))
	convert(Bytes("abc"), MyString(""))
	convert([]rune{0x4e16, 'x'}, "")
	convert(Pt{1, 2}, Pt2{})
	convert(&Pt{1, 2}, (*Pt2)(nil))
	convert([]int{1, 2, 3}, [3]int{})
	convert([]int{1, 2, 3}, [2]int{})
	convert([]int{1}, [2]int{})
	convert([]int{1, 2, 3}, (*[2]int)(nil))
	convert(MyInt(3), (*Stringer)(nil))
	convert(3, (*any)(nil))
	convert(MyInt(3), (*fmt.Stringer)(nil))
	convert(complex(1, 2), complex64(0))
	convert(math.MaxInt64, float32(0))

	// DeepEqual.
	loop := &hidden{a: 1}
	loop.D = loop
	loop2 := &hidden{a: 1}
	loop2.D = loop2
	nan := math.NaN()
	fn := func() {}
	pairs := [][2]any{
		{1, 1}, {1, int8(1)}, {nil, nil}, {[]int(nil), []int{}}, {[]int{1, 2}, []int{1, 2}}, {map[string][]int{"a": {1}}, map[string][]int{"a": {1}}},
		{map[string][]int{"a": {1}}, map[string][]int{"b": {1}}}, {nan, nan}, {[]float64{nan}, []float64{nan}}, {fn, fn}, {(func())(nil), (func())(nil)},
		{loop, loop2}, {&Pt{1, 2}, &Pt{1, 2}}, {Pt{1, 2}, Pt2{1, 2}}, {errors.New("a"), errors.New("a")}, {[2]any{1, "a"}, [2]any{1, "a"}}, {[]any{[]any{}}, []any{[]any{}}},
		{hidden{c: []int{1}, e: Pt{}}, hidden{c: []int{1}, e: Pt{}}}, {[]byte("abc"), []byte("abc")}, {map[any]any{1: 2.5, "x": nil}, map[any]any{"x": nil, 1: 2.5}},
	}
	for i, p := range pairs {
		fmt.Print(i, reflect.DeepEqual(p[0], p[1]), " ")
	}
	self := []float64{nan}
	fmt.Println(reflect.DeepEqual(self, self))

	// Iteration.
	for i := range reflect.ValueOf(3).Seq() {
		fmt.Print(i, " ")
	}
	for i, v := range reflect.ValueOf([]string{"a", "b"}).Seq2() {
		fmt.Print(i, v, " ")
	}
	for i, r := range reflect.ValueOf("hé").Seq2() {
		fmt.Print(i, r, " ")
	}
	for v := range reflect.ValueOf(func(yield func(int) bool) { _ = yield(7) && yield(8) && yield(9) }).Seq() {
		fmt.Print(v, " ")
		if v.Int() == 8 {
			break
		}
	}
	ch := make(chan int, 3)
	ch <- 4
	ch <- 5
	close(ch)
	for v := range reflect.ValueOf(ch).Seq() {
		fmt.Print(v, " ")
	}
	var keys []string
	for k, v := range reflect.ValueOf(map[string]int{"x": 1, "y": 2}).Seq2() {
		keys = append(keys, fmt.Sprint(k, v))
	}
	sort.Strings(keys)
	fmt.Println(keys)

	// Maps.
	m := map[string]int{"one": 1, "two": 2, "three": 3}
	mv := reflect.ValueOf(m)
	it := mv.MapRange()
	k, e := reflect.New(reflect.TypeFor[string]()).Elem(), reflect.New(reflect.TypeFor[int]()).Elem()
	sum := 0
	for it.Next() {
		k.SetIterKey(it)
		e.SetIterValue(it)
		sum += int(e.Int()) * k.Len()
	}
	it.Reset(mv)
	fmt.Println(sum, it.Next(), mv.MapIndex(reflect.ValueOf("nope")).IsValid())
	mv.SetMapIndex(reflect.ValueOf("two"), reflect.Value{})
	mv.SetMapIndex(reflect.ValueOf("four"), reflect.ValueOf(4))
	fmt.Println(m, len(mv.MapKeys()))
	mv.Clear()
	fmt.Println(m)

	// Slices.
	xs := []int{1, 2, 3, 4, 5}
	sv := reflect.ValueOf(&xs).Elem()
	reflect.Swapper(xs)(0, 4)
	sv.Set(reflect.AppendSlice(sv.Slice(0, 2), sv.Slice3(3, 4, 4)))
	fmt.Println(xs, sv.Cap(), reflect.Copy(sv, reflect.ValueOf([]int{9, 8})), xs)
	sv.Grow(10)
	sv.SetLen(5)
	fmt.Println(xs, sv.Cap() >= 13, sv.Len())
	sv.SetCap(6)
	sv.Slice(1, 3).Clear()
	fmt.Println(xs, cap(xs))
	strs := []string{"a", "b", "c"}
	reflect.Swapper(strs)(0, 2)
	structs := []Pt{{1, 2}, {3, 4}}
	reflect.Swapper(structs)(0, 1)
	small := []uint16{1, 2, 3}
	reflect.Swapper(small)(1, 2)
	fmt.Println(strs, structs, small, reflect.ValueOf(&[4]int{1, 2, 3, 4}).Elem().Slice(1, 3))
	fmt.Println(reflect.Indirect(reflect.ValueOf(&strs)).Index(1), reflect.ValueOf("hello").Slice(1, 3), reflect.ValueOf("hello").Index(1))

	// Zero and comparisons.
	o := Opt{N: 5}
	ov := reflect.ValueOf(&o).Elem()
	for i := range ov.NumField() {
		f := ov.Field(i)
		fmt.Print(ov.Type().Field(i).Name, f.IsZero(), f.Comparable(), " ")
	}
	fmt.Println()
	ov.Field(0).SetZero()
	fmt.Println(ov.IsZero(), reflect.Zero(ov.Type()).IsZero(), reflect.ValueOf(Pt{1, 2}).Equal(reflect.ValueOf(Pt{1, 2})), reflect.ValueOf(-0.0).IsZero(), reflect.ValueOf(math.Copysign(0, -1)).IsZero())
	f := ov.Addr().MethodByName("Val")
	o.N = 10
	out := f.Call([]reflect.Value{reflect.ValueOf(1), reflect.ValueOf("a"), reflect.ValueOf("b")})
	fmt.Println(out[0], out[1], f.CallSlice([]reflect.Value{reflect.ValueOf(2), reflect.ValueOf([]string{"c"})})[1], f.Type(), ov.NumMethod(), ov.Addr().NumMethod())
	g := f.Interface().(func(int, ...string) (int, string))
	fmt.Println(g(3, "x", "y"))
	fmt.Println(ov.Addr().Method(0).Call(nil)[0], reflect.TypeFor[*Opt]().Method(1).Func.Call([]reflect.Value{ov.Addr(), reflect.ValueOf(1)})[0])

	// Pointers.
	p := &o.N
	pv := reflect.ValueOf(p)
	fmt.Println(pv.Pointer() == uintptr(unsafe.Pointer(p)), pv.Elem().Addr().Interface() == any(p), pv.Elem().UnsafeAddr() == uintptr(unsafe.Pointer(p)), pv.UnsafePointer() == unsafe.Pointer(p))
	np := reflect.NewAt(reflect.TypeFor[int](), unsafe.Pointer(p))
	np.Elem().SetInt(77)
	fmt.Println(o.N, np.Elem().CanSet(), reflect.ValueOf(o).Field(0).CanSet(), ov.FieldByName("In").Field(1).CanAddr())
	var ie any = &o.F
	reflect.ValueOf(&ie).Elem().Elem().Elem().SetFloat(2.5)
	fmt.Println(o.F, reflect.ValueOf(&ie).Elem().Kind(), reflect.ValueOf(&ie).Elem().Elem().Kind())

	// Panics.
	h := hidden{a: 1, B: "b"}
	hv := reflect.ValueOf(&h).Elem()
	fmt.Println(hv.Field(0).Int(), hv.Field(0).CanSet(), hv.Field(0).CanInterface(), hv.Field(1).CanSet(), hv.Field(4).IsNil())
	try("set", func() { hv.Field(0).SetInt(3) })
	try("interface", func() { hv.Field(0).Interface() })
	try("addressable", func() { reflect.ValueOf(h).Field(1).SetString("x") })
	try("kind", func() { reflect.ValueOf(1).Len() })
	try("zero", func() { reflect.Value{}.Type() })
	try("zero kind", func() { _ = reflect.Value{}.Int() })
	try("nil elem", func() { reflect.ValueOf((*int)(nil)).Elem().SetInt(1) })
	try("index", func() { reflect.ValueOf([]int{1}).Index(3) })
	try("string", func() { reflect.ValueOf("abc").Index(5) })
	try("array", func() { reflect.ValueOf([2]int{}).Index(2) })
	try("field", func() { reflect.ValueOf(Pt{}).Field(2) })
	try("nilfield", func() { reflect.ValueOf(struct{ *Pt }{}).FieldByName("X") })
	try("slice", func() { reflect.ValueOf([]int{1, 2}).Slice(2, 1) })
	try("assign", func() { ov.Field(0).Set(reflect.ValueOf("x")) })
	try("convert", func() { reflect.ValueOf("x").Convert(reflect.TypeFor[int]()) })
	try("convert len", func() { reflect.ValueOf([]int{1}).Convert(reflect.TypeFor[[2]int]()) })
	try("few", func() { f.Call(nil) })
	try("many", func() { ov.Addr().Method(0).Call([]reflect.Value{ov}) })
	try("wrong arg", func() { f.Call([]reflect.Value{reflect.ValueOf("1")}) })
	try("wrong rest", func() { f.Call([]reflect.Value{reflect.ValueOf(1), reflect.ValueOf(2)}) })
	try("callslice", func() { ov.Addr().Method(0).CallSlice(nil) })
	try("nil func", func() { reflect.ValueOf((func())(nil)).Call(nil) })
	try("not func", func() { reflect.ValueOf(1).Call(nil) })
	try("zero arg", func() { f.Call([]reflect.Value{{}}) })
	try("nil method", func() { var s io.Reader; reflect.ValueOf(&s).Elem().Method(0).Call(nil) })
	try("method", func() { ov.Method(9) })
	try("nil map", func() { var m map[string]int; reflect.ValueOf(m).SetMapIndex(reflect.ValueOf("a"), reflect.ValueOf(1)) })
	try("key", func() { mv.MapIndex(reflect.ValueOf(1)) })
	try("iter", func() { new(reflect.MapIter).Key() })
	try("iter end", func() { it := mv.MapRange(); it.Next(); it.Key() })
	try("isnil", func() { reflect.ValueOf(1).IsNil() })
	try("compare", func() { reflect.ValueOf([]int{}).Equal(reflect.ValueOf([]int{})) })
	try("grow", func() { sv.Grow(-1) })
	try("setlen", func() { sv.SetLen(1000) })
	try("overflow", func() { reflect.ValueOf("").OverflowInt(1) })
	try("elem", func() { reflect.TypeFor[int]().Elem() })
	try("in", func() { reflect.TypeFor[func()]().In(0) })
	try("key type", func() { reflect.TypeFor[int]().Key() })
	try("inside", func() {
		reflect.ValueOf(func(x []int) int { return x[5] }).Call([]reflect.Value{reflect.ValueOf([]int{1})})
	})
	try("makefunc", func() {
		reflect.MakeFunc(reflect.TypeFor[func() int](), func([]reflect.Value) []reflect.Value { return []reflect.Value{reflect.ValueOf("x")} }).Call(nil)
	})
	try("makefunc0", func() {
		reflect.MakeFunc(reflect.TypeFor[func() int](), func([]reflect.Value) []reflect.Value { return []reflect.Value{{}} }).Interface().(func() int)()
	})
	try("visible", func() { reflect.VisibleFields(reflect.TypeFor[int]()) })
}
