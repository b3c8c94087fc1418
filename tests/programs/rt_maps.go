package main

// Maps: all kinds of keys, iteration while changing, NaN, clear, panics.

type point struct{ x, y int }
type mixed struct {
	s string
	i any
	_ int
	f float64
}
type shape interface{ area() int }

func (p point) area() int { return p.x * p.y }

func try(f func()) {
	defer func() { println(recover().(error).Error()) }()
	f()
}

func main() {
	m := map[int]int{}
	for i := 0; i < 10000; i++ {
		m[i*7] = i
	}
	sum := 0
	for k, v := range m {
		sum += k - 7*v + 1
	}
	println(len(m), sum)
	for i := 0; i < 10000; i += 2 {
		delete(m, i*7)
	}
	v, ok := m[7]
	w, ok2 := m[14]
	println(len(m), v, ok, w, ok2)
	for k := range m {
		delete(m, k)
	}
	println(len(m))

	s := map[string][]int{}
	for i := 0; i < 100; i++ {
		k := "key" + string(rune('a'+i%26))
		s[k] = append(s[k], i)
	}
	println(len(s), len(s["keya"]), s["keyz"][2], len(s["none"]))

	p := map[point]string{{1, 2}: "a", {2, 1}: "b"}
	p[point{1, 2}] += "c"
	println(p[point{1, 2}], p[point{2, 1}], p[point{3, 3}] == "")

	x := map[mixed]int{{"a", 1, 0, 1.5}: 1}
	x[mixed{"a", 1, 5, 1.5}]++
	x[mixed{"a", "1", 0, 1.5}]++
	println(len(x), x[mixed{"a", 1, 9, 1.5}])

	i := map[any]int{1: 1, "1": 2, 1.0: 3, point{1, 1}: 4, nil: 5, [2]int{1, 2}: 6, true: 7}
	println(len(i), i[1], i["1"], i[1.0], i[point{1, 1}], i[nil], i[[2]int{1, 2}], i[true], i[false])
	sh := map[shape]int{point{2, 3}: 1}
	sh[point{2, 3}]++
	println(sh[point{2, 3}], len(sh))

	zero := 0.0
	nan := zero / zero
	f := map[float64]int{nan: 1, nan: 2, 0: 3}
	f[nan] = 4
	f[-zero] = 5
	n := 0
	for k := range f {
		if k != k {
			n++
		}
	}
	println(len(f), n, f[0])
	clear(f)
	println(len(f))

	// Changes during iteration: what is deleted does not come, nothing comes twice.
	g := map[int]bool{}
	for i := 0; i < 1000; i++ {
		g[i] = true
	}
	seen := map[int]int{}
	for k := range g {
		seen[k]++
		if k < 1000 {
			delete(g, (k+1)%1000)
		}
		g[k+1000] = true
		if !g[k] {
			println("lost", k)
		}
		if len(g) > 5000 {
			break
		}
	}
	for k, c := range seen {
		if c != 1 {
			println("twice", k)
		}
	}

	// The start of an iteration is random.
	small := map[int]int{1: 1, 2: 2, 3: 3}
	first := map[int]bool{}
	for i := 0; i < 200; i++ {
		for k := range small {
			first[k] = true
			break
		}
	}
	println("random", len(first) > 1)

	var nilm map[string]int
	println(nilm["x"], len(nilm))
	delete(nilm, "x")
	for range nilm {
		println("never")
	}
	try(func() { nilm["x"] = 1 })
	try(func() { i[[]int{1}] = 2 })
	try(func() { _ = i[func() {}] })
	try(func() { _ = map[any]int{}[map[int]int{}] })
	try(func() { delete(i, []string{}) })
	try(func() { i[struct{ a any }{[]int{}}] = 1 })

	big := make(map[int64][20]int, 100)
	big[5] = [20]int{3: 4}
	e := big[5]
	println(e[3], len(big))
	mm := map[string]map[string]int{"a": {"b": 1}}
	mm["a"]["c"] = 2
	println(len(mm["a"]), mm["z"]["y"])
	b := map[bool]int{true: 1}
	b[1 < 2]++
	u := map[uint8]int{}
	for i := 0; i < 1000; i++ {
		u[uint8(i)]++
	}
	println(b[true], len(u), u[0], u[255])
	c := map[complex128]int{1i: 1}
	c[complex(0, 1)]++
	println(c[1i])
}
