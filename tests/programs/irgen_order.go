package main

// Order of evaluation, assignments, copies.

func t(s string, v int) int { print(s, " "); return v }
func b(s string, v bool) bool {
	print(s, " ")
	return v
}

type P struct{ x, y int }
type Q struct {
	p    P
	arr  [4]int
	next *Q
}

var global = 1

func set(v int) int { global = v; return v }

func get() (int, string) { return 7, "seven" }

func named(n int) (a, b int) {
	a, b = n, n+1
	if n > 2 {
		return b, a
	}
	return
}

func arrays() {
	a := [3]int{1, 2, 3}
	c := a
	c[0] = 100
	for i, v := range a {
		a[2] = 50
		print(i, ":", v, " ")
	}
	for i := range a {
		print(a[i], " ")
	}
	pa := &a
	for i, v := range pa {
		pa[2] = 7
		print(i, v, " ")
	}
	println(len(pa), cap(pa[:2]), c[0])
	s := a[:]
	for i, v := range s {
		s[2] = 9
		if i == 0 {
			s = nil
		}
		print(v, " ")
		if s == nil {
			s = a[:]
		}
	}
	println()
	m := [2][2]int{{1, 2}, {3, 4}}
	n := m
	n[1][1]++
	m[0], m[1] = m[1], m[0]
	println(m[0][0], m[1][1], n[1][1], m == n, m != [2][2]int{{3, 4}, {1, 2}})
	sp := [...]string{2: "c", 0: "a"}
	println(len(sp), sp[0]+sp[1]+sp[2])
	sl := []int{5: 1, 2, 1: 7}
	println(len(sl), sl[1], sl[6])
}

func main() {
	println(t("a", 1)+t("b", 2)*t("c", 3) - t("d", 4))
	println(b("x", true) && b("y", false) || b("z", true) && !b("w", false))
	arr := []int{1, 2, 3}
	arr[t("i", 0)], arr[t("j", 1)] = t("v", 10), t("w", 20)
	println(arr[0], arr[1])
	i := 0
	i, arr[i] = 2, 99
	println(i, arr[0], arr[2])
	x, y := 1, 2
	x, y = y, x+y
	println(x, y)
	q := Q{p: P{1, 2}, arr: [4]int{1, 2, 3, 4}}
	q.next = &Q{p: P{5, 6}}
	r := q
	r.p.x = 50
	r.next.p.x = 55
	r.arr[1] = 60
	println(q.p.x, q.next.p.x, q.arr[1], r.p.x, r.arr[1])
	q.next.arr[2] += 3
	q.next.arr[2] <<= 2
	q.p.y -= 10
	q.p, q.next.p = q.next.p, q.p
	println(q.next.arr[2], q.p.x, q.next.p.x, q.next.p.y)
	m := map[string]int{}
	m["a"]++
	m["a"] += 5
	m[string(rune('a'+t("k", 1)))] |= 6
	println(m["a"], m["b"], len(m))
	mp := map[P]*Q{{1, 2}: {p: P{3, 4}}}
	mp[P{1, 2}].p.x = 9
	println(mp[P{1, 2}].p.x)
	ms := map[string][]int{}
	ms["z"] = append(ms["z"], 1, 2)
	println(len(ms["z"]), ms["z"][1])
	v, ok := m["none"]
	println(v, ok)
	_, ok = m["a"]
	println(ok)
	var e any = q.p
	pp, ok := e.(P)
	println(pp.x, ok)
	_, ok = e.(*P)
	println(ok)
	n, s := get()
	println(n, s)
	var z, w = named(3)
	println(z, w)
	println(named(1))
	_ = t("blank", 1)
	var _ = t("blank2", 1)
	println()
	arrays()
	c := make([]int, t("len", 2), 5)
	println(len(c), cap(c))
	bs := []byte("hello")
	copy(bs[1:], "ipp")
	str := string(bs)
	bs[0] = 'j'
	println(str, string(bs), string(bs[1:3]), string([]rune{'x', 0x4e16, 0x754c}))
	for i, r := range "aé世\xff" {
		print(i, ":", r, " ")
	}
	println()
	var k = [...]P{{1, 2}, {3, 4}}
	kp := &k[1]
	kp.x = 30
	ks := k[:1]
	ks = append(ks, P{9, 9})
	println(k[1].x, len(ks), kp.y)
	const big = 1 << 40
	var f32 float32 = 0.1
	var u8 uint8 = 200
	u8 += 100
	println(u8, ^u8, -u8, int8(u8), big>>38, float64(f32) == 0.1, 7/2, -7/2, -7%3, 7&^2, 1<<u8>>3)
	cx := complex(1, 2)
	cx *= cx
	println(real(cx), imag(cx), cx == complex(-3, 4))
	println(min(3, 1, 2), max(2.5, 1), min("b", "a"))
	println(global+set(5)-set(5), global)
}
