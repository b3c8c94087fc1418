// Memory: many short-lived trees.
package main

type tree struct{ left, right *tree }

func grow(depth int) *tree {
	if depth == 0 {
		return &tree{}
	}
	return &tree{grow(depth - 1), grow(depth - 1)}
}

func (t *tree) size() int {
	if t.left == nil {
		return 1
	}
	return 1 + t.left.size() + t.right.size()
}

func main() {
	total := 0
	for i := 0; i < 200; i++ {
		total += grow(14).size()
	}
	println(total)
}
