// A module whose requirements lie in its vendor folder.
package main

import (
	"example.com/Cached/y"
	v "example.com/v/v2"
)

func main() {
	y.F()
	v.V()
}
