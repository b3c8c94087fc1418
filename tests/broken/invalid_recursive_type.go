package main

type A struct {
	b B
}

type B struct {
	a [2]A
}

type C C

type D [len(D{})]int

type E interface {
	E
}

type OK struct {
	next *OK
	many []OK
}

func main() {
}
