package main

const (
	a = iota
	b
	c, d
	e, f = 1
)

const g

const h int

var i = iota

const j = k
const l uint8 = 256
const m string = 1

func main() {
}
