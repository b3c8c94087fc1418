package main

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"maps"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"text/template"
	"time"
)

// Functions that the library calls wait for goroutines: in goir a library function is never a coroutine, so the thread is
// parked. And iterators, whose two sides take turns.

var _ = topic("parking",
	program{"park_in_sort", parkInSort},
	program{"park_in_stringer", parkInStringer},
	program{"park_in_marshal", parkInMarshal},
	program{"park_in_reader", parkInReader},
	program{"park_in_reflect_call", parkInReflectCall},
	program{"park_in_make_func", parkInMakeFunc},
	program{"park_in_once", parkInOnce},
	program{"park_in_map_range", parkInMapRange},
	program{"park_in_regexp", parkInRegexp},
	program{"park_in_template", parkInTemplate},
	program{"park_many_threads", parkManyThreads},
	program{"park_each_other", parkEachOther},
	program{"park_under_coroutines", parkUnderCoroutines},
	program{"park_in_finalizer", parkInFinalizer},
	program{"park_panics", parkPanics},
	program{"pull_basic", pullBasic},
	program{"pull_two_sequences", pullTwoSequences},
	program{"pull_stops_early", pullStopsEarly},
	program{"pull_waits", pullWaits},
	program{"pull_panics", pullPanics},
	program{"pull_between_goroutines", pullBetweenGoroutines},
	program{"pull_many", pullMany},
	program{"range_func_waits", rangeFuncWaits},
	program{"range_func_over_channels", rangeFuncOverChannels},
)

// oracle answers requests from a goroutine of its own.
func oracle[A, B any](f func(A) B) func(A) B {
	type request struct {
		a A
		c chan B
	}
	requests := make(chan request)
	go func() {
		for r := range requests {
			r.c <- f(r.a)
		}
	}()
	return func(a A) B {
		c := make(chan B)
		requests <- request{a, c}
		return <-c
	}
}

func parkInSort() {
	less := oracle(func(p [2]int) bool { return p[0]*7%31 < p[1]*7%31 })
	a := make([]int, 31)
	for i := range a {
		a[i] = i
	}
	sort.Slice(a, func(i, j int) bool { return less([2]int{a[i], a[j]}) })
	fmt.Println(a)
	slices.SortFunc(a, func(x, y int) int {
		if less([2]int{y, x}) {
			return -1
		}
		return 1
	})
	fmt.Println(a[:5])
	fmt.Println(sort.Search(1000, func(i int) bool { return !less([2]int{i % 31, 5}) }))
}

type asked struct{ f func(string) string }

func (a asked) String() string { return a.f("question") }

func parkInStringer() {
	a := asked{oracle(strings.ToUpper)}
	fmt.Println(a, []any{a, 1, &a}, map[string]asked{"k": a})
	texts := make([]string, 8)
	each(8, func(i int) { texts[i] = fmt.Sprintf("%d %v", i, a) })
	fmt.Println(texts)
}

type waitingJSON struct{ c chan int }

func (w waitingJSON) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, `{"got":%d}`, <-w.c), nil }
func (w *waitingJSON) UnmarshalJSON(b []byte) error {
	w.c = make(chan int)
	go func() { w.c <- len(b) }()
	return nil
}

func parkInMarshal() {
	c := make(chan int)
	go func() {
		for i := range 3 {
			c <- i
		}
	}()
	b, err := json.Marshal([]any{waitingJSON{c}, "x", map[string]any{"k": waitingJSON{c}}, &waitingJSON{c}})
	fmt.Println(string(b), err)
	var out []waitingJSON
	fmt.Println(json.Unmarshal([]byte(`[12, "text", {"a": 1}]`), &out))
	for _, w := range out {
		fmt.Println(<-w.c)
	}
}

type chanReader struct{ c chan byte }

func (r chanReader) Read(p []byte) (int, error) {
	for i := range p {
		b, ok := <-r.c
		if !ok {
			return i, io.EOF
		}
		p[i] = b
	}
	return len(p), nil
}

func parkInReader() {
	r := chanReader{make(chan byte)}
	go func() {
		for i := range 2000 {
			r.c <- byte('a' + i%26)
		}
		close(r.c)
	}()
	var first [5]byte
	io.ReadFull(r, first[:])
	rest, err := io.ReadAll(r)
	fmt.Println(string(first[:]), len(rest), string(rest[1990:]), err)
}

type server struct{ c chan int }

func (s *server) Add(n ...int) int { s.c <- sum(n...); return <-s.c }

func parkInReflectCall() {
	s := &server{make(chan int)}
	go func() {
		for {
			v := <-s.c
			s.c <- v * v
		}
	}()
	m := reflect.ValueOf(s).MethodByName("Add")
	for i := range 3 {
		fmt.Println(m.Call([]reflect.Value{reflect.ValueOf(i), reflect.ValueOf(10)})[0])
	}
	fmt.Println(m.CallSlice([]reflect.Value{reflect.ValueOf([]int{1, 2, 3})})[0])
}

