package c

import "example.com/initorder/internal/deep"

var table = map[string]int{"k": deep.Log("c.table", 7)}

func C() int { return table["k"] }

type lazy struct{ n int }

var l = &lazy{C()}

func init() {
	deep.Log("c.init", l.n)
	l = nil
}
