package y
import "example.com/two"
func F() { println("y2", two.V) }
