// Why functions may suspend, for every kind of call (`may-suspend{reasons=true}`): direct calls, closures, function values in
// variables, fields, maps and channels, interface methods with embedding, method values and expressions, instances of
// generic functions, deferred calls. What starts a goroutine does not suspend; the goroutine's function does.
// RUN: goir-translate --import-go --print-debuginfo %s | goir-opt -p 'expand-bound-methods,lower-channels,may-suspend{reasons=true}' | filecheck %s

// CHECK: // goir.start suspends because it calls main.main, which calls main.yields, which yields at {{.*}}may-suspend-reasons.go:[[# @LINE + 48]]{{$}}
// CHECK-NEXT: // main.(*source).read suspends because it receives at {{.*}}may-suspend-reasons.go:[[# @LINE + 37]]{{$}}
// CHECK-NEXT: // main.(*source).read-fm suspends because it calls main.(*source).read, which receives at {{.*}}may-suspend-reasons.go:[[# @LINE + 36]]{{$}}
// CHECK-NEXT: // main.callMethodValue suspends because it calls main.(*source).read-fm, which calls main.(*source).read, which receives at {{.*}}may-suspend-reasons.go:[[# @LINE + 35]]{{$}}
// CHECK-NEXT: // main.closure suspends because it calls main.closure.func1, which receives at {{.*}}may-suspend-reasons.go:[[# @LINE + 58]]{{$}}
// CHECK-NEXT: // main.closure.func1 suspends because it receives at {{.*}}may-suspend-reasons.go:[[# @LINE + 57]]{{$}}
// CHECK-NEXT: // main.defers suspends because it defers main.defers.deferwrap1, which calls main.receive, which receives at {{.*}}may-suspend-reasons.go:[[# @LINE + 39]]{{$}}
// CHECK-NEXT: // main.defers.deferwrap1 suspends because it calls main.receive, which receives at {{.*}}may-suspend-reasons.go:[[# @LINE + 38]]{{$}}
// CHECK-NEXT: // main.direct suspends because it calls main.receive, which receives at {{.*}}may-suspend-reasons.go:[[# @LINE + 37]]{{$}}
// CHECK-NEXT: // main.indirect suspends because it calls main.direct, which calls main.receive, which receives at {{.*}}may-suspend-reasons.go:[[# @LINE + 36]]{{$}}
// CHECK-NEXT: // main.instance[string] suspends because it receives at {{.*}}may-suspend-reasons.go:[[# @LINE + 78]]{{$}}
// CHECK-NEXT: // main.main suspends because it calls main.yields, which yields at {{.*}}may-suspend-reasons.go:[[# @LINE + 37]]{{$}}
// CHECK-NEXT: // main.methodExpression suspends because it calls main.(*source).read, which receives at {{.*}}may-suspend-reasons.go:[[# @LINE + 26]]{{$}}
// CHECK-NEXT: // main.ofInstance suspends because it calls main.instance[string], which receives at {{.*}}may-suspend-reasons.go:[[# @LINE + 75]]{{$}}
// CHECK-NEXT: // main.promoted suspends because it calls main.(*source).read, which receives at {{.*}}may-suspend-reasons.go:[[# @LINE + 24]]{{$}}
// CHECK-NEXT: // main.receive suspends because it receives at {{.*}}may-suspend-reasons.go:[[# @LINE + 30]]{{$}}
// CHECK-NEXT: // main.selects suspends because it selects at {{.*}}may-suspend-reasons.go:[[# @LINE + 34]]{{$}}
// CHECK-NEXT: // main.starts.gowrap1 suspends because it calls main.receive, which receives at {{.*}}may-suspend-reasons.go:[[# @LINE + 28]]{{$}}
// CHECK-NEXT: // main.throughChannel suspends because it calls a function value that may be main.waits, which yields at {{.*}}may-suspend-reasons.go:[[# @LINE + 49]]{{$}}
// CHECK-NEXT: // main.throughEmbedding suspends because it calls method read of an interface that may be main.(*source).read, which receives at {{.*}}may-suspend-reasons.go:[[# @LINE + 19]]{{$}}
// CHECK-NEXT: // main.throughField suspends because it calls a function value that may be main.waits, which yields at {{.*}}may-suspend-reasons.go:[[# @LINE + 47]]{{$}}
// CHECK-NEXT: // main.throughInterface suspends because it calls method read of an interface that may be main.(*source).read, which receives at {{.*}}may-suspend-reasons.go:[[# @LINE + 17]]{{$}}
// CHECK-NEXT: // main.throughMap suspends because it calls a function value that may be main.waits, which yields at {{.*}}may-suspend-reasons.go:[[# @LINE + 45]]{{$}}
// CHECK-NEXT: // main.throughVariable suspends because it calls a function value that may be main.waits, which yields at {{.*}}may-suspend-reasons.go:[[# @LINE + 44]]{{$}}
// CHECK-NEXT: // main.waits suspends because it yields at {{.*}}may-suspend-reasons.go:[[# @LINE + 43]]{{$}}
// CHECK-NEXT: // main.yields suspends because it yields at {{.*}}may-suspend-reasons.go:[[# @LINE + 23]]{{$}}

package main

import "runtime"

type reader interface{ read() int }
type both interface {
	reader
	other()
}
type source struct{ c chan int }

func (s *source) read() int { return <-s.c }
func (s *source) other()    {}

type wrapped struct{ *source }

type table struct{ f func(string) }

func receive(c chan int) int  { return <-c }
func direct(c chan int) int   { return receive(c) }
func indirect(c chan int) int { return direct(c) + 1 }
func yields()                 { runtime.Gosched() }
func selects(c chan int) {
	select {
	case <-c:
	case c <- 1:
	}
}
func polls(c chan int) {
	select {
	case <-c:
	default:
	}
}
func closure(c chan int) int {
	return func() int { return <-c }()
}

var variable func(string) = waits

func waits(s string) { runtime.Gosched() }

func throughVariable()                  { variable("") }
func throughField(t *table)             { t.f("") }
func throughMap(m map[int]func(string)) { m[1]("") }
func throughChannel(c chan func(string)) {
	select {
	case f := <-c:
		f("")
	default:
	}
}
func throughInterface(r reader) int    { return r.read() }
func throughEmbedding(b both) int      { return b.read() }
func promoted(w wrapped) int           { return w.read() }
func methodValue(s *source) func() int { return s.read }
func callMethodValue(s *source) int {
	f := s.read
	return f()
}
func methodExpression(s *source) int { return (*source).read(s) }
func instance[T any](c chan T) T     { return <-c }
func ofInstance(c chan string)       { instance(c) }
func defers(c chan int) {
	defer receive(c)
}
func starts(c chan int) {
	go receive(c)
}
func quiet(s string, f func(int) int) int { return f(len(s)) }

func main() {
	c := make(chan int)
	s := &source{c}
	starts(c)
	polls(c)
	closure(c)
	indirect(c)
	yields()
	selects(c)
	throughVariable()
	throughField(&table{})
	throughMap(nil)
	throughChannel(nil)
	throughInterface(s)
	throughEmbedding(s)
	promoted(wrapped{s})
	methodValue(s)
	callMethodValue(s)
	methodExpression(s)
	ofInstance(nil)
	defers(c)
	quiet("", func(i int) int { return i })
}
