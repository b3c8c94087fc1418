package main

import (
	"bytes"
	"strings"
)

// Searching and comparing bytes: the C library's functions behind internal/bytealg, against loops.

var state uint64 = 88172645463325252

func next(n int) int {
	state ^= state << 13
	state ^= state >> 7
	state ^= state << 17
	return int(state>>33) % n
}

func random(n, letters int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('a' + next(letters))
	}
	return b
}

func index(s, sep []byte) int {
	for i := 0; i+len(sep) <= len(s); i++ {
		if string(s[i:i+len(sep)]) == string(sep) {
			return i
		}
	}
	return -1
}

func lastIndex(s, sep []byte) int {
	for i := len(s) - len(sep); i >= 0; i-- {
		if string(s[i:i+len(sep)]) == string(sep) {
			return i
		}
	}
	return -1
}

func count(s []byte, c byte) (n int) {
	for _, b := range s {
		if b == c {
			n++
		}
	}
	return
}

func sign(a, b []byte) int {
	switch {
	case string(a) < string(b):
		return -1
	case string(a) > string(b):
		return 1
	}
	return 0
}

func check(name string, got, want int, args ...[]byte) {
	if got != want {
		println("wrong:", name, got, want)
		for _, a := range args {
			println(string(a))
		}
	}
}

func main() {
	for i := 0; i < 20000; i++ {
		n := next(100)
		if i%50 == 0 {
			n = next(3000)
		}
		s := random(n, 1+next(4))
		from := next(n + 1)
		sep := append([]byte(nil), s[from:from+next(min(n-from, 40)+1)]...)
		if i%3 == 0 && len(sep) > 0 {
			sep[next(len(sep))] = 'b'
		}
		t := random(n, 2)
		for _, c := range []byte("abcz") {
			at := index(s, []byte{c})
			check("IndexByte", bytes.IndexByte(s, c), at, s)
			check("IndexByteString", strings.IndexByte(string(s), c), at, s)
			check("LastIndexByte", bytes.LastIndexByte(s, c), lastIndex(s, []byte{c}), s)
			check("Count", bytes.Count(s, []byte{c}), count(s, c), s)
			check("CountString", strings.Count(string(s), string(c)), count(s, c), s)
		}
		check("Index", bytes.Index(s, sep), index(s, sep), s, sep)
		check("IndexString", strings.Index(string(s), string(sep)), index(s, sep), s, sep)
		check("LastIndex", strings.LastIndex(string(s), string(sep)), lastIndex(s, sep), s, sep)
		check("Compare", bytes.Compare(s, t), sign(s, t), s, t)
		check("CompareString", strings.Compare(string(s), string(t)), sign(s, t), s, t)
		check("Compare", bytes.Compare(s, s[:len(s)/2]), sign(s, s[:len(s)/2]), s)
		if bytes.Equal(s, t) != (string(s) == string(t)) {
			println("Equal")
		}
	}
	long := strings.Repeat("ab", 100000)
	println(strings.Index(long, strings.Repeat("ab", 500)+"b"), strings.Count(long, "a"), strings.Count(long, "ba"))
	println(strings.Index(long+"c", "bc"), strings.LastIndex(long, "ba"), strings.IndexByte(long, 'c'))
	println(strings.Index("", ""), strings.Index("x", ""), bytes.Index(nil, nil), bytes.IndexByte(nil, 0), bytes.Compare(nil, []byte{}))
	println(strings.Count("", ""), strings.Count("abc", ""), strings.Count("cheese", "e"), bytes.Count([]byte{0, 1, 0}, []byte{0}))
	var b []byte
	for i := range 3000 {
		b = append(b, byte(i), byte(i>>8))
	}
	for c := range 256 {
		check("Count", bytes.Count(b, []byte{byte(c)}), count(b, byte(c)))
	}
	println("done")
}
