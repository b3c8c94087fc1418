package main

// Literals in functions with many constants: what is constant is copied, the rest stored.

type pair struct {
	name string
	n    int
}

type row struct {
	id    int
	label string
	vals  [3]float64
	p     *int
	any   any
	inner struct{ a, b, c int8 }
}

var calls int

func next() int { calls++; return calls }

func ints(x int) []int { return []int{1, 2, x, 4, 5, next(), 7: 9, 8} }

func arr(x int) [6]int { return [...]int{10, 20, 30, x, 50, next()} }

func pairs(s string) []pair {
	return []pair{{"a", 1}, {s, 2}, {"c", next()}, {}, {n: 5}, {"f", 6}}
}

func rows(x int) []row {
	return []row{
		{1, "one", [3]float64{1, 2, 3}, nil, nil, struct{ a, b, c int8 }{1, 2, 3}},
		{id: x, label: "two", vals: [3]float64{1: 0.5}, p: &x, any: 5},
		{label: "three", inner: struct{ a, b, c int8 }{b: int8(x)}},
	}
}

func big(x string) row {
	return row{7, x, [3]float64{0.25, 0.5, 0.75}, nil, x, struct{ a, b, c int8 }{4, 5, 6}}
}

func pointers() []*pair { return []*pair{{"p", 1}, {"q", 2}, {"r", 3}, {"s", 4}} }

func generic[T any](x T) [5]struct {
	n int
	v T
} {
	return [5]struct {
		n int
		v T
	}{{1, x}, {2, x}, {n: 3}, {4, x}, {n: 5}}
}

func weekday(i int) string {
	return [...]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}[i]
}

func sum() (t int) {
	for _, v := range []int{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5} {
		t += v
	}
	return
}

func nested(x int) [3][4]int {
	return [3][4]int{{1, 2, 3, 4}, {5, x, 7, 8}, 2: {9, 10, 11}}
}

var one, two = pair{"one", 1}, &pair{"two", 2}

var registry = map[string]*pair{
	"a": {"A", 1}, "b": {"B", 2}, "c": {"C", 3}, "d": {"D", 4}, "e": {"E", 5}, "f": {"F", 6}, "g": {"G", 7}, "h": {"H", 8},
	"i": {"I", 9}, "j": {"J", 10}, "k": {"K", 11}, "l": {"L", 12}, "m": {"M", 13}, "n": {"N", 14}, "o": {"O", 15}, "p": {"P", 16},
	"one": &one, "two": two, "next": {"next", next()}, "nil": nil,
}

func numerals(x int) map[int]string {
	return map[int]string{
		1: "I", 2: "II", 3: "III", 4: "IV", 5: "V", 6: "VI", 7: "VII", 8: "VIII", 9: "IX", 10: "X", 20: "XX", 30: "XXX",
		40: "XL", 50: "L", 100: "C", 500: "D", 1000: "M", x: "x", 2000: string(rune('0' + x%10)),
	}
}

func structs() map[pair]func(int) int {
	return map[pair]func(int) int{
		{"a", 1}: double, {"a", 2}: double, {"a", 3}: double, {"a", 4}: double, {"a", 5}: nil, {"a", 6}: double,
		{"b", 1}: double, {"b", 2}: double, {"b", 3}: double, {"b", 4}: double, {"b", 5}: nil, {"b", 6}: triple,
		{"c", 1}: double, {"c", 2}: double, {"c", 3}: double, {"c", 4}: double, {"c", 5}: nil, {"c", 6}: func(n int) int { return n },
	}
}

func double(n int) int { return 2 * n }
func triple(n int) int { return 3 * n }

func maps() {
	p, q := numerals(77), numerals(88)
	p[1] = "changed"
	println(len(p), len(q), p[1], q[1], q[1000], p[77], q[88], p[2000], q[2000])
	f := structs()
	println(len(f), f[pair{"b", 6}](5), f[pair{"a", 1}](5), f[pair{"c", 6}](5), f[pair{"b", 5}] == nil)
	registry["a"].n = 100
	one.n, two.n = 11, 22
	println(len(registry), registry["a"].n, registry["p"].name, registry["one"].n, registry["two"].n, registry["next"].n, registry["nil"] == nil)
}

func show(xs []int) {
	for _, x := range xs {
		print(x, " ")
	}
	println()
}

func main() {
	a, b := ints(100), ints(200)
	a[0] = -1
	show(a)
	show(b)
	c := arr(7)
	show(c[:])
	for _, p := range pairs("S") {
		print(p.name, "=", p.n, " ")
	}
	println()
	for _, r := range rows(42) {
		println(r.id, r.label, r.vals[0], r.vals[1], r.vals[2], r.p != nil, r.any != nil, r.inner.a, r.inner.b, r.inner.c)
	}
	r := big("x")
	println(r.id, r.label, r.vals[2], r.any.(string), r.inner.c)
	ps, qs := pointers(), pointers()
	ps[0].n = 99
	println(ps[0].n, qs[0].n, qs[3].name)
	g := generic("v")
	println(g[0].v, g[1].n, g[2].v == "", g[4].n)
	println(weekday(2), weekday(6), sum())
	n := nested(6)
	println(n[0][3], n[1][1], n[2][2], n[2][3])
	v := []byte{'h', 'e', 'l', 'l', 'o', byte('0' + len(ps))}
	println(string(v))
	f := [...]float32{0.1, 0.2, 0.3, 0.4, float32(len(v))}
	println(f[0], f[3], f[4])
	u := []uint64{1 << 63, 1<<64 - 1, 0, 5}
	println(u[0], u[1], u[2], u[3])
	z := []complex128{1i, 2, 3 + 4i, complex(float64(len(v)), 1)}
	println(z[0], z[2], z[3])
	m := map[string][]int{"a": {1, 2, 3, 4, 5}, "b": {6, 7, 8, 9}}
	println(m["a"][4], m["b"][0], len(m["b"]))
	maps()
}
