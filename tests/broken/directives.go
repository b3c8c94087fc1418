//go:noinline
package main

//go:noinline
import _ "fmt"

//go:noinline

//go:nosplit
type T int

//go:noescape
var x int

//go:nosplit
const c = 1

//go:build foo

//go:nointerface
//go:generate foo
//go:unknown
func main() {
	//go:noinline
	x = 1
	//go:noinline
	type Q int
	//go:noinline
	for {
	}
	//go:noinline
}

type (
	//go:noinline
	A int
	//go:noinline
)

var f = func() {} //go:noinline

//go:systemstack
func g() {}

//go:linkname
func h() {}

//go:linkname h2 foo.x
//go:uintptrkeepalive
func i() {}

//go:cgo_ldflag "x"
func j() {}

//go:noescape
func k() {}

func l()

//go:noinline
