package main

import "fmt"

//go:noinline
func seq(yield func(int) bool) {
	for i := range 3 {
		if !yield(i) {
			return
		}
	}
}
func inl(yield func(int) bool) {
	yield(7)
}
func once(yield func() bool) { yield() }

func a() {
	defer func() { fmt.Println("a outer", recover()) }()
	defer func() {
		for i := range seq {
			fmt.Println("a", i, recover())
		}
	}()
	panic("pa")
}
func b() {
	defer func() { fmt.Println("b outer", recover()) }()
	defer func() {
		for i := range inl {
			fmt.Println("b", i, recover())
		}
	}()
	panic("pb")
}
func c() {
	defer func() { fmt.Println("c outer", recover()) }()
	for range once {
		defer recover()
	}
	panic("pc")
}
func d() {
	defer func() { fmt.Println("d outer", recover()) }()
	for range once {
		defer func() { fmt.Println("d", recover()) }()
	}
	panic("pd")
}
func e() {
	defer func() { fmt.Println("e outer", recover()) }()
	defer func() {
		for range once {
			defer recover()
		}
	}()
	panic("pe")
}
func main() { a(); b(); c(); d(); e() }
