package main

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
)

// Interface tables that reflection makes are those of the compiler, as far as programs can tell; pointers to types with
// promoted methods have methods.

type Text struct{ s string }

func (t *Text) String() string { return t.s }

func main() {
	m := map[io.Reader]io.Writer{}
	b1, b2 := new(bytes.Buffer), new(bytes.Buffer)
	reflect.ValueOf(m).SetMapIndex(reflect.ValueOf(b1), reflect.ValueOf(b2))
	fmt.Println(m[b1] == b2, len(m))
	var r io.Reader
	reflect.ValueOf(&r).Elem().Set(reflect.ValueOf(b1))
	fmt.Println(r == b1, r == io.Reader(b1), [2]io.Reader{r, nil} == [2]io.Reader{b1, nil}, any(r) == any(b1))

	var x struct {
		Text
		n int
	}
	x.s = "promoted"
	p := reflect.New(reflect.TypeOf(x))
	p.Elem().Set(reflect.ValueOf(x))
	s, ok := p.Interface().(fmt.Stringer)
	fmt.Println(ok, s, p.NumMethod(), p.Elem().NumMethod(), p.Elem().Addr().MethodByName("String").Call(nil)[0])
}
