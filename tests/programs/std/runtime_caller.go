// runtime.Caller, Callers, CallersFrames, FuncForPC: names, files and lines, skips, inlined calls, generics.
package main

import (
	"fmt"
	"path/filepath"
	"reflect"
	"runtime"
	"sort"
	"strings"
)

func where(skip int) string {
	pc, file, line, ok := runtime.Caller(skip)
	if !ok {
		return "not ok"
	}
	return fmt.Sprintf("%s %s:%d", runtime.FuncForPC(pc).Name(), filepath.Base(file), line)
}

func tiny() string        { return where(1) }
func tinyCaller() string  { return tiny() }
func tinyCaller2() string { return tinyCaller() }

type T struct{ n int }

func (t T) Value() string    { return where(1) }
func (t *T) Pointer() string { return where(1) }

type E struct{ T }

type G[K comparable, V any] struct {
	k K
	v V
}

func (g *G[K, V]) M() string { return where(1) }

func generic[T any](x T) string { return where(1) }

func genericClosure[T any](x T) func() string {
	return func() string { return where(1) }
}

type valuer interface{ Value() string }

func trace() []string {
	pcs := make([]uintptr, 32)
	n := runtime.Callers(1, pcs)
	frames := runtime.CallersFrames(pcs[:n])
	var out []string
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "runtime.") {
			break
		}
		out = append(out, fmt.Sprintf("%s:%d", f.Function, f.Line))
		if f.Func != nil && f.Func.Name() != f.Function {
			out = append(out, "func: "+f.Func.Name())
		}
		if !more {
			break
		}
	}
	return out
}

func a(n int) []string {
	if n == 0 {
		return b()
	}
	return a(n - 1)
}

func b() []string { return c() }

//go:noinline
func c() []string {
	return func() []string {
		return trace()
	}()
}

type byTrace []string

var sortTrace []string

func (s byTrace) Len() int      { return len(s) }
func (s byTrace) Swap(i, j int) { s[i], s[j] = s[j], s[i] }
func (s byTrace) Less(i, j int) bool {
	if sortTrace == nil {
		sortTrace = trace()
	}
	return s[i] < s[j]
}

var atInit = where(1)
var atInitClosure = func() string { return where(1) }()

func init() {
	fmt.Println("init", where(0), where(1))
	func() { fmt.Println("init closure", where(1)) }()
}

func init() {
	fmt.Println("second init", where(1))
}

func named() (s string) {
	defer func() {
		s = where(1)
	}()
	return "x"
}

func panicking() {
	defer func() {
		recover()
		for _, l := range trace() {
			fmt.Println("  panicking:", l)
		}
	}()
	panicIn()
}

//go:noinline
func panicIn() {
	panic("x")
}

func main() {
	fmt.Println(atInit, atInitClosure)
	for skip := range 2 {
		fmt.Println(skip, where(skip))
	}
	fmt.Println(strings.HasPrefix(where(2), "runtime.main "))
	fmt.Println(where(100))
	fmt.Println(tiny(), tinyCaller(), tinyCaller2())
	fmt.Println(T{}.Value(), (&T{}).Pointer(), (&T{}).Value(), E{}.Value(), (&E{}).Pointer())
	var v valuer = T{}
	fmt.Println(v.Value())
	v = &T{}
	fmt.Println(v.Value())
	v = E{}
	fmt.Println(v.Value())
	mv, me := T{}.Value, (*T).Pointer
	fmt.Println(mv(), me(&T{}), valuer.Value(v))
	fmt.Println((&G[string, int]{}).M(), generic(1), generic("s"), generic(T{}), genericClosure(2)())
	fmt.Println(func() string { return where(1) }())
	fn := func() string {
		defer func() {}() // not inlined: what gc inlines changes the names of closures in it
		return func() string {
			return where(1)
		}()
	}
	fmt.Println(fn())
	for _, l := range a(2) {
		fmt.Println(" ", l)
	}
	sort.Sort(byTrace{"b", "a"})
	for _, l := range sortTrace {
		fmt.Println("  sort:", strings.SplitN(l, ":", 2)[0])
	}
	fmt.Println(named())
	panicking()
	for _, f := range []any{main, T.Value, (*T).Pointer, T{}.Value, fmt.Println, strings.ToUpper, generic[int], fn, strings.NewReader, (*strings.Reader).Len, sort.Interface.Len} {
		fmt.Println(runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name())
	}
	rf := runtime.FuncForPC(reflect.ValueOf(c).Pointer())
	file, line := rf.FileLine(rf.Entry())
	fmt.Println(rf.Name(), filepath.Base(file), line, filepath.IsAbs(file), rf.Entry() == reflect.ValueOf(c).Pointer())
	var none *runtime.Func
	fmt.Printf("%q %v\n", none.Name(), runtime.FuncForPC(0) == nil)
	ch := make(chan string)
	go func() {
		ch <- where(1)
	}()
	fmt.Println(<-ch)
	go goroutine(ch)
	fmt.Println(<-ch)
	pcs := make([]uintptr, 2)
	fmt.Println(runtime.Callers(0, pcs), runtime.Callers(0, nil), runtime.Callers(50, pcs))
	fr := runtime.CallersFrames(pcs)
	f0, more := fr.Next()
	fmt.Println(f0.Function, more)
	f0, more = runtime.CallersFrames(nil).Next()
	fmt.Println(f0.Function, f0.PC, more)
}

func goroutine(ch chan string) {
	ch <- where(1)
}
