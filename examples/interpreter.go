// A small interpreter: arithmetic with variables and functions is parsed into a tree, which is compiled for a stack machine
// whose instructions are closures, and run.
package main

// ---- values and errors

type mathError string

func (e mathError) Error() string { return string(e) }

func itoa(n int) string {
	if n < 0 {
		return "-" + itoa(-n)
	}
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// ---- the tree

type node interface {
	compile(c *compiler)
	String() string
}

type (
	number   int
	variable string
	binary   struct {
		op          byte
		left, right node
	}
	call struct {
		name string
		args []node
	}
	assign struct {
		name  string
		value node
	}
	choice struct {
		cond, yes, no node
	}
)

func (n number) String() string   { return itoa(int(n)) }
func (v variable) String() string { return string(v) }
func (b *binary) String() string {
	return "(" + b.left.String() + " " + string(rune(b.op)) + " " + b.right.String() + ")"
}
func (c *call) String() string {
	s := c.name + "("
	for i, a := range c.args {
		if i > 0 {
			s += ", "
		}
		s += a.String()
	}
	return s + ")"
}
func (a *assign) String() string { return a.name + " = " + a.value.String() }
func (c *choice) String() string {
	return "(" + c.cond.String() + " ? " + c.yes.String() + " : " + c.no.String() + ")"
}

// ---- the parser

type parser struct {
	text string
	pos  int
}

var precedence = map[byte]int{'<': 1, '+': 2, '-': 2, '*': 3, '/': 3, '%': 3}

func (p *parser) peek() byte {
	for p.pos < len(p.text) && p.text[p.pos] == ' ' {
		p.pos++
	}
	if p.pos == len(p.text) {
		return 0
	}
	return p.text[p.pos]
}

func (p *parser) fail(what string) {
	panic(mathError("column " + itoa(p.pos+1) + ": expected " + what))
}

func (p *parser) want(c byte) {
	if p.peek() != c {
		p.fail("'" + string(rune(c)) + "'")
	}
	p.pos++
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

func (p *parser) word(accept func(byte) bool) string {
	p.peek()
	start := p.pos
	for p.pos < len(p.text) && accept(p.text[p.pos]) {
		p.pos++
	}
	return p.text[start:p.pos]
}

func (p *parser) operand() node {
	switch c := p.peek(); {
	case c == '(':
		p.pos++
		n := p.expression()
		p.want(')')
		return n
	case c == '-':
		p.pos++
		return &binary{'-', number(0), p.operand()}
	case isDigit(c):
		value := 0
		for _, digit := range p.word(isDigit) {
			value = value*10 + int(digit-'0')
		}
		return number(value)
	case isLetter(c):
		name := p.word(isLetter)
		if p.peek() != '(' {
			return variable(name)
		}
		p.pos++
		n := &call{name: name}
		for p.peek() != ')' {
			if len(n.args) > 0 {
				p.want(',')
			}
			n.args = append(n.args, p.expression())
		}
		p.want(')')
		return n
	}
	p.fail("an operand")
	return nil
}

func (p *parser) operation(level int) node {
	left := p.operand()
	for {
		op := p.peek()
		own, ok := precedence[op]
		if !ok || own <= level {
			return left
		}
		p.pos++
		left = &binary{op, left, p.operation(own)}
	}
}

func (p *parser) expression() node {
	n := p.operation(0)
	if p.peek() != '?' {
		return n
	}
	p.pos++
	yes := p.expression()
	p.want(':')
	return &choice{n, yes, p.expression()}
}

func (p *parser) statement() (n node) {
	n = p.expression()
	if v, ok := n.(variable); ok && p.peek() == '=' {
		p.pos++
		n = &assign{string(v), p.expression()}
	}
	if p.peek() != 0 {
		p.fail("the end")
	}
	return n
}

// ---- the machine

type machine struct {
	stack     []int
	variables map[string]int
	next      int
	steps     int
}

func (m *machine) push(v int) { m.stack = append(m.stack, v) }

func (m *machine) pop() int {
	last := len(m.stack) - 1
	v := m.stack[last]
	m.stack = m.stack[:last]
	return v
}

type instruction func(m *machine)

var functions = map[string]func(args ...int) int{
	"max": func(args ...int) int {
		best := args[0]
		for _, a := range args[1:] {
			if a > best {
				best = a
			}
		}
		return best
	},
	"sum": func(args ...int) (total int) {
		for _, a := range args {
			total += a
		}
		return
	},
	"gcd": func(args ...int) int {
		a, b := args[0], args[1]
		for b != 0 {
			a, b = b, a%b
		}
		return a
	},
}

// ---- the compiler

type compiler struct {
	code []instruction
}

func (c *compiler) emit(i instruction) int {
	c.code = append(c.code, i)
	return len(c.code) - 1
}

func (n number) compile(c *compiler) {
	c.emit(func(m *machine) { m.push(int(n)) })
}

func (v variable) compile(c *compiler) {
	c.emit(func(m *machine) {
		value, ok := m.variables[string(v)]
		if !ok {
			panic(mathError("undefined: " + string(v)))
		}
		m.push(value)
	})
}

func (b *binary) compile(c *compiler) {
	b.left.compile(c)
	b.right.compile(c)
	var compute func(x, y int) int
	switch b.op {
	case '+':
		compute = func(x, y int) int { return x + y }
	case '-':
		compute = func(x, y int) int { return x - y }
	case '*':
		compute = func(x, y int) int { return x * y }
	case '/':
		compute = func(x, y int) int { return x / y }
	case '%':
		compute = func(x, y int) int { return x % y }
	case '<':
		compute = func(x, y int) int {
			if x < y {
				return 1
			}
			return 0
		}
	}
	c.emit(func(m *machine) {
		y := m.pop()
		x := m.pop()
		m.push(compute(x, y))
	})
}

func (f *call) compile(c *compiler) {
	for _, a := range f.args {
		a.compile(c)
	}
	function := functions[f.name]
	if function == nil {
		panic(mathError("no such function: " + f.name))
	}
	count := len(f.args)
	c.emit(func(m *machine) {
		first := len(m.stack) - count
		value := function(m.stack[first:]...)
		m.stack = append(m.stack[:first], value)
	})
}

func (a *assign) compile(c *compiler) {
	a.value.compile(c)
	c.emit(func(m *machine) { m.variables[a.name] = m.stack[len(m.stack)-1] })
}

func (h *choice) compile(c *compiler) {
	h.cond.compile(c)
	branch := c.emit(nil)
	h.yes.compile(c)
	jump := c.emit(nil)
	no := len(c.code)
	h.no.compile(c)
	end := len(c.code)
	c.code[branch] = func(m *machine) {
		if m.pop() == 0 {
			m.next = no
		}
	}
	c.code[jump] = func(m *machine) { m.next = end }
}

// evaluate runs one line; every way to fail ends up in err.
func (m *machine) evaluate(line string) (tree node, value int, err error) {
	defer func() {
		switch e := recover().(type) {
		case nil:
		case error:
			err = e
		default:
			panic(e)
		}
	}()
	p := &parser{text: line}
	tree = p.statement()
	c := new(compiler)
	tree.compile(c)
	m.stack, m.next = nil, 0
	for m.next < len(c.code) {
		i := c.code[m.next]
		m.next++
		m.steps++
		i(m)
	}
	return tree, m.pop(), nil
}

func main() {
	m := &machine{variables: map[string]int{"answer": 42}}
	for _, line := range []string{
		"1 + 2 * 3",
		"(1 + 2) * 3 - -4",
		"x = 10 * answer",
		"y = x % 100 / 3",
		"max(x, y, 7) - sum(1, 2, 3, sum())",
		"gcd(x, 360 - y)",
		"x < y ? 1 : x < 1000 ? 2 : 3",
		"z + 1",
		"x / (y - y)",
		"max()",
		"foo(1)",
		"2 * (3 + ",
		"3 $ 4",
	} {
		tree, value, err := m.evaluate(line)
		if err != nil {
			println(line, "->", err.Error())
			continue
		}
		println(tree.String(), "=", value)
	}

	// A loop in the interpreted language: the next line is evaluated again and again.
	m.variables["n"], m.variables["steps"] = 27, 0
	for m.variables["n"] != 1 {
		m.evaluate("n = n % 2 < 1 ? n / 2 : 3 * n + 1")
		m.evaluate("steps = steps + 1")
	}
	println("collatz steps of 27:", m.variables["steps"], "machine steps:", m.steps)
}
