// reflect: calling functions, methods and closures of every shape; MakeFunc.
package main

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

type vec struct{ X, Y, Z float64 }

func (v vec) Add(w vec) vec    { return vec{v.X + w.X, v.Y + w.Y, v.Z + w.Z} }
func (v *vec) Scale(f float64) { v.X *= f; v.Y *= f; v.Z *= f }
func (v vec) Many(a int8, b string, c []int, d any, e error, f [3]int16, g map[string]int, h bool) (string, error) {
	return fmt.Sprint(v, a, b, c, d, e, f, g, h), errors.New("many")
}
func (v vec) String() string { return fmt.Sprintf("<%g %g %g>", v.X, v.Y, v.Z) }

type adder interface{ Add(vec) vec }

type big struct {
	A [12]int
	S string
}

func ints(a int, b int8, c uint16, d int32, e uint64, f uintptr, g, h, i, j int) int {
	return a + int(b) + int(c) + int(d) + int(e) + int(f) + g + h + i + j
}
func floats(a float32, b float64, c float32, d, e, f, g, h, i, j float64) (float64, float32) {
	return float64(a) + b + float64(c) + d + e + f + g + h + i + j, a
}
func mixed(s string, f float64, b []byte, c complex128, e any, i int8, p *int, fn func(int) int) (string, float64, int, complex128, error, bool) {
	return s + string(b), f * 2, *p + int(i) + fn(3), c * c, fmt.Errorf("%v", e), true
}
func bigs(b big, n int) (big, int)        { b.A[n]++; b.S += "!"; return b, n + 1 }
func variadic(p string, xs ...int) string { return p + fmt.Sprint(len(xs), xs) }
func none()                               { fmt.Println("none called") }
func small(a struct{ x byte }, b struct{}, c [1]string) (struct{ x byte }, [0]int, [1]string) {
	return a, [0]int{}, c
}
func panics(x any) int { panic(x) }

func call(f any, args ...any) {
	v := reflect.ValueOf(f)
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		if a == nil {
			in[i] = reflect.Zero(v.Type().In(i))
		} else {
			in[i] = reflect.ValueOf(a)
		}
	}
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("panic:", r)
		}
	}()
	for _, o := range v.Call(in) {
		fmt.Printf("%v:%v ", o.Type(), o)
	}
	fmt.Println()
}

