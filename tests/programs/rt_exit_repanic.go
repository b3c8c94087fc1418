package main

type S string

func main() {
	defer func() {
		r := recover()
		println("recovered", string(r.(S)))
		panic(r)
	}()
	panic(S("line1\nline2"))
}
