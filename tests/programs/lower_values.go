package main

// Values of every shape: equality, copies of large values, conversions, boxes, closures.

type Pair struct {
	a int8
	b string
}
type Big struct {
	n [20]int
	p Pair
}
type Nested struct {
	x Pair
	_ int
	y any
	z [2]float64
}
type One struct{ p *int }
type Empty struct{}
type Bools struct{ a, b, c, d bool }
type Padded struct {
	a byte
	b int64
	c byte
}
type Named func(int) int
type Str string
type MyInt int

func (b Big) Sum() (t int) {
	for _, x := range b.n {
		t += x
	}
	return t + int(b.p.a)
}
func (b *Big) Set(i, v int) { b.n[i] = v }

type Summer interface{ Sum() int }

func makeBig(k int) (b Big, ok bool) {
	for i := range b.n {
		b.n[i] = i * k
	}
	b.p = Pair{int8(k), "big"}
	return b, k > 0
}

func many(a, b, c, d, e, f, g, h, i int, s string, x float64, y float32, z complex128, q []int) (int, string, float64, float32, complex128, []int, error) {
	return a + b + c + d + e + f + g + h + i, s + "!", x * 2, y / 2, z * z, append(q, a), nil
}

func change(b Big) Big { b.n[0] = 100; return b }

var global Big
var garr [3]string
var gptr = &global

