package main

type int string

func f() (x float64) {
	{
		x := 1
		return
	}
}

func g() (x float64) {
	for x := range 3 {
		return
	}
	return
}

func main() {
	var a int = 1
	var true = false
	if true {
		nil := 1
		var p *string = nil
	}
	string := "a"
	var s string
}
