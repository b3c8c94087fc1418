// strconv: every function, with values and errors.
package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

func main() {
	for _, s := range []string{"", "0", "-0", "1", "+5", "-128", "128", "0x1f", "0b11", "0o7", "017", "1_000", "_1", "1__0", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615", "18446744073709551616", "abc", "1e3", " 1", "1 ", "٣", "7f", "zz"} {
		for _, base := range []int{0, 2, 8, 10, 16, 36} {
			for _, bits := range []int{0, 8, 32, 64} {
				v, err := strconv.ParseInt(s, base, bits)
				u, err2 := strconv.ParseUint(s, base, bits)
				fmt.Println(s, base, bits, v, err, u, err2)
			}
		}
		v, err := strconv.Atoi(s)
		fmt.Println("Atoi", v, err)
	}
	for _, s := range []string{"1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False", "tRUE", ""} {
		fmt.Println(strconv.ParseBool(s))
	}
	for _, s := range []string{"", "0", "-0", "1.5", ".5", "5.", ".", "1e10", "1e", "1e+", "1e400", "-1e400", "1e-400", "inf", "-Inf", "+Infinity", "nan", "NaN", "0x1p4", "0x.8p1", "0x1", "0x1.fffffffffffffp1023", "1_0.5", "0x_1p0", "1e308", "1.7976931348623159e308", "4.9e-324", "2.4e-324", "2.5e-324", "123456789012345678901234567890", "0.1e-10000", "9007199254740993", "1.00000000000000011102230246251565404236316680908203124", "1.00000000000000011102230246251565404236316680908203125", "1.00000000000000011102230246251565404236316680908203126", "--1", "1x"} {
		f, err := strconv.ParseFloat(s, 64)
		g, err2 := strconv.ParseFloat(s, 32)
		c, err3 := strconv.ParseComplex(s, 128)
		fmt.Println(s, f, err, g, err2, c, err3, math.Float64bits(f))
	}
	for _, s := range []string{"1+2i", "(1-2i)", "i", "-i", "2i", "1e3+1e-3i", "1+2", "(1+2i", "nan+infi", "0x1p1+0x1p2i"} {
		c, err := strconv.ParseComplex(s, 128)
		fmt.Println(s, c, err)
		d, err := strconv.ParseComplex(s, 64)
		fmt.Println(s, d, err)
	}
	for _, f := range []float64{0, 1, -1, 0.1, 123456.789, 1e21, 1e-7, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.NaN(), math.Pi} {
		for _, form := range []byte("bdeEfgGxXq") {
			if form == 'd' || form == 'q' {
				fmt.Print(strconv.FormatFloat(f, form, -1, 64), " ")
				continue
			}
			for _, prec := range []int{-1, 0, 1, 3, 10, 25} {
				fmt.Print(strconv.FormatFloat(f, form, prec, 64), " ", strconv.FormatFloat(f, form, prec, 32), " ")
			}
		}
		fmt.Println(strconv.FormatComplex(complex(f, -f), 'g', 4, 128))
	}
	for _, s := range []string{"", "plain", "with \"quotes\"", "back`tick", "new\nline\ttab", "\x00\x01\x7f", "\u00a0\u2028", "日本語", "\xff\xfe", "\U0001F600", "é", "\ufeff", "\ufffd"} {
		fmt.Println(strconv.Quote(s), strconv.QuoteToASCII(s), strconv.QuoteToGraphic(s), strconv.CanBackquote(s), string(strconv.AppendQuote([]byte("x"), s)))
	}
	for _, r := range []rune{'a', '\'', '"', '\n', 0, 0x7f, 'é', '世', 0x1F600, 0x110000, -1, 0xfffd, 0xad} {
		fmt.Println(strconv.QuoteRune(r), strconv.QuoteRuneToASCII(r), strconv.QuoteRuneToGraphic(r), strconv.IsPrint(r), strconv.IsGraphic(r))
	}
	for _, s := range []string{`""`, `"a\nb"`, "`raw\\n`", `'x'`, `'\''`, `"\x41\u00e9\U0001F600\101"`, `"bad`, `bad"`, `"\q"`, `'ab'`, `"\xff"`, "`a`b`", `""x`, `"\ud800"`, ``, `"a
b"`} {
		u, err := strconv.Unquote(s)
		fmt.Printf("%q %v\n", u, err)
		p, err := strconv.QuotedPrefix(s + " tail")
		fmt.Printf("%q %v\n", p, err)
	}
	for s := `a\tb\"\x41\'世\z`; len(s) > 0; {
		v, multi, tail, err := strconv.UnquoteChar(s, '"')
		fmt.Printf("%q %t %q %v\n", v, multi, tail, err)
		if err != nil {
			break
		}
		s = tail
	}
	fmt.Println(strconv.FormatInt(-255, 16), strconv.FormatUint(255, 2), strconv.Itoa(math.MinInt64), strconv.FormatBool(true), strconv.FormatInt(math.MinInt64, 2), strconv.FormatInt(99, 10), strconv.FormatInt(100, 10), strconv.FormatInt(35, 36))
	_, err := strconv.ParseInt("99999999999999999999", 10, 64)
	var ne *strconv.NumError
	fmt.Println(errors.As(err, &ne), errors.Is(err, strconv.ErrRange), ne.Unwrap() == strconv.ErrRange, strconv.IntSize)
	for _, f := range []func(){func() { strconv.FormatInt(1, 1) }, func() { strconv.FormatUint(1, 37) }} {
		func() {
			defer func() { fmt.Println(recover()) }()
			f()
		}()
	}
}
