package main

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
)

// Tables and types made at run time, on several workers at once.

type a struct{ n int }
type b struct{ n int }
type c string
type d []int

func (a) One() int      { return 1 }
func (b) One() int      { return 2 }
func (b) Two() int      { return 3 }
func (c) One() int      { return 4 }
func (d) Two() int      { return 5 }
func (x *a) Two() int   { return 6 }
func (x *b) Three() int { return 7 }

type one interface{ One() int }
type two interface{ Two() int }
type both interface {
	one
	two
}
type three interface {
	both
	Three() int
}

func asserts(v any) (sum int) {
	if x, ok := v.(one); ok {
		sum += x.One()
	}
	if x, ok := v.(two); ok {
		sum += 10 * x.Two()
	}
	if x, ok := v.(both); ok {
		sum += 100 * x.Two()
	}
	if x, ok := v.(three); ok {
		sum += 1000 * x.Three()
	}
	return
}

func made(i int) int {
	t := reflect.StructOf([]reflect.StructField{
		{Name: "F" + strings.Repeat("x", i%7), Type: reflect.TypeFor[*int]()},
		{Name: "G", Type: reflect.ArrayOf(i%5, reflect.TypeFor[string]())},
	})
	v := reflect.New(t).Elem()
	n := i
	v.Field(0).Set(reflect.ValueOf(&n))
	runtime.Gosched()
	_ = reflect.MapOf(t, reflect.SliceOf(t)).String()
	return *v.Field(0).Interface().(*int) + v.NumField() + int(t.Size())
}

func main() {
	runtime.GOMAXPROCS(4)
	values := []any{a{}, &a{}, b{}, &b{}, c("x"), d{1}, 3, "y", nil}
	var wg sync.WaitGroup
	sums := make([]int, 16)
	for g := range sums {
		wg.Go(func() {
			for i := range 40 {
				sums[g] += asserts(values[(g+i)%len(values)]) + made(i)
			}
		})
	}
	wg.Wait()
	fmt.Println(sums)
}
