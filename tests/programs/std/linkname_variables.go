package main

import (
	"fmt"
	_ "unsafe"
)

// A variable of the runtime under another name is that variable; one that the runtime does not have is the program's own.

//go:linkname haveHighResSleep runtime.haveHighResSleep
var haveHighResSleep bool

//go:linkname noSuchVariable runtime.noSuchVariable
var noSuchVariable bool

func main() { fmt.Println(haveHighResSleep, noSuchVariable) }
