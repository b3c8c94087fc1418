package main

import (
	"fmt"
	"reflect"
)

type I = int
type S = string
type B = byte
type M = map[S]I
type F = float64
type P = *I
type St = struct {
	A I
	B S
}
type G[T any] = []T

func sum[T I | F](xs ...T) (t T) {
	for _, x := range xs {
		t += x
	}
	return
}

func kind(x any) string {
	switch x.(type) {
	case I:
		return "int"
	case S:
		return "string"
	case M:
		return "map"
	case G[I]:
		return "slice"
	case St:
		return "struct"
	}
	return "?"
}

func main() {
	var i I = 3
	var s S = "x"
	m := M{s: i}
	var p P = &i
	*p++
	fmt.Println(i, s, m, *p, sum(1, 2, i), sum[F](1.5, 2))
	fmt.Printf("%T %T %T %T %T %T\n", i, s, m, p, St{1, "b"}, G[I]{1})
	fmt.Println(kind(4), kind("s"), kind(map[string]int{}), kind([]int{}), kind(struct {
		A int
		B string
	}{}))
	fmt.Println(reflect.TypeOf(i) == reflect.TypeOf(1), reflect.TypeOf(B(1)), any(i) == any(4), any(s) == any("x"))
	a := [...]B{1, 2, 3}
	fmt.Println(string(a[:]) == "\x01\x02\x03", len(s), cap(a), s+"y" < "z", i<<2, ^i)
	mm := map[any]I{i: 1, "x": 2}
	fmt.Println(mm[4], mm[S("x")])
	var c chan I = make(chan int, 1)
	c <- i
	fmt.Println(<-c)
	for k := range I(3) {
		fmt.Print(k, " ")
	}
	fmt.Println()
}
