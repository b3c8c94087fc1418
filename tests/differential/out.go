// Package out is what random programs print with: each in a section of its own, so that the first difference says which.
package out

import (
	"math"
	"os"
	"runtime"
	"strconv"
)

var (
	buf  []byte
	fuel int
)

// Run runs one program; a panic ends it, and is printed.
func Run(name string, f func()) {
	buf = append(buf[:0], "\n== "+name+"\n"...)
	fuel = 3000
	Try(f)
	os.Stdout.Write(buf)
}

// Try runs f and prints how it panics, if it does.
func Try(f func()) {
	defer func() {
		r := recover()
		switch r := r.(type) {
		case nil:
		case runtime.Error:
			S("panic: " + r.Error())
		case error:
			S("error: " + r.Error())
		case string:
			S("panic(string): " + r)
		case int:
			S("panic(int)")
			I(int64(r))
		default:
			S("panic(other)")
		}
	}()
	f()
}

// Burn bounds how long a program runs.
func Burn() bool {
	fuel--
	return fuel < 0
}

// End says how many of them the program has left.
func End() { I(int64(fuel)) }

func Line()      { buf = append(buf, '\n') }
func I(v int64)  { buf = append(strconv.AppendInt(buf, v, 10), ' ') }
func U(v uint64) { buf = append(strconv.AppendUint(buf, v, 10), 'u', ' ') }

// F prints a float exactly; all that is not a number looks the same.
func F(v float64) {
	if v != v {
		S("NaN")
		return
	}
	buf = append(strconv.AppendUint(append(buf, 'f'), math.Float64bits(v), 16), ' ')
}

func S(v string) { buf = append(strconv.AppendQuote(buf, v), ' ') }

func B(v bool) { buf = append(strconv.AppendBool(buf, v), ' ') }

// Id is a value that compilers do not know.
//
//go:noinline
func Id[T any](v T) T { return v }

func Apply[T, R any](x T, f func(T) R) R { return f(x) }

func Collect[S ~[]E, E any](s S, keep func(E) bool) (r S) {
	for _, e := range s {
		if keep(e) {
			r = append(r, e)
		}
	}
	return
}

func Seq[T any](s []T) func(func(int, T) bool) {
	return func(yield func(int, T) bool) {
		defer Line()
		for i, e := range s {
			if !yield(i, e) {
				S("left")
				return
			}
		}
	}
}

type Pair[A, B any] struct {
	A A
	B B
}

func (p Pair[A, B]) Swap() Pair[B, A]      { return Pair[B, A]{p.B, p.A} }
func (p *Pair[A, B]) Set(a A) *Pair[A, B] { p.A = a; return p }

func Kind[T any](x any) string {
	switch x := x.(type) {
	case T:
		return "T"
	case []T:
		return "[]T"
	case interface{ M0() T }:
		_ = x.M0
		return "M0"
	}
	return "other"
}
