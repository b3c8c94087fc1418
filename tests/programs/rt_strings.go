package main

// Strings, bytes and runes.

func show(s string) {
	print(len(s), " ", len([]rune(s)), " [")
	for i, r := range s {
		print(" ", i, ":", r)
	}
	println(" ]")
}

func main() {
	show("")
	show("hello")
	show("héllo, 世界 😀")
	show("\xff\xc0\x80\xe2\x82")
	show("\xed\xa0\x80\xf4\x90\x80\x80\xf0\x80\x80\x80")
	show("a\x00b\xe2\x28\xa1")
	println(string([]rune{0x4e16, 0x754c, -1, 0x110000, 0xd800, 'a'}))
	println(string(rune(65)), string(rune(-1)), string(rune(0x10ffff+1)) == "\ufffd")
	b := []byte("abc")
	s := string(b)
	b[0] = 'x'
	println(s, string(b), cap([]byte("")), len([]byte("日本")))
	println("a" < "b", "a" < "aa", "b" < "aa", "abcdefgh1" < "abcdefgh2", "abcdefghi" > "abcdefgh", "\xff" > "a")
	x := ""
	for i := 0; i < 100; i++ {
		x += string(rune('a' + i%26))
	}
	println(x[:26], x[95:], len(x))
	println(x[1:1] == "", x[:0]+x[100:] == "")
	copy(b, "zzzz")
	println(string(b), string(append([]byte("foo"), "bar"...)))
	switch x[3:6] {
	case "def":
		println("switch")
	}
	n := 0
	for range "日本語" {
		n++
	}
	println(n, "日本語"[3:6], "日本語"[0])
	for i := range "é!" {
		println(i)
	}
	var e string
	y := e + s
	println(y == s, e+e == "", "α"+s+"β"+y+"γ")
	defer func() {
		println(recover().(error).Error())
		defer func() { println(recover().(error).Error()) }()
		i := 3
		println(s[i])
	}()
	k := -1
	println(s[k+1:2], s[2:k+2])
}
