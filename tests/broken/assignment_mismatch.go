package main

func two() (int, int) { return 1, 2 }
func none()           {}

func main() {
	a, b := 1
	c, d := 1, 2, 3
	e := two()
	f, g, h := two()
	i := none()
	var j, k int = 1
	var l int = two()
	a, b = two(), 1
	_, _, _, _, _, _, _, _, _, _, _, _ = a, b, c, d, e, f, g, h, i, j, k, l
}
