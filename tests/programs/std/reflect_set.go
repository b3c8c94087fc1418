// reflect: setting, converting, appending, comparing; panics with their texts.
package main

import (
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
)

type inner struct{ A, b int }

type S struct {
	I  int
	U  uint8
	F  float32
	C  complex64
	S  string
	B  bool
	Sl []int
	M  map[string]int
	P  *int
	An any
	E  error
	In inner
	Ar [3]byte
	By []byte
	Fn func() int
	Rd io.Reader
	un int
}

type myInt int
type myStr string

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println(name, "panic:", r)
		}
	}()
	f()
	fmt.Println(name, "ok")
}

func main() {
	var s S
	v := reflect.ValueOf(&s).Elem()
	v.FieldByName("I").SetInt(-5)
	v.FieldByName("U").SetUint(200)
	v.FieldByName("F").SetFloat(2.5)
	v.FieldByName("C").SetComplex(1 + 2i)
	v.FieldByName("S").SetString("set")
	v.FieldByName("B").SetBool(true)
	v.FieldByName("Sl").Set(reflect.ValueOf([]int{1, 2}))
	v.FieldByName("Sl").Set(reflect.Append(v.FieldByName("Sl"), reflect.ValueOf(3), reflect.ValueOf(4)))
	v.FieldByName("Sl").Index(0).SetInt(100)
	v.FieldByName("Sl").Set(reflect.AppendSlice(v.FieldByName("Sl"), reflect.ValueOf([]int{7, 8})))
	v.FieldByName("M").Set(reflect.MakeMap(v.FieldByName("M").Type()))
	v.FieldByName("M").SetMapIndex(reflect.ValueOf("k"), reflect.ValueOf(1))
	v.FieldByName("M").SetMapIndex(reflect.ValueOf("gone"), reflect.ValueOf(2))
	v.FieldByName("M").SetMapIndex(reflect.ValueOf("gone"), reflect.Value{})
	v.FieldByName("P").Set(reflect.New(reflect.TypeFor[int]()))
	v.FieldByName("P").Elem().SetInt(77)
	v.FieldByName("An").Set(reflect.ValueOf(inner{1, 2}))
	v.FieldByName("E").Set(reflect.ValueOf(os.ErrNotExist))
	v.FieldByName("In").Field(0).SetInt(9)
	reflect.Copy(v.FieldByName("Ar"), reflect.ValueOf([]byte("xyz")))
	v.FieldByName("By").SetBytes([]byte("bytes"))
	v.FieldByName("Fn").Set(reflect.ValueOf(func() int { return 31 }))
	v.FieldByName("Rd").Set(reflect.ValueOf(strings.NewReader("r")))
	fmt.Println(s.I, s.U, s.F, s.C, s.S, s.B, s.Sl, s.M, *s.P, s.An, s.E, s.In, s.Ar, string(s.By), s.Fn(), s.Rd != nil)
	v.Field(0).SetZero()
	v.FieldByName("Sl").SetLen(2)
	v.FieldByName("Sl").SetCap(3)
	v.FieldByName("Sl").Grow(10)
	v.FieldByName("M").Clear()
	fmt.Println(s.I, s.Sl, len(s.M), v.FieldByName("Sl").Slice(1, 2), v.FieldByName("S").Slice(0, 2), v.FieldByName("Sl").Slice3(0, 1, 2).Cap())

	try("unaddressable", func() { reflect.ValueOf(s).Field(0).SetInt(1) })
	try("unexported", func() { v.FieldByName("un").SetInt(1) })
	try("unexported in", func() { v.FieldByName("In").Field(1).SetInt(1) })
	try("unexported interface", func() { v.FieldByName("un").Interface() })
	try("kind", func() { v.Field(0).SetString("x") })
	try("type", func() { v.Field(0).Set(reflect.ValueOf("x")) })
	try("assign named", func() { v.Field(0).Set(reflect.ValueOf(myInt(1))) })
	try("zero value", func() { v.Field(0).Set(reflect.Value{}) })
	try("index", func() { v.FieldByName("Sl").Index(99) })
	try("array index", func() { v.FieldByName("Ar").Index(3) })
	try("field", func() { v.Field(50) })
	try("elem", func() { v.Elem() })
	try("nil elem", func() { fmt.Println(reflect.ValueOf((*int)(nil)).Elem().IsValid()) })
	try("nilmap", func() { reflect.ValueOf(map[string]int(nil)).SetMapIndex(reflect.ValueOf("a"), reflect.ValueOf(1)) })
	try("len", func() { reflect.ValueOf(1).Len() })
	try("isnil", func() { reflect.ValueOf(1).IsNil() })
	try("invalid", func() { reflect.Value{}.Type() })
	try("setlen", func() { v.FieldByName("Sl").SetLen(1000) })
	try("typ elem", func() { reflect.TypeFor[int]().Elem() })
	try("typ field", func() { reflect.TypeFor[int]().Field(0) })
	try("numin", func() { reflect.TypeFor[int]().NumIn() })
	try("convert", func() { reflect.ValueOf("x").Convert(reflect.TypeFor[int]()) })
	try("slice to array", func() { reflect.ValueOf([]int{1}).Convert(reflect.TypeFor[[2]int]()) })

	conv := func(x any, t reflect.Type) {
		fmt.Printf("%T(%v) ", reflect.ValueOf(x).Convert(t).Interface(), reflect.ValueOf(x).Convert(t))
	}
	conv(65, reflect.TypeFor[string]())
	conv(3.99, reflect.TypeFor[int8]())
	conv(-1, reflect.TypeFor[uint16]())
	conv(7, reflect.TypeFor[float64]())
	conv("str", reflect.TypeFor[[]byte]())
	conv("世", reflect.TypeFor[[]rune]())
	conv([]byte("b"), reflect.TypeFor[myStr]())
	conv(myInt(4), reflect.TypeFor[any]())
	conv(complex64(1i), reflect.TypeFor[complex128]())
	conv([]int{1, 2}, reflect.TypeFor[[2]int]())
	fmt.Println()

	x, y := 1, 2
	sw := reflect.Swapper([]int{})
	_ = sw
	sl := []string{"a", "b", "c"}
	reflect.Swapper(sl)(0, 2)
	fmt.Println(sl, x, y)
	fmt.Println(reflect.ValueOf(1).Equal(reflect.ValueOf(1)), reflect.ValueOf(s.An).Comparable(), reflect.ValueOf([]int{}).Comparable())
	it := reflect.ValueOf(map[string]int{"only": 5}).MapRange()
	for it.Next() {
		fmt.Println(it.Key(), it.Value())
	}
	keys := reflect.ValueOf(map[int]bool{1: true, 2: false, 3: true}).MapKeys()
	total := 0
	for _, k := range keys {
		total += int(k.Int())
	}
	fmt.Println(len(keys), total)
	for i, e := range reflect.ValueOf([]string{"r", "s"}).Seq2() {
		fmt.Print(i, e, " ")
	}
	for i := range reflect.ValueOf(3).Seq() {
		fmt.Print(i, " ")
	}
	fmt.Println(reflect.Indirect(reflect.ValueOf(&x)).Int(), reflect.ValueOf(&s).Pointer() != 0, reflect.ValueOf(&s).UnsafePointer() != nil)
	p := v.Field(0).Addr().Interface().(*int)
	*p = 1234
	fmt.Println(s.I, v.Field(0).CanAddr(), v.Field(0).UnsafeAddr() != 0)
}
