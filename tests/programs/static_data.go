package main

// Variables that are initialised by data, of every kind, and those that are not.

type point struct {
	x int8
	y int32
}

type named struct {
	name string
	at   *point
	next *named
	tags []string
}

type shape interface{ area() int }

type square struct{ side int }

func (s square) area() int { return s.side * s.side }

type ptrShape struct{ w, h int }

func (p *ptrShape) area() int { return p.w * p.h }

type myErr struct{ s string }

func (e *myErr) Error() string { return e.s }

func newErr(s string) error { return &myErr{s} }

func wrap(s string, e error) *wrapped { return &wrapped{s, e} }

type wrapped struct {
	msg string
	err error
}

func add(a, b int) int { return a + b }

type list struct {
	head *list
	val  int
}

type color uint8

const (
	red color = iota
	green
	blue
)

var (
	numbers   = [...]int16{1, -2, 300, 7: 9}
	sparse    = []uint8{3: 1, 200, 1: 2}
	floats    = []float32{1.5, 0.1, -3}
	bigs      = [3]uint64{1<<64 - 1, 1 << 63, 5}
	bools     = []bool{true, false, true}
	comps     = []complex64{1 + 2i, -1i}
	points    = []point{{1, 2}, {y: 5}, {}}
	pointPtrs = []*point{{3, 4}, nil, {x: 9}}
	one       = point{5, 6}
	oneAt     = &one
	oneY      = &one.y
	matrix    = [2][3]int{{1, 2, 3}, {4}}
	inside    = &matrix[1][0]
	chain     = &named{"a", &point{1, 1}, &named{name: "b", tags: []string{"x", "y", ""}}, nil}
	names     = [...]string{green: "green", blue: "blue", red: "red"}
	bytes     = []byte("hello")
	empty     = []int{}
	none      []int
	nilptr    *point = nil
	anyInt    any    = 42
	anyStr    any    = "text"
	anyNil    any
	anyFloat  any   = 2.5
	anyPoint  any   = point{7, 8}
	anyPtr    any   = &point{1, 9}
	anyTyped  any   = color(2)
	anyNilPtr any   = (*point)(nil)
	anyArr    any   = [2]string{"p", "q"}
	anyEmpty  any   = struct{}{}
	shapes          = []shape{square{3}, &ptrShape{2, 5}, square{}}
	fn              = add
	fns             = map[string]func(int, int) int{"add": add}
	table           = []struct {
		name string
		f    func(int, int) int
	}{{"add", add}, {"sub", func(a, b int) int { return a - b }}, {"nil", nil}}
	expr         = square.area
	ptrExpr      = (*ptrShape).area
	errA   error = &myErr{"A"}
	errB         = newErr("B")
	errC         = newErr("B")
	nested       = wrap("outer", newErr("inner"))
	fresh        = new(int)
	self         = list{&list{nil, 2}, 1}
	other        = &numbers
	conv         = color(1)
	iface        = interface{ area() int }(square{4})
	arrOfArr     = [][]int{{1}, {2, 3}, {}, nil}
	emptyPtr     = &struct{}{}
	anonymous    = struct {
		a int
		b struct{ c, d string }
	}{1, struct{ c, d string }{"c", "d"}}

	oneCopy   = oneAt
	errCopy   = errA
	errAny    any = errB
	chainCopy = chain
	countdown = fn
	part      = numbers[1:3]
	row       = matrix[1][1:]
	capped    = names[:1:2]
	base      = 1
	changed   = change()
	baseLater = base

	// Code is needed for these.
	dep    = count + 1
	count  = compute()
	mixed  = []int{1, compute(), 3}
	m      = map[string]int{"one": 1, "two": 2}
	_      = note("blank")
	p1, p2 = pair()
	late   = func() int { return early * 2 }()
	early  = note("early")
	ch     = make(chan int, 1)
)

var trace []string

func note(s string) int {
	trace = append(trace, s)
	return len(trace)
}

func change() int {
	base = 2
	return base
}

func compute() int {
	note("compute")
	return 10
}

func pair() (int, string) {
	note("pair")
	return 1, "p"
}

func init() { note("init 0") }
func init() { note("init 1") }

func main() {
	println(len(numbers), numbers[0], numbers[1], numbers[2], numbers[6], numbers[7])
	println(len(sparse), cap(sparse), sparse[0], sparse[1], sparse[3], sparse[4])
	for _, f := range floats {
		print(f, " ")
	}
	println(bigs[0], bigs[1], bigs[2])
	println(bools[0], bools[1], bools[2], comps[0], comps[1])
	for _, p := range points {
		print(p.x, ",", p.y, " ")
	}
	for _, p := range pointPtrs {
		if p != nil {
			print(p.x, ",", p.y, " ")
		} else {
			print("nil ")
		}
	}
	println()
	oneAt.x = 50
	*oneY = 60
	println(one.x, one.y)
	*inside++
	println(matrix[0][2], matrix[1][0], matrix[1][2])
	for n := chain; n != nil; n = n.next {
		print(n.name, " ", n.at != nil, " ", len(n.tags), " ")
	}
	println(chain.next.tags[0], chain.next.tags[1], chain.next.tags[2] == "")
	println(names[red], names[green], names[blue])
	bytes[0] = 'J'
	bytes = append(bytes, '!')
	println(string(bytes))
	println(empty == nil, len(empty), none == nil, nilptr == nil)
	println(anyInt.(int), anyStr.(string), anyNil == nil, anyFloat.(float64))
	println(anyPoint.(point).y, anyPtr.(*point).y, anyTyped.(color), anyNilPtr.(*point) == nil, anyNilPtr == nil)
	println(anyArr == any([2]string{"p", "q"}), anyEmpty == any(struct{}{}), anyArr.([2]string)[1])
	for _, s := range shapes {
		print(s.area(), " ")
	}
	println(fn(1, 2), fns["add"](3, 4))
	for _, t := range table {
		if t.f != nil {
			print(t.name, " ", t.f(9, 4), " ")
		}
	}
	println(expr(square{5}), ptrExpr(&ptrShape{2, 3}))
	println(errA.Error(), errB.Error(), errB == errC, errB == errB)
	println(nested.msg, nested.err.Error())
	*fresh = 3
	println(*fresh, self.head.val, self.val, other[2], conv, iface.area())
	println(len(arrOfArr), len(arrOfArr[1]), arrOfArr[2] == nil, arrOfArr[3] == nil, emptyPtr != nil)
	println(anonymous.a, anonymous.b.c, anonymous.b.d)
	println(oneCopy == oneAt, errCopy == errA, errAny == errB, chainCopy == chain, countdown(1, 1))
	part[0] = 77
	row[1]++
	println(numbers[1], len(part), cap(part), matrix[1][2], len(row), cap(row), len(capped), cap(capped), capped[0])
	println(base, changed, baseLater)
	points = append(points, point{1, 1})
	points[0].x = 100
	println(len(points), points[0].x, points[3].x)
	println(dep, count, mixed[1], m["two"], p1, p2, late, early, cap(ch))
	for _, s := range trace {
		print(s, ";")
	}
	println()
	// What static data points to is kept when it changes, and so is what it then points to.
	for i := range 100 {
		pointPtrs[1] = &point{int8(i), int32(i)}
		chain.next.next = &named{name: "c", at: &point{2, 3}}
		shapes[2] = &ptrShape{i, i}
	}
	waste := 0
	for i := range 200000 {
		waste += len(make([]int, i%10))
	}
	println(waste, pointPtrs[1].y, chain.next.next.at.y, shapes[2].area())
}
