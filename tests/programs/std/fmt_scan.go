// Sscan, Sscanln, Sscanf, Fscan over every kind of target, with errors.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

type hex int

func (h *hex) Scan(st fmt.ScanState, verb rune) error {
	tok, err := st.Token(true, func(r rune) bool { return strings.ContainsRune("0123456789abcdef", r) })
	if err != nil {
		return err
	}
	*h = 0
	for _, c := range tok {
		*h = *h*16 + hex(strings.IndexByte("0123456789abcdef", c))
	}
	if len(tok) == 0 {
		return errors.New("no hex")
	}
	return nil
}

type (
	myInt int
	myStr string
)

func main() {
	var (
		i   int
		i8  int8
		u   uint
		u8  uint8
		f   float64
		f32 float32
		s   string
		b   bool
		bs  []byte
		r   rune
		c   complex128
		h   hex
		mi  myInt
		ms  myStr
	)
	show := func(name string, n int, err error) {
		fmt.Printf("%s: %d %v | %d %d %d %d %g %g %q %t %q %d %v %d %d %q\n", name, n, err, i, i8, u, u8, f, f32, s, b, bs, r, c, h, mi, ms)
	}
	n, err := fmt.Sscan("12 -7 34 200 2.5 -1e3 word true bytes", &i, &i8, &u, &u8, &f, &f32, &s, &b, &bs)
	show("all", n, err)
	n, err = fmt.Sscan(" \n\t 0x1f\n0b101 0o17 017", &i, &i8, &u, &mi)
	show("bases", n, err)
	n, err = fmt.Sscan("1_000 (1.5+2i) named", &i, &c, &ms)
	show("complex", n, err)
	n, err = fmt.Sscan("300", &u8)
	show("overflow", n, err)
	n, err = fmt.Sscan("-1", &u)
	show("neg", n, err)
	n, err = fmt.Sscan("abc", &i)
	show("notint", n, err)
	n, err = fmt.Sscan("", &i)
	show("empty", n, err)
	n, err = fmt.Sscan("1", &i, &s)
	show("short", n, err)
	n, err = fmt.Sscan("5", i)
	show("notpointer", n, err)
	n, err = fmt.Sscan("ff 77", &h, &i)
	show("scanner", n, err)
	n, err = fmt.Sscan("maybe", &b)
	show("bool", n, err)
	n, err = fmt.Sscanln("1 2", &i, &u)
	show("ln", n, err)
	n, err = fmt.Sscanln("1\n2", &i, &u)
	show("ln newline", n, err)
	n, err = fmt.Sscanln("1 2 3", &i, &u)
	show("ln more", n, err)
	n, err = fmt.Sscanf("x=10,y=ff", "x=%d,y=%x", &i, &u)
	show("f", n, err)
	n, err = fmt.Sscanf("12345", "%2d%3d", &i, &u)
	show("width", n, err)
	n, err = fmt.Sscanf("abcdef", "%3s%s", &s, &ms)
	show("strwidth", n, err)
	n, err = fmt.Sscanf(`"quoted \n" 7`, "%q %d", &s, &i)
	show("q", n, err)
	n, err = fmt.Sscanf("`raw`", "%q", &s)
	show("rawq", n, err)
	n, err = fmt.Sscanf("世x", "%c%c", &r, &i)
	show("c", n, err)
	n, err = fmt.Sscanf("68656c6c6f", "%x", &s)
	show("hexs", n, err)
	n, err = fmt.Sscanf("101 17 1F", "%b %o %X", &i, &u, &mi)
	show("bases", n, err)
	n, err = fmt.Sscanf("3.14e2 true", "%e %t", &f, &b)
	show("e", n, err)
	n, err = fmt.Sscanf("0x1p-2 inf", "%g %g", &f, &f32)
	show("hexfloat", n, err)
	n, err = fmt.Sscanf("10%", "%d%%", &i)
	show("percent", n, err)
	n, err = fmt.Sscanf("a b", "a%d", &i)
	show("mismatch", n, err)
	n, err = fmt.Sscanf("x", "y")
	show("literal", n, err)
	n, err = fmt.Sscanf("5 6", "%d", &i)
	show("rest", n, err)
	n, err = fmt.Sscanf("5", "%d %d", &i, &u)
	show("few", n, err)
	n, err = fmt.Sscanf("5", "%d", &i, &u)
	show("many", n, err)
	n, err = fmt.Sscanf("5", "%z", &i)
	show("badverb", n, err)
	n, err = fmt.Sscanf("1\n2", "%d\n%d", &i, &u)
	show("newline", n, err)
	n, err = fmt.Sscanf("1 2", "%d\n%d", &i, &u)
	show("newline missing", n, err)
	n, err = fmt.Sscanf("  7", "%5d", &i)
	show("space", n, err)
	n, err = fmt.Sscanf("v", "%v", &s)
	show("v", n, err)

	rd := strings.NewReader("1 2 3\n4 five 6\nlast line")
	for {
		var a, b string
		n, err := fmt.Fscan(rd, &a, &b)
		fmt.Println("Fscan", n, err, a, b)
		if err != nil {
			break
		}
	}
	br := bufio.NewReader(strings.NewReader("10 20\n30\n\n40 50 60\n"))
	for k := range 6 {
		var a, b int
		n, err := fmt.Fscanln(br, &a, &b)
		fmt.Println("Fscanln", k, n, err, a, b)
		if err == io.EOF {
			break
		}
	}
	br = bufio.NewReader(strings.NewReader("k1:v1;k2:v2;bad"))
	for {
		var k string
		var v int
		n, err := fmt.Fscanf(br, "%1s%d:", &k, &v)
		fmt.Println("Fscanf", n, err, k, v)
		if err != nil {
			break
		}
		var rest string
		n, err = fmt.Fscanf(br, "v%1s;", &rest)
		fmt.Println("Fscanf", n, err, rest)
	}
	sum := 0
	var text strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&text, "%d ", i*7919%10007)
	}
	br = bufio.NewReader(strings.NewReader(text.String()))
	count := 0
	for {
		var v int
		if _, err := fmt.Fscan(br, &v); err != nil {
			fmt.Println(err)
			break
		}
		sum += v
		count++
	}
	fmt.Println(count, sum)
}
