// bufio's readers, writers and scanners, and io's combinators.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing/iotest"
)

type slow struct{ n int }

func (s *slow) Read(p []byte) (int, error) {
	if s.n == 0 {
		return 0, io.EOF
	}
	s.n--
	p[0] = byte('a' + s.n%26)
	return 1, nil
}

type failing struct{ after int }

func (f *failing) Write(p []byte) (int, error) {
	if f.after -= len(p); f.after < 0 {
		return len(p) + f.after, errors.New("full")
	}
	return len(p), nil
}

func main() {
	r := bufio.NewReaderSize(&slow{100}, 16)
	b, err := r.ReadBytes('m')
	fmt.Println(string(b), err)
	p, err := r.Peek(5)
	fmt.Println(string(p), err, r.Buffered(), r.Size())
	n, err := r.Discard(7)
	fmt.Println(n, err)
	s, err := r.ReadSlice('!')
	fmt.Println(string(s), err)
	_, err = r.Peek(17)
	fmt.Println(err)
	rest, err := io.ReadAll(r)
	fmt.Println(len(rest), err, r.UnreadByte(), r.UnreadRune())

	for _, in := range []string{"one two\nthree", "\n\n", "a\r\nb\r\n", "", "ünï\xffcode x"} {
		for i, split := range []bufio.SplitFunc{bufio.ScanLines, bufio.ScanWords, bufio.ScanRunes, bufio.ScanBytes} {
			sc := bufio.NewScanner(iotest.OneByteReader(strings.NewReader(in)))
			sc.Split(split)
			fmt.Print(i, ":")
			for sc.Scan() {
				fmt.Printf(" %q", sc.Text())
			}
			fmt.Println(" ", sc.Err())
		}
	}
	sc := bufio.NewScanner(strings.NewReader(strings.Repeat("x", 100)))
	sc.Buffer(make([]byte, 10), 20)
	fmt.Println(sc.Scan(), sc.Err())
	sc = bufio.NewScanner(strings.NewReader("1,2,,3"))
	sc.Split(func(data []byte, atEOF bool) (int, []byte, error) {
		if i := bytes.IndexByte(data, ','); i >= 0 {
			return i + 1, data[:i], nil
		}
		if atEOF && len(data) > 0 {
			return 0, data, bufio.ErrFinalToken
		}
		return 0, nil, nil
	})
	for sc.Scan() {
		fmt.Printf("%q ", sc.Bytes())
	}
	fmt.Println(sc.Err())

	w := bufio.NewWriterSize(&failing{20}, 8)
	for i := range 6 {
		n, err := w.WriteString("12345")
		fmt.Println(i, n, err, w.Buffered(), w.Available())
	}
	fmt.Println(w.Flush())
	var out bytes.Buffer
	rw := bufio.NewReadWriter(bufio.NewReader(strings.NewReader("in")), bufio.NewWriter(&out))
	rw.WriteString("out")
	rw.WriteRune('é')
	rw.WriteByte('.')
	c, err := rw.ReadByte()
	rw.Flush()
	fmt.Println(out.String(), c, err)

	pr, pw := io.Pipe()
	go func() {
		for i := range 3 {
			fmt.Fprintf(pw, "piece %d;", i)
		}
		pw.CloseWithError(errors.New("pipe closed"))
	}()
	all, err := io.ReadAll(pr)
	fmt.Println(string(all), err)
	var a, d strings.Builder
	mr := io.MultiReader(strings.NewReader("ab"), strings.NewReader("cd"), io.LimitReader(strings.NewReader("efgh"), 2))
	k, err := io.Copy(io.MultiWriter(&a, &d), io.TeeReader(mr, io.Discard))
	fmt.Println(k, err, a.String(), d.String())
	sr := io.NewSectionReader(strings.NewReader("0123456789"), 3, 4)
	part, _ := io.ReadAll(sr)
	fmt.Println(string(part), sr.Size())
	small := make([]byte, 4)
	_, err = io.ReadFull(strings.NewReader("abc"), small)
	fmt.Println(err, err == io.ErrUnexpectedEOF)
	_, err = io.ReadAtLeast(strings.NewReader("abc"), small, 5)
	fmt.Println(err)
	_, err = io.CopyN(io.Discard, strings.NewReader("abc"), 5)
	fmt.Println(err)
	_, err = io.ReadAll(iotest.ErrReader(errors.New("custom")))
	fmt.Println(err)
	fmt.Println(io.WriteString(&a, "!"))
}
