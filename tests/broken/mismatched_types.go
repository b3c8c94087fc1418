package main

type MyInt int

func main() {
	var i int = 1
	var j int64 = 2
	var f float64 = 3
	var s string = "s"
	var m MyInt = 4
	_ = i + j
	_ = f * i
	_ = s + i
	_ = m == i
	_ = s + 1
	_ = i + 1.5
	_ = i << s
}
