package main

type V [1 << 50]byte

var w [1 << 49]struct{ a, b, c [100]int }
var x chan [1 << 17]byte
var y map[[1 << 31]byte]int

func main() {}
