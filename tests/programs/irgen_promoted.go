package main

type F struct {
	rfd, wfd int
	G
}
type G struct{ deep, deeper string }
type P struct {
	F
	name string
}

// Package variables, static and not.
var static = P{rfd: 1, deeper: "x", name: "n"}
var pointer = &P{deep: "d", wfd: 7}
var dynamic = P{rfd: two(), name: "m", deep: "deep"}

func two() int { return 2 }

func f(a, b int) *P { return &P{rfd: a, wfd: b, deep: "in f"} }
func g(a int) P     { return P{wfd: a} }

type Small struct{ Inner }
type Inner struct{ n int }

func small(n int) Small { return Small{n: n} }

func show(p P) { println(p.rfd, p.wfd, p.deep, p.deeper, p.name) }

func main() {
	show(static)
	show(*pointer)
	show(dynamic)
	show(*f(1, 2))
	show(g(5))
	println(small(3).n)
	for _, p := range []P{{rfd: 1}, {deeper: "y", name: "z", wfd: 4}} {
		show(p)
	}
}
