// Every verb and flag of fmt on floats and complex numbers.
package main

import (
	"fmt"
	"math"
)

var flags = []string{"", "+", "-", "#", " ", "0", "+#", "12", "-12", "012", "+12", "+012", "#12", "-012", ".0", ".1", ".5", "12.5", "-12.5", "012.5", "+.5", "#.5", "#.0", " 12", "+-12", ".20", "#.20"}

const verbs = "vbeEfFgGxXdsqtTU"

type myFloat float32

func main() {
	values := []any{
		0.0, math.Copysign(0, -1), 1.0, -1.0, 0.1, 1.5, 2.5, 3.5, 123456789.0, 1e20, 1e21, 1e22, 1e-4, 1e-5, 1e-7,
		math.Pi, -math.E, math.MaxFloat64, math.SmallestNonzeroFloat64, 5e-324, 2.2250738585072014e-308,
		math.Inf(1), math.Inf(-1), math.NaN(), 99999.95, 999999.5, 0.000099995, 1.0 / 3, 100000.0, 1000000.0,
		float32(0.1), float32(16777216), float32(3.4e38), float32(1e-45), float32(1) / 3, myFloat(2.75),
		complex(1, 2), complex(-1.5, 0), complex(0, math.Inf(1)), complex(math.NaN(), -2), complex64(complex(0.1, -0.1)),
	}
	for _, v := range values {
		for _, verb := range verbs {
			fmt.Printf("%T %v %%%c:", v, v, verb)
			for _, f := range flags {
				fmt.Printf("%"+f+string(verb)+"|", v)
			}
			fmt.Println()
		}
	}
	for p := range 25 {
		fmt.Printf("%.*f %.*e %.*g %.*x\n", p, math.Pi, p, 12345.6789, p, 0.1, p, 1.0/3)
	}
}
