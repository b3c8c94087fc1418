package main


type (
	M = map[string]int
	I = int
	F = func(M) I
	S = struct{ x I }
	P = *S
	E = interface{ m() }
	G[T any] = []T
)

var m M = 1
var i I = "s"
var f F = i
var s S = m
var p P = s
var e E = p
var g G[int] = e
var g2 G[M] = g
var r []M = []I{}
var c chan I = r

const big I = 1e100

func (M) foo() {}
func (I) foo() {}
func (P) bar() {}
func (S) bar() {}

func main() {
	s.y = 1
	p.zz()
	f(1, 2)
	i.foo()
	i = 1 << 70
	_ = i + "x"
	m[1] = 2
	for range p {
	}
	switch any(i).(type) {
	case I, int:
	}
	_ = M(1)
	_ = E(1)
	e.(I).foo()
}
