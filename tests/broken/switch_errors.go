package main

func main() {
	x := 1
	switch x {
	case "a":
	case 1.5:
	case nil:
	case x > 1:
	}
	switch y := x; y {
	case []int{}:
	}
	switch f := func() {}; f {
	case nil:
	case f:
	}
	switch x := x.(type) {
	}
	var i any
	switch i.(type) {
	case 1:
	case x:
	case nil, nil:
	case foo:
	}
}
