package main

import (
	"errors"
	"io"
	"unicode"
)

// Static data that refers to library types and variables, and library variables that are used.

var (
	errLocal       = errors.New("local")
	errSame        = errLocal
	errEOF   error = io.EOF
	errs           = []error{errors.New("a"), errors.New("b"), nil}
	greek          = unicode.Greek
	tables         = map[string]*unicode.RangeTable{"latin": unicode.Latin, "digit": unicode.Digit}
	special        = &unicode.TurkishCase
)

func main() {
	println(errLocal == errSame, errEOF == io.EOF, errs[0].Error(), errs[1].Error(), errs[2] == nil)
	println(errors.Is(errSame, errLocal), errors.Is(io.ErrUnexpectedEOF, io.EOF), io.ErrShortWrite.Error())
	for _, r := range "aÉαΩ5ß世٣" {
		print(unicode.IsUpper(r), unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(greek, r), unicode.Is(tables["latin"], r), " ", unicode.ToUpper(r), ";")
	}
	println()
	println(unicode.Is(unicode.Scripts["Han"], '世'), len(unicode.Categories) > 30, unicode.In('٣', tables["digit"], unicode.Arabic))
	println(special.ToUpper('i'), unicode.Upper == unicode.Lu, unicode.Letter == unicode.L, unicode.Properties["White_Space"] == unicode.White_Space)
	joined := errors.Join(errs...)
	println(joined.Error(), errors.Is(joined, errs[1]), errors.Unwrap(joined) == nil)
}
