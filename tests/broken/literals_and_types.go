package main

func main() {
	_ = ''
	_ = 08
	_ = "\400"
	break
	var x int = "a"
}
