// The order of initialisation over packages, files and variables.
package main

import (
	"example.com/initorder/c"
	"example.com/initorder/internal/deep"
	"fmt"

	renamed "example.com/initorder/a"
	. "example.com/initorder/b"
	_ "example.com/initorder/d"
)

var (
	x = deep.Log("main.x", y+1)
	y = f()
	_ = deep.Log("main._", 0)
	z = deep.Log("main.z", inOther)
)

func f() int { return deep.Log("main.y", FromB) }

func init() { deep.Log("main.init first", x) }

func main() {
	fmt.Println("main", x, y, z, inOther, renamed.A, FromB, c.C())
	fmt.Println(deep.Count, len(deep.Lines))
	for _, l := range deep.Lines {
		fmt.Println(l)
	}
}

func init() { deep.Log("main.init second", y) }
