// Every verb and flag of fmt on strings, byte slices and arrays.
package main

import "fmt"

var flags = []string{"", "+", "-", "#", " ", "0", "+#", "# ", "10", "-10", "010", "+10", "#10", "-010", ".0", ".1", ".3", "10.3", "-10.3", "010.3", "+.3", "#.3", "# 10", "+-10", " .2", "# .2"}

const verbs = "vsqxXdTtcbeU"

type (
	myString string
	myBytes  []byte
	myByte   byte
	bytesOf  []myByte
)

func main() {
	values := []any{
		"", "a", "hello", "héllo wörld", "世界", "日本語 text", "a\nb\tc", "quote\"d", "back`tick", "nul\x00", "bad\xffutf8", "\u00a0\u200b\ufeff", "\U0001F600",
		[]byte(nil), []byte{}, []byte("bytes"), []byte{0, 1, 254, 255}, []byte("世界"),
		[3]byte{1, 2, 3}, &[3]byte{4, 5, 6}, [0]byte{},
		myString("mine"), myBytes("mybytes"), bytesOf{65, 66}, []myString{"x", "y"},
		[]string{"a b", "c"}, []string{}, []string(nil), [2]string{"p", "q"}, [][]byte{[]byte("in"), nil},
		[]rune("rune"),
	}
	for i, v := range values {
		for _, verb := range verbs {
			fmt.Printf("%d %T %%%c:", i, v, verb)
			for _, f := range flags {
				fmt.Printf("%"+f+string(verb)+"|", v)
			}
			fmt.Println()
		}
	}
}
