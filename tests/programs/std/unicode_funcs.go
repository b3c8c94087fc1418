// unicode, utf8 and utf16 over the whole of Unicode.
package main

import (
	"fmt"
	"sort"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

func main() {
	tests := []struct {
		name string
		f    func(rune) bool
	}{
		{"Letter", unicode.IsLetter}, {"Upper", unicode.IsUpper}, {"Lower", unicode.IsLower}, {"Title", unicode.IsTitle}, {"Digit", unicode.IsDigit}, {"Number", unicode.IsNumber},
		{"Space", unicode.IsSpace}, {"Punct", unicode.IsPunct}, {"Symbol", unicode.IsSymbol}, {"Control", unicode.IsControl}, {"Graphic", unicode.IsGraphic}, {"Print", unicode.IsPrint}, {"Mark", unicode.IsMark},
	}
	for _, t := range tests {
		n, h := 0, uint64(14695981039346656037)
		for r := rune(-1); r <= unicode.MaxRune+1; r++ {
			if t.f(r) {
				n++
				h = (h ^ uint64(r)) * 1099511628211
			}
		}
		fmt.Println(t.name, n, h)
	}
	var up, low, title, fold uint64
	for r := rune(0); r <= unicode.MaxRune; r++ {
		up = up*31 + uint64(unicode.ToUpper(r))
		low = low*31 + uint64(unicode.ToLower(r))
		title = title*31 + uint64(unicode.ToTitle(r))
		fold = fold*31 + uint64(unicode.SimpleFold(r))
	}
	fmt.Println(up, low, title, fold)
	var names []string
	for name := range unicode.Scripts {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		n := 0
		for r := rune(0); r <= unicode.MaxRune; r++ {
			if r%7 == 0 && unicode.Is(unicode.Scripts[name], r) {
				n++
			}
		}
		fmt.Print(name, " ", n, "; ")
	}
	fmt.Println(len(unicode.Categories), len(unicode.Properties), unicode.Version)
	fmt.Println(unicode.In('世', unicode.Latin, unicode.Han), unicode.Is(unicode.Cyrillic, 'Ж'), unicode.To(unicode.UpperCase, 'ß'))
	bad := 0
	buf := make([]byte, 4)
	for r := rune(0); r <= unicode.MaxRune; r++ {
		n := utf8.EncodeRune(buf, r)
		d, k := utf8.DecodeRune(buf[:n])
		if utf8.ValidRune(r) != (d == r) && r != utf8.RuneError || k != n {
			bad++
		}
		a, b := utf16.EncodeRune(r)
		if r >= 0x10000 && utf16.DecodeRune(a, b) != r {
			bad++
		}
	}
	fmt.Println("bad", bad)
	for _, s := range []string{"", "a", "é", "世", "\U0001F600", "\xff", "\xe4\xb8", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xc0\x80b"} {
		r, n := utf8.DecodeRuneInString(s)
		l, m := utf8.DecodeLastRuneInString(s)
		fmt.Printf("%q %U %d %U %d %t %d %t %v %U\n", s, r, n, l, m, utf8.ValidString(s), utf8.RuneCountInString(s), utf8.FullRuneInString(s), utf16.Encode([]rune(s)), utf16.Decode(utf16.Encode([]rune(s))))
	}
}
