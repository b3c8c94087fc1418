package main

func main() {
	x := 1
	if x {
	}
	for x {
	}
	if "a" {
	}
	switch {
	case x:
	}
	for ; x + 1; {
	}
	if x == 1 && x {
	}
}
