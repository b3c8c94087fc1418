package main

// Switches over many strings.

type word string

func other() string { return "dynamic" }

func kind(s string) int {
	switch s {
	case "break", "case", "chan":
		return 1
	case "const":
		return 2
	case "continue", "default":
		return 3
	default:
		return -1
	case "defer":
		return 4
	case "else":
		fallthrough
	case "fallthrough":
		return 5
	case "for", "func", "go":
		return 6
	case other():
		return 7
	case "goto", "if", "import", "interface", "map", "package", "range", "return", "select", "struct", "switch", "type", "var", "":
		return 8
	}
}

func sameLength(w word) (n int) {
	switch w {
	case "aa":
		n = 1
	case "ab":
		n = 2
	case "ba":
		n = 3
	case "bb":
		n = 4
	case "ca":
		n = 5
	case "cb":
		n = 6
	case "da":
		n = 7
	case "db":
		n = 8
	case "ea":
		n = 9
	case "eb":
		n = 10
	case "fa", "fb":
		n = 11
	case "z":
		n = 12
	}
	return
}

func few(s string) bool {
	switch s {
	case "x", "yy":
		return true
	}
	return false
}

func constantTag() int {
	switch "b" {
	case "a":
		return 1
	case "b":
		return 2
	}
	return 3
}

func dynamic(x any) int {
	switch x {
	case "one":
		return 1
	case 2:
		return 2
	case "three", "four":
		return 3
	}
	return 0
}

func main() {
	for _, s := range []string{"break", "case", "chan", "const", "continue", "default", "defer", "else", "fallthrough", "for", "func", "go", "dynamic",
		"goto", "if", "import", "interface", "map", "package", "range", "return", "select", "struct", "switch", "type", "var", "",
		"x", "brea", "breaks", "zzz", "aaaaaa", "dynamit", "interfaces", "fallthrougH"} {
		print(s, kind(s), " ")
	}
	println()
	for _, w := range []word{"aa", "ab", "ba", "bb", "ca", "cb", "da", "db", "ea", "eb", "fa", "fb", "z", "a", "", "ac", "zz", "y"} {
		print(w, sameLength(w), " ")
	}
	println()
	println(few("x"), few("yy"), few("y"), constantTag(), dynamic("one"), dynamic(2), dynamic("four"), dynamic(3), dynamic(nil))
}
