// A module that another one in a folder of it stands in for, with an internal package and an older language.
package main

import (
	"example.com/dep/x"
	"example.com/replaced/sub"
)

func main() {
	sub.F()
	for _, f := range x.Each() {
		f()
	}
	for i := range 2 {
		defer func() { println(i) }()
	}
}
