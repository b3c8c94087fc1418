package main

func main() {
	s := "abc"
	s[0] = 1
	_ = s + 'a'
	_ = s - s
	_ = s * 2
	_ = &s[0]
	_ = s[1.5]
	_ = s["a"]
	_ = s < 1
	var r rune = s[0]
	var b byte = "a"
	for _, c := range s {
		var x byte = c
	}
	_, _ = r, b
}
