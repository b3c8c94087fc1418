package main

const big = 1 << 64

func main() {
	var a int8 = 128
	var b uint8 = -1
	var c int = big
	var d uint64 = big
	var e int = 1e100
	f := big
	var g float32 = 1e40
	h := int8(300)
	var i uint = 1 - 2
	_, _, _, _, _, _, _, _, _ = a, b, c, d, e, f, g, h, i
}