func parkInMakeFunc() {
	ask := oracle(func(n int) int { return n + 1 })
	f := reflect.MakeFunc(reflect.TypeFor[func(int, string) (string, int)](), func(args []reflect.Value) []reflect.Value {
		return []reflect.Value{args[1], reflect.ValueOf(ask(int(args[0].Int())))}
	}).Interface().(func(int, string) (string, int))
	texts := make([]string, 5)
	each(5, func(i int) {
		s, n := f(i, fmt.Sprint("s", i))
		texts[i] = fmt.Sprint(s, n)
	})
	fmt.Println(texts)
}

func parkInOnce() {
	ask := oracle(func(n int) int { return n * 2 })
	value := sync.OnceValue(func() int { return ask(21) })
	got := make([]int, 10)
	each(10, func(i int) { got[i] = value() })
	fmt.Println(got)
}

func parkInMapRange() {
	var m sync.Map
	for i := range 30 {
		m.Store(i, i)
	}
	ask := oracle(func(n int) int { return n * n })
	total := 0
	m.Range(func(k, v any) bool {
		total += ask(k.(int))
		return true
	})
	fmt.Println(total)
}

func parkInRegexp() {
	ask := oracle(func(s string) string { return "<" + strings.ToUpper(s) + ">" })
	re := regexp.MustCompile(`[aeiou]+`)
	fmt.Println(re.ReplaceAllStringFunc("a queue of readers and writers", ask))
	fmt.Println(strings.Map(func(r rune) rune { return rune(ask(string(r))[1]) }, "mapped"))
	fmt.Println(strings.FieldsFunc("a1b22c333", func(r rune) bool { return ask(string(r)) < "<A>" }))
}

func parkInTemplate() {
	ask := oracle(func(n int) string { return strings.Repeat("*", n) })
	t := template.Must(template.New("t").Funcs(template.FuncMap{"ask": ask}).Parse("{{range $i, $x := .}}{{$i}}{{ask $x}} {{end}}\n"))
	texts := make([]string, 3)
	each(3, func(i int) {
		var b strings.Builder
		if err := t.Execute(&b, []int{i, 1, 2 * i}); err != nil {
			fmt.Println(err)
		}
		texts[i] = b.String()
	})
	fmt.Print(strings.Join(texts, ""))
}

func parkManyThreads() {
	gate := make(chan bool)
	var in atomic.Int32
	go func() {
		for in.Load() < 50 {
			runtime.Gosched()
		}
		close(gate)
	}()
	texts := make([]int, 50)
	each(50, func(i int) {
		strings.Map(func(r rune) rune {
			in.Add(1)
			<-gate
			texts[i] = i
			return r
		}, "x")
	})
	fmt.Println(sum(texts...))
}

// Two goroutines, both parked in library functions, talk to each other.
func parkEachOther() {
	ping, pong := make(chan int), make(chan int)
	var log [2][]int
	each(2, func(side int) {
		a := make([]int, 20)
		slices.SortFunc(a, func(int, int) int {
			var v int
			if side == 0 {
				ping <- len(log[0])
				v = <-pong
			} else {
				v = <-ping
				pong <- v * 2
			}
			log[side] = append(log[side], v)
			return 0
		})
	})
	fmt.Println(len(log[0]) == len(log[1]), log[0][:5], log[1][:5])
}

func nest(n int, c chan int) int {
	if n == 0 {
		return <-c
	}
	if n%3 == 0 {
		v := 0
		strings.Map(func(r rune) rune { v = nest(n-1, c); return r }, "x")
		return v + 1
	}
	return nest(n-1, c) + <-c
}

func parkUnderCoroutines() {
	c := make(chan int)
	go func() {
		for {
			c <- 1
		}
	}()
	got := make([]int, 8)
	each(8, func(i int) { got[i] = nest(i*2, c) })
	fmt.Println(got)
}

func parkInFinalizer() {
	c, done := make(chan int), make(chan int, 4)
	for i := range 3 {
		x := &[4]int{i + 1}
		runtime.SetFinalizer(x, func(x *[4]int) { done <- x[0] * <-c })
		_ = x
	}
	go func() {
		for {
			c <- 10
		}
	}()
	total := 0
	for n := 0; n < 3; {
		runtime.GC()
		select {
		case v := <-done:
			total += v
			n++
		case <-time.After(10 * ms):
		}
	}
	fmt.Println(total)
}

