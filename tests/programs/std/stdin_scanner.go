// Standard input by bufio.Scanner: a small calculator.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

func main() {
	sc := bufio.NewScanner(os.Stdin)
	for n := 1; sc.Scan(); n++ {
		var stack []float64
		for _, w := range strings.Fields(sc.Text()) {
			if v, err := strconv.ParseFloat(w, 64); err == nil {
				stack = append(stack, v)
				continue
			}
			if len(stack) < 2 {
				fmt.Printf("line %d: %q has too few operands\n", n, w)
				stack = nil
				break
			}
			a, b := stack[len(stack)-2], stack[len(stack)-1]
			stack = stack[:len(stack)-2]
			switch w {
			case "+":
				a += b
			case "-":
				a -= b
			case "*":
				a *= b
			case "/":
				a /= b
			default:
				fmt.Fprintf(os.Stderr, "line %d: %q\n", n, w)
			}
			stack = append(stack, a)
		}
		fmt.Println(n, stack)
	}
	if err := sc.Err(); err != nil {
		fmt.Println(err)
	}
}
