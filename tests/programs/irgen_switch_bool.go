package main

// Cases of a switch without a tag may be interfaces: they are compared with true.
func main() {
	for _, i := range []any{true, false, 1, nil} {
		switch {
		case i:
			println("true")
		case i == false, false:
			println("false")
		default:
			println("neither")
		}
	}
}
