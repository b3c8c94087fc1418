package v
import "example.com/two"
func V() { println("v2", two.V) }
