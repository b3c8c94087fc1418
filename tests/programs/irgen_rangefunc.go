package main

// Range loops over functions.

func Count(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				print("[stopped] ")
				return
			}
		}
	}
}

type Seq2[K, V any] func(yield func(K, V) bool)

func Pairs[K comparable, V any](m []K, v V) Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, k := range m {
			if !yield(k, v) {
				return
			}
		}
	}
}

func Thrice(yield func() bool) {
	_ = yield() && yield() && yield()
}

func find(n int) (r int, ok bool) {
	for i := range Count(10) {
		for j := range Count(10) {
			if i*j == n {
				return i*100 + j, true
			}
		}
	}
	return
}

func unnamed(n int) (string, int) {
	defer print("deferred ")
	for s, v := range Pairs([]string{"a", "b", "c"}, 7) {
		if v == 7 && s == "b" {
			if n > 0 {
				return s, n
			}
		}
	}
	return "none", -1
}

func labels() (s int) {
outer:
	for i := range Count(5) {
		for j := range 5 {
			for k := range Count(5) {
				switch {
				case k == 2:
					continue
				case k == 4:
					break
				case j == 2:
					continue outer
				case i == 3:
					break outer
				}
				s += i + j + k
				if k == 3 {
					break
				}
			}
		}
	}
	return s
}

func captures() int {
	sum := 0
	var fs []func() int
	for x := range Count(4) {
		sum += x
		x *= 2
		fs = append(fs, func() int { x++; return x })
	}
	for _, f := range fs {
		sum = sum*10 + f() + f()
	}
	return sum
}

func bad(yield func(int) bool) {
	yield(1)
	yield(2)
}

func try(f func()) {
	defer func() {
		if e := recover(); e != nil {
			println("recovered:", e.(error).Error())
		}
	}()
	f()
}

func main() {
	for i := range Count(3) {
		print(i, " ")
	}
	for range Count(2) {
		print("x ")
	}
	n := 0
	for range Thrice {
		n++
	}
	println(n)
	var k, v = 0, ""
	for k, v = range Pairs([]int{1, 2}, "v") {
	}
	println(k, v)
	println(find(42))
	println(find(1000))
	println(unnamed(1))
	println(unnamed(0))
	println(labels(), captures())
	try(func() {
		for i := range bad {
			println("body", i)
			break
		}
	})
	var keep func(int) bool
	for range func(yield func(int) bool) { keep = yield; yield(1) } {
	}
	try(func() { keep(2) })
	try(func() {
		for range func(yield func() bool) {
			defer func() { recover() }()
			yield()
		} {
			panic("lost")
		}
	})
	func() {
		for i := range Count(5) {
			if i == 2 {
				return
			}
			go func() {}()
		}
	}()
	println("done")
}
