package main

type K uint8

func a(x int) int {
	switch x {
	case 1, 2, 3:
		return 10
	case 5:
		x += 4
		fallthrough
	case 6:
		x++
	case -7:
		return 3
	default:
		x = 100
	case 9:
	}
	return x
}

func b(x uint64) string {
	switch x {
	case 1<<64 - 1:
		return "max"
	case 1 << 63:
		return "top"
	case 0:
		return "zero"
	case 7:
		return "seven"
	}
	return "none"
}

func c(k K) (r int) {
	for i := 0; i < 3; i++ {
		switch k {
		case 200, 255:
			r += 2
			continue
		case 0, 1:
			break
		case f(3):
			r += 50
		case 2, 3, 4, 8:
			r += int(k)
		}
		r++
		k++
	}
	return
}

func f(k K) K { print("f"); return k + 100 }

func d[T int8 | uint16](x T) int {
	switch x {
	case 1, 2:
		return 1
	case 3, 4, 100:
		return 2
	}
	return 0
}

func e(ch chan int) int {
	switch v := <-ch; v {
	case 0:
		return <-ch
	case 1:
		ch <- 5
	case 2, 3, 4:
		v = <-ch
		return v + 2
	}
	return 9
}

func main() {
	for i := -8; i < 11; i++ {
		print(a(i), " ")
	}
	println()
	println(b(0), b(1<<64-1), b(1<<63), b(7), b(8))
	for _, k := range []K{0, 1, 2, 3, 8, 103, 200, 254, 255} {
		print(c(k), " ")
	}
	println()
	println(d(int8(1)), d(int8(100)), d(uint16(4)), d(uint16(5)), d(int8(-1)))
	ch := make(chan int)
	go func() { ch <- 2; ch <- 40; ch <- 0; ch <- 1 }()
	println(e(ch), e(ch))
}