func parkPanics() {
	c := make(chan int)
	go func() {
		for i := range 10 {
			c <- i
		}
	}()
	fmt.Println(caught(func() { strings.Map(func(rune) rune { panic(fmt.Sprint("value ", <-c)) }, "x") }))
	fmt.Println(caught(func() {
		defer func() { panic(fmt.Sprint(recover(), " then ", <-c)) }()
		sort.Slice(make([]int, 3), func(i, j int) bool { panic(fmt.Sprint("sort ", <-c)) })
	}))
}

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func pullBasic() {
	next, stop := iter.Pull(count(5))
	for v, ok := next(); ok; v, ok = next() {
		fmt.Print(v, " ")
	}
	fmt.Println(next())
	stop()
	next2, stop2 := iter.Pull2(maps.All(map[string]int{"only": 1}))
	fmt.Println(next2())
	fmt.Println(next2())
	stop2()
	stop2()
}

func pullTwoSequences() {
	zip := func(a, b iter.Seq[int]) iter.Seq2[int, int] {
		return func(yield func(int, int) bool) {
			na, sa := iter.Pull(a)
			defer sa()
			nb, sb := iter.Pull(b)
			defer sb()
			for {
				x, ok1 := na()
				y, ok2 := nb()
				if !ok1 || !ok2 || !yield(x, y) {
					return
				}
			}
		}
	}
	total := 0
	for x, y := range zip(count(100), count(70)) {
		if x == 60 {
			break
		}
		total += x * y
	}
	fmt.Println(total)
}

func pullStopsEarly() {
	cleaned := 0
	seq := func(yield func(int) bool) {
		defer func() { cleaned++ }()
		for i := 0; yield(i); i++ {
		}
	}
	for range 10 {
		next, stop := iter.Pull(seq)
		next()
		next()
		stop()
		fmt.Print(next())
	}
	next, stop := iter.Pull(seq)
	stop() // never started
	_, ok := next()
	fmt.Println("", cleaned, ok)
}

func pullWaits() {
	c := make(chan int)
	go func() {
		for i := range 10 {
			c <- i * i
		}
		close(c)
	}()
	next, stop := iter.Pull(func(yield func(int) bool) {
		for v := range c {
			runtime.Gosched()
			if !yield(v) {
				return
			}
		}
	})
	defer stop()
	total := 0
	for v, ok := next(); ok; v, ok = next() {
		total += v
	}
	fmt.Println(total)
}

func pullPanics() {
	next, stop := iter.Pull(func(yield func(int) bool) {
		yield(1)
		panic("in the sequence")
	})
	fmt.Println(next())
	fmt.Println(caught(func() { next() }))
	fmt.Println(next())
	stop()
	_, stop = iter.Pull(func(yield func(int) bool) {})
	stop()
	next, stop = iter.Pull(func(yield func(int) bool) {
		defer func() { panic(fmt.Sprint("cleaning up ", recover())) }()
		yield(2)
	})
	next()
	fmt.Println(caught(stop))
}

// next may be called by different goroutines, one after the other.
func pullBetweenGoroutines() {
	next, stop := iter.Pull(count(1000))
	var mu sync.Mutex
	var total atomic.Int64
	each(5, func(int) {
		for {
			mu.Lock()
			v, ok := next()
			mu.Unlock()
			if !ok {
				return
			}
			total.Add(int64(v))
		}
	})
	stop()
	fmt.Println(total.Load())
}

func pullMany() {
	var nexts []func() (int, bool)
	var stops []func()
	for range 300 {
		next, stop := iter.Pull(count(4))
		nexts, stops = append(nexts, next), append(stops, stop)
	}
	total := 0
	for range 3 {
		for _, next := range nexts {
			v, _ := next()
			total += v
		}
		runtime.GC()
	}
	for _, stop := range stops {
		stop()
	}
	fmt.Println(total)
}

func rangeFuncWaits() {
	c := make(chan int)
	go func() {
		for i := range 100 {
			c <- i
		}
	}()
	pairs := func(yield func(int, int) bool) {
		for yield(<-c, <-c) {
		}
	}
	total := 0
	for a, b := range pairs {
		total += a + b + <-c
		if a > 50 {
			break
		}
	}
	f := func() int {
		defer func() { total += <-c }()
		for a := range pairs {
			for range pairs {
				if a > 60 {
					return a
				}
				break
			}
		}
		return -1
	}
	fmt.Println(f(), total)
}

func rangeFuncOverChannels() {
	all := func(cs ...<-chan int) iter.Seq2[int, int] {
		return func(yield func(int, int) bool) {
			for i, c := range cs {
				for v := range c {
					if !yield(i, v) {
						return
					}
				}
			}
		}
	}
	for i, v := range all(source(1, 2, 3), source[int](), source(4, 5)) {
		fmt.Print(i, ":", v, " ")
	}
	fmt.Println()
}
