// Stringer, error, Formatter, GoStringer; methods on values and pointers; methods that panic.
package main

import (
	"fmt"
	"strconv"
)

type valueStringer struct{ n int }

func (v valueStringer) String() string { return "VS(" + strconv.Itoa(v.n) + ")" }

type pointerStringer struct{ n int }

func (p *pointerStringer) String() string { return "PS(" + strconv.Itoa(p.n) + ")" }

type nilSafe struct{}

func (p *nilSafe) String() string {
	if p == nil {
		return "nilSafe(nil)"
	}
	return "nilSafe"
}

type intStringer int

func (i intStringer) String() string { return fmt.Sprintf("<%d>", int(i)) }

type errT struct{ code int }

func (e errT) Error() string { return "err" + strconv.Itoa(e.code) }

type both struct{}

func (both) String() string { return "string" }
func (both) Error() string  { return "error" }

type goStr struct{ a, b int }

func (goStr) GoString() string { return "goStr!" }

type formatter struct{ s string }

func (f formatter) Format(st fmt.State, verb rune) {
	w, wok := st.Width()
	p, pok := st.Precision()
	fmt.Fprintf(st, "F[%c %d %t %d %t", verb, w, wok, p, pok)
	for _, c := range "+-# 0" {
		if st.Flag(int(c)) {
			fmt.Fprintf(st, " %q", c)
		}
	}
	fmt.Fprintf(st, " %s %s]", fmt.FormatString(st, verb), f.s)
}

type panics struct{ v any }

func (p panics) String() string { panic(p.v) }

type panicsErr struct{}

func (panicsErr) Error() string { panic(plainErr("inside")) }

type panicsGo struct{}

func (panicsGo) GoString() string { var m map[string]int; m["x"] = 1; return "" }

type panicsFormat struct{}

func (panicsFormat) Format(fmt.State, rune) { panic("format") }

type embedding struct {
	valueStringer
	Extra int
}

type fields struct {
	V valueStringer
	P *pointerStringer
	I intStringer
	E error
	v valueStringer
	i intStringer
}

type writer []byte

func (w *writer) Write(p []byte) (int, error) { *w = append(*w, p...); return len(p), nil }

// plainErr is printed without an address by every verb.
type plainErr string

func (e plainErr) Error() string { return string(e) }

func main() {
	values := []any{
		valueStringer{1}, &valueStringer{2}, (*valueStringer)(nil),
		&pointerStringer{3}, (*nilSafe)(nil), &nilSafe{}, (*pointerStringer)(nil),
		intStringer(4), []intStringer{5, 6}, map[intStringer]valueStringer{2: {7}, 1: {8}}, [2]intStringer{1, 2},
		errT{9}, &errT{10}, both{}, goStr{1, 2}, &goStr{}, []goStr{{}},
		formatter{"x"}, &formatter{"y"}, []formatter{{"z"}}, map[string]formatter{"k": {"v"}},
		panics{"boom"}, panics{42}, panics{plainErr("e")}, panics{nil}, panics{valueStringer{1}}, panicsErr{}, panicsGo{}, panicsFormat{}, []panics{{"p1"}, {"p2"}},
		embedding{valueStringer{11}, 12}, fields{V: valueStringer{1}, I: 3, E: errT{4}, v: valueStringer{5}, i: 6},
		struct{ error }{errT{13}}, struct{ s fmt.Stringer }{valueStringer{14}},
	}
	formats := []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%10s|", "%-10v|", "%+q", "%#q", "% x", "%6.3v|", "%z", "%08.3d"}
	for i, v := range values {
		for _, f := range formats {
			fmt.Printf("%d %s: ", i, f)
			fmt.Printf(f, v)
			fmt.Println()
		}
	}
	// pointerStringer's method is not in the method set of the value.
	type holder struct{ p pointerStringer }
	fmt.Println(pointerStringer{1}, holder{pointerStringer{2}})
	var w writer
	n, err := fmt.Fprintf(&w, "%v %v", valueStringer{1}, errT{2})
	fmt.Println(string(w), n, err)
	fmt.Println(fmt.Sprint(valueStringer{1}, errT{2}, "a", "b", 1, 2, "c", 3.5, nil, true))
	fmt.Println(fmt.Sprintln("x", 1, valueStringer{2}))
	fmt.Println(string(fmt.Append(nil, "a", 1, 2, "b")), string(fmt.Appendf([]byte("pre-"), "%05d", 42)), string(fmt.Appendln(nil, 1, "z")))
}
