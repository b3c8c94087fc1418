// Standard input by fmt.Scan, Scanln, Scanf and io.ReadAll.
package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	var n int
	fmt.Println(fmt.Scan(&n))
	sum := 0
	for range n {
		var x int
		if _, err := fmt.Scan(&x); err != nil {
			fmt.Println(err)
		}
		sum += x
	}
	fmt.Println(n, sum)
	var s, t string
	fmt.Println(fmt.Scanln())
	fmt.Println(fmt.Scanln(&s, &t))
	fmt.Println(s, t)
	var a, b int
	fmt.Println(fmt.Scanf("%d-%d\n", &a, &b))
	fmt.Println(a, b)
	rest, err := io.ReadAll(os.Stdin)
	fmt.Printf("%q %v\n", rest, err)
	fmt.Println(fmt.Scan(&n))
}
