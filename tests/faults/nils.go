package main

import (
	"fmt"
	"io"
	"sync/atomic"
)

var _ = topic("nils",
	program{"nil_read", nilRead, ""},
	program{"nil_write", nilWrite, ""},
	program{"nil_field", nilField, ""},
	program{"nil_far_field", nilFarField, ""},
	program{"nil_far_index", nilFarIndex, ""},
	program{"nil_array_slice", nilArraySlice, ""},
	program{"nil_array_range", nilArrayRange, ""},
	program{"nil_copy", nilCopy, ""},
	program{"nil_store_struct", nilStoreStruct, ""},
	program{"nil_embedded", nilEmbedded, ""},
	program{"nil_func", nilFunc, ""},
	program{"nil_func_field", nilFuncField, ""},
	program{"nil_interface_method", nilInterfaceMethod, ""},
	program{"nil_method_value", nilMethodValue, ""},
	program{"nil_value_method", nilValueMethod, ""},
	program{"nil_value_method_through_interface", nilValueMethodThroughInterface, ""},
	program{"nil_defer", nilDefer, ""},
	program{"nil_go", nilGo, ""},
	program{"nil_atomic", nilAtomic, ""},
	program{"nil_in_goroutine", nilInGoroutine, ""},
	program{"nil_in_closure", nilInClosure, ""},
	program{"nil_after_wait", nilAfterWait, ""},
	program{"nil_address_of_field", nilAddressOfField, ""},
	program{"nil_address_of_far_field", nilAddressOfFarField, ""},
	program{"nil_in_library", nilInLibrary, ""},
	program{"nil_pointer_error", nilPointerError, "text"},
	program{"nil_deep", nilDeep, ""},
)

type point struct{ x, y int }

type far struct {
	pad [1 << 21]byte
	v   int
	s   string
}

type outer struct {
	n int
	*point
}

//go:noinline
func null[T any]() *T { return nil }

func nilRead()     { sink = *null[int]() }
func nilWrite()    { *null[string]() = "x" }
func nilField()    { sink = null[point]().y }
func nilFarField() { sink = null[far]().v }
func nilFarIndex() {
	p := null[[1 << 24]int]()
	sink = p[big*1000]
}
func nilArraySlice() { sink = null[[8]int]()[one:] }
func nilArrayRange() {
	for i, v := range null[[4]int]() {
		sink = i + v
	}
}
func nilCopy() {
	v := *null[far]()
	sink = &v
}
func nilStoreStruct() { *null[point]() = point{1, zero} }
func nilEmbedded() {
	o := &outer{n: 1}
	sink = o.y
}
func nilFunc() {
	f := *new(func(int) int)
	sink = f(one)
}

type withFunc struct{ f func() }

//go:noinline
func (w *withFunc) call() { w.f() }

func nilFuncField() { new(withFunc).call() }
func nilInterfaceMethod() {
	var r io.Reader
	r.Read(nil)
}
func nilMethodValue() {
	var r io.Reader
	f := r.Read
	f(nil)
}

func (p point) sum() int { return p.x + p.y }

type summer interface{ sum() int }

func nilValueMethod() { sink = null[point]().sum() }
func nilValueMethodThroughInterface() {
	sink = pointSummer().sum()
}

//go:noinline
func pointSummer() summer { return null[point]() }

func nilDefer() {
	var f func()
	defer fmt.Println("this one runs")
	defer f()
	fmt.Println("deferring nil is no fault")
}
func nilGo() {
	var f func()
	go f()
}
func nilAtomic() { atomic.AddInt32(null[int32](), 1) }
func nilInGoroutine() {
	go func(p *point) {
		p.x = 1
	}(nil)
	select {}
}
func nilInClosure() {
	p := null[point]()
	f := func() int { return p.y }
	for range 3 {
		sink = f()
	}
}
func nilAfterWait() {
	c := make(chan *point)
	go func() { c <- nil }()
	sink = waitAndRead(c)
}
func waitAndRead(c chan *point) int {
	p := <-c
	return p.x
}
func nilAddressOfField()    { sink = &null[point]().y }
func nilAddressOfFarField() { sink = &null[far]().s }
func nilInLibrary()         { fmt.Fprintln(nil, "x") }

type pointError struct{ p *point }

func (e *pointError) Error() string { return fmt.Sprint(e.p.x) }

func nilPointerError() { panic(error((*pointError)(nil))) }

func nilDeep() { sink = down(10, nil) }

//go:noinline
func down(n int, p *point) int {
	if n == 0 {
		return p.x
	}
	return down(n-1, p) + n
}
