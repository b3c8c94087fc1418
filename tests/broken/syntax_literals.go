package main

func main() {
	_ = 'ab'
	_ = "abc
	_ = 09
	_ = 0x
	_ = "\q"
	_ = @
}
