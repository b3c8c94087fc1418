package main

func main() {
	x := 1
	var y, z int
	_ = z
	for i, v := range []int{1} {
		_ = i
	}
	if a := 1; true {
	}
	switch t := any(1).(type) {
	}
	func() {
		unused := 2
		unused = 3
	}()
}
