package sub

import "example.com/dep/x"

func F() { println("sub", x.Name()) }
