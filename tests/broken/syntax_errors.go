package main

func main() {
	x := (1 + 2
	y := [3]int{1, 2, 3
	if x == 1
	{
	}
	for i := 0; i < 10; i++ {
		println(i
	}
}

func f( {
}