func main() {
	n := 10
	call(ints, 1, int8(2), uint16(3), int32(4), uint64(5), uintptr(6), 7, 8, 9, 10)
	call(floats, float32(1.5), 2.5, float32(3.5), 4., 5., 6., 7., 8., 9., 10.)
	call(mixed, "s", 1.5, []byte("bytes"), 1+2i, "any", int8(1), &n, func(i int) int { return i * n })
	call(mixed, "s", 1.5, []byte(nil), 1+2i, nil, int8(1), &n, func(i int) int { return i * n })
	call(bigs, big{S: "big"}, 3)
	call(variadic, "p")
	call(variadic, "p", 1, 2, 3)
	call(none)
	call(small, struct{ x byte }{7}, struct{}{}, [1]string{"one"})
	call(panics, "from the callee")
	call(panics, 1, 2)
	call(ints, 1)
	call(ints, "x", int8(2), uint16(3), int32(4), uint64(5), uintptr(6), 7, 8, 9, 10)
	call(strings.ToUpper, "library")
	call(strings.Join, []string{"a", "b"}, "-")
	call(vec.Add, vec{1, 2, 3}, vec{1, 1, 1})
	call((*vec).Add, &vec{1, 2, 3}, vec{1, 1, 1})
	call(vec{5, 5, 5}.Add, vec{1, 1, 1})
	call(adder.Add, vec{9, 9, 9}, vec{1, 1, 1})
	fmt.Println(reflect.ValueOf(variadic).CallSlice([]reflect.Value{reflect.ValueOf("cs"), reflect.ValueOf([]int{4, 5})})[0])

	v := &vec{1, 2, 3}
	rv := reflect.ValueOf(v)
	for i := range rv.NumMethod() {
		fmt.Println(rv.Type().Method(i).Name, rv.Method(i).Type(), rv.Type().Method(i).Type)
	}
	rv.MethodByName("Scale").Call([]reflect.Value{reflect.ValueOf(2.0)})
	fmt.Println(rv.MethodByName("Add").Call([]reflect.Value{reflect.ValueOf(*v)})[0])
	out := rv.Elem().MethodByName("Many").Call([]reflect.Value{reflect.ValueOf(int8(1)), reflect.ValueOf("b"), reflect.ValueOf([]int{3}), reflect.ValueOf(4.5), reflect.ValueOf(errors.New("e")), reflect.ValueOf([3]int16{1, 2, 3}), reflect.ValueOf(map[string]int{"m": 1}), reflect.ValueOf(true)})
	fmt.Println(out[0], out[1])
	m, _ := reflect.TypeFor[vec]().MethodByName("Add")
	fmt.Println(m.Func.Call([]reflect.Value{reflect.ValueOf(vec{1, 0, 0}), reflect.ValueOf(vec{0, 1, 0})})[0])
	bound := rv.MethodByName("Add").Interface().(func(vec) vec)
	fmt.Println(bound(vec{100, 100, 100}))
	var a adder = v
	fmt.Println(reflect.ValueOf(&a).Elem().Method(0).Call([]reflect.Value{reflect.ValueOf(vec{})})[0])
	fmt.Println(rv.MethodByName("Nope").IsValid())

	swap := func(in []reflect.Value) []reflect.Value { return []reflect.Value{in[1], in[0]} }
	var swapInts func(int, int) (int, int)
	reflect.ValueOf(&swapInts).Elem().Set(reflect.MakeFunc(reflect.TypeOf(swapInts), swap))
	fmt.Println(swapInts(1, 2))
	var swapMix func(string, float64) (float64, string)
	reflect.ValueOf(&swapMix).Elem().Set(reflect.MakeFunc(reflect.TypeOf(swapMix), swap))
	fmt.Println(swapMix("s", 2.5))
	var swapBig func(big, vec) (vec, big)
	reflect.ValueOf(&swapBig).Elem().Set(reflect.MakeFunc(reflect.TypeOf(swapBig), swap))
	fmt.Println(swapBig(big{S: "b"}, vec{1, 2, 3}))
	mk := reflect.MakeFunc(reflect.TypeOf(variadic), func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(fmt.Sprint(in[0], in[1].Len(), in[1].Type()))}
	})
	fmt.Println(mk.Interface().(func(string, ...int) string)("v", 1, 2), mk.Call([]reflect.Value{reflect.ValueOf("w"), reflect.ValueOf(3)})[0])
	var errf func(error, any) (error, bool)
	reflect.ValueOf(&errf).Elem().Set(reflect.MakeFunc(reflect.TypeOf(errf), func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{in[0], reflect.ValueOf(in[1].IsNil())}
	}))
	fmt.Println(errf(errors.New("through"), nil))
	fmt.Println(errf(nil, 5))
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		f := reflect.MakeFunc(reflect.TypeFor[func()](), func([]reflect.Value) []reflect.Value { panic("in MakeFunc") })
		f.Interface().(func())()
	}()
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		f := reflect.MakeFunc(reflect.TypeFor[func() int](), func([]reflect.Value) []reflect.Value { return nil })
		f.Interface().(func() int)()
	}()
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		f := reflect.MakeFunc(reflect.TypeFor[func() int](), func([]reflect.Value) []reflect.Value { return []reflect.Value{reflect.ValueOf("s")} })
		f.Interface().(func() int)()
	}()
	var nilf func()
	call(nilf)
	// A goroutine started and a call that waits, through reflection.
	ch := make(chan int)
	go reflect.ValueOf(func(k int) { ch <- k * 2 }).Call([]reflect.Value{reflect.ValueOf(21)})
	fmt.Println(reflect.ValueOf(func() int { return <-ch }).Call(nil)[0])
	total := 0
	f := reflect.ValueOf(func(k int) int { total += k; return total })
	arg := []reflect.Value{reflect.ValueOf(1)}
	for range 100000 {
		f.Call(arg)
	}
	fmt.Println(total)
}
