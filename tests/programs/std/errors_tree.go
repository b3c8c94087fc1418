// errors: Is, As, AsType, Join, Unwrap, custom Is and As.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
)

var errBase = errors.New("base")

type codeErr struct {
	code int
	err  error
}

func (e *codeErr) Error() string { return fmt.Sprintf("code %d: %v", e.code, e.err) }
func (e *codeErr) Unwrap() error { return e.err }

type likeErr struct{ name string }

func (e likeErr) Error() string { return e.name }
func (e likeErr) Is(target error) bool {
	t, ok := target.(likeErr)
	return ok && (t.name == "*" || t.name == e.name)
}

type asErr struct{}

func (asErr) Error() string { return "asErr" }
func (asErr) As(target any) bool {
	if p, ok := target.(**codeErr); ok {
		*p = &codeErr{99, nil}
		return true
	}
	return false
}

type many []error

func (m many) Error() string   { return fmt.Sprint(len(m), " errors") }
func (m many) Unwrap() []error { return m }

type incomparable struct{ s []int }

func (incomparable) Error() string { return "incomparable" }

func main() {
	w1 := fmt.Errorf("wrap1: %w", errBase)
	w2 := &codeErr{7, w1}
	j := errors.Join(w2, nil, io.EOF)
	m := many{likeErr{"a"}, j, asErr{}}
	all := []error{nil, errBase, w1, w2, j, m, errors.Join(), errors.Join(nil, nil), incomparable{}}
	targets := []error{nil, errBase, io.EOF, likeErr{"a"}, likeErr{"*"}, likeErr{"b"}, w1, fs.ErrNotExist, incomparable{}}
	for i, e := range all {
		fmt.Printf("%d %v:", i, e)
		for _, t := range targets {
			fmt.Print(" ", errors.Is(e, t))
		}
		var ce *codeErr
		fmt.Print(" as ", errors.As(e, &ce))
		if ce != nil {
			fmt.Print(" ", ce.code)
		}
		var le likeErr
		fmt.Print(" ", errors.As(e, &le), le)
		var st fmt.Stringer
		fmt.Print(" ", errors.As(e, &st))
		fmt.Println(" unwrap", errors.Unwrap(e))
	}
	fmt.Printf("%q\n", j.Error())
	fmt.Printf("%v %+v %T\n", j, w2.Unwrap(), j)
	_, err := os.Open("/does/not/exist")
	var pe *fs.PathError
	fmt.Println(err, errors.Is(err, fs.ErrNotExist), errors.Is(err, os.ErrExist), errors.As(err, &pe), pe.Op, pe.Path)
	_, err = strconv.Atoi("12x")
	var ne *strconv.NumError
	fmt.Println(err, errors.Is(err, strconv.ErrSyntax), errors.As(err, &ne), ne.Func, ne.Num)
	if x, ok := errors.AsType[*codeErr](j); ok {
		fmt.Println("AsType", x.code)
	}
	for _, f := range []func(){
		func() { errors.As(w1, nil) },
		func() { var x int; errors.As(w1, x) },
		func() { var x int; errors.As(w1, &x) },
	} {
		func() {
			defer func() { fmt.Println("recovered:", recover()) }()
			f()
		}()
	}
	fmt.Println(errors.ErrUnsupported, errors.New("x") == errors.New("x"))
}
