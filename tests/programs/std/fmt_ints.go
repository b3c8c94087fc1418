// Every verb and flag of fmt on integers.
package main

import "fmt"

var flags = []string{"", "+", "-", "#", " ", "0", "+#", "# ", "8", "-8", "08", "+8", "+08", "#8", "#08", "-08", ".0", ".5", "8.5", "-8.5", "08.5", "+.5", "#.5", " 8", "+-8", "70", ".70"}

const verbs = "vTtbcdoOqxXUeEfFgGspwz!"

type (
	myInt   int
	myUint8 uint8
)

func main() {
	values := []any{
		0, 1, -1, 7, 42, -42, 65, 0x1F600, 0x10FFFF, 0x110000, -5,
		int8(-128), int8(127), int16(-32768), int32(-1 << 31), int64(-1 << 63), int64(1<<63 - 1),
		uint(0), uint8(255), uint16(65535), uint32(1<<32 - 1), uint64(1<<64 - 1), uintptr(0xdeadbeef),
		'x', '\n', 'é', '世', '\U0001F600', byte('a'),
		true, false, myInt(-3), myUint8(200),
	}
	for _, v := range values {
		for _, verb := range verbs {
			if verb == '!' {
				fmt.Printf("%T %v %%!:", v, v)
				fmt.Printf("%!|", v)
				fmt.Println()
				continue
			}
			fmt.Printf("%T %v %%%c:", v, v, verb)
			for _, f := range flags {
				fmt.Printf("%"+f+string(verb)+"|", v)
			}
			fmt.Println()
		}
	}
}
