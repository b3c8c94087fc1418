package main

import (
	"fmt"
	"reflect"
	"time"
)

// Types that StructOf makes have the methods of embedded interfaces; calling them panics, whatever they return.

type methods interface {
	Float(x float64) float64
	Many(n int, s string) (a, b string, err error, x [3]float64)
	None()
	Text() string
}

type textOnly interface{ Text() string }

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
	fmt.Println(name, "returned")
}

func embed(t reflect.Type) any {
	made := reflect.StructOf([]reflect.StructField{{Anonymous: true, Name: t.Name(), Type: t}})
	return reflect.New(made).Elem().Interface()
}

func main() {
	type Methods methods
	type TextOnly textOnly
	m := embed(reflect.TypeFor[Methods]()).(methods)
	try("Float", func() { m.Float(1) })
	try("Many", func() { m.Many(1, "x") })
	try("None", func() { m.None() })
	try("Text", func() { println(m.Text()) })
	try("method value", func() { f := m.Text; println(f()) })
	try("by reflection", func() { reflect.ValueOf(m).Method(3).Call(nil) })
	text := embed(reflect.TypeFor[TextOnly]()).(textOnly)
	c := make(chan bool)
	go func() {
		try("Text in a goroutine", func() { println(text.Text(), <-c) })
		c <- true
	}()
	<-c
	_, present := reflect.TypeOf(embed(reflect.TypeFor[time.Time]())).MethodByName("After")
	fmt.Println("After", present)
}
