package main

func f(a int, b string) {}
func g(a int, b ...string) {}
func h() (int, string) { return 1, "" }

func main() {
	f(1)
	f(1, "a", 2)
	f()
	f("a", 1)
	g()
	g(1, 2)
	g(1, []string{}...)
	g(1, "a", []string{}...)
	f(h())
	f(h(), 1)
	var s []int
	g(1, s...)
}
