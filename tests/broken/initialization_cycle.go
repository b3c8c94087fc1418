package main

var a = b
var b = c()

func c() int { return a }

var x int = x

type T struct{}

func (T) m() int { return y }

var y = T{}.m()

func main() {
}
