package main

// Types made at run time: identity with the compiler's, memory that the collector scans by them, methods, panics.

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
)

type Named struct {
	A int
	s string
}

func (n Named) Hello() string    { return "hello " + n.s }
func (n *Named) Change(s string) { n.s = s }

type Inter interface{ Hello() string }

func same[T any](t reflect.Type) bool { return t == reflect.TypeFor[T]() }

func try(what string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Printf("%s: %v\n", what, r)
		}
	}()
	f()
	fmt.Println(what, "did not panic")
}

func main() {
	i, s, n := reflect.TypeFor[int](), reflect.TypeFor[string](), reflect.TypeFor[Named]()
	fmt.Println(same[[]int](reflect.SliceOf(i)), same[[7]string](reflect.ArrayOf(7, s)), same[map[string]Named](reflect.MapOf(s, n)),
		same[chan int](reflect.ChanOf(reflect.BothDir, i)), same[<-chan Named](reflect.ChanOf(reflect.RecvDir, n)), same[*Named](reflect.PointerTo(n)),
		same[**Named](reflect.PointerTo(reflect.PointerTo(n))), same[func(int, ...string) Named](reflect.FuncOf([]reflect.Type{i, reflect.SliceOf(s)}, []reflect.Type{n}, true)),
		same[struct {
			A int `x:"y"`
			B string
		}](reflect.StructOf([]reflect.StructField{{Name: "A", Type: i, Tag: `x:"y"`}, {Name: "B", Type: s}})))

	// Types that the program does not mention.
	deep := reflect.SliceOf(reflect.MapOf(reflect.ArrayOf(3, s), reflect.ChanOf(reflect.SendDir, reflect.PointerTo(reflect.SliceOf(n)))))
	fmt.Println(deep, deep == reflect.SliceOf(deep.Elem()), deep.Elem().Key().Comparable(), deep.Size(), deep.Kind())
	f := reflect.FuncOf([]reflect.Type{deep, i}, []reflect.Type{s, reflect.TypeFor[error]()}, false)
	fmt.Println(f, f.NumIn(), f.Out(1), f == reflect.FuncOf([]reflect.Type{deep, i}, []reflect.Type{s, reflect.TypeFor[error]()}, false))
	fn := reflect.MakeFunc(f, func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(fmt.Sprint(in[0].Len(), in[1].Int())), reflect.Zero(reflect.TypeFor[error]())}
	})
	out := fn.Call([]reflect.Value{reflect.MakeSlice(deep, 2, 2), reflect.ValueOf(5)})
	fmt.Println(out[0], out[1].IsNil())

	st := reflect.StructOf([]reflect.StructField{
		{Name: "Name", Type: s, Tag: `json:"name"`},
		{Name: "Next", Type: reflect.TypeFor[*Named]()},
		{Name: "Flags", Type: reflect.TypeFor[[3]bool]()},
		{Name: "Any", Type: reflect.TypeFor[any]()},
		{Name: "Kids", Type: reflect.SliceOf(n)},
		{Name: "F", Type: reflect.TypeFor[float32]()},
	})
	fmt.Println(st, st.Size(), st.Align(), st.Comparable(), st.NumField())
	v := reflect.New(st).Elem()
	v.Field(0).SetString("made")
	v.Field(1).Set(reflect.ValueOf(&Named{1, "next"}))
	v.FieldByName("Flags").Index(1).SetBool(true)
	v.FieldByName("Any").Set(reflect.ValueOf(3.5))
	v.FieldByName("Kids").Set(reflect.Append(v.FieldByName("Kids"), reflect.ValueOf(Named{2, "kid"})))
	v.FieldByName("F").SetFloat(0.25)
	fmt.Printf("%+v\n", v.Field(4))

	// Memory of made types: a list of nodes, each reached only through fields of a made type, over many collections.
	node := reflect.StructOf([]reflect.StructField{
		{Name: "Pad", Type: reflect.TypeFor[[3]int]()}, {Name: "Next", Type: reflect.TypeFor[any]()}, {Name: "Text", Type: s},
	})
	var head any
	for k := range 2000 {
		p := reflect.New(node)
		p.Elem().Field(0).Index(2).SetInt(int64(k))
		if head != nil {
			p.Elem().Field(1).Set(reflect.ValueOf(head))
		}
		p.Elem().Field(2).SetString(strings.Repeat("x", k%7))
		head = p.Interface()
		if k%100 == 0 {
			runtime.GC()
		}
	}
	runtime.GC()
	count, sum, length := 0, int64(0), 0
	for at := head; at != nil; {
		e := reflect.ValueOf(at).Elem()
		count++
		sum += e.Field(0).Index(2).Int()
		length += e.Field(2).Len()
		at = e.Field(1).Interface()
	}
	fmt.Println(count, sum, length)

	// Large arrays and structs of pointers: their bitmaps are made when they are needed.
	big := reflect.ArrayOf(3000, reflect.StructOf([]reflect.StructField{{Name: "N", Type: i}, {Name: "P", Type: reflect.TypeFor[*string]()}, {Name: "M", Type: i}}))
	bv := reflect.New(big).Elem()
	for k := range big.Len() {
		x := fmt.Sprint("s", k)
		bv.Index(k).Field(1).Set(reflect.ValueOf(&x))
	}
	wrapped := reflect.StructOf([]reflect.StructField{{Name: "A", Type: i}, {Name: "B", Type: big}})
	wv := reflect.New(wrapped).Elem()
	wv.Field(1).Set(bv)
	bv = reflect.Value{}
	for range 3 {
		runtime.GC()
		_ = make([]byte, 1<<20)
	}
	ok := 0
	for k := range big.Len() {
		if *wv.Field(1).Index(k).Field(1).Interface().(*string) == fmt.Sprint("s", k) {
			ok++
		}
	}
	fmt.Println(ok, big.Size(), wrapped.Size())

	// Maps with made keys and elements.
	mt := reflect.MapOf(st.Field(2).Type, reflect.SliceOf(st))
	m := reflect.MakeMap(mt)
	for k := range 8 {
		key := reflect.New(mt.Key()).Elem()
		for b := range 3 {
			key.Index(b).SetBool(k>>b&1 == 1)
		}
		m.SetMapIndex(key, reflect.MakeSlice(mt.Elem(), k, 10))
	}
	runtime.GC()
	total := 0
	for it := m.MapRange(); it.Next(); {
		total += it.Value().Len()
	}
	fmt.Println(mt.Key(), m.Len(), total, m.MapIndex(reflect.ValueOf([3]bool{true, false, true})).Len())
	sk := reflect.StructOf([]reflect.StructField{{Name: "X", Type: i}, {Name: "Y", Type: s}, {Name: "Z", Type: reflect.TypeFor[any]()}})
	m = reflect.MakeMap(reflect.MapOf(sk, i))
	for k := range 50 {
		key := reflect.New(sk).Elem()
		key.Field(0).SetInt(int64(k))
		key.Field(1).SetString(fmt.Sprint(k % 5))
		key.Field(2).Set(reflect.ValueOf(k % 3))
		m.SetMapIndex(key, reflect.ValueOf(k*k))
	}
	key := reflect.New(sk).Elem()
	key.Field(0).SetInt(13)
	key.Field(1).SetString("3")
	key.Field(2).Set(reflect.ValueOf(1))
	fmt.Println(m.Len(), m.MapIndex(key), key.Equal(m.MapKeys()[0]) || true)

	// Methods of embedded types.
	et := reflect.StructOf([]reflect.StructField{{Name: "Named", Type: reflect.TypeFor[*Named](), Anonymous: true}})
	ev := reflect.New(et).Elem()
	ev.Field(0).Set(reflect.ValueOf(&Named{3, "embedded"}))
	fmt.Println(et.NumMethod(), et.Method(1).Name, ev.Method(1).Call(nil)[0], et.Implements(reflect.TypeFor[Inter]()), ev.Interface().(Inter).Hello())
	ev.Interface().(interface{ Change(string) }).Change("changed")
	fmt.Println(ev.Interface().(Inter).Hello())
	vt := reflect.StructOf([]reflect.StructField{{Name: "Named", Type: n, Anonymous: true}})
	vv := reflect.New(vt).Elem()
	vv.Field(0).Set(reflect.ValueOf(Named{4, "by value"}))
	fmt.Println(vt.NumMethod(), vv.Interface().(Inter).Hello(), vv.MethodByName("Hello").Call(nil)[0])

	// Channels.
	c := reflect.MakeChan(reflect.ChanOf(reflect.BothDir, st), 2)
	c.Send(v)
	fmt.Println(c.Len(), c.Cap(), c.TrySend(v), c.TrySend(v))
	r, received := c.Recv()
	fmt.Println(r.Field(0), r.Field(3), received)
	c.Close()
	c.Recv()
	r, received = c.Recv()
	fmt.Println(r.IsZero(), received)

	// Values stored directly in interfaces.
	one := reflect.StructOf([]reflect.StructField{{Name: "P", Type: reflect.TypeFor[*int]()}})
	x := 42
	ov := reflect.New(one).Elem()
	ov.Field(0).Set(reflect.ValueOf(&x))
	a := ov.Interface()
	x = 43
	fmt.Println(*reflect.ValueOf(a).Field(0).Interface().(*int), a == ov.Interface(), reflect.ArrayOf(1, one).Size())
	av := reflect.New(reflect.ArrayOf(1, one)).Elem()
	av.Index(0).Set(ov)
	fmt.Println(*reflect.ValueOf(av.Interface()).Index(0).Field(0).Interface().(*int), av.Interface() == av.Interface())

	try("slice", func() { reflect.MakeSlice(i, 1, 1) })
	try("field", func() { reflect.StructOf([]reflect.StructField{{Name: "a b", Type: i}}) })
	try("unexported", func() { reflect.StructOf([]reflect.StructField{{Name: "a", Type: i}}) })
	try("twice", func() { reflect.StructOf([]reflect.StructField{{Name: "A", Type: i}, {Name: "A", Type: i}}) })
	try("map", func() { reflect.MapOf(reflect.TypeFor[[]int](), i) })
	try("array", func() { reflect.ArrayOf(-1, i) })
	try("variadic", func() { reflect.FuncOf([]reflect.Type{i}, nil, true) })
	try("hash", func() {
		m.SetMapIndex(func() reflect.Value { k := reflect.New(sk).Elem(); k.Field(2).Set(reflect.ValueOf([]int{})); return k }(), reflect.ValueOf(1))
	})
	try("send", func() { c.Send(v) })
	try("close", func() { c.Close() })
	try("makechan", func() { reflect.MakeChan(reflect.TypeFor[chan int](), -1) })
	try("wrong", func() { c.Send(reflect.ValueOf(1)) })
	try("result", func() {
		fn2 := reflect.MakeFunc(f, func([]reflect.Value) []reflect.Value { return nil })
		fn2.Call([]reflect.Value{reflect.Zero(deep), reflect.ValueOf(1)})
	})
}
