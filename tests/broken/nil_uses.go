package main

func main() {
	x := nil
	var i int = nil
	_ = nil == nil
	_ = i == nil
	var s []int = nil
	_ = s == nil
	nil()
	_ = *nil
	_ = nil.x
	if nil {
	}
	switch nil {
	}
}
