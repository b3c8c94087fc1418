// reflect: types made at run time.
package main

import (
	"fmt"
	"reflect"
	"runtime"
)

type key struct {
	A int
	B string
}

type embedded struct{ N int }

func (e embedded) Get() int { return e.N }

func main() {
	intT, strT := reflect.TypeFor[int](), reflect.TypeFor[string]()
	fmt.Println(reflect.SliceOf(intT) == reflect.TypeFor[[]int](), reflect.MapOf(strT, intT) == reflect.TypeFor[map[string]int](), reflect.PointerTo(intT) == reflect.TypeFor[*int](), reflect.ArrayOf(3, intT) == reflect.TypeFor[[3]int](), reflect.ChanOf(reflect.RecvDir, strT) == reflect.TypeFor[<-chan string]())
	fmt.Println(reflect.FuncOf([]reflect.Type{intT, reflect.TypeFor[[]string]()}, []reflect.Type{strT}, true) == reflect.TypeFor[func(int, ...string) string]())

	st := reflect.StructOf([]reflect.StructField{
		{Name: "A", Type: intT, Tag: `json:"a"`},
		{Name: "B", Type: strT},
		{Name: "C", Type: reflect.TypeFor[[]*int]()},
		{Name: "D", Type: reflect.TypeFor[any]()},
		{Name: "E", Type: reflect.TypeFor[int8]()},
	})
	fmt.Println(st, st.Size(), st.NumField(), st.Comparable(), st == reflect.StructOf([]reflect.StructField{{Name: "A", Type: intT, Tag: `json:"a"`}, {Name: "B", Type: strT}, {Name: "C", Type: reflect.TypeFor[[]*int]()}, {Name: "D", Type: reflect.TypeFor[any]()}, {Name: "E", Type: reflect.TypeFor[int8]()}}))
	v := reflect.New(st).Elem()
	v.Field(0).SetInt(5)
	v.Field(1).SetString("str")
	n := 9
	v.Field(2).Set(reflect.ValueOf([]*int{&n}))
	v.Field(3).Set(reflect.ValueOf(2.5))
	fmt.Printf("%v %d %T\n", v.Field(0), *v.Field(2).Index(0).Interface().(*int), v.Interface())
	fmt.Println(v.Field(3), v.Field(4), v.FieldByName("B"))
	same := struct {
		A int `json:"a"`
		B string
		C []*int
		D any
		E int8
	}{}
	fmt.Println(reflect.TypeOf(same) == st, reflect.TypeOf(same).ConvertibleTo(st))

	kt := reflect.StructOf([]reflect.StructField{{Name: "X", Type: intT}, {Name: "Y", Type: strT}})
	mt := reflect.MapOf(kt, reflect.SliceOf(kt))
	m := reflect.MakeMapWithSize(mt, 10)
	for i := range 1000 {
		k := reflect.New(kt).Elem()
		k.Field(0).SetInt(int64(i))
		k.Field(1).SetString(fmt.Sprint("k", i))
		m.SetMapIndex(k, reflect.Append(reflect.Zero(reflect.SliceOf(kt)), k))
	}
	runtime.GC()
	sum := 0
	for it := m.MapRange(); it.Next(); {
		sum += int(it.Value().Index(0).Field(0).Int())
	}
	k := reflect.New(kt).Elem()
	k.Field(0).SetInt(500)
	k.Field(1).SetString("k500")
	fmt.Println(mt, m.Len(), sum, m.MapIndex(k))

	at := reflect.ArrayOf(5, reflect.TypeFor[key]())
	a := reflect.New(at).Elem()
	a.Index(2).Field(0).SetInt(3)
	fmt.Println(at, at.Len(), at.Size(), a.Interface().([5]key)[2], at.Comparable())
	fmt.Println(reflect.MapOf(at, intT), reflect.ArrayOf(0, strT), reflect.ArrayOf(2, st).Size())
	am := reflect.MakeMap(reflect.MapOf(reflect.ArrayOf(7, strT), intT))
	ak := reflect.New(reflect.ArrayOf(7, strT)).Elem()
	ak.Index(6).SetString("last")
	am.SetMapIndex(ak, reflect.ValueOf(1))
	fmt.Println(am.MapIndex(ak), am.Len(), am.MapIndex(reflect.Zero(ak.Type())).IsValid())

	ct := reflect.ChanOf(reflect.BothDir, at)
	c := reflect.MakeChan(ct, 2)
	c.Send(a)
	fmt.Println(c.Len(), c.Cap(), c.TrySend(a), c.TrySend(a))
	x, ok := c.Recv()
	fmt.Println(x.Index(2), ok)
	c.Close()
	c.Recv()
	x, ok = c.Recv()
	fmt.Println(x.IsZero(), ok)

	ft := reflect.FuncOf([]reflect.Type{kt, at}, []reflect.Type{intT, kt}, false)
	f := reflect.MakeFunc(ft, func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{in[1].Index(2).Field(0), in[0]}
	})
	out := f.Call([]reflect.Value{k, a})
	fmt.Println(ft, out[0], out[1])
	et := reflect.StructOf([]reflect.StructField{{Name: "Embedded", Anonymous: true, Type: reflect.TypeFor[struct{ N int }]()}})
	fmt.Println(et, et.NumMethod())
	s := reflect.MakeSlice(reflect.SliceOf(st), 3, 5)
	s.Index(1).Set(v)
	fmt.Println(s.Len(), s.Cap(), s.Index(1).Field(1), s.Index(0).IsZero())
	fmt.Println(reflect.PointerTo(reflect.PointerTo(st)).Elem().Elem() == st, reflect.New(st).Type())
	kv := reflect.New(kt).Elem()
	fmt.Println(kv.Interface() == reflect.Zero(kt).Interface(), kv.Interface() == struct {
		X int
		Y string
	}{})
	for _, f := range []func(){
		func() { reflect.StructOf([]reflect.StructField{{Name: "a", Type: intT}}) },
		func() { reflect.StructOf([]reflect.StructField{{Name: "A", Type: intT}, {Name: "A", Type: intT}}) },
		func() { reflect.StructOf([]reflect.StructField{{Name: "1x", Type: intT}}) },
		func() { reflect.MapOf(reflect.TypeFor[[]int](), intT) },
		func() { reflect.ArrayOf(-1, intT) },
		func() { reflect.FuncOf([]reflect.Type{intT}, nil, true) },
	} {
		func() {
			defer func() { fmt.Println(recover()) }()
			f()
		}()
	}
	// Garbage reachable only through made types stays.
	keep := reflect.New(st)
	keep.Elem().Field(1).SetString(fmt.Sprint("he", "ap"))
	keep.Elem().Field(2).Set(reflect.ValueOf([]*int{new(int)}))
	*keep.Elem().Field(2).Index(0).Interface().(*int) = 4242
	for range 5 {
		runtime.GC()
		_ = make([]byte, 1<<20)
	}
	fmt.Println(keep.Elem().Field(1), *keep.Elem().Field(2).Index(0).Interface().(*int))
}
