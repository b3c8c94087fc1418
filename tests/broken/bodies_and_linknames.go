package main

import _ "unsafe"

//go:noescape
func k() {}

func missing()

//go:linkname provided runtime.provided
func provided()

//go:linkname twice a.b
//go:linkname twice a.c
var twice int

//go:linkname nobody a.d

//go:linkname generic a.f[int]
func generic() {}

//go:nosplit
type T int

//go:noinline
func main() {}
