package main

type A = B
type B = A

const c = d
const d = c

func main() {
}
