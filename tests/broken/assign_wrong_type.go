package main

type T struct{ a int }

func f() (int, string) { return 1, "" }

func main() {
	var i int = "s"
	var s string = 1
	var b bool = nil
	var p *T = T{}
	var e []int = []string{}
	i = 1.5
	s = 'a'
	b = i
	p = &i
	e = nil
	_, _, _, _, _ = i, s, b, p, e
}
