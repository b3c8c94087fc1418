package main

// Every function of the library's maps that lowered code calls, for every way a key is passed.

type pair struct{ a, b int }

func sum[K comparable](name string, keys ...K) {
	m := make(map[K]int, len(keys)*100)
	for i, k := range keys {
		m[k] = i + 1
		m[k] += 10
	}
	big := map[K][200]int{}
	for i, k := range keys {
		big[k] = [200]int{i, 199: i}
	}
	n := 0
	for k, v := range m {
		if _, ok := big[k]; ok {
			n += v
		}
	}
	first := keys[0]
	x, ok := m[first]
	print(name, " ", len(m), " ", n, " ", x, " ", ok, " ", m[first], " ", big[first][199])
	delete(m, first)
	delete(big, first)
	x, ok = m[first]
	print(" ", len(m), " ", x, " ", ok, " ", len(big[first]), " ", big[first][0])
	clear(m)
	println("", len(m))
	var none map[K]int
	delete(none, first)
	clear(none)
	for range none {
		println("not empty")
	}
	defer func() { println(recover().(error).Error()) }()
	none[first] = 1
}

func main() {
	sum("int", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
	sum("int32", int32(1), 2, 3, -1, -2)
	sum("uint8", uint8(1), 2, 255)
	sum("uint64", uint64(1), 2, 1<<63)
	sum("string", "a", "b", "", "a longer string than sixty-four bytes, which takes a path of its own in small maps")
	sum("bool", true, false)
	sum("float64", 1.5, 2.5, 0)
	sum("complex64", complex64(1i), 2)
	x, y := new(int), new(int)
	sum("pointer", x, y, nil)
	c := make(chan int)
	sum("chan", c, nil)
	sum("struct", pair{1, 2}, pair{2, 1})
	sum("array", [2]string{"a", "b"}, [2]string{"b", "a"})
	sum("wide", [40]int{1}, [40]int{2})
	sum("empty", struct{}{})
	sum[any]("any", 1, "1", 1.0, pair{1, 1}, nil, x)
	sum[interface{ Error() string }]("interface", nil, failure(1), failure(2))
}

type failure int

func (failure) Error() string { return "failure" }
