package shapes

import (
	"fmt"
	"math"

	"generics/internal/pair"
)

type Shape interface{ Area() float64 }

type Square struct{ Side float64 }

func (s Square) Area() float64 { return s.Side * s.Side }

type Circle struct{ R float64 }

func (c Circle) Area() float64 { return math.Pi * c.R * c.R }

func Total(ss ...Shape) (t float64) {
	for _, s := range ss {
		t += s.Area()
	}
	return
}

func Pair() any { return pair.Make("pi", math.Pi) }

type Error struct{ Code int }

func (e *Error) Error() string { return fmt.Sprint("shapes error ", e.Code) }

func Fail(code int) error { return fmt.Errorf("failed: %w", &Error{code}) }

var Registry = map[string]func() Shape{
	"square": func() Shape { return Square{2} },
	"circle": func() Shape { return Circle{1} },
}

func Names() (out []string) {
	for n := range Registry {
		out = append(out, n)
	}
	return
}
