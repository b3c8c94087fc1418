package main

func a() int {
}

func b(x int) int {
	if x > 0 {
		return 1
	}
}

func c(x int) int {
	for x < 10 {
		return x
	}
}

func d(x int) (r int) {
	switch x {
	case 1:
		return 1
	}
}

func e() int {
	for {
	}
}

func f(x int) int {
L:
	for {
		break L
	}
}

func main() {
	_ = func() string { println() }
}