func main() {
	b, ok := makeBig(2)
	c := b
	c.n[3]++
	println(b.Sum(), c.Sum(), ok, b == c, b != c, change(b).n[0], b.n[0])
	b.Set(3, 7)
	println(b == c)
	b, c = c, b
	println(b.n[3], c.n[3])
	global = b
	gptr.n[0] = 5
	println(global.n[0], b.n[0], global == b)
	var s Summer = b
	b.n[1] = 1000
	println(s.Sum(), b.Sum(), s.(Big).n[1])
	t, isBig := s.(Big)
	println(t.p.b, isBig, s == Summer(t), s == Summer(b))
	bs := []Big{b, c}
	bs = append(bs, b, c)
	bs[0].n[2] = -1
	println(len(bs), bs[0].n[2], bs[2].n[2], b.n[2])
	mb := map[Pair]Big{{1, "x"}: b}
	println(mb[Pair{1, "x"}].n[1], mb[Pair{2, "x"}].n[1], len(mb))
	if v, ok := mb[Pair{1, "x"}]; ok {
		println(v.Sum())
	}
	chb := make(chan Big, 1)
	chb <- b
	println((<-chb).Sum())

	n1, n2 := Nested{Pair{1, "a"}, 1, 3, [2]float64{1, 2}}, Nested{Pair{1, "a"}, 2, 3, [2]float64{1, 2}}
	println(n1 == n2)
	n2.y = "3"
	println(n1 == n2, n1.x == n2.x, n1.z == n2.z)
	nan := 0.0
	nan /= nan
	n2 = n1
	n2.z[0], n1.z[0] = nan, nan
	println(n1 == n2, n1 != n2)

	x, y := 1, 1
	o1, o2, o3 := One{&x}, One{&x}, One{&y}
	println(o1 == o2, o1 == o3, any(o1) == any(o2), any(o1) == any(o3), *any(o1).(One).p)
	var e1, e2 any = Empty{}, Empty{}
	println(e1 == e2, Empty{} == Empty{}, e1.(Empty) == Empty{})
	println(Bools{true, false, true, false} == Bools{true, false, true, false}, Bools{d: true} == Bools{})
	p1, p2 := Padded{1, 2, 3}, Padded{1, 2, 3}
	println(p1 == p2, any(p1) == any(p2), map[Padded]int{p1: 4}[p2])
	println([1]string{"a"} == [1]string{"a"}, [3]any{1, "b", nil} == [3]any{1, "b", nil}, [3]any{1, "b", nil} == [3]any{1, "b", 0})
	println([0]int{} == [0]int{}, [8]int8{1} == [8]int8{1}, [8]int8{1} == [8]int8{2})
	println("a" == "b"[:0]+"a", "" == string([]byte{}), "abc" < "abd", "ab" < "abc", "b" > "abc", "a" <= "a", "a" >= "b")

	var i8, i64, f32, str, u8 any = int8(5), int64(5), float32(5), Str("five"), uint8(255)
	println(i8 == i64, i8 == any(int8(5)), f32 == any(float32(5)), str == any("five"), str == any(Str("five")), u8 == any(uint8(255)))
	println(i8.(int8), i64.(int64), f32.(float32), string(str.(Str)), u8.(uint8))
	for _, v := range []any{1, "s", 2.5, nil, true, 'x', MyInt(3), Str("q"), &x, []int{1}, b, n1.x, struct{}{}, s, Named(func(i int) int { return i + 1 })} {
		switch v := v.(type) {
		case int:
			println("int", v)
		case string:
			println("string", v)
		case float64:
			println("float64", v)
		case nil:
			println("nil")
		case bool:
			println("bool", v)
		case rune:
			println("rune", v)
		case MyInt, Str:
			println("mine", v == any(MyInt(3)))
		case *int:
			println("*int", *v)
		case []int:
			println("[]int", len(v))
		case Summer:
			println("Summer", v.Sum())
		case Pair:
			println("Pair", v.a, v.b)
		case struct{}:
			println("empty")
		case Named:
			println("Named", v(1))
		}
	}

	r1, r2, r3, r4, r5, r6, r7 := many(1, 2, 3, 4, 5, 6, 7, 8, 9, "s", 1.25, 3, 2+1i, []int{1, 2})
	println(r1, r2, r3, r4, r5, len(r6), r6[2], r7 == nil)
	println(complex(1, 2)*complex(3, -4), complex(1, 2)/complex(3, -4), real(r5), imag(r5), -r5, r5 == 3+4i)
	var c64 complex64 = 1 + 2i
	println(c64*c64, c64/(3-1i), complex128(c64), complex64(r5))

	u := uint64(1<<63 + 5)
	println(float64(u), float32(u), uint64(float64(u)), int32(u), uint8(u+300), int8(-129+int(u&0)))
	println(uint32(1<<31)>>31, int32(-1<<31)>>31, uint8(200)+uint8(u&0)+100, int8(100)+int8(u&0)+27, -7/2, -7%3, 7&^5, ^6)
	println(min(3, 1, 2), max(2.5, 1), min("b", "a"), max("b", "a", "c"))
	println(string(rune(0x20AC)), string(rune(-1)), len([]rune("a€b")), string([]rune{65, 0x1F600}), string([]byte("xyz")[1:]))
	for i, r := range "a€\xff😀" {
		println(i, r)
	}

	fs := []func(int) int{}
	for i := 0; i < 3; i++ {
		fs = append(fs, func(j int) int { i += j; return i })
	}
	println(fs[0](1), fs[0](1), fs[1](10), fs[2](100))
	sum := b.Sum
	b.n[0] = 1 << 20
	println(sum() == b.Sum(), Big.Sum(b) == b.Sum(), (*Big).Sum(&b) == b.Sum())
	set := b.Set
	set(5, 55)
	println(b.n[5])
	method := s.Sum
	s = c
	println(method() != s.Sum(), Summer.Sum(s) == c.Sum())

	arr := [4]Pair{{1, "a"}, {2, "b"}}
	for i, v := range arr {
		arr[3].a = 9
		print(i, v.a, v.b, " ")
	}
	println(arr[3].a)
	parr := &arr
	for i := range parr {
		parr[i].a *= 2
	}
	brr := arr
	brr[0].b = "z"
	println(arr[0].a, arr[3].a, arr == brr, arr[1] == brr[1], len(parr), cap(parr[:2]))
	garr[1] = "g"
	sl := garr[:]
	sl[2] = "h"
	println(garr[1]+garr[2], len(sl[1:1]), cap(sl[1:2:2]), copy(sl, []string{"1"}), sl[0], copy(make([]byte, 3), "hello"))
	clear(sl)
	println(garr[0] == "", len(sl))
	mm := map[string][]int{}
	mm["a"] = append(mm["a"], 1, 2)
	mm["a"][0]++
	m2 := map[any]string{1: "int", "1": "string", 1.0: "float", Pair{1, "1"}: "pair", [2]int{1, 1}: "array", nil: "nil", true: "bool"}
	println(mm["a"][0], len(m2), m2[1], m2["1"], m2[1.0], m2[Pair{1, "1"}], m2[[2]int{1, 1}], m2[nil], m2[true], m2[false])
	clear(m2)
	println(len(m2))
}
