package x

import "example.com/dep/internal/q"

func Name() string { return q.Name }

// Each shares its loop variable: the module is of Go 1.18.
func Each() (r []func()) {
	for i := 0; i < 3; i++ {
		r = append(r, func() { println("each", i) })
	}
	return
}
