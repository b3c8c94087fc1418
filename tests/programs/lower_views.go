package main

// Strings made of bytes that are only looked at share the memory of the bytes; others do not.

var keep string

//go:noinline
func change(b []byte) string { b[0] = 'X'; return "" }

func kind(b []byte) int {
	switch string(b) {
	case "one":
		return 1
	case "two":
		return 2
	case "three":
		return 3
	}
	return 0
}

func main() {
	b := []byte("hello")
	println(string(b) == "hello", string(b) < "help", len(string(b)), string(b)[1])
	m := map[string]int{"hello": 5}
	println(m[string(b)])
	m[string(b)]++
	m[string(b)] += 2
	b[0] = 'j'
	println(len(m), m["hello"], m["jello"])
	s := string(b)
	b[0] = 'm'
	println(s == "jello", s)
	t := string(b)
	if t == "mello"+change(b) {
		println("same")
	}
	println(t)
	u := "<" + string(b) + ">"
	b[0] = 'y'
	println(u)
	v := "" + string(b)
	b[0] = 'z'
	println(v)
	println(kind([]byte("two")), kind([]byte("three")), kind([]byte("four")), kind(nil))
	println(string(b) == "zello")
	for i := range 3 {
		x := string(b)
		b[1] = byte('a' + i)
		if x == string(b) {
			println("never", i)
		}
		keep = x
	}
	println(keep, string(b))
	for _, c := range []byte("abc") {
		w := string([]byte{c, c})
		if w == "bb" {
			println("bb")
		}
	}
}
