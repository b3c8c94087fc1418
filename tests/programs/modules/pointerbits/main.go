package main

import (
	"fmt"
	"reflect"
	_ "unsafe"
)

// What the collector knows of the pointers in an object.
//
//go:linkname gcbits reflect.gcbits
func gcbits(x any) []byte

type mixed struct {
	n int
	p *int
	s string
	b [3]byte
	i any
}

func trimmed(bits []byte) []byte {
	for len(bits) > 0 && bits[len(bits)-1] == 0 {
		bits = bits[:len(bits)-1]
	}
	return bits
}

func main() {
	fmt.Println(gcbits(new(mixed)), gcbits(new(int)))
	made := reflect.StructOf([]reflect.StructField{
		{Name: "A", Type: reflect.TypeFor[int]()},
		{Name: "B", Type: reflect.TypeFor[*int]()},
		{Name: "C", Type: reflect.ArrayOf(2, reflect.TypeFor[mixed]())},
	})
	fmt.Println(gcbits(reflect.New(made).Interface()))
	fmt.Println(trimmed(gcbits(&make([]mixed, 2, 3)[0]))[:14])
	huge := gcbits(new([5000]mixed))[:5000*7] // gc: of all the memory
	sum := 0
	for _, b := range huge {
		sum += int(b)
	}
	fmt.Println(len(huge), sum, huge[:10])
}
