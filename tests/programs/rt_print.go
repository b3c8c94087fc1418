package main

// print and println, as gc formats them.

type T struct{ a int }

func main() {
	println()
	print("a", 1, 2, "b", 'c', "\n")
	println(1, -1, 1<<63-1, -1<<63, uint64(1<<64-1), int8(-5), uint8(200), uintptr(10))
	println(true, false, "a b", "\xff\xfe" == "", "日本語", 'x', '日')
	println(1.0, 0.1, 1.5, -2.25, 100000.0, 1e6, 1e20, 1e21, 1e-4, 1e-5, 123456789.0, 3.14159265358979)
	println(float32(0.1), float32(16777216), float32(1e-45), float32(3.4028235e38))
	var z float64
	println(z, -z, 1/z, -1/z, z/z, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308)
	println(complex(1, -2), complex64(complex(0.1, 1e10)), complex(z/z, -1/z), 1i)
	println(1e23, 8.41e21, 9007199254740993.0, 0.3, 2.0/3, 1/3.0)
	var p *T
	var m map[int]int
	var c chan int
	var f func()
	var e any
	var s []int
	var err error
	println(p, m, c, f, e, s, err)
	println(make([]int, 2, 5) == nil, len("héllo"))
	print(1.5, 2.5, "x", 3, true, "\n")
	const k = 1 << 40
	println(k, 'a'+1, "s"+"t")
	print()
	print("no newline at the end")
}
