package main

func main() {
	for i := range 1.5 {
	}
	for i, v := range 10 {
	}
	for i, v := range main {
	}
	for a, b, c := range []int{} {
	}
	var s string
	for i, s = range "abc" {
	}
	for i := range struct{}{} {
	}
	var p *[]int
	for range p {
	}
	for x := range func(yield func(int)) {} {
	}
	for x := range nil {
	}
}
