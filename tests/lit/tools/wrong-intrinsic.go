// RUN: not goir build %s -o %t 2>&1 | filecheck %s
// An intrinsic that is declared wrongly is found where it is called: modules are not verified in a build.

package main

//goir:intrinsic len8
func length(x int) int

func main() {
	// CHECK: wrong-intrinsic.go:[[# @LINE + 1]]:16: operand 0 of intrinsic len8 must be an integer of 8 bits, but is !go.int
	println(length(1))
}
